"""The record screen over a store of one record, kept in memory behind the real lanes."""

import contextlib
import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton, QVBoxLayout, QWidget

from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.errors import Conflict, Invalid, NotFound, OutcomeUnknown, Unavailable
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.record import Record
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.changes import ChangeHub
from crm_desktop.ui.conflict_dialog import ConflictDialog
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.dialogs import Dialogs
from crm_desktop.ui.draft_strip import DraftStrip
from crm_desktop.ui.drafts import DraftKey, DraftStore
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.heading import Figure, Heading
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.record_screen import RecordScreen
from crm_desktop.ui.settings import Settings
from crm_desktop.ui.tasks import Tasks

NOW = datetime(2026, 11, 19, 6, 2, tzinfo=UTC)
FIELDS = (
    Field("name", None, N_("Name"), 40, Use.FORM),
    Field("phone", None, N_("Phone"), 16, Use.FORM, Kind.PHONE),
    Field("note", None, N_("Note"), 60, Use.FORM, Kind.NOTE),
)


class DiskFull(Unavailable):
    message = N_("The disk is full.")


@dataclass
class Shelf:
    """One record with versions and an operation journal, as the database keeps them."""

    values: dict = field(default_factory=lambda: {"name": "Huaxin", "phone": "138", "note": ""})
    version: int = 1
    journal: dict = field(default_factory=dict)
    fails: list = field(default_factory=list)
    writes: list = field(default_factory=list)
    asked: int = 0
    gone: bool = False
    unreachable: bool = False
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        self.gate.set()

    def record(self):
        return Record(7, self.version, dict(self.values))


@dataclass
class Unit:
    shelf: Shelf
    operation_id: str


class Screen(RecordScreen):
    entity = "contact"

    def fetch(self, work, record_id):
        if work.shelf.gone:
            raise NotFound
        return work.shelf.record()

    def store(self, work, record_id, version, values):
        shelf = work.shelf
        shelf.gate.wait(5)
        shelf.writes.append(values)
        error = shelf.fails.pop(0) if shelf.fails else None
        if error == "lost":
            raise OutcomeUnknown(work.operation_id)
        if error not in (None, "lost after"):
            raise error
        if record_id is not None and version != shelf.version:
            raise Conflict(
                theirs=shelf.values, original={"name": "Huaxin", "phone": "138", "note": ""},
                version=shelf.version, changed_by="Lin Wei",
            )  # fmt: skip
        shelf.values.update(values)
        shelf.version += 1
        shelf.journal[work.operation_id] = shelf.record()
        if error == "lost after":
            raise OutcomeUnknown(work.operation_id)
        return shelf.record()

    def outcome(self, work, operation_id):
        if work.shelf.unreachable:
            raise Unavailable
        work.shelf.asked += 1
        return work.shelf.journal.get(operation_id)

    def changed_by(self, work, record_id):
        return "Chen Jie"

    def describe(self, record):
        title = record["name"] if record else "New contact"
        return Heading(title, (("Customer", "success"),), ("Ningbo",), (Figure("Balance", "1.00"),))


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def desk(qtbot, shelf, tmp_path):
    @contextlib.contextmanager
    def begin(*, operation_id, writes):
        yield Unit(shelf, operation_id)

    host = QWidget()
    qtbot.addWidget(host)
    QVBoxLayout(host)
    tasks = Tasks(begin)
    dialogs = Dialogs(host)
    dialogs.will_answer()
    opened = []
    yield Desk(
        tasks, ChangeHub(), dialogs, Settings(tmp_path / "settings.ini"), SYSTEM, FixedClock(NOW), "en",
        "Asia/Shanghai", "CNY", {}, lambda entity, id_: opened.append((entity, id_)), lambda *a, **k: None,
    )  # fmt: skip
    tasks.close()


@pytest.fixture
def open_screen(qtbot, desk):
    def open_(record_id=7, drafts=None):
        form = RecordForm(FIELDS, EditorContext(today=lambda: date(2026, 11, 19)), limits={"name": (True, 20)})
        screen = Screen(desk, record_id, form)
        for key, names in (("main", ("name", "phone")), ("more", ("note",))):
            page = QWidget()
            column = QVBoxLayout(page)
            for name in names:
                column.addWidget(form.box(name))
            screen.add_tab(key, key.capitalize(), page)
        if drafts:
            screen.keep_drafts(drafts, "firm")
        host = QWidget()
        qtbot.addWidget(host)
        QVBoxLayout(host).addWidget(screen)
        screen.host = host
        host.resize(900, 700)
        host.show()
        host.activateWindow()
        qtbot.waitUntil(host.isActiveWindow)
        screen.reload()
        settle(qtbot, desk)
        return screen

    return open_


def settle(qtbot, desk):
    qtbot.waitUntil(lambda: desk.tasks.idle)


def type_into(screen, name, text):
    widget = screen.form.editor(name).widget
    widget.setFocus()
    QTest.keyClicks(widget, text)


