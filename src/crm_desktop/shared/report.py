"""What a report is: a question with a period and a grouping, answered by a table (pure).

Features make reports; the screen, the command line, the workbook and the PDF all show the same table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.money import Money, by_currency
from crm_desktop.shared.permissions import needed
from crm_desktop.shared.progress import Progress

PERIOD, AS_OF, NO_DAYS = "period", "as_of", "none"
"""What days a report asks for: a first and a last one, a single one, or none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know: days inclusive, None for no limit; `by` is a key of `Report.groupings`.

    `as_of` None is today; `form` is a key of `Report.forms`; a customer and a currency narrow it down.
    """

    from_on: date | None = None
    to_on: date | None = None
    by: str = ""
    as_of: date | None = None
    form: str = ""
    contact_id: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Which column names the bars and which one is their length; rows of another currency are left out."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ReportTable:
    """The answer. `title` and `said` (what was asked) are shown texts, rows hold values of `fields` in order.

    `sums` names the columns that may be added up, money per currency.
    """

    title: str
    said: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Any, ...], ...]
    sums: tuple[str, ...] = ()
    chart: Chart | None = None

    def place(self, name: str) -> int:
        """Return where a column stands in a row. Raises StopIteration for an unknown one."""
        return next(place for place, field in enumerate(self.fields) if field.name == name)

    def totals(self) -> tuple[tuple[Any, ...], ...]:
        """Return one row of sums per currency, None where nothing adds up; no row without `sums`.

        A number that is no money is added up only when the table has one currency at most.
        """
        if not self.sums or not self.rows:
            return ()
        money = [place for place, field in enumerate(self.fields) if field.kind is Kind.MONEY]
        currencies = sorted({row[place].currency for row in self.rows for place in money if row[place] is not None})
        return tuple(self._total(currency, len(currencies) <= 1) for currency in currencies or ("",))

    def _total(self, currency: str, alone: bool) -> tuple[Any, ...]:
        made: list[Any] = []
        for place, field in enumerate(self.fields):
            values = [row[place] for row in self.rows if row[place] is not None]
            if field.name not in self.sums:
                made.append(None)
            elif field.kind is Kind.MONEY:
                mine = [value for value in values if value.currency == currency]
                made.append(by_currency(mine)[0] if mine else None)
            else:
                made.append(sum(values) if alone else None)
        return tuple(made)

    def bars(self, currency: str) -> tuple[tuple[str, Any], ...]:
        """Return (label, figure) of each row that the chart draws: amounts of `currency`, or numbers."""
        if self.chart is None:
            return ()
        label, value = self.place(self.chart.label), self.place(self.chart.value)
        drawn = [(str(row[label]), row[value]) for row in self.rows if row[value] is not None]
        return tuple(
            (text, figure.amount if isinstance(figure, Money) else figure)
            for text, figure in drawn
            if not isinstance(figure, Money) or figure.currency == currency
        )


@dataclass(frozen=True, slots=True)
class Report:
    """One report a feature offers. `title` and `explains` are marked texts.

    `run(work, asked)` is a guarded service function; `groupings` and `forms` are (key, marked label), the
    first is the usual one; `days` is PERIOD, AS_OF or NO_DAYS. A report that is `slow` takes `progress`
    besides. `documents(work, path, asked, progress)`, also guarded, writes what it is on paper, if that is
    more than its table: one document per customer, as a PDF or a workbook, returning how many. `went_out(work,
    asked)`, guarded too, is called when these were written, so that they leave a trace. One that looks `ahead`
    counts all days until a period is chosen for it.
    """

    name: str
    title: str
    explains: str
    run: Callable[..., ReportTable]
    groupings: tuple[tuple[str, str], ...] = ()
    days: str = PERIOD
    forms: tuple[tuple[str, str], ...] = ()
    slow: bool = False
    documents: Callable[..., int] | None = None
    went_out: Callable[[Any, Asked], object] | None = None
    ahead: bool = False

    def answer(self, work: Any, asked: Asked, progress: Progress | None = None) -> ReportTable:
        """Return the table; `progress` is told of a report that takes long. Raises Cancelled."""
        return self.run(work, asked, progress=progress) if self.slow else self.run(work, asked)

    def offered_to(self, actor: Any) -> bool:
        """Return whether the actor may see it."""
        return bool(actor.may(*needed(self.run)))
