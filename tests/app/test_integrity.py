"""The weekly look: once a week, whole files found whole, broken ones found broken, and nothing written into them."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from crm_desktop.app import integrity
from crm_desktop.backup import plans
from crm_desktop.db.failures import is_damage
from crm_desktop.shared.errors import Cancelled, Unavailable


class Stopped:
    def step(self, done, total=None):
        raise Cancelled


def plan_of(session):
    with session.database.read(session.actor) as work:
        return plans.plan(work)


def break_table(path):
    """Write over the first page of a table, as a disk does that forgot a sector."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = file.execute("PRAGMA page_size").fetchone()[0]
        root = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'contact'").fetchone()[0]
    with path.open("r+b") as raw:
        raw.seek((root - 1) * size)
        raw.write(b"\xff" * 64)


def test_a_whole_company_is_found_whole_and_it_is_written_down(log_in):
    session = log_in("owner")
    assert integrity.is_due(session)
    checked = integrity.check_if_due(session)
    assert checked is not None
    assert checked.findings == ()
    assert plan_of(session).checked_at == checked.at
    assert not integrity.is_due(session)
    assert integrity.check_if_due(session) is None


def test_a_check_of_last_week_or_of_the_future_is_made_again(log_in):
    session = log_in("owner")
    for days, due in ((-8, True), (-6, False), (30, True)):
        with session.database.begin(session.actor) as work:
            plans.note_check(work, session.clock.now() + timedelta(days=days), "")
        assert integrity.is_due(session) is due, days


def test_a_value_that_does_not_add_up_is_found_and_is_no_damage(log_in, demo_file):
    session = log_in("owner")
    with closing(sqlite3.connect(demo_file)) as file:
        file.execute("UPDATE contact SET sort_key = '' WHERE id = (SELECT min(id) FROM contact)")
        file.commit()
    checked = integrity.check_now(session)
    assert not checked.damaged
    assert "1 contact has a wrong key." in checked.findings
    assert "wrong key" in plan_of(session).check_findings
    assert not session.database.read_only


def test_a_broken_file_is_only_read_from_then_on_and_not_touched(log_in, demo_file):
    session = log_in("owner")
    session.database.engine.dispose()
    break_table(demo_file)
    before = demo_file.read_bytes()
    told = []
    session.database.on_damage.append(lambda: told.append(True))
    checked = integrity.check_now(session)
    assert checked.damaged
    assert checked.findings
    assert told == [True]
    assert demo_file.read_bytes() == before
    with (
        pytest.raises(Unavailable, match="reading only"),
        session.begin(operation_id="one", writes=True),
    ):
        pass


def test_work_that_meets_the_damage_tells_it(log_in, demo_file):
    session = log_in("owner")
    session.database.engine.dispose()
    break_table(demo_file)
    told = []
    session.database.on_damage.append(lambda: told.append(True))
    with pytest.raises(Unavailable) as caught, session.begin(operation_id="", writes=False) as work:
        work.session.connection().exec_driver_sql("SELECT * FROM contact").all()
    assert is_damage(caught.value)
    assert told == [True]
    assert session.database.read_only


def test_a_check_can_be_stopped(log_in):
    session = log_in("owner")
    with pytest.raises(Cancelled):
        integrity.check_now(session, Stopped())
    assert plan_of(session).checked_at is None
