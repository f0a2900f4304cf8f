"""Who is to be reminded today: what is overdue and what falls due, by customer, the worst first.

What a confirmed order plans but has not claimed yet stands apart: nobody owes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import case, func, literal_column, select

from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.orders.rules import CONFIRMED
from crm_desktop.receivables.collecting import as_of as adding
from crm_desktop.receivables.collecting.balances import (
    LOOKS,
    Day,
    OpenCredit,
    OpenItem,
    day_of,
    open_credits,
    open_items,
)
from crm_desktop.receivables.collecting.customers import Customer, customers_of
from crm_desktop.receivables.collecting.worth import Rates, rates_on
from crm_desktop.receivables.money import promises
from crm_desktop.receivables.money.promises import Marks
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import requires
from crm_desktop.shared.progress import Progress, Quiet

AHEAD_DAYS: Final = 30
"""How far the list looks ahead unless somebody says otherwise."""
NO_MARKS: Final = Marks(0, 0, 0, None, None, "")
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Debtor:
    """What one customer owes in one currency, and what was done about it.

    `falling_due` is the part of `not_due` that falls due within the days asked for, `planned` what confirmed
    orders have still to claim. `level` is the highest reminder among what is open, `disputed` the amount in
    dispute, `worth` what is overdue in the company's currency (None without a rate).
    """

    contact_id: int
    name: str
    owner_id: int | None
    currency: str
    overdue: Decimal
    worth: Decimal | None
    falling_due: Decimal
    not_due: Decimal
    buckets: tuple[Decimal, ...]
    undated: Decimal
    unapplied: Decimal
    balance: Decimal
    oldest_due_on: date | None
    oldest_late: int | None
    next_due_on: date | None
    level: int
    dunned_on: date | None
    disputed: Decimal
    planned: Decimal
    planned_on: date | None
    promises: Marks


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An instalment of a confirmed order that is not claimed yet."""

    id: int
    order_id: int
    number: str
    label: str
    event: str
    due_on: date | None
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DueItems:
    """Everything between the company and one customer: open, unused, and planned but not claimed yet."""

    open: tuple[OpenItem, ...]
    credits: tuple[OpenCredit, ...]
    planned: tuple[PlannedItem, ...]


class _Story(NamedTuple):
    """What the slots of an ageing do not tell about the open instalments of one customer and currency."""

    oldest: date | None
    next: date | None
    falling: int
    disputed: int
    level: int
    dunned: date | None


class _Plan(NamedTuple):
    amount: int
    first: date | None
    within: int


_NO_STORY: Final = _Story(None, None, 0, 0, 0, None)
_NO_PLAN: Final = _Plan(0, None, 0)


@requires(*LOOKS)
def due_customers(
    work: Work, *, ahead: int | None = AHEAD_DAYS, as_of: date | None = None, progress: Progress | None = None
) -> tuple[Debtor, ...]:
    """Return who owes something that is overdue, or falls due within `ahead` days.

    None: whoever owes at all; who has nothing but planned orders owes nothing yet.

    The worst come first: by what is overdue in the company's currency, then by the oldest of it. Instalments
    without a day wait for an event and bring nobody onto the list by themselves. A past day has the amounts and
    promises of that day, disputes and levels of today, and nothing that is planned. Raises Cancelled.
    """
    watched = progress or Quiet()
    day = day_of(work, as_of)
    until = date.max if ahead is None else day.as_of + timedelta(ahead)
    found = {row[:2]: row for row in adding.rows(work, day.question(), progress)}
    stories, plans = _stories(work, day, until), {} if day.past else _plans(work, until)
    keys = sorted(key for key in {*found, *plans} if _belongs(found.get(key), stories.get(key), plans.get(key), ahead))
    rates = rates_on(work, {currency for _id, currency in keys}, day.as_of)
    made: list[Debtor] = []
    for start in range(0, len(keys), _AT_ONCE):
        watched.step(start, len(keys))
        some = keys[start : start + _AT_ONCE]
        contacts = customers_of(work, (contact_id for contact_id, _currency in some))
        marks = promises.marks(work, contacts, as_of=as_of)
        for key in some:
            if key[0] in contacts:
                row = found.get(key) or (*key, *(0,) * (len(day.bounds) + 5))
                story, plan = stories.get(key, _NO_STORY), plans.get(key, _NO_PLAN)
                made.append(_debtor(row, day, story, plan, contacts[key[0]], marks.get(key[0], NO_MARKS), rates))
    watched.step(len(keys), len(keys))
    return tuple(sorted(made, key=_worst_first))


