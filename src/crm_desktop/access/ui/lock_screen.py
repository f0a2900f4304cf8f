"""The idle lock: after some minutes without a key or a click nothing is readable until the password."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget
from shiboken6 import isValid

from crm_desktop.access.ui.brand import Mark
from crm_desktop.access.ui.login_steps import Countdown
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fieldbox import FieldBox, PasswordEdit
from crm_desktop.ui.fonts import BODY, RECORD, REGULAR, SEMIBOLD, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import set_ground

_ACTIVITY = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)


class LockScreen(QWidget):
    """Covers a window; what lies below is hidden, so that no picture of the window shows it."""

    unlocked = Signal()
    log_out_wanted = Signal()

    def __init__(self, window: QWidget, tasks: Tasks, confirm: Callable[[str], object], person: str) -> None:
        super().__init__(window)
        self._tasks, self._confirm = tasks, confirm
        set_ground(self, "window")
        self.setObjectName("lock_screen")
        self.setAccessibleName(_("Locked"))
        self.password = PasswordEdit()
        self.password.setMinimumHeight(px(34))
        self.password.returnPressed.connect(self.try_unlock)
        self.box = FieldBox(_("Password"), self.password)
        self.enter = Button(_("Unlock"), "primary")
        self.enter.setMinimumHeight(px(36))
        self.enter.clicked.connect(self.try_unlock)
        self.leave = Button(_("Log in as somebody else"), "link")
        self.leave.clicked.connect(self.log_out_wanted)
        self.countdown = Countdown(self)
        self.countdown.ticked.connect(self._show_waiting)
        self._lay_out(person)

    def _lay_out(self, person: str) -> None:
        panel = QWidget()
        panel.setFixedWidth(px(310))
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addStretch(2)
        column.addWidget(Mark())
        column.addWidget(text_label(person, RECORD, SEMIBOLD, wrap=True))
        says = _("Locked because nobody was here. What you had open is still there.")
        column.addWidget(text_label(says, BODY, REGULAR, "text2", wrap=True))
        for part in (self.box, self.enter):
            column.addWidget(part)
        row = QHBoxLayout()
        row.addWidget(self.leave)
        row.addStretch()
        column.addLayout(row)
        column.addStretch(3)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(panel)
        outer.addStretch(1)

    def try_unlock(self) -> None:
        """Check the password on a worker thread; it is throttled like a login."""
        password = self.password.text()
        if not self.enter.isEnabled():
            return
        if not password:
            self.box.set_error(_("Type your password."))
            return
        self._set_busy(True)
        self._tasks.free(
            self, lambda _progress: self._confirm(password), self._open, self._refuse, label=_("Checking the password")
        )

    def _open(self, _result: object) -> None:
        self._set_busy(False)
        self.password.clear()
        self.unlocked.emit()

    def _refuse(self, error: BaseException) -> None:
        self._set_busy(False)
        if seconds := getattr(error, "seconds", 0):
            self.countdown.start(seconds)
            return
        said = str(error) if isinstance(error, UserError) else _("Something unforeseen went wrong. Try again.")
        self.box.set_error(said)
        self.password.selectAll()
        self.password.setFocus()

    def _show_waiting(self, seconds: int) -> None:
        self.enter.setEnabled(seconds == 0)
        said = _("Too many wrong passwords. Try again in {seconds} seconds.").format(seconds=seconds)
        self.box.set_error(said if seconds else "")

    def _set_busy(self, busy: bool) -> None:
        self.password.setEnabled(not busy)
        self.enter.setEnabled(not busy)
        self.enter.setText(_("Checking…") if busy else _("Unlock"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let no key through to what lies below."""
        event.accept()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay: only the password takes the lock away."""
        event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab inside, or keys would go into fields nobody sees."""
        ring = [part for part in (self.password, self.enter, self.leave) if part.isEnabled()]
        now = QApplication.focusWidget()
        at = ring.index(now) if now in ring else -1
        ring[(at + (1 if forward else -1)) % len(ring)].setFocus(Qt.FocusReason.TabFocusReason)
        return True


