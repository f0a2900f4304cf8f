"""A company moves from a file to a server and back: nothing is lost, the old place says where it went."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from crm_desktop.app import moving
from crm_desktop.app import restoring as road
from crm_desktop.app import session as sessions
from crm_desktop.app.opening import AlreadyThere
from crm_desktop.backup.engines import comparing
from crm_desktop.backup.engines.comparing import Difference
from crm_desktop.backup.engines.server_load import CompanyThere
from crm_desktop.contacts import lists
from crm_desktop.db.epoch import DataMoved
from crm_desktop.shared.errors import Cancelled, NotAllowed, Unavailable
from crm_desktop.shared.progress import Quiet
from tests.backup.places import add_hostile_rows, demo_file
from tests.backup.restored import OWNER, PASSWORD, ask, back_up, company_in, enter, rename

WORDS = "a long password 密码"


@pytest.fixture(scope="module")
def demo(template_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = demo_file(template_file, tmp_path_factory.mktemp("demo") / "demo.crm", contacts=12)
    add_hostile_rows(path)
    return path


@pytest.fixture
def company(demo: Path, tmp_path: Path) -> Path:
    return company_in(tmp_path, demo)


def administrator(url: str) -> dict[str, str]:
    parts = make_url(url)
    return {"administrator": parts.username or "", "administrator_password": parts.password or ""}


def public(url: str) -> str:
    parts = make_url(url)
    return f"postgresql://{parts.host}:{parts.port}/{parts.database}"


def move(session: sessions.Session, target: str, password: str = PASSWORD, **how: str) -> road.Restored:
    return moving.move(session, target, password=password, progress=Quiet(), **how)


def test_a_move_to_another_file_marks_the_old_one(company: Path, tmp_path: Path) -> None:
    session, new = enter(company), tmp_path / "new.crm"
    done = move(session, str(new))
    assert done.safety is not None
    assert all(row.then == row.now for row in done.rows)
    assert ask(company, "SELECT moved_to FROM company") == [(str(new),)]
    assert ask(company, "SELECT action FROM journal ORDER BY id DESC LIMIT 1") == [("move_away",)]
    with pytest.raises(DataMoved, match=r"new\.crm"), session.database.begin(session.actor):
        pass
    with pytest.raises(DataMoved):
        move(session, str(tmp_path / "again.crm"))
    session.database.close()
    assert ask(new, "SELECT moved_to FROM company") == [("",)]
    there = enter(new)
    rename(there, 3, "Goes on here")
    there.database.close()


def test_who_may_not_or_where_something_lies_moves_nothing(company: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.crm"
    taken.write_bytes(b"something")
    boss, chen = enter(company), enter(company, "chen")
    with pytest.raises(AlreadyThere):
        move(boss, str(taken))
    with pytest.raises(NotAllowed):
        move(chen, str(tmp_path / "new.crm"))
    assert taken.read_bytes() == b"something"
    for session in (boss, chen):
        with session.database.begin(session.actor):
            pass
        session.database.close()


def test_a_move_that_stops_leaves_the_old_place_valid(
    company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, new = enter(company), tmp_path / "new.crm"

    class Stops:
        def step(self, done: int, total: int | None = None) -> None:
            if new.with_name("new.crm.part").exists():
                raise Cancelled

    with pytest.raises(Cancelled):
        moving.move(session, str(new), password=PASSWORD, progress=Stops())
    monkeypatch.setattr(comparing, "compare", lambda *_: [Difference("invoice", 3, 2)])
    with pytest.raises(moving.MovedUnequal, match="invoice"):
        move(session, str(new))
    assert not list(tmp_path.glob("new.crm*"))
    assert ask(company, "SELECT moved_to FROM company") == [("",)]
    rename(session, 3, "Still here")
    session.database.close()


def test_nobody_saves_while_a_file_moves(company: Path, tmp_path: Path) -> None:
    session = enter(company)
    seen: list[str] = []

    class Tries:
        def step(self, done: int, total: int | None = None) -> None:
            if (tmp_path / "new.crm.part").exists() and not seen:
                with closing(sqlite3.connect(company, timeout=0)) as other:
                    try:
                        other.execute("UPDATE contact SET name = 'Lost' WHERE id = 3")
                    except sqlite3.OperationalError as error:
                        seen.append(str(error))

    moving.move(session, str(tmp_path / "new.crm"), password=PASSWORD, progress=Tries())
    session.database.close()
    assert seen == ["database is locked"]


@pytest.mark.postgres
def test_to_a_server_and_back_nothing_changes(company: Path, tmp_path: Path, postgres_url: str) -> None:
    session = enter(company)
    with session.database.begin(session.actor) as work:
        from crm_desktop.access import login

        login.change_password(work, PASSWORD, WORDS)
    done = move(session, public(postgres_url), WORDS, **administrator(postgres_url))
    assert done.address == public(postgres_url)
    one_time = {login: word for login, _name, word in done.passwords}
    assert OWNER not in one_time
    assert "chen" in one_time
    assert ask(company, "SELECT moved_to FROM company") == [(public(postgres_url),)]
    assert str(make_url(postgres_url).password) not in ask(company, "SELECT moved_to FROM company")[0][0]
    session.database.close()

    there = sessions.log_in(public(postgres_url), OWNER, WORDS)
    again = enter(_unmoved(company), OWNER, WORDS)
    with pytest.raises(CompanyThere):
        move(again, public(postgres_url), WORDS, **administrator(postgres_url))
    again.database.close()
    rename(there, 3, "Changed on the server")
    back = tmp_path / "back.crm"
    returned = move(there, str(back), WORDS)
    with pytest.raises(DataMoved), there.database.begin(there.actor):
        pass
    there.database.close()
    assert all(row.then == row.now for row in returned.rows)
    assert "chen" in {login for login, _name, _word in returned.passwords}
    home = enter(back, OWNER, WORDS)
    with home.database.read(home.actor) as work:
        assert [hit[0] for hit in lists.search(work, "Changed on the server")][:1] == [3]
    rename(home, 4, "And here")
    home.database.close()
    assert ask(back, "PRAGMA integrity_check") == [("ok",)]
    untouched = ("contact", "invoice", "receipt", "quote", "sales_order", "allocation", "attachment_content")
    for table in untouched:
        assert ask(back, f"SELECT count(*) FROM {table}") == ask(company, f"SELECT count(*) FROM {table}")


def _unmoved(company: Path) -> Path:
    other = company.with_name("other.crm")
    with closing(sqlite3.connect(company)) as old, closing(sqlite3.connect(other)) as new:
        old.backup(new)
        new.execute("UPDATE company SET moved_to = ''")
        new.commit()
    return other


@pytest.mark.postgres
def test_what_is_saved_during_a_move_from_a_server_moves_too(
    company: Path, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = enter(company)
    done = move(session, public(postgres_url), **administrator(postgres_url))
    session.database.close()
    there = sessions.log_in(public(postgres_url), OWNER, PASSWORD)
    word = {login: word for login, _name, word in done.passwords}["manager"]
    other = sessions.log_in(public(postgres_url), "manager", word)
    carry = moving._carry
    turns: list[int] = []

    def save_after(*args: object, **how: object) -> object:
        made = carry(*args, **how)  # type: ignore[arg-type]
        if not turns:
            rename(other, 3, "In the middle")
        turns.append(1)
        return made

    monkeypatch.setattr(moving, "_carry", save_after)
    move(there, str(tmp_path / "back.crm"))
    assert len(turns) == 2
    assert ask(tmp_path / "back.crm", "SELECT name FROM contact WHERE id = 3") == [("In the middle",)]
    for one in (there, other):
        one.database.close()


@pytest.mark.postgres
def test_a_restore_on_a_server_replaces_the_company_and_keeps_its_history(company: Path, postgres_url: str) -> None:
    session = enter(company)
    move(session, public(postgres_url), **administrator(postgres_url))
    session.database.close()
    there = sessions.log_in(public(postgres_url), OWNER, PASSWORD)
    backup = back_up(there)
    rename(there, 3, "Later")
    how = administrator(postgres_url)
    with road.prepare(backup, "", Quiet()) as prepared:
        told = road.compare(prepared, there)
        assert told.lost_count == 1
        with pytest.raises(Unavailable, match="administrator"):
            road.restore(prepared, public(postgres_url), session=there, password=PASSWORD, progress=Quiet())
        done = road.restore(
            prepared, public(postgres_url), session=there, password=PASSWORD, progress=Quiet(), **how
        )  # fmt: skip
    assert done.safety is not None
    assert done.passwords == (), "everybody keeps the password the server has"
    assert done.aside.startswith("crm_before_")
    there.database.close()
    there = sessions.log_in(public(postgres_url), OWNER, PASSWORD)
    with there.database.read(there.actor) as work:
        from sqlalchemy import text

        assert work.session.scalar(text("SELECT name FROM contact WHERE id = 3")) != "Later"
        assert work.session.scalars(text("SELECT status FROM backup_run ORDER BY id")).all() == ["verified"] * 3, (
            "move, backup, restore"
        )
        assert work.session.scalar(text("SELECT max(id) FROM journal WHERE action = 'restore'"))
    rename(there, 3, "Numbers go on")
    there.database.close()
