"""One order in a tab, typed and taken on its way as people do it, over a real SQLite file."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from crm_desktop.db.work import Database
from crm_desktop.orders import service
from crm_desktop.orders.ui.delivery_dialog import DeliveryDialog, ReturnDialog
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist, order_line

Idle = Callable[[Office], None]
CTRL = Qt.KeyboardModifier.ControlModifier


def dialog(screen: Any, kind: type[Any]) -> Any:
    return next(one for one in screen.findChildren(kind) if one.isVisible())


def choose_customer(qtbot: Any, record: Any, typist: Typist, text: str) -> None:
    finder = record.document.customer.line
    finder.setFocus()
    typist.type(text)
    qtbot.waitUntil(lambda: bool(finder.lines))
    typist.enter()


def test_a_ten_line_order_is_typed_without_the_mouse(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    typist: Typist,
    goods: dict[str, int],
    huaxin: int,
    stored_order: Any,
    staff: Firm,
) -> None:
    office = open_office(staff.anna)
    record = show(office, "order", None)
    assert record.document.customer.line.hasFocus()
    choose_customer(qtbot, record, typist, "huaxin")
    idle(office)
    assert record.form.editor("reference").line.hasFocus()
    typist.type("PO-HX-1187")
    grid = record.document.lines.grid
    for _step in range(8):
        if grid.editor.hasFocus():
            break
        typist.tab()
    assert grid.editor.hasFocus()
    for code, quantity, price, discount in (
        ("6204", "2,000", "8.60", ""),
        ("brg-6308", "600", "31.5", "5"),
        ("bxgzf", "80", "", ""),
        ("hex bolt", "45", "168", "10%"),
        ("seal", "1,200", "", ""),
        ("cpl", "780", "4.80", ""),
        ("6204", "1", "9", ""),
        ("6308", "2.5", "30.125", "12.5"),
    ):
        typist.type(code)
        typist.tab()
        typist.type(quantity)
        typist.tab()
        if price:
            typist.type(price)
        typist.tab()
        if discount:
            typist.type(discount)
        typist.enter()
    typist.type("Spare parts")
    typist.press(Qt.Key.Key_Down)
    typist.enter()
    typist.type("Freight")
    typist.enter()
    typist.type("1")
    typist.tab()
    typist.type("120")
    typist.press(Qt.Key.Key_S, CTRL)
    idle(office)
    assert not record.unsaved
    order = stored_order(record.record_id)
    assert (order["contact_id"], order["reference"]) == (huaxin, "PO-HX-1187")
    lines = order["lines"]
    assert [line["code"] for line in lines] == [
        *("BRG-6204-2RS", "BRG-6308-C3", "VLV-DN50-304", "FST-M12X60-A4", "SEAL-TC-35X52", "CPL-L090-JAW"),
        *("BRG-6204-2RS", "BRG-6308-C3", "", ""),
    ]
    assert [line["kind"] for line in lines[-2:]] == ["text", "item"]
    assert [line["quantity"] for line in lines[:3]] == [Decimal(2000), Decimal(600), Decimal(80)]
    assert lines[2]["unit_price"] == Decimal(286)
    assert lines[4]["unit_price"] == Decimal("2.15")
    assert (lines[3]["discount_percent"], lines[7]["unit_price"]) == (Decimal(10), Decimal("30.125"))
    shown = record.document.totals.total.text()
    assert shown == f"{order['total']:,f}"
    assert record.title() == "Draft · Ningbo Huaxin Electromechanical"


def test_a_pasted_block_with_errors_is_not_saved_until_it_is_mended(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    typist: Typist,
    goods: dict[str, int],
    huaxin: int,
    stored_order: Any,
    staff: Firm,
) -> None:
    office = open_office(staff.anna)
    record = show(office, "order", None, contact_id=huaxin)
    lines = record.document.lines
    assert record.document.customer.customer_name() == "Ningbo Huaxin Electromechanical"
    lines.grid.setFocus()
    QGuiApplication.clipboard().setText("Code\tQty\tPrice\r\nBRG-6204-2RS\t10\t8\r\nBRG-9999\tten\t3\r\n")
    typist.press(Qt.Key.Key_V, CTRL)
    assert "2 cells could not be read" in lines.strip.text()
    record.save()
    idle(office)
    assert record.record_id is None
    assert lines.grid.lines.text(1, "quantity") == "ten"
    assert lines.grid.column.name == "quantity"
    typist.type("12")
    typist.tab()
    lines.show_first_wrong()
    typist.type("seal")
    typist.enter()
    assert not lines.strip.isVisible()
    typist.press(Qt.Key.Key_S, CTRL)
    idle(office)
    stored = stored_order(record.record_id)["lines"]
    assert [(line["code"], line["quantity"]) for line in stored] == [
        ("BRG-6204-2RS", Decimal(10)),
        ("SEAL-TC-35X52", Decimal(12)),
    ]
    assert stored[1]["unit_price"] == Decimal(3)


def test_confirming_saves_what_is_typed_and_gives_the_number(
    qtbot: Any, open_office: Any, show: Any, idle: Idle, typist: Typist, make_order: Any, stored_order: Any, staff: Firm
) -> None:
    order_id = make_order(("BRG-6204-2RS", 10, 8), ("SEAL-TC-35X52", 3, 1), confirmed=False)
    office = open_office(staff.anna)
    record = show(office, "order", order_id)
    assert record.cost_note.text().startswith("Line 2 is sold below cost")
    grid = record.document.lines.grid
    grid.setFocus()
    grid.go(0, "quantity")
    typist.type("12")
    record.actions_here["confirm"].trigger()
    idle(office)
    stored = stored_order(order_id)
    assert (stored["state"], stored["number"]) == ("confirmed", record.title())
    assert stored["lines"][0]["quantity"] == 12
    assert office.toasts[-1][0] == f"Order {stored['number']} is confirmed"
    assert record.actions_here["deliver"].isVisible()
    assert not record.actions_here["confirm"].isVisible()
    assert "delivered" in {column.name for column in grid.lines.columns}


def test_an_order_without_lines_is_not_confirmed(
    qtbot: Any, open_office: Any, show: Any, idle: Idle, huaxin: int, goods: dict[str, int], staff: Firm
) -> None:
    office = open_office(staff.anna)
    record = show(office, "order", None, contact_id=huaxin)
    record.actions_here["confirm"].trigger()
    idle(office)
    assert record.record is None or record.record["state"] == "draft"
    assert record.document.lines.strip.text() or record.note.text()


def test_an_order_is_delivered_in_two_parts_and_something_comes_back(
    qtbot: Any, open_office: Any, show: Any, idle: Idle, typist: Typist, make_order: Any, stored_order: Any, staff: Firm
) -> None:
    order_id = make_order(("BRG-6204-2RS", 10, 8), ("SEAL-TC-35X52", 3, 4))
    office = open_office(staff.anna)
    record = show(office, "order", order_id)
    record.actions_here["deliver"].trigger()
    idle(office)
    asking = dialog(record, DeliveryDialog)
    assert [editor.line.text() for editor in asking.rows.editors] == ["10", "3"]
    asking.rows.editors[0].line.selectAll()
    qtbot.keyClicks(asking.rows.editors[0].line, "11")
    asking.go.click()
    assert asking.note.text() == "10 pc of Deep groove ball bearing 6204-2RS are open, not 11."
    asking.rows.editors[0].line.selectAll()
    qtbot.keyClicks(asking.rows.editors[0].line, "4")
    asking.go.click()
    idle(office)
    stored = stored_order(order_id)
    assert [line["open"] for line in stored["lines"]] == [Decimal(6), Decimal(0)]
    grid = record.document.lines.grid
    assert [grid.lines.text(row, "open") for row in range(2)] == ["6", "0"]
    record.actions_here["deliver"].trigger()
    idle(office)
    second = dialog(record, DeliveryDialog)
    assert [editor.line.text() for editor in second.rows.editors] == ["6"]
    second.go.click()
    idle(office)
    assert stored_order(order_id)["delivered_percent"] == 100
    assert not record.actions_here["deliver"].isVisible()
    record.show_tab("deliveries")
    qtbot.waitUntil(lambda: len(record.deliveries.heads) == 2)
    first = record.deliveries.heads[0].id
    record.deliveries.take_back[first].click()
    idle(office)
    back = dialog(record, ReturnDialog)
    assert [editor.line.text() for editor in back.rows.editors] == ["", ""]
    qtbot.keyClicks(back.rows.editors[0].line, "1")
    back.go.click()
    idle(office)
    assert [line["open"] for line in stored_order(order_id)["lines"]] == [Decimal(1), Decimal(0)]
    qtbot.waitUntil(lambda: len(record.deliveries.heads) == 3)


def test_what_a_colleague_delivered_meanwhile_is_not_delivered_twice(
    qtbot: Any, open_office: Any, show: Any, idle: Idle, make_order: Any, stored_order: Any, staff: Firm
) -> None:
    order_id = make_order(("BRG-6204-2RS", 10, 8))
    mine, theirs = open_office(staff.anna), open_office(staff.boss)
    first, second = show(mine, "order", order_id), show(theirs, "order", order_id)
    asked = []
    for office, record in ((mine, first), (theirs, second)):
        record.actions_here["deliver"].trigger()
        idle(office)
        asked.append(dialog(record, DeliveryDialog))
    asked[0].go.click()
    idle(mine)
    asked[1].go.click()
    idle(theirs)
    assert "any more" in asked[1].note.text()
    assert stored_order(order_id)["lines"][0]["delivered"] == 10


def test_closing_short_asks_why_and_leaves_only_notes_open(
    qtbot: Any, open_office: Any, show: Any, idle: Idle, make_order: Any, stored_order: Any, staff: Firm
) -> None:
    order_id = make_order(("BRG-6204-2RS", 10, 8))
    office = open_office(staff.boss)
    record = show(office, "order", order_id)
    office.desk.dialogs.will_answer("Discontinued")
    record.actions_here["close_short"].trigger()
    idle(office)
    assert stored_order(order_id)["end_reason"] == "Discontinued"
    assert not record.document.lines.grid.lines.writable
    assert not record.form.editor("notes").text.isReadOnly()
    assert record.form.editor("terms").text.isReadOnly()


def test_the_last_price_is_told_and_taken_by_key(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    typist: Typist,
    make_order: Any,
    huaxin: int,
    staff: Firm,
) -> None:
    make_order(("CPL-L090-JAW", 500, "4.80"))
    office = open_office(staff.anna)
    record = show(office, "order", None, contact_id=huaxin)
    lines = record.document.lines
    lines.grid.setFocus()
    typist.type("cpl")
    typist.enter()
    idle(office)
    typist.tab()
    assert lines.hint.isVisible()
    label, said = lines.hint.hint.first
    assert label == "Last paid"
    assert said.startswith("4.80 on ")
    assert "for 500 pc" in said
    assert lines.hint.hint.others == (("List price", "5.20"),)
    assert QApplication.focusWidget() is lines.grid.editor
    typist.press(Qt.Key.Key_F4)
    assert lines.grid.lines.text(0, "unit_price") == "4.80"
    typist.tab()
    assert not lines.hint.isVisible()


def test_two_people_type_in_one_draft(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    typist: Typist,
    make_order: Any,
    stored_order: Any,
    goods: dict[str, int],
    staff: Firm,
    file_database: Database,
) -> None:
    order_id = make_order(("BRG-6204-2RS", 10, 8), confirmed=False)
    office = open_office(staff.anna)
    record = show(office, "order", order_id)
    record.form.editor("reference").line.setFocus()
    typist.type("PO-1")
    with file_database.begin(staff.boss) as work:
        more = [order_line(goods, "BRG-6204-2RS", 10, 8), order_line(goods, "SEAL-TC-35X52", 5, 2)]
        service.save(work, order_id, service.get(work, order_id).version, {"lines": more})
    record.save()
    idle(office)
    stored = stored_order(order_id)
    assert (stored["reference"], len(stored["lines"])) == ("PO-1", 2)
    qtbot.waitUntil(lambda: len(record.document.lines.grid.lines.lines) == 2)


def test_a_draft_survives_a_crash(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    typist: Typist,
    huaxin: int,
    goods: dict[str, int],
    staff: Firm,
    tmp_path: Any,
) -> None:
    from crm_desktop.ui.drafts import DraftStore

    drafts = DraftStore(tmp_path / "drafts")
    office = open_office(staff.anna)
    record = show(office, "order", None, drafts=drafts, company="c", contact_id=huaxin)
    record.document.lines.grid.setFocus()
    typist.type("6204")
    typist.enter()
    typist.type("7")
    record.drafts.keep()
    again = show(office, "order", None, drafts=drafts, company="c")
    again.drafts.restore()
    idle(office)
    assert again.document.lines.grid.lines.text(0, "quantity") == "7"
    assert again.document.customer.customer_name() == "Ningbo Huaxin Electromechanical"
