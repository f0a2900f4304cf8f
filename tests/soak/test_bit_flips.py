"""A thousand bits of a backup are turned over, one at a time: each is found before anything is restored."""

from __future__ import annotations

import random
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from crm_desktop.app.figures import SEAMS
from crm_desktop.backup.format.sealing import new_lock, open_lock
from crm_desktop.backup.format.verify import verify_archive
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.making import Order, make_backup
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.progress import Quiet
from tests.companies import Firm
from tests.soak.faults import SOAK
from tests.soak.states import fill

pytestmark = pytest.mark.slow

FLIPS = 1000 if SOAK else 30


@pytest.fixture(scope="module")
def company(founded_file: tuple[Path, Firm], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("firm") / "firm.crm"
    shutil.copy(founded_file[0], path)
    fill(path, "today", 30)
    return path


def a_backup(company: Path, folder: Path, lock: dict[str, object] | None = None) -> Path:
    database = Database(sqlite_engine(company), path=company)
    made = make_backup(database, Order(Kind.MANUAL, folder, lock=lock or {}), SEAMS, Quiet())
    database.close()
    return made.path


def missed(backup: Path, found: Callable[[Path], bool], chance: random.Random) -> list[int]:
    """Turn bits over, one at a time; the places that `found` did not find. Ends and heads of the file come often."""
    whole = backup.read_bytes()
    damaged = backup.with_name(f"crm-backup-20260101-000000{''.join(backup.suffixes)}")
    overlooked = []
    for number in range(FLIPS):
        size = len(whole)
        place = (chance.randrange(size), chance.randrange(600), size - 1 - chance.randrange(1200))[number % 3] % size
        changed = bytearray(whole)
        changed[place] ^= 1 << chance.randrange(8)
        damaged.write_bytes(changed)
        if not found(damaged):
            overlooked.append(place)
    return overlooked


def refused(path: Path, **key: object) -> bool:
    """Whether the program refuses the backup, with a sentence."""
    try:
        verify_archive(path, seams=SEAMS, progress=Quiet(), **key)  # type: ignore[arg-type]
    except UserError:
        return True
    return False


def test_every_flipped_bit_is_found(company: Path, tmp_path: Path) -> None:
    backup = a_backup(company, tmp_path)
    assert not refused(backup)
    seed = random.randrange(1 << 30)
    assert missed(backup, refused, random.Random(seed)) == [], f"seed {seed}"


def test_every_flipped_bit_of_a_locked_one_is_found(company: Path, tmp_path: Path) -> None:
    lock, _recovery = new_lock("correct horse battery")
    backup = a_backup(company, tmp_path, lock.to_dict())
    key = open_lock(lock, "correct horse battery")
    assert not refused(backup, key=key)
    assert missed(backup, lambda path: refused(path, key=key), random.Random()) == []


def test_a_look_at_the_database_alone_overlooks_bits(company: Path, tmp_path: Path) -> None:
    """As careless programs check: the zip opens, and SQLite finds its data in order."""
    packed = tmp_path / "plain.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.write(company, "data.sqlite")

    def found(path: Path) -> bool:
        try:
            with zipfile.ZipFile(path) as archive:
                (entry,) = archive.infolist()
            data = tmp_path / "data.sqlite"
            data.write_bytes(path.read_bytes()[len(entry.FileHeader()) : len(entry.FileHeader()) + entry.file_size])
            with closing(sqlite3.connect(data)) as file:
                return file.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
        except (zipfile.BadZipFile, sqlite3.DatabaseError, ValueError, OSError, NotImplementedError):
            return True

    assert missed(packed, found, random.Random()) != []
