"""What customers promise to pay, and whether they did: computed from the receipts, never ticked by hand."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Date, bindparam, func, select
from sqlalchemy.orm import aliased

from crm_desktop.access.company import today
from crm_desktop.db.prepared import run_prepared
from crm_desktop.db.work import Work
from crm_desktop.receivables import rules
from crm_desktop.receivables.ledger_model import Promise, Receipt
from crm_desktop.receivables.money.receipt_rows import customer_of
from crm_desktop.receivables.money.receipt_values import clean_currency, minor
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.text import clean_line, clean_multiline

OPEN: Final = "open"
KEPT: Final = "kept"
BROKEN: Final = "broken"
WITHDRAWN: Final = "withdrawn"
STATES: Final = (
    (OPEN, N_("Promised")),
    (KEPT, N_("Kept")),
    (BROKEN, N_("Broken")),
    (WITHDRAWN, N_("Withdrawn")),
)
_AT_ONCE: Final = 500
_CONTACT: Final = bindparam("contact", None, type_=BigInteger)


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise as it stands: `received` is what came in for it from the day it was made until its day."""

    id: int
    version: int
    contact_id: int
    currency: str
    amount: Decimal
    made_on: date
    due_on: date
    person: str
    notes: str
    by: int | None
    received: Decimal
    state: str


@dataclass(frozen=True, slots=True)
class Marks:
    """How a customer keeps promises: how many of each state, and the open one that is due first."""

    kept: int
    broken: int
    open: int
    next_due_on: date | None
    next_amount: Decimal | None
    next_currency: str


class _Judged(NamedTuple):
    id: int
    currency: str
    amount: int
    made_on: date
    due_on: date
    withdrawn_on: date | None


@requires(Permission.PROMISE_WRITE, Permission.RECEIPT_READ)
def promise(work: Work, contact_id: int, values: Mapping[str, Any]) -> int:
    """Write down what a customer promised and return its id.

    `values`: currency, amount, due_on, made_on (today), person, notes. Raises Invalid: contact_id,
    currency, amount, due_on, made_on.
    """
    contact = customer_of(work, contact_id)
    currency = clean_currency(values.get("currency"))
    day = today(work)
    made_on, due_on = values.get("made_on") or day, values.get("due_on")
    if not isinstance(made_on, date) or made_on > day:
        raise Invalid("made_on", N_("This day is still to come. Choose today or an earlier day."))
    if not isinstance(due_on, date) or due_on < made_on:
        raise Invalid("due_on", N_("Say until when it is promised: that day or a later one."))
    row = Promise(
        contact_id=contact.id,
        owner_key=contact.owner_key,
        contact_sort=contact.sort_key,
        currency=currency,
        amount=minor("amount", values.get("amount"), currency),
        made_on=made_on,
        due_on=due_on,
        person=clean_line(str(values.get("person") or "")),
        notes=clean_multiline(str(values.get("notes") or "")),
        created_at=work.now,
        created_by=work.actor.user_id,
    )
    work.session.add(row)
    work.session.flush()
    return row.id


@requires(Permission.PROMISE_WRITE, Permission.RECEIPT_READ)
def withdraw(work: Work, promise_id: int, version: int) -> None:
    """Let a promise count no more: written down by mistake, or replaced. Raises Conflict, NotFound, Invalid."""
    row = work.get(Promise, promise_id, version)
    if row.withdrawn_on is not None:
        raise Invalid("promise", N_("This promise was withdrawn already."))
    row.withdrawn_on = today(work)
    work.session.flush()
    work.note("promise", row.id, "withdraw", contact_id=row.contact_id, version=row.version)


@requires(Permission.RECEIPT_READ)
def promises_of(work: Work, contact_id: int) -> tuple[Promised, ...]:
    """Return the promises of a customer, the latest due first."""
    return of_customers(work, (contact_id,)).get(contact_id, ())


