"""Making a backup: written beside its name, read back from the disk, proved, named, noted; then older ones go."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError

from crm_desktop import __version__
from crm_desktop.access import company
from crm_desktop.access.company import CompanyProfile
from crm_desktop.backup import folder as folders
from crm_desktop.backup import history, plans
from crm_desktop.backup.engines.source import Source
from crm_desktop.backup.filing import copy_into, free_path, give_name, room_for, write_proved
from crm_desktop.backup.format.manifest import About, Manifest
from crm_desktop.backup.format.verify import Verified
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.plans import Plan
from crm_desktop.backup.pruning import prune
from crm_desktop.backup.seams import Seams
from crm_desktop.backup.temporary import private_folder
from crm_desktop.db.epoch import DataMoved, DataReplaced
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Cancelled, Unavailable, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.progress import Progress

_BUG: Final = N_("An error of the program stopped the backup into {folder}: {error}. Report it; the log tells more.")
_STOPPED: Final = N_("The copy into {folder} was stopped.")


class BackupFailed(UserError):
    """No backup was made; the sentence says why, with the folder's name. Earlier ones are untouched."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to make. `lock` as in the plan; with `expected`, the folder has to be marked as ours already."""

    kind: Kind
    folder: Path
    second: Path | None = None
    lock: Mapping[str, Any] = field(default_factory=dict)
    user_name: str = ""
    expected: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        second = "" if self.second is None else str(self.second)
        return {
            "kind": str(self.kind),
            "folder": str(self.folder),
            "second": second,
            "lock": dict(self.lock),
            "user_name": self.user_name,
            "expected": self.expected,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Order":
        """Return the order of plain values."""
        second = Path(said["second"]) if said["second"] else None
        return cls(Kind(said["kind"]), Path(said["folder"]), second, said["lock"], said["user_name"], said["expected"])


@dataclass(frozen=True, slots=True)
class Made:
    """A proved backup. `run_id` None: it could not be noted. `second` as in the history; `pruned` are file names."""

    path: Path
    manifest: Manifest
    run_id: int | None = None
    second: str = ""
    pruned: tuple[str, ...] = ()


def make_backup(database: Database, order: Order, seams: Seams, progress: Progress, *, actor: Actor = SYSTEM) -> Made:
    """Make a backup, prove it from the disk, note it, then remove what the plan keeps no longer.

    `actor` writes the history: on a server whoever may run backups. When the company can only be read, it is made
    all the same and not noted. Raises BackupFailed with the reason, Cancelled; nothing new is left then.
    """
    log = _Log(database, actor)
    try:
        with database.read(actor) as work:
            profile, plan = company.company(work), plans.plan(work)
            given_up = history.given_up(work, order.folder)
        folders.check(order.folder, profile.dataset_id, expected=order.expected)
        folders.remove_parts(order.folder, given_up)
        now, zone = database.clock.now(), ZoneInfo(profile.timezone)
        folders.remove_old_parts(order.folder, now)
        path = free_path(order.folder, order.kind, now, zone, locked=bool(order.lock))
        log.start(order, path, max(plan.sequence, _highest(order.folder, profile.dataset_id)))
        source = Source.of(database)
        with private_folder(room_for(source)) as private:
            written = write_proved(
                source,
                path,
                _about(database, order.kind, profile, log.sequence),
                settings=_settings(plan),
                lock=order.lock,
                seams=seams,
                progress=progress,
                snapshot=private / "data.sqlite",
            )
        log.note_written(written, locked=bool(order.lock))
        give_name(path)
    except Cancelled:
        log.note_cancelled()
        raise
    except BaseException as error:
        raise log.note_failed(error, order) from error
    log.note_verified(written)
    second = _second(order, path, written, profile.dataset_id, progress)
    log.note_second(second)
    return Made(path, written.manifest, log.run_id, second, log.prune(order))


class _Log:
    """The history of one backup; where nothing can be noted, the backup is made all the same."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self._database, self._actor = database, actor
        self.run_id: int | None = None
        self.sequence = 0
        self._begun = False

    def start(self, order: Order, path: Path, highest: int) -> None:
        self.sequence, self._begun = highest + 1, True
        try:
            started = history.note_started(
                self._database,
                self._actor,
                order.kind,
                path.parent,
                path.name,
                user_name=order.user_name,
                at_least=highest,
            )
        except (DataMoved, DataReplaced):
            raise
        except Unavailable:
            return
        self.run_id, self.sequence = started.run_id, started.sequence

    def note_written(self, written: Verified, *, locked: bool) -> None:
        self._note(
            history.note_written,
            size=written.size,
            sha256=written.sha256,
            manifest=written.manifest,
            locked=locked,
        )

    def note_verified(self, written: Verified) -> None:
        self._note(history.note_verified, broken_references=written.manifest.broken_references)

    def note_second(self, second: str) -> None:
        if second:
            self._note(history.note_second, second=second)

    def note_cancelled(self) -> None:
        self._note(history.note_cancelled)

    def note_failed(self, error: BaseException, order: Order) -> BaseException:
        """Note why it failed and return what to raise."""
        if isinstance(error, UserError):
            said: UserError = BackupFailed(error.template, **error.values)
        elif isinstance(error, Exception):
            said = BackupFailed(_BUG, folder=order.folder, error=f"{type(error).__name__}: {error}")
        else:
            self._note(history.note_cancelled)
            return error
        if not self._begun:
            with suppress(Unavailable, DBAPIError):
                name = order.user_name
                history.note_refused(self._database, self._actor, order.kind, order.folder, said, user_name=name)
        self._note(history.note_failed, reason=said)
        return said

    def prune(self, order: Order) -> tuple[str, ...]:
        if self.run_id is None:
            return ()
        with suppress(Unavailable, DBAPIError):
            return prune(self._database, order.folder, order.second, self._actor)
        return ()

    def _note(self, write: Callable[..., None], **told: Any) -> None:
        """Write it down if that can be done: a server that is gone must not hide why, nor undo what is there."""
        if self.run_id is not None:
            with suppress(Unavailable, DBAPIError):
                write(self._database, self._actor, self.run_id, **told)


def _second(order: Order, path: Path, written: Verified, dataset_id: str, progress: Progress) -> str:
    """Put a proved copy into the second folder and return what the history says of it."""
    if order.second is None:
        return ""
    try:
        folders.check(order.second, dataset_id, expected=order.expected)
        copy_into(order.second, path, written.sha256, progress)
    except Cancelled:
        return json.dumps(history.stored(UserError(_STOPPED, folder=order.second)))
    except UserError as error:
        return json.dumps(history.stored(error))
    return history.DONE


def _highest(folder: Path, dataset_id: str) -> int:
    """Return the highest number of a backup in the folder: data that was restored may have forgotten some."""
    numbers = (one.manifest.sequence for one in folders.listing(folder, dataset_id) if one.manifest is not None)
    return max(numbers, default=0)


def _about(database: Database, kind: Kind, profile: CompanyProfile, sequence: int) -> About:
    return About(
        kind=kind,
        app_version=__version__,
        engine=database.engine.dialect.name,
        made_at=database.clock.now(),
        sequence=sequence,
        dataset_id=profile.dataset_id,
        company=profile.name,
        currency=profile.currency,
        timezone=profile.timezone,
    )


def _settings(plan: Plan) -> Mapping[str, Any]:
    told = ("at", "days", "on_exit", "folder", "second_folder")
    return {"plan": {name: getattr(plan, name) for name in told}}
