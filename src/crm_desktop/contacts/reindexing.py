"""Makes every search token anew, after the data came from the other engine, which asks them in another form."""

from collections import defaultdict
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, delete, insert, select

from crm_desktop.contacts import rules
from crm_desktop.contacts.index import tokens
from crm_desktop.contacts.model import Contact, ContactPoint, ContactSearch

_BLOCK: Final = 2_000
_NAMES: Final = ("name", "short_name")
_MORE: Final = ("code", "registration_number", "main_city", "notes")


def reindex(connection: Connection) -> None:
    """Write the search tokens of every contact, inside the caller's transaction and past any row scope."""
    table = cast(Table, ContactSearch.__table__)
    postgres = connection.dialect.name == "postgresql"
    connection.execute(delete(table))
    last = 0
    while block := _block(connection, last):
        last = block[-1]["id"]
        points = _points(connection, block[0]["id"], last)
        rows = [
            {
                "contact_id": one["id"],
                **tokens(
                    rules.search_texts(
                        [one[name] for name in _NAMES], points[one["id"]], [one[name] for name in _MORE]
                    ),
                    postgres=postgres,
                ),
            }
            for one in block
        ]
        connection.execute(insert(table), rows)


def _block(connection: Connection, after: int) -> list[Any]:
    columns = [getattr(Contact, name) for name in ("id", *_NAMES, *_MORE)]
    asked = select(*columns).where(Contact.id > after).order_by(Contact.id)
    return list(connection.execute(asked.limit(_BLOCK)).mappings())


def _points(connection: Connection, first: int, last: int) -> dict[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    asked = (
        select(ContactPoint.contact_id, ContactPoint.kind, ContactPoint.value, ContactPoint.key)
        .where(ContactPoint.contact_id.between(first, last))
        .order_by(ContactPoint.contact_id, ContactPoint.position, ContactPoint.id)
    )
    for contact_id, kind, value, key in connection.execute(asked):
        found[contact_id].append({"kind": kind, "value": value, "key": key})
    return found
