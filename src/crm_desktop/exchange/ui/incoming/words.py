"""What the pages of the import wizard call things."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final

from crm_desktop.exchange.book import Book, Cell
from crm_desktop.exchange.sheets.columns import ColumnMatch
from crm_desktop.shared.i18n import N_, _, ngettext

TITLES: Final[Mapping[str, str]] = {
    "people": N_("Import people"),
    "contacts": N_("Import contacts"),
    "products": N_("Import products"),
    "price_lists": N_("Import price lists"),
    "quotes": N_("Import quotes"),
    "orders": N_("Import orders"),
    "invoices": N_("Import invoices"),
    "receipts": N_("Import receipts"),
    "activities": N_("Import activities"),
}
"""The title of the wizard by the name of the target."""
KINDS: Final[Mapping[str, str]] = {
    "xlsx": N_("Excel workbook"),
    "xls": N_("Excel workbook of the old kind"),
    "ods": N_("OpenDocument spreadsheet"),
    "csv": N_("Text"),
    "vcard": N_("vCard"),
}
DELIMITERS: Final = (
    (",", N_("Comma")),
    (";", N_("Semicolon")),
    ("\t", N_("Tab")),
    ("|", N_("Vertical bar")),
)
TEXT_KINDS: Final = ("csv", "vcard")
ENDINGS: Final = "*.xlsx *.xlsm *.xls *.ods *.csv *.tsv *.txt *.vcf"
LEFT_OUT: Final[Mapping[str, str]] = {
    "title": N_("title"),
    "blank": N_("blank"),
    "total": N_("total"),
    "repeated header": N_("header again"),
    "note": N_("note"),
}
MATCHED: Final[Mapping[str, str]] = {
    "remembered": N_("As last time"),
    "name": N_("By its name"),
    "content": N_("By what it holds"),
    "person": N_("Chosen by you"),
}
_MOST_ROWS_NAMED: Final = 4


def title_of(target: str) -> str:
    """Return the title of the wizard for a target, "" for none yet."""
    return _(TITLES[target]) if target in TITLES else _("Import")


def kind_of(book: Book) -> str:
    """Return what kind of file it is, in words."""
    kind = _(KINDS[book.kind]) if book.kind in KINDS else book.kind
    if len(book.sheets) > 1:
        sheets = ngettext("{count} sheet", "{count} sheets", len(book.sheets)).format(count=len(book.sheets))
        return _("{kind}, {sheets}").format(kind=kind, sheets=sheets)
    return kind


def counted_rows(count: int) -> str:
    """Return "612 rows"."""
    return ngettext("{count} row", "{count} rows", count).format(count=f"{count:,}")


def why_left_out(reason: str) -> str:
    """Return why a row is no record, in a word."""
    return _(LEFT_OUT[reason]) if reason in LEFT_OUT else reason


def left_out_words(left_out: Mapping[int, str]) -> str:
    """Return one sentence on the rows that are no records: "Row 1 (title), row 13 (blank)"."""
    named = [
        _("row {row} ({why})").format(row=row, why=why_left_out(why))
        for row, why in sorted(left_out.items())[:_MOST_ROWS_NAMED]
    ]
    more = len(left_out) - len(named)
    if more > 0:
        named.append(ngettext("{count} more row", "{count} more rows", more).format(count=f"{more:,}"))
    return _("Left out: {rows}.").format(rows=", ".join(named)) if named else ""


def cell_text(cell: Cell) -> str:
    """Return a cell as the preview shows it: days as they are written everywhere in the program."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, bool):
        return _("Yes") if cell else _("No")
    return " ".join(str(cell).split())


def column_letters(place: int) -> str:
    """Return what a spreadsheet calls the column at a place from 0: A, B, … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def header_text(column: ColumnMatch) -> str:
    """Return what a column is called in the file, or its letter where it has no name."""
    return column.header or _("Column {letter}").format(letter=column_letters(column.place))


def encoding_name(encoding: str) -> str:
    """Return what a person calls an encoding."""
    from crm_desktop.exchange.reading.files import encodings_offered

    return next((_(label) for name, label in encodings_offered() if name == encoding), encoding)
