"""Why a file cannot be read: the child names a reason, the program says the sentence (pure)."""

from enum import StrEnum
from typing import Any, Final

from crm_desktop.shared.i18n import N_


class Reason(StrEnum):
    """Why a file, or a sheet of it, is refused."""

    ARCHIVE = "archive"
    BINARY = "binary"
    CELLS = "cells"
    COLUMNS = "columns"
    DAMAGED = "damaged"
    DATABASE = "database"
    EMPTY = "empty"
    ENCODING = "encoding"
    HTML = "html"
    INFLATED = "inflated"
    LARGE = "large"
    MEMORY = "memory"
    NOT_ENCODED = "not encoded"
    NO_SHEET = "no sheet"
    NUMBERS = "numbers"
    OLD_EXCEL = "old excel"
    OTHER_OFFICE = "other office"
    PASSWORD = "password"
    PDF = "pdf"
    PICTURE = "picture"
    QUOTE = "quote"
    ROWS = "rows"
    SHEETS = "sheets"
    SLOW = "slow"
    UNTOLD = "untold"
    XML = "xml"


SENTENCES: Final = {
    Reason.ARCHIVE: N_("This is an archive, not a workbook. Unpack it and choose the file inside."),
    Reason.BINARY: N_("This is not a table: the file holds something other than text or a workbook."),
    Reason.CELLS: N_("The file is too large: it holds more than {most} cells. Split it into several files."),
    Reason.COLUMNS: N_("The sheet “{sheet}” is too wide: no more than {most} columns can be read."),
    Reason.DAMAGED: N_("The file is damaged and cannot be read. Open it in Excel, save it again and try once more."),
    Reason.DATABASE: N_("This is a database file, not a table. Export the table to Excel or CSV first."),
    Reason.EMPTY: N_("The file is empty."),
    Reason.ENCODING: N_(
        "The encoding of this text file cannot be told for certain; it may be {encodings}. Choose the one in "
        "which the text looks right."
    ),
    Reason.HTML: N_(
        "The file is called a workbook but holds a web page. Open it in Excel and save it as an Excel workbook."
    ),
    Reason.INFLATED: N_("The file is small but would unpack to more than {most} MB, so it is not opened."),
    Reason.LARGE: N_("The file is too large: no more than {most} MB can be read. Split it into several files."),
    Reason.MEMORY: N_("Reading this file would take more memory than is allowed. Split it into several files."),
    Reason.NOT_ENCODED: N_("This text file is not written in {encoding}. Choose another encoding."),
    Reason.NO_SHEET: N_("The workbook has no sheet with cells."),
    Reason.NUMBERS: N_("This is a Numbers document. Export it from Numbers as an Excel workbook."),
    Reason.OLD_EXCEL: N_("The workbook is of a very old kind. Open it in Excel and save it as an Excel workbook."),
    Reason.OTHER_OFFICE: N_("This is a text document or a presentation, not a workbook. Copy its table into Excel."),
    Reason.PASSWORD: N_("The workbook is protected by a password. Save it without one in Excel and try again."),
    Reason.PDF: N_("This is a PDF, not a table. Ask for the workbook it was printed from."),
    Reason.PICTURE: N_("This is a picture, not a table."),
    Reason.QUOTE: N_("A quotation mark in line {line} is never closed, so the lines after it cannot be told apart."),
    Reason.ROWS: N_("The file is too long: no more than {most} rows can be read. Split it into several files."),
    Reason.SHEETS: N_("The workbook has too many sheets: no more than {most} can be read."),
    Reason.SLOW: N_("Reading this file takes too long, so it was given up. Save it again in Excel, or split it."),
    Reason.UNTOLD: N_("The file cannot be read: it brought the reader down. Save it again in Excel and try once more."),
    Reason.XML: N_("The file is called a workbook but holds XML. Open it in Excel and save it as an Excel workbook."),
}


class Refused(Exception):
    """Raised in the child: the file is not read, for this reason."""

    def __init__(self, reason: Reason, **values: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values
