"""Where a foreign sheet has its header and its rows: titles, totals, blank rows and notes told apart (pure)."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from crm_desktop.exchange.book import Cell, Sheet
from crm_desktop.exchange.reading.faults import NEVER_WORKED_OUT
from crm_desktop.shared.text import fold

TITLE: Final = "title"
BLANK: Final = "blank"
TOTAL: Final = "total"
REPEATED: Final = "repeated header"
NOTE: Final = "note"

Known = Callable[[str], bool]
"""Tells whether a text is the header of some field."""

_LOOKED_AT: Final = 40
_DEEPEST_HEADER: Final = 3
_LONGEST_HEADER: Final = 60
_CENT: Final = 0.01
_NARROWEST_WITH_NOTES: Final = 3
_NOT_ALNUM: Final = re.compile(r"[\W_]+")
# Anchored at the beginning: it runs over the first cell of every row.
_PERHAPS_TOTAL: Final = re.compile(r"\W*(?:本|合|总|總|小|共|累|全|应|應|grand|sub|total|sum|gesamt)", re.IGNORECASE)
_TOTAL: Final = re.compile(
    r"(?:本[页月年日周季]|全部|应收|月|年|客户)?(?:合计|总计|小计|共计|累计|总和|总额)"
    r"(?:金额|数量?|应收|人民币|元|rmb|cny|usd|\d++[笔行条户家个张]?)*"
    r"|(?:grand|sub)?totals?(?:amount|sum|cny|usd|eur|rmb|\d+)?|sum|gesamt(?:summe)?|summe"
)
_DATA_LIKE: Final = re.compile(r"@|\d{4,}|^\W*[\d\s.,:/()+￥¥$€%年月日-]+\W*$")
_LABELLED: Final = re.compile(r"[:：]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are; `header_rows`, `first_row` and `last_row` count from 0, an empty body ends before it begins.

    `left_out` says by the sheet's own row number (from 1) which rows are no data, and why.
    """

    header_rows: tuple[int, ...]
    first_row: int
    last_row: int
    left_out: Mapping[int, str]


def is_blank(cell: Cell) -> bool:
    """Return whether nothing can be seen in the cell."""
    return cell is None or (type(cell) is str and (not cell or cell.isspace()))


def find_header(sheet: Sheet, known: Known) -> tuple[int, ...]:
    """Return the rows of the header, from 0, those of a header of several lines together; () without one."""
    sheet = replace(sheet, merged=tuple(one for one in sheet.merged if one.first_row < _LOOKED_AT))
    rows = sheet.rows
    shown = [index for index, row in enumerate(rows[:_LOOKED_AT]) if not all(map(is_blank, row))]
    if not shown:
        return ()
    width = max(_filled(rows[index]) for index in shown)
    scores = {
        index: _likeness(rows[index], width, known) for index in shown if not _is_title(sheet, index, width, known)
    }
    best = max(scores, key=lambda index: (scores[index], -index), default=None)
    if best is None or scores[best] <= 0:
        return ()
    return _whole_header(sheet, best, width, known)


def header_texts(sheet: Sheet, header_rows: Sequence[int]) -> tuple[tuple[str, ...], ...]:
    """Return the header's parts per column: the group above its columns first, the column's own text last."""
    width = max(map(len, sheet.rows), default=0)
    lines = [_spread(sheet, row, width) for row in header_rows]
    return tuple(_without_repeats([line[place] for line in lines]) for place in range(width))


def lay_out(sheet: Sheet, header_rows: tuple[int, ...]) -> Layout:
    """Return which rows below the header are data."""
    rows = sheet.rows
    first = header_rows[-1] + 1 if header_rows else 0
    end = len(rows)
    while end > first and all(map(is_blank, rows[end - 1])):
        end -= 1
    left_out = {
        index + 1: BLANK if all(map(is_blank, rows[index])) else TITLE
        for index in range(header_rows[0] if header_rows else 0)
    }
    left_out |= _not_data(rows, header_rows, first, end)
    left_out |= _notes(rows, first, end, left_out)
    last_data = next((index for index in range(end - 1, first - 1, -1) if index + 1 not in left_out), first - 1)
    if last_data > first and _is_unnamed_sum(rows, first, last_data, left_out):
        left_out[last_data + 1] = TOTAL
        last_data -= 1
    return Layout(header_rows, first, last_data, left_out)


