"""What a restore would take back is told whole: every record, who, how much work, and histories that parted."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.app import restoring as road
from crm_desktop.app.figures import SEAMS
from crm_desktop.backup.engines.source import Source
from crm_desktop.backup.restore import lost, restoring
from crm_desktop.shared.progress import Quiet
from tests.backup.places import demo_file
from tests.backup.restored import PASSWORD, ask, back_up, company_in, enter, rename


@pytest.fixture(scope="module")
def demo(template_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_file(template_file, tmp_path_factory.mktemp("demo") / "demo.crm", contacts=12)


@pytest.fixture
def company(demo: Path, tmp_path: Path) -> Path:
    return company_in(tmp_path, demo)


def test_everything_since_is_named_once_and_the_newest_first(company: Path) -> None:
    boss, chen = enter(company), enter(company, "chen")
    backup = back_up(boss)
    rename(boss, 3, "First")
    rename(boss, 3, "Second")
    rename(boss, 4, "Fourth")
    with chen.database.begin(chen.actor) as work:
        work.note("invoice", 1, "post")
        work.note("receipt", 1, "create")
    with restoring.prepare(backup, None, SEAMS, Quiet()) as prepared:
        since = lost.since(Source.of(boss.database), prepared.data)
        assert [(one.entity, one.entity_id) for one in since.records] == [
            ("receipt", 1), ("invoice", 1), ("contact", 4), ("contact", 3),
        ]  # fmt: skip
        assert (since.count, since.diverged) == (4, False)
        assert since.hours in (1, 2)
        assert since.people == (boss.actor.name, chen.actor.name)
        told = road.lost(prepared, boss)
    number, total = ask(company, "SELECT number, total FROM invoice WHERE id = 1")[0]
    assert told[1].title == f"Invoice {number}"
    customer = ask(company, "SELECT c.name FROM invoice i JOIN contact c ON c.id = i.contact_id WHERE i.id = 1")[0][0]
    assert told[1].detail.startswith(f"{customer} · ")
    assert f"{total // 100:,}" in told[1].detail
    assert [one.title for one in told[2:]] == ["Contact Fourth", "Contact Second"]
    for session in (boss, chen):
        session.database.close()


def test_logins_and_backups_are_no_work(company: Path) -> None:
    session = enter(company)
    backup = back_up(session)
    enter(company, "chen").database.close()
    back_up(session)
    with restoring.prepare(backup, None, SEAMS, Quiet()) as prepared:
        since = lost.since(Source.of(session.database), prepared.data)
    assert (since.count, since.records, since.people) == (0, (), ())
    session.database.close()


def test_more_than_can_be_named_are_counted(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost, "MOST_NAMED", 3)
    session = enter(company)
    backup = back_up(session)
    for number in range(1, 8):
        rename(session, number, f"Number {number}")
    with restoring.prepare(backup, None, SEAMS, Quiet()) as prepared:
        since = lost.since(Source.of(session.database), prepared.data)
    assert since.count == 7
    assert [one.entity_id for one in since.records] == [7, 6, 5]
    session.database.close()


def test_histories_that_parted_are_told_and_both_sides_kept_apart(company: Path) -> None:
    """A restore of Monday, work, then Tuesday's backup: Tuesday has what the restore took back."""
    session = enter(company)
    monday = back_up(session)
    rename(session, 3, "Only on Tuesday")
    tuesday = back_up(session)
    with road.prepare(monday, "", Quiet()) as prepared:
        road.restore(prepared, str(company), session=session, password=PASSWORD, progress=Quiet())
    session.database.close()
    session = enter(company)
    rename(session, 5, "Only after the restore")
    with road.prepare(tuesday, "", Quiet()) as prepared:
        told = road.compare(prepared, session)
    assert told.diverged
    assert [one.title for one in told.lost] == ["Contact Only after the restore"]
    with road.prepare(monday, "", Quiet()) as prepared:
        told = road.compare(prepared, session)
    assert not told.diverged
    assert told.lost_count == 1
    session.database.close()


def test_the_backup_of_another_company_is_named(company: Path, tmp_path: Path, demo: Path) -> None:
    (tmp_path / "other").mkdir()
    other = company_in(tmp_path / "other", demo)
    ask(other, "SELECT 1")
    import sqlite3

    with sqlite3.connect(other) as file:
        file.execute("UPDATE company SET dataset_id = 'another', name = 'Another firm'")
    file.close()
    session = enter(other)
    backup = back_up(session)
    session.database.close()
    session = enter(company)
    with road.prepare(backup, "", Quiet()) as prepared:
        told = road.compare(prepared, session)
        assert not told.same_company
        assert prepared.manifest.company == "Another firm"
        assert told.lost == ()
        done = road.restore(prepared, str(company), session=session, password=PASSWORD, progress=Quiet())
    session.database.close()
    assert ask(company, "SELECT name, epoch FROM company") == [("Another firm", 3)]
    assert ask(company, "SELECT file_name FROM backup_run") == [(backup.name,)], "not the history of the other one"
    assert done.safety is not None
