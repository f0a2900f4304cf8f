"""A company on the test server: nine people, each with their own login, and contacts on both sides."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.orm import Session

from crm_desktop.access import rules
from crm_desktop.access.model import Company, Team, User, UserRole
from crm_desktop.app.server_plan import access_plan
from crm_desktop.contacts.model import (
    Attachment,
    AttachmentContent,
    Contact,
    ContactAddress,
    ContactLink,
    ContactPoint,
    ContactSearch,
)
from crm_desktop.db.engine import postgres_engine, postgres_url
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.server import ServerLogins, administrator_engine, connect_as, names_of, prepare_server
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.companies import copy_on_server
from tests.postgres import create_database, drop_database

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PASSWORD = "long enough 密码"
PEOPLE = {
    "olga": ("owner",),
    "ann": ("sales_rep",),
    "bob": ("sales_rep",),
    "mia": ("sales_manager",),
    "cy": ("sales_rep",),
    "pat": ("purchaser",),
    "abe": ("accountant",),
    "adi": ("administrator",),
    "both": ("sales_rep", "purchaser"),
}
TEAMS = {"ann": 1, "cy": 2, "bob": 3}
"""Mia manages team 1; team 2 is below it; team 3 is another."""


@dataclass
class ServerCompany:
    url: str
    ids: dict[str, int] = field(default_factory=dict)
    engines: dict[str, Engine] = field(default_factory=dict)

    def engine(self, login: str) -> Engine:
        if login not in self.engines:
            self.engines[login] = connect_as(postgres_url(self.url), rules.login_key(login), PASSWORD)
        return self.engines[login]

    @contextmanager
    def attempt(self, login: str) -> Iterator[Connection]:
        """A connection of that person; whatever is done is rolled back."""
        with self.engine(login).connect() as connection:
            yield connection
            connection.rollback()

    def actor(self, login: str) -> Actor:
        ids = self.ids
        reached = {ids["ann"], ids["cy"], ids["mia"]} if login == "mia" else set()
        return rules.combine(user_id=ids[login], login=login, name=login.title(), roles=PEOPLE[login], team_ids=reached)

    def role(self, login: str) -> str:
        with self.admin() as connection:
            return str(
                connection.scalar(text("select database_role from crm.app_user where login = :login"), {"login": login})
            )

    @contextmanager
    def admin(self) -> Iterator[Connection]:
        engine = postgres_engine(postgres_url(self.url))
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def close(self) -> None:
        for engine in self.engines.values():
            engine.dispose()


class Mould:
    """Gives each test the same company, as it was founded: preparing a server takes seconds, copying a part of one.

    The copy gets the name of the company, as the names of its roles begin with it. Roles belong to the whole server
    and are not copied: after a test that changed any, another company is founded.
    """

    def __init__(self, server: str, contacts: int) -> None:
        self._server, self._contacts = server, contacts
        self._company: ServerCompany | None = None
        self._kept, self._roles = "", ""

    def take(self) -> ServerCompany:
        """Return the company with nothing changed in it."""
        if self._company is None:
            return self._found()
        if self._roles_now() != self._roles:
            self.remove()
            return self._found()
        drop_database(self._company.url)
        copy_on_server(self._server, self._kept, _name(self._company.url))
        with self._company.admin() as connection:
            names = names_of(connection)
            database = _name(self._company.url)
            # What belongs to the database itself is not copied either.
            connection.exec_driver_sql(f'grant connect on database "{database}" to "{names.everybody}"')
            connection.exec_driver_sql(f'revoke connect, temporary, create on database "{database}" from public')
        return ServerCompany(self._company.url, dict(self._company.ids))

    def remove(self) -> None:
        """Drop the company and what it is copied from."""
        if self._company is not None:
            drop_database(self._company.url)
            drop_database(f"{self._server.rsplit('/', 1)[0]}/{self._kept}")
            self._company = None

    def _found(self) -> ServerCompany:
        self._company = found(create_database(self._server), self._contacts)
        self._kept = f"{_name(self._company.url)}_kept"
        copy_on_server(self._server, _name(self._company.url), self._kept)
        self._roles = self._roles_now()
        return ServerCompany(self._company.url, dict(self._company.ids))

    def _roles_now(self) -> str:
        """Return a sum of the company's roles: their passwords, whether they may log in, whose members they are."""
        assert self._company is not None
        with self._company.admin() as connection:
            return str(connection.scalar(text(_ROLES), {"prefix": names_of(connection).prefix}))


