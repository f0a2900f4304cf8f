"""Lists, search and saving of contacts against the bare driver."""

import itertools
import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg

from benchmarks.companies import Measured
from benchmarks.timing import interleaved, rows, show
from crm_desktop.contacts import lists, service
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.listing import Listing, Sort

COLUMNS = ("name", "status", "owner", "phone", "city", "level", "updated_at")
BY_ID = (
    "SELECT id, name, status, owner_id, main_phone, main_city, level, updated_at FROM contact "
    "WHERE id > {middle} ORDER BY id LIMIT 100"
)


def measure(company: Measured, rounds: int) -> None:
    """Print the tables of one company."""
    engine = company.database.engine.dialect.name
    bare = _bare(company)
    _pages(company, bare, f"{engine}, {company.size:,} contacts: pages of 100", rounds)
    _search(company, bare, f"{engine}, {company.size:,} contacts: search to the first page", rounds)
    _saving(company, f"{engine}, {company.size:,} contacts: saving", min(rounds, 40))


def _bare(company: Measured) -> Callable[[], object]:
    statement = BY_ID.format(middle=company.size // 2)
    if company.database.path is not None:
        connection: Any = sqlite3.connect(company.database.path)
    else:
        url = company.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(url, autocommit=True)
        connection.execute("SET search_path = crm")
    return lambda: connection.execute(statement).fetchall()


def _pages(company: Measured, bare: Callable[[], object], title: str, rounds: int) -> None:
    def page(actor: Actor, listing: Listing) -> Callable[[], object]:
        def run() -> object:
            with company.database.read(actor) as work:
                return lists.first_page(work, listing, COLUMNS)

        return run

    def jump() -> object:
        with company.database.read(company.everything) as work:
            return lists.rows(work, COLUMNS, known)

    with company.database.read(company.everything) as work:
        ids, _after = lists.ids(work, Listing())
    known = list(ids[-100:])
    by_change = Listing(sorts=(Sort("updated_at", descending=True),))
    things = {
        "bare driver, 100 rows by id": bare,
        "first page by name, all": page(company.everything, Listing()),
        "first page by change, all": page(company.everything, by_change),
        "first page by name, team": page(company.team, Listing()),
        "first page by name, own": page(company.own, Listing()),
        "first page by change, own": page(company.own, by_change),
        "jump: 100 known ids": jump,
    }
    goals = {
        "first page by name, all": "<= 1.5",
        "first page by change, all": "<= 1.5",
        "first page by name, team": "<= 2 x all, 10 ms",
        "first page by name, own": "<= 2 x all, 10 ms",
        "jump: 100 known ids": "<= 2",
    }
    show(title, rows(interleaved(things, rounds), "bare driver, 100 rows by id", goals))


def _search(company: Measured, bare: Callable[[], object], title: str, rounds: int) -> None:
    def found(text: str, actor: Actor) -> Callable[[], object]:
        def run() -> object:
            with company.database.read(actor) as work:
                return lists.first_page(work, Listing(text=text), COLUMNS)

        return run

    asked = {"伟": "<= 10 ms", "华新": "<= 10 ms", "hx": "", "ohnso": "<= 50 ms", "john": "<= 50 ms", "4960021": ""}
    things = {"bare driver, 100 rows by id": bare}
    things |= {
        f"{text}, {actor.roles[0]}": found(text, actor) for text in asked for actor in (company.everything, company.own)
    }
    goals = {
        f"{text}, {actor.roles[0]}": goal for text, goal in asked.items() for actor in (company.everything, company.own)
    }
    show(title, rows(interleaved(things, rounds), "bare driver, 100 rows by id", goals))


def _saving(company: Measured, title: str, rounds: int) -> None:
    numbers = itertools.count()
    with company.database.begin(company.own) as work:
        points = [{"kind": "phone", "value": "021 1"}]
        contact_id = service.create(work, {"name": "Benchmark 华新 Ltd", "points": points})
    with company.database.read(company.own) as work:
        version = service.get(work, contact_id).version

    def save() -> None:
        nonlocal version
        with company.database.begin(company.own) as work:
            version = service.save(work, contact_id, version, {"name": f"Benchmark 华新 {next(numbers)} Ltd"})

    def create() -> None:
        with company.database.begin(company.own) as work:
            points = [{"kind": "phone", "value": f"021 {next(numbers)}"}]
            service.create(work, {"name": f"New {next(numbers)} 有限公司", "points": points})

    taken = interleaved({"save one contact, journal included": save, "create one contact": create}, rounds)
    goals = {"save one contact, journal included": "<= 15 ms", "create one contact": "<= 15 ms"}
    show(title, rows(taken, "save one contact, journal included", goals))
