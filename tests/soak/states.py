"""Companies to do deeds to, and what is left of them afterwards, looked at without the program's own checks."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Final

from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from tests.soak.nursery import new_contact

KEPT_APART: Final = ("backup_", "alembic_version", "company", "journal", "sqlite_")
"""Tables that a backup or a restore itself writes to."""


def fill(path: Path, names: str, count: int) -> None:
    """Put so many contacts with notes of 2 KB into a company file, and all of it into the one file."""
    database = Database(sqlite_engine(path), path=path)
    with database.begin(SYSTEM) as work:
        for number in range(count):
            contact = new_contact(f"{names} {number}")
            contact.notes = f"{names} " * (2000 // (len(names) + 1))
            work.session.add(contact)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def digest(path: Path) -> str:
    """Open a file as SQLite does after a kill, prove it whole, and return a hash of the rows of the business."""
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "damaged"
        assert file.execute("PRAGMA foreign_key_check").fetchall() == [], "rows that point nowhere"
        tables = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        found = hashlib.sha256()
        for table in tables:
            if not table.startswith(KEPT_APART):
                found.update(table.encode())
                for row in file.execute(f'SELECT * FROM "{table}" ORDER BY 1'):
                    found.update(repr(row).encode())
        return found.hexdigest()


def is_whole(backup: Path, of: str) -> bool:
    """Return whether a zip is whole and its data are those with the digest `of`, by common tools only."""
    try:
        with zipfile.ZipFile(backup) as archive, tempfile.TemporaryDirectory() as folder:
            return archive.testzip() is None and digest(Path(archive.extract("data.sqlite", folder))) == of
    except (zipfile.BadZipFile, sqlite3.DatabaseError, AssertionError, KeyError, EOFError, OSError):
        return False


def backups(folder: Path) -> list[Path]:
    """Return what carries the final name of a backup."""
    return sorted(one for one in folder.glob("crm-backup-*") if one.suffix in (".zip", ".crmlock"))


def hashes(paths: list[Path]) -> dict[str, str]:
    """Return the hash of each file by its name."""
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in paths}


def leftovers(*folders: Path) -> list[str]:
    """Return what an interrupted deed left lying about."""
    return [one.name for folder in folders for one in folder.glob("*.part")]


def emptied(folder: Path) -> Path:
    """Remove everything in a folder, made when it is not there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def copied(path: Path, folder: Path) -> Path:
    """Copy a file that is at rest into a folder, in place of one that may have logs beside it."""
    target = folder / path.name
    for ending in ("", "-wal", "-shm", "-journal"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    return Path(shutil.copy(path, target))
