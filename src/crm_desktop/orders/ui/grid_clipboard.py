"""Lines to and from the clipboard, as a spreadsheet has them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from crm_desktop.orders.ui.grid_line import NUMBERS
from crm_desktop.orders.ui.line_columns import AMOUNT, PLACE
from crm_desktop.orders.ui.line_paste import as_block, bare_figure, cells_of, header_of, read_lines
from crm_desktop.shared.money import from_minor

if TYPE_CHECKING:
    from crm_desktop.orders.ui.line_grid import LineGrid


def copy(grid: "LineGrid") -> None:
    """Put the marked lines, or the one of the keyboard, on the clipboard with a header row."""
    rows = grid.rows_meant()
    if rows:
        names = [column.name for column in grid.lines.columns if column.name != PLACE]
        labels = [str(grid.lines.headerData(grid.lines.column_of(name), Qt.Orientation.Horizontal)) for name in names]
        cells = [[_bare(grid, row, name) for name in names] for row in rows]
        QGuiApplication.clipboard().setText(as_block([labels, *cells]))


def _bare(grid: "LineGrid", row: int, name: str) -> str:
    """Return a cell as a spreadsheet reads it: figures without grouping, days in ISO form."""
    line = grid.lines.lines[row]
    if name in line.wrong:
        return line.wrong[name][0]
    if name == AMOUNT:
        amount = grid.lines.totals.lines[row].amount
        return "" if line.is_text else f"{from_minor(amount, grid.lines.document.currency):f}"
    value = line.values.get(name, line.done.get(name))
    if line.is_text and name in NUMBERS:
        return ""
    if value is None:
        return ""
    return f"{value:f}" if name in NUMBERS or name in line.done else str(value)


def paste(grid: "LineGrid", text: str) -> None:
    """Put a copied block into the lines: figures into a column of figures, anything else as lines of its own."""
    rows, column = cells_of(text), grid.column
    if not rows or column is None:
        return
    grid.editor.original = grid.editor.text()
    grid.type_ahead.popup.hide()
    if column.name in NUMBERS and header_of(rows[0]) is None and grid.lines.line(grid.row) is not None:
        _paste_cells(grid, rows)
    else:
        _paste_lines(grid, rows)


def _paste_lines(grid: "LineGrid", rows: list[list[str]]) -> None:
    lines = grid.lines
    new = read_lines(rows, grid.products, dated=lines.dated, usual=lines.new_values, today=grid.today)
    if not new:
        return
    here = lines.line(grid.row)
    at = grid.row if here is None else grid.row + 1
    at -= here is not None and here.is_blank
    lines.insert(at, new)
    lines.drop_blank(at + len(new))
    wrong = [row for row, _place in lines.wrong_cells() if at <= row < at + len(new)]
    row = wrong[0] if wrong else min(at + len(new), lines.rowCount() - 1)
    place = next((place for where, place in lines.wrong_cells() if where == row), lines.column_of("code"))
    grid.go(row, lines.columns[place].name)


def _paste_cells(grid: "LineGrid", rows: list[list[str]]) -> None:
    """Fill figures to the right and down from the active cell, as a spreadsheet does."""
    lines, top = grid.lines, grid.row
    names = [column.name for column in lines.columns[grid.currentIndex().column() :] if column.name in NUMBERS]
    for row, cells in zip(range(top, len(lines.lines)), rows, strict=False):
        for name, cell in zip(names, cells, strict=False):
            if not lines.lines[row].is_text:
                lines.type_text(row, name, bare_figure(cell), visit=("pasted", top))
    grid.enter()
