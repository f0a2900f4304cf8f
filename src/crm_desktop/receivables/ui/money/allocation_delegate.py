"""Paints the allocation table: tick, number, late days, the boxes amounts are typed in."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from crm_desktop.receivables.ui.money.allocation_model import ALLOCATE, COLUMNS, PLACES, TICK, AllocationModel, Index
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, font, px
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.record_header import paint_header_ground
from crm_desktop.ui.shapes import paint_panel
from crm_desktop.ui.theme import token

ROW_PX: Final = 36
HEAD_PX: Final = 28
PAD: Final = 8
SIDE: Final = 20
"""What the sheet keeps free at its left edge."""
BAR: Final = 3
BOX_PX: Final = 26
_TICK_PX: Final = 14
_GAP: Final = 12
_SIGN: Final = 14


class AllocationDelegate(QStyledItemDelegate):
    """Paints one cell; the view says where the keyboard is."""

    def __init__(self, view: QTableView, model: AllocationModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self.awake = False
        """Whether the keyboard is in the table."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the size of a row of 36 px."""
        return QSize(px(40), px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint ground, hairline and content."""
        rect, row, name = option.rect, index.row(), COLUMNS[index.column()].name
        one = self._model.rows[row]
        current = self.awake and row == self._view.currentIndex().row()
        painter.save()
        ground = "sunken" if one.is_heading else "selection" if current else "surface"
        painter.fillRect(rect, token(ground))
        painter.setPen(QPen(token("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if current and index.column() == 0:
            painter.fillRect(QRect(rect.left(), rect.top(), px(BAR), rect.height()), token("accent"))
        if one.is_heading:
            self._paint_heading(painter, rect)
        elif name == TICK:
            self._paint_tick(painter, rect, one.key in self._model.amounts)
        elif name == "number":
            self._paint_number(painter, rect, row)
        elif name == ALLOCATE:
            self._paint_box(painter, rect, row)
        else:
            self._paint_text(painter, rect, row, name)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect) -> None:
        """Each cell paints its own piece of the one line that goes through the table."""
        left = self._view.columnViewportPosition(0) + px(SIDE)
        area = QRect(left, rect.top(), self._view.viewport().width() - left, rect.height())
        painter.setClipRect(rect)
        painter.setFont(font(LABEL, MEDIUM))
        painter.setPen(token("text2"))
        words = self._model.text(self._row_of_heading(), "number")
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def _row_of_heading(self) -> int:
        return next(place for place, row in enumerate(self._model.rows) if row.is_heading)

    def _paint_tick(self, painter: QPainter, rect: QRect, taken: bool) -> None:
        side = px(_TICK_PX)
        box = QRectF(rect.left() + px(SIDE), rect.center().y() - side / 2, side, side)
        if not taken:
            paint_panel(painter, box, token("surface"), token("field"), 3)
            return
        paint_panel(painter, box, token("fill"), None, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(token("on-fill"), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        corner = box.topLeft().toPoint()
        points = [(0.22, 0.52), (0.42, 0.72), (0.78, 0.30)]
        at = [QPoint(round(corner.x() + x * side), round(corner.y() + y * side)) for x, y in points]
        painter.drawPolyline(at)

    def _paint_number(self, painter: QPainter, rect: QRect, row: int) -> None:
        room = rect.adjusted(px(PAD), 0, -px(PAD), 0)
        named, plain = font(BODY, MEDIUM), font(BODY, REGULAR)
        number, second = self._model.text(row, "number"), self._model.second(row)
        metrics = QFontMetrics(named)
        shown = metrics.elidedText(number, Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(named)
        painter.setPen(token("text"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        room.setLeft(room.left() + metrics.horizontalAdvance(shown) + px(_GAP))
        if second and room.width() > px(20):
            painter.setFont(plain)
            painter.setPen(token("warn" if self._model.rows[row].disputed else "text2"))
            rest = QFontMetrics(plain).elidedText(second, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, rest)

    def _paint_box(self, painter: QPainter, rect: QRect, row: int) -> None:
        box = self.box(rect)
        wrong = self._model.rows[row].key in self._model.wrong
        if self._model.writable:
            border = token("danger" if wrong else "field")
            paint_panel(painter, QRectF(box), token("surface"), border, 4, 2.0 if wrong else 1.0)
        room = box.adjusted(px(PAD), 0, -px(PAD) - 1, 0)
        if wrong:
            sign = QRectF(room.left(), room.center().y() - px(_SIGN) / 2, px(_SIGN), px(_SIGN))
            paint_icon(painter, sign, "triangle-alert", "danger")
        painter.setFont(font(BODY, REGULAR))
        painter.setPen(token("danger" if wrong else "text"))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, side, self._model.text(row, ALLOCATE))

    @staticmethod
    def box(rect: QRect) -> QRect:
        """Return where the box of an amount stands in its cell."""
        height = px(BOX_PX)
        return QRect(rect.left() + px(4), rect.top() + (rect.height() - 1 - height) // 2, rect.width() - px(8), height)

    def _paint_text(self, painter: QPainter, rect: QRect, row: int, name: str) -> None:
        text = self._model.text(row, name)
        if not text:
            return
        one, column = self._model.rows[row], COLUMNS[PLACES[name]]
        right_pad = px(SIDE) if name == "left" else px(PAD)
        room = rect.adjusted(px(PAD), 0, -right_pad, 0)
        used = font(BODY, MEDIUM if name == "late" else REGULAR)
        painter.setFont(used)
        settled = name == "left" and one.key in self._model.amounts and self._model.amounts[one.key] == one.open
        quiet = settled or name == "amount" or (name == "due_on" and one.is_claim and one.due_on is None)
        painter.setPen(token("danger" if name == "late" else "muted" if settled else "text2" if quiet else "text"))
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        if name == "due_on":
            text = QFontMetrics(used).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, text)


class AllocationHeader(QHeaderView):
    """The labels of the columns, muted on `sunken` between hairlines."""

    def __init__(self, model: AllocationModel, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows = model
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(px(30))

    def sizeHint(self) -> QSize:
        """Return 28 px at the usual text size."""
        return QSize(0, px(HEAD_PX))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint one label where its cells stand."""
        if not rect.isValid() or section >= len(COLUMNS):
            return
        column = COLUMNS[section]
        painter.save()
        paint_header_ground(painter, rect)
        painter.setFont(font(LABEL))
        painter.setPen(token("muted"))
        # Figures stand inside their box, the label over them.
        inset = px(SIDE) if column.name == "left" else px(PAD + 5) if column.name == ALLOCATE else px(PAD)
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(
            rect.adjusted(px(PAD), 0, -inset, 0), side | Qt.AlignmentFlag.AlignVCenter, self.label(section)
        )
        painter.restore()

    def label(self, section: int) -> str:
        """Return the label of a column."""
        return str(self._rows.headerData(section, Qt.Orientation.Horizontal))

    def label_width(self, section: int) -> int:
        """Return the pixels a label needs with its padding."""
        return QFontMetrics(font(LABEL)).horizontalAdvance(self.label(section)) + 2 * px(PAD) + 2
