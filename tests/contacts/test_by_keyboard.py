"""A contact and its people typed without a mouse: where Tab, Enter and saving lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.shared.i18n import _
from tests.companies import Firm
from tests.contacts.conftest import Office

Idle = Callable[[Office], None]


def press(qtbot: Any, *keys: Qt.Key, with_control: bool = False) -> None:
    """Press keys in whatever has the focus."""
    held = Qt.KeyboardModifier.ControlModifier if with_control else Qt.KeyboardModifier.NoModifier
    for key in keys:
        qtbot.keyClick(focused(), key, held)


def focused() -> QWidget:
    """Return the widget that has the focus."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def type_in(qtbot: Any, text: str) -> None:
    """Type into whatever has the focus."""
    qtbot.keyClicks(focused(), text)


def test_tab_reaches_the_first_phone_before_the_tags(
    qtbot: Any, open_office: Any, show_contact: Any, staff: Firm
) -> None:
    record = show_contact(open_office(staff.anna), None)
    form = record.form
    form.editor("language").focus()
    press(qtbot, Qt.Key.Key_Tab)
    row = form.editor("points").rows[0]
    assert focused() in row.editors["kind"].parts()
    press(qtbot, Qt.Key.Key_Tab)
    assert focused() in row.editors["value"].parts()
    press(qtbot, Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Tab)
    assert focused() in form.editor("tags").parts()


def test_tab_still_reaches_the_phones_after_saving_and_in_added_rows(
    qtbot: Any, open_office: Any, show_contact: Any, idle: Idle, staff: Firm
) -> None:
    office = open_office(staff.anna)
    record = show_contact(office, None)
    form = record.form
    type_in(qtbot, "Atlas Fasteners")
    form.editor("points").rows[0].focus()
    type_in(qtbot, "13805742210")
    press(qtbot, Qt.Key.Key_Return)
    type_in(qtbot, "sales@atlas.example")
    press(qtbot, Qt.Key.Key_S, with_control=True)
    idle(office)
    second = form.editor("points").rows[1]
    assert focused() in second.editors["value"].parts(), "saving leaves the keyboard where it was"
    press(qtbot, Qt.Key.Key_Tab, Qt.Key.Key_Tab)
    assert form.editor("points").widget.isAncestorOf(focused()) or focused() in form.editor("tags").parts()
    form.editor("language").focus()
    press(qtbot, Qt.Key.Key_Tab, Qt.Key.Key_Tab)
    assert focused() in form.editor("points").rows[0].editors["value"].parts()


def test_saving_a_phone_at_once_does_not_warn_of_the_contact_itself(
    qtbot: Any, open_office: Any, show_contact: Any, idle: Idle, staff: Firm
) -> None:
    office = open_office(staff.anna)
    record = show_contact(office, None)
    type_in(qtbot, "Ningbo Huaxin")
    # The typing has paused long enough just when it is saved: the question waits behind the save.
    record.save()
    record.look_alikes._settle.stop()
    record.look_alikes._ask()
    idle(office)
    assert not record.unsaved
    assert record.look_alikes.matches == ()
    assert record.look_alikes._note.isHidden()


def test_new_people_are_typed_one_after_the_other_with_enter(
    qtbot: Any, open_office: Any, show_contact: Any, idle: Idle, stored: Any, staff: Firm
) -> None:
    office = open_office(staff.anna)
    record = show_contact(office, None)
    type_in(qtbot, "Atlas Fasteners")
    record.show_tab("people")
    record.people.finder.setFocus()
    for name, role, phone in (("Wang Xiaoming", "buyer", "13812345678"), ("Li Fang", "accounts", "057487126600")):
        type_in(qtbot, name)
        # At once, without waiting for the search: the name is taken when the answer is there.
        press(qtbot, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: focused() is not record.people.finder)
        type_in(qtbot, role)
        press(qtbot, Qt.Key.Key_Return)
        type_in(qtbot, phone)
        press(qtbot, Qt.Key.Key_Return, Qt.Key.Key_Return)
        assert focused() is record.people.finder
    record.save()
    idle(office)
    assert record.tabs.key_at(record.tabs.currentIndex()) == "people"
    people = stored(record.record_id)["people"]
    assert [(one["name"], one["role"], one["phone"]) for one in people] == [
        ("Wang Xiaoming", "buyer", "13812345678"),
        ("Li Fang", "accounts", "057487126600"),
    ]
    assert focused() is record.people.finder, "saving leaves the keyboard where it was"


def test_the_next_name_is_not_offered_what_was_found_for_the_last(
    qtbot: Any, open_office: Any, show_contact: Any, staff: Firm
) -> None:
    record = show_contact(open_office(staff.anna), None)
    record.show_tab("people")
    finder = record.people.finder
    finder.setFocus()
    type_in(qtbot, "Wang Xiaoming")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: focused() is not finder)
    finder.setFocus()
    type_in(qtbot, "L")
    assert not finder.completer().popup().isVisible()
    assert finder.lines == []


def test_control_n_in_a_contact_begins_the_next_one(
    qtbot: Any, open_office: Any, show_contact: Any, make: Any, staff: Firm
) -> None:
    office = open_office(staff.anna)
    record = show_contact(office, make("Atlas Fasteners", owner=staff.anna.user_id))
    record.form.editor("name").focus()
    press(qtbot, Qt.Key.Key_N, with_control=True)
    assert office.opened == [("contact", None)]


def test_a_question_about_a_new_contact_calls_it_by_the_name_typed(
    qtbot: Any, open_office: Any, show_contact: Any, staff: Firm
) -> None:
    office = open_office(staff.anna)
    record = show_contact(office, None)
    type_in(qtbot, "Atlas Fasteners")
    office.desk.dialogs.will_answer("keep")
    assert not record.can_close()
    assert "Atlas Fasteners" in office.desk.dialogs.asked[-1].title
    assert record.title() == _("New contact")
