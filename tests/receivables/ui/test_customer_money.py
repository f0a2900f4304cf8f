"""What a customer owes on its record: figures, open instalments, what paid what, promises, credit terms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.contacts.ui import specs
from crm_desktop.contacts.ui.related import Above
from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import credit_terms
from crm_desktop.receivables.money import promises
from crm_desktop.receivables.ui.collecting.credit_terms_dialog import CreditTermsDialog
from crm_desktop.receivables.ui.specs_settings import RELATED
from crm_desktop.shared.actor import Actor
from crm_desktop.ui.buttons import Button
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist
from tests.receivables import books
from tests.receivables.credit_books import set_company, set_terms

Idle = Callable[[Office], None]


@pytest.fixture
def show(qtbot: Any, idle: Idle) -> Callable[[Office, int], Any]:
    """Open a customer's record at the tab of its money."""
    tabs: list[QWidget] = []

    def open_tab(office: Office, contact_id: int) -> Any:
        screen = specs.contact_record(office.desk, contact_id, above=Above(related=(RELATED,)))
        tabs.append(screen)
        qtbot.addWidget(screen)
        screen.resize(1178, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        idle(office)
        if RELATED.key in screen.record.related:
            screen.record.tabs.choose(RELATED.key)
            idle(office)
        return screen.record

    return open_tab


@pytest.fixture
def owing(file_database: Database, accountant: Actor, staff: Firm, kangda: int) -> int:
    """Kangda owes two invoices, paid 300 of the first and sent 50 more than it was asked for."""
    first = books.invoice(file_database, kangda, "INV-1", ("1000.00", 74), ("500.00", -10))
    books.invoice(file_database, kangda, "INV-2", ("80.00", 5))
    books.receive(file_database, accountant, kangda, "350.00", uses={first[0]: Decimal(300)})
    books.credit_note(file_database, kangda, "CN-1", "20.00")
    with file_database.begin(staff.boss) as work:
        values = {"currency": "CNY", "amount": Decimal(700), "due_on": books.TODAY + timedelta(days=3), "person": "Li"}
        promises.promise(work, kangda, values)
    return kangda


def figures(pane: Any) -> dict[str, tuple[str, str]]:
    return {one.label: (one.value, one.below) for one in pane.figures}


def heads(record: Any) -> dict[str, tuple[str, str]]:
    return {one.label: (one.value, one.below) for one in record.describe(record.record).figures}


def choose(qtbot: Any, section: Any, text: str) -> None:
    """Go to a row by the keyboard."""
    section.view.setFocus()
    for row in range(section.table.rowCount()):
        section.view.setCurrentIndex(section.table.index(row, 0))
        if text in (section.table.index(row, 0).data(), section.table.record(row).get("number")):
            return
    raise AssertionError(text)


def press(qtbot: Any, pane: Any, text: str) -> None:
    (button,) = (one for one in pane.findChildren(Button) if one.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_figures_say_what_is_owed_and_how_the_credit_stands(
    open_office: Any, show: Any, owing: int, file_database: Database, staff: Firm
) -> None:
    set_terms(file_database, staff.boss, owing, limit=Decimal(1500), overdue_days=60)
    books.invoice(file_database, owing, "INV-3", ("10.00", 3), currency="USD")
    record = show(open_office(staff.manager), owing)
    said = figures(record.related["money"])
    assert said["Credit limit"] == ("1,500.00", "stops after 60 days")
    assert said["Used"] == ("1,220.00", "CNY")
    aged = record.related["money"].ages.text().split("\n")
    assert aged[0].startswith("CNY   Not due 500.00   ·   1–30 days 80.00   ·   61–90 days 700.00")
    assert aged[0].endswith("Not allocated −70.00")
    assert aged[1] == "USD   1–30 days 10.00"
    assert heads(record) == {
        "Balance": ("1,210.00", "CNY · USD 10.00"),
        "Overdue": ("780.00", "oldest 74 days · USD 10.00"),
        "Credit free": ("280.00", "of 1,500.00"),
    }


def test_who_may_not_read_limits_reads_none(
    open_office: Any, show: Any, idle: Idle, owing: int, file_database: Database, staff: Firm
) -> None:
    set_terms(file_database, staff.boss, owing, limit=Decimal(1500))
    office = open_office(staff.anna)
    record = show(office, owing)
    pane = record.related["money"]
    assert figures(pane) == {}
    assert set(heads(record)) == {"Balance", "Overdue"}
    assert {one.text() for one in pane.findChildren(Button)} >= {"Statement"}
    assert not {one.text() for one in pane.findChildren(Button)} & {"New receipt", "Credit terms…"}
    set_terms(file_database, staff.boss, owing, limit=Decimal(1))
    idle(office)
    assert figures(pane)["Credit"][0] == "stopped"


def test_allocations_are_told_from_both_sides(
    qtbot: Any, open_office: Any, show: Any, idle: Idle, owing: int, accountant: Actor
) -> None:
    office = open_office(accountant)
    pane = show(office, owing).related["money"]
    assert [pane.sections[name].table.rowCount() for name in ("instalment", "invoice", "receipt")] == [3, 3, 1]
    choose(qtbot, pane.sections["invoice"], "INV-1")
    idle(office)
    assert [one.split(" · ")[0] for one in pane.allocations.told] == ["Receipt RC2026-0001 300.00"]
    choose(qtbot, pane.sections["receipt"], "RC2026-0001")
    idle(office)
    (told,) = pane.allocations.told
    assert told.startswith("Invoice INV-1 300.00")
    assert told.endswith("instalment 1/2")
    (link,) = (one for one in pane.allocations.findChildren(Button) if one.text() == "Invoice INV-1")
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert office.opened[-1][0] == "invoice"


def test_promises_stand_beside(open_office: Any, show: Any, owing: int, staff: Firm) -> None:
    pane = show(open_office(staff.anna), owing).related["money"]
    assert pane.promises.told == ["CNY 700.00 by 23 Nov 2026 · Promised"]


def test_buttons_begin_documents_of_this_customer(
    qtbot: Any, open_office: Any, show: Any, idle: Idle, owing: int, accountant: Actor
) -> None:
    office = open_office(accountant)
    pane = show(office, owing).related["money"]
    press(qtbot, pane, "New receipt")
    press(qtbot, pane, "Statement")
    assert office.opened == [("receipt_for_contact", owing), ("statement_for_contact", owing)]
    section = pane.sections["instalment"]
    section.view.opened.emit(section.table.id_at(0))
    idle(office)
    assert office.opened[-1][0] == "invoice"


def test_credit_terms_are_kept_by_the_accountant_and_read_by_the_manager(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    typist: Typist,
    owing: int,
    accountant: Actor,
    file_database: Database,
    staff: Firm,
) -> None:
    set_company(file_database, overdue_days=30)
    office = open_office(accountant)
    pane = show(office, owing).related["money"]
    press(qtbot, pane, "Credit terms…")
    idle(office)
    dialog = next(one for one in pane.findChildren(CreditTermsDialog) if one.isVisible())
    assert dialog.holds.text() == (
        "Without a limit of its own this customer has none. A debt older than 30 days stops new orders."
    )
    qtbot.keyClicks(dialog.limit.line, "-5")
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    idle(office)
    assert dialog._boxes["limit"].error
    dialog.limit.line.selectAll()
    qtbot.keyClicks(dialog.limit.line, "2,000")
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    idle(office)
    with file_database.read(accountant) as work:
        assert credit_terms.get(work, owing).limit == Decimal(2000)
    assert figures(pane)["Credit limit"][0] == "2,000.00"
    office = open_office(staff.manager)
    pane = show(office, owing).related["money"]
    press(qtbot, pane, "Credit terms…")
    idle(office)
    dialog = next(one for one in pane.findChildren(CreditTermsDialog) if one.isVisible())
    assert dialog.limit.line.isReadOnly()
    assert not dialog.go.isVisible()


def test_a_customer_who_owes_nothing(open_office: Any, show: Any, kangda: int, staff: Firm) -> None:
    record = show(open_office(staff.boss), kangda)
    pane = record.related["money"]
    assert figures(pane) == {"Credit limit": ("none", ""), "Used": ("0.00", "CNY")}
    assert pane.ages.text() == "Nothing is owed."
    assert not pane.bar.isVisible()
    assert heads(record) == {}


def test_what_happens_elsewhere_is_read_again(
    open_office: Any, show: Any, idle: Idle, owing: int, accountant: Actor, file_database: Database, staff: Firm
) -> None:
    office = open_office(staff.boss)
    record = show(office, owing)
    before = heads(record)["Balance"][0]
    books.receive(file_database, accountant, owing, "10.00")
    idle(office)
    assert before == "1,210.00"
    assert heads(record)["Balance"][0] == "1,200.00"
    assert record.related["money"].sections["receipt"].table.rowCount() == 2
