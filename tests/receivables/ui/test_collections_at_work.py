"""Collections at work: the form that is made late, what is remembered, written to files and come back to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt

from crm_desktop.app import report_files
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import collections_report
from crm_desktop.receivables.ui import report_seam
from crm_desktop.receivables.ui.collecting.collections_screen import collections_screen
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import NotAllowed, UserError
from crm_desktop.shared.listing import Filter, Listing
from crm_desktop.shared.money import Money
from crm_desktop.shared.report import Asked
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist
from tests.receivables import books
from tests.receivables.test_due_list import planned_order
from tests.receivables.ui.debts import Debts, cells, debts, row_of, show_screen

__all__ = ["debts", "show_screen"]
Idle = Callable[[Office], None]


@pytest.fixture
def at_list(open_office: Any, show_screen: Any, staff: Firm, debts: Debts, idle: Idle) -> tuple[Any, Office]:
    office = open_office(staff.boss)
    screen = show_screen(office, collections_screen)
    idle(office)
    return screen, office


@pytest.fixture
def written() -> Iterator[None]:
    """Reports become files here as they do in the program."""
    before = list(report_seam._files)
    report_seam.attach(lambda: report_files)
    yield
    report_seam._files[:] = before


def test_the_form_is_made_when_somebody_calls(idle: Idle, typist: Typist, at_list: tuple[Any, Office]) -> None:
    screen, office = at_list
    assert screen.pane._call is None
    assert not screen.unsaved
    assert screen.can_close()
    typist.press(Qt.Key.Key_C)
    idle(office)
    form = screen.pane.call
    assert form.isVisible()
    assert form.mapTo(screen.pane, QPoint()).y() < screen.pane._story_head.mapTo(screen.pane, QPoint()).y()
    form.said.set_value("Pays on Friday")
    assert screen.pane.half_typed == 1


def test_a_long_step_is_cut_to_the_line_and_told_whole(idle: Idle, typist: Typist, at_list: tuple[Any, Office]) -> None:
    screen, office = at_list
    typist.press(Qt.Key.Key_C)
    idle(office)
    form, case = screen.pane.call, screen.current
    form.close_form()
    words = "Ask for the overdue payment and the signed delivery note · 14 Dec, Carla Rossi"
    form.begin(case, words)
    box = form.done.box
    assert box.toolTip().endswith(words)
    assert box.text().endswith("…")
    assert box.fontMetrics().horizontalAdvance(box.text()) < form.width()
    assert form.form.box("done").label.isHidden()


def test_rows_have_no_boxes_to_check(qtbot: Any, typist: Typist, at_list: tuple[Any, Office]) -> None:
    screen, _office = at_list
    qtbot.mouseClick(screen.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(22, 80))
    assert screen.view.currentIndex().row() == 1
    typist.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    typist.press(Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    typist.press(Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert not screen.view.selection


def test_the_view_is_there_again(
    at_list: tuple[Any, Office], open_office: Any, show_screen: Any, staff: Firm, idle: Idle
) -> None:
    screen, office = at_list
    screen.views._tabs["broken"].click()
    idle(office)
    again = show_screen(replace_settings(open_office(staff.boss), office), collections_screen)
    assert again.views.current() == "broken"


def shown_keys(screen: Any) -> list[str]:
    hints = screen.keys()
    return [hint.keys for hint in hints]


def replace_settings(office: Office, other: Office) -> Office:
    """Return `office` on the computer of `other`."""
    return replace(office, desk=replace(office.desk, settings=other.desk.settings))


def test_others_open_it_with_a_view_and_a_name(idle: Idle, at_list: tuple[Any, Office]) -> None:
    screen, office = at_list
    screen.show_rows(Listing("kangda", filters=(Filter("view", "is", ("all",)),)))
    idle(office)
    assert screen.views.current() == "all"
    assert [one["customer"] for one in cells(screen.view)] == ["Kangda Instruments"]


def test_a_posted_receipt_leads_back(
    idle: Idle, typist: Typist, at_list: tuple[Any, Office], debts: Debts, file_database: Database, staff: Firm
) -> None:
    screen, office = at_list
    came_back: list[str] = []
    screen.desk = replace(screen.desk, open_list=came_back.append)
    typist.press(Qt.Key.Key_R)
    screen.hide()
    uses = {debts.instalments[0]: Decimal(1000)}
    books.receive(file_database, staff.boss, debts.hengrun, "1000.00", uses=uses)
    idle(office)
    idle(office)
    assert came_back == ["collections"]
    assert debts.hengrun in screen.worked


def test_export_holds_what_is_listed(
    idle: Idle, typist: Typist, at_list: tuple[Any, Office], tmp_path: Path, written: None
) -> None:
    screen, office = at_list
    to = tmp_path / "calls.csv"
    office.desk.dialogs.will_answer(to)
    typist.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    idle(office)
    told = to.read_text(encoding="utf-8-sig")
    assert "Shenzhen Hengrun Trading" in told
    assert "Kangda" not in told
    assert "Northgate" not in told


def test_who_only_has_planned_orders_owes_nothing(
    idle: Idle, at_list: tuple[Any, Office], file_database: Database, staff: Firm
) -> None:
    screen, office = at_list
    with file_database.begin(staff.boss) as work:
        atlas = contacts.create(work, {"name": "Atlas", "is_customer": True, "owner": staff.anna.user_id})
    planned_order(file_database, staff.anna, atlas, 500, books.day(10))
    screen.views._tabs["all"].click()
    screen.reload()
    idle(office)
    assert "Atlas" not in [one["customer"] for one in cells(screen.view)]


def test_owner_and_caller_narrow_the_list(
    idle: Idle, at_list: tuple[Any, Office], file_database: Database, staff: Firm, debts: Debts
) -> None:
    screen, office = at_list
    with file_database.begin(staff.boss) as work:
        contact = work.get(Contact, debts.baolong)
        contact.owner_id, contact.owner_key = None, 0
    screen.reload()
    idle(office)
    offered = [screen.whose.itemText(place) for place in range(screen.whose.count())]
    anna = office.desk.names[staff.anna.user_id]
    assert offered == ["Customers of everybody", f"Customers of {anna}", "Without an owner"]
    screen.whose.setCurrentIndex(1)
    idle(office)
    assert [one["customer"] for one in cells(screen.view)] == ["Shenzhen Hengrun Trading"]
    screen.whose.setCurrentIndex(2)
    idle(office)
    assert [one["customer"] for one in cells(screen.view)] == ["Changzhou Baolong Gears"]
    assert screen.asked_words() == "All overdue, Without an owner"
    screen.who.setCurrentIndex(1)
    idle(office)
    state = screen.stack.state
    assert state.title.text() == "Nobody stands in this view"
    state.buttons[0].click()
    idle(office)
    assert len(cells(screen.view)) == 3
    assert screen.view.hasFocus()


def test_nobody_of_that_name_is_said_and_the_filter_cleared(
    idle: Idle, typist: Typist, at_list: tuple[Any, Office]
) -> None:
    screen, office = at_list
    screen.filter.setText("zzz")
    idle(office)
    assert screen.stack.state.title.text() == "Nobody here is called “zzz”"
    assert shown_keys(screen) == ["F5"]
    assert not screen.actions_here["export"].isEnabled()
    screen.stack.state.buttons[0].click()
    idle(office)
    assert screen.stack.state is None
    assert len(cells(screen.view)) == 2
    assert "C" in shown_keys(screen)
    assert screen.actions_here["export"].isEnabled()


def test_a_credit_is_called_a_credit(
    idle: Idle, at_list: tuple[Any, Office], file_database: Database, accountant: Actor, debts: Debts
) -> None:
    screen, office = at_list
    books.receive(file_database, accountant, debts.kangda, "5000.00")
    screen.views._tabs["all"].click()
    screen.reload()
    idle(office)
    assert screen.head.below.text() == "credit of 2,330.00"
    assert screen.footer.totals.text().endswith("credit of CNY 2,330.00")
    row_of(screen.view, "Kangda")
    idle(office)
    assert "credit of CNY 4,300.00" in screen.pane.facts.text()
    with file_database.read(accountant) as work:
        table = collections_report.cases(work, Asked(form="all", contact_id=debts.kangda))
    (row,) = table.rows
    said = {field.name: value for field, value in zip(table.fields, row, strict=True)}
    assert (said["owed"], said["credit"]) == (None, Money(Decimal(4300), "CNY"))


def test_where_nobody_owes_only_what_works_is_offered(
    open_office: Any, show_screen: Any, staff: Firm, idle: Idle
) -> None:
    office = open_office(staff.boss)
    screen = show_screen(office, collections_screen)
    assert shown_keys(screen) == ["F5"]
    assert not any(part.isVisible() for part in (screen.views, screen.whose, screen.who, screen.head, screen.pane))
    assert {one.objectName() for one in screen.actions_offered() if one.isEnabled()} == {"statements"}
    screen.as_of.set_value(books.day(30))
    screen.reload()
    idle(office)
    assert screen.stack.state.title.text() == "Nothing was owed on this day"


def test_a_rep_is_told_whose_customers_are_meant(open_office: Any, show_screen: Any, staff: Firm) -> None:
    screen = show_screen(open_office(staff.anna), collections_screen)
    assert screen.stack.state.title.text() == "None of your customers owes anything"


def test_a_missing_right_offers_no_second_try(at_list: tuple[Any, Office]) -> None:
    screen, _office = at_list
    screen._failed(NotAllowed("Your role does not read receipts."))
    assert screen.stack.state.buttons == []
    screen._failed(UserError("The server is away."))
    assert [one.text() for one in screen.stack.state.buttons] == ["Try again"]
