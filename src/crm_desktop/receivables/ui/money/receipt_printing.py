"""The paper of a receipt in the preview, where it is printed, saved or sent by mail."""

from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.orders.parties import parties
from crm_desktop.receivables.money import receipt_papers, receipts
from crm_desktop.reports.mail_draft import Mail
from crm_desktop.reports.paper import Paper
from crm_desktop.reports.ui.preview import PdfPreview
from crm_desktop.shared.i18n import _
from crm_desktop.ui.desk import Desk


def receipt_paper(work: Any, receipt_id: int) -> Paper:
    """Return a receipt as paper; runs on the database lane."""
    receipt = receipts.get(work, receipt_id)
    given = {
        "contact_id": receipt["contact_id"],
        "language": "",
        "person_name": "",
        "salesperson": receipt["salesperson_id"],
    }
    return receipt_papers.receipt_paper(receipt.values, parties(work, given))


def preview_receipt(desk: Desk, receipt_id: int, number: str, parent: QWidget) -> PdfPreview:
    """Open the preview of a receipt."""
    # The drawing library is loaded when the first paper is drawn.
    from crm_desktop.reports.paper_pdf import paper_pdf

    title = _("Receipt {number}").format(number=number)
    preview = PdfPreview(
        desk,
        title,
        lambda work: receipt_paper(work, receipt_id),
        paper_pdf,
        f"{title}.pdf",
        mail=Mail(subject=title),
        parent=parent.window(),
    )
    preview.show()
    return preview
