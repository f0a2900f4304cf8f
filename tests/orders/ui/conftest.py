"""A window on a real company with products and a customer; the screens of documents on it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.orders import quotes, service
from crm_desktop.orders.ui import specs_records
from crm_desktop.products import service as products
from crm_desktop.shared.record import Record
from tests.companies import Firm
from tests.contacts.conftest import Office, app, idle, open_office, staff

__all__ = ["app", "idle", "open_office", "staff"]

GOODS = (
    ("BRG-6204-2RS", "Deep groove ball bearing 6204-2RS", "pc", "8.60", "6"),
    ("BRG-6308-C3", "Deep groove ball bearing 6308 C3", "pc", "31.50", "25"),
    ("VLV-DN50-304", "不锈钢闸阀 DN50 304", "个", "286", "200"),
    ("FST-M12X60-A4", "Hex bolt M12×60, A4-80, box of 100", "box", "168", "120"),
    ("SEAL-TC-35X52", "Oil seal TC 35×52×7", "pc", "2.15", "1.10"),
    ("CPL-L090-JAW", "Jaw coupling L090, with spider", "pc", "5.20", "4.90"),
)


class Typist:
    """Types where the keyboard is."""

    def __init__(self, qtbot: Any) -> None:
        self.bot = qtbot

    def type(self, text: str) -> None:
        """Type Latin text; the test library aborts on anything else, as `compose` is for."""
        self.bot.keyClicks(QApplication.focusWidget(), text)

    def compose(self, text: str) -> None:
        """Hand over what an input method hands over."""
        event = QInputMethodEvent("", [])
        event.setCommitString(text)
        QApplication.sendEvent(QApplication.focusWidget(), event)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.bot.keyClick(QApplication.focusWidget(), key, modifiers)

    def tab(self, times: int = 1) -> None:
        for _time in range(times):
            self.press(Qt.Key.Key_Tab)

    def enter(self) -> None:
        self.press(Qt.Key.Key_Return)


@pytest.fixture
def typist(qtbot: Any) -> Typist:
    return Typist(qtbot)


@pytest.fixture
def goods(file_database: Database, staff: Firm) -> dict[str, int]:
    """Six products by code."""
    with file_database.begin(staff.boss) as work:
        return {
            code: products.create(
                work,
                {
                    "code": code,
                    "name": name,
                    "unit": unit,
                    "list_price": Decimal(price),
                    "tax_percent": Decimal(13),
                    "cost": Decimal(cost),
                },
            )
            for code, name, unit, price, cost in GOODS
        }


@pytest.fixture
def huaxin(file_database: Database, staff: Firm) -> int:
    """A customer of Anna's, with a person."""
    with file_database.begin(staff.boss) as work:
        values = {"is_customer": True, "owner": staff.anna.user_id}
        customer = contacts.create(work, {"name": "Ningbo Huaxin Electromechanical", **values})
        person = contacts.create(work, {"name": "Li Fang", "kind": "person", "owner": staff.anna.user_id})
        linked = ({"contact_id": person, "name": "Li Fang", "role": "buyer"},)
        contacts.save(work, customer, contacts.get(work, customer).version, {"people": linked})
        return customer


@pytest.fixture
def stored_order(file_database: Database, staff: Firm) -> Callable[[int], Record]:
    def read(order_id: int) -> Record:
        with file_database.read(staff.boss) as work:
            return service.get(work, order_id)

    return read


@pytest.fixture
def stored_quote(file_database: Database, staff: Firm) -> Callable[[int], Record]:
    def read(quote_id: int) -> Record:
        with file_database.read(staff.boss) as work:
            return quotes.get(work, quote_id)

    return read


@pytest.fixture
def make_order(file_database: Database, staff: Firm, huaxin: int, goods: dict[str, int]) -> Callable[..., int]:
    """Write an order of (code, quantity, price); confirmed unless told otherwise."""

    def make(*lines: tuple[str, object, object], confirmed: bool = True, **values: Any) -> int:
        with file_database.begin(staff.boss) as work:
            order_id = service.create(
                work, {"contact_id": huaxin, "lines": [order_line(goods, *line) for line in lines], **values}
            )
            if confirmed:
                service.confirm(work, order_id, service.get(work, order_id).version)
            return order_id

    return make


def order_line(goods: dict[str, int], code: str, quantity: object, price: object) -> dict[str, Any]:
    """Return a line as forms give it back."""
    name, unit = next((name, unit) for one, name, unit, _price, _cost in GOODS if one == code)
    return {
        "id": None,
        "kind": "item",
        "product_id": goods[code],
        "code": code,
        "name": name,
        "unit": unit,
        "quantity": Decimal(str(quantity)),
        "unit_price": Decimal(str(price)),
        "discount_percent": Decimal(0),
        "tax_percent": Decimal(13),
    }


@pytest.fixture
def show(qtbot: Any, idle: Callable[[Office], None]) -> Callable[..., Any]:
    """Open the tab of a document (None: a new one) on a desk and return the record inside it."""

    def open_tab(office: Office, entity: str, document_id: int | None, **more: Any) -> Any:
        screen = specs_records.RECORDS[entity](office.desk, document_id, **more)
        qtbot.addWidget(screen)
        screen.resize(1178, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        idle(office)
        return getattr(screen, "record", screen) if entity != "delivery" else screen

    return open_tab
