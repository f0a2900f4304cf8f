"""The first tab of a contact, used as people use it: notes, chips, the keyboard, what stands at the right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from crm_desktop.activities import service, timeline
from crm_desktop.activities.ui.activity_dialog import ActivityDialog
from crm_desktop.activities.ui.timeline_rows import Day, Told
from crm_desktop.app import session
from crm_desktop.app.ui import contact_above, screens
from crm_desktop.contacts import files
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.ui import specs
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import Actor
from crm_desktop.ui.desk import DeskDrafts
from crm_desktop.ui.draft_strip import DraftStrip
from crm_desktop.ui.drafts import DraftStore
from tests.activities import timelines
from tests.companies import Firm
from tests.contacts.conftest import Office

assert session, "hangs the features into the timeline, as in the program"

Idle = Callable[[Office], None]


@pytest.fixture
def show(qtbot: Any, idle: Idle) -> Callable[..., Any]:
    """Open a contact as the window does and return the record inside the tab."""
    tabs: list[Any] = []

    def open_tab(office: Office, contact_id: int | None) -> Any:
        screen = specs.contact_record(office.desk, contact_id, above=contact_above.above(screens.RELATED))
        tabs.append(screen)
        qtbot.addWidget(screen)
        screen.resize(1178, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        idle(office)
        return screen.record

    return open_tab


def headlines(record: Any) -> list[str]:
    return [row.line.headline for row in record.overview.rows.rows if isinstance(row, Told)]


def sentences(record: Any) -> list[str]:
    return [row.line.sentence() for row in record.overview.rows.rows if isinstance(row, Told)]


def days(record: Any) -> list[str]:
    return [row.text for row in record.overview.rows.rows if isinstance(row, Day)]


def log(database: Database, by: Actor, contact_id: int, kind_id: int, **values: Any) -> int:
    with database.begin(by) as work:
        return int(service.log(work, contact_id, {"kind_id": kind_id, **values}).id)


def plan(database: Database, by: Actor, contact_id: int, kind_id: int, **values: Any) -> int:
    with database.begin(by) as work:
        return int(service.plan(work, contact_id, {"kind_id": kind_id, **values}))


def notes_of(database: Database, by: Actor, contact_id: int) -> list[str]:
    with database.read(by) as work:
        return [one.notes for one in timeline.page(work, contact_id, groups=frozenset({"talks"}))]


def form(record: Any, qtbot: Any) -> Any:
    def shown() -> list[Any]:
        return [one for one in record.findChildren(ActivityDialog) if one.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()))
    return shown()[0]


def test_a_stored_contact_opens_on_its_overview_and_a_new_one_on_its_form(
    office: Office, show: Any, kangda: int
) -> None:
    record = show(office, kangda)
    assert record.tabs.key_at(record.tabs.currentIndex()) == "overview"
    assert headlines(record) == ["Lin Wei added this contact"]
    new = show(office, None)
    assert new.tabs.key_at(new.tabs.currentIndex()) == "details"
    assert new.overview is None


def test_who_writes_a_contact_down_stays_in_its_form(office: Office, show: Any, idle: Idle, qtbot: Any) -> None:
    record = show(office, None)
    qtbot.keyClicks(record.form.editor("name").line, "Atlas")
    record.save()
    idle(office)
    assert record.tabs.key_at(0) == "overview"
    assert record.tabs.key_at(record.tabs.currentIndex()) == "details"
    record.show_tab("overview")
    idle(office)
    assert headlines(record) == ["Anna Weber added this contact"]


def test_a_note_is_written_down_with_enter(
    office: Office, show: Any, idle: Idle, qtbot: Any, kangda: int, file_database: Database, staff: Firm
) -> None:
    record = show(office, kangda)
    text = record.overview.note.text
    text.setFocus()
    qtbot.keyClicks(text, "Will call back")
    qtbot.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(text, "on Friday")
    assert record.unsaved
    qtbot.keyClick(text, Qt.Key.Key_Return)
    idle(office)
    assert text.toPlainText() == ""
    assert not record.unsaved
    noted = [row.line for row in record.overview.rows.rows if isinstance(row, Told) and row.line.headline == "Note"]
    assert [line.notes for line in noted] == ["Will call back\non Friday"]
    assert notes_of(file_database, staff.boss, kangda) == ["Will call back\non Friday"]


def test_enter_on_an_empty_field_writes_nothing(office: Office, show: Any, idle: Idle, qtbot: Any, kangda: int) -> None:
    record = show(office, kangda)
    qtbot.keyClicks(record.overview.note.text, "  ")
    qtbot.keyClick(record.overview.note.text, Qt.Key.Key_Return)
    idle(office)
    assert headlines(record) == ["Lin Wei added this contact"]


def test_letters_typed_into_the_note_are_no_shortcuts(office: Office, show: Any, qtbot: Any, kangda: int) -> None:
    record = show(office, kangda)
    record.overview.note.text.setFocus()
    qtbot.keyClicks(record.overview.note.text, "Lele")
    assert record.overview.note.said() == "Lele"
    assert record.tabs.key_at(record.tabs.currentIndex()) == "overview"


def test_l_logs_with_what_was_typed_and_e_edits(office: Office, show: Any, qtbot: Any, idle: Idle, kangda: int) -> None:
    record = show(office, kangda)
    qtbot.keyClicks(record.overview.note.text, "Asked for a quote")
    record.overview.view.setFocus()
    qtbot.keyClick(record.overview.view, Qt.Key.Key_L)
    dialog = form(record, qtbot)
    idle(office)
    assert dialog.notes.value() == "Asked for a quote"
    qtbot.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not any(one.isVisible() for one in record.findChildren(ActivityDialog)))
    idle(office)
    assert "Call" in headlines(record)
    assert record.overview.note.said() == ""
    with qtbot.waitActive(record.window()):
        record.window().activateWindow()
    record.overview.view.setFocus()
    qtbot.keyClick(record.overview.view, Qt.Key.Key_E)
    assert record.tabs.key_at(record.tabs.currentIndex()) == "details"


def test_the_history_tells_before_and_after(
    open_office: Any, show: Any, idle: Idle, kangda: int, file_database: Database, staff: Firm
) -> None:
    with file_database.begin(staff.manager) as work:
        version = contacts.get(work, kangda).version
        contacts.save(work, kangda, version, {"status": "lapsed"})
    office = open_office(staff.boss)
    record = show(office, kangda)
    record.overview.choose("changes")
    idle(office)
    told = sentences(record)
    assert told[0] == "Zhou Min changed this contact. 17:30. Status: Prospect → Lapsed"
    assert told[-1] == "Lin Wei added this contact. 17:30"


def test_chips_narrow_it_and_say_when_there_is_nothing(
    office: Office, show: Any, idle: Idle, kangda: int, kind: Any, file_database: Database, staff: Firm
) -> None:
    record = show(office, kangda)
    log(file_database, staff.anna, kangda, kind("call"), notes="hello")
    idle(office)
    assert set(headlines(record)) == {"Call", "Lin Wei added this contact"}, "heard from elsewhere"
    record.overview.choose("talks")
    idle(office)
    assert headlines(record) == ["Call"]
    record.overview.choose("money")
    idle(office)
    assert record.overview.nothing.isVisible()
    assert record.overview.nothing.text() == "No invoice, receipt or promise yet."


def test_what_is_planned_stands_on_top_and_enter_completes_it(
    office: Office, show: Any, idle: Idle, qtbot: Any, kangda: int, kind: Any, file_database: Database, staff: Firm
) -> None:
    plan(file_database, staff.anna, kangda, kind("call"), subject="Ask for the draft", due_on=date(2026, 11, 18))
    plan(file_database, staff.anna, kangda, kind("task"), subject="Send samples", due_on=date(2026, 11, 20))
    record = show(office, kangda)
    assert days(record)[:2] == ["Overdue", "Planned · Today · 20 Nov 2026"]
    assert headlines(record)[:2] == ["Ask for the draft", "Send samples"]
    view = record.overview.view
    view.setFocus()
    assert view.entry().values["subject"] == "Ask for the draft"
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.entry().values["subject"] == "Send samples", "the heading between them is stepped over"
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert form(record, qtbot) is not None
    idle(office)


def test_a_long_timeline_is_read_as_one_scrolls(
    office: Office, show: Any, idle: Idle, qtbot: Any, kangda: int, file_database: Database, staff: Firm
) -> None:
    count = timelines.tell(file_database, kangda, 60, days=40)
    record = show(office, kangda)
    view, bar = record.overview.view, record.overview.view.verticalScrollBar()
    first = len(record.overview.rows.happened)
    assert first < count
    for _round in range(20):
        bar.setValue(bar.maximum())
        idle(office)
    found = record.overview.rows.happened
    assert len(found) == count + 1
    assert len({one.mark for one in found}) == count + 1
    heights = [view.rowHeight(row) for row in range(len(record.overview.rows.rows))]
    assert min(heights) > 0
    place = bar.value()
    current = record.overview.rows.row_of(found[-1])
    view.choose(current)
    record.overview.reload()
    idle(office)
    assert bar.value() == place, "what was scrolled to stays"
    assert view.entry() == found[-1]


def test_documents_open_and_a_file_that_may_run_is_saved(
    office: Office, show: Any, idle: Idle, kangda: int, file_database: Database, staff: Firm, tmp_path: Path
) -> None:
    timelines.tell(file_database, kangda, 1)
    with file_database.begin(staff.anna) as work:
        files.add_file(work, kangda, "setup.exe", b"bytes")
    record = show(office, kangda)
    assert {"order", "file"} <= {one.entity for one in record.overview.rows.happened}, [
        (one.source, one.entity) for one in record.overview.rows.happened
    ]
    order = next(one for one in record.overview.rows.happened if one.entity == "order")
    record.overview.open(order)
    assert office.opened == [("order", order.id)]
    target = tmp_path / "setup.exe"
    office.desk.dialogs.will_answer(target)
    record.overview.open(next(one for one in record.overview.rows.happened if one.entity == "file"))
    idle(office)
    assert target.read_bytes() == b"bytes"


def test_copy_takes_what_the_entry_says(
    office: Office, show: Any, idle: Idle, qtbot: Any, kangda: int, kind: Any, file_database: Database, staff: Firm
) -> None:
    log(file_database, staff.anna, kangda, kind("call"), notes="Will pay <b>Friday</b>")
    record = show(office, kangda)
    record.overview.choose("talks")
    idle(office)
    record.overview.view.setFocus()
    qtbot.keyClick(record.overview.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Call · 17:30 · Anna Weber\nWill pay <b>Friday</b>"


def test_a_note_half_typed_is_asked_about(
    office: Office, show: Any, idle: Idle, qtbot: Any, kangda: int, file_database: Database, staff: Firm
) -> None:
    record = show(office, kangda)
    qtbot.keyClicks(record.overview.note.text, "do not lose me")
    office.desk.dialogs.will_answer("keep")
    assert not record.can_close()
    assert record.overview.note.said() == "do not lose me"
    office.desk.dialogs.will_answer("write")
    assert record.can_close()
    idle(office)
    assert notes_of(file_database, staff.boss, kangda) == ["do not lose me"]


def test_the_head_offers_what_the_role_may(
    open_office: Any, show: Any, idle: Idle, kangda: int, file_database: Database, staff: Firm
) -> None:
    def shown(by: Actor, contact_id: int) -> list[str]:
        record = show(open_office(by), contact_id)
        return [one.text() for one in record._offer_buttons]

    assert shown(staff.boss, kangda) == ["Log activity", "New order", "Receipt", "Statement"]
    assert shown(staff.anna, kangda) == ["Log activity", "New order", "Statement"]
    with file_database.begin(staff.boss) as work:
        supplier = contacts.create(work, {"name": "Kiln & Sons", "is_customer": False, "is_supplier": True})
    assert shown(staff.buyer, supplier) == ["Log activity"]


def test_the_whole_timeline_goes_into_a_workbook_as_filtered(
    open_office: Any, show: Any, idle: Idle, kangda: int, file_database: Database, staff: Firm, tmp_path: Path
) -> None:
    count = timelines.tell(file_database, kangda, 30)
    office = open_office(staff.boss)
    record = show(office, kangda)
    record.overview.choose("money")
    idle(office)
    target = tmp_path / "timeline.xlsx"
    office.desk.dialogs.will_answer(target)
    record.overview.actions_here["export"].trigger()
    for _round in range(4):
        idle(office)
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    rows = [row for row in sheet.iter_rows(values_only=True) if row[2] == "Money"]
    assert len(rows) == 90 < count
    assert not show(open_office(staff.anna), kangda).overview.actions_here["export"].isVisible()


def test_what_stands_at_the_right(
    office: Office, show: Any, idle: Idle, kangda: int, file_database: Database, staff: Firm
) -> None:
    record = show(office, kangda)
    cards = record.overview.cards
    assert [key for key, card in cards.items() if card.isVisible()] == ["people"]
    timelines.tell(file_database, kangda, 7)
    record.overview.reload()
    idle(office)
    assert cards["orders"].isVisible()
    table = cards["orders"].findChildren(type(cards["orders"]._page))[0]
    assert table.plain.rowCount() == 5
    table.opened.emit(table.plain.rows[0])
    assert office.opened[-1][0] == "order"


@pytest.fixture
def drafts(office: Office, tmp_path: Path) -> DraftStore:
    """The folder half-typed things are kept in, as in the program."""
    store = DraftStore(tmp_path / "drafts", office.desk.clock)
    object.__setattr__(office.desk, "drafts", DeskDrafts(store, "firm"))
    return store


def kept(drafts: DraftStore, staff: Firm) -> list[str]:
    return [str(one.values["notes"]) for one in drafts.all("firm", str(staff.anna.user_id))]


def test_a_half_typed_note_survives_a_crash(
    office: Office, show: Any, idle: Idle, qtbot: Any, kangda: int, drafts: DraftStore, staff: Firm
) -> None:
    record = show(office, kangda)
    qtbot.keyClicks(record.overview.note.text, "They want the bearings by Friday, all of them, or else")
    QGuiApplication.instance().applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert kept(drafts, staff) == ["They want the bearings by Friday, all of them, or else"]
    again = show(office, kangda)
    assert not again.overview.note.said(), "it is offered, as forms offer theirs"
    strip = again.overview.findChild(DraftStrip)
    assert "They want the bearings by Friday, all of…" in strip.text()
    qtbot.keyClicks(again.overview.note.text, "typed since")
    strip.action_clicked.emit()
    assert again.overview.note.said().splitlines() == [
        "They want the bearings by Friday, all of them, or else",
        "typed since",
    ]
    assert strip.isHidden()


def test_a_note_that_was_stored_or_thrown_away_leaves_no_draft(
    office: Office,
    show: Any,
    idle: Idle,
    qtbot: Any,
    kangda: int,
    drafts: DraftStore,
    staff: Firm,
    file_database: Database,
) -> None:
    record = show(office, kangda)
    text = record.overview.note.text
    for said, end in (("Stored", "write"), ("Thrown away", "discard")):
        qtbot.keyClicks(text, said)
        record.overview.drafts.keep()
        assert kept(drafts, staff) == [said]
        if end == "write":
            qtbot.keyClick(text, Qt.Key.Key_Return)
        else:
            office.desk.dialogs.will_answer(end)
            assert record.can_close()
        assert kept(drafts, staff) == []
        idle(office)
    assert notes_of(file_database, staff.anna, kangda) == ["Stored"]
    assert show(office, kangda).overview.findChild(DraftStrip) is None
