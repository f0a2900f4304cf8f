"""Looks once a week whether the data is whole, on a thread of its own, and shows the red bar when it is not."""

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from crm_desktop.app.session import Session
    from crm_desktop.app.ui.main_window import MainWindow

FIRST_AFTER_MS: Final = 60_000
"""Not while the person is still looking for the customer who is on the phone."""
EVERY_MS: Final = 6 * 3_600_000


class IntegrityGuard(QObject):
    """Lives as long as its window. Nothing is repaired: a broken file is only read from then on."""

    damaged = Signal()
    restore_wanted = Signal()

    def __init__(self, session: "Session", window: "MainWindow", first_after_ms: int = FIRST_AFTER_MS) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._tasks = Tasks(session.begin, parent=self)
        self._shown = False
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self._first = QTimer(self, singleShot=True, interval=first_after_ms)
        self._first.timeout.connect(self.look)
        self._first.start()
        # Whoever meets the damage is on some lane; the signal brings it to this thread.
        self._tell = self.damaged.emit
        session.database.on_damage.append(self._tell)
        self.damaged.connect(self.show_damaged)

    def look(self) -> None:
        """Check now if it is time, unless a check is under way."""
        if self._tasks.idle:
            session = self._session
            self._tasks.free(self, lambda progress: _check(session, progress), self._take, lambda _error: None)

    def stop(self) -> None:
        """Look no more; stops a check under way."""
        self._timer.stop()
        self._first.stop()
        if self._tell in self._session.database.on_damage:
            self._session.database.on_damage.remove(self._tell)
        self._tasks.close()

    def show_damaged(self) -> None:
        """Say that the file is broken, once, and offer the way out to who may take it."""
        if self._shown:
            return
        self._shown = True
        lead = _("The company file is damaged.")
        if self._session.actor.may(Permission.BACKUP_RESTORE):
            said = _("It can still be read, nothing is written into it any more. Restore the newest verified backup.")
            action = _("Restore…")
        else:
            said = _("It can still be read, nothing is written into it any more. Tell the owner of your company now.")
            action = ""
        bar = self._window.read_only
        bar.show_message("danger", said, action, lead=lead)
        bar.action_clicked.connect(self.restore_wanted)

    def _take(self, checked: Any) -> None:
        if checked is not None and checked.findings and not checked.damaged:
            self._window.toast(
                _("The weekly check found something that does not add up."),
                _("Show"),
                lambda: self._window.open_settings("data"),
                kind="warn",
            )


def _check(session: "Session", progress: Any) -> Any:
    # Brings every feature's proofs with it; the window is on screen before.
    from crm_desktop.app import integrity

    return integrity.check_if_due(session, progress)
