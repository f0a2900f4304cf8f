"""What a file is, told by what is in it and never by its name (pure)."""

import re
from pathlib import PurePath
from typing import Final

from crm_desktop.exchange.reading.reasons import Reason, Refused

XLSX: Final = "xlsx"
XLSB: Final = "xlsb"
XLS: Final = "xls"
ODS: Final = "ods"
TEXT: Final = "csv"
CARDS: Final = "vcard"

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS: Final = (
    (b"%PDF", Reason.PDF),
    (b"\x89PNG", Reason.PICTURE),
    (b"\xff\xd8\xff", Reason.PICTURE),
    (b"GIF8", Reason.PICTURE),
    (b"II*\x00", Reason.PICTURE),
    (b"MM\x00*", Reason.PICTURE),
    (b"RIFF", Reason.PICTURE),
    (b"SQLite format 3\x00", Reason.DATABASE),
    (b"\x00\x01\x00\x00Standard ", Reason.DATABASE),
    (b"{\\rtf", Reason.OTHER_OFFICE),
    (b"\x1f\x8b", Reason.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Reason.ARCHIVE),
    (b"Rar!\x1a\x07", Reason.ARCHIVE),
    (b"\x09\x00\x04\x00", Reason.OLD_EXCEL),
    (b"\x09\x02\x06\x00", Reason.OLD_EXCEL),
    (b"\x09\x04\x06\x00", Reason.OLD_EXCEL),
    (b"\x09\x08\x08\x00", Reason.OLD_EXCEL),
    (b"ID;PWXL", Reason.OLD_EXCEL),
)
_WORKBOOK_NAMES: Final = {".xlsx", ".xlsm", ".xlsb", ".xls", ".xlt", ".xltx", ".ods", ".et"}
_WEB_PAGE: Final = re.compile(rb"<(!doctype\s+html|html|head|body|meta|table|script|style|div)\b", re.IGNORECASE)
_LOOKED_AT: Final = 4096


def kind_of(data: bytes) -> str:
    """Return "zip", XLS, TEXT or CARDS for the bytes of a file. Raises Refused with what it is instead."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused(Reason.EMPTY)
    if data.startswith(_ZIP):
        return "zip"
    if data.startswith(_OLE):
        return _ole_kind(data)
    for start, reason in _STARTS:
        if data.startswith(start):
            raise Refused(reason)
    if data[4:8] == b"ftyp":
        raise Refused(Reason.PICTURE)
    return _text_kind(data)


def binary_reason(name: str) -> Reason:
    """Return why a file of this name that is neither text nor a workbook is refused."""
    return Reason.DAMAGED if PurePath(name).suffix.lower() in _WORKBOOK_NAMES else Reason.BINARY


def _ole_kind(data: bytes) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") + b"\x00\x00" in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise Refused(Reason.PASSWORD)
    if holds("Workbook") or holds("Book"):
        return XLS
    if holds("WordDocument") or holds("PowerPoint Document"):
        raise Refused(Reason.OTHER_OFFICE)
    raise Refused(Reason.DAMAGED)


def _text_kind(data: bytes) -> str:
    """Tell tables from pages, cards and XML; the letters asked for are ASCII in every encoding once zeros are gone."""
    start = data[:_LOOKED_AT].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start[:11].upper() == b"BEGIN:VCARD":
        return CARDS
    if start.startswith(b"<"):
        if _WEB_PAGE.search(start):
            raise Refused(Reason.HTML)
        if start.startswith((b"<?xml", b"<!")) or b"xmlns" in start:
            raise Refused(Reason.XML)
    if start[:13].lower() == b"mime-version:":
        raise Refused(Reason.HTML)
    return TEXT
