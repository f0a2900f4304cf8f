"""Cells of an .xlsx that show an error or a formula nobody worked out: the parser passes them as blank."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Final

from crm_desktop.exchange.reading.archives import Archive
from crm_desktop.exchange.reading.reasons import Reason, Refused

Fault = tuple[int, int, str]
"""Row and column from 0, and the name of the error."""

NEVER_WORKED_OUT: Final = "#CALC!"
"""Stands for a formula that was written by a program and never opened in Excel: its value is unknown."""

_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_NUMBERED: Final = re.compile(rb"""\br\s*=\s*["'](\d{1,8})["']""")
_NAMED: Final = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_TOKEN: Final = re.compile(rb"<(?:\w+:)?(?:row\b([^>]*)>|c\b([^>]*)/>|c\b([^>]*)>(.*?)</(?:\w+:)?c\s*>)", re.DOTALL)
_VALUE: Final = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)<")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ERROR_SIGNS: Final = (b't="e"', b"t='e'")
_FORMULA_SIGNS: Final = (b"</f>", b"<f ", b":f")
_NO_VALUE_SIGNS: Final = (
    *(b"</f></", b"</f><v></", b"</f><v/>", b"/></c>", b":f></", b":f><"),
    *(b"</f>\n", b"</f>\r", b"</f> "),
)
"""One of these is in every piece that holds a fault; looked for as they stand, which takes little time."""

_ENDS: Final = re.compile(rb"</(?:\w+:)?row\s*>")
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_CLOSED: Final = re.compile(rb"(?:worksheet|chartsheet|dialogsheet|macrosheet)\s*>\s*(?:<!--.*-->\s*)?$", re.DOTALL)
_TAIL: Final = 500
_MOST: Final = 100_000
_LONGEST_ROW: Final = 16 * 1024 * 1024
_LONGEST_LIST: Final = 16 * 1024 * 1024


def sheet_parts(archive: Archive) -> list[str]:
    """Return the name of the part each sheet is in, in the order of the workbook; "" where it cannot be told."""
    targets: dict[str, str] = {}
    for found in _RELATION.finditer(archive.whole("xl/_rels/workbook.xml.rels", _LONGEST_LIST)):
        named = _attributes(found[1])
        target = named.get("Target", "")
        targets[named.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    known = set(archive.names())
    parts = []
    for found in _SHEET.finditer(archive.whole("xl/workbook.xml", _LONGEST_LIST)):
        named = _attributes(found[1])
        part = targets.get(next((named[key] for key in named if key.endswith(":id")), ""), "")
        parts.append(part if part in known else "")
    return parts


def faults_of(pieces: Iterable[bytes]) -> list[Fault]:
    """Return the cells of a sheet's XML that show an error. Raises Refused when the XML breaks off."""
    found: list[Fault] = []
    reader = _Reader()
    rest = tail = b""
    for piece in pieces:
        tail = (tail + piece)[-_TAIL:]
        rest = rest + piece if len(rest) < _LONGEST_ROW and len(found) < _MOST else b""
        if end := _last_end(rest):
            found += reader.faults(rest[:end])
            rest = rest[end:]
    if not _CLOSED.search(tail):
        # The parser takes what there is of a sheet that breaks off.
        raise Refused(Reason.DAMAGED)
    return found


def _may_hold_faults(rows: bytes) -> bool:
    if any(sign in rows for sign in _ERROR_SIGNS):
        return True
    return any(sign in rows for sign in _FORMULA_SIGNS) and any(sign in rows for sign in _NO_VALUE_SIGNS)


def _last_end(rows: bytes) -> int:
    """Return where the last whole row ends, 0 when there is none."""
    place = rows.rfind(b"</row>")
    if place >= 0:
        return place + len(b"</row>")
    return max((match.end() for match in _ENDS.finditer(rows)), default=0)


class _Reader:
    """Knows which row comes next, for sheets whose rows and cells do not say where they are."""

    def __init__(self) -> None:
        self._row = -1

    def faults(self, rows: bytes) -> Iterator[Fault]:
        """Pass on the faults in whole rows."""
        if not _may_hold_faults(rows):
            self._pass(rows)
            return
        column = -1
        for token in _TOKEN.finditer(rows):
            row, empty, cell, inside = token.groups()
            if row is not None:
                self._go_to(row)
                column = -1
                continue
            named = _attributes(empty if cell is None else cell)
            column = _column(named.get("r", ""), column + 1)
            if cell is not None and (name := _fault(named.get("t", ""), inside)):
                yield self._row, column, name

    def _pass(self, rows: bytes) -> None:
        last = max(rows.rfind(b"<row"), rows.rfind(b":row "), rows.rfind(b":row>"))
        named = _NUMBERED.search(rows[last : rows.find(b">", last)]) if last >= 0 else None
        if named:
            self._row = int(named[1]) - 1
        else:
            self._row += len(_ROW.findall(rows))

    def _go_to(self, row: bytes) -> None:
        named = _NUMBERED.search(row)
        self._row = int(named[1]) - 1 if named else self._row + 1


def _fault(kind: str, inside: bytes) -> str:
    value = _VALUE.search(inside)
    if kind == "e":
        return unescape(value[1].decode("utf-8", "replace")) if value and value[1] else "#N/A"
    if kind not in {"str", "inlineStr"} and _FORMULA.search(inside) and not (value and value[1].strip()):
        return NEVER_WORKED_OUT
    return ""


def _column(place: str, otherwise: int) -> int:
    letters = place.rstrip("0123456789")
    if not letters or not letters.isascii() or not letters.isalpha():
        return otherwise
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _attributes(text: bytes) -> Mapping[str, str]:
    return {
        name.decode("ascii", "replace"): unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in _NAMED.findall(text)
    }
