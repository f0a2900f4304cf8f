"""A small feature of our own, on a real SQLite file: what a list needs and nothing else."""

import sqlite3
import threading
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.record import Page
from crm_desktop.ui.list_source import Count, IdChunk

TODAY = date(2026, 11, 22)
NAMES = {1: "Zhou Min", 2: "Anna Weber", 3: "Chen Jie"}
FIRST = (
    "Shenzhen Hengrun",
    "Northgate",
    "Ningbo Huaxin",
    "上海康达",
    "Xiamen Lugang",
    "Müller",
    "東昇精密",
    "Atlas",
)
LAST = (
    "Trading",
    "Supplies Ltd",
    "Electromechanical",
    "仪表有限公司",
    "Import & Export",
    "GmbH",
    "股份有限公司",
    "Inc.",
)
SHOWN = Use.TABLE | Use.DEFAULT | Use.FILTER | Use.SORT
FIELDS = (
    Field("name", None, N_("Name"), 28, SHOWN | Use.SEARCH),
    Field(
        "status",
        None,
        N_("Status"),
        13,
        SHOWN,
        Kind.STATUS,
        choices=(("prospect", N_("Prospect")), ("customer", N_("Customer")), ("lapsed", N_("Lapsed"))),
        shapes=(("prospect", "ring"), ("customer", "disc"), ("lapsed", "small_disc")),
    ),
    Field("owner", None, N_("Owner"), 12, SHOWN, Kind.USER),
    Field("city", None, N_("City"), 10, SHOWN),
    Field("phone", None, N_("Phone"), 14, SHOWN, Kind.PHONE),
    Field("orders", None, N_("Orders"), 7, SHOWN, Kind.INTEGER),
    Field("tags", None, N_("Tags"), 12, SHOWN & ~Use.SORT, Kind.TAGS),
    Field("vip", None, N_("Key account"), 6, SHOWN & ~Use.DEFAULT, Kind.BOOLEAN),
    Field("last_on", None, N_("Last contact"), 9, SHOWN, Kind.DATE),
    Field("next_on", None, N_("Next contact"), 8, SHOWN, Kind.DATE),
)
CAP = 2_000
COLUMNS = (
    "id INTEGER PRIMARY KEY, name, status, owner INTEGER, city, phone, orders INTEGER, tags, vip, last_on, next_on"
)


def make_companies(path: Path, rows: int) -> None:
    """Write `rows` companies; number n is always the same one."""
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE company ({COLUMNS})")
    connection.execute("CREATE INDEX by_name ON company(name, id)")
    connection.executemany(
        f"INSERT INTO company VALUES ({','.join('?' * 11)})", (_company(n) for n in range(1, rows + 1))
    )
    connection.commit()
    connection.close()


def _company(n: int) -> tuple[Any, ...]:
    statuses = ("customer", "customer", "prospect", "lapsed")
    return (
        n,
        f"{FIRST[n % 8]} {LAST[n // 8 % 8]} {n:06}",
        statuses[n % 4],
        n % 3 + 1,
        ("Ningbo", "London", "Shanghai", "深圳")[n % 4],
        f"138{n:08}",
        n % 97,
        ("", "A", "A,export", "gift")[n % 4],
        n % 5 == 0,
        (TODAY - timedelta(days=n % 60)).isoformat(),
        (TODAY + timedelta(days=n % 9 - 2)).isoformat() if n % 3 else None,
    )


