"""A company of an earlier schema keeps its data when it is brought up to date, on both engines."""

from __future__ import annotations

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

import crm_desktop.db
from crm_desktop.app.opening import open_file
from crm_desktop.backup.format.archive import unpack
from crm_desktop.db import schema
from crm_desktop.db.engine import APPLICATION_ID, WRITES, postgres_engine, postgres_url, sqlite_engine
from crm_desktop.shared.progress import Quiet
from crm_desktop.shared.search_text import owner_token
from tests.postgres import create_database

CONTACT = """INSERT INTO contact (id, kind, name, short_name, status, is_customer, is_supplier, owner_id, owner_key,
    registration_number, level, source, industry, language, website, notes, main_phone, main_email, main_city, custom,
    sort_key, name_key, registration_key, created_at, updated_at, version)
    VALUES (7, 'company', '宁波华新', '', 'customer', true, false, NULL, 0, '', '', '', '', '', '', '', '', '', '',
    '{}', 'ning', 'ning', '', '2026-01-02 03:04:05', '2026-01-02 03:04:05', 3)"""

ORDER = """INSERT INTO sales_order (id, number, serial, state, subject, reference, reference_key, dated_on, language,
    currency, rate, prices_include_tax, tax_method, discount_percent, discount_amount, ship_to, opening, terms, notes,
    subtotal, discount, net, tax, total, created_at, updated_at, signatory, customer_signatory, delivery_terms,
    end_reason, delivered_percent, invoiced_percent, open_net, contact_id, owner_key, contact_sort, version)
    VALUES (5, 'S2026-0001', 1, 'confirmed', '', '', '', '2026-01-02', '', 'USD', 70000000000, false, 'document', 0, 0,
    '', '', '', '', 100000, 0, 100000, 0, 100000, '2026-01-02', '2026-01-02', '', '', '', '', 0, 0, 100000, 7, 0,
    'ning', 2)"""
PLAN = """INSERT INTO instalment (id, order_id, position, label, amount, event, due_on) VALUES
    (41, 5, 0, 'deposit', 30000, '', '2026-02-01'), (42, 5, 1, 'rest', 70000, 'on acceptance', NULL)"""


def earlier_schema(engine: Engine, revision: int, *rows: str) -> None:
    """Make the schema of an earlier release, with these rows in it."""
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(crm_desktop.db.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, f"{revision:04d}")
        for row in rows:
            connection.execute(text(row))
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
            connection.execute(text(f"PRAGMA user_version = {revision}"))


def check(connection: Connection) -> None:
    assert schema.revision(connection) == schema.SCHEMA
    contact = connection.execute(text("SELECT name, version, updated_at FROM contact")).one()
    assert contact[:2] == ("宁波华新", 3)
    assert "2026-01-02 03:04:05" in str(contact[2])
    columns = "last_contact_at, last_contact_sort, next_contact_on, next_contact_sort"
    last, last_sort, following, next_sort = connection.execute(text(f"SELECT {columns} FROM contact")).one()
    assert (last, following) == (None, None)
    assert str(last_sort).startswith("0001-01-01 00:00:00")
    assert str(next_sort) == "9999-12-31"
    for table, least in (("activity_kind", 6), ("activity_result", 6), ("pipeline_stage", 4), ("lost_reason", 7)):
        assert connection.scalar(text(f"SELECT count(*) FROM {table} WHERE key <> ''")) == least, table
    active, waits = connection.execute(text("SELECT active, contact_days FROM pool_rules")).one()
    assert (bool(active), waits) == (False, 30)
    settings = connection.execute(text("SELECT quote_prefix, tax_method, prices_include_tax FROM sales_settings")).one()
    assert (settings[0], settings[1], bool(settings[2])) == ("Q", "document", False)
    connection.execute(
        text(
            """INSERT INTO delivery (id, order_id, number, serial, delivered_on, ship_to, carrier, tracking, notes,
            created_at, updated_at, contact_id, owner_key, contact_sort, version) SELECT 1, 1, 'D', 1, '2026-01-02', '',
            '', '', '', '2026-01-02', '2026-01-02', id, owner_key, sort_key, 1 FROM contact WHERE 1 = 0"""
        )
    )


