"""What money was used for: one line per allocation, those taken back with their reversal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from crm_desktop.receivables.ui.money.allocation_delegate import BAR, HEAD_PX, PAD, ROW_PX, SIDE
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, font, px
from crm_desktop.ui.record_header import paint_header_ground
from crm_desktop.ui.theme import set_ground, theme, token

Index = QModelIndex | QPersistentModelIndex
_TOP: Final = QModelIndex()
COLUMNS: Final = (
    ("day", N_("Date"), 12, False),
    ("what", N_("What"), 15, False),
    ("target", N_("For"), 24, False),
    ("amount", N_("Amount"), 13, True),
    ("said", N_("Remark"), 22, False),
    ("by", N_("By"), 13, False),
)
TARGET: Final = 2


@dataclass(frozen=True, slots=True)
class UseLine:
    """One line in words. `opens` is the record a double click opens; `quiet` one that no longer counts."""

    day: str
    what: str
    target: str
    second: str
    amount: str
    said: str = ""
    by: str = ""
    opens: tuple[str, int] | None = None
    allocation_id: int = 0
    may_unallocate: bool = False
    quiet: bool = False
    value: Decimal = field(default=Decimal(0))


class UsesModel(QAbstractTableModel):
    """Lines and their texts."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[UseLine] = []

    def show_lines(self, lines: Sequence[UseLine]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def text(self, row: int, place: int) -> str:
        """Return what a cell says."""
        return str(getattr(self.lines[row], COLUMNS[place][0]))

    def rowCount(self, _parent: Index = _TOP) -> int:
        """Return how many lines there are."""
        return len(self.lines)

    def columnCount(self, _parent: Index = _TOP) -> int:
        """Return how many columns there are."""
        return len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            line = self.lines[index.row()]
            if index.column() == TARGET:
                return f"{line.target} {line.second}".strip()
            return self.text(index.row(), index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the label of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section][1])
        return None


class UsesTable(QTableView):
    """Up and Down go through the lines, Enter opens what one is about. `chosen` tells that another line is current."""

    opened = Signal(str, int)
    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = UsesModel(self)
        self.setObjectName("uses")
        self.setAccessibleName(_("What it was used for"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalHeader(_Header(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(px(ROW_PX))
        self.setItemDelegate(_Painter(self))
        self.setModel(self.model_)
        set_ground(self.viewport(), "surface")
        theme().changed.connect(self.viewport().update)

    def show_lines(self, lines: Sequence[UseLine]) -> None:
        """Show other lines; the keyboard stays in its row."""
        row = max(self.currentIndex().row(), 0)
        self.model_.show_lines(lines)
        if lines:
            self.setCurrentIndex(self.model_.index(min(row, len(lines) - 1), 0))
        self._fit()
        self.chosen.emit()

    def line(self) -> UseLine | None:
        """Return the current line."""
        row = self.currentIndex().row()
        return self.model_.lines[row] if 0 <= row < len(self.model_.lines) else None

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell that another line is current."""
        super().currentChanged(current, previous)
        self.viewport().update()
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._open()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what the line is about."""
        if self.indexAt(event.position().toPoint()).isValid():
            self._open()

    def _open(self) -> None:
        line = self.line()
        if line is not None and line.opens is not None:
            self.opened.emit(*line.opens)

    def _fit(self) -> None:
        metrics = QFontMetrics(font(BODY, MEDIUM))
        widths = []
        for place, (_name, _label, figures, right) in enumerate(COLUMNS):
            texts = [self.model_.text(row, place) for row in range(len(self.model_.lines))]
            longest = max(map(metrics.horizontalAdvance, texts), default=0) if right or place < 2 else 0
            widths.append(max(metrics.horizontalAdvance("0") * figures, longest) + px(2 * PAD))
        widths[0] += px(SIDE - PAD)
        widths[TARGET] = max(self.viewport().width() - sum(widths) + widths[TARGET], px(140))
        for place, width in enumerate(widths):
            self.horizontalHeader().resizeSection(place, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the spare width to what it was for."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, then the cells."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), token("surface"))
        painter.end()
        super().paintEvent(event)


class _Painter(QStyledItemDelegate):
    def __init__(self, view: UsesTable) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(px(40), px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, line = option.rect, self._view.model_.lines[index.row()]
        name, _label, _figures, right = COLUMNS[index.column()]
        current = index.row() == self._view.currentIndex().row() and self._view.hasFocus()
        painter.save()
        painter.fillRect(rect, token("selection" if current else "surface"))
        painter.setPen(QPen(token("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if current and index.column() == 0:
            painter.fillRect(QRect(rect.left(), rect.top(), px(BAR), rect.height()), token("accent"))
        left = px(SIDE) if index.column() == 0 else px(PAD)
        room = rect.adjusted(left, 0, -px(PAD), 0)
        weight = MEDIUM if name == "target" else REGULAR
        ink = "muted" if line.quiet else "text" if name in ("target", "amount") else "text2"
        used = font(BODY, weight)
        metrics = QFontMetrics(used)
        painter.setFont(used)
        painter.setPen(token(ink))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        text = self._view.model_.text(index.row(), index.column())
        shown = text if right else metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)
        if index.column() == TARGET and line.second:
            room.setLeft(room.left() + metrics.horizontalAdvance(shown) + px(12))
            painter.setFont(font(BODY, REGULAR))
            painter.setPen(token("muted" if line.quiet else "text2"))
            rest = QFontMetrics(font(BODY)).elidedText(line.second, Qt.TextElideMode.ElideRight, max(room.width(), 0))
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, rest)
        painter.restore()


class _Header(QHeaderView):
    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        return QSize(0, px(HEAD_PX))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        if not rect.isValid() or section >= len(COLUMNS):
            return
        painter.save()
        paint_header_ground(painter, rect)
        painter.setFont(font(LABEL))
        painter.setPen(token("muted"))
        left = px(SIDE) if section == 0 else px(PAD)
        side = Qt.AlignmentFlag.AlignRight if COLUMNS[section][3] else Qt.AlignmentFlag.AlignLeft
        painter.drawText(
            rect.adjusted(left, 0, -px(PAD), 0), side | Qt.AlignmentFlag.AlignVCenter, _(COLUMNS[section][1])
        )
        painter.restore()
