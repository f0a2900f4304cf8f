"""Opportunities, the stages they pass, and the reasons they are lost for.

Amounts are minor units of the opportunity's currency. An opportunity is visible exactly when its customer is.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from crm_desktop.contacts.customer_rows import DERIVED, OfCustomer, of_contact
from crm_desktop.db.base import Base, BigId, Journalled, Percent, Versioned

_OPEN = text("state = 'open'")


class Stage(Versioned, Journalled, Base):
    """A step of an open opportunity, with the chance it usually has there.

    A shipped one has a `key`, and its words while `name` is empty.
    """

    __tablename__ = "pipeline_stage"
    journal_entity: ClassVar[str] = "pipeline_stage"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    probability: Mapped[Decimal] = mapped_column(Percent)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (CheckConstraint("probability BETWEEN 0 AND 1000000", name="probability"),)


class LostReason(Versioned, Journalled, Base):
    """Why opportunities are lost. Named as a `Stage` is."""

    __tablename__ = "lost_reason"
    journal_entity: ClassVar[str] = "lost_reason"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Opportunity(OfCustomer, Versioned, Journalled, Base):
    """A sale that may come: open in a stage, then won or lost.

    A quote and an order that come of it name it (`opportunity_id`).
    """

    __tablename__ = "opportunity"
    journal_entity: ClassVar[str] = "opportunity"
    journal_skips: ClassVar[frozenset[str]] = DERIVED | {
        *("expected_sort", "stage_since", "furthest_stage_id"),
        # The services tell these so that a person can read them.
        *("amount", "lost_reason_id", "probability", "salesperson_id", "stage_id"),
    }

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    """"open", "won" or "lost"."""
    stage_id: Mapped[int] = mapped_column(ForeignKey("pipeline_stage.id"), index=True)
    """The stage it is in, or was in last."""
    stage_since: Mapped[datetime]
    furthest_stage_id: Mapped[int] = mapped_column(ForeignKey("pipeline_stage.id"), deferred=True)
    """The furthest of the stages it stayed in before this one; the funnel alone asks for it."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    salesperson_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    """Whose chance it is, for statistics; scope follows the customer's owner."""
    currency: Mapped[str]
    amount: Mapped[int] = mapped_column(BigId, default=0)
    probability: Mapped[Decimal] = mapped_column(Percent)
    """In percent; the stage's, unless somebody knows better."""
    expected_on: Mapped[date | None]
    """When it is expected to be won; forecasts count by its month."""
    expected_sort: Mapped[date]
    """`expected_on`, 9999-12-31 without one."""
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    """When it was won or lost."""
    lost_reason_id: Mapped[int | None] = mapped_column(ForeignKey("lost_reason.id"))
    lost_note: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (
        of_contact("opportunity"),
        CheckConstraint("state IN ('open', 'won', 'lost')", name="state"),
        CheckConstraint("(state = 'lost') = (lost_reason_id IS NOT NULL)", name="lost_needs_reason"),
        CheckConstraint("(state = 'open') = (closed_on IS NULL)", name="closed_when_ended"),
        CheckConstraint("probability BETWEEN 0 AND 1000000", name="probability"),
        CheckConstraint("amount >= 0", name="amount"),
        *(
            Index(f"ix_opportunity_{name}", name, "id")
            for name in ("expected_sort", "contact_sort", "amount", "updated_at")
        ),
        *(
            Index(f"ix_opportunity_owner_{name}", "owner_key", name, "id")
            for name in ("expected_sort", "contact_sort", "amount", "updated_at")
        ),
        Index("ix_opportunity_contact", "contact_id", "opened_on"),
        # The sums of every stage come from the index alone.
        Index(
            "ix_opportunity_open",
            *("stage_id", "currency", "amount", "probability", "owner_key"),
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_opportunity_closed", "closed_on", "state"),
        Index(
            "ix_opportunity_person",
            "person_id",
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
    )
