"""Statements on screen: of one customer and of all, both forms, any days and currency, on paper and as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt

from crm_desktop.activities import timeline
from crm_desktop.app import report_files, session
from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import balances
from crm_desktop.receivables.ui import report_seam
from crm_desktop.receivables.ui.collecting.statement_screen import statement_record
from crm_desktop.reports.pages import page_sizes
from crm_desktop.shared.actor import Actor
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist
from tests.receivables import books
from tests.receivables.ui.debts import Debts, cells, debts, show_screen

__all__ = ["debts", "show_screen"]
assert session, "hangs the features into the timeline, as in the program"
Idle = Callable[[Office], None]


@pytest.fixture(autouse=True)
def _written() -> Iterator[None]:
    before = list(report_seam._files)
    report_seam.attach(lambda: report_files)
    yield
    report_seam._files[:] = before


@pytest.fixture
def of(open_office: Any, show_screen: Any, staff: Firm, debts: Debts) -> Callable[[int | None], tuple[Any, Office]]:
    def open_for(contact_id: int | None) -> tuple[Any, Office]:
        office = open_office(staff.boss)
        return show_screen(office, lambda desk: statement_record(desk, contact_id)), office

    return open_for


def test_one_customer_line_by_line(of: Any, debts: Debts, file_database: Database, staff: Firm) -> None:
    screen, _office = of(debts.baolong)
    assert screen.title() == "Statement: Changzhou Baolong Gears"
    rows = cells(screen.view)
    assert [one["kind"] for one in rows] == ["Opening balance", "Invoice", "Receipt", "Closing balance"]
    assert rows[1]["charged"] == "CNY 200.00"
    assert rows[2]["paid"] == "CNY 30.00"
    with file_database.read(staff.boss) as work:
        owed = balances.card(work, debts.baolong).of("CNY").balance
    assert rows[-1]["balance"] == f"CNY {owed:,.2f}" == "CNY 170.00"
    assert "Balance CNY 170.00" in screen.footer.totals.text()


def test_the_other_form_shows_what_is_open(of: Any, idle: Idle, debts: Debts) -> None:
    screen, office = of(debts.hengrun)
    screen.form.setCurrentIndex(1)
    idle(office)
    assert screen.first.widget.isHidden()
    rows = [one for one in cells(screen.view) if one["kind"] == "Invoice"]
    assert [one["charged"] for one in rows] == ["CNY 1,000.00", "CNY 500.00", "CNY 300.00"]


def test_a_period_begins_with_what_was_owed(of: Any, idle: Idle, debts: Debts) -> None:
    screen, office = of(debts.baolong)
    screen.first.set_value(books.day(10))
    screen.first.edited.emit()
    idle(office)
    rows = cells(screen.view)
    assert [one["kind"] for one in rows] == ["Opening balance", "Receipt", "Closing balance"]
    assert rows[0]["balance"] == "CNY 200.00"


def test_each_currency_stands_alone(of: Any, idle: Idle, debts: Debts, file_database: Database) -> None:
    books.invoice(file_database, debts.baolong, "INV-9", ("55.00", 3), currency="USD")
    screen, office = of(debts.baolong)
    assert not screen.currency.isHidden()
    screen.currency.setCurrentIndex(screen.currency.findData("USD"))
    idle(office)
    assert {one["balance"] for one in cells(screen.view)} == {"USD 0.00", "USD 55.00"}


def test_all_customers_and_then_one(of: Any, idle: Idle, qtbot: Any, debts: Debts) -> None:
    screen, office = of(None)
    assert screen.title() == "Statements"
    rows = {one["customer"]: one for one in cells(screen.view)}
    assert rows["Northgate Supplies"]["closing"] == "USD 90.00"
    assert not screen.actions_here["preview"].isEnabled()
    screen.search_here()
    qtbot.keyClicks(screen.customer.line, "hengrun")
    idle(office)
    qtbot.keyClick(screen.customer.line, Qt.Key.Key_Return)
    idle(office)
    assert screen.contact_id == debts.hengrun
    assert cells(screen.view)[-1]["balance"] == "CNY 1,800.00"
    screen.customer.line.clear()
    idle(office)
    assert screen.contact_id is None
    assert len(cells(screen.view)) == 4


def test_the_preview_is_the_paper(of: Any, idle: Idle, typist: Typist, debts: Debts) -> None:
    screen, office = of(debts.baolong)
    typist.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    idle(office)
    assert screen.preview.printed.pages == 1
    assert screen.preview.printed.data.startswith(b"%PDF")
    screen.preview.close()


def test_all_go_into_one_pdf(of: Any, idle: Idle, tmp_path: Path, typist: Typist, debts: Debts) -> None:
    screen, office = of(None)
    office.desk.dialogs.will_answer(tmp_path / "all.pdf")
    typist.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    idle(office)
    assert len(page_sizes((tmp_path / "all.pdf").read_bytes())) == 4
    assert office.toasts[-1][0] == "all.pdf is written"


def test_all_go_into_one_workbook(of: Any, idle: Idle, tmp_path: Path, debts: Debts) -> None:
    screen, office = of(None)
    office.desk.dialogs.will_answer(tmp_path / "all.xlsx")
    screen.actions_here["export"].trigger()
    idle(office)
    assert len(load_workbook(tmp_path / "all.xlsx").sheetnames) == 4


def test_cancel_leaves_no_file(of: Any, idle: Idle, tmp_path: Path, debts: Debts) -> None:
    screen, office = of(None)
    office.desk.dialogs.will_answer(tmp_path / "all.pdf")
    screen.actions_here["export"].trigger()
    screen.running.cancelled.emit()
    idle(office)
    assert list(tmp_path.glob("all.pdf*")) == []
    assert office.desk.dialogs.errors == []


def test_nothing_to_state(open_office: Any, show_screen: Any, staff: Firm, kangda: int) -> None:
    screen = show_screen(open_office(staff.boss), lambda desk: statement_record(desk, None))
    assert screen.stack.state.title.text() == "There is nothing to state"
    assert not screen.actions_here["export"].isEnabled()


def test_a_payment_elsewhere_is_read_again(
    of: Any, idle: Idle, debts: Debts, file_database: Database, accountant: Actor
) -> None:
    screen, office = of(debts.baolong)
    books.receive(file_database, accountant, debts.baolong, "20.00")
    idle(office)
    assert Decimal(cells(screen.view)[-1]["balance"].removeprefix("CNY ")) == Decimal(150)


def test_a_statement_taken_out_is_told_once_per_way(
    of: Any, idle: Idle, tmp_path: Path, typist: Typist, debts: Debts, file_database: Database, staff: Firm
) -> None:
    """Saved twice from one preview, then as a workbook: the timeline tells of each paper once."""
    screen, office = of(debts.baolong)
    typist.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    idle(office)
    for name in ("once.pdf", "again.pdf"):
        office.desk.dialogs.will_answer(tmp_path / name)
        screen.preview.actions_here["save_pdf"].trigger()
        idle(office)
    screen.preview.close()
    assert _sent(file_database, staff.boss, debts.baolong) == ["170.00"]
    office.desk.dialogs.will_answer(tmp_path / "one.xlsx")
    screen.actions_here["export"].trigger()
    idle(office)
    assert _sent(file_database, staff.boss, debts.baolong) == ["170.00", "170.00"]
    assert _sent(file_database, staff.boss, debts.hengrun) == []
    assert office.desk.dialogs.errors == []


def _sent(database: Database, by: Actor, contact_id: int) -> list[str]:
    with database.read(by) as work:
        found = timeline.page(work, contact_id, groups=frozenset({"money"}))
    return [str(one.money.amount) for one in found if one.source == "statement" and one.money is not None]
