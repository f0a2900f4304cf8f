"""Demo companies of any size for the benchmarks, kept between runs in build/benchmarks."""

import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from crm_desktop.access import rules
from crm_desktop.access.model import Team, User, UserRole
from crm_desktop.app.demo.make import make_demo
from crm_desktop.db import schema
from crm_desktop.db.engine import postgres_engine, postgres_url, sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor

FOLDER = Path(__file__).resolve().parent.parent / "build" / "benchmarks"


@dataclass(frozen=True, slots=True)
class Measured:
    """A company to measure, with one actor of each scope."""

    database: Database
    size: int
    own: Actor
    team: Actor
    everything: Actor


def sqlite_company(size: int) -> Measured:
    """Return a file with `size` contacts, making it when it is not there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"demo-{schema.SCHEMA}-{size}.crm"
    is_new = not path.exists()
    engine = sqlite_engine(path)
    schema.upgrade(engine)
    return _measured(Database(engine, path=path), size, is_new)


def postgres_company(url: str, size: int) -> Measured:
    """Return a company with `size` contacts in the empty database behind `url`."""
    engine = postgres_engine(postgres_url(url))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS crm")
    schema.upgrade(engine)
    measured = _measured(Database(engine), size, True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    return measured


def _measured(database: Database, size: int, is_new: bool) -> Measured:
    if is_new:
        began = time.perf_counter()
        make_demo(database, contacts=size)
        print(f"{size:,} contacts made in {time.perf_counter() - began:.0f} s")
    with database.read(SYSTEM) as work:
        people = {
            role: (id_, login)
            for id_, login, role in work.session.execute(
                select(User.id, User.login, UserRole.role).join(UserRole).order_by(User.id.desc())
            )
        }
        parents = {row.id: row.parent_id for row in work.session.execute(select(Team.id, Team.parent_id))}
        managers = {row.id: row.manager_id for row in work.session.execute(select(Team.id, Team.manager_id))}
        manager_id = people["sales_manager"][0]
        reached = rules.teams_reached(manager_id, parents, managers)
        members = list(work.session.scalars(select(User.id).where(User.team_id.in_(reached))))
    actors = {
        role: rules.combine(user_id=id_, login=login, name=login, roles=[role], team_ids=members)
        for role, (id_, login) in people.items()
    }
    return Measured(database, size, actors["sales_rep"], actors["sales_manager"], actors["owner"])
