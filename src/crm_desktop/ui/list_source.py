"""What a feature tells its list: thin calls to its services, run on the database lane."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from crm_desktop.shared.fields import Field
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.record import Page


@dataclass(frozen=True, slots=True)
class IdChunk:
    """A part of the ids of a list, in its order.

    `ids` is an array('q'); `after` is handed back to get the next part and None when this was the
    last one; `capped` says that a wide search was cut and there are more.
    """

    ids: "array[int]"
    after: Any = None
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows match, and totals per currency as finished texts."""

    rows: int
    capped: bool = False
    totals: tuple[str, ...] = ()


class ListSource(Protocol):
    """The rows of one entity as the actor may see them.

    Every listing that arrives here has its relative days resolved and its columns filled in.
    """

    entity: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields the actor may read."""
        ...

    def first_page(self, work: Any, listing: Listing, limit: int) -> Page:
        """Return the first `limit` rows: id, then `listing.columns`."""
        ...

    def ids(self, work: Any, listing: Listing, after: Any, limit: int) -> IdChunk:
        """Return the next `limit` ids behind `after` (None: from the start)."""
        ...

    def rows(self, work: Any, columns: Sequence[str], ids: Sequence[int]) -> Page:
        """Return the rows of `ids` in any order: id, then `columns`; rows that are gone are left out."""
        ...

    def count(self, work: Any, listing: Listing) -> Count:
        """Return how many rows match; asked after the page is shown."""
        ...

    def offers(self, work: Any, field_name: str) -> Sequence[tuple[Any, str]]:
        """Return (value, label) a filter on this field offers; empty means free text."""
        ...

    def close_match(self, work: Any, listing: Listing) -> str:
        """Return a sentence about the nearest hit when nothing matches, "" when there is none."""
        ...


class ServedList(Protocol):
    """What a feature's list answers: its module `lists` or an object like it."""

    def first_page(self, work: Any, listing: Listing, columns: Sequence[str], limit: int) -> Page:
        """Return the first `limit` rows."""
        ...

    def ids(self, work: Any, listing: Listing, after: Any) -> "tuple[array[int], Any]":
        """Return the next ids and what to hand back for those after them."""
        ...

    def rows(self, work: Any, columns: Sequence[str], ids: Sequence[int]) -> Page:
        """Return the rows of `ids`."""
        ...

    def count(self, work: Any, listing: Listing) -> tuple[int, bool]:
        """Return how many rows match, and whether there are more."""
        ...


class ServiceSource:
    """A `ListSource` of thin calls to a feature's list; no filter offers values, nothing is a near hit."""

    def __init__(self, entity: str, fields: tuple[Field, ...], served: ServedList) -> None:
        self.entity, self.fields, self.served = entity, fields, served

    def first_page(self, work: Any, listing: Listing, limit: int) -> Page:
        """Return the first rows."""
        return self.served.first_page(work, listing, listing.columns, limit)

    def ids(self, work: Any, listing: Listing, after: Any, limit: int) -> IdChunk:
        """Return the next ids; the service decides how many at once."""
        return IdChunk(*self.served.ids(work, listing, after))

    def rows(self, work: Any, columns: Sequence[str], ids: Sequence[int]) -> Page:
        """Return the rows of `ids`."""
        return self.served.rows(work, columns, ids)

    def count(self, work: Any, listing: Listing) -> Count:
        """Return how many rows match."""
        return Count(*self.served.count(work, listing))

    def offers(self, work: Any, field_name: str) -> Sequence[tuple[Any, str]]:
        """Return nothing: values are typed."""
        return ()

    def close_match(self, work: Any, listing: Listing) -> str:
        """Return nothing."""
        return ""
