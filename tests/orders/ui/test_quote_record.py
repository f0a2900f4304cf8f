"""One quote in a tab: sent, revised, compared, lost, made into an order."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from crm_desktop.db.work import Database
from crm_desktop.orders import deliveries, quotes, service, terms
from crm_desktop.orders.ui.delivery_dialog import ReturnDialog
from crm_desktop.orders.ui.lost_dialog import LostDialog
from crm_desktop.orders.ui.term_dialogs import TermDialog, TextDialog
from crm_desktop.orders.ui.terms_screen import TermsScreen, parts_text
from crm_desktop.ui.buttons import Button, IconButton
from crm_desktop.ui.heading import ElidedLabel
from tests.companies import Firm
from tests.contacts.conftest import Office
from tests.orders.ui.conftest import Typist, order_line

Idle = Callable[[Office], None]


@pytest.fixture
def make_quote(file_database: Database, staff: Firm, huaxin: int, goods: dict[str, int]) -> Callable[..., int]:
    def make(*lines: tuple[str, object, object], sent: bool = False) -> int:
        with file_database.begin(staff.boss) as work:
            quote_id = quotes.create(
                work, {"contact_id": huaxin, "lines": [order_line(goods, *line) for line in lines]}
            )
            if sent:
                quotes.send(work, quote_id, quotes.get(work, quote_id).version)
            return quote_id

    return make


def dialog(screen: Any, kind: type[Any]) -> Any:
    return next(one for one in screen.findChildren(kind) if one.isVisible())


def test_a_quote_is_typed_sent_and_then_only_its_notes_change(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    typist: Typist,
    goods: dict[str, int],
    huaxin: int,
    stored_quote: Any,
    staff: Firm,
) -> None:
    office = open_office(staff.anna)
    record = show(office, "quote", None, contact_id=huaxin)
    record.document.lines.grid.setFocus()
    typist.type("6204")
    typist.enter()
    typist.type("20")
    idle(office)
    record.actions_here["send"].trigger()
    idle(office)
    quote = stored_quote(record.record_id)
    assert (quote["state"], quote["lines"][0]["quantity"]) == ("sent", Decimal(20))
    assert quote["lines"][0]["unit_price"] == Decimal("8.6")
    assert record.title() == quote["number"]
    assert record.actions_here["make_order"].isVisible()
    assert not record.document.lines.grid.lines.writable
    assert not record.form.editor("notes").text.isReadOnly()
    assert record.form.editor("reference").line.isReadOnly()


def test_a_revision_is_compared_with_the_one_before(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    typist: Typist,
    make_quote: Any,
    stored_quote: Any,
    staff: Firm,
) -> None:
    quote_id = make_quote(("BRG-6204-2RS", 20, "8.60"), ("SEAL-TC-35X52", 5, 2), sent=True)
    office = open_office(staff.anna)
    record = show(office, "quote", quote_id)
    record.actions_here["revise"].trigger()
    idle(office)
    entity, revised = office.opened[-1]
    assert entity == "quote"
    second = show(office, "quote", revised)
    grid = second.document.lines.grid
    grid.setFocus()
    grid.go(0, "unit_price")
    typist.type("8.20")
    grid.go(1, "quantity")
    typist.press(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    second.save()
    idle(office)
    second.show_tab("revisions")
    qtbot.waitUntil(lambda: second.revisions.model.rowCount() == 2)
    model = second.revisions.model
    said = [[model.index(row, column).data() for column in (0, 1, 5)] for row in range(2)]
    assert said == [["Changed", "BRG-6204-2RS", "8.60 → 8.20"], ["Removed", "SEAL-TC-35X52", "2.00"]]
    assert "→" in second.revisions.totals.text()


def test_a_lost_quote_needs_a_reason(
    qtbot: Any, open_office: Any, show: Any, idle: Idle, make_quote: Any, stored_quote: Any, staff: Firm
) -> None:
    quote_id = make_quote(("BRG-6204-2RS", 20, "8.60"), sent=True)
    office = open_office(staff.anna)
    record = show(office, "quote", quote_id)
    record.actions_here["lose"].trigger()
    asking = dialog(record, LostDialog)
    asking.go.click()
    assert asking.reason_box.error == "Choose a reason."
    asking.reason.set_value("price")
    asking.words.set_value("12 % above the other offer")
    asking.go.click()
    idle(office)
    quote = stored_quote(quote_id)
    assert (quote["state"], quote["lost_reason"]) == ("lost", "price")
    assert record.actions_here["reopen"].isVisible()
    assert not record.actions_here["make_order"].isVisible()


def test_an_order_is_made_without_retyping(
    qtbot: Any, open_office: Any, show: Any, idle: Idle, make_quote: Any, stored_order: Any, staff: Firm
) -> None:
    quote_id = make_quote(("BRG-6204-2RS", 20, "8.60"), sent=True)
    office = open_office(staff.anna)
    record = show(office, "quote", quote_id)
    record.actions_here["make_order"].trigger()
    idle(office)
    entity, order_id = office.opened[-1]
    assert entity == "order"
    order = stored_order(order_id)
    assert (order["quote_id"], order["lines"][0]["quantity"]) == (quote_id, Decimal(20))
    record.actions_here["open_order"].trigger()
    assert office.opened[-1] == ("order", order_id)


def test_a_delivery_keeps_what_it_carried_and_takes_back(
    qtbot: Any,
    open_office: Any,
    show: Any,
    idle: Idle,
    typist: Typist,
    make_order: Any,
    staff: Firm,
    file_database: Database,
) -> None:
    order_id = make_order(("BRG-6204-2RS", 10, 8))
    with file_database.begin(staff.boss) as work:
        order = service.get(work, order_id)
        delivery_id = deliveries.deliver(work, order_id, order.version, {order["lines"][0]["id"]: Decimal(4)})
    office = open_office(staff.anna)
    screen = show(office, "delivery", delivery_id)
    assert screen.grid.lines.text(0, "quantity") == "4"
    screen.form.editor("tracking").line.setFocus()
    typist.type("SF1420001188")
    screen.save()
    idle(office)
    screen.actions_here["take_back"].trigger()
    idle(office)
    back = dialog(screen, ReturnDialog)
    qtbot.keyClick(back, Qt.Key.Key_F9)
    back.go.click()
    idle(office)
    with file_database.read(staff.boss) as work:
        assert deliveries.get(work, delivery_id)["tracking"] == "SF1420001188"
        assert service.get(work, order_id)["lines"][0]["delivered"] == 0


def test_terms_and_texts_are_kept_and_offered(
    qtbot: Any, open_office: Any, idle: Idle, show: Any, huaxin: int, staff: Firm, file_database: Database
) -> None:
    office = open_office(staff.boss)
    screen = TermsScreen(office.desk)
    qtbot.addWidget(screen)
    screen.show()
    idle(office)
    screen.edit_term(None)
    term = dialog(screen, TermDialog)
    term.name.set_value("30 % now, the rest later")
    term.parts.set_value(
        [
            {"label": "Deposit", "kind": "percent", "value": Decimal(30), "days": None, "event": ""},
            {"label": "Balance", "kind": "remainder", "value": None, "days": 30, "event": ""},
        ]
    )
    term.go.click()
    idle(office)
    screen.edit_text(None)
    text = dialog(screen, TextDialog)
    text.name.set_value("Ex works")
    text.go.click()
    idle(office)
    assert text.isVisible()
    text.words.set_value("Prices ex works.")
    text.go.click()
    idle(office)
    assert [one.name for one in screen.terms] == ["30 % now, the rest later"]
    assert parts_text(screen.terms[0].parts) == "Deposit 30 % on the day of the order · Balance the rest after 30 days"
    pencil = next(one for one in screen.findChildren(IconButton) if one.accessibleName() == "Change Ex works")
    pencil.click()
    changed = dialog(screen, TextDialog)
    assert changed.words.value() == "Prices ex works."
    changed.reject()
    record = show(office, "order", None, contact_id=huaxin)
    editor = record.form.editor("payment_term_id")
    editor.combo.setCurrentIndex(editor.combo.findText("30 % now, the rest later"))
    editor.combo.activated.emit(editor.combo.currentIndex())
    assert [when.split(" · ")[0] for when, _amount in record.document.instalments.lines()] == ["Deposit", "Balance"]
    with file_database.read(staff.boss) as work:
        assert [one.body for one in terms.standing_texts(work, "terms")] == ["Prices ex works."]


def test_instalments_made_by_hand_are_stored_and_counted(
    qtbot: Any,
    open_office: Any,
    idle: Idle,
    show: Any,
    make_order: Any,
    stored_order: Any,
    staff: Firm,
) -> None:
    from crm_desktop.orders.ui.instalments_editor import InstalmentsDialog

    order_id = make_order(("BRG-6204-2RS", 100, 10), confirmed=False)
    office = open_office(staff.anna)
    record = show(office, "order", order_id)
    record.document.instalments.change.click()
    asking = dialog(record, InstalmentsDialog)
    asking.rows.set_value(
        [
            {"label": "Deposit", "amount": Decimal(130), "due_on": None, "event": "on signing"},
            {"label": "Balance", "amount": Decimal(900), "due_on": office.desk.today, "event": ""},
        ]
    )
    asking.rows.edited.emit()
    assert asking.difference.text() == "CNY 100.00 is missing to the total."
    asking.rows.rows[1].editors["amount"].set_value(Decimal(1000))
    asking.rows.edited.emit()
    assert asking.difference.text() == ""
    asking.go.click()
    record.save()
    idle(office)
    stored = stored_order(order_id)["instalments"]
    assert [(one["amount"], one["event"]) for one in stored] == [(Decimal(130), "on signing"), (Decimal(1000), "")]


@pytest.mark.parametrize("width", [1600, 1178, 900])
def test_the_number_of_a_quote_stands_whole_and_what_has_no_room_is_in_the_menu(
    open_office: Any, show: Any, idle: Idle, make_quote: Any, qtbot: Any, staff: Firm, width: int
) -> None:
    office = open_office(staff.anna)
    record = show(office, "quote", make_quote(("BRG-6204-2RS", 1_200_000, "8.60"), sent=True))
    record.window().resize(width, 700)
    qtbot.waitUntil(lambda: record.width() == width)
    idle(office)
    named = next(label for label in record.head.findChildren(ElidedLabel) if label.accessibleName())
    assert named.text() == record.title()
    assert named.width() >= named.fontMetrics().horizontalAdvance(record.title())
    assert record.minimumSizeHint().width() <= 900
    buttons = {button.text() for button in record.head.findChildren(Button) if button.isVisible()}
    qtbot.mouseClick(record.head.findChild(IconButton), Qt.MouseButton.LeftButton)
    menu = next(one for one in record.findChildren(QMenu) if one.isVisible())
    offered = {action.text() for action in menu.actions()}
    menu.close()
    assert {"Preview", "New revision", "Lost…"} <= buttons | offered
    assert not buttons & offered
    assert ("Lost…" in buttons) == (width == 1600)
    assert "Make order" in buttons
