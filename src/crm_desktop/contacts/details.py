"""Phones, e-mails, chat ids, addresses and the people of a company: lists that are saved as a whole."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, select

from crm_desktop.contacts import rules
from crm_desktop.contacts.model import Contact, ContactAddress, ContactLink, ContactPoint
from crm_desktop.contacts.rows import locked
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.text import clean_line

PARTS: Final = ("points", "addresses", "people")
_ADDRESS: Final = ("kind", "street", "city", "region", "postcode", "country")

Part = tuple[dict[str, Any], ...]


class Change(NamedTuple):
    """One part of one contact, as it was and as it is: a `Part`, or the names of its files."""

    contact: Contact
    part: str
    before: tuple[Any, ...]
    after: tuple[Any, ...]


def read_details(work: Work, contact: Contact) -> dict[str, Part]:
    """Return `points`, `addresses` and `people`, each a tuple of plain dictionaries in their order.

    `people` of a company are persons, of a person the companies served: `contact_id`, `name`, `role`.
    """
    return {
        "points": points_of(work, contact.id),
        "addresses": _addresses_of(work, contact.id),
        "people": people_of(work, contact),
    }


def points_of(work: Work, contact_id: int) -> Part:
    """Return the phones, e-mails and ids of a contact."""
    rows = work.session.scalars(
        select(ContactPoint)
        .where(ContactPoint.contact_id == contact_id)
        .order_by(ContactPoint.position, ContactPoint.id)
    )
    return tuple({"kind": row.kind, "value": row.value, "note": row.note} for row in rows)


def write_details(
    work: Work, contact: Contact, values: Mapping[str, Any], country: Callable[[Work], str], *, is_new: bool = False
) -> Iterator[Change]:
    """Replace the parts named in `values`, yielding what really changed; a new contact has none yet.

    A link between a person and a company is a part of both, so the people at its other ends follow.
    `country` is asked only when there are phones to read.
    """
    if values.keys() & {"points", "addresses"}:
        points = points_before = () if is_new else points_of(work, contact.id)
        addresses = addresses_before = () if is_new else _addresses_of(work, contact.id)
        if "points" in values:
            points = tuple(rules.checked_points(values["points"] or ()))
        if "addresses" in values:
            addresses = tuple(rules.checked_addresses(values["addresses"] or ()))
        if points != points_before:
            _replace_points(work, contact.id, points, country(work), clear=bool(points_before))
            yield Change(contact, "points", points_before, points)
        if addresses != addresses_before:
            _replace_addresses(work, contact.id, addresses, clear=bool(addresses_before))
            yield Change(contact, "addresses", addresses_before, addresses)
        for name, value in rules.main_values(points, addresses).items():
            setattr(contact, name, value)
    if "people" in values:
        before = people_of(work, contact)
        others = _replace_people(work, contact, values["people"] or ())
        after = people_of(work, contact)
        if before != after:
            yield Change(contact, "people", before, after)
        yield from others


def _addresses_of(work: Work, contact_id: int) -> Part:
    rows = work.session.scalars(
        select(ContactAddress)
        .where(ContactAddress.contact_id == contact_id)
        .order_by(ContactAddress.position, ContactAddress.id)
    )
    return tuple({name: getattr(row, name) for name in _ADDRESS} for row in rows)


def people_of(work: Work, contact: Contact) -> Part:
    """Return the persons of a company, or the companies of a person, as `read_details` does."""
    mine, other = _sides(contact)
    rows = work.session.execute(
        select(Contact.id, Contact.name, ContactLink.role, Contact.main_phone, Contact.main_email)
        .join(ContactLink, other == Contact.id)
        .where(mine == contact.id)
        .order_by(ContactLink.position, ContactLink.id)
    )
    return tuple(
        {"contact_id": id_, "name": name, "role": role, "phone": phone, "email": email}
        for id_, name, role, phone, email in rows
    )


def link_ids(people: Sequence[Mapping[str, Any]]) -> Part:
    """Return of linked contacts only who they are and their role, as the journal keeps it.

    A journal is read by whoever sees the one contact, who need not see the other: no name, no phone.
    """
    return tuple({"contact_id": one.get("contact_id"), "role": one.get("role") or ""} for one in people)


def with_names(work: Work, *people: Sequence[Mapping[str, Any]]) -> list[Part]:
    """Return lists of `link_ids` as `read_details` gives them, without those the actor does not see."""
    wanted = {one["contact_id"] for part in people for one in part}
    asked = select(Contact.id, Contact.name, Contact.main_phone, Contact.main_email).where(Contact.id.in_(wanted))
    known = {
        row.id: {"name": row.name, "phone": row.main_phone, "email": row.main_email}
        for row in (work.session.execute(asked) if wanted else ())
    }
    return [
        tuple(
            {"contact_id": one["contact_id"], "role": one["role"]} | seen
            for one in part
            if (seen := known.get(one["contact_id"])) is not None
        )
        for part in people
    ]


def _sides(contact: Contact) -> tuple[Any, Any]:
    if contact.kind == rules.PERSON:
        return ContactLink.person_id, ContactLink.company_id
    return ContactLink.company_id, ContactLink.person_id


def _replace_points(
    work: Work, contact_id: int, points: Sequence[Mapping[str, str]], country: str, *, clear: bool
) -> None:
    if clear:
        work.session.execute(delete(ContactPoint).where(ContactPoint.contact_id == contact_id))
    work.session.add_all(
        ContactPoint(
            contact_id=contact_id,
            key=rules.point_key(point["kind"], point["value"], country),
            position=place,
            **point,
        )
        for place, point in enumerate(points)
    )
    work.session.flush()


def _replace_addresses(work: Work, contact_id: int, addresses: Sequence[Mapping[str, str]], *, clear: bool) -> None:
    if clear:
        work.session.execute(delete(ContactAddress).where(ContactAddress.contact_id == contact_id))
    work.session.add_all(
        ContactAddress(contact_id=contact_id, position=place, **address) for place, address in enumerate(addresses)
    )
    work.session.flush()


def _replace_people(work: Work, contact: Contact, people: Sequence[Mapping[str, Any]]) -> list[Change]:
    """Link the named contacts; a person's companies and a company's persons are the same rows.

    Returns what that changed at the other ends.
    """
    wanted = _wanted_people(work, contact, people)
    mine, _other = _sides(contact)
    links = {
        (row.person_id if contact.kind != rules.PERSON else row.company_id): row
        for row in work.session.scalars(select(ContactLink).where(mine == contact.id))
    }
    moved = {id_ for id_ in links.keys() | wanted.keys() if id_ not in links or links[id_].role != wanted.get(id_)}
    others = [(other, people_of(work, other)) for other in locked(work, moved)]
    for other_id, row in links.items():
        if other_id not in wanted:
            work.session.delete(row)
    for place, (other_id, role) in enumerate(wanted.items()):
        if other_id in links:
            links[other_id].role, links[other_id].position = role, place
            continue
        person, company = (contact.id, other_id) if contact.kind == rules.PERSON else (other_id, contact.id)
        work.session.add(ContactLink(person_id=person, company_id=company, role=role, position=place))
    work.session.flush()
    return [Change(other, "people", before, people_of(work, other)) for other, before in others]


def _wanted_people(work: Work, contact: Contact, people: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Return the role of each contact to be linked, by id. Raises Invalid for two of one kind."""
    wanted: dict[int, str] = {}
    for one in people:
        other_id = one.get("contact_id")
        if other_id is None:
            continue
        if work.get(Contact, other_id).kind == contact.kind:
            raise Invalid("people", N_("Only a person can belong to a company."))
        wanted[other_id] = clean_line(str(one.get("role") or ""))
    return wanted
