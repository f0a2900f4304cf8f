"""Products in a company on either engine, and a window on one in a SQLite file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.products import price_lists, service
from crm_desktop.shared.actor import Actor
from tests.companies import Firm
from tests.contacts.conftest import app, idle, open_office, staff

__all__ = ["app", "idle", "open_office", "staff"]

Make = Callable[..., int]


@pytest.fixture
def product(database: Database, firm: Firm) -> Make:
    """Write down a product; `by` defaults to the boss."""

    def make(code: str, name: str = "", by: Actor | None = None, **values: Any) -> int:
        with database.begin(by or firm.boss) as work:
            return service.create(work, {"code": code, "name": name or f"Product {code}", **values})

    return make


@pytest.fixture
def customer(database: Database, firm: Firm) -> Make:
    """Write down a contact."""

    def make(name: str, by: Actor | None = None, **values: Any) -> int:
        with database.begin(by or firm.boss) as work:
            return contacts.create(work, {"name": name, "is_customer": True, **values})

    return make


@pytest.fixture
def price_list(database: Database, firm: Firm) -> Make:
    """Write down a price list; prices by product."""

    def make(prices: Mapping[int, Any], by: Actor | None = None, **values: Any) -> int:
        rows = [{"product_id": id_, "price": price} for id_, price in prices.items()]
        with database.begin(by or firm.boss) as work:
            return price_lists.create_price_list(work, {"currency": "CNY", "prices": rows, **values})

    return make


@pytest.fixture
def show(qtbot: Any, idle: Callable[..., None]) -> Callable[..., Any]:
    """Show a screen on a desk, as wide as a usual window."""

    def shown(office: Any, screen: Any) -> Any:
        qtbot.addWidget(screen)
        screen.resize(1178, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        idle(office)
        return screen

    return shown
