"""Goods that go out for an order in parts, and goods that come back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import func, select

from crm_desktop.access.company import today
from crm_desktop.db.base import Quantity
from crm_desktop.db.work import Work
from crm_desktop.orders import above, rules, totals
from crm_desktop.orders.documents import ORDERS, names_of, note_step, raise_version
from crm_desktop.orders.drafting import DELIVERIES, next_number
from crm_desktop.orders.fulfilment import recompute
from crm_desktop.orders.model import Delivery, DeliveryLine, Order, OrderLine
from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import round_half_away, without_zeros
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.record import Record
from crm_desktop.shared.text import clean_line, clean_multiline

ENTITY: Final = "delivery"
EDITABLE: Final = {
    "ship_to": clean_multiline,
    "carrier": clean_line,
    "tracking": clean_line,
    "notes": clean_multiline,
}
"""What may change on a posted delivery: how it travels, never what it carried."""


class NotOpen(UserError):
    """More is to go out, or to come back, than is open by now; the sentence names product and quantity."""

    message = N_("Only {open} {unit} of {name} are open, so {asked} cannot be delivered.")


NOTHING_OPEN: Final = N_("Nothing of {name} is open any more.")
NOT_OUT: Final = N_("Only {open} {unit} of {name} can come back, not {asked}.")
NOTHING_OUT: Final = N_("Nothing of {name} can come back any more.")


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of an order and how much of it is open; on a return `open` is what may still come back."""

    line_id: int
    position: int
    product_id: int | None
    code: str
    name: str
    unit: str
    quantity: Decimal
    delivered: Decimal
    open: Decimal
    due_on: date | None


@dataclass(frozen=True, slots=True)
class DeliveryHead:
    """A delivery in a list of an order's deliveries; `returns_id` is set on a return."""

    id: int
    number: str
    delivered_on: date
    returns_id: int | None


@requires(Permission.ORDER_READ, Permission.DELIVERY_READ)
def open_lines(work: Work, order_id: int) -> tuple[OpenLine, ...]:
    """Return the item lines of an order with what is open of each, 0 included. Raises NotFound."""
    order = work.get(Order, order_id)
    return tuple(_open_line(line, order) for line in _lines(work, order))


@requires(Permission.DELIVERY_WRITE)
def deliver(
    work: Work,
    order_id: int,
    version: int,
    quantities: Mapping[int, Decimal],
    *,
    delivered_on: date | None = None,
    ship_to: str | None = None,
    carrier: str = "",
    tracking: str = "",
    notes: str = "",
    override: str = "",
) -> int:
    """Post a delivery of `quantities` (by order line) and return its id; it gets its number now.

    The order is locked first and what is open is read again: `version` need not be the newest. `override`
    is the reason why it goes out although the customer's credit does not carry it. Raises CreditStop,
    NotOpen, Invalid("quantities"), WrongState when the order is not confirmed any more, NotFound.
    """
    order = _locked(work, order_id, version)
    if order.state != rules.CONFIRMED:
        raise rules.WrongState
    lines = {line.id: line for line in _lines(work, order)}
    asked = _asked(quantities)
    for line_id, quantity in asked.items():
        if line_id not in lines:
            raise Invalid("quantities", N_("A line is no longer part of this order. Look at it again."))
        left = _open_line(lines[line_id], order).open
        if quantity > left:
            raise _refused(lines[line_id], quantity, left, NOTHING_OPEN, NotOpen.message)
    for feature in above.attached():
        feature.check_credit(work, order, "deliver", override)
    made = Delivery(
        order_id=order.id,
        delivered_on=delivered_on or today(work),
        ship_to=order.ship_to if ship_to is None else clean_multiline(ship_to),
        carrier=clean_line(carrier),
        tracking=clean_line(tracking),
        notes=clean_multiline(notes),
    )
    return _post(work, order, made, asked, "deliver")


@requires(Permission.DELIVERY_READ)
def returnable(work: Work, delivery_id: int) -> tuple[OpenLine, ...]:
    """Return the lines of a delivery; `open` is how much of each may still come back. Raises NotFound."""
    delivery = work.get(Delivery, delivery_id)
    order = work.get(Order, delivery.order_id)
    left = _may_come_back(work, delivery)
    return tuple(_open_line(line, order, left[line.id]) for line in _lines(work, order) if line.id in left)


