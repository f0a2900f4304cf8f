"""What leaves an operation: immutable rows, never ORM objects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """One row as the actor may see it: field name -> value, only fields the actor may read."""

    id: int
    version: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list as plain tuples, `columns` naming their places; `id` always comes first."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]] = field(default_factory=tuple)
