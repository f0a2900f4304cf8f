"""The last step of an import: what came in, what stayed out, the way back and on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_desktop.exchange.ui.incoming.state import COLUMNS, DONE
from crm_desktop.products import service as products
from tests.exchange.ui.test_import_check import GOODS, count_of_products

PRICES = (("List", "Product code", "Price"), ("Standard", "A-1", 9))


@pytest.fixture
def done(open_office, staff, open_wizard, workbook, idle):
    """The wizard at its end, what could come in written."""

    def show(rows=GOODS, opened=None, **sheets):
        office = open_office(staff.boss)
        if opened is not None:
            office.desk = replace(office.desk, open_list=opened.append)
        wizard = open_wizard(office, "" if sheets else "products", workbook(Products=rows, **sheets))
        wizard.press_primary()
        wizard.press_primary()
        idle(office)
        page = wizard.check_page
        (page.go if page.go.isEnabled() else page.leave_out).click()
        idle(office)
        assert wizard.step == DONE
        return wizard, office

    return show


def left_out(page):
    rows = page.table.check_rows
    return [(rows.text(row, 0), rows.text(row, 1)) for row in range(rows.rowCount())]


def test_the_end_tells_figures_and_the_rows_left_out_and_saves_them(done, idle, tmp_path):
    from openpyxl import load_workbook

    wizard, office = done()
    page = wizard.done_page
    assert page.heading.text() == "“goods.xlsx” has come in."
    assert left_out(page) == [("3", "Cannot read"), ("4", "Twice in the file")]
    assert page.undo.text() == "Undo this import of 2 records"
    assert not wizard.back.isVisible()
    path = tmp_path / "left.xlsx"
    office.desk.dialogs.will_answer(path)
    assert page.save.text() == "Save the 1 row to Excel…"
    page.save.click()
    idle(office)
    assert [row[0] for row in load_workbook(path).active.values] == ["Code", "A-2"]
    assert "left.xlsx" in page.note.text()


def test_the_list_that_was_filled_is_shown_on_request(done):
    opened = []
    wizard, _office = done(opened=opened)
    wizard.done_page.show_list.click()
    assert opened == ["products"]


def test_an_undo_lists_what_somebody_changed_since(done, idle, file_database, staff):
    wizard, office = done((GOODS[0], GOODS[1], GOODS[4]))
    with file_database.begin(staff.boss) as work:
        bolt = next(one for one in products_by_code(work) if one[1] == "A-3")[0]
        products.save(work, bolt, products.get(work, bolt).version, {"name": "Bolt M8"})
    page = wizard.done_page
    office.desk.dialogs.will_answer(True)
    page.undo.click()
    assert page.busy
    idle(office)
    assert page.heading.text() == "The import was undone."
    assert page.note.text() == "The import was undone, but 1 record stays as it is."
    assert page.kept.isVisible()
    assert ["Bolt" in kept.label for kept in page.kept.rows.rows] == [True]
    assert page.kept.rows.rows[0].reason == "It was changed after the import."
    assert count_of_products(file_database, staff) == 1
    assert not page.undo.isEnabled()


def test_whoever_is_asked_may_keep_the_import(done, idle, file_database, staff):
    wizard, office = done((GOODS[0], GOODS[1], GOODS[4]))
    office.desk.dialogs.will_answer(False)
    wizard.done_page.undo.click()
    idle(office)
    assert wizard.done_page.undo.isEnabled()
    assert count_of_products(file_database, staff) == 2


def test_the_next_sheet_follows(done, idle):
    wizard, office = done((GOODS[0], GOODS[1]), Prices=PRICES)
    page = wizard.done_page
    assert page.close_.text() == "Go on with “Prices”"
    assert not page.show_list.isVisible()
    wizard.press_primary()
    idle(office)
    assert wizard.step == COLUMNS
    assert wizard.state.draft.sheet.name == "Prices"


def test_a_stopped_undo_leaves_the_import_as_it_was(done, idle, file_database, staff):
    rows = [(f"B-{at}", f"Bolt {at}", 1) for at in range(1500)]
    wizard, office = done((GOODS[0], *rows))
    page = wizard.done_page
    office.desk.dialogs.will_answer(True)
    page.undo.click()
    page.progress.cancelled.emit()
    idle(office)
    assert page.note.text() == "Stopped. The import stands as it was."
    assert page.undo.isEnabled()
    assert count_of_products(file_database, staff) == 50


def products_by_code(work):
    from crm_desktop.products import lists
    from crm_desktop.shared.listing import Listing

    page = lists.first_page(work, Listing(columns=("code",)), ("code",), 50)
    return [(row[0], row[1]) for row in page.rows]
