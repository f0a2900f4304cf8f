"""The header of a list: labels, the check box for all, sort chevrons, the column menu."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from crm_desktop.shared.fields import Use
from crm_desktop.shared.listing import Sort
from crm_desktop.ui.fonts import HINT, LABEL, font, px
from crm_desktop.ui.looks import NUMBERS
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.row_painter import FIRST_PAD, PAD, RowPainter, first_text_left
from crm_desktop.ui.theme import token

CHEVRON = 14


class RecordHeader(QHeaderView):
    """Paints its sections from tokens and asks for another order when one is clicked."""

    sort_wanted = Signal(str, bool)
    """Field name, and whether it is added as a further key (Shift)."""
    check_clicked = Signal()

    def __init__(self, table: RecordTable, rows: RowPainter, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table = table
        self._rows = rows
        self.check_state = "off"
        self.make_menu: Callable[[], QMenu] | None = None
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setHighlightSections(False)
        self.setStretchLastSection(False)
        self.setMinimumSectionSize(px(36))
        self.sectionClicked.connect(self._ask_for_order)

    def sizeHint(self) -> QSize:
        """Return 28 px at the usual text size."""
        return QSize(super().sizeHint().width(), px(28))

    def set_check_state(self, state: str) -> None:
        """Show the box for all rows as "off", "part" or "on"."""
        if state != self.check_state:
            self.check_state = state
            self.viewport().update()

    def label_width(self, section: int) -> int:
        """Return the pixels the label of a section needs with its padding and chevron."""
        text = str(self._table.headerData(section, Qt.Orientation.Horizontal))
        left = self._rows.text_left() if section == 0 else px(PAD)
        return left + QFontMetrics(font(LABEL)).horizontalAdvance(text) + px(PAD + CHEVRON)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint one section."""
        if not rect.isValid() or section >= len(self._table.columns):
            return
        painter.save()
        paint_header_ground(painter, rect)
        left = self._rows.text_left() if section == 0 else px(PAD)
        if section == 0 and self._rows.checks:
            self._paint_check(painter, rect)
        self._paint_label(painter, rect.adjusted(left, 0, -px(PAD), 0), section)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground behind the last section too, then the sections."""
        painter = QPainter(self.viewport())
        paint_header_ground(painter, self.viewport().rect())
        painter.end()
        super().paintEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a press on the box for all rows; the rest is Qt's."""
        at = event.position().toPoint()
        if self._rows.checks and event.button() == Qt.MouseButton.LeftButton and self._check_area().contains(at):
            self.check_clicked.emit()
            event.accept()
            return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the column menu."""
        if self.make_menu is not None:
            menu = self.make_menu()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())

    def _check_area(self) -> QRect:
        left = self.sectionViewportPosition(0)
        return QRect(QPoint(left, 0), QPoint(left + first_text_left() - px(4), self.height()))

    def _paint_check(self, painter: QPainter, rect: QRect) -> None:
        box = self._rows.check_pixmap(self.check_state, self.devicePixelRatioF())
        side = round(box.height() / box.devicePixelRatio())
        painter.drawPixmap(rect.left() + px(FIRST_PAD), rect.top() + (rect.height() - side) // 2, box)

    def _paint_label(self, painter: QPainter, area: QRect, section: int) -> None:
        described = self._table.columns[section]
        right = described.kind in NUMBERS
        sorts = self._table.listing.sorts
        place = next((n for n, sort in enumerate(sorts) if sort.field == described.name), None)
        used = font(LABEL)
        metrics = QFontMetrics(used)
        room = area.width() - (px(CHEVRON) if place is not None else 0)
        text = metrics.elidedText(
            str(self._table.headerData(section, Qt.Orientation.Horizontal)), Qt.TextElideMode.ElideRight, room
        )
        width = metrics.horizontalAdvance(text)
        x = area.left() if not right else area.left() + room - width
        painter.setFont(used)
        painter.setPen(token("text" if place is not None else "muted"))
        base = area.top() + (area.height() + metrics.ascent() - metrics.descent()) // 2
        painter.drawText(x, base, text)
        if place is not None:
            number = str(place + 1) if len(sorts) > 1 else ""
            _paint_chevron(painter, x + width + px(4), area.center().y() + 1, sorts[place], number)

    def _ask_for_order(self, section: int) -> None:
        described = self._table.columns[section]
        if Use.SORT in described.uses:
            shift = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.sort_wanted.emit(described.name, shift)


def paint_header_ground(painter: QPainter, area: QRect) -> None:
    """Paint what labels of columns stand on: `sunken` between two hairlines."""
    painter.fillRect(area, token("sunken"))
    painter.setPen(QPen(token("line"), 1))
    painter.drawLine(area.topLeft(), area.topRight())
    painter.drawLine(area.bottomLeft(), area.bottomRight())


def _paint_chevron(painter: QPainter, left: int, middle: int, sort: Sort, number: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(token("muted"), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    down = 1 if sort.descending else -1
    half, rise = px(3), px(2) * down
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(left, middle - rise),
                QPointF(left + half, middle + rise),
                QPointF(left + 2 * half, middle - rise),
            ]
        )
    )
    if number:
        painter.setFont(font(HINT))
        painter.drawText(left + 2 * half + px(2), middle + px(3), number)
