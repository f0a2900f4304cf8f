"""The one line of text that lies over the active cell of the grid."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

Keys = Callable[[QKeyEvent], bool]
"""Takes a key press and returns whether it meant something to the grid."""
_OF_COMPOSING: Final = (
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
)


class CellEditor(QLineEdit):
    """Holds the text of one cell. The grid is asked about each key first, except while an input method
    composes: then every key belongs to it.
    """

    left = Signal()
    """The focus went out of the grid, not only into a popup."""

    def __init__(self, keys: Keys, claims: Callable[[QKeyEvent], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self._keys, self._claims = keys, claims
        self.composing = False
        self.original = ""
        self.setProperty("dense", True)
        self.setObjectName("cell")

    @property
    def untouched(self) -> bool:
        """Return whether nothing was typed and all of the content is selected, as on entering."""
        return self.text() == self.original and (not self.text() or self.hasSelectedText())

    def enter(self, text: str, *, right: bool, name: str) -> None:
        """Show the content of a cell, selected."""
        self.original = text
        self.setAlignment(
            (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        )
        self.setText(text)
        self.setAccessibleName(name)
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        """Offer keys to the grid, Tab included, before shortcuts of the window take them."""
        if isinstance(event, QKeyEvent) and not self.composing:
            if event.type() == QEvent.Type.ShortcutOverride:
                if self._claims(event):
                    event.accept()
                    return True
                if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
                    # The steps of the whole grid, not of this one line of text.
                    event.ignore()
                    return True
            if event.type() == QEvent.Type.KeyPress and self._keys(event):
                event.accept()
                return True
        elif isinstance(event, QKeyEvent) and event.key() in _OF_COMPOSING:
            # Some input methods pass the key that ends a composition on to the program.
            event.accept()
            return True
        return super().event(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Know whether an input method is composing."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell when the focus leaves for good."""
        super().focusOutEvent(event)
        self.composing = False
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()
