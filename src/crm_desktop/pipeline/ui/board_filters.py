"""What the board can be narrowed by: whose chances, one currency, when they are expected."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.chip import Chip

Span = tuple[date | None, date | None]
"""First and last day; both None is without a day."""

LATE, THIS_MONTH, NEXT_MONTH, QUARTER, NO_DAY = "late", "this_month", "next_month", "quarter", "no_day"
_EXPECTED: Final = (
    (LATE, N_("Late")),
    (THIS_MONTH, N_("This month")),
    (NEXT_MONTH, N_("Next month")),
    (QUARTER, N_("Next three months")),
    (NO_DAY, N_("No day yet")),
)


def span_of(key: str, today: date) -> Span | None:
    """Return the days a choice means, None for any day."""
    first = today.replace(day=1)
    following = _next_month(first)
    if key == LATE:
        return None, today - timedelta(days=1)
    if key == THIS_MONTH:
        return first, following - timedelta(days=1)
    if key == NEXT_MONTH:
        return following, _next_month(following) - timedelta(days=1)
    if key == QUARTER:
        return first, _next_month(_next_month(following)) - timedelta(days=1)
    return (None, None) if key == NO_DAY else None


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


class BoardFilters(QWidget):
    """Three chips in a row, each with a menu; `changed` follows a choice by the person."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.people = Choice(_("Salesperson"), _("Everybody"))
        self.currency = Choice(_("Currency"), _("All"))
        self.expected = Choice(_("Expected"), _("Any time"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for choice in (self.people, self.currency, self.expected):
            row.addWidget(choice)
            choice.changed.connect(self.changed)
        row.addStretch(1)
        self.expected.offer([(key, _(text)) for key, text in _EXPECTED])

    @property
    def any_set(self) -> bool:
        """Return whether something is left out."""
        return any(choice.value is not None for choice in (self.people, self.currency, self.expected))

    def clear(self) -> None:
        """Leave nothing out."""
        for choice in (self.people, self.currency, self.expected):
            choice.choose(None)
        self.changed.emit()

    def words(self) -> str:
        """Return what is asked for, in words."""
        chosen = [choice for choice in (self.people, self.currency, self.expected) if choice.value is not None]
        return " · ".join(choice.chip.value for choice in chosen)


class Choice(QWidget):
    """A chip whose menu has one answer; `value` None is all of them."""

    changed = Signal()

    def __init__(self, name: str, everything: str) -> None:
        super().__init__()
        self.value: Any = None
        self._everything = everything
        self._offered: tuple[tuple[Any, str], ...] = ()
        self.chip = Chip(name, everything, removable=False)
        self.menu = QMenu(self)
        self.chip.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.chip)
        self._fill()

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Offer these values by their words; one chosen before stays chosen."""
        if tuple(choices) != self._offered:
            self._offered = tuple(choices)
            self._fill()

    def choose(self, value: Any) -> None:
        """Show a value as chosen, without `changed`."""
        self.value = value
        self.chip.set_value(dict(self._offered).get(value, self._everything))
        self._fill()

    def _fill(self) -> None:
        self.menu.clear()
        group = QActionGroup(self.menu)
        for value, text in ((None, self._everything), *self._offered):
            action = QAction(text, group)
            action.setCheckable(True)
            action.setChecked(value == self.value)
            action.triggered.connect(self._chooser(value))
            self.menu.addAction(action)

    def _chooser(self, value: Any) -> Callable[[], None]:
        def chosen() -> None:
            self.choose(value)
            self.changed.emit()

        return chosen
