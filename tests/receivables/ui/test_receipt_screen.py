"""A new receipt as an accountant types it: by keys alone, posted with what it pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from crm_desktop.db.work import Database
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.money import receipts
from crm_desktop.receivables.money.uses import uses_of
from crm_desktop.receivables.ui.money.allocation_delegate import PAD
from crm_desktop.receivables.ui.money.allocation_model import PLACES
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import OutcomeUnknown
from crm_desktop.shared.i18n import use_language
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.fonts import BODY, font, install_fonts, px
from crm_desktop.ui.theme import install_theme
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist
from tests.receivables import books

CONTROL = Qt.KeyboardModifier.ControlModifier


class Counting(Typist):
    """Counts every key pressed."""

    pressed = 0

    def type(self, text: str) -> None:
        self.pressed += len(text)
        super().type(text)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.pressed += 1
        super().press(key, modifiers)


@pytest.fixture
def keys(qtbot: Any) -> Counting:
    return Counting(qtbot)


@dataclass
class Counter:
    """An accountant at the screen of a new receipt."""

    screen: Any
    office: Office
    keys: Counting
    wait: Callable[[], None]

    @property
    def form(self) -> Any:
        return self.screen.receipt

    def choose(self, typed: str) -> None:
        """Type part of the customer's name and take the first that is offered."""
        self.keys.type(typed)
        self.keys.enter()
        self.wait()

    def post(self) -> None:
        self.keys.press(Qt.Key.Key_Return, CONTROL)
        self.wait()

    def column(self, name: str) -> list[str]:
        """Return what a column of the table says, the heading left out."""
        items = self.form.table.items
        return [items.text(row, name) for row, one in enumerate(items.rows) if not one.is_heading]

    def figures(self) -> tuple[str, ...]:
        pane = self.form.answer.pane
        return tuple(line.figure.text() for line in (pane.received, pane.credits, pane.allocated, pane.difference))

    def offered(self) -> list[tuple[str, bool]]:
        lines = self.form.answer.pane.lines
        return [(line.radio.text(), line.radio.isEnabled()) for line in lines if not line.isHidden()]


@pytest.fixture
def counter(
    open_office: Callable[[Actor], Office],
    show_receipt: Callable[..., Any],
    idle: Callable[[Office], None],
    accountant: Actor,
    keys: Counting,
    qtbot: Any,
) -> Callable[..., Counter]:
    def sit_down(by: Actor | None = None, **more: Any) -> Counter:
        office = open_office(by or accountant)
        screen = show_receipt(office, None, **more)

        def wait() -> None:
            def settled() -> bool:
                timer = screen.receipt.customer.line._settle
                return not timer.isActive() and bool(office.desk.tasks.idle)

            qtbot.waitUntil(settled, timeout=10_000)
            idle(office)

        return Counter(screen, office, keys, wait)

    return sit_down


@pytest.fixture
def receipt_of(file_database: Database, staff: Firm) -> Callable[[], Any]:
    """Return the one receipt that is posted."""

    def read() -> Any:
        with file_database.read(staff.boss) as work:
            ids = list(work.session.scalars(select(Receipt.id).where(Receipt.kind == "receipt")))
            assert len(ids) == 1
            return receipts.get(work, ids[0])

    return read


def test_2900_pays_invoices_of_3000_less_a_credit_of_100(
    counter: Callable[..., Counter],
    file_database: Database,
    kangda: int,
    receipt_of: Callable[[], Any],
) -> None:
    first = books.invoice(file_database, kangda, "INV-2026-0301", ("1800", 20))
    second = books.invoice(file_database, kangda, "INV-2026-0302", ("1200", 5))
    credit = books.credit_note(file_database, kangda, "CN-2026-0021", "100")
    desk = counter()
    desk.choose("kang")
    desk.keys.type("2900")
    assert desk.column("allocate") == ["1,800.00", "1,200.00", "100.00"]
    assert desk.column("left") == ["settled", "settled", "used"]
    assert desk.figures() == ("2,900.00", "100.00", "−3,000.00", "0.00")
    assert "exactly INV-2026-0301, INV-2026-0302" in desk.screen.page.said()
    assert desk.screen.page.after.text() == "after 0.00"
    desk.post()
    assert books.open_of(file_database, first + second) == [0, 0]
    receipt = receipt_of()
    assert (receipt["amount"], receipt["open"]) == (Decimal("2900.00"), Decimal("0.00"))
    with file_database.read(SYSTEM) as work:
        assert sum(one.amount for one in uses_of(work, credit_id=credit)) == Decimal("100.00")
    assert "is posted" in desk.screen.note.text()
    # Customer, Enter, amount, Ctrl+Enter: ten keys are far below a minute.
    assert desk.keys.pressed == 10


