"""One posted receipt in a tab: what it paid, allocated later, taken back, paid back, reversed, printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.db.work import Database
from crm_desktop.receivables.money import receipts
from crm_desktop.receivables.ui.money.allocate_dialog import AllocateDialog
from crm_desktop.receivables.ui.money.money_dialogs import RefundDialog, ReverseDialog, UnallocateDialog
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.record import Record
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist
from tests.receivables import books

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def stored(file_database: Database) -> Callable[[int], Record]:
    def read(receipt_id: int) -> Record:
        with file_database.read(SYSTEM) as work:
            return receipts.get(work, receipt_id)

    return read


@pytest.fixture
def paid(file_database: Database, accountant: Actor, kangda: int) -> tuple[int, list[int]]:
    """A receipt of 1,500 that paid 1,000 of one of two invoices."""
    parts = books.invoice(file_database, kangda, "INV-1", ("600", 40), ("400", 5))
    parts += books.invoice(file_database, kangda, "INV-2", ("800", 3))
    uses = {parts[0]: Decimal(600), parts[1]: Decimal(400)}
    return books.receive(file_database, accountant, kangda, "1500", uses=uses, reference="TT 7719"), parts


@pytest.fixture
def at_desk(
    open_office: Callable[[Actor], Office], show_receipt: Callable[..., Any], accountant: Actor
) -> Callable[..., tuple[Any, Office]]:
    def open_tab(receipt_id: int, by: Actor | None = None) -> tuple[Any, Office]:
        office = open_office(by or accountant)
        return show_receipt(office, receipt_id), office

    return open_tab


@dataclass(frozen=True)
class Tab:
    """A receipt of 1,500 in a tab of the accountant, and the keyboard in it."""

    screen: Any
    office: Office
    receipt_id: int
    parts: list[int]
    typist: Typist
    wait: Callable[[], None]

    def dialog(self, kind: type) -> Any:
        """Return the dialog that is open, once the keyboard is in it."""
        (dialog,) = [one for one in self.screen.findChildren(kind) if one.isVisible()]
        self.typist.bot.waitUntil(lambda: dialog.isAncestorOf(QApplication.focusWidget() or self.screen))
        return dialog

    def confirm(self) -> None:
        """Press Ctrl+Return and wait until it is stored."""
        self.typist.press(Qt.Key.Key_Return, CONTROL)
        self.wait()


@pytest.fixture
def tab(
    at_desk: Callable[..., tuple[Any, Office]],
    paid: tuple[int, list[int]],
    typist: Typist,
    idle: Callable[[Office], None],
) -> Tab:
    screen, office = at_desk(paid[0])
    return Tab(screen, office, *paid, typist, lambda: idle(office))


def lines(screen: Any) -> list[tuple[str, str, str]]:
    return [(one.what, f"{one.target} {one.second}".strip(), one.amount) for one in screen.uses.model_.lines]


def test_a_receipt_shows_what_it_paid_and_what_is_left(tab: Tab, typist: Typist) -> None:
    screen = tab.screen
    heading = screen.describe(screen.record)
    assert heading.pills == [("Partly used", "warn")]
    assert [figure.value for figure in heading.figures] == ["CNY 1,500.00", "1,000.00", "500.00"]
    assert lines(screen) == [("Paid", "INV-1 2 of 2", "400.00"), ("Paid", "INV-1 1 of 2", "600.00")]
    screen.uses.setFocus()
    typist.enter()
    assert tab.office.opened[0][0] == "invoice"


def test_what_is_left_pays_another_invoice_later(tab: Tab, file_database: Database, typist: Typist) -> None:
    screen = tab.screen
    screen.uses.setFocus()
    typist.press(Qt.Key.Key_F9)
    tab.wait()
    dialog = tab.dialog(AllocateDialog)
    assert dialog.table.items.text(0, "allocate") == "500.00"
    assert dialog.left.text() == "CNY 0.00"
    typist.type("900")
    typist.press(Qt.Key.Key_Return, CONTROL)
    assert dialog.isVisible()
    assert "Only 800.00 of INV-2 is open" in dialog.said.text()
    typist.press(Qt.Key.Key_Space)
    typist.press(Qt.Key.Key_Return, CONTROL)
    assert dialog.note.text() == "300.00 more than there is. Take it off one of the lines."
    dialog.table.focus()
    typist.press(Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    tab.confirm()
    assert books.open_of(file_database, tab.parts) == [0, 0, 30_000]
    assert lines(screen)[0] == ("Paid", "INV-2", "500.00")
    assert screen.describe(screen.record).pills == [("All used", "success")]
    assert not screen.actions_here["allocate"].isVisible()


def test_one_line_is_taken_back_by_a_reversal_of_today(tab: Tab, file_database: Database, typist: Typist) -> None:
    screen = tab.screen
    screen.uses.setFocus()
    typist.press(Qt.Key.Key_Down)
    typist.press(Qt.Key.Key_Delete)
    tab.dialog(UnallocateDialog)
    typist.type("wrong invoice")
    tab.confirm()
    assert books.open_of(file_database, tab.parts) == [60_000, 0, 80_000]
    assert lines(screen) == [
        ("Taken back", "INV-1 1 of 2", "−600.00"),
        ("Paid", "INV-1 2 of 2", "400.00"),
        ("Paid", "INV-1 1 of 2", "600.00"),
    ]
    assert [one.quiet for one in screen.uses.model_.lines] == [True, False, True]


def test_what_is_left_is_paid_back(
    tab: Tab, at_desk: Callable[..., tuple[Any, Office]], stored: Callable[[int], Record], typist: Typist
) -> None:
    screen = tab.screen
    screen.actions_here["refund"].trigger()
    dialog = tab.dialog(RefundDialog)
    tab.wait()
    typist.type("600")
    typist.press(Qt.Key.Key_Return, CONTROL)
    assert dialog.form.errors["amount"] == "Only 500.00 is not used yet."
    dialog.amount.line.selectAll()
    typist.type("200")
    tab.confirm()
    assert stored(tab.receipt_id)["open"] == Decimal("300.00")
    assert lines(screen)[0][0] == "Paid back"
    refund_id = screen.uses.model_.lines[0].opens[1]
    refund, _office = at_desk(refund_id)
    assert refund.describe(refund.record).pills == [("Refund", "neutral")]
    assert lines(refund) == [("Paid back", screen.record["number"], "200.00")]
    assert refund.uses.model_.lines[0].opens == ("receipt", tab.receipt_id)
    assert not refund.actions_here["reverse"].isVisible()


def test_a_receipt_that_never_arrived_is_reversed_for_a_reason(
    tab: Tab, file_database: Database, typist: Typist
) -> None:
    screen = tab.screen
    screen.actions_here["reverse"].trigger()
    dialog = tab.dialog(ReverseDialog)
    assert "2 instalments are open again" in dialog.explanation.text()
    typist.press(Qt.Key.Key_Return, CONTROL)
    assert "reason" in dialog.form.errors
    typist.type("cheque bounced")
    tab.confirm()
    assert books.open_of(file_database, tab.parts) == [60_000, 40_000, 80_000]
    assert screen.describe(screen.record).pills == [("Reversed", "danger")]
    assert not screen.actions_here["reverse"].isVisible()


def test_how_the_money_came_can_still_be_written_down(
    tab: Tab, stored: Callable[[int], Record], typist: Typist
) -> None:
    screen = tab.screen
    assert screen.form.box("matures_on").isHidden()
    line = screen.form.editor("reference").line
    line.setFocus()
    line.selectAll()
    typist.type("TT 7720")
    typist.press(Qt.Key.Key_S, CONTROL)
    tab.wait()
    assert stored(tab.receipt_id)["reference"] == "TT 7720"
    assert not screen.unsaved


def test_who_may_only_read_is_offered_no_steps(
    at_desk: Callable[..., tuple[Any, Office]], paid: tuple[int, list[int]], staff: Firm
) -> None:
    screen, _office = at_desk(paid[0], staff.anna)
    shown = {name for name in screen.actions_here if screen.actions_here[name].isVisible()}
    assert shown <= {"preview", "customer"}
    assert screen.form.editor("reference").line.isReadOnly()


def test_the_receipt_on_paper_is_shown(tab: Tab, qtbot: Any) -> None:
    pytest.importorskip("crm_desktop.receivables.money.receipt_papers")
    screen = tab.screen
    screen.actions_here["preview"].trigger()
    tab.wait()
    previews = [one for one in QApplication.topLevelWidgets() if type(one).__name__ == "PdfPreview"]
    assert previews
    qtbot.waitUntil(lambda: previews[0].isVisible())
    previews[0].close()
