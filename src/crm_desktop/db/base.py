"""The declarative base, the column types both engines agree on, and what every editable row has."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from crm_desktop.shared.actor import Actor

CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A row id: 64 bits on both engines (SQLite's rowid must be spelled INTEGER)."""

Json = JSON().with_variant(JSONB(), "postgresql")

SortText = String().with_variant(String(collation="C"), "postgresql")
"""A stored sort key, compared byte by byte on both engines."""

Grams = JSON().with_variant(ARRAY(Text()), "postgresql")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, stored without a zone, always read back with one."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return UTC without zone; refuse a moment that does not say its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its UTC zone."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Root of every mapped class."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant(),
        dict[str, Any]: Json,
        list[str]: Json,
    }


class Versioned:
    """A row people edit: saved only over the version it was read with."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a directive gets the class
        return {"version_id_col": cls.version}


class Journalled:
    """A row whose committed changes are written to the journal by the session itself.

    `journal_entity` is the entity named there; columns in `journal_skips` are derived from others.
    """

    journal_entity: ClassVar[str]
    journal_skips: ClassVar[frozenset[str]] = frozenset()

    def journal_contact(self) -> int | None:
        """Return the id of the contact whose story this row belongs to, if any."""
        return None


class Scoped:
    """A row that not everybody sees."""

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition under which the actor sees a row."""
        raise NotImplementedError
