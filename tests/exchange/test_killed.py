"""Killed in the middle of an import or of taking it back: the company is as before, and the next try works."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from crm_desktop.app.targets import TARGETS
from crm_desktop.contacts.target import CONTACTS
from tests.companies import Firm, settle_file, sqlite_company
from tests.exchange.dying import COUNT, GIVEN
from tests.exchange.rows import bring_in, rows, take_back

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")

KILLS = 15 if os.environ.get("CRM_SOAK") == "1" else 1
"""`CRM_SOAK=1` runs the figure that is promised; the ordinary run a sample of it."""


def run(path: Path, what: str, last: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.exchange.dying", str(path), what, str(last)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def state(path: Path) -> dict[str, int]:
    """Rows of every table; checks the file too."""
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        return {name: connection.execute(f'select count(*) from "{name}"').fetchone()[0] for name in tables}
    finally:
        connection.close()


@pytest.mark.slow
def test_killed_while_importing_and_while_taking_it_back(founded_file: tuple[Path, Firm], tmp_path: Path) -> None:
    firm, path = founded_file[1], tmp_path / "company.crm"
    file_database = sqlite_company(founded_file[0], path)
    chance = random.Random()
    before = state(path)
    for _ in range(KILLS):
        killed = run(path, "import", chance.randint(1, 4))
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert state(path) == before
    done = bring_in(file_database, firm.boss, CONTACTS, rows(*GIVEN))
    assert done.counts["new"] == COUNT
    settle_file(file_database)
    full = state(path)
    for _ in range(KILLS):
        killed = run(path, done.batch, chance.randint(1, 4))
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert state(path) == full
    assert take_back(file_database, firm.boss, done.batch, *TARGETS).removed == COUNT
    settle_file(file_database)
    assert state(path)["contact"] == before["contact"]
