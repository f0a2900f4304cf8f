"""The first step of the import: dropping, reading, refusing, sheets, header, kinds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from crm_desktop.exchange.ui.incoming.state import COLUMNS, FILE

GOODS = (
    ("Price list 2026",),
    (),
    ("Code", "Name", "Unit", "List price"),
    ("A-1", "Bearing", "pc", 8.6),
    ("A-2", "Valve", "pc", 286),
    (None, "Total", None, 294.6),
)


def dropped(widget, *paths):
    """Drop files on a widget, as the system does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(9, 9), action, data, buttons, keys))
    QApplication.sendEvent(widget, QDropEvent(QPointF(9, 9), action, data, buttons, keys))


def test_a_dropped_workbook_is_read_and_its_header_is_found_below_a_title(
    open_office, staff, open_wizard, workbook, idle
):
    office = open_office(staff.boss)
    wizard = open_wizard(office, "products")
    assert not wizard.file_page.go.isEnabled()
    dropped(wizard, workbook(Goods=GOODS))
    idle(office)
    draft = wizard.file_page.shown_draft
    assert draft.target.name == "products"
    assert draft.header_rows == (2,)
    assert wizard.file_page.view.first.value() == 3
    assert "row 1 (title)" in wizard.file_page.view._left_out.text()
    assert wizard.title() == "Import goods.xlsx"
    assert wizard.file_page.go.isEnabled()
    wizard.press_primary()
    assert wizard.step == COLUMNS


def test_of_several_files_none_is_taken_and_it_is_said(open_office, staff, open_wizard, workbook, idle):
    office = open_office(staff.boss)
    wizard = open_wizard(office)
    dropped(wizard, workbook("a.xlsx", Goods=GOODS), workbook("b.xlsx", Goods=GOODS))
    idle(office)
    assert "One file at a time" in wizard.file_page.note.text()
    assert wizard.state.book is None


@pytest.mark.parametrize(("name", "content"), [("page.xls", b"<html><table></table></html>"), ("empty.xlsx", b"")])
def test_a_file_that_cannot_be_read_says_why_and_leaves_what_was_there(
    open_office, staff, open_wizard, workbook, idle, tmp_path, name, content
):
    office = open_office(staff.boss)
    wizard = open_wizard(office, "products", workbook(Goods=GOODS))
    bad = tmp_path / name
    bad.write_bytes(content)
    wizard.file_page.take([bad])
    idle(office)
    assert wizard.file_page.note.text().endswith(".")
    assert wizard.state.book.path.name == "goods.xlsx"
    assert wizard.file_page.go.isEnabled()


def test_the_header_is_corrected_by_a_click_on_a_row(open_office, staff, open_wizard, workbook, idle, qtbot):
    office = open_office(staff.boss)
    wizard = open_wizard(office, "products", workbook(Goods=GOODS))
    view = wizard.file_page.view
    index = view.preview.model().index(3, 1)
    qtbot.mouseClick(view.preview.viewport(), Qt.MouseButton.LeftButton, pos=view.preview.visualRect(index).center())
    idle(office)
    assert wizard.file_page.shown_draft.header_rows == (3,)
    assert view.first.value() == 4
    view.first.setValue(0)
    idle(office)
    assert wizard.file_page.shown_draft.header_rows == ()
    assert view.first.text() == "none"


def test_the_characters_of_a_text_are_asked_for_where_they_are_unclear(open_office, staff, open_wizard, idle, tmp_path):
    path = tmp_path / "goods.csv"
    path.write_bytes("代码;名称;单价\nA-1;轴承;8,60\nA-2;阀门;286,00\n".encode("gb18030"))
    office = open_office(staff.boss)
    wizard = open_wizard(office, "products", path)
    view = wizard.file_page.view
    assert "characters" in wizard.file_page.note.text()
    assert wizard.state.book is None
    view.encodings.setCurrentIndex(view.encodings.findData("gb18030"))
    view.encodings.activated.emit(view.encodings.currentIndex())
    idle(office)
    assert wizard.file_page.note.text() == ""
    assert (view.encoding, view.delimiter) == ("gb18030", ";")
    assert wizard.file_page.shown_draft.columns[1].header == "名称"
    view.delimiters.setCurrentIndex(view.delimiters.findData(","))
    view.delimiters.activated.emit(view.delimiters.currentIndex())
    idle(office)
    assert wizard.state.book.delimiter == ","
    assert len(wizard.state.book.sheets[0].rows[0]) == 1


def test_several_sheets_come_in_one_after_the_other_in_the_order_they_depend_on_each_other(
    open_office, staff, open_wizard, workbook, idle
):
    prices = (("Price list", "Product code", "Price"), ("Dealers", "A-1", 7.5))
    path = workbook("both.xlsx", Prices=prices, Goods=GOODS)
    office = open_office(staff.boss)
    wizard = open_wizard(office, "", path)
    chooser = wizard.file_page.view.sheets
    for place, name in enumerate(("price_lists", "products")):
        if chooser.target_name(place) != name:
            chooser.kinds[place].setCurrentIndex(chooser.kinds[place].findData(name))
            chooser.kinds[place].activated.emit(0)
            idle(office)
    assert [tick.isChecked() for tick in chooser.ticks] == [True, True]
    wizard.press_primary()
    assert [part.draft.target.name for part in wizard.state.parts] == ["products", "price_lists"]
    assert "1 of 2" in wizard.head.facts.accessibleName()
    first = wizard.state.parts[0]
    wizard.go_back()
    assert wizard.step == FILE
    wizard.press_primary()
    assert wizard.state.parts[0] is first


def test_a_template_is_saved_and_can_be_imported(open_office, staff, open_wizard, idle, tmp_path):
    office = open_office(staff.boss)
    wizard = open_wizard(office, "products")
    path = tmp_path / "template.xlsx"
    office.desk.dialogs.will_answer(path)
    wizard.file_page.zone.template.click()
    idle(office)
    assert path.exists()
    assert path.name in wizard.file_page.note.text()
    wizard.file_page.take([path])
    idle(office)
    draft = wizard.file_page.shown_draft
    assert [column.header for column in draft.columns if column.header and not column.field] == []


def test_people_are_offered_only_what_they_may_bring_in(open_office, staff, open_wizard, workbook):
    office = open_office(staff.buyer)
    wizard = open_wizard(office, "", workbook(Goods=GOODS))
    assert [target.name for target in wizard.file_page.offered] == ["products"]
    assert wizard.file_page.view.sheets.kinds[0].findData("price_lists") == -1
