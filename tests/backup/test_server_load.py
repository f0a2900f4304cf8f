"""Loading a company onto a server: all or nothing, everybody's login right, nobody writes into the wrong one."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from crm_desktop.access.login import WrongLogin
from crm_desktop.app.session import log_in
from crm_desktop.backup.engines.server_load import CompanyThere
from crm_desktop.contacts import lists
from crm_desktop.db.engine import postgres_engine
from crm_desktop.db.engine import postgres_url as server_url
from crm_desktop.db.row_security import check_login, unprotected_tables
from crm_desktop.db.server import as_owner, connect_as
from crm_desktop.db.server_roles import Names
from crm_desktop.shared.errors import Cancelled, Unavailable
from tests.backup.places import demo_file, load
from tests.forking import Forker
from tests.postgres import create_database, drop_database

pytestmark = pytest.mark.postgres

WORDS = "a long password 密码"


@pytest.fixture(scope="module")
def demo(template_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed demo company; its owner is `boss` below."""
    return demo_file(template_file, tmp_path_factory.mktemp("demo") / "demo.crm", contacts=12)


@pytest.fixture
def data(demo: Path, tmp_path: Path) -> Path:
    path = tmp_path / "data.sqlite"
    path.write_bytes(demo.read_bytes())
    return path


