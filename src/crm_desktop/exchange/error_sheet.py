"""The rows that could not come in, as the same sheet with one more column: mend them there and import it again."""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from crm_desktop.exchange.book import Cell, Sheet
from crm_desktop.exchange.workbook import new_workbook, sheet_name
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import Planned, Verdict
from crm_desktop.shared.published import publishing, writing

_MOST_WIDE: Final = 50
_LEAST_WIDE: Final = 8
_PROBLEM_WIDE: Final = 60
_SAMPLED: Final = 200


def write_errors(path: Path, sheet: Sheet, header_rows: Sequence[int], planned: Sequence[Planned]) -> int:
    """Write the rows of `sheet` that are invalid and return how many; the file appears when it is whole.

    Everything down to the last of `header_rows` (from 0) stays as it was. Of a document all rows are written.
    Raises Unavailable when the disk refuses.
    """
    problems = {row.number: one.why for one in planned if one.verdict is Verdict.INVALID for row in one.rows}
    top = max(header_rows, default=-1) + 1
    wide = max((len(row) for row in sheet.rows), default=0)
    with publishing(path), writing(path) as part, new_workbook(part) as book:
        written = book.add_worksheet(sheet_name(sheet.name))
        cells = _Cells(book, written)
        heading = book.add_format({"bold": True, "bottom": 1, "font_color": "#B3261E"})
        wrong = book.add_format({"font_color": "#B3261E"})
        for place, row in enumerate(sheet.rows[:top]):
            cells.write(place, row, bold=place in header_rows)
        if top:
            written.write_string(top - 1, wide, _("Problem"), heading)
            written.freeze_panes(top, 0)
        for place, number in enumerate(sorted(problems), top):
            cells.write(place, sheet.rows[number - 1])
            written.write_string(place, wide, problems[number], wrong)
        for column, chars in enumerate(_widths(sheet, wide)):
            written.set_column(column, column, chars)
        written.set_column(wide, wide, _PROBLEM_WIDE)
    return len(problems)


class _Cells:
    """Writes cells as they were read: text stays text, whatever it looks like."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._sheet = sheet
        self._bold = book.add_format({"bold": True})
        self._plain = book.add_format({})
        self._text = book.add_format({"num_format": "@"})
        self._dates = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            time: book.add_format({"num_format": "hh:mm"}),
        }

    def write(self, place: int, row: Sequence[Cell], *, bold: bool = False) -> None:
        """Write one row of cells."""
        for column, value in enumerate(row):
            if isinstance(value, bool):
                self._sheet.write_boolean(place, column, value)
            elif isinstance(value, str):
                self._sheet.write_string(place, column, value, self._bold if bold else self._text)
            elif isinstance(value, int | float):
                self._sheet.write_number(place, column, value, self._plain)
            elif value is not None:
                kind = date if isinstance(value, datetime) and value.time() == time.min else type(value)
                self._sheet.write_datetime(place, column, value, self._dates[kind])


def _widths(sheet: Sheet, wide: int) -> list[int]:
    longest = [_LEAST_WIDE] * wide
    for row in sheet.rows[:_SAMPLED]:
        for column, value in enumerate(row):
            longest[column] = min(max(longest[column], len(str(value or "")) + 2), _MOST_WIDE)
    return longest
