"""The tab of an opportunity's record with its quotes and orders."""

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from crm_desktop.contacts.ui.row_section import RowSection
from crm_desktop.contacts.ui.row_source import RowSource
from crm_desktop.orders.lists import ORDERS, QUOTES
from crm_desktop.orders.ui import list_words
from crm_desktop.orders.ui.list_specs import ORDER, QUOTE
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Filter
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.desk import Desk

_QUOTE_COLUMNS: Final = ("number", "revision", "dated_on", "state", "valid_until", "total")
_ORDER_COLUMNS: Final = ("number", "dated_on", "state", "due_on", "delivered_percent", "open_net", "total")


class OpportunityDocuments(QWidget):
    """Quotes above, orders below, each as far as the actor may read it."""

    counted = Signal(int)

    def __init__(self, desk: Desk, opportunity_id: int) -> None:
        super().__init__()
        self._desk, self._shown = desk, Filter("opportunity", "is", (opportunity_id,))
        self._counts: dict[str, int] = {}
        self.sections: dict[str, RowSection] = {}
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._splitter, 1)
        nothing = _("No quote yet. Press New quote: customer, subject and currency come along.")
        for entity, title, said, listing, columns, looks, read in (
            (QUOTE, _("Quotes"), nothing, QUOTES, _QUOTE_COLUMNS, list_words.QUOTE_LOOKS, Permission.QUOTE_READ),
            (
                ORDER,
                _("Orders"),
                _("No order yet. An order made from one of these quotes wins the opportunity when it is confirmed."),
                ORDERS,
                _ORDER_COLUMNS,
                list_words.ORDER_LOOKS,
                Permission.ORDER_READ,
            ),
        ):
            if desk.actor.may(read):
                section = RowSection(desk, title, said, RowSource(desk.actor, entity, listing, "total"), columns, looks)
                section.opened.connect(lambda id_, entity=entity: desk.open_record(entity, id_))
                section.counted.connect(lambda count, entity=entity: self._count(entity, count))
                self.sections[entity] = section
                self._splitter.addWidget(section)
        desk.changes.changed.connect(self._heard)
        self.reload()

    def reload(self) -> None:
        """Read the lists again."""
        for section in self.sections.values():
            section.show_rows(self._shown)

    def _count(self, entity: str, count: int) -> None:
        self._counts[entity] = count
        self.counted.emit(sum(self._counts.values()))

    def _heard(self, changes: Any) -> None:
        if any(changes.touches(entity) for entity in (ORDER, QUOTE)):
            self.reload()
