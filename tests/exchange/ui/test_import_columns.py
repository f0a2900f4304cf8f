"""The second step of the import: what each column is taken for, what is missing, how rows are brought in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from crm_desktop.exchange import imports
from crm_desktop.exchange.ui.incoming.state import CHECK, COLUMNS
from crm_desktop.shared.importing import OnMatch

GOODS = (
    ("Code", "Name", "Maker", "List price", "Tax"),
    ("A-1", "Bearing", "SKF", 8.6, 0.13),
    ("A-2", "Valve", "Kitz", 286, 0.13),
)


def take(choice, field):
    """Choose a field, as a person does by keyboard or pointer."""
    choice.setCurrentIndex(choice.findData(field))
    choice.activated.emit(choice.currentIndex())


def columns_of(open_office, staff, open_wizard, path, preset="products"):
    wizard = open_wizard(open_office(staff.boss), preset, path)
    wizard.press_primary()
    assert wizard.step == COLUMNS
    return wizard


def test_columns_are_recognised_and_a_field_is_used_once(open_office, staff, open_wizard, workbook):
    wizard = columns_of(open_office, staff, open_wizard, workbook(Goods=GOODS))
    rows = wizard.columns_page.rows
    assert [choice.currentData() for choice in rows.choices.values()] == [
        "code", "name", "", "list_price", "tax_percent",
    ]  # fmt: skip
    take(rows.choices[2], "name")
    assert rows.choices[1].currentData() == ""
    assert rows.choices[2].currentData() == "name"
    assert rows._hows[2].text() == "Chosen by you"
    assert wizard.columns_page.counted.text().startswith("4 of 5 columns")


def test_what_is_missing_is_said_and_stops(open_office, staff, open_wizard, workbook):
    wizard = columns_of(open_office, staff, open_wizard, workbook(Goods=GOODS))
    page = wizard.columns_page
    for place, choice in page.rows.choices.items():
        if place in (0, 1):
            take(choice, "")
    assert not page.go.isEnabled()
    assert "Name" in page.note.text()
    assert wizard.foot_note.text().startswith("Still needed")
    wizard.press_primary()
    assert wizard.step == COLUMNS
    take(page.rows.choices[0], "code")
    take(page.rows.choices[1], "name")
    assert page.go.isEnabled()
    assert page.note.text() == ""


def test_what_is_decided_reaches_the_import(open_office, staff, open_wizard, workbook):
    wizard = columns_of(open_office, staff, open_wizard, workbook(Goods=GOODS))
    combos = wizard.columns_page.choices.combos
    take(combos["key"], "code")
    take(combos["on_match"], "skip")
    options = wizard.state.draft.options
    assert (options.key, options.on_match) == ("code", OnMatch.SKIP)
    assert dict(options.chosen)
    wizard.go_back()
    wizard.press_primary()
    assert wizard.columns_page.choices.combos["on_match"].currentData() == "skip"


def test_a_percentage_is_read_back_in_words_and_can_be_read_otherwise(open_office, staff, open_wizard, workbook):
    wizard = columns_of(open_office, staff, open_wizard, workbook(Goods=GOODS))
    draft = wizard.state.draft
    before = draft.readings["tax_percent"]
    assert before.key == "fraction"
    link = next(link for link in wizard.panel.links if "Tax" in link.accessibleName())
    link.click()
    menu = next(widget for widget in wizard.findChildren(QMenu) if widget.isVisible())
    menu.actions()[0].trigger()
    menu.close()
    assert draft.readings["tax_percent"].key == "percent"


def test_the_layout_is_read_as_last_time(open_office, staff, open_wizard, workbook, file_database):
    path = workbook(Goods=GOODS)
    wizard = columns_of(open_office, staff, open_wizard, path)
    take(wizard.columns_page.rows.choices[2], "category")
    with file_database.begin(staff.boss) as work:
        imports.apply(work, wizard.state.draft.job())
    again = open_wizard(open_office(staff.boss), "products", path)
    assert "was imported on" in again.file_page.earlier.text()
    assert "Lin Wei" in again.file_page.earlier.text()
    again.press_primary()
    assert again.columns_page.rows.choices[2].currentData() == "category"
    assert "as last time" in again.columns_page.remembered.text()


def test_the_keyboard_alone_goes_through_the_steps(open_office, staff, open_wizard, workbook, qtbot):
    wizard = open_wizard(open_office(staff.boss), "products", workbook(Goods=GOODS))
    wizard.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is wizard.file_page.go)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is wizard.columns_page.go)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert wizard.step == CHECK
