"""What the program does with backups, as deeds of a child: the real services on a company file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import alembic.command
import alembic.config  # noqa: F401 - loaded before the fork, so that no deed loads it
import sqlalchemy.dialects.sqlite.pysqlite  # noqa: F401

from crm_desktop.app import opening
from crm_desktop.app.figures import SEAMS
from crm_desktop.backup import history, making, pruning
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.restore import placing, restoring
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.shared.progress import Quiet


def opened(file: str) -> Database:
    path = Path(file)
    return Database(sqlite_engine(path), path=path)


def migrate(file: str) -> None:
    """Open an older company file, as the program does at the start."""
    opening.open_file(Path(file)).close()


def backup(file: str, folder: str, second: str = "") -> None:
    """Make one as the keeper does: what was interrupted is settled first."""
    database = opened(file)
    history.settle_interrupted(database)
    order = making.Order(Kind.SCHEDULED, Path(folder), Path(second) if second else None)
    making.make_backup(database, order, SEAMS, Quiet())
    database.close()


def prune(file: str, folder: str) -> None:
    """Remove what the plan keeps no longer."""
    database = opened(file)
    pruning.prune(database, Path(folder))
    database.close()


def restore(backup: str, file: str) -> None:
    """Put a backup in the place of a company file."""
    terms = placing.Terms(placing.RESTORED, {}, datetime.now(UTC))
    with restoring.prepare(Path(backup), None, SEAMS, Quiet()) as prepared:
        placing.apply_to_file(prepared, Path(file), SEAMS, terms, progress=Quiet())


DEEDS: Final[dict[str, Callable[..., None]]] = {
    "migrate": migrate,
    "backup": backup,
    "prune": prune,
    "restore": restore,
}
