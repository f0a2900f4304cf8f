"""The small dialogs about claims: written off, taken back, other days, promised, disputed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.db.work import Database
from crm_desktop.receivables.money import open_items, promises, write_offs
from crm_desktop.receivables.money.open_items import OpenInstalment
from crm_desktop.receivables.ui.money.claim_dialogs import DisputeDialog, PromiseDialog, RescheduleDialog
from crm_desktop.receivables.ui.money.money_dialogs import TakeBackDialog, WriteOffDialog
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import OutcomeUnknown
from crm_desktop.ui.buttons import Button
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist
from tests.receivables import books

CONTROL = Qt.KeyboardModifier.ControlModifier


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


@pytest.fixture
def opened(office: Office, qtbot: Any, idle: Callable[[Office], None]) -> Callable[[Any], Any]:
    """Open a dialog and wait until the keyboard is in it."""

    def open_it(dialog: Any) -> Any:
        dialog.open()
        qtbot.waitUntil(lambda: dialog.isAncestorOf(QApplication.focusWidget() or dialog.parentWidget()))
        idle(office)
        return dialog

    return open_it


@pytest.fixture
def items(file_database: Database, kangda: int) -> Callable[..., tuple[OpenInstalment, ...]]:
    def read(currency: str = "CNY") -> tuple[OpenInstalment, ...]:
        with file_database.read(SYSTEM) as work:
            return open_items.open_items(work, kangda, currency).instalments

    return read


def test_part_of_an_instalment_is_written_off_for_a_reason(
    office: Office,
    sheet: QWidget,
    opened: Callable[[Any], Any],
    items: Callable[..., tuple[OpenInstalment, ...]],
    file_database: Database,
    kangda: int,
    staff: Firm,
    typist: Typist,
    idle: Callable[[Office], None],
) -> None:
    (part,) = books.invoice(file_database, kangda, "INV-1", ("1000", 90))
    dialog = opened(WriteOffDialog(office.desk, "CNY", items(), sheet))
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
    typist.press(Qt.Key.Key_Return, CONTROL)
    idle(office)
    assert books.open_of(file_database, [part]) == [60_000]
    with file_database.read(SYSTEM) as work:
        (written,) = write_offs.write_offs_of(work, contact_id=kangda)
    assert (written.kind, written.reason, written.approved_by) == ("bad_debt", "bankrupt", staff.boss.user_id)
    back = opened(TakeBackDialog(office.desk, written.id, "CNY 400.00", sheet))
    assert "CNY 400.00 is open again" in back.explanation.text()
    typist.press(Qt.Key.Key_Return, CONTROL)
    idle(office)
    assert books.open_of(file_database, [part]) == [100_000]


def test_several_instalments_are_written_off_whole(
    office: Office,
    sheet: QWidget,
    opened: Callable[[Any], Any],
    items: Callable[..., tuple[OpenInstalment, ...]],
    file_database: Database,
    kangda: int,
    typist: Typist,
    idle: Callable[[Office], None],
) -> None:
    parts = books.invoice(file_database, kangda, "INV-1", ("1000", 90), ("500", 60))
    dialog = opened(WriteOffDialog(office.desk, "CNY", items(), sheet))
    assert dialog.windowTitle() == "Write off 2 instalments"
    assert "CNY 1,500.00 is no longer owed" in dialog.explanation.text()
    typist.tab()
    typist.type("gone")
    typist.press(Qt.Key.Key_Return, CONTROL)
    idle(office)
    assert books.open_of(file_database, parts) == [0, 0]


def test_the_open_rest_moves_to_other_days_in_parts(
    office: Office,
    sheet: QWidget,
    opened: Callable[[Any], Any],
    items: Callable[..., tuple[OpenInstalment, ...]],
    file_database: Database,
    kangda: int,
    typist: Typist,
    idle: Callable[[Office], None],
) -> None:
    (part,) = books.invoice(file_database, kangda, "INV-1", ("1000", 20))
    dialog = opened(RescheduleDialog(office.desk, items()[0], "CNY", sheet))
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
    idle(office)
    typist.type("400")
    typist.tab(2)
    typist.type("on acceptance")
    assert not dialog.missing()
    typist.press(Qt.Key.Key_Return, CONTROL)
    idle(office)
    assert books.open_of(file_database, [part]) == [0]
    assert [(one.open, one.due_on, one.event) for one in items()] == [
        (Decimal("600.00"), date(2026, 12, 20), ""),
        (Decimal("400.00"), None, "on acceptance"),
    ]


def test_a_promise_is_written_down_with_its_day(
    office: Office,
    sheet: QWidget,
    opened: Callable[[Any], Any],
    file_database: Database,
    kangda: int,
    typist: Typist,
    idle: Callable[[Office], None],
) -> None:
    dialog = opened(PromiseDialog(office.desk, kangda, "Kangda", "CNY", Decimal("46020.00"), sheet))
    typist.type("40000")
    typist.tab()
    typist.type("2026-11-01")
    typist.press(Qt.Key.Key_Return, CONTROL)
    assert dialog.form.errors == {"due_on": "A promise is for today or a later day."}
    dialog.due.line.selectAll()
    typist.type("2026-11-27")
    typist.tab()
    typist.type("Ms Li")
    typist.press(Qt.Key.Key_Return, CONTROL)
    idle(office)
    with file_database.read(SYSTEM) as work:
        (made,) = promises.promises_of(work, kangda)
    assert (made.amount, made.due_on.isoformat(), made.person) == (Decimal("40000.00"), "2026-11-27", "Ms Li")


def test_a_dispute_needs_words_and_is_settled(
    office: Office,
    sheet: QWidget,
    opened: Callable[[Any], Any],
    items: Callable[..., tuple[OpenInstalment, ...]],
    file_database: Database,
    kangda: int,
    typist: Typist,
    idle: Callable[[Office], None],
) -> None:
    (part,) = books.invoice(file_database, kangda, "INV-1", ("1000", 20))
    dialog = opened(DisputeDialog(office.desk, part, "INV-1", disputed=False, parent=sheet))
    typist.press(Qt.Key.Key_Return, CONTROL)
    assert "reason" in dialog.form.errors
    typist.type("two valves were broken")
    typist.press(Qt.Key.Key_Return, CONTROL)
    idle(office)
    assert items()[0].dispute_reason == "two valves were broken"
    opened(DisputeDialog(office.desk, part, "INV-1", disputed=True, parent=sheet))
    typist.press(Qt.Key.Key_Return, CONTROL)
    idle(office)
    assert not items()[0].disputed


@pytest.mark.parametrize("arrived", [True, False])
def test_a_broken_connection_is_looked_up_and_nothing_is_sent_twice(
    office: Office,
    sheet: QWidget,
    opened: Callable[[Any], Any],
    file_database: Database,
    kangda: int,
    typist: Typist,
    idle: Callable[[Office], None],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: Any,
    arrived: bool,
) -> None:
    dialog = opened(PromiseDialog(office.desk, kangda, "Kangda", "CNY", Decimal("500.00"), sheet))
    dialog.due.set_value(books.TODAY)
    write = office.desk.tasks.write
    sent = []

    def broken(owner: Any, act: Any, then: Any = None, failed: Any = None, **more: Any) -> Any:
        def lost(_result: Any = None) -> None:
            failed(OutcomeUnknown(sent[-1].operation_id))

        sent.append(write(owner, act if arrived else (lambda work: 0), lost, failed, **more))
        return sent[-1]

    monkeypatch.setattr(office.desk.tasks, "write", broken)
    done: list[Any] = []
    dialog.carried_out.connect(done.append)
    typist.press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: bool(done) or "did not arrive" in dialog.note.text(), timeout=6_000)
    idle(office)
    with file_database.read(SYSTEM) as work:
        assert len(promises.promises_of(work, kangda)) == len(done) == (1 if arrived else 0)
    assert len(sent) == 1
