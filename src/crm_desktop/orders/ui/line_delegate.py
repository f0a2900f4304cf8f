"""Paints the cells of the line grid: ground, hairline, figures, what is wrong."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from crm_desktop.orders.ui.line_columns import AMOUNT, PLACE, GridColumn
from crm_desktop.orders.ui.line_model import LineModel
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, SEMIBOLD, font, px
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.record_header import paint_header_ground
from crm_desktop.ui.theme import token

ROW_PX: Final = 28
PAD: Final = 8
BAR: Final = 3
TAKES: Final = N_("Type a code, name or pinyin; or paste rows from Excel")
_SIGN: Final = 14


class LineDelegate(QStyledItemDelegate):
    """Paints one cell. The view says which rows are marked and where the keyboard is."""

    def __init__(self, view: QTableView, model: LineModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self.marked: range = range(0)
        self.awake = False
        """Whether the keyboard is in the grid."""
        self._faces: dict[int, tuple[QFont, QFontMetrics]] = {}
        self.typing: Callable[[], bool] = bool
        """Says whether something stands in the open cell."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint ground, hairline and text."""
        rect, row, column = option.rect, index.row(), self._model.columns[index.column()]
        line = self._model.line(row)
        wrong = line is not None and column.name in line.wrong
        current = self.awake and row == self._view.currentIndex().row()
        painter.save()
        painter.fillRect(rect, token(self._ground(row, current, wrong)))
        painter.setPen(QPen(token("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if current and index.column() == 0:
            painter.fillRect(QRect(rect.left(), rect.top(), BAR, rect.height()), token("accent"))
        if line is None and column.name in ("code", "name"):
            if not (current and self.typing()):
                self._paint_invitation(painter, rect, beside=current)
        else:
            self._paint_text(painter, rect, column, self._model.text(row, column.name), wrong, row, current)
        painter.restore()

    def forget_fonts(self) -> None:
        """Measure texts again after a change of language or text size."""
        self._faces.clear()

    def _face(self, weight: int) -> tuple[QFont, QFontMetrics]:
        known = self._faces.get(weight)
        if known is None:
            used = font(BODY, weight)
            known = self._faces[weight] = (used, QFontMetrics(used))
        return known

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the size of a row of 28 px."""
        return QSize(px(40), px(ROW_PX))

    def _ground(self, row: int, current: bool, wrong: bool) -> str:
        if row in self.marked:
            return "selection"
        if wrong:
            return "danger-soft"
        return "selection" if current else "surface"

    def _paint_text(
        self, painter: QPainter, rect: QRect, column: GridColumn, text: str, wrong: bool, row: int, current: bool
    ) -> None:
        room = rect.adjusted(px(PAD), 0, -px(PAD), 0)
        if wrong:
            sign = QRectF(room.left(), room.center().y() - px(_SIGN) / 2, px(_SIGN), px(_SIGN))
            paint_icon(painter, sign, "triangle-alert", "danger")
            room.setLeft(room.left() + px(_SIGN) + px(4))
        if not text:
            return
        line = self._model.line(row)
        remark = line is not None and line.is_text
        used, metrics = self._face(SEMIBOLD if column.name == AMOUNT and current else REGULAR)
        painter.setFont(used)
        ink = "danger" if wrong else "text2" if remark or (line is None and column.name == PLACE) else column.ink
        painter.setPen(token(ink))
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_invitation(self, painter: QPainter, rect: QRect, *, beside: bool) -> None:
        """Say what the empty line takes, across code and product (`beside`: only there, where the open cell
        does not cover it); each cell paints its own piece of it.
        """
        first = self._model.column_of("name" if beside else "code")
        left = self._view.columnViewportPosition(first) + px(PAD)
        name = self._model.column_of("name")
        right = self._view.columnViewportPosition(name) + self._view.columnWidth(name)
        painter.setClipRect(rect)
        painter.setFont(self._face(REGULAR)[0])
        painter.setPen(token("muted"))
        area = QRect(left, rect.top(), right - left, rect.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, _(TAKES))


class LineHeader(QHeaderView):
    """The labels of the columns, muted on `sunken` between hairlines."""

    def __init__(self, model: LineModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._lines = model
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(px(30))

    def sizeHint(self) -> QSize:
        """Return 28 px at the usual text size."""
        # The width is that of the grid; Qt would measure every label to find one.
        return QSize(0, px(ROW_PX))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint one label where its cells stand."""
        if not rect.isValid() or section >= len(self._lines.columns):
            return
        painter.save()
        paint_header_ground(painter, rect)
        painter.setFont(font(LABEL))
        painter.setPen(token("muted"))
        side = Qt.AlignmentFlag.AlignRight if self._lines.columns[section].right else Qt.AlignmentFlag.AlignLeft
        text = str(self._lines.headerData(section, Qt.Orientation.Horizontal))
        painter.drawText(rect.adjusted(px(PAD), 0, -px(PAD), 0), side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def label_width(self, section: int) -> int:
        """Return the pixels a label needs with its padding."""
        text = str(self._lines.headerData(section, Qt.Orientation.Horizontal))
        return QFontMetrics(font(LABEL)).horizontalAdvance(text) + 2 * px(PAD) + 2


def column_width(column: GridColumn) -> int:
    """Return the pixels the usual content of a column needs."""
    return QFontMetrics(font(BODY, MEDIUM)).horizontalAdvance("0") * column.figures + 2 * px(PAD)