def body(sheet: Sheet, found: Layout) -> tuple[list[tuple[Cell, ...]], list[int]]:
    """Return the rows of data and their numbers; a cell merged downwards counts for every row it covers."""
    rows = sheet.rows
    places = range(found.first_row, found.last_row + 1)
    if found.left_out:
        places_kept = [index for index in places if index + 1 not in found.left_out]
    else:
        places_kept = list(places)
    filled: dict[int, list[Cell]] = {}
    for index, place, cell in _covered(sheet, found):
        line = filled.setdefault(index, list(rows[index]))
        line.extend([None] * (place + 1 - len(line)))
        line[place] = cell
    data = [tuple(filled[index]) if index in filled else rows[index] for index in places_kept]
    return data, [index + 1 for index in places_kept]


def _covered(sheet: Sheet, found: Layout) -> Iterator[tuple[int, int, Cell]]:
    """Yield (row, place, cell) of what cells merged downwards in one column hide."""
    tall = [
        one
        for one in sheet.merged
        if one.first_column == one.last_column and found.first_row <= one.first_row < one.last_row
    ]
    # In an honest sheet merged cells never overlap, so that they cover no more than there is.
    if sum(one.last_row - one.first_row for one in tall) > len(sheet.rows) * max(map(len, sheet.rows), default=0):
        return
    for one in tall:
        top = sheet.rows[one.first_row] if one.first_row < len(sheet.rows) else ()
        if one.first_column < len(top):
            for index in range(one.first_row + 1, min(one.last_row, found.last_row) + 1):
                yield index, one.first_column, top[one.first_column]


def is_total(row: Sequence[Cell]) -> bool:
    """Return whether a row carries sums: a word for it, and hardly any other text beside its figures."""
    texts = [cell for cell in row if type(cell) is str and not is_blank(cell) and not _is_figure(cell)]
    if not texts or len(texts) > 2:
        return False
    return any(_TOTAL.fullmatch(_NOT_ALNUM.sub("", fold(text))) for text in texts)


def _not_data(rows: Sequence[Sequence[Cell]], header: Sequence[int], first: int, end: int) -> dict[int, str]:
    left_out: dict[int, str] = {}
    above = [rows[index] for index in header]
    leads = {lead for line in above if (lead := next((cell for cell in line if not is_blank(cell)), None)) is not None}
    maybe = _PERHAPS_TOTAL.match
    for index in range(first, end):
        row = rows[index]
        lead = row[0] if row else None
        if lead is None or lead == "" or (type(lead) is str and lead.isspace()):
            lead = None if row.count(None) == len(row) else next((cell for cell in row if not is_blank(cell)), None)
            if lead is None:
                left_out[index + 1] = BLANK
                continue
        if type(lead) is str:
            if lead in leads and any(_same(row, line) for line in above):
                left_out[index + 1] = REPEATED
            elif maybe(lead) and is_total(row):
                left_out[index + 1] = TOTAL
    for index in range(max(first, end - 5), end):
        # The last rows are looked at wholly: the word for the sum may stand in any column.
        if index + 1 not in left_out and is_total(rows[index]):
            left_out[index + 1] = TOTAL
    return left_out


def _notes(rows: Sequence[Sequence[Cell]], first: int, end: int, left_out: Mapping[int, str]) -> dict[int, str]:
    """Return the rows after the last total or gap that hold words about the sheet: who made it, what it means."""
    if max((_filled(row) for row in rows[first:end][:_LOOKED_AT]), default=0) < _NARROWEST_WITH_NOTES:
        return {}
    found: dict[int, str] = {}
    block: list[int] = []
    for index in range(end - 1, first - 1, -1):
        number = index + 1
        if number not in left_out and _is_note(rows[index]):
            block.append(number)
            continue
        if left_out.get(number) not in (BLANK, TOTAL):
            break
        # What follows a gap or a total is set apart; notes may stand in several blocks.
        found |= dict.fromkeys(block, NOTE)
        block = []
    return found


def _is_note(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if not is_blank(cell)]
    if not filled or not all(type(cell) is str for cell in filled):
        return False
    return len(filled) == 1 or all(_LABELLED.search(str(cell)) for cell in filled)


def _is_unnamed_sum(rows: Sequence[Sequence[Cell]], first: int, last: int, left_out: Mapping[int, str]) -> bool:
    """Return whether the last row is nothing but the sums of what stands above it."""
    row = rows[last]
    places = [place for place, cell in enumerate(row) if not is_blank(cell)]
    if last - first < 2 or not places or not all(_is_number(row[place]) for place in places):
        return False
    body = [rows[index] for index in range(first, last) if index + 1 not in left_out]
    if len(body) < 2 or any(_filled(above) <= len(places) for above in body[-3:]):
        return False
    return all(abs(_sum(body, place) - _figure(row, place)) < _CENT for place in places)


