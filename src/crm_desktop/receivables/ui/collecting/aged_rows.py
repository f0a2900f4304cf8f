"""An ageing as rows of one currency, and what one of its figures is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from crm_desktop.receivables.collecting import ageing
from crm_desktop.receivables.collecting.aged_items import AgedItem
from crm_desktop.receivables.collecting.ageing import Ageing
from crm_desktop.receivables.collecting.as_of import BY_DUE
from crm_desktop.receivables.collecting.balances import bucket_labels
from crm_desktop.receivables.ui.collecting.ageing_bar import ages_of, paint_ages
from crm_desktop.receivables.ui.collecting.rows_source import RowsSource
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import from_minor
from crm_desktop.ui.looks import Look

NOBODY: Final = 0
"""Stands for the key None: rows without a salesperson or a team."""
_SEEN: Final = Use.TABLE | Use.SORT


@dataclass(frozen=True, slots=True)
class Aged:
    """An ageing with what its keys are called."""

    made: Ageing
    names: Mapping[int | None, str]

    def currencies(self) -> list[tuple[str, int]]:
        """Return every currency and in how many rows it is, most first."""
        counts: dict[str, int] = {}
        for row in self.made.rows:
            counts[row[1]] = counts.get(row[1], 0) + 1
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def read_ageing(work: Any, as_of: date | None, by: str, group: str, progress: Any) -> Aged:
    """Return an ageing; runs on the database lane. Raises Cancelled."""
    made = ageing.ageing(work, as_of, by=by, group=group, progress=progress)
    return Aged(made, ageing.names(work, group, {row[0] for row in made.rows}))


def fields_of(made: Ageing) -> tuple[Field, ...]:
    """Return the columns: who, the bar, and a figure per slot."""
    first = N_("Not due") if made.by == BY_DUE else N_("Today")
    labels = [first, *bucket_labels(made.bounds), N_("Undated"), N_("Unapplied"), N_("Balance")]
    figures = zip(made.names[2:], labels, strict=True)
    return (
        Field("who", None, dict(ageing.GROUPINGS)[made.group], 22, _SEEN),
        Field("ages", None, N_("Age"), 10, _SEEN),
        *(Field(name, None, label, 11, _SEEN, Kind.DECIMAL) for name, label in figures),
    )


def source_of(aged: Aged, currency: str, fields: Sequence[Field]) -> RowsSource:
    """Return the rows of one currency by name; their id is the key."""
    rows = [row for row in aged.made.rows if row[1] == currency and any(row[2:])]
    rows.sort(key=lambda row: aged.names.get(row[0], "").casefold())
    shown = {row[0] or NOBODY: _row(row, aged) for row in rows if row[0] in aged.names}
    return RowsSource("ageing", fields, shown)


def _row(row: Any, aged: Aged) -> tuple[Any, ...]:
    figures = figures_of(row)
    not_due, *buckets = figures[: len(aged.made.bounds) + 2]
    return (aged.names[row[0]], ages_of(not_due, buckets, aged.made.bounds), *figures)


def figures_of(row: Any) -> tuple[Decimal, ...]:
    """Return the figures of a row as they are shown: what is unapplied is below 0."""
    *slots, unapplied, balance = (from_minor(minor, row[1]) for minor in row[2:])
    return (*slots, -unapplied, balance)


def _ink_zero(value: Any, _today: date) -> str | None:
    return None if value else "muted"


def _ink_late(value: Any, _today: date) -> str | None:
    return "danger" if value else "muted"


def looks_of(made: Ageing) -> dict[str, Look]:
    """Return how the columns look; the last bucket is the one to look at."""
    looks = {name: Look(ink=_ink_zero, chars=9) for name in made.names[2:]}
    looks[f"b{len(made.bounds)}"] = Look(ink=_ink_late, chars=9)
    return {**looks, "ages": Look(paint=paint_ages, tip=str, chars=10), "balance": Look(weight=600, ink=_ink_zero)}


ITEM_FIELDS: Final = (
    Field("number", None, N_("Document"), 16, _SEEN),
    Field("customer", None, N_("Customer"), 22, _SEEN),
    Field("dated_on", None, N_("Date"), 10, _SEEN, Kind.DATE),
    Field("due_on", None, N_("Due"), 10, _SEEN, Kind.DATE),
    Field("late", None, N_("Days late"), 7, _SEEN, Kind.INTEGER),
    Field("amount", None, N_("Amount"), 12, _SEEN, Kind.DECIMAL),
    Field("open", None, N_("Still open"), 12, _SEEN, Kind.DECIMAL),
)
ITEM_LOOKS: Final = {"late": Look(ink=_ink_late), "open": Look(weight=500)}


def items_source(items: Sequence[AgedItem]) -> RowsSource:
    """Return the parts of a figure; their id is their place, from 1."""
    return RowsSource(
        "aged_item",
        ITEM_FIELDS,
        {
            place: (
                " ".join(part for part in (one.number, one.place) if part) or one.text,
                one.customer,
                one.dated_on,
                one.due_on,
                one.late if one.late is not None and one.late > 0 else None,
                one.amount,
                one.open,
            )
            for place, one in enumerate(items, 1)
        },
    )


def slot_words(made: Ageing, name: str) -> str:
    """Return what a column is called where it stands alone."""
    label = next(_(field.label) for field in fields_of(made) if field.name == name)
    return _("{days} days").format(days=label) if name.startswith("b") and name[1:].isdigit() else label
