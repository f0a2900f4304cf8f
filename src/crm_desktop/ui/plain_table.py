"""A small table of ready rows, painted as lists are: hairlines, figures at the right, a bar at the current row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, font, px
from crm_desktop.ui.theme import set_ground, theme, token

ROW_PX: Final = 28
PAD: Final = 8
FIRST_PAD: Final = 16
BAR: Final = 3
WRONG_ROLE: Final = Qt.ItemDataRole.UserRole + 1
INK_ROLE: Final = Qt.ItemDataRole.UserRole + 2
_Index = QModelIndex | QPersistentModelIndex
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """One column: its translated label, width in characters, and the text of a row. `ink` is a token."""

    name: str
    label: str
    chars: int
    text: Callable[[Any], str]
    right: bool = False
    ink: str = "text"
    grows: bool = False


class PlainRows(QAbstractTableModel):
    """Rows of any kind under their columns."""

    def __init__(self, columns: Sequence[PlainColumn], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: list[Any] = []

    def show(self, rows: Sequence[Any]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def column_of(self, name: str) -> int:
        """Return the place of a column."""
        return next(place for place, column in enumerate(self.columns) if column.name == name)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, its side and its colour."""
        column = self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.text(self.rows[index.row()])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.right else _LEFT
        return column.ink if role == INK_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the label of a column and its side."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self.columns[section].right else _LEFT
        return None


class PlainDelegate(QStyledItemDelegate):
    """Paints one cell: ground, hairline, text; a wrong one on the ground of errors."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a cell."""
        rect: QRect = option.rect
        wrong = bool(index.data(WRONG_ROLE))
        painter.save()
        self.paint_row_ground(painter, rect, index)
        room = rect.adjusted(px(FIRST_PAD if index.column() == 0 else PAD), 0, -px(PAD), 0)
        painter.setFont(font(BODY, REGULAR))
        painter.setPen(token("danger" if wrong else index.data(INK_ROLE) or "text"))
        text = QFontMetrics(font(BODY)).elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, index.data(Qt.ItemDataRole.TextAlignmentRole), text)
        painter.restore()

    def paint_row_ground(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        """Paint what lies below a cell: surface or selection, a hairline, the bar of the current row."""
        view: Any = self.parent()
        current = view.currentIndex().row() == index.row() and view.hasFocus()
        chosen = view.selectionModel().isRowSelected(index.row(), QModelIndex())
        wrong = bool(index.data(WRONG_ROLE))
        ground = "danger-soft" if wrong else "selection" if chosen or current else "surface"
        painter.fillRect(rect, token(ground))
        painter.setPen(QPen(token("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if current and index.column() == 0:
            painter.fillRect(QRect(rect.left(), rect.top(), BAR, rect.height()), token("accent"))

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of a row."""
        return QSize(px(40), px(ROW_PX))


def set_up_rows(table: QTableView, name: str, row_px: int) -> None:
    """Give a table of rows that are only read its looks: no grid, no editing, rows of one height, `name` to be told."""
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setCornerButtonEnabled(False)
    table.setTabKeyNavigation(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    rows, header = table.verticalHeader(), table.horizontalHeader()
    rows.hide()
    rows.setMinimumSectionSize(px(20))
    rows.setDefaultSectionSize(px(row_px))
    header.setHighlightSections(False)
    header.setFixedHeight(px(row_px))
    header.setFont(font(LABEL))


class PlainTable(QTableView):
    """Shows `PlainRows`; whole rows are chosen, columns are as wide as they say and one takes the rest."""

    def __init__(self, rows: PlainRows, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plain = rows
        self.setModel(rows)
        self.setItemDelegate(PlainDelegate(self))
        set_up_rows(self, name, ROW_PX)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(px(32))
        set_ground(self.viewport(), "surface")
        self._share_out()
        theme().changed.connect(self.viewport().update)

    def _share_out(self) -> None:
        header, figure = self.horizontalHeader(), QFontMetrics(font(BODY)).horizontalAdvance("0")
        for place, column in enumerate(self.plain.columns):
            pads = px(FIRST_PAD if place == 0 else PAD) + px(PAD)
            wide = max(figure * column.chars, QFontMetrics(font(LABEL)).horizontalAdvance(column.label))
            header.setSectionResizeMode(
                place, QHeaderView.ResizeMode.Stretch if column.grows else QHeaderView.ResizeMode.Interactive
            )
            header.resizeSection(place, wide + pads)
