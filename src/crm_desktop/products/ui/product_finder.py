"""A line in which a product is found by typing its code, any part of its name, or its pinyin."""

from typing import Any, Final

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from crm_desktop.products import service
from crm_desktop.products.rules import Catalogue, CatalogueItem, match
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.i18n import _
from crm_desktop.ui.desk import Desk

OFFERED: Final = 10


class ProductFinder(QLineEdit):
    """Offers products from memory with every key; `found` carries the `CatalogueItem` chosen.

    A block of several cells that is pasted here is handed on: `block_pasted`.
    """

    found = Signal(object)
    block_pasted = Signal(str)
    ready = Signal()
    """The products are in memory."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.items = Catalogue()
        self._hits: list[CatalogueItem] = []
        self._typed = ""
        self.setClearButtonEnabled(True)
        self.setAccessibleName(_("Add a product"))
        self.setPlaceholderText(_("Type a code, a name or pinyin"))
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(OFFERED)
        # Queued: the completer writes its line into the field after telling.
        completer.activated.connect(self._take_line, Qt.ConnectionType.QueuedConnection)
        self.setCompleter(completer)
        self.textEdited.connect(self._offer)
        self.returnPressed.connect(self._take_first)
        desk.changes.changed.connect(self._heard)
        self.read()

    def read(self) -> None:
        """Read the products again."""
        self._desk.tasks.read(self, service.catalogue, self._take_items, coalesce="catalogue")

    @property
    def lines(self) -> list[str]:
        """Return what is offered now."""
        return list(self._model.stringList())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand a pasted block on; everything else is typed."""
        if event.matches(QKeySequence.StandardKey.Paste):
            text = QGuiApplication.clipboard().text()
            if "\t" in text or "\n" in text.strip():
                self.block_pasted.emit(text)
                return
        super().keyPressEvent(event)

    def _take_items(self, items: Catalogue) -> None:
        self.items = items
        self.ready.emit()

    def _offer(self, text: str) -> None:
        self._typed = text
        self._hits = match(self.items, text, OFFERED) if text.strip() else []
        lines = [f"{item.code}  ·  {item.name}" for item in self._hits]
        if text.strip() and not lines:
            lines = [_("No product found")]
        self._model.setStringList(lines)
        if lines:
            self.completer().complete()
        else:
            self.completer().popup().hide()

    def _take_line(self, line: str) -> None:
        lines = self.lines
        if line in lines and lines.index(line) < len(self._hits):
            self._take(self._hits[lines.index(line)])
        else:
            # The popup has put its line in the place of what was typed.
            self.setText(self._typed)

    def _take_first(self) -> None:
        if self._hits and self.text() == self._typed:
            self._take(self._hits[0])

    def _take(self, item: CatalogueItem) -> None:
        self.completer().popup().hide()
        self._hits, self._typed = [], ""
        self.clear()
        self.found.emit(item)

    def _heard(self, changes: Changes) -> None:
        if changes.touches(service.ENTITY):
            self.read()


def item_values(item: CatalogueItem) -> dict[str, Any]:
    """Return the row a product begins with in a price list, without its price."""
    return {
        "product_id": item.id,
        "code": item.code,
        "name": item.name,
        "unit": item.unit,
        "list_price": item.list_price,
        "price": None,
    }
