"""What Settings › Where is my data? says: place, size, room, rows, last verified backup, last check. No Qt."""

import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from crm_desktop.app.opening import public_address
from crm_desktop.backup import plans, state
from crm_desktop.backup.engines.rows import count_rows, file_tables
from crm_desktop.db.read_only import open_read_only

if TYPE_CHECKING:
    from crm_desktop.app.session import Session

_SIDE_FILES = ("", "-wal", "-journal")


@dataclass(frozen=True, slots=True)
class DataFacts:
    """Sizes are bytes; `free` is None for a server, whose disk nobody sees from here. `rows` of a server is estimated.

    `checked_at` is None before the first check; `findings` what the last one found, a sentence each.
    """

    place: str
    path: Path | None
    size: int
    free: int | None
    rows: int
    estimated: bool
    backup: state.BackupState
    checked_at: datetime | None
    findings: tuple[str, ...]


def facts(session: "Session", work: Any) -> DataFacts:
    """Gather everything, on a lane. Raises Unavailable."""
    path, plan = session.database.path, plans.plan(work)
    findings = tuple(line for line in plan.check_findings.splitlines() if line)
    told = (state.state(work), plan.checked_at, findings)
    if path is not None:
        free = None
        with suppress(OSError):
            free = shutil.disk_usage(path.parent).free
        return DataFacts(str(path), path, _size_of(path), free, _rows_of(path), False, *told)
    connection = work.session.connection()
    size = connection.scalar(text("SELECT pg_database_size(current_database())"))
    rows = connection.scalar(
        text(
            "SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'crm' AND c.relkind = 'r'"
        )
    )
    return DataFacts(public_address(session.address), None, int(size), None, int(rows), True, *told)


def _size_of(path: Path) -> int:
    # Asked by name only: opening and closing the file would drop the locks SQLite holds on it.
    size = 0
    for ending in _SIDE_FILES:
        with suppress(OSError):
            size += path.with_name(path.name + ending).stat().st_size
    return size


def _rows_of(path: Path) -> int:
    with closing(open_read_only(path, wait_s=10)) as connection:
        return count_rows(connection, file_tables(connection))
