"""The dunning run: who gets which letter, unticking, reading, sending into one file or a folder, and what is stored."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import dunning
from crm_desktop.receivables.ui.collecting import dunning_batch
from crm_desktop.receivables.ui.collecting.dunning_screen import dunning_screen
from crm_desktop.reports.pages import page_sizes
from crm_desktop.shared.actor import Actor
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist
from tests.receivables import books
from tests.receivables.ui.debts import Debts, cells, debts, row_of, show_screen

__all__ = ["debts", "show_screen"]
Idle = Callable[[Office], None]


@pytest.fixture
def at_run(open_office: Any, show_screen: Any, staff: Firm, debts: Debts) -> tuple[Any, Office]:
    office = open_office(staff.boss)
    return show_screen(office, dunning_screen), office


def letters_of(database: Database, by: Actor, contact_id: int) -> list[int]:
    with database.read(by) as work:
        return [one.level for one in dunning.letters(work, contact_id)]


def test_every_letter_is_ticked_with_its_level_and_amount(at_run: tuple[Any, Office], debts: Debts) -> None:
    screen, _office = at_run
    rows = {one["customer"]: one for one in cells(screen.view)}
    assert rows["Shenzhen Hengrun Trading"]["level"] == "1"
    assert rows["Shenzhen Hengrun Trading"]["amount"] == "CNY 1,500.00"
    assert rows["Northgate Supplies"]["amount"] == "USD 90.00"
    assert set(screen.ticked()) >= {debts.hengrun, debts.baolong, debts.northgate}
    count = screen.view.table.rowCount()
    assert screen.footer.count.text() == f"{count} of {count} ticked"
    assert screen.send_button.text() == f"Send {count} letters"


def test_the_pane_tells_what_the_letter_lists(at_run: tuple[Any, Office], idle: Idle) -> None:
    screen, office = at_run
    row_of(screen.view, "Hengrun")
    idle(office)
    assert [line.split(" Dunning level")[0] for line in screen.pane.told] == ["INV-1 1/3 1,000.00", "INV-1 2/3 500.00"]
    row_of(screen.view, "Baolong")
    assert "CNY 30.00 of this customer are not allocated yet" in screen.pane.told[-1]


def test_one_letter_is_read_before_it_goes_out(
    at_run: tuple[Any, Office], idle: Idle, typist: Typist, debts: Debts, file_database: Database, staff: Firm
) -> None:
    screen, office = at_run
    row_of(screen.view, "Hengrun")
    typist.press(Qt.Key.Key_V)
    idle(office)
    assert screen.preview.printed.data.startswith(b"%PDF")
    assert letters_of(file_database, staff.boss, debts.hengrun) == []
    screen.preview.close()


def test_ticked_letters_are_sent_into_one_pdf_and_logged(
    at_run: tuple[Any, Office],
    idle: Idle,
    typist: Typist,
    debts: Debts,
    file_database: Database,
    staff: Firm,
    tmp_path: Path,
) -> None:
    screen, office = at_run
    row_of(screen.view, "Baolong")
    typist.press(Qt.Key.Key_Space)
    assert debts.baolong not in screen.ticked()
    chosen = len(screen.ticked())
    office.desk.dialogs.will_answer(tmp_path / "letters.pdf")
    typist.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    idle(office)
    assert len(page_sizes((tmp_path / "letters.pdf").read_bytes())) == chosen
    assert letters_of(file_database, staff.boss, debts.hengrun) == [1]
    assert letters_of(file_database, staff.boss, debts.baolong) == []
    assert screen.note.text().startswith(f"{chosen} letters were sent.")
    assert [one["customer"] for one in cells(screen.view)] == ["Changzhou Baolong Gears"]
    assert office.toasts[-1][0] == "The letters are in letters.pdf"


def test_a_folder_has_a_file_for_each(
    at_run: tuple[Any, Office], idle: Idle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dunning_batch, "PORTION", 1)
    screen, office = at_run
    chosen = len(screen.ticked())
    office.desk.dialogs.will_answer(tmp_path)
    screen.actions_here["send_folder"].trigger()
    idle(office)
    files = sorted(path.name for path in tmp_path.glob("*.pdf"))
    assert len(files) == chosen
    assert "Shenzhen Hengrun Trading Dunning level 1 2026-11-20.pdf" in files


def test_who_paid_meanwhile_gets_none(
    at_run: tuple[Any, Office],
    idle: Idle,
    debts: Debts,
    accountant: Actor,
    file_database: Database,
    staff: Firm,
    tmp_path: Path,
) -> None:
    screen, office = at_run
    uses = dict(zip(debts.instalments[:2], (Decimal(1000), Decimal(500)), strict=True))
    books.receive(file_database, accountant, debts.hengrun, "1500.00", uses=uses)
    idle(office)
    assert screen.note.text() == "Something was paid or invoiced meanwhile."
    office.desk.dialogs.will_answer(tmp_path / "letters")
    screen.actions_here["send"].trigger()
    idle(office)
    assert (tmp_path / "letters.pdf").exists()
    assert "1 customer got none" in screen.note.text()
    assert 1 not in letters_of(file_database, staff.boss, debts.hengrun)


def test_stopping_sends_no_further_portion(
    at_run: tuple[Any, Office], idle: Idle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dunning_batch, "PORTION", 1)
    screen, office = at_run
    office.desk.dialogs.will_answer(tmp_path / "letters.pdf")
    screen.actions_here["send"].trigger()
    assert not screen.can_close()
    screen.running.cancelled.emit()
    idle(office)
    assert screen.note.text().startswith("1 letter was sent.")
    assert len(page_sizes((tmp_path / "letters.pdf").read_bytes())) == 1
    assert screen.can_close()


def test_leaving_the_file_dialog_sends_nothing(
    at_run: tuple[Any, Office], idle: Idle, debts: Debts, file_database: Database, staff: Firm
) -> None:
    screen, office = at_run
    office.desk.dialogs.will_answer(None)
    screen.actions_here["send"].trigger()
    idle(office)
    assert letters_of(file_database, staff.boss, debts.hengrun) == []


def test_reminders_before_the_day_can_stand_alone(
    at_run: tuple[Any, Office], idle: Idle, debts: Debts, file_database: Database, staff: Firm
) -> None:
    screen, office = at_run
    with file_database.begin(staff.boss) as work:
        version = next((one.version for one in dunning.levels(work) if one.level == 0), 0)
        dunning.save_level(work, 0, version, {"days": -7, "active": True})
    screen.reload()
    idle(office)
    screen.kind.setCurrentIndex(2)
    idle(office)
    rows = cells(screen.view)
    assert [one["customer"] for one in rows] == ["Kangda Instruments"]
    assert rows[0]["letter"] == "Reminder before the day"
    assert screen.ticked() == [debts.kangda]


def test_nothing_is_to_go_out(open_office: Any, show_screen: Any, staff: Firm) -> None:
    screen = show_screen(open_office(staff.boss), dunning_screen)
    assert screen.stack.state.title.text() == "No letter is to go out today"
    assert not screen.actions_here["send"].isEnabled()
