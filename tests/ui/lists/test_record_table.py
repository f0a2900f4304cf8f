"""The model: pages, ids in chunks, reloads that keep everything in its place."""

import sqlite3
from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from crm_desktop.shared.display import Formats
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.ui import record_table
from crm_desktop.ui.record_table import PAGE_ROWS, PAGES_KEPT, RECORD_ROLE, SORT_ROLE, RecordTable
from tests.ui.lists.companies import NAMES, TODAY, Companies

COLUMNS = ("name", "status", "owner", "orders", "tags", "last_on")


@pytest.fixture
def table(desk, idle):
    table = RecordTable(desk.tasks, Companies(), lambda: Formats(TODAY, NAMES))
    yield table
    idle()


def shown(table, row):
    return [table.data(table.index(row, column)) for column in range(table.columnCount())]


def test_the_first_page_stands_before_the_ids_of_the_rest_are_known(qtbot, table, idle):
    with qtbot.waitSignal(table.first_shown):
        table.show(Listing(columns=COLUMNS))
    assert table.rowCount() == PAGE_ROWS
    assert not table.complete
    with qtbot.waitSignal(table.completed):
        pass
    assert table.rowCount() == 10_000


def test_every_row_anywhere_shows_its_own_texts(table, idle, connections):
    table.show(Listing(columns=COLUMNS))
    idle()
    row = 9_000
    assert shown(table, row) == [None] * 6
    idle()
    expected = (
        sqlite3.connect(connections.path)
        .execute("SELECT id, name, orders FROM company ORDER BY name, id LIMIT 1 OFFSET ?", (row,))
        .fetchone()
    )
    assert table.id_at(row) == expected[0]
    assert shown(table, row)[0] == expected[1]
    assert shown(table, row)[3] == str(expected[2])
    assert shown(table, row)[1] in ("Customer", "Prospect", "Lapsed")
    assert shown(table, row)[2] in NAMES.values()


def test_raw_values_sort_as_themselves_and_the_record_has_names(table, idle):
    table.show(Listing(columns=COLUMNS))
    idle()
    index = table.index(0, 5)
    assert isinstance(table.data(index, SORT_ROLE), date)
    record = table.data(index, RECORD_ROLE)
    assert record["id"] == table.id_at(0)
    assert isinstance(record["tags"], tuple)
    assert table.data(index, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignLeft
    assert table.data(table.index(0, 3), Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_memory_holds_a_few_pages_however_far_one_scrolls(table, idle):
    table.show(Listing(columns=COLUMNS))
    idle()
    for row in range(0, 10_000, PAGE_ROWS):
        table.shown(row)
        idle()
    assert len(table._fresh) <= PAGES_KEPT
    assert len(table._shown) <= 2 * PAGES_KEPT * PAGE_ROWS


def test_ids_come_in_chunks_and_none_is_lost_or_doubled(qtbot, table, idle, monkeypatch):
    monkeypatch.setattr(record_table, "CHUNK_IDS", 999)
    table.show(Listing(columns=COLUMNS, sorts=(Sort("orders", descending=True), Sort("name"))))
    idle()
    qtbot.waitUntil(lambda: table.complete)
    assert sorted(table.ids()) == list(range(1, 10_001))


def test_an_older_question_never_overwrites_a_newer_one(table, idle):
    for text in ("A", "At", "Atl", "Atlas Inc. 000063"):
        table.show(Listing(text=text, columns=COLUMNS))
    idle()
    assert table.rowCount() == 1


def test_a_reload_shows_changed_values_and_keeps_the_row_count_right(table, idle, connections):
    table.show(Listing(columns=COLUMNS))
    idle()
    first, last = table.id_at(0), table.id_at(9_999)
    with sqlite3.connect(connections.path) as other:
        other.execute("UPDATE company SET orders = 5555 WHERE id = ?", (first,))
        other.execute("DELETE FROM company WHERE id = ?", (last,))
    table.reload()
    idle()
    table.shown(0)
    idle()
    assert shown(table, 0)[3] == "5,555"
    assert table.rowCount() == 9_999
    assert table.row_of(last) is None


def test_rows_named_by_a_change_are_read_again_without_the_rest(table, idle, connections):
    table.show(Listing(columns=COLUMNS))
    idle()
    with sqlite3.connect(connections.path) as other:
        other.execute("UPDATE company SET orders = 4321 WHERE id = ?", (table.id_at(3),))
    table.refresh_rows({table.id_at(3)})
    assert shown(table, 3)[3] != "4,321"
    idle()
    assert shown(table, 3)[3] == "4,321"


def test_other_columns_keep_the_rows(table, idle):
    table.show(Listing(columns=COLUMNS))
    idle()
    name = shown(table, 0)[0]
    table.set_columns(("name", "vip", "status"))
    assert shown(table, 0)[0] == name
    table.shown(0)
    idle()
    assert shown(table, 0)[1] in ("Yes", "No")
    assert table.rowCount() == 10_000


def test_relative_days_are_put_into_the_calendar(table, idle):
    table.show(Listing(filters=(Filter("last_on", "to", ("today-31",)),), columns=COLUMNS))
    idle()
    assert 0 < table.rowCount() < 10_000
    assert (TODAY - table.data(table.index(0, 5), SORT_ROLE)).days >= 31


@pytest.mark.parametrize("rows", [0, 3, 300])
def test_qt_agrees_that_it_is_a_model(table, idle, qtmodeltester):
    qtmodeltester.check(table)
    table.show(Listing(columns=COLUMNS))
    idle()
    qtmodeltester.check(table)


@pytest.mark.parametrize("rows", [1_000])
def test_qt_agrees_while_rows_come_and_go(request, table, idle, connections):
    tester = ModelTester(request.config)
    tester.check(table)
    table.show(Listing(columns=COLUMNS))
    idle()
    for change in ("DELETE FROM company WHERE id % 2", "DELETE FROM company"):
        with sqlite3.connect(connections.path) as other:
            other.execute(change)
        table.reload()
        idle()
    assert table.rowCount() == 0
    tester._cleanup()
