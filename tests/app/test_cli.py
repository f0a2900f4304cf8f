"""The command line as a script calls it: another process, exit codes, one sentence on standard error."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm_desktop.app import cli
from crm_desktop.shared.i18n import use_language

Run = Callable[..., subprocess.CompletedProcess[str]]
PASSWORD = "correct horse 9"


def crm(*words: str, database: Path, password: str = PASSWORD, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "crm_desktop.app", *words, "--database", str(database)],
        env={**os.environ, "CRM_PASSWORD": password, "CRM_NEW_PASSWORD": PASSWORD, "LANG": "C.UTF-8"},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def crm_here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """The same without another process, for what `crm` does elsewhere: a process takes seconds to load it all."""
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("CRM_NEW_PASSWORD", PASSWORD)

    def run(*words: str, database: Path, password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
        monkeypatch.setenv("CRM_PASSWORD", password)
        capsys.readouterr()
        code = cli.run([*words, "--database", str(database)])
        said = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, said.out, said.err)

    yield run
    use_language("en")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("firm") / "firm.crm"
    made = crm("init", "--company", "港林贸易", "--owner", "boss", "--country", "CN", "--json", database=path)
    assert made.returncode == 0, made.stderr
    assert len(json.loads(made.stdout)["recovery_code"]) > 20
    return path


@pytest.fixture
def company(founded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(founded, tmp_path / "firm.crm"))


def test_people_and_teams_are_managed(company: Path, crm_here: Run) -> None:
    assert crm_here("team", "add", "East", "--user", "boss", database=company).returncode == 0
    added = crm(
        "user",
        "add",
        "anna",
        "--name",
        "Anna",
        "--role",
        "sales_rep",
        "--team",
        "East",
        "--user",
        "boss",
        database=company,
    )
    assert added.returncode == 0, added.stderr
    listed = json.loads(crm_here("user", "list", "--user", "boss", "--json", database=company).stdout)
    assert {user["login"]: user["roles"] for user in listed["users"]} == {"boss": ["owner"], "anna": ["sales_rep"]}
    left = crm_here("user", "deactivate", "anna", "--to-pool", "--user", "boss", database=company)
    assert left.returncode == 0, left.stderr
    assert crm_here("user", "list", "--user", "anna", database=company).returncode == 1


def test_refusals_are_one_sentence_and_exit_1(company: Path, crm_here: Run) -> None:
    wrong = crm("user", "list", "--user", "boss", database=company, password="wrong")
    assert wrong.returncode == 1
    assert len(wrong.stderr.strip().splitlines()) == 1
    again = crm_here("init", "--company", "x", "--owner", "y", database=company)
    assert again.returncode == 1
    missing = crm_here("check", database=company.with_name("none.crm"))
    assert missing.returncode == 1
    assert "none.crm" in missing.stderr


def test_wrong_usage_exits_2(company: Path, crm_here: Run) -> None:
    assert crm_here("user", "list", database=company).returncode == 2
    assert crm("nonsense", database=company).returncode == 2


def test_a_password_comes_from_standard_input(company: Path) -> None:
    listed = crm(
        "user", "list", "--user", "boss", "--password-stdin", database=company, password="", stdin=f"{PASSWORD}\n"
    )
    assert listed.returncode == 0, listed.stderr


def test_the_demo_exports_in_scope_and_checks(tmp_path: Path, crm_here: Run) -> None:
    path = tmp_path / "demo.crm"
    assert crm("demo", "--contacts", "60", "--seed", "4", database=path).returncode == 0
    said = crm(
        "export",
        "contacts",
        "--to",
        str(tmp_path / "all.xlsx"),
        "--user",
        "owner",
        "--json",
        database=path,
        password="demo",
    )
    assert json.loads(said.stdout)["rows"] == 60
    rep = crm_here(
        "export", "contacts", "--to", str(tmp_path / "own.csv"), "--user", "chen", database=path, password="demo"
    )
    assert rep.returncode == 1
    assert not (tmp_path / "own.csv").exists()
    assert crm_here("check", database=path).returncode == 0


def test_reports_are_listed_written_and_kept_from_purchasing(demo_file: Path, tmp_path: Path, crm_here: Run) -> None:
    path, owner, buyer = demo_file, ("--user", "owner"), ("--user", "buyer")
    listed = json.loads(crm_here("report", "list", *owner, "--json", database=path, password="demo").stdout)
    assert {report["name"] for report in listed["reports"]} >= {"sales", "backlog", "quotes", "lost"}
    for ending, run in (("xlsx", crm), ("pdf", crm_here)):
        file = tmp_path / f"sales.{ending}"
        written = run(
            "report", "sales", "--by", "month", "--to", str(file), *owner, "--json", database=path, password="demo"
        )
        assert written.returncode == 0, written.stderr
        assert json.loads(written.stdout)["rows"] > 0
        assert file.stat().st_size > 1000
    pack = ("report", "pack", "--only", "ageing", "--only", "sales", "--to", str(tmp_path / "pack.xlsx"))
    packed = crm_here(*pack, *owner, "--json", database=path, password="demo")
    assert json.loads(packed.stdout)["reports"] == ["sales", "ageing"]
    assert (tmp_path / "pack.xlsx").stat().st_size > 1000
    refused = crm("report", "sales", "--to", str(tmp_path / "no.pdf"), *buyer, database=path, password="demo")
    assert refused.returncode == 1
    assert not (tmp_path / "no.pdf").exists()
    assert crm_here("report", "sales", *owner, database=path, password="demo").returncode == 2
    for what in ("orders", "products", "quotes", "deliveries"):
        file = tmp_path / f"{what}.csv"
        taken = crm_here("export", what, "--to", str(file), *owner, "--json", database=path, password="demo")
        assert taken.returncode == 0, taken.stderr
        rows = json.loads(taken.stdout)["rows"]
        assert rows > 0
        assert rows == len(file.read_text("utf-8-sig").splitlines()) - 1


def test_a_company_is_brought_up_to_date(company: Path, tmp_path: Path, crm_here: Run) -> None:
    assert crm("upgrade", database=company).returncode == 0
    missing = crm_here("upgrade", database=tmp_path / "nowhere.crm")
    assert missing.returncode == 1


def test_the_command_line_imports_no_qt() -> None:
    code = "import sys, crm_desktop.app.cli; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
