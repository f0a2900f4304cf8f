"""The customer's credit on the order form, and what happens when it does not carry a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt

from crm_desktop.db.work import Database
from crm_desktop.orders import above as orders_above
from crm_desktop.orders import service
from crm_desktop.orders.ui import above
from crm_desktop.orders.ui.above import Additions
from crm_desktop.orders.ui.delivery_dialog import DeliveryDialog
from crm_desktop.orders.ui.override_dialog import OverrideDialog
from crm_desktop.receivables.billing.for_orders import InvoicesOfOrders
from crm_desktop.receivables.collecting import credit
from crm_desktop.receivables.ui.collecting.credit_strip import credit_strip
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist, goods, huaxin, make_order, show, stored_order
from tests.orders.ui.test_order_record import choose_customer, dialog
from tests.receivables.credit_books import claim, set_company, set_terms

__all__ = ["goods", "huaxin", "make_order", "show", "stored_order"]
Idle = Callable[[Office], None]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def _credit_above_orders() -> Iterator[None]:
    before, shown = orders_above.attached(), above.attached()
    orders_above.attach(InvoicesOfOrders())
    above.attach(Additions(credit_strip=credit_strip))
    yield
    orders_above.attach(*before)
    above.attach(shown)


def strip_of(record: Any) -> Any:
    return record.document.credit


def test_the_strip_follows_every_key_and_asks_once(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    typist: Typist,
    goods: dict[str, int],
    huaxin: int,
    file_database: Database,
    staff: Firm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_terms(file_database, staff.boss, huaxin, limit=Decimal(500_000), overdue_days=90)
    claim(file_database, huaxin, 412_300_00, late=74)
    asked: list[int] = []
    real = credit.standing
    monkeypatch.setattr(credit, "standing", lambda work, id_: (asked.append(id_), real(work, id_))[1])
    office = open_office(staff.manager)
    record = show(office, "order", None)
    assert strip_of(record).isVisible()
    assert "Choose the customer" in strip_of(record).row.words.text()
    choose_customer(qtbot, record, typist, "huaxin")
    idle(office)
    said = strip_of(record).text()
    assert said.startswith("Credit limit 500,000.00 · Used 412,300.00 · This order 0.00 · Free after 87,700.00")
    assert said.endswith("Oldest overdue 74 days")
    record.document.lines.focus()
    for key in ("6204", "2,000", "8.60"):
        typist.type(key)
        typist.tab()
    assert "This order 19,436.00 · Free after 68,264.00" in strip_of(record).text()
    assert strip_of(record).note.text() == ""
    typist.enter()
    for key in ("6308", "2,000", "31.50"):
        typist.type(key)
        typist.tab()
    assert "Free after −2,926.00" in strip_of(record).text()
    assert strip_of(record).note.text().startswith("Confirming needs an override. Ningbo Huaxin")
    assert "2,926.00 CNY too much" in strip_of(record).note.text()
    assert asked == [huaxin]
    # What others do is read again.
    set_terms(file_database, staff.boss, huaxin, limit=Decimal(600_000))
    idle(office)
    assert "Credit limit 600,000.00" in strip_of(record).text()
    assert strip_of(record).note.text() == ""


def test_confirming_past_the_limit_takes_a_reason(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    make_order: Any,
    huaxin: int,
    stored_order: Any,
    file_database: Database,
    staff: Firm,
) -> None:
    set_terms(file_database, staff.boss, huaxin, limit=Decimal(100))
    order_id = make_order(("SEAL-TC-35X52", 100, "2"), confirmed=False)
    office = open_office(staff.manager)
    record = show(office, "order", order_id)
    assert record.document.credit.note.isVisible()
    record.actions_here["confirm"].trigger()
    idle(office)
    asked = dialog(record, OverrideDialog)
    assert "126.00 CNY too much" in asked.explanation.text()
    qtbot.mouseClick(asked.go, Qt.MouseButton.LeftButton)
    assert asked.box.error
    assert stored_order(order_id)["state"] == "draft"
    qtbot.keyClicks(asked.reason.text, "Paid by Friday")
    qtbot.mouseClick(asked.go, Qt.MouseButton.LeftButton)
    idle(office)
    assert stored_order(order_id)["state"] == "confirmed"
    assert any("is confirmed" in toast[0] for toast in office.toasts)
    # It still is too much for delivering, and the words say so; nothing is proposed twice.
    assert record.document.credit.note.text().startswith("Delivering needs an override.")
    record.actions_here["deliver"].trigger()
    idle(office)
    delivering = dialog(record, DeliveryDialog)
    qtbot.mouseClick(delivering.go, Qt.MouseButton.LeftButton)
    idle(office)
    asked = dialog(delivering, OverrideDialog)
    qtbot.keyClicks(asked.reason.text, "Agreed")
    qtbot.mouseClick(asked.go, Qt.MouseButton.LeftButton)
    idle(office)
    assert stored_order(order_id)["delivered_percent"] == 100


def test_the_strip_itself_offers_the_override(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    make_order: Any,
    huaxin: int,
    stored_order: Any,
    file_database: Database,
    staff: Firm,
) -> None:
    set_company(file_database, overdue_days=60)
    claim(file_database, huaxin, 1, late=61)
    order_id = make_order(("SEAL-TC-35X52", 1, "2"), confirmed=False)
    office = open_office(staff.manager)
    record = show(office, "order", order_id)
    note = record.document.credit.note
    assert "61 days overdue" in note.text()
    qtbot.mouseClick(note._action, Qt.MouseButton.LeftButton)
    idle(office)
    asked = dialog(record, OverrideDialog)
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    idle(office)
    assert stored_order(order_id)["state"] == "draft"


def test_a_rep_reads_words_and_is_refused_in_words(
    open_office: Any,
    show: Any,
    idle: Idle,
    make_order: Any,
    huaxin: int,
    stored_order: Any,
    file_database: Database,
    staff: Firm,
) -> None:
    set_terms(file_database, staff.boss, huaxin, limit=Decimal(100))
    order_id = make_order(("SEAL-TC-35X52", 10, "2"), confirmed=False)
    office = open_office(staff.anna)
    record = show(office, "order", order_id)
    strip = record.document.credit
    assert strip.text() == "The credit carries this order"
    claim(file_database, huaxin, 99_00, late=3)
    strip.reload()
    idle(office)
    assert strip.text() == "The credit does not carry this order · Oldest overdue 3 days"
    assert strip.note.text().startswith("Confirming will be refused. The credit limit of Ningbo Huaxin")
    record.actions_here["confirm"].trigger()
    idle(office)
    assert not [one for one in record.findChildren(OverrideDialog) if one.isVisible()]
    assert "Ask somebody who may decide about credit" in record.note.text()
    assert stored_order(order_id)["state"] == "draft"


def test_a_confirmed_order_that_grows_is_asked_again_when_it_is_saved(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    typist: Typist,
    make_order: Any,
    huaxin: int,
    stored_order: Any,
    file_database: Database,
    staff: Firm,
) -> None:
    order_id = make_order(("SEAL-TC-35X52", 10, "2"))
    set_terms(file_database, staff.boss, huaxin, limit=Decimal(30))
    office = open_office(staff.manager)
    record = show(office, "order", order_id)
    record.document.lines.focus()
    grid = record.document.lines.grid
    grid.go(0, "quantity")
    typist.type("100")
    typist.enter()
    assert "This order 203.40" in record.document.credit.text()
    typist.press(Qt.Key.Key_S, CTRL)
    idle(office)
    asked = dialog(record, OverrideDialog)
    assert stored_order(order_id)["total"] == Decimal("22.60")
    qtbot.keyClicks(asked.reason.text, "Agreed")
    qtbot.mouseClick(asked.go, Qt.MouseButton.LeftButton)
    idle(office)
    assert stored_order(order_id)["total"] == Decimal("226.00")
    assert not record.unsaved


def test_an_order_that_is_done_says_nothing_about_credit(
    open_office: Any, show: Any, make_order: Any, file_database: Database, staff: Firm
) -> None:
    order_id = make_order(("SEAL-TC-35X52", 10, "2"))
    with file_database.begin(staff.boss) as work:
        service.cancel(work, order_id, service.get(work, order_id).version, "no")
    record = show(open_office(staff.boss), "order", order_id)
    assert not record.document.credit.isVisible()
    assert show(open_office(staff.boss), "quote", None).document.above_lines() is None


def test_in_a_narrow_window_no_figure_is_cut(
    qtbot: Any, open_office: Any, show: Any, make_order: Any, huaxin: int, file_database: Database, staff: Firm
) -> None:
    set_terms(file_database, staff.boss, huaxin, limit=Decimal(500_000))
    claim(file_database, huaxin, 412_300_00, late=74)
    record = show(open_office(staff.boss), "order", make_order(("SEAL-TC-35X52", 10, "2"), confirmed=False))
    row = record.document.credit.row
    assert row.bar.isVisible()
    row.window().resize(row.window().minimumSizeHint().width(), 700)
    qtbot.waitUntil(lambda: not row.bar.isVisible())
    for part in (*row.figures, row.late):
        assert not part.isVisible() or part.width() >= part.sizeHint().width()
    assert row.late.isVisible()
