"""Carries out the rules of the public pool while a window is open: once a day, and again after midnight."""

from datetime import date

from crm_desktop.access.company import today
from crm_desktop.activities.pool import running, settings
from crm_desktop.activities.pool.running import Ran
from crm_desktop.app.opening import is_server
from crm_desktop.app.session import Session
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.permissions import Permission


class PoolKeeper:
    """Looks after the pool for one session, on a worker thread.

    In a file any window carries the rules out with the rights of the program. On a server it is done by whoever
    hands customers over, for the customers in reach: there nobody has more rights than their login.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._done: date | None = None

    def look(self) -> Ran:
        """Release who is due, unless this window did today; says how many wait to be confirmed."""
        session = self._session
        actor = session.actor if is_server(session.address) else SYSTEM
        if session.database.read_only or not actor.may(Permission.CONTACT_ASSIGN):
            return Ran()
        with session.database.read(actor) as work:
            day = today(work)
            if day == self._done or not settings.get_rules(work).active:
                return Ran()
        with session.database.begin(actor) as work:
            ran = running.run(work)
        self._done = day
        return ran
