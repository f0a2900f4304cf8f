"""The journal in the settings: readable words for every feature, and a workbook of what is shown."""

from pathlib import Path

from openpyxl import load_workbook
from pytestqt.qtbot import QtBot

from crm_desktop.app.ui.journal import journal_screen
from crm_desktop.contacts import service
from crm_desktop.db.work import Database
from crm_desktop.shared.permissions import Permission


def test_entries_are_sentences_and_leave_as_a_workbook(
    qtbot: QtBot, file_database: Database, open_office, staff, tmp_path: Path
) -> None:
    office = open_office(staff.boss)
    assert office.desk.actor.may(Permission.JOURNAL_EXPORT)
    with file_database.begin(staff.boss) as work:
        contact_id = service.create(work, {"name": "Atlas", "status": "prospect"})
    with file_database.begin(staff.boss) as work:
        service.save(work, contact_id, 1, {"status": "customer"})
    screen = journal_screen(office.desk)
    qtbot.addWidget(screen)
    qtbot.waitUntil(lambda: office.desk.tasks.idle and screen.table.rowCount() > 1)
    path = tmp_path / "journal.xlsx"
    office.desk.dialogs.will_answer(path)
    screen.action("export_journal").trigger()
    qtbot.waitUntil(lambda: path.exists() and office.desk.tasks.idle)
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    events = [row[3] for row in rows]
    assert "Lin Wei changed Contact “Atlas”. Status: Prospect → Customer" in events
    assert any(event.startswith("Lin Wei added Contact “Atlas”") for event in events)
