"""Money that came in, what it was used for, and what was said about the rest. Rows are added, never deleted.

Amounts are minor units of the row's currency, days are business days of the company.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, exists, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from crm_desktop.contacts.customer_rows import DERIVED, OfCustomer, in_sales_reach, of_contact
from crm_desktop.db.base import Base, BigId, Journalled, Rate, Scoped, SortText, Versioned
from crm_desktop.shared.actor import Actor


class Receipt(OfCustomer, Versioned, Journalled, Base):
    """Money received; or money given back, or a surplus kept, which use up what was received (`kind`).

    `open_amount` (of money received: what is not allocated yet) and `settled_on` are kept by `ledger`.
    """

    __tablename__ = "receipt"
    journal_entity: ClassVar[str] = "receipt"
    journal_skips: ClassVar[frozenset[str]] = DERIVED | {"serial", "reference_key", "open_amount", "settled_on"}

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(default="receipt")
    """"receipt"; "refund" (money back), "reversal" (it never arrived) or "kept" (a small surplus)."""
    number: Mapped[str] = mapped_column(SortText)
    serial: Mapped[int]
    """Its place in the series of the year; 0 of one taken over."""
    taken_over: Mapped[bool] = mapped_column(default=False)
    """It was received in the system before: it keeps its number of there, and its import can be undone."""
    dated_on: Mapped[date]
    currency: Mapped[str]
    amount: Mapped[int] = mapped_column(BigId)
    rate: Mapped[Decimal] = mapped_column(Rate, default=Decimal(1))
    method: Mapped[str] = mapped_column(default="transfer")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reference: Mapped[str] = mapped_column(default="")
    reference_key: Mapped[str] = mapped_column(SortText, default="")
    payer: Mapped[str] = mapped_column(default="")
    """Who paid, when it was not the customer."""
    matures_on: Mapped[date | None]
    """Of a cheque or a bank acceptance."""
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"), index=True)
    """The receipt a reversal takes back."""
    reason: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    salesperson_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    """The customer's owner on that day, for statistics."""
    open_amount: Mapped[int] = mapped_column(BigId, default=0)
    settled_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (
        of_contact("receipt"),
        CheckConstraint("kind IN ('receipt', 'refund', 'reversal', 'kept')", name="kind"),
        CheckConstraint("amount > 0", name="amount"),
        *(Index(f"ix_receipt_{name}", name, "id") for name in ("dated_on", "contact_sort", "amount", "open_amount")),
        # What came in during a period is added up from the index alone.
        Index("ix_receipt_day_sums", "dated_on", "currency", "kind", "amount", "owner_key"),
        *(
            Index(f"ix_receipt_owner_{name}", "owner_key", name, "id")
            for name in ("dated_on", "contact_sort", "amount", "open_amount")
        ),
        Index("ix_receipt_contact_dated", "contact_id", "dated_on"),
        # The sums of the whole list come from the index alone.
        Index("ix_receipt_sums", "currency", "kind", "amount", "open_amount", "owner_key"),
        Index("ix_receipt_reference", "reference_key"),
        Index("ix_receipt_serial", "serial"),
        Index("uq_receipt_number", "number", unique=True),
        Index(
            "ix_receipt_unused",
            *("contact_id", "currency", "open_amount", "owner_key"),
            sqlite_where=text("open_amount <> 0"),
            postgresql_where=text("open_amount <> 0"),
        ),
    )


