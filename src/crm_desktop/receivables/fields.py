"""The one description of the fields of invoices and credit notes.

Amounts of a credit note are shown negative, so that every sum of the list is right.
"""

from typing import Any, Final

from sqlalchemy import and_, case, literal

from crm_desktop.orders.field_parts import (
    ASKED,
    FIRST,
    HIDDEN,
    SEEN,
    SORTED,
    contact,
    customer,
    number,
    number_of_order,
    of_document,
)
from crm_desktop.receivables import rules
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_

LATE: Final = "late"
"""The field that tells days: it reads the day something falls due, and the list counts from there."""


def late(due_on: Any) -> Field:
    """Return the field of how many days something is late."""
    return Field(LATE, due_on, N_("Days late"), 8, SEEN | FIRST, Kind.INTEGER, headers=("逾期天数", "逾期天數"))


def status() -> Any:
    """Return what people call a document, as `rules.status` does."""
    open_amount, total = Invoice.open_amount, Invoice.total
    return case(
        (Invoice.state == rules.DRAFT, literal(rules.DRAFT)),
        (and_(Invoice.kind == rules.CREDIT, open_amount == 0), literal(rules.USED)),
        (and_(Invoice.kind == rules.CREDIT, open_amount == total), literal(rules.UNUSED)),
        (Invoice.kind == rules.CREDIT, literal(rules.PARTLY_USED)),
        (and_(open_amount != 0, open_amount == total), literal(rules.OPEN)),
        (open_amount != 0, literal(rules.PARTLY)),
        # What claims was settled on some day; nothing ever was of an invoice whose claim the order posted.
        (and_(total != 0, Invoice.settled_on.is_(None)), literal(rules.CLAIMED_BY_ORDER)),
        (Invoice.written_off != 0, literal(rules.WRITTEN_OFF)),
        (and_(total != 0, Invoice.credited >= total), literal(rules.CREDITED)),
        else_=literal(rules.PAID),
    )


def _signed(column: Any) -> Any:
    return case((Invoice.kind == rules.CREDIT, -column), else_=column)


def _with_sign(field: Field) -> Field:
    """Return a field of an amount as a credit note counts; it is sorted by its size."""
    return Field(
        field.name,
        _signed(field.reads),
        field.label,
        field.chars,
        field.uses,
        field.kind,
        sorts=field.reads if Use.SORT in field.uses else None,
        headers=field.headers,
    )


_SHARED: Final = {
    field.name: _with_sign(field) if field.kind is Kind.MONEY else field for field in of_document(Invoice)
}
_SHOWN_EARLY: Final = ("dated_on", "total")


INVOICE_FIELDS: Final[tuple[Field, ...]] = (
    customer(Invoice, Invoice.contact_id),
    contact(Invoice.contact_id),
    number(Invoice, N_("Invoice"), "发票号", "發票號", "账单号", "帳單號", "Invoice number"),
    Field(
        "kind",
        Invoice.kind,
        N_("Kind"),
        10,
        ASKED,
        Kind.CHOICE,
        choices=rules.INVOICE_KINDS,
        headers=("类型", "類型", "Type"),
    ),
    Field(
        "status",
        status(),
        N_("Status"),
        13,
        ASKED | FIRST,
        Kind.STATUS,
        choices=rules.STATUSES,
        shapes=rules.STATUS_SHAPES,
        headers=("状态", "狀態", "State"),
    ),
    Field(
        "state",
        Invoice.state,
        N_("Posting"),
        8,
        ASKED,
        Kind.CHOICE,
        choices=((rules.DRAFT, N_("Draft")), (rules.POSTED, N_("Posted"))),
    ),
    _SHARED["dated_on"],
    Field(
        "next_due_on",
        Invoice.next_due_on,
        N_("Next due"),
        10,
        SORTED | FIRST,
        Kind.DATE,
        sorts=Invoice.due_sort,
        headers=("到期日", "付款到期日", "Due date"),
    ),
    late(Invoice.next_due_on),
    Field(
        "open_amount",
        _signed(Invoice.open_amount),
        N_("Still open"),
        14,
        SORTED | FIRST,
        Kind.MONEY,
        sorts=Invoice.open_amount,
        headers=("未付金额", "未付金額", "未收金额", "未收金額", "Open amount"),
    ),
    _SHARED["total"],
    Field("credited", Invoice.credited, N_("Credited"), 12, SEEN, Kind.MONEY, headers=("已冲销", "已沖銷")),
    Field("written_off", Invoice.written_off, N_("Written off"), 12, SEEN, Kind.MONEY, headers=("已核销", "已核銷")),
    Field(
        "order",
        number_of_order(Invoice.order_id),
        N_("Order"),
        12,
        SEEN | FIRST,
        headers=("订单号", "訂單號", "合同号", "合同編號", "Order number"),
    ),
    Field("settled_on", Invoice.settled_on, N_("Settled"), 10, ASKED, Kind.DATE, headers=("结清日期", "結清日期")),
    Field("posted_at", Invoice.posted_at, N_("Posted at"), 12, ASKED, Kind.INSTANT, headers=("过账时间", "過帳時間")),
    Field("posted_by", Invoice.posted_by, N_("Posted by"), 11, ASKED, Kind.USER, headers=("过账人", "過帳人")),
    Field(
        "taken_over",
        Invoice.taken_over,
        N_("Opening balance"),
        9,
        ASKED,
        Kind.BOOLEAN,
        headers=("期初", "期初余额", "期初餘額"),
    ),
    Field("reason", Invoice.reason, N_("Why credited"), 20, ASKED, headers=("贷记原因", "貸記原因")),
    *(field for name, field in _SHARED.items() if name not in _SHOWN_EARLY),
)

INVOICE_HIDDEN: Final = HIDDEN | {
    "net",
    "tax",
    "total",
    "open_amount",
    "origin_id",
    "order_id",
    "delivery_id",
    "instalment_id",
    "payment_term_id",
    "due_on",
    "due_sort",
}
"""Columns that no person sees as they are: what is counted with its sign is described by its expression."""
