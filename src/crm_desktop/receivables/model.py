"""Invoices and credit notes with their lines, their stored paper, and how the company works with them.

A document is visible to the sales side exactly when its customer is. Amounts are minor units of the
document's currency. The receivables themselves are the instalments (`orders.model.Instalment`).
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, Computed, ForeignKey, Index, exists, false, text
from sqlalchemy.orm import Mapped, aliased, mapped_column, synonym

from crm_desktop.contacts.customer_rows import DERIVED, OfCustomer, in_sales_reach, of_contact
from crm_desktop.contacts.model import contact_in_reach
from crm_desktop.db.base import Base, BigId, Journalled, Quantity, Scoped, SortText, Versioned
from crm_desktop.orders.columns import Document, DocumentLine, document_indexes
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.permissions import Permission


class ReceivableSettings(Versioned, Journalled, Base):
    """How the company claims, numbers and collects; one row."""

    __tablename__ = "receivable_settings"
    journal_entity: ClassVar[str] = "receivable_settings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    claims_by: Mapped[str] = mapped_column(default="invoice")
    """What posts the claim: the "invoice" or the confirmed "contract"."""
    invoice_prefix: Mapped[str]
    credit_prefix: Mapped[str]
    receipt_prefix: Mapped[str]
    refund_prefix: Mapped[str]
    due_days: Mapped[int]
    """When an invoice without payment terms falls due."""
    buckets: Mapped[list[Any]] = mapped_column(default=list)
    """Last day of each bucket but the open one: 30, 60, 90, 180."""
    closed_through: Mapped[date | None]
    """Nothing is dated on or before this day any more."""
    difference_limits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Per role, the largest difference or bank fee settled on the spot: decimal text, company currency."""
    credit_limits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Per customer level, the limit of those who have none of their own: decimal text, company currency."""
    overdue_days: Mapped[int | None]
    """Customers whose oldest debt is older get nothing more on credit, unless their own terms say otherwise."""
    dunning_gap_days: Mapped[int]

    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("claims_by IN ('invoice', 'contract')", name="claims_by"),
    )


class CustomerCredit(Versioned, Journalled, Scoped, Base):
    """What one customer may owe: a row of its own, for those who may read limits."""

    __tablename__ = "customer_credit"
    journal_entity: ClassVar[str] = "customer_credit"
    journal_skips: ClassVar[frozenset[str]] = frozenset({"contact_id", "limit_amount"})
    """The limit is told in the currency itself, by the service."""

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True, autoincrement=False)
    id: Mapped[int] = synonym("contact_id")
    """As the unit of work and the journal ask for it."""
    limit_amount: Mapped[int | None] = mapped_column(BigId)
    """Minor units of the company's currency; None is as the level says, 0 is cash only."""
    overdue_days: Mapped[int | None]

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: for those who may read limits, exactly when the customer is visible."""
        if not actor.may(Permission.CREDIT_LIMIT_READ):
            return false()
        return contact_in_reach(cls.contact_id, actor)


class Account(Versioned, Journalled, Base):
    """A bank account or cash box that money arrives in."""

    __tablename__ = "account"
    journal_entity: ClassVar[str] = "account"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(default="")
    """Empty takes any."""
    active: Mapped[bool] = mapped_column(default=True)


class Invoice(Document, Journalled, Base):
    """An invoice, or a credit note (`kind`), whose amounts are positive too.

    `open_amount`, `settled_on`, `next_due_on`, `credited` and `written_off` are kept by `ledger`, recomputed
    from the rows in the transaction that changes them, never by deltas; reports of a past day ignore them.
    """

    __tablename__ = "invoice"
    journal_entity: ClassVar[str] = "invoice"
    journal_skips: ClassVar[frozenset[str]] = DERIVED | {
        "serial",
        "reference_key",
        "subtotal",
        "discount",
        "net",
        "tax",
        "open_amount",
        "settled_on",
        "next_due_on",
        "due_sort",
        "credited",
        "written_off",
    }

    kind: Mapped[str] = mapped_column(default="invoice")
    """"invoice" or "credit"."""
    taken_over: Mapped[bool] = mapped_column(default=False)
    """An opening balance from the system before: it keeps its number of there and is no turnover."""
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    """The invoice a credit note corrects."""
    order_id: Mapped[int | None] = mapped_column(ForeignKey("sales_order.id"), index=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    instalment_id: Mapped[int | None] = mapped_column(BigId)
    """The planned instalment a draft was written for; it may be gone when the draft is posted."""
    payment_term_id: Mapped[int | None] = mapped_column(ForeignKey("payment_term.id"))
    due_on: Mapped[date | None]
    """When all of it is due, unless the order's plan or the payment terms say otherwise."""
    reason: Mapped[str] = mapped_column(default="")
    """Why a credit note was given."""
    posted_at: Mapped[datetime | None]
    posted_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    open_amount: Mapped[int] = mapped_column(BigId, default=0)
    """What its instalments leave open; of a credit note what is not used yet."""
    settled_on: Mapped[date | None]
    next_due_on: Mapped[date | None]
    """The earliest day among its open instalments."""
    due_sort: Mapped[date] = mapped_column(Computed("coalesce(next_due_on, '9999-12-31')", persisted=True))
    """What lists are sorted by: what is not due any more, or never was, comes last."""
    credited: Mapped[int] = mapped_column(BigId, default=0)
    written_off: Mapped[int] = mapped_column(BigId, default=0)

    __table_args__ = (
        *document_indexes("invoice", "due_sort", "open_amount"),
        # Drafts are few; what was invoiced in a period is added up, day by day, from the index alone.
        Index(
            "ix_invoice_state",
            *("state", "dated_on", "currency", "kind", "taken_over", "net", "owner_key", "contact_id", "id"),
        ),
        # The sums of the whole list come from the index alone.
        Index("ix_invoice_sums", "currency", "kind", "total", "open_amount", "owner_key"),
        Index(
            "ix_invoice_unused_credit",
            *("contact_id", "currency", "open_amount", "owner_key"),
            sqlite_where=text("kind = 'credit' AND open_amount <> 0"),
            postgresql_where=text("kind = 'credit' AND open_amount <> 0"),
        ),
        Index(
            # Balances of a past day read every credit note, which are few among the invoices.
            "ix_invoice_credit",
            *("contact_id", "dated_on"),
            sqlite_where=text("kind = 'credit'"),
            postgresql_where=text("kind = 'credit'"),
        ),
        CheckConstraint("kind IN ('invoice', 'credit')", name="kind"),
        CheckConstraint("state IN ('draft', 'posted')", name="state"),
        CheckConstraint("state = 'draft' OR number IS NOT NULL", name="number_at_posting"),
    )


