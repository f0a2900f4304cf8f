"""The tab of a customer's record that shows what was offered, ordered and is still to come."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from crm_desktop.contacts.row_list import RowList
from crm_desktop.contacts.ui.row_section import RowSection
from crm_desktop.contacts.ui.row_source import RowSource
from crm_desktop.orders.lists import BACKLOG, ORDERS, QUOTES, order_of_line
from crm_desktop.orders.ui import list_words
from crm_desktop.orders.ui.list_specs import OPEN_LINE, ORDER, QUOTE
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.labels import hairline

ORDER_FOR: Final = "order_for_contact"
QUOTE_FOR: Final = "quote_for_contact"
"""What `desk.open_record` is asked for to begin a document for a contact: the id is the contact's."""

_ORDER_COLUMNS: Final = ("number", "dated_on", "state", "due_on", "delivered_percent", "open_net", "total")
_QUOTE_COLUMNS: Final = ("number", "revision", "dated_on", "state", "valid_until", "total")
_LINE_COLUMNS: Final = ("order", "due_on", "code", "product", "quantity", "delivered", "open", "unit")


class CustomerSales(QWidget):
    """Orders, what is to deliver, and quotes of one customer."""

    counted = Signal(int)
    """How many orders and quotes there are."""

    def __init__(self, desk: Desk, contact_id: int) -> None:
        super().__init__()
        self._desk, self._contact_id = desk, contact_id
        self._counts: dict[str, int] = {}
        self.sections: dict[str, RowSection] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        column.addWidget(self._splitter, 1)
        column.addWidget(hairline())
        actor = desk.actor
        if actor.may(Permission.ORDER_READ):
            self._add(ORDER, _("Orders"), _("No order yet."), ORDERS, "total", _ORDER_COLUMNS, list_words.ORDER_LOOKS)
            self._add(
                OPEN_LINE, _("To deliver"), _("Nothing is open."), BACKLOG, "", _LINE_COLUMNS, list_words.BACKLOG_LOOKS
            )
        if actor.may(Permission.QUOTE_READ):
            self._add(QUOTE, _("Quotes"), _("No quote yet."), QUOTES, "total", _QUOTE_COLUMNS, list_words.QUOTE_LOOKS)
        for entity, verb, permission, key in (
            (ORDER, _("New order"), Permission.ORDER_WRITE, ORDER_FOR),
            (QUOTE, _("New quote"), Permission.QUOTE_WRITE, QUOTE_FOR),
        ):
            if entity in self.sections and actor.may(permission):
                button = Button(verb, "quiet", icon="plus", dense=True)
                button.clicked.connect(self._beginner(key))
                self.sections[entity].heading.addWidget(button)
        desk.changes.changed.connect(self._heard)
        self.reload()

    def reload(self) -> None:
        """Read the lists again."""
        for section in self.sections.values():
            section.show_contact(self._contact_id)

    def _add(
        self,
        entity: str,
        title: str,
        nothing: str,
        listing: RowList,
        summed: str,
        columns: Sequence[str],
        looks: Any,
    ) -> None:
        source = RowSource(self._desk.actor, entity, listing, summed)
        section = RowSection(self._desk, title, nothing, source, columns, looks)
        section.opened.connect(lambda id_: self._open(entity, id_))
        section.counted.connect(lambda count: self._count(entity, count))
        self.sections[entity] = section
        self._splitter.addWidget(section)

    def _open(self, entity: str, id_: int) -> None:
        if entity != OPEN_LINE:
            self._desk.open_record(entity, id_)
            return
        open_order = self._desk.open_record
        self._desk.tasks.read(
            self, lambda work: order_of_line(work, id_), lambda order: open_order(ORDER, order), coalesce="open"
        )

    def _beginner(self, key: str) -> Any:
        return lambda: self._desk.open_record(key, self._contact_id)

    def _count(self, entity: str, count: int) -> None:
        self._counts[entity] = count
        self.counted.emit(self._counts.get(ORDER, 0) + self._counts.get(QUOTE, 0))

    def _heard(self, changes: Any) -> None:
        if any(changes.touches(entity) for entity in (ORDER, QUOTE, "delivery")):
            self.reload()
