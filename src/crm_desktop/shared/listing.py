"""What a list shows: filters, order and columns as plain values a view can save."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: `field` is a field name, `values` any of which match.

    `op` is one of "is", "is_not", "contains", "from", "to", "empty", "not_empty".
    """

    field: str
    op: str = "is"
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort key of a list."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A query a person put together: what a saved view stores.

    `text` is the quick filter; `pool` shows only rows without an owner, `archived` the archived ones.
    """

    text: str = ""
    filters: tuple[Filter, ...] = ()
    sorts: tuple[Sort, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a list in its order. `capped`: a wide search was cut, there are more."""

    ids: Sequence[int]
    capped: bool = False
