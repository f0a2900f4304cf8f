"""What is open between the company and one customer: instalments to be paid, credits and advances to be used."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.company import today
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.receivables import rules
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.places import places_of
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, requires

LAST: Final = date.max
"""Where what has no day stands in order."""


@dataclass(frozen=True, slots=True)
class OpenInstalment:
    """A claimed instalment that is not settled yet; `late` days are 0 or less when it is not overdue.

    `number` is the invoice's, or the order's when the confirmed order claims; `place` is "2/3" in a
    document of several instalments, else "".
    """

    id: int
    invoice_id: int | None
    order_id: int | None
    number: str
    place: str
    label: str
    dated_on: date
    due_on: date | None
    event: str
    late: int | None
    amount: Decimal
    open: Decimal
    disputed: bool
    dispute_reason: str
    dunning_level: int


@dataclass(frozen=True, slots=True)
class OpenCredit:
    """A credit note ("credit") or money received ("receipt") that is not used up yet."""

    kind: str
    id: int
    number: str
    dated_on: date
    label: str
    open: Decimal

    @property
    def key(self) -> tuple[str, int]:
        """Return what names it where amounts are taken from it."""
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class OpenItems:
    """Everything open in one currency; `balance` is what the customer owes, less than 0 when we do."""

    currency: str
    instalments: tuple[OpenInstalment, ...]
    credits: tuple[OpenCredit, ...]
    balance: Decimal


@requires(Permission.RECEIPT_READ)
def open_items(work: Work, contact_id: int, currency: str) -> OpenItems:
    """Return what is open with a customer in one currency, in the order it is proposed to be paid.

    That is by due date, what has none last, then by the day of the document and its number.
    """
    instalments = _instalments(work, contact_id, currency)
    usable = _credits(work, contact_id, currency)
    balance = sum((one.open for one in instalments), Decimal(0)) - sum((one.open for one in usable), Decimal(0))
    return OpenItems(currency, instalments, usable, balance)


@requires(Permission.RECEIPT_READ)
def open_currencies(work: Work, contact_id: int) -> tuple[str, ...]:
    """Return the currencies in which anything is open with a customer, the one due first in front."""
    due: dict[str, date] = {}
    asked = select(Instalment.currency, Instalment.due_on).where(
        Instalment.contact_id == contact_id, Instalment.open_amount != 0
    )
    for currency, due_on in work.session.execute(asked):
        due[currency] = min(due.get(currency, LAST), due_on or LAST)
    for entity in (Receipt, Invoice):
        unused = select(entity.currency).where(entity.contact_id == contact_id, entity.open_amount != 0)
        if entity is Invoice:
            unused = unused.where(Invoice.kind == rules.CREDIT)
        for currency in work.session.scalars(unused.distinct()):
            due.setdefault(currency, LAST)
    return tuple(sorted(due, key=lambda currency: (due[currency], currency)))


def _instalments(work: Work, contact_id: int, currency: str) -> tuple[OpenInstalment, ...]:
    number = (Invoice.number, Order.number)
    asked: Any = (
        select(Instalment, *number)
        .outerjoin(Invoice, Invoice.id == Instalment.invoice_id)
        .outerjoin(Order, Order.id == Instalment.order_id)
        .where(Instalment.contact_id == contact_id, Instalment.currency == currency, Instalment.open_amount != 0)
        .execution_options(populate_existing=True)
    )
    rows = work.session.execute(asked).all()
    places = places_of(work, ((row.invoice_id, row.order_id) for row, *_numbers in rows))
    day = today(work)
    found = [
        OpenInstalment(
            id=row.id,
            invoice_id=row.invoice_id,
            order_id=row.order_id,
            number=(invoiced if row.invoice_id is not None else ordered) or "",
            place=places.get(row.id, ""),
            label=row.label,
            dated_on=row.dated_on or row.claimed_on,
            due_on=row.due_on,
            event=row.event,
            late=rules.days_late(row.due_on, day),
            amount=from_minor(row.amount, currency),
            open=from_minor(row.open_amount, currency),
            disputed=row.disputed_on is not None,
            dispute_reason=row.dispute_reason,
            dunning_level=row.dunning_level,
        )
        for row, invoiced, ordered in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.due_on or LAST, one.dated_on, one.number, one.id)))


def _credits(work: Work, contact_id: int, currency: str) -> tuple[OpenCredit, ...]:
    noted = select(Invoice.id, Invoice.number, Invoice.dated_on, Invoice.reason, Invoice.open_amount).where(
        Invoice.contact_id == contact_id,
        Invoice.currency == currency,
        Invoice.open_amount != 0,
        Invoice.kind == rules.CREDIT,
        Invoice.state == rules.POSTED,
    )
    received = select(Receipt.id, Receipt.number, Receipt.dated_on, Receipt.reference, Receipt.open_amount).where(
        Receipt.contact_id == contact_id,
        Receipt.currency == currency,
        Receipt.open_amount != 0,
        Receipt.kind == rules.RECEIPT,
    )
    found = [
        OpenCredit(kind, id_, number or "", dated_on, label, from_minor(open_amount, currency))
        for kind, asked in ((rules.CREDIT, noted), (rules.RECEIPT, received))
        for id_, number, dated_on, label, open_amount in work.session.execute(asked)
    ]
    return tuple(sorted(found, key=lambda one: (one.dated_on, one.kind, one.id)))
