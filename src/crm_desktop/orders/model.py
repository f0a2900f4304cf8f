"""Quotes, orders and deliveries with their lines.

A document is visible to the sales side exactly when its customer is (`orders/columns.py`). Amounts are
minor units of the document's currency.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKey,
    Index,
    exists,
    false,
    text,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from crm_desktop.contacts.customer_rows import DERIVED, OfCustomer, in_sales_reach, of_contact
from crm_desktop.db.base import (
    Base,
    BigId,
    Journalled,
    Percent,
    Quantity,
    Scoped,
    SortText,
    UnitPrice,
    Versioned,
)
from crm_desktop.orders.columns import Document, DocumentLine, document_indexes, opportunity_index
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.permissions import Permission

_COMING = text("state = 'confirmed' AND delivered_percent < 1000000")
_ENDS = text("ends_on IS NOT NULL")
"""Binding, and not wholly delivered: few of all orders."""


class Quote(Document, Journalled, Base):
    """An offer. Each revision is a row of its own; the newest one is `current`."""

    __tablename__ = "quote"
    journal_entity: ClassVar[str] = "quote"
    journal_skips: ClassVar[frozenset[str]] = DERIVED | {
        "serial",
        "reference_key",
        "subtotal",
        "discount",
        "net",
        "tax",
    }

    revision: Mapped[int] = mapped_column(default=1)
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey(Opportunity.id))
    """The opportunity it came of."""
    first_id: Mapped[int | None] = mapped_column(ForeignKey("quote.id"), index=True)
    """The first revision; None on itself."""
    current: Mapped[bool] = mapped_column(default=True)
    valid_until: Mapped[date | None]
    valid_sort: Mapped[date] = mapped_column(Computed("coalesce(valid_until, '9999-12-31')", persisted=True))
    """What lists are sorted by: a quote without a last day comes last."""
    sent_at: Mapped[datetime | None]
    decided_on: Mapped[date | None]
    """When it was accepted or lost."""
    lost_reason: Mapped[str] = mapped_column(default="")
    lost_note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        *document_indexes("quote", "valid_sort"),
        opportunity_index("quote"),
        CheckConstraint("state IN ('draft', 'sent', 'accepted', 'lost', 'replaced')", name="state"),
        CheckConstraint("(state = 'lost') = (lost_reason <> '')", name="lost_needs_reason"),
    )


class QuoteLine(DocumentLine, Scoped, Base):
    """A line of a quote."""

    __tablename__ = "quote_line"

    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id", ondelete="CASCADE"), index=True)

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: visible exactly when its quote is."""
        quote = aliased(Quote)
        return exists().where(quote.id == cls.quote_id, in_sales_reach(quote, actor))


class Order(Document, Journalled, Base):
    """An order, which is the contract too.

    `delivered_percent`, `invoiced_percent` and `open_net` are recomputed from the lines by the service
    that writes deliveries or invoices, in its transaction, never by deltas.
    """

    __tablename__ = "sales_order"
    journal_entity: ClassVar[str] = "order"
    journal_skips: ClassVar[frozenset[str]] = DERIVED | {
        "serial",
        "reference_key",
        "due_sort",
        "subtotal",
        "discount",
        "net",
        "tax",
        "delivered_percent",
        "invoiced_percent",
        "open_net",
    }

    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey(Opportunity.id))
    """The opportunity it came of, taken over from its quote."""
    quote_id: Mapped[int | None] = mapped_column(ForeignKey("quote.id"), index=True)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("sales_order.id"), index=True)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    due_on: Mapped[date | None]
    """When the goods are promised; a line may say otherwise."""
    due_sort: Mapped[date] = mapped_column(Computed("coalesce(due_on, '9999-12-31')", persisted=True))
    """What lists are sorted by: an order without a day comes last."""
    signed_on: Mapped[date | None]
    signatory: Mapped[str] = mapped_column(default="")
    """Who signs for us."""
    customer_signatory: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    payment_term_id: Mapped[int | None] = mapped_column(ForeignKey("payment_term.id"))
    delivery_terms: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    """When it was closed short or cancelled."""
    end_reason: Mapped[str] = mapped_column(default="")
    delivered_percent: Mapped[Decimal] = mapped_column(Percent, default=Decimal(0))
    invoiced_percent: Mapped[Decimal] = mapped_column(Percent, default=Decimal(0))
    open_net: Mapped[int] = mapped_column(BigId, default=0)
    """Net worth of what is confirmed and not delivered, in minor units; 0 when nothing is to come."""

    __table_args__ = (
        opportunity_index("sales_order"),
        *document_indexes(
            "sales_order",
            *("due_sort", "delivered_percent", "invoiced_percent", "open_net"),
            # What was ordered in a period is added up from the index alone.
            with_date=("state", "currency", "net", "owner_key"),
            # How often each customer orders is told by the index alone.
            of_customer=("state", "owner_key"),
        ),
        Index("ix_sales_order_ends_on", "ends_on", "owner_key", sqlite_where=_ENDS, postgresql_where=_ENDS),
        Index("ix_sales_order_to_deliver", "due_sort", "owner_key", sqlite_where=_COMING, postgresql_where=_COMING),
        CheckConstraint("state IN ('draft', 'confirmed', 'closed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'draft') = (number IS NULL)", name="number_at_confirmation"),
        CheckConstraint("(state IN ('closed', 'cancelled')) = (end_reason <> '')", name="ending_needs_reason"),
    )