def save(screen, qtbot):
    QTest.keyClick(screen.form.editor("name").widget, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, screen.desk)


def test_ctrl_s_stores_only_what_changed(open_screen, shelf, qtbot):
    screen = open_screen()
    assert screen.title() == "Huaxin"
    type_into(screen, "note", "Call back")
    assert screen.unsaved
    with qtbot.waitSignal(screen.saved):
        save(screen, qtbot)
    assert shelf.writes == [{"note": "Call back"}]
    assert not screen.unsaved
    type_into(screen, "phone", "9")
    save(screen, qtbot)
    assert shelf.version == 3


def test_a_new_record_is_stored_whole_and_then_has_an_id(open_screen, shelf, qtbot):
    screen = open_screen(None)
    assert screen.title() == "New contact"
    save(screen, qtbot)
    assert shelf.writes == []
    assert set(screen.form.errors) == {"name"}
    type_into(screen, "name", "Northgate")
    save(screen, qtbot)
    assert shelf.writes == [{"name": "Northgate", "phone": "", "note": ""}]
    assert screen.record_id == 7
    assert screen.title() == "Northgate"


def test_an_error_brings_its_tab_to_the_front_and_marks_it(open_screen, shelf, qtbot):
    screen = open_screen()
    shelf.fails = [Invalid("note", "Too rude.")]
    type_into(screen, "name", "x")
    save(screen, qtbot)
    assert screen.tabs.key_at(screen.tabs.currentIndex()) == "more"
    assert screen.form.box("note").error == "Too rude."
    assert screen.tabs.tabToolTip(1)
    assert not screen.tabs.tabToolTip(0)


def test_a_full_disk_leaves_the_text_and_saving_again_works(open_screen, shelf, qtbot):
    screen = open_screen()
    shelf.fails = [DiskFull()]
    type_into(screen, "name", "x")
    save(screen, qtbot)
    assert screen.note.text() == "The disk is full."
    assert screen.form.changes()
    assert screen.unsaved
    screen.note.action_clicked.emit()
    settle(qtbot, screen.desk)
    assert "x" in shelf.values["name"]
    assert screen.note.isHidden()


def test_typing_while_a_save_is_under_way_is_not_lost(open_screen, shelf, qtbot):
    screen = open_screen()
    type_into(screen, "name", "1")
    shelf.gate.clear()
    screen.save()
    type_into(screen, "name", "2")
    type_into(screen, "phone", "3")
    shelf.gate.set()
    settle(qtbot, screen.desk)
    assert set(screen.form.changes()) == {"name", "phone"}
    save(screen, qtbot)
    assert not screen.unsaved
    assert {"1", "2"} <= set(shelf.values["name"])


def test_different_fields_merge_in_silence(open_screen, shelf, qtbot):
    screen = open_screen()
    shelf.values["phone"], shelf.version = "139", 2
    type_into(screen, "note", "mine")
    save(screen, qtbot)
    assert shelf.values == {"name": "Huaxin", "phone": "139", "note": "mine"}
    assert screen.form.values()["phone"] == "139"
    assert not screen.unsaved


@pytest.fixture
def conflicted(open_screen, shelf, qtbot):
    screen = open_screen()
    shelf.values["phone"], shelf.version = "139", 2
    screen.form.editor("phone").widget.selectAll()
    type_into(screen, "phone", "137")
    save(screen, qtbot)
    dialog = screen.findChild(ConflictDialog)
    assert dialog.isVisible()
    return screen, dialog


def press(dialog, text):
    (button,) = [one for one in dialog.findChildren(Button) if one.text() == text]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_my_choice_is_saved_over_theirs(conflicted, shelf, qtbot):
    screen, dialog = conflicted
    press(dialog, "Save my choices")
    settle(qtbot, screen.desk)
    assert shelf.values["phone"] == "137"
    assert not screen.unsaved


def test_a_choice_by_field_takes_theirs(conflicted, shelf, qtbot):
    screen, dialog = conflicted
    dialog.findChild(QRadioButton, "theirs_phone").click()
    assert dialog.choices() == {"phone": "139"}
    press(dialog, "Save my choices")
    settle(qtbot, screen.desk)
    assert shelf.values["phone"] == "139"
    assert screen.form.values()["phone"] == "139"
    assert not screen.unsaved


def test_taking_theirs_writes_nothing(conflicted, shelf, qtbot):
    screen, dialog = conflicted
    press(dialog, "Take theirs")
    settle(qtbot, screen.desk)
    assert len(shelf.writes) == 1
    assert screen.form.values()["phone"] == "139"
    assert not screen.unsaved


def test_escape_keeps_editing_and_saving_asks_again(conflicted, shelf, qtbot):
    screen, dialog = conflicted
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert screen.form.changes() == {"phone": "137"}
    assert shelf.values["phone"] == "139"
    screen.host.activateWindow()
    qtbot.waitUntil(screen.host.isActiveWindow)
    save(screen, qtbot)
    assert any(again.isVisible() for again in screen.findChildren(ConflictDialog))


