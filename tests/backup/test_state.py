"""What the status bar says of the last backup: never better than it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crm_desktop.backup.history import Run, stored
from crm_desktop.backup.kinds import Kind, Status
from crm_desktop.backup.plans import Plan
from crm_desktop.backup.state import BackupState, in_words, of
from crm_desktop.shared.errors import UserError

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # 17:30, a Friday
PLAN = Plan(active=True, at="12:30", days="1234567", folder="/b")


def run(ago: timedelta, status: Status = Status.VERIFIED, **more: object) -> Run:
    values: dict[str, object] = {
        "id": 1, "sequence": 1, "kind": Kind.SCHEDULED, "status": status, "started_at": NOW - ago,
        "finished_at": NOW - ago, "verified_at": NOW - ago, "folder": "/b", "file_name": "x", "size": 1,
        "sha256": "", "locked": False, **more,
    }  # fmt: skip
    return Run(**values)  # type: ignore[arg-type]


def state(good: Run | None, failed: Run | None = None, plan: Plan = PLAN) -> BackupState:
    return of(plan, good, failed, NOW, ZONE)


def test_no_backup_yet_is_said() -> None:
    assert state(None).tone == "none"
    assert state(None).sentence == "No backup yet"
    assert "Settings" in state(None, plan=Plan()).detail


def test_one_that_kept_to_the_plan_is_fine() -> None:
    found = state(run(timedelta(hours=5)))
    assert (found.tone, found.sentence) == ("ok", "Backup 5 h ago, verified")
    assert found.age == timedelta(hours=5)


def test_one_older_than_the_plan_promises_warns_and_then_shouts() -> None:
    assert state(run(timedelta(hours=5, minutes=1))).tone == "warn"  # before today's, which was due at 12:30
    assert state(run(timedelta(days=3))).tone == "warn"
    assert state(run(timedelta(days=3, hours=2))).tone == "danger"


def test_an_hour_of_grace_for_the_one_that_is_being_made() -> None:
    plan = Plan(active=True, at="17:00", folder="/b")
    assert state(run(timedelta(hours=24)), plan=plan).tone == "ok"
    assert state(run(timedelta(hours=24)), plan=Plan(active=True, at="16:00", folder="/b")).tone == "warn"


def test_a_weekend_without_backup_is_as_planned() -> None:
    monday = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    weekdays = Plan(active=True, at="12:30", days="12345", folder="/b")
    friday = run(NOW - datetime(2026, 11, 20, 4, 30, tzinfo=UTC))
    assert of(weekdays, friday, None, monday, ZONE).tone == "ok"
    assert of(PLAN, friday, None, monday, ZONE).tone == "warn"


def test_a_failure_stays_with_its_reason() -> None:
    reason = stored(UserError("The folder {folder} is not there.", folder="E:\\Backup"))
    failed = run(timedelta(minutes=3), Status.FAILED, reason=reason)
    found = state(run(timedelta(hours=2)), failed)
    assert found.tone == "danger"
    assert found.sentence == "Backup failed: The folder E:\\Backup is not there."
    assert "2 h" in found.detail
    assert state(None, failed).tone == "danger"


def test_without_a_plan_a_week_is_enough_to_warn() -> None:
    assert state(run(timedelta(days=6)), plan=Plan()).tone == "ok"
    assert state(run(timedelta(days=8)), plan=Plan()).tone == "warn"
    assert state(run(timedelta(days=800)), plan=Plan()).tone == "warn"


def test_one_from_the_future_is_no_good_sign() -> None:
    found = state(run(-timedelta(days=800)))
    assert found.tone == "warn"
    assert "2029-01-28" in found.sentence


def test_a_second_copy_that_is_missing_is_told() -> None:
    import json

    second = json.dumps(stored(UserError("The folder {folder} is not there.", folder="/usb")))
    found = state(run(timedelta(hours=1), second=second))
    assert found.tone == "warn"
    assert "/usb" in found.detail


def test_ages_in_words() -> None:
    said = [in_words(timedelta(minutes=n)) for n in (0, 1, 59, 60, 47 * 60 + 59, 48 * 60, 3000 * 1440)]
    assert said == ["a moment", "1 minute", "59 minutes", "1 h", "47 h", "2 days", "3,000 days"]
