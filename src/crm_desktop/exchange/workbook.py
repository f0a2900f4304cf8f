"""Lists as workbooks and CSV files: real numbers and dates, text that looks like a formula stays text."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from crm_desktop.exchange.published import part_of, writing
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import Money, exponent
from crm_desktop.shared.progress import Progress, Quiet
from crm_desktop.shared.record import Page

WORKBOOK, CSV = ".xlsx", ".csv"
MOST_ROWS: Final = 1_048_575
"""Rows below the header that an Excel sheet holds."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_FORMATS: Final = {Kind.DATE: "yyyy-mm-dd", Kind.INSTANT: "yyyy-mm-dd hh:mm", Kind.INTEGER: "0"}
_TEXT_FORMAT: Final = "@"
_MOST_CHARS: Final = 60
_OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Table:
    """What is exported: the columns as seen, how people are called, and whose clock is used.

    `pages` yields rows whose columns are those of `fields`, after the id. `sums` names the columns a
    workbook adds up below the last row, by formula; money only while it is all of one currency.
    """

    title: str
    fields: Sequence[Field]
    pages: Iterable[Page]
    people: Mapping[int, str] = field(default_factory=dict)
    timezone: str = "UTC"
    sums: Sequence[str] = ()


def write_table(path: Path, table: Table, *, total: int | None = None, progress: Progress | None = None) -> int:
    """Write the table beside `path` (`exchange.published.publish` gives it its name) and return its rows.

    The ending says the format, .xlsx or .csv. Raises Invalid for another ending or too many rows for a
    sheet, Unavailable when the disk refuses, Cancelled.
    """
    writers: Mapping[str, Callable[[Path, Table, Callable[[int], None]], int]] = {
        WORKBOOK: _write_workbook,
        CSV: _write_csv,
    }
    if path.suffix.lower() not in writers:
        raise Invalid("path", N_("A list is exported as .xlsx or .csv."))
    watched = progress or Quiet()
    with writing(path):
        return writers[path.suffix.lower()](part_of(path), table, lambda done: watched.step(done, total))


def cell(described: Field, value: Any, people: Mapping[int, str], zone: ZoneInfo) -> Any:
    """Return a value as a cell holds it: words for choices and people, real dates and numbers."""
    if value is None:
        return None
    kind = described.kind
    if kind in (Kind.CHOICE, Kind.STATUS):
        return _(dict(described.choices).get(value, value))
    if kind is Kind.USER:
        return people.get(value, "")
    if kind is Kind.TAGS:
        return ", ".join(value)
    if kind is Kind.BOOLEAN:
        return _("Yes") if value else _("No")
    if kind is Kind.INSTANT:
        moment: datetime = value
        return moment.astimezone(zone).replace(tzinfo=None)
    return value


def write_sheets(path: Path, tables: Iterable[Table]) -> int:
    """Write a workbook with a sheet for each table, in order, and return how many there are.

    The tables are taken one after the other, so they may be made meanwhile. Raises as `write_table` does.
    """
    from xlsxwriter import Workbook

    names: set[str] = set()
    with writing(path), Workbook(str(part_of(path)), _OPTIONS) as book:
        for table in tables:
            _write_sheet(book, _free_name(table.title, names), table, lambda _done: None)
    return len(names)


def _write_workbook(path: Path, table: Table, step: Callable[[int], None]) -> int:
    from xlsxwriter import Workbook

    with Workbook(str(path), {**_OPTIONS, "constant_memory": True}) as book:
        return _write_sheet(book, _sheet_name(table.title), table, step)


def _write_sheet(book: Any, name: str, table: Table, step: Callable[[int], None]) -> int:
    zone = ZoneInfo(table.timezone)
    done = 0
    sheet = book.add_worksheet(name)
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    looks = _Looks(book, table.fields)
    for place, one in enumerate(table.fields):
        sheet.set_column(place, place, min(one.chars + 2, _MOST_CHARS))
        sheet.write_string(0, place, _(one.label), heading)
    sheet.freeze_panes(1, 1)
    for page in table.pages:
        for row in page.rows:
            done += 1
            if done > MOST_ROWS:
                raise Invalid("path", N_("An Excel sheet holds 1,048,575 rows. Filter the list, or export CSV."))
            for place, one in enumerate(table.fields):
                value = cell(one, row[place + 1], table.people, zone)
                _write_cell(sheet, done, place, value, looks.of(place, value))
        step(done)
    _write_sums(sheet, table, looks, done)
    sheet.autofilter(0, 0, max(done, 1), len(table.fields) - 1)
    return done


