"""The line grid: a whole order is typed in it without touching the mouse."""

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from crm_desktop.orders.ui import grid_clipboard
from crm_desktop.orders.ui.catalogue import KnownProducts
from crm_desktop.orders.ui.grid_actions import LINE_ACTIONS
from crm_desktop.orders.ui.grid_keys import GridKeys
from crm_desktop.orders.ui.grid_widths import GridWidths
from crm_desktop.orders.ui.line_columns import PLACE, GridColumn
from crm_desktop.orders.ui.line_delegate import ROW_PX, LineDelegate, LineHeader
from crm_desktop.orders.ui.line_model import LineModel
from crm_desktop.orders.ui.type_ahead import TypeAhead
from crm_desktop.shared.i18n import _
from crm_desktop.ui.actions import ActionSet
from crm_desktop.ui.cell_editor import CellEditor
from crm_desktop.ui.fonts import px
from crm_desktop.ui.typed_grid import TypedGrid

EDITOR_PX: Final = 26
_SLACK: Final = 2
"""An input keeps its text 10 px from its border, a cell 8: so much wider is the editor on each side."""


class LineGrid(TypedGrid):
    """Shows a `LineModel`. `entered` carries (row, column name) of the cell the keyboard came to,
    `last_price_wanted` the row in which the last price is asked for, `left` that the focus is gone.
    """

    entered = Signal(int, str)
    last_price_wanted = Signal(int)
    left = Signal()
    away = Signal()
    """The window went into the background."""

    def __init__(self, today: Callable[[], date], *, dated: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.today = today
        self.lines = LineModel(today, dated=dated, parent=self)
        self.painter = LineDelegate(self, self.lines)
        self.labels = LineHeader(self.lines, self)
        self.products = KnownProducts()
        self.actions_here = ActionSet(self, LINE_ACTIONS)
        self.keys = GridKeys(self)
        self.editor = CellEditor(self.keys.press, self.keys.claims, self.viewport())
        self.painter.typing = lambda: bool(self.editor.text()) and self.editor.isVisible()
        self.type_ahead = TypeAhead(self)
        self.widths = GridWidths(self)
        self._set_up()
        self._stay: tuple[int, str] | None = None
        self.editor.textEdited.connect(self._typed)
        self.lines.modelAboutToBeReset.connect(self._before_reset)
        self.lines.modelReset.connect(self._after_reset)
        self.lines.dataChanged.connect(self._cell_changed)
        self.lines.totalled.connect(self.widths.follow)

    def _set_up(self) -> None:
        self.setObjectName("lines")
        self.setAccessibleName(_("Lines"))
        self.set_up(self.lines, self.labels, ROW_PX)

    # The active cell -----------------------------------------------------------------------------

    @property
    def column(self) -> GridColumn | None:
        """Return the column of the keyboard."""
        place = self.currentIndex().column()
        return self.lines.columns[place] if 0 <= place < len(self.lines.columns) else None

    def go(self, row: int, name: str) -> None:
        """Bring the keyboard into a cell; what was typed in the one before is taken over."""
        place = max(self.lines.column_of(name), 0)
        index = self.lines.index(min(row, self.lines.rowCount() - 1), place)
        if index == self.currentIndex():
            self.commit()
            self.enter()
        else:
            self.setCurrentIndex(index)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Take over what was typed in one cell and open the other."""
        self._commit_at(previous.row(), previous.column())
        super().currentChanged(current, previous)
        self.viewport().update()
        if self.painter.awake:
            self.enter()

    def enter(self) -> None:
        """Open the active cell, its content selected."""
        index, column = self.currentIndex(), self.column
        self.lines.visit()
        if column is None or not self.lines.is_typed(index.row(), index.column()):
            had = self.editor.hasFocus()
            self.editor.hide()
            if had:
                self.setFocus()
            return
        self.scrollTo(index)
        label = str(self.lines.headerData(index.column(), Qt.Orientation.Horizontal))
        name = _("Line {number}: {field}").format(number=index.row() + 1, field=label)
        self.editor.enter(self.lines.text(index.row(), column.name), right=column.right, name=name)
        line = self.lines.line(index.row())
        wrong = line.wrong.get(column.name) if line is not None else None
        self.editor.setToolTip(wrong[1] if wrong else "")
        self.editor.setAccessibleDescription(wrong[1] if wrong else "")
        self.place_editor()
        self.editor.show()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.entered.emit(index.row(), column.name)

    def cell_on_screen(self) -> QRect:
        """Return where the active cell stands, in global pixels."""
        rect = self.visualRect(self.currentIndex())
        return QRect(self.viewport().mapToGlobal(rect.topLeft()), rect.size())

    def commit(self) -> None:
        """Take over what stands in the open cell; what cannot be read is marked."""
        index = self.currentIndex()
        self._commit_at(index.row(), index.column())

    def pending(self) -> bool:
        """Return whether the open cell holds text that is not in the line yet."""
        column = self.column
        if not self.editor.isVisible() or column is None or self.editor.text() == self.editor.original:
            return False
        return self.editor.text() != self.lines.text(self.row, column.name) and bool(self.editor.text().strip())

    def restore(self) -> bool:
        """Put the content back that the cell was entered with; return whether there was anything to put back."""
        column = self.column
        if column is None or self.editor.text() == self.editor.original:
            return False
        if self.lines.text(self.row, column.name) != self.editor.original:
            self.lines.undo()
        self.enter()
        return True

    def _commit_at(self, row: int, place: int) -> None:
        if not self.editor.isVisible() or not 0 <= place < len(self.lines.columns):
            return
        name, text = self.lines.columns[place].name, self.editor.text()
        if text == self.editor.original:
            return
        self.editor.original = text
        if name in ("code", "name"):
            self.type_ahead.settle(row, name, text)
        else:
            self.lines.type_text(row, name, text)

    def _typed(self, text: str) -> None:
        column = self.column
        if column is None:
            return
        if self.lines.line(self.row) is None:
            self.viewport().update(self.visualRect(self.lines.index(self.row, self.lines.column_of("name"))))
        if column.name in ("code", "name"):
            self.type_ahead.follow(self.row, column.name, text)
        else:
            self.lines.type_text(self.row, column.name, text, done=False)

    def place_editor(self) -> None:
        """Lay the open cell over the active one."""
        rect = self.visualRect(self.currentIndex())
        height = px(EDITOR_PX)
        top = rect.top() + (rect.height() - 1 - height) // 2
        self.editor.setGeometry(rect.left() - _SLACK, top, rect.width() + 2 * _SLACK, height)

    def _cell_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        column = self.column
        if column is None or not first.row() <= self.row <= last.row() or not self.editor.untouched:
            return
        text = self.lines.text(self.row, column.name)
        if self.editor.isVisible() and text != self.editor.original:
            self.editor.enter(text, right=column.right, name=self.editor.accessibleName())

    # Focus ---------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Open the active cell; a new document begins in its empty line."""
        if not self.currentIndex().isValid() and self.lines.rowCount():
            # Before Qt puts it into the first column, which nobody types in.
            first = self.keys.first_stop(0)
            self.setCurrentIndex(self.lines.index(0, max(self.lines.column_of(first), 0)))
        super().focusInEvent(event)
        if self._leaving:
            return
        self.painter.awake = True
        self.viewport().update()
        if self.editor.isVisible():
            self.editor.setFocus(event.reason())
        else:
            self.enter()

    def fell_asleep(self) -> None:
        """Close what hangs below the cell and unmark; tell that the focus is gone."""
        self.type_ahead.popup.hide()
        self.mark(range(0))
        self.left.emit()

    # Rows ----------------------------------------------------------------------------------------

    def rows_meant(self) -> range:
        """Return the rows an action is about: the marked ones, else the one of the keyboard."""
        if self.painter.marked:
            return self.painter.marked
        return range(self.row, self.row + 1) if 0 <= self.row < len(self.lines.lines) else range(0)

    def mark(self, rows: range) -> None:
        """Mark rows to be copied, moved or deleted together."""
        if rows != self.painter.marked:
            self.painter.marked = rows
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with a line."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self.actions_here.offered():
            if action.isEnabled():
                menu.addAction(action)
        menu.popup(event.globalPos())

    def paste(self, text: str) -> None:
        """Put a copied block into the lines at the keyboard."""
        grid_clipboard.paste(self, text)

    # Mouse ---------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the cell; a click on the line number marks the line, Shift marks up to it."""
        index = self.indexAt(event.position().toPoint())
        on_number = index.isValid() and self.lines.columns[index.column()].name == PLACE
        if event.button() == Qt.MouseButton.LeftButton and index.row() < len(self.lines.lines) and on_number:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            start = self.row if shift and self.row >= 0 else index.row()
            self.mark(range(min(start, index.row()), max(start, index.row()) + 1))
            if not shift:
                self.setFocus()
                self.go(index.row(), PLACE)
            return
        self.mark(range(0))
        super().mousePressEvent(event)
        if index.isValid() and not self.painter.awake:
            self.setFocus()
        elif index.isValid() and index == self.currentIndex() and not self.editor.isVisible():
            self.enter()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Offer keys to the grid where no cell is open."""
        if self.editor.hasFocus() or not self.keys.press(event):
            super().keyPressEvent(event)

    # Qt ------------------------------------------------------------------------------------------

    def _before_reset(self) -> None:
        column = self.column
        self._stay = (self.row, column.name) if column is not None else None
        self.editor.original = self.editor.text()

    def _after_reset(self) -> None:
        self.widths.fit()
        self.mark(range(0))
        if self._stay is not None and self.lines.rowCount():
            row, name = self._stay
            place = max(self.lines.column_of(name), 0)
            self.setCurrentIndex(self.lines.index(min(row, self.lines.rowCount() - 1), place))
        else:
            self.editor.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the spare width to the product."""
        super().resizeEvent(event)
        self.widths.fit()

    def event(self, event: QEvent) -> bool:
        """Take everything that floats away when the window or the tab goes into the background."""
        if event.type() in (QEvent.Type.WindowDeactivate, QEvent.Type.Hide):
            self.type_ahead.popup.hide()
            self.away.emit()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when the font or the language changes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LanguageChange) and hasattr(self, "widths"):
            self.painter.forget_fonts()
            self.widths.fit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Take the open cell along; what hangs below it closes."""
        super().scrollContentsBy(dx, dy)
        if self.editor.isVisible():
            self.type_ahead.popup.hide()
