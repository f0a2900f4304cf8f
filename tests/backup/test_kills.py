"""Killed at any call that writes: a company is old or new, a backup whole or not there, earlier ones as they were.

`make soak` stops at every call; the ordinary run at a sample. What each check would miss is shown by the
careless programs of `tests.soak.careless`.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from crm_desktop.db import schema
from crm_desktop.db.engine import sqlite_engine
from tests.companies import Firm
from tests.soak.faults import Nursery, Point, nursery, sample, why_not
from tests.soak.states import backups, copied, digest, emptied, fill, hashes, is_whole, leftovers

pytestmark = [pytest.mark.skipif(bool(why_not()), reason=why_not()), pytest.mark.slow]

A_FEW: Final = 8
"""Points enough to find a careless program out."""


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with nursery(tmp_path_factory.mktemp("cache")) as made:
        yield made


@pytest.fixture(scope="module")
def older_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company file of the schema before backups."""
    path = tmp_path_factory.mktemp("older") / "firm.crm"
    engine = sqlite_engine(path)
    schema.upgrade(engine, to=5)
    engine.dispose()
    return path


@pytest.fixture(scope="module")
def company_file(founded_file: tuple[Path, Firm], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company file of a firm with sixty contacts, at rest."""
    path = tmp_path_factory.mktemp("firm") / "firm.crm"
    shutil.copy(founded_file[0], path)
    fill(path, "today", 60)
    return path


# Migration


def tables_of(path: Path) -> set[str]:
    """Open the file as SQLite does after a kill; its columns by table, proved whole."""
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        number = file.execute("PRAGMA user_version").fetchone()[0]
        columns = file.execute(
            "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
        )
        return {f"schema {number}", *(row[0] for row in columns)}


def sweep_migration(children: Nursery, deed: str, older: Path, folder: Path, most: int) -> dict[str, int]:
    """Kill a migration at each point; how often the file was old, new, mixed, and copies that are not whole."""
    old, rows = tables_of(older), digest(older)
    file = copied(older, emptied(folder))
    points = children.calls(deed, file)
    new = tables_of(file)
    assert new > old - {"schema 5"}
    found = dict.fromkeys(("old", "new", "mixed", "half copies", "not repaired", "left lying"), 0)
    for number, point in enumerate(sample(points, most)):
        file = copied(older, emptied(folder))
        assert children.killed(deed, file, at=point).killed, point
        found["half copies"] += sum(not is_whole(one, rows) for one in folder.rglob("*before-upgrade*.zip"))
        found["half copies"] += half_copies(folder, old)
        after = tables_of(file)
        found["old" if after == old else "new" if after == new else "mixed"] += 1
        if number % 4 == 0:
            age_parts(folder)
            children.do(deed, file)
            found["not repaired"] += tables_of(file) != new
            found["left lying"] += len(leftovers(folder, *folder.glob("*backups")))
            found["left lying"] += len(list(children.cache.rglob("crm-backup-*")))
    return found


def age_parts(folder: Path) -> None:
    """Make what lies unfinished two days old: until then somebody may be at work on it."""
    for part in folder.rglob("*.part"):
        os.utime(part, (time.time() - 172_800,) * 2)


def half_copies(folder: Path, old: set[str]) -> int:
    """Count copies from before the upgrade that have their final name and are not the whole old company."""
    half = 0
    for copy in folder.glob("*before-upgrade*.crm"):
        try:
            half += tables_of(copy) != old
        except (sqlite3.DatabaseError, AssertionError):
            half += 1
    return half


def test_a_migration_killed_anywhere_is_old_or_new(children: Nursery, older_file: Path, tmp_path: Path) -> None:
    found = sweep_migration(children, "migrate", older_file, tmp_path / "m", 10)
    assert found["old"] > 0
    assert found["new"] > 0
    assert [found[name] for name in ("mixed", "half copies", "not repaired", "left lying")] == [0] * 4


def test_the_sweep_finds_a_migration_in_steps(children: Nursery, older_file: Path, tmp_path: Path) -> None:
    found = sweep_migration(children, "careless migrate_step_by_step", older_file, tmp_path / "m", A_FEW)
    assert found["mixed"] > 0
    assert found["not repaired"] > 0


# Backup


def sweep_backup(children: Nursery, deed: str, company: Path, folder: Path, most: int) -> dict[str, int]:
    """Kill a backup at each point, with an earlier one in the folder; count what must not be."""
    rows = digest(company)
    first, there = emptied(folder / "first"), folder / "there"
    file = copied(company, emptied(folder / "live"))
    assert children.do(deed.replace("after_making_room", "under_its_name"), file, first).said == "done"
    (earlier,) = hashes(backups(first)).values()
    found = dict.fromkeys(("new", "earlier changed", "half", "data changed", "not repaired", "left lying"), 0)
    for number, point in enumerate(sample(_points_of_backup(children, deed, company, folder), most)):
        file, there = _with_an_earlier_one(company, folder, backups(first))
        assert children.killed(deed, file, there, at=point).killed, point
        after = hashes(backups(there))
        found["earlier changed"] += earlier not in after.values()
        found["new"] += len(after) > 1
        found["half"] += sum(not is_whole(one, rows) for one in backups(there))
        found["data changed"] += digest(file) != rows
        if number % 4 == 0:
            found["not repaired"] += children.do(deed, file, there).said != "done"
            found["left lying"] += len(leftovers(there)) + len(list(children.cache.rglob("crm-backup-*")))
    return found


def _points_of_backup(children: Nursery, deed: str, company: Path, folder: Path) -> list[Point]:
    return children.calls(deed, *_with_an_earlier_one(company, folder, backups(folder / "first")))


def _with_an_earlier_one(company: Path, folder: Path, earlier: list[Path]) -> tuple[Path, Path]:
    there = emptied(folder / "there")
    for one in earlier:
        shutil.copy2(one, there / re.sub(r"\d{8}", "20010101", one.name, count=1))
    return copied(company, emptied(folder / "live")), there


def test_a_backup_killed_anywhere_is_whole_or_not_there(children: Nursery, company_file: Path, tmp_path: Path) -> None:
    found = sweep_backup(children, "backup", company_file, tmp_path, 10)
    assert found.pop("new") > 0, "some kills come after the new one has its name"
    assert found == dict.fromkeys(found, 0)


def test_the_sweep_finds_a_backup_written_under_its_name(children: Nursery, company_file: Path, tmp_path: Path) -> None:
    found = sweep_backup(children, "careless backup_under_its_name", company_file, tmp_path, A_FEW)
    assert found["half"] > 0


def test_the_sweep_finds_a_backup_that_makes_room_first(children: Nursery, company_file: Path, tmp_path: Path) -> None:
    found = sweep_backup(children, "careless backup_after_making_room", company_file, tmp_path, A_FEW)
    assert found["earlier changed"] > 0


# Restore


def sweep_restore(children: Nursery, deed: str, source: Path, company: Path, folder: Path, most: int) -> dict[str, int]:
    """Kill a restore of `source`, a backup or its data, over a company; how often it was old, new and mixed."""
    old = digest(company)
    file = copied(company, emptied(folder / "live"))
    points = children.calls(deed, source, file)
    new = digest(file)
    assert new != old
    found = dict.fromkeys(("old", "new", "mixed", "not repaired", "left lying"), 0)
    for number, point in enumerate(sample(points, most)):
        file = copied(company, emptied(folder / "live"))
        assert children.killed(deed, source, file, at=point).killed, point
        found[_side(file, old, new)] += 1
        if number % 4 == 0:
            children.do(deed, source, file)
            found["not repaired"] += _side(file, old, new) != "new"
            found["left lying"] += len(leftovers(file.parent)) + len(list(children.cache.rglob("crm-backup-*")))
    return found


def _side(file: Path, old: str, new: str) -> str:
    try:
        return {old: "old", new: "new"}.get(digest(file), "mixed")
    except (sqlite3.DatabaseError, AssertionError):
        return "mixed"


@pytest.fixture(scope="module")
def last_week(founded_file: tuple[Path, Firm], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the company as they were before, with other contacts."""
    path = tmp_path_factory.mktemp("before") / "firm.crm"
    shutil.copy(founded_file[0], path)
    fill(path, "last week", 90)
    return path


def test_a_restore_killed_anywhere_is_old_or_new(
    children: Nursery, company_file: Path, last_week: Path, tmp_path: Path
) -> None:
    there = emptied(tmp_path / "there")
    assert children.do("backup", copied(last_week, tmp_path), there).said == "done"
    (backup,) = backups(there)
    before = hashes([backup])
    found = sweep_restore(children, "restore", backup, company_file, tmp_path, 10)
    assert found["old"] > 0
    assert found["new"] > 0
    assert [found[name] for name in ("mixed", "not repaired", "left lying")] == [0] * 3
    assert hashes([backup]) == before


@pytest.mark.parametrize("deed", ["restore_over_the_file", "restore_by_renaming_early"])
def test_the_sweep_finds_a_careless_restore(
    children: Nursery, company_file: Path, last_week: Path, tmp_path: Path, deed: str
) -> None:
    found = sweep_restore(children, f"careless {deed}", last_week, company_file, tmp_path, A_FEW)
    assert found["mixed"] > 0


# Prune


@pytest.fixture(scope="module")
def crowded(children: Nursery, company_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A company with a verified backup of each of the last twenty days, and the folder of them."""
    room = tmp_path_factory.mktemp("crowded")
    company, folder = copied(company_file, room), room / "there"
    folder.mkdir()
    assert children.do("backup", company, folder).said == "done"
    (made,) = backups(folder)
    with closing(sqlite3.connect(company)) as file:
        columns = [row[1] for row in file.execute("PRAGMA table_info(backup_run)") if row[1] != "id"]
        run = dict(zip(columns, file.execute(f"SELECT {', '.join(columns)} FROM backup_run").fetchone(), strict=True))
        for day in range(1, 20):
            name = f"crm-backup-202510{day:02}-123000.zip"
            shutil.copy(made, folder / name)
            run |= {"file_name": name, "sequence": day - 100, "started_at": f"2025-10-{day:02} 12:30:00.000000"}
            asked = ", ".join("?" * len(run))
            file.execute(f"INSERT INTO backup_run ({', '.join(run)}) VALUES ({asked})", [*run.values()])
        file.execute("UPDATE backup_run SET folder = 'THERE'")
        file.commit()
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return company, folder


def crowd(crowded: tuple[Path, Path], folder: Path) -> tuple[Path, Path]:
    company, there = copied(crowded[0], emptied(folder / "live")), emptied(folder / "there")
    for one in backups(crowded[1]):
        shutil.copy(one, there)
    with closing(sqlite3.connect(company)) as file:
        file.execute("UPDATE backup_run SET folder = ?", (str(there),))
        file.commit()
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return company, there


def told(company: Path) -> set[str]:
    """Return the names of the backups that the history says are there."""
    with closing(sqlite3.connect(company)) as file:
        return {row[0] for row in file.execute("SELECT file_name FROM backup_run WHERE removed_at IS NULL")}


def test_pruning_killed_anywhere_leaves_what_is_to_be_kept(
    children: Nursery, crowded: tuple[Path, Path], tmp_path: Path
) -> None:
    before = hashes(backups(crowd(crowded, tmp_path)[1]))
    points = children.calls("prune", tmp_path / "live" / "firm.crm", tmp_path / "there")
    kept = hashes(backups(tmp_path / "there"))
    assert 3 <= len(kept) < len(before)
    for point in sample(points, A_FEW):
        company, there = crowd(crowded, tmp_path)
        assert children.killed("prune", company, there, at=point).killed, point
        left = hashes(backups(there))
        assert kept.items() <= left.items() <= before.items(), point
        assert kept.keys() <= told(company) <= left.keys(), f"{point}: none that is gone is said to be there"
        assert children.do("prune", company, there).said == "done"
        assert hashes(backups(there)) == kept, point
        assert told(company) == kept.keys(), point


def test_pruning_by_name_is_found_out(children: Nursery, crowded: tuple[Path, Path], tmp_path: Path) -> None:
    """The newest three are damaged: whoever keeps the newest names keeps nothing."""
    for deed, good in (("careless prune_until_it_fits", 0), ("prune", 3)):
        company, there = crowd(crowded, tmp_path)
        with closing(sqlite3.connect(company)) as file:
            for broken in backups(there)[-3:]:
                broken.write_bytes(broken.read_bytes()[:-100])
                file.execute("UPDATE backup_run SET status = 'damaged' WHERE file_name = ?", (broken.name,))
            file.commit()
        words = (there,) if deed.startswith("careless") else (company, there)
        assert children.do(deed, *words).said == "done"
        whole = [one for one in backups(there) if zipfile.is_zipfile(one)]
        assert len(whole) >= good if good else whole == []
