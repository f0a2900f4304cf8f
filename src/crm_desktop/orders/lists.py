"""The lists of quotes, orders, deliveries and open lines."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.contacts.row_list import Described, RowList
from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.delivery_fields import BACKLOG_FIELDS, DELIVERY_FIELDS
from crm_desktop.orders.fields import ORDER_FIELDS, QUOTE_FIELDS
from crm_desktop.orders.model import Delivery, Order, OrderLine, Quote
from crm_desktop.orders.search import find
from crm_desktop.shared.fields import Field
from crm_desktop.shared.listing import Ids, Sort
from crm_desktop.shared.permissions import Permission, requires


def _field(fields: Sequence[Field], name: str) -> Any:
    return next(field.reads for field in fields if field.name == name)


QUOTES: Final = RowList(
    Described(
        entity=Quote,
        fields=QUOTE_FIELDS,
        default_sort=Sort("dated_on", descending=True),
        dated=Quote.dated_on,
        read=Permission.QUOTE_READ,
        export=Permission.QUOTE_EXPORT,
        live=(Quote.current.is_(True),),
        partition=Quote.owner_key,
        search=lambda work, text: find(work, Quote, text, Quote.dated_on),
        hit=(Quote.number, _field(QUOTE_FIELDS, "customer"), Quote.state),
    )
)
ORDERS: Final = RowList(
    Described(
        entity=Order,
        fields=ORDER_FIELDS,
        default_sort=Sort("dated_on", descending=True),
        dated=Order.dated_on,
        read=Permission.ORDER_READ,
        export=Permission.ORDER_EXPORT,
        partition=Order.owner_key,
        search=lambda work, text: find(work, Order, text, Order.dated_on),
        hit=(Order.number, _field(ORDER_FIELDS, "customer"), Order.state),
    )
)
DELIVERIES: Final = RowList(
    Described(
        entity=Delivery,
        fields=DELIVERY_FIELDS,
        default_sort=Sort("delivered_on", descending=True),
        dated=Delivery.delivered_on,
        read=Permission.DELIVERY_READ,
        export=Permission.DELIVERY_EXPORT,
        partition=Delivery.owner_key,
        search=lambda work, text: find(work, Delivery, text, Delivery.delivered_on),
        hit=(Delivery.number, _field(DELIVERY_FIELDS, "customer"), _field(DELIVERY_FIELDS, "order")),
    )
)


def _lines_of_found_orders(work: Work, text: str) -> Ids | None:
    found = find(work, Order, text, Order.dated_on)
    if found is None:
        return None
    lines = select(OrderLine.id).where(
        OrderLine.order_id.in_(list(found.ids)), OrderLine.delivered < OrderLine.quantity
    )
    return Ids(list(work.session.scalars(lines)), found.capped)


BACKLOG: Final = RowList(
    Described(
        entity=OrderLine,
        fields=BACKLOG_FIELDS,
        default_sort=Sort("due_on"),
        dated=OrderLine.id,
        read=Permission.ORDER_READ,
        export=Permission.ORDER_EXPORT,
        live=(
            OrderLine.delivered < OrderLine.quantity,
            OrderLine.kind == rules.ITEM,
            OrderLine.order_id.in_(select(Order.id).where(Order.state == rules.CONFIRMED)),
        ),
        search=_lines_of_found_orders,
        hit=(OrderLine.name, _field(BACKLOG_FIELDS, "customer"), _field(BACKLOG_FIELDS, "order")),
    )
)


@requires(Permission.ORDER_READ)
def order_of_line(work: Work, line_id: int) -> int:
    """Return the order a line belongs to. Raises NotFound."""
    return work.get(OrderLine, line_id).order_id
