"""What the form of an invoice or a credit note has to know before it can be built."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm_desktop.access import people
from crm_desktop.orders import terms
from crm_desktop.orders.ui.catalogue import KnownProducts
from crm_desktop.orders.ui.document_needs import DocumentNeeds
from crm_desktop.products import service as products
from crm_desktop.products.settings import get_settings as sales_settings
from crm_desktop.receivables.billing import invoices
from crm_desktop.receivables.rules import INVOICE
from crm_desktop.receivables.settings import get_settings
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.permissions import Permission


@dataclass(frozen=True, slots=True)
class InvoiceNeeds(DocumentNeeds):
    """What a document's form knows, its `kind`, and when an invoice without payment terms falls due."""

    kind: str = INVOICE
    due_days: int = 0


def invoice_needs(work: Any, *, kind: str, new: bool, contact_id: int | None = None) -> InvoiceNeeds:
    """Read what the form has to know; `blank` stays empty for a document that is stored."""
    known = products.catalogue(work) if work.actor.may(Permission.PRODUCT_READ) else ()
    return InvoiceNeeds(
        KnownProducts(known),
        sales_settings(work),
        terms.payment_terms(work, inactive=True),
        terms.standing_texts(work),
        people.colleagues(work),
        proposed(work, contact_id, kind) if new else {},
        kind,
        get_settings(work).due_days,
    )


def proposed(work: Any, contact_id: int | None, kind: str) -> Mapping[str, Any]:
    """Return what a new document for this customer begins with; no rate where nobody ever said one."""
    try:
        return invoices.defaults(work, contact_id, kind)
    except Invalid:
        return {**invoices.defaults(work, None, kind), "contact_id": contact_id}
