"""Cells of an .xls that show an error, which the parser passes as blank.

Compound files: [MS-CFB]; records: [MS-XLS] 2.4.24 (BoolErr), 2.4.127 (Formula), 2.4.28 (BoundSheet8).
"""

import struct
from collections.abc import Iterator
from typing import Final

from crm_desktop.exchange.reading.faults import Fault

_END_OF_CHAIN: Final = 0xFFFFFFFA
_SMALL: Final = 4096
_ENTRY: Final = 128
_FORMULA, _END, _SHEET, _BOOL_OR_ERROR = 0x0006, 0x000A, 0x0085, 0x0205
_NAMES: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def old_faults(data: bytes) -> list[list[Fault]]:
    """Return the faults of each sheet of a .xls in the order of the book; none where it is not understood."""
    try:
        stream = _workbook_stream(data)
        return [_faults(stream, place) for place in _sheet_places(stream)]
    except (struct.error, IndexError, ValueError):
        return []


def _sheet_places(stream: bytes) -> Iterator[int]:
    for kind, start, _length in _records(stream, 0):
        if kind == _SHEET:
            yield struct.unpack_from("<I", stream, start)[0]


def _faults(stream: bytes, place: int) -> list[Fault]:
    found: list[Fault] = []
    for kind, start, length in _records(stream, place):
        if kind == _BOOL_OR_ERROR and length >= 8 and stream[start + 7] == 1:
            code = stream[start + 6]
        elif (
            kind == _FORMULA
            and length >= 14
            and stream[start + 6] == 2
            and stream[start + 12 : start + 14] == b"\xff\xff"
        ):
            code = stream[start + 8]
        else:
            continue
        row, column = struct.unpack_from("<HH", stream, start)
        found.append((row, column, _NAMES.get(code, "#N/A")))
    return found


def _records(stream: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """Pass on kind, place and length of each record up to the end of a part."""
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == _END:
            return
        yield kind, place + 4, length
        place += 4 + length


def _workbook_stream(data: bytes) -> bytes:
    """Return the stream of a compound file that holds the workbook. Raises ValueError when there is none."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    if sector not in {512, 4096}:
        raise ValueError(sector)
    directory_start, small_start = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 60)[0]
    table = _table(data, sector)
    directory = _chain(data, table, directory_start, sector, sector)
    root_start = struct.unpack_from("<I", directory, 116)[0]
    for place in range(0, len(directory), _ENTRY):
        name = directory[place : place + 64].decode("utf-16-le", "replace").partition("\x00")[0]
        if name.lower() not in {"workbook", "book"}:
            continue
        start, size = struct.unpack_from("<II", directory, place + 116)
        if size >= _SMALL:
            return _chain(data, table, start, sector, sector)[:size]
        small_table = _words(_chain(data, table, small_start, sector, sector))
        held = _chain(data, table, root_start, sector, sector)
        return _chain(held, small_table, start, 64, 0)[:size]
    raise ValueError(data[:8])


def _table(data: bytes, sector: int) -> list[int]:
    """Return which sector follows each."""
    places = list(struct.unpack_from("<109I", data, 76))
    more = struct.unpack_from("<I", data, 68)[0]
    for _time in range(len(data) // sector):
        if more >= _END_OF_CHAIN:
            break
        words = _words(data[(more + 1) * sector : (more + 2) * sector])
        places += words[:-1]
        more = words[-1]
    raw = b"".join(data[(place + 1) * sector : (place + 2) * sector] for place in places if place < _END_OF_CHAIN)
    return _words(raw)


def _words(raw: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))


def _chain(data: bytes, table: list[int], place: int, sector: int, before: int) -> bytes:
    """Return the sectors of a chain, which begin `before` bytes into the data. Raises ValueError on a circle."""
    pieces: list[bytes] = []
    while place < _END_OF_CHAIN:
        if len(pieces) > len(table):
            raise ValueError(place)
        pieces.append(data[before + place * sector : before + (place + 1) * sector])
        place = table[place]
    return b"".join(pieces)
