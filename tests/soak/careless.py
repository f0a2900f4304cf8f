"""The same deeds as careless programs do them: every proof has to find these out, or it proves nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

PIECE: Final = 64 * 1024


def backup_under_its_name(file: str, folder: str) -> None:
    """Write the zip under its final name from the beginning."""
    target = Path(folder) / "crm-backup-20261122-123000.zip"
    copy = Path(folder) / "copy.tmp"
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as snapshot:
        source.backup(snapshot)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.write(copy, "data.sqlite")
    copy.unlink()


def backup_without_flushing_the_folder(file: str, folder: str) -> None:
    """Write beside the name, flush the file, rename; the name itself may be lost."""
    aside = Path(folder) / "aside"
    aside.mkdir()
    backup_under_its_name(file, str(aside))
    (written,) = aside.glob("*.zip")
    with written.open("rb") as archive:
        os.fsync(archive.fileno())
    written.rename(Path(folder) / written.name)


def backup_after_making_room(file: str, folder: str) -> None:
    """Keep one backup, and remove it before the new one is there."""
    kept = sorted(Path(folder).glob("crm-backup-*.zip"))[0]
    kept.unlink()
    backup_under_its_name(file, folder)


def restore_over_the_file(data: str, file: str) -> None:
    """Copy over the live file."""
    with open(data, "rb") as source, open(file, "r+b", buffering=0) as target:
        shutil.copyfileobj(source, target, PIECE)
        target.truncate()


def restore_by_renaming_early(data: str, file: str) -> None:
    """Give a file its name, then fill it."""
    aside = file + ".new"
    with open(data, "rb") as source, open(aside, "wb", buffering=0) as target:
        target.write(source.read(PIECE))
        os.replace(aside, file)
        shutil.copyfileobj(source, target, PIECE)


def migrate_step_by_step(file: str) -> None:
    """Commit after every statement, the number first."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 6")
        connection.execute("UPDATE alembic_version SET version_num = '0006'")
        connection.execute("CREATE TABLE backup_plan (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE backup_run (id INTEGER PRIMARY KEY)")
        connection.execute("ALTER TABLE company ADD COLUMN epoch INTEGER NOT NULL DEFAULT 1")
        connection.execute("ALTER TABLE company ADD COLUMN moved_to VARCHAR NOT NULL DEFAULT ''")


def prune_until_it_fits(folder: str) -> None:
    """Remove all but the newest three names, whether they are whole or not."""
    for old in sorted(Path(folder).glob("crm-backup-*.zip"))[:-3]:
        old.unlink()


DEEDS: Final[dict[str, Callable[..., None]]] = {
    "careless " + deed.__name__: deed
    for deed in (
        backup_under_its_name,
        backup_without_flushing_the_folder,
        backup_after_making_room,
        restore_over_the_file,
        restore_by_renaming_early,
        migrate_step_by_step,
        prune_until_it_fits,
    )
}
