"""The system refuses a write: a sentence with the folder's name, nothing half, earlier backups as they were.

One write is refused, or all from one on (a full disk); a flush, a rename, a removal. Then disks that are
really full, write-protected, and pulled out in mid-backup.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from crm_desktop.app.figures import SEAMS
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.making import BackupFailed, Order, make_backup
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.shared.progress import Quiet
from tests.companies import Firm
from tests.soak import mounts
from tests.soak.faults import Nursery, Point, nursery, sample, why_not
from tests.soak.states import backups, copied, digest, emptied, fill, hashes, is_whole, leftovers

pytestmark = pytest.mark.slow
traced = pytest.mark.skipif(bool(why_not()), reason=why_not())
mounted = pytest.mark.skipif(bool(mounts.why_no_mounts()), reason=mounts.why_no_mounts())

ANSWERS: Final = {
    "write": "ENOSPC", "pwrite64": "ENOSPC", "writev": "ENOSPC", "ftruncate": "EIO", "fsync": "EIO",
    "fdatasync": "EIO", "rename": "EACCES", "renameat2": "EACCES", "unlink": "EACCES", "mkdir": "ENOSPC",
}  # fmt: skip

NAMED: Final = ("/there", "/cache", "firm.crm", "company's data", "your data")
"""A sentence names the folder, or says that it is the company's own data that could not be read or written."""


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with nursery(tmp_path_factory.mktemp("cache")) as made:
        yield made


