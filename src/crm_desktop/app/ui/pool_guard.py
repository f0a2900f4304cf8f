"""Has the rules of the public pool carried out, on a thread of its own, and says what came of it."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from crm_desktop.activities.pool.running import Ran
    from crm_desktop.app.session import Session
    from crm_desktop.app.ui.main_window import MainWindow

FIRST_AFTER_MS: Final = 30_000
"""After the window stands and the page of the day is read."""
EVERY_MS: Final = 15 * 60_000


class PoolGuard(QObject):
    """Lives as long as its window."""

    def __init__(self, session: "Session", window: "MainWindow", first_after_ms: int = FIRST_AFTER_MS) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._tasks = Tasks(session.begin, parent=self)
        self._keeper: object = None
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self._first = QTimer(self, singleShot=True, interval=first_after_ms)
        self._first.timeout.connect(self.look)
        self._first.start()

    def look(self) -> None:
        """Carry the rules out now if it is time, unless that is under way."""
        if self._tasks.idle:
            self._tasks.free(self, lambda _progress: self._run(), self._take, lambda _error: None)

    def stop(self) -> None:
        """Look no more; waits for a run under way."""
        self._timer.stop()
        self._first.stop()
        self._tasks.close()

    def _run(self) -> "Ran":
        # Brings the database library with it; the window is on screen before.
        from crm_desktop.app.pool_keeper import PoolKeeper

        if not isinstance(self._keeper, PoolKeeper):
            self._keeper = PoolKeeper(self._session)
        return self._keeper.look()

    def _take(self, ran: "Ran") -> None:
        if not self._session.actor.may(Permission.CONTACT_ASSIGN):
            return
        if ran.released:
            said = ngettext(
                "{count} customer went back to the public pool: nobody had spoken to it for too long.",
                "{count} customers went back to the public pool: nobody had spoken to them for too long.",
                ran.released,
            )
            self._window.toast(said.format(count=f"{ran.released:,}"))
        elif ran.waiting:
            said = ngettext(
                "{count} customer is to go back to the public pool. Look before it does.",
                "{count} customers are to go back to the public pool. Look before they do.",
                ran.waiting,
            )
            self._window.toast(
                said.format(count=f"{ran.waiting:,}"),
                _("Show"),
                lambda: self._window.open_record("pool", None),
                kind="warn",
            )
