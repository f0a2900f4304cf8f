"""Takes the lists of documents out of the program; every export is journalled."""

from typing import Final

from crm_desktop.contacts.row_list import RowList
from crm_desktop.exchange.list_export import ListExport
from crm_desktop.orders.lists import BACKLOG, DELIVERIES, ORDERS, QUOTES
from crm_desktop.orders.model import Order, Quote
from crm_desktop.shared.i18n import N_

_SUMS: Final = ("total", "net", "tax", "open_net")


def _export(listing: RowList, entity: str, title: str, model: type[Quote | Order] | None = None) -> ListExport:
    return ListExport(listing, listing.described.export, entity, title, _SUMS, model)


QUOTE_EXPORT: Final = _export(QUOTES, "quote", N_("Quotes"), Quote)
ORDER_EXPORT: Final = _export(ORDERS, "order", N_("Orders"), Order)
DELIVERY_EXPORT: Final = _export(DELIVERIES, "delivery", N_("Deliveries"))
BACKLOG_EXPORT: Final = _export(BACKLOG, "order", N_("To deliver"))
