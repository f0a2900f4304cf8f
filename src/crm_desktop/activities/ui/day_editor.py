"""A day chosen by one key: tomorrow, in three days, next week, in a month; or any date typed."""

import calendar
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.choice_strip import Offer, StripEditor
from crm_desktop.ui.date_editor import DateEditor, shown_date
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.fonts import px

NONE: Final = "none"
MONTH: Final = "month"
QUICK: Final = ((1, N_("Tomorrow")), (3, N_("3 days")), (7, N_("Next week")), (MONTH, N_("1 month")))
"""(days or `MONTH`, marked words), digits 1 to 4."""


def quick_day(choice: Any, today: date) -> date | None:
    """Return the day a quick choice means, None for `NONE`."""
    if choice == NONE:
        return None
    if choice == MONTH:
        return month_later(today)
    return today + timedelta(days=int(choice))


def month_later(day: date) -> date:
    """Return the same day of the next month, its last one where it is shorter."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class DayEditor(Editor):
    """The value is a date or None. Digit 0 stands for none, or for today where a day is `needed`."""

    def __init__(self, name: str, label: str, today: Callable[[], date], *, needed: bool = False) -> None:
        widget = QWidget()
        super().__init__(name, label, widget)
        self._today = today
        first = (0, N_("Today")) if needed else (NONE, N_("None"))
        self._choices: Sequence[Any] = [first[0], *(choice for choice, _words in QUICK)]
        offers = [Offer(choice, _(words), tip=self._tip(choice)) for choice, words in (first, *QUICK)]
        self.quick = StripEditor(f"{name}_quick", label, offers, first=0)
        self.date = DateEditor(f"{name}_date", label, today)
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(self.quick.widget, 1)
        row.addWidget(self.date.widget)
        widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.watch(self.quick.strip, self.date.line)
        self.quick.edited.connect(self._take_quick)
        self.quick.committed.connect(self.committed)
        self.date.edited.connect(self._take_date)
        self.date.committed.connect(self.committed)

    def value(self) -> date | None:
        return self.date.value()

    def state(self) -> Any:
        return self.date.state()

    def fill(self, value: Any) -> None:
        self.date.set_value(value)
        self._follow()

    def problem(self) -> str | None:
        return self.date.problem()

    def is_empty(self) -> bool:
        return self.date.is_empty()

    def parts(self) -> tuple[QWidget, ...]:
        return (self.quick.strip, self.date.line)

    def _tip(self, choice: Any) -> str:
        day = quick_day(choice, self._today())
        return shown_date(day) if day is not None else ""

    def _take_quick(self) -> None:
        self.date.set_value(quick_day(self.quick.value(), self._today()))
        self.notice()

    def _take_date(self) -> None:
        self._follow()
        self.notice()

    def _follow(self) -> None:
        """Show which of the quick choices the date is."""
        if self.date.is_empty():
            chosen = NONE if NONE in self._choices else None
        else:
            day, today = self.date.value(), self._today()
            chosen = next((one for one in self._choices if day and quick_day(one, today) == day), None)
        self.quick.set_value(chosen)