@pytest.fixture(scope="module")
def company_file(founded_file: tuple[Path, Firm], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("firm") / "firm.crm"
    shutil.copy(founded_file[0], path)
    fill(path, "today", 60)
    return path


@pytest.fixture(scope="module")
def first(children: Nursery, company_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the company, made before."""
    folder = tmp_path_factory.mktemp("first")
    assert children.do("backup", company_file, folder).said == "done"
    (made,) = backups(folder)
    return made.rename(folder / re.sub(r"\d{8}", "20010101", made.name, count=1))


def faults_of(
    children: Nursery, deed: str, company: Path, first: Path, folder: Path, points: list[Point], *, ever_after: bool
) -> list[str]:
    """Refuse each point; return what went wrong, by point."""
    rows, (earlier,) = digest(company), hashes([first]).values()
    wrong = []
    for point in points:
        there = emptied(folder / "there")
        shutil.copy2(first, there)
        file = copied(company, emptied(folder / "live"))
        outcome = children.refused(deed, file, there, at=point, error=ANSWERS[point.call], ever_after=ever_after)
        found = _faults(outcome.said, there, earlier, rows)
        if digest(file) != rows:
            found.append("the company changed")
        if (again := children.do(deed, file, there).said) != "done":
            found.append(f"the next one does not make it good: {again}")
        found += [f"{name} is left lying" for name in leftovers(there)]
        wrong += [f"{point.call} {point.number}{'+' * ever_after}: {one} ({outcome.said})" for one in found]
    return wrong


def _faults(said: str, there: Path, earlier: str, rows: str) -> list[str]:
    found = []
    names = backups(there)
    if said.startswith("error"):
        found.append("no sentence")
    elif said.startswith("refused") and not any(name in said for name in NAMED):
        found.append("a sentence without a name")
    if "damaged" in said:
        found.append("it is not the data that is damaged")
    if said == "done" and len(names) != 2:
        found.append("done without a backup")
    if any(not is_whole(one, rows) for one in names):
        found.append("half a backup under its name")
    if earlier not in hashes(names).values():
        found.append("the earlier one changed")
    return found


def points_to_refuse(children: Nursery, deed: str, company: Path, first: Path, folder: Path, most: int) -> list[Point]:
    there = emptied(folder / "there")
    shutil.copy2(first, there)
    points = children.calls(deed, copied(company, emptied(folder / "live")), there)
    return sample([point for point in points if point.call in ANSWERS], most)


@traced
@pytest.mark.parametrize("ever_after", [False, True])
def test_a_refused_call_ends_in_a_sentence(
    children: Nursery, company_file: Path, first: Path, tmp_path: Path, ever_after: bool
) -> None:
    points = points_to_refuse(children, "backup", company_file, first, tmp_path, 4)
    wrong = faults_of(children, "backup", company_file, first, tmp_path, points, ever_after=ever_after)
    assert not wrong, "\n".join(wrong)


@traced
def test_a_folder_that_cannot_be_flushed_is_told(
    children: Nursery, company_file: Path, first: Path, tmp_path: Path
) -> None:
    """Until then the new name may be gone after a power cut: nobody says that it is done."""
    there = emptied(tmp_path / "there")
    file = copied(company_file, emptied(tmp_path / "live"))
    points = children.calls("backup", file, there)
    renamed = next(place for place, point in enumerate(points) if point.call.startswith("rename"))
    flush = next(point for point in points[renamed:] if point.call == "fsync")
    said = children.refused("backup", file, emptied(there), at=flush, error="EIO", ever_after=False).said
    assert said.startswith("refused")
    assert str(there) in said


@traced
def test_the_refusals_find_out_a_careless_program(
    children: Nursery, company_file: Path, first: Path, tmp_path: Path
) -> None:
    deed = "careless backup_under_its_name"
    points = points_to_refuse(children, deed, company_file, first, tmp_path, 10)
    found = " ".join(faults_of(children, deed, company_file, first, tmp_path, points, ever_after=True))
    assert "no sentence" in found
    assert "half a backup under its name" in found


# Real disks


def refused(company: Path, folder: Path) -> str:
    """Make a backup that fails; the sentence."""
    database = Database(sqlite_engine(company), path=company)
    try:
        with pytest.raises(BackupFailed) as raised:
            make_backup(database, Order(Kind.MANUAL, folder), SEAMS, Quiet())
        return str(raised.value)
    finally:
        database.close()


@pytest.fixture
def company(company_file: Path, tmp_path: Path) -> Path:
    return copied(company_file, tmp_path)


@mounted
def test_a_full_disk_is_told_and_leaves_the_earlier_ones(company: Path, first: Path, tmp_path: Path) -> None:
    with mounts.disk_of(3, tmp_path / "stick") as stick:
        earlier = Path(shutil.copy2(first, stick))
        before = hashes([earlier])
        with (stick / "holiday.mp4").open("wb", buffering=0) as film, suppress(OSError):
            while True:
                film.write(bytes(4096))
        sentence = refused(company, stick)
        assert "full" in sentence
        assert str(stick) in sentence
        assert hashes(backups(stick)) == before
        assert leftovers(stick) == []


@mounted
def test_a_write_protected_folder_is_told(company: Path, first: Path, tmp_path: Path) -> None:
    folder = tmp_path / "protected"
    folder.mkdir()
    before = hashes([Path(shutil.copy2(first, folder))])
    with mounts.read_only(folder):
        sentence = refused(company, folder)
        assert "can only be read" in sentence
        assert str(folder) in sentence
        assert hashes(backups(folder)) == before


def test_a_folder_that_is_gone_is_told(company: Path, tmp_path: Path) -> None:
    sentence = refused(company, tmp_path / "gone")
    assert "is not there" in sentence
    assert str(tmp_path / "gone") in sentence
    assert not (tmp_path / "gone").exists(), "nobody makes it on the wrong disk"


class PulledOut:
    """Progress that pulls the disk out when half is done."""

    def __init__(self, stick: Path) -> None:
        self.stick, self.pulled = stick, False

    def step(self, done: int, total: int | None = None) -> None:
        if not self.pulled and total and done * 2 >= total:
            self.pulled = True
            mounts.pull(self.stick)


@mounted
def test_a_disk_pulled_out_in_mid_backup_is_told(company: Path, first: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    with mounts.disk_of(20, stick):
        shutil.copy2(first, stick)
        database = Database(sqlite_engine(company), path=company)
        pulling = PulledOut(stick)
        with pytest.raises(BackupFailed) as raised:
            make_backup(database, Order(Kind.MANUAL, stick), SEAMS, pulling)
        assert pulling.pulled
        assert str(stick) in str(raised.value)
        assert list(stick.iterdir()) == [], "nothing is left in the empty folder the disk was in"
        database.close()
