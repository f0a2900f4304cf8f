"""A window on a real company in which a customer owes money; the screens of receivables on it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.receivables import settings
from crm_desktop.receivables.ui.money import receipt_specs
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.companies import Firm
from tests.contacts.conftest import Office, app, idle, open_office, staff
from tests.orders.ui.conftest import Typist, typist
from tests.receivables.books import hire_accountant

__all__ = ["Typist", "app", "idle", "open_office", "staff", "typist"]


@pytest.fixture
def accountant(file_database: Database, staff: Firm) -> Actor:
    """Settles differences up to 50.00 on the spot."""
    with file_database.begin(SYSTEM) as work:
        version = settings.get_settings(work).version
        settings.save_settings(work, version, {"difference_limits": {"accountant": Decimal(50)}})
    return hire_accountant(file_database)


@pytest.fixture
def kangda(file_database: Database, staff: Firm) -> int:
    """A customer of Anna's."""
    with file_database.begin(staff.boss) as work:
        values = {"name": "Shanghai Kangda Instruments", "is_customer": True, "owner": staff.anna.user_id}
        return contacts.create(work, values)


@pytest.fixture
def show_receipt(qtbot: Any, idle: Callable[[Office], None]) -> Callable[..., Any]:
    """Open the tab of a receipt (None: a new one) on a desk and return the screen inside it."""
    tabs: list[QWidget] = []

    def open_tab(office: Office, receipt_id: int | None, *, width: int = 1366, **more: Any) -> Any:
        screen = receipt_specs.receipt_record(office.desk, receipt_id, **more)
        tabs.append(screen)
        qtbot.addWidget(screen)
        screen.resize(width, 740)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        idle(office)
        return screen.record if receipt_id is None else screen

    return open_tab
