"""The tabs of the four lists of documents."""

from crm_desktop.contacts.ui.row_screen import RowScreen
from crm_desktop.orders.lists import order_of_line
from crm_desktop.orders.ui import list_specs
from crm_desktop.orders.ui.list_specs import OPEN_LINE, ORDER
from crm_desktop.shared.changes import Changes
from crm_desktop.ui.desk import Desk


class BacklogScreen(RowScreen):
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


def orders_screen(desk: Desk) -> RowScreen:
    """Return the list of orders."""
    return RowScreen(desk, list_specs.order_list, list_specs.ORDER_OUTLET)


def quotes_screen(desk: Desk) -> RowScreen:
    """Return the list of quotes."""
    return RowScreen(desk, list_specs.quote_list, list_specs.QUOTE_OUTLET)


def deliveries_screen(desk: Desk) -> RowScreen:
    """Return the list of deliveries."""
    return RowScreen(desk, list_specs.delivery_list, list_specs.DELIVERY_OUTLET)


def backlog_screen(desk: Desk) -> RowScreen:
    """Return what is to be delivered."""
    return BacklogScreen(desk, list_specs.backlog_list, list_specs.BACKLOG_OUTLET)
