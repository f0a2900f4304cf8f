"""Reports of receivables as files and from the command line: what is asked is what is written."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crm_desktop.access.model import User
from crm_desktop.app import cli, report_files
from crm_desktop.app.features import REPORTS
from crm_desktop.app.opening import open_file
from crm_desktop.db.work import Database
from crm_desktop.reports.pages import page_sizes
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.published import publish
from crm_desktop.shared.report import Asked
from tests.companies import Firm
from tests.receivables.documents import customer, pay, posted
from tests.receivables.test_dunning import text_of

MONEY = [one for one in REPORTS if one.name in ("ageing", "due", "statement", "payments", "on_time")]
PASSWORD = "correct horse 9"


def owing(database: Database, by: Any) -> int:
    atlas, other = customer(database, by, "Atlas"), customer(database, by, "Borealis")
    claim = posted(database, atlas, (1000, date(2026, 9, 30)), dated_on=date(2026, 9, 1), number="INV-7")
    posted(database, other, (50, date(2026, 10, 31)), dated_on=date(2026, 10, 1), currency="USD")
    pay(database, SYSTEM, atlas, 400, {claim.instalments[0]: 400}, dated_on=date(2026, 10, 15))
    return atlas


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".pdf"])
def test_every_report_is_written_as_every_kind_of_file(
    database: Database, firm: Firm, tmp_path: Path, ending: str
) -> None:
    owing(database, firm.anna)
    assert len(MONEY) == 5
    for report in MONEY:
        for by, _label in report.groupings or (("", ""),):
            for form, _said in report.forms or (("", ""),):
                path = tmp_path / f"{report.name}{by}{form}{ending}"
                with database.read(firm.boss) as work:
                    assert report_files.write_report(work, path, report, Asked(by=by, form=form)) > 0
                publish(path)
                if ending == ".pdf":
                    assert page_sizes(path.read_bytes())


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company as the command line makes it, with something owed in it."""
    path = tmp_path / "firm.crm"
    monkeypatch.setenv("CRM_NEW_PASSWORD", PASSWORD)
    monkeypatch.setenv("CRM_PASSWORD", PASSWORD)
    assert cli.run(["init", "--company", "Harbour", "--owner", "boss", "--database", str(path)]) == 0
    database = open_file(path)
    with database.read(SYSTEM) as work:
        assert work.get(User, 1).login == "boss"
    owing(database, SYSTEM)
    database.close()
    return path


def run(company: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = cli.run([*words, "--database", str(company), "--user", "boss", "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out) if code == 0 else said.err


def rows_of(path: Path) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(path).active.iter_rows(min_row=2)]


def test_the_ageing_of_any_day_comes_from_the_command_line(
    company: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ageing.xlsx"
    words = ("report", "ageing", "--to", str(file), "--currency", "cny")
    assert run(company, capsys, *words, "--as-of", "2026-10-14")[1]["rows"] == 1
    assert rows_of(file)[0][:3] == ["Atlas", 0, 1000]
    assert run(company, capsys, *words, "--as-of", "2026-10-15", "--form", "invoice")[1]["rows"] == 1
    assert rows_of(file)[0][:4] == ["Atlas", 0, 0, 600]
    assert run(company, capsys, *words, "--by", "salesperson")[1]["rows"] == 1
    assert rows_of(file)[0][0] == "Nobody"
    code, said = run(company, capsys, *words, "--by", "moon")
    assert code == 2
    assert "customer, salesperson, team" in said


def test_one_statement_or_all_of_them(company: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, everybody = tmp_path / "one.pdf", tmp_path / "all.xlsx"
    words = ("report", "statement", "--customer", "atlas", "--to", str(one), "--from", "2026-10-01")
    assert run(company, capsys, *words)[1]["rows"] == 1
    text = text_of(one.read_bytes())
    assert "Statement of account" in text
    assert "1,000.00" in text
    assert "INV-7" not in text, "it came before the period"
    assert run(company, capsys, "report", "statement", "--form", "open", "--to", str(everybody))[1]["rows"] == 2
    assert load_workbook(everybody).sheetnames == ["Atlas CNY", "Borealis USD"]
    code, said = run(company, capsys, "report", "statement", "--customer", "Nobody", "--to", str(one))
    assert (code, "Nobody" in said) == (2, True)


def test_due_payments_and_on_time(company: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = run(company, capsys, "report", "list")[1]["reports"]
    assert {one["name"]: one["days"] for one in listed if one["name"] in ("ageing", "due", "payments")} == {
        "ageing": "as_of",
        "due": "as_of",
        "payments": "period",
    }
    for name, rows in (("due", 2), ("payments", 1), ("on_time", 2)):
        file = tmp_path / f"{name}.xlsx"
        assert run(company, capsys, "report", name, "--to", str(file), "--from", "2026-01-01")[1]["rows"] == rows
