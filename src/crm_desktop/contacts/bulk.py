"""Many contacts at once: rows made from plain values, inserted without an object each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import Table, column, func, insert, select

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
from crm_desktop.contacts.service import ENTITY, country
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.registration import registration_key

_TABLES: Final = (Contact, ContactPoint, ContactAddress, ContactLink, ContactTag, ContactSearch)
_PLAIN: Final = (
    "short_name",
    "status",
    "is_customer",
    "is_supplier",
    "registration_number",
    "level",
    "source",
    "industry",
    "language",
    "website",
    "notes",
)
_EMPTY: Final[Mapping[str, Any]] = dict.fromkeys(_PLAIN, "") | {
    "status": "prospect",
    "is_customer": True,
    "is_supplier": False,
}


@requires(Permission.CONTACT_IMPORT)
def insert_contacts(work: Work, contacts: Iterable[Mapping[str, Any]]) -> Sequence[int]:
    """Insert contacts and return their ids, in the order given.

    Each mapping has `kind`, `name`, and as in `service.create` any of the plain columns, `owner`,
    `points`, `addresses`; besides `created_at`, `created_by`, `tag_ids`, and `employer` (place in this
    call of the company a person works for) with `role`. Values are taken as clean. Nothing is written
    to the journal but one entry for all.
    """
    given = list(contacts)
    ids = _new_ids(work, len(given))
    rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in _TABLES}
    home = country(work)
    for id_, values in zip(ids, given, strict=True):
        _make_rows(rows, ids, id_, values, home, work)
    for table in _TABLES:
        _insert(work, cast(Table, table.__table__), rows[table])
    if ids:
        work.note(ENTITY, None, "bulk_create", after={"rows": len(ids), "first": ids[0], "last": ids[-1]})
        work.touch(ENTITY)
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
    keyed = [point | {"key": rules.point_key(point["kind"], point["value"], home)} for point in points]
    columns = {name: values.get(name, _EMPTY[name]) for name in _PLAIN}
    mains = rules.main_values(points, addresses)
    rows[Contact].append(columns | mains | _rest(id_, values, columns["registration_number"], work))
    for place, point in enumerate(keyed):
        rows[ContactPoint].append({"contact_id": id_, "position": place, "note": "", **point})
    for place, address in enumerate(addresses):
        rows[ContactAddress].append(_address(id_, place, address))
    rows[ContactTag].extend({"contact_id": id_, "tag_id": tag} for tag in values.get("tag_ids", ()))
    if values.get("employer") is not None:
        rows[ContactLink].append(
            {
                "person_id": id_,
                "company_id": ids[values["employer"]],
                "role": values.get("role", ""),
                "position": id_,
            }
        )
    texts = rules.search_texts(
        [values["name"], columns["short_name"]],
        keyed,
        [columns["registration_number"], mains["main_city"], columns["notes"]],
    )
    rows[ContactSearch].append({"contact_id": id_} | tokens(texts, postgres=work.is_postgres))


def _rest(id_: int, values: Mapping[str, Any], registration_number: str, work: Work) -> dict[str, Any]:
    """Return the columns of a contact that no form writes as they are."""
    owner = values.get("owner")
    created = values.get("created_at", work.now)
    return rules.derived(values["kind"], values["name"]) | {
        "id": id_,
        "version": 1,
        "kind": values["kind"],
        "name": values["name"],
        "owner_id": owner,
        "owner_key": owner or POOL,
        "owned_since": created if owner else None,
        "custom": {},
        "registration_key": registration_key(registration_number),
        "archived_at": None,
        "merged_into_id": None,
        "created_at": created,
        "created_by": values.get("created_by"),
        "updated_at": values.get("updated_at", created),
        "updated_by": values.get("created_by"),
    }


def _address(contact_id: int, place: int, address: Mapping[str, Any]) -> dict[str, Any]:
    parts = {name: address.get(name, "") for name in ("street", "city", "region", "postcode", "country")}
    return {"contact_id": contact_id, "position": place, "kind": address.get("kind", "office")} | parts


def _insert(work: Work, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows in one statement (COPY knows no row security)."""
    if rows:
        work.session.connection().execute(insert(table), rows)
