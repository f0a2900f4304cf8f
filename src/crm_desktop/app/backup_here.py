"""What the page of backups asks about this computer and this session; every call belongs on a worker thread."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from crm_desktop.app.backup_job import writer_of
from crm_desktop.app.figures import SEAMS
from crm_desktop.app.session import Session
from crm_desktop.backup import history, plans, pruning, schedule
from crm_desktop.backup.format import sealing
from crm_desktop.backup.history import Run
from crm_desktop.backup.plans import EVERY_DAY, Plan
from crm_desktop.backup.restore.restoring import key_of
from crm_desktop.backup.system_schedule import Task
from crm_desktop.db.place import Place, place_of
from crm_desktop.shared.child_process import child_command
from crm_desktop.shared.progress import Progress

SAME_DISK: Final = "same_disk"
_SEASONS: Final = (datetime(2026, 1, 15), datetime(2026, 7, 15))  # noqa: DTZ001 – wall clock, once in each season


def verify(session: Session, run_id: int, secret: str, progress: Progress) -> Run:
    """Read a backup of the history again; `secret` opens a locked one, without it only its bytes are compared.

    Raises UserError with the reason when it is damaged or gone, Locked and WrongPassphrase, Cancelled.
    """
    database, actor = session.database, writer_of(session)
    key = None
    if secret:
        with database.read(actor) as work:
            run = history.run_of(work, run_id)
        assert run is not None
        key = key_of(run.path, secret)
    return history.verify_again(database, actor, run_id, seams=SEAMS, key=key, progress=progress)


def would_drop(session: Session) -> list[Run]:
    """Return the backups the next good one would remove."""
    return pruning.would_drop(session.database, writer_of(session))


def kind_of_place(session: Session, folder: Path) -> str:
    """Return "cloud", "same_disk" as the company's file, "network" or "local"."""
    place = place_of(folder)
    if place is Place.CLOUD:
        return str(place)
    file = session.database.path
    if file is not None and _disk_of(folder) == _disk_of(file):
        return SAME_DISK
    return str(place)


def _disk_of(path: Path) -> int | None:
    for one in (path, *path.parents):
        try:
            return os.stat(one).st_dev
        except OSError:
            continue
    return None


def new_lock(passphrase: str) -> tuple[Mapping[str, Any], str]:
    """Make a lock of a passphrase; returns it with its recovery key. Raises Invalid for a poor passphrase."""
    lock, recovery_key = sealing.new_lock(passphrase)
    return lock.to_dict(), recovery_key


def exit_may_be_wanted(session: Session, plan: Plan) -> bool:
    """Return whether the plan asks for a backup when the program ends here; whether anything changed is not asked."""
    writes = not session.database.read_only
    return writes and plan.active and plan.on_exit and plans.folders_usable_here(plan, session.profile.dataset_id)


def task_of(session: Session, plan: Plan) -> Task:
    """Return what the system's scheduler runs for a plan, at this computer's clock.

    Where its clock and the company's differ, it is asked on every day: the command decides itself what is due.
    """
    command = child_command("crm_desktop.app", "backup")
    if not getattr(sys, "frozen", False):
        command.append("backup")
    command += ["--scheduled", "--database", session.address]
    if session.database.path is None:
        command += ["--user", session.actor.login]
    zone = ZoneInfo(session.profile.timezone)
    after = session.clock.now()
    next_run = schedule.next_run(replace(plan, active=True, days=plan.days or EVERY_DAY), after, zone)
    if next_run is None or _same_clock(zone):
        return Task.of(session.address, command, plan.at, plan.days or EVERY_DAY)
    return Task.of(session.address, command, f"{next_run.astimezone():%H:%M}", EVERY_DAY)


def _same_clock(zone: ZoneInfo) -> bool:
    """Return whether this computer and `zone` show the same time in every season."""
    return all(one.astimezone().utcoffset() == one.replace(tzinfo=zone).utcoffset() for one in _SEASONS)
