"""The last two steps of the import: what would happen, deciding, writing, saving what cannot come in, undoing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from crm_desktop.exchange import imports
from crm_desktop.exchange.ui.incoming.state import CHECK, COLUMNS, DONE
from crm_desktop.products import service as products
from crm_desktop.shared.importing import Verdict

GOODS = (
    ("Code", "Name", "List price"),
    ("A-1", "Bearing", 8.6),
    ("A-2", "Valve", "much"),
    ("A-1", "Bearing again", 9),
    ("A-3", "Bolt", 1.5),
)


@pytest.fixture
def checked(open_office, staff, open_wizard, workbook, idle):
    """The wizard at its check, as the boss sees it, and the way to wait."""

    def show(rows=GOODS):
        office = open_office(staff.boss)
        wizard = open_wizard(office, "products", workbook(Goods=rows))
        wizard.press_primary()
        wizard.press_primary()
        idle(office)
        assert wizard.step == CHECK
        return wizard, office

    return show


def shown(page):
    model = page.table.check_rows
    return [model.planned(row).number for row in range(model.rowCount())]


def count_of_products(file_database, staff):
    from crm_desktop.products import lists
    from crm_desktop.shared.listing import Listing

    with file_database.read(staff.boss) as work:
        return len(lists.first_page(work, Listing(columns=("name",)), ("name",), 50).rows)


def test_nothing_is_written_before_the_button_and_the_button_names_the_figures(checked, idle, file_database, staff):
    wizard, office = checked()
    page = wizard.check_page
    assert page.heading.text().startswith("Nothing has been written yet. 4 rows")
    assert [str(one.verdict) for one in wizard.state.planned] == ["new", "invalid", "duplicate", "new"]
    assert not page.go.isEnabled()
    assert page.leave_out.text() == "Import 2, leave 1 out"
    assert count_of_products(file_database, staff) == 0
    page.leave_out.click()
    idle(office)
    assert wizard.step == DONE
    assert count_of_products(file_database, staff) == 2
    assert not wizard.back.isVisible()


def test_the_rows_are_filtered_by_what_happens_and_the_key_goes_to_the_problem(checked, qtbot):
    wizard, _office = checked()
    page = wizard.check_page
    assert shown(page) == [2, 3, 4, 5]
    wizard.activateWindow()
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    qtbot.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert page.table.check_rows.planned(page.table.currentIndex().row()).verdict is Verdict.INVALID
    page.kinds.set_current("new")
    page.kinds.chosen.emit("new")
    assert shown(page) == [2, 5]


def test_rows_that_are_twice_in_the_file_come_in_only_when_asked(checked, idle):
    wizard, office = checked(((GOODS[0]), GOODS[1], ("", "Bearing", 9)))
    page = wizard.check_page
    assert page.twice.isVisible() is any(one.verdict is Verdict.DUPLICATE for one in wizard.state.planned)
    before = wizard.state.planned
    page.twice.setChecked(True)
    idle(office)
    assert wizard.state.draft.options.keep_duplicates
    assert wizard.state.planned is not before


def test_what_cannot_come_in_is_saved_as_the_same_sheet_with_the_reason(checked, idle, tmp_path):
    from openpyxl import load_workbook

    wizard, office = checked()
    path = tmp_path / "to correct.xlsx"
    office.desk.dialogs.will_answer(path)
    wizard.check_page.save.click()
    idle(office)
    rows = list(load_workbook(path).active.values)
    assert [row[0] for row in rows] == ["Code", "A-2"]
    assert rows[0][-1] == "Problem"
    assert "much" in rows[1][-1]
    assert path.name in wizard.check_page.note.text()


def test_going_back_and_changing_a_column_checks_anew(checked, idle):
    wizard, office = checked()
    wizard.back.click()
    assert wizard.step == COLUMNS
    choice = wizard.columns_page.rows.choices[2]
    choice.setCurrentIndex(choice.findData(""))
    choice.activated.emit(0)
    assert wizard.state.planned is None
    wizard.press_primary()
    idle(office)
    assert [str(one.verdict) for one in wizard.state.planned] == ["new", "new", "duplicate", "new"]
    assert wizard.check_page.go.text() == "Import 3"


def test_what_somebody_made_meanwhile_is_a_conflict_and_nothing_is_written(checked, idle, file_database, staff):
    wizard, office = checked((GOODS[0], GOODS[1], GOODS[4]))
    with file_database.begin(staff.boss) as work:
        products.create(work, {"code": "A-3", "name": "Bolt", "unit": "pc", "tax_percent": 13})
    wizard.check_page.go.click()
    idle(office)
    assert wizard.step == CHECK
    page = wizard.check_page
    assert "cannot be imported" in page.note.text()
    assert page.table.check_rows.changed == {3}
    assert page.table.check_rows.planned(page.table.currentIndex().row()).number == 3
    assert "Somebody else changed" in page.detail.text()
    assert page.leave_out.text() == "Import 1, leave 1 out"
    assert count_of_products(file_database, staff) == 1
    with file_database.read(staff.boss) as work:
        assert imports.history(work, [wizard.state.draft.target]) == []


def test_the_import_is_undone_from_the_last_step(checked, idle, file_database, staff):
    wizard, office = checked((GOODS[0], GOODS[1], GOODS[4]))
    wizard.check_page.go.click()
    idle(office)
    office.desk.dialogs.will_answer(True)
    wizard.done_page.undo.click()
    idle(office)
    assert wizard.done_page.note.text().startswith("The import was undone: what it made is gone")
    assert count_of_products(file_database, staff) == 0
    assert not wizard.done_page.undo.isEnabled()
