"""A foreign file as it was read: sheets of typed cells, nothing interpreted yet (pure)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

Cell = str | int | float | bool | datetime | date | time | None
"""A number without decimals is an int, text is never a number."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells shown as one; places from 0, the last ones included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows` begins with the sheet's first row, whose number is 1; rows may differ in length."""

    name: str
    rows: list[tuple[Cell, ...]]
    hidden: bool = False
    merged: tuple[Merged, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """What a file holds. `kind` is "xlsx", "xls", "ods", "csv" or "vcard", told by content.

    `sha256` is that of the file's bytes. Text files say how they were read: `encoding` and `delimiter`.
    """

    path: Path
    kind: str
    sha256: str
    sheets: tuple[Sheet, ...]
    encoding: str = ""
    delimiter: str = ""