class Connections:
    """The `begin` of the tests: a connection per thread, a transaction per unit of work."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: list[tuple[str, bool]] = []
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []

    @contextmanager
    def __call__(self, *, operation_id: str, writes: bool) -> Iterator[sqlite3.Connection]:
        self.seen.append((operation_id, writes))
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, check_same_thread=False)
            self._local.connection = connection
            self._open.append(connection)
        with connection:
            yield connection

    def close(self) -> None:
        """Close what was opened; the lanes have ended."""
        for connection in self._open:
            connection.close()


class Companies:
    """A `ListSource` over the file."""

    entity = "company"
    fields = FIELDS

    def first_page(self, work: Any, listing: Listing, limit: int) -> Page:
        where, values = _where(listing)
        columns = ("id", *listing.columns)
        sql = f"SELECT {', '.join(columns)} FROM company WHERE {where} ORDER BY {_order(listing)} LIMIT ?"
        return Page(columns, [_typed(columns, row) for row in work.execute(sql, (*values, limit))])

    def ids(self, work: Any, listing: Listing, after: Any, limit: int) -> IdChunk:
        where, values = _where(listing)
        start = after or 0
        cap = CAP if listing.text else None
        sql = f"SELECT id FROM company WHERE {where} ORDER BY {_order(listing)} LIMIT ? OFFSET ?"
        ids = array("q", (row[0] for row in work.execute(sql, (*values, cap + 1 if cap else limit, start))))
        if cap is not None:
            return IdChunk(ids[:cap], capped=len(ids) > cap)
        return IdChunk(ids, start + len(ids) if len(ids) == limit else None)

    def rows(self, work: Any, columns: Sequence[str], ids: Sequence[int]) -> Page:
        names = ("id", *columns)
        marks = ",".join("?" * len(ids))
        sql = f"SELECT {', '.join(names)} FROM company WHERE id IN ({marks})"
        return Page(names, [_typed(names, row) for row in work.execute(sql, tuple(ids))])

    def count(self, work: Any, listing: Listing) -> Count:
        where, values = _where(listing)
        found = work.execute(f"SELECT count(*) FROM company WHERE {where}", values).fetchone()[0]
        return Count(min(found, CAP), capped=True) if listing.text and found > CAP else Count(found)

    def offers(self, work: Any, field_name: str) -> Sequence[tuple[Any, str]]:
        return [("A", "A"), ("export", "export")] if field_name == "tags" else []

    def close_match(self, work: Any, listing: Listing) -> str:
        found = work.execute(
            "SELECT name FROM company WHERE name LIKE ? LIMIT 1", (f"%{listing.text[:4]}%",)
        ).fetchone()
        return f"There is one close match: {found[0]}." if found and listing.text else ""


def _typed(columns: Sequence[str], row: Sequence[Any]) -> tuple[Any, ...]:
    typed = []
    for name, value in zip(columns, row, strict=True):
        if name in ("last_on", "next_on"):
            value = date.fromisoformat(value) if value else None
        elif name == "tags":
            value = tuple(value.split(",")) if value else ()
        elif name == "vip":
            value = bool(value)
        typed.append(value)
    return tuple(typed)


def _order(listing: Listing) -> str:
    sorts = listing.sorts or (Sort("name"),)
    keys = [f"{sort.field} {'DESC' if sort.descending else 'ASC'}" for sort in sorts]
    return ", ".join([*keys, "id"])


def _where(listing: Listing) -> tuple[str, list[Any]]:
    parts, values = ["1"], []
    if listing.text:
        parts.append("name LIKE ?")
        values.append(f"%{listing.text}%")
    for one in listing.filters:
        part, more = _condition(one)
        parts.append(part)
        values += more
    return " AND ".join(parts), values


def _condition(one: Filter) -> tuple[str, list[Any]]:
    values = [value.isoformat() if isinstance(value, date) else value for value in one.values]
    match one.op:
        case "is":
            known = [value for value in values if value is not None]
            part = f"{one.field} IN ({','.join('?' * len(known))})"
            return (f"({part} OR {one.field} IS NULL)" if len(known) < len(values) else part), known
        case "contains":
            return f"{one.field} LIKE ?", [f"%{values[0]}%"]
        case "from":
            return f"{one.field} >= ?", values
        case "to":
            return f"{one.field} <= ?", values
        case "empty":
            return f"coalesce({one.field}, '') = ''", []
        case _:
            return f"coalesce({one.field}, '') <> ''", []
