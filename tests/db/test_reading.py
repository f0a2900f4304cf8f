"""Reading on a kept connection: one snapshot, nothing left behind, and a lost server noticed by nobody."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ColumnElement

from crm_desktop.contacts.model import Contact
from crm_desktop.db.prepared import Prepared, run_prepared
from crm_desktop.db.work import Database, Work
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Unavailable

on_server = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
NAMES = "SELECT name FROM contact ORDER BY id"


def new_contact(name: str) -> Contact:
    at = datetime(2026, 11, 20, 9, 30, 1, 250, tzinfo=UTC)
    return Contact(kind="company", name=name, sort_key=name, name_key=name, created_at=at, updated_at=at)


def save(database: Database, name: str) -> None:
    with database.begin(SYSTEM) as work:
        work.session.add(new_contact(name))


def by_rows(work: Work) -> list[str]:
    return [row[0] for row in work.compiled_rows(NAMES, ())]


def by_session(work: Work) -> list[str]:
    return list(work.session.scalars(select(Contact.name).order_by(Contact.id)))


def either_way(database: Database) -> tuple[list[str], list[str]]:
    with database.read(SYSTEM) as work:
        plain = by_rows(work)
    with database.read(SYSTEM) as work:
        return plain, by_session(work)


@pytest.mark.parametrize("ways", [(by_rows, by_session), (by_session, by_rows)])
def test_rows_and_session_see_one_snapshot_of_a_file(
    file_database: Database, ways: tuple[Callable[[Work], list[str]], ...]
) -> None:
    save(file_database, "first")
    before, after = ways
    with file_database.read(SYSTEM) as work:
        assert before(work) == ["first"]
        save(file_database, "second")
        assert after(work) == before(work) == ["first"]
    assert either_way(file_database) == (["first", "second"], ["first", "second"])


def test_what_a_reader_writes_is_never_kept(database: Database) -> None:
    save(database, "first")
    with database.read(SYSTEM) as work:
        assert by_rows(work) == ["first"]
        work.session.add(new_contact("by mistake"))
        work.session.flush()
        assert by_rows(work) == ["first", "by mistake"]
    assert either_way(database) == (["first"], ["first"])


def test_the_kept_connection_is_as_good_as_new_after_a_mistake(database: Database) -> None:
    save(database, "first")
    for _ in range(3):
        with pytest.raises(DBAPIError), database.read(SYSTEM) as work:
            work.compiled_rows("SELECT nothing FROM nowhere", ())
        with pytest.raises(LookupError), database.read(SYSTEM) as work:  # noqa: PT012
            by_rows(work)
            work.session.add(new_contact("by mistake"))
            work.session.flush()
            raise LookupError
    assert either_way(database) == (["first"], ["first"])


def test_reading_within_reading(database: Database) -> None:
    save(database, "first")
    with database.read(SYSTEM) as outer:
        assert by_rows(outer) == ["first"]
        assert either_way(database) == (["first"], ["first"])
        assert by_session(outer) == ["first"]


def test_a_closed_company_holds_no_connection(database: Database) -> None:
    pool: Any = database.engine.pool
    with database.read(SYSTEM) as work:
        assert by_rows(work) == []
    assert pool.checkedout() == 1, "the next page needs no new one"
    with database.read(SYSTEM) as work:
        driver = work.session.connection().connection.driver_connection
        database.close()
    with pytest.raises((psycopg.OperationalError, sqlite3.ProgrammingError), match="closed"):
        driver.execute("SELECT 1")  # type: ignore[union-attr]


@on_server
@pytest.mark.parametrize("read", [by_rows, by_session])
@pytest.mark.parametrize("before", [by_rows, by_session])
def test_a_session_ended_between_reads_goes_unnoticed(
    database: Database, read: Callable[[Work], list[str]], before: Callable[[Work], list[str]]
) -> None:
    save(database, "first")
    with database.read(SYSTEM) as work:
        before(work)
    end_sessions(database)
    with database.read(SYSTEM) as work:
        assert read(work) == ["first"]


@on_server
@pytest.mark.parametrize("read", [by_rows, by_session])
def test_a_session_ended_while_reading_says_so_once(database: Database, read: Callable[[Work], list[str]]) -> None:
    with pytest.raises(Unavailable, match="restarted"), database.read(SYSTEM) as work:  # noqa: PT012
        read(work)
        end_sessions(database)
        read(work)
    assert either_way(database) == ([], [])


def end_sessions(database: Database) -> None:
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


def test_moments_come_back_as_they_went(database: Database) -> None:
    save(database, "first")
    moment = datetime(2026, 11, 20, 9, 30, 1, 250, tzinfo=UTC)
    with database.read(SYSTEM) as work:
        asked = select(Contact.created_at, Contact.archived_at, Contact.name)
        plain = run_prepared(work, "moments", lambda: asked, {})
        assert plain == [tuple(row) for row in work.session.execute(asked)] == [(moment, None, "first")]
        assert plain[0][0].tzinfo is UTC


def test_numbers_are_in_the_text_of_a_statement_and_words_are_not(database: Database) -> None:
    named: ColumnElement[bool] = Contact.name == "x'; --"
    asked = select(func.count()).where(Contact.owner_key.in_([7, 8]), named, Contact.id > bindparam("after", None))
    prepared = Prepared(asked.limit(5), database.engine.dialect)
    assert "(7, 8)" in prepared.sql
    assert "LIMIT 5" in prepared.sql
    assert "--" not in prepared.sql
    assert prepared.fixed.keys() >= {"after", "name_1"}
