"""A company with people, on a real file; Argon2 at its cheapest where the time is not the point."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

import crm_desktop.access.model
import crm_desktop.contacts.model  # noqa: F401 - the tables of the schema know each other
from crm_desktop.access import company, login, passwords, people
from crm_desktop.db import engine
from crm_desktop.db.work import Database, Work
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.clock import FixedClock

OWNER_PASSWORD = "harbour lantern 88"
REP_PASSWORD = "quiet river 1207"


@pytest.fixture
def cheap_argon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", passwords.Cost(memory_kib=64, passes=1))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 22, 1, 0, tzinfo=UTC))


@pytest.fixture(params=["sqlite", "postgres"])
def open_file(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[Callable[[], Database]]:
    """Opens the company anew, as after a restart of the program, on each engine."""
    opened: list[Database] = []
    path = None
    if request.param == "sqlite":
        path = Path(shutil.copy(request.getfixturevalue("template_file"), tmp_path / "harbour.crm"))
    make = partial(_engine, request, path)

    def open_again() -> Database:
        opened.append(Database(make(), path=path, clock=clock))
        return opened[-1]

    yield open_again
    for database in opened:
        database.close()


def _engine(request: pytest.FixtureRequest, path: Path | None) -> Engine:
    if path is not None:
        return engine.sqlite_engine(path)
    return engine.postgres_engine(engine.postgres_url(request.getfixturevalue("company_url")))


@pytest.fixture
def empty(open_file: Callable[[], Database], cheap_argon: None) -> Database:
    return open_file()


@pytest.fixture
def founded(empty: Database) -> company.FoundedCompany:
    with empty.begin(SYSTEM) as work:
        return company.found(
            work,
            name="Harbour & Lin Trading",
            currency="CNY",
            timezone="Asia/Shanghai",
            language="en",
            country="CN",
            owner_login="chen.jie",
            owner_name="Chen Jie 陈杰",
            password=OWNER_PASSWORD,
        )


@pytest.fixture
def database(empty: Database, founded: company.FoundedCompany) -> Database:
    return empty


@pytest.fixture
def owner(database: Database, founded: company.FoundedCompany) -> Actor:
    with database.read(SYSTEM) as work:
        return login.current_actor(work, founded.owner_id)


@pytest.fixture
def make_person(database: Database, owner: Actor) -> Callable[..., people.Person]:
    def make(name: str, *roles: str, team_id: int | None = None) -> people.Person:
        with database.begin(owner) as work:
            return people.create_user(
                work,
                login=name.split()[0].lower(),
                name=name,
                roles=roles or ("sales_rep",),
                team_id=team_id,
                password=REP_PASSWORD,
                must_change_password=False,
            )

    return make


@pytest.fixture
def actor_of(database: Database) -> Callable[[int], Actor]:
    def actor(user_id: int) -> Actor:
        with database.read(SYSTEM) as work:
            return login.current_actor(work, user_id)

    return actor


def journal_actions(work: Work) -> list[tuple[str, str]]:
    """Every (entity, action) of the journal, oldest first."""
    from sqlalchemy import select

    from crm_desktop.db.journal import JournalEntry

    rows = work.session.execute(select(JournalEntry.entity, JournalEntry.action).order_by(JournalEntry.id))
    return [(row.entity, row.action) for row in rows]
