"""Cells as the parsers give them become cells of a `Sheet` (pure)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from crm_desktop.exchange.book import Cell

_EXACT_UP_TO: Final = 10**15
"""A number of more digits came rounded out of the file and stays a float, which tells so."""

PHANTOM_DAY: Final = "1900-02-29"
"""Day 60 of Excel's calendar, which never was; the parser cannot tell it from the day before."""

_DAY_BEFORE: Final = date(1900, 2, 28)
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def typed_row(row: Sequence[Any]) -> tuple[Cell, ...]:
    """Return a row of the workbook parser: "" is blank, whole floats are ints."""
    # Most cells are texts, blanks and whole numbers: no call for those.
    return tuple(
        [
            (cell or None)
            if (kind := cell.__class__) is str
            else int(cell)
            if kind is float and cell.is_integer() and -_EXACT_UP_TO < cell < _EXACT_UP_TO
            else typed(cell)
            for cell in row
        ]
    )


def typed(cell: Any) -> Cell:
    """Return one cell of the workbook parser that is not plain text."""
    kind = cell.__class__
    if kind is str:
        return cell or None
    if kind is float:
        return int(cell) if -_EXACT_UP_TO < cell < _EXACT_UP_TO and cell.is_integer() else _finite(cell)
    if kind is date:
        return PHANTOM_DAY if cell == _DAY_BEFORE else cell
    if kind is timedelta:
        return duration(cell)
    if isinstance(cell, int | datetime | time):
        return cell
    return None if cell is None else str(cell)


def _finite(number: float) -> Cell:
    return number if number - number == 0 else str(number)


def duration(length: timedelta) -> str:
    """Return a length of time as Excel shows it, "36:00:00"."""
    sign = "-" if length < timedelta(0) else ""
    minutes, seconds = divmod(round(abs(length).total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02}:{seconds:02}"


def seen(text: str) -> str:
    """Return a text without the characters nobody sees and no database keeps."""
    return _UNSEEN.sub("", text)


def without_blank_end(rows: Iterable[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    """Pass rows on, but for the blank ones at the end."""
    held: list[tuple[Cell, ...]] = []
    for row in rows:
        if row.count(None) == len(row):
            held.append(())
            continue
        if held:
            yield from held
            held = []
        yield row