@requires(Permission.DELIVERY_WRITE)
def take_back(
    work: Work,
    delivery_id: int,
    quantities: Mapping[int, Decimal],
    *,
    delivered_on: date | None = None,
    notes: str = "",
) -> int:
    """Post a return of `quantities` (positive, by order line) of one delivery and return its id.

    What came back is open again while the order is confirmed. Raises NotOpen, Invalid("quantities"),
    WrongState for a return of a return, NotFound.
    """
    delivery = work.get(Delivery, delivery_id)
    if delivery.returns_id is not None:
        raise rules.WrongState(N_("This is a return already. Deliver the goods anew instead."))
    order = _locked(work, delivery.order_id, 0)
    lines = {line.id: line for line in _lines(work, order)}
    left = _may_come_back(work, delivery)
    asked = _asked(quantities)
    for line_id, quantity in asked.items():
        if line_id not in left:
            raise Invalid("quantities", N_("This delivery did not carry one of the lines. Look at it again."))
        if quantity > left[line_id]:
            raise _refused(lines[line_id], quantity, left[line_id], NOTHING_OUT, NOT_OUT)
    made = Delivery(
        order_id=order.id,
        returns_id=delivery.id,
        delivered_on=delivered_on or today(work),
        ship_to=delivery.ship_to,
        notes=clean_multiline(notes),
    )
    return _post(work, order, made, {line_id: -quantity for line_id, quantity in asked.items()}, "take_back")


@requires(Permission.DELIVERY_READ)
def get(work: Work, delivery_id: int) -> Record:
    """Return a delivery with its lines, negative quantities on a return. Raises NotFound."""
    delivery = work.get(Delivery, delivery_id)
    order = work.get(Order, delivery.order_id)
    returned = work.get(Delivery, delivery.returns_id).number if delivery.returns_id else ""
    values = {
        name: getattr(delivery, name)
        for name in (
            *("number", "order_id", "returns_id", "contact_id", "delivered_on", *EDITABLE),
            *("created_at", "created_by", "updated_at", "updated_by"),
        )
    }
    values |= {
        "order_number": order.number,
        "order_reference": order.reference,
        "currency": order.currency,
        "returns_number": returned,
        "contact_name": names_of(work, [delivery.contact_id]).get(delivery.contact_id, ""),
        "lines": _carried(work, delivery.id),
    }
    return Record(delivery.id, delivery.version, values)


