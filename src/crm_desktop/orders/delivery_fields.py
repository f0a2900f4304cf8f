"""The one description of the fields of deliveries and of lines that are still to be delivered."""

from typing import Any, Final

from sqlalchemy import func, select, type_coerce

from crm_desktop.contacts.model import Contact
from crm_desktop.db.base import Quantity
from crm_desktop.orders.field_parts import (
    ASKED,
    FIRST,
    LAST_DAY,
    SEEN,
    SORTED,
    contact,
    customer,
    number_of_order,
    owner,
)
from crm_desktop.orders.model import Delivery, Order, OrderLine
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_

DELIVERY_FIELDS: Final[tuple[Field, ...]] = (
    customer(Delivery, Delivery.contact_id),
    contact(Delivery.contact_id),
    Field(
        "number",
        Delivery.number,
        N_("Delivery"),
        13,
        SEEN | FIRST,
        headers=("送货单号", "送貨單號", "出货单号", "出貨單號", "Delivery number"),
    ),
    Field(
        "order",
        number_of_order(Delivery.order_id),
        N_("Order"),
        13,
        SEEN | FIRST,
        headers=("订单号", "訂單號", "Order number"),
    ),
    Field(
        "delivered_on",
        Delivery.delivered_on,
        N_("Delivered"),
        10,
        SORTED | FIRST,
        Kind.DATE,
        headers=("送货日期", "送貨日期"),
    ),
    Field(
        "is_return",
        Delivery.returns_id.is_not(None),
        N_("Return"),
        7,
        SEEN | FIRST,
        Kind.BOOLEAN,
        headers=("退货", "退貨"),
    ),
    Field("carrier", Delivery.carrier, N_("Carrier"), 14, ASKED | FIRST, headers=("承运商", "承運商", "物流")),
    Field(
        "tracking",
        Delivery.tracking,
        N_("Tracking number"),
        18,
        ASKED | FIRST,
        headers=("运单号", "運單號", "快递单号", "快遞單號"),
    ),
    Field("ship_to", Delivery.ship_to, N_("Ship to"), 24, SEEN, Kind.NOTE, headers=("送货地址", "送貨地址")),
    owner(Delivery),
    Field("notes", Delivery.notes, N_("Notes"), 30, SEEN, Kind.NOTE, headers=("备注", "備註", "Remarks")),
    Field("created_at", Delivery.created_at, N_("Created"), 12, ASKED, Kind.INSTANT),
)


def _of_order(column: Any) -> Any:
    """Return a column of the order a line belongs to."""
    return select(column).where(Order.id == OrderLine.order_id).scalar_subquery()


_LINE_DUE: Final = func.coalesce(OrderLine.due_on, _of_order(Order.due_on))

BACKLOG_FIELDS: Final[tuple[Field, ...]] = (
    Field(
        "customer",
        select(Contact.name)
        .join(Order, Order.contact_id == Contact.id)
        .where(Order.id == OrderLine.order_id)
        .scalar_subquery(),
        N_("Customer"),
        22,
        SEEN | Use.SORT | FIRST,
        sorts=_of_order(Order.contact_sort),
        headers=("客户", "客戶", "Customer name"),
    ),
    Field(
        "order", _of_order(Order.number), N_("Order"), 13, SEEN | FIRST, headers=("订单号", "訂單號", "Order number")
    ),
    contact(_of_order(Order.contact_id)),
    Field("code", OrderLine.code, N_("Code"), 12, ASKED | FIRST, headers=("编码", "編碼", "料号", "料號", "SKU")),
    Field(
        "product", OrderLine.name, N_("Product"), 24, ASKED | FIRST, headers=("产品", "產品", "品名", "Product name")
    ),
    Field(
        "due_on",
        _LINE_DUE,
        N_("Due"),
        10,
        SORTED | FIRST,
        Kind.DATE,
        sorts=func.coalesce(_LINE_DUE, LAST_DAY),
        headers=("交货日期", "交貨日期", "交期", "Delivery date"),
    ),
    Field(
        "quantity",
        OrderLine.quantity,
        N_("Ordered"),
        10,
        SEEN | FIRST,
        Kind.DECIMAL,
        headers=("订购数量", "訂購數量"),
    ),
    Field(
        "delivered",
        OrderLine.delivered,
        N_("Delivered"),
        10,
        SEEN | FIRST,
        Kind.DECIMAL,
        headers=("已交数量", "已交數量"),
    ),
    Field("invoiced", OrderLine.invoiced, N_("Invoiced"), 10, SEEN, Kind.DECIMAL, headers=("已开票数量", "已開票數量")),
    Field(
        "open",
        type_coerce(OrderLine.quantity - OrderLine.delivered, Quantity),
        N_("To deliver"),
        10,
        SEEN | Use.SORT | FIRST,
        Kind.DECIMAL,
        headers=("未交数量", "未交數量"),
    ),
    Field("unit", OrderLine.unit, N_("Unit"), 6, SEEN | FIRST, headers=("单位", "單位")),
    Field(
        "salesperson",
        _of_order(Order.salesperson_id),
        N_("Salesperson"),
        11,
        ASKED,
        Kind.USER,
        headers=("业务员", "業務員"),
    ),
    Field("dated_on", _of_order(Order.dated_on), N_("Date"), 10, ASKED, Kind.DATE, headers=("日期",)),
    Field(
        "reference",
        _of_order(Order.reference),
        N_("Their reference"),
        14,
        ASKED,
        headers=("客户单号", "客戶單號", "PO number"),
    ),
)

DELIVERY_HIDDEN: Final = frozenset(
    {
        "id",
        "version",
        "contact_sort",
        "order_id",
        "returns_id",
        "serial",
        "created_by",
        "updated_at",
        "updated_by",
    }
)
BACKLOG_HIDDEN: Final = frozenset(
    {
        "id",
        "order_id",
        "due_on",
        "position",
        "kind",
        "description",
        "unit_price",
        "discount_percent",
        "tax_percent",
        "amount",
        "net",
        "tax",
        "product_id",
    }
)
"""Columns that no person sees as a field of the list."""
