"""What is done about a claim from the tab of its invoice: disputed, moved, written off."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.receivables.ui.money.claim_dialogs import DisputeDialog, RescheduleDialog
from crm_desktop.receivables.ui.money.money_dialogs import WriteOffDialog
from crm_desktop.shared.actor import Actor
from tests.contacts.conftest import Office
from tests.receivables.ui.offices import (
    dialog,
    goods,
    huaxin,
    make_order,
    money_above_orders,
    pill,
    posted_order,
    show_tab,
    stored_invoice,
)

__all__ = ["goods", "huaxin", "make_order", "money_above_orders", "posted_order", "show_tab", "stored_invoice"]

Idle = Callable[[Office], None]
pytestmark = pytest.mark.usefixtures("money_above_orders")


def test_an_instalment_is_disputed_and_moved_from_its_invoice(
    open_office: Any, show_tab: Any, idle: Idle, posted_order: Any, stored_invoice: Any, accountant: Actor
) -> None:
    invoice_id = posted_order(("SEAL-TC-35X52", 100, 2))
    office = open_office(accountant)
    record = show_tab(office, "invoice", invoice_id)
    record.show_tab("claims")
    idle(office)
    claim = stored_invoice(invoice_id)["instalments"][0]["id"]
    record.claims.buttons["dispute", claim].click()
    asked = dialog(record, DisputeDialog)
    asked.form.editor("reason").set_value("Wrong colour")
    asked.go.click()
    idle(office)
    assert "disputed: Wrong colour" in record.claims.told[0]
    record.claims.buttons["reschedule", claim].click()
    assert dialog(record, RescheduleDialog).windowTitle() == "Other days for INV2026-0001"
    dialog(record, RescheduleDialog).reject()


def test_what_is_open_is_written_off_from_its_invoice(
    open_office: Any, show_tab: Any, idle: Idle, posted_order: Any, stored_invoice: Any, accountant: Actor
) -> None:
    invoice_id = posted_order(("SEAL-TC-35X52", 100, 2))
    office = open_office(accountant)
    record = show_tab(office, "invoice", invoice_id)
    record.actions_here["write_off"].trigger()
    asked = dialog(record, WriteOffDialog)
    asked.form.editor("reason").set_value("Insolvent")
    asked.go.click()
    idle(office)
    assert stored_invoice(invoice_id)["written_off"] == Decimal(226)
    assert pill(record) == "Written off"
    assert record.uses.told == ["Written off · 226.00 · Sun Lihua"]
