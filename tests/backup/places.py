"""What the tests of moving rows share: a demo company with hostile rows, and all rows of a file."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from crm_desktop.app.demo.make import make_demo
from crm_desktop.app.figures import SEAMS
from crm_desktop.app.server_plan import access_plan
from crm_desktop.backup.engines.rows import Table, file_tables
from crm_desktop.backup.engines.server_load import Loaded, load_into_server
from crm_desktop.backup.engines.server_people import PeoplePasswords
from crm_desktop.shared.progress import Progress, Quiet
from tests.companies import settle_file, sqlite_company

TEXTS = (
    "", " ", "华新贸易（上海）有限公司", "😀 👩‍👩‍👧 𠮷野家", "a\u200bb\u200d\ufeffc", "tab\there",
    "line\nbreak\r\nand more",
    "back\\slash \\N \\. \\x41", "quote ' \" ` ; -- /* */", "%s %(a)s {b} :c $1", "\\N", "null", "\u202eright to left",
    "é e\u0301", "\x01\x1f\x7f", "x" * 70_000, "0", "t", "{}", "NULL", "'\\''",
)  # fmt: skip
SHAPES: tuple[Any, ...] = (
    {}, {"a": None}, {"nested": {"deep": [1, [2, [3, {"x": "y"}]]]}},
    {"n": [0, -1, 1.5, -0.25, 1e300, 2**63, -(2**80)]},
    {"": "", "华": "新", "😀": ["😀"]}, {"b": [True, False, None]}, {"q": "\"'\\\n\t\u2028"}, [], [1, "two"], "word", 7,
    1.25, True, None, {"big": "x" * 5000}, {"c": "\x01\x1f"},
)  # fmt: skip
MOMENTS = ("1900-01-01 00:00:00.000000", "9999-12-31 23:59:59.999999", "2026-11-22 12:30:00.000001")
WHOLE = (0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63))


def demo_file(template: Path, path: Path, contacts: int = 40) -> Path:
    """Make a small demo company in one closed file."""
    database = sqlite_company(template, path)
    make_demo(database, contacts=contacts)
    settle_file(database)
    return path


def add_hostile_rows(path: Path, seed: int = 1) -> None:
    """Put every text, shape, moment and number into tables that take them."""
    chance = random.Random(seed)
    with closing(sqlite3.connect(path)) as file:
        for place, shape in enumerate((*SHAPES, *SHAPES)):
            file.execute(
                "INSERT INTO journal (operation_id, at, actor_name, entity, entity_id, action, version, before, after,"
                " batch, origin) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                (
                    chance.choice(TEXTS), MOMENTS[place % 3], chance.choice(TEXTS), "contact", chance.choice(WHOLE),
                    "update", None, json.dumps(shape), json.dumps(shape, ensure_ascii=False),
                    chance.choice((None, "", *TEXTS)), "",
                ),
            )  # fmt: skip
        for text in TEXTS:
            file.execute(
                "INSERT INTO saved_view (screen, name, position, listing, version) VALUES (?, ?, 0, ?, 1)",
                (text, text, json.dumps({text: text})),
            )
        for number, text in enumerate(TEXTS):
            file.execute(
                "UPDATE contact SET notes = ?, created_at = ? WHERE id = ?", (text, MOMENTS[number % 3], number)
            )
        file.execute("INSERT INTO attachment_content VALUES ('hostile', 256, ?)", (bytes(range(256)),))
        file.execute("INSERT INTO attachment_content VALUES ('empty', 0, ?)", (b"",))
        file.execute("UPDATE quote SET valid_until = '1900-01-01' WHERE id = (SELECT min(id) FROM quote)")
        file.execute("UPDATE quote SET valid_until = '9999-12-31' WHERE id = (SELECT max(id) FROM quote)")
        file.execute("UPDATE attachment_content SET size = ? WHERE sha256 = 'empty'", (2**63 - 1,))
        file.commit()


def fill_empty_tables(path: Path) -> None:
    """Give every table that has none a row, so that no table goes unproved."""
    values = {
        "JSON": '{"a": "华"}',
        "BOOLEAN": 1,
        "DATETIME": MOMENTS[2],
        "DATE": "2026-11-22",
        "VARCHAR": "x",
        "BLOB": b"\0x",
    }
    words = {("tax_invoice", "kind"): "special"}
    with closing(sqlite3.connect(path)) as file:
        for table in file_tables(file):
            if file.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:
                continue
            points = {row[3]: (row[2], row[4]) for row in file.execute(f"PRAGMA foreign_key_list({table})")}
            row: dict[str, object] = {}
            pointed = 0
            for _place, name, kind, needed, *_rest in file.execute(f"PRAGMA table_info({table})").fetchall():
                row[name] = words.get((table, name), values.get(kind.split("(")[0], 1))
                if name in points and not needed:
                    pointed += 1
                if name in points and not needed and pointed > 1:
                    row[name] = None  # it is for one document only
                elif name in points:
                    there, column = points[name]
                    # All columns of one key are those of one row.
                    last = f"SELECT {column or 'id'} FROM {there} ORDER BY rowid DESC LIMIT 1"
                    row[name] = file.execute(last).fetchone()[0]
            marks = ", ".join("?" * len(row))
            file.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
        file.commit()


def load(
    data: Path,
    url: str,
    *,
    replace: bool = False,
    epoch: int = 7,
    known: dict[str, str] | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Load a file into the database at `url`; whoever is not `known` gets "once" and a number."""
    numbers = iter(range(1000))
    people = PeoplePasswords(known or {}, lambda: f"once upon a time {next(numbers)}")
    return load_into_server(
        data, url, access_plan(), SEAMS, replace=replace, epoch=epoch, people=people, progress=progress or Quiet()
    )


def all_rows(path: Path, tables: tuple[Table, ...]) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table but the search words, JSON as what it says; `tables` tell where JSON is.

    Passwords and what a restore raises differ on purpose and are left out.
    """
    by_name = {table.name: {column.name: column for column in table.columns} for table in tables}
    left_out = {
        ("app_user", "password"), ("app_user", "database_role"), ("app_user", "must_change_password"),
        ("company", "epoch"),
    }  # fmt: skip
    found = {}
    with closing(sqlite3.connect(path)) as file:
        for table, columns in file_tables(file).items():
            if table == "contact_search":
                continue
            names = [name for name in columns if (table, name) not in left_out]
            reads = [_reader(by_name[table][name].type) for name in names]
            asked = ", ".join(f'"{name}"' for name in names)
            rows = file.execute(f'SELECT {asked} FROM "{table}"').fetchall()
            found[table] = sorted(
                (tuple(read(value) for read, value in zip(reads, row, strict=True)) for row in rows), key=repr
            )
    return found


def _reader(kind: str) -> Callable[[Any], Any]:
    if kind in ("json", "jsonb"):
        return lambda value: ("json", repr(_ordered(json.loads(str(value))))) if value is not None else None
    return lambda value: (type(value).__name__, value)


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_ordered(one) for one in value]
    if isinstance(value, int) and abs(value) > 2**100:
        return float(value)  # a server writes 1e300 with all its digits
    return value