@requires(*LOOKS)
def due_items(work: Work, contact_id: int) -> DueItems:
    """Return what is open with one customer today, in all currencies, and what is planned."""
    asked = (
        select(Instalment, Order.number)
        .join(Order, Order.id == Instalment.order_id)
        .where(Instalment.contact_id == contact_id, Instalment.claimed_on.is_(None), Order.state == CONFIRMED)
    )
    planned = [
        PlannedItem(
            row.id,
            row.order_id or 0,
            number or "",
            row.label,
            row.event,
            row.due_on,
            row.currency,
            from_minor(row.amount, row.currency),
        )
        for row, number in work.session.execute(asked)
    ]
    planned.sort(key=lambda one: (one.due_on or date.max, one.number, one.id))
    return DueItems(open_items(work, contact_id), open_credits(work, contact_id), tuple(planned))


def _belongs(row: adding.Row | None, story: _Story | None, plan: _Plan | None, ahead: int | None) -> bool:
    if ahead is not None:
        late = story is not None and (story.oldest is not None or story.falling)
        return bool(late or (plan is not None and plan.within))
    return row is not None and any(row[2:-2])


def _stories(work: Work, asked_day: Day, until: date) -> Mapping[tuple[int, str], _Story]:
    day = asked_day.as_of
    left = adding.open_of(Instalment, asked_day.dated).label("left")
    names = ("contact_id", "currency", "due_on", "disputed_on", "dunning_level", "dunned_on")
    # Worked out once for each row: what was open on a past day is added up from its allocations.
    rows = (
        select(left, *(getattr(Instalment, name) for name in names))
        .where(*adding.counted(Instalment, asked_day.dated))
        .subquery()
        .c
    )
    late, due, opened = rows.due_on < day, rows.due_on, rows.left
    nothing: Any = literal_column("0")
    asked = (
        select(
            *(rows.contact_id, rows.currency),
            func.min(case((late, due))),
            func.min(case((due >= day, due))),
            func.sum(case((due.between(day, until), opened), else_=nothing)),
            func.sum(case((rows.disputed_on.is_not(None), opened), else_=nothing)),
            func.max(rows.dunning_level),
            func.max(rows.dunned_on),
        )
        .where(opened != nothing)
        .group_by(rows.contact_id, rows.currency)
    )
    return {
        (row[0], row[1]): _Story(row[2], row[3], int(row[4]), int(row[5]), row[6], row[7])
        for row in work.session.execute(asked)
    }


def _plans(work: Work, until: date) -> Mapping[tuple[int, str], _Plan]:
    within = case((Instalment.due_on <= until, Instalment.amount), else_=literal_column("0"))
    asked = (
        select(
            *(Instalment.contact_id, Instalment.currency, func.sum(Instalment.amount)),
            *(func.min(Instalment.due_on), func.sum(within)),
        )
        .join(Order, Order.id == Instalment.order_id)
        # What is planned was never settled, and the index of what is not settled is short.
        .where(Instalment.claimed_on.is_(None), Instalment.settled_on.is_(None), Order.state == CONFIRMED)
        .group_by(Instalment.contact_id, Instalment.currency)
    )
    return {(row[0], row[1]): _Plan(int(row[2]), row[3], int(row[4])) for row in work.session.execute(asked)}


def _debtor(
    row: adding.Row, day: Day, story: _Story, plan: _Plan, contact: Customer, marks: Marks, rates: Rates
) -> Debtor:
    _id, currency, not_due, *buckets, undated, unapplied, balance = row
    overdue = sum(buckets)

    def money(minor: int) -> Decimal:
        return from_minor(minor, currency)

    return Debtor(
        contact_id=contact.id,
        name=contact.name,
        owner_id=contact.owner_id,
        currency=currency,
        overdue=money(overdue),
        worth=rates.of(overdue, currency),
        falling_due=money(story.falling),
        not_due=money(not_due),
        buckets=tuple(map(money, buckets)),
        undated=money(undated),
        unapplied=money(unapplied),
        balance=money(balance),
        oldest_due_on=story.oldest,
        oldest_late=None if story.oldest is None else (day.as_of - story.oldest).days,
        next_due_on=story.next,
        level=story.level,
        dunned_on=story.dunned,
        disputed=money(story.disputed),
        planned=money(plan.amount),
        planned_on=plan.first,
        promises=marks,
    )


def _worst_first(one: Debtor) -> tuple[Any, ...]:
    # An amount without a rate is taken as it is: it must not hide at the end of the list.
    worth = one.overdue if one.worth is None else one.worth
    return -worth, -(one.oldest_late or 0), one.next_due_on or one.planned_on or date.max, one.name, one.currency
