"""How punctually customers pay: of what fell due in a period, how much was there on the day.

What was credited or moved to another day is not expected on the old one, so it does not count; what was written
off counts as never paid. Money counts from the day it came in, whenever it was allocated.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select

from crm_desktop.access.company import today
from crm_desktop.access.periods import said_period
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables.collecting.balances import LOOKS
from crm_desktop.receivables.collecting.customers import customers_of
from crm_desktop.receivables.ledger_model import Allocation, Receipt
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import Money, round_half_away
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.report import Asked, Report, ReportTable

_SEEN: Final = Use.TABLE | Use.EXPORT | Use.SORT


@dataclass(frozen=True, slots=True)
class OnTime:
    """How one customer paid what fell due, in minor units of one currency.

    `expected` = `on_time` + `late` + `unpaid`; `late_days` are the days after the due date times the amount
    that came so late, for the average.
    """

    contact_id: int
    currency: str
    items: int
    expected: int
    on_time: int
    late: int
    late_days: int

    @property
    def unpaid(self) -> int:
        """Return what never came."""
        return self.expected - self.on_time - self.late

    @property
    def percent(self) -> Decimal | None:
        """Return how much of it was there on the day, None when nothing was expected."""
        return round_half_away(Decimal(100 * self.on_time) / self.expected, 1) if self.expected else None

    @property
    def average_late_days(self) -> Decimal | None:
        """Return how late what was paid came on average, by amount; None when nothing was paid."""
        paid = self.on_time + self.late
        return round_half_away(Decimal(self.late_days) / paid, 1) if paid else None


@requires(*LOOKS)
def rates(
    work: Work, *, contact_id: int | None = None, from_on: date | None = None, to_on: date | None = None
) -> tuple[OnTime, ...]:
    """Return how customers paid what fell due in the period, at the latest yesterday; per currency.

    What is due today may still come.
    """
    day = today(work)
    conditions = [Instalment.claimed_on.is_not(None), Instalment.due_on < day]
    conditions += [] if contact_id is None else [Instalment.contact_id == contact_id]
    conditions += [] if from_on is None else [Instalment.due_on >= from_on]
    conditions += [] if to_on is None else [Instalment.due_on <= to_on]
    paid = _paid(work, conditions)
    taken = _taken(work, conditions)
    asked = select(Instalment.id, Instalment.contact_id, Instalment.currency, Instalment.due_on, Instalment.amount)
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0] * 5)
    for id_, customer, currency, due_on, amount in work.session.execute(asked.where(*conditions)):
        expected = amount - taken.get(id_, 0)
        if expected <= 0 or due_on is None:
            continue
        in_time = sum(some for came, some in paid.get(id_, ()) if came <= due_on)
        later = sum(some for came, some in paid.get(id_, ()) if came > due_on)
        days = sum((came - due_on).days * some for came, some in paid.get(id_, ()) if came > due_on)
        added = (1, expected, in_time, later, days)
        sums[customer, currency] = [one + more for one, more in zip(sums[customer, currency], added, strict=True)]
    return tuple(OnTime(*key, *sums[key]) for key in sorted(sums))


@requires(Permission.REPORT_READ, *LOOKS)
def on_time(work: Work, asked: Asked) -> ReportTable:
    """Return per customer and currency how much of what fell due in the period was paid in time, the worst first."""
    found = [
        one
        for one in rates(work, contact_id=asked.contact_id, from_on=asked.from_on, to_on=asked.to_on)
        if asked.currency in ("", one.currency)
    ]
    customers = customers_of(work, (one.contact_id for one in found))
    found.sort(key=lambda one: (one.percent if one.percent is not None else Decimal(0), -one.expected, one.contact_id))
    return ReportTable(
        title=_("Paid on time"),
        said=_("Due: {period}").format(period=said_period(work, asked)),
        fields=(
            Field("customer", None, N_("Customer"), 30, _SEEN),
            Field("items", None, N_("Instalments"), 11, _SEEN, Kind.INTEGER),
            Field("expected", None, N_("Fell due"), 16, _SEEN, Kind.MONEY),
            Field("on_time", None, N_("In time"), 16, _SEEN, Kind.MONEY),
            Field("late", None, N_("Late"), 16, _SEEN, Kind.MONEY),
            Field("unpaid", None, N_("Not paid"), 16, _SEEN, Kind.MONEY),
            Field("percent", None, N_("In time %"), 10, _SEEN, Kind.DECIMAL),
            Field("late_days", None, N_("Average days late"), 12, _SEEN, Kind.DECIMAL),
        ),
        rows=tuple(
            (
                customers[one.contact_id].name,
                one.items,
                *(Money.of_minor(minor, one.currency) for minor in (one.expected, one.on_time, one.late, one.unpaid)),
                one.percent,
                one.average_late_days,
            )
            for one in found
            if one.contact_id in customers
        ),
        sums=("items", "expected", "on_time", "late", "unpaid"),
    )


def _paid(work: Work, conditions: Sequence[Any]) -> dict[int, list[tuple[date, int]]]:
    """Return for each instalment when how much money for it came in."""
    came = (
        select(Allocation.instalment_id, Receipt.dated_on, func.sum(Allocation.amount))
        .join(Receipt, Receipt.id == Allocation.receipt_id)
        .join(Instalment, Instalment.id == Allocation.instalment_id)
        .where(*conditions)
        .group_by(Allocation.instalment_id, Receipt.dated_on)
    )
    paid: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for id_, day, amount in work.session.execute(came):
        if amount and id_ is not None:
            paid[id_].append((day, int(amount)))
    return paid


def _taken(work: Work, conditions: Sequence[Any]) -> dict[int, int]:
    """Return for each instalment what was credited or moved to other days."""
    other = Allocation.credit_id.is_not(None) | Allocation.reschedule_id.is_not(None)
    taken = (
        select(Allocation.instalment_id, func.sum(Allocation.amount))
        .join(Instalment, Instalment.id == Allocation.instalment_id)
        .where(other, *conditions)
        .group_by(Allocation.instalment_id)
    )
    return {id_: int(amount) for id_, amount in work.session.execute(taken) if id_ is not None}


ON_TIME: Final = Report("on_time", N_("Paid on time"), N_("How punctually each customer pays."), on_time)
