"""One backup file: a snapshot, zipped beside its name, proved from the disk, given its name."""

import itertools
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import text

from crm_desktop.backup import folder as folders
from crm_desktop.backup.engines.snapshot import take_snapshot
from crm_desktop.backup.engines.source import Source
from crm_desktop.backup.format import naming
from crm_desktop.backup.format.archive import write_archive
from crm_desktop.backup.format.box import hash_file
from crm_desktop.backup.format.manifest import About
from crm_desktop.backup.format.refusals import Damaged
from crm_desktop.backup.format.sealing import Lock
from crm_desktop.backup.format.verify import Verified, verify_archive
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.seams import Seams
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress
from crm_desktop.shared.published import copy_file, part_of, publish

_SNAPSHOT, _ZIP, _PROOF = (0, 250), (250, 700), (700, 1000)
"""Of a thousand steps of progress."""
_SERVER_BYTES: Final = (
    "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = 'crm' AND c.relkind = 'r'"
)
_NOT_PROVED: Final = N_(
    "The backup was written into {folder}, but could not be read back as it was written ({part}), so it was removed. "
    "Have that disk checked, or choose a folder on another one."
)
_NOT_EQUAL: Final = N_(
    "The copy in {folder} is not the same as the backup it was made of. Have that disk "
    "checked, or choose a folder on another one."
)


class Stage:
    """Progress of one part of the work, told as a part of the whole."""

    def __init__(self, progress: Progress, share: tuple[int, int]) -> None:
        self._progress = progress
        self._from, self._to = share

    def step(self, done: int, total: int | None = None) -> None:
        """Report the part. Raises Cancelled when Cancel was pressed."""
        reached = min(1.0, done / total) if total else 0.0
        self._progress.step(self._from + int((self._to - self._from) * reached), 1000)


def free_path(folder: Path, kind: Kind, now: datetime, zone: ZoneInfo, *, locked: bool) -> Path:
    """Return a name that nothing in the folder has, from the time in the company's zone."""
    at = now.astimezone(zone)
    for number in itertools.count(1):
        path = folder / naming.file_name(kind, at, locked=locked, number=number)
        if not os.path.lexists(path) and not os.path.lexists(part_of(path)):
            return path
    raise AssertionError("numbers end")


def write_proved(
    source: Source,
    path: Path,
    about: About,
    *,
    settings: Mapping[str, Any],
    lock: Mapping[str, Any],
    seams: Seams,
    progress: Progress,
    snapshot: Path,
) -> Verified:
    """Write a backup beside `path` and prove it from the disk; `snapshot` is a new file to copy the data into.

    Raises FolderRefused, Unavailable, Damaged, Cancelled; the unfinished file is removed then.
    """
    part = part_of(path)
    take_snapshot(source, snapshot, Stage(progress, _SNAPSHOT))
    try:
        with folder_errors(path.parent):
            sealed = Lock.from_dict(dict(lock)) if lock else None
            zipping, proving = Stage(progress, _ZIP), Stage(progress, _PROOF)
            made = write_archive(snapshot, dict(settings), about, part, seams=seams, lock=sealed, progress=zipping)
            try:
                proved = verify_archive(part, seams=seams, key=made.key, snapshot=snapshot, progress=proving)
            except Damaged as error:
                raise Unavailable(_NOT_PROVED, folder=path.parent, part=error.part) from error
            if proved.sha256 != made.sha256:
                raise Unavailable(_NOT_PROVED, folder=path.parent, part=path.name)
            return proved
    except BaseException:
        with suppress(OSError):  # the folder may be what is gone
            part.unlink(missing_ok=True)
        raise


def give_name(path: Path) -> None:
    """Give the proved file its name and make sure that it is on the disk. Raises FolderRefused."""
    try:
        publish(path)
    except Unavailable as error:
        if isinstance(error.__cause__, OSError):
            raise folders.refused(path.parent, error.__cause__) from error
        raise


@contextmanager
def folder_errors(folder: Path) -> Iterator[None]:
    """Turn what the system says while a folder is written to into a sentence with its name."""
    try:
        yield
    except OSError as error:
        raise folders.refused(folder, error) from error


def room_for(source: Source) -> int:
    """Return how many bytes a snapshot will about take."""
    if source.path is not None:
        logs = (source.path.with_name(source.path.name + ending) for ending in ("", "-wal"))
        return sum(one.stat().st_size for one in logs if one.exists())
    with source.engine.connect() as connection:
        return int(connection.scalar(text(_SERVER_BYTES)) or 0)


def copy_into(folder: Path, path: Path, sha256: str, progress: Progress) -> None:
    """Copy a named backup into a second folder and prove the copy by its hash, read from the disk.

    Raises FolderRefused, Unavailable when the copy is not the same, Cancelled.
    """
    target = folder / path.name
    part = part_of(target)
    try:
        with folder_errors(folder):
            copy_file(path, part, progress)
            if hash_file(part, progress) != sha256:
                raise Unavailable(_NOT_EQUAL, folder=folder)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    give_name(target)
