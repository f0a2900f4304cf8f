"""To which contact a record belongs, whatever it is."""

from typing import Any, Final

from sqlalchemy import select

from crm_desktop.activities.model import Activity
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Order, Quote
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.permissions import open_to_all

OF_CONTACT: Final[dict[str, Any]] = {
    "contact": Contact.id,
    "activity": Activity.contact_id,
    "opportunity": Opportunity.contact_id,
    "quote": Quote.contact_id,
    "order": Order.contact_id,
    "invoice": Invoice.contact_id,
    "receipt": Receipt.contact_id,
}
"""By entity: where its rows name their contact."""


@open_to_all("the row scope of the actor decides; of what is out of reach nothing is told")
def contact_of(work: Work, entity: str, id_: int) -> int | None:
    """Return the contact the record belongs to; None for one that belongs to none or is out of reach."""
    column = OF_CONTACT.get(entity)
    if column is None:
        return None
    found: int | None = work.session.scalar(select(column).where(column.class_.id == id_))
    return found
