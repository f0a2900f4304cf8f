"""The snapshot of a company on a server: a file of the server's own revision, filled table by table."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, NullPool, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from crm_desktop.backup.engines.rows import Table, file_tables, full_text_tables, quoted, reading, server_tables
from crm_desktop.backup.engines.source import Source
from crm_desktop.db import schema
from crm_desktop.db.engine import sqlite_url
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress

_ROWS_AT_ONCE: Final = 2_000
"""Between two looks at Cancel."""

_HIDDEN: Final = N_(
    "The server does not show all rows of these tables to a backup: {tables}. No backup was made; ask whoever looks "
    "after the server to run “crm-desktop upgrade”."
)
_OTHER_TABLES: Final = N_(
    "The server has other tables than this program knows: {tables}. No backup was made; ask whoever looks after the "
    "server to move tables that are not CRM Desktop's out of the schema “crm”."
)
_NOT_ALLOWED: Final = N_(
    "The server does not let you back up this company. Ask its owner for the right to, or whoever looks after the "
    "server to run “crm-desktop upgrade”."
)
_LOST: Final = N_("The server did not answer to the end, so no backup was made: {reason}. Try again in a moment.")
_NOT_WRITTEN: Final = N_("The backup could not be written into {folder}: {reason}. Make room there, then try again.")


def copy_server(source: Source, target: Path, progress: Progress) -> None:
    """Write everything the server holds at one moment to the new file `target`. Raises Unavailable, Cancelled."""
    with _explained(target), viewing(source) as connection:
        found = schema.revision(connection)
        if found is None:
            raise Unavailable(N_("There is no company in this database, so no backup was made."))
        _make_file(target, found)
        with closing(sqlite3.connect(target, isolation_level=None)) as file:
            _fill(connection, file, progress)


@contextmanager
def viewing(source: Source) -> Iterator[Connection]:
    """Give a transaction on a server that sees every row as of one moment and can write none.

    Raises Unavailable when the server would hide a row.
    """
    with source.engine.connect() as bare:
        connection = bare.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        try:
            never_cut_off(connection)
            if source.become:
                _become(connection, source.become)
            if hidden := _hidden_tables(connection):
                raise Unavailable(_HIDDEN, tables=", ".join(hidden))
            yield connection
        finally:
            if not connection.invalidated:
                connection.rollback()


def never_cut_off(connection: Connection) -> None:
    """Let the server's limits for ordinary statements not end this transaction."""
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"set local {limit} = 0")


def _become(connection: Connection, role: str) -> None:
    try:
        connection.exec_driver_sql(f"set local role {quoted(role)}")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") not in ("42501", "42704", "22023"):
            raise
        raise Unavailable(_NOT_ALLOWED) from error


def _hidden_tables(connection: Connection) -> list[str]:
    """Return the tables some of whose rows the current role might not see; the server would just leave them out."""
    return list(
        connection.scalars(
            text(
                """select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'crm' and c.relkind in ('r', 'p') and row_security_active(c.oid) and (
                    exists (select from pg_policy p where p.polrelid = c.oid and not p.polpermissive)
                    or not exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd in ('r', '*')
                        and pg_get_expr(p.polqual, p.polrelid) = 'true'
                        and p.polroles && array(select r.oid from pg_roles r where r.rolname = current_user)))
                order by 1"""
            )
        )
    )


def _make_file(target: Path, revision: int) -> None:
    target.unlink(missing_ok=True)
    engine = create_engine(sqlite_url(target), poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def hurry(connection: DBAPIConnection, _: Any) -> None:
        # What is written here is proved later; a write-ahead log would only leave files of its own.
        connection.cursor().execute("PRAGMA synchronous = OFF")

    schema.upgrade(engine, revision)
    engine.dispose()


def _fill(connection: Connection, file: sqlite3.Connection, progress: Progress) -> None:
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -32768"):
        file.execute(f"PRAGMA {pragma}")
    tables = server_tables(connection)
    _check_same(tables, file)
    total = _rows_expected(connection)
    done = 0
    file.execute("BEGIN EXCLUSIVE")
    with _without_triggers_and_indexes(file, progress):
        for table in tables:
            done = _copy_table(connection, file, table, done, total, progress)
    for name in full_text_tables(file):
        progress.step(done, max(done, total))
        file.execute(f"INSERT INTO {quoted(name)} ({quoted(name)}) VALUES ('rebuild')")  # noqa: S608 - our own table
    file.execute("COMMIT")
    file.execute("PRAGMA locking_mode = NORMAL")
    file.execute("PRAGMA journal_mode = DELETE")


def _check_same(tables: Sequence[Table], file: sqlite3.Connection) -> None:
    there = {(table.name, column.name) for table in tables for column in table.columns}
    here = {(table, column) for table, columns in file_tables(file).items() for column in columns}
    if there != here:
        raise Unavailable(_OTHER_TABLES, tables=", ".join(sorted({table for table, _ in there ^ here})))


def _rows_expected(connection: Connection) -> int:
    asked = (
        "select coalesce(sum(greatest(c.reltuples, 0)), 0)::int8 from pg_class c"
        " join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'crm' and c.relkind = 'r'"
    )
    return int(connection.scalar(text(asked)) or 0)


def _copy_table(
    connection: Connection, file: sqlite3.Connection, table: Table, done: int, total: int, progress: Progress
) -> int:
    read = [reading(column) for column in table.columns]
    order = f" order by {', '.join(map(quoted, table.key))}" if table.key else ""
    values = ", ".join(expression for expression, _type in read)
    asked = f"copy (select {values} from crm.{quoted(table.name)}{order}) to stdout (format binary)"  # noqa: S608
    marks = ", ".join("?" * len(read))
    file.execute(f"DELETE FROM {quoted(table.name)}")  # noqa: S608 - what the revision itself put there
    driver: Any = connection.connection.driver_connection
    copied = 0

    def rows(copy: Any) -> Iterator[Sequence[Any]]:
        nonlocal copied
        for row in copy.rows():
            copied += 1
            if not copied % _ROWS_AT_ONCE:
                progress.step(done + copied, max(total, done + copied))
            yield row

    with driver.cursor() as cursor, cursor.copy(asked) as copy:
        copy.set_types([kind for _expression, kind in read])
        into = f"INSERT INTO {quoted(table.name)} ({table.quoted}) VALUES ({marks})"  # noqa: S608 - our own names
        file.executemany(into, rows(copy))
    progress.step(done + copied, max(total, done + copied))
    return done + copied


@contextmanager
def _without_triggers_and_indexes(file: sqlite3.Connection, progress: Progress) -> Iterator[None]:
    """Take away meanwhile what every row would have to keep up to date; made anew at once it takes a third."""
    kept = file.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type"
    ).fetchall()
    for kind, name, _sql in kept:
        file.execute(f"DROP {kind} {quoted(name)}")
    yield
    for _kind, _name, statement in kept:
        progress.step(0, None)
        file.execute(statement)


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    import psycopg

    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        said = error.orig if isinstance(error, DBAPIError) else error
        if getattr(said, "sqlstate", None) == "42501":
            raise Unavailable(_NOT_ALLOWED) from error
        raise Unavailable(_LOST, reason=(str(said).strip().splitlines() or [""])[0]) from error
    except sqlite3.Error as error:
        raise Unavailable(_NOT_WRITTEN, folder=target.parent, reason=str(error)) from error