def test_one_transfer_pays_three_invoices_the_last_in_part(
    counter: Callable[..., Counter], file_database: Database, kangda: int, receipt_of: Callable[[], Any]
) -> None:
    parts = [
        *books.invoice(file_database, kangda, "INV-1", ("1000", 40)),
        *books.invoice(file_database, kangda, "INV-2", ("2000", 30)),
        *books.invoice(file_database, kangda, "INV-3", ("3000", 20)),
        *books.invoice(file_database, kangda, "INV-4", ("4000", 10)),
    ]
    desk = counter()
    desk.choose("kang")
    desk.keys.type("3500")
    assert desk.column("allocate") == ["1,000.00", "2,000.00", "500.00", ""]
    assert desk.column("left") == ["settled", "settled", "2,500.00", "4,000.00"]
    desk.post()
    assert books.open_of(file_database, parts) == [0, 0, 250_000, 400_000]
    assert receipt_of()["open"] == 0
    assert desk.keys.pressed == 10


def test_the_invoices_named_on_the_transfer_are_chosen_by_keys(
    counter: Callable[..., Counter], file_database: Database, kangda: int
) -> None:
    parts = [books.invoice(file_database, kangda, f"INV-{n}", (str(n * 1000), 50 - n))[0] for n in range(1, 5)]
    desk = counter()
    desk.choose("kang")
    desk.keys.type("6500")
    desk.keys.enter()
    desk.screen.actions_here["clear_amounts"].trigger()
    desk.keys.press(Qt.Key.Key_Down)
    desk.keys.press(Qt.Key.Key_Space)
    desk.keys.press(Qt.Key.Key_Down)
    desk.keys.press(Qt.Key.Key_Down)
    assert desk.figures()[3] == "4,500.00"
    desk.keys.press(Qt.Key.Key_Space)
    assert desk.column("allocate") == ["", "2,000.00", "", "4,000.00"]
    desk.keys.press(Qt.Key.Key_Up)
    desk.keys.press(Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert desk.column("allocate") == ["", "2,000.00", "500.00", "4,000.00"]
    assert desk.figures()[3] == "0.00"
    desk.post()
    assert books.open_of(file_database, parts) == [100_000, 0, 250_000, 0]


def test_a_bank_fee_within_the_limit_is_settled_on_the_spot(
    counter: Callable[..., Counter], file_database: Database, kangda: int, receipt_of: Callable[[], Any]
) -> None:
    (part,) = books.invoice(file_database, kangda, "INV-1", ("1000", 5))
    desk = counter()
    desk.choose("kang")
    desk.keys.type("985")
    desk.keys.enter()
    desk.keys.press(Qt.Key.Key_Space)
    assert desk.form.answer.pane.question.text() == "15.00 is missing. What is it?"
    assert desk.offered() == [("Bank fee", True), ("Small difference", True), ("Leave it open", True)]
    assert "your limit is 50.00" in desk.form.answer.pane.lines[0].below.text()
    assert "INV-1 keeps 15.00 open" in desk.form.answer.pane.lines[2].below.text()
    desk.post()
    assert desk.form.errors == {"answer": "Say what the missing amount is."}
    desk.keys.press(Qt.Key.Key_F9)
    assert "With the fee everything is settled" in desk.form.answer.pane.note.text()
    assert desk.screen.page.after.text() == "after 0.00"
    desk.post()
    assert books.open_of(file_database, [part]) == [0]
    assert [(one.kind, one.amount) for one in receipt_of()["settled"]] == [("bank_fee", Decimal("15.00"))]


def test_a_difference_above_the_limit_can_only_be_left_open(
    counter: Callable[..., Counter], file_database: Database, kangda: int, receipt_of: Callable[[], Any]
) -> None:
    parts = [books.invoice(file_database, kangda, f"INV-{n}", ("1000", 50 - n))[0] for n in range(2)]
    desk = counter()
    desk.choose("kang")
    desk.keys.type("1940")
    desk.keys.enter()
    desk.keys.press(Qt.Key.Key_Down)
    desk.keys.press(Qt.Key.Key_Space)
    assert desk.offered() == [("Bank fee", False), ("Small difference", False), ("Leave it open", True)]
    desk.keys.press(Qt.Key.Key_F9)
    assert desk.form.answer.chosen() == ""
    desk.keys.press(Qt.Key.Key_F7)
    assert desk.form.answer.pane.note.text() == "60.00 stays open with the customer."
    desk.post()
    assert books.open_of(file_database, parts) == [0, 6_000]
    assert receipt_of()["settled"] == ()


def test_a_surplus_stays_as_an_advance_and_a_small_one_may_be_kept(
    counter: Callable[..., Counter], file_database: Database, kangda: int, receipt_of: Callable[[], Any]
) -> None:
    (part,) = books.invoice(file_database, kangda, "INV-1", ("1000", 5))
    desk = counter()
    desk.choose("kang")
    desk.keys.type("1000.50")
    assert desk.form.answer.chosen() == "advance"
    assert desk.form.answer.pane.note.text() == "0.50 stays as an advance of this customer."
    desk.keys.press(Qt.Key.Key_F8)
    assert desk.form.answer.chosen() == "keep"
    assert desk.screen.page.after.text() == "after 0.00"
    desk.post()
    assert books.open_of(file_database, [part]) == [0]
    assert receipt_of()["open"] == 0


def test_money_without_anything_open_is_an_advance(
    counter: Callable[..., Counter], kangda: int, receipt_of: Callable[[], Any]
) -> None:
    desk = counter()
    desk.choose("kang")
    desk.keys.type("5000")
    assert desk.screen.page.said() == "Nothing is open, so the whole amount stays as an advance."
    assert desk.screen.page.after.text() == "after −5,000.00"
    desk.post()
    assert receipt_of()["open"] == Decimal("5000.00")


def test_credits_alone_are_set_off_without_a_receipt(
    counter: Callable[..., Counter], file_database: Database, kangda: int
) -> None:
    (part,) = books.invoice(file_database, kangda, "INV-1", ("1000", 5))
    books.credit_note(file_database, kangda, "CN-1", "300")
    desk = counter()
    desk.choose("kang")
    desk.keys.press(Qt.Key.Key_F6)
    assert desk.column("allocate") == ["300.00", "300.00"]
    desk.post()
    assert books.open_of(file_database, [part]) == [70_000]
    with file_database.read(SYSTEM) as work:
        assert not list(work.session.scalars(select(Receipt.id)))
    assert desk.screen.note.text() == "The credits of Shanghai Kangda Instruments are set off."


def test_a_wrong_amount_is_said_and_not_posted(
    counter: Callable[..., Counter], file_database: Database, kangda: int
) -> None:
    books.invoice(file_database, kangda, "INV-1", ("1000", 5))
    desk = counter()
    desk.choose("kang")
    desk.keys.type("2000")
    desk.keys.enter()
    desk.keys.type("1200")
    assert desk.column("allocate") == ["1200"]
    desk.keys.press(Qt.Key.Key_Tab)
    assert desk.screen.page.said() == "Only 1,000.00 of INV-1 is open."
    desk.post()
    assert "uses" in desk.form.errors
    desk.keys.type("1000")
    desk.post()
    assert "is posted" in desk.screen.note.text()


def test_the_same_money_twice_is_asked_about(
    counter: Callable[..., Counter], file_database: Database, accountant: Actor, kangda: int
) -> None:
    first = books.receive(file_database, accountant, kangda, "500", reference="2611190037", dated_on=books.day(4))
    desk = counter()
    desk.choose("kang")
    desk.keys.type("500")
    desk.wait()
    assert desk.screen.note.isHidden()
    desk.form.editor("reference").focus()
    desk.keys.type("26 1119 0037")
    desk.wait()
    assert "has the same bank reference" in desk.screen.note.text()
    desk.screen.note._action.click()
    assert desk.office.opened == [("receipt", first)]


def test_the_next_receipt_begins_with_the_same_day_and_account(
    counter: Callable[..., Counter], file_database: Database, kangda: int
) -> None:
    books.open_account(file_database, "Cash box")
    bank = books.open_account(file_database, "ICBC …8831")
    desk = counter()
    desk.choose("kang")
    desk.keys.type("500")
    desk.form.editor("dated_on").line.setFocus()
    desk.keys.press(Qt.Key.Key_Down)
    desk.form.account.set_value(bank)
    desk.post()
    assert desk.form.customer.value() is None
    assert desk.form.customer.line.hasFocus()
    assert desk.screen.page.said() == "Choose the customer, then type what was received."
    assert (desk.form.value("dated_on"), desk.form.value("account_id")) == (books.day(1), bank)
    assert desk.form.amount.value() is None
    assert not desk.screen.unsaved


def test_the_other_currency_of_a_customer_is_chosen(
    counter: Callable[..., Counter], file_database: Database, kangda: int, receipt_of: Callable[[], Any]
) -> None:
    books.invoice(file_database, kangda, "INV-1", ("1000", 5))
    (part,) = books.invoice(file_database, kangda, "INV-2", ("700", 3), currency="EUR")
    desk = counter()
    assert desk.form.box("currency").isHidden()
    desk.choose("kang")
    assert desk.column("number") == ["INV-1"]
    combo = desk.form.currency.combo
    combo.setFocus()
    desk.keys.type("E")
    combo.activated.emit(combo.currentIndex())
    desk.wait()
    assert desk.column("number") == ["INV-2"]
    assert desk.form.box("amount").label.text() == "Received EUR"
    desk.keys.tab()
    assert desk.form.editor("rate").line.hasFocus()
    desk.keys.type("7.8")
    desk.form.amount.focus()
    desk.keys.type("700")
    desk.post()
    assert books.open_of(file_database, [part]) == [0]
    assert (receipt_of()["currency"], receipt_of()["rate"]) == ("EUR", Decimal("7.8"))


def test_an_acceptance_has_a_day_on_which_it_matures(
    counter: Callable[..., Counter], kangda: int, receipt_of: Callable[[], Any]
) -> None:
    desk = counter()
    assert desk.form.box("matures_on").isHidden()
    desk.choose("kang")
    desk.keys.type("800")
    combo = desk.form.editor("method").combo
    combo.setCurrentIndex(combo.findData("acceptance"))
    combo.activated.emit(combo.currentIndex())
    desk.form.editor("matures_on").focus()
    desk.keys.type("2027-02-20")
    desk.screen.page.more.click()
    desk.keys.type("Parent company")
    desk.post()
    receipt = receipt_of()
    assert (receipt["method"], receipt["matures_on"].isoformat()) == ("acceptance", "2027-02-20")
    assert receipt["payer"] == "Parent company"


def test_a_half_typed_receipt_survives_a_crash(
    counter: Callable[..., Counter], file_database: Database, kangda: int, tmp_path: Path, qtbot: Any
) -> None:
    books.invoice(file_database, kangda, "INV-1", ("1000", 5))
    books.invoice(file_database, kangda, "INV-2", ("500", 1))
    store = DraftStore(tmp_path / "drafts")
    desk = counter(drafts=store, company="c")
    desk.choose("kang")
    desk.keys.type("1240")
    desk.keys.enter()
    desk.keys.press(Qt.Key.Key_Down)
    desk.keys.type("250")
    desk.keys.press(Qt.Key.Key_Up)
    desk.keys.press(Qt.Key.Key_F9)
    desk.screen.drafts.keep()
    again = counter(drafts=store, company="c")
    again.screen.drafts.restore()
    again.wait()
    assert again.form.customer.customer_name() == "Shanghai Kangda Instruments"
    assert again.column("allocate") == ["1,000.00", "250.00"]
    assert again.form.answer.chosen() == "bank_fee"
    again.post()
    assert store.all("c", again.office.actor.login) == []


def test_what_another_computer_paid_meanwhile_is_no_longer_open(
    counter: Callable[..., Counter], file_database: Database, staff: Firm, kangda: int
) -> None:
    (part,) = books.invoice(file_database, kangda, "INV-1", ("1000", 5))
    desk = counter()
    desk.choose("kang")
    desk.keys.type("1000")
    books.receive(file_database, staff.boss, kangda, "400", uses={part: Decimal(400)})
    desk.wait()
    assert desk.column("open") == ["600.00"]
    assert desk.column("allocate") == ["600.00"]


def test_an_amount_in_the_middle_of_being_typed_survives_what_others_pay(
    counter: Callable[..., Counter], file_database: Database, staff: Firm, kangda: int
) -> None:
    first = books.invoice(file_database, kangda, "INV-1", ("1000", 50))
    books.invoice(file_database, kangda, "INV-2", ("2000", 5))
    desk = counter()
    desk.choose("kang")
    desk.keys.type("1500")
    desk.keys.enter()
    desk.keys.press(Qt.Key.Key_Down)
    desk.keys.type("12")
    books.receive(file_database, staff.boss, kangda, "400", uses={first[0]: Decimal(400)})
    desk.wait()
    assert desk.column("open") == ["600.00", "2,000.00"]
    desk.keys.type("50")
    assert desk.column("allocate") == ["600.00", "1,250.00"]


def test_a_broken_connection_is_looked_up_and_nothing_is_posted_twice(
    counter: Callable[..., Counter],
    file_database: Database,
    kangda: int,
    receipt_of: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (part,) = books.invoice(file_database, kangda, "INV-1", ("1000", 5))
    desk = counter()
    desk.choose("kang")
    desk.keys.type("1000")
    answer = desk.office.desk.tasks.write

    def broken(owner: Any, act: Any, then: Any = None, failed: Any = None, **more: Any) -> Any:
        task: Any = None

        def lost(_result: Any) -> None:
            failed(OutcomeUnknown(task.operation_id))

        task = answer(owner, act, lost, failed, **more)
        return task

    monkeypatch.setattr(desk.office.desk.tasks, "write", broken)
    desk.post()
    assert "is posted" in desk.screen.note.text()
    assert receipt_of()["open"] == 0
    assert books.open_of(file_database, [part]) == [0]


def test_who_may_not_post_cannot(
    counter: Callable[..., Counter], staff: Firm, file_database: Database, kangda: int
) -> None:
    books.invoice(file_database, kangda, "INV-1", ("1000", 50))
    desk = counter(staff.anna)
    desk.choose("kang")
    desk.keys.type("1000")
    desk.post()
    assert not desk.screen.save_button.isEnabled()
    with file_database.read(SYSTEM) as work:
        assert not list(work.session.scalars(select(Receipt.id)))


def test_closing_asks_and_escape_first_gives_back_the_amount(
    counter: Callable[..., Counter], file_database: Database, kangda: int, qtbot: Any
) -> None:
    books.invoice(file_database, kangda, "INV-1", ("1000", 5))
    desk = counter()
    desk.choose("kang")
    desk.keys.type("1000")
    desk.keys.enter()
    desk.keys.type("10")
    desk.keys.press(Qt.Key.Key_Escape)
    assert desk.column("allocate") == ["1,000.00"]
    with qtbot.waitSignal(desk.screen.close_wanted):
        desk.keys.press(Qt.Key.Key_Escape)
    desk.office.desk.dialogs.will_answer("keep")
    assert not desk.screen.can_close()
    desk.office.desk.dialogs.will_answer("discard")
    assert desk.screen.can_close()


def test_a_receipt_begun_from_a_customer_closes_after_posting(
    counter: Callable[..., Counter], file_database: Database, kangda: int, qtbot: Any
) -> None:
    books.invoice(file_database, kangda, "INV-1", ("1000", 5))
    desk = counter(contact_id=kangda)
    assert desk.form.amount.line.hasFocus()
    desk.keys.type("1000")
    with qtbot.waitSignal(desk.screen.close_wanted):
        desk.post()
    assert "is posted" in desk.office.toasts[0][0]
    assert desk.keys.pressed == 5


def test_the_figures_move_to_the_foot_of_a_narrow_window(
    counter: Callable[..., Counter], file_database: Database, kangda: int, qtbot: Any
) -> None:
    books.invoice(file_database, kangda, "INV-1", ("1000", 5))
    wide = counter()
    pane, table = wide.form.answer.pane, wide.form.table
    assert not pane.is_strip
    assert pane.mapTo(wide.screen, pane.rect().topLeft()).x() > table.width()
    wide.screen.window().resize(1100, 700)
    qtbot.waitUntil(lambda: pane.is_strip and pane.width() == wide.screen.width())
    assert pane.mapTo(wide.screen, pane.rect().topLeft()).y() > table.mapTo(wide.screen, table.rect().bottomLeft()).y()


@pytest.mark.parametrize("scale", [1.0, 1.25])
def test_figures_and_labels_stand_whole_in_dark_chinese_and_large_text(
    counter: Callable[..., Counter], file_database: Database, kangda: int, app: QApplication, scale: float
) -> None:
    books.invoice(file_database, kangda, "INV-2026-0312", ("36297525.22", 100), ("46020", None))
    try:
        use_language("zh_Hans")
        install_fonts(app, "zh_Hans", scale)
        install_theme(app, "dark")
        desk = counter()
        desk.choose("kang")
        desk.keys.type("17265033.73")
        table = desk.form.table
        metrics = QFontMetrics(font(BODY))
        for place in range(table.items.columnCount()):
            assert table.columnWidth(place) >= table.labels.label_width(place)
        for name in ("amount", "open", "allocate", "left"):
            room = table.columnWidth(PLACES[name]) - 2 * px(PAD)
            assert all(metrics.horizontalAdvance(text) <= room for text in desk.column(name))
        assert desk.screen.page.minimumSizeHint().width() <= px(940)
    finally:
        use_language("en")
        install_fonts(app, "en")
        install_theme(app, "light")
