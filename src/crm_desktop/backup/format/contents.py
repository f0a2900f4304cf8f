"""What is in a data.sqlite: its rows, figures and objects; opened as a stranger's file, only to be read."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from crm_desktop.backup.engines.rows import REVISION_TABLE, file_tables, quoted
from crm_desktop.backup.format.manifest import JournalHead, clean_text
from crm_desktop.backup.seams import Seams
from crm_desktop.db.read_only import open_read_only
from crm_desktop.db.schema import SCHEMA, upgrade
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.figures import Figure, FigureKind
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress, Quiet

_TICKS: Final = 200_000
"""Steps of SQLite between two looks at Cancel: a few milliseconds."""
_MOST_FINDINGS: Final = 20
_LIMIT_LENGTH: Final = 1_000_000_000
_OWN_TABLES: Final = frozenset({"sqlite_sequence", "sqlite_stat1", "sqlite_stat4"})
"""Which SQLite makes by itself."""


_SURROUNDINGS: Final = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
_UNREADABLE: Final = N_(
    "{path} could not be read to the end: {reason}. Make room on its disk or have it checked, then try again."
)


class StrangeObjects(ValueError):
    """The file has tables, triggers or views that no schema of this program has, or lacks some."""


class Checking:
    """A data.sqlite that is looked at; SQLite runs nothing of it that could do more than answer."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self._file = open_read_only(path)
        self._stopped: BaseException | None = None
        self._progress = progress
        self._file.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LIMIT_LENGTH)
        self._file.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        self._file.set_progress_handler(self._look, _TICKS)
        self.execute("PRAGMA trusted_schema = OFF")
        self.execute("PRAGMA query_only = ON")
        self.execute("PRAGMA cell_size_check = ON")
        self.execute("PRAGMA mmap_size = 0")
        self.execute("PRAGMA cache_size = -16384")
        self.execute("PRAGMA temp_store = MEMORY")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query. Raises Cancelled, sqlite3.Error."""
        try:
            return self._file.execute(sql, values).fetchall()
        except sqlite3.OperationalError:
            if self._stopped is not None:
                raise self._stopped from None
            raise

    def schema(self) -> int:
        """Return the schema number. Raises StrangeObjects when there is none."""
        # A view of that name could go on for ever.
        is_table = "SELECT 1 FROM sqlite_master WHERE name = ? AND type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        if self.execute(is_table, (REVISION_TABLE,)) != [(1,)]:
            raise StrangeObjects("the schema number")
        said = self.execute(f"SELECT version_num FROM {REVISION_TABLE} LIMIT 2")  # noqa: S608 a constant
        number = self.execute("PRAGMA user_version")[0][0]
        if number < 1 or said != [(f"{number:04d}",)]:
            raise StrangeObjects("the schema number")
        return int(number)

    def check_objects(self, schema: int) -> None:
        """Raise StrangeObjects unless the file has the objects of a schema that this program knows, and no other.

        Only plain indexes may be more or fewer: an administrator may have made one, and they run nothing.
        """
        found, expected = _objects(self._file), expected_objects(schema)
        for key in found.keys() | expected.keys():
            if found.get(key) != expected.get(key) and not (key[0] == "index" and self._is_plain_index(found, key)):
                raise StrangeObjects(" ".join(key)[:100])

    def _is_plain_index(self, found: "_Objects", key: tuple[str, str, str]) -> bool:
        columns = self.execute("SELECT cid FROM pragma_index_xinfo(?)", (key[1],))
        return key not in found or (" where " not in str(found[key]).lower() and (-2,) not in columns)

    def counts(self) -> dict[str, int]:
        """Return how many rows every table has, by its name."""
        return {
            name: self.execute(f"SELECT count(*) FROM {quoted(name)}")[0][0]  # noqa: S608 names of the file's own tables
            for name in file_tables(self._file)
        }

    def figures(self, seams: Seams) -> dict[str, Any]:
        """Return the figures by key: a count, amounts by currency, or a text. Only of a file of our own schema."""
        return {figure.key: self._figure(figure) for figure in seams.figures}

    def journal_head(self) -> JournalHead:
        """Return the last entry of the journal."""
        said = self.execute("SELECT id, operation_id, at FROM journal ORDER BY id DESC LIMIT 1")
        if not said:
            return JournalHead()
        number, operation, at = said[0]
        return JournalHead(number, operation, datetime.fromisoformat(at).replace(tzinfo=UTC))

    def broken_pages(self, *, full: bool) -> list[str]:
        """Return what is wrong with pages and constraints, [] when nothing is.

        `full` compares every index with its table too; that finds a few more of the flipped bits, none that
        a hash does not find, and takes five times as long (280 MB: 0.9 s and 4.9 s).
        """
        check = "integrity_check" if full else "quick_check"
        said = [str(row[0]) for row in self.execute(f"PRAGMA {check}({_MOST_FINDINGS})")]
        return [] if said == ["ok"] else said

    def broken_references(self) -> list[str]:
        """Return which rows refer to others that are not there, the first of them."""
        broken = self.execute("SELECT * FROM pragma_foreign_key_check LIMIT ?", (_MOST_FINDINGS,))
        return [f"{table} {row}: {parent} is missing" for table, row, parent, _ in broken]

    def count_broken_references(self) -> int:
        """Return how many rows refer to others that are not there."""
        return int(self.execute("SELECT count(*) FROM pragma_foreign_key_check")[0][0])

    def _figure(self, figure: Figure) -> Any:
        rows = self.execute(figure.sql)
        if figure.kind is FigureKind.MONEY:
            return {currency: int(amount) for currency, amount in rows if amount is not None}
        value = rows[0][0] if rows else None
        if figure.kind is FigureKind.COUNT:
            return int(value or 0)
        return "" if value is None else clean_text(str(value))

    def _look(self) -> int:
        try:
            self._progress.step(0)
        except BaseException as stopped:  # noqa: BLE001 SQLite swallows it; it is raised again by execute
            self._stopped = stopped
            return 1
        return 0


@contextmanager
def checking(path: Path, progress: Progress | None = None) -> Iterator[Checking]:
    """Open a data.sqlite to look at it; close it afterwards.

    Raises Unavailable when it is the disk or the memory that fails, not the file: that is left as sqlite3.Error.
    """
    try:
        with closing(Checking(path, progress or Quiet())) as file:
            yield file
    except sqlite3.Error as error:
        if (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in _SURROUNDINGS:
            raise Unavailable(_UNREADABLE, path=path, reason=str(error)) from error
        raise


def counts(path: Path) -> dict[str, int]:
    """Return how many rows every table of a data.sqlite has. Raises sqlite3.Error."""
    with checking(path) as file:
        return file.counts()


def figures(path: Path, seams: Seams) -> dict[str, Any]:
    """Return the figures of a data.sqlite by key, {} when it is not of our own schema. Raises sqlite3.Error."""
    with checking(path) as file:
        return file.figures(seams) if file.schema() == SCHEMA else {}


def proof(path: Path, *, broken_references: int = 0) -> list[str]:
    """Return what is wrong with a data.sqlite, [] when nothing is but so many `broken_references`, known already.

    Raises sqlite3.Error when it is too damaged to look at.
    """
    with checking(path) as file:
        is_known = file.count_broken_references() <= broken_references
        return file.broken_pages(full=False) + ([] if is_known else file.broken_references())


def count_broken_references(path: Path) -> int:
    """Return how many rows of a data.sqlite refer to others that are not there. Raises sqlite3.Error."""
    with checking(path) as file:
        return file.count_broken_references()


def journal_head(path: Path) -> JournalHead:
    """Return the last entry of the journal in a data.sqlite. Raises sqlite3.Error."""
    with checking(path) as file:
        return file.journal_head()


_Objects = Mapping[tuple[str, str, str], object]


@cache
def expected_objects(schema: int) -> _Objects:
    """Return the objects of a schema this program knows, made anew by its own revisions."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        upgrade(engine, schema)
        with engine.connect() as connection:
            file: Any = connection.connection.driver_connection
            return _objects(file)
    finally:
        engine.dispose()


def _objects(file: sqlite3.Connection) -> _Objects:
    """Return by (type, name, table): the columns of a table, the text of a trigger, view or virtual table.

    The text of an ordinary table is not compared: older programs may have written the same table with
    other blanks and quotes.
    """
    found: dict[tuple[str, str, str], object] = {}
    rows = file.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    for kind, name, table, sql in rows:
        if not all(isinstance(one, str) for one in (kind, name, table)):
            raise StrangeObjects("an object without name")
        if name in _OWN_TABLES or (kind == "index" and sql is None):
            continue
        is_plain = kind == "table" and not _is_virtual(sql)
        found[kind, name, table] = _columns(file, name) if is_plain else _squeezed(sql)
    return found


def _columns(file: sqlite3.Connection, table: str) -> object:
    said = file.execute(
        "SELECT name, upper(type), pk, hidden FROM pragma_table_xinfo(?) ORDER BY name", (table,)
    ).fetchall()
    return tuple(said)


def _is_virtual(sql: Any) -> bool:
    return str(sql).lstrip()[:14].upper() == "CREATE VIRTUAL"


def _squeezed(sql: Any) -> str:
    return " ".join(str(sql).split())