@requires(Permission.DELIVERY_WRITE)
def save(work: Work, delivery_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Save what may change on a posted delivery (see `EDITABLE`); returns the new version. Raises Conflict, Invalid."""
    if fixed := changes.keys() - EDITABLE.keys():
        raise Invalid(sorted(fixed)[0], N_("A delivery stays as it was posted. Take the goods back instead."))
    cleaned = {name: EDITABLE[name](str(value or "")) for name, value in changes.items()}
    delivery = work.edit(Delivery, delivery_id, version, cleaned)
    for name, value in cleaned.items():
        setattr(delivery, name, value)
    raise_version(work, delivery)
    work.session.flush()
    return delivery.version


@requires(Permission.DELIVERY_READ)
def deliveries_of(work: Work, order_id: int) -> tuple[DeliveryHead, ...]:
    """Return the deliveries and returns of an order, the oldest first."""
    rows = work.session.execute(
        select(Delivery.id, Delivery.number, Delivery.delivered_on, Delivery.returns_id)
        .where(Delivery.order_id == order_id)
        .order_by(Delivery.id)
    )
    return tuple(DeliveryHead(*row) for row in rows)


def _locked(work: Work, order_id: int, version: int) -> Order:
    # No changes are compared: quantities are checked against the rows, whatever the window showed.
    return work.edit(Order, order_id, version, {})


def _lines(work: Work, order: Order) -> list[OrderLine]:
    asked = select(OrderLine).where(OrderLine.order_id == order.id, OrderLine.kind == rules.ITEM)
    fresh = asked.order_by(OrderLine.position, OrderLine.id).execution_options(populate_existing=True)
    return list(work.session.scalars(fresh))


def _open_line(line: OrderLine, order: Order, left: Decimal | None = None) -> OpenLine:
    if left is None:
        left = rules.open_quantity(line.quantity, line.delivered, state=order.state)
    return OpenLine(
        line.id,
        line.position,
        line.product_id,
        line.code,
        line.name,
        line.unit,
        line.quantity,
        line.delivered,
        left,
        line.due_on or order.due_on,
    )


def _asked(quantities: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Return the quantities above 0. Raises Invalid("quantities")."""
    asked = {}
    for line_id, quantity in quantities.items():
        try:
            number = Decimal(quantity)
            fits = number.is_finite() and number == round_half_away(number, totals.QUANTITY_PLACES) and number >= 0
        except (InvalidOperation, TypeError, ValueError):
            fits = False
        if not fits:
            raise Invalid("quantities", N_("A quantity is a number from 0 with at most {places} decimals."), places=6)
        if number:
            asked[line_id] = without_zeros(number)
    if not asked:
        raise Invalid("quantities", N_("Nothing is chosen yet."))
    return asked


def _refused(line: OrderLine, asked: Decimal, left: Decimal, nothing: str, some: str) -> NotOpen:
    return NotOpen(
        some if left else nothing,
        name=line.name,
        unit=line.unit,
        open=f"{left:,f}",
        asked=f"{asked:,f}",
    )


def _may_come_back(work: Work, delivery: Delivery) -> dict[int, Decimal]:
    """Return per order line what the delivery carried, less what came back of it."""
    back = select(Delivery.id).where(Delivery.returns_id == delivery.id)
    left = func.sum(DeliveryLine.quantity, type_=Quantity)
    asked = select(DeliveryLine.order_line_id, left).where(
        (DeliveryLine.delivery_id == delivery.id) | DeliveryLine.delivery_id.in_(back)
    )
    return dict(work.session.execute(asked.group_by(DeliveryLine.order_line_id)).all())


def _post(work: Work, order: Order, made: Delivery, quantities: Mapping[int, Decimal], step: str) -> int:
    """Number the delivery, store it with its lines, and set anew how far its order is."""
    made.contact_id, made.owner_key, made.contact_sort = order.contact_id, order.owner_key, order.contact_sort
    made.created_at = made.updated_at = work.now
    made.created_by = made.updated_by = work.actor.user_id
    made.number, made.serial = next_number(work, DELIVERIES, today(work))
    work.session.add(made)
    work.session.flush()
    lines = [
        DeliveryLine(delivery_id=made.id, order_line_id=line_id, quantity=quantity)
        for line_id, quantity in quantities.items()
    ]
    work.session.add_all(lines)
    before = order.delivered_percent
    recompute(work, order)
    raise_version(work, order)
    told: Sequence[dict[str, Any]] = [{"line": line.order_line_id, "quantity": line.quantity} for line in lines]
    work.note(ENTITY, made.id, "create", after={"lines": told}, contact_id=made.contact_id, version=made.version)
    note_step(work, ORDERS, order, step, delivery=made.number, delivered_percent=order.delivered_percent, before=before)
    return made.id


def _carried(work: Work, delivery_id: int) -> tuple[dict[str, Any], ...]:
    names = ("id", "order_line_id", "quantity", "position", "product_id", "code", "name", "description", "unit")
    rows = work.session.execute(
        select(
            DeliveryLine.id,
            DeliveryLine.order_line_id,
            DeliveryLine.quantity,
            OrderLine.position,
            OrderLine.product_id,
            OrderLine.code,
            OrderLine.name,
            OrderLine.description,
            OrderLine.unit,
            OrderLine.quantity,
        )
        .join(OrderLine, OrderLine.id == DeliveryLine.order_line_id)
        .where(DeliveryLine.delivery_id == delivery_id)
        .order_by(OrderLine.position, DeliveryLine.id)
    )
    return tuple(dict(zip((*names, "ordered"), row, strict=True)) for row in rows)
