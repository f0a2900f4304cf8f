"""An accountant works ten customers by the keyboard alone; everything is stored, nobody jumps, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.activities import following
from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.receivables.money import promises
from crm_desktop.receivables.ui.collecting.collections_screen import collections_screen
from crm_desktop.shared.actor import Actor
from tests.companies import Firm, server_company
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist
from tests.receivables import books
from tests.receivables.ui.debts import cells, show_screen

__all__ = ["show_screen"]
CONTROL = Qt.KeyboardModifier.ControlModifier
COUNT = 10


@pytest.fixture
def begins_with_people() -> bool:
    return True


@pytest.fixture(params=["sqlite", "postgresql"])
def file_database(request: pytest.FixtureRequest, file_database: Database) -> Iterator[Database]:
    """The company of these tests on either engine."""
    if request.param == "sqlite":
        yield file_database
        return
    company = server_company(request.getfixturevalue("company_url"))
    yield company
    company.close()


@pytest.fixture
def staff(request: pytest.FixtureRequest, file_database: Database) -> Firm:
    kind = "founded_file" if file_database.path is not None else "founded_on_server"
    people: Firm = request.getfixturevalue(kind)[1]
    return people


@pytest.fixture
def debtors(file_database: Database, staff: Firm, accountant: Actor) -> list[int]:
    """Ten customers, the first owes most."""
    with file_database.begin(staff.boss) as work:
        ids = [
            contacts.create(work, {"name": f"Debtor {n}", "is_customer": True, "owner": staff.anna.user_id})
            for n in range(COUNT)
        ]
    for place, id_ in enumerate(ids):
        books.invoice(file_database, id_, f"INV-{place}", (f"{1000 - 50 * place}.00", 20 + place))
    return ids


def test_ten_customers_by_keys_alone(
    open_office: Any,
    show_screen: Any,
    idle: Callable[[Office], None],
    typist: Typist,
    accountant: Actor,
    debtors: list[int],
    file_database: Database,
) -> None:
    office = open_office(accountant)
    screen = show_screen(office, collections_screen)
    names = [f"Debtor {n}" for n in range(COUNT)]
    assert [one["customer"] for one in cells(screen.view)] == names
    for place, id_ in enumerate(debtors):
        assert screen.view.current_id == id_
        typist.press(Qt.Key.Key_C)
        typist.type(f"Said by {place}")
        if place % 2:
            typist.tab()
            typist.type(str(100 + place))
            typist.tab()
            typist.type("+5")
        typist.press(Qt.Key.Key_Return, CONTROL)
        idle(office)
        screen._settle.timeout.emit()
        idle(office)
        assert screen.view.hasFocus()
        assert [one["customer"] for one in cells(screen.view)] == names
    assert screen.worked == set(debtors)
    assert "10 done" in screen.footer.count.text()
    assert office.toasts[-1][0] == "That was the last customer of this list."
    with file_database.read(accountant) as work:
        said, steps = following.last_said(work, debtors), following.next_of(work, debtors)
        promised = promises.of_customers(work, debtors)
    assert [said[id_].text for id_ in debtors] == [f"Said by {place}" for place in range(COUNT)]
    assert {id_: made[0].amount for id_, made in promised.items()} == {
        id_: Decimal(100 + place) for place, id_ in enumerate(debtors) if place % 2
    }
    assert set(steps) == set(promised)
    for id_, step in steps.items():
        assert step.due_on is not None
        assert step.due_on > promised[id_][0].due_on
        assert step.due_on.weekday() < 5
        assert step.user_id == accountant.user_id


def test_half_typed_text_waits_for_its_customer(
    open_office: Any,
    show_screen: Any,
    idle: Callable[[Office], None],
    typist: Typist,
    accountant: Actor,
    debtors: list[int],
) -> None:
    office = open_office(accountant)
    screen = show_screen(office, collections_screen)
    typist.press(Qt.Key.Key_C)
    typist.type("Half a sen")
    assert screen.unsaved
    screen.view.setFocus()
    typist.press(Qt.Key.Key_Down)
    idle(office)
    assert screen.pane.call.said.value() == ""
    typist.press(Qt.Key.Key_Up)
    idle(office)
    assert screen.pane.call.said.value() == "Half a sen"
    screen.pane.call.said.focus()
    typist.press(Qt.Key.Key_Escape)
    assert screen.pane.call.isHidden()
    assert not screen.unsaved
    assert QApplication.focusWidget() is screen.view


def test_nothing_typed_and_a_promise_without_a_day_are_refused_beside_the_field(
    open_office: Any,
    show_screen: Any,
    idle: Callable[[Office], None],
    typist: Typist,
    accountant: Actor,
    debtors: list[int],
) -> None:
    office = open_office(accountant)
    screen = show_screen(office, collections_screen)
    form = screen.pane.call
    typist.press(Qt.Key.Key_C)
    typist.press(Qt.Key.Key_Return, CONTROL)
    idle(office)
    assert "said" in form.form.errors
    typist.press(Qt.Key.Key_Escape)
    typist.press(Qt.Key.Key_P)
    assert form.amount.value() == Decimal(1000)
    typist.press(Qt.Key.Key_Return, CONTROL)
    idle(office)
    assert form.form.errors == {"by": "Say until when it is promised."}
    assert screen.view.current_id == debtors[0]
