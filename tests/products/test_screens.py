"""The screens of products and prices, used as people use them, over a real SQLite file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit

from crm_desktop.db.work import Database
from crm_desktop.exchange.ui.export_dialog import ExportDialog
from crm_desktop.products import price_lists, service, settings
from crm_desktop.products.ui import specs
from crm_desktop.shared.record import Record
from crm_desktop.ui.dialogs import Answer
from tests.companies import Firm


@pytest.fixture
def database(file_database: Database) -> Database:
    return file_database


@pytest.fixture
def firm(staff: Firm) -> Firm:
    return staff


@pytest.fixture
def stored(database: Database, firm: Firm) -> Any:
    def read(product_id: int) -> Record:
        with database.read(firm.boss) as work:
            return service.get(work, product_id)

    return read


@pytest.fixture
def agreed(database: Database, firm: Firm) -> Any:
    def read(list_id: int) -> dict[str, Decimal]:
        with database.read(firm.boss) as work:
            record = price_lists.get_price_list(work, list_id)
        return {row["code"]: row["price"] for row in record["prices"]}

    return read


def shown(screen: Any, name: str = "code") -> list[str]:
    table = screen.table
    column = next(place for place, field in enumerate(table.columns) if field.name == name)
    return [table.index(row, column).data() for row in range(table.rowCount())]


def fill(qtbot: Any, record: Any, **texts: str) -> None:
    for name, text in texts.items():
        line = record.form.editor(name).parts()[0]
        line.setFocus()
        line.selectAll()
        qtbot.keyClicks(line, text)


def offered(screen: Any) -> set[str]:
    return {action.objectName() for action in screen.actions_here.offered() if action.isVisible()}


def open_cell(table: Any) -> QLineEdit:
    return next(line for line in table.viewport().findChildren(QLineEdit) if line.isVisible())


# The list ------------------------------------------------------------------------------------


def test_an_empty_list_says_what_it_is_and_offers_the_first(
    qtbot: Any, open_office: Any, show: Any, staff: Firm
) -> None:
    office = open_office(staff.boss)
    for make, entity in ((specs.products_screen, "product"), (specs.price_lists_screen, "price_list")):
        screen = show(office, make(office.desk))
        qtbot.waitUntil(lambda screen=screen: screen.states.never_had is not None)
        screen.states.never_had.buttons[0].click()
        assert office.opened[-1] == (entity, None)


def test_products_are_found_while_typing(
    qtbot: Any, open_office: Any, idle: Any, show: Any, product: Any, staff: Firm
) -> None:
    product("6204-ZZ", "深沟球轴承", list_price="12.5", tax_percent=13, cost=7)
    product("M8", "Hex bolt")
    office = open_office(staff.anna)
    screen = show(office, specs.products_screen(office.desk))
    assert shown(screen) == ["6204-ZZ", "M8"]
    assert shown(screen, "list_price") == ["12.50", "0.00"]
    assert "cost" not in {field.name for field in screen.spec.source.fields}
    assert offered(screen).isdisjoint({"new", "archive", "restore", "export"})
    qtbot.keyClicks(screen.view, "sgq")
    qtbot.waitUntil(lambda: screen.table.listing.text == "sgq")
    idle(office)
    assert shown(screen) == ["6204-ZZ"]


def test_products_go_out_of_sale_and_come_back(
    qtbot: Any, open_office: Any, idle: Any, show: Any, product: Any, stored: Any, staff: Firm
) -> None:
    first, _second = product("A1"), product("A2")
    office = open_office(staff.manager)
    screen = show(office, specs.products_screen(office.desk))
    assert "cost" not in {field.name for field in screen.spec.source.fields}
    screen.selection.toggle(first)
    screen.action("archive").trigger()
    idle(office)
    qtbot.waitUntil(lambda: shown(screen) == ["A2"])
    assert not stored(first)["active"]
    text, undo, act = office.toasts[-1]
    assert (text, undo) == ("1 product is no longer sold", "Undo")
    act()
    idle(office)
    qtbot.waitUntil(lambda: shown(screen) == ["A1", "A2"])
    screen.selection.toggle(first)
    screen.action("archive").trigger()
    idle(office)
    screen.show_view(next(view for view in screen.spec.views if view.key == "archived"))
    idle(office)
    assert shown(screen) == ["A1"]
    assert {"restore"} <= offered(screen)
    assert "archive" not in offered(screen)
    screen.action("restore").trigger()
    idle(office)
    assert stored(first)["active"]


def test_the_list_goes_to_excel_as_it_is_seen(
    qtbot: Any, open_office: Any, idle: Any, show: Any, product: Any, staff: Firm, tmp_path: Path
) -> None:
    product("A1", list_price="12.5", cost=7)
    office = open_office(staff.boss)
    screen = show(office, specs.products_screen(office.desk))
    screen.action("export_list").trigger()
    dialog = next(one for one in screen.findChildren(ExportDialog) if one.isVisible())
    office.desk.dialogs.will_answer(tmp_path / "products.xlsx")
    dialog.go.click()
    qtbot.waitUntil(lambda: (tmp_path / "products.xlsx").exists())
    idle(office)
    rows = list(load_workbook(tmp_path / "products.xlsx").active.values)
    assert rows[0][:2] == ("Name", "Code")
    assert rows[1][:2] == ("Product A1", "A1")
    assert 12.5 in rows[1]
    assert 7 in rows[1]


# The record ----------------------------------------------------------------------------------


def test_a_product_is_written_down_by_keys(
    qtbot: Any, open_office: Any, idle: Any, show: Any, stored: Any, staff: Firm
) -> None:
    office = open_office(staff.boss)
    record = show(office, specs.product_record(office.desk, None)).record
    assert record.form.editor("code").parts()[0].hasFocus()
    fill(qtbot, record, code="M8-20", name="Hex bolt", unit="pc", list_price="1,250.50", tax_percent="13", cost="1000")
    assert "With tax: 1,413.065" in record.product_form.figures.text()
    assert "Margin on the list price: 20.0 %" in record.product_form.figures.text()
    qtbot.keyClick(record, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: record.record_id is not None)
    idle(office)
    found = stored(record.record_id)
    assert (found["code"], found["unit"], found["list_price"], found["cost"]) == (
        "M8-20",
        "pc",
        Decimal("1250.50"),
        Decimal(1000),
    )
    assert not record.unsaved
    assert record.title() == "Hex bolt"
    record.show_tab("history")
    idle(office)
    qtbot.waitUntil(lambda: bool(record.history.told))
    assert "Lin Wei added this product" in record.history.sentences()
    assert "Lin Wei changed this product. Cost: 1,000" in record.history.sentences()


def test_a_code_that_is_taken_is_refused_beside_it(
    qtbot: Any, open_office: Any, idle: Any, show: Any, product: Any, staff: Firm
) -> None:
    product("A1")
    office = open_office(staff.boss)
    record = show(office, specs.product_record(office.desk, None)).record
    record.save_action.trigger()
    assert set(record.form.errors) == {"code", "name"}
    fill(qtbot, record, code="a1", name="Other", list_price="-1")
    record.save_action.trigger()
    assert record.form.errors == {"list_price": "A price cannot be below zero."}
    fill(qtbot, record, list_price="1")
    record.save_action.trigger()
    idle(office)
    assert record.form.errors["code"].startswith("Another product has this code")
    assert record.record_id is None


def test_a_rep_reads_a_product_without_its_cost(
    open_office: Any, idle: Any, show: Any, product: Any, database: Database, staff: Firm
) -> None:
    product_id = product("A1", list_price=10, cost=7)
    with database.begin(staff.boss) as work:
        service.save(work, product_id, 1, {"cost": Decimal("7.77")})
    office = open_office(staff.anna)
    record = show(office, specs.product_record(office.desk, product_id)).record
    assert not record.form.offers("cost")
    assert not record.save_action.isVisible()
    assert "Margin" not in record.product_form.figures.text()
    record.show_tab("history")
    idle(office)
    assert record.history.sentences() == ["Lin Wei added this product"]


def test_a_change_of_the_cost_elsewhere_is_offered(
    qtbot: Any, open_office: Any, idle: Any, show: Any, product: Any, database: Database, stored: Any, staff: Firm
) -> None:
    product_id = product("A1", cost=7)
    office = open_office(staff.buyer)
    record = show(office, specs.product_record(office.desk, product_id)).record
    with database.begin(staff.boss) as work:
        service.save(work, product_id, stored(product_id).version, {"cost": Decimal(8)})
    qtbot.waitUntil(lambda: record.form.editor("cost").value() == 8)
    idle(office)
    fill(qtbot, record, unit="kg")
    with database.begin(staff.boss) as work:
        service.save(work, product_id, stored(product_id).version, {"cost": Decimal(9)})
    qtbot.waitUntil(lambda: "changed this record" in record.note.text())
    record.save_action.trigger()
    idle(office)
    found = stored(product_id)
    assert (found["unit"], found["cost"]) == ("kg", Decimal(9))


def test_a_product_shows_its_price_in_each_list(
    qtbot: Any, open_office: Any, idle: Any, show: Any, product: Any, customer: Any, price_list: Any, staff: Firm
) -> None:
    item = product("A1", list_price=10)
    office = open_office(staff.boss)
    record = show(office, specs.product_record(office.desk, item)).record
    record.show_tab("prices")
    idle(office)
    assert not record.prices.table.isVisible()
    list_id = price_list({item: "8.5"}, contact_id=customer("Atlas"))
    price_list({item: "9"}, level="A", name="Key customers")
    qtbot.waitUntil(lambda: record.prices.table.plain.rowCount() == 2)
    cells = [[record.prices.table.plain.index(row, column).data() for column in range(4)] for row in range(2)]
    assert cells == [["Atlas", "Atlas", "CNY", "8.50"], ["Key customers", "Level A", "CNY", "9.00"]]
    record.prices.table.activated.emit(record.prices.table.plain.index(0, 0))
    assert office.opened[-1] == ("price_list", list_id)


# Price lists ---------------------------------------------------------------------------------


def test_a_price_list_is_typed_without_the_mouse(
    qtbot: Any, open_office: Any, idle: Any, show: Any, product: Any, agreed: Any, staff: Firm
) -> None:
    product("6204-ZZ", "Ball bearing", list_price=10)
    product("M8", "Hex bolt", list_price=20)
    office = open_office(staff.boss)
    screen = show(office, specs.price_list_record(office.desk, None))
    level = screen.form.editor("level").combo
    level.setCurrentIndex(level.findData("B"))
    level.activated.emit(level.currentIndex())
    assert screen.form.editor("name").value() == "Level B"
    finder, table = screen.prices.finder, screen.prices.table
    for typed, price in (("hex", "18"), ("6204zz", "9.5")):
        finder.setFocus()
        qtbot.keyClicks(finder, typed)
        assert len(finder.lines) == 1
        qtbot.keyClick(finder, Qt.Key.Key_Return)
        qtbot.keyClicks(open_cell(table), price)
        qtbot.keyClick(open_cell(table), Qt.Key.Key_Return)
        assert finder.hasFocus()
    assert [row["code"] for row in screen.prices.rows.rows] == ["6204-ZZ", "M8"]
    assert screen.prices.rows.index(1, 5).data() == "−10 %"
    qtbot.keyClick(screen, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.record_id is not None)
    idle(office)
    assert agreed(screen.record_id) == {"6204-ZZ": Decimal("9.50"), "M8": Decimal(18)}
    assert screen.title() == "Level B"
    assert not screen.unsaved


def test_a_block_from_excel_is_taken_over_and_what_is_wrong_is_said(
    qtbot: Any, open_office: Any, idle: Any, show: Any, product: Any, price_list: Any, agreed: Any, staff: Firm
) -> None:
    first, _second = product("A1"), product("A2", "Second")
    list_id = price_list({first: 1}, level="A")
    office = open_office(staff.boss)
    screen = show(office, specs.price_list_record(office.desk, list_id))
    QGuiApplication.clipboard().setText("Code\tPrice\nA1\t2.5\nsecond\t1,000\nA9\t3\nA2x\tabc\n")
    screen.prices.finder.setFocus()
    qtbot.keyClick(screen.prices.finder, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    said = screen.prices.note.text()
    assert "2 prices taken over." in said
    assert "2 lines could not be taken over: A9: no such product; A2x: The price is not a number." in said
    screen.save_action.trigger()
    idle(office)
    assert agreed(list_id) == {"A1": Decimal("2.50"), "A2": Decimal(1000)}


def test_a_price_that_is_none_is_marked_and_not_saved(
    qtbot: Any, open_office: Any, idle: Any, show: Any, product: Any, price_list: Any, agreed: Any, staff: Firm
) -> None:
    first, second = product("A1"), product("A2")
    list_id = price_list({first: 1, second: 2}, level="A")
    office = open_office(staff.boss)
    screen = show(office, specs.price_list_record(office.desk, list_id))
    table = screen.prices.table
    table.setFocus()
    table.setCurrentIndex(table.prices.index(0, 1))
    qtbot.keyClicks(table, "x")
    qtbot.keyClick(open_cell(table), Qt.Key.Key_Return)
    qtbot.keyClicks(open_cell(table), "3")
    qtbot.keyClick(open_cell(table), Qt.Key.Key_Return)
    assert screen.unsaved
    screen.save_action.trigger()
    idle(office)
    assert "A1: “x” is not a number" in screen.prices.note.text()
    assert agreed(list_id) == {"A1": Decimal(1), "A2": Decimal(2)}
    table.type_price(0)
    open_cell(table).clear()
    qtbot.keyClicks(open_cell(table), "1.5")
    qtbot.keyClick(open_cell(table), Qt.Key.Key_Return)
    screen.save_action.trigger()
    idle(office)
    assert agreed(list_id) == {"A1": Decimal("1.50"), "A2": Decimal(3)}


def test_prices_are_taken_out_and_brought_back(
    qtbot: Any, open_office: Any, idle: Any, show: Any, product: Any, price_list: Any, agreed: Any, staff: Firm
) -> None:
    ids = [product(f"A{number}") for number in range(3)]
    list_id = price_list(dict.fromkeys(ids, 5), level="A")
    office = open_office(staff.boss)
    screen = show(office, specs.price_list_record(office.desk, list_id))
    table = screen.prices.table
    table.setFocus()
    table.setCurrentIndex(table.prices.index(1, 0))
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert [row["code"] for row in table.prices.rows] == ["A0", "A2"]
    qtbot.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not screen.unsaved
    table.setCurrentIndex(table.prices.index(2, 0))
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    screen.save_action.trigger()
    idle(office)
    assert agreed(list_id) == {"A0": Decimal(5), "A1": Decimal(5)}
    screen.show_tab("history")
    idle(office)
    qtbot.waitUntil(lambda: len(screen.history.told) == 2)
    assert screen.history.sentences()[0] == "Lin Wei changed this price list. Product A2: 5 → empty"


def test_a_customers_list_is_read_by_the_rep_who_reaches_them(
    qtbot: Any, open_office: Any, idle: Any, show: Any, product: Any, customer: Any, price_list: Any, staff: Firm
) -> None:
    item = product("A1", list_price=10)
    mine = price_list({item: 8}, contact_id=customer("Hers", by=staff.anna))
    price_list({item: 8}, contact_id=customer("His", by=staff.outsider))
    office = open_office(staff.anna)
    lists = show(office, specs.price_lists_screen(office.desk))
    assert shown(lists, "name") == ["Hers"]
    assert offered(lists).isdisjoint({"new", "archive"})
    screen = show(office, specs.price_list_record(office.desk, mine))
    assert screen.customer.shown.text() == "Hers"
    assert not screen.save_action.isVisible()
    assert not screen.prices.tools.isVisible()
    table = screen.prices.table
    table.setFocus()
    table.setCurrentIndex(table.prices.index(0, 4))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert not [line for line in table.viewport().findChildren(QLineEdit) if line.isVisible()]
    assert not screen.unsaved


def test_a_customer_is_found_by_typing(
    qtbot: Any, open_office: Any, idle: Any, show: Any, customer: Any, agreed: Any, staff: Firm
) -> None:
    atlas = customer("Atlas Ltd")
    office = open_office(staff.boss)
    screen = show(office, specs.price_list_record(office.desk, None))
    finder = screen.customer.finder
    assert finder.hasFocus()
    qtbot.keyClicks(finder, "atl")
    qtbot.waitUntil(lambda: bool(finder.lines))
    qtbot.keyClick(finder, Qt.Key.Key_Return)
    assert screen.customer.value() == atlas
    assert screen.form.editor("name").value() == "Atlas Ltd"
    screen.save_action.trigger()
    idle(office)
    assert agreed(screen.record_id) == {}
    again = show(office, specs.price_list_record(office.desk, None))
    again.form.apply({"contact_id": atlas})
    again.save_action.trigger()
    idle(office)
    assert again.form.errors["currency"].startswith("There is a price list for them")


# Settings ------------------------------------------------------------------------------------


def test_the_settings_of_selling_are_changed(
    qtbot: Any, open_office: Any, idle: Any, show: Any, database: Database, staff: Firm
) -> None:
    office = open_office(staff.boss)
    screen = show(office, specs.sales_settings_screen(office.desk))
    assert not screen.unsaved
    box = screen.form.editor("prices_include_tax").box
    box.click()
    fill(qtbot, screen, tax_percent="13", quote_days="14", order_prefix="q")
    screen.save()
    idle(office)
    assert "numbers that begin differently" in screen.form.errors["order_prefix"]
    office.desk.dialogs.will_answer(Answer.NO)
    assert not screen.can_close()
    fill(qtbot, screen, order_prefix="SO")
    screen.save()
    idle(office)
    with database.read(staff.boss) as work:
        found = settings.get_settings(work)
    assert (found.prices_include_tax, found.tax_percent, found.quote_days, found.order_prefix) == (
        True,
        Decimal(13),
        14,
        "SO",
    )
    assert office.toasts[-1][0] == "The settings are saved."
    assert screen.can_close()
    new = show(office, specs.product_record(office.desk, None)).record
    assert new.form.editor("tax_percent").value() == 13


@pytest.mark.parametrize("make", [specs.products_screen, specs.price_lists_screen, specs.sales_settings_screen])
def test_every_part_is_reached_by_keyboard_and_named(open_office: Any, show: Any, staff: Firm, make: Any) -> None:
    office = open_office(staff.boss)
    screen = show(office, make(office.desk))
    named = [
        part
        for part in screen.findChildren(QLineEdit)
        if part.isVisible() and part.focusPolicy() & Qt.FocusPolicy.TabFocus and not part.accessibleName()
    ]
    assert named == []
    assert QApplication.focusWidget() is not None
