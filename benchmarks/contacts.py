"""Lists, search and saving of contacts against the bare driver."""

import itertools
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg

from benchmarks.companies import Measured
from benchmarks.timing import interleaved, rows, show
from crm_desktop.contacts import lists, service
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.listing import Filter, Listing, Sort

COLUMNS = ("name", "status", "owner", "phone", "city", "level", "updated_at")
_SELECTED = "SELECT id, name, status, owner_id, main_phone, main_city, level, updated_at FROM contact "
_BY_ID = _SELECTED + "WHERE id > {middle} ORDER BY id LIMIT 100"
_BY_NAME = _SELECTED + "WHERE archived_at IS NULL ORDER BY sort_key, id LIMIT 100"
_KNOWN = _SELECTED + "WHERE id IN ({ids})"
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH = _EPOCH_UTC.replace(tzinfo=None)
_YARDSTICK = "bare driver, 100 rows by id"


def measure(company: Measured, rounds: int) -> None:
    """Print the tables of one company."""
    engine = company.database.engine.dialect.name
    bare = Bare(company)
    _pages(company, bare, f"{engine}, {company.size:,} contacts: pages of 100", rounds)
    _search(company, bare, f"{engine}, {company.size:,} contacts: search to the first page", rounds)
    _saving(company, f"{engine}, {company.size:,} contacts: saving", min(rounds, 40))


class Bare:
    """The bare driver on the same company, reading the same columns of as many rows as the program does.

    Like the program it ends its transaction each time on a file and has none on a server, and it hands
    over plain tuples of the same values: a moment knows its zone, which neither driver tells.
    """

    def __init__(self, company: Measured) -> None:
        self._is_file = company.database.path is not None
        self._by_id = _BY_ID.format(middle=company.size // 2)
        if company.database.path is not None:
            self._connection: Any = sqlite3.connect(company.database.path, isolation_level=None)
            self._connection.execute("PRAGMA cache_size = -65536")
            self._connection.execute("PRAGMA mmap_size = 1073741824")
            return
        url = company.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute("SET search_path = crm")

    def page_by_id(self) -> object:
        """Read neighbouring rows: the yardstick."""
        return self._fetch(self._by_id)

    def page_by_name(self) -> object:
        """Read the rows of the first page of the list."""
        return self._fetch(_BY_NAME)

    def known(self, ids: Sequence[int]) -> object:
        """Read rows by their ids, wherever they are."""
        return self._fetch(_KNOWN.format(ids=",".join(map(str, ids))))

    def _fetch(self, sql: str) -> object:
        if not self._is_file:
            found = self._connection.execute(sql).fetchall()
            return [(*row[:-1], _EPOCH_UTC + (row[-1] - _EPOCH)) for row in found]
        self._connection.execute("BEGIN")
        found = self._connection.execute(sql).fetchall()
        self._connection.execute("ROLLBACK")
        return [(*row[:-1], datetime.fromisoformat(row[-1] + "+00:00")) for row in found]


def _pages(company: Measured, bare: Bare, title: str, rounds: int) -> None:
    def page(actor: Actor, listing: Listing) -> Callable[[], object]:
        def run() -> object:
            with company.read(actor) as work:
                return lists.first_page(work, listing, COLUMNS)

        return run

    def jump() -> object:
        with company.read(company.everything) as work:
            return lists.rows(work, COLUMNS, known)

    with company.read(company.everything) as work:
        ids, _after = lists.ids(work, Listing())
    known = list(ids[-100:])
    mine = Listing(filters=(Filter("owner", "is", (company.own.user_id,)),))
    by_change = Listing(sorts=(Sort("updated_at", descending=True),))
    things = {
        _YARDSTICK: bare.page_by_id,
        "bare driver, 100 rows by name": bare.page_by_name,
        "bare driver, 100 known ids": lambda: bare.known(known),
        "first page by name, all": page(company.everything, Listing()),
        "first page by change, all": page(company.everything, by_change),
        "first page by name, team": page(company.team, Listing()),
        "first page by name, own": page(company.own, Listing()),
        "first page by change, own": page(company.own, by_change),
        "my contacts, own": page(company.own, mine),
        "a colleague's contacts, all": page(company.everything, mine),
        "jump: 100 known ids": jump,
    }
    goals = {
        "first page by name, all": "<= 1.5",
        "first page by change, all": "<= 1.5",
        "first page by name, team": "<= 2 x all, 10 ms",
        "first page by name, own": "<= 2 x all, 10 ms",
        "my contacts, own": "<= 2 x all, 10 ms",
        "a colleague's contacts, all": "<= 2 x all, 10 ms",
        "jump: 100 known ids": "<= 2",
    }
    show(title, rows(interleaved(things, rounds), _YARDSTICK, goals))


def _search(company: Measured, bare: Bare, title: str, rounds: int) -> None:
    def found(text: str, actor: Actor) -> Callable[[], object]:
        def run() -> object:
            with company.read(actor) as work:
                return lists.first_page(work, Listing(text=text), COLUMNS)

        return run

    asked = {
        "伟": "<= 10 ms",
        "华新": "<= 10 ms",
        "华新 伟": "<= 10 ms",
        "hx": "",
        "ohnso": "<= 50 ms",
        "john": "<= 50 ms",
        "4960021": "",
    }
    things: dict[str, Callable[[], object]] = {_YARDSTICK: bare.page_by_id}
    actors = {"all": company.everything, "team": company.team, "own": company.own}
    things |= {f"{text}, {scope}": found(text, actor) for text in asked for scope, actor in actors.items()}
    goals = {f"{text}, {scope}": goal for text, goal in asked.items() for scope in actors}
    show(title, rows(interleaved(things, rounds), _YARDSTICK, goals))


def _saving(company: Measured, title: str, rounds: int) -> None:
    numbers = itertools.count()
    with company.begin(company.own) as work:
        points = [{"kind": "phone", "value": "021 1"}]
        contact_id = service.create(work, {"name": "Benchmark 华新 Ltd", "points": points})
    with company.read(company.own) as work:
        version = service.get(work, contact_id).version

    def save() -> None:
        nonlocal version
        with company.begin(company.own) as work:
            version = service.save(work, contact_id, version, {"name": f"Benchmark 华新 {next(numbers)} Ltd"})

    def create() -> None:
        with company.begin(company.own) as work:
            points = [{"kind": "phone", "value": f"021 {next(numbers)}"}]
            service.create(work, {"name": f"New {next(numbers)} 有限公司", "points": points})

    taken = interleaved({"save one contact, journal included": save, "create one contact": create}, rounds)
    goals = {"save one contact, journal included": "<= 15 ms", "create one contact": "<= 15 ms"}
    show(title, rows(taken, "save one contact, journal included", goals))
