"""How the fields of documents are described wherever they appear.

Amounts read as minor units; the lists hand them on as `Money` of the document's currency.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from crm_desktop.contacts.model import Contact
from crm_desktop.orders.model import Order
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_

SEEN: Final = Use.TABLE | Use.EXPORT
ASKED: Final = SEEN | Use.FILTER
SORTED: Final = ASKED | Use.SORT
FIRST: Final = Use.DEFAULT
LAST_DAY: Final = date(9999, 12, 31)
"""Stands in sorts for a day nobody named."""


def name_of(contact_id: Any) -> Any:
    """Return the name of a contact, looked up by its id."""
    contact = aliased(Contact)
    return select(contact.name).where(contact.id == contact_id).scalar_subquery()


def number_of_order(order_id: Any) -> Any:
    """Return the number of an order, looked up by its id."""
    order = aliased(Order)
    return select(order.number).where(order.id == order_id).scalar_subquery()


def number(document: Any, label: str, *headers: str) -> Field:
    """Return the field of a document's number."""
    return Field("number", document.number, label, 13, SEEN | FIRST, headers=headers)


def customer(row: Any, contact_id: Any) -> Field:
    """Return the field of the customer's name, sorted by the text every document carries."""
    return Field(
        "customer",
        name_of(contact_id),
        N_("Customer"),
        22,
        SEEN | Use.SORT | FIRST,
        sorts=row.contact_sort,
        headers=("客户", "客戶", "客户名称", "客戶名稱", "Customer name"),
    )


def contact(column: Any) -> Field:
    """Return what a customer's record asks by; no column of its own."""
    return Field("contact", column, N_("Customer number"), 8, Use(0), Kind.INTEGER)


def opportunity(column: Any) -> Field:
    """Return what an opportunity's record asks by; no column of its own."""
    return Field("opportunity", column, N_("Opportunity number"), 8, Use(0), Kind.INTEGER)


def owner(row: Any) -> Field:
    """Return the field of the colleague who looks after the customer."""
    return Field("owner", row.owner_key, N_("Owner"), 11, ASKED, Kind.USER, headers=("客户负责人", "客戶負責人"))


def of_document(document: Any) -> tuple[Field, ...]:
    """Return what a quote and an order have in common, after number, customer and state."""
    return (
        Field(
            "dated_on",
            document.dated_on,
            N_("Date"),
            10,
            SORTED | FIRST,
            Kind.DATE,
            headers=("日期", "单据日期", "單據日期"),
        ),
        Field("subject", document.subject, N_("Subject"), 20, ASKED, headers=("主题", "主題", "Title")),
        Field(
            "reference",
            document.reference,
            N_("Their reference"),
            14,
            ASKED,
            headers=("客户单号", "客戶單號", "PO number", "Customer reference"),
        ),
        Field(
            "salesperson",
            document.salesperson_id,
            N_("Salesperson"),
            11,
            ASKED,
            Kind.USER,
            headers=("业务员", "業務員"),
        ),
        owner(document),
        Field(
            "total",
            document.total,
            N_("Total"),
            14,
            SORTED | FIRST,
            Kind.MONEY,
            headers=("总额", "總額", "金额", "金額", "Amount"),
        ),
        Field("net", document.net, N_("Net"), 14, SEEN, Kind.MONEY, headers=("不含税金额", "未稅金額")),
        Field("tax", document.tax, N_("Tax"), 12, SEEN, Kind.MONEY, headers=("税额", "稅額")),
        Field("currency", document.currency, N_("Currency"), 6, ASKED, headers=("币种", "幣別")),
        Field("notes", document.notes, N_("Notes"), 30, SEEN, Kind.NOTE, headers=("备注", "備註", "Remarks")),
        Field("created_at", document.created_at, N_("Created"), 12, ASKED, Kind.INSTANT),
        Field("updated_at", document.updated_at, N_("Changed"), 12, SORTED, Kind.INSTANT),
    )


HIDDEN: Final = frozenset(
    {
        "id",
        "version",
        "contact_sort",
        "person_id",
        "serial",
        "reference_key",
        "language",
        "rate",
        "prices_include_tax",
        "tax_method",
        "discount_percent",
        "discount_amount",
        "ship_to",
        "opening",
        "terms",
        "subtotal",
        "discount",
        "created_by",
        "updated_by",
    }
)
"""Columns of every document that no person sees as they are."""
