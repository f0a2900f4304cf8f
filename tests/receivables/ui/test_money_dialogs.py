"""The small dialogs about claims: written off, taken back, other days, promised, disputed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.db.work import Database
from crm_desktop.receivables.money import open_items, write_offs
from crm_desktop.receivables.money.open_items import OpenInstalment
from crm_desktop.receivables.ui.money.claim_dialogs import DisputeDialog, RescheduleDialog
from crm_desktop.receivables.ui.money.money_dialogs import TakeBackDialog, WriteOffDialog
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import OutcomeUnknown
from crm_desktop.ui.buttons import Button
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist
from tests.receivables import books

CONTROL = Qt.KeyboardModifier.ControlModifier
Items = Callable[..., tuple[OpenInstalment, ...]]


@pytest.fixture
def office(open_office: Callable[[Actor], Office], staff: Firm) -> Office:
    return open_office(staff.boss)


@pytest.fixture
def sheet(office: Office, qtbot: Any) -> QWidget:
    """A window the dialogs open over."""
    sheet = QWidget()
    qtbot.addWidget(sheet)
    sheet.resize(1000, 700)
    with qtbot.waitActive(sheet):
        sheet.show()
        sheet.activateWindow()
    return sheet


@dataclass(frozen=True)
class Dialogs:
    """Opens the dialogs over the sheet and ends them with the keyboard."""

    office: Office
    sheet: QWidget
    typist: Typist
    qtbot: Any
    wait: Callable[[], None]

    def open(self, kind: type, *given: Any, **named: Any) -> Any:
        """Open a dialog and wait until the keyboard is in it."""
        dialog: Any = kind(self.office.desk, *given, **named, parent=self.sheet)
        dialog.open()
        self.qtbot.waitUntil(lambda: dialog.isAncestorOf(QApplication.focusWidget() or self.sheet))
        self.wait()
        return dialog

    def confirm(self) -> None:
        """Press Ctrl+Return and wait until it is stored."""
        self.typist.press(Qt.Key.Key_Return, CONTROL)
        self.wait()


@pytest.fixture
def dialogs(office: Office, sheet: QWidget, typist: Typist, qtbot: Any, idle: Callable[[Office], None]) -> Dialogs:
    return Dialogs(office, sheet, typist, qtbot, lambda: idle(office))


@pytest.fixture
def items(file_database: Database, kangda: int) -> Items:
    def read(currency: str = "CNY") -> tuple[OpenInstalment, ...]:
        with file_database.read(SYSTEM) as work:
            return open_items.open_items(work, kangda, currency).instalments

    return read


def test_part_of_an_instalment_is_written_off_for_a_reason(
    dialogs: Dialogs, items: Items, file_database: Database, kangda: int, typist: Typist, staff: Firm
) -> None:
    (part,) = books.invoice(file_database, kangda, "INV-1", ("1000", 90))
    dialog = dialogs.open(WriteOffDialog, "CNY", items())
    assert dialog.windowTitle() == "Write off INV-1"
    dialog.amount.line.selectAll()
    typist.type("1200")
    typist.tab()
    assert dialog.approver.combo.hasFocus()
    assert [dialog.approver.combo.itemText(n) for n in range(2)] == ["Myself", "Ada Min"]
    typist.tab()
    typist.type("bankrupt")
    typist.press(Qt.Key.Key_Return, CONTROL)
    assert dialog.form.errors == {"amount": "At most 1,000.00 is open."}
    dialog.amount.line.selectAll()
    typist.type("400")
    dialogs.confirm()
    assert books.open_of(file_database, [part]) == [60_000]
    with file_database.read(SYSTEM) as work:
        (written,) = write_offs.write_offs_of(work, contact_id=kangda)
    assert (written.kind, written.reason, written.approved_by) == ("bad_debt", "bankrupt", staff.boss.user_id)
    back = dialogs.open(TakeBackDialog, written.id, "CNY 400.00")
    assert "CNY 400.00 is open again" in back.explanation.text()
    dialogs.confirm()
    assert books.open_of(file_database, [part]) == [100_000]


def test_several_instalments_are_written_off_whole(
    dialogs: Dialogs, items: Items, file_database: Database, kangda: int, typist: Typist
) -> None:
    parts = books.invoice(file_database, kangda, "INV-1", ("1000", 90), ("500", 60))
    dialog = dialogs.open(WriteOffDialog, "CNY", items())
    assert dialog.windowTitle() == "Write off 2 instalments"
    assert "CNY 1,500.00 is no longer owed" in dialog.explanation.text()
    typist.tab()
    typist.type("gone")
    dialogs.confirm()
    assert books.open_of(file_database, parts) == [0, 0]


def test_the_open_rest_moves_to_other_days_in_parts(
    dialogs: Dialogs, items: Items, file_database: Database, kangda: int, typist: Typist
) -> None:
    (part,) = books.invoice(file_database, kangda, "INV-1", ("1000", 20))
    dialog = dialogs.open(RescheduleDialog, items()[0], "CNY")
    typist.press(Qt.Key.Key_A, CONTROL)
    typist.type("600")
    typist.tab()
    typist.press(Qt.Key.Key_A, CONTROL)
    typist.type("2026-12-20")
    assert dialog.lacking.text() == "CNY 400.00 is missing to the open rest."
    dialog.form.editor("reason").focus()
    typist.type("asked for time")
    typist.press(Qt.Key.Key_Return, CONTROL)
    assert dialog.note.text() == "CNY 400.00 is missing to the open rest."
    next(one for one in dialog.findChildren(Button) if one.text() == "Add a part").click()
    dialogs.wait()
    typist.type("400")
    typist.tab(2)
    typist.type("on acceptance")
    assert not dialog.missing()
    dialogs.confirm()
    assert books.open_of(file_database, [part]) == [0]
    assert [(one.open, one.due_on, one.event) for one in items()] == [
        (Decimal("600.00"), date(2026, 12, 20), ""),
        (Decimal("400.00"), None, "on acceptance"),
    ]


def test_a_dispute_needs_words_and_is_settled(
    dialogs: Dialogs, items: Items, file_database: Database, kangda: int, typist: Typist
) -> None:
    (part,) = books.invoice(file_database, kangda, "INV-1", ("1000", 20))
    dialog = dialogs.open(DisputeDialog, part, "INV-1", disputed=False)
    typist.press(Qt.Key.Key_Return, CONTROL)
    assert "reason" in dialog.form.errors
    typist.type("two valves were broken")
    dialogs.confirm()
    assert items()[0].dispute_reason == "two valves were broken"
    dialogs.open(DisputeDialog, part, "INV-1", disputed=True)
    dialogs.confirm()
    assert not items()[0].disputed


@pytest.mark.parametrize("arrived", [True, False])
def test_a_broken_connection_is_looked_up_and_nothing_is_sent_twice(
    dialogs: Dialogs,
    items: Items,
    file_database: Database,
    kangda: int,
    typist: Typist,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: Any,
    arrived: bool,
) -> None:
    (part,) = books.invoice(file_database, kangda, "INV-1", ("1000", 20))
    dialog = dialogs.open(DisputeDialog, part, "INV-1", disputed=False)
    typist.type("two valves were broken")
    write = dialogs.office.desk.tasks.write
    sent = []

    def broken(owner: Any, act: Any, then: Any = None, failed: Any = None, **more: Any) -> Any:
        def lost(_result: Any = None) -> None:
            failed(OutcomeUnknown(sent[-1].operation_id))

        sent.append(write(owner, act if arrived else (lambda work: 0), lost, failed, **more))
        return sent[-1]

    monkeypatch.setattr(dialogs.office.desk.tasks, "write", broken)
    done: list[Any] = []
    dialog.carried_out.connect(done.append)
    typist.press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: bool(done) or "did not arrive" in dialog.note.text(), timeout=6_000)
    dialogs.wait()
    assert len(done) == (1 if arrived else 0)
    assert items()[0].disputed == arrived
    assert len(sent) == 1
