"""A backup is made, read back, named, noted and told; whatever goes wrong, the earlier ones stay and it is said."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from crm_desktop.backup import filing, folder, history, plans, pruning, state, temporary
from crm_desktop.backup.format.archive import unpack
from crm_desktop.backup.format.sealing import new_lock, open_lock
from crm_desktop.backup.format.verify import verify_archive
from crm_desktop.backup.kinds import Kind, Status
from crm_desktop.backup.making import BackupFailed, Made, Order, make_backup
from crm_desktop.backup.seams import Seams
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.errors import Cancelled
from crm_desktop.shared.figures import Figure, FigureKind
from crm_desktop.shared.progress import Quiet
from tests.companies import NOW, Firm

SEAMS = Seams(
    (Figure("people", "People", FigureKind.COUNT, "SELECT count(*) FROM app_user"),), lambda _connection: None
)
DATASET = "3f0d6d6e-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    folder.make_ours(made, DATASET)
    return made


def make(database: Database, target: Path, kind: Kind = Kind.MANUAL, **more: object) -> Made:
    return make_backup(database, Order(kind, target, **more), SEAMS, Quiet())  # type: ignore[arg-type]


def runs(database: Database) -> list[history.Run]:
    with database.read(SYSTEM) as work:
        return history.runs(work)


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if one.name != "crm-backups.json")


def later(database: Database, by: timedelta) -> None:
    assert isinstance(database.clock, FixedClock)
    database.clock.instant += by


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[None]:
    path.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", path], check=False).returncode:
        pytest.skip("this computer does not let tests mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", path], check=True)


def test_a_backup_is_proved_noted_and_holds_the_company(
    database: Database, firm: Firm, target: Path, tmp_path: Path
) -> None:
    made = make(database, target, user_name="Lin Wei")
    assert names(target) == [made.path.name] == ["crm-backup-20261120-173000-manual.zip"]
    proved = verify_archive(made.path, seams=SEAMS, progress=Quiet())
    assert (proved.manifest.dataset_id, proved.manifest.figures["people"]) == (DATASET, 7)
    [run] = runs(database)
    assert (run.status, run.size, run.sha256) == (Status.VERIFIED, made.path.stat().st_size, proved.sha256)
    assert (run.sequence, run.user_name, run.verified_at) == (1, "Lin Wei", NOW)
    assert made.manifest.sequence == 1
    data = unpack(made.path, tmp_path, progress=Quiet())
    with closing(sqlite3.connect(data)) as connection:
        assert connection.execute("SELECT count(*) FROM app_user").fetchone() == (7,)
    assert not list((tmp_path / "cache" / "crm-desktop").iterdir())


def test_two_in_one_second_have_two_names(file_database: Database, founded: None, target: Path) -> None:
    first, second = make(file_database, target), make(file_database, target)
    assert first.path != second.path
    assert [run.sequence for run in runs(file_database)] == [2, 1]


@pytest.fixture
def founded(file_database: Database, firm_in_file: Firm) -> None:
    """A file company with its people."""
    assert firm_in_file


@pytest.fixture
def firm_in_file(file_database: Database) -> Firm:
    from tests.companies import found_firm

    return found_firm(file_database)


def test_a_locked_one_is_proved_without_any_passphrase(file_database: Database, founded: None, target: Path) -> None:
    lock, _recovery = new_lock("correct horse battery")
    made = make(file_database, target, lock=lock.to_dict())
    assert made.path.name.endswith(".zip.crmlock")
    [run] = runs(file_database)
    assert (run.locked, run.status) == (True, Status.VERIFIED)
    key = open_lock(lock, "correct horse battery")
    assert verify_archive(made.path, seams=SEAMS, key=key, progress=Quiet()).manifest.dataset_id == DATASET
    assert b"Lin Wei" not in made.path.read_bytes()


def test_the_number_goes_on_from_what_lies_in_the_folder(file_database: Database, founded: None, target: Path) -> None:
    for _n in range(3):
        make(file_database, target)
    with file_database.begin(SYSTEM) as work:  # as after restoring data of an earlier day
        work.session.connection().exec_driver_sql("DELETE FROM backup_run")
        work.session.connection().exec_driver_sql("UPDATE backup_plan SET sequence = 0")
    assert make(file_database, target).manifest.sequence == 4


# What goes wrong


class Impatient:
    """Somebody who presses Cancel in the middle."""

    def step(self, done: int, total: int | None = None) -> None:
        if done > 300:
            raise Cancelled


def failing(database: Database, target: Path, said: str, **more: object) -> history.Run:
    before = names(target) if target.is_dir() else []
    with pytest.raises(BackupFailed, match=said) as refused:
        make(database, target, **more)
    assert str(target) in str(refused.value)
    if target.is_dir():
        assert names(target) == before
    run = runs(database)[0]
    assert run.status is Status.FAILED
    assert run.why == str(refused.value)
    return run


def test_a_full_disk_is_said_and_leaves_the_earlier_ones(
    file_database: Database, founded: None, tmp_path: Path
) -> None:
    target = tmp_path / "small"
    with small_disk(target, "200k"):
        folder.make_ours(target, DATASET)
        first = make(file_database, target)
        (target / "ballast").write_bytes(os.urandom(shutil.disk_usage(target).free - 8192))
        content = first.path.read_bytes()
        failing(file_database, target, "is full")
        assert first.path.read_bytes() == content


def test_a_full_disk_of_this_computer_is_said_before_anything_is_written(
    file_database: Database, founded: None, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "tmp", "4m"):
        monkeypatch.setattr(temporary, "_bases", lambda: [tmp_path / "tmp"])
        with pytest.raises(BackupFailed, match="has room for 4 MB only"):
            make(file_database, target)
        assert names(target) == []
        assert not list((tmp_path / "tmp").iterdir())


def test_a_folder_that_is_away_is_said(file_database: Database, founded: None, target: Path) -> None:
    target.rename(target.with_name("elsewhere"))
    run = failing(file_database, target, "is not there")
    assert run.file_name == ""


def test_the_same_refusal_again_is_one_line_of_the_history(
    file_database: Database, founded: None, target: Path
) -> None:
    target.rename(target.with_name("elsewhere"))
    first = failing(file_database, target, "is not there")
    later(file_database, timedelta(minutes=15))
    again = failing(file_database, target, "is not there")
    assert again.id == first.id
    assert again.finished_at == NOW + timedelta(minutes=15)


def test_an_emptied_folder_is_a_drive_that_is_not_connected(
    file_database: Database, founded: None, target: Path
) -> None:
    (target / folder.MARK).unlink()
    failing(file_database, target, "Connect its drive", expected=True)
    assert names(target) == []


def test_a_file_in_the_place_of_the_folder_is_said(file_database: Database, founded: None, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("I am a file")
    failing(file_database, tmp_path / "backups", "is a file")


def test_a_read_only_folder_is_said(file_database: Database, founded: None, tmp_path: Path) -> None:
    target = tmp_path / "drive"
    with small_disk(target, "2m"):
        folder.make_ours(target, DATASET)
        subprocess.run(["mount", "-o", "remount,ro", target], check=True)
        failing(file_database, target, "can only be read")


def test_what_the_disk_gives_back_otherwise_is_no_backup(
    file_database: Database, founded: None, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = filing.write_archive

    def lying(*arguments: object, **named: object) -> object:
        made = whole(*arguments, **named)  # type: ignore[arg-type]
        part = arguments[3]
        assert isinstance(part, Path)
        with part.open("r+b") as file:
            file.seek(part.stat().st_size // 2)
            byte = file.read(1)[0]
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte ^ 0x10]))
        return made

    monkeypatch.setattr(filing, "write_archive", lying)
    failing(file_database, target, "could not be read back")


def test_a_drive_pulled_in_the_middle_is_said(
    file_database: Database, founded: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "drive"

    class Pulling(Quiet):
        def step(self, done: int, total: int | None = None) -> None:
            if done > 700 and os.path.ismount(target):
                subprocess.run(["umount", "-l", target], check=True)
                target.rmdir()

    with small_disk(target, "2m"):
        folder.make_ours(target, DATASET)
        with pytest.raises(BackupFailed, match="is not there"):
            make_backup(file_database, Order(Kind.MANUAL, target), SEAMS, Pulling())
        target.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", target], check=True)
    assert runs(file_database)[0].status is Status.FAILED


def test_cancel_leaves_nothing_and_is_noted(
    file_database: Database, founded: None, target: Path, tmp_path: Path
) -> None:
    with pytest.raises(Cancelled):
        make_backup(file_database, Order(Kind.MANUAL, target), SEAMS, Impatient())
    assert names(target) == []
    assert runs(file_database)[0].status is Status.CANCELLED
    assert not list((tmp_path / "cache" / "crm-desktop").iterdir())


def test_a_company_that_can_only_be_read_is_backed_up_all_the_same(
    file_database: Database, founded: None, target: Path
) -> None:
    file_database.read_only = True
    made = make(file_database, target)
    assert (made.run_id, made.path.exists()) == (None, True)


def test_what_a_failed_one_could_not_remove_goes_with_the_next(
    file_database: Database, founded: None, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def refusing(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".part":
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as stuck:
        stuck.setattr(Path, "unlink", refusing)
        with pytest.raises(Cancelled):
            make_backup(file_database, Order(Kind.MANUAL, target), SEAMS, Impatient())
    assert [name for name in names(target) if name.endswith(".part")]
    made = make(file_database, target)
    assert names(target) == [made.path.name]


# The second folder


def test_a_company_that_is_not_whole_is_backed_up_and_told(
    file_database: Database, founded: None, target: Path
) -> None:
    assert file_database.path is not None
    with closing(sqlite3.connect(file_database.path, isolation_level=None)) as file:
        file.execute("UPDATE user_role SET user_id = 999 WHERE rowid = 1")
    made = make(file_database, target)
    assert made.manifest.broken_references == 1
    newest = runs(file_database)[0]
    assert newest.status is Status.VERIFIED
    assert "1 of its rows point to nothing" in newest.why
    with file_database.read(SYSTEM) as work:
        said = state.state(work)
    assert (said.tone, said.detail) == ("warn", newest.why)
    assert made.run_id is not None
    again = history.verify_again(file_database, SYSTEM, made.run_id, seams=SEAMS, progress=Quiet())
    assert again.why == newest.why


def test_the_second_copy_is_the_same_file(file_database: Database, founded: None, target: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    folder.make_ours(second, DATASET)
    made = make(file_database, target, second=second)
    assert made.second == history.DONE
    assert (second / made.path.name).read_bytes() == made.path.read_bytes()


def test_the_second_copy_that_fails_is_told_and_the_first_counts(
    file_database: Database, founded: None, target: Path, tmp_path: Path
) -> None:
    made = make(file_database, target, second=tmp_path / "gone")
    [run] = runs(file_database)
    assert run.status is Status.VERIFIED
    assert "gone is not there" in run.second_why
    assert json.loads(made.second)["values"]["folder"] == str(tmp_path / "gone")


# Pruning


def test_one_cut_off_between_the_note_and_the_removing_goes_the_next_time(
    file_database: Database, founded: None, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as stuck:
        stuck.setattr(pruning, "_remove", lambda _path, _run: None)
        made = [make(file_database, target) for _n in range(5)]
    assert len(names(target)) == 5
    assert make(file_database, target).path.exists()
    assert len(names(target)) == 3
    assert not made[0].path.exists()


def test_only_what_is_superfluous_and_ours_goes(
    file_database: Database, founded: None, target: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    folder.make_ours(second, DATASET)
    with file_database.begin(SYSTEM) as work:
        plans.save_plan(work, 0, {"folder": str(target), "second_folder": str(second)})
    for name in ("holiday.jpg", "crm-backup-20200101-000000.zip", "crm-backup-notes.zip"):
        (target / name).write_text("not ours")
    made = [make(file_database, target, second=second)]
    for _day in range(11):
        later(file_database, timedelta(days=1))
        made.append(make(file_database, target, second=second))
    gone = [name for one in made for name in one.pruned]
    assert 0 < len(gone) <= 5
    assert {"holiday.jpg", "crm-backup-20200101-000000.zip", "crm-backup-notes.zip"} < set(names(target))
    left = {one.path.name for one in made} - set(gone)
    assert left == set(names(second))
    assert left <= set(names(target))
    assert {run.file_name for run in runs(file_database) if run.removed_at is not None} == set(gone)
    with file_database.read(SYSTEM) as work:
        assert history.newest_verified(work) is not None
    assert pruning.would_drop(file_database) == []
    later(file_database, timedelta(days=1))
    assert pruning.would_drop(file_database) == []  # only a new backup makes an old one superfluous


def test_another_companys_backup_under_a_name_of_ours_stays(
    file_database: Database, founded: None, target: Path
) -> None:
    theirs = make(file_database, target)
    data = theirs.path.read_bytes()
    with file_database.begin(SYSTEM) as work:
        work.session.connection().exec_driver_sql("UPDATE company SET dataset_id = 'another'")
    made = []
    for _n in range(5):
        later(file_database, timedelta(minutes=1))
        made.append(make(file_database, target))
    # Only the three newest of a day stay, so the first was to go with the second.
    assert [name for one in made for name in one.pruned] == [made[0].path.name, made[1].path.name]
    assert theirs.path.read_bytes() == data
