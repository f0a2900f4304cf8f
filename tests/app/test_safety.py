"""Nothing risky happens without a proved backup of the data as they were."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from crm_desktop.access import company
from crm_desktop.app import cli, founding, upgrading
from crm_desktop.app import session as sessions
from crm_desktop.app.figures import SEAMS
from crm_desktop.app.opening import open_file
from crm_desktop.app.safety import NoSafety, before_import
from crm_desktop.app.session import Session
from crm_desktop.app.upgrading import NoBackupBefore, UpgradeFailed
from crm_desktop.backup import folder, history, plans
from crm_desktop.backup.format.archive import read_manifest, unpack
from crm_desktop.backup.format.contents import expected_objects
from crm_desktop.backup.format.verify import verify_archive
from crm_desktop.backup.kinds import Kind
from crm_desktop.db import schema
from crm_desktop.db.engine import postgres_url as server_url
from crm_desktop.db.schema import SCHEMA
from crm_desktop.db.server import administrator_engine
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.progress import Quiet
from tests.app.older import COMPANY, older_company

LogIn = Callable[[str], Session]


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "documents"))


def beside(path: Path) -> Path:
    return path.with_name(f"{path.stem} backups")


def backups(path: Path) -> list[str]:
    found = beside(path)
    return sorted(one.name for one in found.glob("crm-backup-*")) if found.is_dir() else []


# Before an import


def test_an_import_has_a_proved_backup_and_an_unchanged_company_needs_no_second(log_in: LogIn, demo_file: Path) -> None:
    session = log_in("owner")
    first = before_import(session)
    assert not first.reused
    assert verify_archive(first.path, seams=SEAMS, progress=Quiet()).manifest.kind is Kind.BEFORE_IMPORT
    assert before_import(log_in("manager")) == type(first)(first.path, reused=True)
    with session.database.begin(session.actor) as work:
        profile = company.company(work)
        company.update_company(work, profile.version, {"name": "Changed"})
    assert not before_import(session).reused
    assert len(backups(demo_file)) == 2


def test_a_backup_that_is_gone_is_made_again(log_in: LogIn) -> None:
    session = log_in("owner")
    first = before_import(session)
    first.path.unlink()
    assert before_import(session).path.exists()


def test_a_plans_folder_that_is_away_does_not_hold_up_an_import(log_in: LogIn, demo_file: Path, tmp_path: Path) -> None:
    session = log_in("owner")
    with session.database.begin(session.actor) as work:
        plans.save_plan(work, 0, {"folder": str(tmp_path / "drive")})
    assert before_import(session).path.parent == tmp_path / "drive"
    (tmp_path / "drive").rename(tmp_path / "unplugged")
    assert before_import(session).path.parent == beside(demo_file)


def csv(tmp_path: Path) -> Path:
    path = tmp_path / "new.csv"
    path.write_text("Company name,City\nAtlas GmbH,Kiel\n", "utf-8")
    return path


def run(*words: object) -> int:
    return cli.run([str(word) for word in words])


@pytest.fixture
def as_owner(demo_file: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("CRM_PASSWORD", "demo")
    return ["--database", str(demo_file), "--user", "owner"]


def test_the_command_line_backs_up_before_it_imports(as_owner: list[str], demo_file: Path, tmp_path: Path) -> None:
    assert run("import", "contacts", csv(tmp_path), "--dry-run", *as_owner) == 0
    assert backups(demo_file) == []
    assert run("import", "contacts", csv(tmp_path), *as_owner) == 0
    [backup] = backups(demo_file)
    with closing(sqlite3.connect(unpack(beside(demo_file) / backup, tmp_path, progress=Quiet()))) as connection:
        assert connection.execute("SELECT count(*) FROM contact WHERE name = 'Atlas GmbH'").fetchone() == (0,)


def test_without_a_backup_nothing_is_imported_unless_that_is_said(
    as_owner: list[str], demo_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beside(demo_file).write_text("a file in the way")
    contacts = "SELECT count(*) FROM contact WHERE name = 'Atlas GmbH'"
    assert run("import", "contacts", csv(tmp_path), *as_owner) == 1
    told = capsys.readouterr().err
    assert str(beside(demo_file)) in told
    assert "--no-backup" in told
    with closing(sqlite3.connect(demo_file)) as connection:
        assert connection.execute(contacts).fetchone() == (0,)
    assert run("import", "contacts", csv(tmp_path), "--no-backup", *as_owner) == 0
    assert "No backup was made" in capsys.readouterr().err
    with closing(sqlite3.connect(demo_file)) as connection:
        assert connection.execute(contacts).fetchone() == (1,)


@pytest.mark.postgres
def test_on_a_server_a_rep_is_told_that_somebody_else_makes_backups(postgres_url: str) -> None:
    from crm_desktop.access import people

    sessions.found_company(
        postgres_url, name="Harbour: a/b", currency="CNY", timezone="Asia/Shanghai", language="en",
        owner_login="boss", owner_name="Boss", password="correct horse 9",
    )  # fmt: skip
    url = make_url(postgres_url)
    bare = f"postgresql://{url.host}:{url.port}/{url.database}"
    boss = sessions.log_in(bare, "boss", "correct horse 9")
    with boss.database.begin(boss.actor) as work:
        people.create_user(
            work, login="rep", name="rep", roles=["sales_rep"], password="correct horse 9", server=boss.server
        )
    rep = sessions.log_in(bare, "rep", "correct horse 9")
    with pytest.raises(NoSafety, match="does not allow backups"):
        before_import(rep)
    made = before_import(boss)
    assert made.path.parent.parts[-2:] == ("CRM Desktop Backups", "Harbour  a b")
    assert before_import(boss).reused
    with rep.database.read(rep.actor) as work:
        assert history.newest_verified(work) is not None
    with boss.database.begin(boss.actor) as work:
        company.update_company(work, company.company(work).version, {"name": "Changed"})
    assert not before_import(boss).reused
    for one in (boss, rep):
        one.database.close()


# Before an upgrade


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A company with the number before ours."""
    return older_company(tmp_path / "old.crm")


