"""The table of every list: keyboard, selection by id, and rows painted in one loop."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QInputMethodEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.shared.listing import Sort
from crm_desktop.ui.fonts import px
from crm_desktop.ui.painted_table import PaintedTable
from crm_desktop.ui.record_copy import copy_rows
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.row_painter import check_rect


class RecordView(PaintedTable):
    """Shows a `RecordTable`. Check boxes are `selection`; the bar at the left is the current row."""

    opened = Signal(int)
    current_changed = Signal(object)
    """The id of the current row, or None."""
    focused = Signal()
    """It got the keyboard; the current row may be the same as before."""
    preview_toggled = Signal()
    typed = Signal(str)
    """Text typed on the list, meant for the filter."""
    sort_wanted = Signal(object)
    """A tuple of `Sort`."""
    columns_changed = Signal(object)
    """Field names in their new order, after a column was dragged."""
    menu_wanted = Signal(QPoint)
    """Global position; the row below it is current."""

    def __init__(self, table: RecordTable, parent: QWidget | None = None) -> None:
        # Before Qt: setting the model already tells which row is current.
        self._anchor = -1
        self._place: tuple[int | None, int, int | None, int] | None = None
        super().__init__(table, parent)
        self._header.sort_wanted.connect(self._change_order)
        self._header.check_clicked.connect(self._toggle_everything)
        self._header.sectionMoved.connect(self._take_moved_column)
        self.selection.changed.connect(self._show_selection)
        table.about_to_replace.connect(self._remember_place)
        table.replaced.connect(self._restore_place)
        table.first_shown.connect(self._begin_at_top)

    # State

    @property
    def current_id(self) -> int | None:
        """Return the id of the current row, None when there is none."""
        return self.table.id_at(self.currentIndex().row())

    def copy(self) -> None:
        """Put the checked rows, or the current one, on the clipboard for a spreadsheet."""
        ids = self.selection.ids() if self.selection else [self.current_id]
        copy_rows(self.table, [id_ for id_ in ids if id_ is not None])

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Make the row current; check it when the box, Ctrl or Shift says so."""
        row = self.rowAt(event.position().toPoint().y())
        id_ = self.table.id_at(row)
        if id_ is None or event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            event.ignore()
            return
        if self.rows.checks and event.button() == Qt.MouseButton.LeftButton:
            self._check_by_mouse(event, row, id_)
        self._set_row(row, keep_anchor=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        event.accept()

    def _check_by_mouse(self, event: QMouseEvent, row: int, id_: int) -> None:
        box = check_rect(self._header.sectionViewportPosition(0), self.rowViewportPosition(row), self.row_height)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._check_range(row)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier or box.contains(event.position().toPoint()):
            self.selection.toggle(id_)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Swallow it: Qt's own handling would select."""
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the row."""
        at = event.position().toPoint()
        id_ = self.table.id_at(self.rowAt(at.y()))
        box = check_rect(self._header.sectionViewportPosition(0), 0, self.viewport().height())
        if id_ is not None and event.button() == Qt.MouseButton.LeftButton:
            if self.rows.checks and box.contains(at):
                self.selection.toggle(id_)
            else:
                self.opened.emit(id_)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the current row."""
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_wanted.emit(at)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, check, open, copy; printable text goes to the filter."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        target = self._row_for(Qt.Key(event.key()), control=control)
        if target is not None:
            self._set_row(target, keep_anchor=shift)
            if shift:
                self._check_range(target)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            if self.rows.checks:
                self.selection.select_everything()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_id is not None:
            self.opened.emit(self.current_id)
        elif event.key() == Qt.Key.Key_Space:
            self._space(control or shift)
        elif event.key() == Qt.Key.Key_Escape and self.selection:
            self.selection.clear()
        elif event.text().isprintable() and event.text() and not control:
            self.typed.emit(event.text())
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() + (1 if event.key() == Qt.Key.Key_Right else -1) * px(48))
        else:
            event.ignore()
            return
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell who shows something beside the row."""
        super().focusInEvent(event)
        self.focused.emit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Hand text committed by an input method to the filter."""
        if event.commitString():
            self.typed.emit(event.commitString())
        event.accept()

    def _row_for(self, key: Qt.Key, *, control: bool) -> int | None:
        count, row = self.table.rowCount(), self.currentIndex().row()
        if not count or (control and key not in (Qt.Key.Key_Home, Qt.Key.Key_End)):
            return None
        screenful = max(1, self.viewport().height() // self.row_height - 1)
        wanted = {
            Qt.Key.Key_Up: row - 1,
            Qt.Key.Key_Down: row + 1,
            Qt.Key.Key_PageUp: row - screenful,
            Qt.Key.Key_PageDown: row + screenful,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: count - 1,
        }.get(key)
        return None if wanted is None else min(max(wanted, 0), count - 1)

    def _space(self, check: bool) -> None:
        if not check:
            self.preview_toggled.emit()
        elif self.rows.checks and self.current_id is not None:
            self.selection.toggle(self.current_id)

    # Current row, checked rows, order

    def _set_row(self, row: int, *, keep_anchor: bool = False) -> None:
        if not keep_anchor or self._anchor < 0:
            self._anchor = row if not keep_anchor else max(self.currentIndex().row(), 0)
        self.setCurrentIndex(self.table.index(row, 0))

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell which record is current."""
        super().currentChanged(current, previous)
        self._update_row(previous.row())
        self._update_row(current.row())
        if self._place is None:
            self.current_changed.emit(self.table.id_at(current.row()))

    def _check_range(self, row: int) -> None:
        if not self.rows.checks:
            return
        start = self._anchor if self._anchor >= 0 else max(self.currentIndex().row(), 0)
        low, high = min(start, row), max(start, row)
        if (low, high) == (0, self.table.rowCount() - 1) and self.table.complete:
            self.selection.select_everything()
        else:
            self.selection.replace(self.table.ids()[low : high + 1])

    def _toggle_everything(self) -> None:
        if self.selection.everything:
            self.selection.clear()
        else:
            self.selection.select_everything()

    def _show_selection(self) -> None:
        checked = len(self.selection)
        whole = checked > 0 and checked >= self.table.rowCount()
        self._header.set_check_state("on" if whole else "part" if checked else "off")
        self.viewport().update()

    def _change_order(self, name: str, add: bool) -> None:
        self.sort_wanted.emit(next_sorts(self.table.listing.sorts, name, add=add))

    def _take_moved_column(self) -> None:
        # After the drag, not in it: the header still works with the sections it is moving.
        QTimer.singleShot(0, self, self._apply_moved_column)

    def _apply_moved_column(self) -> None:
        header = self._header
        order = [header.logicalIndex(visual) for visual in range(header.count())]
        if order == sorted(order):
            return
        self.columns_changed.emit(tuple(self.table.columns[logical].name for logical in order))

    # Keeping the place

    def _remember_place(self) -> None:
        top = self.rowAt(0)
        offset = -self.rowViewportPosition(top) if top >= 0 else 0
        self._place = (self.current_id, max(0, self.currentIndex().row()), self.table.id_at(top), offset)
        self._anchor = -1

    def _restore_place(self) -> None:
        if self._place is None:
            return
        current, row, top, offset = self._place
        place = self.table.row_of(top, self.rowAt(0)) if top is not None else None
        if place is not None:
            self.verticalScrollBar().setValue(place * self.row_height + offset)
        self.selection.forget_missing()
        found = self.table.row_of(current, row) if current is not None else None
        count = self.table.rowCount()
        if current is not None and count:
            value = self.verticalScrollBar().value()
            self.setCurrentIndex(self.table.index(found if found is not None else min(row, count - 1), 0))
            self.verticalScrollBar().setValue(value)
        self._place = None
        if self.current_id != current:
            self.current_changed.emit(self.current_id)

    def _begin_at_top(self) -> None:
        self._anchor = -1
        self.widths.share_out()
        self.verticalScrollBar().setValue(0)
        if self.table.rowCount():
            self.setCurrentIndex(self.table.index(0, 0))
        else:
            self.current_changed.emit(None)


def next_sorts(sorts: Sequence[Sort], name: str, *, add: bool) -> tuple[Sort, ...]:
    """Return the order after a click on a header: a second click turns it round, Shift adds a key."""
    known = next((sort for sort in sorts if sort.field == name), None)
    clicked = Sort(name) if known is None else replace(known, descending=not known.descending)
    if not add:
        return (clicked,)
    if known is None:
        return (*sorts, clicked)
    return tuple(clicked if sort.field == name else sort for sort in sorts)