@requires(Permission.RECEIPT_READ)
def of_customers(
    work: Work, contact_ids: Collection[int] | None = None, *, as_of: date | None = None
) -> dict[int, tuple[Promised, ...]]:
    """Return the promises of these customers, of everybody in reach for None, the latest due first.

    Who never promised is left out. They stand as of a day (None: today); a day to come is judged as today.
    """
    day = min(as_of or date.max, today(work))
    found: dict[int, tuple[Promised, ...]] = {}
    if contact_ids is None:
        contact_ids = set(work.session.scalars(select(Promise.contact_id).distinct()))
    wanted = sorted(set(contact_ids))
    for start in range(0, len(wanted), _AT_ONCE):
        for contact_id, made in _promised(work, wanted[start : start + _AT_ONCE], day).items():
            found[contact_id] = tuple(sorted(made, key=lambda one: (one.due_on, one.id), reverse=True))
    return found


@requires(Permission.RECEIPT_READ)
def marks(work: Work, contact_ids: Iterable[int], *, as_of: date | None = None) -> dict[int, Marks]:
    """Return how each of these customers keeps promises, as of a day; who never promised is left out."""
    counted = {
        contact_id: [one for one in made if one.state != WITHDRAWN]
        for contact_id, made in of_customers(work, set(contact_ids), as_of=as_of).items()
    }
    return {contact_id: _marks(made) for contact_id, made in counted.items() if made}


@requires(Permission.RECEIPT_READ)
def states_of(work: Work, contact_id: int) -> dict[int, str]:
    """Return how each promise of a customer stands today: as `promises_of` says, for one with thousands too."""
    day, scope = today(work), work.actor.scope_key
    found = run_prepared(work, ("promises judged", scope), lambda: _judged(work.actor), {"contact": contact_id})
    rows = [_Judged(*row) for row in found if row[3] <= day]
    counting = [one for one in rows if not _withdrawn(one, day)]
    if not counting:
        return {one.id: WITHDRAWN for one in rows}
    days = {"contact": contact_id, "first": min(one.made_on for one in counting), "last": day}
    paid: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for currency, dated_on, amount in run_prepared(work, ("promises paid", scope), lambda: _paid(work.actor), days):
        paid[currency].append((dated_on, int(amount)))
    received: dict[int, int] = {}
    for currency in {one.currency for one in counting}:
        made = [(one.id, one.made_on, one.due_on, one.amount) for one in counting if one.currency == currency]
        received |= received_for(made, paid[currency])
    return {one.id: _state(one, received.get(one.id, 0), day) for one in rows}


def received_for(
    promises: Sequence[tuple[int, date, date, int]], receipts: Iterable[tuple[date, int]]
) -> dict[int, int]:
    """Return how much came in for each promise (id, made on, due on, minor units) of one customer and currency.

    Money counts once: for the promise due first among those in whose days it came.
    """
    days, left = _by_day(receipts)
    # From each day the next one that has money left, found in few steps however much is used up.
    onward = list(range(len(days) + 1))
    received: dict[int, int] = {}
    for id_, made_on, due_on, amount in sorted(promises, key=lambda one: (one[2], one[1], one[0])):
        missing = amount
        place = _next(onward, bisect_left(days, made_on))
        while missing and place < len(days) and days[place] <= due_on:
            some = min(missing, left[place])
            left[place] -= some
            missing -= some
            if not left[place]:
                onward[place] = place + 1
                place = _next(onward, place)
        received[id_] = amount - missing
    return received


def _by_day(receipts: Iterable[tuple[date, int]]) -> tuple[list[date], list[int]]:
    """Return the days money came on, and how much on each."""
    money: dict[date, int] = defaultdict(int)
    for day, amount in receipts:
        money[day] += amount
    found = sorted((day, amount) for day, amount in money.items() if amount > 0)
    return [day for day, _amount in found], [amount for _day, amount in found]


def _next(onward: list[int], place: int) -> int:
    while onward[place] != place:
        onward[place] = onward[onward[place]]
        place = onward[place]
    return place


def _promised(work: Work, contact_ids: Sequence[int], day: date) -> dict[int, list[Promised]]:
    """Return the promises of customers made until a day, each with what came in for it by then."""
    made_by_then = select(Promise).where(Promise.contact_id.in_(list(contact_ids)), Promise.made_on <= day)
    rows = list(work.session.scalars(made_by_then))
    received = _received(work, rows, day)
    found: dict[int, list[Promised]] = defaultdict(list)
    for row in rows:
        found[row.contact_id].append(_shown(row, received.get(row.id, 0), day))
    return found


