"""The board: walked and moved by keyboard, dragged with the mouse, won and lost; two people at one card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from crm_desktop.db.work import Database
from crm_desktop.pipeline import reasons, service
from crm_desktop.pipeline.ui.board_filters import span_of
from crm_desktop.pipeline.ui.lost_dialog import LostDialog
from crm_desktop.shared.record import Record
from tests.companies import Firm
from tests.contacts.conftest import Office

CONTROL = Qt.KeyboardModifier.ControlModifier


def cards(screen: Any) -> list[list[str]]:
    """Return the names on the board, column by column."""
    return [[card.name for card in column.cards] for column in screen.view.model.columns]


def heads(screen: Any) -> list[tuple[int, str, str]]:
    """Return count, amounts and weighted amounts of each head."""

    def said(amounts: Any) -> str:
        return " ".join(f"{one.currency} {one.amount}" for one in amounts)

    return [(one.sums.count, said(one.sums.total), said(one.sums.weighted)) for one in screen.view.model.columns]


def name_under_keyboard(screen: Any) -> str:
    card = screen.view.current()
    return card.name if card is not None else ""


def drag(view: Any, id_: int, to: QPoint) -> None:
    """Take a card with the mouse and let it go somewhere else."""
    port = view.viewport()
    start = view.card_rect(id_).center()

    def send(kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        place = QPointF(at)
        none = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(port, QMouseEvent(kind, place, port.mapToGlobal(place), button, held, none))

    left, nothing = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    send(QEvent.Type.MouseButtonPress, start, left, left)
    for part in (0.3, 0.7, 1.0):
        send(QEvent.Type.MouseMove, start + (to - start) * part, nothing, left)
    assert view.is_dragging
    send(QEvent.Type.MouseButtonRelease, to, left, nothing)


@pytest.fixture
def three(hope: Callable[..., int]) -> dict[str, int]:
    return {
        "Pumps": hope("Pumps", "enquiry", "1000", expected_on=date(2026, 12, 1)),
        "Seals": hope("Seals", "enquiry", "500", currency="EUR", expected_on=date(2026, 12, 9)),
        "Line 2": hope("Line 2", "quoted", "8000", expected_on=date(2026, 12, 5)),
    }


def test_columns_say_count_amount_and_weighted_amount_per_currency(
    open_office: Callable[..., Office], staff: Firm, three: dict[str, int], show_board: Callable[..., Any]
) -> None:
    screen = show_board(open_office(staff.anna))
    assert cards(screen) == [["Pumps", "Seals"], [], ["Line 2"], []]
    assert heads(screen) == [
        (2, "CNY 1000.00 EUR 500.00", "CNY 100.00 EUR 50.00"),
        (0, "", ""),
        (1, "CNY 8000.00", "CNY 4000.00"),
        (0, "", ""),
    ]
    assert screen.open_sums.text() == "3 opportunities   ·   CNY 9,000.00   ·   EUR 500.00"


def test_arrows_walk_and_enter_opens(
    open_office: Callable[..., Office], staff: Firm, three: dict[str, int], show_board: Callable[..., Any], qtbot: Any
) -> None:
    office = open_office(staff.anna)
    screen = show_board(office)
    seen = [name_under_keyboard(screen)]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(screen.view, key)
        seen.append(name_under_keyboard(screen))
    assert seen == ["Pumps", "Seals", "Seals", "Line 2", "Line 2", "Pumps"]
    assert "Pumps" in screen.view.accessibleDescription()
    qtbot.keyClick(screen.view, Qt.Key.Key_Return)
    assert office.opened == [("opportunity", three["Pumps"])]


def test_control_and_an_arrow_move_the_card_at_once_and_for_good(
    open_office: Callable[..., Office],
    staff: Firm,
    three: dict[str, int],
    show_board: Callable[..., Any],
    stored_hope: Callable[[int], Record],
    stage_ids: dict[str, int],
    idle: Callable[[Office], None],
    qtbot: Any,
) -> None:
    office = open_office(staff.anna)
    screen = show_board(office)
    qtbot.keyClick(screen.view, Qt.Key.Key_Right, CONTROL)
    assert cards(screen)[:2] == [["Seals"], ["Pumps"]], "it does not wait for the database"
    assert heads(screen)[1] == (1, "CNY 1000.00", "CNY 250.00")
    # Faster than the first step is stored.
    qtbot.keyClick(screen.view, Qt.Key.Key_Right, CONTROL)
    qtbot.keyClick(screen.view, Qt.Key.Key_Right, CONTROL)
    qtbot.keyClick(screen.view, Qt.Key.Key_Right, CONTROL)
    idle(office)
    assert stored_hope(three["Pumps"])["stage_id"] == stage_ids["negotiating"]
    assert name_under_keyboard(screen) == "Pumps", "the keyboard stays with the card"
    qtbot.keyClick(screen.view, Qt.Key.Key_Left, CONTROL)
    idle(office)
    assert stored_hope(three["Pumps"])["stage_id"] == stage_ids["quoted"]
    assert cards(screen) == [["Seals"], [], ["Pumps", "Line 2"], []]
    assert not screen.note.text()


def test_the_mouse_drags_a_card_to_another_column(
    open_office: Callable[..., Office],
    staff: Firm,
    three: dict[str, int],
    show_board: Callable[..., Any],
    stored_hope: Callable[[int], Record],
    stage_ids: dict[str, int],
    idle: Callable[[Office], None],
) -> None:
    office = open_office(staff.anna)
    screen = show_board(office)
    view = screen.view
    drag(view, three["Line 2"], view.layout_now().column(1).center())
    idle(office)
    assert cards(screen) == [["Pumps", "Seals"], ["Line 2"], [], []]
    assert stored_hope(three["Line 2"])["stage_id"] == stage_ids["qualified"]
    drag(view, three["Line 2"], view.layout_now().column(1).center() + QPoint(20, 40))
    idle(office)
    assert office.opened == []
    assert cards(screen)[1] == ["Line 2"], "dropped where it was"


def test_escape_puts_a_dragged_card_back(
    open_office: Callable[..., Office],
    staff: Firm,
    three: dict[str, int],
    show_board: Callable[..., Any],
    idle: Callable[[Office], None],
    qtbot: Any,
) -> None:
    office = open_office(staff.anna)
    screen = show_board(office)
    view = screen.view
    start, port = view.card_rect(three["Line 2"]).center(), view.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    place = QPointF(view.layout_now().column(0).center())
    none, held = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove, place, port.mapToGlobal(place), none, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(port, moved)
    assert view.is_dragging
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=place.toPoint())
    idle(office)
    assert cards(screen) == [["Pumps", "Seals"], [], ["Line 2"], []]


def test_who_comes_second_is_told_and_sees_where_the_card_is(
    open_office: Callable[..., Office],
    staff: Firm,
    three: dict[str, int],
    show_board: Callable[..., Any],
    stage_ids: dict[str, int],
    file_database: Database,
    idle: Callable[[Office], None],
    qtbot: Any,
) -> None:
    office = open_office(staff.anna)
    screen = show_board(office)
    # The manager's window has not told Anna's yet, as on another computer.
    file_database.published.clear()
    with file_database.begin(staff.manager) as work:
        service.move(work, three["Pumps"], service.get(work, three["Pumps"]).version, stage_ids["negotiating"])
    qtbot.keyClick(screen.view, Qt.Key.Key_Right, CONTROL)
    idle(office)
    assert cards(screen) == [["Seals"], [], ["Line 2"], ["Pumps"]], "what is stored is what is shown"
    assert "Negotiating" in screen.note.text()
    assert "moved this opportunity" in screen.note.text()


def test_a_card_won_meanwhile_goes_and_says_so(
    open_office: Callable[..., Office],
    staff: Firm,
    three: dict[str, int],
    show_board: Callable[..., Any],
    file_database: Database,
    idle: Callable[[Office], None],
    qtbot: Any,
) -> None:
    office = open_office(staff.anna)
    screen = show_board(office)
    file_database.published.clear()
    with file_database.begin(staff.manager) as work:
        service.win(work, three["Pumps"], service.get(work, three["Pumps"]).version)
    qtbot.keyClick(screen.view, Qt.Key.Key_Right, CONTROL)
    idle(office)
    assert cards(screen) == [["Seals"], [], ["Line 2"], []]
    assert "won already" in screen.note.text()


def test_what_a_colleague_moves_moves_here_too(
    open_office: Callable[..., Office],
    staff: Firm,
    three: dict[str, int],
    show_board: Callable[..., Any],
    stage_ids: dict[str, int],
    file_database: Database,
    idle: Callable[[Office], None],
) -> None:
    office = open_office(staff.anna)
    screen = show_board(office)
    with file_database.begin(staff.manager) as work:
        service.move(work, three["Pumps"], service.get(work, three["Pumps"]).version, stage_ids["negotiating"])
    idle(office)
    assert cards(screen) == [["Seals"], [], ["Line 2"], ["Pumps"]]
    assert name_under_keyboard(screen) == "Pumps"


def test_dropped_on_won_it_is_won_and_undo_brings_it_back(
    open_office: Callable[..., Office],
    staff: Firm,
    three: dict[str, int],
    show_board: Callable[..., Any],
    stored_hope: Callable[[int], Record],
    idle: Callable[[Office], None],
) -> None:
    office = open_office(staff.anna)
    screen = show_board(office)
    strip = screen.view.layout_now().drop_strip()
    drag(screen.view, three["Line 2"], QPoint(strip.left() + 40, strip.center().y()))
    idle(office)
    assert stored_hope(three["Line 2"])["state"] == "won"
    assert cards(screen) == [["Pumps", "Seals"], [], [], []]
    assert screen.won.text() == "Won this month: 1"
    text, _action, undo = office.toasts[-1]
    assert text == "“Line 2” is won."
    undo()
    idle(office)
    assert stored_hope(three["Line 2"])["state"] == "open"
    assert cards(screen)[2] == ["Line 2"]


def test_nothing_is_lost_without_a_reason(
    open_office: Callable[..., Office],
    staff: Firm,
    three: dict[str, int],
    show_board: Callable[..., Any],
    stored_hope: Callable[[int], Record],
    file_database: Database,
    idle: Callable[[Office], None],
    qtbot: Any,
) -> None:
    office = open_office(staff.anna)
    screen = show_board(office)
    screen.actions_here["lose_card"].trigger()
    idle(office)
    (dialog,) = screen.findChildren(LostDialog)
    dialog.go.click()
    idle(office)
    assert dialog.reason.error, "a reason is needed"
    assert stored_hope(three["Pumps"])["state"] == "open"
    with file_database.read(staff.boss) as work:
        price = next(one.id for one in reasons.reasons(work) if one.key == "price")
    dialog.reason.set_value(price)
    dialog.words.set_value("8% cheaper elsewhere")
    dialog.go.click()
    idle(office)
    record = stored_hope(three["Pumps"])
    assert (record["state"], record["lost_reason_id"], record["lost_note"]) == ("lost", price, "8% cheaper elsewhere")
    assert cards(screen)[0] == ["Seals"]


def test_filters_narrow_cards_and_totals(
    open_office: Callable[..., Office],
    staff: Firm,
    three: dict[str, int],
    show_board: Callable[..., Any],
    idle: Callable[[Office], None],
) -> None:
    office = open_office(staff.boss)
    screen = show_board(office)
    filters = screen.filters
    for choice, value, names in (
        (filters.currency, "EUR", ["Seals"]),
        (filters.people, staff.anna.user_id, ["Pumps", "Seals", "Line 2"]),
        (filters.people, staff.chen.user_id, []),
        (filters.expected, "next_month", ["Pumps", "Seals", "Line 2"]),
        (filters.expected, "late", []),
    ):
        choice.choose(value)
        filters.changed.emit()
        idle(office)
        assert [name for column in cards(screen) for name in column] == names, value
        assert (screen.states.state is None) == bool(names), value
        choice.choose(None)
    screen.states.state.buttons[0].click()
    idle(office)
    assert screen.states.state is None
    assert screen.open_sums.text().startswith("3 opportunities")


def test_an_empty_board_says_what_it_is_and_offers_the_first(
    open_office: Callable[..., Office], staff: Firm, show_board: Callable[..., Any]
) -> None:
    office = open_office(staff.anna)
    screen = show_board(office)
    state = screen.states.state
    assert "sale that may come" in state.text.text()
    state.buttons[0].click()
    assert office.opened == [("opportunity", None)]


def test_a_narrow_window_scrolls_sideways_and_follows_the_keyboard(
    open_office: Callable[..., Office],
    staff: Firm,
    three: dict[str, int],
    hope: Callable[..., int],
    show_board: Callable[..., Any],
    qtbot: Any,
) -> None:
    hope("Far right", "negotiating")
    screen = show_board(open_office(staff.anna), width=600)
    view = screen.view
    assert view.horizontalScrollBar().maximum() > 0
    for _step in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Right)
    assert name_under_keyboard(screen) == "Far right"
    box = view.card_rect(view.model.current)
    assert view.viewport().rect().contains(box)


def test_another_team_sees_none_of_it(
    open_office: Callable[..., Office],
    staff: Firm,
    three: dict[str, int],
    show_board: Callable[..., Any],
) -> None:
    screen = show_board(open_office(staff.outsider))
    assert cards(screen) == [[], [], [], []]
    assert screen.open_sums.text() == "0 opportunities"
    assert screen.states.state is not None


@pytest.mark.parametrize(
    ("key", "span"),
    [
        ("", None),
        ("late", (None, date(2026, 12, 30))),
        ("this_month", (date(2026, 12, 1), date(2026, 12, 31))),
        ("next_month", (date(2027, 1, 1), date(2027, 1, 31))),
        ("quarter", (date(2026, 12, 1), date(2027, 2, 28))),
        ("no_day", (None, None)),
    ],
)
def test_days_of_a_choice(key: str, span: object) -> None:
    assert span_of(key, date(2026, 12, 31)) == span
