"""Whether two places hold the same company: rows of every table, and the figures a person knows it by."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from crm_desktop.backup.engines.rows import file_tables, quoted, server_tables
from crm_desktop.backup.engines.server_snapshot import viewing
from crm_desktop.backup.engines.source import Source
from crm_desktop.db.read_only import open_read_only
from crm_desktop.shared.figures import FigureKind

if TYPE_CHECKING:
    from crm_desktop.backup.seams import Seams

Ask = Callable[[str], Sequence[Sequence[Any]]]
"""Runs a question and returns its rows."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: the name of a table or the key of a figure, and what each side has (None: nothing)."""

    what: str
    first: Any
    second: Any


def compare(data: Path, other: Source | Path, seams: "Seams") -> list[Difference]:
    """Return in what a company file and another place differ, [] when they hold the same; search words are left out.

    Raises Unavailable when a server cannot be read whole.
    """
    with _asking(data) as (ask, tables):
        first = _measures(ask, tables, seams)
    with _asking(other) as (ask, tables):
        second = _measures(ask, tables, seams)
    return [
        Difference(what, first.get(what), second.get(what))
        for what in sorted(first.keys() | second.keys())
        if first.get(what) != second.get(what)
    ]


@contextmanager
def _asking(place: Source | Path) -> Iterator[tuple[Ask, Iterable[str]]]:
    path = place.path if isinstance(place, Source) else place
    if path is not None:
        with closing(open_read_only(path)) as file:
            file.execute("BEGIN")
            yield lambda asked: file.execute(asked).fetchall(), file_tables(file)
        return
    assert isinstance(place, Source)
    with viewing(place) as connection:
        tables = [table.name for table in server_tables(connection)]
        yield lambda asked: connection.execute(text(asked)).all(), tables


def _measures(ask: Ask, tables: Iterable[str], seams: "Seams") -> dict[str, Any]:
    found: dict[str, Any] = {
        name: ask(f"SELECT count(*) FROM {quoted(name)}")[0][0]  # noqa: S608 - names of our own
        for name in tables
    }
    for figure in seams.figures:
        rows = ask(figure.sql)
        if figure.kind is FigureKind.MONEY:
            found[figure.key] = {currency: int(amount) for currency, amount in rows if amount}
        else:
            value = rows[0][0] if rows else None
            found[figure.key] = int(value or 0) if figure.kind is FigureKind.COUNT else str(value or "")
    return found
