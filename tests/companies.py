"""Companies for the tests: an empty schema on either engine, and a small firm with its people."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url

from crm_desktop.access import rules
from crm_desktop.access.model import Company, Team, User, UserRole
from crm_desktop.app import session
from crm_desktop.db import schema
from crm_desktop.db.engine import postgres_engine, postgres_url, sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.clock import FixedClock
from tests.postgres import create_database

assert session, "the tables of every room are known, as in the program, and the rooms above hang in those below"

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@dataclass
class Firm:
    """A small firm: an owner, a manager with two reps in a team below, a rep elsewhere, a purchaser."""

    boss: Actor
    manager: Actor
    anna: Actor
    chen: Actor
    outsider: Actor
    buyer: Actor
    admin: Actor


_kept: dict[str, tuple[Dialect, Any]] = {}
"""By the name of a dialect: the one that compiles for all engines of this process, and what it compiled."""


def engine_with_kept_statements(url: URL, **options: Any) -> Engine:
    """Make an engine like `create_engine`, which knows what the former of its kind compiled.

    Every test opens a company of its own, and compiling the same statements anew took longer than running them.
    """
    engine = create_engine(url, query_cache_size=3000, **options)
    kind = engine.dialect.name
    if kind in _kept:
        engine.dialect, engine._compiled_cache = _kept[kind]
    else:

        @event.listens_for(engine, "engine_connect", once=True)
        def keep(_connection: object) -> None:  # only now has the dialect asked the database what it can do
            _kept.setdefault(kind, (engine.dialect, engine._compiled_cache))

    return engine


def make_template(folder: Path) -> Path:
    """Make a file with the newest schema and nothing in it, to be copied by each test."""
    path = folder / "template.crm"
    engine = sqlite_engine(path)
    schema.upgrade(engine)
    settle_file(Database(engine, path=path))
    return path


def settle_file(database: Database) -> None:
    """Close a SQLite company with all of it in its one file, so that it may be copied."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def sqlite_company(template: Path, path: Path) -> Database:
    """Open a copy of the template."""
    shutil.copy(template, path)
    return Database(sqlite_engine(path), path=path, clock=FixedClock(NOW))


def server_company(url: str) -> Database:
    """Open the company at the `postgresql://` URL."""
    return Database(postgres_engine(postgres_url(url)), clock=FixedClock(NOW))


def make_server_template(server: str) -> str:
    """Make a database with the newest schema on the test server and return its name."""
    url = create_database(server)
    admin = make_url(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS crm")
    engine = postgres_engine(postgres_url(url))
    schema.upgrade(engine)
    engine.dispose()
    return str(admin.database)


def copy_on_server(server: str, template: str, name: str = "") -> str:
    """Make a database from the one named `template`; returns its `postgresql://` URL as the superuser."""
    name = name or f"company_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        how = "STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {how}')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def found_firm(database: Database) -> Firm:
    """Put the company and its people into an empty schema."""
    with database.begin(SYSTEM) as work:
        work.session.add(
            Company(
                id=1,
                dataset_id="3f0d6d6e-0000-4000-8000-000000000001",
                name="Harbour & Lin Trading",
                currency="CNY",
                timezone="Asia/Shanghai",
                language="en",
                country="CN",
                created_at=work.now,
            )
        )
        sales = Team(name="Sales")
        work.session.add(sales)
        work.session.flush()
        east, west = Team(name="East", parent_id=sales.id), Team(name="West")
        work.session.add_all([east, west])
        work.session.flush()
        ids = {}
        for login, name, role, team in (
            ("boss", "Lin Wei", "owner", None),
            ("manager", "Zhou Min", "sales_manager", sales.id),
            ("anna", "Anna Weber", "sales_rep", east.id),
            ("chen", "Chen Jie", "sales_rep", east.id),
            ("outsider", "Ole Berg", "sales_rep", west.id),
            ("buyer", "Bai Ping", "purchaser", None),
            ("admin", "Ada Min", "administrator", None),
        ):
            user = User(login=login, login_key=login, name=name, team_id=team, created_at=work.now)
            work.session.add(user)
            work.session.flush()
            work.session.add(UserRole(user_id=user.id, role=role))
            ids[login] = (user.id, name, role)
        sales.manager_id = ids["manager"][0]
    below = {ids["manager"][0], ids["anna"][0], ids["chen"][0]}
    return Firm(
        **{
            login: rules.combine(
                user_id=id_,
                login=login,
                name=name,
                roles=[role],
                team_ids=below if login == "manager" else (),
            )
            for login, (id_, name, role) in ids.items()
        }
    )
