"""Killed while talking to customers: calls, next steps, promises, moves and the pool are there whole or not at all."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crm_desktop.activities.pool import settings
from crm_desktop.contacts import service
from crm_desktop.pipeline import service as pipeline
from crm_desktop.shared.actor import SYSTEM
from tests.companies import NOW, Firm, settle_file, sqlite_company
from tests.soak.talker import DEEDS, NEGLECT, POOLED, TALKED

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills and forks as POSIX does")

KILLS = 300 if os.environ.get("CRM_SOAK") == "1" else 3
"""`CRM_SOAK=1` runs the figure that is promised; the ordinary run a sample of it."""
CUSTOMERS, FORGOTTEN = 5, 8
_LIKE_POOLED = f"name like '{POOLED}%'"
_WITHOUT = {
    "a call has no next step": """select count(*) from activity a where state = 'done'
        and (select count(*) from activity n where n.follows_id = a.id) <> 1""",
    "a next step has no call, or no reminder": """select count(*) from activity a where state = 'planned'
        and (follows_id is null or subject <> '' and id not in (select activity_id from activity_reminder))""",
    "a promise has no call": """select count(*) from promise p join journal j on j.entity = 'promise'
        and j.entity_id = p.id where j.operation_id not in (select notes from activity)""",
    "a change of an activity is not there": """select count(*) from journal where entity = 'activity'
        and operation_id not in (select notes from activity)""",
    "a reminder has no activity": """select count(*) from activity_reminder
        where activity_id not in (select id from activity)""",
    "the dates of a contact do not say what its activities say": """select count(*) from contact c
        where next_contact_on is not
            (select min(due_on) from activity a where a.contact_id = c.id and a.state = 'planned')
        or last_contact_at is not
            (select max(done_at) from activity a where a.contact_id = c.id and a.state = 'done')""",
    "some of a run are in the pool and some are not": f"""select count(distinct owner_key) - 1 from contact
        where {_LIKE_POOLED}""",
    "the journal does not tell of each customer released": """select (select count(*) from pool_release)
        - (select count(*) from journal where entity = 'contact' and actor_id is null
            and json_type(after, '$.owner_id') = 'null')""",
    "a run released twice, or half": f"""select (select count(*) from pool_release) - {FORGOTTEN}
        * ((select count(*) from journal where action = '{NEGLECT}')
            - (select max(owner_key) from contact where {_LIKE_POOLED}))""",
    "a move is not one version and one line": """select (select version from opportunity)
        - (select count(*) from journal where entity = 'opportunity' and json_type(after, '$.stage') is not null)""",
}
"""What must be 0 whenever somebody was killed, and what it means when it is not."""


@pytest.fixture
def file(founded_file: tuple[Path, Firm], tmp_path: Path) -> Path:
    path, boss = tmp_path / "company.crm", founded_file[1].boss
    database = sqlite_company(founded_file[0], path)
    with database.begin(boss) as work:
        ids = [service.create(work, {"name": f"{TALKED} {n}", "is_customer": True}) for n in range(CUSTOMERS)]
        for number in range(FORGOTTEN):
            service.create(work, {"name": f"{POOLED} {number}", "is_customer": True, "owner": None})
        pipeline.create(work, ids[0], {"name": "Looms"})
    with database.begin(SYSTEM) as work:
        row = work.get(settings.PoolRules, settings.ONLY)
        row.active, row.contact_days, row.run_on = True, 30, NOW.date()
        row.from_on = NOW.date() - timedelta(days=9)
    settle_file(database)
    return path


@pytest.fixture
def people() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.soak.talker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    yield process
    process.communicate(timeout=30)


def talk(people: subprocess.Popen[str], file: Path) -> Iterator[str]:
    assert people.stdin is not None
    assert people.stdout is not None
    people.stdin.write(f"{file}\n")
    people.stdin.flush()
    for line in people.stdout:
        if line == "dead\n":
            return
        yield line.rstrip("\n")


def stored(path: Path) -> set[str]:
    """Return the operations the journal tells of; checks that all of them are whole, and the file too."""
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("pragma quick_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        for meaning, asked in _WITHOUT.items():
            assert connection.execute(asked).fetchall() == [(0,)], meaning
        return {operation for (operation,) in connection.execute("select distinct operation_id from journal")}
    finally:
        connection.close()


@pytest.mark.slow
def test_killed_while_talking(file: Path, people: subprocess.Popen[str]) -> None:
    chance = random.Random()
    acknowledged: Counter[str] = Counter()
    silent = {"neglect", "pool"}  # when nobody is to be released they change nothing
    for kill in range(KILLS):
        lines = talk(people, file)
        pid = int(next(lines).split()[1])
        answers = [next(lines)]
        while not answers[-1].endswith(DEEDS[-1 - kill % len(DEEDS)].__name__):
            answers.append(next(lines))
        killer = threading.Timer(chance.uniform(0, 0.06), os.kill, (pid, signal.SIGKILL))
        killer.start()
        answers += lines
        killer.join()
        assert all(line.startswith("done ") for line in answers), answers
        told = stored(file)
        for _done, mark, what in map(str.split, answers):
            acknowledged[what] += 1
            assert what in silent or mark in told, f"{what}: acknowledged and gone"
    assert set(acknowledged) == {deed.__name__ for deed in DEEDS}, (
        "each deed must have been done, or this proves nothing"
    )
