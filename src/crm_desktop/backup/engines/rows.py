"""The rows of a company on both engines: which tables and columns there are, and how a value reads on the other."""

import json
import math
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

REVISION_TABLE: Final = "alembic_version"
"""Says which schema it is; made with the tables, never copied."""

MOMENT: Final = "YYYY-MM-DD HH24:MI:SS.US"
"""How SQLAlchemy writes a moment into SQLite, in the words of the server's to_char."""

_WHOLE: Final = frozenset({"smallint", "integer", "bigint"})
_JSON: Final = frozenset({"json", "jsonb"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a server's table; `type` as the server names it."""

    name: str
    type: str

    @property
    def is_array(self) -> bool:
        """Return whether it holds a list, as only the search words do."""
        return self.type.endswith("[]")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the server's schema; `key` are the columns of its primary key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def quoted(self) -> str:
        """Return the names of the columns for a statement on either engine."""
        return ", ".join(quoted(column.name) for column in self.columns)

    @property
    def is_search(self) -> bool:
        """Return whether it holds search words, which each engine keeps in its own way."""
        return any(column.is_array for column in self.columns)


def quoted(name: str) -> str:
    """Return a name for a statement on either engine."""
    return '"' + name.replace('"', '""') + '"'


def server_tables(connection: Connection, schema: str = "crm") -> tuple[Table, ...]:
    """Return every table of the schema on a server by name, without that of the revision and worked-out columns."""
    rows = connection.execute(
        text(
            """select c.relname::text, a.attname::text, format_type(a.atttypid, null),
                coalesce(array_position(i.indkey::int2[], a.attnum), -1)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
                join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                    and a.attgenerated = ''
                left join pg_index i on i.indrelid = c.oid and i.indisprimary
            where n.nspname = :schema and c.relkind in ('r', 'p') and c.relname <> :revision
            order by c.relname, a.attnum"""
        ),
        {"schema": schema, "revision": REVISION_TABLE},
    )
    columns: dict[str, list[Column]] = {}
    keys: dict[str, list[tuple[int, str]]] = {}
    for table, column, kind, place in rows:
        columns.setdefault(table, []).append(Column(column, kind))
        if place >= 0:
            keys.setdefault(table, []).append((place, column))
    return tuple(
        Table(name, tuple(found), tuple(column for _place, column in sorted(keys.get(name, []))))
        for name, found in columns.items()
    )


def file_tables(file: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Return the columns of every table of a company file by name, without full-text and SQLite's own tables."""
    named = [
        row[0]
        for row in file.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
        if not row[0].startswith("sqlite_") and row[0] != REVISION_TABLE
    ]
    return {
        name: tuple(row[0] for row in file.execute("SELECT name FROM pragma_table_info(?)", (name,)))
        for name in sorted(named)
    }


def full_text_tables(file: sqlite3.Connection) -> list[str]:
    """Return the FTS5 tables of a company file."""
    return [
        row[0]
        for row in file.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'").fetchall()
    ]


def count_rows(file: sqlite3.Connection, names: Iterable[str]) -> int:
    """Return how many rows the tables have together."""
    return sum(file.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()[0] for name in names)  # noqa: S608


# ---- from a server into a file


def reading(column: Column) -> tuple[str, str]:
    """Return the server's expression for a value as a file keeps it, and the type it arrives as."""
    name = quoted(column.name)
    if column.type in _WHOLE or column.type == "boolean":
        return f"{name}::int::int8" if column.type == "boolean" else f"{name}::int8", "int8"
    if column.type in ("real", "double precision"):
        return f"{name}::float8", "float8"
    if column.type == "bytea":
        return name, "bytea"
    if column.type.startswith("timestamp"):
        moment = f"{name} at time zone 'UTC'" if column.type.endswith("with time zone") else name
        return f"to_char({moment}, '{MOMENT}')", "text"
    if column.type == "date":
        return f"to_char({name}, 'YYYY-MM-DD')", "text"
    if column.is_array:
        return f"array_to_json({name})::text", "text"
    return f"{name}::text", "text"


# ---- from a file onto a server


def is_made_by_file(file: sqlite3.Connection, table: Table) -> bool:
    """Return whether search words were last written by a company file, so that a server cannot use them."""
    lists = [quoted(column.name) for column in table.columns if column.is_array]
    missing = " OR ".join(f"{name} IS NULL OR {name} = 'null'" for name in lists)
    asked = f"SELECT EXISTS (SELECT 1 FROM {quoted(table.name)} WHERE {missing})"  # noqa: S608 - our own table
    return bool(file.execute(asked).fetchone()[0])


def stored_rows(file: sqlite3.Connection, table: Table) -> Iterator[Sequence[Any]]:
    """Yield the rows of a file's table as the server takes them by COPY in text form.

    A server knows no zero character, no half of a surrogate pair and no NaN in JSON: the first two are left out or
    replaced by U+FFFD, the third becomes null.
    """
    order = f" ORDER BY {', '.join(map(quoted, table.key))}" if table.key else ""
    rows = file.execute(f"SELECT {table.quoted} FROM {quoted(table.name)}{order}")  # noqa: S608 - our own names
    cleaners = _cleaners(file, table)
    if not cleaners:
        return rows
    return _cleaned(rows, cleaners)


def _cleaned(
    rows: Iterable[Sequence[Any]], cleaners: Sequence[tuple[int, Callable[[Any], Any]]]
) -> Iterator[Sequence[Any]]:
    for row in rows:
        values = list(row)
        for place, clean in cleaners:
            values[place] = clean(values[place])
        yield values


def _cleaners(file: sqlite3.Connection, table: Table) -> list[tuple[int, Callable[[Any], Any]]]:
    """Return what has to be done to the values at a place; texts are looked at only where a table has a zero."""
    found: list[tuple[int, Callable[[Any], Any]]] = []
    texts: list[int] = []
    for place, column in enumerate(table.columns):
        if column.is_array:
            found.append((place, _list))
        elif column.type in _JSON:
            found.append((place, _json))
        elif column.type.startswith(("character", "text")):
            texts.append(place)
    if texts:
        asked = " OR ".join(f"instr(CAST({quoted(table.columns[place].name)} AS BLOB), x'00')" for place in texts)
        exists = f"SELECT EXISTS (SELECT 1 FROM {quoted(table.name)} WHERE {asked})"  # noqa: S608 - our own names
        if file.execute(exists).fetchone()[0]:
            found.extend((place, _text) for place in texts)
    return found


def _text(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


def _list(value: Any) -> Any:
    return None if value is None else _acceptable(json.loads(value))


_REFUSED_JSON: Final = re.compile(r"\\u0000|\\u[dD][89a-fA-F]|NaN|Infinity|\x00")
_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")


def _json(value: Any) -> Any:
    # A file takes JSON that is nothing but a number for a number.
    if not isinstance(value, str) or not _REFUSED_JSON.search(value):
        return value
    return json.dumps(_acceptable(json.loads(value)), allow_nan=False)


def _acceptable(value: Any) -> Any:
    if isinstance(value, str):
        return _HALF_PAIR.sub("\ufffd", value.replace("\0", ""))
    if isinstance(value, dict):
        return {_acceptable(key): _acceptable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_acceptable(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
