"""A product found while its code, name or pinyin is typed into the grid."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from crm_desktop.orders.rules import TEXT
from crm_desktop.orders.ui.catalogue import line_values
from crm_desktop.orders.ui.product_popup import REMARK, Offer, ProductPopup
from crm_desktop.products.rules import CatalogueItem
from crm_desktop.shared.i18n import _

if TYPE_CHECKING:
    from crm_desktop.orders.ui.line_grid import LineGrid


class TypeAhead(QObject):
    """Offers products below the cell and writes the one taken into the line.

    `product_taken` carries the row: its price is to be looked up.
    """

    product_taken = Signal(int)

    def __init__(self, grid: "LineGrid") -> None:
        super().__init__(grid)
        self._grid = grid
        self.popup = ProductPopup(grid)
        self.popup.taken.connect(self.take)

    def follow(self, row: int, name: str, text: str) -> None:
        """Offer what the typed text may mean. The name of a line with a product is only written down."""
        line = self._grid.lines.line(row)
        if name == "name" and line is not None and (line.is_text or line.values["product_id"] is not None):
            self._grid.lines.type_text(row, name, text, done=False)
            return
        found = self._grid.products.matches(text)
        self.popup.offer(found, text, self._grid.lines.document.currency, self._grid.cell_on_screen())

    def take(self, offer: Offer | None) -> None:
        """Write what was chosen into the line and go on to its quantity."""
        grid = self._grid
        if offer is None:
            return
        row, text = grid.row, " ".join(grid.editor.text().split())
        grid.editor.original = grid.editor.text()
        self.popup.hide()
        if offer.item is not None:
            self.take_product(row, offer.item)
            grid.go(row, "quantity")
        elif offer.what == REMARK:
            grid.lines.change(row, kind=TEXT, name=text, product_id=None, code="")
            grid.go(row + 1, grid.keys.first_stop(row + 1))
        else:
            grid.lines.change(row, name=text, product_id=None, code="")
            grid.go(row, "quantity")

    def take_product(self, row: int, item: CatalogueItem) -> None:
        """Write a product into a line; its price follows."""
        grid = self._grid
        values = line_values(item)
        line = grid.lines.line(row)
        if line is None or line.values["product_id"] != item.id:
            # A price somebody gave before the product was known (in a pasted block) is their word.
            given = line is not None and line.values["product_id"] is None and line.values["unit_price"]
            grid.lines.change(row, **values)
            if not given:
                grid.lines.expect_price(row)
            self.product_taken.emit(row)

    def settle(self, row: int, name: str, text: str) -> None:
        """Make of a typed text what it says when the cell is left without choosing."""
        self.popup.hide()
        lines = self._grid.lines
        line, plain = lines.line(row), " ".join(text.split())
        if line is None and not plain:
            return
        item = self._grid.products.named(plain) if plain else None
        renames = name == "name" and line is not None and (line.is_text or line.values["product_id"] is not None)
        if renames:
            lines.type_text(row, "name", plain)
        elif item is not None:
            self.take_product(row, item)
        elif name == "name":
            lines.change(row, name=plain)
        elif not plain:
            lines.change(row, product_id=None, code="")
        else:
            why = _("No product has the code “{text}”. Choose one from the list, or press Ctrl+T for a remark.")
            lines.mark_wrong(row, "code", plain, why.format(text=plain))
