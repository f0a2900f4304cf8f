"""The declarative base, the column types both engines agree on, and what every editable row has."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar, Final

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
from crm_desktop.shared.money import round_half_away, without_zeros

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

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what makes the moment with its UTC zone: of SQLite's text, of the server's moment without zone.

        Neither uses `replace`, which took a third of the time of a whole page of a list.
        """
        return _of_text if dialect.name == "sqlite" else _of_naive

    @staticmethod
    def column_of_texts(values: Iterable[str | None]) -> list[datetime | None]:
        """Return the moments of a whole column of SQLite's texts, in a third less time than one by one."""
        read = datetime.fromisoformat
        return [None if value is None else read(value + "+00:00") for value in values]


def _of_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH = _EPOCH_UTC.replace(tzinfo=None)


def _of_naive(value: datetime | None) -> datetime | None:
    return None if value is None else _EPOCH_UTC + (value - _EPOCH)


class Scaled(TypeDecorator[Decimal]):
    """A figure with a fixed number of decimals, stored as a whole number so that SQL adds it exactly."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """Return the whole number, rounded half away from zero."""
        return None if value is None else _scaled(value, self.places)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal | None]:
        """Return what makes the figure without trailing zeros. A server's sum arrives as a `Decimal`."""
        return _reader(self.places)


@lru_cache
def _reader(places: int) -> Callable[[Any], Decimal | None]:
    @lru_cache(4096)
    def read(value: int | Decimal | None) -> Decimal | None:
        return None if value is None else without_zeros(Decimal(value).scaleb(-places))

    return read


@lru_cache(4096)
def _scaled(value: Decimal | int, places: int) -> int:
    # The same few figures come again and again: thousands of lines were stored in half the time.
    return int(round_half_away(Decimal(value), places).scaleb(places))


Quantity: Final = Scaled(6)
UnitPrice: Final = Scaled(6)
"""A price of one unit in the currency of its document or list."""
Percent: Final = Scaled(4)
Rate: Final = Scaled(10)
"""The company's currency for one unit of another."""


class Base(DeclarativeBase):
    """Root of every mapped class."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant(),
        dict[str, Any]: Json,
        list[str]: Json,
        list[Any]: Json,
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
