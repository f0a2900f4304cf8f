"""Whoever buys is a customer."""

from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work


def win(work: Work, contact_id: int) -> None:
    """Make a prospect, or a customer one had lost, a customer.

    It comes before the check that holds the contact: two people who both held it and then wanted to change
    it would wait for each other.
    """
    contact = work.get(Contact, contact_id)
    if contact.status != "customer" and contact.merged_into_id is None:
        contacts.save(work, contact.id, contact.version, {"status": "customer"})
