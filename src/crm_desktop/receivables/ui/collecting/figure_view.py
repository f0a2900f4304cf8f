"""A table of figures in which one figure is current: any of them opens what it is made of."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent

from crm_desktop.shared.fields import Kind
from crm_desktop.ui.record_view import RecordView
from crm_desktop.ui.shapes import paint_focus_ring


class FigureView(RecordView):
    """Left and Right go from figure to figure; Enter or a double click opens the current one."""

    figure_opened = Signal(int, str)
    """Id of the row and name of the column."""
    column = ""
    """The current figure; "" is the row as a whole."""

    def choose_column(self, name: str) -> None:
        """Make a figure current."""
        self.column = name
        self._bring_into_sight()
        self.viewport().update()

    def figures(self) -> list[str]:
        """Return the columns that hold figures, from the left."""
        return [field.name for field in self.table.columns if field.kind is Kind.DECIMAL]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from figure to figure, open the current one."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(1 if event.key() == Qt.Key.Key_Right else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_id is not None and self.figures():
            self.figure_opened.emit(self.current_id, self.column or self.figures()[-1])
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Make the figure under the pointer current."""
        section = self.columnAt(event.position().toPoint().x())
        if 0 <= section < len(self.table.columns):
            name = self.table.columns[section].name
            self.column = name if name in self.figures() else ""
        super().mousePressEvent(event)
        self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the figure under the pointer; elsewhere the whole row."""
        id_ = self.table.id_at(self.rowAt(event.position().toPoint().y()))
        if id_ is not None and event.button() == Qt.MouseButton.LeftButton and self.figures():
            self.figure_opened.emit(id_, self.column or self.figures()[-1])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and the ring around the current figure."""
        super().paintEvent(event)
        section = self._section()
        row = self.currentIndex().row()
        if section < 0 or row < 0 or not self.hasFocus():
            return
        painter = QPainter(self.viewport())
        left = self.header.sectionViewportPosition(section)
        box = QRectF(left, self.rowViewportPosition(row), self.header.sectionSize(section), self.row_height - 1)
        paint_focus_ring(painter, box)
        painter.end()

    def _section(self) -> int:
        names = [field.name for field in self.table.columns]
        return names.index(self.column) if self.column in names else -1

    def _step(self, by: int) -> None:
        offered = ["", *self.figures()]
        place = offered.index(self.column) if self.column in offered else 0
        self.choose_column(offered[min(max(place + by, 0), len(offered) - 1)])

    def _bring_into_sight(self) -> None:
        section = self._section()
        if section < 0:
            self.horizontalScrollBar().setValue(0)
            return
        left = self.header.sectionViewportPosition(section)
        over = left + self.header.sectionSize(section) - self.viewport().width()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() + (over if over > 0 else left if left < 0 else 0))
