"""The paper of an invoice in the preview: as it was posted, byte for byte, or what a draft would be."""

from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import stored_papers
from crm_desktop.receivables.billing.stored_papers import compose as paper_now
from crm_desktop.receivables.ui.billing.invoice_words import called, is_credit
from crm_desktop.reports.mail_draft import Mail
from crm_desktop.reports.ui.preview import PdfPreview
from crm_desktop.shared.i18n import _
from crm_desktop.shared.record import Record
from crm_desktop.ui.desk import Desk


def preview_invoice(desk: Desk, record: Record, parent: QWidget) -> PdfPreview:
    """Open the preview of an invoice or a credit note."""
    # The drawing library is loaded when the first paper is drawn.
    from crm_desktop.reports.pages import page_sizes
    from crm_desktop.reports.paper_pdf import Printed, paper_pdf

    invoice_id = record.id
    if record["state"] == rules.DRAFT:
        title = called(record.values)
        compose: Any = lambda work: paper_now(work, invoice_id)  # noqa: E731
        draw: Any = paper_pdf
    else:
        said = _("Credit note {number}") if is_credit(record.values) else _("Invoice {number}")
        title = said.format(number=record["number"])
        compose = lambda work: stored_papers.paper(work, invoice_id)  # noqa: E731
        draw = lambda data: Printed(data, len(page_sizes(data)))  # noqa: E731
    name = "".join("-" if char in '\\/:*?"<>|' else char for char in title)
    preview = PdfPreview(desk, title, compose, draw, f"{name}.pdf", mail=Mail(subject=title), parent=parent.window())
    preview.show()
    return preview
