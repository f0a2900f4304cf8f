"""Toasts: what finished in the background, bottom right, with one action; kept in a list afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPropertyAnimation, QRectF, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QHBoxLayout, QLabel, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button, IconButton
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.notes import KINDS
from crm_desktop.ui.shapes import paint_panel, paint_shadow
from crm_desktop.ui.theme import token

STAY_MS = 7000
FADE_MS = 120
KEPT = 50
_SHADOW = 14
_EDGE = 16


@dataclass(frozen=True)
class ToastEntry:
    """A toast that was shown; `text` is the sentence, `kind` one of `notes.KINDS`."""

    text: str
    kind: str


def _called(act: Callable[[], object]) -> Callable[[], None]:
    # `clicked` would hand its "checked" to an action that takes an argument of its own.
    def act_now() -> None:
        act()

    return act_now


class Toast(QFrame):
    """One sentence with at most one action; stays while the pointer or the keyboard is on it."""

    gone = Signal()

    def __init__(self, text: str, action: str, kind: str, icon: str, host: QWidget) -> None:
        super().__init__(host)
        self.setAccessibleName(text)
        self._icon = QLabel()
        set_icon(self._icon, icon or KINDS[kind][2], "muted" if kind == "info" else KINDS[kind][1])
        self._text = text_label(text, wrap=False)
        self.action_button = Button(action, "link")
        self.action_button.setVisible(bool(action))
        self.close_button = IconButton("x", _("Dismiss this message"))
        self.close_button.clicked.connect(self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SHADOW + px(14), _SHADOW + px(6), _SHADOW + px(8), _SHADOW + px(6))
        row.setSpacing(px(12))
        for part in (self._icon, self._text, self.action_button, self.close_button):
            row.addWidget(part)
        self.setMaximumWidth(px(480) + 2 * _SHADOW)
        if self.sizeHint().width() > px(480):
            self._text.setWordWrap(True)
            self._text.setMinimumWidth(px(280))
        self._timer = QTimer(self, singleShot=True, interval=STAY_MS)
        self._timer.timeout.connect(self.leave)
        self._opacity = QGraphicsOpacityEffect(self)
        self._opacity.setOpacity(0.0)
        self.setGraphicsEffect(self._opacity)
        self._fade = QPropertyAnimation(self._opacity, b"opacity", self)
        self._fade.setDuration(FADE_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.OutCubic)

    @property
    def text(self) -> str:
        """Return the sentence."""
        return self._text.text()

    def appear(self) -> None:
        """Fade in and start to count."""
        self.show()
        self.raise_()
        self._run_fade(1.0)
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def leave(self) -> None:
        """Fade out and go; `gone` fires when it is off the screen."""
        self._timer.stop()
        self._run_fade(0.0)
        QTimer.singleShot(FADE_MS, self, self._go)

    def _run_fade(self, to: float) -> None:
        self._fade.stop()
        self._fade.setStartValue(self._opacity.opacity())
        self._fade.setEndValue(to)
        self._fade.start()

    def _go(self) -> None:
        self.hide()
        self.gone.emit()
        self.deleteLater()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that the pointer is on it."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Show that the pointer has left."""
        self._timer.start()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from tokens and the type scale."""
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        paint_shadow(painter, box, 6, _SHADOW - 4)
        paint_panel(painter, box, token("raised"), token("line"), 6)


class ToastStack(QObject):
    """The toasts of one window, newest at the bottom, and the list of what was said."""

    changed = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._toasts: list[Toast] = []
        self.history: list[ToastEntry] = []
        self.bottom_px = _EDGE
        host.installEventFilter(self)

    @property
    def shown(self) -> list[Toast]:
        """Return the toasts on screen, oldest first."""
        return list(self._toasts)

    def show(
        self,
        text: str,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        *,
        kind: str = "info",
        icon: str = "",
    ) -> Toast:
        """Show a toast and remember it; `on_action` runs when the person presses the action.

        Raises KeyError for a kind that is not in `notes.KINDS`.
        """
        toast = Toast(text, action, kind, icon, self._host)
        if on_action is not None:
            toast.action_button.clicked.connect(toast.leave)
            toast.action_button.clicked.connect(_called(on_action))
        toast.gone.connect(lambda: self._forget(toast))
        self._toasts.append(toast)
        self.history = [*self.history, ToastEntry(text, kind)][-KEPT:]
        # Three at once are as many as anybody reads.
        for old in self._toasts[:-3]:
            old.leave()
        toast.appear()
        self._place()
        self.changed.emit()
        return toast

    def _forget(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
        self._place()

    def _place(self) -> None:
        bottom = self._host.height() - self.bottom_px + _SHADOW
        for toast in reversed(self._toasts):
            toast.adjustSize()
            bottom -= toast.height() - (0 if toast is self._toasts[-1] else _SHADOW)
            toast.move(self._host.width() - toast.width() - _EDGE + _SHADOW, bottom)
            bottom -= px(8) - _SHADOW

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the toasts in their corner when the window changes its size."""
        if event.type() == QEvent.Type.Resize and watched is self._host:
            self._place()
        return False