def _received(work: Work, rows: Iterable[Any], day: date) -> dict[int, int]:
    """Return what came in until a day for each promise; nothing for what was withdrawn."""
    groups: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in rows:
        if not _withdrawn(row, day):
            groups[row.contact_id, row.currency].append(row)
    money = _money(work, groups, day)
    received: dict[int, int] = {}
    for key, made in groups.items():
        received |= received_for([(one.id, one.made_on, one.due_on, one.amount) for one in made], money[key])
    return received


def _withdrawn(row: Any, day: date) -> bool:
    return row.withdrawn_on is not None and row.withdrawn_on <= day


def _money(work: Work, groups: Mapping[tuple[int, str], Sequence[Any]], day: date) -> dict[Any, list[tuple[date, int]]]:
    """Return day and amount of what customers paid from their first promise to a day, what was reversed left out."""
    money: dict[Any, list[tuple[date, int]]] = defaultdict(list)
    if not groups:
        return money
    first = min(one.made_on for made in groups.values() for one in made)
    asked = (
        select(Receipt.contact_id, Receipt.currency, Receipt.dated_on, func.sum(Receipt.amount))
        .where(
            Receipt.contact_id.in_(sorted({contact_id for contact_id, _currency in groups})),
            *_arrived(),
            Receipt.dated_on.between(first, day),
        )
        .group_by(Receipt.contact_id, Receipt.currency, Receipt.dated_on)
    )
    for contact_id, currency, dated_on, amount in work.session.execute(asked):
        money[contact_id, currency].append((dated_on, int(amount)))
    return money


def _judged(actor: Actor) -> Any:
    """Return what it takes to say whether each promise of a customer was kept, in the order of `_Judged`."""
    columns = (Promise.id, Promise.currency, Promise.amount, Promise.made_on, Promise.due_on, Promise.withdrawn_on)
    return select(*columns).where(Promise.contact_id == _CONTACT, Promise.visible_to(actor))


def _paid(actor: Actor) -> Any:
    """Return currency, day and amount of what one customer paid between two days, what was reversed left out."""
    between = Receipt.dated_on.between(bindparam("first", None, type_=Date), bindparam("last", None, type_=Date))
    return (
        select(Receipt.currency, Receipt.dated_on, func.sum(Receipt.amount))
        .where(Receipt.contact_id == _CONTACT, *_arrived(), between, Receipt.visible_to(actor))
        .group_by(Receipt.currency, Receipt.dated_on)
    )


def _arrived() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of money that came in and was not reversed."""
    reversal = aliased(Receipt)
    back = select(reversal.id).where(reversal.kind == rules.REVERSAL, reversal.origin_id == Receipt.id).exists()
    return Receipt.kind == rules.RECEIPT, ~back


def _shown(row: Promise, received: int, day: date) -> Promised:
    return Promised(
        id=row.id,
        version=row.version,
        contact_id=row.contact_id,
        currency=row.currency,
        amount=from_minor(row.amount, row.currency),
        made_on=row.made_on,
        due_on=row.due_on,
        person=row.person,
        notes=row.notes,
        by=row.created_by,
        received=from_minor(received, row.currency),
        state=_state(row, received, day),
    )


def _state(row: Any, received: int, day: date) -> str:
    if _withdrawn(row, day):
        return WITHDRAWN
    if received >= row.amount:
        return KEPT
    return BROKEN if row.due_on < day else OPEN


def _marks(made: Sequence[Promised]) -> Marks:
    waiting = sorted((one for one in made if one.state == OPEN), key=lambda one: (one.due_on, one.id))
    first = waiting[0] if waiting else None
    return Marks(
        kept=sum(one.state == KEPT for one in made),
        broken=sum(one.state == BROKEN for one in made),
        open=len(waiting),
        next_due_on=first.due_on if first else None,
        next_amount=first.amount if first else None,
        next_currency=first.currency if first else "",
    )
