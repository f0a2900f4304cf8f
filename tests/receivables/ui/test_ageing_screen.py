"""The ageing on screen: rows and foot add up on any day, any figure opens what it is made of, and it is taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt

from crm_desktop.app import report_files
from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import balances
from crm_desktop.receivables.collecting.aged_items import Figure, aged_items
from crm_desktop.receivables.collecting.ageing import GROUPINGS, ageing
from crm_desktop.receivables.ui import report_seam
from crm_desktop.receivables.ui.collecting.aged_items_dialog import AgedItemsDialog
from crm_desktop.receivables.ui.collecting.ageing_screen import ageing_screen
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.money import from_minor
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist
from tests.receivables import books
from tests.receivables.ui.debts import Debts, cells, debts, row_of, show_screen, the_dialog

__all__ = ["debts", "show_screen"]
Idle = Callable[[Office], None]


@pytest.fixture
def written() -> Iterator[None]:
    """Reports become files here as they do in the program."""
    before = list(report_seam._files)
    report_seam.attach(lambda: report_files)
    yield
    report_seam._files[:] = before


@pytest.fixture
def at_ageing(open_office: Any, show_screen: Any, staff: Firm, debts: Debts) -> tuple[Any, Office]:
    office = open_office(staff.boss)
    return show_screen(office, ageing_screen), office


def as_of(screen: Any, idle: Idle, office: Office, day: Any) -> None:
    screen.as_of.set_value(day)
    screen.as_of.edited.emit()
    idle(office)


def test_rows_and_foot_add_up(at_ageing: tuple[Any, Office]) -> None:
    screen, _office = at_ageing
    rows = {one["who"]: one for one in cells(screen.view)}
    baolong = rows["Changzhou Baolong Gears"]
    assert (baolong["b0"], baolong["undated"], baolong["unapplied"], baolong["balance"]) == (
        *("120.00", "80.00", "−30.00"),
        "170.00",
    )
    assert baolong["ages"] == "1–30 days 120.00"
    assert screen.sums()[-1] == sum(screen.sums()[:-1]) == Decimal("2670.00")
    assert screen.foot.sums["balance"] == Decimal("2670.00")
    assert screen.foot.label == "Total CNY"
    assert screen.footer.totals.text().endswith("CNY 2,670.00")


def test_a_past_day_shows_what_was_open_then(
    idle: Idle, at_ageing: tuple[Any, Office], file_database: Database, staff: Firm
) -> None:
    screen, office = at_ageing
    as_of(screen, idle, office, books.day(22))
    rows = {one["who"]: one for one in cells(screen.view)}
    assert rows["Changzhou Baolong Gears"]["unapplied"] == "0.00"
    assert rows["Changzhou Baolong Gears"]["b0"] == "120.00"
    assert rows["Shenzhen Hengrun Trading"]["b4"] == "0.00"
    assert rows["Shenzhen Hengrun Trading"]["b3"] == "1,000.00"
    with file_database.read(staff.boss) as work:
        (own, *_others) = balances.totals(work, books.day(22))
    assert screen.sums()[-1] == own.balance
    assert "29 Oct 2026" in screen.footer.count.text()


def test_by_invoice_date_and_by_salesperson(idle: Idle, at_ageing: tuple[Any, Office]) -> None:
    screen, office = at_ageing
    screen.by.setCurrentIndex(1)
    idle(office)
    assert screen.sums()[0] == 0
    screen.group.setCurrentIndex(1)
    idle(office)
    assert [one["who"] for one in cells(screen.view)] == ["Anna Weber"] or len(cells(screen.view)) == 2
    assert screen.sums()[-1] == Decimal("2670.00")
    assert not screen.actions_here["statement"].isVisible()


def test_any_figure_opens_what_it_is_made_of(
    idle: Idle, typist: Typist, at_ageing: tuple[Any, Office], debts: Debts
) -> None:
    screen, office = at_ageing
    row_of(screen.view, "Hengrun")
    for _step in range(2):
        typist.press(Qt.Key.Key_Right)
    assert screen.view.column == "b0"
    typist.enter()
    idle(office)
    dialog = the_dialog(screen, AgedItemsDialog)
    assert dialog.heading.text() == "Shenzhen Hengrun Trading · 1–30 days"
    assert [(one["number"], one["open"]) for one in cells(dialog.view)] == [("INV-1 2/3", "500.00")]
    assert dialog.footer.totals.text() == "CNY 500.00"
    dialog.go.click()
    idle(office)
    assert office.opened[-1][0] == "invoice"


def test_the_balance_counts_what_is_not_allocated(
    idle: Idle, at_ageing: tuple[Any, Office], debts: Debts, qtbot: Any
) -> None:
    screen, office = at_ageing
    row_of(screen.view, "Baolong")
    screen.view.choose_column("balance")
    qtbot.keyClick(screen.view, Qt.Key.Key_Return)
    idle(office)
    dialog = the_dialog(screen, AgedItemsDialog)
    assert sorted(one["open"] for one in cells(dialog.view)) == ["120.00", "80.00", "−30.00"]
    assert dialog.total == Decimal("170.00")


@pytest.mark.parametrize("group", [key for key, _label in GROUPINGS])
@pytest.mark.parametrize("by", ["due", "invoice"])
@pytest.mark.parametrize("ago", [0, 3, 22])
def test_every_figure_is_the_sum_of_its_documents(
    group: str, by: str, ago: int, debts: Debts, file_database: Database, staff: Firm
) -> None:
    day = books.day(ago) if ago else None
    with file_database.read(staff.boss) as work:
        made = ageing(work, day, by=by, group=group)
        for row in made.rows:
            for place, name in enumerate(made.names[2:], 2):
                items = aged_items(work, Figure(day, by, group, row[0], row[1], name))
                total = sum((one.open for one in items), Decimal(0))
                expected = from_minor(row[place], row[1])
                assert total == (-expected if name == "unapplied" else expected)


def test_export_to_a_workbook(
    idle: Idle, at_ageing: tuple[Any, Office], tmp_path: Path, written: None, typist: Typist
) -> None:
    screen, office = at_ageing
    office.desk.dialogs.will_answer(tmp_path / "ageing.xlsx")
    typist.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    idle(office)
    sheet = load_workbook(tmp_path / "ageing.xlsx").active
    values = {cell.value for line in sheet.iter_rows() for cell in line}
    assert "Shenzhen Hengrun Trading" in values
    assert "Northgate Supplies" not in values
    assert office.toasts[-1][0] == "ageing.xlsx is written"


@pytest.mark.parametrize("ending", ["pdf", "csv"])
def test_export_to_other_files(
    ending: str, idle: Idle, at_ageing: tuple[Any, Office], tmp_path: Path, written: None
) -> None:
    screen, office = at_ageing
    office.desk.dialogs.will_answer(tmp_path / f"ageing.{ending}")
    screen.actions_here["export"].trigger()
    idle(office)
    assert (tmp_path / f"ageing.{ending}").stat().st_size > 100


def test_cancel_keeps_the_rows_that_were_there(idle: Idle, at_ageing: tuple[Any, Office]) -> None:
    screen, office = at_ageing
    before = cells(screen.view)
    screen.as_of.set_value(books.day(22))
    screen.reload()
    screen.running.cancelled.emit()
    idle(office)
    assert cells(screen.view) == before
    assert screen.running.isHidden()


def test_cancel_counts_also_when_the_rows_were_just_read(idle: Idle, at_ageing: tuple[Any, Office]) -> None:
    screen, office = at_ageing
    before = cells(screen.view)
    screen.as_of.set_value(books.day(22))
    screen.reload()
    while screen.running.task.result is None:  # read on the lane, not yet delivered to the window
        assert screen.running.task.error is None
    screen.running.cancelled.emit()
    idle(office)
    assert cells(screen.view) == before


def test_a_statement_is_one_key_away(at_ageing: tuple[Any, Office], typist: Typist, debts: Debts) -> None:
    screen, office = at_ageing
    row_of(screen.view, "Hengrun")
    typist.press(Qt.Key.Key_S)
    assert office.opened == [("statement_for_contact", debts.hengrun)]


def test_nothing_was_owed(open_office: Any, show_screen: Any, staff: Firm) -> None:
    screen = show_screen(open_office(staff.boss), ageing_screen)
    assert screen.stack.state.title.text() == "Nothing was owed on this day"


def test_who_may_not_export_is_not_offered_it(
    open_office: Any, show_screen: Any, debts: Debts, staff: Firm, accountant: Actor
) -> None:
    screen = show_screen(open_office(staff.anna), ageing_screen)
    offered = {action.objectName() for action in screen.actions_offered()}
    assert ("export" in offered) == staff.anna.may(*report_files.write_report.permissions)
