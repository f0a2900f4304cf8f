"""Killed while saving, and many at once: nothing acknowledged is lost, nothing is half there."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop.db.engine import sqlite_engine
from crm_desktop.db.schema import upgrade
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from tests.soak.nursery import new_contact

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills and forks as POSIX does")

SOAK = os.environ.get("CRM_SOAK") == "1"
KILLS = 300 if SOAK else 20
"""`CRM_SOAK=1` runs the figure that is promised; the ordinary run a sample of it."""
INCREMENTS = 200 if SOAK else 25


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "firm.crm"
    engine = sqlite_engine(path)
    upgrade(engine)
    with Database(engine, path=path).begin(SYSTEM, operation_id="pair") as work:
        work.session.add_all([new_contact("a"), new_contact("b")])
    engine.dispose()
    return path


@pytest.fixture
def nursery() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.soak.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    yield process
    process.communicate(timeout=30)


def order(nursery: subprocess.Popen[str], *words: object) -> Iterator[str]:
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write("\t".join(map(str, words)) + "\n")
    nursery.stdin.flush()
    for line in nursery.stdout:
        if line == "dead\n":
            return
        yield line.rstrip("\n")


def state(file: Path) -> dict[str, tuple[int, int, int]]:
    """Contacts by name with how many points, addresses and journal entries each has; checks the file too."""
    connection = sqlite3.connect(file)
    try:
        assert connection.execute("pragma quick_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        assert connection.execute("select count(distinct notes) from contact where id in (1, 2)").fetchone() == (1,)
        rows = connection.execute(
            """select name,
                (select count(*) from contact_point p where p.contact_id = c.id and p.value = c.name),
                (select count(*) from contact_address a where a.contact_id = c.id),
                (select count(*) from journal j where j.operation_id = c.name and j.entity_id = c.id)
            from contact c where id > 2"""
        )
        found = {name: counts for name, *counts in rows}
        extra = connection.execute(
            """select count(*) from journal
            where operation_id <> 'pair' and operation_id not in (select name from contact)"""
        ).fetchone()
        assert extra == (0,), "the journal tells of nothing that is not there"
        return {name: tuple(counts) for name, counts in found.items()}
    finally:
        connection.close()


@pytest.mark.slow
def test_killed_at_any_moment(file: Path, nursery: subprocess.Popen[str]) -> None:
    chance = random.Random()
    acknowledged: list[str] = []
    landed = 0
    for kill in range(KILLS):
        lines = order(nursery, "save", file)
        pid = int(next(lines).split()[1])
        first = [] if kill % 4 == 0 else [next(lines)]  # else the kill may come while it still opens
        delay = chance.uniform(0, 0.1)
        killer = threading.Timer(delay, os.kill, (pid, signal.SIGKILL))
        killer.start()
        answers = [*first, *lines]
        saved = [line.split()[1] for line in answers if line.startswith("saved ")]
        assert len(saved) == len(answers), answers
        killer.join()
        landed += bool(saved)
        acknowledged += saved
        stored = state(file)
        assert set(acknowledged) <= stored.keys(), "an acknowledged save is gone"
        assert set(stored.values()) <= {(2, 1, 1)}, "a save is half there"
    assert landed > KILLS // 3, "most kills must come while saving, or this proves nothing"
    assert len(acknowledged) > KILLS


@pytest.mark.slow
def test_ten_processes_count_together(file: Path, nursery: subprocess.Popen[str]) -> None:
    began = time.monotonic()
    answers = list(order(nursery, "count", file, INCREMENTS, 10))
    assert [line for line in answers if not line.startswith("pid ")] == [], "errors shown"
    connection = sqlite3.connect(file)
    assert connection.execute("select notes, version from contact where id = 1").fetchone() == (
        str(10 * INCREMENTS),
        10 * INCREMENTS + 1,
    )
    assert connection.execute("select count(*) from journal where action = 'update'").fetchone() == (10 * INCREMENTS,)
    connection.close()
    assert time.monotonic() - began < 120
