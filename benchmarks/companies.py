"""Demo companies of any size for the benchmarks, kept between runs in build/benchmarks."""

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import select

from crm_desktop.access import rules
from crm_desktop.access.model import Team, User, UserRole
from crm_desktop.app.demo.make import make_demo
from crm_desktop.app.demo.people import PASSWORD
from crm_desktop.app.session import make_demo_company
from crm_desktop.db import schema
from crm_desktop.db.engine import postgres_engine, postgres_url, sqlite_engine
from crm_desktop.db.server import connect_as
from crm_desktop.db.work import Database, Work
from crm_desktop.shared.actor import SYSTEM, Actor

FOLDER = Path(__file__).resolve().parent.parent / "build" / "benchmarks"


@dataclass(frozen=True, slots=True)
class Measured:
    """A company to measure, with one actor of each scope; `logins` are the actors' own on a server."""

    database: Database
    size: int
    own: Actor
    team: Actor
    everything: Actor
    logins: Mapping[str, Database] = field(default_factory=dict)

    def read(self, actor: Actor) -> AbstractContextManager[Work]:
        """Read as the actor does: on a server by their own login, so that its row policies hold."""
        return self.logins.get(actor.login, self.database).read(actor)

    def begin(self, actor: Actor) -> AbstractContextManager[Work]:
        """Write as the actor does."""
        return self.logins.get(actor.login, self.database).begin(actor)


def sqlite_company(size: int) -> Measured:
    """Return a file with `size` contacts, making it when it is not there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"demo-{schema.SCHEMA}-{size}.crm"
    is_new = not path.exists()
    engine = sqlite_engine(path)
    schema.upgrade(engine)
    database = Database(engine, path=path)
    if is_new:
        with _told(size):
            make_demo(database, contacts=size)
    return _measured(database, size)


def postgres_company(url: str, size: int) -> Measured:
    """Return a company with `size` contacts in the empty database behind `url`, a superuser's.

    It is founded as any on a server: everybody logs in as themselves and row policies show them their rows.
    """
    with _told(size):
        make_demo_company(url, contacts=size)
    engine = postgres_engine(postgres_url(url))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    return with_logins(_measured(Database(engine), size))


def with_logins(company: Measured) -> Measured:
    """Return the company on a server with the actors' own logins."""
    url = company.database.engine.url
    actors = (company.own, company.team, company.everything)
    return replace(company, logins={one.login: Database(connect_as(url, one.login, PASSWORD)) for one in actors})


@contextmanager
def _told(size: int) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{size:,} contacts made in {time.perf_counter() - began:.0f} s")


def _measured(database: Database, size: int) -> Measured:
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
