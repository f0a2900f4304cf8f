"""A window on a real company with a customer of Anna's; the forms of activities over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.activities import kinds, service
from crm_desktop.activities.ui import specs
from crm_desktop.activities.ui.activity_dialog import ActivityDialog
from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.shared.record import Record
from tests.companies import Firm
from tests.contacts.conftest import Office, app, idle, open_office, staff
from tests.orders.ui.conftest import Typist

__all__ = ["app", "idle", "open_office", "staff"]

CONTROL = Qt.KeyboardModifier.ControlModifier


class CountingTypist(Typist):
    """Counts the keys that are not text."""

    keys = 0

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.keys += 1
        super().press(key, modifiers)

    def save(self) -> None:
        """Ctrl+Enter, where the keyboard is."""
        self.press(Qt.Key.Key_Return, CONTROL)


@pytest.fixture
def typist(qtbot: Any) -> CountingTypist:
    return CountingTypist(qtbot)


@pytest.fixture
def office(open_office: Callable[..., Office], staff: Firm) -> Office:
    """Anna's desk: she sells, and sees her own customers."""
    return open_office(staff.anna)


@pytest.fixture
def kangda(file_database: Database, staff: Firm) -> int:
    """A customer of Anna's with a person in it."""
    with file_database.begin(staff.boss) as work:
        person = contacts.create(
            work, {"name": "Wang Fang", "kind": "person", "is_customer": True, "owner": staff.anna.user_id}
        )
        values = {
            "name": "Shanghai Kangda Instruments",
            "is_customer": True,
            "owner": staff.anna.user_id,
            "points": [{"kind": "phone", "value": "021-5555 0101", "note": ""}],
            "people": [{"contact_id": person, "role": "Buyer"}],
        }
        return contacts.create(work, values)


@pytest.fixture
def sheet(office: Office, qtbot: Any) -> QWidget:
    """A window the forms open over."""
    sheet = QWidget()
    qtbot.addWidget(sheet)
    sheet.resize(1000, 700)
    with qtbot.waitActive(sheet):
        sheet.show()
        sheet.activateWindow()
    return sheet


@pytest.fixture
def form(office: Office, sheet: QWidget, qtbot: Any, idle: Callable[[Office], None]) -> Iterator[Callable[..., Any]]:
    """Open the form as everybody does and wait until the keyboard is in it."""

    def open_form(at: Office | None = None, **options: Any) -> Any:
        desk = (at or office).desk
        specs.log_activity(desk, sheet, **options)
        qtbot.waitUntil(lambda: any(one.isVisible() for one in sheet.findChildren(ActivityDialog)))
        dialog = next(one for one in sheet.findChildren(ActivityDialog) if one.isVisible())
        qtbot.waitUntil(lambda: dialog.isAncestorOf(QApplication.focusWidget() or sheet))
        idle(at or office)
        return dialog

    yield open_form
    for dialog in sheet.findChildren(ActivityDialog):
        dialog.hide()


@pytest.fixture
def closed(sheet: QWidget, qtbot: Any) -> Callable[[], None]:
    """Wait until no form is open any more."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not any(one.isVisible() for one in sheet.findChildren(ActivityDialog)))

    return wait


@pytest.fixture
def activity(file_database: Database, staff: Firm) -> Callable[[int], Record]:
    """Return an activity as it is in the database."""

    def read(activity_id: int) -> Record:
        with file_database.read(staff.boss) as work:
            return service.get(work, activity_id)

    return read


@pytest.fixture
def kind(file_database: Database, staff: Firm) -> Callable[[str], int]:
    """Return the id of a shipped kind or result by its key."""

    def find(key: str) -> int:
        with file_database.read(staff.boss) as work:
            every = (*kinds.kinds(work), *kinds.results(work))
        return next(one.id for one in every if one.key == key)

    return find
