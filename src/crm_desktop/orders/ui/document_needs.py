"""What the form of a document has to know before it can be built."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm_desktop.access import people
from crm_desktop.orders import opportunities, quotes, service, terms
from crm_desktop.orders.terms import Term, Text
from crm_desktop.orders.ui.catalogue import KnownProducts
from crm_desktop.products import service as products
from crm_desktop.products.settings import SalesProfile, get_settings
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.permissions import Permission


@dataclass(frozen=True, slots=True)
class DocumentNeeds:
    """Products and settings of the company, and what a new document begins with."""

    products: KnownProducts
    settings: SalesProfile
    terms: Sequence[Term] = ()
    texts: Sequence[Text] = ()
    colleagues: Sequence[tuple[int, str]] = ()
    blank: Mapping[str, Any] = field(default_factory=dict)


def document_needs(
    work: Any, *, order: bool, new: bool, contact_id: int | None, opportunity_id: int | None = None
) -> DocumentNeeds:
    """Read what the form has to know; `blank` stays empty for a document that is stored."""
    blank: Mapping[str, Any] = {}
    if new and opportunity_id is not None:
        blank = (opportunities.order_for if order else opportunities.quote_for)(work, opportunity_id)
    elif new:
        blank = proposed(work, order=order, contact_id=contact_id)
    known = products.catalogue(work) if work.actor.may(Permission.PRODUCT_READ) else ()
    return DocumentNeeds(
        KnownProducts(known),
        get_settings(work),
        terms.payment_terms(work, inactive=True) if order else (),
        terms.standing_texts(work),
        people.colleagues(work),
        blank,
    )


def proposed(work: Any, *, order: bool, contact_id: int | None) -> dict[str, Any]:
    """Return what a new document for this customer begins with; no rate where nobody ever said one."""
    defaults = service.defaults if order else quotes.defaults
    try:
        return defaults(work, contact_id)
    except Invalid:
        return {**defaults(work, None), "contact_id": contact_id}