def change(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as file:
        for statement in statements:
            file.execute(statement)
        file.commit()
    return path


def logins(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return [row[0] for row in file.execute("SELECT login FROM app_user ORDER BY id")]


@contextmanager
def admin(url: str) -> Iterator[Connection]:
    engine = postgres_engine(server_url(url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def state(url: str) -> tuple[object, ...]:
    """What must be as before when a load failed; of roles only the company's own, others come and go beside it."""
    keeper = "select nspowner::regrole::text from pg_namespace where nspname = 'crm'"
    own = "rolname ~ ('^' || :prefix || '_')"
    rights = "select relname::text, relacl::text from pg_class where relnamespace = 'crm'::regnamespace order by 1"
    with admin(url) as connection, as_owner(connection):
        prefix = {"prefix": str(connection.scalar(text(keeper))).rpartition("_")[0]}
        roles = f"select rolname::text, rolcanlogin from pg_roles where {own} order by 1"
        members = f"select count(*) from pg_auth_members m join pg_roles r on r.oid = m.roleid where {own}"
        return (
            connection.scalar(text("select count(*) from journal")),
            connection.scalar(text("select name || epoch from company")),
            connection.scalars(text("select nspname::text from pg_namespace where nspname ~ '^crm' order by 1")).all(),
            connection.execute(text(rights)).all(),
            connection.execute(text(roles), prefix).all(),
            connection.scalar(text(members), prefix),
        )


def public(url: str) -> str:
    """The address a person is given."""
    parts = server_url(url)
    return f"postgresql://{parts.host}:{parts.port}/{parts.database}"


def test_everybody_can_log_in_to_a_company_loaded_into_an_empty_database(data: Path, postgres_url: str) -> None:
    boss, second, third, *_ = logins(data)
    change(
        data,
        f"UPDATE app_user SET active = 0 WHERE login = '{third}'",
        "INSERT INTO app_user (login, login_key, name, active, language, password, must_change_password, recovery,"
        " database_role, failed_attempts, created_at, version) VALUES ('listed', 'listed', 'Only listed', 1, '', '', 1,"
        " '', '', 0, '2026-01-01 00:00:00.000000', 1)",
    )
    loaded = load(data, postgres_url, known={boss: WORDS})
    assert loaded.kept_in == ""
    one_time = {login: password for login, _name, password in loaded.passwords}
    assert boss not in one_time
    assert third not in one_time
    assert "listed" not in one_time
    assert len(set(one_time.values())) == len(one_time) == len(logins(data)) - 3

    session = log_in(public(postgres_url), boss, WORDS)
    assert not session.must_change_password
    assert session.profile.epoch == 7
    with session.database.engine.connect() as connection:
        check_login(connection)
        assert connection.scalar(text("select count(*) from contact")) == 12
    with session.database.read(session.actor) as work:
        name = work.session.scalars(text("select name from contact order by id limit 1")).one()
        assert [hit[0] for hit in lists.search(work, name)][:1] == [1], "what a file found is found on the server"
    with session.database.begin(session.actor) as work:
        added = work.session.execute(
            text("insert into team (name, version) values ('new', 1) returning id")
        ).scalar_one()
    assert added > 1
    session.database.close()
    session = log_in(public(postgres_url), second, one_time[second])
    assert session.must_change_password
    session.database.close()
    with pytest.raises(WrongLogin):
        log_in(public(postgres_url), third, "demo")
    with admin(postgres_url) as connection:
        assert unprotected_tables(connection) == []
        for table, column in connection.execute(
            text(
                "select table_name, column_name from information_schema.columns where table_schema = 'crm'"
                " and (column_default like 'nextval%' or is_identity = 'YES')"
            )
        ).all():
            with connection.begin_nested() as undone:
                following = connection.scalar(
                    text("select nextval(pg_get_serial_sequence(:t, :c))"), {"t": f"crm.{table}", "c": column}
                )
                highest = connection.scalar(text(f"select max({column}) from crm.{table}")) or 0
                assert following == highest + 1, table
                undone.rollback()


def test_a_company_is_replaced_and_the_old_one_kept_out_of_sight(data: Path, postgres_url: str) -> None:
    boss, second, third, fourth, *_ = logins(data)
    load(data, postgres_url, known=dict.fromkeys((boss, second, third, fourth), WORDS))
    log_in(public(postgres_url), fourth, WORDS).database.close()
    with pytest.raises(CompanyThere):
        load(data, postgres_url)
    session = log_in(public(postgres_url), boss, WORDS)
    opened = session.database.engine.connect()
    opened.execute(text("select 1"))
    with admin(postgres_url) as connection:
        connection.execute(text("create schema crm_before_20200101_000000"))
        connection.execute(text("create schema crm_before_x"))
    change(
        data,
        f"UPDATE app_user SET login = 'late', login_key = 'late' WHERE login = '{third}'",
        f"UPDATE app_user SET active = 0 WHERE login = '{fourth}'",
        "UPDATE company SET name = 'Renamed'",
    )
    loaded = load(data, postgres_url, replace=True, epoch=8)
    assert [login for login, *_ in loaded.passwords] == ["late"]
    with pytest.raises(OperationalError):
        opened.execute(text("select 1"))
    opened.close()
    with pytest.raises(Unavailable, match="restored meanwhile"), session.database.begin(session.actor):
        pass
    session.database.close()

    session = log_in(public(postgres_url), second, WORDS)
    assert session.profile.name == "Renamed"
    with session.database.engine.connect() as connection:
        check_login(connection)
        with pytest.raises(DBAPIError) as refused:
            connection.execute(text(f"select count(*) from {loaded.kept_in}.company"))
        assert getattr(refused.value.orig, "sqlstate", "") == "42501"
    session.database.close()
    for closed in (third, fourth):
        with pytest.raises(WrongLogin):
            log_in(public(postgres_url), closed, WORDS)
    with admin(postgres_url) as connection:
        schemas = connection.scalars(text("select nspname::text from pg_namespace where nspname like 'crm%'")).all()
        assert sorted(schemas) == sorted(["crm", "crm_before_x", loaded.kept_in])
        assert connection.scalar(text(f"select count(*) from {loaded.kept_in}.contact")) == 12


class Stop:
    """Progress that does something at the given look."""

    def __init__(self, look: int, what: object) -> None:
        self.left, self.what = look, what

    def step(self, done: int, total: int | None = None) -> None:
        self.left -= 1
        if self.left == 0:
            assert callable(self.what)
            self.what()


def test_a_load_that_does_not_end_leaves_the_old(
    data: Path, demo: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(data, postgres_url)
    before = state(postgres_url)
    monkeypatch.setattr("crm_desktop.backup.engines.server_load._LOCK_SECONDS", 1)

    def cancel() -> None:
        raise Cancelled

    def cut() -> None:
        with admin(postgres_url) as connection:
            connection.execute(
                text(
                    "select pg_terminate_backend(pid) from pg_stat_activity where query like 'copy%'"
                    " and datname = current_database() and pid <> pg_backend_pid()"
                )
            )

    for look in (1, 60):
        with pytest.raises(Cancelled):
            load(data, postgres_url, replace=True, progress=Stop(look, cancel))
    with pytest.raises(Unavailable):
        load(data, postgres_url, replace=True, progress=Stop(20, cut))
    assert state(postgres_url) == before

    change(data, "UPDATE contact_point SET contact_id = 999999 WHERE id = (SELECT min(id) FROM contact_point)")
    with pytest.raises(Unavailable, match="do not fit together"):
        load(data, postgres_url, replace=True)
    assert state(postgres_url) == before

    with admin(postgres_url) as busy:
        busy.execute(text("update crm.team set name = name"))
        with pytest.raises(Unavailable, match="close CRM Desktop"):
            load(demo, postgres_url, replace=True)
    assert state(postgres_url) == before


LOAD = """
import signal
from pathlib import Path
from tests.backup.places import load

class Kill:
    def __init__(self, left):
        self.left = left
    def step(self, done, total=None):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

def work(data, url, look):
    load(Path(data), url, replace=True, epoch=9, progress=Kill(look))
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_killed_program_leaves_the_old(data: Path, postgres_url: str) -> None:
    load(data, postgres_url)
    before = state(postgres_url)
    with Forker(LOAD) as program:
        for look in (5, 45, 100):
            program.begin(str(data), postgres_url, look)
            assert program.ended() == -signal.SIGKILL, f"it ended before look {look}"
            with admin(postgres_url) as connection:  # the server finds out by itself, sooner or later
                connection.execute(
                    text("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")  # noqa: E501
                )  # fmt: skip
            assert state(postgres_url) == before


def test_who_waited_to_write_does_not_write_into_the_new_company(data: Path, postgres_url: str) -> None:
    """Somebody logs in while the rows are loaded: what they then save is refused, not put among other rows."""
    boss = logins(data)[0]
    load(data, postgres_url, known={boss: WORDS})
    session = log_in(public(postgres_url), boss, WORDS)
    outcomes: list[Unavailable | None] = []

    def write() -> None:
        try:
            with session.database.begin(session.actor) as work:
                work.session.execute(text("insert into team (name, version) values ('stray', 1)"))
            outcomes.append(None)
        except Unavailable as error:
            outcomes.append(error)

    writer = threading.Thread(target=write)
    load(data, postgres_url, replace=True, epoch=8, progress=Stop(10, writer.start))
    writer.join()
    session.database.close()
    assert isinstance(outcomes[0], Unavailable)
    with admin(postgres_url) as connection:
        assert connection.scalar(text("select count(*) from crm.team where name = 'stray'")) == 0


def test_a_database_owner_who_may_create_roles_is_enough(data: Path, postgres_server: str) -> None:
    """A hosted server gives no superuser."""
    name = "hosted_load"
    url = create_database(postgres_server, name)
    engine = create_engine(server_url(url))
    with engine.begin() as connection:
        connection.execute(text("create role lodger login createrole password 'rent'"))
        connection.execute(text(f"alter database {name} owner to lodger"))
        connection.execute(text("create role stranger login createrole password 'rent'"))
        connection.execute(text(f"grant connect on database {name} to stranger"))
    engine.dispose()
    weaker = server_url(url).set(username="lodger", password="rent").render_as_string(hide_password=False)
    weaker = weaker.replace("postgresql+psycopg", "postgresql")
    boss, second, *_ = logins(data)
    load(data, weaker, known={boss: WORDS})
    session = log_in(public(url), boss, WORDS)
    with session.database.engine.connect() as opened:
        opened.execute(text("select 1"))
        change(data, f"DELETE FROM user_role WHERE user_id = (SELECT id FROM app_user WHERE login = '{second}')")
        loaded = load(data, weaker, replace=True, epoch=8)
        assert loaded.passwords == ()
        with pytest.raises(OperationalError):
            opened.execute(text("select 1"))
    session.database.close()
    log_in(public(url), boss, WORDS).database.close()
    with pytest.raises(Unavailable, match="may not replace"):
        load(data, weaker.replace("lodger", "stranger"), replace=True)
    other = connect_as(server_url(url), second, WORDS)
    names = Names.of(name)
    with admin(url) as connection:
        assert not connection.scalar(
            text("select pg_has_role(:person, :all, 'member')"),
            {"person": names.person(second), "all": names.everybody},
        )
    other.dispose()
    drop_database(url)
