"""Whether Caps Lock is on. Qt cannot say; each system has its own way, and none is needed to log in."""

import sys

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


class CapsLock(QObject):
    """Watches the keys typed into `widgets` and tells when Caps Lock seems on or off.

    On Windows and Linux (X11) it also knows before the first key.
    """

    changed = Signal(bool)

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__(widgets[0])
        self.on = False
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at every key, and at the system when the field is entered."""
        if event.type() == QEvent.Type.FocusIn:
            self._tell(bool(_asked_system()))
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyRelease:
            if event.key() == Qt.Key.Key_CapsLock and (state := _asked_system()) is not None:
                self._tell(state)
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._judge(event)
        return super().eventFilter(watched, event)

    def _judge(self, event: QKeyEvent) -> None:
        text = event.text()
        if len(text) == 1 and text.isalpha() and text.lower() != text.upper():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._tell(text.isupper() != shifted)

    def _tell(self, on: bool) -> None:
        if on != self.on:
            self.on = on
            self.changed.emit(on)


def _asked_system() -> bool | None:
    """Return what the system says, None where it cannot be asked without more libraries."""
    if sys.platform != "win32":
        return None
    import ctypes

    return bool(ctypes.windll.user32.GetKeyState(0x14) & 1)
