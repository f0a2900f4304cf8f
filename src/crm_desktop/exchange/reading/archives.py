"""Zipped workbooks: what they are, and whether they unpack to more than they may."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from crm_desktop.exchange.reading.kinds import ODS, XLSB, XLSX
from crm_desktop.exchange.reading.reasons import Reason, Refused

_MOST_ENTRIES: Final = 10_000
_PIECE: Final = 1 << 20
_SLICE: Final = 1 << 16
_ENCRYPTED: Final = 0x1
_LOCAL_HEAD: Final = 30
_LOCAL_MARK: Final = b"PK\x03\x04"
_SPREADSHEET: Final = b"application/vnd.oasis.opendocument.spreadsheet"


class Archive:
    """The zip a workbook is. Raises Refused when it is none."""

    def __init__(self, data: bytes, most_bytes: int) -> None:
        self._data = data
        self._most = most_bytes
        try:
            entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, UnicodeDecodeError):
            raise Refused(Reason.DAMAGED) from None
        self._entries = {entry.filename: entry for entry in entries}
        if len(entries) > _MOST_ENTRIES or len(self._entries) < len(entries):
            raise Refused(Reason.DAMAGED)
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise Refused(Reason.PASSWORD)
        if sum(entry.file_size for entry in entries) > most_bytes:
            raise Refused(Reason.INFLATED, most=most_bytes >> 20)

    @property
    def packed_bytes(self) -> int:
        """Return how large the entries are as they lie in the file."""
        return sum(entry.compress_size for entry in self._entries.values())

    def names(self) -> list[str]:
        """Return the names of the entries."""
        return list(self._entries)

    def kind(self) -> str:
        """Return XLSX, XLSB or ODS. Raises Refused with what it is instead."""
        names = {name.lower().replace("\\", "/") for name in self._entries}
        if "xl/workbook.xml" in names:
            return XLSX
        if "xl/workbook.bin" in names:
            return XLSB
        if any(name.startswith(("word/", "ppt/", "visio/")) for name in names):
            raise Refused(Reason.OTHER_OFFICE)
        if any(name.endswith(".iwa") or name == "index.zip" for name in names):
            raise Refused(Reason.NUMBERS)
        if "mimetype" in self._entries or "content.xml" in names:
            return self._opendocument()
        raise Refused(Reason.DAMAGED if "[content_types].xml" in names else Reason.ARCHIVE)

    def _opendocument(self) -> str:
        if b"encryption-data" in self.whole("META-INF/manifest.xml", _PIECE):
            raise Refused(Reason.PASSWORD)
        mimetype = self.whole("mimetype", _PIECE).strip()
        if mimetype.startswith(b"application/vnd.oasis.opendocument") and not mimetype.startswith(_SPREADSHEET):
            raise Refused(Reason.OTHER_OFFICE)
        if mimetype and not mimetype.startswith(_SPREADSHEET):
            raise Refused(Reason.ARCHIVE)
        return ODS

    def whole(self, name: str, most_bytes: int) -> bytes:
        """Return what a small entry unpacks to, b"" when there is no such entry. Raises Refused."""
        if name not in self._entries:
            return b""
        if self._entries[name].file_size > most_bytes:
            raise Refused(Reason.DAMAGED)
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """Pass on what an entry unpacks to, counting: the sizes in the directory may lie. Raises Refused."""
        entry = self._entries[name]
        head = self._data[entry.header_offset : entry.header_offset + _LOCAL_HEAD]
        if len(head) < _LOCAL_HEAD or not head.startswith(_LOCAL_MARK):
            raise Refused(Reason.DAMAGED)
        start = entry.header_offset + _LOCAL_HEAD
        start += int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        packed = memoryview(self._data)[start : start + entry.compress_size]
        if entry.compress_type == zipfile.ZIP_STORED:
            yield bytes(packed)
            return
        if entry.compress_type != zipfile.ZIP_DEFLATED:
            raise Refused(Reason.DAMAGED)
        yield from self._inflated(packed, entry.file_size)

    def _inflated(self, packed: memoryview, declared: int) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        counted = 0
        for place in range(0, len(packed), _SLICE):
            rest: bytes | memoryview = packed[place : place + _SLICE]
            while rest and not inflater.eof:
                try:
                    piece = inflater.decompress(rest, _PIECE)
                except zlib.error:
                    raise Refused(Reason.DAMAGED) from None
                rest = inflater.unconsumed_tail
                counted += len(piece)
                if counted > self._most:
                    raise Refused(Reason.INFLATED, most=self._most >> 20)
                if counted > declared:
                    raise Refused(Reason.DAMAGED)
                yield piece
        if not inflater.eof or counted != declared:
            raise Refused(Reason.DAMAGED)
