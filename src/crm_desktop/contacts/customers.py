"""The customer that something new is written down for."""

from typing import Any

from sqlalchemy import select

from crm_desktop.contacts.customer_rows import in_sales_reach
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_


def customer(work: Work, contact_id: Any) -> Contact:
    """Return a customer that new rows may be made for, held until the end so that its owner stays.

    Raises Invalid("contact_id").
    """
    asked = select(Contact).where(Contact.id == contact_id, in_sales_reach(Contact, work.actor))
    held = asked.with_for_update(read=True, key_share=True).execution_options(populate_existing=True)
    contact = work.session.scalars(held).one_or_none()
    check_customer(contact)
    assert contact is not None
    return contact


def check_customer(contact: Contact | None) -> None:
    """Raise Invalid("contact_id") unless the contact may be sold to; None is one nobody sees."""
    if contact is None:
        raise Invalid("contact_id", N_("This customer no longer exists, or you may not see it."))
    if contact.archived_at is not None or contact.merged_into_id is not None:
        raise Invalid("contact_id", N_("{name} is archived. Bring it back first."), name=contact.name)
    if not contact.is_customer:
        raise Invalid("contact_id", N_("{name} is no customer. Tick that on the contact first."), name=contact.name)
