"""Rows are the same after a way from a file onto a server and back, whatever is in them."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from crm_desktop.app.figures import SEAMS
from crm_desktop.backup.engines.comparing import Difference, compare
from crm_desktop.backup.engines.rows import Column, Table, server_tables, stored_rows
from crm_desktop.backup.engines.snapshot import take_snapshot
from crm_desktop.backup.engines.source import Source
from crm_desktop.db.engine import postgres_url as server_url
from crm_desktop.db.server import administrator_engine
from crm_desktop.shared.progress import Quiet
from tests.backup.places import add_hostile_rows, all_rows, demo_file, fill_empty_tables, load

pytestmark = pytest.mark.postgres

OWED = next(figure for figure in SEAMS.figures if figure.key == "owed")


@pytest.fixture(scope="module")
def demo(template_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_file(template_file, tmp_path_factory.mktemp("demo") / "demo.crm")


@pytest.fixture
def hostile(demo: Path, tmp_path: Path) -> Path:
    path = tmp_path / "hostile.sqlite"
    path.write_bytes(demo.read_bytes())
    add_hostile_rows(path)
    fill_empty_tables(path)
    return path


def test_a_company_is_the_same_after_a_server_and_back(hostile: Path, postgres_url: str, tmp_path: Path) -> None:
    load(hostile, postgres_url)
    engine = administrator_engine(server_url(postgres_url))
    source = Source(engine, None)
    back = tmp_path / "back.sqlite"
    take_snapshot(source, back, Quiet())
    with engine.connect() as connection:
        tables = server_tables(connection)
        figures = connection.execute(text(OWED.sql)).all()
    assert compare(hostile, source, SEAMS) == []
    assert compare(hostile, back, SEAMS) == []
    first, second = all_rows(hostile, tables), all_rows(back, tables)
    assert first.keys() == second.keys()
    for table in first:
        assert second[table] == first[table], table
    assert all(first.values()), "every table has something to lose"
    assert sum(len(rows) for rows in first.values()) > 1000
    assert figures, "no money in it, so that the totals prove nothing"
    with closing(sqlite3.connect(back)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
    # And once more: what came from a server goes to one again with its search words.
    with engine.connect() as connection:
        words = connection.execute(text("select contact_id, infix, grams from contact_search order by 1")).all()
    load(back, postgres_url, replace=True)
    with engine.connect() as connection:
        assert connection.execute(text("select contact_id, infix, grams from contact_search order by 1")).all() == words
        assert len(words) == 40
        assert all(row.grams for row in words)
    engine.dispose()


def test_what_a_server_cannot_hold_is_left_out_or_replaced(demo: Path, postgres_url: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.sqlite"
    path.write_bytes(demo.read_bytes())
    odd = {"a\0": "\ud83d", "n": float("nan"), "i": [float("-inf")], "pair": "😀", "z": "x\0y"}
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE contact SET notes = ? WHERE id = 1", ("before\0after",))
        file.execute("UPDATE saved_view SET listing = '{}'")
        file.execute(
            "INSERT INTO saved_view (screen, name, position, listing, version) VALUES ('s', 'odd', 0, ?, 1)",
            (json.dumps(odd),),
        )
        file.commit()
    load(path, postgres_url)
    engine = administrator_engine(server_url(postgres_url))
    with engine.connect() as connection:
        assert connection.scalar(text("select notes from contact where id = 1")) == "beforeafter"
        assert connection.scalar(text("select listing from saved_view where name = 'odd'")) == {
            "a": "\ufffd", "n": None, "i": [None], "pair": "😀", "z": "xy"
        }  # fmt: skip
    engine.dispose()


TEXT = st.text(st.characters(exclude_categories=[]), max_size=12)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**200), 2**200) | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def accepted(value: Any) -> Any:
    """What a server can hold of it: no zero character, no half of a pair, no number that is none."""
    if isinstance(value, str):
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in value if char != "\0")
    if isinstance(value, dict):
        return {accepted(key): accepted(one) for key, one in value.items()}
    if isinstance(value, list):
        return [accepted(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)  # a server writes 1e22 with all its digits
    return value


@pytest.fixture
def landing(postgres_server: str) -> Iterator[psycopg.Connection[Any]]:
    """A server with one table to copy into."""
    with psycopg.connect(postgres_server) as connection:
        connection.execute("create temporary table landing (id bigint, words text, said jsonb, list text[])")
        yield connection


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TEXT | st.none(), ANY_JSON, st.lists(TEXT, max_size=3) | st.none()), max_size=6))
@example(rows=[("half \udf78", "a \ud83d pair", ["half \udf78", "zero \0", "😀"])])
def test_every_text_and_every_json_arrives(
    landing: psycopg.Connection[Any], rows: list[tuple[str | None, Any, list[str] | None]]
) -> None:
    kinds = (("id", "bigint"), ("words", "text"), ("said", "jsonb"), ("list", "text[]"))
    table = Table("landing", tuple(Column(name, kind) for name, kind in kinds), ("id",))
    # Only JSON can carry half of a pair: a file is UTF-8.
    plain = [None if words is None else words.encode("utf-8", "ignore").decode() for words, *_ in rows]
    with closing(sqlite3.connect(":memory:")) as file:
        file.execute("CREATE TABLE landing (id INTEGER PRIMARY KEY, words VARCHAR, said JSON, list JSON)")
        file.executemany(
            "INSERT INTO landing VALUES (?, ?, ?, ?)",
            [
                (number, plain[number], json.dumps(said), json.dumps(words))
                for number, (_words, said, words) in enumerate(rows)
            ],
        )
        with landing.cursor() as cursor:
            cursor.execute("truncate landing")
            with cursor.copy("copy landing from stdin") as copy:
                for row in stored_rows(file, table):
                    copy.write_row(row)
            found = cursor.execute("select words, said, list from landing order by id").fetchall()
    for (words, said, several), number in zip(found, range(len(rows)), strict=True):
        given_words, expected = plain[number], accepted(rows[number][1])
        assert words == (None if given_words is None else given_words.replace("\0", ""))
        assert accepted(said) == expected
        assert several == accepted(rows[number][2])


def test_a_difference_is_named(demo: Path, tmp_path: Path) -> None:
    path = tmp_path / "less.sqlite"
    path.write_bytes(demo.read_bytes())
    with closing(sqlite3.connect(path)) as file:
        file.execute("DELETE FROM journal WHERE id = 1")
        claimed = "SELECT min(id) FROM instalment WHERE claimed_on IS NOT NULL"
        file.execute(f"UPDATE instalment SET open_amount = open_amount + 1 WHERE id = ({claimed})")
        file.commit()
    found = {difference.what: difference for difference in compare(demo, path, SEAMS)}
    assert found.keys() == {"journal", "owed"}
    journal = found["journal"]
    assert isinstance(journal, Difference)
    assert journal.first == journal.second + 1
