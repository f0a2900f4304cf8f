"""A company of an earlier schema keeps its data when it is brought up to date, on both engines."""

from __future__ import annotations

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

import crm_desktop.db
from crm_desktop.app.opening import open_file
from crm_desktop.db import schema
from crm_desktop.db.engine import APPLICATION_ID, WRITES, postgres_engine, postgres_url, sqlite_engine
from tests.postgres import create_database

CONTACT = """INSERT INTO contact (id, kind, name, short_name, status, is_customer, is_supplier, owner_id, owner_key,
    registration_number, level, source, industry, language, website, notes, main_phone, main_email, main_city, custom,
    sort_key, name_key, registration_key, created_at, updated_at, version)
    VALUES (7, 'company', '宁波华新', '', 'customer', true, false, NULL, 0, '', '', '', '', '', '', '', '', '', '',
    '{}', 'ning', 'ning', '', '2026-01-02 03:04:05', '2026-01-02 03:04:05', 3)"""


def first_schema(engine: Engine) -> None:
    """Make the schema of the first release, with one contact in it."""
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(crm_desktop.db.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text(CONTACT))
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
            connection.execute(text("PRAGMA user_version = 1"))


def check(connection: Connection) -> None:
    assert schema.revision(connection) == schema.SCHEMA
    contact = connection.execute(text("SELECT name, version, updated_at FROM contact")).one()
    assert contact[:2] == ("宁波华新", 3)
    assert "2026-01-02 03:04:05" in str(contact[2])
    settings = connection.execute(text("SELECT quote_prefix, tax_method, prices_include_tax FROM sales_settings")).one()
    assert (settings[0], settings[1], bool(settings[2])) == ("Q", "document", False)
    connection.execute(
        text(
            """INSERT INTO delivery (id, order_id, number, serial, delivered_on, ship_to, carrier, tracking, notes,
            created_at, updated_at, contact_id, owner_key, contact_sort, version) SELECT 1, 1, 'D', 1, '2026-01-02', '',
            '', '', '', '2026-01-02', '2026-01-02', id, owner_key, sort_key, 1 FROM contact WHERE 1 = 0"""
        )
    )


def test_a_file_of_the_first_schema_is_upgraded_with_a_copy_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "firm.crm"
    engine = sqlite_engine(path)
    first_schema(engine)
    engine.dispose()
    database = open_file(path)
    with database.engine.connect() as connection:
        check(connection)
        assert connection.scalar(text("PRAGMA user_version")) == schema.SCHEMA
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    database.close()
    (copy,) = tmp_path.glob("firm.before-upgrade-0001*.crm")
    before = sqlite_engine(copy, read_only=True)
    with before.connect() as connection:
        assert schema.revision(connection) == 1
    before.dispose()


def test_a_server_of_the_first_schema_is_upgraded(postgres_server: str) -> None:
    url = create_database(postgres_server)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS crm")
    engine = postgres_engine(postgres_url(url))
    first_schema(engine)
    schema.upgrade(engine)
    with engine.connect() as connection:
        check(connection)
    engine.dispose()
