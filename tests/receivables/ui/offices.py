"""Goods, a customer with an order, and the tabs of receivables on a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from crm_desktop.db.work import Database
from crm_desktop.orders import above as orders_above
from crm_desktop.orders import service as orders
from crm_desktop.orders.ui import above as shown_above
from crm_desktop.orders.ui import specs_records
from crm_desktop.receivables.billing import invoices, invoicing, posting
from crm_desktop.receivables.billing.for_orders import InvoicesOfOrders
from crm_desktop.receivables.ui import specs
from crm_desktop.receivables.ui.above import ADDITIONS
from crm_desktop.shared.record import Record
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import goods, huaxin, order_line

__all__ = ["goods", "huaxin", "make_order", "money_above_orders", "posted_order", "show_tab", "stored_invoice"]


@pytest.fixture
def money_above_orders() -> Iterator[None]:
    """Invoices hang above orders here as they do in the program."""
    before, shown = orders_above.attached(), shown_above.attached()
    orders_above.attach(InvoicesOfOrders())
    shown_above.attach(ADDITIONS)
    yield
    orders_above.attach(*before)
    shown_above.attach(shown)


@pytest.fixture
def make_order(file_database: Database, staff: Firm, huaxin: int, goods: dict[str, int]) -> Callable[..., int]:
    """Confirm an order of (code, quantity, price) and return its id."""

    def make(*lines: tuple[str, object, object], **values: Any) -> int:
        with file_database.begin(staff.boss) as work:
            order_id = orders.create(
                work, {"contact_id": huaxin, "lines": [order_line(goods, *line) for line in lines], **values}
            )
            orders.confirm(work, order_id, orders.get(work, order_id).version)
            return order_id

    return make


@pytest.fixture
def posted_order(file_database: Database, staff: Firm, money_above_orders: None, make_order: Any) -> Callable[..., int]:
    """Confirm an order of (code, quantity, price), invoice all of it, and return the id of the invoice."""

    def make(*lines: tuple[str, object, object], **values: Any) -> int:
        order_id = make_order(*lines, **values)
        with file_database.begin(staff.boss) as work:
            invoice_id = invoicing.from_order(work, order_id)
            posting.post(work, invoice_id, invoices.get(work, invoice_id).version)
            return invoice_id

    return make


@pytest.fixture
def stored_invoice(file_database: Database, staff: Firm) -> Callable[[int], Record]:
    def read(invoice_id: int) -> Record:
        with file_database.read(staff.boss) as work:
            return invoices.get(work, invoice_id)

    return read


@pytest.fixture
def show_tab(qtbot: Any, idle: Callable[[Office], None]) -> Callable[..., Any]:
    """Open the tab of a record (None: a new one) on a desk and return the screen inside it."""

    def open_tab(office: Office, entity: str, record_id: int | None) -> Any:
        made = {**specs_records.RECORDS, **specs.RECORDS, **specs.FOR_CONTACT}
        screen = made[entity](office.desk, record_id, None, "")
        qtbot.addWidget(screen)
        screen.resize(1178, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        idle(office)
        return getattr(screen, "record", screen) if entity not in ("delivery", "receipt") else screen

    return open_tab


def dialog(screen: Any, kind: type[Any]) -> Any:
    return next(one for one in screen.findChildren(kind) if one.isVisible())


def pill(record: Any) -> str:
    return record.describe(record.record).pills[-1][0]
