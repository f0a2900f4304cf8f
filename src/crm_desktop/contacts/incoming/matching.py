"""Which stored contacts the rows of a sheet meet, and what is known of those in sight."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import column, func, select

from crm_desktop.access.people import names as names_of_users
from crm_desktop.contacts.model import Contact, ContactAddress, ContactLink, ContactPoint, ContactTag, Tag
from crm_desktop.contacts.service import COLUMNS
from crm_desktop.db.work import Work
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import open_to_all

AT_ONCE: Final = 500
_KEYS_ON_SERVER: Final = 5_000
_MANY: Final = 2_000
_PART: Final = 5
"""Keys that are more than this part of all contacts are met by reading them all."""

_HEAD: Final = (
    *("id", "version", *COLUMNS, "owner_id", "custom", "code_key", "name_key", "registration_key"),
    *("archived_at", "main_phone", "main_email"),
)
_COLUMN: Final = {
    "code": Contact.code_key,
    "registration": Contact.registration_key,
    "name": Contact.name_key,
    "id": Contact.id,
}


class Met(NamedTuple):
    """A contact under a key, in sight or not."""

    id: int
    owner_id: int | None


@dataclass(slots=True)
class Known:
    """A contact in sight. `head` are its columns; the rest is read by `read_details` only where it is needed.

    `people` are (id, name, name key, role) of the persons of a company or the companies of a person.
    """

    id: int
    version: int
    head: Mapping[str, Any]
    points: list[dict[str, str]] = field(default_factory=list)
    addresses: list[dict[str, str]] = field(default_factory=list)
    people: list[tuple[int, str, str, str]] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    point_keys: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.head[name]


class Sightings:
    """Looks many keys up at once. What is out of sight is met, never shown: see `heads`."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._met: dict[str, dict[str, list[Met]]] = {}
        self.heads: dict[int, Known] = {}
        self.anybody = False
        """Whether a contact was met at all."""
        self._users: Mapping[int, str] | None = None

    def look_up(self, **keys: Collection[Any]) -> None:
        """Look up keys by `code`, `registration`, `name`, `point` or `id`, and read the contacts in sight."""
        found: set[int] = set()
        for what, wanted in keys.items():
            known = self._met.setdefault(what, {})
            missing = {key for key in wanted if key and key not in known}
            known.update((key, []) for key in missing)
            for key, id_, owner_id in _meet(self._work, what, missing):
                if key in missing:
                    known[key].append(Met(id_, owner_id))
                    found.add(id_)
        self.anybody = self.anybody or bool(found)
        self.heads.update(_heads(self._work, found - self.heads.keys()))

    def met(self, what: str, key: Any) -> Sequence[Met]:
        """Return who was met under a key, the oldest first."""
        return self._met.get(what, {}).get(key, ()) if key else ()

    def seen(self, met: Iterable[Met]) -> list[Known]:
        """Return those of them that are in sight."""
        return [self.heads[one.id] for one in met if one.id in self.heads]

    def hidden(self, met: Iterable[Met]) -> str:
        """Return the sentence about those out of sight, "" when there are none."""
        for one in met:
            if one.id not in self.heads:
                if self._users is None:
                    self._users = names_of_users(self._work)
                if name := self._users.get(one.owner_id or 0):
                    return _("This contact is there already and belongs to a colleague, {name}.").format(name=name)
                return _("This contact is there already, but you may not see it.")
        return ""


def _meet(work: Work, what: str, keys: Collection[Any]) -> Iterator[tuple[Any, int, int | None]]:
    """Yield (key, id, owner) of every contact under one of the keys, whoever owns it."""
    if not keys:
        return
    if work.is_guarded and what != "id":
        for block in blocks(sorted(keys), _KEYS_ON_SERVER):
            found = func.crm.met_contacts(what, block).table_valued(
                column("key"), column("contact_id"), column("owner_id")
            )
            yield from work.session.execute(select(found).order_by(found.c.contact_id))
        return
    with work.system_rights("a row of a sheet meets its contact whoever owns it, which is told, but not shown"):
        key: Any = ContactPoint.key if what == "point" else _COLUMN[what]
        asked = select(key, Contact.id, Contact.owner_id).where(Contact.merged_into_id.is_(None)).order_by(Contact.id)
        if what == "point":
            asked = asked.join(ContactPoint, ContactPoint.contact_id == Contact.id)
        if len(keys) > _MANY and len(keys) * _PART > (work.session.scalar(select(func.count(Contact.id))) or 0):
            yield from work.session.execute(asked.where(key != "") if what != "id" else asked)
            return
        for block in blocks(sorted(keys)):
            yield from work.session.execute(asked.where(key.in_(block)))


def _heads(work: Work, ids: Collection[int]) -> dict[int, Known]:
    """Return those of the contacts that the actor sees."""
    columns = [getattr(Contact, name) for name in _HEAD]
    return {
        row.id: Known(row.id, row.version, row._asdict())
        for block in blocks(sorted(ids))
        for row in work.session.execute(select(*columns).where(Contact.id.in_(block)))
    }


@open_to_all("gives what is known of contacts the caller sees already")
def read_details(work: Work, known: Collection[Known]) -> None:
    """Read phones, addresses, people and tags of contacts in sight."""
    by_id = {one.id: one for one in known}
    for block in blocks(sorted(by_id)):
        with work.system_rights("their contacts are in sight"):
            _read_parts(work, by_id, block)
            _read_tags(work, by_id, block)
        _read_people(work, by_id, block)


def _read_parts(work: Work, by_id: Mapping[int, Known], block: Sequence[int]) -> None:
    for row in _in_order(work, ContactPoint, block, "kind", "value", "note", "key"):
        one = by_id[row.contact_id]
        one.points.append({"kind": row.kind, "value": row.value, "note": row.note})
        one.point_keys[row.value] = row.key
    parts = ("kind", "street", "city", "region", "postcode", "country")
    for row in _in_order(work, ContactAddress, block, *parts):
        by_id[row.contact_id].addresses.append({name: getattr(row, name) for name in parts})


def _in_order(work: Work, entity: Any, block: Sequence[int], *names: str) -> Iterable[Any]:
    """Return parts of contacts without an object each, in their order."""
    asked = select(entity.contact_id, *(getattr(entity, name) for name in names))
    return work.session.execute(asked.where(entity.contact_id.in_(block)).order_by(entity.position, entity.id))


def _read_tags(work: Work, by_id: Mapping[int, Known], block: Sequence[int]) -> None:
    asked = select(ContactTag.contact_id, Tag.name).join(Tag, Tag.id == ContactTag.tag_id)
    for id_, name in work.session.execute(asked.where(ContactTag.contact_id.in_(block)).order_by(Tag.name_key)):
        by_id[id_].tags += (name,)


def _read_people(work: Work, by_id: Mapping[int, Known], block: Sequence[int]) -> None:
    for mine, other in (
        (ContactLink.company_id, ContactLink.person_id),
        (ContactLink.person_id, ContactLink.company_id),
    ):
        asked = select(mine, Contact.id, Contact.name, Contact.name_key, ContactLink.role).join(
            Contact, other == Contact.id
        )
        asked = asked.where(mine.in_(block)).order_by(ContactLink.position, ContactLink.id)
        for company_id, id_, name, name_key, role in work.session.execute(asked):
            by_id[company_id].people.append((id_, name, name_key, role))


def blocks(items: Sequence[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
    """Yield the items in lists of at most `size`."""
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
