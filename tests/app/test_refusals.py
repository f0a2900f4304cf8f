"""What is refused leaves nothing behind: no half company, no open file."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.app import cli, founding
from crm_desktop.app.opening import AlreadyThere, open_file
from crm_desktop.contacts.bulk import insert_contacts
from crm_desktop.db.search import MOST_HITS
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Cancelled, Invalid

GOOD = "correct horse 9"
COMPANY = founding.NewCompany(
    name="Harbour & Lin",
    currency="CNY",
    country="CN",
    timezone="Asia/Shanghai",
    language="en",
    owner_name="Lin Wei",
    owner_login="lin",
    password=GOOD,
)


def crm(monkeypatch: pytest.MonkeyPatch, *words: str, password: str = GOOD) -> int:
    monkeypatch.setenv("CRM_PASSWORD", password)
    monkeypatch.setenv("CRM_NEW_PASSWORD", password)
    return cli.run(words)


def test_a_refused_founding_leaves_no_file_and_can_be_tried_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = ("init", "--database", str(tmp_path / "firm.crm"), "--company", "Harbour & Lin", "--owner", "lin")
    assert crm(monkeypatch, *words, password="short") == 1
    assert crm(monkeypatch, *words, "--currency", "XX") == 1
    assert list(tmp_path.iterdir()) == []
    assert crm(monkeypatch, *words) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["firm.crm"]


def test_a_demo_that_was_cut_off_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Impatient:
        def step(self, done: int, total: int | None = None) -> None:
            if done:
                raise Cancelled

    monkeypatch.setattr("crm_desktop.app.commands.ProgressLine", Impatient)
    monkeypatch.setattr("crm_desktop.app.demo.make._BLOCK", 10)
    with pytest.raises(Cancelled):
        crm(monkeypatch, "demo", "--database", str(tmp_path / "demo.crm"), "--contacts", "30")
    assert list(tmp_path.iterdir()) == []


def test_a_company_that_is_there_is_called_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("init", "--database", str(tmp_path / "firm.crm"), "--company", "Harbour & Lin", "--owner", "lin")
    assert crm(monkeypatch, *words) == 0
    before = (tmp_path / "firm.crm").read_bytes()
    assert crm(monkeypatch, *words) == 1
    assert "is not a CRM Desktop company" not in capsys.readouterr().err
    assert (tmp_path / "firm.crm").read_bytes() == before


def test_a_wrong_password_leaves_the_file_closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "firm.crm"
    assert crm(monkeypatch, "init", "--database", str(path), "--company", "Harbour & Lin", "--owner", "lin") == 0
    assert crm(monkeypatch, "user", "list", "--database", str(path), "--user", "lin", password="wrong") == 1
    assert [one.name for one in tmp_path.iterdir()] == ["firm.crm"], "an open file has a log beside it"


@pytest.mark.postgres
def test_a_refused_founding_on_a_server_can_be_tried_again(postgres_url: str) -> None:
    bad = founding.NewCompany(**{name: getattr(COMPANY, name) for name in COMPANY.__slots__} | {"password": "short"})
    with pytest.raises(Invalid):
        founding.create(postgres_url, bad)
    assert founding.create(postgres_url, COMPANY)
    with pytest.raises(AlreadyThere):
        founding.create(postgres_url, COMPANY)


def test_a_search_that_was_cut_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    company = ("--database", str(demo_file))
    database = open_file(demo_file)
    with database.begin(SYSTEM) as work:
        insert_contacts(work, ({"kind": "company", "name": f"Example {n}"} for n in range(MOST_HITS + 1)))
    database.close()
    words = ("export", "contacts", *company, "--user", "owner", "--to", str(tmp_path / "list.csv"))
    assert crm(monkeypatch, *words, "--filter", "example", password="demo") == 0
    assert "More match" in capsys.readouterr().out
    assert crm(monkeypatch, *words, password="demo") == 0
    assert "More match" not in capsys.readouterr().out


def test_a_demo_of_less_than_nothing_is_wrong_usage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        crm(monkeypatch, "demo", "--database", str(tmp_path / "demo.crm"), "--contacts", "-5")
    assert left.value.code == 2
    assert list(tmp_path.iterdir()) == []
