"""One invoice in a tab: typed, posted, paid, credited, taken back, as people do it, over a real SQLite file."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.db.work import Database
from crm_desktop.orders.ui.override_dialog import OverrideDialog
from crm_desktop.receivables.billing import stored_papers
from crm_desktop.receivables.collecting import credit_terms
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import receipts
from crm_desktop.receivables.ui.billing.credit_note_dialog import CreditNoteDialog
from crm_desktop.receivables.ui.billing.invoicing_dialog import InvoicingDialog
from crm_desktop.receivables.ui.billing.tax_invoice_dialog import TaxInvoiceDialog
from crm_desktop.reports.ui.preview import PdfPreview
from crm_desktop.shared.actor import Actor
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist
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
CTRL = Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.usefixtures("money_above_orders")


def shown_figures(record: Any) -> list[str]:
    return [figure.value for figure in record.describe(record.record).figures]


def pay(database: Database, by: Actor, invoice: Any, amount: object) -> int:
    with database.begin(by) as work:
        made = receipts.post(
            work,
            {"contact_id": invoice["contact_id"], "currency": "CNY", "amount": Decimal(str(amount))},
            {invoice["instalments"][0]["id"]: Decimal(str(amount))},
        )
        assert made is not None
        return made


def test_an_invoice_without_an_order_is_typed_and_posted_with_the_keyboard(
    qtbot: Any,
    open_office: Any,
    show_tab: Any,
    idle: Idle,
    typist: Typist,
    goods: dict[str, int],
    huaxin: int,
    stored_invoice: Any,
    accountant: Actor,
) -> None:
    office = open_office(accountant)
    record = show_tab(office, "invoice", None)
    finder = record.document.customer.line
    assert finder.hasFocus()
    typist.type("huaxin")
    qtbot.waitUntil(lambda: bool(finder.lines))
    typist.enter()
    idle(office)
    grid = record.document.lines.grid
    for _step in range(8):
        if grid.editor.hasFocus():
            break
        typist.tab()
    typist.type("seal")
    typist.tab()
    typist.type("100")
    typist.tab()
    typist.type("2")
    typist.enter()
    assert record.document.due.lines[0][1] == "226.00"
    typist.press(Qt.Key.Key_Return, CTRL)
    idle(office)
    invoice = stored_invoice(record.record_id)
    assert (invoice["number"], invoice["status"], invoice["open_amount"]) == ("INV2026-0001", "open", Decimal("226.00"))
    assert (record.title(), pill(record)) == ("INV2026-0001", "Unpaid")
    assert office.toasts[-1][0] == "Invoice INV2026-0001 is posted"
    assert not grid.lines.writable
    assert not record.form.writes("dated_on")
    assert record.form.writes("notes")


def test_an_order_is_invoiced_by_delivery_or_instalment_or_whole(
    open_office: Any,
    show_tab: Any,
    idle: Idle,
    make_order: Any,
    huaxin: int,
    stored_invoice: Any,
    accountant: Actor,
) -> None:
    parts = (
        {"amount": Decimal("113.00"), "due_on": None, "event": "on signing", "label": "First"},
        {"amount": Decimal("339.00"), "due_on": None, "event": "on acceptance", "label": "Rest"},
    )
    order_id = make_order(("SEAL-TC-35X52", 200, 2), instalments=parts)
    office = open_office(accountant)
    order = show_tab(office, "order", order_id)
    order.actions_here["invoice"].trigger()
    idle(office)
    asked = dialog(order, InvoicingDialog)
    assert [button.text() for button, _way in asked.choices] == [
        "Everything that is not invoiced yet",
        "First · on signing · CNY 113.00",
        "Rest · on acceptance · CNY 339.00",
    ]
    asked.choices[1][0].setChecked(True)
    asked.go.click()
    idle(office)
    entity, invoice_id = office.opened[-1]
    assert (entity, stored_invoice(invoice_id)["total"]) == ("invoice", Decimal("113.00"))


def test_an_order_with_one_way_to_invoice_it_asks_nothing(
    open_office: Any, show_tab: Any, idle: Idle, make_order: Any, stored_invoice: Any, accountant: Actor
) -> None:
    order_id = make_order(("SEAL-TC-35X52", 200, 2))
    office = open_office(accountant)
    order = show_tab(office, "order", order_id)
    order.actions_here["invoice"].trigger()
    idle(office)
    _entity, invoice_id = office.opened[-1]
    assert (stored_invoice(invoice_id)["order_id"], stored_invoice(invoice_id)["total"]) == (order_id, Decimal(452))
    order.actions_here["invoice"].trigger()
    idle(office)
    assert [one.title for one in office.desk.dialogs.asked] == ["Everything is invoiced"]


def test_posting_more_than_is_open_is_asked_about(
    open_office: Any, show_tab: Any, idle: Idle, make_order: Any, stored_invoice: Any, accountant: Actor
) -> None:
    office = open_office(accountant)
    order = show_tab(office, "order", make_order(("SEAL-TC-35X52", 200, 2)))
    order.actions_here["invoice"].trigger()
    idle(office)
    record = show_tab(office, *office.opened[-1])
    grid = record.document.lines.grid
    grid.setFocus()
    grid.go(0, "quantity")
    grid.editor.setText("250")
    grid.commit()
    office.desk.dialogs.will_answer("correct", "post")
    record.actions_here["post"].trigger()
    idle(office)
    assert stored_invoice(record.record_id)["state"] == "draft"
    record.actions_here["post"].trigger()
    idle(office)
    assert stored_invoice(record.record_id)["state"] == "posted"
    assert record.record["total"] == Decimal(565)


def test_credit_that_does_not_carry_it_asks_for_a_reason(
    file_database: Database,
    open_office: Any,
    show_tab: Any,
    idle: Idle,
    goods: dict[str, int],
    huaxin: int,
    stored_invoice: Any,
    staff: Firm,
) -> None:
    with file_database.begin(staff.boss) as work:
        credit_terms.save(work, huaxin, 0, {"limit": Decimal(100)})
    office = open_office(staff.boss)
    record = show_tab(office, "invoice_for_contact", huaxin)
    grid = record.document.lines.grid
    grid.setFocus()
    grid.paste("SEAL-TC-35X52\t100\t5\n")
    record.actions_here["post"].trigger()
    idle(office)
    asked = dialog(record, OverrideDialog)
    asked.reason.set_value("The owner knows them")
    asked.go.click()
    idle(office)
    assert stored_invoice(record.record_id)["state"] == "posted"


def test_a_paid_invoice_says_so_and_taking_the_payment_back_opens_it_again(
    file_database: Database,
    open_office: Any,
    show_tab: Any,
    idle: Idle,
    posted_order: Any,
    stored_invoice: Any,
    accountant: Actor,
) -> None:
    invoice_id = posted_order(("SEAL-TC-35X52", 100, 2))
    receipt_id = pay(file_database, accountant, stored_invoice(invoice_id), 226)
    office = open_office(accountant)
    record = show_tab(office, "invoice", invoice_id)
    assert (pill(record), shown_figures(record)) == ("Paid", ["226.00", "0.00"])
    assert not record.actions_here["receive"].isVisible()
    record.show_tab("uses")
    idle(office)
    assert record.uses.told == ["Receipt RC2026-0001 · 226.00 · Sun Lihua"]
    office.desk.dialogs.will_answer("Wrong customer")
    next(iter(record.uses.take_back.values())).click()
    idle(office)
    assert stored_invoice(invoice_id)["open_amount"] == Decimal(226)
    assert pill(record) == "Unpaid"
    assert [told.split(" · ")[1] for told in record.uses.told] == ["\u2212226.00", "226.00"]
    assert "taken back" in record.uses.told[0]
    assert record.uses.take_back == {}
    record.actions_here["receive"].trigger()
    assert office.opened[-1] == ("receipt_for_contact", stored_invoice(invoice_id)["contact_id"])
    with file_database.read(accountant) as work:
        assert receipts.get(work, receipt_id)["open"] == Decimal(226)


def test_a_line_is_credited_and_set_off_against_what_is_open(
    open_office: Any, show_tab: Any, idle: Idle, posted_order: Any, stored_invoice: Any, accountant: Actor
) -> None:
    invoice_id = posted_order(("SEAL-TC-35X52", 100, 2), ("CPL-L090-JAW", 10, 5))
    office = open_office(accountant)
    record = show_tab(office, "invoice", invoice_id)
    record.actions_here["credit"].trigger()
    idle(office)
    asked = dialog(record, CreditNoteDialog)
    assert [editor.value() for editor in asked.rows.editors] == [Decimal(100), Decimal(10)]
    asked.none.click()
    asked.rows.editors[1].set_value(Decimal(2))
    asked.go.click()
    idle(office)
    note = show_tab(office, *office.opened[-1])
    assert note.record["total"] == Decimal("11.30")
    note.form.editor("reason").set_value("Two were broken")
    note.form.editor("reason").notice()
    note.actions_here["post"].trigger()
    idle(office)
    assert (note.title(), pill(note)) == ("CN2026-0001", "Used")
    invoice = stored_invoice(invoice_id)
    assert (invoice["open_amount"], invoice["credited"]) == (Decimal("271.20"), Decimal("11.30"))
    idle(office)
    assert pill(record) == "Partly paid"
    note.show_tab("uses")
    idle(office)
    assert note.uses.told == ["Invoice INV2026-0001 · 11.30 · Sun Lihua"]


def test_the_preview_of_a_posted_invoice_is_the_paper_as_it_was_stored(
    file_database: Database,
    qtbot: Any,
    open_office: Any,
    show_tab: Any,
    idle: Idle,
    posted_order: Any,
    accountant: Actor,
) -> None:
    invoice_id = posted_order(("SEAL-TC-35X52", 100, 2))
    office = open_office(accountant)
    record = show_tab(office, "invoice", invoice_id)
    record.actions_here["preview"].trigger()
    preview = next(one for one in QApplication.topLevelWidgets() if isinstance(one, PdfPreview) and one.isVisible())
    qtbot.waitUntil(lambda: preview.printed is not None)
    idle(office)
    with file_database.read(accountant) as work:
        assert preview.printed.data == stored_papers.paper(work, invoice_id)
    assert preview.windowTitle() == "Invoice INV2026-0001"
    preview.close()


def test_a_tax_invoice_is_written_down_beside_its_invoice(
    open_office: Any, show_tab: Any, idle: Idle, posted_order: Any, stored_invoice: Any, accountant: Actor
) -> None:
    invoice_id = posted_order(("SEAL-TC-35X52", 100, 2))
    office = open_office(accountant)
    record = show_tab(office, "invoice", invoice_id)
    record.show_tab("tax")
    idle(office)
    record.tax.new.click()
    asked = dialog(record, TaxInvoiceDialog)
    assert asked.editors["amount"].value() == Decimal(226)
    asked.go.click()
    idle(office)
    assert asked.boxes["number"].error
    asked.editors["number"].set_value("25332000000012345678")
    asked.editors["amount"].set_value(Decimal(200))
    asked.go.click()
    idle(office)
    assert stored_invoice(invoice_id)["tax_open"] == Decimal(26)
    assert [one.number for one in record.tax.found.entries] == ["25332000000012345678"]
    office.desk.dialogs.will_answer(True)
    next(iter(record.tax.cancel.values())).click()
    idle(office)
    assert stored_invoice(invoice_id)["tax_open"] == Decimal(226)
    assert record.tax.cancel == {}


def test_a_posting_is_taken_back_and_keeps_its_number(
    file_database: Database,
    open_office: Any,
    show_tab: Any,
    idle: Idle,
    posted_order: Any,
    stored_invoice: Any,
    staff: Firm,
    accountant: Actor,
) -> None:
    invoice_id = posted_order(("SEAL-TC-35X52", 100, 2))
    assert not show_tab(open_office(accountant), "invoice", invoice_id).actions_here["unpost"].isVisible()
    office = open_office(staff.boss)
    record = show_tab(office, "invoice", invoice_id)
    office.desk.dialogs.will_answer("Wrong quantity")
    record.actions_here["unpost"].trigger()
    idle(office)
    assert (stored_invoice(invoice_id)["state"], record.title()) == ("draft", "INV2026-0001")
    assert record.document.lines.grid.lines.writable
    assert not record.actions_here["delete"].isVisible()
    record.actions_here["post"].trigger()
    idle(office)
    assert stored_invoice(invoice_id)["number"] == "INV2026-0001"
    record.show_tab("history")
    idle(office)
    said = "\n".join(record.history.sentences())
    assert "Wrong quantity" in said
    assert said.count("Posted") == 2


def test_a_draft_can_be_thrown_away_and_copied(
    file_database: Database,
    open_office: Any,
    show_tab: Any,
    idle: Idle,
    goods: dict[str, int],
    huaxin: int,
    accountant: Actor,
) -> None:
    office = open_office(accountant)
    record = show_tab(office, "credit_note_for_contact", huaxin)
    grid = record.document.lines.grid
    grid.setFocus()
    grid.paste("SEAL-TC-35X52\t1\t50\n")
    assert not record.actions_here["copy"].isVisible()
    record.save()
    idle(office)
    assert record.record["kind"] == "credit"
    record.actions_here["copy"].trigger()
    idle(office)
    copied = office.opened[-1][1]
    assert copied not in (None, record.record_id)
    closed: list[bool] = []
    record.close_wanted.connect(lambda: closed.append(True))
    office.desk.dialogs.will_answer(True)
    first = record.record_id
    record.actions_here["delete"].trigger()
    idle(office)
    assert closed == [True]
    with file_database.read(accountant) as work:
        assert work.session.get(Invoice, first) is None
        assert work.get(Invoice, copied).kind == "credit"


def test_a_rep_reads_an_invoice_and_changes_nothing(
    open_office: Any, show_tab: Any, posted_order: Any, staff: Firm
) -> None:
    invoice_id = posted_order(("SEAL-TC-35X52", 100, 2))
    record = show_tab(open_office(staff.anna), "invoice", invoice_id)
    for name in ("post", "receive", "credit", "copy", "write_off", "unpost", "delete"):
        assert not record.actions_here[name].isVisible(), name
    assert not record.save_action.isVisible()
    assert record.form.editor("notes").locked or not record.form.writes("notes")
