"""Who may see everything for a backup, and that nobody sees more than before because of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from crm_desktop.access.rules import ROLES
from crm_desktop.backup.engines.snapshot import take_snapshot
from crm_desktop.backup.engines.source import Source
from crm_desktop.db.engine import postgres_url
from crm_desktop.db.row_security import check_login
from crm_desktop.db.server import administrator_engine
from crm_desktop.db.server_roles import Names
from crm_desktop.db.work import Database
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Quiet
from tests.db.server_company import PEOPLE, ServerCompany, found
from tests.postgres import create_database, drop_database

pytestmark = pytest.mark.postgres

DENIED = "42501"
CONTACTS = 60
MAY = [
    login for login, roles in PEOPLE.items() if any(Permission.BACKUP_RUN in ROLES[role].permissions for role in roles)
]
MAY_NOT = [login for login in PEOPLE if login not in MAY]


@pytest.fixture(scope="module")
def company(postgres_server: str) -> Iterator[ServerCompany]:
    url = create_database(postgres_server)
    company = found(url, CONTACTS)
    yield company
    company.close()
    drop_database(url)


@pytest.fixture
def names(company: ServerCompany) -> Names:
    return Names.of(company.url.rsplit("/", 1)[1])


def refused(connection: Connection, statement: str) -> str:
    """Run it and return the SQL state it was refused with; fails when it went through."""
    with pytest.raises(DBAPIError) as caught, connection.begin_nested():
        connection.execute(text(statement))
    return str(getattr(caught.value.orig, "sqlstate", ""))


def count(connection: Connection, table: str = "contact") -> int:
    return int(connection.scalar(text(f"select count(*) from crm.{table}")) or 0)


def tables(connection: Connection) -> list[str]:
    return list(connection.scalars(text("select tablename::text from pg_tables where schemaname = 'crm' order by 1")))


def test_owners_and_administrators_back_up() -> None:
    assert MAY == ["olga", "adi"]


@pytest.mark.parametrize("login", MAY_NOT)
def test_others_may_not_take_the_role(company: ServerCompany, names: Names, login: str) -> None:
    with company.attempt(login) as own:
        assert refused(own, f'set role "{names.backup}"') == DENIED
        assert refused(own, f'set local role "{names.holders(Permission.BACKUP_RUN)}"') == DENIED
        assert refused(own, f'set session authorization "{names.backup}"') == DENIED
        assert refused(own, f'grant "{names.backup}" to "{company.role(login)}"') == DENIED
        assert not own.scalar(text("select pg_has_role(session_user, :role, 'member')"), {"role": names.backup})
    source = Source(company.engine(login), None, names.backup)
    with pytest.raises(Unavailable, match="Ask its owner"):
        take_snapshot(source, Path("never.sqlite"), Quiet())


@pytest.mark.parametrize("login", PEOPLE)
def test_nobody_sees_more_for_it_without_taking_the_role(company: ServerCompany, names: Names, login: str) -> None:
    with company.attempt(login) as own:
        check_login(own)
        assert not own.scalar(text("select pg_has_role(session_user, :role, 'usage')"), {"role": names.backup})
        seen = count(own)
    if login == "adi":
        assert seen == 0
    elif login != "olga" and login != "abe":
        assert 0 < seen < CONTACTS
    if login == "adi":
        with company.attempt(login) as own:
            for table in ("contact", "contact_point", "contact_search", "contact_link", "attachment_content"):
                assert count(own, table) == 0, table


@pytest.mark.parametrize("login", MAY)
def test_whoever_backs_up_reads_all_and_writes_nothing(company: ServerCompany, names: Names, login: str) -> None:
    with company.admin() as admin:
        everything = {table: count(admin, table) for table in tables(admin)}
    assert everything["contact"] == CONTACTS
    with company.attempt(login) as own:
        own.execute(text(f'set local role "{names.backup}"'))
        assert {table: count(own, table) for table in everything} == everything
        for table in everything:
            column = own.scalar(
                text(
                    "select column_name from information_schema.columns where table_schema = 'crm' and table_name = :t"
                ),
                {"t": table},
            )
            assert refused(own, f"insert into crm.{table} default values") == DENIED
            assert refused(own, f'update crm.{table} set "{column}" = "{column}"') == DENIED
            assert refused(own, f"delete from crm.{table}") == DENIED
            assert refused(own, f"truncate crm.{table} cascade") == DENIED
            assert refused(own, f"lock table crm.{table} in row exclusive mode") == DENIED
        assert refused(own, "create table crm.mine (id int)") == DENIED
        assert refused(own, "select crm.set_password('x', 'y')") == DENIED
        assert refused(own, "select nextval('crm.contact_id_seq')") == DENIED
        own.execute(text("reset role"))
        assert (count(own) == 0) == (login == "adi")


@pytest.mark.parametrize("login", MAY)
def test_a_snapshot_by_a_person_is_whole(company: ServerCompany, login: str, tmp_path: Path) -> None:
    database = Database(company.engine(login))
    source = Source.of(database)
    assert source.become
    take_snapshot(source, tmp_path / "own.sqlite", Quiet())
    admin = administrator_engine(postgres_url(company.url))
    take_snapshot(Source.of(Database(admin)), tmp_path / "admin.sqlite", Quiet())
    admin.dispose()

    def rows(path: Path) -> list[object]:
        with closing(sqlite3.connect(path)) as file:
            return [
                file.execute(f"SELECT * FROM {table}").fetchall() for table in ("contact", "journal", "contact_search")
            ]

    assert rows(tmp_path / "own.sqlite") == rows(tmp_path / "admin.sqlite")
    assert len(rows(tmp_path / "own.sqlite")[0]) == CONTACTS  # type: ignore[arg-type]
    with company.attempt(login) as own:
        assert (count(own) == 0) == (login == "adi"), "the sight ended with the snapshot"


@pytest.mark.parametrize(
    "gap",
    [
        'drop policy "backup" on crm.contact',
        'alter policy "backup" on crm.contact using (id > 1)',
        'create policy "narrow" on crm.contact as restrictive for select using (id > 1)',
    ],
)
def test_a_snapshot_that_would_lack_rows_is_refused(
    company: ServerCompany, names: Names, gap: str, tmp_path: Path
) -> None:
    with company.admin() as admin:
        admin.execute(text(gap))
    try:
        with pytest.raises(Unavailable, match="contact"):
            take_snapshot(Source.of(Database(company.engine("olga"))), tmp_path / "own.sqlite", Quiet())
    finally:
        with company.admin() as admin:
            admin.execute(text("drop policy if exists narrow on crm.contact"))
            admin.execute(text('drop policy if exists "backup" on crm.contact'))
            admin.execute(text(f'create policy "backup" on crm.contact for select to "{names.backup}" using (true)'))
    take_snapshot(Source.of(Database(company.engine("olga"))), tmp_path / "own.sqlite", Quiet())
