"""What customers owe, as functions of a day: the one source of every balance, ageing, statement and due list.

Today is answered from the amounts that `ledger` keeps, any past day from dated claims and allocations alone;
both say the same (`proof`). Amounts are decimals of their currency here, whole minor units in `as_of`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Select, func, literal_column, select

from crm_desktop.access.company import company, today
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.receivables import rules
from crm_desktop.receivables.collecting import as_of as adding
from crm_desktop.receivables.collecting.as_of import EVERYTHING, Question, Row
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money.open_items import LAST
from crm_desktop.receivables.places import places_of
from crm_desktop.receivables.settings import get_settings
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, requires

LOOKS: Final = (Permission.INVOICE_READ, Permission.RECEIPT_READ)
"""What somebody needs who looks at balances."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What is open in one currency on a day; `contact_id` is 0 where it is of all customers in reach.

    not due + buckets + undated − unapplied = balance. `oldest_due_on` is the first day among what is late.
    """

    contact_id: int
    currency: str
    as_of: date
    not_due: Decimal
    buckets: tuple[Decimal, ...]
    undated: Decimal
    unapplied: Decimal
    balance: Decimal
    oldest_due_on: date | None = None

    @property
    def overdue(self) -> Decimal:
        """Return what was due before the day."""
        return sum(self.buckets, Decimal(0))

    @property
    def oldest_late(self) -> int | None:
        """Return since how many days the oldest of it is late, None when nothing is."""
        return None if self.oldest_due_on is None else (self.as_of - self.oldest_due_on).days


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """One customer's balances, the company's currency first; currencies in which nothing is open are left out.

    `bounds` are the last days of all buckets but the last (`rules.bucket_ranges`).
    """

    contact_id: int
    as_of: date
    bounds: tuple[int, ...]
    balances: tuple[Balance, ...]

    def of(self, currency: str) -> Balance:
        """Return the balance in a currency, zeros when nothing is open in it."""
        return next(
            (one for one in self.balances if one.currency == currency),
            nothing(self.contact_id, currency, self.as_of, self.bounds),
        )


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An instalment that is open on a day; `late` days are 0 or less when it is not overdue, None without a day.

    `number` is the invoice's, or the order's where the confirmed order claims; `place` is "2/3" in a
    document of several instalments, else "". Dispute and dunning are as they are today.
    """

    id: int
    contact_id: int
    invoice_id: int | None
    order_id: int | None
    number: str
    place: str
    label: str
    event: str
    dated_on: date
    due_on: date | None
    late: int | None
    currency: str
    amount: Decimal
    open: Decimal
    salesperson_id: int | None
    disputed_on: date | None
    dispute_reason: str
    dunning_level: int
    dunned_on: date | None


@dataclass(frozen=True, slots=True)
class OpenCredit:
    """Money received ("receipt") or a credit note ("credit") that is not used up on a day."""

    kind: str
    id: int
    contact_id: int
    number: str
    dated_on: date
    currency: str
    amount: Decimal
    open: Decimal


@dataclass(frozen=True, slots=True)
class Day:
    """The day something is asked of, and how: `past` days ignore what is kept."""

    as_of: date
    past: bool
    bounds: tuple[int, ...] = field(default=())

    @property
    def dated(self) -> date | None:
        """Return the day until which rows count, None when the kept amounts say it."""
        return self.as_of if self.past else None

    def question(self, **asked: Any) -> Question:
        """Return what `as_of.rows` is asked."""
        return Question(self.as_of, not self.past, self.bounds, **asked)


@requires(*LOOKS)
def day_of(work: Work, as_of: date | None) -> Day:
    """Return the day that is asked of, None being today; a day to come is aged with what is open today."""
    now = today(work)
    day = as_of or now
    return Day(day, day < now, get_settings(work).buckets)


@requires(*LOOKS)
def card(work: Work, contact_id: int, as_of: date | None = None) -> CustomerCard:
    """Return what one customer owes on a day, per currency."""
    day = day_of(work, as_of)
    found = adding.rows(work, day.question(contact_id=contact_id))
    oldest = _oldest(work, contact_id, day)
    own = company(work).currency
    balances = [balance_of(row, day, contact_id, oldest.get(row[1])) for row in found]
    balances.sort(key=lambda one: (one.currency != own, one.currency))
    return CustomerCard(contact_id, day.as_of, day.bounds, tuple(balances))


@requires(*LOOKS)
def totals(work: Work, as_of: date | None = None) -> tuple[Balance, ...]:
    """Return what all customers in reach owe on a day, per currency, the company's first."""
    day = day_of(work, as_of)
    own = company(work).currency
    found = [balance_of(row, day, 0) for row in adding.rows(work, day.question(key=EVERYTHING))]
    return tuple(sorted(found, key=lambda one: (one.currency != own, one.currency)))


