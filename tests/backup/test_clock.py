"""The keeper lives through bad clocks: exactly the stated backups, and never fewer than three good ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crm_desktop.access import company
from crm_desktop.app import session as sessions
from crm_desktop.app.backup_keeper import Keeper, Told
from crm_desktop.backup import history, plans
from crm_desktop.backup.kinds import Kind, Status
from crm_desktop.backup.making import Made, Order, make_backup
from crm_desktop.backup.seams import Seams
from crm_desktop.backup.state import state
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.progress import Progress, Quiet
from tests.companies import Firm

SEAMS = Seams((), lambda _connection: None)
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def run_here(session: sessions.Session, order: Order, progress: Progress) -> Made:
    return make_backup(session.database, order, SEAMS, progress)


class Office:
    """A company in Berlin whose clock the test sets; one window with its keeper."""

    def __init__(self, database: Database, firm: Firm, folder: Path, at: str) -> None:
        self.database, self.folder = database, folder
        with database.begin(firm.boss) as work:
            company.update_company(work, 1, {"timezone": "Europe/Berlin"})
            plans.save_plan(work, 0, {"active": True, "at": at, "folder": str(folder)})
        self.session = sessions.of_actor(database, firm.boss, str(database.path))
        self.keeper = Keeper(self.session, run_here)
        assert isinstance(database.clock, FixedClock)
        self.clock = database.clock
        self.told: list[Told] = []

    def live(self, moments: Iterable[datetime]) -> list[str]:
        """Look at every moment; return, as local times, when something was made."""
        ran = []
        for moment in moments:
            self.clock.instant = moment
            if (told := self.keeper.look()) is not None:
                self.told.append(told)
                if told.made is not None:
                    ran.append(f"{moment.astimezone(BERLIN):%Y-%m-%d %H:%M}")
            assert self.good() >= min(3, self.made()) or not self.folder.is_dir()
        return ran

    def good(self) -> int:
        with self.database.read(SYSTEM) as work:
            left = [run for run in history.runs(work, 500) if run.removed_at is None and run.path.exists()]
        return sum(run.status is Status.VERIFIED for run in left)

    def made(self) -> int:
        with self.database.read(SYSTEM) as work:
            return sum(run.verified_at is not None for run in history.runs(work, 500))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def every(step: timedelta, first: str, last: str) -> Iterable[datetime]:
    moment, end = local(first), local(last)
    while moment <= end:
        yield moment
        moment += step


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def firm(founded_file: tuple[Path, Firm]) -> Firm:
    """The people of the file, which has them from the beginning."""
    return founded_file[1]


@pytest.fixture
def office(file_database: Database, firm: Firm, tmp_path: Path) -> Office:
    return Office(file_database, firm, tmp_path / "backups", "12:30")


def test_a_year_of_days_leaves_what_the_plan_keeps(office: Office) -> None:
    ran = office.live(every(DAY, "2026-01-01 12:31", "2026-03-01 12:31"))
    assert len(ran) == 60
    assert 12 <= office.good() <= 16


def test_seven_days_asleep_make_one_and_say_so(office: Office) -> None:
    office.live(every(DAY, "2026-05-01 12:30", "2026-05-04 12:30"))
    assert office.live(every(10 * MINUTE, "2026-05-11 08:00", "2026-05-11 13:00")) == [
        "2026-05-11 08:00",
        "2026-05-11 12:30",
    ]
    assert "was missed" in office.told[-2].sentence
    assert "was missed" not in office.told[-1].sentence


def test_a_clock_back_two_days_makes_one_at_once_and_says_so(office: Office) -> None:
    office.live(every(DAY, "2026-05-01 12:30", "2026-05-09 12:30"))
    ran = office.live(every(30 * MINUTE, "2026-05-07 13:00", "2026-05-09 14:00"))
    assert ran == ["2026-05-07 13:00", "2026-05-08 12:30", "2026-05-09 12:30"]
    assert "dated later than now" in office.told[-3].sentence
    assert {told.tone for told in office.told} == {"ok"}


def test_a_clock_ahead_73_years_loses_nothing(office: Office) -> None:
    office.live(every(DAY, "2026-05-01 12:30", "2026-05-20 12:30"))
    before = office.good()
    assert office.live(every(HOUR, "2099-05-20 13:00", "2099-05-20 20:00")) == ["2099-05-20 13:00"]
    assert office.good() >= before
    with office.database.read(SYSTEM) as work:
        assert state(work).tone == "ok"
    assert office.live(every(HOUR, "2026-05-20 21:00", "2026-05-21 13:00")) == ["2026-05-20 21:00", "2026-05-21 13:00"]
    assert office.good() >= before
    office.live(every(3 * DAY, "2026-05-22 12:30", "2026-07-21 12:30"))
    # The one of 2099 stays until then, and nobody takes it for the newest.
    assert any(path.name.startswith("crm-backup-2099") for path in office.folder.iterdir())
    with office.database.read(SYSTEM) as work:
        assert state(work).tone == "ok"


@pytest.mark.parametrize(
    ("night", "expected"),
    [("2026-03-28", "2026-03-29 03:30"), ("2026-10-24", "2026-10-25 02:30")],
)
def test_both_nights_when_the_clocks_change_make_one(
    file_database: Database, firm: Firm, tmp_path: Path, night: str, expected: str
) -> None:
    office = Office(file_database, firm, tmp_path / "backups", "02:30")
    office.live([local(f"{night} 02:30")])
    first = local(f"{night} 22:00")
    assert office.live(first + 10 * MINUTE * n for n in range(12 * 6)) == [expected]
    office.live([first + DAY + 4 * HOUR + 30 * MINUTE])


def test_a_drive_that_is_away_is_told_until_one_succeeds(office: Office) -> None:
    office.live(every(DAY, "2026-05-01 12:30", "2026-05-02 12:30"))
    office.folder.rename(office.folder.with_name("unplugged"))
    assert office.live(every(5 * MINUTE, "2026-05-03 12:00", "2026-05-03 14:00")) == []
    failures = [told for told in office.told if told.tone == "danger"]
    assert len(failures) == 7  # at once and every quarter of an hour
    assert str(office.folder) in failures[-1].sentence
    with office.database.read(SYSTEM) as work:
        found = state(work)
        assert found.tone == "danger"
        assert str(office.folder) in found.sentence
    office.folder.with_name("unplugged").rename(office.folder)
    assert office.live(every(5 * MINUTE, "2026-05-03 14:00", "2026-05-03 15:00")) == ["2026-05-03 14:15"]
    with office.database.read(SYSTEM) as work:
        assert state(work).tone == "ok"


def test_the_last_exit_backs_up_what_changed_and_nothing_else(office: Office, firm: Firm) -> None:
    office.live([local("2026-05-01 12:30")])
    assert not office.keeper.wants_exit_run()
    assert office.keeper.on_exit(Quiet()) is None
    with office.database.begin(firm.boss) as work:
        profile = company.company(work)
        company.update_company(work, profile.version, {"name": "Hafen & Lin"})
    assert office.keeper.wants_exit_run()
    told = office.keeper.on_exit(Quiet())
    assert told is not None
    assert told.made is not None
    assert told.made.manifest.kind is Kind.ON_EXIT
    assert not office.keeper.wants_exit_run()


def test_a_window_of_another_computer_leaves_it_to_the_one_with_the_folder(office: Office) -> None:
    with office.database.begin(SYSTEM) as work:
        work.session.connection().exec_driver_sql("UPDATE backup_plan SET computer = 'another'")
    (office.folder / "crm-backups.json").unlink()
    assert office.live([local("2026-05-01 12:30")]) == []
    assert office.told == []
    assert office.made() == 0


def test_a_place_the_company_was_moved_from_is_backed_up_no_more(office: Office) -> None:
    with office.database.begin(SYSTEM) as work:
        work.session.connection().exec_driver_sql("UPDATE company SET moved_to = 'postgresql://there/firm'")
    assert office.live([local("2026-05-01 12:30")]) == []
    assert office.told == []
