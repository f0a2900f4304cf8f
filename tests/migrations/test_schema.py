"""Models equal the newest revision; a newer or foreign file is left as it is."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from crm_desktop.access import model as access_model
from crm_desktop.app.opening import (
    AlreadyThere,
    FileMissing,
    HardLinked,
    NotOurs,
    TooNew,
    new_file,
    open_file,
)
from crm_desktop.contacts import model as contacts_model
from crm_desktop.db import schema
from crm_desktop.db.base import Base
from crm_desktop.db.work import Database

assert access_model
assert contacts_model


def test_models_equal_the_newest_revision(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {
            "compare_type": False,
            "include_object": lambda _object, name, *_rest: (
                not str(name).startswith(("contact_pairs", "contact_infix"))
                and name not in ("alembic_version", "ix_contact_search_grams")
            ),
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
        assert schema.revision(connection) == schema.SCHEMA


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def company(tmp_path: Path) -> Path:
    path = tmp_path / "company.crm"
    new_file(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def test_a_newer_file_is_refused_and_left_as_it_is(company: Path) -> None:
    with closing(sqlite3.connect(company)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.SCHEMA + 1}")
    before = digest(company)
    with pytest.raises(TooNew):
        open_file(company)
    assert digest(company) == before
    assert sorted(path.name for path in company.parent.iterdir()) == ["company.crm"]


def test_a_number_still_in_the_log_counts(company: Path) -> None:
    writer = sqlite3.connect(company)
    writer.execute(f"PRAGMA user_version = {schema.SCHEMA + 1}")
    try:
        with pytest.raises(TooNew):
            open_file(company)
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 rest of a zip", "zip or Office file"),
        (b"%PDF-1.7", "PDF"),
        (b"name,phone\n", "not a database"),
        (b"SQLite format 3\x00 cut off", "not a database"),
        (b"", "empty"),
    ],
)
def test_another_file_is_named_for_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "thing.crm"
    path.write_bytes(content)
    with pytest.raises(NotOurs) as caught:
        open_file(path)
    assert said in str(caught.value)
    assert path.read_bytes() == content


def test_another_programs_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "books.gnucash"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE gnclock (hostname text)")
        connection.execute("CREATE TABLE gncversion (version text)")
    before = digest(path)
    with pytest.raises(NotOurs) as caught:
        open_file(path)
    assert "GnuCash" in str(caught.value)
    assert digest(path) == before


def test_a_missing_file_says_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(FileMissing) as caught:
        open_file(tmp_path / "gone.crm")
    assert "gone.crm" in str(caught.value)
    assert not (tmp_path / "gone.crm").exists()


def test_a_hard_link_is_refused(company: Path) -> None:
    company.with_name("second.crm").hardlink_to(company)
    with pytest.raises(HardLinked):
        open_file(company)


def test_a_new_company_never_takes_the_place_of_another(company: Path) -> None:
    before = digest(company)
    with pytest.raises(AlreadyThere):
        new_file(company)
    assert digest(company) == before


def test_an_open_file_has_the_durability_settings(company: Path) -> None:
    database = open_file(company)
    with database.engine.connect() as connection:
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    database.close()
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
