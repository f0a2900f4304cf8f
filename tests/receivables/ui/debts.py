"""Customers who owe, for the screens of collecting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.receivables.money import promises
from crm_desktop.shared.actor import Actor
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.receivables import books

__all__ = ["Debts", "cells", "debts", "row_of", "show_screen"]


@dataclass(frozen=True)
class Debts:
    """Hengrun owes most and longest, Baolong is a little late, Kangda only owes what is not due; Northgate in USD."""

    hengrun: int
    baolong: int
    kangda: int
    northgate: int
    instalments: tuple[int, ...]
    """Of Hengrun: 192 days late, 20 days late, due in 12 days."""


@pytest.fixture
def debts(file_database: Database, accountant: Actor, staff: Firm) -> Debts:
    names = ("Shenzhen Hengrun Trading", "Changzhou Baolong Gears", "Kangda Instruments", "Northgate Supplies")
    with file_database.begin(staff.boss) as work:
        ids = [
            contacts.create(work, {"name": name, "is_customer": True, "owner": staff.anna.user_id}) for name in names
        ]
    hengrun, baolong, kangda, northgate = ids
    claims = books.invoice(file_database, hengrun, "INV-1", ("1000.00", 192), ("500.00", 20), ("300.00", -12))
    books.invoice(file_database, baolong, "INV-2", ("120.00", 25), ("80.00", None))
    books.invoice(file_database, kangda, "INV-3", ("700.00", -5))
    books.invoice(file_database, northgate, "INV-4", ("90.00", 83), currency="USD")
    books.receive(file_database, accountant, baolong, "30.00", dated_on=books.day(4))
    with file_database.begin(staff.boss) as work:
        for made, due in ((20, 10), (5, -3)):
            values = {"currency": "CNY", "amount": Decimal(400), "made_on": books.day(made), "due_on": books.day(due)}
            promises.promise(work, hengrun, values)
    return Debts(hengrun, baolong, kangda, northgate, tuple(claims))


@pytest.fixture
def show_screen(qtbot: Any, idle: Callable[[Office], None]) -> Callable[..., Any]:
    """Open a screen on a desk, as wide as the sheet of a common window, with the keyboard in it."""

    def open_screen(office: Office, make: Callable[[Any], Any], *, width: int = 1178) -> Any:
        screen = make(office.desk)
        qtbot.addWidget(screen)
        screen.resize(width, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        idle(office)
        screen.setFocus(Qt.FocusReason.OtherFocusReason)
        idle(office)
        return screen

    return open_screen


def cells(view: Any) -> list[dict[str, str]]:
    """What a list shows, row by row."""
    table = view.table
    names = [field.name for field in table.columns]
    return [
        {name: str(table.index(row, place).data() or "") for place, name in enumerate(names)}
        for row in range(table.rowCount())
    ]


def row_of(view: Any, text: str) -> int:
    """Go to the row of that name and return its place."""
    place = next(row for row, one in enumerate(cells(view)) if text in next(iter(one.values())))
    view.setCurrentIndex(view.table.index(place, 0))
    return place


def the_dialog(within: QWidget, kind: type) -> Any:
    """The dialog of a kind that is open."""
    (found,) = (one for one in within.findChildren(kind) if one.isVisible())
    return found