class IdleLock(QObject):
    """Watches the program's windows and locks them after `minutes` without activity (0: never).

    `confirm(password)` runs on a worker thread and raises UserError when the password is wrong. Dialogs
    are covered, not closed: what was typed in them comes back.
    """

    locked = Signal()
    unlocked = Signal()
    log_out_wanted = Signal()

    def __init__(
        self, window: QMainWindow, tasks: Tasks, confirm: Callable[[str], object], person: str, minutes: int
    ) -> None:
        super().__init__(window)
        self._window, self._tasks, self._confirm, self._person = window, tasks, confirm, person
        self._hidden: list[QWidget] = []
        self._covers: list[QWidget] = []
        self._focus: QWidget | None = None
        self.screen: LockScreen | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        # Only what the system sends to a window counts, which is also cheap: a filter on the whole
        # application would see every paint event.
        self._watched: set[QWindow] = set()
        app = _application()
        app.focusWindowChanged.connect(self._watch)
        self._watch(app.focusWindow())
        self.set_minutes(minutes)

    def set_minutes(self, minutes: int) -> None:
        """Lock after so many minutes from now on; 0 never locks."""
        self._seconds = minutes * 60
        self._last = time.monotonic()
        if minutes:
            self._timer.start(min(5000, self._seconds * 250))
        else:
            self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice activity; while locked, let no shortcut, window or question through."""
        if isinstance(watched, QWindow) and event.type() in _ACTIVITY:
            self._last = time.monotonic()
        if self.screen is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            self._cover(watched)
        elif watched is self._window and event.type() == QEvent.Type.Resize:
            self._fit()
        elif watched is self._window and event.type() == QEvent.Type.Close:
            # Closing may ask about unsaved work, which would show it.
            event.ignore()
            return True
        return False

    def lock(self) -> None:
        """Lock now."""
        if self.screen is not None:
            return
        self._focus = QApplication.focusWidget()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self.screen = LockScreen(self._window, self._tasks, self._confirm, self._person)
        self.screen.unlocked.connect(self._unlock)
        self.screen.log_out_wanted.connect(self.log_out_wanted)
        if QApplication.activeModalWidget() is not None:
            # Below a modal dialog no key arrives: the lock becomes a window that is modal itself.
            self.screen.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
            self.screen.setWindowModality(Qt.WindowModality.ApplicationModal)
        for child in self._window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if child is not self.screen and child.isVisible() and not child.isWindow():
                child.hide()
                self._hidden.append(child)
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible():
                self._cover(widget)
        self._fit()
        self.screen.show()
        self.screen.raise_()
        _application().installEventFilter(self)
        self.screen.password.setFocus()
        self.locked.emit()

    def unlock(self) -> None:
        """Take the lock away: the password was right, or somebody logs in anew."""
        screen, self.screen = self.screen, None
        if screen is None:
            return
        _application().removeEventFilter(self)
        screen.hide()
        screen.deleteLater()
        # A tooltip or a message may have gone meanwhile, and its cover with it.
        for cover in filter(isValid, self._covers):
            cover.hide()
            cover.deleteLater()
        for widget in filter(isValid, self._hidden):
            widget.show()
        self._covers.clear()
        self._hidden.clear()
        self._last = time.monotonic()
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus()
        self._focus = None

    def _unlock(self) -> None:
        self.unlock()
        self.unlocked.emit()

    def _cover(self, widget: QWidget) -> None:
        if not widget.isWindow() or widget in (self._window, self.screen):
            return
        cover = QWidget(widget)
        set_ground(cover, "window")
        cover.resize(widget.size())
        cover.show()
        cover.raise_()
        self._covers.append(cover)

    def _fit(self) -> None:
        assert self.screen is not None
        self.screen.setGeometry(self._window.geometry() if self.screen.isWindow() else self._window.rect())

    def _watch(self, window: QWindow | None) -> None:
        if window is not None and window not in self._watched:
            self._watched.add(window)
            window.installEventFilter(self)
            window.destroyed.connect(lambda _gone=None, known=window: self._watched.discard(known))

    def _look(self) -> None:
        if self._seconds and self.screen is None and time.monotonic() - self._last >= self._seconds:
            self.lock()


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
