"""Lists as workbooks and CSV files: real numbers and dates, text that looks like a formula stays text."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zoneinfo import ZoneInfo

from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.importing import Identity
from crm_desktop.shared.money import Money, exponent
from crm_desktop.shared.progress import Progress, Quiet
from crm_desktop.shared.published import part_of, writing
from crm_desktop.shared.record import Page

WORKBOOK, CSV = ".xlsx", ".csv"
MOST_ROWS: Final = 1_048_575
"""Rows below the header that an Excel sheet holds."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_FORMATS: Final = {Kind.DATE: "yyyy-mm-dd", Kind.INSTANT: "yyyy-mm-dd hh:mm", Kind.INTEGER: "0"}
_TEXT_FORMAT: Final = "@"
_MOST_CHARS: Final = 60
_TOTAL: Final = N_("Total")
_OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Text that looks like a formula, an address or a number stays text."""


@dataclass(frozen=True, slots=True)
class Identities:
    """The hidden column by which an edited workbook meets its records again.

    `header` is `shared.importing.id_header`, `versions` returns the version of each of these ids.
    """

    header: str
    versions: Callable[[Sequence[int]], Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Table:
    """What is exported: the columns as seen, how people are called, and whose clock is used.

    `pages` yields rows whose columns are those of `fields`, after the id. `sums` names the columns a
    workbook adds up below the last row, by formula; money only while it is all of one currency. A workbook
    gets a hidden last column of `identities`.
    """

    title: str
    fields: Sequence[Field]
    pages: Iterable[Page]
    people: Mapping[int, str] = field(default_factory=dict)
    timezone: str = "UTC"
    sums: Sequence[str] = ()
    identities: Identities | None = None


@contextmanager
def new_workbook(path: Path, *, constant_memory: bool = False) -> Iterator[Any]:
    """Give a workbook that is saved as `path` when the block ends cleanly, and not at all otherwise.

    Raises OSError when it cannot be saved.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    with TemporaryDirectory(prefix="crm-desktop-", ignore_cleanup_errors=True) as folder:
        book = Workbook(str(path), {**_OPTIONS, "constant_memory": constant_memory, "tmpdir": folder})
        try:
            yield book
            book.close()
        except FileCreateError as error:
            # It is no OSError, but made of one.
            raise error.args[0] from error
        finally:
            for sheet in book.worksheets():
                # What was not saved would hold its file in the folder open.
                if sheet.constant_memory and sheet.row_data_fh is not None:
                    sheet.row_data_fh.close()