class OrderLine(DocumentLine, Scoped, Base):
    """A line of an order: what was ordered, and how much of it has gone out and been invoiced."""

    __tablename__ = "order_line"

    order_id: Mapped[int] = mapped_column(ForeignKey("sales_order.id", ondelete="CASCADE"), index=True)
    due_on: Mapped[date | None]
    delivered: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    """Sum of the delivered quantities, returns taken off; recomputed with each delivery."""
    invoiced: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))

    __table_args__ = (
        # The backlog: few of all lines.
        Index(
            "ix_order_line_open",
            "order_id",
            sqlite_where=text("delivered < quantity"),
            postgresql_where=text("delivered < quantity"),
        ),
    )

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: visible exactly when its order is."""
        order = aliased(Order)
        return exists().where(order.id == cls.order_id, in_sales_reach(order, actor))


class OrderLineCost(Scoped, Base):
    """What one unit of a line cost at confirmation, in the company's currency: for those who may see margins."""

    __tablename__ = "order_line_cost"

    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id", ondelete="CASCADE"), primary_key=True)
    cost: Mapped[Decimal] = mapped_column(UnitPrice)

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: for those who may see margins, exactly when the order is visible."""
        if not actor.may(Permission.MARGIN_READ):
            return false()
        line, order = aliased(OrderLine), aliased(Order)
        return exists().where(line.id == cls.line_id, order.id == line.order_id, in_sales_reach(order, actor))


class Instalment(OfCustomer, Base):
    """A part of what a customer owes, and when: planned on an order, then claimed.

    The planned and claimed parts of an order add up to its total. The claim keeps the row: an invoice is
    attached to it, never a copy made. What follows `claimed_on` is written by receivables alone.
    """

    __tablename__ = "instalment"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("sales_order.id", ondelete="CASCADE"), index=True)
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    """The invoice that claims it; None while it is planned, or when the confirmed order itself claims."""
    position: Mapped[int]
    label: Mapped[str] = mapped_column(default="")
    currency: Mapped[str]
    amount: Mapped[int] = mapped_column(BigId)
    """Minor units."""
    event: Mapped[str] = mapped_column(default="")
    """What makes it due when no date is known: "on acceptance"."""
    due_on: Mapped[date | None]
    due_sort: Mapped[date] = mapped_column(Computed("coalesce(due_on, '9999-12-31')", persisted=True))
    """What lists are sorted by: what waits for an event comes last."""
    salesperson_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    """Whose sale it is, for statistics."""
    dated_on: Mapped[date | None]
    """The day of the invoice or contract, for ageing by it."""
    claimed_on: Mapped[date | None]
    """From when on it counts in balances; None while it is planned."""
    moved_from_id: Mapped[int | None] = mapped_column(ForeignKey("instalment.id"), index=True)
    """The instalment whose open rest was moved here."""
    open_amount: Mapped[int] = mapped_column(BigId, default=0)
    """What is open of the claim, recomputed from its allocations by `receivables.ledger`; reports of a past
    day ignore it."""
    settled_on: Mapped[date | None]
    disputed_on: Mapped[date | None]
    dispute_reason: Mapped[str] = mapped_column(default="")
    dunning_level: Mapped[int] = mapped_column(default=0)
    dunned_on: Mapped[date | None]

    __table_args__ = (
        of_contact("instalment"),
        CheckConstraint("order_id IS NOT NULL OR invoice_id IS NOT NULL", name="of_document"),
        CheckConstraint("claimed_on IS NOT NULL OR (open_amount = 0 AND invoice_id IS NULL)", name="planned"),
        Index("ix_instalment_contact", "contact_id", "claimed_on"),
        *(
            Index(name, *columns, sqlite_where=text("open_amount <> 0"), postgresql_where=text("open_amount <> 0"))
            for name, columns in (
                # A row per customer from the index alone: 60 times faster than from the allocations.
                ("ix_instalment_open", ("contact_id", "currency", "due_on", "open_amount", "owner_key")),
                # The sums of everything, day by day in the order of the index.
                ("ix_instalment_open_due", ("currency", "due_on", "open_amount", "owner_key", "contact_id")),
            )
        ),
        *(
            Index(name, *columns, sqlite_where=text("settled_on IS NULL"), postgresql_where=text("settled_on IS NULL"))
            # The list of what is due or planned: few of all instalments.
            for sort in ("due_sort", "contact_sort", "open_amount")
            for name, columns in (
                (f"ix_instalment_{sort}", (sort, "id")),
                (f"ix_instalment_owner_{sort}", ("owner_key", sort, "id")),
            )
        ),
    )


class Delivery(OfCustomer, Versioned, Journalled, Base):
    """Goods that went out for an order, or came back (`returns_id`, negative quantities)."""

    __tablename__ = "delivery"
    journal_entity: ClassVar[str] = "delivery"
    journal_skips: ClassVar[frozenset[str]] = DERIVED | {"serial"}

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("sales_order.id"), index=True)
    returns_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    number: Mapped[str] = mapped_column(SortText, unique=True)
    serial: Mapped[int]
    delivered_on: Mapped[date]
    ship_to: Mapped[str] = mapped_column(default="")
    carrier: Mapped[str] = mapped_column(default="")
    tracking: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (
        of_contact("delivery"),
        *(Index(f"ix_delivery_{name}", name, "id") for name in ("delivered_on", "contact_sort")),
        *(Index(f"ix_delivery_owner_{name}", "owner_key", name, "id") for name in ("delivered_on", "contact_sort")),
        Index("ix_delivery_contact_delivered", "contact_id", "delivered_on"),
        Index("ix_delivery_serial", "serial"),
    )


class DeliveryLine(Scoped, Base):
    """How much of an order line a delivery carried; negative on a return."""

    __tablename__ = "delivery_line"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Quantity)

    __table_args__ = (CheckConstraint("quantity <> 0", name="something_moved"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: visible exactly when its delivery is."""
        delivery = aliased(Delivery)
        return exists().where(delivery.id == cls.delivery_id, in_sales_reach(delivery, actor))


class PaymentTerm(Versioned, Journalled, Base):
    """How a total is paid: a named row of parts that becomes an order's instalments."""

    __tablename__ = "payment_term"
    journal_entity: ClassVar[str] = "payment_term"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    parts: Mapped[list[Any]] = mapped_column(default=list)
    """Dictionaries as `instalments.Part` has them, the remainder last."""


class StandingText(Versioned, Journalled, Base):
    """A text used again and again: openings, terms, delivery conditions."""

    __tablename__ = "standing_text"
    journal_entity: ClassVar[str] = "standing_text"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    """"opening", "terms" or "delivery_terms"."""
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="")
    body: Mapped[str]

    __table_args__ = (CheckConstraint("kind IN ('opening', 'terms', 'delivery_terms')", name="kind"),)
