"""What became of every backup: noted before it begins and when it ends, told from then on."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import exists, func, or_, select, text, update

from crm_desktop.backup import folder as folders
from crm_desktop.backup import plans
from crm_desktop.backup.engines.source import Source
from crm_desktop.backup.format.box import hash_file
from crm_desktop.backup.format.manifest import Manifest
from crm_desktop.backup.format.sealing import Key
from crm_desktop.backup.format.verify import verify_archive
from crm_desktop.backup.kinds import Kind, Status
from crm_desktop.backup.model import BackupRun
from crm_desktop.backup.processes import is_running
from crm_desktop.backup.seams import Seams
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database, Work
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import open_to_all
from crm_desktop.shared.progress import Progress, Quiet

DONE: Final = "done"
"""What `second` says when the copy in the second folder is there and proved equal."""
REGULAR: Final = (Kind.SCHEDULED, Kind.MANUAL, Kind.ON_EXIT)
"""The backups that keep the company safe from day to day."""
_KEPT_APART: Final = ("login", "backup")
"""What the journal says of these is no reason for another backup."""
_GIVEN_UP: Final = 50
_LOST_AFTER: Final = timedelta(hours=24)
_INTERRUPTED: Final = N_(
    "The backup into {folder} was interrupted: the program was ended or the computer went off. It is tried again."
)
_MISSING: Final = N_("{file} is not in {folder} any more. Put it back there, or make a new backup.")
_NOT_WHOLE: Final = N_(
    "The backup is an exact copy, but the company itself is not whole: {count} of its rows point to nothing. See "
    "Settings › Where is my data?"
)
_CHANGED: Final = N_("{file} in {folder} was changed since it was made. Do not restore it; make a new backup.")


@dataclass(frozen=True, slots=True)
class Run:
    """One backup of the history. Times are UTC; `reason` is the marked sentence of `why` and its values."""

    id: int
    sequence: int
    kind: Kind
    status: Status
    started_at: datetime
    finished_at: datetime | None
    verified_at: datetime | None
    folder: str
    file_name: str
    size: int
    sha256: str
    locked: bool
    counts: Mapping[str, Any] = field(default_factory=dict)
    journal_head: int = 0
    second: str = ""
    reason: Mapping[str, Any] = field(default_factory=dict)
    computer: str = ""
    user_name: str = ""
    removed_at: datetime | None = None

    @property
    def path(self) -> Path:
        """Return where the file lies, or lay."""
        return Path(self.folder) / self.file_name

    @property
    def why(self) -> str:
        """Return why it failed, or what is wrong with the company it is a copy of; "" when nothing is."""
        return told(self.reason)

    @property
    def second_why(self) -> str:
        """Return why the copy in the second folder is not there; "" when it is, or none was to be made."""
        return told(json.loads(self.second)) if self.second not in ("", DONE) else ""


@open_to_all("how old the last backup is concerns everybody")
def runs(work: Work, limit: int = 200) -> list[Run]:
    """Return the history, newest first."""
    rows = work.session.scalars(select(BackupRun).order_by(BackupRun.id.desc()).limit(limit))
    return [as_run(row) for row in rows]


@open_to_all("how old the last backup is concerns everybody")
def run_of(work: Work, run_id: int) -> Run | None:
    """Return one backup of the history."""
    row = work.session.get(BackupRun, run_id)
    return None if row is None else as_run(row)


@open_to_all("how old the last backup is concerns everybody")
def newest_verified(work: Work, *, regular: bool = False) -> Run | None:
    """Return the newest good backup that still lies somewhere, by its number; a `regular` one, or any."""
    asked = select(BackupRun).where(BackupRun.status == Status.VERIFIED, BackupRun.removed_at.is_(None))
    if regular:
        asked = asked.where(BackupRun.kind.in_(REGULAR))
    row = work.session.scalars(asked.order_by(BackupRun.sequence.desc(), BackupRun.id.desc()).limit(1)).first()
    return None if row is None else as_run(row)


@open_to_all("the names of files that were never whole tell nothing")
def given_up(work: Work, folder: Path) -> list[str]:
    """Return the names of the last backups into a folder that failed or were stopped: nothing of them is to stay."""
    asked = select(BackupRun.file_name).where(
        BackupRun.folder == str(folder),
        BackupRun.file_name != "",
        BackupRun.status.in_((Status.FAILED, Status.CANCELLED)),
    )
    return list(work.session.scalars(asked.order_by(BackupRun.id.desc()).limit(_GIVEN_UP)))


@dataclass(frozen=True, slots=True)
class Started:
    """A backup that was noted down."""

    run_id: int
    sequence: int


def note_started(
    database: Database, actor: Actor, kind: Kind, folder: Path, file_name: str, *, user_name: str, at_least: int = 0
) -> Started:
    """Note a backup before anything is written, so that one that is cut off is noticed."""
    with database.begin(actor) as work:
        row = _new_run(work, kind, folder, file_name, user_name, plans.raise_sequence(work, at_least))
        work.touch("backup", row.id)
        return Started(row.id, row.sequence)


def _new_run(work: Work, kind: Kind, folder: Path, file_name: str, user_name: str, sequence: int) -> BackupRun:
    row = BackupRun(
        sequence=sequence,
        kind=str(kind),
        status=str(Status.RUNNING),
        started_at=work.now,
        folder=str(folder),
        file_name=file_name,
        size=0,
        sha256="",
        locked=False,
        counts={},
        journal_head=0,
        second="",
        reason={"process": os.getpid()},
        computer=plans.this_computer(),
        user_name=user_name,
    )
    work.session.add(row)
    work.session.flush()
    return row


def note_written(
    database: Database, actor: Actor, run_id: int, *, size: int, sha256: str, manifest: Manifest, locked: bool
) -> None:
    """Note what was written and proved, before it gets its name: whoever is cut off now did not work in vain."""
    _set(
        database,
        actor,
        run_id,
        size=size,
        sha256=sha256,
        locked=locked,
        counts=dict(manifest.counts),
        journal_head=manifest.journal_head.id,
    )


def note_verified(database: Database, actor: Actor, run_id: int, *, broken_references: int = 0) -> None:
    """Note that the backup lies under its name, proved, and what is wrong with the company that it is a copy of."""
    now, reason = database.clock.now(), _reason_of(broken_references)
    _set(database, actor, run_id, status=str(Status.VERIFIED), finished_at=now, verified_at=now, reason=reason)


def _reason_of(broken_references: int) -> dict[str, Any]:
    return stored(UserError(_NOT_WHOLE, count=broken_references)) if broken_references else {}


def note_second(database: Database, actor: Actor, run_id: int, second: str) -> None:
    """Note what became of the copy in the second folder."""
    _set(database, actor, run_id, second=second)


def note_removed(database: Database, actor: Actor, run_ids: Sequence[int]) -> None:
    """Note that backups were pruned."""
    if run_ids:
        with database.begin(actor) as work:
            work.session.execute(
                update(BackupRun)
                .where(BackupRun.id.in_(run_ids))
                .values(removed_at=work.now)
                .execution_options(synchronize_session=False)
            )


def note_failed(database: Database, actor: Actor, run_id: int, reason: UserError) -> None:
    """Note why a backup failed."""
    now = database.clock.now()
    _set(database, actor, run_id, status=str(Status.FAILED), finished_at=now, reason=stored(reason))


def note_refused(
    database: Database, actor: Actor, kind: Kind, folder: Path, reason: UserError, *, user_name: str
) -> None:
    """Note why a backup could not begin; the same again, tried every quarter of an hour, stays one line."""
    kept = stored(reason)
    with database.begin(actor) as work:
        last = work.session.scalars(select(BackupRun).order_by(BackupRun.id.desc()).limit(1)).first()
        if (
            last is None
            or (last.status, last.kind, last.folder) != (Status.FAILED, kind, str(folder))
            or (last.file_name or last.reason.get("template") != reason.template)
        ):
            last = _new_run(work, kind, folder, "", user_name, plans.raise_sequence(work))
        last.status, last.reason, last.finished_at = str(Status.FAILED), kept, work.now
        work.session.flush()
        work.touch("backup", last.id)


def note_cancelled(database: Database, actor: Actor, run_id: int) -> None:
    """Note that somebody stopped a backup."""
    _set(database, actor, run_id, status=str(Status.CANCELLED), finished_at=database.clock.now(), reason={})


def told(reason: Mapping[str, Any]) -> str:
    """Return a kept sentence in the language in use, "" for none."""
    template = reason.get("template")
    return _(template).format(**reason.get("values", {})) if template else ""


def stored(error: UserError) -> dict[str, Any]:
    """Return a sentence as it is kept: marked text and values, to be read in any language."""
    values = {name: value if isinstance(value, int) else str(value) for name, value in error.values.items()}
    return {"template": error.template, "values": values}


def settle_interrupted(database: Database, actor: Actor = SYSTEM, stopped: int = 0) -> list[Run]:
    """Settle the backups whose process is gone: good when the whole file got its name, else failed.

    What they left behind is removed. `stopped` is a process that somebody ended on purpose. Returns the failed
    ones, to be told.
    """
    now = database.clock.now()
    with database.read(actor) as work:
        asked = select(BackupRun).where(BackupRun.status == Status.RUNNING)
        gone = [row for row in work.session.scalars(asked) if _is_gone(row, now)]
        found = [as_run(row) for row in gone]
    failed = []
    for run in found:
        if run.sha256 and _is_whole(run):
            note_verified(database, actor, run.id)
            continue
        folders.remove_parts(Path(run.folder), [run.file_name])
        if stopped and run.reason.get("process") == stopped:
            note_cancelled(database, actor, run.id)
            continue
        reason = UserError(_INTERRUPTED, folder=run.folder)
        note_failed(database, actor, run.id, reason)
        failed.append(replace(run, status=Status.FAILED, finished_at=now, reason=stored(reason)))
    return failed


def changed_since(database: Database, run: Run) -> bool:
    """Return whether anything but logins was written since the backup."""
    source = Source.of(database)
    asked = select(
        exists().where(
            JournalEntry.id > run.journal_head,
            # A restore put other data in the place of what the backup holds.
            or_(JournalEntry.entity.not_in(_KEPT_APART), JournalEntry.action == "restore"),
        ),
        select(func.count()).select_from(JournalEntry).where(JournalEntry.id <= run.journal_head).scalar_subquery(),
    )
    with source.engine.connect() as connection:
        if source.become:
            connection.execute(text(f'SET LOCAL ROLE "{source.become}"'))
        later, count = connection.execute(asked).one()
    # On a server a transaction that began before the backup may have ended after it.
    return bool(later) or (source.path is None and count != run.counts.get("journal", count))


def verify_again(
    database: Database, actor: Actor, run_id: int, *, seams: Seams, key: Key | None = None, progress: Progress
) -> Run:
    """Read a backup from the disk again, prove it and note the result; a locked one by its hash without the key.

    Raises UserError with the reason when it is damaged or gone, FolderRefused when its folder is away.
    """
    with database.read(actor) as work:
        run = run_of(work, run_id)
    assert run is not None
    if not Path(run.folder).is_dir():
        raise folders.refused(Path(run.folder), FileNotFoundError(2, os.strerror(2)))
    try:
        reason = _prove(run, seams, key, progress)
    except UserError as error:
        _set(database, actor, run_id, status=str(Status.DAMAGED), reason=stored(error))
        raise
    _set(database, actor, run_id, status=str(Status.VERIFIED), verified_at=database.clock.now(), reason=reason)
    with database.read(actor) as work:
        proved = run_of(work, run_id)
    assert proved is not None
    return proved


def _prove(run: Run, seams: Seams, key: Key | None, progress: Progress) -> Mapping[str, Any]:
    """Return what is wrong with the company that a backup is a whole copy of."""
    if not run.path.is_file():
        raise UserError(_MISSING, file=run.file_name, folder=run.folder)
    if run.sha256 and hash_file(run.path, progress) != run.sha256:
        raise UserError(_CHANGED, file=run.file_name, folder=run.folder)
    if not run.locked or key is not None:
        proved = verify_archive(run.path, seams=seams, key=key, progress=progress)
        return _reason_of(proved.manifest.broken_references)
    return run.reason if run.status is Status.VERIFIED else {}


def _set(database: Database, actor: Actor, run_id: int, **values: Any) -> None:
    with database.begin(actor) as work:
        work.session.execute(
            update(BackupRun)
            .where(BackupRun.id == run_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        work.touch("backup", run_id)


def as_run(row: BackupRun) -> Run:
    """Return a row of the history."""
    values = {name: getattr(row, name) for name in Run.__slots__}
    return Run(**{**values, "kind": Kind(row.kind), "status": Status(row.status)})


def _is_gone(row: BackupRun, now: datetime) -> bool:
    if abs(now - row.started_at) > _LOST_AFTER:
        return True
    return row.computer == plans.this_computer() and not is_running(int(row.reason.get("process", 0)))


def _is_whole(run: Run) -> bool:
    try:
        return run.path.stat().st_size == run.size and hash_file(run.path, Quiet()) == run.sha256
    except OSError:
        return False
