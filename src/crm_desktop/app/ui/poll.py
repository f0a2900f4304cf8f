"""Asks every two seconds what other computers changed, on a thread of its own."""

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from crm_desktop.app.watch import Elsewhere, Watch
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import NotFound
from crm_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from crm_desktop.app.session import Session

EVERY_MS: Final = 2_000


class Poll(QObject):
    """Lives as long as its window; a look that takes longer than the pause is not doubled."""

    arrived = Signal(object)
    """`Changes` of other computers."""
    refreshed = Signal(object)
    """The `Session` as the roles and the company stand now."""
    closed_out = Signal()
    """The account was closed."""
    elsewhere = Signal(str, str)
    """Where the data is now, "" where it was, and the sentence about it."""
    reached = Signal(bool)
    """Whether the data could be reached at the last look."""

    def __init__(self, session: "Session", parent: QObject, every_ms: int = EVERY_MS) -> None:
        super().__init__(parent)
        self._watch = Watch(session)
        self._tasks = Tasks(session.begin, parent=self)
        self._timer = QTimer(self, interval=every_ms)
        self._timer.timeout.connect(self.look)
        self._held = False
        self._timer.start()

    def look(self) -> None:
        """Look now, unless a look is under way."""
        if self._tasks.idle and not self._held:
            watch = self._watch
            self._tasks.free(self, lambda _progress: watch.look(), self._take, self._fail)

    def hold(self, held: bool) -> None:
        """Hear nothing while a restore exchanges the data; its wizard says itself how to go on."""
        self._held = held

    def stop(self) -> None:
        """Look no more; waits for a look under way."""
        self._timer.stop()
        self._tasks.close()

    def _take(self, answer: tuple[Changes, Any]) -> None:
        if self._held:
            return
        changes, session = answer
        self.reached.emit(True)
        if changes:
            self.arrived.emit(changes)
        if session is not None:
            self.refreshed.emit(session)

    def _fail(self, error: BaseException) -> None:
        if self._held:
            return
        if isinstance(error, NotFound):
            self._timer.stop()
            self.closed_out.emit()
        elif isinstance(error, Elsewhere):
            self._timer.stop()
            self.elsewhere.emit(error.place, str(error))
        else:
            self.reached.emit(False)
