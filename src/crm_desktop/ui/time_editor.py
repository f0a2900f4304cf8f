"""A time of the day, typed in any usual way: 9, 9:30, 0930, 9.30, 4pm."""

import re
from typing import Any, Final

from PySide6.QtWidgets import QLineEdit, QSizePolicy

from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.editor import Editor, field_width

UNREADABLE: Final = N_("“{text}” is no time of the day. Type for example 9:30 or 16.")
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h點点时時：]?(\d{2}))?[分]?\s*(am|pm)?", re.IGNORECASE)
_WIDE_DIGITS: Final = str.maketrans("０１２３４５６７８９", "0123456789")
NOON: Final = 12
LAST_HOUR, LAST_MINUTE = 23, 59


def read_time(text: str) -> str:
    """Return a time as "09:30", "" for none. Raises ValueError for what is no time of the day."""
    typed = text.strip().translate(_WIDE_DIGITS)
    if not typed:
        return ""
    found = _TIME.fullmatch(re.sub(r"[點点时時]$", "", typed))
    if found is None:
        raise ValueError(text)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").casefold()
    if half:
        if not 1 <= hour <= NOON:
            raise ValueError(text)
        hour = hour % NOON + (NOON if half == "pm" else 0)
    if hour > LAST_HOUR or minute > LAST_MINUTE:
        raise ValueError(text)
    return f"{hour:02}:{minute:02}"


class TimeEditor(Editor):
    """A time of the day or none; the value is "09:30" or ""."""

    CHARS = 6

    def __init__(self, name: str, label: str) -> None:
        self.line = QLineEdit()
        super().__init__(name, label, self.line)
        self.line.setFixedWidth(field_width(self.CHARS))
        self.line.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.watch(self.line)
        self.line.textEdited.connect(self.notice)
        self.line.editingFinished.connect(self._tidy)
        self.line.returnPressed.connect(self.committed)

    def value(self) -> str:
        try:
            return read_time(self.line.text())
        except ValueError:
            return ""

    def state(self) -> Any:
        return self.value() or self.line.text().strip()

    def fill(self, value: Any) -> None:
        self.line.setText(str(value or ""))

    def problem(self) -> str | None:
        text = self.line.text().strip()
        return _(UNREADABLE).format(text=text) if text and not self.value() else None

    def is_empty(self) -> bool:
        return not self.line.text().strip()

    def _tidy(self) -> None:
        """Show what was understood."""
        if time := self.value():
            self.fill(time)
