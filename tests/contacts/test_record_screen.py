"""One contact in a tab, used as people use it, over a real SQLite file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog

from crm_desktop.contacts import custom, files, merge, service
from crm_desktop.contacts.ui.assign_dialog import AssignDialog
from crm_desktop.contacts.ui.contact_finder import ContactFinder
from crm_desktop.db.work import Database
from crm_desktop.ui.conflict_dialog import ConflictDialog
from crm_desktop.ui.drafts import DraftStore
from tests.companies import Firm
from tests.contacts.conftest import Office

Idle = Callable[[Office], None]


@dataclass(frozen=True)
class Tab:
    """The contact "Atlas" on the boss's desk."""

    record: Any
    id: int
    office: Office
    wait: Callable[[], None]

    def save(self) -> None:
        """Save and wait until it is stored."""
        self.record.save()
        self.wait()


@pytest.fixture
def atlas(open_office: Any, show_contact: Any, make: Any, idle: Idle, staff: Firm) -> Tab:
    contact, office = make("Atlas", short_name="At"), open_office(staff.boss)
    return Tab(show_contact(office, contact), contact, office, lambda: idle(office))


def write(qtbot: Any, record: Any, name: str, text: str) -> None:
    line = record.form.editor(name).line
    line.setFocus()
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, text)


def dialog(screen: Any, kind: type[QDialog]) -> Any:
    return next(one for one in screen.findChildren(kind) if one.isVisible())


def offered(record: Any) -> set[str]:
    return {action.objectName() for action in record.actions_here.offered()}


