"""The frame of the import: steps, Back, drops on lists, what a list offers."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QAction

from crm_desktop.exchange.ui.incoming.state import CHECK, COLUMNS, FILE, ImportState, Part
from crm_desktop.products.ui.products_screen import product_list
from crm_desktop.ui.list_screen import ListScreen
from crm_desktop.ui.list_spec import IMPORT
from tests.exchange.ui.test_import_file import GOODS, dropped


def list_of_products(qtbot, idle, office, asked):
    desk = replace(office.desk, open_import=lambda name, files: asked.append((name, [path.name for path in files])))
    screen = ListScreen(desk, product_list(office.actor))
    qtbot.addWidget(screen)
    screen.show()
    idle(office)
    return screen


def test_a_file_dropped_on_a_list_opens_the_wizard_for_its_kind(open_office, staff, workbook, qtbot, idle):
    asked = []
    screen = list_of_products(qtbot, idle, open_office(staff.boss), asked)
    dropped(screen, workbook(Goods=GOODS))
    assert asked == [("products", ["goods.xlsx"])]
    screen.action(IMPORT).trigger()
    assert asked[1:] == [("products", [])]


def test_a_list_without_rows_offers_to_import_one(open_office, staff, qtbot, idle):
    asked = []
    screen = list_of_products(qtbot, idle, open_office(staff.boss), asked)
    state = screen.states.never_had
    offered = [button for button in state.buttons if button.text() == "Import…"]
    offered[0].click()
    assert asked == [("products", [])]


def test_who_may_not_import_is_offered_nothing(open_office, staff, workbook, qtbot, idle):
    asked = []
    screen = list_of_products(qtbot, idle, open_office(staff.anna), asked)
    action: QAction = screen.action(IMPORT)
    assert not action.isVisible()
    assert not screen.acceptDrops()
    dropped(screen, workbook(Goods=GOODS))
    assert asked == []


def test_back_loses_nothing(open_office, staff, open_wizard, workbook, idle):
    office = open_office(staff.boss)
    wizard = open_wizard(office, "products", workbook(Goods=GOODS))
    assert not wizard.back.isVisible()
    wizard.press_primary()
    wizard.columns_page.rows.mapped.emit(1, "")
    wizard.columns_page.rows.mapped.emit(1, "name")
    draft = wizard.state.draft
    wizard.show_step(CHECK)
    idle(office)
    wizard.back.click()
    wizard.back.click()
    assert wizard.step == FILE
    wizard.press_primary()
    assert wizard.step == COLUMNS
    assert wizard.state.draft is draft
    assert draft.columns[1].how == "person"


def test_the_head_says_file_and_header_row(open_office, staff, open_wizard, workbook):
    wizard = open_wizard(open_office(staff.boss), "products", workbook(Goods=GOODS))
    wizard.press_primary()
    assert wizard.head.title.text() == "Import products"
    assert wizard.head.facts.accessibleName() == "goods.xlsx   header in row 3"
    assert wizard.head.steps.accessibleName() == "Step 2 of 4: Columns"


def test_changing_the_draft_forgets_what_was_planned(qtbot):
    state, told = ImportState(), []
    state.planned_changed.connect(lambda: told.append(state.planned))
    state.parts = [Part(draft=object(), planned=[])]
    state.touch()
    assert told == [None]
