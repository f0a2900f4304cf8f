"""The bytes of a zip around its members, built from what they hold: the writer writes them, the reader compares.

Written by ourselves, because every byte must be provable: a reader that only follows the headers would not
notice a flipped bit in a time, a version or an attribute.
"""

import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

STORED: Final = 0
DEFLATED: Final = 8

LARGE: Final = 0xF000_0000
"""From this many plain bytes on, a member is written with 64-bit sizes: packed ones may be a little larger."""

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_DESCRIPTOR: Final = struct.Struct("<4s3L")
_DESCRIPTOR_64: Final = struct.Struct("<4sL2Q")

LOCAL_MARK: Final = b"PK\x03\x04"
_CENTRAL_MARK: Final = b"PK\x01\x02"
_END_MARK: Final = b"PK\x05\x06"
_END_64_MARK: Final = b"PK\x06\x06"
_LOCATOR_MARK: Final = b"PK\x06\x07"
_DESCRIPTOR_MARK: Final = b"PK\x07\x08"

_VERSION: Final = 20
_VERSION_64: Final = 45
_UNIX: Final = 3 << 8
_REGULAR_FILE: Final = 0o100600 << 16
_SIZES_FOLLOW: Final = 0x0008
_MOST_32: Final = 0xFFFF_FFFF
_EXTRA_64: Final = 1


class NoZip(ValueError):
    """The end of the file is not the end of a zip as we write it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A member: its sizes in bytes, the CRC-32 of its plain bytes, and where its local header begins."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int

    @property
    def is_large(self) -> bool:
        """Return whether its sizes are written with 64 bits."""
        return self.size >= LARGE

    @property
    def begins(self) -> int:
        """Return where its bytes begin."""
        return self.offset + len(self.local(_EARLIEST))

    @property
    def ends(self) -> int:
        """Return where the next one begins."""
        return self.begins + self.packed + len(self.descriptor())

    def local(self, made_at: datetime) -> bytes:
        """Return the header before its bytes. What is packed tells sizes and CRC afterwards: it is streamed."""
        name = self.name.encode("ascii")
        streamed = self.method == DEFLATED
        extra = struct.pack("<2H2Q", _EXTRA_64, 16, 0, 0) if self.is_large else b""
        plain = _MOST_32 if self.is_large else 0
        return (
            _LOCAL.pack(
                LOCAL_MARK,
                _VERSION_64 if self.is_large else _VERSION,
                _SIZES_FOLLOW if streamed else 0,
                self.method,
                *_dos(made_at),
                0 if streamed else self.crc,
                plain if streamed else self.packed,
                plain if streamed else self.size,
                len(name),
                len(extra),
            )
            + name
            + extra
        )

    def descriptor(self) -> bytes:
        """Return what follows its bytes: sizes and CRC of a streamed one."""
        if self.method != DEFLATED:
            return b""
        shape = _DESCRIPTOR_64 if self.is_large else _DESCRIPTOR
        return shape.pack(_DESCRIPTOR_MARK, self.crc, self.packed, self.size)

    def central(self, made_at: datetime) -> bytes:
        """Return its entry in the directory at the end."""
        name = self.name.encode("ascii")
        wide = [self.size, self.packed] if self.is_large else []
        if self.offset >= _MOST_32:
            wide.append(self.offset)
        extra = struct.pack(f"<2H{len(wide)}Q", _EXTRA_64, 8 * len(wide), *wide) if wide else b""
        version = _VERSION_64 if wide else _VERSION
        return (
            _CENTRAL.pack(
                _CENTRAL_MARK,
                _UNIX | version,
                version,
                _SIZES_FOLLOW if self.method == DEFLATED else 0,
                self.method,
                *_dos(made_at),
                self.crc,
                _MOST_32 if self.is_large else self.packed,
                _MOST_32 if self.is_large else self.size,
                len(name),
                len(extra),
                0,
                0,
                0,
                _REGULAR_FILE,
                min(self.offset, _MOST_32),
            )
            + name
            + extra
        )


def end_of(entries: list[Entry], made_at: datetime) -> bytes:
    """Return the directory and the end of the zip, everything after the last member.

    Raises struct.error when the entries are none that a zip can hold.
    """
    directory = b"".join(entry.central(made_at) for entry in entries)
    at = entries[-1].ends
    count = len(entries)
    wide = b""
    if at >= _MOST_32:
        wide = _END_64.pack(
            _END_64_MARK, _END_64.size - 12, _UNIX | _VERSION_64, _VERSION_64, 0, 0, count, count, len(directory), at
        ) + _LOCATOR.pack(_LOCATOR_MARK, 0, at + len(directory), 1)
    return directory + wide + _END.pack(_END_MARK, 0, 0, count, count, len(directory), min(at, _MOST_32), 0)


MOST_END: Final = 4096
"""How many bytes at the end are enough to hold `end_of` a backup."""


def entries_of(tail: bytes, size: int) -> list[Entry]:
    """Return the members that the last bytes of a file of `size` tell. Raises NoZip.

    Nothing of it may be trusted until `end_of` gave the same bytes again.
    """
    try:
        mark, *_, count, length, at, _comment = _END.unpack(tail[-_END.size :])
        if mark != _END_MARK:
            raise NoZip("end")
        close = _END.size
        if at == _MOST_32:
            close += _LOCATOR.size + _END_64.size
            at = _END_64.unpack(tail[-close : -close + _END_64.size])[-1]
        start = len(tail) - close - length
        if start < 0 or size - len(tail) + start != at:
            raise NoZip("directory")
        return _entries(tail[start : start + length], count)
    except (struct.error, UnicodeDecodeError) as error:
        raise NoZip("directory") from error


def crc_of(content: bytes) -> int:
    """Return the CRC-32 of a small member."""
    return zlib.crc32(content)


def _entries(directory: bytes, count: int) -> list[Entry]:
    found = []
    at = 0
    for _number in range(count):
        fields = _CENTRAL.unpack_from(directory, at)
        at += _CENTRAL.size
        method, crc, packed, size = fields[4], *fields[7:10]
        name_length, extra_length, offset = fields[10], fields[11], fields[16]
        name = directory[at : at + name_length].decode("utf-8")
        at += name_length
        wide = iter(struct.unpack_from(f"<{max(0, extra_length - 4) // 8}Q", directory, at + 4) if extra_length else ())
        at += extra_length
        size, packed, offset = (
            next(wide, _MOST_32) if value == _MOST_32 else value for value in (size, packed, offset)
        )
        found.append(Entry(name, method, crc, packed, size, offset))
    return found


_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)


def _dos(moment: datetime) -> tuple[int, int]:
    """Return time and day as a zip keeps them: UTC, two seconds exact, 1980 to 2107."""
    moment = moment.astimezone(UTC)
    if not 1980 <= moment.year <= 2107:
        moment = _EARLIEST
    return (
        moment.hour << 11 | moment.minute << 5 | moment.second // 2,
        (moment.year - 1980) << 9 | moment.month << 5 | moment.day,
    )
