"""The pane beside the list of invoices: who, how much, what is open and since when."""

from typing import Any

from crm_desktop.orders.ui.document_preview import DocumentPreview
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import invoices
from crm_desktop.receivables.ui.billing.invoice_words import called
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.shared.record import Record


class InvoicePreview(DocumentPreview):
    """An invoice or a credit note beside its list."""

    entity = "invoice"

    def fetch(self, work: Any, id_: int) -> Record:
        """Return the invoice."""
        return invoices.get(work, id_)

    def title(self, record: Record) -> str:
        """Return its number; a draft may have none."""
        return called(record.values)

    def facts(self, record: Record) -> list[tuple[str, str]]:
        """Return status, what is open, days, where it comes from."""
        formats = self.formats()
        due = record["next_due_on"]
        currency = str(record["currency"])
        return [
            (_("Status"), _(dict(rules.STATUSES)[record["status"]])),
            (_("Total"), f"{currency} {number_text(record['total'])}"),
            (
                _("Still open"),
                f"{currency} {number_text(record['open_amount'])}" if record["state"] != rules.DRAFT else "",
            ),
            (_("Next due"), formats.full_day(due) if due else ""),
            (_("Date"), formats.full_day(record["dated_on"])),
            (_("Order"), str(record["order_number"] or "")),
            (_("Corrects"), str(record["origin_number"] or "")),
            (_("Salesperson"), self.desk.names.get(record["salesperson"] or 0, "")),
            (_("Their reference"), str(record["reference"])),
            (_("Notes"), str(record["notes"])),
        ]
