"""Editors for what is typed: text, notes, numbers, phones and e-mail addresses."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy

from crm_desktop.shared.i18n import _
from crm_desktop.shared.typed_number import UNREADABLE, read_decimal
from crm_desktop.ui.editor import Editor, field_width
from crm_desktop.ui.fonts import px

WIDE_CHARS = 30
"""Fields at least this wide take the spare width of their row; shorter ones are as wide as needed."""


def set_width(widget: QLineEdit, chars: int) -> None:
    """Make `widget` wide enough for `chars` characters, and let a wide one grow."""
    width = field_width(chars)
    if chars >= WIDE_CHARS:
        widget.setMinimumWidth(min(width, field_width(16)))
        widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    else:
        widget.setFixedWidth(width)
        widget.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class LineEditor(Editor):
    """One line of text; what was pasted with line breaks becomes one line."""

    def __init__(self, name: str, label: str, chars: int, check: Callable[[str], str | None] | None = None):
        self.line = QLineEdit()
        super().__init__(name, label, self.line)
        self._check = check
        set_width(self.line, chars)
        self.watch(self.line)
        self.line.textEdited.connect(self.notice)
        self.line.returnPressed.connect(self.committed)

    def value(self) -> Any:
        return self.line.text().strip()

    def fill(self, value: Any) -> None:
        self.line.setText("" if value is None else str(value))
        # A long text shows its beginning, not its end.
        self.line.setCursorPosition(0)

    def problem(self) -> str | None:
        text = self.value()
        return self._check(text) if self._check and text else None


class NumberEditor(LineEditor):
    """A number at the right edge; `decimals` None keeps what is typed, 0 takes whole numbers only."""

    def __init__(self, name: str, label: str, chars: int, decimals: int | None = None) -> None:
        super().__init__(name, label, chars)
        self._decimals = decimals
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def value(self) -> int | Decimal | None:
        text = self.line.text()
        try:
            number = read_decimal(text)
        except ValueError:
            return None
        if self._decimals == 0:
            return int(number) if number == number.to_integral_value() else None
        return number

    def state(self) -> Any:
        return self.value() if self.problem() is None else self.line.text()

    def fill(self, value: Any) -> None:
        self.line.setText("" if value is None else f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}")

    def problem(self) -> str | None:
        text = self.line.text().strip()
        if not text:
            return None
        try:
            number = read_decimal(text)
        except ValueError:
            return _(UNREADABLE).format(text=text)
        if self._decimals == 0 and number != number.to_integral_value():
            return _("Only a whole number can stand here, not {text}.").format(text=text)
        if self._decimals and number != round(number, self._decimals):
            return _("At most {count} decimals can stand here.").format(count=self._decimals)
        return None

    def is_empty(self) -> bool:
        return not self.line.text().strip()


class NoteEditor(Editor):
    """Text of several lines, as high as its text within limits; Tab goes on to the next field."""

    FEWEST_LINES, MOST_LINES = 4, 14

    def __init__(self, name: str, label: str) -> None:
        self.text = QPlainTextEdit()
        super().__init__(name, label, self.text)
        self.text.setTabChangesFocus(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._grow()
        self._last = ""
        self.watch(self.text)
        self.text.textChanged.connect(self.notice)
        self.text.document().documentLayout().documentSizeChanged.connect(self._grow)

    def _grow(self, *_size: object) -> None:
        # The height of this kind of document is in lines, wrapped ones counted.
        lines = round(self.text.document().size().height())
        lines = min(max(lines, self.FEWEST_LINES), self.MOST_LINES)
        margins = self.text.document().documentMargin() * 2
        height = int(self.text.fontMetrics().lineSpacing() * lines + margins) + px(10)
        if height != self.text.height():
            self.text.setFixedHeight(height)

    def value(self) -> str:
        return self.text.toPlainText().rstrip()

    def fill(self, value: Any) -> None:
        self._last = str(value or "").rstrip()
        self.text.setPlainText(str(value or ""))


class InstantEditor(LineEditor):
    """A moment the program keeps itself, shown in the computer's time zone and never typed."""

    def __init__(self, name: str, label: str, chars: int) -> None:
        super().__init__(name, label, chars)
        self._instant: datetime | None = None
        self.locked = True
        self.set_read_only(True)

    def value(self) -> datetime | None:
        return self._instant

    def fill(self, value: Any) -> None:
        self._instant = value
        self.line.setText(f"{value.astimezone():%Y-%m-%d %H:%M}" if value else "")
