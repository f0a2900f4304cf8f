"""A window on a real company with opportunities; the board and the record of one on it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.contacts.ui.related import RelatedPane
from crm_desktop.db.work import Database
from crm_desktop.orders.ui.specs_records import opportunity_documents
from crm_desktop.pipeline import service, stages
from crm_desktop.pipeline.ui import specs
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from tests.companies import Firm
from tests.contacts.conftest import Office, app, idle, make, open_office, staff

__all__ = ["app", "idle", "make", "open_office", "staff"]

RELATED = (RelatedPane("documents", "Quotes and orders", opportunity_documents, Permission.QUOTE_READ),)


@pytest.fixture
def stage_ids(file_database: Database, staff: Firm) -> dict[str, int]:
    with file_database.read(staff.boss) as work:
        return {stage.key: stage.id for stage in stages.stages(work)}


@pytest.fixture
def hope(
    file_database: Database, staff: Firm, make: Callable[..., int], stage_ids: dict[str, int]
) -> Callable[..., int]:
    """Write an opportunity of a customer of Anna's down."""
    customers: dict[str, int] = {}

    def new(name: str, stage: str = "enquiry", amount: str = "1000", customer: str = "Atlas", **values: Any) -> int:
        if customer not in customers:
            customers[customer] = make(customer, is_customer=True, owner=staff.anna.user_id)
        with file_database.begin(staff.boss) as work:
            given = {"name": name, "stage_id": stage_ids[stage], "amount": Decimal(amount), **values}
            return service.create(work, customers[customer], given)

    return new


@pytest.fixture
def stored_hope(file_database: Database, staff: Firm) -> Callable[[int], Record]:
    def read(opportunity_id: int) -> Record:
        with file_database.read(staff.boss) as work:
            return service.get(work, opportunity_id)

    return read


@pytest.fixture
def show_board(qtbot: Any, idle: Callable[[Office], None]) -> Callable[[Office], Any]:
    """Open the board on a desk, 1,178 pixels wide."""

    def show(office: Office, width: int = 1178) -> Any:
        screen = specs.board_screen(office.desk)
        qtbot.addWidget(screen)
        screen.resize(width, 640)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        idle(office)
        screen.view.setFocus()
        return screen

    return show


@pytest.fixture
def show_hope(qtbot: Any, idle: Callable[[Office], None]) -> Callable[..., Any]:
    """Open the tab of an opportunity (None: a new one) and return the record inside it."""

    def show(office: Office, opportunity_id: int | None, contact_id: int | None = None) -> Any:
        screen = specs.opportunity_record(office.desk, opportunity_id, contact_id=contact_id, related=RELATED)
        qtbot.addWidget(screen)
        screen.resize(1178, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        idle(office)
        return screen.record

    return show
