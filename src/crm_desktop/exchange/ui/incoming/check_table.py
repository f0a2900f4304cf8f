"""What becomes of every row: its number, what happens, the values that tell it apart, and why."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from crm_desktop.exchange.ui.incoming.check_rows import CheckRows, Index
from crm_desktop.exchange.ui.incoming.check_words import LOOKS, Run, kind_of
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import Verdict
from crm_desktop.ui.fonts import BODY, MEDIUM, REGULAR, SEMIBOLD, font, px
from crm_desktop.ui.icons import paint_icon
from crm_desktop.ui.plain_table import set_up_rows
from crm_desktop.ui.theme import set_ground, theme, token

_ROW_PX, _PAD, _FIRST_PAD, _BAR, _ICON = 28, 8, 16, 3, 20
_LEAST_PX, _MOST_PX, _WHY_PX = 72, 210, 260
_MEASURED: Final = 200
"""So many rows say how wide a column is."""


class _Painter(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell: hairline, the bar of the current row, then what its column shows."""
        view: Any = self.parent()
        rect: QRect = option.rect
        rows: CheckRows = view.check_rows
        current = view.currentIndex().row() == index.row()
        changed = rows.planned(index.row()).number in rows.changed
        painter.save()
        painter.fillRect(rect, token("selection" if current else "warn-soft" if changed else "surface"))
        painter.setPen(QPen(token("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if not index.column() and (current or changed):
            bar = QRect(rect.left(), rect.top(), px(_BAR), rect.height())
            painter.fillRect(bar, token("warn" if changed else "accent"))
        room = rect.adjusted(px(_FIRST_PAD if not index.column() else _PAD), 0, -px(_PAD), 0)
        if index.column() == rows.columnCount() - 1:
            _paint_runs(painter, room, rows.runs(index.row()))
        else:
            self._paint_text(painter, room, index, rows)
        painter.restore()

    def _paint_text(self, painter: QPainter, room: QRect, index: Index, rows: CheckRows) -> None:
        face, ink = font(BODY, REGULAR), "muted" if not index.column() else "text2"
        field = rows.field_at(index.column())
        if index.column() == 1:
            _word, icon_name, ink = LOOKS[kind_of(rows.planned(index.row()))]
            paint_icon(painter, QRectF(room.left(), room.top(), px(14), room.height()), icon_name, token(ink))
            room.adjust(px(_ICON), 0, 0, 0)
        elif rows.is_wrong(index.row(), index.column()):
            face, ink = font(BODY, SEMIBOLD), "danger"
        elif field is not None and field.name == rows.lead:
            face, ink = font(BODY, MEDIUM), "text"
        painter.setFont(face)
        painter.setPen(token(ink))
        text = QFontMetrics(face).elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, index.data(Qt.ItemDataRole.TextAlignmentRole), text)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of a row."""
        return QSize(px(40), px(_ROW_PX))


def _face_of(run: Run) -> QFont:
    face = font(BODY, MEDIUM if run.link else REGULAR)
    face.setStrikeOut(run.struck)
    return face


def _paint_runs(painter: QPainter, room: QRect, runs: list[Run]) -> None:
    """Paint pieces one after the other; a link keeps its place, what stands before it is cut short."""
    links = sum(QFontMetricsF(_face_of(run)).horizontalAdvance(run.text) for run in runs if run.link)
    at, right = float(room.left()), room.right() - links
    for run in runs:
        face = _face_of(run)
        measured = QFontMetricsF(face)
        space = (room.right() if run.link else right) - at
        if space <= 0:
            continue
        text = measured.elidedText(run.text, Qt.TextElideMode.ElideRight, space)
        painter.setFont(face)
        painter.setPen(token(run.ink))
        painter.drawText(QRectF(at, room.top(), space + 1, room.height()), Qt.AlignmentFlag.AlignVCenter, text)
        at += measured.horizontalAdvance(text)
        if text != run.text:
            # Nothing may follow what was cut short but the link.
            right = at


class CheckTable(QTableView):
    """Shows `CheckRows`; Enter, or a click on "Choose…", asks what a cell means where it may be several."""

    decide_wanted = Signal(int)
    row_changed = Signal(int)
    """The row that is current now, -1 for none."""

    def __init__(self, names: Mapping[int, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.check_rows = CheckRows(names, self)
        self.setModel(self.check_rows)
        self.setItemDelegate(_Painter(self))
        set_up_rows(self, _("What becomes of every row"), _ROW_PX)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.horizontalHeader()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setStretchLastSection(True)
        set_ground(self.viewport(), "surface")
        self.check_rows.modelReset.connect(self._share_out)
        self.check_rows.modelReset.connect(lambda: self.row_changed.emit(-1))
        self.clicked.connect(self._take_click)
        theme().changed.connect(self.viewport().update)

    def next_problem(self) -> None:
        """Go to the next row that cannot be read, round the end."""
        count, at = self.check_rows.rowCount(), self.currentIndex().row()
        for step in range(1, count + 1):
            row = (at + step) % count
            if self.check_rows.planned(row).verdict is Verdict.INVALID:
                self.go_to(row)
                return

    def go_to(self, row: int) -> None:
        """Make a row the current one and give it the keyboard."""
        self.setCurrentIndex(self.check_rows.index(row, self.check_rows.columnCount() - 1))
        self.setFocus()

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Paint both rows anew over their whole width; the view itself thinks of cells."""
        super().currentChanged(current, previous)
        for index in (current, previous):
            if index.isValid():
                rect = self.visualRect(index)
                self.viewport().update(0, rect.top(), self.viewport().width(), rect.height())
        self.row_changed.emit(current.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter decides about the current row; Home and End go to the first and the last one."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.currentIndex().isValid():
                self.decide_wanted.emit(self.currentIndex().row())
            return
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.check_rows.rowCount():
            self.go_to(0 if event.key() == Qt.Key.Key_Home else self.check_rows.rowCount() - 1)
            return
        super().keyPressEvent(event)

    def _take_click(self, index: QModelIndex) -> None:
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        if index.column() == self.check_rows.columnCount() - 1:
            self.decide_wanted.emit(index.row())

    def _share_out(self) -> None:
        """Give each column the room its first rows need, and the reasons the rest."""
        rows = self.check_rows
        measured, last = QFontMetrics(font(BODY, MEDIUM)), rows.columnCount() - 1
        if last < 0:
            return
        count = min(rows.rowCount(), _MEASURED)
        highest = max((str(one.number) for one in rows.shown[-1:]), key=len, default="0")
        self.setColumnWidth(0, max(measured.horizontalAdvance(text) for text in (highest, _("Row"))) + px(32))
        kinds = max(measured.horizontalAdvance(_(word)) for word, _icon, _ink in LOOKS.values())
        self.setColumnWidth(1, kinds + px(_ICON + 2 * _PAD + 4))
        wanted = []
        for place in range(2, last):
            texts = [
                str(rows.headerData(place, Qt.Orientation.Horizontal)),
                *(rows.text(r, place) for r in range(count)),
            ]
            widest = max(measured.horizontalAdvance(text) for text in texts) + px(2 * _PAD + 4)
            wanted.append(min(max(widest, px(_LEAST_PX)), px(_MOST_PX)))
        free = self.viewport().width() - self.columnWidth(0) - self.columnWidth(1) - px(_WHY_PX)
        # In a narrow window every column gives the same share, so that the reason can still be read.
        share = min(1.0, max(0.5, free / sum(wanted))) if wanted else 1.0
        for place, width in enumerate(wanted, 2):
            self.setColumnWidth(place, max(round(width * share), px(_LEAST_PX)))

    def resizeEvent(self, event: Any) -> None:
        """Share the room out anew."""
        super().resizeEvent(event)
        self._share_out()
