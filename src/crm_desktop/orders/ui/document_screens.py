"""The tabs of the four lists of documents."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from crm_desktop.exchange.ui.export_dialog import Outlet, export_list
from crm_desktop.orders.lists import order_of_line
from crm_desktop.orders.ui import list_specs
from crm_desktop.orders.ui.list_specs import OPEN_LINE, ORDER
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.changes import Changes
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.list_screen import ListScreen
from crm_desktop.ui.list_spec import ListSpec


class DocumentListScreen(ListScreen):
    """A list of documents: opens them, makes new ones, takes the list to a file."""

    def __init__(
        self, desk: Desk, made: Callable[[Actor], ListSpec], outlet: Outlet, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, made(desk.actor), parent)
        self._outlet = outlet
        self.actions_here.on("export", self._export)
        if self.spec.primary is not None:
            self.actions_here.on("new", self._new)

    def _new(self) -> None:
        self.desk.open_record(self.spec.source.entity, None)

    def _export(self) -> None:
        chosen = self.selection.ids() if self.selection else ()
        export_list(self, self._outlet, chosen)


class BacklogScreen(DocumentListScreen):
    """Open lines: opening one opens its order, and every change of an order may change them."""

    def _open(self, line_id: int) -> None:
        self.desk.tasks.read(
            self,
            lambda work: order_of_line(work, line_id),
            lambda order_id: self.desk.open_record(ORDER, order_id),
            coalesce="open",
        )

    def _take_changes(self, changes: Changes) -> None:
        if changes.touches(ORDER) or changes.touches("delivery"):
            changes = Changes({**changes.ids, OPEN_LINE: frozenset()}, changes.origin)
        super()._take_changes(changes)


def orders_screen(desk: Desk) -> DocumentListScreen:
    """Return the list of orders."""
    return DocumentListScreen(desk, list_specs.order_list, list_specs.ORDER_OUTLET)


def quotes_screen(desk: Desk) -> DocumentListScreen:
    """Return the list of quotes."""
    return DocumentListScreen(desk, list_specs.quote_list, list_specs.QUOTE_OUTLET)


def deliveries_screen(desk: Desk) -> DocumentListScreen:
    """Return the list of deliveries."""
    return DocumentListScreen(desk, list_specs.delivery_list, list_specs.DELIVERY_OUTLET)


def backlog_screen(desk: Desk) -> DocumentListScreen:
    """Return what is to be delivered."""
    return BacklogScreen(desk, list_specs.backlog_list, list_specs.BACKLOG_OUTLET)
