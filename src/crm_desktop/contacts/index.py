"""Keeps the search tokens of a contact in step with the contact."""

from typing import Any, Final

from sqlalchemy import Text, cast, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from crm_desktop.contacts import rules
from crm_desktop.contacts.model import Contact, ContactPoint, ContactSearch, in_reach, owner_keys
from crm_desktop.db.search import SearchIndex
from crm_desktop.db.work import Work
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.permissions import Domain, Scope
from crm_desktop.shared.search_text import file_texts, grams, recheck_text


def owners_reached(actor: Actor) -> frozenset[int] | None:
    """Return the owner keys of every contact the actor reaches, None where a scope of theirs is everything."""
    scopes = {actor.scope(domain) for domain in (Domain.SALES, Domain.PURCHASING)} - {Scope.NONE}
    if Scope.ALL in scopes:
        return None
    return frozenset(key for scope in scopes for key in owner_keys(actor, scope))


CONTACTS: Final = SearchIndex(
    entity=Contact,
    tokens=ContactSearch,
    key=ContactSearch.contact_id,
    # Spelled as the server's index is, or it is not used.
    grams=func.array_append(ContactSearch.grams, literal_column("chr(57345)") + cast(ContactSearch.owner_key, Text)),
    pairs="contact_pairs",
    infix="contact_infix",
    function="crm.search_contacts",
    reach=lambda actor: in_reach(Contact, actor, walking=True),
    owners=owners_reached,
)


def tokens(texts: list[str], *, postgres: bool) -> dict[str, Any]:
    """Return the columns of `ContactSearch` for the texts of one contact."""
    if postgres:
        return {"pairs": "", "infix": recheck_text(texts), "grams": grams(texts)}
    pairs, infix = file_texts(texts)
    return {"pairs": pairs, "infix": infix, "grams": None}


def index_contact(work: Work, contact: Contact) -> None:
    """Write the search row of a contact whose name, notes or details changed, whether it is there or not."""
    columns = tokens(texts_of(work, contact), postgres=work.is_postgres)
    build = postgresql.insert if work.is_postgres else sqlite.insert
    written = build(ContactSearch).values(contact_id=contact.id, owner_key=contact.owner_key, **columns)
    work.session.execute(
        written.on_conflict_do_update(
            index_elements=[ContactSearch.contact_id], set_={name: written.excluded[name] for name in columns}
        )
    )


def texts_of(work: Work, contact: Contact) -> list[str]:
    """Return every text the contact is found by."""
    work.session.flush()
    points = [
        {"kind": kind, "value": value, "key": key}
        for kind, value, key in work.session.execute(
            select(ContactPoint.kind, ContactPoint.value, ContactPoint.key)
            .where(ContactPoint.contact_id == contact.id)
            .order_by(ContactPoint.position, ContactPoint.id)
        )
    ]
    return rules.search_texts(
        [contact.name, contact.short_name],
        points,
        [contact.code, contact.registration_number, contact.main_city, contact.notes],
    )
