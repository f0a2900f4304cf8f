"""Many at once: two computers and one due backup, and backups of a company that ten processes write to."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from crm_desktop.app.figures import SEAMS
from crm_desktop.backup.format.archive import unpack
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.making import Order, make_backup
from crm_desktop.backup.plans import raise_sequence
from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.progress import Quiet
from tests.soak.faults import SOAK
from tests.soak.nursery import new_contact
from tests.soak.states import emptied

pytestmark = [pytest.mark.skipif(os.name != "posix", reason="forks as POSIX does"), pytest.mark.slow]

ROUNDS = 100
INCREMENTS = 400 if SOAK else 40


def program(module: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.soak.{module}", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip


def claims(path: Path, *words: str) -> list[int]:
    """How many of two processes took the backup in each of a hundred rounds."""
    with ExitStack() as stack:
        both = [stack.enter_context(program("claimers", *words)) for _ in range(2)]
        for one in both:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        found = []
        for number in range(ROUNDS):
            for one in both:
                assert one.stdin is not None
                one.stdin.write(f"{path}\t2026-11-{number:03}\n")
                one.stdin.flush()
            found.append(sum(one.stdout.readline() == "taken\n" for one in both if one.stdout is not None))
        for one in both:
            assert one.stdin is not None
            one.stdin.close()
        return found


@pytest.fixture
def planned(file_database: Database, firm: object) -> Path:
    with file_database.begin(SYSTEM) as work:
        raise_sequence(work)
    assert file_database.path is not None
    return file_database.path


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_one_of_two_takes_the_backup_in_a_hundred_rounds(planned: Path) -> None:
    assert claims(planned) == [1] * ROUNDS


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_rounds_find_out_who_asks_first_and_writes_then(planned: Path) -> None:
    assert 2 in claims(planned, "careless")


def counts_of(data: Path) -> set[int]:
    """What a copy says of the number of increments: the contact, its version, the journal. One when it is good."""
    with closing(sqlite3.connect(data)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        notes, version = file.execute("SELECT notes, version FROM contact WHERE id = 1").fetchone()
        (told,) = file.execute("SELECT count(*) FROM journal WHERE action = 'update' AND entity = 'contact'").fetchone()
        return {int(notes), version - 1, told}


def by_the_program(path: Path, folder: Path) -> Path:
    database = Database(sqlite_engine(path), path=path)
    made = make_backup(database, Order(Kind.MANUAL, folder), SEAMS, Quiet())
    database.close()
    return unpack(made.path, emptied(folder / "unpacked"), progress=Quiet())


def table_by_table(path: Path, folder: Path) -> Path:
    """As a careless program does: each table as it is when it is read."""
    target = folder / "copy.sqlite"
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        for table in ("contact", "journal"):
            rows = source.execute(f"SELECT * FROM {table}").fetchall()
            names = [row[1] for row in source.execute(f"PRAGMA table_info({table})")]
            columns = ", ".join(f'"{name}"' for name in names)
            copy.execute(f"CREATE TABLE {table} ({columns})")
            copy.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", rows)
        copy.commit()
    return target


def copies_while_ten_write(path: Path, folder: Path, copy: Callable[[Path, Path], Path]) -> list[set[int]]:
    """Copy again and again while ten processes count up; what each copy says."""
    folder.mkdir()
    with Database(sqlite_engine(path), path=path).begin(SYSTEM) as work:
        contact = new_contact("counter")
        contact.notes = "0"
        work.session.add(contact)
    found: list[set[int]] = []
    with program("nursery") as writers:
        answers: list[str] = []
        done = threading.Thread(
            target=lambda: answers.append(writers.communicate(f"count\t{path}\t{INCREMENTS}\t10\n")[0])
        )
        done.start()
        while done.is_alive():
            found.append(counts_of(copy(path, folder)))
        done.join()
    assert "error" not in answers[0]
    assert counts_of(path) == {10 * INCREMENTS}, "nothing that was written is lost"
    return found


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_backup_beside_ten_writers_is_of_one_moment(planned: Path, tmp_path: Path) -> None:
    found = copies_while_ten_write(planned, tmp_path / "there", by_the_program)
    assert all(len(one) == 1 for one in found), found
    assert len({*map(tuple, found)}) >= 2, "they must be of different moments, or this proves nothing"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_writers_find_out_a_copy_table_by_table(planned: Path, tmp_path: Path) -> None:
    found = copies_while_ten_write(planned, tmp_path / "there", table_by_table)
    assert any(len(one) > 1 for one in found)
