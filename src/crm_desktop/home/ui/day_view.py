"""A day drawn: headings, and lines with when, what, with whom and who; arrows walk over the lines."""

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from crm_desktop.home.day import Line
from crm_desktop.home.ui.day_rows import ROW_ROLE, DayRows, Heading, Told
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, SECTION, SEMIBOLD, font, px
from crm_desktop.ui.icons import icon_names, paint_icon
from crm_desktop.ui.theme import token
from crm_desktop.ui.told_list import ToldList

_Index = QModelIndex | QPersistentModelIndex
LINE_PX: Final = 36
HEAD_PX: Final = 38
SIDE, ICON, WHEN, GAP = 20, 24, 112, 12
BAR: Final = 3
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class DayDelegate(QStyledItemDelegate):
    """Paints a heading or a line."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a row."""
        row = index.data(ROW_ROLE)
        rect: QRect = option.rect
        painter.save()
        if isinstance(row, Heading):
            self._paint_heading(painter, rect, row)
        else:
            self._paint_ground(painter, rect, index)
            self._paint_line(painter, rect, row)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, row: Heading) -> None:
        room = rect.adjusted(px(SIDE), px(8), -px(SIDE), 0)
        strong = font(SECTION, SEMIBOLD)
        painter.setFont(strong)
        painter.setPen(token("danger" if row.key == "overdue" else "text"))
        painter.drawText(room, _MIDDLE, row.text)
        painter.setFont(font(LABEL))
        painter.setPen(token("muted"))
        behind = QFontMetrics(strong).horizontalAdvance(row.text) + px(8)
        painter.drawText(room.adjusted(behind, 0, 0, 0), _MIDDLE, row.said or f"{row.count:,}")

    def _paint_ground(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        view: Any = self.parent()
        current = view.currentIndex().row() == index.row()
        if current and view.hasFocus():
            painter.fillRect(rect, token("selection"))
        elif view.hovered == index.row():
            painter.fillRect(rect, token("hover"))
        painter.setPen(QPen(token("line"), 1))
        painter.drawLine(rect.left() + px(SIDE), rect.bottom(), rect.right() - px(SIDE), rect.bottom())
        if current:
            painter.fillRect(QRect(rect.left(), rect.top(), BAR, rect.height()), token("accent"))

    def _paint_line(self, painter: QPainter, rect: QRect, row: Told) -> None:
        line = row.line
        left = rect.left() + px(SIDE)
        painter.setFont(font(LABEL, MEDIUM if row.late else REGULAR))
        painter.setPen(token("danger" if row.late else "text2"))
        self._text(painter, QRect(left, rect.top(), px(WHEN - 8), rect.height()), row.when)
        left += px(WHEN)
        side = px(16)
        place = QRectF(left, rect.top() + (rect.height() - side) / 2, side, side)
        name = line.icon if line.icon in icon_names() else "activity"
        paint_icon(painter, place, name, "text2")
        left += px(ICON)
        what, customer, who = self._columns(rect.right() - px(SIDE) - left)
        if line.priority > 1:
            mark = QRectF(left, rect.top() + (rect.height() - px(14)) / 2, px(14), px(14))
            paint_icon(painter, mark, "arrow-up", "warn")
            left += px(18)
            what -= px(18)
        painter.setFont(font(BODY, MEDIUM))
        painter.setPen(token("text"))
        self._text(painter, QRect(left, rect.top(), what - px(GAP), rect.height()), row.what)
        left += what
        painter.setFont(font(BODY))
        painter.setPen(token("text2"))
        self._text(painter, QRect(left, rect.top(), customer - px(GAP), rect.height()), line.customer)
        left += customer
        painter.setFont(font(LABEL))
        painter.setPen(token("muted"))
        self._text(painter, QRect(left, rect.top(), who, rect.height()), row.who)

    def _columns(self, room: int) -> tuple[int, int, int]:
        """Return the widths of what, customer and who."""
        view: Any = self.parent()
        who = min(px(110), room // 5) if view.shows_people else 0
        customer = round((room - who) * 0.42)
        return room - who - customer, customer, who

    def _text(self, painter: QPainter, room: QRect, text: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _MIDDLE, shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of a row."""
        view: Any = self.parent()
        return QSize(view.viewport().width(), view.height_of(index.row()))


class DayView(ToldList):
    """The lines as a list. Enter opens one, letters belong to the screen."""

    current_changed = Signal()

    def __init__(self, rows: DayRows, parent: QWidget | None = None) -> None:
        super().__init__(rows, rows.line_at, _("My day"), LINE_PX, parent)
        self.day_rows = rows
        self.shows_people = False
        self.setItemDelegate(DayDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        rows.modelReset.connect(self._after_reset)

    def height_of(self, row: int) -> int:
        """Return how high a row is, with larger text higher."""
        heading = isinstance(self.day_rows.rows[row], Heading)
        return max(px(HEAD_PX if heading else LINE_PX), QFontMetrics(font(BODY)).height() + px(10))

    def line(self) -> Line | None:
        """Return the current line."""
        found: Line | None = self.current()
        return found

    def go_to(self, row: int) -> None:
        """Make a row the current one."""
        if row >= 0:
            self.setCurrentIndex(self.day_rows.index(row, 0))

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Paint both lines anew, and tell."""
        super().currentChanged(current, previous)
        self.viewport().update()
        self.current_changed.emit()

    def _after_reset(self) -> None:
        self.hovered = -1
        for row in range(len(self.day_rows.rows)):
            self.verticalHeader().resizeSection(row, self.height_of(row))
        self.setMinimumHeight(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk over the lines, past headings; open with Enter; a letter belongs to the screen."""
        row = self.currentIndex().row()
        last = len(self.day_rows.rows) - 1
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if (line := self.line()) is not None:
                    self.opened.emit(line)
            case Qt.Key.Key_Down:
                self.go_to(self.day_rows.next_line(row + 1))
            case Qt.Key.Key_Up:
                self.go_to(self.day_rows.next_line(row - 1, -1))
                if self.day_rows.next_line(0) == self.currentIndex().row():
                    self.scrollToTop()
            case Qt.Key.Key_Home:
                self.go_to(self.day_rows.next_line(0))
                self.scrollToTop()
            case Qt.Key.Key_End:
                self.go_to(self.day_rows.next_line(last, -1))
            case _ if event.text().isprintable() and event.text().strip():
                event.ignore()
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a line; a heading cannot be chosen."""
        if self.day_rows.line_at(self.rowAt(event.position().toPoint().y())) is None:
            self.setFocus()
            return
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first line when it is walked into."""
        super().focusInEvent(event)
        if self.line() is None:
            self.go_to(self.day_rows.next_line(0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()
