"""A backup taken back: the old or the new, with the place's own plan and history, whatever others do meanwhile."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_desktop.access import passwords
from crm_desktop.app import restoring as road
from crm_desktop.app.figures import SEAMS
from crm_desktop.app.opening import AlreadyThere
from crm_desktop.app.watch import Elsewhere, Watch
from crm_desktop.backup import history
from crm_desktop.backup.format.refusals import Damaged, NotABackup, TooNewBackup
from crm_desktop.backup.restore import placing, restoring
from crm_desktop.backup.restore.placing import RESTORED, Terms, apply_to_file
from crm_desktop.backup.restore.restoring import Prepared
from crm_desktop.db import schema
from crm_desktop.db.engine import APPLICATION_ID
from crm_desktop.db.epoch import DataReplaced
from crm_desktop.shared import published
from crm_desktop.shared.errors import Cancelled, Invalid, NotAllowed, Unavailable
from crm_desktop.shared.progress import Quiet
from tests.app.older import older_company
from tests.backup.archives import snapshot_of, written
from tests.backup.places import demo_file
from tests.backup.restored import OWNER, PASSWORD, ask, back_up, company_in, enter, name_of, rename
from tests.forking import Forker

TERMS = Terms(RESTORED, {"file": "x.zip"}, datetime(2026, 11, 22, 12, tzinfo=UTC))


@pytest.fixture(scope="module")
def demo(template_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_file(template_file, tmp_path_factory.mktemp("demo") / "demo.crm", contacts=20)


@pytest.fixture
def company(demo: Path, tmp_path: Path) -> Path:
    return company_in(tmp_path, demo)


@pytest.fixture
def backup(company: Path) -> Path:
    """A backup; afterwards contact 3 is called Later."""
    session = enter(company)
    made = back_up(session)
    rename(session, 3, "Later")
    session.database.close()
    return made


@pytest.fixture
def prepared(backup: Path) -> Iterator[Prepared]:
    made = restoring.prepare(backup, None, SEAMS, Quiet())
    yield made
    made.close()


def apply(prepared: Prepared, path: Path, **how: object) -> placing.Placed:
    return apply_to_file(prepared, path, SEAMS, TERMS, progress=Quiet(), **how)  # type: ignore[arg-type]


def damage(path: Path) -> None:
    """Break pages in the middle of a closed file."""
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(random.Random(1).randbytes(4096 * 20))


def test_a_restore_keeps_the_plan_and_the_history_and_sends_everybody_to_the_login(company: Path, backup: Path) -> None:
    session, window = enter(company), enter(company)
    watch = Watch(window)
    watch.look()
    with road.prepare(backup, "", Quiet()) as prepared:
        told = road.compare(prepared, session)
        assert (told.same_company, told.diverged, told.lost_count) == (True, False, 1)
        assert told.lost[0].title == "Contact Later"
        done = road.restore(prepared, str(company), session=session, password=PASSWORD, progress=Quiet())
    assert done.safety is not None
    assert done.safety.is_file()
    assert name_of(company) != "Later"
    runs = ask(company, "SELECT file_name, status FROM backup_run ORDER BY sequence")
    assert runs == [(backup.name, "verified"), (done.safety.name, "verified")]
    assert ask(company, "SELECT sequence FROM backup_plan") == [(2,)]
    assert ask(company, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert ask(company, "PRAGMA integrity_check") == [("ok",)]
    with pytest.raises(DataReplaced), window.database.begin(window.actor):
        pass
    with pytest.raises(Elsewhere):
        watch.look()
    session.database.close()
    window.database.close()

    # The safety copy is the way back, and nobody takes it for a copy of what is there now.
    session = enter(company)
    with session.database.read(session.actor) as work:
        good = history.newest_verified(work)
    assert good is not None
    assert history.changed_since(session.database, good)
    with road.prepare(done.safety, "", Quiet()) as prepared:
        assert not road.compare(prepared, session).diverged
        road.restore(prepared, str(company), session=session, password=PASSWORD, progress=Quiet())
    assert name_of(company) == "Later"
    assert ask(company, "SELECT epoch FROM company") == [(5,)]
    numbers = ask(company, "SELECT id, action FROM journal WHERE entity = 'backup' ORDER BY id")
    assert [action for _id, action in numbers] == ["restore"]
    assert ask(company, "SELECT count(*) FROM backup_run") == [(3,)]
    session.database.close()


def test_a_company_that_is_not_whole_comes_back_as_it_was(company: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(company, isolation_level=None)) as file:
        file.execute("UPDATE contact SET merged_into_id = 99999 WHERE id = 3")
    session = enter(company)
    made = back_up(session)
    rename(session, 4, "Later")
    with road.prepare(made, "", Quiet()) as prepared:
        assert prepared.manifest.broken_references == 1
        road.restore(prepared, str(company), session=session, password=PASSWORD, progress=Quiet())
    session.database.close()
    assert name_of(company, 4) != "Later"
    assert ask(company, "SELECT count(*) FROM pragma_foreign_key_check") == [(1,)]


def test_only_who_may_and_knows_their_password_restores(company: Path, backup: Path) -> None:
    from crm_desktop.access.login import WrongLogin

    for login, typed, refused in (("chen", PASSWORD, NotAllowed), (OWNER, "wrong", WrongLogin)):
        session = enter(company, login)
        with road.prepare(backup, "", Quiet()) as prepared, pytest.raises(refused):
            road.restore(prepared, str(company), session=session, password=typed, progress=Quiet())
        session.database.close()
    with road.prepare(backup, "", Quiet()) as prepared, pytest.raises(AlreadyThere):
        road.restore(prepared, str(company), progress=Quiet())
    assert name_of(company) == "Later"


def test_a_folder_and_a_backup_are_never_set_aside(backup: Path, tmp_path: Path) -> None:
    folder = tmp_path / "Documents"
    folder.mkdir()
    (folder / "letter.txt").write_text("keep me")
    other = Path(shutil.copy(backup, folder / backup.name))
    for place in (folder, other):
        with road.prepare(backup, "", Quiet()) as prepared, pytest.raises(Unavailable, match="nothing was changed"):
            road.restore(prepared, str(place), progress=Quiet())
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_dir() and "backups" not in one.name) == ["Documents"]
    assert (folder / "letter.txt").read_text() == "keep me"
    assert other.read_bytes() == backup.read_bytes()


def test_a_new_password_is_for_somebody_of_a_server_and_a_good_one(
    prepared: Prepared, backup: Path, tmp_path: Path
) -> None:
    def refused(made: Prepared, owner: str, password: str) -> str:
        with pytest.raises((Unavailable, Invalid)) as said:
            road.restore(made, str(tmp_path / "new.crm"), owner=owner, owner_password=password, progress=Quiet())
        assert not (tmp_path / "new.crm").exists()
        return str(said.value)

    assert "comes with" in refused(prepared, OWNER, "harbour lantern 88")
    with closing(sqlite3.connect(prepared.data)) as data:
        data.execute("UPDATE app_user SET database_role = 'crm_' || login, password = ''")
        data.commit()
    assert "Nobody in" in refused(prepared, "nobody.here", "harbour lantern 88")
    refused(prepared, OWNER, "x")
    road.restore(
        prepared, str(tmp_path / "new.crm"), owner=OWNER, owner_password="harbour lantern 88", progress=Quiet()
    )
    enter(tmp_path / "new.crm", OWNER, "harbour lantern 88").database.close()


def test_who_reads_goes_on_with_the_old_data_until_they_ask_again(company: Path, prepared: Prepared) -> None:
    with closing(sqlite3.connect(company, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        seen = "SELECT name FROM contact WHERE id = 3"
        assert reader.execute(seen).fetchone() == ("Later",)
        apply(prepared, company)
        assert reader.execute(seen).fetchone() == ("Later",)
        reader.execute("COMMIT")
        assert reader.execute(seen).fetchone() != ("Later",)


def test_a_restore_waits_for_who_saves_and_gives_up_in_words(company: Path, prepared: Prepared) -> None:
    with closing(sqlite3.connect(company, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match=r"works in .*firm\.crm"):
            apply(prepared, company, deadline_s=0.3)
        assert writer.execute("SELECT name FROM contact WHERE id = 3").fetchone() == ("Later",)
        timer = threading.Timer(0.5, lambda: writer.execute("COMMIT"))
        timer.start()
        apply(prepared, company, deadline_s=20)
        timer.join()
    assert name_of(company) != "Later"
    assert len(ask(company, "SELECT id FROM journal WHERE action = 'restore'")) == 1


def test_a_cancelled_restore_changes_nothing(company: Path, prepared: Prepared) -> None:
    class Stops:
        def step(self, done: int, total: int | None = None) -> None:
            raise Cancelled

    before = ask(company, "SELECT * FROM journal ORDER BY id")
    with pytest.raises(Cancelled):
        apply_to_file(prepared, company, SEAMS, TERMS, progress=Stops())
    assert ask(company, "SELECT * FROM journal ORDER BY id") == before
    with pytest.raises(Cancelled):
        apply_to_file(prepared, company.with_name("new.crm"), SEAMS, TERMS, progress=Stops())
    assert not list(company.parent.glob("new.crm*"))


def test_a_broken_file_keeps_its_name_when_the_new_one_cannot_have_it(
    company: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(company)
    lost = company.read_bytes()

    def full(_part: Path, _path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(published, "_rename", full)
    with road.prepare(backup, "", Quiet()) as prepared, pytest.raises(Unavailable, match="No space"):
        road.restore(prepared, str(company), progress=Quiet())
    assert company.read_bytes() == lost
    assert company.stat().st_nlink == 1
    assert not [*company.parent.glob("*.damaged-*"), *company.parent.glob("*.part")]


@pytest.mark.skipif(sys.platform == "win32", reason="links take a right there")
def test_a_link_to_a_broken_company_stays_a_link(company: Path, backup: Path) -> None:
    damage(company)
    link = company.with_name("link.crm")
    link.symlink_to(company)
    with road.prepare(backup, "", Quiet()) as prepared:
        done = road.restore(prepared, str(link), progress=Quiet())
    assert link.is_symlink()
    assert Path(done.aside).stem.startswith("firm.damaged-")
    assert name_of(link) != "Later"


def test_where_nothing_can_be_written_nothing_is_restored(company: Path, backup: Path) -> None:
    session = enter(company)
    session.database.read_only = True
    with road.prepare(backup, "", Quiet()) as prepared, pytest.raises(Unavailable, match="only be read"):
        road.restore(prepared, str(company), session=session, password=PASSWORD, progress=Quiet())
    session.database.close()


def test_from_nothing_but_the_file(backup: Path, tmp_path: Path) -> None:
    place = tmp_path / "other computer" / "firm.crm"
    with road.prepare(backup, "", Quiet()) as prepared:
        assert [row.now for row in road.compare(prepared, None).rows if row.now] == []
        done = road.restore(prepared, str(place), progress=Quiet())
        folder = prepared.data.parent
    assert not folder.exists(), "the private copy in clear is gone"
    assert (done.safety, done.passwords, done.aside) == (None, (), "")
    assert ask(place, "SELECT status, file_name FROM backup_run") == [("verified", backup.name)]
    session = enter(place)
    with session.database.begin(session.actor):
        pass
    session.database.close()


@pytest.mark.parametrize("kind", ["damaged", "foreign"])
def test_what_cannot_be_read_is_set_aside_and_never_deleted(company: Path, backup: Path, kind: str) -> None:
    if kind == "damaged":
        damage(company)
    else:
        company.write_bytes(b"%PDF-1.7 an invoice")
    lost = company.read_bytes()
    log = company.with_name(company.name + "-journal")
    log.write_bytes(b"of the old file")
    with road.prepare(backup, "", Quiet()) as prepared:
        done = road.restore(prepared, str(company), progress=Quiet())
    aside = Path(done.aside)
    assert ".damaged-" in aside.name
    assert aside.read_bytes() == lost
    assert not log.exists(), "SQLite would play the old log into the new file"
    assert aside.with_name(aside.name + "-journal").read_bytes() == b"of the old file"
    assert company.stat().st_nlink == 1 or sys.platform == "win32"
    session = enter(company)
    session.database.close()


@pytest.mark.parametrize("noticed", [False, True])
def test_an_open_company_whose_file_breaks_is_set_aside_since_no_backup_can_be_made(
    company: Path, backup: Path, noticed: bool
) -> None:
    session = enter(company)
    with closing(sqlite3.connect(company)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'product'").fetchone()[0]
    # The same inode, as a failing disk does it.
    with company.open("r+b") as pages:
        pages.seek((page - 1) * 4096)
        pages.write(b"\xff" * 4096)
    if noticed:
        session.database.note_damage()
    with road.prepare(backup, "", Quiet()) as prepared:
        done = road.restore(prepared, str(company), session=session, password=PASSWORD, progress=Quiet())
    session.database.close()
    assert done.safety is None
    assert Path(done.aside).is_file()
    assert ask(company, "PRAGMA integrity_check") == [("ok",)]


def test_an_older_backup_is_brought_up_to_date_in_the_copy(tmp_path: Path) -> None:
    old = older_company(tmp_path / "old.crm")
    (tmp_path / "s").mkdir()
    backup = tmp_path / "crm-backup-20261122-123000.zip"
    written(snapshot_of(old, tmp_path / "s"), backup)
    before = backup.read_bytes()
    with restoring.prepare(backup, None, SEAMS, Quiet()) as prepared:
        assert prepared.upgraded
        assert ask(prepared.data, "PRAGMA user_version") == [(schema.SCHEMA,)]
        apply(prepared, tmp_path / "new.crm")
    assert backup.read_bytes() == before
    assert ask(tmp_path / "new.crm", "SELECT name, epoch FROM company") == [("Harbour", 2)]


def test_what_is_no_good_backup_is_refused_before_anything_is_touched(
    company: Path, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bent = tmp_path / "crm-backup-20261122-123001.zip"
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    bent.write_bytes(content)
    with pytest.raises(Damaged):
        road.prepare(bent, "", Quiet())
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF")
    with pytest.raises(NotABackup):
        road.prepare(letter, "", Quiet())
    with pytest.raises(Unavailable, match="gone"):
        road.prepare(tmp_path / "gone" / "x.zip", "", Quiet())
    from crm_desktop.backup.format import archive

    monkeypatch.setattr(archive, "SCHEMA", schema.SCHEMA - 1)
    with pytest.raises(TooNewBackup):
        road.prepare(backup, "", Quiet())
    assert name_of(company) == "Later"


def test_people_of_a_server_get_a_password_for_one_login_once(prepared: Prepared, tmp_path: Path) -> None:
    with closing(sqlite3.connect(prepared.data)) as data:
        data.execute("UPDATE app_user SET database_role = 'crm_u_' || login_key, password = ''")
        data.execute("UPDATE app_user SET active = 0 WHERE login = 'manager'")
        data.commit()
    prepared.manifest = replace(prepared.manifest, engine="postgresql")
    place = tmp_path / "from server.crm"
    chosen = replace(TERMS, known={OWNER: "long enough 9"})
    with pytest.raises(Cancelled):
        apply_to_file(prepared, place, SEAMS, chosen, progress=_Stops())
    done = apply_to_file(prepared, place, SEAMS, chosen, progress=Quiet())
    one_time = {login: word for login, _name, word in done.passwords}
    assert "chen" in one_time
    assert not one_time.keys() & {OWNER, "manager"}
    assert len(set(one_time.values())) == len(one_time)
    with_chen = enter(place, "chen", one_time["chen"])
    assert with_chen.must_change_password
    with_chen.database.close()
    boss = enter(place, OWNER, "long enough 9")
    assert not boss.must_change_password
    boss.database.close()
    assert ask(place, "SELECT count(*) FROM contact_search")[0][0] == ask(place, "SELECT count(*) FROM contact")[0][0]
    assert not passwords.verify(ask(place, "SELECT password FROM app_user WHERE login = 'manager'")[0][0], "demo")


class _Stops:
    def step(self, done: int, total: int | None = None) -> None:
        raise Cancelled


RESTORE = """
from datetime import UTC, datetime
from pathlib import Path
from crm_desktop.app.figures import SEAMS
from crm_desktop.backup.restore import restoring
from crm_desktop.backup.restore.placing import Terms, apply_to_file
from crm_desktop.shared.progress import Quiet

