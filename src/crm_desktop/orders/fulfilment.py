"""How far an order is: recomputed from the rows of its deliveries, never counted on."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

from sqlalchemy import func, select

from crm_desktop.db.base import Quantity
from crm_desktop.db.work import Work
from crm_desktop.orders import above, rules
from crm_desktop.orders.model import DeliveryLine, Order, OrderLine

_AT_ONCE: Final = 500

K = TypeVar("K")


def recompute(work: Work, *orders: Order) -> None:
    """Set what each line delivered and invoiced, and what follows for locked orders, from the rows."""
    work.session.flush()
    lines: dict[int, list[OrderLine]] = {order.id: [] for order in orders}
    for line in _lines_of(work, lines):
        lines[line.order_id].append(line)
    ids = [line.id for found in lines.values() for line in found]
    moved = moved_quantities(work, ids)
    invoiced: Mapping[int, Decimal] = {}
    for feature in above.attached():
        invoiced = feature.invoiced(work, ids)
    for order in orders:
        _recompute(order, lines[order.id], moved, invoiced if above.attached() else None)


def _recompute(
    order: Order, lines: Sequence[OrderLine], moved: Mapping[int, Decimal], invoiced: Mapping[int, Decimal] | None
) -> None:
    for line in lines:
        line.delivered = moved.get(line.id, Decimal(0))
        if invoiced is not None:
            line.invoiced = invoiced.get(line.id, Decimal(0))
    plain: list[dict[str, Any]] = [
        {name: getattr(line, name) for name in ("kind", "quantity", "net", "delivered", "invoiced")} for line in lines
    ]
    order.delivered_percent = rules.fulfilment(plain, "delivered")
    order.invoiced_percent = rules.fulfilment(plain, "invoiced")
    order.open_net = rules.open_net(plain, state=order.state)


def moved_quantities(work: Work, line_ids: Sequence[int]) -> dict[int, Decimal]:
    """Return how much of each order line went out, returns taken off; lines that never moved are left out."""
    moved = func.sum(DeliveryLine.quantity, type_=Quantity)
    asked = select(DeliveryLine.order_line_id, moved).group_by(DeliveryLine.order_line_id)
    found: dict[int, Decimal] = {}
    for some in portions(line_ids):
        found.update(work.session.execute(asked.where(DeliveryLine.order_line_id.in_(some))).all())
    return found


def _lines_of(work: Work, order_ids: Iterable[int]) -> Iterable[OrderLine]:
    for some in portions(sorted(order_ids)):
        yield from work.session.scalars(select(OrderLine).where(OrderLine.order_id.in_(some)))


def portions(ids: Sequence[K]) -> Iterable[Sequence[K]]:
    """Return the keys in as many parts as a statement takes them."""
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
