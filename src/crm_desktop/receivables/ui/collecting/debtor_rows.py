"""The due list as rows: one customer in one currency each, the worst first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from crm_desktop.receivables.collecting import due_list
from crm_desktop.receivables.collecting.due_list import Debtor
from crm_desktop.receivables.money import promises
from crm_desktop.receivables.money.promises import Promised
from crm_desktop.receivables.settings import get_settings
from crm_desktop.receivables.ui.collecting.ageing_bar import Ages, ages_of, paint_ages
from crm_desktop.receivables.ui.collecting.money_marks import (
    ReminderMark,
    level_words,
    marks_of,
    paint_promises,
    paint_reminder,
)
from crm_desktop.receivables.ui.collecting.rows_source import RowsSource
from crm_desktop.shared.display import number_text
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import from_minor
from crm_desktop.ui.fonts import BODY, MEDIUM, font, px
from crm_desktop.ui.looks import Look, ink_of_next_step
from crm_desktop.ui.shapes import SHAPE_PX, Shape, paint_shape
from crm_desktop.ui.theme import token

ENTITY: Final = "debtor"
ROW_PX: Final = 46
"""Two lines: the name, and the bar below it."""
_BAR_WIDEST: Final = 200
_SEEN: Final = Use.TABLE | Use.SORT


@dataclass(frozen=True, slots=True)
class Due:
    """What the screen knows: every debtor, the buckets, and the promises of each customer, newest first."""

    debtors: tuple[Debtor, ...]
    bounds: tuple[int, ...]
    promised: Mapping[int, Sequence[Promised]]

    def currencies(self) -> list[tuple[str, int]]:
        """Return every currency and how many customers owe in it, most first."""
        counts: dict[str, int] = {}
        for one in self.debtors:
            counts[one.currency] = counts.get(one.currency, 0) + 1
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))

    def of(self, currency: str) -> list[Debtor]:
        """Return who owes in a currency."""
        return [one for one in self.debtors if one.currency == currency]


def read_due(work: Any, ahead: int | None) -> Due:
    """Return who is to be reminded; runs on the database lane."""
    debtors = due_list.due_customers(work, ahead=ahead)
    promised = promises.of_customers(work, {one.contact_id for one in debtors if _promised(one)})
    return Due(debtors, tuple(get_settings(work).buckets), promised)


def _promised(one: Debtor) -> int:
    return one.promises.kept + one.promises.broken + one.promises.open


FIELDS: Final = (
    Field("customer", None, N_("Customer"), 26, _SEEN),
    Field("overdue", None, N_("Overdue"), 12, _SEEN, Kind.DECIMAL),
    Field("oldest", None, N_("Oldest"), 6, _SEEN),
    Field("not_due", None, N_("Not due"), 12, _SEEN, Kind.DECIMAL),
    Field("level", None, N_("Level"), 5, _SEEN),
    Field("promises", None, N_("Promises"), 8, _SEEN),
    Field("next_promise", None, N_("Next promise"), 12, _SEEN, Kind.DATE),
    Field("dispute", None, N_("Dispute"), 8, _SEEN),
    Field("disputed", None, N_("In dispute"), 10, _SEEN, Kind.DECIMAL),
)
WIDE: Final = tuple(field.name for field in FIELDS if field.name != "dispute")
NARROW: Final = tuple(field.name for field in FIELDS if field.name != "disputed")
"""Where there is little room a shape says that something is in dispute, and its tooltip how much."""


@dataclass(frozen=True, order=True, slots=True)
class Disputed:
    """How much of a debt is in dispute, drawn as a shape."""

    amount: Decimal

    def __str__(self) -> str:
        return _("{amount} in dispute").format(amount=number_text(self.amount))


def _paint_dispute(painter: QPainter, rect: QRect, _value: Disputed) -> None:
    side = px(SHAPE_PX)
    box = QRectF(rect.left() + px(12), rect.center().y() - side / 2 + 0.5, side, side)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_shape(painter, box, Shape.DIAMOND, token("warn"))
    painter.restore()


@dataclass(frozen=True, order=True, slots=True)
class Named:
    """A customer with its bar below the name; sorted by name."""

    key: str
    name: str
    ages: Ages

    def __str__(self) -> str:
        return self.name


def _paint_named(painter: QPainter, rect: QRect, value: Named) -> None:
    used = font(BODY, MEDIUM)
    metrics = QFontMetrics(used)
    painter.setFont(used)
    painter.setPen(token("text"))
    upper = rect.adjusted(0, px(3), 0, -rect.height() * 2 // 5)
    shown = metrics.elidedText(value.name, Qt.TextElideMode.ElideRight, upper.width())
    painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    wide = min(rect.width(), px(_BAR_WIDEST))
    lower = QRect(rect.left(), upper.bottom(), wide, rect.bottom() - upper.bottom() - px(4))
    paint_ages(painter, lower, value.ages)


def _tip_of_named(value: Named) -> str:
    return f"{value.name}\n{value.ages.words}"


@dataclass(frozen=True, order=True, slots=True)
class Late:
    """Days overdue, said as days and sorted as a number."""

    days: int

    def __str__(self) -> str:
        return _("{days} d").format(days=self.days)


def source_of(due: Due, currency: str) -> RowsSource:
    """Return the rows of one currency by the id of the customer."""
    return RowsSource(ENTITY, FIELDS, {one.contact_id: _row(one, due) for one in due.of(currency)})


def _row(one: Debtor, due: Due) -> tuple[Any, ...]:
    return (
        Named(one.name.casefold(), one.name, ages_of(one.not_due, one.buckets, due.bounds)),
        one.overdue,
        None if one.oldest_late is None else Late(one.oldest_late),
        one.not_due,
        ReminderMark(one.level) if one.level else None,
        marks_of(due.promised.get(one.contact_id, ())),
        one.promises.next_due_on,
        Disputed(one.disputed) if one.disputed else None,
        one.disputed or None,
    )


def _ink_late(value: Any, _today: date) -> str | None:
    return "danger" if value else "muted"


def _ink_zero(value: Any, _today: date) -> str | None:
    return None if value else "muted"


LOOKS: Final = {
    "customer": Look(paint=_paint_named, tip=_tip_of_named),
    "overdue": Look(weight=500, ink=_ink_late),
    "oldest": Look(ink=_ink_late, chars=6),
    "not_due": Look(ink=_ink_zero),
    "level": Look(paint=paint_reminder, tip=level_words, chars=6),
    "promises": Look(paint=paint_promises, tip=str, chars=8),
    "next_promise": Look(ink=ink_of_next_step, chars=9),
    "dispute": Look(paint=_paint_dispute, tip=str, chars=6),
    "disputed": Look(token="warn"),
}


def slot_sums(debtors: Sequence[Debtor], bounds: Sequence[int], currency: str) -> tuple[Decimal, ...]:
    """Return not due, each bucket, undated and unapplied, summed over debtors of one currency."""
    sums = [from_minor(0, currency)] * (len(bounds) + 4)
    for one in debtors:
        sums = [a + b for a, b in zip(sums, (one.not_due, *one.buckets, one.undated, one.unapplied), strict=True)]
    return tuple(sums)
