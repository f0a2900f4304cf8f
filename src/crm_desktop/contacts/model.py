"""Contacts and what hangs on them.

A contact has one owner or is in the public pool. Everything that belongs to a contact is visible
exactly when the contact is.
"""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    and_,
    exists,
    false,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from crm_desktop.db.base import Base, BigId, Grams, Journalled, Scoped, SortText, Versioned
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.permissions import Domain, Scope

POOL = 0
"""`Contact.owner_key` of a contact nobody owns."""

NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""`Contact.last_contact_sort` of a contact nobody ever talked to."""

_CODED = text("code_key <> ''")
_MERGED = text("merged_into_id IS NOT NULL")
_HIGH = text("high_id IS NOT NULL")


def _live_index(name: str, *columns: str) -> Index:
    """Return an index over the contacts that lists show; with the id it covers a page of a list."""
    live = text("archived_at IS NULL")
    return Index(name, *columns, "id", sqlite_where=live, postgresql_where=live)


class Contact(Versioned, Journalled, Scoped, Base):
    """A company or a person.

    `owner_key` repeats the owner (0: public pool) so that row scope is one indexed comparison.
    `sort_key`, the `*_key` columns and the `main_*` columns are derived by the service.
    """

    __tablename__ = "contact"
    journal_entity: ClassVar[str] = "contact"
    journal_skips: ClassVar[frozenset[str]] = frozenset(
        {
            "owner_key",
            "sort_key",
            "name_key",
            "code_key",
            "registration_key",
            "last_contact_at",
            "last_contact_sort",
            "next_contact_on",
            "next_contact_sort",
            "created_at",
            "created_by",
            "updated_at",
            "updated_by",
        }
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    """"company" or "person"."""
    code: Mapped[str] = mapped_column(default="")
    """What the firm itself calls the contact: a customer's or supplier's number of its old lists."""
    name: Mapped[str]
    short_name: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="prospect")
    """"prospect", "customer" or "lapsed"."""
    is_customer: Mapped[bool] = mapped_column(default=True)
    is_supplier: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    owner_key: Mapped[int] = mapped_column(BigId, default=POOL)
    owned_since: Mapped[datetime | None]
    registration_number: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    industry: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    main_phone: Mapped[str] = mapped_column(default="")
    main_email: Mapped[str] = mapped_column(default="")
    main_city: Mapped[str] = mapped_column(default="")
    last_contact_at: Mapped[datetime | None]
    """When somebody last called, visited or wrote: of the activities done on its side of the wall, never of an
    import. Written by `activities` alone, with its sort value, as are the next two."""
    last_contact_sort: Mapped[datetime] = mapped_column(default=NEVER)
    next_contact_on: Mapped[date | None]
    """The day of its earliest planned activity."""
    next_contact_sort: Mapped[date] = mapped_column(default=date.max)
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Values of user-defined fields by their key."""
    sort_key: Mapped[str] = mapped_column(SortText)
    name_key: Mapped[str]
    code_key: Mapped[str] = mapped_column(default="")
    registration_key: Mapped[str] = mapped_column(default="")
    archived_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    """Set on the loser of a merge, which stays as a redirect."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (
        CheckConstraint("owner_key = coalesce(owner_id, 0)", name="owner_key"),
        CheckConstraint("is_customer OR is_supplier", name="side"),
        CheckConstraint("kind IN ('company', 'person')", name="kind"),
        CheckConstraint("status IN ('prospect', 'customer', 'lapsed')", name="status"),
        UniqueConstraint("id", "owner_key"),
        _live_index("ix_contact_sort", "sort_key"),
        _live_index("ix_contact_owner_sort", "owner_key", "sort_key"),
        _live_index("ix_contact_updated", "updated_at"),
        _live_index("ix_contact_owner_updated", "owner_key", "updated_at"),
        _live_index("ix_contact_created", "created_at"),
        _live_index("ix_contact_owner_created", "owner_key", "created_at"),
        _live_index("ix_contact_last", "last_contact_sort"),
        _live_index("ix_contact_owner_last", "owner_key", "last_contact_sort"),
        _live_index("ix_contact_next", "next_contact_sort"),
        _live_index("ix_contact_owner_next", "owner_key", "next_contact_sort"),
        _live_index("ix_contact_status_sort", "status", "sort_key"),
        _live_index("ix_contact_level_sort", "level", "sort_key"),
        _live_index("ix_contact_city_sort", "main_city", "sort_key"),
        Index("ix_contact_name_key", "name_key"),
        Index("ix_contact_registration_key", "registration_key"),
        # Most contacts have none.
        Index("ix_contact_code_key", "code_key", sqlite_where=_CODED, postgresql_where=_CODED),
        # Looked into for each contact that the undo of an import deletes.
        Index("ix_contact_merged_into", "merged_into_id", sqlite_where=_MERGED, postgresql_where=_MERGED),
        # What documents point to, so that their owner and sort text follow the contact's by themselves.
        Index("uq_contact_followed", "id", "owner_key", "sort_key", unique=True),
    )

    def journal_contact(self) -> int | None:
        """Return its own id."""
        return self.id

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Customers by the sales scope, suppliers by the purchasing scope; unowned ones are in the pool."""
        return in_reach(cls, actor)