def test_a_file_of_the_first_schema_is_upgraded_with_a_backup_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "firm.crm"
    engine = sqlite_engine(path)
    earlier_schema(engine, 1, CONTACT)
    engine.dispose()
    database = open_file(path)
    with database.engine.connect() as connection:
        check(connection)
        assert connection.scalar(text("PRAGMA user_version")) == schema.SCHEMA
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    database.close()
    (backup,) = tmp_path.glob("firm backups/crm-backup-*-before-upgrade.zip")
    before = sqlite_engine(unpack(backup, tmp_path, progress=Quiet()), read_only=True)
    with before.connect() as connection:
        assert schema.revision(connection) == 1
    before.dispose()


def test_a_server_of_the_first_schema_is_upgraded(postgres_server: str) -> None:
    url = create_database(postgres_server)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS crm")
    engine = postgres_engine(postgres_url(url))
    earlier_schema(engine, 1, CONTACT)
    schema.upgrade(engine)
    with engine.connect() as connection:
        check(connection)
    engine.dispose()


def test_the_plan_of_an_order_becomes_what_is_owed(tmp_path: Path, postgres_server: str) -> None:
    url = create_database(postgres_server)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS crm")
    for engine in (sqlite_engine(tmp_path / "firm.crm"), postgres_engine(postgres_url(url))):
        earlier_schema(engine, 3, CONTACT, ORDER, PLAN)
        schema.upgrade(engine)
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            asked = """SELECT id, order_id, label, amount, event, currency, contact_id, contact_sort, open_amount,
                claimed_on, invoice_id FROM instalment ORDER BY id"""
            assert [tuple(row) for row in connection.execute(text(asked))] == [
                (41, 5, "deposit", 30000, "", "USD", 7, "ning", 0, None, None),
                (42, 5, "rest", 70000, "on acceptance", "USD", 7, "ning", 0, None, None),
            ]
            connection.execute(text("UPDATE contact SET sort_key = 'hua' WHERE id = 7"))
            assert set(connection.scalars(text("SELECT contact_sort FROM instalment"))) == {"hua"}
            more = """INSERT INTO instalment (order_id, position, label, currency, amount, event, open_amount,
                dispute_reason, dunning_level, contact_id, owner_key, contact_sort)
                VALUES (5, 2, '', 'USD', 1, '', 0, '', 0, 7, 0, 'hua')"""
            connection.execute(text(more))
            assert connection.scalar(text("SELECT max(id) FROM instalment")) == 43
        engine.dispose()


def test_search_words_learn_whose_contact_it_is(tmp_path: Path, postgres_server: str) -> None:
    url = create_database(postgres_server)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS crm")
    words = "INSERT INTO contact_search (contact_id, pairs, infix, grams) VALUES (7, '华新 新', 'atlas', {grams})"
    asked = {
        "sqlite": ("NULL", 'SELECT rowid FROM contact_pairs WHERE contact_pairs MATCH \'"华新" AND "{token}"\''),
        "postgresql": (
            "'{华新}'",
            "SELECT contact_id FROM contact_search"
            " WHERE array_append(grams, chr(57345) || owner_key::text) @> array['华新', '{token}']",
        ),
    }
    for engine in (sqlite_engine(tmp_path / "firm.crm"), postgres_engine(postgres_url(url))):
        grams, question = asked[engine.dialect.name]
        earlier_schema(engine, 7, CONTACT, words.replace("{grams}", grams))
        schema.upgrade(engine)
        with engine.connect() as connection:
            for owner, found in ((0, [7]), (1, [])):
                said = question.replace("{token}", owner_token(owner))
                assert list(connection.exec_driver_sql(said).scalars()) == found
        engine.dispose()
