"""Tables in text files (.csv, .tsv): every cell is text; runs in the child only."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from crm_desktop.exchange.book import Cell
from crm_desktop.exchange.reading.cells import seen
from crm_desktop.exchange.reading.encodings import encoding_of
from crm_desktop.exchange.reading.kinds import binary_reason
from crm_desktop.exchange.reading.outgoing import Outgoing
from crm_desktop.exchange.reading.reasons import Reason, Refused

DELIMITERS: Final = ",;\t|"
_LINES_LOOKED_AT: Final = 200
_FEW_COLUMNS: Final = 3
_LONGEST_CELL: Final = 1_000_000
_WIDTH_COUNTED: Final = 4
_FORMULA_STARTS: Final = frozenset("=+-@\t\r")


def read_text(data: bytes, path: PurePath, outgoing: Outgoing, encoding: str, delimiter: str) -> tuple[str, str]:
    """Send the one sheet of a text file; return its encoding and delimiter. Raises Refused."""
    try:
        encoding = encoding or encoding_of(data)
        start = _start(data, encoding)
        delimiter = delimiter or delimiter_of(start)
        outgoing.sheet(path.stem, _rows(data, encoding, delimiter))
    except (UnicodeError, LookupError):
        raise Refused(Reason.NOT_ENCODED, encoding=encoding) from None
    except Refused as error:
        if error.reason is Reason.BINARY:
            raise Refused(binary_reason(path.name)) from None
        raise
    return encoding, delimiter


def _lines(data: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding, newline="")


def _start(data: bytes, encoding: str) -> list[str]:
    return [line for line, _count in zip(_lines(data, encoding), range(_LINES_LOOKED_AT), strict=False)]


def _rows(data: bytes, encoding: str, delimiter: str) -> Iterator[tuple[Cell, ...]]:
    """Pass on the rows. Raises Refused where a quotation mark swallows the lines after it."""
    csv.field_size_limit(_LONGEST_CELL)
    lines = _Counted(_lines(data, encoding))
    reader = csv.reader(lines, delimiter=delimiter)
    width = began = 0
    try:
        for row in reader:
            if lines.seen - began > 1:
                _check_quotes(row, width, delimiter, began + 1)
            if not lines.more():
                _check_closed(lines.recent, delimiter, began + 1)
            lines.recent = []
            width, began = max(width, len(row)), lines.seen
            yield tuple([_unguarded(seen(cell)) or None for cell in row])
    except csv.Error:
        raise Refused(Reason.QUOTE, line=began + 1) from None


def _unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it, as our own files have it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA_STARTS else cell


class _Counted:
    """Lines that are counted, the ones of the row that is being read kept, and one read ahead."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._next = next(lines, None)
        self.seen = 0
        self.recent: list[str] = []

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> str:
        if self._next is None:
            raise StopIteration
        line, self._next = self._next, next(self._lines, None)
        self.seen += 1
        self.recent.append(line)
        return line

    def more(self) -> bool:
        """Return whether lines are left."""
        return self._next is not None


def _check_quotes(row: list[str], width: int, delimiter: str, line: int) -> None:
    """Refuse a cell of several lines that look like rows of their own."""
    if width < _FEW_COLUMNS:
        return
    for cell in row:
        if "\n" in cell and any(inner.count(delimiter) == width - 1 for inner in cell.split("\n")[1:]):
            raise Refused(Reason.QUOTE, line=line)


def _check_closed(lines: list[str], delimiter: str, line: int) -> None:
    """Refuse a last row whose quotation mark the end of the file had to close."""
    try:
        for _row in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise Refused(Reason.QUOTE, line=line) from None


def delimiter_of(lines: list[str]) -> str:
    """Return what separates the cells: what makes the most lines equally wide."""
    best, most = ",", 0
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        widths.pop(1, None)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
        if count * min(width, _WIDTH_COUNTED) > most:
            best, most = delimiter, count * min(width, _WIDTH_COUNTED)
    return best
