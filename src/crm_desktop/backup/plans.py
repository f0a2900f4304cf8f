"""The plan of the company: when and where to back up, and which of several computers does it."""

import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select, update

from crm_desktop.access.model import Company
from crm_desktop.backup import folder as folders
from crm_desktop.backup import schedule
from crm_desktop.backup.model import BackupPlan
from crm_desktop.backup.schedule import Slot
from crm_desktop.db.work import Database, Work
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Conflict, Invalid, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires

EVERY_DAY: Final = "1234567"
DEFAULT_AT: Final = "12:30"
_CHANGEABLE: Final = ("active", "at", "days", "on_exit", "folder", "second_folder", "lock")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan as it is stored, or what a new one would say; then `version` is 0.

    `at` is HH:MM in the company's time zone, `days` are ISO weekdays ("12345": Monday to Friday), `computer`
    is where the folders were chosen, `lock` what encrypts ({} without).
    """

    active: bool = False
    at: str = DEFAULT_AT
    days: str = EVERY_DAY
    on_exit: bool = True
    folder: str = ""
    second_folder: str = ""
    computer: str = ""
    lock: Mapping[str, Any] = field(default_factory=dict)
    slot: str = ""
    sequence: int = 0
    checked_at: datetime | None = None
    check_findings: str = ""
    version: int = 0


@open_to_all("how old the last backup is concerns everybody")
def plan(work: Work) -> Plan:
    """Return the plan, a new one that does nothing when there is none yet."""
    row = work.session.get(BackupPlan, 1)
    if row is None:
        return Plan()
    return Plan(**{name: getattr(row, name) for name in Plan.__slots__})


@requires(Permission.BACKUP_RUN)
def save_plan(work: Work, version: int, changes: Mapping[str, Any]) -> Plan:
    """Change the plan, made over `version` (0: there is none yet), and mark its folders as ours.

    Raises Invalid (field) for a time, days or a folder that cannot be used, Conflict when somebody
    changed it meanwhile.
    """
    checked = _checked({name: value for name, value in changes.items() if name in _CHANGEABLE})
    row = work.session.get(BackupPlan, 1, with_for_update=True)
    if (row.version if row is not None else 0) != version:
        raise Conflict(theirs={}, original={}, version=row.version if row is not None else 0)
    if row is None:
        row = _new_plan(work)
    before = {name: getattr(row, name) for name in checked}
    for name, value in checked.items():
        setattr(row, name, value)
    if row.active and not row.folder:
        raise Invalid("folder", N_("Choose the folder for the backups."))
    if row.second_folder and _same(row.folder, row.second_folder):
        raise Invalid("second_folder", N_("Choose another folder than the first one, best on another disk."))
    if checked.keys() & {"folder", "second_folder"}:
        row.computer = this_computer()
        _mark_folders(work, row, before)
    changed = {name: value for name, value in checked.items() if before[name] != value and name != "lock"}
    if "lock" in checked and before["lock"] != checked["lock"]:
        before["lock"], changed["lock"] = bool(before["lock"]), bool(checked["lock"])
    work.note("backup", 1, "update", before={name: before[name] for name in changed}, after=changed)
    work.session.flush()
    return plan(work)


def claim(database: Database, slot: Slot, seen: str, actor: Actor = SYSTEM) -> bool:
    """Take a backup that is due, unless another computer took it since the plan with `seen` as its slot was read."""
    now = database.clock.now()
    if schedule.is_claimed(slot, seen, now):
        return False
    with database.begin(actor) as work:
        taken = work.session.execute(
            update(BackupPlan)
            .where(BackupPlan.id == 1, BackupPlan.slot == seen)
            .values(slot=schedule.claim_of(slot, now))
            .execution_options(synchronize_session=False)
        )
        return bool(taken.rowcount)  # type: ignore[attr-defined]


def folders_usable_here(plan: Plan, dataset_id: str) -> bool:
    """Return whether this computer may run the plan: its folder was chosen here, or is marked as this company's."""
    if not plan.folder:
        return False
    return plan.computer == this_computer() or folders.is_ours(Path(plan.folder), dataset_id)


def this_computer() -> str:
    """Return the name of this computer."""
    return platform.node()


def raise_sequence(work: Work, at_least: int = 0) -> int:
    """Return the number of the next backup and keep it; more than `at_least`, which lies in the folder already."""
    row = work.session.get(BackupPlan, 1, with_for_update=True) or _new_plan(work)
    number = max(row.sequence, at_least) + 1
    work.session.flush()
    # Past the version: numbering a backup is no change of the plan that somebody is looking at.
    work.session.execute(
        update(BackupPlan)
        .where(BackupPlan.id == 1)
        .values(sequence=number)
        .execution_options(synchronize_session=False)
    )
    return number


@requires(Permission.BACKUP_RUN)
def note_check(work: Work, at: datetime, findings: str) -> None:
    """Note when the data was last proved whole, and what was found ("" nothing)."""
    if work.session.get(BackupPlan, 1) is None:
        _new_plan(work)
        work.session.flush()
    work.session.execute(
        update(BackupPlan)
        .where(BackupPlan.id == 1)
        .values(checked_at=at, check_findings=findings)
        .execution_options(synchronize_session=False)
    )


def _new_plan(work: Work) -> BackupPlan:
    made = BackupPlan(id=1, active=False, at=DEFAULT_AT, days=EVERY_DAY, on_exit=True, sequence=0, slot="")
    made.folder = made.second_folder = made.computer = made.check_findings = ""
    made.lock = {}
    work.session.add(made)
    return made


def _checked(changes: dict[str, Any]) -> dict[str, Any]:
    if "at" in changes and not _TIME.fullmatch(str(changes["at"])):
        raise Invalid("at", N_("A time is written as 12:30."))
    if "days" in changes:
        changes["days"] = "".join(day for day in EVERY_DAY if day in changes["days"])
        if not changes["days"]:
            raise Invalid("days", N_("Choose at least one day."))
    for name in ("folder", "second_folder"):
        if changes.get(name):
            given = Path(str(changes[name]).strip()).expanduser()
            if not given.is_absolute():
                raise Invalid(name, N_("A folder is needed with its whole path."))
            changes[name] = str(given)
    if "lock" in changes:
        changes["lock"] = dict(changes["lock"] or {})
    return changes


def _same(one: str, other: str) -> bool:
    return Path(one).resolve() == Path(other).resolve()


def _mark_folders(work: Work, row: BackupPlan, before: Mapping[str, Any]) -> None:
    """Mark the folders that were chosen; one that was chosen before may be away just now."""
    dataset_id = work.session.scalars(select(Company.dataset_id)).one()
    for name in ("folder", "second_folder"):
        path = getattr(row, name)
        if name not in before or not path:
            continue
        try:
            folders.make_ours(Path(path), dataset_id)
        except UserError as error:
            if path != before[name]:
                raise Invalid(name, error.template, **error.values) from error
