"""The grid as one field of a form: its value, what is wrong with it, the strip that counts it."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.orders.ui.line_grid import LineGrid
from crm_desktop.orders.ui.price_book import PriceBook, PricedFor
from crm_desktop.orders.ui.price_hint import PriceHint
from crm_desktop.orders.ui.price_words import hint_of
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.notes import Note


class LinesEditor(Editor):
    """The value is a tuple of the lines on which something was typed, each a dict that is replaced, never changed.

    `settled` tells that the price of every line is known now.
    """

    settled = Signal()

    def __init__(self, desk: Desk, *, dated: bool) -> None:
        frame = QWidget()
        super().__init__("lines", _("Lines"), frame)
        self.grid = LineGrid(lambda: desk.today, dated=dated)
        self.strip = Note()
        self.strip.clear()
        self.prices = PriceBook(desk, self)
        self.hint = PriceHint(self.grid)
        frame.setFocusProxy(self.grid)
        frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.grid, 1)
        self._said = ""
        self._looked_up = False
        self._connect()

    def _connect(self) -> None:
        grid = self.grid
        grid.lines.edited.connect(self._changed)
        grid.lines.wrong_changed.connect(self._count_wrong)
        grid.lines.modelReset.connect(self._ask_missing)
        grid.lines.rowsInserted.connect(self._ask_missing)
        grid.type_ahead.product_taken.connect(self._ask_missing)
        grid.entered.connect(self._enter)
        grid.left.connect(self._leave)
        grid.away.connect(self.hint.hide)
        grid.last_price_wanted.connect(self._take_last_price)
        self.prices.arrived.connect(self._prices_arrived)
        self.prices.refused.connect(self._prices_refused)
        self.strip.action_clicked.connect(self.show_first_wrong)

    # Value ---------------------------------------------------------------------------------------

    def value(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(line.values for line in self.grid.lines.lines if not line.is_blank)

    def state(self) -> Any:
        return (self.value(), self.problem())

    def fill(self, value: Sequence[Mapping[str, Any]] | None) -> None:
        self.grid.lines.load(value or ())

    def problem(self) -> str | None:
        wrong = len(self.grid.lines.wrong_cells())
        return _count_text(wrong) if wrong else None

    def is_empty(self) -> bool:
        return not self.value()

    def parts(self) -> tuple[QWidget, ...]:
        return (self.grid,)

    def set_error(self, text: str | None) -> None:
        self.error = text or None
        self._said = "" if self.problem() else text or ""
        self._count_wrong(len(self.grid.lines.wrong_cells()))

    def set_read_only(self, read_only: bool) -> None:
        self.grid.lines.set_writable(not read_only)

    def focus(self) -> None:
        if self.grid.lines.wrong_cells():
            self.show_first_wrong()
        else:
            self.grid.setFocus()

    def mark(self, position: int, column: str, why: str) -> None:
        """Mark a cell the service refused: `position` counts from 1 over the lines of the value."""
        rows = [row for row, line in enumerate(self.grid.lines.lines) if not line.is_blank]
        if position <= len(rows):
            self.grid.lines.note_wrong(rows[position - 1], column, why)

    def show_first_wrong(self) -> None:
        """Go to the first cell that could not be read after the one of the keyboard, or the first of all."""
        cells = self.grid.lines.wrong_cells()
        if cells:
            here = (self.grid.row, self.grid.currentIndex().column())
            row, place = next((cell for cell in cells if cell > here), cells[0])
            self.grid.setFocus()
            self.grid.go(row, self.grid.lines.columns[place].name)

    def _changed(self) -> None:
        if not self.grid.editor.composing:
            self.edited.emit()

    def _leave(self) -> None:
        self.hint.hide()
        self.left.emit()

    def _count_wrong(self, wrong: int) -> None:
        if wrong:
            action = _("Show the next one") if wrong > 1 else _("Show it")
            self.strip.show_message("danger", _count_text(wrong) if wrong > 1 else self._why(), action)
        elif self._said:
            self.strip.show_message("danger", self._said)
        else:
            self.strip.clear()

    def _why(self) -> str:
        """Return what is wrong with the only cell that is."""
        lines = self.grid.lines
        row, place = lines.wrong_cells()[0]
        why = lines.lines[row].wrong[lines.columns[place].name][1]
        return _("Line {number}: {reason}").format(number=row + 1, reason=why)

    # Prices --------------------------------------------------------------------------------------

    def set_priced_for(self, priced_for: PricedFor) -> None:
        """Look prices up for another customer, currency or tax mode; prices that stand stay."""
        if self.prices.set_document(priced_for):
            self._ask()

    @property
    def waiting(self) -> bool:
        """Return whether the price of a line is still being looked up."""
        return any(not line.priced for line in self.grid.lines.lines)

    def _ask(self) -> None:
        """Ask for the prices of lines that have none; of all lines once somebody went into one and may want hints."""
        lines = self.grid.lines.lines
        self.prices.ask(line.values["product_id"] for line in lines if self._looked_up or not line.priced)

    def _ask_missing(self, *_what: object) -> None:
        self._ask()
        self._fill_in()

    def _enter(self, row: int, name: str) -> None:
        if not self._looked_up:
            self._looked_up = True
            self._ask()
        self._show_hint(row, name)

    def _prices_refused(self) -> None:
        for row, line in enumerate(self.grid.lines.lines):
            if not line.priced:
                self.grid.lines.put_price(row, line.values["unit_price"])
        self.settled.emit()

    def _prices_arrived(self, _ids: object) -> None:
        self._fill_in()
        if self.grid.editor.hasFocus() and self.grid.column is not None:
            self._show_hint(self.grid.row, self.grid.column.name)
        if not self.waiting:
            self.settled.emit()

    def _fill_in(self) -> None:
        for row, line in enumerate(self.grid.lines.lines):
            known = self.prices.known(line.values["product_id"])
            if not line.priced and known is not None:
                price = known.found.price if known.found is not None else line.values["unit_price"]
                self.grid.lines.put_price(row, price)

    def _take_last_price(self, row: int) -> None:
        line = self.grid.lines.line(row)
        known = self.prices.known(line.values["product_id"]) if line is not None else None
        if known is not None and known.last is not None:
            last = known.last
            self.grid.lines.change(row, unit_price=last.unit_price, discount_percent=last.discount_percent)
        self.grid.go(row, "unit_price")

    def _show_hint(self, row: int, name: str) -> None:
        line = self.grid.lines.line(row)
        known = self.prices.known(line.values["product_id"]) if line is not None else None
        if name != "unit_price" or line is None or known is None:
            self.hint.hide()
            return
        self.hint.show_hint(hint_of(known, line, self.grid.lines.document.currency), self.grid.cell_on_screen())


def _count_text(wrong: int) -> str:
    return ngettext(
        "{count} cell could not be read. It is marked and keeps what was typed.",
        "{count} cells could not be read. They are marked and keep what was typed.",
        wrong,
    ).format(count=wrong)
