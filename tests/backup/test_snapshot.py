"""A snapshot holds everything of one moment, whatever is written meanwhile, and leaves nothing when it fails."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from crm_desktop.backup.engines.snapshot import take_snapshot
from crm_desktop.backup.engines.source import Source
from crm_desktop.db import schema
from crm_desktop.db.engine import postgres_engine, sqlite_engine
from crm_desktop.db.engine import postgres_url as server_url
from crm_desktop.db.work import Database
from crm_desktop.shared.errors import Cancelled, Unavailable
from crm_desktop.shared.progress import Quiet
from tests.companies import Firm

WRITER = """
import random, sqlite3, sys, time
path, seed = sys.argv[1], int(sys.argv[2])
chance = random.Random(seed)
c = sqlite3.connect(path, isolation_level=None, timeout=30)
print("ready", flush=True)
longest, end = 0.0, time.monotonic() + float(sys.argv[3])
while time.monotonic() < end:
    amount, one, two = chance.randrange(1, 99), *chance.sample(range(1, 101), 2)
    began = time.monotonic()
    c.execute("BEGIN IMMEDIATE")
    c.execute("UPDATE purse SET amount = amount - ? WHERE id = ?", (amount, one))
    c.execute("INSERT INTO line (purse, amount) VALUES (?, ?)", (one, -amount))
    c.execute("UPDATE purse SET amount = amount + ? WHERE id = ?", (amount, two))
    c.execute("INSERT INTO line (purse, amount) VALUES (?, ?)", (two, amount))
    c.execute("COMMIT")
    longest = max(longest, time.monotonic() - began)
    time.sleep(0.002)
print(longest, flush=True)
"""


class CancelAfter:
    """Progress that is cancelled at the given look."""

    def __init__(self, looks: int) -> None:
        self.left = looks
        self.seen: list[tuple[int, int | None]] = []

    def step(self, done: int, total: int | None = None) -> None:
        self.seen.append((done, total))
        self.left -= 1
        if self.left == 0:
            raise Cancelled


def purses(path: Path, mode: str, filler: int = 3000) -> None:
    """A file of a hundred purses that hold nothing together, and pages to copy."""
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA journal_mode = {mode}")
        file.execute("CREATE TABLE purse (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL)")
        file.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, purse INTEGER, amount INTEGER)")
        file.execute("CREATE TABLE filler (data BLOB)")
        file.executemany("INSERT INTO purse VALUES (?, 1000)", [(n,) for n in range(1, 101)])
        file.execute(
            "INSERT INTO filler WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " SELECT zeroblob(4000) FROM n",
            (filler,),
        )
        file.commit()


def check_purses(path: Path) -> int:
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert file.execute("SELECT sum(amount) FROM purse").fetchone()[0] == 100_000
        assert file.execute("SELECT coalesce(sum(amount), 0) FROM line").fetchone()[0] == 0
        unequal = file.execute(
            "SELECT count(*) FROM purse p WHERE amount <>"
            " 1000 + (SELECT coalesce(sum(amount), 0) FROM line WHERE purse = p.id)"
        )
        assert unequal.fetchone()[0] == 0
        return int(file.execute("SELECT count(*) FROM line").fetchone()[0])


def source_of(path: Path, file_database: Database) -> Source:
    return Source(file_database.engine, path)


@pytest.mark.parametrize("mode", ["WAL", "TRUNCATE"])
def test_every_snapshot_is_of_one_moment_while_ten_processes_write(
    tmp_path: Path, file_database: Database, mode: str
) -> None:
    path = tmp_path / "purses.db"
    purses(path, mode)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(seed), "2.5"], stdout=subprocess.PIPE, text=True)
        for seed in range(10)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    lines = []
    number = 0
    while any(writer.poll() is None for writer in writers):
        target = tmp_path / f"copy{number}.sqlite"
        take_snapshot(source_of(path, file_database), target, Quiet())
        lines.append(check_purses(target))
        target.unlink()
        number += 1
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    assert len(lines) >= 3
    assert lines == sorted(lines)
    assert lines[-1] > lines[0], "nobody wrote meanwhile, so this proves nothing"


def test_a_writer_never_waits_for_a_snapshot(tmp_path: Path, file_database: Database) -> None:
    """The longest transaction beside snapshots is a busy machine's, not the length of a copy."""
    path = tmp_path / "purses.db"
    purses(path, "WAL", filler=30_000)
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path), "1", "2"], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    writer.stdout.readline()

    class Slow:
        def step(self, done: int, total: int | None = None) -> None:
            time.sleep(0.05)  # a slow drive

    began = time.monotonic()
    take_snapshot(source_of(path, file_database), tmp_path / "copy.sqlite", Slow())
    took = time.monotonic() - began
    said, _ = writer.communicate()
    assert took > 1
    assert float(said) < took / 2


def test_a_snapshot_of_a_file_is_the_company_in_one_plain_file(
    file_database: Database, firm: Firm, tmp_path: Path
) -> None:
    target = tmp_path / "copy.sqlite"
    take_snapshot(Source.of(file_database), target, Quiet())
    assert target.read_bytes()[18:20] == b"\x01\x01", "not a write-ahead log: it must open on read-only media"
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("copy")] == ["copy.sqlite"]
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("PRAGMA user_version").fetchone()[0] == schema.SCHEMA
        assert copy.execute("SELECT count(*) FROM app_user").fetchone()[0] == 7
        assert copy.execute("PRAGMA foreign_key_check").fetchall() == []


