"""The prices of a price list as one field of its form: type-ahead, table, pasted blocks."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.products import rules
from crm_desktop.products.rules import CatalogueItem
from crm_desktop.products.ui import words
from crm_desktop.products.ui.price_table import PRICE, TYPED, PriceRows, PriceTable, Row, problem_of
from crm_desktop.products.ui.product_finder import ProductFinder, item_values
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.empty import EmptyState, StateStack
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import caption, hairline
from crm_desktop.ui.notes import Note

LINES_SAID: Final = 4
"""Pasted lines that could not be taken which are named one by one."""
_KEPT: Final = ("product_id", "code", "name", "unit", "list_price", PRICE)


class PricesEditor(Editor):
    """Its value is a tuple of dictionaries by code: product_id, code, name, unit, list_price, price."""

    def __init__(self, desk: Desk) -> None:
        frame = QWidget()
        super().__init__("prices", _("Prices"), frame)
        self._undo: list[list[Row]] = []
        self.rows = PriceRows(desk.currency, frame)
        self.finder = ProductFinder(desk)
        self.finder.setMinimumWidth(px(320))
        self.paste_button = Button(_("Paste from Excel"), icon="clipboard")
        self.paste_button.setToolTip(_("Two columns copied from a spreadsheet: code or name, and price"))
        self.remove_button = Button(_("Take out"), icon="trash-2")
        self.count = caption("")
        self.note = Note()
        self.note.clear()
        self.table = PriceTable(self.rows)
        self.stack = StateStack(self.table)
        self._lay_out(frame)
        self._connect()
        self.fill(())
        self._last = self.state()

    def _lay_out(self, frame: QWidget) -> None:
        outer = QVBoxLayout(frame)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.tools = QWidget()
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(px(20), px(10), px(20), px(10))
        row.setSpacing(px(8))
        parts: tuple[QWidget, ...] = (self.finder, self.paste_button, self.remove_button)
        for part in parts:
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.count)
        for above in (self.tools, self.note, hairline()):
            outer.addWidget(above)
        outer.addWidget(self.stack, 1)
        frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def _connect(self) -> None:
        self.finder.found.connect(self._add)
        self.finder.block_pasted.connect(self.paste)
        self.paste_button.clicked.connect(lambda: self.paste(QGuiApplication.clipboard().text()))
        self.remove_button.clicked.connect(self.take_out)
        self.table.block_pasted.connect(self.paste)
        self.table.remove_wanted.connect(self.take_out)
        self.table.undo_wanted.connect(self.undo)
        self.table.finished.connect(self.finder.setFocus)
        self.note.action_clicked.connect(self.undo)
        self.rows.edited.connect(self._changed)
        self.watch(self.finder, self.table)

    # What the form asks

    def value(self) -> tuple[dict[str, Any], ...]:
        """Return the rows in their order."""
        return tuple({name: row[name] for name in _KEPT} for row in self.rows.rows)

    def state(self) -> Any:
        """Return the rows with what was typed into them."""
        return tuple((row["product_id"], row[PRICE], row.get(TYPED, "")) for row in self.rows.rows)

    def fill(self, value: Sequence[Mapping[str, Any]] | None) -> None:
        """Show `value`."""
        self.rows.show([dict(row) for row in value or ()])
        self._undo.clear()
        self._show_state()

    def problem(self) -> str | None:
        """Return which price is missing or cannot be read."""
        for row in self.rows.rows:
            if problem := problem_of(row):
                return _("{product}: {problem}").format(product=row["code"], problem=problem)
        return None

    def set_error(self, text: str | None) -> None:
        """Say above the table what is wrong, and go to the row."""
        super().set_error(text)
        if text:
            self.note.show_message("danger", text)
            wrong = next((place for place, row in enumerate(self.rows.rows) if problem_of(row)), None)
            if wrong is not None:
                self.table.setCurrentIndex(self.rows.index(wrong, self.rows.column_of(PRICE)))
        else:
            self.note.clear()

    def set_row_error(self, _place: str, text: str) -> None:
        """Say above the table what a service refused in a row."""
        self.set_error(text)

    def set_read_only(self, read_only: bool) -> None:
        """Let the prices be read and copied only."""
        self.rows.locked = read_only
        self.tools.setVisible(not read_only)

    def parts(self) -> tuple[QWidget, ...]:
        """Return the widgets that take the focus."""
        return (self.finder, self.table)

    def focus(self) -> None:
        """Put the keyboard where a wrong price is, else where a product is added."""
        (self.table if self.error else self.finder).setFocus(Qt.FocusReason.OtherFocusReason)

    # What people do

    def set_currency(self, currency: str) -> None:
        """Say in which currency the prices are."""
        self.rows.set_currency(currency)

    def paste(self, text: str) -> None:
        """Take a block of two columns, product and price; say which lines could not be taken and why."""
        read = rules.pasted_prices(text)
        known = {rules.code_key(row["code"]): row for row in self.rows.rows}
        taken, left = 0, []
        for line in read:
            item = rules.find_item(self.finder.items, line.product) if line.product else None
            row = item_values(item) if item is not None else known.get(rules.code_key(line.product))
            if line.price is not None and row is not None:
                self.rows.put(row | {PRICE: line.price})
                taken += 1
            else:
                why = _(line.problem) if line.problem else _("no such product")
                left.append(f"{line.product or '–'}: {why}")
        self._changed()
        self._say_pasted(taken, left)

    def take_out(self) -> None:
        """Take the chosen rows out; Undo brings them back."""
        places = self.table.chosen()
        if not places or self.rows.locked:
            return
        taken = self.rows.take_out(places)
        self._undo.append(taken)
        self._changed()
        said = ngettext("{count} price taken out", "{count} prices taken out", len(taken))
        self.note.show_message("info", said.format(count=len(taken)), _("Undo"))

    def undo(self) -> None:
        """Bring back what was taken out last."""
        if not self._undo:
            return
        for row in self._undo.pop():
            self.rows.put(row)
        self.note.clear()
        self._changed()

    def _add(self, item: CatalogueItem) -> None:
        place = self.rows.put(item_values(item))
        self._changed()
        self.table.type_price(place, adding=True)

    def _changed(self) -> None:
        self._show_state()
        self.notice()

    def _say_pasted(self, taken: int, left: Sequence[str]) -> None:
        said = [_("{prices} taken over.").format(prices=words.counted_prices(taken))] if taken else []
        if left:
            text = ngettext("{count} line could not be taken over", "{count} lines could not be taken over", len(left))
            more = [_("and {count} more").format(count=len(left) - LINES_SAID)] if len(left) > LINES_SAID else []
            said.append(text.format(count=len(left)) + ": " + "; ".join([*left[:LINES_SAID], *more]))
        if not said:
            said = [_("Copy two columns in your spreadsheet first: code or name, and price.")]
        self.note.show_message("warn" if left or not taken else "success", " ".join(said))

    def _show_state(self) -> None:
        count = len(self.rows.rows)
        self.count.setText(words.counted_prices(count) if count else "")
        self.remove_button.setEnabled(bool(count))
        if count:
            self.stack.show_content()
        else:
            text = _("Type a product above and press Enter, or paste two columns from a spreadsheet: code and price.")
            self.stack.show_state(EmptyState("tag", _("No prices yet"), text, kind="plain"))
