"""Activities: what was said to contacts and what is planned, their kinds and results, reminders, the public pool.

An activity is visible to whoever reaches its contact on the side of the wall it belongs to.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, and_, exists, false, or_, text, true
from sqlalchemy.orm import Mapped, aliased, mapped_column

from crm_desktop.contacts.customer_rows import DERIVED, of_contact
from crm_desktop.contacts.model import Contact, contact_in_reach, owner_keys
from crm_desktop.db.base import Base, BigId, Journalled, Scoped, SortText, Versioned
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.permissions import Domain, Scope

PLANNED = text("state = 'planned'")
_REMINDED = text("dismissed_at IS NULL")


class ActivityKind(Versioned, Journalled, Base):
    """What an activity can be: call, visit … A shipped one has a `key`, and its words while `name` is empty."""

    __tablename__ = "activity_kind"
    journal_entity: ClassVar[str] = "activity_kind"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    icon: Mapped[str]
    is_contact: Mapped[bool] = mapped_column(default=True)
    """Whether one that is done counts as a contact with the customer: a note and a task do not."""
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class ActivityResult(Versioned, Journalled, Base):
    """What came of an activity: reached, no answer … Named as an `ActivityKind` is."""

    __tablename__ = "activity_result"
    journal_entity: ClassVar[str] = "activity_result"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    next_days: Mapped[int | None]
    """After how many days the form proposes the next contact; None proposes none."""
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Activity(Versioned, Journalled, Scoped, Base):
    """One call, visit, message, meeting, note or task, planned or done."""

    __tablename__ = "activity"
    journal_entity: ClassVar[str] = "activity"
    journal_skips: ClassVar[frozenset[str]] = DERIVED | {"due_sort", "at_sort", "side"}

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(BigId)
    owner_key: Mapped[int] = mapped_column(BigId)
    contact_sort: Mapped[str] = mapped_column(SortText)
    side: Mapped[str] = mapped_column(default="sales")
    """Which side of the wall it belongs to, "sales" or "purchasing": a firm can be both."""
    kind_id: Mapped[int] = mapped_column(ForeignKey("activity_kind.id"))
    result_id: Mapped[int | None] = mapped_column(ForeignKey("activity_result.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    """With whom at the company."""
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunity.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id"))
    """The activity whose "what next?" this one answers."""
    state: Mapped[str] = mapped_column(default="planned")
    """"planned", "done" or "dropped"."""
    subject: Mapped[str] = mapped_column(default="")
    """What is to be done, in one line; may be empty on what is done."""
    notes: Mapped[str] = mapped_column(default="")
    """What was said."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    """Who does it, or did it."""
    author: Mapped[str] = mapped_column(default="")
    """Who did it when that person has no account here: imported history keeps its author."""
    priority: Mapped[int] = mapped_column(default=1)
    """0 low, 1 normal, 2 high."""
    due_on: Mapped[date | None]
    due_time: Mapped[str] = mapped_column(default="")
    """"16:00" in the company's time zone, "" for any time of the day."""
    due_sort: Mapped[date]
    """`due_on`, 9999-12-31 without one."""
    done_at: Mapped[datetime | None]
    at_sort: Mapped[datetime]
    """Where it stands in the timeline: `done_at`, else the start of the day it is due, else when it was written."""
    taken_over: Mapped[bool] = mapped_column(default=False)
    """Whether an import brought it: it never counts as a contact."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (
        of_contact("activity"),
        CheckConstraint("state IN ('planned', 'done', 'dropped')", name="state"),
        CheckConstraint("side IN ('sales', 'purchasing')", name="side"),
        CheckConstraint("priority BETWEEN 0 AND 2", name="priority"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_when_done"),
        Index("ix_activity_contact_at", "contact_id", "at_sort", "id"),
        *(Index(f"ix_activity_{name}", name, "id") for name in ("at_sort", "due_sort", "contact_sort")),
        *(Index(f"ix_activity_owner_{name}", "owner_key", name, "id") for name in ("at_sort", "due_sort")),
        Index("ix_activity_user_due", "user_id", "due_sort", "id", sqlite_where=PLANNED, postgresql_where=PLANNED),
        Index("ix_activity_contact_due", "contact_id", "due_on", sqlite_where=PLANNED, postgresql_where=PLANNED),
        Index("ix_activity_user_at", "user_id", "at_sort"),
        *(
            Index(
                f"ix_activity_{name}",
                f"{name}_id",
                sqlite_where=text(f"{name}_id IS NOT NULL"),
                postgresql_where=text(f"{name}_id IS NOT NULL"),
            )
            for name in ("person", "opportunity", "follows")
        ),
    )

    def journal_contact(self) -> int | None:
        """Return the contact whose story it belongs to; who may read it there is `told.READABLE`."""
        return self.contact_id

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: the contact is reached on the activity's side."""
        return activity_in_reach(cls, actor)


