"""A table that paints its own rows: grounds, hover, tooltips, widths; no keyboard, no choosing."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QToolTip, QWidget

from crm_desktop.ui.column_widths import ColumnWidths
from crm_desktop.ui.fonts import px
from crm_desktop.ui.id_selection import IdSelection
from crm_desktop.ui.record_header import RecordHeader
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.row_painter import BAR, FIRST_PAD, RowPainter
from crm_desktop.ui.theme import set_ground, theme, token

COMPACT_PX = 28
REGULAR_PX = 36


class PaintedTable(QTableView):
    """Shows the rows of a `RecordTable`; the checked ones on `selection`, the current one with a bar."""

    def __init__(self, table: RecordTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self.selection = IdSelection(table.ids, self)
        self.rows = RowPainter()
        self._hovered = -1
        self._set_up_table()
        self._header = RecordHeader(table, self.rows, self)
        self.setHorizontalHeader(self._header)
        self.setModel(table)
        self.widths = ColumnWidths(self, self._header)
        table.modelReset.connect(self._forget_columns)
        theme().changed.connect(self._forget_columns)

    def _set_up_table(self) -> None:
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Selecting is ours: Qt's model would hold ranges of indexes and lose them at every reset.
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        corner = QWidget()
        set_ground(corner, "surface")
        self.setCornerWidget(corner)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(px(20))
        self.set_compact(True)

    @property
    def header(self) -> RecordHeader:
        """Return the header."""
        return self._header

    def set_compact(self, compact: bool) -> None:
        """Show rows of 28 or of 36 px."""
        self.verticalHeader().setDefaultSectionSize(px(COMPACT_PX if compact else REGULAR_PX))
        self.verticalScrollBar().setSingleStep(self.row_height)

    @property
    def row_height(self) -> int:
        """Return the height of every row in pixels."""
        return self.verticalHeader().defaultSectionSize()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows inside the exposed area."""
        area = event.rect()
        count = self.table.rowCount()
        painter = QPainter(self.viewport())
        height = self.row_height
        first = self.rowAt(max(0, area.top())) if count else -1
        if first < 0:
            painter.fillRect(area, token("surface"))
            return
        last = self.rowAt(area.bottom())
        last = count - 1 if last < 0 else last
        if not self.rows.columns:
            self._place_columns()
        top = self.rowViewportPosition(first)
        tops = [top + height * n for n in range(last - first + 1)]
        rows = [self.table.shown(row) for row in range(first, last + 1)]
        self.table.touch(first, last)
        ids = self.table.ids()[first : last + 1]
        checked = [id_ in self.selection for id_ in ids] if self.selection else [False] * len(ids)
        grounds = [
            "selection" if on else "hover" if row == self._hovered else None for row, on in enumerate(checked, first)
        ]
        self.rows.paint_ground(painter, area, tops, height, grounds)
        left = self._header.sectionViewportPosition(0)
        self.rows.paint_checks(painter, left + px(FIRST_PAD), tops, height, checked)
        self.rows.paint_rows(painter, area, tops, height, rows)
        current = self.currentIndex().row()
        if first <= current <= last:
            painter.fillRect(0, tops[current - first], BAR, height, token("accent"))
        self.widths.widen_for(self.rows)

    def _place_columns(self) -> None:
        header = self._header
        lefts = [
            (header.sectionViewportPosition(section), header.sectionSize(section))
            for section in range(len(self.table.columns))
        ]
        self.rows.set_columns(self.table.columns, dict(self.table.looks), lefts)

    def columns_stand_elsewhere(self) -> None:
        """Take positions and widths from the header again."""
        self._place_columns()
        self.viewport().update()

    def _forget_columns(self) -> None:
        self.rows.forget()
        self.viewport().update()
        self._header.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the spare width to the name."""
        super().resizeEvent(event)
        self.widths.share_out()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scroll; the row under the pointer is another one now."""
        super().scrollContentsBy(dx, dy)
        if dx:
            self.columns_stand_elsewhere()
        self._hover_at(self.viewport().mapFromGlobal(self.cursor().pos()))

    def changeEvent(self, event: QEvent) -> None:
        """Measure texts again when the font or the language changes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LanguageChange) and hasattr(self, "widths"):
            self._forget_columns()
            self.widths.share_out()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the row under the pointer."""
        self._hover_at(event.position().toPoint())

    def leaveEvent(self, event: QEvent) -> None:
        """Put the light out."""
        self._hover_at(QPoint(-1, -1))
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the whole text of an elided cell as its tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip_at(self, at: QPoint) -> str:
        """Return the tooltip of the cell at a viewport position, "" when the cell says it all."""
        row, section = self.rowAt(at.y()), self.columnAt(at.x())
        if row < 0 or not 0 <= section < len(self.rows.columns):
            return ""
        column = self.rows.columns[section]
        tip = self.table.tip(row, section)
        shown = self.table.shown(row)
        if shown is None or (column.look.tip is None and tip == shown.texts[section]):
            elided = shown is not None and column.laid_out(shown.texts[section])[2]
            return tip if elided else ""
        return tip

    def _hover_at(self, at: QPoint) -> None:
        row = self.rowAt(at.y()) if self.viewport().rect().contains(at) else -1
        if row != self._hovered:
            before, self._hovered = self._hovered, row
            for changed in (before, row):
                self._update_row(changed)

    def _update_row(self, row: int) -> None:
        if row >= 0:
            top = self.rowViewportPosition(row)
            self.viewport().update(QRect(0, top, self.viewport().width(), self.row_height))
