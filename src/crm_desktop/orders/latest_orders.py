"""The latest orders of a customer: how much of each is delivered, invoiced and paid."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission, requires


@dataclass(frozen=True, slots=True)
class LatestOrder:
    """One order; the shares are parts of 1, `paid` counts what is settled in any way."""

    id: int
    number: str
    dated_on: date
    state: str
    total: Money
    delivered: float
    invoiced: float
    paid: float


@requires(Permission.ORDER_READ)
def latest(work: Work, contact_id: int, limit: int = 5) -> tuple[LatestOrder, ...]:
    """Return the latest orders of a customer, the newest first."""
    asked = (
        select(
            *(Order.id, Order.number, Order.dated_on, Order.state, Order.currency, Order.total),
            *(Order.delivered_percent, Order.invoiced_percent),
        )
        .where(Order.contact_id == contact_id)
        .order_by(Order.dated_on.desc(), Order.id.desc())
        .limit(limit)
    )
    rows = work.session.execute(asked).all()
    settled: dict[int, int] = defaultdict(int)
    if rows:
        paid = select(Instalment.order_id, func.sum(Instalment.amount - Instalment.open_amount)).where(
            Instalment.order_id.in_([row.id for row in rows]), Instalment.claimed_on.is_not(None)
        )
        for order_id, minor in work.session.execute(paid.group_by(Instalment.order_id)):
            settled[int(order_id or 0)] = int(minor)
    return tuple(
        LatestOrder(
            id=row.id,
            number=row.number or "",
            dated_on=row.dated_on,
            state=row.state,
            total=Money.of_minor(row.total, row.currency),
            delivered=float(row.delivered_percent) / 100,
            invoiced=float(row.invoiced_percent) / 100,
            paid=min(max(settled[row.id] / row.total, 0.0), 1.0) if row.total else 0.0,
        )
        for row in rows
    )
