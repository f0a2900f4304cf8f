"""The one description of the fields of quotes and orders."""

from typing import Final

from crm_desktop.orders import rules
from crm_desktop.orders.field_parts import (
    ASKED,
    FIRST,
    HIDDEN,
    SEEN,
    SORTED,
    contact,
    customer,
    number,
    of_document,
    opportunity,
)
from crm_desktop.orders.model import Order, Quote
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import N_

QUOTE_FIELDS: Final[tuple[Field, ...]] = (
    customer(Quote, Quote.contact_id),
    contact(Quote.contact_id),
    opportunity(Quote.opportunity_id),
    number(Quote, N_("Quote"), "报价单号", "報價單號", "Quote number"),
    Field("revision", Quote.revision, N_("Revision"), 6, SEEN, Kind.INTEGER, headers=("版本", "Version")),
    Field(
        "state",
        Quote.state,
        N_("State"),
        10,
        ASKED | FIRST,
        Kind.STATUS,
        choices=rules.QUOTE_STATES,
        shapes=rules.QUOTE_SHAPES,
        headers=("状态", "狀態", "Status"),
    ),
    Field(
        "valid_until",
        Quote.valid_until,
        N_("Valid until"),
        10,
        SORTED | FIRST,
        Kind.DATE,
        sorts=Quote.valid_sort,
        headers=("有效期至", "有效期限"),
    ),
    Field(
        "lost_reason",
        Quote.lost_reason,
        N_("Why lost"),
        16,
        ASKED,
        Kind.CHOICE,
        choices=rules.LOST_REASONS,
        headers=("丢单原因", "失單原因"),
    ),
    Field("sent_at", Quote.sent_at, N_("Sent"), 12, ASKED, Kind.INSTANT),
    Field("decided_on", Quote.decided_on, N_("Decided"), 10, ASKED, Kind.DATE),
    *of_document(Quote),
)

ORDER_FIELDS: Final[tuple[Field, ...]] = (
    customer(Order, Order.contact_id),
    contact(Order.contact_id),
    opportunity(Order.opportunity_id),
    number(Order, N_("Order"), "订单号", "訂單號", "合同号", "合同編號", "Order number"),
    Field(
        "state",
        Order.state,
        N_("State"),
        11,
        ASKED | FIRST,
        Kind.STATUS,
        choices=rules.ORDER_STATES,
        shapes=rules.ORDER_SHAPES,
        headers=("状态", "狀態", "Status"),
    ),
    Field("ends_on", Order.ends_on, N_("Contract ends"), 10, ASKED, Kind.DATE, headers=("合同到期日", "合約到期日")),
    Field(
        "due_on",
        Order.due_on,
        N_("Due"),
        10,
        SORTED | FIRST,
        Kind.DATE,
        sorts=Order.due_sort,
        headers=("交货日期", "交貨日期", "交期", "Delivery date", "Required date"),
    ),
    Field(
        "delivered_percent",
        Order.delivered_percent,
        N_("Delivered %"),
        9,
        SORTED | FIRST,
        Kind.DECIMAL,
        headers=("已交货 %", "已交貨 %"),
    ),
    Field(
        "invoiced_percent",
        Order.invoiced_percent,
        N_("Invoiced %"),
        9,
        SORTED,
        Kind.DECIMAL,
        headers=("已开票 %", "已開票 %"),
    ),
    Field(
        "open_net",
        Order.open_net,
        N_("To deliver, net"),
        14,
        SORTED,
        Kind.MONEY,
        headers=("未交货金额", "未交貨金額", "Open amount"),
    ),
    Field(
        "signed_on",
        Order.signed_on,
        N_("Signed"),
        10,
        ASKED,
        Kind.DATE,
        headers=("签订日期", "簽訂日期", "Signed on"),
    ),
    Field("confirmed_at", Order.confirmed_at, N_("Confirmed"), 12, ASKED, Kind.INSTANT),
    Field("end_reason", Order.end_reason, N_("Why ended"), 20, ASKED, headers=("结束原因", "結束原因")),
    *of_document(Order),
)

QUOTE_HIDDEN: Final = HIDDEN | {"first_id", "current", "valid_sort", "lost_note"}
ORDER_HIDDEN: Final = HIDDEN | {
    "quote_id",
    "copied_from_id",
    "confirmed_by",
    "due_sort",
    "signatory",
    "customer_signatory",
    "starts_on",
    "payment_term_id",
    "delivery_terms",
    "ended_at",
}