def test_cancelling_leaves_nothing(database: Database, firm: Firm, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    with pytest.raises(Cancelled):
        take_snapshot(Source.of(database), target, CancelAfter(1))
    assert not list(tmp_path.glob("copy*"))
    told = CancelAfter(-1)
    take_snapshot(Source.of(database), target, told)
    assert told.seen


def test_a_file_kept_locked_ends_with_a_sentence(
    tmp_path: Path, file_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_desktop.backup.engines.snapshot._BUSY_SECONDS", 0.3)
    path = tmp_path / "purses.db"
    purses(path, "TRUNCATE", filler=10)
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        with pytest.raises(Unavailable, match="busy"):
            take_snapshot(source_of(path, file_database), tmp_path / "copy.sqlite", Quiet())
        assert time.monotonic() - began < 5
        with pytest.raises(Cancelled):
            take_snapshot(source_of(path, file_database), tmp_path / "copy.sqlite", CancelAfter(1))
    assert not (tmp_path / "copy.sqlite").exists()


def test_a_damaged_file_and_a_missing_folder_are_told(tmp_path: Path, file_database: Database) -> None:
    damaged = tmp_path / "damaged.crm"
    damaged.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(Unavailable, match="damaged"):
        take_snapshot(source_of(damaged, file_database), tmp_path / "copy.sqlite", Quiet())
    with pytest.raises(Unavailable, match="nowhere"):
        take_snapshot(Source.of(file_database), tmp_path / "nowhere" / "copy.sqlite", Quiet())
    with pytest.raises(Unavailable, match=r"gone\.crm"):
        take_snapshot(source_of(tmp_path / "gone.crm", file_database), tmp_path / "copy.sqlite", Quiet())
    assert not (tmp_path / "gone.crm").exists()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_snapshot_of_a_server_is_a_company_file(database: Database, firm: Firm, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    take_snapshot(Source.of(database), target, Quiet())
    assert target.read_bytes()[18:20] == b"\x01\x01"
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("PRAGMA user_version").fetchone()[0] == schema.SCHEMA
        assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert copy.execute(
            "SELECT name, typeof(active), created_at FROM app_user WHERE login = 'anna'"
        ).fetchone() == (
            "Anna Weber",
            "integer",
            "2026-11-20 09:30:00.000000",
        )


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_snapshot_of_a_server_is_of_one_moment(database: Database, firm: Firm, tmp_path: Path) -> None:
    """A row written to a later table after the first one was read is not in it."""

    class WritesMeanwhile:
        wrote = False

        def step(self, done: int, total: int | None = None) -> None:
            if not self.wrote:
                self.wrote = True
                with database.engine.begin() as connection:
                    connection.execute(text("insert into team (name, version) values ('late', 1)"))

    told = WritesMeanwhile()
    take_snapshot(Source.of(database), tmp_path / "copy.sqlite", told)
    assert told.wrote
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as copy:
        assert copy.execute("SELECT count(*) FROM team WHERE name = 'late'").fetchone()[0] == 0


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_server_that_is_lost_leaves_nothing(database: Database, firm: Firm, tmp_path: Path) -> None:
    class Cuts:
        def step(self, done: int, total: int | None = None) -> None:
            with database.engine.begin() as connection:
                connection.execute(
                    text(
                        "select pg_terminate_backend(pid) from pg_stat_activity"
                        " where datname = current_database() and pid <> pg_backend_pid()"
                    )
                )

    with pytest.raises(Unavailable, match="did not answer to the end"):
        take_snapshot(Source.of(database), tmp_path / "copy.sqlite", Cuts())
    assert not list(tmp_path.glob("copy*"))


@pytest.mark.postgres
def test_a_server_of_an_older_revision_gives_a_file_of_that_revision(postgres_url: str, tmp_path: Path) -> None:
    """As before an upgrade: what is backed up is what was there. The server's own limits do not end it."""
    engine = postgres_engine(server_url(postgres_url))
    with engine.begin() as connection:
        connection.execute(text("create schema crm"))
        connection.execute(
            text(f"alter database {engine.url.database} set idle_in_transaction_session_timeout = '200ms'")
        )
    schema.upgrade(engine, 4)
    with engine.begin() as connection:
        connection.execute(text("insert into team (name, version) values ('old', 1)"))
    slow = postgres_engine(server_url(postgres_url))
    take_snapshot(Source(slow, None), tmp_path / "copy.sqlite", Quiet())
    engine.dispose()
    slow.dispose()
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as copy:
        assert copy.execute("PRAGMA user_version").fetchone()[0] == 4
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone()[0] == "0004"
        assert copy.execute("SELECT name FROM team").fetchall() == [("old",)]
    newer = sqlite_engine(tmp_path / "copy.sqlite")
    schema.upgrade(newer)
    with newer.connect() as connection:
        assert schema.revision(connection) == schema.SCHEMA
    newer.dispose()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_table_of_others_in_the_schema_is_named(database: Database, tmp_path: Path) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("create table crm.guest (id int)"))
    with pytest.raises(Unavailable, match="guest"):
        take_snapshot(Source.of(database), tmp_path / "copy.sqlite", Quiet())


def test_a_snapshot_leaves_the_other_threads_running(tmp_path: Path, file_database: Database) -> None:
    """SQLite copies without holding Python's lock, so a window goes on."""
    path = tmp_path / "purses.db"
    purses(path, "WAL", filler=30_000)
    waits: list[float] = []
    done = threading.Event()

    def watch() -> None:
        last = time.monotonic()
        while not done.is_set():
            time.sleep(0.001)
            now = time.monotonic()
            waits.append(now - last)
            last = now

    watcher = threading.Thread(target=watch)
    watcher.start()
    take_snapshot(source_of(path, file_database), tmp_path / "copy.sqlite", Quiet())
    done.set()
    watcher.join()
    assert sorted(waits)[int(len(waits) * 0.9)] < 0.016
