"""The board: open opportunities by stage, as the list has them, with totals per currency."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from crm_desktop.access.company import company, today
from crm_desktop.activities import following
from crm_desktop.activities.following import NextStep
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.pipeline import rules, stages
from crm_desktop.pipeline.fields import WEIGHTED
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.pipeline.stages import Stage
from crm_desktop.shared.clock import business_date
from crm_desktop.shared.money import Money, by_currency
from crm_desktop.shared.permissions import Permission, requires

MOST_CARDS: Final = 200
"""So many cards a column has at most; its count and totals are of all."""


@dataclass(frozen=True, slots=True)
class Card:
    """One open opportunity; `days` is how long it has been in its stage, `next` the customer's next planned step."""

    id: int
    version: int
    name: str
    contact_id: int
    customer: str
    amount: Money
    probability: Decimal
    expected_on: date | None
    is_late: bool
    """Whether the day it was expected on is over."""
    salesperson_id: int | None
    days: int
    next: NextStep | None


@dataclass(frozen=True, slots=True)
class Sums:
    """How many opportunities, and their amounts per currency, plain and weighted by their chances."""

    count: int = 0
    total: tuple[Money, ...] = ()
    weighted: tuple[Money, ...] = ()

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.count + other.count,
            by_currency((*self.total, *other.total)),
            by_currency((*self.weighted, *other.weighted)),
        )


@dataclass(frozen=True, slots=True)
class Column:
    """One stage of the board; the cards are the first by expected day."""

    stage: Stage
    cards: tuple[Card, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Board:
    """The columns in the order of the stages, the sums of all, and what was won and lost this month."""

    columns: tuple[Column, ...]
    sums: Sums
    won: Sums
    lost: Sums


@requires(Permission.OPPORTUNITY_READ)
def board(
    work: Work,
    *,
    salesperson_ids: Collection[int] | None = None,
    currency: str | None = None,
    expected: tuple[date | None, date | None] | None = None,
) -> Board:
    """Return the board of the opportunities the actor reaches, of some salespeople or one currency on request.

    `expected` is the first and the last day they are expected on, either of them None for any; (None, None) is
    without a day. A stage that was put away is there as long as open opportunities are in it.
    """
    ended = _narrowed(salesperson_ids, currency)
    narrowed = (*ended, *_expected(expected))
    sums = _sums_by_stage(work, narrowed)
    shown = [stage for stage in stages.stages(work, all=True) if stage.active or stage.id in sums]
    cards = _cards(work, [stage.id for stage in shown if stage.id in sums], narrowed)
    columns = tuple(Column(stage, cards.get(stage.id, ()), sums.get(stage.id, Sums())) for stage in shown)
    first = today(work).replace(day=1)
    month = (*ended, Opportunity.closed_on >= first, Opportunity.closed_on <= today(work))
    return Board(
        columns=columns,
        sums=sum(sums.values(), Sums()),
        won=_sums(work, (*month, Opportunity.state == rules.WON)),
        lost=_sums(work, (*month, Opportunity.state == rules.LOST)),
    )


def _narrowed(salesperson_ids: Collection[int] | None, currency: str | None) -> tuple[Any, ...]:
    conditions: list[Any] = []
    if salesperson_ids is not None:
        conditions.append(Opportunity.salesperson_id.in_(sorted(salesperson_ids)))
    if currency is not None:
        conditions.append(Opportunity.currency == currency)
    return tuple(conditions)


def _expected(span: tuple[date | None, date | None] | None) -> tuple[Any, ...]:
    if span is None:
        return ()
    if span == (None, None):
        return (Opportunity.expected_on.is_(None),)
    first, last = span
    # A day nobody named sorts after all others; it is in no span.
    conditions: list[Any] = [Opportunity.expected_sort <= (last or rules.LAST_DAY - timedelta(days=1))]
    if first is not None:
        conditions.append(Opportunity.expected_sort >= first)
    return tuple(conditions)


def _sums_by_stage(work: Work, conditions: Sequence[Any]) -> dict[int, Sums]:
    rows = _summed(work, (*conditions, Opportunity.state == rules.OPEN), Opportunity.stage_id)
    found: dict[int, Sums] = {}
    for stage_id, *row in rows:
        found[stage_id] = found.get(stage_id, Sums()) + _sums_of(*row)
    return found


def _sums(work: Work, conditions: Sequence[Any]) -> Sums:
    return sum((_sums_of(*row) for row in _summed(work, conditions)), Sums())


def _summed(work: Work, conditions: Sequence[Any], *keys: Any) -> Sequence[Any]:
    columns = (*keys, Opportunity.currency, func.count(), func.sum(Opportunity.amount), func.sum(WEIGHTED))
    return work.session.execute(select(*columns).where(*conditions).group_by(*keys, Opportunity.currency)).all()


def _sums_of(currency: str, count: int, amount: Any, weighted: Any) -> Sums:
    return Sums(count, (Money.of_minor(int(amount), currency),), (Money.of_minor(int(weighted), currency),))


def _cards(work: Work, stage_ids: Sequence[int], conditions: Sequence[Any]) -> Mapping[int, tuple[Card, ...]]:
    customer = aliased(Contact)
    asked = (
        select(Opportunity, customer.name)
        .outerjoin(customer, customer.id == Opportunity.contact_id)
        .where(*conditions, Opportunity.state == rules.OPEN)
        .order_by(Opportunity.expected_sort, Opportunity.id)
        .limit(MOST_CARDS)
    )
    rows = {id_: work.session.execute(asked.where(Opportunity.stage_id == id_)).all() for id_ in stage_ids}
    contact_ids = {row.contact_id for found in rows.values() for row, _name in found}
    may_read = work.actor.may(Permission.ACTIVITY_READ)
    steps = following.next_of(work, sorted(contact_ids)) if contact_ids and may_read else {}
    day, zone = today(work), company(work).timezone
    return {
        id_: tuple(_card(row, name or "", steps.get(row.contact_id), day, zone) for row, name in found)
        for id_, found in rows.items()
    }


def _card(row: Opportunity, customer: str, step: NextStep | None, day: date, zone: str) -> Card:
    return Card(
        id=row.id,
        version=row.version,
        name=row.name,
        contact_id=row.contact_id,
        customer=customer,
        amount=Money.of_minor(row.amount, row.currency),
        probability=row.probability,
        expected_on=row.expected_on,
        is_late=row.expected_on is not None and row.expected_on < day,
        salesperson_id=row.salesperson_id,
        days=max(0, (day - business_date(row.stage_since, zone)).days),
        next=step,
    )