def test_a_new_contact_is_written_down_by_keyboard(
    qtbot: Any, open_office: Any, show_contact: Any, idle: Idle, stored: Any, staff: Firm
) -> None:
    office = open_office(staff.anna)
    record = show_contact(office, None)
    write(qtbot, record, "name", "Huaxin ")
    # The test library types Latin only; an input method hands its text over in one piece.
    record.form.editor("name").line.insert("宁波华新")
    row = record.form.editor("points").rows[0]
    qtbot.keyClicks(row.editors["value"].line, "sales@huaxin.example")
    assert row.editors["kind"].value() == "email"
    assert record.unsaved
    qtbot.keyClick(row.editors["value"].line, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    idle(office)
    assert not record.unsaved
    contact = stored(record.record_id)
    assert contact["name"] == "Huaxin 宁波华新"
    assert contact["owner"] == staff.anna.user_id
    assert contact["email"] == "sales@huaxin.example"
    assert record.title() == "Huaxin 宁波华新"
    assert {record.tabs.key_at(place) for place in range(record.tabs.count())} >= {"details", "files"}


def test_a_contact_without_a_name_is_refused_beside_the_field(
    qtbot: Any, open_office: Any, show_contact: Any, idle: Idle, staff: Firm
) -> None:
    office = open_office(staff.anna)
    record = show_contact(office, None)
    row = record.form.editor("points").rows[0]
    qtbot.keyClicks(row.editors["value"].line, "orders@northgate,example")
    record.save()
    idle(office)
    assert record.record_id is None
    assert "name" in record.form.errors
    assert "points" in record.form.errors


def test_a_look_alike_is_told_while_typing(
    qtbot: Any, open_office: Any, show_contact: Any, idle: Idle, make: Any, staff: Firm
) -> None:
    known = make("Northgate Supplies Ltd", owner=staff.anna.user_id)
    office = open_office(staff.anna)
    record = show_contact(office, None)
    write(qtbot, record, "name", "Northgate Supplies")
    qtbot.waitUntil(lambda: bool(record.alike_note.text()))
    assert record.alike_note.text() == "Looks like Northgate Supplies Ltd, owned by Anna Weber (same name)."
    record.alike_note.action_clicked.emit()
    assert office.opened == [("contact", known)]
    write(qtbot, record, "name", "Something else")
    qtbot.waitUntil(lambda: not record.alike_note.text())


def test_a_colleagues_look_alike_is_told_without_showing_it(
    qtbot: Any, open_office: Any, show_contact: Any, idle: Idle, make: Any, staff: Firm
) -> None:
    make("Northgate Supplies Ltd", owner=staff.chen.user_id)
    office = open_office(staff.anna)
    record = show_contact(office, None)
    write(qtbot, record, "name", "Northgate Supplies")
    qtbot.waitUntil(lambda: bool(record.alike_note.text()))
    assert record.alike_note.text() == "Chen Jie has a contact that looks like this one (same name)."
    record.alike_note.action_clicked.emit()
    assert office.opened == []
    assert "Northgate Supplies" in QGuiApplication.clipboard().text()


def test_two_windows_change_one_contact(
    qtbot: Any, open_office: Any, show_contact: Any, idle: Idle, make: Any, stored: Any, staff: Firm
) -> None:
    # In the public pool, so that both reach it.
    contact = make("Atlas", short_name="At", owner=None)
    mine, theirs = open_office(staff.boss), open_office(staff.manager)
    first, second = show_contact(mine, contact), show_contact(theirs, contact)
    write(qtbot, first, "short_name", "ATL")
    write(qtbot, second, "industry", "Bearings")
    second.save()
    idle(theirs)
    qtbot.waitUntil(lambda: "Zhou Min changed this record" in first.note.text())
    first.save()
    idle(mine)
    assert (stored(contact)["short_name"], stored(contact)["industry"]) == ("ATL", "Bearings")
    qtbot.waitUntil(lambda: second.form.editor("short_name").value() == "ATL")
    assert first.form.editor("industry").value() == "Bearings"


def test_the_same_field_asks_mine_or_theirs(
    qtbot: Any, atlas: Tab, stored: Any, staff: Firm, file_database: Database
) -> None:
    record = atlas.record
    write(qtbot, record, "short_name", "Mine")
    with file_database.begin(staff.manager) as work:
        service.save(work, atlas.id, service.get(work, atlas.id).version, {"short_name": "Theirs"})
    atlas.save()
    qtbot.waitUntil(lambda: any(one.isVisible() for one in record.findChildren(ConflictDialog)))
    asking = dialog(record, ConflictDialog)
    assert stored(atlas.id)["short_name"] == "Theirs"
    asking.outcome = "mine"
    asking.accept()
    atlas.wait()
    qtbot.waitUntil(lambda: stored(atlas.id)["short_name"] == "Mine")


def test_people_are_linked_and_written_down_along_the_way(
    qtbot: Any, open_office: Any, show_contact: Any, idle: Idle, make: Any, stored: Any, staff: Firm
) -> None:
    company = make("Atlas")
    known = make("Wang Xiaoming", kind="person")
    office = open_office(staff.boss)
    record = show_contact(office, company)
    record.show_tab("people")
    finder: ContactFinder = record.people.finder
    qtbot.keyClicks(finder, "xiaom")
    qtbot.waitUntil(lambda: len(finder.lines) == 2)
    finder.take(0)
    qtbot.keyClicks(record.people.roles[0], "buyer")
    qtbot.keyClicks(finder, "Li Fang")
    qtbot.waitUntil(lambda: finder.lines == ["Write down “Li Fang” as a new contact"])
    finder.take(0)
    qtbot.keyClicks(record.people.roles[1], "accounts")
    record.save()
    idle(office)
    linked = stored(company)["people"]
    assert [(one["name"], one["role"]) for one in linked] == [("Wang Xiaoming", "buyer"), ("Li Fang", "accounts")]
    assert linked[0]["contact_id"] == known
    assert stored(linked[1]["contact_id"])["kind"] == "person"
    assert stored(known)["people"][0]["contact_id"] == company


def test_files_are_added_saved_and_removed_with_undo(
    qtbot: Any, atlas: Tab, staff: Firm, tmp_path: Path, file_database: Database
) -> None:
    record = atlas.record
    record.show_tab("files")
    paths = [tmp_path / "contract.pdf", tmp_path / "setup.exe"]
    for path in paths:
        path.write_bytes(b"content of " + path.name.encode())
    record.files.add_paths(paths)
    qtbot.waitUntil(lambda: len(record.files.model.files) == 2)
    row = [file.name for file in record.files.model.files].index("setup.exe")
    record.files.view.setCurrentIndex(record.files.model.index(row, 0))
    assert not record.files.open_button.isEnabled()
    atlas.office.desk.dialogs.will_answer(tmp_path / "saved.exe")
    record.files.save_button.click()
    qtbot.waitUntil(lambda: atlas.office.toasts[-1][0] == "saved.exe saved")
    assert (tmp_path / "saved.exe").read_bytes() == b"content of setup.exe"
    record.files.remove_button.click()
    qtbot.waitUntil(lambda: len(record.files.model.files) == 1)
    undo = atlas.office.toasts[-1][2]
    undo()
    qtbot.waitUntil(lambda: len(record.files.model.files) == 2)
    with file_database.read(staff.boss) as work:
        assert {file.name for file in files.files_of(work, atlas.id)} == {"contract.pdf", "setup.exe"}


def test_handing_over_keeps_what_is_typed(
    qtbot: Any, open_office: Any, show_contact: Any, idle: Idle, make: Any, stored: Any, staff: Firm
) -> None:
    contact = make("Atlas", owner=staff.anna.user_id)
    office = open_office(staff.manager)
    record = show_contact(office, contact)
    write(qtbot, record, "short_name", "ATL")
    record.actions_here.set["assign"].trigger()
    idle(office)
    handing = dialog(record, AssignDialog)
    handing.list.setCurrentRow(2)
    qtbot.mouseClick(handing.go, Qt.MouseButton.LeftButton)
    idle(office)
    assert stored(contact)["owner"] == staff.chen.user_id
    assert record.form.editor("short_name").value() == "ATL"
    assert record.unsaved
    record.save()
    idle(office)
    assert stored(contact)["short_name"] == "ATL"


def test_a_rep_is_offered_what_a_rep_may(
    open_office: Any, show_contact: Any, make: Any, idle: Idle, stored: Any, staff: Firm
) -> None:
    office = open_office(staff.anna)
    own = show_contact(office, make("Atlas", owner=staff.anna.user_id))
    assert offered(own) == {"release"}
    pool = show_contact(office, make("Corona", owner=None))
    assert offered(pool) == {"claim"}
    pool.actions_here.set["claim"].trigger()
    idle(office)
    assert stored(pool.record_id)["owner"] == staff.anna.user_id
    assert offered(pool) == {"release"}
    assert "is_supplier" not in own.form.names


def test_archive_in_the_record_and_undo(qtbot: Any, atlas: Tab, stored: Any) -> None:
    record = atlas.record
    record.actions_here.set["archive"].trigger()
    atlas.wait()
    assert stored(atlas.id)["archived_at"] is not None
    qtbot.waitUntil(lambda: "restore" in offered(record))
    atlas.office.toasts[-1][2]()
    atlas.wait()
    assert stored(atlas.id)["archived_at"] is None


def test_a_contact_merged_away_leads_to_the_survivor(
    qtbot: Any, open_office: Any, show_contact: Any, idle: Idle, make: Any, staff: Firm, file_database: Database
) -> None:
    stays, goes = make("Atlas Inc."), make("Atlas")
    with file_database.begin(staff.boss) as work:
        merge.merge(work, stays, 1, goes, 1, {})
    office = open_office(staff.boss)
    record = show_contact(office, goes)
    qtbot.waitUntil(lambda: record.record is not None)
    assert record.record_id == stays
    assert "merged into this one" in record.note.text()


def test_a_contact_merged_while_typing_is_never_overwritten(
    qtbot: Any,
    open_office: Any,
    show_contact: Any,
    idle: Idle,
    make: Any,
    stored: Any,
    staff: Firm,
    file_database: Database,
) -> None:
    stays, goes = make("Atlas Inc."), make("Atlas")
    office = open_office(staff.boss)
    record = show_contact(office, goes)
    write(qtbot, record, "short_name", "typed")
    with file_database.begin(staff.boss) as work:
        merge.merge(work, stays, 1, goes, 1, {})
    qtbot.waitUntil(lambda: "merged into another one" in record.note.text())
    record.note.action_clicked.emit()
    assert office.opened == [("contact", stays)]
    assert stored(stays)["short_name"] == ""


def test_a_field_of_our_own_is_filled_in(
    qtbot: Any,
    open_office: Any,
    show_contact: Any,
    idle: Idle,
    make: Any,
    stored: Any,
    staff: Firm,
    file_database: Database,
) -> None:
    with file_database.begin(staff.boss) as work:
        custom.define_field(work, "Contract until", "date")
    contact = make("Atlas")
    office = open_office(staff.boss)
    record = show_contact(office, contact)
    write(qtbot, record, "custom.f1", "2027-03-31")
    record.save()
    idle(office)
    assert str(stored(contact)["custom.f1"]) == "2027-03-31"


def test_a_wrong_check_character_warns_and_saves(qtbot: Any, atlas: Tab, stored: Any) -> None:
    record = atlas.record
    write(qtbot, record, "registration_number", "91330200MA2AF5T56X")
    record.form.editor("name").focus()
    qtbot.waitUntil(lambda: "check character" in record.form.box("registration_number").error)
    atlas.save()
    assert stored(atlas.id)["registration_number"] == "91330200MA2AF5T56X"


def test_a_half_typed_contact_survives_a_crash(
    qtbot: Any, open_office: Any, show_contact: Any, idle: Idle, staff: Firm, tmp_path: Path
) -> None:
    store = DraftStore(tmp_path / "drafts")
    office = open_office(staff.anna)
    record = show_contact(office, None, drafts=store, company="harbour")
    write(qtbot, record, "name", "Atlas")
    record.drafts.keep()
    again = show_contact(office, None, drafts=store, company="harbour")
    assert again.drafts.pending is not None
    again.drafts.restore()
    assert again.form.editor("name").value() == "Atlas"


def test_the_journal_knows_what_an_operation_stored(file_database: Database, staff: Firm) -> None:
    with file_database.begin(staff.boss, operation_id="op-1") as work:
        contact = service.create(work, {"name": "Atlas"})
    with file_database.read(staff.boss) as work:
        assert work.stored_by("op-1", "contact") == contact
        assert work.stored_by("op-2", "contact") is None
