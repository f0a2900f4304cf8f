"""Contacts leave the program as they are seen, with real types, and it is written down."""

import csv
import errno
import os
import re
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from crm_desktop.contacts import export, service
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Cancelled, Invalid, NotAllowed, Unavailable
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.published import part_of, publish, publishing, writing
from tests.companies import Firm

COLUMNS = ["name", "status", "owner", "phone", "tags", "created_at"]


def exported(database: Database, actor: Actor, path: Path, **rest: object) -> int:
    with database.read(actor) as work:
        rows = export.write_file(work, path, Listing(), COLUMNS, **rest)
    with database.begin(actor) as work:
        export.note_export(work, path, rows, COLUMNS)
    publish(path)
    return rows


@pytest.fixture
def contacts(database: Database, firm: Firm) -> None:
    with database.begin(firm.boss) as work:
        for name, values in {
            "=1+1": {"points": [{"kind": "phone", "value": "+49 30 901820"}]},
            "宁波华新": {"status": "customer", "tags": ["a", "b"], "owner": firm.anna.user_id},
        }.items():
            service.create(work, {"name": name, **values})


@pytest.mark.usefixtures("contacts")
def test_a_workbook_has_real_types_and_no_formula(database: Database, firm: Firm, tmp_path: Path) -> None:
    path = tmp_path / "contacts.xlsx"
    assert exported(database, firm.boss, path) == 2
    sheet = load_workbook(path).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:6] == ("Name", "Status", "Owner", "Phone", "Tags", "Created")
    assert rows[0][6].startswith("crm-desktop contact ")
    assert sheet.column_dimensions["G"].hidden
    assert re.fullmatch(r"\d+/\d+", rows[1][6])
    assert rows[1][:5] == ("=1+1", "Prospect", None, "+49 30 901820", None)
    assert sheet["A2"].data_type == "s"
    assert rows[2][:5] == ("宁波华新", "Customer", "Anna Weber", None, "a, b")
    assert rows[2][5] == datetime(2026, 11, 20, 17, 30)
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:F3"
    assert not part_of(path).exists()


@pytest.mark.usefixtures("contacts")
def test_csv_cells_cannot_run(database: Database, firm: Firm, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    exported(database, firm.boss, path)
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[1][0] == "'=1+1"
    assert rows[1][3] == "'+49 30 901820"
    assert rows[2][5] == "2026-11-20 17:30"


@pytest.mark.usefixtures("contacts")
def test_vcards_hold_what_a_phone_needs(database: Database, firm: Firm, tmp_path: Path) -> None:
    path = tmp_path / "contacts.vcf"
    assert exported(database, firm.boss, path) == 2
    text = path.read_bytes().decode()
    assert "FN:宁波华新\r\n" in text
    assert "TEL;TYPE=WORK,VOICE:+49 30 901820\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@pytest.mark.usefixtures("contacts")
def test_an_export_is_journalled_and_needs_the_permission(database: Database, firm: Firm, tmp_path: Path) -> None:
    exported(database, firm.boss, tmp_path / "contacts.csv")
    with database.read(firm.boss) as work:
        entry = work.session.scalars(select(JournalEntry).where(JournalEntry.action == "export")).one()
    assert entry.after == {"format": "csv", "rows": 2, "columns": COLUMNS}
    with pytest.raises(NotAllowed):
        exported(database, firm.anna, tmp_path / "more.csv")


@pytest.mark.usefixtures("contacts")
def test_what_cannot_be_written_leaves_nothing_behind(database: Database, firm: Firm, tmp_path: Path) -> None:
    class Impatient:
        def step(self, done: int, total: int | None = None) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        exported(database, firm.boss, tmp_path / "contacts.csv", progress=Impatient())
    with pytest.raises(Invalid):
        exported(database, firm.boss, tmp_path / "contacts.doc")
    with pytest.raises(Unavailable):
        exported(database, firm.boss, tmp_path / "gone" / "contacts.csv")
    assert [path.name for path in tmp_path.iterdir() if path.suffix not in (".crm",) and "crm-" not in path.name] == []


@pytest.mark.usefixtures("contacts")
def test_a_name_that_is_a_folder_is_refused_and_nothing_stays(database: Database, firm: Firm, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.mkdir()
    with pytest.raises(Unavailable):
        exported(database, firm.boss, path)
    assert [one.name for one in tmp_path.glob("contacts*")] == ["contacts.csv"]


@pytest.mark.usefixtures("contacts")
def test_what_the_journal_did_not_take_does_not_leave(database: Database, firm: Firm, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    with database.read(firm.boss) as work:
        rows = export.write_file(work, path, Listing(), COLUMNS)
    with pytest.raises(NotAllowed), publishing(path), database.begin(firm.anna) as work:
        export.note_export(work, path, rows, COLUMNS)
    assert list(tmp_path.glob("contacts*")) == []


def test_a_disk_that_refuses_everything_does_not_hide_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_asked: object, **_more: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(Unavailable, match="the reason"), publishing(tmp_path / "contacts.csv"):
        raise Unavailable("the reason")
    with pytest.raises(Unavailable, match="Read-only"), writing(tmp_path / "contacts.csv"):
        refuse()
    monkeypatch.setattr(os, "replace", refuse)
    part_of(tmp_path / "contacts.csv").write_text("x")
    with pytest.raises(Unavailable, match="Read-only"):
        publish(tmp_path / "contacts.csv")
