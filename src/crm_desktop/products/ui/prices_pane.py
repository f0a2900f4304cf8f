"""A product's price in each price list; Enter or a double click opens the list."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.products import price_lists
from crm_desktop.products.ui import words
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import EmptyState, Offer, StateStack
from crm_desktop.ui.plain_table import PlainColumn, PlainRows, PlainTable

Row = tuple[int, str, str, str, str, Decimal]
"""(list id, name, customer, level, currency, price)."""


class PricesPane(QWidget):
    """Reads the prices when it is shown, and again when a price list changes."""

    def __init__(self, desk: Desk, product_id: int) -> None:
        super().__init__()
        self._desk, self._product_id = desk, product_id
        self._outdated = True
        columns = (
            PlainColumn("name", _("Price list"), 24, lambda row: row[1], grows=True),
            PlainColumn("for", _("For"), 28, lambda row: row[2] or words.level(row[3])),
            PlainColumn("currency", _("Currency"), 9, lambda row: row[4], ink="text2"),
            PlainColumn("price", _("Price"), 14, lambda row: number_text(row[5]), right=True),
        )
        self.table = PlainTable(PlainRows(columns, self), _("Prices"))
        self.table.activated.connect(self._open)
        self.stack = StateStack(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        desk.changes.changed.connect(self._heard)

    def reload(self) -> None:
        """Read the prices again, now or when the page is next shown."""
        self._outdated = True
        if self.isVisible():
            self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when somebody looks."""
        super().showEvent(event)
        if self._outdated:
            self._read()

    def _read(self) -> None:
        product_id = self._product_id
        self._outdated = False

        def read(work: Any) -> list[Row]:
            return price_lists.prices_of_product(work, product_id)

        self._desk.tasks.read(self, read, self._show, coalesce="prices")

    def _show(self, rows: Sequence[Row]) -> None:
        self.table.plain.show(rows)
        if rows:
            self.stack.show_content()
            return
        may = self._desk.actor.may(Permission.PRICE_WRITE)
        offer = Offer(_("New price list"), lambda: self._desk.open_record(price_lists.ENTITY, None), "plus")
        title = _("Everybody pays the list price")
        text = _("A price list gives one customer, or all customers of a level, another price for this product.")
        self.stack.show_state(EmptyState("tag", title, text, primary=offer if may else None, kind="plain"))

    def _open(self, index: QModelIndex) -> None:
        self._desk.open_record(price_lists.ENTITY, self.table.plain.rows[index.row()][0])

    def _heard(self, changes: Changes) -> None:
        if changes.touches(price_lists.ENTITY):
            self.reload()