def _free_name(title: str, taken: set[str]) -> str:
    """Return a sheet name that the workbook has not yet, numbered if need be; Excel does not tell cases apart."""
    name, number = _sheet_name(title), 1
    while name.casefold() in taken:
        number += 1
        name = f"{_sheet_name(title)[: 29 - len(str(number))]} {number}"
    taken.add(name.casefold())
    return name


class _Looks:
    """The number formats of one sheet: one per column, and one per currency met in a column of money."""

    def __init__(self, book: Any, fields: Sequence[Field]) -> None:
        self._book = book
        self._columns = [book.add_format({"num_format": _FORMATS.get(one.kind, _TEXT_FORMAT)}) for one in fields]
        self._currencies: dict[tuple[str, bool], Any] = {}
        self._met: list[set[str]] = [set() for _field in fields]

    def of(self, place: int, value: Any) -> Any:
        """Return the format of a cell; an amount shows its currency."""
        if not isinstance(value, Money):
            return self._columns[place]
        self._met[place].add(value.currency)
        return self._of_currency(value.currency)

    def of_sum(self, place: int, described: Field) -> Any:
        """Return the format of a column's sum, None when currencies would be added together."""
        if described.kind is not Kind.MONEY:
            return self._bold("0.######")
        met = self._met[place]
        return self._of_currency(next(iter(met)), bold=True) if len(met) == 1 else None

    def _bold(self, shown: str) -> Any:
        return self._book.add_format({"num_format": shown, "bold": True, "top": 1})

    def _of_currency(self, currency: str, *, bold: bool = False) -> Any:
        key = currency, bold
        if key not in self._currencies:
            decimals = "." + "0" * exponent(currency) if exponent(currency) else ""
            shown = f'"{currency}" #,##0{decimals}'
            self._currencies[key] = self._bold(shown) if bold else self._book.add_format({"num_format": shown})
        return self._currencies[key]


def _write_sums(sheet: Any, table: Table, looks: _Looks, rows: int) -> None:
    from xlsxwriter.utility import xl_col_to_name

    if not rows:
        return
    for place, one in enumerate(table.fields):
        shape = looks.of_sum(place, one) if one.name in table.sums else None
        if shape is not None:
            column = xl_col_to_name(place)
            sheet.write_formula(rows + 1, place, f"=SUM({column}2:{column}{rows + 1})", shape)


def _write_cell(sheet: Any, row: int, column: int, value: Any, shape: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime | date):
        sheet.write_datetime(row, column, value, shape)
    elif isinstance(value, Money):
        sheet.write_number(row, column, value.amount, shape)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value), shape)


def _sheet_name(title: str) -> str:
    """Return a name Excel accepts: at most 31 characters, none of `[]:*?/\\`."""
    return "".join(" " if char in "[]:*?/\\" else char for char in title).strip("' ")[:31] or "1"


def _write_csv(path: Path, table: Table, step: Callable[[int], None]) -> int:
    zone = ZoneInfo(table.timezone)
    done = 0
    # The byte order mark lets Excel read Chinese without being asked for the encoding.
    with path.open("w", encoding="utf-8-sig", newline="") as written:
        lines = csv.writer(written)
        lines.writerow([_(one.label) for one in table.fields])
        for page in table.pages:
            for row in page.rows:
                lines.writerow(
                    [_plain(cell(one, row[place + 1], table.people, zone)) for place, one in enumerate(table.fields)]
                )
            done += len(page.rows)
            step(done)
    return done


def _plain(value: Any) -> str:
    """Return the text of a CSV cell; an apostrophe keeps Excel from running it as a formula (OWASP)."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, Money):
        return f"{value.amount:f}"
    text = str(value)
    guarded = isinstance(value, str) and text.startswith(_FORMULA_STARTS)
    return f"'{text}" if guarded else text