def work(backup, place):
    prepared = restoring.prepare(Path(backup), None, SEAMS, Quiet())
    print("go", flush=True)
    sys.stdin.readline()
    apply_to_file(prepared, Path(place), SEAMS, Terms("restore", {}, datetime.now(UTC)), progress=Quiet())
    print("done", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("kind", ["open", "new", "damaged"])
def test_whoever_is_killed_leaves_the_old_or_the_new(company: Path, backup: Path, tmp_path: Path, kind: str) -> None:
    with closing(sqlite3.connect(company)) as file:
        file.execute("CREATE TABLE ballast (x)")
        file.executemany("INSERT INTO ballast VALUES (?)", [(os.urandom(60_000),) for _ in range(100)])
        file.commit()
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if kind == "damaged":
        damage(company)
    chance, seen, took = random.Random(6), set(), 0.05
    with Forker(RESTORE) as program:
        for turn in range(6):
            folder = tmp_path / f"{turn}"
            folder.mkdir()
            place = folder / "firm.crm"
            if kind != "new":
                shutil.copy(company, place)
            program.begin(str(backup), str(place))
            assert program.hear() == "go"
            begun = time.monotonic()
            program.say("")
            if turn == 0:
                assert program.hear() == "done"
                took = time.monotonic() - begun
            else:
                time.sleep(chance.uniform(0, took * 1.1))
            program.kill()
            assert program.ended() == -signal.SIGKILL
            seen.add(_what_is_there(place, kind, company))
    assert "new" in seen


def _what_is_there(place: Path, kind: str, old: Path) -> str:
    if kind == "new":
        if not place.exists():
            return "old"
    elif kind == "damaged":
        kept = [one for one in place.parent.glob("firm*.crm") if one.read_bytes() == old.read_bytes()]
        assert kept, "the damaged file is still somewhere"
        if place.exists() and place.read_bytes() == old.read_bytes():
            return "old"
    assert ask(place, "PRAGMA integrity_check") == [("ok",)]
    tables = ask(place, "SELECT count(*) FROM sqlite_master WHERE name = 'ballast'")[0][0]
    restored = ask(place, "SELECT count(*) FROM journal WHERE action = 'restore'")[0][0]
    assert (tables, restored, name_of(place) == "Later") in ((1, 0, True), (0, 1, False))
    return "new" if restored else "old"
