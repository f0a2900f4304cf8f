"""A timeline drawn: an icon, a headline with what stands behind it, and what was said below; thousands of rows."""

from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from crm_desktop.activities.above import Entry
from crm_desktop.activities.ui.timeline_rows import ROW_ROLE, Day, TimelineRows, Told
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, font, px
from crm_desktop.ui.icons import icon_names, paint_icon
from crm_desktop.ui.theme import token
from crm_desktop.ui.told_list import ToldList

_Index = QModelIndex | QPersistentModelIndex
LINE_PX: Final = 30
DAY_PX: Final = 30
_SIDE, _ICON, _TEXT, _GAP, _LAST = 20, 24, 36, 8, 16
_MOST_LINES: Final = 6
_MOST_CHARS: Final = 1200
_TONES: Final = {"plain": "text2", "success": "success", "warn": "warn", "danger": "danger"}
_BAR: Final = 3


class TimelineDelegate(QStyledItemDelegate):
    """Paints one row, and knows how high it is at a width."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._wrapped: dict[tuple[str, int], list[str]] = {}

    def forget(self) -> None:
        """Measure everything anew, after a change of font or width."""
        self._wrapped.clear()

    def height(self, row: Day | Told, width: int) -> int:
        """Return the height of a row in pixels."""
        if isinstance(row, Day):
            return max(px(DAY_PX), QFontMetrics(font(LABEL)).height() + px(12))
        metrics = QFontMetrics(font(BODY))
        high = max(px(LINE_PX), metrics.height() + px(10))
        if self._below(row, width):
            high += metrics.lineSpacing()
        if row.line.notes:
            high += metrics.lineSpacing() * len(self.notes(row.line.notes, width)) + px(4)
        return high

    def notes(self, text: str, width: int) -> list[str]:
        """Return what was said in lines of this width, the last one with … when there is more."""
        room = self._room(width)
        known = self._wrapped.get((text, room))
        if known is None:
            known = self._wrapped[text, room] = _lines(text, room)
        return known

    def is_cut(self, row: Told, width: int) -> bool:
        """Return whether some of it is not shown."""
        headline = QFontMetrics(font(BODY, MEDIUM)).horizontalAdvance(row.line.headline)
        shown = self.notes(row.line.notes, width) if row.line.notes else [""]
        return headline > self._room(width) or shown[-1].endswith("…")

    def _room(self, width: int) -> int:
        return max(width - px(_SIDE + _TEXT + _LAST), px(80))

    def _below(self, row: Told, width: int) -> bool:
        """Return whether there is no room for the detail behind the headline."""
        if not row.line.detail:
            return False
        headline = QFontMetrics(font(BODY, MEDIUM)).horizontalAdvance(row.line.headline)
        detail = QFontMetrics(font(LABEL)).horizontalAdvance(row.line.detail)
        return headline + px(_GAP) + detail > self._room(width)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a row."""
        row = index.data(ROW_ROLE)
        rect: QRect = option.rect
        painter.save()
        if isinstance(row, Day):
            painter.setFont(font(LABEL))
            painter.setPen(token("muted"))
            bottom = rect.adjusted(px(_SIDE), 0, 0, -px(5))
            painter.drawText(bottom, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, row.text)
        else:
            self._paint_ground(painter, rect, index)
            self._paint_icon(painter, rect, row.entry)
            self._paint_words(painter, rect, row)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        view: Any = self.parent()
        if view.currentIndex().row() == index.row() and view.hasFocus():
            painter.fillRect(rect, token("selection"))
            painter.fillRect(QRect(rect.left(), rect.top(), _BAR, rect.height()), token("accent"))
        elif view.hovered == index.row():
            painter.fillRect(rect, token("hover"))

    def _paint_icon(self, painter: QPainter, rect: QRect, entry: Entry) -> None:
        side = px(_ICON)
        circle = QRectF(rect.left() + px(_SIDE), rect.top() + (px(LINE_PX) - side) / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(token("line"), 1))
        painter.setBrush(token("sunken"))
        painter.drawEllipse(circle.adjusted(0.5, 0.5, -0.5, -0.5))
        inset = px(6)
        ink = "accent" if entry.planned and entry.tone == "plain" else _TONES[entry.tone]
        name = entry.icon if entry.icon in icon_names() else "activity"
        paint_icon(painter, circle.adjusted(inset, inset, -inset, -inset), name, ink)

    def _paint_words(self, painter: QPainter, rect: QRect, row: Told) -> None:
        left, room = rect.left() + px(_SIDE + _TEXT), self._room(rect.width())
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        line = QRect(left, rect.top(), room, px(LINE_PX))
        strong = font(BODY, MEDIUM)
        metrics = QFontMetrics(strong)
        painter.setFont(strong)
        painter.setPen(token("danger" if row.entry.planned and row.entry.tone == "danger" else "text"))
        headline = metrics.elidedText(row.line.headline, Qt.TextElideMode.ElideRight, room)
        painter.drawText(line, middle, headline)
        painter.setFont(font(LABEL))
        painter.setPen(token("muted"))
        spacing = QFontMetrics(font(BODY)).lineSpacing()
        top = line.bottom() - px(4)
        if self._below(row, rect.width()):
            below = QRect(left, top, room, spacing)
            cut = QFontMetrics(font(LABEL)).elidedText(row.line.detail, Qt.TextElideMode.ElideRight, room)
            painter.drawText(below, middle, cut)
            top += spacing
        else:
            painter.drawText(
                line.adjusted(metrics.horizontalAdvance(headline) + px(_GAP), 0, 0, 0), middle, row.line.detail
            )
        painter.setFont(font(BODY, REGULAR))
        painter.setPen(token("text2"))
        for text in self.notes(row.line.notes, rect.width()) if row.line.notes else ():
            painter.drawText(QRect(left, top, room, spacing), middle, text)
            top += spacing

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of a row at the width of the view."""
        view: Any = self.parent()
        width = view.viewport().width()
        return QSize(width, self.height(index.data(ROW_ROLE), width))


def _lines(text: str, room: int) -> list[str]:
    """Return a text in lines of `room` pixels, at most as many as a timeline shows."""
    found: list[str] = []
    whole = text[:_MOST_CHARS]
    metrics = QFontMetrics(font(BODY))
    for paragraph in whole.splitlines() or [""]:
        layout = QTextLayout(paragraph, font(BODY))
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(wrap)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room)
            found.append(paragraph[line.textStart() : line.textStart() + line.textLength()].rstrip())
            if len(found) > _MOST_LINES:
                break
        layout.endLayout()
        if len(found) > _MOST_LINES:
            break
    if len(found) > _MOST_LINES or len(text) > len(whole):
        found = found[:_MOST_LINES]
        found[-1] = metrics.elidedText(f"{found[-1]} …", Qt.TextElideMode.ElideRight, room)
        if not found[-1].endswith("…"):
            found[-1] += "…"
    return found


class TimelineView(ToldList):
    """The timeline as a list: arrows walk over the entries, Enter and a double click open one."""

    more_wanted = Signal()
    """The end comes near: older entries should be read."""

    def __init__(self, rows: TimelineRows, parent: QWidget | None = None) -> None:
        super().__init__(rows, rows.entry_at, _("Timeline"), LINE_PX, parent)
        self.timeline = rows
        self._delegate = TimelineDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._width = 0
        rows.modelReset.connect(self._take_new)
        rows.rowsInserted.connect(lambda _parent, first, last: self._measure(first, last))
        self.verticalScrollBar().valueChanged.connect(self._look_ahead)

    def entry(self) -> Entry | None:
        """Return the current entry."""
        found: Entry | None = self.current()
        return found

    def choose(self, row: int) -> None:
        """Make a row current without scrolling to it."""
        index = self.timeline.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _take_new(self) -> None:
        self._measure()
        if self.hasFocus():
            self._begin_at_first()

    def _begin_at_first(self) -> None:
        if self.entry() is None and self.timeline.first_entry() >= 0:
            self.choose(self.timeline.first_entry())

    # Heights ---------------------------------------------------------------------------------------

    def _measure(self, first: int = 0, last: int | None = None) -> None:
        header, width = self.verticalHeader(), self.viewport().width()
        rows = self.timeline.rows
        header.blockSignals(True)
        try:
            for row in range(first, len(rows) if last is None else last + 1):
                header.resizeSection(row, self._delegate.height(rows[row], width))
        finally:
            header.blockSignals(False)
        self.updateGeometries()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew at another width."""
        super().resizeEvent(event)
        if self.viewport().width() != self._width:
            self._width = self.viewport().width()
            self._delegate.forget()
            self._measure()
        self._look_ahead()

    def _look_ahead(self) -> None:
        bar = self.verticalScrollBar()
        if bar.value() + 2 * self.viewport().height() >= bar.maximum():
            self.more_wanted.emit()

    # Keyboard and mouse ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, copy with Ctrl+C; a letter belongs to the screen."""
        entry = self.entry()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and entry is not None:
            self.opened.emit(entry)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Home:
            self._go_to(self.timeline.first_entry())
        elif event.key() == Qt.Key.Key_End:
            self._go_to(len(self.timeline.rows) - 1)
        elif event.text().isprintable() and event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _go_to(self, row: int) -> None:
        if row >= 0:
            self.setCurrentIndex(self.timeline.index(row))
            if row == self.timeline.first_entry():
                self.scrollToTop()

    def focusInEvent(self, event: Any) -> None:
        """Begin at the first entry when it is walked into."""
        super().focusInEvent(event)
        self._begin_at_first()
        self.viewport().update()

    def copy(self) -> None:
        """Put what the current entry says on the clipboard."""
        row = self.currentIndex().row()
        if self.timeline.entry_at(row) is not None:
            line = self.timeline.rows[row].line
            said = "\n".join(part for part in (f"{line.headline} · {line.detail}".strip(" ·"), line.notes) if part)
            QGuiApplication.clipboard().setText(said)

    def viewportEvent(self, event: Any) -> bool:
        """Tell the whole of an entry that is cut as its tooltip."""
        if event.type() == event.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self.rowAt(event.pos().y())
            told = self.timeline.rows[row] if self.timeline.entry_at(row) is not None else None
            cut = isinstance(told, Told) and self._delegate.is_cut(told, self.viewport().width())
            QToolTip.showText(event.globalPos(), told.line.sentence() if cut and told else "", self.viewport())
            return True
        return bool(super().viewportEvent(event))
