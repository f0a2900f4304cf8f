"""Makes every search token anew, after the data came from the other engine, which asks them in another form."""

from collections.abc import Iterator
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, delete, insert, select

from crm_desktop.contacts import rules
from crm_desktop.contacts.index import tokens
from crm_desktop.contacts.model import Contact, ContactPoint, ContactSearch

_BLOCK: Final = 2_000
_NAMES: Final = ("name", "short_name")
_NO_MORE: Final[tuple[int | None, Iterator[Any]]] = (None, iter(()))
_MORE: Final = ("code", "registration_number", "main_city", "notes")


def reindex(connection: Connection) -> None:
    """Write the search tokens of every contact, inside the caller's transaction and past any row scope.

    Every table is read once from end to end: while a server is loaded, no index says whose a telephone number is.
    """
    table = cast(Table, ContactSearch.__table__)
    postgres = connection.dialect.name == "postgresql"
    connection.execute(delete(table))
    rows = (
        {
            "contact_id": one.id,
            "owner_key": one.owner_key,
            **tokens(
                rules.search_texts(
                    [getattr(one, name) for name in _NAMES], points, [getattr(one, name) for name in _MORE]
                ),
                postgres=postgres,
            ),
        }
        for one, points in _contacts_with_points(connection)
    )
    while block := list(islice(rows, _BLOCK)):
        connection.execute(insert(table), block)


def _contacts_with_points(connection: Connection) -> Iterator[tuple[Any, list[dict[str, str]]]]:
    """Yield each contact and its telephone numbers and the like in their order."""
    columns = [getattr(Contact, name) for name in ("id", "owner_key", *_NAMES, *_MORE)]
    of_points = select(ContactPoint.contact_id, ContactPoint.kind, ContactPoint.value, ContactPoint.key)
    in_order = of_points.order_by(ContactPoint.contact_id, ContactPoint.position, ContactPoint.id)
    streamed = {"yield_per": _BLOCK}
    with (
        connection.execute(select(*columns).order_by(Contact.id), execution_options=streamed) as contacts,
        connection.execute(in_order, execution_options=streamed) as points,
    ):
        of_each = groupby(points, attrgetter("contact_id"))
        of, group = next(of_each, _NO_MORE)
        for one in contacts:
            while of is not None and of < one.id:  # of nobody: whoever loads the rows finds that out
                of, group = next(of_each, _NO_MORE)
            if of == one.id:
                yield one, [{"kind": point.kind, "value": point.value, "key": point.key} for point in group]
                of, group = next(of_each, _NO_MORE)
            else:
                yield one, []