def activity_in_reach(activity: Any, actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which the actor reaches `activity` (the class or an alias of it)."""
    if actor.reaches_everything:
        return true()
    sides = []
    for domain in Domain:
        scope = actor.scope(domain)
        if scope is Scope.NONE:
            continue
        contact = aliased(Contact)
        flag = contact.is_customer if domain is Domain.SALES else contact.is_supplier
        conditions = [activity.side == domain.value, exists().where(contact.id == activity.contact_id, flag)]
        if scope is not Scope.ALL:
            conditions.append(activity.owner_key.in_(owner_keys(actor, scope)))
        sides.append(and_(*conditions))
    return or_(*sides) if sides else false()


class ActivityReminder(Scoped, Base):
    """When somebody is to be reminded of a planned activity; shown once, whichever computer is on."""

    __tablename__ = "activity_reminder"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    minutes: Mapped[int]
    """How long before it is due; kept, so that the reminder goes along when the activity is moved."""
    remind_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    """When a window took it on itself to show it."""
    shown_by: Mapped[str] = mapped_column(default="")
    """A word for that window, so that another does not show it again."""
    dismissed_at: Mapped[datetime | None]
    """When the person waved it away; a snooze clears `shown_at` and moves `remind_at` instead."""

    __table_args__ = (
        Index(
            "ix_activity_reminder_due",
            "user_id",
            "remind_at",
            sqlite_where=_REMINDED,
            postgresql_where=_REMINDED,
        ),
    )

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: everybody sees their own, and what they planned for a colleague in reach."""
        activity = aliased(Activity)
        return or_(
            cls.user_id == actor.user_id,
            exists().where(activity.id == cls.activity_id, activity_in_reach(activity, actor)),
        )


class PoolRules(Versioned, Journalled, Base):
    """When customers nobody cares for go back to the public pool; one row."""

    __tablename__ = "pool_rules"
    journal_entity: ClassVar[str] = "pool_rules"
    journal_skips: ClassVar[frozenset[str]] = frozenset({"run_on"})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    active: Mapped[bool] = mapped_column(default=False)
    contact_days: Mapped[int] = mapped_column(default=30)
    """Released when owned longer than this and never contacted, or not since; 0: this rule is off."""
    deal_days: Mapped[int] = mapped_column(default=0)
    """Released when owned longer than this without an order; 0: this rule is off."""
    warn_days: Mapped[int] = mapped_column(default=7)
    """How many days before its release a customer stands on the warning list."""
    hold_limit: Mapped[int] = mapped_column(default=0)
    """How many customers one person may own by claiming; 0: any number."""
    lock_limit: Mapped[int] = mapped_column(default=0)
    """How many of them one person may lock; 0: none."""
    reclaim_days: Mapped[int] = mapped_column(default=7)
    """For how long who lost a customer to the pool may not claim it again."""
    claims_a_day: Mapped[int] = mapped_column(default=0)
    """How many a person may claim in a day; 0: any number."""
    from_on: Mapped[date | None]
    """The first day on which these rules release: the day after they were changed."""
    run_on: Mapped[date | None]
    """The last day the rules were carried out on: in a file what the next day is measured by (`pool.witness`)."""

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class PoolLock(Scoped, Base):
    """A customer its owner locked against release."""

    __tablename__ = "pool_lock"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    locked_at: Mapped[datetime]

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: exactly when its contact is visible."""
        return contact_in_reach(cls.contact_id, actor)


class PoolRelease(Scoped, Base):
    """That a customer went back to the pool: from whom, when, and why."""

    __tablename__ = "pool_release"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    """Who had it."""
    released_at: Mapped[datetime]
    reason: Mapped[str]
    """"contact", "deal" or "hand" (released by the person)."""

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: exactly when its contact is visible."""
        return contact_in_reach(cls.contact_id, actor)