@requires(*LOOKS)
def open_items(
    work: Work, contact_id: int | None = None, as_of: date | None = None, currency: str = ""
) -> tuple[OpenItem, ...]:
    """Return the instalments that are open on a day, by the day they are due; those without one come last."""
    day = day_of(work, as_of)
    rows = work.session.execute(_items(day.dated, contact_id, currency)).all()
    places = places_of(work, ((row.invoice_id, row.order_id) for row in rows))
    found = [
        OpenItem(
            id=row.id,
            contact_id=row.contact_id,
            invoice_id=row.invoice_id,
            order_id=row.order_id,
            number=row.number or "",
            place=places.get(row.id, ""),
            label=row.label,
            event=row.event,
            dated_on=row.dated_on or row.claimed_on,
            due_on=row.due_on,
            late=rules.days_late(row.due_on, day.as_of),
            currency=row.currency,
            amount=from_minor(row.amount, row.currency),
            open=from_minor(row.left, row.currency),
            salesperson_id=row.salesperson_id,
            disputed_on=row.disputed_on,
            dispute_reason=row.dispute_reason,
            dunning_level=row.dunning_level,
            dunned_on=row.dunned_on,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.due_on or LAST, one.dated_on, one.number, one.id)))


@requires(*LOOKS)
def open_credits(
    work: Work, contact_id: int | None = None, as_of: date | None = None, currency: str = ""
) -> tuple[OpenCredit, ...]:
    """Return the money and the credit notes that are not used up on a day, the oldest first."""
    day = day_of(work, as_of)
    found = []
    for entity, kind, amount in ((Receipt, rules.RECEIPT, Receipt.amount), (Invoice, rules.CREDIT, Invoice.total)):
        left = adding.open_of(entity, day.dated).label("left")
        asked = select(
            entity.id, entity.contact_id, entity.number, entity.dated_on, entity.currency, amount.label("amount"), left
        )
        asked = _narrowed(asked.where(*adding.counted(entity, day.dated)), entity, contact_id, currency)
        found += [
            OpenCredit(
                kind,
                row.id,
                row.contact_id,
                row.number or "",
                row.dated_on,
                row.currency,
                from_minor(row.amount, row.currency),
                from_minor(row.left, row.currency),
            )
            for row in work.session.execute(asked)
            if row.left
        ]
    return tuple(sorted(found, key=lambda one: (one.dated_on, one.kind, one.id)))


def nothing(contact_id: int, currency: str, as_of: date, bounds: Sequence[int]) -> Balance:
    """Return the balance of somebody who owes nothing."""
    none = from_minor(0, currency)
    return Balance(contact_id, currency, as_of, none, (none,) * (len(bounds) + 1), none, none, none)


def balance_of(row: Row, day: Day, contact_id: int, oldest_due_on: date | None = None) -> Balance:
    """Return a row of minor units as a balance."""
    not_due, *buckets, undated, unapplied, balance = (from_minor(minor, row[1]) for minor in row[2:])
    return Balance(contact_id, row[1], day.as_of, not_due, tuple(buckets), undated, unapplied, balance, oldest_due_on)


def bucket_labels(bounds: Iterable[int]) -> tuple[str, ...]:
    """Return what the buckets are called, by their days: "1–30", "31–60", "61+"."""
    return tuple(
        f"{first}+" if last is None else f"{first}–{last}" for first, last in rules.bucket_ranges(tuple(bounds))
    )


def _oldest(work: Work, contact_id: int, day: Day) -> dict[str, date]:
    left = adding.open_of(Instalment, day.dated)
    asked = (
        select(Instalment.currency, func.min(Instalment.due_on))
        .where(
            Instalment.contact_id == contact_id,
            Instalment.due_on < day.as_of,
            *adding.counted(Instalment, day.dated),
            left != literal_column("0"),
        )
        .group_by(Instalment.currency)
    )
    return {currency: day_ for currency, day_ in work.session.execute(asked) if day_ is not None}


def _items(dated: date | None, contact_id: int | None, currency: str) -> Select[Any]:
    left = adding.open_of(Instalment, dated).label("left")
    number = func.coalesce(Invoice.number, Order.number).label("number")
    names = (
        *("id", "contact_id", "invoice_id", "order_id", "label", "event", "dated_on", "claimed_on", "due_on"),
        *("currency", "amount", "salesperson_id", "disputed_on", "dispute_reason", "dunning_level", "dunned_on"),
    )
    asked = (
        select(*(getattr(Instalment, name) for name in names), number, left)
        .outerjoin(Invoice, Invoice.id == Instalment.invoice_id)
        .outerjoin(Order, Order.id == Instalment.order_id)
        .where(*adding.counted(Instalment, dated), left != literal_column("0"))
    )
    return _narrowed(asked, Instalment, contact_id, currency)


def _narrowed(asked: Select[Any], entity: Any, contact_id: int | None, currency: str) -> Select[Any]:
    if contact_id is not None:
        asked = asked.where(entity.contact_id == contact_id)
    return asked.where(entity.currency == currency) if currency else asked
