"""What Home shows: figures that say what they count, and the list each one opens (pure).

Every amount is of one currency; what is in others stands beside it as "not added". Texts are shown texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crm_desktop.shared.listing import Filter, Listing
from crm_desktop.shared.money import Money


@dataclass(frozen=True, slots=True)
class Opens:
    """The list behind a figure: `name` as `Desk.open_list` takes it.

    `column` is the column of the list whose sum the figure is, "" when the figure counts its rows. A screen
    that is no list (the ageing) has a name only. `sign` is -1 where the figure is shown below zero.
    """

    name: str
    listing: Listing | None = None
    column: str = ""
    sign: int = 1

    def in_currency(self, currency: str) -> "Opens":
        """Return the same list with the rows of one currency only."""
        if self.listing is None:
            return self
        filters = (*self.listing.filters, Filter("currency", "is", (currency,)))
        return replace(self, listing=replace(self.listing, filters=filters))


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `said` are the lines below it: unit and period first, then comparisons.

    `tone` is "plain", "danger" or "success"; `slot` is the ramp of its bar: "c1", "age0" …; `not_added` are the
    amounts of the same thing in other currencies.
    """

    key: str
    label: str
    value: Money | int
    opens: Opens | None = None
    said: tuple[str, ...] = ()
    tone: str = "plain"
    slot: str = "c1"
    not_added: tuple[Money, ...] = ()

    @property
    def length(self) -> float:
        """Return how long its bar is."""
        return float(self.value.amount if isinstance(self.value, Money) else self.value)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: cells by column name; `record` is what Enter opens, `figure` what its amount opens."""

    cells: Mapping[str, Any]
    record: tuple[str, int] | None = None
    figure: Figure | None = None
    late: frozenset[str] = frozenset()
    """The cells that are shown in danger."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list of rows; `kind` is "text", "money" or "days"."""

    name: str
    label: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Section:
    """A block of Home: bars (`figures`) or rows under columns. `said` names unit, tax and period.

    `total` stands in the title; `more` opens the whole list, `more_words` are the words of that link.
    `explains` says what the rule behind a list is.
    """

    key: str
    title: str
    said: str = ""
    figures: tuple[Figure, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    total: Figure | None = None
    more: Opens | None = None
    more_words: str = ""
    explains: str = ""
    nothing: str = ""
    """What stands there when there is nothing."""
    not_added: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the chart: what it is called, and its figures in the order of the series."""

    label: str
    name: str
    figures: tuple[Figure, ...]
    running: bool = False


@dataclass(frozen=True, slots=True)
class MonthsChart:
    """Columns by month; `series` are what the figures of a month are called."""

    key: str
    title: str
    said: str
    currency: str
    series: tuple[str, ...]
    months: tuple[Month, ...] = ()
    not_added: tuple[str, ...] = ()
    """The codes of the other currencies there is something in."""
