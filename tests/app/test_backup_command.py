"""Backups by the command line: exit codes, one object for machines, and no password anywhere it may be read."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from crm_desktop.app import cli
from crm_desktop.app.backup_job import make_here
from crm_desktop.app.command_line import ProgressLine
from crm_desktop.app.session import log_in, make_demo_company
from crm_desktop.backup import plans
from crm_desktop.backup.format.sealing import new_lock
from crm_desktop.backup.kinds import Kind
from crm_desktop.backup.making import Order
from crm_desktop.shared.i18n import use_language
from crm_desktop.shared.progress import Quiet
from tests.backup.restored import ask, rename

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "firm.crm"
    make_demo_company(str(path), contacts=12)
    return path


@pytest.fixture
def company(demo: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(demo, tmp_path / "firm.crm"))


@pytest.fixture
def crm(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command in this process; `environment` is set for it."""
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("CRM_PASSWORD", "demo")

    def run(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = cli.run([str(word) for word in words])
        said = capsys.readouterr()
        return subprocess.CompletedProcess([str(word) for word in words], code, said.out, said.err)

    yield run
    use_language("en")


def told(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute(sql)
        file.commit()


def make_plan(company: Path, folder: Path, **changes: object) -> None:
    folder.mkdir(exist_ok=True)
    session = log_in(str(company), "owner", "demo")
    with session.database.begin(session.actor) as work:
        version = plans.plan(work).version
        wanted = {"active": True, "at": "00:00", "days": "1234567", "folder": str(folder), **changes}
        plans.save_plan(work, version, wanted)
    session.database.close()


def test_a_backup_is_made_listed_and_verified(crm: Run, company: Path, tmp_path: Path) -> None:
    as_owner = ("--database", company, "--user", "owner", "--json")
    made = told(crm("backup", *as_owner))
    assert made["verified"]
    assert Path(made["file"]).parent == tmp_path / "firm backups"
    other = told(crm("backup", "--to", tmp_path / "drive", *as_owner))
    assert Path(other["file"]).parent == tmp_path / "drive"
    assert [one["file"] for one in told(crm("backup", "list", *as_owner))["backups"]] == [made["file"]]
    assert [one["file"] for one in told(crm("backup", "list", tmp_path / "drive", "--json"))["backups"]] == [
        other["file"]
    ]
    proved = told(crm("backup", "verify", made["file"], "--json"))
    assert (proved["file"], proved["verified"]) == (made["file"], True)
    content = bytearray(Path(made["file"]).read_bytes())
    content[len(content) // 3] ^= 4
    Path(made["file"]).write_bytes(content)
    refused = crm("backup", "verify", made["file"])
    assert refused.returncode == 1
    assert "is damaged" in refused.stderr
    assert crm("backup", "--database", company, "--user", "chen").returncode == 1
    assert crm("backup", "verify", tmp_path / "none.zip").returncode == 1
    gone = crm("backup", "list", tmp_path / "gone")
    assert gone.returncode == 1
    assert "There is no folder" in gone.stderr


def test_what_the_plan_says_is_due_runs_without_a_login_and_only_once(
    crm: Run, company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRM_PASSWORD")
    scheduled = ("backup", "--scheduled", "--database", company, "--json")
    assert told(crm(*scheduled)) == {"file": None, "verified": False, "due": False}
    make_plan(company, tmp_path / "drive")
    # What is due since midnight is made up for once the plan is older than that.
    change(company, "UPDATE backup_plan SET slot = '2020-01-01T00:00:00Z'")
    first = told(crm(*scheduled))
    assert first["due"]
    assert Path(first["file"]).is_file()
    assert told(crm(*scheduled))["due"] is False
    assert ask(company, "SELECT kind, status FROM backup_run") == [("scheduled", "verified")]


def test_a_scheduled_backup_that_fails_says_so(crm: Run, company: Path, tmp_path: Path) -> None:
    make_plan(company, tmp_path / "drive")
    change(company, "UPDATE backup_plan SET slot = '2020-01-01T00:00:00Z'")
    shutil.rmtree(tmp_path / "drive")
    failed = crm("backup", "--scheduled", "--database", company)
    assert failed.returncode == 1
    assert "drive" in failed.stderr


def test_a_restore_by_command(crm: Run, company: Path, tmp_path: Path) -> None:
    as_owner = ("--database", company, "--user", "owner", "--json")
    made = told(crm("backup", *as_owner))["file"]
    session = log_in(str(company), "owner", "demo")
    rename(session, 3, "Later")
    session.database.close()
    tried = told(crm("restore", made, "--dry-run", *as_owner))
    assert (tried["restored"], tried["lost"]) == (False, 1)
    assert ask(company, "SELECT name FROM contact WHERE id = 3") == [("Later",)]
    assert crm("restore", made, "--database", company).returncode == 2, "an existing company asks who it is"
    assert crm("restore", made, "--database", company, "--user", "chen").returncode == 1
    done = told(crm("restore", made, *as_owner))
    assert done["restored"]
    assert Path(done["safety"]).is_file()
    assert ask(company, "SELECT name FROM contact WHERE id = 3") != [("Later",)]
    fresh = tmp_path / "fresh.crm"
    assert told(crm("restore", made, "--database", fresh, "--json"))["passwords"] == []
    assert ask(fresh, "SELECT count(*) FROM contact") == [(12,)]
    assert crm("restore", made).returncode == 2, "never over the company that was opened last"


def test_the_data_of_another_company_is_not_replaced_by_mistake(crm: Run, company: Path, tmp_path: Path) -> None:
    made = told(crm("backup", "--database", company, "--user", "owner", "--json"))["file"]
    other = tmp_path / "other.crm"
    make_demo_company(str(other), contacts=5)
    change(other, "UPDATE company SET dataset_id = 'another'")
    refused = crm("restore", made, "--database", other, "--user", "owner")
    assert refused.returncode == 1
    assert "another company" in refused.stderr
    assert ask(other, "SELECT count(*) FROM contact") == [(5,)]
    told(crm("restore", made, "--database", other, "--user", "owner", "--other-company", "--json"))
    assert ask(other, "SELECT count(*) FROM contact") == [(12,)]


def test_a_locked_backup_takes_its_passphrase_from_the_environment(crm: Run, company: Path, tmp_path: Path) -> None:
    lock, recovery = new_lock("four words to remember")
    session = log_in(str(company), "owner", "demo")
    (tmp_path / "drive").mkdir()
    made = make_here(session, Order(Kind.MANUAL, tmp_path / "drive", None, lock.to_dict(), "x"), Quiet()).path
    session.database.close()
    asked = crm("backup", "verify", made)
    assert asked.returncode == 1
    assert "locked" in asked.stderr
    wrong = crm("backup", "verify", made, CRM_BACKUP_PASSPHRASE="not these")
    assert wrong.returncode == 1
    assert "not these" not in wrong.stderr + wrong.stdout
    assert told(crm("backup", "verify", made, "--json", CRM_BACKUP_PASSPHRASE="four words to remember"))["verified"]
    fresh = tmp_path / "fresh.crm"
    told(crm("restore", made, "--database", fresh, "--json", CRM_BACKUP_PASSPHRASE=recovery))
    assert ask(fresh, "SELECT count(*) FROM contact") == [(12,)]


def test_a_move_by_command_and_the_check_of_both_places(crm: Run, company: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.crm"
    moved = told(crm("move", "--from", company, "--to", new, "--user", "owner", "--json"))
    assert moved["database"] == str(new)
    assert moved["figures"]["Contacts"] == "12"
    checked = told(crm("check", "--database", new, "--json"))
    assert checked["ok"]
    assert checked["backup"]["tone"] in ("ok", "warn", "none")
    assert crm("move", "--from", company, "--to", tmp_path / "more.crm", "--user", "owner").returncode == 1
    assert told(crm("check", "--database", company, "--json"))["moved_to"] == str(new)
    scheduled = crm("backup", "--scheduled", "--database", company)
    assert scheduled.returncode == 1
    assert str(new) in scheduled.stderr


@pytest.mark.postgres
def test_a_server_is_moved_to_restored_and_checked(
    crm: Run, company: Path, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = make_url(postgres_url)
    public = f"postgresql://{parts.host}:{parts.port}/{parts.database}"
    monkeypatch.setenv("CRM_ADMINISTRATOR_PASSWORD", str(parts.password))
    as_administrator = ("--administrator", parts.username)
    moved = told(crm("move", "--from", company, "--to", public, "--user", "owner", *as_administrator, "--json"))
    assert {one["login"] for one in moved["passwords"]} >= {"chen"}
    assert str(parts.password) not in json.dumps(moved)
    as_owner = ("--database", public, "--user", "owner", "--json")
    checked = told(crm("check", *as_owner))
    assert checked["ok"]
    (of_chen,) = (one["password"] for one in moved["passwords"] if one["login"] == "chen")
    refused = crm("check", "--database", public, "--user", "chen", CRM_PASSWORD=of_chen)
    assert refused.returncode
    assert "sees everything" in refused.stderr, "not that numbers are missing"
    made = told(crm("backup", "--to", tmp_path / "drive", *as_owner, CRM_PASSWORD="demo"))["file"]
    assert told(crm("backup", "--scheduled", *as_owner))["due"] is False
    done = told(crm("restore", made, *as_owner, *as_administrator))
    assert done["aside"].startswith("crm_before_")
    fresh = tmp_path / "fresh.crm"
    words = ("--owner", "owner", "--json")
    back = told(crm("restore", made, "--database", fresh, *words, CRM_NEW_PASSWORD="long enough 9"))
    assert "owner" not in {one["login"] for one in back["passwords"]}
    log_in(str(fresh), "owner", "long enough 9").database.close()


def test_no_command_takes_a_password_as_an_argument() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "crm_desktop.app", "restore", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert "CRM_BACKUP_PASSPHRASE" in said
    assert "--password " not in said


def test_who_presses_ctrl_c_gets_a_sentence_and_nothing_half(
    crm: Run, company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = company.with_name("firm backups")

    def press(self: object, done: int, total: int | None = None) -> None:
        if list(folder.glob("*.part")):
            raise KeyboardInterrupt

    monkeypatch.setattr(ProgressLine, "step", press)
    stopped = crm("backup", "--database", company, "--user", "owner")
    assert (stopped.returncode, stopped.stdout) == (1, "")
    assert stopped.stderr.startswith("crm-desktop: Stopped.")
    assert not [one for one in folder.iterdir() if one.suffix != ".json"]
