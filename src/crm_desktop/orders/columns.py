"""The columns quotes, orders and deliveries share."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    text,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from crm_desktop.contacts.customer_rows import OfCustomer, of_contact
from crm_desktop.db.base import (
    BigId,
    Percent,
    Quantity,
    Rate,
    SortText,
    UnitPrice,
    Versioned,
)


class Document(OfCustomer, Versioned):
    """What a quote and an order have in common. The totals are written by the service, by one function."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str | None] = mapped_column(SortText)
    """None while it is a draft."""
    serial: Mapped[int | None]
    """The running part of the number."""
    state: Mapped[str] = mapped_column(default="draft")
    subject: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    """The customer's own number for it."""
    reference_key: Mapped[str] = mapped_column(SortText, default="")
    dated_on: Mapped[date]
    language: Mapped[str] = mapped_column(default="")
    """Of the paper; "" is the customer's."""
    currency: Mapped[str]
    rate: Mapped[Decimal] = mapped_column(Rate, default=Decimal(1))
    prices_include_tax: Mapped[bool]
    tax_method: Mapped[str]
    discount_percent: Mapped[Decimal] = mapped_column(Percent, default=Decimal(0))
    discount_amount: Mapped[int] = mapped_column(BigId, default=0)
    """Taken off after `discount_percent`, in minor units."""
    ship_to: Mapped[str] = mapped_column(default="")
    opening: Mapped[str] = mapped_column(default="")
    """Text above the lines on paper."""
    terms: Mapped[str] = mapped_column(default="")
    """Text below the lines on paper."""
    notes: Mapped[str] = mapped_column(default="")
    """For colleagues; never printed."""
    subtotal: Mapped[int] = mapped_column(BigId, default=0)
    discount: Mapped[int] = mapped_column(BigId, default=0)
    net: Mapped[int] = mapped_column(BigId, default=0)
    tax: Mapped[int] = mapped_column(BigId, default=0)
    total: Mapped[int] = mapped_column(BigId, default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @declared_attr
    def person_id(cls) -> Mapped[int | None]:  # noqa: N805 - a directive gets the class
        """The customer's person it is addressed to."""
        return mapped_column(ForeignKey("contact.id"))

    @declared_attr
    def salesperson_id(cls) -> Mapped[int | None]:  # noqa: N805
        """Whose sale it is, for statistics; scope follows the customer's owner."""
        return mapped_column(ForeignKey("app_user.id"), index=True)

    @declared_attr
    def created_by(cls) -> Mapped[int | None]:  # noqa: N805
        """Who wrote it first."""
        return mapped_column(ForeignKey("app_user.id"))

    @declared_attr
    def updated_by(cls) -> Mapped[int | None]:  # noqa: N805
        """Who changed it last."""
        return mapped_column(ForeignKey("app_user.id"))


class DocumentLine:
    """What the lines of a quote and an order have in common. A line of text has no product and no amounts."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(default="item")
    """"item" or "text"."""
    code: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    """As printed, whatever the product is called later."""
    description: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    quantity: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    unit_price: Mapped[Decimal] = mapped_column(UnitPrice, default=Decimal(0))
    discount_percent: Mapped[Decimal] = mapped_column(Percent, default=Decimal(0))
    tax_percent: Mapped[Decimal] = mapped_column(Percent, default=Decimal(0))
    amount: Mapped[int] = mapped_column(BigId, default=0)
    """As printed on the line: before the document's discount, with tax when prices include it."""
    net: Mapped[int] = mapped_column(BigId, default=0)
    """Its part of the document's net: what statistics add up."""
    tax: Mapped[int] = mapped_column(BigId, default=0)

    @declared_attr
    def product_id(cls) -> Mapped[int | None]:  # noqa: N805 - a directive gets the class
        """The product, None for a free line."""
        return mapped_column(ForeignKey("product.id"), index=True)


_WITH_PERSON = text("person_id IS NOT NULL")


def document_indexes(
    table: str, *more: str, with_date: tuple[str, ...] = (), of_customer: tuple[str, ...] = ()
) -> tuple[Any, ...]:
    """Return the foreign key to the customer and an index, alone and below each owner, per sortable column.

    `with_date` are columns that the index by date holds besides, `of_customer` those of the index by customer.
    """
    sorts = ("dated_on", "contact_sort", "total", "updated_at", *more)
    held = {"dated_on": with_date, "contact_dated": of_customer}
    return (
        of_contact(table),
        *(Index(f"ix_{table}_{name}", name, "id", *held.get(name, ())) for name in sorts),
        *(Index(f"ix_{table}_owner_{name}", "owner_key", name, "id") for name in sorts),
        Index(f"ix_{table}_contact_dated", "contact_id", "dated_on", *held.get("contact_dated", ())),
        # Looked into for each contact that the undo of an import deletes.
        Index(f"ix_{table}_person", "person_id", sqlite_where=_WITH_PERSON, postgresql_where=_WITH_PERSON),
        Index(f"ix_{table}_serial", "serial"),
        Index(f"ix_{table}_reference", "reference_key"),
        Index(f"uq_{table}_number", "number", *(("revision",) if table == "quote" else ()), unique=True),
        CheckConstraint("tax_method IN ('document', 'line')", name="tax_method"),
    )


def opportunity_index(table: str) -> Index:
    """Return the index that finds the documents of an opportunity: few of all."""
    named = text("opportunity_id IS NOT NULL")
    return Index(f"ix_{table}_opportunity", "opportunity_id", sqlite_where=named, postgresql_where=named)