def _sum(rows: Sequence[Sequence[Cell]], place: int) -> float:
    return math.fsum(_figure(row, place) for row in rows)


def _figure(row: Sequence[Cell], place: int) -> float:
    cell = row[place] if place < len(row) else None
    return float(cell) if isinstance(cell, int | float) else 0.0


def _is_number(cell: Cell) -> bool:
    return type(cell) is int or type(cell) is float


def _is_figure(text: str) -> bool:
    # A sum that no spreadsheet has worked out yet: a workbook a program has saved.
    if text == NEVER_WORKED_OUT:
        return True
    return not any(character.isalpha() for character in text) and any(character.isdigit() for character in text)


def _same(row: Sequence[Cell], header: Sequence[Cell]) -> bool:
    return [cell for cell in row if not is_blank(cell)] == [cell for cell in header if not is_blank(cell)]


def _filled(row: Sequence[Cell]) -> int:
    return sum(not is_blank(cell) for cell in row)


def _is_title(sheet: Sheet, index: int, width: int, known: Known) -> bool:
    """Return whether a row is a line over the table: one text, or one cell merged over most of it."""
    if any(
        one.first_row <= index <= one.last_row and one.last_column - one.first_column + 1 >= max(2, 0.6 * width)
        for one in sheet.merged
    ):
        return True
    texts = [cell for cell in sheet.rows[index] if not is_blank(cell)]
    return width > 1 and len(texts) == 1 and not known(str(texts[0]))


def _likeness(row: Sequence[Cell], width: int, known: Known) -> float:
    """Return how much a row looks like a header, 0 or less when it does not."""
    filled = [cell for cell in row if not is_blank(cell)]
    texts = [cell for cell in filled if type(cell) is str and len(cell) <= _LONGEST_HEADER]
    met = sum(known(text) for text in dict.fromkeys(texts))
    data = len(filled) - len(texts) + sum(bool(_DATA_LIKE.search(text)) for text in texts)
    if data - met > 0.4 * len(filled) or (met == 0 and (data or len(filled) < 0.5 * width)):
        return 0
    repeated = len(texts) - len(set(texts))
    return 3 * met + 2 * len(texts) / width - 2 * data - repeated


def _whole_header(sheet: Sheet, row: int, width: int, known: Known) -> tuple[int, ...]:
    """Return the header with the lines of group headers above and below `row`."""
    first = last = row
    while first > 0 and last - first < _DEEPEST_HEADER - 1 and _belongs(sheet, first - 1, first, width, known):
        first -= 1
    while (
        last + 1 < len(sheet.rows)
        and last - first < _DEEPEST_HEADER - 1
        and _belongs(sheet, last, last + 1, width, known)
    ):
        last += 1
    return tuple(range(first, last + 1))


def _belongs(sheet: Sheet, upper: int, lower: int, width: int, known: Known) -> bool:
    """Return whether two rows are one header: cells merged over columns or down, or filling each other's gaps."""
    above, below = sheet.rows[upper], sheet.rows[lower]
    if _is_title(sheet, upper, width, known) or not _only_words(above) or not _only_words(below):
        return False
    for one in sheet.merged:
        if one.first_row <= upper and one.last_row >= lower:
            return True
        if one.first_row == one.last_row == upper and one.last_column > one.first_column:
            return True
    gaps = [
        (is_blank(above[place] if place < len(above) else None), is_blank(below[place] if place < len(below) else None))
        for place in range(width)
    ]
    return (True, False) in gaps and (False, True) in gaps


def _only_words(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if not is_blank(cell)]
    return bool(filled) and all(
        type(cell) is str and len(cell) <= _LONGEST_HEADER and not _DATA_LIKE.search(cell) for cell in filled
    )


def _spread(sheet: Sheet, index: int, width: int) -> list[str]:
    """Return the texts of a header row, those of merged cells over every column they cover."""
    row = sheet.rows[index]
    line = ["" if place >= len(row) or is_blank(row[place]) else _shown(row[place]) for place in range(width)]
    for one in sheet.merged:
        if one.first_row <= index <= one.last_row and one.first_column < width:
            top = sheet.rows[one.first_row]
            text = "" if one.first_column >= len(top) else _shown(top[one.first_column])
            for place in range(one.first_column, min(one.last_column + 1, width)):
                line[place] = text
    return line


def _shown(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def _without_repeats(parts: list[str]) -> tuple[str, ...]:
    filled = [part for part in parts if part]
    return tuple(filled[:1] + [part for before, part in pairwise(filled) if part != before])
