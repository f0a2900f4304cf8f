"""How safe the company is just now: the age of the last proved backup, in a sentence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm_desktop.access.model import Company
from crm_desktop.backup import history, plans, schedule
from crm_desktop.backup.history import Run
from crm_desktop.backup.kinds import Status
from crm_desktop.backup.plans import Plan
from crm_desktop.db.work import Work
from crm_desktop.shared.ages import age_text
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import open_to_all

Tone = Literal["none", "ok", "warn", "danger"]

GRACE: Final = timedelta(hours=1)
"""A backup may take so long before its plan counts as missed."""
_WITHOUT_PLAN: Final = timedelta(days=7)
_FACTOR: Final = 3
_LOOKED_AT: Final = 60


@dataclass(frozen=True, slots=True)
class BackupState:
    """What the status bar tells. `age` is that of the last proved backup, None without one; the tone is "none" then.

    `detail` says more in one or several sentences, "" when there is nothing to say.
    """

    verified_at: datetime | None
    age: timedelta | None
    tone: Tone
    sentence: str
    detail: str = ""


@open_to_all("how old the last backup is concerns everybody")
def state(work: Work) -> BackupState:
    """Return how safe the company is at the time of this work."""
    zone_name = work.session.scalar(select(Company.timezone))
    zone = ZoneInfo(zone_name or "UTC")
    found = [run for run in history.runs(work, _LOOKED_AT) if run.status is not Status.RUNNING]
    good = history.newest_verified(work, regular=True) or history.newest_verified(work)
    return of(plans.plan(work), good, _failure_since(found, good), work.now, zone)


def of(plan: Plan, good: Run | None, failed: Run | None, now: datetime, zone: ZoneInfo) -> BackupState:
    """Return the state by the last good backup and the last failure since."""
    at = good.started_at if good is not None else None
    age = None if at is None else now - at
    if failed is not None:
        said = _("Backup failed: {reason}").format(reason=failed.why)
        detail = _("The last good one is {age} old.").format(age=in_words(age)) if age is not None else _(_NONE)
        return BackupState(at, age, "danger", said, detail)
    if age is None:
        detail = _(_PLANNED) if plan.active else _(_NO_PLAN)
        return BackupState(None, None, "none", _(_NONE), detail)
    if age < -schedule.TOLERANCE:
        assert at is not None
        said = _("The last backup is dated {day}, which is still to come. Check the clock of this computer.")
        return BackupState(at, age, "warn", said.format(day=f"{at.astimezone(zone):%Y-%m-%d}"))
    said = _("Backup {age} ago, verified").format(age=in_words(age))
    tone = _tone(plan, now - age, now, zone)
    detail = "" if plan.active else _(_NO_PLAN)
    if tone != "ok":
        detail = _(_OLDER) if plan.active else _(_NO_PLAN)
    if good is not None and good.why:
        return BackupState(at, age, "warn" if tone == "ok" else tone, said, good.why)
    if good is not None and good.second_why:
        tone = "warn" if tone == "ok" else tone
        detail = _("The second copy is missing: {reason}").format(reason=good.second_why)
    return BackupState(at, age, tone, said, detail)


_NONE: Final = N_("No backup yet")
_PLANNED: Final = N_("The first one is made as soon as the plan is due.")
_NO_PLAN: Final = N_("Nothing backs up this company by itself. Choose a time and a folder in Settings › Backup.")
_OLDER: Final = N_("It is older than your plan promises.")


def in_words(age: timedelta) -> str:
    """Return an age as people say it, such as "2 h" or "3 days"."""
    return age_text(age.total_seconds())


def _failure_since(runs: list[Run], good: Run | None) -> Run | None:
    """Return the newest failure among the regular backups that no good one followed."""
    for run in runs:
        if good is not None and run.sequence <= good.sequence:
            return None
        if run.status is Status.FAILED and run.kind in history.REGULAR:
            return run
    return None


def _tone(plan: Plan, made_at: datetime, now: datetime, zone: ZoneInfo) -> Tone:
    if not plan.active:
        return "ok" if now - made_at <= _WITHOUT_PLAN else "warn"
    if now - made_at > _FACTOR * schedule.longest_gap(plan) + GRACE:
        return "danger"
    missed = [slot for slot in schedule.last_slots(plan, now - GRACE, zone) if slot > made_at]
    return "warn" if missed else "ok"
