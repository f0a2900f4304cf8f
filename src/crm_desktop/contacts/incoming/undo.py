"""Takes back what imports did to contacts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import Table, delete, or_, select
from sqlalchemy.exc import IntegrityError

from crm_desktop.contacts.incoming.matching import Sightings, blocks, read_details
from crm_desktop.contacts.incoming.writing import Change, change_contacts
from crm_desktop.contacts.model import (
    Contact,
    ContactAddress,
    ContactLink,
    ContactPoint,
    ContactSearch,
    ContactTag,
)
from crm_desktop.contacts.service import COLUMNS, ENTITY
from crm_desktop.db.base import Base
from crm_desktop.db.journal import DELETE, Note
from crm_desktop.db.work import Work
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress

_OWN: Final = (ContactPoint, ContactAddress, ContactTag, ContactSearch)
_GOES_ALONG: Final = frozenset(entity.__tablename__ for entity in (*_OWN, ContactLink))
_PARTS: Final = frozenset({"points", "addresses", "tags"})


class ContactUndoer:
    """Removes contacts an import made, and gives those it changed their values back."""

    def labels(self, work: Work, ids: Iterable[int]) -> Mapping[int, str]:
        """Return their names."""
        return _labels(work, ids)

    def remove(self, work: Work, ids: Sequence[int], progress: Progress) -> Mapping[int, str]:
        """Delete them with all that is theirs; return why some must stay: documents, colleagues' rows."""
        return _remove(work, ids, progress)

    def restore(self, work: Work, before: Mapping[int, Mapping[str, Any]], progress: Progress) -> Mapping[int, str]:
        """Give them the values of the journal back; return why some cannot have them."""
        return _restore(work, before, progress)


@requires(Permission.CONTACT_IMPORT)
def _labels(work: Work, ids: Iterable[int]) -> dict[int, str]:
    return {
        row.id: row.name
        for block in blocks(sorted(set(ids)))
        for row in work.session.execute(select(Contact.id, Contact.name).where(Contact.id.in_(block)))
    }


@requires(Permission.CONTACT_IMPORT)
def _remove(work: Work, ids: Sequence[int], progress: Progress) -> dict[int, str]:
    names = _labels(work, ids)
    stays = {id_: _("You may not see this contact any more.") for id_ in ids if id_ not in names}
    for id_ in _in_use(work, list(names)):
        stays[id_] = _("It has documents or other records by now.")
    gone = [id_ for id_ in names if id_ not in stays]
    for place, block in enumerate(blocks(gone)):
        progress.step(place * len(block), len(gone))
        refused = _delete(work, block)
        stays |= refused
        for id_ in block:
            if id_ not in refused:
                work.notes.add(ENTITY, id_, Note(DELETE, {"name": names[id_]}, {}, None, id_))
    return stays


def _in_use(work: Work, ids: Sequence[int]) -> set[int]:
    """Return those of the contacts that rows of any other table point to."""
    used: set[int] = set()
    for key in _pointing_here():
        if work.session.connection().execute(select(key).where(key.is_not(None)).limit(1)).first() is None:
            continue
        for block in blocks(ids):
            used |= set(work.session.connection().execute(select(key).distinct().where(key.in_(block))).scalars())
    return used


def _pointing_here() -> Iterator[Any]:
    """Yield every column of other tables that holds the id of a contact."""
    contact = cast(Table, Contact.__table__)
    for table in Base.metadata.sorted_tables:
        if table.name in _GOES_ALONG:
            continue
        for key in table.foreign_keys:
            if key.column is contact.c.id:
                yield key.parent


def _delete(work: Work, block: Sequence[int]) -> dict[int, str]:
    """Delete contacts; what a row out of sight holds on to stays."""
    try:
        with work.session.begin_nested():
            _delete_all(work, block)
    except IntegrityError:
        if len(block) == 1:
            return {block[0]: _("It has documents or other records by now.")}
        half = len(block) // 2
        return _delete(work, block[:half]) | _delete(work, block[half:])
    return {}


def _delete_all(work: Work, block: Sequence[int]) -> None:
    plain = {"synchronize_session": False}
    linked = or_(ContactLink.person_id.in_(block), ContactLink.company_id.in_(block))
    with work.system_rights("what belongs to contacts in sight goes with them"):
        work.session.execute(delete(ContactLink).where(linked), execution_options=plain)
        for entity in _OWN:
            work.session.execute(delete(entity).where(entity.contact_id.in_(block)), execution_options=plain)
        work.session.execute(delete(Contact).where(Contact.id.in_(block)), execution_options=plain)


@requires(Permission.CONTACT_IMPORT)
def _restore(work: Work, before: Mapping[int, Mapping[str, Any]], progress: Progress) -> dict[int, str]:
    sightings = Sightings(work)
    sightings.look_up(id=before.keys())
    known = sightings.heads
    progress.step(0, len(before))
    read_details(work, list(known.values()))
    changes = []
    for id_, values in before.items():
        if (one := known.get(id_)) is None:
            continue
        change = Change(one, {name: value for name, value in values.items() if _is_value(name)})
        change.roles = {
            linked["contact_id"]: linked["role"] or ""
            for linked in values.get("people", ())
            if linked["contact_id"] in {person[0] for person in one.people}
        }
        changes.append(change)
    change_contacts(work, changes)
    return {id_: _("You may not see this contact any more.") for id_ in before if id_ not in known}


def _is_value(name: str) -> bool:
    return name in COLUMNS or name in _PARTS or name == "owner_id" or name.startswith("custom.")
