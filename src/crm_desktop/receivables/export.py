"""Takes the lists of receivables out of the program; every export is journalled."""

from typing import Final

from crm_desktop.contacts.row_list import RowList
from crm_desktop.exchange.list_export import ListExport
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.lists import INSTALMENTS, INVOICES, RECEIPTS, TAX_INVOICES
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.i18n import N_

_SUMS: Final = ("total", "net", "tax", "open_amount", "credited", "written_off", "amount")


def _export(listing: RowList, entity: str, title: str, model: type[Invoice | Receipt] | None = None) -> ListExport:
    return ListExport(listing, listing.described.export, entity, title, _SUMS, model)


INVOICE_EXPORT: Final = _export(INVOICES, "invoice", N_("Invoices"), Invoice)
RECEIPT_EXPORT: Final = _export(RECEIPTS, "receipt", N_("Receipts"), Receipt)
INSTALMENT_EXPORT: Final = _export(INSTALMENTS, "invoice", N_("Due items"))
TAX_INVOICE_EXPORT: Final = _export(TAX_INVOICES, "tax_invoice", N_("Tax invoices"))