class InvoiceLine(DocumentLine, Scoped, Base):
    """A line of an invoice or credit note, and the order line or invoice line it is of."""

    __tablename__ = "invoice_line"

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id", ondelete="CASCADE"), index=True)
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"), index=True)
    origin_line_id: Mapped[int | None] = mapped_column(ForeignKey("invoice_line.id"), index=True)
    """On a credit note, the line of the invoice it corrects."""
    covered: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    """How much of the order line's quantity it invoices: an amount on account may cover none."""

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: visible exactly when its invoice is."""
        invoice = aliased(Invoice)
        return exists().where(invoice.id == cls.invoice_id, in_sales_reach(invoice, actor))


class InvoicePaper(Scoped, Base):
    """The PDF of a posted invoice, byte for byte as it was posted."""

    __tablename__ = "invoice_paper"

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), primary_key=True, autoincrement=False)
    content: Mapped[bytes]
    sha256: Mapped[str]

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: visible exactly when its invoice is."""
        invoice = aliased(Invoice)
        return exists().where(invoice.id == cls.invoice_id, in_sales_reach(invoice, actor))


class TaxInvoice(OfCustomer, Versioned, Journalled, Base):
    """A tax invoice (发票) issued elsewhere, written down beside what it is for."""

    __tablename__ = "tax_invoice"
    journal_entity: ClassVar[str] = "tax_invoice"
    journal_skips: ClassVar[frozenset[str]] = DERIVED

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(SortText)
    kind: Mapped[str] = mapped_column(default="special")
    """"special" (专票), "ordinary" (普票) or "other"."""
    dated_on: Mapped[date]
    currency: Mapped[str]
    amount: Mapped[int] = mapped_column(BigId)
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("sales_order.id"), index=True)
    notes: Mapped[str] = mapped_column(default="")
    cancelled_on: Mapped[date | None]
    """Made void, or corrected by a red one."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (
        of_contact("tax_invoice"),
        CheckConstraint("kind IN ('special', 'ordinary', 'other')", name="kind"),
        CheckConstraint("(invoice_id IS NULL) OR (order_id IS NULL)", name="for_one_document"),
        Index("ix_tax_invoice_number", "number"),
        *(Index(f"ix_tax_invoice_{name}", name, "id") for name in ("dated_on", "contact_sort")),
        *(Index(f"ix_tax_invoice_owner_{name}", "owner_key", name, "id") for name in ("dated_on", "contact_sort")),
        Index("ix_tax_invoice_contact", "contact_id"),
    )
