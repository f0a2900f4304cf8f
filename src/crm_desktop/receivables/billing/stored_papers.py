"""The PDF of a posted invoice, kept byte for byte, so that what the customer got can be printed again."""

import hashlib
from collections.abc import Collection

from sqlalchemy import select

from crm_desktop.db.work import Work
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.parties import parties
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import invoices, papers
from crm_desktop.receivables.model import Invoice, InvoicePaper
from crm_desktop.reports.paper import Paper
from crm_desktop.shared.permissions import Permission, open_to_all, requires


@requires(Permission.INVOICE_READ)
def compose(work: Work, invoice_id: int) -> Paper:
    """Return an invoice or credit note as paper in its customer's language. Raises NotFound."""
    record = invoices.get(work, invoice_id)
    return papers.invoice_paper(record.values, parties(work, record.values))


@requires(Permission.INVOICE_READ)
def paper(work: Work, invoice_id: int) -> bytes:
    """Return the PDF as it was stored; of a draft, or before a batch's is stored, as it would be now.

    Raises NotFound.
    """
    stored = work.session.scalar(select(InvoicePaper.content).where(InvoicePaper.invoice_id == invoice_id))
    return stored if stored is not None else _made(work, invoice_id)


@requires(Permission.INVOICE_POST)
def keep_many(work: Work, invoice_ids: Collection[int]) -> int:
    """Store the PDFs of those posted documents that have none yet and return how many were made."""
    lacking: list[int] = []
    for some in portions(sorted(invoice_ids)):
        asked = select(Invoice.id).where(Invoice.id.in_(some), Invoice.state == rules.POSTED)
        stored = set(work.session.scalars(select(InvoicePaper.invoice_id).where(InvoicePaper.invoice_id.in_(some))))
        lacking += [id_ for id_ in work.session.scalars(asked.order_by(Invoice.id)) if id_ not in stored]
    for id_ in lacking:
        keep(work, id_)
    return len(lacking)


@open_to_all("part of posting, which asks for its own permission")
def keep(work: Work, invoice_id: int) -> None:
    """Store the PDF of a document that was posted just now, made from its record."""
    content = _made(work, invoice_id)
    made = InvoicePaper(invoice_id=invoice_id, content=content, sha256=hashlib.sha256(content).hexdigest())
    work.session.add(made)
    work.session.flush()
    work.session.expunge(made)


def _made(work: Work, invoice_id: int) -> bytes:
    # The drawing library is loaded when the first paper is drawn.
    from crm_desktop.reports.paper_pdf import paper_pdf

    return paper_pdf(compose(work, invoice_id)).data
