"""What a customer paid last, as the line of a new document shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.model import Order, OrderLine
from crm_desktop.shared.permissions import Permission, requires

_BINDING: Final = (rules.CONFIRMED, rules.CLOSED)


@dataclass(frozen=True, slots=True)
class LastPrice:
    """The price of one unit on the customer's last order of a product, `number` the order's."""

    unit_price: Decimal
    discount_percent: Decimal
    quantity: Decimal
    dated_on: date
    number: str


@requires(Permission.ORDER_READ)
def last_prices(work: Work, contact_id: int, product_ids: Sequence[int], currency: str) -> dict[int, LastPrice]:
    """Return what the customer paid last for each product in this currency, from orders that were confirmed.

    Products never ordered are left out; of lines without a quantity nothing is learned.
    """
    newest_first = func.row_number().over(
        partition_by=OrderLine.product_id,
        order_by=(Order.dated_on.desc(), Order.id.desc(), OrderLine.position.desc()),
    )
    ranked = (
        select(
            OrderLine.product_id,
            OrderLine.unit_price,
            OrderLine.discount_percent,
            OrderLine.quantity,
            Order.dated_on,
            Order.number,
            newest_first.label("place"),
        )
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.contact_id == contact_id,
            Order.currency == currency,
            Order.state.in_(_BINDING),
            OrderLine.product_id.in_(list(product_ids)),
            OrderLine.quantity > 0,
        )
        .subquery()
    )
    rows = work.session.execute(select(ranked).where(ranked.c.place == 1))
    return {
        row.product_id: LastPrice(row.unit_price, row.discount_percent, row.quantity, row.dated_on, row.number)
        for row in rows
    }
