"""The plan: what can be said in it, who may, and that one of several computers takes a backup that is due."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from crm_desktop.backup import folder, plans
from crm_desktop.backup.model import BackupPlan
from crm_desktop.backup.plans import Plan
from crm_desktop.backup.schedule import CLAIM, Slot, Why
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.child_process import child_environment
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed
from tests.companies import NOW, Firm

DATASET = "3f0d6d6e-0000-4000-8000-000000000001"
SLOT = Slot(NOW, Why.ON_TIME, "2026-11-20T04:30Z#0")


def stored(database: Database) -> Plan:
    with database.read(SYSTEM) as work:
        return plans.plan(work)


def save(database: Database, version: int, **changes: object) -> Plan:
    with database.begin(SYSTEM) as work:
        return plans.save_plan(work, version, changes)


def test_without_a_plan_nothing_runs(database: Database, firm: Firm) -> None:
    assert stored(database) == Plan()
    assert not Plan().active


def test_a_plan_is_saved_and_its_folders_are_ours_from_then_on(database: Database, firm: Firm, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    made = save(database, 0, active=True, at="18:05", days="531", folder=str(first), second_folder=str(second))
    assert (made.active, made.at, made.days, made.computer) == (True, "18:05", "135", plans.this_computer())
    assert stored(database) == made
    assert folder.is_ours(first, DATASET)
    assert folder.is_ours(second, DATASET)
    assert not folder.is_ours(first, "another company")
    changed = save(database, made.version, at="07:00")
    assert (changed.at, changed.folder) == ("07:00", str(first))
    with database.read(SYSTEM) as work:
        [last] = work.session.scalars(select(JournalEntry).where(JournalEntry.entity == "backup")).all()[-1:]
    assert (last.before, last.after) == ({"at": "18:05"}, {"at": "07:00"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"at": "25:00"}, "at"),
        ({"at": "7:00"}, "at"),
        ({"days": ""}, "days"),
        ({"days": "89x"}, "days"),
        ({"folder": "relative/folder"}, "folder"),
        ({"active": True}, "folder"),
        ({"folder": "/no/such/parent/at/all"}, "folder"),
    ],
)
def test_what_cannot_be_is_refused(
    file_database: Database, changes: dict[str, object], field: str, tmp_path: Path
) -> None:
    from tests.companies import found_firm

    found_firm(file_database)
    with pytest.raises(Invalid) as refused:
        save(file_database, 0, **changes)
    assert refused.value.field == field
    assert stored(file_database) == Plan()


def test_both_folders_being_one_is_refused(file_database: Database, tmp_path: Path) -> None:
    from tests.companies import found_firm

    found_firm(file_database)
    with pytest.raises(Invalid, match="another disk"):
        save(file_database, 0, folder=str(tmp_path / "a"), second_folder=str(tmp_path / "b" / ".." / "a"))


def test_the_time_can_be_changed_while_the_drive_is_away(database: Database, firm: Firm, tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    made = save(database, 0, active=True, folder=str(drive))
    (drive / folder.MARK).unlink()
    drive.rmdir()
    drive.parent.joinpath("drive").write_text("in the way")
    assert save(database, made.version, at="09:00", folder=str(drive)).at == "09:00"


def test_only_who_may_run_backups_changes_the_plan_and_everybody_reads_it(
    database: Database, firm: Firm, tmp_path: Path
) -> None:
    for actor in (firm.anna, firm.manager, firm.buyer):
        with pytest.raises(NotAllowed), database.begin(actor) as work:
            plans.save_plan(work, 0, {"folder": str(tmp_path / "x")})
        with database.read(actor) as work:
            assert plans.plan(work) == Plan()
    for actor, version in ((firm.admin, 0), (firm.boss, 1)):
        with database.begin(actor) as work:
            plans.save_plan(work, version, {"folder": str(tmp_path / f"x{version}")})


def test_two_who_change_it_at_once_learn_of_each_other(database: Database, firm: Firm, tmp_path: Path) -> None:
    made = save(database, 0, folder=str(tmp_path / "a"))
    save(database, made.version, at="10:00")
    with pytest.raises(Conflict):
        save(database, made.version, at="11:00")
    with pytest.raises(Conflict):
        save(database, 0, at="11:00")


def test_numbering_and_checking_do_not_count_as_changes(database: Database, firm: Firm, tmp_path: Path) -> None:
    made = save(database, 0, folder=str(tmp_path / "a"))
    with database.begin(SYSTEM) as work:
        assert plans.raise_sequence(work, at_least=41) == 42
        assert plans.raise_sequence(work) == 43
        plans.note_check(work, NOW, "")
    save(database, made.version, at="10:00")
    assert stored(database).checked_at == NOW


def test_a_slot_is_taken_once(database: Database, firm: Firm, tmp_path: Path) -> None:
    save(database, 0, active=True, folder=str(tmp_path / "a"))
    assert plans.claim(database, SLOT, "")
    assert not plans.claim(database, SLOT, "")  # the other one read the plan before
    assert not plans.claim(database, SLOT, stored(database).slot)  # or after
    assert isinstance(database.clock, FixedClock)
    database.clock.instant += CLAIM + timedelta(seconds=1)
    assert plans.claim(database, SLOT, stored(database).slot)  # and nothing came of it


def test_the_plan_runs_where_its_folder_was_chosen_or_is_ours(tmp_path: Path) -> None:
    here = tmp_path / "share"
    assert plans.folders_usable_here(Plan(folder=str(here), computer=plans.this_computer()), DATASET)
    elsewhere = Plan(folder=str(here), computer="another computer")
    assert not plans.folders_usable_here(elsewhere, DATASET)
    here.mkdir()
    assert not plans.folders_usable_here(elsewhere, DATASET)
    folder.make_ours(here, "another company")
    assert not plans.folders_usable_here(elsewhere, DATASET)
    folder.make_ours(here, DATASET)
    assert plans.folders_usable_here(elsewhere, DATASET)
    assert not plans.folders_usable_here(Plan(), DATASET)


CLAIMER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import crm_desktop.access.model, crm_desktop.db.journal
from crm_desktop.backup import plans
from crm_desktop.backup.schedule import Slot, Why
from crm_desktop.db.engine import postgres_engine, postgres_url, sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM

place = sys.argv[1]
if place.startswith("postgres"):
    database = Database(postgres_engine(postgres_url(place)))
else:
    database = Database(sqlite_engine(Path(place)), path=Path(place))
print("ready", flush=True)
for line in sys.stdin:
    slot = Slot(datetime.now(UTC), Why.ON_TIME, line.strip())
    with database.read(SYSTEM) as work:
        seen = plans.plan(work).slot
    print(plans.claim(database, slot, seen), flush=True)
"""


def test_of_two_processes_exactly_one_takes_each_of_a_hundred_slots(
    database: Database, firm: Firm, tmp_path: Path
) -> None:
    save(database, 0, active=True, folder=str(tmp_path / "a"))
    place = str(database.path) if database.path else database.engine.url.render_as_string(hide_password=False)
    claimers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMER, place],
            env=child_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _n in range(2)
    ]
    taken = []
    try:
        for one in claimers:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        for number in range(100):
            for one in claimers:
                assert one.stdin is not None
                one.stdin.write(f"2026-11-20T04:30Z#{number}\n")
                one.stdin.flush()
            taken.append([one.stdout.readline().strip() for one in claimers if one.stdout is not None])
    finally:
        for one in claimers:
            one.communicate()
    assert [sorted(answers) for answers in taken] == [["False", "True"]] * 100
    with database.read(SYSTEM) as work:
        assert work.session.scalar(text("SELECT count(*) FROM backup_plan")) == 1
        assert work.session.get_one(BackupPlan, 1).slot.startswith("2026-11-20T04:30Z#99 ")
    assert datetime.now(UTC) > NOW - timedelta(days=100_000)
