"""Writes what an import decided: many new contacts, and many changed ones, each with its journal entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update

from crm_desktop.contacts import above, handover, rules
from crm_desktop.contacts.bulk import insert_silently
from crm_desktop.contacts.incoming.matching import Known, blocks
from crm_desktop.contacts.index import tokens
from crm_desktop.contacts.model import (
    Contact,
    ContactAddress,
    ContactLink,
    ContactPoint,
    ContactSearch,
    ContactTag,
    Tag,
)
from crm_desktop.contacts.rows import add_missing
from crm_desktop.contacts.service import COLUMNS, ENTITY, country
from crm_desktop.db.journal import CREATE, UPDATE, Note, plain
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Conflict
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.registration import registration_key
from crm_desktop.shared.text import fold

_TOLD: Final = (*COLUMNS, "addresses")
_POINT: Final = ("kind", "value", "note")
_SEARCHED: Final = frozenset({"name", "short_name", "code", "registration_number", "notes", "points", "addresses"})
_WRITTEN: Final = (
    *COLUMNS,
    *("custom", "main_phone", "main_email", "main_city", "sort_key", "name_key", "code_key", "registration_key"),
)


@dataclass(slots=True)
class Change:
    """New values of a contact in sight whose details were read, by the names the journal uses.

    `values` are columns, `owner_id`, `points`, `addresses`, `tags` and `custom.KEY` (as stored, None: empty);
    `roles` those of people linked already, `joined` (id, role) of people to be linked.
    """

    known: Known
    values: dict[str, Any] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    joined: list[tuple[int, str]] = field(default_factory=list)


@requires(Permission.CONTACT_WRITE)
def insert_noted(work: Work, contacts: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    """Insert contacts as `bulk.insert_contacts` takes them (`tags` by name too), each with its journal entry."""
    tag_ids = _tag_ids(work, {name for one in contacts for name in one.get("tags", ())})
    given = (
        [
            {**one, "tag_ids": [tag_ids[fold(name)] for name in one["tags"]]} if one.get("tags") else one
            for one in contacts
        ]
        if tag_ids
        else contacts
    )
    ids = insert_silently(work, given)
    people: dict[int, list[dict[str, Any]]] = {}
    for id_, values in zip(ids, contacts, strict=True):
        after = {name: value for name in _TOLD if (value := values.get(name)) not in (None, "", [])}
        if points := values.get("points"):
            after["points"] = [{name: point[name] for name in _POINT} for point in points]
        if values.get("owner") is not None:
            after["owner_id"] = values["owner"]
        if custom := values.get("custom"):
            after |= {f"custom.{key}": value for key, value in custom.items()}
        if tags := values.get("tags"):
            after["tags"] = list(tags)
        place = values.get("employer")
        if (company := values.get("employer_id") if place is None else ids[place]) is not None:
            role = values.get("role", "")
            after["people"] = [{"contact_id": company, "role": role}]
            if place is not None:
                people.setdefault(company, []).append({"contact_id": id_, "role": role})
        work.notes.add(ENTITY, id_, Note(CREATE, {}, after, 1, id_))
    for company, linked in people.items():
        work.notes.add(ENTITY, company, Note(CREATE, {}, {"people": linked}, 1, company))
    return ids


@requires(Permission.CONTACT_WRITE)
def change_contacts(work: Work, changes: Sequence[Change]) -> None:
    """Write changed contacts, each with its journal entry. Raises Conflict when one changed meanwhile."""
    home = country(work)
    tag_ids = _tag_ids(work, {name for one in changes for name in one.values.get("tags", ())})
    for block in blocks(changes):
        _write_columns(work, block)
        _write_parts(work, block, home)
        _write_tags(work, [one for one in block if "tags" in one.values], tag_ids)
        _write_people(work, block)
        _write_search(work, [one for one in block if one.values.keys() & _SEARCHED], home)
        for one in block:
            _note(work, one)
    _hand_over(work, changes)
    above.derive(work, [one.known.id for one in changes if "is_customer" in one.values])


def _write_columns(work: Work, block: Sequence[Change]) -> None:
    rows = [_columns(work, one) for one in block]
    table = cast(Table, Contact.__table__)
    statement = (
        update(table)
        .where(table.c.id == bindparam("at_id"), table.c.version == bindparam("at_version"))
        .values({name: bindparam(f"new_{name}") for name in (*_WRITTEN, "version", "updated_at", "updated_by")})
    )
    done = work.session.connection().execute(statement, rows)
    if done.rowcount not in (len(rows), -1):
        raise Conflict(theirs={}, original={}, version=0)


def _columns(work: Work, one: Change) -> dict[str, Any]:
    """Return every column that a change may write, changed or not: one statement fits all."""
    head, values = one.known.head, one.values
    columns = {name: values.get(name, head[name]) for name in COLUMNS}
    points, addresses = parts_of(one)
    columns |= rules.main_values(points, addresses) | rules.derived(columns["kind"], columns["name"])
    columns["code_key"] = rules.code_key(columns["code"])
    columns["registration_key"] = registration_key(columns["registration_number"])
    custom = dict(head["custom"])
    for name, value in values.items():
        if name.startswith("custom."):
            custom[name.removeprefix("custom.")] = value
    columns["custom"] = {key: value for key, value in custom.items() if value is not None}
    written = {"version": one.known.version + 1, "updated_at": work.now, "updated_by": work.actor.user_id}
    return {f"new_{name}": value for name, value in (columns | written).items()} | {
        "at_id": one.known.id,
        "at_version": one.known.version,
    }


def parts_of(one: Change) -> tuple[Sequence[Mapping[str, str]], Sequence[Mapping[str, str]]]:
    """Return the phones and the like, and the addresses, as they will be."""
    values, known = one.values, one.known
    return values.get("points", known.points), values.get("addresses", known.addresses)


def _write_parts(work: Work, block: Sequence[Change], home: str) -> None:
    for part, entity in (("points", ContactPoint), ("addresses", ContactAddress)):
        changed = [one for one in block if part in one.values]
        if not changed:
            continue
        table = cast(Table, entity.__table__)
        work.session.execute(
            delete(entity).where(entity.contact_id.in_([one.known.id for one in changed])),
            execution_options={"synchronize_session": False},
        )
        rows = [
            {"contact_id": one.known.id, "position": place, **row} | _keyed(part, row, home)
            for one in changed
            for place, row in enumerate(one.values[part])
        ]
        if rows:
            work.session.connection().execute(insert(table), rows)


def _keyed(part: str, row: Mapping[str, str], home: str) -> dict[str, str]:
    return {"key": rules.point_key(row["kind"], row["value"], home)} if part == "points" else {}


def _write_tags(work: Work, changed: Sequence[Change], tag_ids: Mapping[str, int]) -> None:
    if not changed:
        return
    ids = [one.known.id for one in changed]
    work.session.execute(
        delete(ContactTag).where(ContactTag.contact_id.in_(ids)), execution_options={"synchronize_session": False}
    )
    rows = [
        {"contact_id": one.known.id, "tag_id": tag_ids[fold(name)]} for one in changed for name in one.values["tags"]
    ]
    if rows:
        work.session.connection().execute(insert(cast(Table, ContactTag.__table__)), rows)


def _write_people(work: Work, block: Sequence[Change]) -> None:
    table = cast(Table, ContactLink.__table__)
    for one in block:
        mine, other = ("company_id", "person_id") if one.known["kind"] == rules.COMPANY else ("person_id", "company_id")
        for person_id, role in one.roles.items():
            work.session.connection().execute(
                update(table).where(table.c[mine] == one.known.id, table.c[other] == person_id).values(role=role)
            )


def _write_search(work: Work, changed: Sequence[Change], home: str) -> None:
    if not changed:
        return
    table = cast(Table, ContactSearch.__table__)
    rows = [{"at_id": one.known.id, **_tokens(work, one, home)} for one in changed]
    names = [name for name in rows[0] if name != "at_id"]
    work.session.connection().execute(
        update(table)
        .where(table.c.contact_id == bindparam("at_id"))
        .values({name: bindparam(f"new_{name}") for name in names}),
        [{"at_id": row["at_id"]} | {f"new_{name}": row[name] for name in names} for row in rows],
    )


def _tokens(work: Work, one: Change, home: str) -> dict[str, Any]:
    head, values = one.known.head, one.values
    points, addresses = parts_of(one)
    keyed = [
        {
            **point,
            "key": one.known.point_keys.get(point["value"]) or rules.point_key(point["kind"], point["value"], home),
        }
        for point in points
    ]
    now = {
        name: values.get(name, head[name]) for name in ("name", "short_name", "code", "registration_number", "notes")
    }
    city = rules.main_values(points, addresses)["main_city"]
    texts = rules.search_texts(
        [now["name"], now["short_name"]], keyed, [now["code"], now["registration_number"], city, now["notes"]]
    )
    return tokens(texts, postgres=work.is_postgres)


def _note(work: Work, one: Change) -> None:
    known = one.known
    before: dict[str, Any] = {}
    for name in one.values:
        if name == "owner_id":
            continue
        if name.startswith("custom."):
            before[name] = known["custom"].get(name.removeprefix("custom."))
        else:
            before[name] = plain(getattr(known, name) if name in ("points", "addresses", "tags") else known[name])
    after = {name: plain(one.values[name]) for name in before}
    if one.roles or one.joined:
        linked = {id_: role for id_, _name, _key, role in known.people}
        before["people"] = _links(linked)
        after["people"] = _links({**linked, **one.roles, **dict(one.joined)})
    work.notes.add(ENTITY, known.id, Note(UPDATE, before, after, known.version + 1, known.id))


def _links(linked: Mapping[int, str]) -> list[dict[str, Any]]:
    return [{"contact_id": id_, "role": role} for id_, role in linked.items()]


def _hand_over(work: Work, changes: Sequence[Change]) -> None:
    """Give contacts to their new owners at the end: afterwards the actor may no longer see them."""
    by_owner: dict[int | None, list[int]] = {}
    for one in changes:
        if "owner_id" in one.values:
            by_owner.setdefault(one.values["owner_id"], []).append(one.known.id)
    for owner_id, ids in by_owner.items():
        handover.assign(work, ids, owner_id)


def _tag_ids(work: Work, names: set[str]) -> dict[str, int]:
    """Return the ids of tags by their folded name, making what is missing."""
    wanted = {fold(name): name for name in sorted(names)}
    if not wanted:
        return {}
    known = _known_tags(work)
    missing = sorted(wanted.keys() - known.keys())
    for key in missing:
        add_missing(work, Tag, name=wanted[key], name_key=key)
    return _known_tags(work) if missing else known


def _known_tags(work: Work) -> dict[str, int]:
    return {row.name_key: row.id for row in work.session.execute(select(Tag.name_key, Tag.id))}
