"""The first rows of a sheet as they stand in the file; a click says which one is the header."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from crm_desktop.exchange.book import Sheet
from crm_desktop.exchange.ui.incoming import words
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import BODY, REGULAR, SEMIBOLD, font, px
from crm_desktop.ui.plain_table import set_up_rows
from crm_desktop.ui.theme import set_ground, theme, token

ROWS_SHOWN: Final = 200
"""More would not help to find the header; the check shows every row."""
_COLUMNS_SHOWN: Final = 64
_SAMPLED: Final = 60
_LEAST_CHARS, _MOST_CHARS = 5, 26
_ROW_PX, _PAD, _BAR = 26, 8, 3
_KIND_ROLE: Final = Qt.ItemDataRole.UserRole + 1
_HEADER, _LEFT_OUT = "header", "left out"
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_Index = QModelIndex | QPersistentModelIndex


class SheetRows(QAbstractTableModel):
    """The first rows of a sheet. The first column is the number of the row, the next ones those of the sheet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet: Sheet | None = None
        self.header: frozenset[int] = frozenset()
        self.left_out: Mapping[int, str] = {}
        self._rows: list[tuple[Any, ...]] = []
        self._columns = 0

    def show(self, sheet: Sheet | None, header: tuple[int, ...], left_out: Mapping[int, str]) -> None:
        """Show a sheet; `header` are places from 0, `left_out` numbers from 1."""
        self.beginResetModel()
        self.sheet, self.header, self.left_out = sheet, frozenset(header), left_out
        self._rows = sheet.rows[:ROWS_SHOWN] if sheet is not None else []
        self._columns = min(_COLUMNS_SHOWN, max((len(row) for row in self._rows), default=0))
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many columns there are, that of the numbers included."""
        return 0 if parent.isValid() else self._columns + 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, its side, and what the row is taken for."""
        row, place = index.row(), index.column() - 1
        if role == _KIND_ROLE:
            return _HEADER if row in self.header else _LEFT_OUT if row + 1 in self.left_out else ""
        cell = self._cell(row, place)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return str(row + 1) if place < 0 else words.cell_text(cell)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            number = isinstance(cell, int | float) and not isinstance(cell, bool)
            return _RIGHT if place < 0 or number else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            why = self.left_out.get(row + 1)
            return words.why_left_out(why) if why else words.cell_text(cell)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a spreadsheet calls the column."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return words.column_letters(section - 1) if section else ""

    def _cell(self, row: int, place: int) -> Any:
        cells = self._rows[row]
        return cells[place] if 0 <= place < len(cells) else None


class _Painter(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a cell: the header on its own ground, what is left out muted."""
        view: Any = self.parent()
        rect: QRect = option.rect
        kind = index.data(_KIND_ROLE)
        current = view.hasFocus() and view.currentIndex().row() == index.row()
        ground = "selection" if current else "accent-soft" if kind == _HEADER else "surface"
        painter.save()
        painter.fillRect(rect, token(ground))
        painter.setPen(QPen(token("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if current and not index.column():
            painter.fillRect(QRect(rect.left(), rect.top(), _BAR, rect.height()), token("accent"))
        face = font(BODY, SEMIBOLD if kind == _HEADER and index.column() else REGULAR)
        painter.setFont(face)
        painter.setPen(token("muted" if kind == _LEFT_OUT or not index.column() else "text"))
        room = rect.adjusted(px(_PAD), 0, -px(_PAD), 0)
        text = QFontMetrics(face).elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, index.data(Qt.ItemDataRole.TextAlignmentRole), text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of a row."""
        return QSize(px(40), px(_ROW_PX))


class SheetPreview(QTableView):
    """Shows `SheetRows`; a click or Enter on a row makes it the header."""

    header_chosen = Signal(int)
    """The place of the row, from 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet_rows = SheetRows(self)
        self.setModel(self.sheet_rows)
        self.setItemDelegate(_Painter(self))
        set_up_rows(self, _("First rows of the sheet"), _ROW_PX)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(px(32))
        set_ground(self.viewport(), "surface")
        self.clicked.connect(lambda index: self.header_chosen.emit(index.row()))
        theme().changed.connect(self.viewport().update)

    def show_sheet(self, sheet: Sheet | None, header: tuple[int, ...], left_out: Mapping[int, str]) -> None:
        """Show a sheet and what its rows are taken for; the place is kept while it is the same sheet."""
        same = sheet is self.sheet_rows.sheet
        at, scrolled = self.currentIndex().row(), self.verticalScrollBar().value()
        self.sheet_rows.show(sheet, header, left_out)
        if same and at >= 0:
            self.setCurrentIndex(self.sheet_rows.index(at, 0))
            self.verticalScrollBar().setValue(scrolled)
        else:
            self._share_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter makes the current row the header."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.currentIndex().isValid():
                self.header_chosen.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def _share_out(self) -> None:
        measure, figure = QFontMetrics(font(BODY, SEMIBOLD)), QFontMetrics(font(BODY)).horizontalAdvance("0")
        for section in range(self.sheet_rows.columnCount()):
            texts = (str(self.sheet_rows.index(row, section).data() or "") for row in range(self._measured()))
            wide = max((measure.horizontalAdvance(text[:_MOST_CHARS]) for text in texts), default=0)
            least = figure * (3 if not section else _LEAST_CHARS)
            # A text of exactly the width it was measured with would already be cut.
            self.setColumnWidth(section, min(max(wide, least), figure * _MOST_CHARS) + 2 * px(_PAD) + 2)

    def _measured(self) -> int:
        return min(_SAMPLED, self.sheet_rows.rowCount())
