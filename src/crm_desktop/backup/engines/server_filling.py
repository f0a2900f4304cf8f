"""Filling the new tables of a server from a company file, within the transaction that made them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, text

from crm_desktop.backup.engines.rows import (
    Table,
    count_rows,
    file_tables,
    is_made_by_file,
    quoted,
    server_tables,
    stored_rows,
)
from crm_desktop.db.schema import SCHEMA, upgrade_within
from crm_desktop.shared.errors import CrmError
from crm_desktop.shared.progress import Progress

if TYPE_CHECKING:
    from crm_desktop.backup.seams import Seams

_ROWS_AT_ONCE: Final = 2_000
"""Between two looks at Cancel."""


def found_from_file(connection: Connection, file: sqlite3.Connection, seams: "Seams", progress: Progress) -> None:
    """Make the schema anew and put every row of the file into it; the caller acts as the schema's owner.

    Search words are made anew when a file made those there are. Raises IntegrityError when the rows contradict each
    other, Cancelled.
    """
    if file.execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
        raise CrmError("the data to load has not been brought up to date")
    upgrade_within(connection)
    tables = server_tables(connection)
    there = {table.name: {column.name for column in table.columns} for table in tables}
    if there != {name: set(columns) for name, columns in file_tables(file).items()}:
        raise CrmError("the file and the server differ in their tables at the same revision")
    stale = {table.name for table in tables if table.is_search and is_made_by_file(file, table)}
    total = count_rows(file, there)
    done = 0
    with _without_checks(connection, progress):
        for table in tables:
            # What a migration put there is in the file too.
            connection.exec_driver_sql(f"delete from {quoted(table.name)}")  # noqa: S608 - our own table
        for table in tables:
            if table.name not in stale:
                done = _copy_table(connection, file, table, done, total, progress)
        if stale:
            seams.rebuild(connection)
    _set_sequences(connection, tables)
    # A server plans badly over rows it knows nothing of; what was set aside need not be read for it.
    connection.exec_driver_sql("analyze " + ", ".join(quoted(table.name) for table in tables))


def _copy_table(
    connection: Connection, file: sqlite3.Connection, table: Table, done: int, total: int, progress: Progress
) -> int:
    driver: Any = connection.connection.driver_connection
    into = f"copy {quoted(table.name)} ({table.quoted}) from stdin"
    copied = 0
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        for row in stored_rows(file, table):
            copy.write_row(row)
            copied += 1
            if not copied % _ROWS_AT_ONCE:
                progress.step(done + copied, total)
    progress.step(done + copied, total)
    return done + copied


@contextmanager
def _without_checks(connection: Connection, progress: Progress) -> Iterator[None]:
    """Take away foreign keys and plain indexes; at the end every row is checked at once and each index made once.

    Tables point at each other in circles, so that no order of loading would do.
    """
    keys = connection.execute(
        text(
            """select conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) from pg_constraint
            where connamespace = 'crm'::regnamespace and contype = 'f' order by 1, 2"""
        )
    ).all()
    indexes = connection.execute(
        text(
            """select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
            from pg_index i join pg_class c on c.oid = i.indexrelid
            where c.relnamespace = 'crm'::regnamespace
                and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype <> 'f')
            order by 1"""
        )
    ).all()
    bare = connection.execution_options(no_parameters=True)
    for table, key, _definition in keys:
        bare.exec_driver_sql(f"alter table {table} drop constraint {key}")
    for index, _definition in indexes:
        bare.exec_driver_sql(f"drop index {index}")
    yield
    for _index, definition in indexes:
        progress.step(0, None)
        bare.exec_driver_sql(definition)
    for table, key, definition in keys:
        progress.step(0, None)
        bare.exec_driver_sql(f"alter table {table} add constraint {key} {definition}")


def _set_sequences(connection: Connection, tables: tuple[Table, ...]) -> None:
    """Let the next number of every column that numbers its rows come after those loaded."""
    for table in tables:
        for column in table.columns:
            sequence = connection.scalar(
                text("select pg_get_serial_sequence(:table, :column)"),
                {"table": f"crm.{quoted(table.name)}", "column": column.name},
            )
            if sequence:
                highest = f"select max({quoted(column.name)}) from {quoted(table.name)}"  # noqa: S608 - our own names
                connection.execute(
                    text(f"select setval(:sequence, coalesce(({highest}), 1), ({highest}) is not null)"),
                    {"sequence": sequence},
                )