def in_reach(contact: Any, actor: Actor, *, walking: bool = False) -> ColumnElement[bool]:
    """Return the condition under which the actor reaches `contact` (the class or an alias of it).

    `walking` keeps the engine from looking each owner up: for many owners a walk along the list's own
    index meets enough of their contacts.
    """
    sides = [
        side if scope is Scope.ALL else and_(side, _owned(contact, actor, scope, walking=walking))
        for scope, side in (
            (actor.scope(Domain.SALES), contact.is_customer),
            (actor.scope(Domain.PURCHASING), contact.is_supplier),
        )
        if scope is not Scope.NONE
    ]
    return or_(*sides) if sides else false()


def _owned(contact: Any, actor: Actor, scope: Scope, *, walking: bool) -> ColumnElement[bool]:
    owner = contact.owner_key + 0 if walking else contact.owner_key
    owned: ColumnElement[bool] = owner.in_(owner_keys(actor, scope))
    return owned


def owner_keys(actor: Actor, scope: Scope) -> list[int]:
    """Return the owner keys a scope below "all" reaches, the pool always among them."""
    ids = {actor.user_id or POOL, POOL}
    if scope is Scope.TEAM:
        ids |= actor.team_ids
    return sorted(ids)


class OfContact(Scoped):
    """A row that is visible exactly when its contact is."""

    contact_id: Mapped[int]

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on the contact it belongs to, looked up by its id."""
        return contact_in_reach(cls.contact_id, actor)


def contact_in_reach(contact_id: Any, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor reaches the contact with this id."""
    contact = aliased(Contact)
    return exists().where(contact.id == contact_id, in_reach(contact, actor))


class ContactPoint(OfContact, Base):
    """A phone, e-mail address, chat id or the like; the first of a kind is the main one."""

    __tablename__ = "contact_point"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    kind: Mapped[str]
    value: Mapped[str]
    key: Mapped[str]
    """Normalised for duplicate search: +86…, or a folded address."""
    note: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_contact_point_key", "key"),)


class ContactAddress(OfContact, Base):
    """A postal address."""

    __tablename__ = "contact_address"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    kind: Mapped[str]
    street: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)


class ContactLink(Scoped, Base):
    """A person's place in a company; a person may serve several."""

    __tablename__ = "contact_link"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    role: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("person_id", "company_id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Visible when both ends are."""
        return and_(contact_in_reach(cls.person_id, actor), contact_in_reach(cls.company_id, actor))


class Tag(Base):
    """A free word people put on contacts."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)


class ContactTag(OfContact, Base):
    """A tag on a contact."""

    __tablename__ = "contact_tag"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), primary_key=True, index=True)


class AttachmentContent(Base):
    """The bytes of a file, once per content."""

    __tablename__ = "attachment_content"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigId)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Attachment(OfContact, Base):
    """A file on a contact; its name is data, never a path."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    name: Mapped[str]
    size: Mapped[int] = mapped_column(BigId)
    sha256: Mapped[str] = mapped_column(ForeignKey("attachment_content.sha256"))
    added_at: Mapped[datetime]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class CustomField(Versioned, Journalled, Base):
    """A field the company defined: text, number, date or one of a list."""

    __tablename__ = "custom_field"
    journal_entity: ClassVar[str] = "custom_field"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    kind: Mapped[str]
    choices: Mapped[list[str]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class MergeSnapshot(Base):
    """What a merge changed, kept so that it can be taken back."""

    __tablename__ = "merge_snapshot"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    survivor_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    loser_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    merged_at: Mapped[datetime]
    merged_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    snapshot: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]


class DistinctPair(Base):
    """Two contacts somebody looked at and found to be different; `low_id` < `high_id`."""

    __tablename__ = "contact_distinct"

    low_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    high_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True)

    __table_args__ = (Index("ix_contact_distinct_high", "high_id", sqlite_where=_HIGH, postgresql_where=_HIGH),)


class ContactSearch(OfContact, Base):
    """Search tokens of a contact; whose it is follows the contact by itself and is a token, too (`owner_token`).

    SQLite feeds its FTS5 tables from `pairs` and `infix` by triggers; PostgreSQL indexes `grams` and
    keeps in `infix` the text in which a hit is looked up again.
    """

    __tablename__ = "contact_search"

    contact_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_key: Mapped[int] = mapped_column(BigId, default=POOL)
    pairs: Mapped[str] = mapped_column(default="")
    infix: Mapped[str] = mapped_column(default="")
    grams: Mapped[list[str] | None] = mapped_column(Grams)

    __table_args__ = (
        ForeignKeyConstraint(
            ["contact_id", "owner_key"],
            ["contact.id", "contact.owner_key"],
            name="fk_contact_search_contact",
            onupdate="CASCADE",
        ),
    )