class WriteOff(OfCustomer, Versioned, Journalled, Base):
    """Part of a claim that will not be paid: why, and who approved it. Never shown as paid."""

    __tablename__ = "write_off"
    journal_entity: ClassVar[str] = "write_off"
    journal_skips: ClassVar[frozenset[str]] = DERIVED

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    """"bad_debt", "difference", "bank_fee" or "ended" (a contract that will not be fulfilled)."""
    dated_on: Mapped[date]
    currency: Mapped[str]
    amount: Mapped[int] = mapped_column(BigId)
    reason: Mapped[str] = mapped_column(default="")
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"), index=True)
    """The receipt with which a difference or fee was settled."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (
        of_contact("write_off"),
        CheckConstraint("kind IN ('bad_debt', 'difference', 'bank_fee', 'ended')", name="kind"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_write_off_contact_dated", "contact_id", "dated_on"),
    )


class Reschedule(OfCustomer, Journalled, Base):
    """The open rest of an instalment moved to other days: the rest ends here, new instalments begin."""

    __tablename__ = "reschedule"
    journal_entity: ClassVar[str] = "reschedule"
    journal_skips: ClassVar[frozenset[str]] = DERIVED

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalment.id"), index=True)
    dated_on: Mapped[date]
    currency: Mapped[str]
    amount: Mapped[int] = mapped_column(BigId)
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (of_contact("reschedule"), Index("ix_reschedule_contact", "contact_id"))


class Allocation(OfCustomer, Base):
    """How much of one source went to one target on a day: the flat table every balance is computed from.

    Sources: a receipt, a credit note, a write-off, a reschedule. Targets: an instalment, or what uses up money
    (a refund, a reversal, a kept surplus). A reversal is a row of its own with the amount negative.
    """

    __tablename__ = "allocation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"))
    credit_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"))
    write_off_id: Mapped[int | None] = mapped_column(ForeignKey("write_off.id"))
    reschedule_id: Mapped[int | None] = mapped_column(ForeignKey("reschedule.id"))
    instalment_id: Mapped[int | None] = mapped_column(ForeignKey("instalment.id"))
    spent_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"))
    """The refund, reversal or kept surplus that uses the money up."""
    currency: Mapped[str]
    amount: Mapped[int] = mapped_column(BigId)
    dated_on: Mapped[date]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("allocation.id"), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (
        of_contact("allocation"),
        CheckConstraint("(amount < 0) = (reverses_id IS NOT NULL) AND amount <> 0", name="sign"),
        CheckConstraint("(instalment_id IS NULL) <> (spent_id IS NULL)", name="one_target"),
        CheckConstraint(
            "(CASE WHEN receipt_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN credit_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN write_off_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN reschedule_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_source",
        ),
        Index("ix_allocation_instalment", "instalment_id", "dated_on", "amount"),
        Index("ix_allocation_contact_dated", "contact_id", "dated_on"),
        *(
            Index(
                f"ix_allocation_{name}",
                *(f"{name}_id", "dated_on", "amount"),
                sqlite_where=text(f"{name}_id IS NOT NULL"),
                postgresql_where=text(f"{name}_id IS NOT NULL"),
            )
            for name in ("receipt", "credit", "write_off", "reschedule", "spent")
        ),
    )


class Promise(OfCustomer, Versioned, Journalled, Base):
    """What a customer promised to pay, until when. Whether it was kept follows from the receipts."""

    __tablename__ = "promise"
    journal_entity: ClassVar[str] = "promise"
    journal_skips: ClassVar[frozenset[str]] = DERIVED

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    currency: Mapped[str]
    amount: Mapped[int] = mapped_column(BigId)
    made_on: Mapped[date]
    due_on: Mapped[date]
    person: Mapped[str] = mapped_column(default="")
    """Who promised."""
    notes: Mapped[str] = mapped_column(default="")
    withdrawn_on: Mapped[date | None]
    """Written down by mistake, or replaced by a new one."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (
        of_contact("promise"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_promise_contact_due", "contact_id", "due_on"),
    )


class DunningLevel(Versioned, Journalled, Base):
    """A step of reminding: after how many days overdue (negative: before), with which words."""

    __tablename__ = "dunning_level"
    journal_entity: ClassVar[str] = "dunning_level"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    level: Mapped[int]
    """1, 2, 3 …; 0 reminds before the day."""
    days: Mapped[int]
    texts: Mapped[dict[str, Any]]
    """Per language {"subject": …, "body": …}."""
    active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (Index("uq_dunning_level_level", "level", unique=True),)


class DunningLetter(OfCustomer, Journalled, Base):
    """A letter that went out: a snapshot of what was open then."""

    __tablename__ = "dunning_letter"
    journal_entity: ClassVar[str] = "dunning_letter"
    journal_skips: ClassVar[frozenset[str]] = DERIVED | {"content"}

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    level: Mapped[int]
    dated_on: Mapped[date]
    content: Mapped[bytes]
    """Its PDF."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (of_contact("dunning_letter"), Index("ix_dunning_letter_contact", "contact_id", "dated_on"))


class DunningLine(Scoped, Base):
    """One instalment in a letter, at the level it had reached."""

    __tablename__ = "dunning_line"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("dunning_letter.id"), index=True)
    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalment.id"), index=True)
    level: Mapped[int]
    currency: Mapped[str]
    open_amount: Mapped[int] = mapped_column(BigId)
    due_on: Mapped[date]

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: visible exactly when its letter is."""
        letter = aliased(DunningLetter)
        return exists().where(letter.id == cls.letter_id, in_sales_reach(letter, actor))