def test_an_unknown_outcome_is_looked_up_and_found(open_screen, shelf, qtbot):
    screen = open_screen()
    shelf.fails = ["lost after"]
    type_into(screen, "note", "once")
    save(screen, qtbot)
    qtbot.waitUntil(lambda: not screen.unsaved)
    assert len(shelf.writes) == 1
    assert shelf.asked == 1
    assert screen.note.isHidden()


def test_reading_again_while_the_outcome_is_unknown_does_not_take_ones_own_change_for_a_colleagues(
    open_screen, shelf, qtbot, desk
):
    screen = open_screen()
    shelf.fails, shelf.unreachable = ["lost after"], True
    type_into(screen, "note", "once")
    save(screen, qtbot)
    assert "Checking" in screen.note.text()
    shelf.unreachable = False
    screen.reload()  # F5, or the window when the server is back
    settle(qtbot, desk)
    assert screen.note.isHidden()
    assert not screen.unsaved
    assert screen.record.version == shelf.version


def test_an_unknown_outcome_that_never_arrived_is_said_and_not_resubmitted(open_screen, shelf, qtbot):
    screen = open_screen()
    shelf.fails = ["lost"]
    type_into(screen, "note", "once")
    save(screen, qtbot)
    assert "Checking" in screen.note.text()
    screen.save()
    qtbot.waitUntil(lambda: "did not arrive" in screen.note.text(), timeout=4000)
    assert len(shelf.writes) == 1
    assert shelf.asked == 2
    assert screen.form.changes() == {"note": "once"}
    save(screen, qtbot)
    assert shelf.values["note"] == "once"


def test_a_clean_screen_follows_others_and_a_dirty_one_offers(open_screen, shelf, qtbot, desk):
    screen = open_screen()
    shelf.values["name"], shelf.version = "Huaxin 2", 2
    desk.changes.publish(Changes({"contact": frozenset({7})}))
    qtbot.waitUntil(lambda: screen.title() == "Huaxin 2")
    assert screen.form.values()["name"] == "Huaxin 2"
    type_into(screen, "note", "mine")
    shelf.values["phone"], shelf.version = "139", 3
    desk.changes.publish(Changes({"contact": frozenset({7})}))
    qtbot.waitUntil(lambda: screen.note.text() == "Chen Jie changed this record just now.")
    assert screen.form.values()["phone"] == "138"
    screen.note.action_clicked.emit()
    assert screen.form.values() == {"name": "Huaxin 2", "phone": "139", "note": "mine"}
    save(screen, qtbot)
    assert shelf.values["note"] == "mine"


def test_other_records_leave_the_screen_alone(open_screen, shelf, qtbot, desk):
    screen = open_screen()
    shelf.values["name"] = "Not read"
    with qtbot.waitSignal(desk.changes.changed):
        desk.changes.publish(Changes({"contact": frozenset({8}), "order": frozenset({7})}))
    settle(qtbot, desk)
    assert screen.title() == "Huaxin"


def test_a_record_deleted_elsewhere_can_still_be_copied(open_screen, shelf, qtbot, desk):
    screen = open_screen()
    type_into(screen, "note", "mine")
    shelf.gone = True
    desk.changes.publish(Changes({"contact": frozenset({7})}))
    qtbot.waitUntil(lambda: "deleted" in screen.note.text())
    assert screen.form.values()["note"] == "mine"
    assert screen.form.editor("note").widget.isReadOnly()
    assert not screen.save_action.isEnabled()


def test_closing_asks_only_when_something_is_unsaved(open_screen, shelf, qtbot, desk):
    screen = open_screen()
    assert screen.can_close()
    assert desk.dialogs.asked == []
    type_into(screen, "note", "mine")
    with qtbot.waitSignal(screen.close_wanted):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    desk.dialogs.will_answer("keep", "discard", "save")
    assert not screen.can_close()
    assert screen.can_close()
    assert shelf.writes == []
    with qtbot.waitSignal(screen.close_wanted):
        assert not screen.can_close()
    assert shelf.values["note"] == "mine"
    assert screen.can_close()


def test_a_crash_keeps_the_form_and_the_next_start_offers_it(open_screen, shelf, qtbot, tmp_path):
    store = DraftStore(tmp_path, FixedClock(NOW))
    key = DraftKey("firm", "system", "contact/7")
    before = open_screen(drafts=store)
    type_into(before, "note", "half a sen")
    before.drafts.keep()
    after = open_screen(drafts=store)
    strip = after.findChild(DraftStrip)
    assert strip.text() == "Continue “Huaxin”, which you were writing at 14:02?"
    strip.action_clicked.emit()
    assert after.form.changes() == {"note": "half a sen"}
    save(after, qtbot)
    assert shelf.values["note"] == "half a sen"
    assert store.load(key) is None
