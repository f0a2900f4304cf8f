"""The note field on top of a timeline: what is typed becomes a note with Enter, or the beginning of a call."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QWidget

from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.buttons import IconButton
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftKeeper, DraftKey
from crm_desktop.ui.fonts import px

MOST_LINES: Final = 6
_CALLED: Final = 40
"""So many signs of a half-typed note name it when it is offered again."""
_WAYS: Final = (
    ("call", "phone", N_("Log a call (L)")),
    ("visit", "map-pin", N_("Log a visit")),
    ("message", "message-square", N_("Log a message")),
    ("plan", "calendar", N_("Plan a task")),
)


class _Text(QPlainTextEdit):
    """Grows with what is typed; Enter gives it away, Shift+Enter begins a line."""

    entered = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._grow()

    def keep_clear(self, right_px: int) -> None:
        """Leave room at the right edge."""
        self.setViewportMargins(0, 0, right_px, 0)

    def least_height(self) -> int:
        """Return the height of one line with its frame."""
        return self._height(1)

    def _height(self, lines: int) -> int:
        text = self.fontMetrics().lineSpacing() * lines + 2 * self.document().documentMargin()
        return max(int(text) + px(10), px(34))

    def _grow(self, *_size: object) -> None:
        lines = min(max(round(self.document().size().height()), 1), MOST_LINES)
        full = lines == MOST_LINES
        off, needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(needed if full else off)
        self.setFixedHeight(self._height(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the note away with Enter."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered.emit()
            return
        super().keyPressEvent(event)


class NoteField(QWidget):
    """`noted` carries what to write down; `way_chosen` the kind of a form that takes the text over."""

    noted = Signal(str)
    way_chosen = Signal(str)
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = _Text(self)
        self.text.setPlaceholderText(_("What was said? Type a note, or press L for a call"))
        self.text.setAccessibleName(_("A note about what was said"))
        self.text.setToolTip(_("Enter writes the note down, Shift+Enter begins a new line"))
        self.text.entered.connect(self._enter)
        self.text.textChanged.connect(self.edited)
        column = QHBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        # Over the frame of the text, which keeps clear of them.
        self._ways = QWidget(self)
        row = QHBoxLayout(self._ways)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(2))
        self.buttons: dict[str, IconButton] = {}
        for key, icon, tip in _WAYS:
            button = IconButton(icon, _(tip))
            button.clicked.connect(self._chooser(key))
            self.buttons[key] = button
            row.addWidget(button)
        self.text.keep_clear(self._ways.sizeHint().width() + px(6))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the buttons in the upper right corner."""
        super().resizeEvent(event)
        size = self._ways.sizeHint()
        top = max((self.text.least_height() - size.height()) // 2, 1)
        self._ways.setGeometry(self.width() - size.width() - px(6), top, size.width(), size.height())

    def said(self) -> str:
        """Return what is typed."""
        return self.text.toPlainText().strip()

    def clear(self) -> None:
        """Forget what is typed."""
        self.text.clear()

    def put_back(self, text: str) -> None:
        """Show a note that could not be stored, before what was typed since."""
        since = self.said()
        self.text.setPlainText(f"{text}\n{since}" if since and since != text else text)

    def changes(self) -> dict[str, str]:
        """Return what a draft keeps of it."""
        return self.values()

    def values(self) -> dict[str, str]:
        """Return what is written."""
        return {"notes": self.said()}

    def apply(self, values: Mapping[str, Any]) -> None:
        """Show a draft again, before what was typed since."""
        self.put_back(str(values.get("notes", "")))

    def called(self) -> str:
        """Return how the note begins."""
        first = self.said().partition("\n")[0]
        return first if len(first) <= _CALLED else f"{first[:_CALLED].rstrip()}…"

    def _enter(self) -> None:
        if self.said():
            self.noted.emit(self.said())

    def _chooser(self, key: str) -> Callable[[], None]:
        return lambda: self.way_chosen.emit(key)


def keep_note(note: NoteField, desk: Desk, contact_id: int) -> DraftKeeper | None:
    """Keep what is typed until it is written down or thrown away; None where the desk keeps no drafts."""
    if desk.drafts is None or not desk.actor.may(Permission.ACTIVITY_WRITE):
        return None
    key = DraftKey(desk.drafts.company, str(desk.actor.user_id), f"note/{contact_id}")
    return DraftKeeper(note, desk.drafts.store, key, note.called)
