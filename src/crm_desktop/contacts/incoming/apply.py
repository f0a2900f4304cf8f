"""Writes what was planned for a sheet of contacts."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from crm_desktop.contacts import rules
from crm_desktop.contacts.above import additions
from crm_desktop.contacts.incoming.fields import ADDRESS, CUSTOMERS, SIDE, SUPPLIERS
from crm_desktop.contacts.incoming.matching import blocks
from crm_desktop.contacts.incoming.plan import New, Update
from crm_desktop.contacts.incoming.values import Person, Wanted
from crm_desktop.contacts.incoming.writing import Change, change_contacts, insert_noted
from crm_desktop.db.work import Work
from crm_desktop.shared.importing import ImportOptions, Planned, Verdict
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress

_BLOCK: Final = 5_000


@requires(Permission.CONTACT_IMPORT)
def apply(work: Work, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
    """Write new and changed contacts, with the people who come along. Raises Cancelled, Conflict."""
    side = options.chosen.get(SIDE, CUSTOMERS)
    flags = {"is_customer": side != SUPPLIERS, "is_supplier": side != CUSTOMERS}
    new = [one.payload for one in planned if one.verdict is Verdict.NEW]
    updates = [one.payload for one in planned if one.verdict is Verdict.UPDATE]
    ids = _insert(work, new, flags, progress)
    _change(work, updates)
    _add(work, [(ids[id(one)], one.wanted) for one in new] + [(one.change.known.id, one.wanted) for one in updates])


def _insert(work: Work, new: Sequence[New], flags: dict[str, bool], progress: Progress) -> dict[int, int]:
    """Insert new contacts in blocks, companies before those who work there; return their ids by `id()`."""
    ids: dict[int, int] = {}
    companies = _missing_companies(work, new, flags)
    first, then = ([one for one in new if isinstance(one.employer, New) is late] for late in (False, True))
    for block in (*blocks(first, _BLOCK), *blocks(then, _BLOCK)):
        progress.step(len(ids), len(new))
        made: list[dict[str, Any]] = []
        places: list[int] = []
        for one in block:
            places.append(len(made))
            made.append(_values(work, one, flags) | _employment(one, ids, companies))
            made.extend(_person(person, made[places[-1]], employer=places[-1]) for person in one.wanted.persons)
        written = insert_noted(work, made)
        ids.update((id(one), written[place]) for one, place in zip(block, places, strict=True))
    return ids


def _missing_companies(work: Work, new: Iterable[New], flags: dict[str, bool]) -> dict[str, int]:
    """Make the companies that people of the sheet work for, which are nowhere yet."""
    wanted: dict[str, dict[str, Any]] = {}
    for one in new:
        if name := one.employer_named:
            key = rules.name_key(rules.COMPANY, name)
            wanted.setdefault(key, {"kind": rules.COMPANY, "name": name, "owner": one.owner, **flags})
    return dict(zip(wanted, insert_noted(work, list(wanted.values())), strict=True))


def _employment(one: New, ids: dict[int, int], companies: dict[str, int]) -> dict[str, Any]:
    if isinstance(one.employer, New):
        return {"employer_id": ids[id(one.employer)], "role": one.wanted.role}
    employer = one.employer
    if one.employer_named:
        employer = companies[rules.name_key(rules.COMPANY, one.employer_named)]
    return {} if employer is None else {"employer_id": employer, "role": one.wanted.role}


def _values(work: Work, one: New, flags: dict[str, bool]) -> dict[str, Any]:
    """Return a new contact as `insert_noted` takes it. Who imports is neither its author nor its owner."""
    wanted = one.wanted
    values: dict[str, Any] = {
        "kind": wanted.kind,
        "name": wanted.name,
        "name_key": wanted.name_key,
        "code_key": wanted.code_key,
        "registration_key": wanted.registration_key,
        "owner": one.owner,
        "points": wanted.keyed,
        "created_at": wanted.created_at or work.now,
        "created_by": None if wanted.created_by == -1 else wanted.created_by,
        "updated_at": work.now,
        "updated_by": work.actor.user_id,
        **flags,
        **wanted.columns,
    }
    if any(wanted.address.values()):
        values["addresses"] = [{"kind": "office", **{part: wanted.address.get(part, "") for part in ADDRESS}}]
    if wanted.custom:
        values["custom"] = {key: value for key, value in wanted.custom.items() if value is not None}
    if wanted.tags:
        values["tags"] = wanted.tags
    return values


def _person(person: Person, company: dict[str, Any], **employer: Any) -> dict[str, Any]:
    """Return somebody who works for a company of the sheet; who looks after it looks after them."""
    taken = ("owner", "is_customer", "is_supplier", "created_at", "created_by", "updated_at", "updated_by")
    return {name: company[name] for name in taken} | {
        "kind": rules.PERSON,
        "name": person.name,
        "name_key": person.key,
        "status": company.get("status", "prospect"),
        "points": person.points,
        "role": person.role,
        **employer,
    }


def _change(work: Work, updates: Sequence[Update]) -> None:
    made: list[dict[str, Any]] = []
    joins: list[Change] = []
    for one in updates:
        head = one.change.known.head
        company = {name: head[name] for name in ("is_customer", "is_supplier", "status")} | {
            "owner": head["owner_id"],
            "created_at": work.now,
            "created_by": None,
            "updated_at": work.now,
            "updated_by": work.actor.user_id,
        }
        for person in one.people:
            made.append(_person(person, company, employer_id=one.change.known.id))
            joins.append(one.change)
    for change, values, id_ in zip(joins, made, insert_noted(work, made), strict=True):
        change.joined.append((id_, values["role"]))
    changes = [one.change for one in updates if one.change.values or one.change.roles or one.change.joined]
    change_contacts(work, [*changes, *_once(other for one in updates for other in one.others)])


def _once(changes: Iterable[Change]) -> list[Change]:
    """Return the changes of people, each person once though several companies name them."""
    return list({change.known.id: change for change in changes}.values())


def _add(work: Work, written: Sequence[tuple[int, Wanted]]) -> None:
    for addition in additions():
        names = {one.name for one in addition.fields(work)}
        wanted = {
            id_: mine
            for id_, one in written
            if one.others and (mine := {name: value for name, value in one.others.items() if name in names})
        }
        if wanted:
            addition.apply(work, wanted)
