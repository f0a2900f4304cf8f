"""Many rows into one table at once."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Table, insert

_MOST_VALUES: Final = 32_000
"""SQLite takes 32,766 values in one statement."""


def insert_many(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    columns: Sequence[Iterable[Any]],
    *,
    searched: bool = False,
) -> None:
    """Insert the rows whose values stand in `columns`, named by `names`; defaults of the mapping are not filled in.

    `searched` tells of a table whose triggers keep FTS5 tables: those write to disk what they gathered as often
    as a statement begins, so that a statement for each row takes seven times as long as one for thousands.
    """
    if connection.dialect.name != "sqlite":
        # In one statement: COPY knows no row security.
        given = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        if given:
            connection.execute(insert(table).inline(), given)
        return
    # In the driver's own words: SQLAlchemy looks at every value of every row again, half the time of an import.
    stored: list[Iterable[Any]] = []
    for name, values in zip(names, columns, strict=True):
        process = table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        stored.append(values if process is None else map(process, values))
    rows = list(zip(*stored, strict=True))
    if not rows:
        return
    marks = f"({', '.join('?' * len(names))})"
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES {marks}"  # noqa: S608 - names of our own
    if not searched:
        connection.exec_driver_sql(statement, rows)
        return
    at_once = _MOST_VALUES // len(names)
    for start in range(0, len(rows), at_once):
        part = rows[start : start + at_once]
        connection.exec_driver_sql(statement + f", {marks}" * (len(part) - 1), tuple(chain.from_iterable(part)))
