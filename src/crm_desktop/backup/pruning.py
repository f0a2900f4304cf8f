"""Removing the backups the plan keeps no longer: only files of ours, each looked at once more before it goes."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm_desktop.access import company
from crm_desktop.backup import folder as folders
from crm_desktop.backup import history, plans, retention
from crm_desktop.backup.history import DONE, Run
from crm_desktop.backup.kinds import Status
from crm_desktop.backup.model import BackupRun
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor

_LOOKED_BACK: Final = 200


def would_drop(database: Database, actor: Actor = SYSTEM) -> list[Run]:
    """Return the backups in the plan's folder that the next successful one would remove, oldest first."""
    with database.read(actor) as work:
        folder = plans.plan(work).folder
    return _superfluous(database, actor, Path(folder), second=False) if folder else []


def prune(database: Database, folder: Path, second: Path | None = None, actor: Actor = SYSTEM) -> tuple[str, ...]:
    """Remove what is kept no longer, in the second folder as well, and return the names of the files.

    Noted before it is done: whoever is cut off between finds the file there and removes it the next time.
    """
    gone = _superfluous(database, actor, folder, second=False)
    history.note_removed(database, actor, [run.id for run in gone])
    for run in [*gone, *_left_behind(database, actor, folder)]:
        _remove(run.path, run)
    if second is not None:
        for run in _superfluous(database, actor, second, second=True):
            _remove(second / run.file_name, run)
    return tuple(run.file_name for run in gone)


def _left_behind(database: Database, actor: Actor, folder: Path) -> list[Run]:
    """Return what was noted as removed and lies there all the same."""
    with database.read(actor) as work:
        dataset_id = company.company(work).dataset_id
        asked = select(BackupRun).where(BackupRun.folder == str(folder), BackupRun.removed_at.is_not(None))
        newest = asked.order_by(BackupRun.id.desc()).limit(_LOOKED_BACK)
        runs = [history.as_run(row) for row in work.session.scalars(newest)]
    return [run for run in runs if folders.has_size(run.path, run.size) and _is_ours(run.path, run, dataset_id)]


def _superfluous(database: Database, actor: Actor, folder: Path, *, second: bool) -> list[Run]:
    with database.read(actor) as work:
        profile = company.company(work)
        asked = select(BackupRun).where(BackupRun.status == Status.VERIFIED)
        if second:
            asked = asked.where(BackupRun.second == DONE)
        else:
            asked = asked.where(BackupRun.folder == str(folder), BackupRun.removed_at.is_(None))
        runs = [history.as_run(row) for row in work.session.scalars(asked)]
    there = {run.file_name: run for run in runs if folders.has_size(folder / run.file_name, run.size)}
    copies = [
        retention.Copy(name, run.sequence, run.started_at, safety=run.kind.is_safety_copy)
        for name, run in there.items()
    ]
    zone = ZoneInfo(profile.timezone)
    dropped = [there[copy.name] for copy in retention.to_drop(copies, database.clock.now(), zone)]
    return [run for run in dropped if _is_ours(folder / run.file_name, run, profile.dataset_id)]


def _is_ours(path: Path, run: Run, dataset_id: str) -> bool:
    """Tell whether the file is the company's: by what it says of itself, a locked one by its noted name and size."""
    listed = folders.look_at(path)
    if listed is None or listed.problem:
        return False
    return run.locked if listed.manifest is None else listed.manifest.dataset_id == dataset_id


def _remove(path: Path, run: Run) -> None:
    if folders.has_size(path, run.size):
        with suppress(OSError):
            os.unlink(path)
