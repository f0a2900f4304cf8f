"""Two records of one contact become one: the loser stays as a redirect, a snapshot is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from crm_desktop.contacts import rules
from crm_desktop.contacts.above import attached, derive
from crm_desktop.contacts.details import Change, link_ids, people_of, write_details
from crm_desktop.contacts.files import names_of
from crm_desktop.contacts.index import index_contact
from crm_desktop.contacts.model import Attachment, Contact, ContactLink, MergeSnapshot
from crm_desktop.contacts.rows import locked
from crm_desktop.contacts.service import COLUMNS, ENTITY, country, get, note_part, set_tags
from crm_desktop.db.journal import plain
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.record import Record
from crm_desktop.shared.registration import registration_key


@requires(Permission.CONTACT_MERGE)
def merge(
    work: Work,
    survivor_id: int,
    survivor_version: int,
    loser_id: int,
    loser_version: int,
    taken: Mapping[str, str],
) -> None:
    """Merge `loser_id` into `survivor_id`.

    `taken` says per field whose value stays ("survivor" or "loser"). Phones, addresses, people, tags and
    files of both are kept, and what features above hang on the loser moves along. Raises Conflict when
    either changed meanwhile, Invalid when they cannot be one.
    """
    survivor, loser = _both(work, survivor_id, survivor_version, loser_id, loser_version)
    mine, theirs = get(work, survivor.id), get(work, loser.id)
    moved, received = _move(work, survivor, loser)
    work.session.add(_snapshot(work, mine, theirs, moved))
    _take_values(survivor, loser, taken)
    for change in received:
        note_part(work, *change)
    joined = {part: _joined(mine[part], theirs[part]) for part in ("points", "addresses")}
    for change in write_details(work, survivor, joined, country):
        note_part(work, *change)
    _take_custom(work, survivor, loser)
    set_tags(work, survivor, [*mine["tags"], *theirs["tags"]])
    loser.merged_into_id, loser.archived_at = survivor.id, work.now
    index_contact(work, survivor)
    work.session.flush()
    derive(work, (survivor.id, loser.id))
    work.note(ENTITY, survivor.id, "merge", after={"merged": loser.name}, contact_id=survivor.id)


def _both(
    work: Work, survivor_id: int, survivor_version: int, loser_id: int, loser_version: int
) -> tuple[Contact, Contact]:
    """Return the two, locked in one order, whoever of them stays. Raises what `merge` does."""
    versions = {survivor_id: survivor_version, loser_id: loser_version}
    rows = {id_: work.get(Contact, id_, versions[id_]) for id_ in sorted(versions)}
    survivor, loser = rows[survivor_id], rows[loser_id]
    if survivor.id == loser.id or survivor.kind != loser.kind:
        raise Invalid("kind", N_("Only two different contacts of the same kind can be merged."))
    for one in (survivor, loser):
        if one.merged_into_id is not None:
            # Merging a redirect would lose its second half, or lead in a circle.
            raise Invalid("kind", N_("{name} was merged into another contact already. Merge that one."), name=one.name)
    return survivor, loser


def _take_values(survivor: Contact, loser: Contact, taken: Mapping[str, str]) -> None:
    customer, supplier = (survivor.is_customer or loser.is_customer), (survivor.is_supplier or loser.is_supplier)
    mine, theirs = ({name: getattr(one, name) for name in COLUMNS} for one in (survivor, loser))
    for name, value in rules.merged(mine, theirs, taken).items():
        setattr(survivor, name, value)
    survivor.is_customer, survivor.is_supplier = customer, supplier
    for name, value in rules.derived(survivor.kind, survivor.name).items():
        setattr(survivor, name, value)
    survivor.registration_key = registration_key(survivor.registration_number)
    survivor.code_key = rules.code_key(survivor.code)


def _take_custom(work: Work, survivor: Contact, loser: Contact) -> None:
    received = {key: value for key, value in loser.custom.items() if key not in survivor.custom}
    survivor.custom = survivor.custom | received
    for key, value in received.items():
        note_part(work, survivor, f"custom.{key}", None, value)


def _move(work: Work, survivor: Contact, loser: Contact) -> tuple[dict[str, list[int]], list[Change]]:
    """Point everything that hangs on the loser to the survivor.

    Returns the ids of the rows by table, and what the two and the people at the other ends received or
    gave, the survivor first.
    """
    files, changed_files = _move_files(work, survivor, loser)
    links, changed_people = _move_links(work, survivor, loser)
    moved = {"attachment": files, "contact_link": links}
    for feature in attached():
        moved[type(feature).__name__] = feature.repoint(work, loser.id, survivor.id)
    return moved, sorted((*changed_files, *changed_people), key=lambda change: change.contact is not survivor)


def _move_files(work: Work, survivor: Contact, loser: Contact) -> tuple[list[int], list[Change]]:
    ids = list(work.session.scalars(select(Attachment.id).where(Attachment.contact_id == loser.id)))
    if not ids:
        return [], []
    before = {one: names_of(work, one.id) for one in (survivor, loser)}
    work.session.execute(update(Attachment).where(Attachment.contact_id == loser.id).values(contact_id=survivor.id))
    return ids, [Change(one, "files", before[one], names_of(work, one.id)) for one in (survivor, loser)]


def _move_links(work: Work, survivor: Contact, loser: Contact) -> tuple[list[int], list[Change]]:
    mine, other = ("person_id", "company_id") if survivor.kind == rules.PERSON else ("company_id", "person_id")
    links = work.session.scalars(select(ContactLink).where(getattr(ContactLink, mine) == loser.id)).all()
    if not links:
        return [], []
    ends = [survivor, loser, *locked(work, [getattr(link, other) for link in links])]
    before = [people_of(work, one) for one in ends]
    asked = select(ContactLink).where(getattr(ContactLink, mine) == survivor.id)
    known = {getattr(link, other): link for link in work.session.scalars(asked)}
    for link in links:
        if (same := known.get(getattr(link, other))) is None:
            setattr(link, mine, survivor.id)
        else:
            # Linked to both: one link stays, or the person would serve the same company twice.
            same.role = same.role or link.role
            work.session.delete(link)
    work.session.flush()
    changes = (Change(one, "people", was, people_of(work, one)) for one, was in zip(ends, before, strict=True))
    return [link.id for link in links], [change for change in changes if change.before != change.after]


def _joined(mine: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    def same(one: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
        return tuple(sorted((key, value) for key, value in one.items() if key not in ("note", "kind")))

    known = {same(one) for one in mine}
    return (*mine, *(one for one in theirs if same(one) not in known))


def _snapshot(work: Work, mine: Record, theirs: Record, moved: Mapping[str, list[int]]) -> MergeSnapshot:
    both = {
        side: plain({**record.values, "people": link_ids(record["people"])})
        for side, record in (("survivor", mine), ("loser", theirs))
    }
    return MergeSnapshot(
        survivor_id=mine.id,
        loser_id=theirs.id,
        merged_at=work.now,
        merged_by=work.actor.user_id,
        snapshot={**both, "moved": dict(moved)},
    )