def test_an_older_file_is_upgraded_after_a_backup(older: Path) -> None:
    open_file(older).close()
    [backup] = backups(older)
    assert backup.endswith("-before-upgrade.zip")
    manifest = verify_archive(beside(older) / backup, seams=SEAMS, progress=Quiet()).manifest
    assert (manifest.schema, manifest.company) == (SCHEMA - 1, "Harbour")
    open_file(older).close()
    assert len(backups(older)) == 1


def test_a_failing_upgrade_fails_on_the_copy_and_leaves_the_file_byte_identical(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(older)
    touched: list[str] = []

    def breaks(engine: object, to: int = SCHEMA) -> None:
        touched.append(str(engine.url.database))  # type: ignore[attr-defined]
        raise sqlite3.OperationalError("no such column: colour")

    monkeypatch.setattr(schema, "upgrade", breaks)
    with pytest.raises(UpgradeFailed, match="no such column: colour") as refused:
        open_file(older)
    assert str(older) in str(refused.value)
    assert fingerprint(older) == before
    assert touched
    assert str(older) not in touched
    [backup] = backups(older)
    assert backup in str(refused.value)


def test_without_room_for_a_rehearsal_a_failing_upgrade_leaves_the_file_as_it_was(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(older)
    expected_objects(SCHEMA - 1)  # kept from here on: the backup is compared with them by the real revisions
    monkeypatch.setattr(upgrading, "_REHEARSAL_FACTOR", 10**12)
    real = schema.upgrade_within

    def breaks(connection: object, to: int = SCHEMA) -> None:
        connection.execute(text("CREATE TABLE half (id INTEGER)"))  # type: ignore[attr-defined]
        real(connection, to)  # type: ignore[arg-type]
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(schema, "upgrade_within", breaks)
    with pytest.raises(UpgradeFailed, match="disk I/O error"):
        open_file(older)
    assert fingerprint(older) == before


def test_no_backup_no_upgrade(older: Path) -> None:
    before = fingerprint(older)
    beside(older).write_text("a file in the way")
    with pytest.raises(NoBackupBefore, match="is a file, not a folder"):
        open_file(older)
    assert fingerprint(older) == before


def test_the_backup_before_goes_into_the_plans_folder(log_in: LogIn, demo_file: Path, tmp_path: Path) -> None:
    session = log_in("owner")
    with session.database.begin(session.actor) as work:
        plans.save_plan(work, 0, {"folder": str(tmp_path / "drive")})
    session.database.close()
    upgrading.upgrade_file(demo_file)
    assert [one.kind for one in folder.listing(tmp_path / "drive")] == [Kind.BEFORE_UPGRADE]
    assert backups(demo_file) == []


@pytest.mark.postgres
def test_a_server_is_backed_up_before_it_is_brought_up_to_date(postgres_url: str, tmp_path: Path) -> None:
    sessions.found_company(
        postgres_url, name="Harbour", currency="CNY", timezone="Asia/Shanghai", language="en",
        owner_login="boss", owner_name="Boss", password="correct horse 9",
    )  # fmt: skip
    assert founding.upgrade_server(postgres_url) is None  # nothing to do, so nothing to fear
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        owner = connection.execute("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'crm'").fetchone()
        assert owner is not None
        connection.execute("DROP SCHEMA crm CASCADE")
        connection.execute(f"CREATE SCHEMA crm AUTHORIZATION {owner[0]}")
    engine = administrator_engine(server_url(postgres_url))
    schema.upgrade(engine, SCHEMA - 1)
    with engine.begin() as connection:
        connection.execute(text(COMPANY.replace("25000000, 0,", "25000000, false,")))
    engine.dispose()
    backup = founding.upgrade_server(postgres_url)
    assert backup is not None
    assert backup.parent.name == "Harbour"
    manifest = read_manifest(backup)
    assert (manifest.schema, manifest.engine, manifest.company) == (SCHEMA - 1, "postgresql", "Harbour")
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT version_num FROM crm.alembic_version").fetchone() == (f"{SCHEMA:04d}",)
    assert SYSTEM.user_id is None
