"""Customers silent for longer than their own rhythm: days since the last order over 1.5 times the usual gap."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Final

from sqlalchemy import func, select

from crm_desktop.access.company import today
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.model import Order
from crm_desktop.shared.permissions import Permission, requires

LEAST_ORDERS: Final = 3
LONGER: Final = Decimal("1.5")
"""By how much the silence must exceed the median gap between the days of a customer's orders."""
GONE_DAYS: Final = 730
"""Who has ordered nothing for longer than this is not quiet but gone."""
_BINDING: Final = (rules.CONFIRMED, rules.CLOSED)
_AT_ONCE: Final = 400


@dataclass(frozen=True, slots=True)
class Quiet:
    """A customer that has fallen silent: it used to order every `every_days`, and nothing for `silent_days`."""

    contact_id: int
    name: str
    every_days: Decimal
    silent_days: int
    last_order_on: date
    owner_id: int | None
    orders: int
    """On how many days it ordered."""


@requires(Permission.CONTACT_READ, Permission.ORDER_READ)
def quiet(work: Work, limit: int | None = None) -> tuple[Quiet, ...]:
    """Return who has fallen silent, those who ordered most often first; at most `limit` of them.

    Orders that are or were binding count, and days, not orders: three on one day are one. At least three days.
    """
    day = today(work)
    found: list[Quiet] = []
    for ordered in _candidates(work, day):
        found += _quiet(work, ordered, day)
        if limit is not None and len(found) >= limit:
            return tuple(found[:limit])
    return tuple(found)


def every(days: Sequence[date]) -> Decimal | None:
    """Return the median gap in days between the days of a customer's orders, None of fewer than three days."""
    distinct = sorted(set(days))
    if len(distinct) < LEAST_ORDERS:
        return None
    return median(Decimal((later - sooner).days) for sooner, later in pairwise(distinct))


def is_quiet(days: Sequence[date], day: date) -> bool:
    """Return whether who ordered on these days is silent for longer than that rhythm on a day."""
    gap = every(days)
    return gap is not None and (day - max(days)).days > LONGER * gap


def _candidates(work: Work, day: date) -> Iterator[Sequence[int]]:
    """Yield blocks of those who ordered on three days and not since yesterday, the most frequent first."""
    last = func.max(Order.dated_on)
    often = func.count(Order.dated_on.distinct())
    asked = (
        select(Order.contact_id)
        .where(Order.state.in_(_BINDING))
        .group_by(Order.contact_id)
        # With gaps of at least one day nobody is quiet before the second.
        .having(last.between(day - timedelta(days=GONE_DAYS), day - timedelta(days=2)), often >= LEAST_ORDERS)
        .order_by(often.desc(), Order.contact_id)
    )
    ids = work.session.scalars(asked).all()
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _quiet(work: Work, ids: Sequence[int], day: date) -> Iterator[Quiet]:
    days = _days(work, ids)
    silent = [id_ for id_ in ids if is_quiet(days[id_], day)]
    asked = select(Contact.id, Contact.name, Contact.owner_id).where(
        Contact.id.in_(silent), Contact.archived_at.is_(None), Contact.merged_into_id.is_(None)
    )
    known = {row.id: row for row in work.session.execute(asked)} if silent else {}
    for id_ in silent:
        if id_ in known:
            ordered, row = days[id_], known[id_]
            gap = every(ordered)
            assert gap is not None
            last = max(ordered)
            yield Quiet(id_, row.name, gap, (day - last).days, last, row.owner_id, len(set(ordered)))


def _days(work: Work, ids: Sequence[int]) -> Mapping[int, list[date]]:
    found: dict[int, list[date]] = {id_: [] for id_ in ids}
    asked = select(Order.contact_id, Order.dated_on).where(Order.contact_id.in_(ids), Order.state.in_(_BINDING))
    for contact_id, day in work.session.execute(asked):
        found[contact_id].append(day)
    return found
