"""Keeps the plan of backups while a window is open: runs what is due, once, and says what came of it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal
from zoneinfo import ZoneInfo

from crm_desktop.access import company
from crm_desktop.app.backup_job import may_run, order_of, run_job, writer_of
from crm_desktop.app.session import Session
from crm_desktop.backup import history, plans, schedule
from crm_desktop.backup.history import REGULAR, Run
from crm_desktop.backup.kinds import Kind, Status
from crm_desktop.backup.making import Made, Order
from crm_desktop.backup.plans import Plan
from crm_desktop.backup.schedule import Slot, Why
from crm_desktop.db.epoch import DataMoved, DataReplaced
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.progress import Progress, Quiet

MakeBackup = Callable[[Session, Order, Progress], Made]

_FAILED: Final = N_("Backup failed: {reason}")
_MADE: Final = N_("The backup {file} was made and verified.")
_CAUGHT_UP: Final = N_("A backup was missed while the program was closed. It was made now and verified: {file}.")
_CLOCK: Final = N_(
    "The last backup was dated later than now, so a new one was made and verified: {file}. Check the clock of this "
    "computer."
)
_NO_SECOND: Final = N_("The backup {file} was made and verified, but not its second copy: {reason}")


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to tell after a look; `made` is the backup when there is one."""

    tone: Literal["ok", "warn", "danger"]
    sentence: str
    made: Made | None = None


class Keeper:
    """Looks after the plan for one session; `run` makes a backup.

    Every method is called on a worker thread; a call while another one works returns at once.
    """

    def __init__(self, session: Session, run: MakeBackup = run_job) -> None:
        self._session = session
        self._run = run
        self._busy = threading.Lock()

    def look(self, progress: Progress | None = None) -> Told | None:
        """Run what is due and return what to tell, None when there is nothing. To be called every minute.

        Raises Unavailable when the data cannot be reached, Cancelled.
        """
        if not may_run(self._session) or not self._busy.acquire(blocking=False):
            return None
        try:
            return self._look(progress or Quiet())
        finally:
            self._busy.release()

    def wants_exit_run(self) -> bool:
        """Return whether closing the last window should make a backup: the plan says so, and something changed."""
        if not may_run(self._session) or self._session.database.read_only:
            return False
        plan, runs, _zone = self._plan()
        if not (plan.active and plan.on_exit and self._is_usable(plan)):
            return False
        good = next((run for run in runs if run.status is Status.VERIFIED), None)
        return good is None or history.changed_since(self._session.database, good)

    def on_exit(self, progress: Progress | None = None) -> Told | None:
        """Make the backup of the last exit if one is wanted. Raises Cancelled."""
        if not self.wants_exit_run() or not self._busy.acquire(blocking=False):
            return None
        try:
            return self._make(Kind.ON_EXIT, _MADE, progress or Quiet())
        finally:
            self._busy.release()

    def _look(self, progress: Progress) -> Told | None:
        session = self._session
        if session.database.read_only:
            return None
        interrupted = history.settle_interrupted(session.database, writer_of(session))
        plan, runs, zone = self._plan()
        slot = schedule.due(plan, runs, session.clock.now(), zone)
        if slot is None or not self._is_usable(plan) or not self._claim(slot, plan):
            return Told("danger", _(_FAILED).format(reason=interrupted[0].why)) if interrupted else None
        return self._make(Kind.SCHEDULED, _sentence(slot), progress)

    def _claim(self, slot: Slot, plan: Plan) -> bool:
        """Take the slot, unless another computer did or this window looks at data that are replaced or moved."""
        session = self._session
        try:
            return plans.claim(session.database, slot, plan.slot, writer_of(session))
        except (DataMoved, DataReplaced):
            return False

    def _make(self, kind: Kind, sentence: str, progress: Progress) -> Told:
        try:
            made = self._run(self._session, order_of(self._session, kind), progress)
        except UserError as error:
            return Told("danger", _(_FAILED).format(reason=error))
        if made.second not in ("", history.DONE) and made.run_id is not None:
            with self._session.database.read(self._session.actor) as work:
                run = history.run_of(work, made.run_id)
            reason = run.second_why if run is not None else ""
            return Told("warn", _(_NO_SECOND).format(file=made.path.name, reason=reason), made)
        return Told("ok", _(sentence).format(file=made.path.name), made)

    def _plan(self) -> tuple[Plan, list[Run], ZoneInfo]:
        with self._session.database.read(self._session.actor) as work:
            runs = [run for run in history.runs(work) if run.kind in REGULAR]
            return plans.plan(work), runs, ZoneInfo(company.company(work).timezone)

    def _is_usable(self, plan: Plan) -> bool:
        return plans.folders_usable_here(plan, self._session.profile.dataset_id)


def _sentence(slot: Slot) -> str:
    return {Why.CLOCK: _CLOCK, Why.CAUGHT_UP: _CAUGHT_UP}.get(slot.why, _MADE)
