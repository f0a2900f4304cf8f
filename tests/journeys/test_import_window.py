"""A list of customers comes in by the real window: dropped, mapped, checked, applied, taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication

from crm_desktop.app.ui.tour import list_in
from crm_desktop.contacts import lists
from crm_desktop.exchange.ui.incoming.state import CHECK, COLUMNS, DONE, FILE
from crm_desktop.exchange.ui.incoming.wizard import ImportWizard
from crm_desktop.shared.listing import Listing
from tests.journeys.windows import settle, staff, window

__all__ = ["staff", "window"]

CUSTOMERS = (
    ("Customers of the fair",),
    ("Code", "Name", "Mobile", "Owner", "Remark of the stand"),
    ("F-1", "Rossi Componenti S.r.l.", "+39 051 555 0148", "Anna Weber", "wants a sample"),
    ("F-2", "宁波华新机电有限公司", 13805742210, "Chen Jie", ""),
    (None, None, None, None, None),
    ("F-3", "Müller Werkzeug GmbH", "+49 212 555 070", "Anna Weber", "call in May"),
)


@pytest.fixture
def customers(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for row in CUSTOMERS:
        book.active.append(list(row))
    path = tmp_path / "fair.xlsx"
    book.save(path)
    return path


def drop(widget, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(9, 9), action, data, buttons, keys))
    QApplication.sendEvent(widget, QDropEvent(QPointF(9, 9), action, data, buttons, keys))


def names(file_database, staff):
    with file_database.read(staff.boss) as work:
        page = lists.first_page(work, Listing(columns=("name",)), ("name",), 50)
        return sorted(row[1] for row in page.rows)


def press(wizard, words):
    """Press the button of the foot whose text begins with `words`."""
    buttons = [one for one in wizard.page.foot_buttons() if isinstance(one, QAbstractButton) and one.isVisible()]
    said = [one.text() for one in buttons]
    found = next((one for one in buttons if one.text().startswith(words)), None)
    assert found is not None, said
    assert found.isEnabled(), words
    found.click()


def choose(wizard, header, field):
    """Take the column called `header` for a field, as the combo box does."""
    place = next(column.place for column in wizard.state.draft.columns if column.header == header)
    choice = wizard.columns_page.rows.choices[place]
    choice.setCurrentIndex(choice.findData(field))
    choice.activated.emit(choice.currentIndex())


def test_a_list_is_dropped_mapped_checked_applied_and_taken_back(qtbot, window, customers, file_database, staff):
    screen = list_in(window.open_screen("contacts"))
    settle(qtbot, window)
    drop(list_in(window.open_screen("contacts")) or screen, customers)
    settle(qtbot, window)
    wizard = window.tabs.front.screen
    assert isinstance(wizard, ImportWizard)
    assert window.tabs.front.title == "Import fair.xlsx"
    assert wizard.step == FILE
    press(wizard, "Go on")
    assert wizard.step == COLUMNS
    choose(wizard, "Remark of the stand", "notes")
    press(wizard, "Check")
    settle(qtbot, window)
    assert wizard.step == CHECK
    assert {str(one.verdict) for one in wizard.state.planned} == {"new"}
    assert len(wizard.state.planned) == 3
    assert names(file_database, staff) == []
    press(wizard, "Import")
    settle(qtbot, window)
    assert wizard.step == DONE
    assert len(names(file_database, staff)) == 3
    listed = list_in(window.open_screen("contacts"))
    qtbot.waitUntil(lambda: listed.table.rowCount() == 3, timeout=10_000)
    window.tabs.show(window.tabs.of(wizard))
    window.dialogs.will_answer(True)
    wizard.done_page.undo.click()
    settle(qtbot, window)
    assert names(file_database, staff) == []
    assert wizard.done_page.note.text().startswith("The import was undone")
    press(wizard, "Close")
    qtbot.waitUntil(lambda: window.tabs.of(wizard) is None)


def test_an_import_is_found_later_and_taken_back(qtbot, window, customers, file_database, staff):
    window.open_import("contacts", [customers])
    settle(qtbot, window)
    wizard = window.tabs.front.screen
    for words in ("Go on", "Check", "Import"):
        press(wizard, words)
        settle(qtbot, window)
    assert len(names(file_database, staff)) == 3
    history = window.open_screen("imports")
    settle(qtbot, window)
    assert history.table.model().rowCount() == 1
    history.table.setCurrentIndex(history.table.model().index(0, 0))
    window.dialogs.will_answer(True)
    history.undo.click()
    settle(qtbot, window)
    assert names(file_database, staff) == []
    assert not history.undo.isEnabled()


def test_an_empty_import_is_used_again_and_a_begun_one_stays(qtbot, window, customers):
    window.open_import()
    window.open_import("contacts")
    wizards = [tab.screen for tab in window.tabs.all if isinstance(tab.screen, ImportWizard)]
    assert len(wizards) == 1
    window.open_import("contacts", [customers])
    settle(qtbot, window)
    assert wizards[0].state.path == customers
    assert window.rail.buttons["contacts"].isChecked()
    window.open_import()
    assert sum(isinstance(tab.screen, ImportWizard) for tab in window.tabs.all) == 2


def test_the_menu_offers_the_import_to_whoever_may(window):
    said = [action.text() for action in window.menu.build().actions()]
    assert "Import a file…" in said
    assert "Imports" in said
