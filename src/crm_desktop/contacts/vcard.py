"""Contacts as vCards 3.0, which phones and Outlook read (RFC 2426)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.contacts import rules
from crm_desktop.contacts.model import Contact, ContactAddress, ContactLink, ContactPoint
from crm_desktop.contacts.service import tags_of
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Permission, requires

_AT_ONCE: Final = 500
_TEL: Final = {"mobile": "CELL", "phone": "WORK,VOICE", "fax": "WORK,FAX", "whatsapp": "CELL"}
_FOLD_BYTES: Final = 75


@requires(Permission.CONTACT_EXPORT)
def cards(work: Work, ids: Sequence[int]) -> Iterator[str]:
    """Yield one vCard for each contact the actor sees, in the order of `ids`."""
    for start in range(0, len(ids), _AT_ONCE):
        block = list(ids[start : start + _AT_ONCE])
        contacts = {row.id: row for row in work.session.scalars(select(Contact).where(Contact.id.in_(block)))}
        points = _by_contact(work, ContactPoint, block)
        addresses = _by_contact(work, ContactAddress, block)
        firms = _firms(work, block)
        tags = tags_of(work, block)
        for id_ in block:
            if id_ in contacts:
                yield card(
                    contacts[id_],
                    points.get(id_, ()),
                    addresses.get(id_, ()),
                    firms.get(id_, ("", "")),
                    tags.get(id_, ()),
                )


def card(
    contact: Any, points: Sequence[Any], addresses: Sequence[Any], firm: tuple[str, str], tags: Sequence[str]
) -> str:
    """Return one vCard with CRLF line ends, long lines folded."""
    is_company = contact.kind == rules.COMPANY
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{escaped(contact.name)}"]
    # A Chinese name is not split: the whole name is the family name, as phones in China write it.
    lines.append("N:;;;;" if is_company else f"N:{escaped(contact.name)};;;;")
    if is_company:
        lines += [f"ORG:{escaped(contact.name)}", "X-ABSHOWAS:COMPANY"]
    elif firm[0]:
        lines.append(f"ORG:{escaped(firm[0])}")
        if firm[1]:
            lines.append(f"TITLE:{escaped(firm[1])}")
    for point in points:
        lines.append(_point_line(point))
    for address in addresses:
        parts = (address.street, address.city, address.region, address.postcode, address.country)
        lines.append(f"ADR;TYPE={'HOME' if address.kind == 'home' else 'WORK'}:;;{';'.join(map(escaped, parts))}")
    if contact.website:
        lines.append(f"URL:{escaped(contact.website)}")
    if tags:
        lines.append(f"CATEGORIES:{','.join(map(escaped, tags))}")
    if contact.notes:
        lines.append(f"NOTE:{escaped(contact.notes)}")
    lines.append("END:VCARD")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """Return text with the signs escaped that separate values."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """Return a line cut so that no piece is longer than 75 bytes and no character is cut in two."""
    pieces, piece, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > _FOLD_BYTES:
            pieces.append(piece)
            piece, size = " ", 1
        piece += char
        size += width
    return "\r\n".join([*pieces, piece])


def _point_line(point: Any) -> str:
    if point.kind in _TEL:
        return f"TEL;TYPE={_TEL[point.kind]}:{escaped(point.value)}"
    if point.kind == "email":
        return f"EMAIL;TYPE=INTERNET:{escaped(point.value)}"
    if point.kind == "web":
        return f"URL:{escaped(point.value)}"
    return f"X-{point.kind.upper()}:{escaped(point.value)}"


def _by_contact(work: Work, entity: Any, ids: Sequence[int]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in work.session.scalars(
        select(entity).where(entity.contact_id.in_(list(ids))).order_by(entity.position, entity.id)
    ):
        found.setdefault(row.contact_id, []).append(row)
    return found


def _firms(work: Work, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    rows = work.session.execute(
        select(ContactLink.person_id, Contact.name, ContactLink.role)
        .join(Contact, Contact.id == ContactLink.company_id)
        .where(ContactLink.person_id.in_(list(ids)))
        .order_by(ContactLink.position.desc())
    )
    return {person: (name, role) for person, name, role in rows}
