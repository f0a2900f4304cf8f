"""Keeps the day before one's eyes: reminders, the count in the rail and in the tray, and the page of a new day."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from crm_desktop.app.ui.tray import Tray
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.fonts import px
from crm_desktop.ui.settings import DAY_SHOWN

if TYPE_CHECKING:
    from crm_desktop.activities.ui.reminder_watch import ReminderWatch
    from crm_desktop.activities.waiting import Waiting
    from crm_desktop.app.session import Session
    from crm_desktop.app.ui.main_window import MainWindow

FIRST_AFTER_MS: Final = 1_000
REMINDERS_KEY: Final = "Ctrl+Shift+R"


class DayGuard(QObject):
    """Lives as long as its window."""

    def __init__(self, session: "Session", window: "MainWindow", first_after_ms: int = FIRST_AFTER_MS) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.watch: ReminderWatch | None = None
        self.tray: Tray | None = None
        self._first = QTimer(self, singleShot=True, interval=first_after_ms)
        self._first.timeout.connect(self._begin)
        if session.actor.may(Permission.ACTIVITY_READ) and not session.database.read_only:
            self._first.start()

    def stop(self) -> None:
        """Look no more; what nobody answered goes back."""
        self._first.stop()
        if self.watch is not None:
            self.watch.stop()
        if self.tray is not None:
            self.tray.stop()
            self.tray = None

    def _begin(self) -> None:
        # Not before: the window is on screen first.
        from crm_desktop.activities.ui.reminder_watch import ReminderWatch

        window = self._window
        self.tray = Tray(self, self._session.profile.name)
        self.tray.show_wanted.connect(self._show_day)
        self.watch = ReminderWatch(window.desk, window.whole, self, first_after_ms=0)
        self._usual_bottom = window.toasts.bottom_px
        self.watch.popup.bottom_px = self._usual_bottom
        self.watch.popup.height_changed.connect(self._make_room)
        self.watch.counted.connect(self._show_count)
        self.watch.arrived.connect(self._call)
        QShortcut(QKeySequence(REMINDERS_KEY), window, self.watch.popup.take_keyboard)

    def _make_room(self, height: int) -> None:
        """Let toasts stand above the reminders."""
        self._window.toasts.bottom_px = self._usual_bottom + (height + px(8) if height else 0)

    def _show_count(self, waiting: "Waiting") -> None:
        said = count_words(waiting)
        late = bool(waiting.overdue)
        self._window.rail.set_count("day", waiting.due, late=late, said=said)
        if self.tray is not None:
            self.tray.set_count(waiting.due, late=late, said=said)

    def _call(self, count: int) -> None:
        """Tell somebody who looks elsewhere; the window does not come to the front by itself."""
        if QApplication.activeWindow() is None or self._window.isMinimized():
            QApplication.alert(self._window)
            if self.tray is not None:
                self.tray.tell(count)

    def _show_day(self) -> None:
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        window.open_screen("day")


def count_words(waiting: "Waiting") -> str:
    """Return in words how much waits."""
    if not waiting.due:
        return ""
    said = ngettext("{count} to do until today", "{count} to do until today", waiting.due).format(count=waiting.due)
    if waiting.overdue:
        late = ngettext("{count} of them overdue", "{count} of them overdue", waiting.overdue)
        said = _("{all}, {late}").format(all=said, late=late.format(count=waiting.overdue))
    return said


def show_new_day(session: "Session", window: "MainWindow") -> bool:
    """Open My day in front when this person has not seen it today on this computer; return whether it did."""
    mark = f"{window.desk.today:%Y-%m-%d} {session.profile.dataset_id} {session.actor.user_id}"
    if window.settings.get(DAY_SHOWN) == mark or not session.actor.may(Permission.ACTIVITY_READ):
        return False
    window.settings.set(DAY_SHOWN, mark)
    return window.open_screen("day") is not None
