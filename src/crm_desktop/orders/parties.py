"""Who writes to whom on a paper: our letterhead, the customer with its address, the people by name."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from crm_desktop.access import people
from crm_desktop.access.company import company
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders import papers
from crm_desktop.orders.papers import Parties
from crm_desktop.reports import letterhead


def language_of(work: Work, document: Mapping[str, Any]) -> str:
    """Return the language of a document's paper: its own, else the customer's, else the company's."""
    said = work.session.scalar(select(Contact.language).where(Contact.id == document["contact_id"]))
    return _language(work, document, said or "")


def parties(work: Work, document: Mapping[str, Any]) -> Parties:
    """Return who writes to whom, in the language of the document, else the customer's, else the company's."""
    contact = contacts.get(work, document["contact_id"])
    language = _language(work, document, contact["language"])
    return Parties(
        language,
        letterhead.get(work).sender(language),
        str(contact["name"]),
        papers.address_lines(contact.values, language),
        str(document["person_name"] or ""),
        people.names(work).get(document["salesperson"] or 0, ""),
    )


def _language(work: Work, document: Mapping[str, Any], customers: str) -> str:
    return str(document["language"] or customers or company(work).language)
