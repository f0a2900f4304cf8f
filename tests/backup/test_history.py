"""The history: what was cut off is settled, what is looked at again is proved again, what changed since is known."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from crm_desktop.access import company
from crm_desktop.backup import folder, history
from crm_desktop.backup.folder import FolderRefused
from crm_desktop.backup.format.sealing import new_lock, open_lock
from crm_desktop.backup.history import Run
from crm_desktop.backup.kinds import Kind, Status
from crm_desktop.backup.making import Made, Order, make_backup
from crm_desktop.backup.processes import is_running
from crm_desktop.backup.seams import Seams
from crm_desktop.backup.state import state
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.errors import NotAllowed, UserError
from crm_desktop.shared.progress import Quiet
from crm_desktop.shared.published import part_of
from tests.companies import NOW, Firm

SEAMS = Seams((), lambda _connection: None)
DATASET = "3f0d6d6e-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    folder.make_ours(made, DATASET)
    return made


@pytest.fixture
def gone_process() -> int:
    """The number of a process that ended."""
    done = subprocess.run([sys.executable, "-S", "-c", "import os; print(os.getpid())"], stdout=-1, check=True)
    return int(done.stdout)


def make(database: Database, target: Path, **more: object) -> Made:
    return make_backup(database, Order(Kind.SCHEDULED, target, **more), SEAMS, Quiet())  # type: ignore[arg-type]


def only(database: Database) -> Run:
    with database.read(SYSTEM) as work:
        [run] = history.runs(work)
    return run


def begun(database: Database, target: Path, process: int) -> Run:
    """Note a run whose process is the one of this number."""
    history.note_started(database, SYSTEM, Kind.SCHEDULED, target, "crm-backup-20261120-123000.zip", user_name="x")
    with database.begin(SYSTEM) as work:
        work.session.execute(text("UPDATE backup_run SET reason = :reason"), {"reason": f'{{"process": {process}}}'})
    return only(database)


def test_this_process_runs_and_the_ended_one_does_not(gone_process: int) -> None:
    assert is_running(os.getpid())
    assert is_running(1)
    assert not is_running(gone_process)
    assert not is_running(0)


def test_one_whose_process_is_gone_failed_and_leaves_nothing(
    database: Database, firm: Firm, target: Path, gone_process: int
) -> None:
    run = begun(database, target, gone_process)
    part = part_of(run.path)
    part.write_text("half")
    stranger = target / "crm-backup-20261120-999999.zip.part"
    stranger.write_text("of another company")
    [failed] = history.settle_interrupted(database)
    assert failed.id == run.id
    assert not part.exists()
    assert stranger.exists()
    assert only(database).status is Status.FAILED
    assert str(target) in only(database).why
    assert history.settle_interrupted(database) == []
    with database.read(SYSTEM) as work:
        assert state(work).tone == "danger"


def test_one_that_is_still_running_is_left_alone(database: Database, firm: Firm, target: Path) -> None:
    begun(database, target, os.getpid())
    assert history.settle_interrupted(database) == []
    assert only(database).status is Status.RUNNING


def test_one_of_another_computer_counts_as_lost_after_a_day(database: Database, firm: Firm, target: Path) -> None:
    begun(database, target, 1)
    with database.begin(SYSTEM) as work:
        work.session.execute(text("UPDATE backup_run SET computer = 'another'"))
    assert history.settle_interrupted(database) == []
    assert isinstance(database.clock, FixedClock)
    database.clock.instant += timedelta(hours=25)
    assert len(history.settle_interrupted(database)) == 1


def test_one_cut_off_between_its_name_and_the_note_is_good(
    file_database: Database, target: Path, gone_process: int
) -> None:
    from tests.companies import found_firm

    found_firm(file_database)
    make(file_database, target)
    with file_database.begin(SYSTEM) as work:
        work.session.execute(
            text("UPDATE backup_run SET status = 'running', verified_at = NULL, reason = :reason"),
            {"reason": f'{{"process": {gone_process}}}'},
        )
    assert history.settle_interrupted(file_database) == []
    assert only(file_database).status is Status.VERIFIED


def test_one_a_person_ended_is_no_failure(database: Database, firm: Firm, target: Path, gone_process: int) -> None:
    begun(database, target, gone_process)
    assert history.settle_interrupted(database, stopped=gone_process) == []
    assert only(database).status is Status.CANCELLED
    with database.read(SYSTEM) as work:
        assert state(work).tone == "none"


def test_everybody_reads_the_history_and_few_write_it(database: Database, firm: Firm, target: Path) -> None:
    make(database, target)
    with database.read(firm.anna) as work:
        assert history.newest_verified(work) is not None
        assert state(work).sentence == "Backup a moment ago, verified"


# Verified again


def test_a_good_one_is_proved_again(database: Database, firm: Firm, target: Path) -> None:
    made = make(database, target)
    assert made.run_id is not None
    assert isinstance(database.clock, FixedClock)
    database.clock.instant += timedelta(days=30)
    run = history.verify_again(database, SYSTEM, made.run_id, seams=SEAMS, progress=Quiet())
    assert (run.status, run.verified_at) == (Status.VERIFIED, NOW + timedelta(days=30))


@pytest.mark.parametrize("locked", [False, True])
def test_one_bit_makes_it_damaged_also_without_the_passphrase(
    file_database: Database, target: Path, locked: bool
) -> None:
    from tests.companies import found_firm

    found_firm(file_database)
    lock = new_lock("correct horse battery")[0].to_dict() if locked else {}
    made = make(file_database, target, lock=lock)
    assert made.run_id is not None
    with made.path.open("r+b") as file:
        file.seek(made.path.stat().st_size // 3)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(UserError, match="was changed") as refused:
        history.verify_again(file_database, SYSTEM, made.run_id, seams=SEAMS, progress=Quiet())
    assert str(target) in str(refused.value)
    assert only(file_database).status is Status.DAMAGED
    with file_database.read(SYSTEM) as work:
        assert history.newest_verified(work) is None
        assert state(work).tone == "none"


def test_a_locked_one_is_proved_whole_with_its_key(file_database: Database, target: Path) -> None:
    from tests.companies import found_firm

    found_firm(file_database)
    lock, _recovery = new_lock("correct horse battery")
    made = make(file_database, target, lock=lock.to_dict())
    assert made.run_id is not None
    key = open_lock(lock, "correct horse battery")
    run = history.verify_again(file_database, SYSTEM, made.run_id, seams=SEAMS, key=key, progress=Quiet())
    assert run.status is Status.VERIFIED


def test_a_file_that_is_gone_is_damaged_and_a_folder_that_is_away_says_nothing_of_it(
    file_database: Database, target: Path
) -> None:
    from tests.companies import found_firm

    found_firm(file_database)
    made = make(file_database, target)
    assert made.run_id is not None
    target.rename(target.with_name("unplugged"))
    with pytest.raises(FolderRefused, match="is not there"):
        history.verify_again(file_database, SYSTEM, made.run_id, seams=SEAMS, progress=Quiet())
    assert only(file_database).status is Status.VERIFIED
    target.with_name("unplugged").rename(target)
    made.path.unlink()
    with pytest.raises(UserError, match="any more"):
        history.verify_again(file_database, SYSTEM, made.run_id, seams=SEAMS, progress=Quiet())
    assert only(file_database).status is Status.DAMAGED


# Changed since


def test_logins_and_backups_are_no_change_and_everything_else_is(database: Database, firm: Firm, target: Path) -> None:
    make(database, target)
    run = only(database)
    assert not history.changed_since(database, run)
    with database.begin(SYSTEM) as work:
        work.note("login", 1, "login")
        work.note("backup", 1, "update")
    assert not history.changed_since(database, run)
    with database.begin(firm.boss) as work:
        company.update_company(work, 1, {"name": "Another Harbour"})
    assert history.changed_since(database, run)


def test_nobody_without_the_right_notes_a_backup_on_a_server(database: Database, firm: Firm, target: Path) -> None:
    from crm_desktop.backup import plans

    with pytest.raises(NotAllowed), database.begin(firm.anna) as work:
        plans.note_check(work, NOW, "")
