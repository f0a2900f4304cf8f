"""The check of an import: what a person reads there and decides, with customers, orders and colleagues."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from crm_desktop.access import people
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.exchange.ui.incoming import seam as incoming_seam
from crm_desktop.exchange.ui.incoming.state import CHECK, COLUMNS, DONE
from crm_desktop.orders.lists import ORDERS as ORDER_LIST
from crm_desktop.orders.target import ORDERS
from crm_desktop.products import service as products
from crm_desktop.products.target import PRODUCTS
from crm_desktop.shared.importing import ImportRow, Planned, Verdict
from crm_desktop.shared.listing import Listing

CUSTOMERS = ("Name", "Phone", "Owner", "Registration number")
LINES = ("Order number", "Customer", "Order date", "Product", "Quantity", "Unit price")


@pytest.fixture
def targets():
    before = list(incoming_seam._targets)
    incoming_seam.attach(lambda: (CONTACTS, PRODUCTS, ORDERS))
    yield
    incoming_seam._targets[:] = before


@pytest.fixture
def checked(open_office, staff, open_wizard, workbook, idle):
    """The wizard at its check of one sheet, as the boss sees it."""

    def show(target, *rows):
        office = open_office(staff.boss)
        wizard = open_wizard(office, target, workbook(Sheet=rows))
        wizard.press_primary()
        wizard.press_primary()
        idle(office)
        assert wizard.step == CHECK, wizard.columns_page.note.text()
        wizard.activateWindow()
        return wizard, office

    return show


@pytest.fixture
def found_orders(file_database, staff):
    def read():
        with file_database.read(staff.boss) as work:
            return sorted(row[1] for row in ORDER_LIST.first_page(work, Listing(), ("number",)).rows)

    return read


def cell(page, row, column):
    model = page.table.check_rows
    labels = [str(model.headerData(place, Qt.Orientation.Horizontal)) for place in range(model.columnCount())]
    return model.text(row, labels.index(column))


def choose(page, qtbot, words):
    """Press Enter on the current row and take the answer that begins with `words` from the menu, by keyboard."""
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    texts = [action.text() for action in menu.actions()]
    for _step in range(next(at for at, text in enumerate(texts) if text.startswith(words))):
        qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    return texts


def test_documents_and_their_lines_are_counted_apart_and_missing_customers_can_be_made(checked, idle, qtbot):
    wizard, office = checked(
        "orders",
        LINES,
        ("X-1", "Delmar", "2026-03-04", "Bearing", 2, 8.6),
        ("X-1", "Delmar", "2026-03-04", "Valve", 1, 9),
        ("X-2", "Nobody Ltd", "2026-03-05", "Bolt", 5, 8),
    )
    page = wizard.check_page
    assert page.heading.text().endswith("3 rows were read, which make 2 records:")
    assert "Delmar" in cell(page, 0, "Why")
    assert page.save.text() == "Save the 3 rows to Excel…"
    assert page.missing.isVisible()
    assert not page.go.isEnabled()
    page.missing.click()
    idle(office)
    assert [one.verdict for one in wizard.state.planned] == [Verdict.NEW, Verdict.NEW]
    assert page.go.text() == "Import 2"
    assert not page.save.isVisible()
    qtbot.keyClick(page.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    idle(office)
    assert wizard.step == DONE


def test_one_answer_settles_every_row_that_says_the_same(checked, idle, qtbot, make, file_database, staff):
    with file_database.begin(staff.boss) as work:
        for name in ("Bearing", "Bolt"):
            products.create(work, {"code": name[:2], "name": name, "unit": "pc", "tax_percent": 13})
    first = make("Delmar", country="PE", city="Lima")
    make("Delmar", country="ES", city="Sevilla")
    wizard, office = checked(
        "orders",
        LINES,
        ("X-1", "Delmar", "2026-03-04", "Bearing", 2, 8.6),
        ("X-2", "Delmar", "2026-03-05", "Bolt", 5, 8),
    )
    page = wizard.check_page
    assert [len(one.candidates) for one in wizard.state.planned] == [2, 2]
    assert cell(page, 0, "Why").endswith("Choose…")
    assert cell(page, 0, "Customer") == "Delmar"
    assert page.table.check_rows.is_wrong(0, 3)
    page.table.setFocus()
    question = page.table.check_rows.question(0)
    label = next(candidate.label for candidate in question.candidates if candidate.id == first)
    texts = choose(page, qtbot, label)
    assert texts[-1] == "Leave it empty"
    idle(office)
    assert list(wizard.state.draft.options.answers.values()) == [first]
    assert [one.verdict for one in wizard.state.planned] == [Verdict.NEW, Verdict.NEW]


def test_a_click_on_choose_asks_as_well(checked, qtbot, make):
    make("Delmar", country="PE")
    make("Delmar", country="ES")
    wizard, _office = checked("orders", LINES, ("X-1", "Delmar", "2026-03-04", "Bearing", 2, 8.6))
    table = wizard.check_page.table
    place = table.visualRect(table.check_rows.index(0, table.check_rows.columnCount() - 1))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place.center() + QPoint(-40, 0))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()


def test_a_colleague_of_whom_there_are_two_is_chosen_or_left_empty(checked, idle, qtbot, file_database, staff):
    with file_database.begin(staff.boss) as work:
        for login in ("zhou1", "zhou2"):
            people.add_person(work, login=login, name="Zhou Min", role="sales_rep")
    wizard, office = checked("contacts", CUSTOMERS, ("Delmar", "+51 1 555 7742", "Zhou Min", ""))
    page = wizard.check_page
    assert cell(page, 0, "What happens") == "Cannot read"
    assert cell(page, 0, "Owner") == "Zhou Min"
    assert cell(page, 0, "Why").endswith("Choose…")
    page.table.setFocus()
    choose(page, qtbot, "Leave it empty")
    idle(office)
    assert wizard.state.planned[0].verdict is Verdict.NEW


def test_what_changes_is_told_old_and_new_and_a_cell_that_cannot_be_read_as_it_stands_in_the_file(
    checked, make, qtbot, idle
):
    make("Atlas Fasteners", registration_number="R-1", notes="slow")
    wizard, _office = checked(
        "contacts",
        ("Name", "Registration number", "Notes", "Created"),
        ("Atlas Fasteners", "R-1", "quick", ""),
        ("Kowalski", "R-2", "", "31.02.2026"),
    )
    page = wizard.check_page
    runs = page.table.check_rows.runs(0)
    assert [run.text for run in runs if run.struck] == ["slow"]
    assert "slow → quick" in cell(page, 0, "Why")
    assert cell(page, 1, "Created") == "31.02.2026"
    assert page.table.check_rows.is_wrong(1, 1 + len(page.table.check_rows.fields))
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    qtbot.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert page.table.currentIndex().row() == 1
    assert page.detail.text().startswith("Row 3: Created: “31.02.2026”")
    assert [fact.label for fact in page.facts()] == ["Matched by"]


def test_stopping_leaves_everything_as_it_was_and_says_so(checked, idle, found_orders):
    lines = [(f"X-{at}", "Delmar", "2026-03-04", "Bearing", 2, 8.6) for at in range(1500)]
    wizard, office = checked("orders", LINES, *lines)
    page = wizard.check_page
    page.missing.click()
    assert page.busy
    page.progress.cancelled.emit()
    idle(office)
    assert page.note.text() == "Stopped. Nothing was written."
    assert not page.go.isEnabled()
    page.note.action_clicked.emit()
    idle(office)
    assert page.go.text() == "Import 1,500"
    page.go.click()
    assert wizard.page.busy
    assert not wizard.back.isEnabled()
    page.progress.cancelled.emit()
    idle(office)
    assert wizard.step == CHECK
    assert page.note.text() == "Stopped. Nothing was written."
    assert found_orders() == []
    assert page.go.isEnabled()


def test_changing_how_it_is_read_leads_back_and_stays_possible(checked):
    wizard, _office = checked("contacts", CUSTOMERS, ("Delmar", "+51 1 555 7742", "", ""))
    wizard.state.step_wanted.emit(COLUMNS)
    assert wizard.step == COLUMNS


def test_a_hundred_thousand_rows_are_filtered_and_scrolled(checked):
    wizard, _office = checked("contacts", CUSTOMERS, ("Delmar", "+51 1 555 7742", "", ""))
    table = wizard.check_page.table
    planned = [
        Planned(Verdict.INVALID if at % 1000 == 0 else Verdict.NEW, [ImportRow(at + 2, {"name": f"Firm {at}"})])
        for at in range(100_000)
    ]
    wizard.state.set_planned(planned)
    wizard.check_page.begin()
    assert table.check_rows.rowCount() == 100_000
    table.go_to(99_999)
    assert table.indexAt(table.visualRect(table.currentIndex()).center()).row() == 99_999
    wizard.check_page.kinds.chosen.emit("invalid")
    assert table.check_rows.rowCount() == 100
    assert table.check_rows.text(99, 0) == "99,002".replace(",", "")
