"""Two records of one contact become one: the loser stays as a redirect, a snapshot is kept."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import select, update

from crm_desktop.contacts import rules
from crm_desktop.contacts.details import write_details
from crm_desktop.contacts.index import index_contact
from crm_desktop.contacts.model import Attachment, Contact, ContactLink, MergeSnapshot
from crm_desktop.contacts.service import COLUMNS, ENTITY, country, get, note_part, set_tags
from crm_desktop.db.journal import plain
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.record import Record


class Repoints(Protocol):
    """A feature above whose rows point to contacts."""

    def repoint(self, work: Work, from_id: int, to_id: int) -> list[int]:
        """Point every row of one contact to another and return the ids of the rows."""
        ...


@requires(Permission.CONTACT_MERGE)
def merge(
    work: Work,
    survivor_id: int,
    survivor_version: int,
    loser_id: int,
    loser_version: int,
    taken: Mapping[str, str],
    others: Sequence[Repoints] = (),
) -> None:
    """Merge `loser_id` into `survivor_id`.

    `taken` says per field whose value stays ("survivor" or "loser"). Phones, addresses, people, tags and
    files of both are kept. Raises Conflict when either changed meanwhile, Invalid when they cannot be one.
    """
    survivor = work.get(Contact, survivor_id, survivor_version)
    loser = work.get(Contact, loser_id, loser_version)
    if survivor.id == loser.id or survivor.kind != loser.kind:
        raise Invalid("kind", N_("Only two different contacts of the same kind can be merged."))
    mine, theirs = get(work, survivor.id), get(work, loser.id)
    moved = _move(work, survivor, loser, others)
    work.session.add(_snapshot(work, mine, theirs, moved))
    columns = {name: mine[name] for name in COLUMNS}, {name: theirs[name] for name in COLUMNS}
    for name, value in rules.merged(*columns, taken).items():
        setattr(survivor, name, value)
    survivor.is_customer = survivor.is_customer or loser.is_customer
    survivor.is_supplier = survivor.is_supplier or loser.is_supplier
    survivor.custom = loser.custom | survivor.custom
    for name, value in rules.derived(survivor.kind, survivor.name).items():
        setattr(survivor, name, value)
    joined = {part: _joined(mine[part], theirs[part]) for part in ("points", "addresses")}
    for part, before, after in write_details(work, survivor, joined, country(work)):
        note_part(work, survivor, part, before, after)
    set_tags(work, survivor, [*mine["tags"], *theirs["tags"]])
    loser.merged_into_id, loser.archived_at = survivor.id, work.now
    index_contact(work, survivor)
    work.session.flush()
    work.note(ENTITY, survivor.id, "merge", after={"merged": loser.name}, contact_id=survivor.id)


def _move(work: Work, survivor: Contact, loser: Contact, others: Sequence[Repoints]) -> dict[str, list[int]]:
    moved = {"attachment": list(work.session.scalars(select(Attachment.id).where(Attachment.contact_id == loser.id)))}
    work.session.execute(update(Attachment).where(Attachment.contact_id == loser.id).values(contact_id=survivor.id))
    person = survivor.kind == rules.PERSON
    mine, other = ("person_id", "company_id") if person else ("company_id", "person_id")
    known = set(
        work.session.scalars(select(getattr(ContactLink, other)).where(getattr(ContactLink, mine) == survivor.id))
    )
    moved["contact_link"] = []
    for link in work.session.scalars(select(ContactLink).where(getattr(ContactLink, mine) == loser.id)):
        if getattr(link, other) not in known:
            setattr(link, mine, survivor.id)
            moved["contact_link"].append(link.id)
    for feature in others:
        moved[type(feature).__name__] = feature.repoint(work, loser.id, survivor.id)
    return moved


def _joined(mine: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    def same(one: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
        return tuple(sorted((key, value) for key, value in one.items() if key not in ("note", "kind")))

    known = {same(one) for one in mine}
    return (*mine, *(one for one in theirs if same(one) not in known))


def _snapshot(work: Work, mine: Record, theirs: Record, moved: Mapping[str, list[int]]) -> MergeSnapshot:
    return MergeSnapshot(
        survivor_id=mine.id,
        loser_id=theirs.id,
        merged_at=work.now,
        merged_by=work.actor.user_id,
        snapshot={"survivor": plain(mine.values), "loser": plain(theirs.values), "moved": dict(moved)},
    )
