"""What the keys mean in the line grid: Tab to the next figure, Enter to the next line, and the rest."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence

from crm_desktop.orders.ui import grid_clipboard
from crm_desktop.orders.ui.line_paste import is_block

if TYPE_CHECKING:
    from crm_desktop.orders.ui.line_grid import LineGrid

_NONE: Final = Qt.KeyboardModifier.NoModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SIDES: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class GridKeys(QObject):
    """Decides about each key press; the actions of a line answer their own shortcuts."""

    def __init__(self, grid: "LineGrid") -> None:
        super().__init__(grid)
        self._grid = grid
        actions = grid.actions_here
        actions.on("line_insert", self.insert_above)
        actions.on("line_duplicate", self.duplicate)
        actions.on("line_remove", self.remove)
        actions.on("line_up", self.move_up)
        actions.on("line_down", self.move_down)
        actions.on("line_remark", self.make_remark)
        actions.on("line_last_price", self.take_last_price)
        actions.on("line_undo", self.undo)
        actions.on("line_redo", self.redo)

    # Keys ----------------------------------------------------------------------------------------

    def claims(self, event: QKeyEvent) -> bool:
        """Return whether a key belongs to the grid although a shortcut of the window wants it."""
        key = event.key()
        if key in _ENTER and event.modifiers() & ~_KEYPAD == _NONE:
            return True
        if key == Qt.Key.Key_Escape:
            grid = self._grid
            return grid.type_ahead.popup.isVisible() or grid.editor.text() != grid.editor.original
        return False

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key means; return False where it means nothing to the grid."""
        key, modifiers = event.key(), event.modifiers() & ~_KEYPAD
        popup = self._grid.type_ahead.popup
        if popup.current() is not None and modifiers == _NONE and self._press_in_popup(key):
            return True
        if key == Qt.Key.Key_Tab and modifiers == _NONE:
            return self._go_on(1)
        if key == Qt.Key.Key_Backtab or (key == Qt.Key.Key_Tab and modifiers == _SHIFT):
            return self._go_on(-1)
        if key in _ENTER and modifiers == _NONE:
            return self._next_line()
        if key in _STEPS and modifiers in (_NONE, _SHIFT):
            return self._step(_STEPS[Qt.Key(key)], marking=modifiers == _SHIFT)
        if key in _SIDES and modifiers == _NONE:
            return self._aside(_SIDES[Qt.Key(key)])
        if key == Qt.Key.Key_F2:
            self._grid.editor.end(False)
            return True
        if key == Qt.Key.Key_Escape:
            return self._escape()
        return self._press_clipboard(event)

    def _press_in_popup(self, key: int) -> bool:
        ahead = self._grid.type_ahead
        if key in _STEPS:
            ahead.popup.step(_STEPS[Qt.Key(key)])
            return True
        if key in (*_ENTER, Qt.Key.Key_Tab):
            ahead.take(ahead.popup.current())
            return True
        if key == Qt.Key.Key_Escape:
            ahead.popup.hide()
            return True
        return False

    def _press_clipboard(self, event: QKeyEvent) -> bool:
        grid = self._grid
        if event.matches(QKeySequence.StandardKey.Paste) and grid.lines.writable:
            text = QGuiApplication.clipboard().text()
            if not is_block(text):
                return False
            grid.paste(text)
            return True
        whole = bool(grid.painter.marked) or not grid.editor.isVisible()
        if event.matches(QKeySequence.StandardKey.Copy) and whole:
            grid_clipboard.copy(grid)
            return True
        if event.matches(QKeySequence.StandardKey.Cut) and grid.painter.marked and grid.lines.writable:
            grid_clipboard.copy(grid)
            self.remove()
            return True
        if event.matches(QKeySequence.StandardKey.SelectAll) and (grid.editor.untouched or not grid.editor.isVisible()):
            grid.mark(range(len(grid.lines.lines)))
            return True
        return False

    # Ways ----------------------------------------------------------------------------------------

    def stops(self, row: int) -> tuple[str, ...]:
        """Return the cells Tab goes through in a line."""
        line = self._grid.lines.line(row)
        if line is None:
            return ("code",)
        if line.is_text:
            return ("name",)
        first = "code" if line.values["product_id"] is not None or "code" in line.wrong else "name"
        return (first, "quantity", "unit_price", "discount_percent")

    def first_stop(self, row: int) -> str:
        """Return where a line begins."""
        return self.stops(row)[0]

    def _go_on(self, by: int) -> bool:
        grid = self._grid
        if not grid.lines.writable:
            return False
        row, column = grid.row, grid.column
        at_end = grid.lines.line(row) is None and not grid.editor.text().strip()
        grid.commit()
        grid.mark(range(0))
        lines = grid.lines
        here = lines.column_of(column.name) if column is not None else -1
        places = [(name, lines.column_of(name)) for name in self.stops(row)]
        rest = [name for name, place in places if (place > here if by > 0 else place < here)]
        if rest and not (at_end and by > 0):
            grid.go(row, rest[0] if by > 0 else rest[-1])
        elif by > 0 and not at_end and row + 1 < lines.rowCount():
            grid.go(row + 1, self.first_stop(row + 1))
        elif by < 0 and row > 0:
            grid.go(row - 1, self.stops(row - 1)[-1])
        else:
            grid.leave(forward=by > 0)
        return True

    def _next_line(self) -> bool:
        grid = self._grid
        if not grid.lines.writable:
            return False
        row = grid.row
        at_end = grid.lines.line(row) is None and not grid.editor.text().strip()
        grid.commit()
        grid.mark(range(0))
        if at_end or row + 1 >= grid.lines.rowCount():
            grid.leave(forward=True)
        else:
            grid.go(row + 1, self.first_stop(row + 1))
        return True

    def _step(self, by: int, *, marking: bool) -> bool:
        grid = self._grid
        if marking:
            return self._mark_on(by)
        target = grid.row + by
        grid.mark(range(0))
        column = grid.column
        if column is not None and 0 <= target < grid.lines.rowCount():
            grid.commit()
            grid.go(target, self._cell_in(target, column.name))
        return True

    def _cell_in(self, row: int, name: str) -> str:
        """Return the cell to stand in below or above `name`: what can be typed in, if it can."""
        lines = self._grid.lines
        if lines.is_typed(row, lines.column_of(name)) or not lines.writable:
            return name
        return self.first_stop(row)

    def _mark_on(self, by: int) -> bool:
        grid = self._grid
        last = len(grid.lines.lines) - 1
        if not 0 <= grid.row <= last:
            return True
        marked = grid.painter.marked
        grid.commit()
        start = grid.row
        end = (marked.stop - 1 if start == marked.start else marked.start) if marked else start
        end = min(max(end + (by if marked else 0), 0), last)
        grid.mark(range(min(start, end), max(start, end) + 1))
        return True

    def _aside(self, by: int) -> bool:
        grid = self._grid
        if grid.editor.isVisible() and not grid.editor.untouched:
            return False
        lines, place = grid.lines, grid.currentIndex().column() + by
        grid.mark(range(0))
        while 0 <= place < len(lines.columns):
            if not lines.writable or lines.is_typed(grid.row, place):
                grid.go(grid.row, lines.columns[place].name)
                return True
            place += by
        return True

    def _escape(self) -> bool:
        grid = self._grid
        if grid.painter.marked:
            grid.mark(range(0))
            return True
        return grid.restore()

    # What the actions do -------------------------------------------------------------------------

    def insert_above(self) -> None:
        """Begin a line above this one."""
        grid = self._grid
        grid.commit()
        if grid.lines.writable and grid.lines.line(grid.row) is not None:
            row = grid.row
            grid.lines.insert(row)
            grid.go(row, "code")

    def duplicate(self) -> None:
        """Copy the line below itself; in the empty last line, the one above it."""
        grid = self._grid
        grid.commit()
        row = min(grid.row, len(grid.lines.lines) - 1)
        column = grid.column
        if grid.lines.writable and row >= 0 and column is not None:
            grid.lines.duplicate(row)
            grid.go(row + 1, self._cell_in(row + 1, "quantity"))

    def remove(self) -> None:
        """Take the marked lines, or this one, away."""
        grid = self._grid
        rows = grid.rows_meant()
        column = grid.column
        if not grid.lines.writable or not rows or column is None:
            return
        grid.editor.original = grid.editor.text()
        grid.mark(range(0))
        grid.lines.remove(rows.start, rows.stop - 1)
        row = min(rows.start, grid.lines.rowCount() - 1)
        grid.go(row, self._cell_in(row, column.name))

    def move_up(self) -> None:
        """Move the marked lines, or this one, up."""
        self._move(-1)

    def move_down(self) -> None:
        """Move the marked lines, or this one, down."""
        self._move(1)

    def _move(self, by: int) -> None:
        grid = self._grid
        grid.commit()
        rows, marked = grid.rows_meant(), bool(grid.painter.marked)
        if grid.lines.writable and rows and grid.lines.move(rows.start, rows.stop - 1, by):
            if marked:
                grid.mark(range(rows.start + by, rows.stop + by))
            grid.enter()

    def make_remark(self) -> None:
        """Make a remark of the line, or a product line of a remark."""
        grid = self._grid
        if grid.lines.writable and grid.row >= 0:
            row = grid.row
            typed = grid.editor.text() if grid.pending() else ""
            grid.editor.original = grid.editor.text()
            grid.type_ahead.popup.hide()
            grid.lines.toggle_text(row)
            if typed:
                grid.lines.change(row, name=typed)
            grid.go(row, "name")

    def take_last_price(self) -> None:
        """Ask for the price this customer paid last."""
        grid = self._grid
        if grid.lines.writable and grid.lines.line(grid.row) is not None:
            grid.editor.original = grid.editor.text()
            grid.last_price_wanted.emit(grid.row)

    def undo(self) -> None:
        """Take the last change back."""
        if self._grid.lines.writable and not self._grid.restore():
            self._grid.lines.undo()

    def redo(self) -> None:
        """Do again what was undone."""
        if self._grid.lines.writable:
            self._grid.lines.redo()
