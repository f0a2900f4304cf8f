"""The tabs of the lists of receivables."""

from collections.abc import Sequence
from typing import Any

from crm_desktop.contacts.ui.row_screen import RowScreen
from crm_desktop.orders.ui.override_dialog import offers_override
from crm_desktop.receivables.billing import posting, stored_papers, tax_invoices
from crm_desktop.receivables.billing.posting import Posted
from crm_desktop.receivables.lists import document_of_instalment, drafts_among
from crm_desktop.receivables.ui import list_specs
from crm_desktop.receivables.ui.billing.tax_invoice_dialog import TaxInvoiceDialog
from crm_desktop.receivables.ui.list_specs import INSTALMENT, INVOICE, RECEIPT
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.record import Record
from crm_desktop.ui.desk import Desk

NEW_CREDIT_NOTE = "credit_note"
"""What `desk.open_record` is asked for to begin a credit note that corrects no invoice."""


class InvoicesScreen(RowScreen):
    """Invoices and credit notes: posts the drafts among the chosen ones."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, list_specs.invoice_list, list_specs.INVOICE_OUTLET)
        self.actions_here.on("new_credit", lambda: desk.open_record(NEW_CREDIT_NOTE, None))
        self.actions_here.on("post", self._post)

    def _post(self) -> None:
        self._post_chosen(tuple(self.target_ids()), "")

    def _post_chosen(self, ids: Sequence[int], override: str) -> None:
        def post(work: Any) -> tuple[Posted, ...]:
            return posting.post_many(work, drafts_among(work, ids), override=override)

        def failed(error: BaseException) -> None:
            verb = _("Post all the same")
            if not offers_override(error, verb, self, lambda reason: self._post_chosen(ids, reason)):
                self.desk.dialogs.show_error(error)

        self.desk.tasks.write(self, post, self._say_posted, failed, label=_("Posting"))

    def _say_posted(self, posted: Sequence[Posted]) -> None:
        if ids := [one.id for one in posted]:
            self.desk.tasks.write(self, lambda work: stored_papers.keep_many(work, ids), label=_("Storing the PDFs"))
        if not posted:
            self.desk.toast(_("There is no draft among these"))
        elif len(posted) == 1:
            self.desk.toast(_("{number} is posted").format(number=posted[0].number))
        else:
            said = ngettext(
                "{count} document is posted: {first} to {last}",
                "{count} documents are posted: {first} to {last}",
                len(posted),
            )
            self.desk.toast(said.format(count=len(posted), first=posted[0].number, last=posted[-1].number))


class InstalmentsScreen(RowScreen):
    """What is due: opening one opens its invoice or its order, and whatever changes those may change it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, list_specs.instalment_list, list_specs.INSTALMENT_OUTLET)

    def _open(self, instalment_id: int) -> None:
        self.desk.tasks.read(
            self,
            lambda work: document_of_instalment(work, instalment_id),
            lambda found: self.desk.open_record(*found),
            coalesce="open",
        )

    def _take_changes(self, changes: Changes) -> None:
        if any(changes.touches(entity) for entity in (INVOICE, RECEIPT, "order")):
            changes = Changes({**changes.ids, INSTALMENT: frozenset()}, changes.origin)
        super()._take_changes(changes)


class TaxInvoicesScreen(RowScreen):
    """The register of tax invoices: each opens in a dialog."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, list_specs.tax_invoice_list, list_specs.TAX_INVOICE_OUTLET)

    def _new(self) -> None:
        TaxInvoiceDialog(self.desk, self).open()

    def _open(self, tax_invoice_id: int) -> None:
        def show(stored: Record) -> None:
            TaxInvoiceDialog(self.desk, self, stored=stored).open()

        self.desk.tasks.read(self, lambda work: tax_invoices.get(work, tax_invoice_id), show, coalesce="open")


def receipts_screen(desk: Desk) -> RowScreen:
    """Return the list of receipts."""
    return RowScreen(desk, list_specs.receipt_list, list_specs.RECEIPT_OUTLET)
