"""Many contacts at once: rows made from plain values, inserted without an object each."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, cast

from sqlalchemy import Table, column, func, select

from crm_desktop.contacts import rules
from crm_desktop.contacts.index import tokens
from crm_desktop.contacts.model import (
    POOL,
    Contact,
    ContactAddress,
    ContactLink,
    ContactPoint,
    ContactSearch,
    ContactTag,
)
from crm_desktop.contacts.service import COLUMNS, ENTITY, country
from crm_desktop.db.inserting import insert_many
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.registration import registration_key
from crm_desktop.shared.text import sort_key

_TABLES: Final = (Contact, ContactPoint, ContactAddress, ContactLink, ContactTag, ContactSearch)
_EMPTY: Final[Mapping[str, Any]] = {name: "" for name in COLUMNS if name not in ("kind", "name")} | {
    "status": "prospect",
    "is_customer": True,
    "is_supplier": False,
}


@requires(Permission.CONTACT_IMPORT)
def insert_contacts(work: Work, contacts: Iterable[Mapping[str, Any]]) -> Sequence[int]:
    """Insert contacts and return their ids, in the order given.

    Each mapping has `kind`, `name`, and as in `service.create` any of the plain columns, `owner`,
    `points`, `addresses`; besides `owned_since` (now, however old the contact is), `created_at`,
    `created_by`, `updated_at`, `updated_by`, `tag_ids`, `custom` as it is stored, and `employer` (place in
    this call of the company a person works for) or `employer_id` with
    `role`. Values are taken as clean. Nothing is written to the journal but one entry for all.
    """
    ids = insert_silently(work, contacts)
    if ids:
        work.note(ENTITY, None, "bulk_create", after={"rows": len(ids), "first": ids[0], "last": ids[-1]})
        work.touch(ENTITY)
    return ids


@requires(Permission.CONTACT_WRITE)
def insert_silently(work: Work, contacts: Iterable[Mapping[str, Any]]) -> Sequence[int]:
    """Insert contacts as `insert_contacts` does; the caller tells the journal."""
    given = list(contacts)
    ids = _new_ids(work, len(given))
    rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in _TABLES}
    home = country(work)
    for id_, values in zip(ids, given, strict=True):
        _make_rows(rows, ids, id_, values, home, work)
    for table in _TABLES:
        _insert(work, table, rows[table])
    return ids


def _new_ids(work: Work, count: int) -> Sequence[int]:
    """Return ids nobody else gets, in rising order: a server counts them itself, a file has one writer."""
    if work.is_postgres:
        counter = func.nextval(func.pg_get_serial_sequence("contact", "id"))
        drawn = select(counter).select_from(func.generate_series(1, count).table_valued(column("n")))
        return sorted(work.session.scalars(drawn))
    with work.system_rights("the highest id, which may be out of sight, tells nothing of its contact"):
        first = (work.session.scalar(select(func.max(Contact.id))) or 0) + 1
    return range(first, first + count)


def _make_rows(
    rows: dict[Any, list[dict[str, Any]]],
    ids: Sequence[int],
    id_: int,
    values: Mapping[str, Any],
    home: str,
    work: Work,
) -> None:
    points, addresses = values.get("points", ()), values.get("addresses", ())
    keyed = [
        point if "key" in point else {**point, "key": rules.point_key(point["kind"], point["value"], home)}
        for point in points
    ]
    contact = _columns(id_, values, rules.main_values(points, addresses), work)
    rows[Contact].append(contact)
    for position, point in enumerate(keyed):
        rows[ContactPoint].append({"contact_id": id_, "position": position, "note": "", **point})
    for position, address in enumerate(addresses):
        rows[ContactAddress].append(_address(id_, position, address))
    if tag_ids := values.get("tag_ids"):
        rows[ContactTag].extend({"contact_id": id_, "tag_id": tag} for tag in tag_ids)
    place = values.get("employer")
    if (employer_id := values.get("employer_id") if place is None else ids[place]) is not None:
        role = values.get("role", "")
        rows[ContactLink].append({"person_id": id_, "company_id": employer_id, "role": role, "position": id_})
    texts = rules.search_texts(
        [contact["name"], contact["short_name"]],
        keyed,
        [contact["code"], contact["registration_number"], contact["main_city"], contact["notes"]],
    )
    whose = {"contact_id": id_, "owner_key": contact["owner_key"]}
    rows[ContactSearch].append({**whose, **tokens(texts, postgres=work.is_postgres)})


def _columns(id_: int, values: Mapping[str, Any], mains: Mapping[str, str], work: Work) -> dict[str, Any]:
    """Return the columns of a contact: those of the form, what is derived from them, and who wrote them when."""
    owner = values.get("owner")
    created = values.get("created_at", work.now)
    author = values.get("created_by")
    plain = {name: values.get(name, usual) for name, usual in _EMPTY.items()}
    return {
        **plain,
        **mains,
        **_keys(values, plain["registration_number"]),
        "id": id_,
        "version": 1,
        "kind": values["kind"],
        "name": values["name"],
        "owner_id": owner,
        "owner_key": owner or POOL,
        "owned_since": values.get("owned_since", work.now) if owner else None,
        "custom": values.get("custom", {}),
        "archived_at": None,
        "merged_into_id": None,
        "created_at": created,
        "created_by": author,
        "updated_at": values.get("updated_at", created),
        "updated_by": values.get("updated_by", author),
    }


def _keys(values: Mapping[str, Any], registration_number: str) -> dict[str, str]:
    """Return what is derived from the name and the numbers; whoever compared them hands the keys in."""
    name = values["name"]
    if (name_key := values.get("name_key")) is None:
        name_key = rules.name_key(values["kind"], name)
    if (code_key := values.get("code_key")) is None:
        code_key = rules.code_key(values.get("code", ""))
    if (number_key := values.get("registration_key")) is None:
        number_key = registration_key(registration_number) if registration_number else ""
    return {"sort_key": sort_key(name), "name_key": name_key, "code_key": code_key, "registration_key": number_key}


def _address(contact_id: int, place: int, address: Mapping[str, Any]) -> dict[str, Any]:
    parts = {name: address.get(name, "") for name in ("street", "city", "region", "postcode", "country")}
    return {"contact_id": contact_id, "position": place, "kind": address.get("kind", "office")} | parts


def _insert(work: Work, entity: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        names = list(rows[0])
        columns = [map(itemgetter(name), rows) for name in names]
        table = cast(Table, entity.__table__)
        insert_many(work.session.connection(), table, names, columns, searched=entity is ContactSearch)
