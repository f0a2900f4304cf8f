"""The demo's invoices and credit notes: drafts written many at a time, posted by the program's own service."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import insert, select

from crm_desktop.app.demo.deals import workday
from crm_desktop.app.demo.shipping import Parcel, Sold
from crm_desktop.db.work import Work
from crm_desktop.orders import composing
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.model import Instalment, Order, OrderLine
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import credit_notes, posting
from crm_desktop.receivables.billing.invoices import INVOICES
from crm_desktop.receivables.model import Invoice, InvoiceLine

_CARRIED: Final = tuple(name for name in composing.INVOICE_HEADER if name not in ("dated_on", "due_on", "reason"))
_LATEST_DAYS: Final = 4
"""Bills of parcels that went out in the last days may still be drafts."""


class Claim(NamedTuple):
    """An instalment that is owed now."""

    id: int
    contact_id: int
    order_id: int | None
    currency: str
    amount: int
    due_on: date | None
    billed_on: date
    rate: Decimal


@dataclass(slots=True)
class _Bill:
    parcel: Parcel
    day: date
    columns: dict[str, Any]
    lines: list[dict[str, Any]]


class BillBook:
    """Bills what went out and credits what came back, week by week."""

    def __init__(self, last: date, credit_reason: str, chance: random.Random) -> None:
        self.last = last
        self.credit_reason = credit_reason
        self.chance = chance
        self.waiting: list[tuple[date, Parcel]] = []
        self.invoices: dict[int, int] = {}
        """The posted invoice of each delivery."""
        self.drafts = 0

    def expect(self, parcels: Iterable[Parcel]) -> None:
        """Take note of what went out or came back: it is billed on the day or soon after."""
        for parcel in parcels:
            later = self.chance.choice((0, 0, 0, 1, 2, 3)) if parcel.of is None else self.chance.randint(1, 5)
            day = parcel.day + timedelta(days=later)
            self.waiting.append((min(max(workday(day), parcel.day), self.last), parcel))

    def write(self, work: Work, until: date) -> list[Claim]:
        """Post the bills and credit notes dated until a day and return what is claimed by them."""
        due = sorted((one for one in self.waiting if one[0] <= until), key=lambda one: (one[0], one[1].id))
        self.waiting = [one for one in self.waiting if one[0] > until]
        bills = self._composed(work, [one for one in due if one[1].of is None])
        ids = _insert(work, bills)
        posted: list[tuple[int, Parcel]] = []
        for id_, bill in zip(ids, bills, strict=True):
            if not self._stays_draft(bill):
                posted.append((id_, bill.parcel))
        if posted:
            posting.post_many(work, [(id_, 1) for id_, _parcel in posted])
        for id_, parcel in posted:
            self.invoices[parcel.id] = id_
        for day, parcel in due:
            if parcel.of is not None and parcel.of.id in self.invoices:
                self._credit(work, self.invoices[parcel.of.id], parcel, day)
        return _claims(work, [id_ for id_, _parcel in posted])

    def _stays_draft(self, bill: _Bill) -> bool:
        if (self.last - bill.day).days > _LATEST_DAYS:
            return False
        self.drafts += 1
        return self.drafts % 2 == 1

    def _composed(self, work: Work, due: Sequence[tuple[date, Parcel]]) -> list[_Bill]:
        orders, lines = _orders_of(work, {parcel.sold.id for _day, parcel in due})
        bills = []
        for day, parcel in due:
            order = orders[parcel.sold.id]
            if order.state == "cancelled":
                continue
            values = {name: getattr(order, composing.column_of(name)) for name in _CARRIED}
            values |= {"dated_on": day, "due_on": None, "reason": "", "discount_amount": Decimal(0), "opening": ""}
            items = [line for line in lines[order.id] if line.id in parcel.quantities]
            values["lines"] = [_line(line, parcel.quantities[line.id]) for line in items]
            made = composing.compose(values, INVOICES.header, INVOICES.line_names)
            bills.append(_Bill(parcel, day, made.columns | _stamps(work, parcel, kind=rules.INVOICE), list(made.lines)))
        return bills

    def _credit(self, work: Work, invoice_id: int, parcel: Parcel, day: date) -> None:
        of_order = dict(
            work.session.execute(
                select(InvoiceLine.order_line_id, InvoiceLine.id).where(InvoiceLine.invoice_id == invoice_id)
            ).all()
        )
        back = {of_order[line_id]: -quantity for line_id, quantity in parcel.quantities.items() if line_id in of_order}
        made = credit_notes.from_invoice(work, invoice_id, back)
        row = work.get(Invoice, made)
        row.dated_on, row.reason, row.delivery_id = day, self.credit_reason, parcel.id
        work.session.flush()
        posting.post_many(work, [(made, row.version)])


def _line(line: Any, quantity: Decimal) -> dict[str, Any]:
    values = {name: getattr(line, name) for name in composing.LINE}
    return values | {"quantity": quantity, "order_line_id": line.id, "origin_line_id": None}


def _stamps(work: Work, parcel: Parcel, *, kind: str) -> dict[str, Any]:
    customer = parcel.sold.customer
    return {
        "kind": kind,
        "order_id": parcel.sold.id,
        "delivery_id": parcel.id,
        "owner_key": customer.owner_key,
        "contact_sort": customer.contact_sort,
        "state": rules.DRAFT,
        "version": 1,
        "created_at": work.now,
        "created_by": work.actor.user_id,
        "updated_at": work.now,
        "updated_by": work.actor.user_id,
    }


def _orders_of(work: Work, order_ids: set[int]) -> tuple[dict[int, Any], dict[int, list[Any]]]:
    """Return the orders by id and their lines by order."""
    orders: dict[int, Any] = {}
    lines: dict[int, list[Any]] = {}
    for some in portions(sorted(order_ids)):
        orders |= {row.id: row for row in work.session.scalars(select(Order).where(Order.id.in_(some)))}
        asked = select(OrderLine).where(OrderLine.order_id.in_(some))
        for line in work.session.scalars(asked.order_by(OrderLine.order_id, OrderLine.position)):
            lines.setdefault(line.order_id, []).append(line)
    return orders, lines


def _insert(work: Work, bills: Sequence[_Bill]) -> list[int]:
    if not bills:
        return []
    made = insert(Invoice).returning(Invoice.id, sort_by_parameter_order=True)
    ids = list(work.session.scalars(made, [bill.columns for bill in bills]))
    lines = [
        {name: value for name, value in line.items() if name != "id"} | {"invoice_id": id_}
        for bill, id_ in zip(bills, ids, strict=True)
        for line in bill.lines
    ]
    work.session.execute(insert(InvoiceLine), lines)
    return ids


def _claims(work: Work, invoice_ids: Sequence[int]) -> list[Claim]:
    found: list[Claim] = []
    for some in portions(invoice_ids):
        asked = select(
            Instalment.id,
            Instalment.contact_id,
            Instalment.order_id,
            Instalment.currency,
            Instalment.amount,
            Instalment.due_on,
            Invoice.dated_on,
            Invoice.rate,
        ).join(Invoice, Invoice.id == Instalment.invoice_id)
        found += [Claim(*row) for row in work.session.execute(asked.where(Instalment.invoice_id.in_(some)))]
    return sorted(found)


def deposits(work: Work, sold: Sequence[Sold]) -> dict[int, tuple[str, str, int, Decimal]]:
    """Return number, currency, amount and rate of the deposit of those new orders that ask for one."""
    found: dict[int, tuple[str, str, int, Decimal]] = {}
    for some in portions(sorted(one.id for one in sold)):
        asked = (
            select(Order.id, Order.number, Order.currency, Instalment.amount, Order.rate)
            .join(Instalment, Instalment.order_id == Order.id)
            .where(Order.id.in_(some), Instalment.position == 0, Instalment.due_on == Order.dated_on)
            .where(Instalment.amount < Order.total)
        )
        rows = work.session.execute(asked)
        found |= {id_: (number or "", currency, amount, rate) for id_, number, currency, amount, rate in rows}
    return found
