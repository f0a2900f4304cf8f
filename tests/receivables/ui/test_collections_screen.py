"""Collections: who is on it in which order, what stands beside, and what one key each does."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import balances, dunning
from crm_desktop.receivables.money import promises
from crm_desktop.receivables.ui.collecting.collections_screen import collections_screen
from crm_desktop.receivables.ui.collecting.letters_dialog import LettersDialog
from crm_desktop.receivables.ui.money.claim_dialogs import DisputeDialog
from crm_desktop.shared.actor import Actor
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist
from tests.receivables import books
from tests.receivables.ui.debts import Debts, cells, debts, row_of, show_screen, the_dialog

__all__ = ["debts", "show_screen"]
Idle = Callable[[Office], None]


@pytest.fixture
def at_list(open_office: Any, show_screen: Any, staff: Firm, debts: Debts, idle: Idle) -> tuple[Any, Office]:
    office = open_office(staff.boss)
    screen = show_screen(office, collections_screen)
    choose(screen, "all")
    idle(office)
    return screen, office


def choose(screen: Any, view: str) -> None:
    screen.views._tabs[view].click()


def test_the_worst_come_first_with_what_was_done_about_it(at_list: tuple[Any, Office]) -> None:
    screen, _office = at_list
    rows = cells(screen.view)
    assert [one["customer"] for one in rows] == [
        "Shenzhen Hengrun Trading",
        "Changzhou Baolong Gears",
        "Kangda Instruments",
    ]
    first = rows[0]
    assert (first["overdue"], first["oldest"]) == ("1,500.00", "192 d")
    assert "Nobody has talked" in first["said"]
    assert first["promises"] == "1 promise broken"
    assert rows[2]["oldest"] == ""
    assert screen.view.table.tip(0, 0).startswith("Shenzhen Hengrun Trading\nNot due 300.00")
    assert screen.head.overdue.text() == "1,620.00"
    assert screen.head.told["181+"] == "1,000.00"
    assert screen.head.told["Unapplied"] == "−30.00"
    assert "CNY 2,670.00" in screen.footer.totals.text()
    assert screen.footer.count.text() == "3 customers"


def test_currencies_are_shown_one_at_a_time(qtbot: Any, idle: Idle, at_list: tuple[Any, Office]) -> None:
    screen, office = at_list
    assert screen.currencies.keys() == ["CNY", "USD"]
    screen.currencies.setFocus()
    tab = screen.currencies._tabs["USD"]
    qtbot.mouseClick(tab, Qt.MouseButton.LeftButton)
    idle(office)
    assert [one["customer"] for one in cells(screen.view)] == ["Northgate Supplies"]
    assert screen.head.overdue.text() == "90.00"
    assert screen.pane.name.text() == "Northgate Supplies"


def test_the_pane_follows_the_current_row(
    idle: Idle, typist: Typist, at_list: tuple[Any, Office], debts: Debts
) -> None:
    screen, office = at_list
    assert [item.id for item in screen.pane.claims.claims.items] == list(debts.instalments)
    assert "promised CNY 400.00" in screen.pane.facts.text()
    typist.press(Qt.Key.Key_Down)
    idle(office)
    assert screen.pane.name.text() == "Changzhou Baolong Gears"
    assert "30.00 not allocated" in screen.pane.facts.text()


def test_a_promise_by_one_key_is_stored_and_shown(
    idle: Idle, typist: Typist, at_list: tuple[Any, Office], debts: Debts, file_database: Database, staff: Firm
) -> None:
    screen, office = at_list
    typist.press(Qt.Key.Key_Down)
    idle(office)
    typist.press(Qt.Key.Key_P)
    form = screen.pane.call
    assert form.amount.value() == Decimal(120)
    assert QApplication.focusWidget() is form.amount.line
    form.by.set_value(books.day(-4))
    form.form.edited.emit()
    typist.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    idle(office)
    screen._settle.timeout.emit()
    idle(office)
    with file_database.read(staff.boss) as work:
        (stored,) = promises.promises_of(work, debts.baolong)
    assert (stored.amount, stored.due_on) == (Decimal(120), books.day(-4))
    assert screen.view.current_id == debts.kangda
    assert screen.view.hasFocus()
    assert screen.worked == {debts.baolong}


def test_a_dispute_is_about_the_chosen_instalment(
    idle: Idle, typist: Typist, at_list: tuple[Any, Office], debts: Debts, file_database: Database, staff: Firm
) -> None:
    screen, office = at_list
    typist.press(Qt.Key.Key_F6)
    assert QApplication.focusWidget() is screen.pane.claims
    typist.press(Qt.Key.Key_Down)
    typist.press(Qt.Key.Key_D)
    dialog = the_dialog(screen, DisputeDialog)
    assert "INV-1 2/3" in dialog.heading.text()
    dialog.form.editor("reason").set_value("Six flanges arrived with rust")
    dialog.form.edited.emit()
    dialog.go.click()
    idle(office)
    screen._settle.timeout.emit()
    idle(office)
    with file_database.read(staff.boss) as work:
        disputed = [one for one in balances.open_items(work, debts.hengrun) if one.disputed_on]
    assert [(one.id, one.dispute_reason) for one in disputed] == [
        (debts.instalments[1], "Six flanges arrived with rust")
    ]
    assert "500.00 in dispute" in screen.view.table.tip(0, 0)
    assert debts.hengrun in screen.worked
    assert screen.actions_here["dispute"].text() == "Settle dispute"
    screen.actions_here["dispute"].trigger()
    assert "Settle the dispute" in the_dialog(screen, DisputeDialog).heading.text()


def test_receipt_statement_and_the_customer_are_opened(
    typist: Typist, at_list: tuple[Any, Office], debts: Debts
) -> None:
    _screen, office = at_list
    for key in (Qt.Key.Key_R, Qt.Key.Key_S, Qt.Key.Key_Return):
        typist.press(key)
    assert office.opened == [
        ("receipt_for_contact", debts.hengrun),
        ("statement_for_contact", debts.hengrun),
        ("contact", debts.hengrun),
    ]
    typist.press(Qt.Key.Key_F6)
    typist.enter()
    assert office.opened[-1][0] == "invoice"


def test_letters_are_listed_and_read(
    idle: Idle, typist: Typist, at_list: tuple[Any, Office], debts: Debts, file_database: Database, staff: Firm
) -> None:
    screen, office = at_list
    typist.press(Qt.Key.Key_L)
    idle(office)
    dialog = the_dialog(screen, LettersDialog)
    assert dialog.explanation.text() == "No letter was sent to this customer yet."
    dialog.reject()
    with file_database.begin(staff.boss) as work:
        dunning.send(work, [debts.hengrun])
    screen._settle.timeout.emit()
    idle(office)
    assert cells(screen.view)[0]["level"] == "1"
    screen.actions_here["letters"].trigger()
    idle(office)
    dialog = the_dialog(screen, LettersDialog)
    assert dialog.list.model().index(0, 0).data().startswith("Dunning level 1 · ")
    dialog.go.click()
    idle(office)
    assert dialog.preview.printed.data.startswith(b"%PDF")
    dialog.preview.close()


def test_filtering_narrows_rows_and_foot(qtbot: Any, idle: Idle, at_list: tuple[Any, Office]) -> None:
    screen, office = at_list
    screen.search_here()
    qtbot.keyClicks(screen.filter, "bao")
    idle(office)
    assert [one["customer"] for one in cells(screen.view)] == ["Changzhou Baolong Gears"]
    assert screen.footer.count.text() == "1 customer"
    qtbot.keyClick(screen.filter, Qt.Key.Key_Escape)
    idle(office)
    assert len(cells(screen.view)) == 3
    assert screen.view.hasFocus()


def test_views_say_who_is_listed(idle: Idle, at_list: tuple[Any, Office]) -> None:
    screen, office = at_list
    choose(screen, "overdue")
    idle(office)
    assert [one["customer"] for one in cells(screen.view)] == ["Shenzhen Hengrun Trading", "Changzhou Baolong Gears"]
    choose(screen, "broken")
    idle(office)
    assert [one["customer"] for one in cells(screen.view)] == ["Shenzhen Hengrun Trading"]
    choose(screen, "disputed")
    idle(office)
    assert screen.stack.state.title.text() == "Nobody stands in this view"


def test_sorting_by_name_and_back(idle: Idle, at_list: tuple[Any, Office]) -> None:
    screen, office = at_list
    screen.view.header.sort_wanted.emit("customer", False)
    idle(office)
    assert [one["customer"][:3] for one in cells(screen.view)] == ["Cha", "Kan", "She"]


def test_a_sales_rep_sees_own_customers_and_posts_no_receipt(
    open_office: Any, show_screen: Any, staff: Firm, debts: Debts, typist: Typist
) -> None:
    office = open_office(staff.anna)
    screen = show_screen(office, collections_screen)
    assert row_of(screen.view, "Hengrun") == 0
    offered = {action.objectName() for action in screen.actions_offered()}
    assert "promise" in offered
    assert not offered & {"receipt", "dunning"}
    screen.view.setFocus()
    typist.press(Qt.Key.Key_R)
    assert office.opened == []


def test_nobody_owes(open_office: Any, show_screen: Any, staff: Firm) -> None:
    screen = show_screen(open_office(staff.boss), collections_screen)
    state = screen.stack.state
    assert state.title.text() == "Nobody owes you anything"
    assert not screen.actions_here["promise"].isEnabled()


def test_what_others_do_is_read_again_and_nobody_jumps(
    idle: Idle, at_list: tuple[Any, Office], debts: Debts, accountant: Actor, file_database: Database, qtbot: Any
) -> None:
    screen, office = at_list
    books.receive(file_database, accountant, debts.hengrun, "1000.00", uses={debts.instalments[0]: Decimal(1000)})
    idle(office)
    qtbot.waitUntil(lambda: screen.head.overdue.text() == "620.00", timeout=5_000)
    idle(office)
    assert cells(screen.view)[0]["overdue"] == "500.00"
    books.receive(
        file_database,
        accountant,
        debts.hengrun,
        "800.00",
        uses=dict(zip(debts.instalments[1:], (Decimal(500), Decimal(300)), strict=True)),
    )
    idle(office)
    qtbot.waitUntil(lambda: screen.head.overdue.text() == "120.00", timeout=5_000)
    idle(office)
    assert cells(screen.view)[0]["customer"] == "Shenzhen Hengrun Trading"
    assert cells(screen.view)[0]["overdue"] == "0.00"
    screen.reload()
    idle(office)
    assert [one["customer"] for one in cells(screen.view)] == ["Changzhou Baolong Gears", "Kangda Instruments"]
