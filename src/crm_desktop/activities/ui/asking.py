"""What the form must know before it opens: kinds, results, colleagues, the customer, the activity itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm_desktop.access import people
from crm_desktop.activities import following, kinds, service
from crm_desktop.activities.following import NextStep, Said
from crm_desktop.activities.kinds import Kind, Result
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.rules import COMPANY
from crm_desktop.shared.record import Record


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom it is about: `people` as (id, words), what was said last, what is planned next."""

    id: int
    name: str
    phone: str
    people: tuple[tuple[int, str], ...]
    said: Said | None
    next: NextStep | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is there to choose from; `customer` and `activity` where they are known already."""

    kinds: Sequence[Kind]
    results: Sequence[Result]
    colleagues: Sequence[tuple[int, str]]
    customer: Customer | None = None
    activity: Record | None = None

    def kind_of(self, key: str) -> int | None:
        """Return the id of the shipped kind `key`; another one where the company has put it away."""
        every = [kind.id for kind in self.kinds]
        return next((kind.id for kind in self.kinds if kind.key == key), every[0] if every else None)

    def counts(self, kind_id: int | None) -> bool:
        """Return whether what is done of this kind is a contact with the customer."""
        return any(kind.id == kind_id and kind.is_contact for kind in self.kinds)


def ask(work: Any, contact_id: int | None, activity_id: int | None) -> Asked:
    """Return what the form begins with; runs on the database lane. Raises NotFound."""
    stored = service.get(work, activity_id) if activity_id is not None else None
    about = stored["contact_id"] if stored is not None else contact_id
    return Asked(
        kinds.kinds(work),
        kinds.results(work),
        people.colleagues(work),
        customer(work, about) if about is not None else None,
        stored,
    )


def customer(work: Any, contact_id: int) -> Customer:
    """Return whom it is about. Raises NotFound."""
    record = contacts.get(work, contact_id)
    # Of a person the linked contacts are companies, with whom nobody speaks.
    linked = record["people"] if record["kind"] == COMPANY else ()
    persons = tuple(
        (one["contact_id"], " · ".join(part for part in (one["name"], one["role"]) if part))
        for one in linked
        if one["contact_id"] is not None
    )
    phone = next((point["value"] for point in record["points"] if point["kind"] in ("phone", "mobile")), "")
    return Customer(
        contact_id,
        str(record["name"]),
        phone,
        persons,
        following.last_said(work, [contact_id]).get(contact_id),
        following.next_of(work, [contact_id]).get(contact_id),
    )