def write_table(path: Path, table: Table, *, total: int | None = None, progress: Progress | None = None) -> int:
    """Write the table beside `path` (`shared.published.publish` gives it its name) and return its rows.

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


def cells(described: Field, people: Mapping[int, str], zone: ZoneInfo) -> Callable[[Any], Any]:
    """Return what turns values of a field into what a cell holds: words for choices and people, real dates, numbers."""
    kind = described.kind
    if kind in (Kind.CHOICE, Kind.STATUS):
        words = {key: _(label) for key, label in described.choices}
        return lambda value: words.get(value, value)
    if kind is Kind.USER:
        return lambda value: people.get(value, "")
    if kind is Kind.TAGS:
        return lambda value: ", ".join(value or ())
    if kind is Kind.BOOLEAN:
        said = {True: _("Yes"), False: _("No"), None: None}
        return lambda value: said[value]
    if kind is Kind.INSTANT:
        return lambda value: None if value is None else value.astimezone(zone).replace(tzinfo=None)
    return lambda value: value


def write_sheets(path: Path, tables: Iterable[Table]) -> int:
    """Write a workbook with a sheet for each table, in order, and return how many there are.

    The tables are taken one after the other, so they may be made meanwhile. Raises as `write_table` does.
    """
    names: set[str] = set()
    with writing(path) as part, new_workbook(part) as book:
        for table in tables:
            _write_sheet(book, _free_name(table.title, names), table, lambda _done: None)
    return len(names)


def _write_workbook(path: Path, table: Table, step: Callable[[int], None]) -> int:
    with new_workbook(path, constant_memory=True) as book:
        return _write_sheet(book, sheet_name(table.title), table, step)


def _write_sheet(book: Any, name: str, table: Table, step: Callable[[int], None]) -> int:
    zone = ZoneInfo(table.timezone)
    done = 0
    sheet = book.add_worksheet(name)
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    looks = _Looks(book, table.fields)
    columns = [cells(one, table.people, zone) for one in table.fields]
    for place, one in enumerate(table.fields):
        sheet.set_column(place, place, min(one.chars + 2, _MOST_CHARS))
        sheet.write_string(0, place, _(one.label), heading)
    if table.identities is not None:
        sheet.write_string(0, len(table.fields), table.identities.header)
        sheet.set_column(len(table.fields), len(table.fields), None, None, {"hidden": True})
    sheet.freeze_panes(1, 1)
    sums = {place: Decimal() for place, one in enumerate(table.fields) if one.name in table.sums}
    for page in table.pages:
        if done + len(page.rows) > MOST_ROWS:
            raise Invalid("path", N_("An Excel sheet holds 1,048,575 rows. Filter the list, or export CSV."))
        versions = table.identities.versions([row[0] for row in page.rows]) if table.identities else {}
        for row in page.rows:
            done += 1
            for place, shown in enumerate(columns):
                if (value := shown(row[place + 1])) is not None and value != "":
                    _write_cell(sheet, done, place, value, looks)
                    if place in sums:
                        sums[place] += value.amount if isinstance(value, Money) else value
            if row[0] in versions:
                sheet.write_string(done, len(table.fields), str(Identity(row[0], versions[row[0]])))
        step(done)
    _write_sums(sheet, table, looks, done, sums)
    sheet.autofilter(0, 0, max(done, 1), len(table.fields) - 1)
    return done


def _free_name(title: str, taken: set[str]) -> str:
    """Return a sheet name that the workbook has not yet, numbered if need be; Excel does not tell cases apart."""
    name, number = sheet_name(title), 1
    while name.casefold() in taken:
        number += 1
        name = f"{sheet_name(title)[: 29 - len(str(number))]} {number}"
    taken.add(name.casefold())
    return name


class _Looks:
    """The number formats of one sheet: one per column, and one per currency met in a column of money."""

    def __init__(self, book: Any, fields: Sequence[Field]) -> None:
        self._book = book
        self.columns = [book.add_format({"num_format": _FORMATS.get(one.kind, _TEXT_FORMAT)}) for one in fields]
        self._currencies: dict[tuple[str, bool], Any] = {}
        self._met: list[set[str]] = [set() for _field in fields]

    def of_money(self, place: int, currency: str) -> Any:
        """Return the format of an amount, which shows its currency."""
        self._met[place].add(currency)
        return self._of_currency(currency)

    def of_sum(self, place: int, described: Field) -> Any:
        """Return the format of a column's sum, None when currencies would be added together."""
        if described.kind is not Kind.MONEY:
            return self._bold("0.######")
        met = self._met[place]
        return self._of_currency(next(iter(met)), bold=True) if len(met) == 1 else None

    def of_total(self) -> Any:
        """Return the format of the word beside the sums."""
        return self._bold(_TEXT_FORMAT)

    def _bold(self, shown: str) -> Any:
        return self._book.add_format({"num_format": shown, "bold": True, "top": 1})

    def _of_currency(self, currency: str, *, bold: bool = False) -> Any:
        key = currency, bold
        if key not in self._currencies:
            decimals = "." + "0" * exponent(currency) if exponent(currency) else ""
            shown = f'"{currency}" #,##0{decimals}'
            self._currencies[key] = self._bold(shown) if bold else self._book.add_format({"num_format": shown})
        return self._currencies[key]


def _write_sums(sheet: Any, table: Table, looks: _Looks, rows: int, sums: Mapping[int, Decimal]) -> None:
    """Add the columns up by formula; its result is written too, for programs that do not calculate."""
    from xlsxwriter.utility import xl_col_to_name

    shapes = {place: looks.of_sum(place, table.fields[place]) for place in sums} if rows else {}
    for place, shape in shapes.items():
        if shape is not None:
            column = xl_col_to_name(place)
            sheet.write_formula(rows + 1, place, f"=SUM({column}2:{column}{rows + 1})", shape, sums[place])
    if any(shapes.values()) and 0 not in sums:
        sheet.write_string(rows + 1, 0, _(_TOTAL), looks.of_total())


def _write_cell(sheet: Any, row: int, column: int, value: Any, looks: "_Looks") -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value, looks.columns[column])
    elif isinstance(value, Money):
        sheet.write_number(row, column, value.amount, looks.of_money(column, value.currency))
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, looks.columns[column])
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value), looks.columns[column])


def sheet_name(title: str) -> str:
    """Return a name Excel accepts: at most 31 characters, none of `[]:*?/\\`."""
    return "".join(" " if char in "[]:*?/\\" else char for char in title).strip("' ")[:31] or "1"


def _write_csv(path: Path, table: Table, step: Callable[[int], None]) -> int:
    zone = ZoneInfo(table.timezone)
    columns = [cells(one, table.people, zone) for one in table.fields]
    done = 0
    # The byte order mark lets Excel read Chinese without being asked for the encoding.
    with path.open("w", encoding="utf-8-sig", newline="") as written:
        lines = csv.writer(written)
        lines.writerow([_(one.label) for one in table.fields])
        for page in table.pages:
            for row in page.rows:
                lines.writerow([_plain(shown(row[place])) for place, shown in enumerate(columns, 1)])
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
