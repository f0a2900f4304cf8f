"""The lines of a document as a table model: typed cells, totals with every key, undo of everything."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from crm_desktop.orders.rules import ITEM, TEXT
from crm_desktop.orders.totals import DocumentInput, Totals, total
from crm_desktop.orders.ui.grid_line import (
    GridLine,
    cell_text,
    copied_line,
    new_line,
    number_text,
    read_cell,
    read_line,
)
from crm_desktop.orders.ui.line_columns import AMOUNT, PLACE, GridColumn, columns_of
from crm_desktop.shared.display import number_text as figure
from crm_desktop.shared.i18n import _
from crm_desktop.shared.money import from_minor
from crm_desktop.ui.date_editor import shown_date

Index = QModelIndex | QPersistentModelIndex
MOST_STEPS: Final = 200
"""Steps that can be undone; each keeps references only."""
_NO_PARENT: Final = QModelIndex()


class LineModel(QAbstractTableModel):
    """Rows are `lines` and, while it can be written, an empty last one.

    `edited` follows every change the person makes, `totalled` carries the `Totals` after any change,
    `wrong_changed` how many cells could not be read.
    """

    edited = Signal()
    totalled = Signal(object)
    wrong_changed = Signal(int)

    def __init__(self, today: Callable[[], date], *, dated: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.dated = dated
        self.lines: list[GridLine] = []
        self.columns: tuple[GridColumn, ...] = columns_of(dated=dated)
        self.document = DocumentInput("CNY")
        self.totals: Totals = total(self.document, [])
        self.writable = True
        self.new_values: Mapping[str, Any] = {}
        """What a new line begins with, such as the usual tax rate."""
        self._wrong = 0
        self._undo: list[tuple[GridLine, ...]] = []
        self._redo: list[tuple[GridLine, ...]] = []
        self._visit: object = None

    # What is there -------------------------------------------------------------------------------

    def set_columns(self, columns: Sequence[GridColumn]) -> None:
        """Show other columns."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def set_document(self, document: DocumentInput) -> None:
        """Take currency, tax mode and discount of the document."""
        if document != self.document:
            self.document = document
            self._retotal()
            self._all_changed()
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def set_writable(self, writable: bool) -> None:
        """Offer the empty last line, or do not."""
        if writable != self.writable:
            self.beginResetModel()
            self.writable = writable
            self.endResetModel()

    def load(self, stored: Iterable[Mapping[str, Any]]) -> None:
        """Show other lines; nothing of the old ones can be undone."""
        self.beginResetModel()
        self.lines = [read_line(line, dated=self.dated) for line in stored]
        self._undo, self._redo, self._visit = [], [], None
        self.endResetModel()
        self._settle()

    def line(self, row: int) -> GridLine | None:
        """Return a line, None for the empty last one."""
        return self.lines[row] if 0 <= row < len(self.lines) else None

    def is_typed(self, row: int, column: int) -> bool:
        """Return whether a cell can be typed in; a remark has only its text."""
        line = self.line(row)
        if not self.writable or not self.columns[column].typed:
            return False
        return line is None or not line.is_text or self.columns[column].name == "name"

    def column_of(self, name: str) -> int:
        """Return the place of a column, −1 where it is not shown."""
        return next((place for place, column in enumerate(self.columns) if column.name == name), -1)

    def wrong_cells(self) -> list[tuple[int, int]]:
        """Return (row, column) of every cell that could not be read, in reading order."""
        return [
            (row, place)
            for row, line in enumerate(self.lines)
            if line.wrong
            for place, column in enumerate(self.columns)
            if column.name in line.wrong
        ]

    # Qt ------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Return the lines and the empty one."""
        return 0 if parent.isValid() else len(self.lines) + self.writable

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Return how many columns are shown."""
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsEditable if self.is_typed(index.row(), index.column()) else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the label of a column, the number of a line."""
        if orientation == Qt.Orientation.Vertical and role == Qt.ItemDataRole.DisplayRole:
            return section + 1
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return _(column.label).format(currency=self.document.currency)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(column)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, why it is wrong, or where it stands."""
        if not index.isValid():
            return None
        row, column = index.row(), self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            # A line's number is its place, not its content: it stays where it is when lines move.
            return None if column.name == PLACE else self.text(row, column.name)
        line = self.line(row)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            if line is not None and column.name in line.wrong:
                return line.wrong[column.name][1]
            # Names and codes may be cut off.
            return self.text(row, column.name) or None if column.name in ("code", "name") else None
        return _aligned(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take a typed text."""
        if role != Qt.ItemDataRole.EditRole or not self.is_typed(index.row(), index.column()):
            return False
        self.type_text(index.row(), self.columns[index.column()].name, str(value))
        return True

    def text(self, row: int, name: str) -> str:
        """Return what stands in a cell."""
        line = self.line(row)
        if name == PLACE:
            return str(row + 1)
        if line is None:
            return ""
        if name == AMOUNT:
            if line.is_text:
                return ""
            return figure(from_minor(self.totals.lines[row].amount, self.document.currency))
        if name in line.done:
            return number_text(line.done[name])
        if name == "due_on" and name not in line.wrong:
            day = line.values.get(name)
            return shown_date(day) if day else ""
        return cell_text(line, name, self.document.currency)

    # Typing --------------------------------------------------------------------------------------

    def visit(self) -> None:
        """Begin a new step: what is typed from now on is undone by itself."""
        self._visit = None

    def type_text(self, row: int, name: str, text: str, *, done: bool = True, visit: object = None) -> None:
        """Take the text of a cell; with `done` False it is still being typed and is not called wrong yet.

        Changes of one `visit` (the cell, if none is named) are one step to be undone.
        """
        visit = visit or (row, name)
        line = self.line(row)
        if line is None:
            if not text.strip():
                return
            line = self._blank()
        if self.text(row, name) == text and name not in line.wrong:
            return
        try:
            value = read_cell(name, text, self._today)
        except ValueError as problem:
            if done:
                self._put(row, line.with_wrong(name, text, str(problem)), visit=visit)
            return
        if line.values.get(name) == value and name not in line.wrong:
            return
        changed = line.with_values(**{name: value})
        self._put(row, replace(changed, priced=True) if name == "unit_price" else changed, visit=visit)

    def mark_wrong(self, row: int, name: str, text: str, why: str) -> None:
        """Mark a cell whose text means nothing, keeping the text."""
        line = self.line(row) or self._blank()
        self._put(row, line.with_wrong(name, text, why), visit=(row, name))

    def note_wrong(self, row: int, name: str, why: str) -> None:
        """Mark a cell the service refused; what stands in it stays."""
        line = self.line(row)
        if line is not None:
            self.lines[row] = line.with_wrong(name, self.text(row, name), why)
            self._settle()
            self._row_changed(row)

    def change(self, row: int, visit: object = None, **values: Any) -> None:
        """Give a line other values, as one step."""
        line = self.line(row) or self._blank()
        self._put(row, line.with_values(**values), visit=visit)

    def put_price(self, row: int, price: Any) -> None:
        """Fill in the price the list has, unless somebody typed one meanwhile; part of the step before."""
        line = self.line(row)
        if line is not None and not line.priced:
            self.lines[row] = replace(line.with_values(unit_price=price), priced=True)
            self._settle()
            self._row_changed(row)
            self.edited.emit()

    def expect_price(self, row: int) -> None:
        """Say that the price of a line is asked for."""
        self.lines[row] = replace(self.lines[row], priced=False)

    def _blank(self) -> GridLine:
        return new_line(dated=self.dated, **self.new_values)

    # Whole lines ---------------------------------------------------------------------------------

    def insert(self, row: int, lines: Sequence[GridLine] = ()) -> None:
        """Put lines (an empty one, if none are given) before `row`."""
        new = list(lines) or [self._blank()]
        self._remember(None)
        self.beginInsertRows(_NO_PARENT, row, row + len(new) - 1)
        self.lines[row:row] = new
        self.endInsertRows()
        self._changed(row)

    def duplicate(self, row: int) -> None:
        """Put a copy of a line below it."""
        line = self.line(row)
        if line is not None:
            self.insert(row + 1, [copied_line(line)])

    def remove(self, first: int, last: int) -> None:
        """Take lines away."""
        last = min(last, len(self.lines) - 1)
        if not 0 <= first <= last:
            return
        self._remember(None)
        self.beginRemoveRows(_NO_PARENT, first, last)
        del self.lines[first : last + 1]
        self.endRemoveRows()
        self._changed(first)

    def move(self, first: int, last: int, by: int) -> bool:
        """Move lines up (−1) or down (1); return whether there was room."""
        if last >= len(self.lines) or not 0 <= first + by <= last + by < len(self.lines):
            return False
        self._remember(None)
        target = first - 1 if by < 0 else last + 2
        self.beginMoveRows(_NO_PARENT, first, last, _NO_PARENT, target)
        moving = self.lines[first : last + 1]
        del self.lines[first : last + 1]
        self.lines[first + by : first + by] = moving
        self.endMoveRows()
        self._changed(min(first, first + by))
        return True

    def toggle_text(self, row: int) -> None:
        """Make a remark of a line, or an article of a remark."""
        line = self.line(row)
        if line is None:
            self.insert(row, [self._blank().with_values(kind=TEXT)])
            return
        if line.is_text:
            self.change(row, kind=ITEM)
        else:
            self._put(row, replace(line.with_values(kind=TEXT, product_id=None, code=""), wrong={}), visit=None)

    def drop_blank(self, row: int) -> None:
        """Take an empty line away that pasted ones have replaced, within the same step."""
        line = self.line(row)
        if line is not None and line.is_blank:
            self.beginRemoveRows(_NO_PARENT, row, row)
            del self.lines[row]
            self.endRemoveRows()
            self._settle()

    def undo(self) -> bool:
        """Take the last step back; return whether there was one."""
        return self._travel(self._undo, self._redo)

    def redo(self) -> bool:
        """Do again what was undone."""
        return self._travel(self._redo, self._undo)

    def _travel(self, source: list[tuple[GridLine, ...]], target: list[tuple[GridLine, ...]]) -> bool:
        if not source:
            return False
        target.append(tuple(self.lines))
        self._visit = None
        self.beginResetModel()
        self.lines = list(source.pop())
        self.endResetModel()
        self._settle()
        self.edited.emit()
        return True

    # Inside --------------------------------------------------------------------------------------

    def _put(self, row: int, line: GridLine, visit: object) -> None:
        if row >= len(self.lines):
            self._remember(visit)
            self.beginInsertRows(_NO_PARENT, row, row)
            self.lines.append(line)
            self.endInsertRows()
        else:
            self._remember(visit)
            self.lines[row] = line
        self._changed(row)

    def _remember(self, visit: object) -> None:
        """Keep the lines as they are; several changes in one visit of a cell are one step."""
        if visit is not None and visit == self._visit:
            return
        self._visit = visit
        self._undo.append(tuple(self.lines))
        del self._undo[:-MOST_STEPS]
        self._redo.clear()

    def _changed(self, row: int) -> None:
        self._settle()
        if row < len(self.lines):
            # Where tax is worked out on the sum, one line moves the tax of all; the amounts stand.
            self._row_changed(row)
        self.edited.emit()

    def _settle(self) -> None:
        self._retotal()
        wrong = sum(len(line.wrong) for line in self.lines)
        if wrong != self._wrong:
            self._wrong = wrong
            self.wrong_changed.emit(wrong)

    def _retotal(self) -> None:
        self.totals = total(self.document, [line.amounts for line in self.lines])
        self.totalled.emit(self.totals)

    def _row_changed(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def _all_changed(self) -> None:
        if self.lines:
            last = self.index(len(self.lines) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _aligned(column: GridColumn) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
