"""The customers that figures belong to, many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, or_, select

from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Permission, requires

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Customer:
    """What a customer is called, how it sorts, its language ("" for the company's) and who owns it."""

    id: int
    name: str
    sort_key: str
    language: str
    owner_id: int | None


@requires(Permission.CONTACT_READ)
def customers_named(work: Work, name: str) -> tuple[int, ...]:
    """Return the customers that are called exactly so, whatever the case of the letters."""
    wanted = name.strip()
    asked = select(Contact.id, Contact.name).where(
        or_(Contact.name == wanted, func.lower(Contact.name) == wanted.lower()),
        Contact.is_customer,
        Contact.merged_into_id.is_(None),
    )
    return tuple(row.id for row in work.session.execute(asked.order_by(Contact.id)))


@requires(Permission.CONTACT_READ)
def customers_of(work: Work, ids: Iterable[int]) -> dict[int, Customer]:
    """Return those of the customers that the actor reaches, by id."""
    wanted, found = sorted(set(ids)), dict[int, Customer]()
    columns = (Contact.id, Contact.name, Contact.sort_key, Contact.language, Contact.owner_id)
    for start in range(0, len(wanted), _AT_ONCE):
        asked = select(*columns).where(Contact.id.in_(wanted[start : start + _AT_ONCE]))
        found |= {row.id: Customer(*row) for row in work.session.execute(asked)}
    return found
