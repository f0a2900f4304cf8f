"""How far an order is: recomputed from the rows of its deliveries, never counted on."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from crm_desktop.db.base import Quantity
from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.model import DeliveryLine, Order, OrderLine


def recompute(work: Work, order: Order) -> None:
    """Set what each line delivered, and the percentages and the open worth of a locked order, from the rows."""
    work.session.flush()
    lines = list(work.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)))
    moved = moved_quantities(work, [line.id for line in lines])
    for line in lines:
        line.delivered = moved.get(line.id, Decimal(0))
    plain: list[dict[str, Any]] = [
        {name: getattr(line, name) for name in ("kind", "quantity", "net", "delivered", "invoiced")} for line in lines
    ]
    order.delivered_percent = rules.fulfilment(plain, "delivered")
    order.invoiced_percent = rules.fulfilment(plain, "invoiced")
    order.open_net = rules.open_net(plain, state=order.state)


def moved_quantities(work: Work, line_ids: Sequence[int]) -> dict[int, Decimal]:
    """Return how much of each order line went out, returns taken off; lines that never moved are left out."""
    moved = func.sum(DeliveryLine.quantity, type_=Quantity)
    asked = select(DeliveryLine.order_line_id, moved).where(DeliveryLine.order_line_id.in_(list(line_ids)))
    return dict(work.session.execute(asked.group_by(DeliveryLine.order_line_id)).all())
