"""Drafts of invoices made from an order, from deliveries, or for one instalment: part by part, nothing twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select

from crm_desktop.db.base import Quantity
from crm_desktop.db.work import Work
from crm_desktop.orders import composing, totals
from crm_desktop.orders import rules as order_rules
from crm_desktop.orders.documents import ORDERS, header_of, lines_of
from crm_desktop.orders.model import Delivery, DeliveryLine, Instalment, Order
from crm_desktop.orders.parties import language_of
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import invoices, on_account
from crm_desktop.receivables.model import Invoice, InvoiceLine
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, open_to_all, requires

_CARRIED: Final = (
    *("contact_id", "person_id", "salesperson", "subject", "reference", "language", "currency", "rate"),
    *("prices_include_tax", "tax_method", "discount_percent", "ship_to", "payment_term_id"),
)
_SAME: Final = ("contact_id", "currency", "prices_include_tax", "tax_method", "discount_percent")
"""What orders on one invoice have in common."""
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class ToInvoice:
    """A line of an order and how much of it may still be invoiced; `drafted` stands on drafts."""

    line_id: int
    code: str
    name: str
    unit: str
    ordered: Decimal
    delivered: Decimal
    invoiced: Decimal
    drafted: Decimal
    open: Decimal


@requires(Permission.ORDER_READ, Permission.INVOICE_READ)
def open_lines(work: Work, order_id: int) -> tuple[ToInvoice, ...]:
    """Return the item lines of an order with what may still be invoiced of each, 0 included. Raises NotFound.

    Of an order that was closed short that is what went out.
    """
    order = work.get(Order, order_id)
    lines = [line for line in lines_of(work, ORDERS, order.id, order.currency) if line["kind"] == order_rules.ITEM]
    drafted = _drafted(work, [line["id"] for line in lines])
    found = []
    for line in lines:
        on_drafts = drafted.get(line["id"], _ZERO)
        most = {order_rules.CONFIRMED: line["quantity"], order_rules.CLOSED: line["delivered"]}.get(order.state, _ZERO)
        found.append(
            ToInvoice(
                line["id"],
                line["code"],
                line["name"],
                line["unit"],
                line["quantity"],
                line["delivered"],
                line["invoiced"],
                on_drafts,
                max(most - line["invoiced"] - on_drafts, _ZERO),
            )
        )
    return tuple(found)


@requires(Permission.INVOICE_WRITE)
def from_order(work: Work, order_id: int, quantities: Mapping[int, Decimal] | None = None) -> int:
    """Make a draft of quantities by order line, of all that may still be invoiced without, and return its id.

    A discount amount is shared by what is invoiced; what was invoiced on account is taken off by lines of its
    own. Raises WrongState when nothing is left, Invalid("lines") for a line of another order.
    """
    order = work.get(Order, order_id)
    found = {line.line_id: line.open for line in open_lines(work, order_id)}
    if quantities is not None and quantities.keys() - found.keys():
        raise Invalid("lines", N_("A line is no longer part of this order. Look at it again."))
    asked = found if quantities is None else quantities
    return _draft(work, [(order, {line_id: quantity for line_id, quantity in asked.items() if quantity > 0})])


@requires(Permission.INVOICE_WRITE)
def from_delivery(work: Work, delivery_id: int) -> int:
    """Make a draft of what one delivery carried and is not invoiced yet; as `from_deliveries`."""
    return from_deliveries(work, [delivery_id])


@requires(Permission.INVOICE_WRITE)
def from_deliveries(work: Work, delivery_ids: Sequence[int]) -> int:
    """Make one draft of what several deliveries to a customer carried, and return its id.

    No more of a line than may still be invoiced. The orders agree on customer, currency, tax and discount.
    Raises WrongState when nothing is left, Invalid when the orders do not agree, NotFound.
    """
    deliveries = [work.get(Delivery, delivery_id) for delivery_id in dict.fromkeys(delivery_ids)]
    if any(delivery.returns_id is not None for delivery in deliveries):
        raise order_rules.WrongState(N_("Goods that came back are credited: make a credit note of their invoice."))
    parts = []
    for order_id in dict.fromkeys(delivery.order_id for delivery in deliveries):
        ids = [delivery.id for delivery in deliveries if delivery.order_id == order_id]
        carried = _carried(work, ids)
        wanted = {line.line_id: min(line.open, carried.get(line.line_id, _ZERO)) for line in open_lines(work, order_id)}
        parts.append((work.get(Order, order_id), {line_id: amount for line_id, amount in wanted.items() if amount}))
    return _draft(work, parts, delivery_id=deliveries[0].id if len(deliveries) == 1 else None)


@requires(Permission.INVOICE_WRITE)
def from_instalment(work: Work, instalment_id: int) -> int:
    """Make a draft over one planned instalment of a confirmed order and return its id.

    It invoices the amount on account and covers no line; the last one that is planned invoices all that is
    left instead, less what was invoiced on account. Raises WrongState when it is claimed or on a draft already.
    """
    part = work.get(Instalment, instalment_id)
    if part.claimed_on is not None or part.order_id is None:
        raise order_rules.WrongState(N_("This instalment is claimed already."))
    order = work.get(Order, part.order_id)
    on_draft = select(Invoice.id).where(Invoice.instalment_id == part.id, Invoice.state == rules.DRAFT)
    if order.state != order_rules.CONFIRMED or work.session.scalar(on_draft.limit(1)) is not None:
        raise order_rules.WrongState(N_("There is a draft over this instalment, or its order is not confirmed."))
    others = select(Instalment.id).where(
        Instalment.order_id == order.id, Instalment.claimed_on.is_(None), Instalment.id != part.id
    )
    wanted = {line.line_id: line.open for line in open_lines(work, order.id) if line.open}
    if wanted and work.session.scalar(others.limit(1)) is None:
        return _draft(work, [(order, wanted)])
    lines = lines_of(work, ORDERS, order.id, order.currency)
    values = _header(order) | {
        "prices_include_tax": True,
        "tax_method": totals.PER_DOCUMENT,
        "discount_percent": _ZERO,
        "lines": on_account.lines(lines, part, order, language_of(work, header_of(ORDERS, order))),
    }
    return invoices.create_from(work, values, order_id=order.id, instalment_id=part.id)


def _draft(work: Work, parts: Sequence[tuple[Order, Mapping[int, Decimal]]], *, delivery_id: int | None = None) -> int:
    """Store a draft of quantities of order lines and return its id. Raises WrongState, Invalid."""
    if not any(wanted for _order, wanted in parts):
        raise order_rules.WrongState(N_("All of it is invoiced, or stands on a draft invoice."))
    first = parts[0][0]
    for order, _wanted in parts:
        if any(getattr(order, name) != getattr(first, name) for name in _SAME):
            raise Invalid("delivery_id", N_("These orders differ in customer, currency, tax or discount."))
    _check_deposits(work, [order.id for order, _wanted in parts])
    lines: list[dict[str, Any]] = []
    discount = 0
    for order, wanted in parts:
        sold = _order_lines(work, order, wanted)
        discount += discount_share(work, order, sold)
        lines += sold
    order_id = first.id if len(parts) == 1 else None
    values = _header(first) | {"discount_amount": from_minor(discount, first.currency), "lines": lines}
    if order_id is not None:
        values |= on_account.deducted(work, first, values)
    return invoices.create_from(work, values, order_id=order_id, delivery_id=delivery_id)


def _check_deposits(work: Work, order_ids: Sequence[int]) -> None:
    """Raise WrongState while a draft on account waits: only what is posted can be taken off."""
    waiting = select(Invoice.id).where(
        Invoice.order_id.in_(order_ids), Invoice.instalment_id.is_not(None), Invoice.state == rules.DRAFT
    )
    if work.session.scalar(waiting.limit(1)) is not None:
        raise order_rules.WrongState(
            N_("A draft on account of this order waits. Post or delete it first, so that it is taken off.")
        )


def _header(order: Order) -> dict[str, Any]:
    return {name: getattr(order, composing.column_of(name)) for name in _CARRIED}


def _order_lines(work: Work, order: Order, wanted: Mapping[int, Decimal]) -> list[dict[str, Any]]:
    """Return those lines with their quantities; remarks come along when all of the order is invoiced at once."""
    stored = lines_of(work, ORDERS, order.id, order.currency)
    items = [line for line in stored if line["kind"] == order_rules.ITEM]
    whole = all(wanted.get(line["id"], _ZERO) == line["quantity"] for line in items)
    return [
        {name: line[name] for name in composing.LINE}
        | {"quantity": wanted.get(line["id"], _ZERO), "order_line_id": line["id"], "origin_line_id": None}
        for line in stored
        if line["id"] in wanted or (whole and line["kind"] == order_rules.TEXT)
    ]


@open_to_all("part of writing invoices, which asks for its own permission")
def discount_share(work: Work, order: Order, lines: Sequence[Mapping[str, Any]]) -> int:
    """Return how much of the order's discount amount these lines get, by their amounts; the last ones get the rest."""
    if not order.discount_amount:
        return 0
    sign = {rules.INVOICE: 1, rules.CREDIT: -1}
    given = select(Invoice.kind, func.sum(Invoice.discount_amount)).where(
        Invoice.order_id == order.id, Invoice.instalment_id.is_(None)
    )
    taken = sum(sign[kind] * int(amount) for kind, amount in work.session.execute(given.group_by(Invoice.kind)))
    left = max(order.discount_amount - taken, 0)
    asked = {line["order_line_id"]: line["quantity"] for line in lines}
    if all(one.open == asked.get(one.line_id, _ZERO) for one in open_lines(work, order.id)):
        return left
    amounts = sum(totals.line_amount(totals.LineInput(*_priced(line)), order.currency) for line in lines)
    share = Decimal(order.discount_amount) * amounts / (order.subtotal or 1)
    return min(int(share.quantize(Decimal(1), "ROUND_HALF_UP")), left)


def _priced(line: Mapping[str, Any]) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    return line["quantity"], line["unit_price"], line["discount_percent"], line["tax_percent"]


def _drafted(work: Work, line_ids: Sequence[int]) -> dict[int, Decimal]:
    """Return how much of each order line stands on draft invoices."""
    asked = (
        select(InvoiceLine.order_line_id, func.sum(InvoiceLine.covered, type_=Quantity))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(InvoiceLine.order_line_id.in_(line_ids), Invoice.kind == rules.INVOICE, Invoice.state == rules.DRAFT)
    )
    rows = work.session.execute(asked.group_by(InvoiceLine.order_line_id))
    return {line_id: quantity for line_id, quantity in rows if line_id is not None}


def _carried(work: Work, delivery_ids: Sequence[int]) -> dict[int, Decimal]:
    """Return how much of each order line these deliveries carried, what came back of them taken off."""
    of = Delivery.id.in_(delivery_ids) | Delivery.returns_id.in_(delivery_ids)
    asked = (
        select(DeliveryLine.order_line_id, func.sum(DeliveryLine.quantity, type_=Quantity))
        .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .where(of)
    )
    return dict(work.session.execute(asked.group_by(DeliveryLine.order_line_id)).all())
