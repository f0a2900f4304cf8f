"""The power goes: a backup that was said to be done is there and whole, and a restored company is the restored one.

An ext4 disk in a file is shut down without flushing its log, as in a power cut; torn sectors and disks
that lie about flushing are beyond it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.companies import Firm
from tests.soak.faults import SOAK, Nursery, nursery, why_not
from tests.soak.mounts import Disk, why_no_mounts
from tests.soak.states import backups, digest, emptied, fill, is_whole

pytestmark = [
    pytest.mark.skipif(bool(why_not() or why_no_mounts()), reason=why_not() or why_no_mounts()),
    pytest.mark.skipif(shutil.which("mkfs.ext4") is None, reason="mkfs.ext4 is not installed"),
    pytest.mark.slow,
]

CUTS = 50 if SOAK else 2


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disk.img", tmp_path / "disk")
    yield made
    made.close()


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with nursery(tmp_path_factory.mktemp("cache")) as made:
        yield made


@pytest.fixture
def company(founded_file: tuple[Path, Firm], tmp_path: Path) -> Path:
    path = Path(shutil.copy(founded_file[0], tmp_path / "firm.crm"))
    fill(path, "today", 30)
    return path


def lost_backups(children: Nursery, deed: str, company: Path, disk: Disk) -> int:
    """Make a backup, cut the power when it is said to be done; how often it was not there or not whole."""
    lost = 0
    rows = digest(company)
    for _cut in range(CUTS):
        folder = emptied(disk.at / "backups")
        assert children.do(deed, company, folder).said == "done"
        disk.cut_power()
        found = backups(disk.at / "backups")
        lost += len(found) != 1 or not is_whole(found[0], rows)
    return lost


def test_a_backup_that_is_done_outlives_the_power(children: Nursery, company: Path, disk: Disk) -> None:
    assert lost_backups(children, "backup", company, disk) == 0


def test_the_cuts_find_out_a_backup_whose_folder_is_not_flushed(children: Nursery, company: Path, disk: Disk) -> None:
    assert lost_backups(children, "careless backup_without_flushing_the_folder", company, disk) > 0
