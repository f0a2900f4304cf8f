"""Every single bit of a backup is proved: whichever one flips, the backup is refused.

`CRM_ALL_HOSTILE=1` tries thousands of them.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from crm_desktop.access.passwords import Cost
from crm_desktop.backup.format.archive import unpack
from crm_desktop.backup.format.manifest import DATA
from crm_desktop.backup.format.sealing import Key, new_lock, open_lock
from crm_desktop.backup.format.verify import verify_archive
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.progress import Quiet
from tests.backup.archives import LOCKED_NAME, NAME, PASSPHRASE, SEAMS, snapshot_of, written
from tests.companies import Firm

FLIPS = 1000 if os.environ.get("CRM_ALL_HOSTILE") == "1" else 75


def flipped_is_found(path: Path, bits: list[int], key: Key | None, folder: Path) -> None:
    good = path.read_bytes()
    verify_archive(path, seams=SEAMS, key=key, progress=Quiet())
    missed = []
    for bit in bits:
        bad = bytearray(good)
        bad[bit // 8] ^= 1 << bit % 8
        path.write_bytes(bad)
        try:
            # What restore does; its findings alone must do, before SQLite looks at anything.
            unpack(path, folder, key=key, progress=Quiet())
        except UserError:
            continue
        missed.append((bit // 8, bit % 8))
        (folder / DATA).unlink()
    assert not list(folder.iterdir())
    assert not missed, f"{len(missed)} of {len(bits)} flips were not found: {missed[:10]} in {len(good)} bytes"


def somewhere(size: int, count: int, seed: str) -> list[int]:
    chance = random.Random(seed)
    return [chance.randrange(size * 8) for _ in range(count)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "unpacked"
    made.mkdir()
    return made


def test_anywhere(founded_file: tuple[Path, Firm], tmp_path: Path, folder: Path) -> None:
    path = tmp_path / NAME
    size = written(snapshot_of(founded_file[0], tmp_path), path).size
    flipped_is_found(path, somewhere(size, FLIPS, "anywhere"), None, folder)


def test_around_the_data(founded_file: tuple[Path, Firm], tmp_path: Path, folder: Path) -> None:
    """Headers, times, attributes, sizes, and the bits that fill up the last byte of the packed data."""
    path = tmp_path / NAME
    made = written(snapshot_of(founded_file[0], tmp_path), path)
    packed = made.manifest.members["data.sqlite"].packed
    ends = 41 + packed
    bits = [*range(41 * 8), *range((ends - 2) * 8, (ends + 16) * 8)]
    bits += [ends * 8 + bit for bit in somewhere(made.size - ends, FLIPS, "around")]
    bits += list(range((made.size - 22) * 8, made.size * 8))
    if FLIPS < 1000:
        bits = random.Random("around").sample(bits, 2 * FLIPS)
    flipped_is_found(path, bits, None, folder)


def test_locked(founded_file: tuple[Path, Firm], tmp_path: Path, folder: Path, full_cost: Cost) -> None:
    lock, _recovery = new_lock(PASSPHRASE)
    path = tmp_path / LOCKED_NAME
    size = written(snapshot_of(founded_file[0], tmp_path), path, lock).size
    key = open_lock(lock, PASSPHRASE)
    bits = somewhere(size, FLIPS, "locked") + somewhere(1000, FLIPS // 2, "head")
    flipped_is_found(path, bits, key, folder)


@pytest.mark.parametrize("keep", [0, 1, 7, 40, 0.5, 0.999, -1])
def test_cut_off(founded_file: tuple[Path, Firm], tmp_path: Path, folder: Path, keep: float) -> None:
    path = tmp_path / NAME
    written(snapshot_of(founded_file[0], tmp_path), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: keep if isinstance(keep, int) else int(len(whole) * keep)])
    with pytest.raises(UserError, match=NAME):
        unpack(path, folder, progress=Quiet())
    assert not list(folder.iterdir())


@pytest.mark.parametrize("where", ["before", "after", "between"])
def test_more_bytes(founded_file: tuple[Path, Firm], tmp_path: Path, folder: Path, where: str) -> None:
    path = tmp_path / NAME
    made = written(snapshot_of(founded_file[0], tmp_path), path)
    whole = path.read_bytes()
    at = {"before": 0, "after": len(whole), "between": 41 + made.manifest.members["data.sqlite"].packed}[where]
    path.write_bytes(whole[:at] + b"\0" + whole[at:])
    with pytest.raises(UserError, match=NAME):
        unpack(path, folder, progress=Quiet())
    assert not list(folder.iterdir())
