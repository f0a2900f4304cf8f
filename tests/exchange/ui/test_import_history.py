"""The list of imports: what came in when, by whom, and taking it back from there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from crm_desktop.exchange.ui.incoming.history import ImportHistoryScreen
from crm_desktop.products import service as products
from crm_desktop.products.target import PRODUCTS
from tests.exchange.rows import bring_in, rows
from tests.exchange.ui.test_import_check import count_of_products
from tests.exchange.ui.test_import_done import products_by_code

GOODS = ({"code": "A-1", "name": "Bearing"}, {"code": "A-2", "name": "Valve"})


@pytest.fixture
def history(open_office, staff, targets, qtbot, idle):
    """The screen as somebody sees it, and the desk."""

    def show(actor=None, **changed):
        office = open_office(actor or staff.boss)
        office.desk = replace(office.desk, **changed)
        screen = ImportHistoryScreen(office.desk)
        qtbot.addWidget(screen)
        screen.resize(1177, 700)
        screen.show()
        qtbot.waitExposed(screen)
        idle(office)
        QApplication.processEvents()
        return screen, office

    return show


def line(screen, row=0):
    return [screen.rows.index(row, place).data() for place in range(screen.rows.columnCount())]


def test_an_import_is_listed_with_its_figures_and_undone_from_there(history, idle, file_database, staff):
    bring_in(file_database, staff.boss, PRODUCTS, rows(*GOODS))
    screen, office = history()
    told = line(screen)
    assert told[1:6] == ["list.xlsx", "Sheet1", "Products", "2", ""]
    assert told[-2:] == [staff.boss.name, ""]
    assert screen.undo.isEnabled()
    office.desk.dialogs.will_answer(True)
    screen.undo.click()
    assert not screen.can_close()
    idle(office)
    assert screen.note.text() == (
        "The import was undone: what it made is gone, and what it changed has its old values again."
    )
    assert count_of_products(file_database, staff) == 0
    assert line(screen)[-1].endswith(f"by {staff.boss.name}")
    assert not screen.undo.isEnabled()
    assert not screen.kept.isVisible()


def test_what_stays_is_listed_with_the_reason(history, idle, file_database, staff):
    bring_in(file_database, staff.boss, PRODUCTS, rows(*GOODS))
    with file_database.begin(staff.boss) as work:
        valve = next(id_ for id_, code in products_by_code(work) if code == "A-2")
        products.save(work, valve, products.get(work, valve).version, {"name": "Ball valve"})
    screen, office = history()
    office.desk.dialogs.will_answer(True)
    screen.undo.click()
    idle(office)
    assert [kept.reason for kept in screen.kept.rows.rows] == ["It was changed after the import."]
    assert screen.kept.isVisible()
    assert line(screen)[-1].endswith("; 1 stayed")


def test_the_newest_stands_first_and_a_new_one_appears(history, idle, file_database, staff):
    bring_in(file_database, staff.boss, PRODUCTS, rows(GOODS[0]))
    screen, office = history()
    assert screen.rows.rowCount() == 1
    bring_in(file_database, staff.boss, PRODUCTS, rows(GOODS[1]))
    idle(office)
    assert screen.rows.rowCount() == 2


def test_an_empty_history_offers_to_bring_in_a_file(history):
    asked = []
    screen, _office = history(open_import=lambda name, files: asked.append((name, list(files))))
    assert screen.stack.state is not None
    screen.bring_in.click()
    assert asked == [("", [])]


def test_imports_of_what_one_may_not_bring_in_are_not_told(history, file_database, staff):
    bring_in(file_database, staff.boss, PRODUCTS, rows(*GOODS))
    screen, _office = history(staff.anna)
    assert screen.rows.rowCount() == 0
