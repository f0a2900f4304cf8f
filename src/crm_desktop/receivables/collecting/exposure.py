"""What one customer uses of its credit: sums of rows, each worth what its own document says.

Whoever asks has lifted the row scope and shows none of the rows. Rates are those of the documents: company
currency per unit of theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import aliased

from crm_desktop.db.work import Work
from crm_desktop.orders.model import Delivery, Instalment, Order, OrderLine
from crm_desktop.orders.rules import CLOSED, CONFIRMED, ITEM
from crm_desktop.orders.taken_over import BEFORE
from crm_desktop.receivables import rules
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.money import exponent, from_minor, round_half_away

Worth = tuple[str, Decimal, Decimal]
"""Currency, rate, minor units."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """The sums, in the company's currency; the days on which its oldest open claims fell due.

    `oldest_due_on` is the oldest of all that are late, `oldest_undisputed_on` leaves disputed ones out.
    """

    open: Decimal
    overdue: Decimal
    unapplied: Decimal
    planned: Decimal
    oldest_due_on: date | None
    oldest_undisputed_on: date | None


def exposure_of(work: Work, contact_id: int, own: str, day: date) -> Exposure:
    """Return what a customer uses on `day`, which is today, in the currency `own`."""
    claims = _claims(work, contact_id, day)
    unapplied = [*_receipts(work, contact_id), *_credits(work, contact_id)]
    planned = [*_planned(work, contact_id), *_delivered_of_closed(work, contact_id)]
    return Exposure(
        open=_sum(((row.currency, row.rate, row.open) for row in claims), own),
        overdue=_sum(((row.currency, row.rate, row.overdue) for row in claims), own),
        unapplied=_sum(unapplied, own),
        planned=_sum(planned, own),
        oldest_due_on=min((row.oldest for row in claims if row.oldest), default=None),
        oldest_undisputed_on=min((row.undisputed for row in claims if row.undisputed), default=None),
    )


def worth(amount: Decimal, rate: Decimal, own: str) -> Decimal:
    """Return an amount at a rate, rounded as the currency `own` is."""
    return round_half_away(amount * rate, exponent(own))


def _sum(parts: Iterable[Worth], own: str) -> Decimal:
    values = (from_minor(1, currency) * Decimal(minor) * rate for currency, rate, minor in parts)
    return round_half_away(sum(values, Decimal(0)), exponent(own))


def _claims(work: Work, contact_id: int, day: date) -> list[Any]:
    rate = func.coalesce(Invoice.rate, Order.rate).label("rate")
    late = Instalment.due_on < day
    asked = (
        select(
            Instalment.currency,
            rate,
            func.sum(Instalment.open_amount).label("open"),
            func.sum(case((late, Instalment.open_amount), else_=0)).label("overdue"),
            func.min(case((late, Instalment.due_on))).label("oldest"),
            func.min(case((late & Instalment.disputed_on.is_(None), Instalment.due_on))).label("undisputed"),
        )
        .outerjoin(Invoice, Invoice.id == Instalment.invoice_id)
        .outerjoin(Order, Order.id == Instalment.order_id)
        .where(Instalment.contact_id == contact_id, Instalment.open_amount != 0, Instalment.claimed_on.is_not(None))
        .group_by(Instalment.currency, rate)
    )
    return list(work.session.execute(asked))


def _receipts(work: Work, contact_id: int) -> list[Any]:
    asked = select(Receipt.currency, Receipt.rate, func.sum(Receipt.open_amount)).where(
        Receipt.contact_id == contact_id, Receipt.kind == rules.RECEIPT, Receipt.open_amount != 0
    )
    return list(work.session.execute(asked.group_by(Receipt.currency, Receipt.rate)))


def _credits(work: Work, contact_id: int) -> list[Any]:
    asked = select(Invoice.currency, Invoice.rate, func.sum(Invoice.open_amount)).where(
        Invoice.contact_id == contact_id,
        Invoice.kind == rules.CREDIT,
        Invoice.state == rules.POSTED,
        Invoice.open_amount != 0,
    )
    return list(work.session.execute(asked.group_by(Invoice.currency, Invoice.rate)))


def _planned(work: Work, contact_id: int) -> list[Any]:
    asked = (
        select(Instalment.currency, Order.rate, func.sum(Instalment.amount))
        .join(Order, Order.id == Instalment.order_id)
        .where(Instalment.contact_id == contact_id, Instalment.claimed_on.is_(None), Order.state == CONFIRMED)
    )
    return list(work.session.execute(asked.group_by(Instalment.currency, Order.rate)))


def _delivered_of_closed(work: Work, contact_id: int) -> list[Worth]:
    """Return what went out for orders closed short and is not invoiced yet: it will be, or is lost.

    Where the contract itself was the claim nothing is left to claim; and what was delivered before its order
    came here was claimed there: what is open of that comes in with its invoices.
    """
    claimed = aliased(Instalment)
    by_contract = exists().where(
        claimed.order_id == Order.id, claimed.claimed_on.is_not(None), claimed.invoice_id.is_(None)
    )
    before = exists().where(Delivery.order_id == Order.id, Delivery.serial == BEFORE)
    asked = (
        select(
            Order.currency,
            Order.rate,
            OrderLine.net + OrderLine.tax,
            OrderLine.delivered,
            OrderLine.invoiced,
            OrderLine.quantity,
        )
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(
            Order.contact_id == contact_id,
            Order.state == CLOSED,
            OrderLine.kind == ITEM,
            OrderLine.delivered > OrderLine.invoiced,
            ~by_contract,
            ~before,
        )
    )
    return [
        (currency, rate, gross * (delivered - invoiced) / quantity)
        for currency, rate, gross, delivered, invoiced, quantity in work.session.execute(asked)
    ]
