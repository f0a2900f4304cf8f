"""What a window hears from other computers: changed rows, changed rights, a lost server. No Qt."""

from typing import Final

from crm_desktop.access import company, login
from crm_desktop.app.opening import is_server, open_on_server
from crm_desktop.app.session import Session
from crm_desktop.db.changes import changes_since, journal_head
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_

RIGHTS_EVERY: Final = 15
"""So many looks lie between two readings of the person's rights, if nothing says that they changed."""
_RIGHTS: Final = ("company", "team", "user")
_REPLACED: Final = N_("A backup was restored. Log in again to see the data as it is now.")
_MOVED: Final = N_("This company was moved to {place}. Log in there.")


class Elsewhere(UserError):
    """The data is not any more what this person logged in to; `place` is where it was moved, "" after a restore."""

    def __init__(self, place: str = "") -> None:
        super().__init__(_MOVED if place else _REPLACED, place=place)
        self.place = place


class Watch:
    """Looks at one open company; each call belongs on a worker thread, one at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._number: int | None = None
        self._looks = 0

    def look(self) -> tuple[Changes, Session | None]:
        """Return what others changed since the last look, and the session read anew when it was due.

        Raises NotFound when the account was closed, Elsewhere after a restore or a move, Unavailable when the
        data cannot be reached.
        """
        self._check_place()
        if self._number is None:
            self._number = journal_head(self._session.database)
            return Changes(), None
        self._number, changes = changes_since(self._session.database, self._number)
        self._looks += 1
        due = self._looks % RIGHTS_EVERY == 0 or any(changes.touches(entity) for entity in _RIGHTS)
        return changes, self._session.refreshed() if due else None

    def _check_place(self) -> None:
        # At every look: after a restore the journal may end before the number that was seen last.
        session = self._session
        with session.database.read(session.actor) as work:
            now = company.company(work)
        if now.epoch != session.database.epoch:
            raise Elsewhere
        if now.moved_to and now.moved_to != session.profile.moved_to:
            raise Elsewhere(now.moved_to)


def confirm(session: Session, password: str) -> None:
    """Make sure that `password` is that of the person behind the idle lock. Raises what a login raises."""
    if is_server(session.address):
        # The open connection was proved once; only a new one proves that the password is known now.
        open_on_server(session.address, session.actor.login, password).close()
    else:
        login.confirm_password(session.database, session.actor, password)
