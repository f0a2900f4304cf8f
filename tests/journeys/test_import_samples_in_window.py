"""The sample files come in by the real window, sheet by sheet, with what a person ticks and presses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton
from sqlalchemy import func, select

from crm_desktop.access.model import User
from crm_desktop.app.ui.tour import list_in
from crm_desktop.contacts.model import Contact
from crm_desktop.exchange.ui.incoming.state import CHECK, COLUMNS, DONE, FILE
from crm_desktop.exchange.ui.incoming.wizard import ImportWizard
from crm_desktop.orders.model import Instalment, Order, OrderLine
from crm_desktop.products.model import Product
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.money import to_minor
from tests.journeys.windows import settle, staff, window
from tests.receivables.samples import american, chinese

__all__ = ["staff", "window"]

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the samples lie beside the checkout, never in it")


@pytest.fixture
def counted(file_database) -> Callable[..., int]:
    """Count the stored records of an entity for which some columns have these values."""

    def count(entity, *only) -> int:
        with file_database.read(SYSTEM) as work:
            return work.session.scalar(select(func.count()).select_from(entity).where(*only))

    return count


def press(qtbot, window, wizard, words):
    """Press the button of the foot whose text begins with `words`, and wait for what it does."""
    buttons = [one for one in wizard.page.foot_buttons() if isinstance(one, QAbstractButton) and one.isVisible()]
    found = next((one for one in buttons if one.text().startswith(words)), None)
    assert found is not None, [one.text() for one in buttons]
    assert found.isEnabled(), (words, wizard.foot_note.text())
    found.click()
    settle(qtbot, window)


def tick(qtbot, window, box):
    assert box.isVisible(), box.text()
    box.click()
    settle(qtbot, window)


def open_file(qtbot, window, name) -> ImportWizard:
    window.open_import("", [SAMPLES / name])
    settle(qtbot, window)
    wizard = window.tabs.front.screen
    assert isinstance(wizard, ImportWizard)
    assert wizard.step == FILE
    press(qtbot, window, wizard, "Go on")
    assert wizard.step == COLUMNS
    return wizard


def check(qtbot, window, wizard) -> dict[str, int]:
    """Check the rows of the sheet in front, have what is missing made, and return the rows of each verdict."""
    press(qtbot, window, wizard, "Check")
    assert wizard.step == CHECK
    if wizard.check_page.missing.isVisible():
        tick(qtbot, window, wizard.check_page.missing)
    return verdicts(wizard)


def verdicts(wizard) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in wizard.state.planned:
        found[str(one.verdict)] = found.get(str(one.verdict), 0) + 1
    return found


@pytest.mark.slow
def test_northwind_comes_in_whole(qtbot, window, counted):
    people = counted(User)
    wizard = open_file(qtbot, window, "northwind.xlsx")
    came: dict[str, dict[str, int]] = {}
    while True:
        sheet = wizard.state.draft.sheet.name
        came[sheet] = check(qtbot, window, wizard)
        press(qtbot, window, wizard, "Import")
        assert wizard.step == DONE
        if not wizard.state.later:
            break
        press(qtbot, window, wizard, "Go on")
    assert came == {
        "Staff": {"new": 9},
        "Customers": {"new": 93},
        "Suppliers": {"new": 29},
        "Products": {"new": 77},
        "Orders": {"new": 830},
    }
    assert counted(User) == people + 9
    assert counted(Contact, Contact.kind == "company") == 93 + 29
    assert (counted(Product), counted(Order), counted(OrderLine)) == (77, 830, 2155)
    press(qtbot, window, wizard, "Close")
    listed = list_in(window.open_screen("orders"))
    qtbot.waitUntil(lambda: listed.table.rowCount() == 830, timeout=20_000)


def test_the_customers_of_a_chinese_firm_come_in(qtbot, window, counted):
    wizard = open_file(qtbot, window, "客户资料.xlsx")
    assert check(qtbot, window, wizard) == {"new": 260, "duplicate": 2}
    press(qtbot, window, wizard, "Import")
    assert wizard.step == DONE
    rows = wizard.done_page.table.check_rows
    assert rows.rowCount() == 2, "the duplicates are shown"
    assert {rows.planned(row).rows[0].values["code"] for row in range(2)} == {"KH90005", "KH90017"}
    assert counted(Contact, Contact.kind == "company") == 260


@pytest.mark.parametrize(("name", "read"), [("应收账款.xlsx", chinese), ("receivables-600.csv", american)])
def test_what_customers_owe_comes_in(qtbot, window, counted, file_database, name, read):
    owed = read(SAMPLES / name)
    wizard = open_file(qtbot, window, name)
    assert wizard.state.draft.target.name == "invoices"
    assert check(qtbot, window, wizard) == {"new": len(owed)}
    press(qtbot, window, wizard, "Import")
    assert wizard.step == DONE
    assert counted(Contact) == len({one.customer for one in owed}) > 10
    with file_database.read(SYSTEM) as work:
        columns = (Invoice.number, Invoice.dated_on, Instalment.due_on, Invoice.total, Instalment.open_amount)
        asked = select(*columns).join(Instalment, Instalment.invoice_id == Invoice.id)
        stored = {number: (*rest,) for number, *rest in work.session.execute(asked)}
    assert stored == {
        one.number: (one.dated_on, one.due_on, to_minor(one.amount, "CNY"), to_minor(one.amount - one.paid, "CNY"))
        for one in owed
    }