_ROLES = """
    select md5(string_agg(line, ';' order by line)) from (
        select concat_ws(' ', rolname, rolcanlogin, rolinherit, rolvaliduntil, rolpassword) as line
            from pg_authid where starts_with(rolname, :prefix)
        union all
        select concat_ws(' ', m.roleid, m.member, m.admin_option)
            from pg_auth_members m join pg_authid r on r.oid = m.member where starts_with(r.rolname, :prefix)
    ) as lines"""


def _name(url: str) -> str:
    return url.rsplit("/", 1)[1]


def found(url: str, contacts: int = 400, people: dict[str, tuple[str, ...]] = PEOPLE) -> ServerCompany:
    """Prepare the database at `url`, a superuser's, and fill it."""
    company = ServerCompany(url)
    with company.admin() as connection:
        prepare_server(connection, access_plan())
    engine = administrator_engine(postgres_url(url))
    database = Database(engine)
    logins = ServerLogins(rules.login_key)
    with database.begin(SYSTEM) as work:
        work.session.add(
            Company(id=1, dataset_id="d", name="Firm", currency="EUR", timezone="UTC", language="en", created_at=NOW)
        )
        work.session.add_all(Team(id=number, name=f"T{number}") for number in (1, 3))
        work.session.flush()
        work.session.add(Team(id=2, name="T2", parent_id=1))
        work.session.flush()
        for login, roles in people.items():
            user = User(
                login=login, login_key=rules.login_key(login), name=login.title(), team_id=TEAMS.get(login),
                created_at=NOW, password="hash", recovery="hash",
                database_role=logins.create_login(work, login, PASSWORD),
            )  # fmt: skip
            work.session.add(user)
            work.session.flush()
            company.ids[login] = user.id
            work.session.add_all(UserRole(user_id=user.id, role=role) for role in roles)
            logins.set_roles(work, user.database_role, user.id, roles)
        if "mia" in people:
            work.session.get_one(Team, 1).manager_id = company.ids["mia"]
        work.session.flush()
        fill(work.session, company, contacts)
    engine.dispose()
    return company


def fill(session: Session, company: ServerCompany, count: int) -> None:
    chance = random.Random(7)
    owners = [None, *company.ids.values()]
    rows = []
    for number in range(1, count + 1):
        owner = owners[number % len(owners)]
        side = chance.choice(("customer", "customer", "supplier", "both"))
        rows.append(
            {
                "id": number, "kind": "company" if number % 2 else "person", "name": f"Contact {number}",
                "is_customer": side != "supplier", "is_supplier": side != "customer",
                "owner_id": owner, "owner_key": owner or 0, "sort_key": f"{number * 7919 % 1000003:07d}",
                "name_key": f"contact{number}", "registration_key": f"R{number}",
                "created_at": NOW, "updated_at": NOW,
            }
        )  # fmt: skip
    for start in range(0, count, 5000):
        part = rows[start : start + 5000]
        session.execute(insert(Contact), part)
        session.execute(
            insert(ContactPoint),
            [{"contact_id": r["id"], "kind": "phone", "value": "1", "key": f"+86138{r['id']:08d}"} for r in part],
        )
        session.execute(
            insert(ContactSearch),
            [
                {
                    "contact_id": r["id"],
                    "owner_key": r["owner_key"],
                    "infix": f"contact {r['id']}",
                    "grams": grams_of(r["id"]),
                }
                for r in part
            ],
        )
    small = rows[: min(count, 400)]
    session.execute(insert(ContactAddress), [{"contact_id": r["id"], "kind": "post"} for r in small])
    session.execute(
        insert(JournalEntry),
        [
            {
                "operation_id": f"seed{r['id']}", "at": NOW, "actor_id": company.ids["olga"], "actor_name": "Olga",
                "entity": "contact", "entity_id": r["id"], "contact_id": r["id"], "action": "create",
                "version": 1, "before": {}, "after": {"name": r["name"]}, "batch": None,
            }
            for r in small
        ],
    )  # fmt: skip
    session.execute(insert(AttachmentContent), [{"sha256": f"h{r['id']}", "size": 1, "data": b"x"} for r in small])
    session.execute(
        insert(Attachment),
        [{"contact_id": r["id"], "name": "a", "size": 1, "sha256": f"h{r['id']}", "added_at": NOW} for r in small],
    )
    session.execute(
        insert(ContactLink), [{"person_id": n, "company_id": n + 1} for n in range(2, min(count, 400) - 1, 2)]
    )
    # Rows were given their ids here, so the sequence must be told.
    session.execute(text("select setval('crm.contact_id_seq', (select max(id) from contact))"))


def grams_of(number: int) -> list[str]:
    found = {"^c", "^co", "华", "华新"} if number % 3 == 0 else {"^c", "^co", "宏"}
    digits = f"{number:06d}"
    return sorted(found | {digits[n : n + 3] for n in range(4)})
