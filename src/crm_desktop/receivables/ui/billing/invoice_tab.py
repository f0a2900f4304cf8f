"""The tab of an invoice or a credit note: asks what the form needs, then shows the record."""

from typing import Any

from crm_desktop.orders.ui.document_record import DocumentRecord
from crm_desktop.orders.ui.document_tab import DocumentScreen
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import invoices
from crm_desktop.receivables.ui.billing.invoice_needs import InvoiceNeeds, invoice_needs
from crm_desktop.receivables.ui.billing.invoice_record import InvoiceRecord
from crm_desktop.shared.errors import NotFound
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.record import Record


class InvoiceScreen(DocumentScreen):
    """The tab of one invoice; a stored credit note opens here too and says that it is one."""

    record_type = InvoiceRecord
    order = False
    kind = rules.INVOICE
    icon_name = InvoiceRecord.tab_icon
    new_title = N_("New invoice")
    opening_title = N_("Invoice")

    def ask(self, work: Any) -> tuple[InvoiceNeeds, Record | None]:
        """Return what the form needs and the document as it is stored, None for a new one or one that is gone."""
        stored, new = None, self._first_id is None
        if self._first_id is not None:
            try:
                stored = invoices.get(work, self._first_id)
            except NotFound:
                stored = None
        kind = str(stored["kind"]) if stored is not None else self.kind
        return invoice_needs(work, kind=kind, new=new, contact_id=self._contact_id), stored

    def make(self, answer: Any) -> DocumentRecord:
        """Return the record, filled before it is shown."""
        needs, stored = answer
        return InvoiceRecord(self.desk, self._first_id, needs, stored, self)


class CreditNoteScreen(InvoiceScreen):
    """The tab of a new credit note that corrects no invoice."""

    kind = rules.CREDIT
    new_title = N_("New credit note")
    opening_title = N_("Credit note")
