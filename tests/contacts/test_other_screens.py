"""The finder of duplicates, the company's own fields, and what the window is told of contacts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from crm_desktop.contacts import custom
from crm_desktop.contacts.ui import specs
from crm_desktop.contacts.ui.custom_fields_screen import FieldDialog
from crm_desktop.contacts.ui.merge_dialog import MergeDialog
from crm_desktop.contacts.ui.words import why
from crm_desktop.db.work import Database
from tests.companies import Firm
from tests.contacts.conftest import Office

Idle = Callable[[Office], None]


def show(qtbot: Any, screen: Any) -> Any:
    qtbot.addWidget(screen)
    screen.resize(1178, 700)
    with qtbot.waitExposed(screen):
        screen.show()
    return screen


def test_duplicates_are_compared_and_merged(
    qtbot: Any, open_office: Any, idle: Idle, make: Any, stored: Any, staff: Firm
) -> None:
    first = make("Northgate Supplies Ltd")
    second = make("NORTHGATE SUPPLIES LIMITED", level="B")
    make("Atlas")
    office = open_office(staff.boss)
    screen = show(qtbot, specs.duplicates_screen(office.desk))
    idle(office)
    assert screen.list.count() == 1
    qtbot.waitUntil(lambda: [record.id for record in screen.records] == [first, second])
    screen.merge_button.click()
    idle(office)
    merging = next(one for one in screen.findChildren(MergeDialog) if one.isVisible())
    qtbot.mouseClick(merging.go, Qt.MouseButton.LeftButton)
    idle(office)
    qtbot.waitUntil(lambda: screen.list.count() == 0)
    assert stored(second).id == first
    assert stored(first)["level"] == "B"


def test_not_the_same_is_remembered(qtbot: Any, open_office: Any, idle: Idle, make: Any, staff: Firm) -> None:
    make("Northgate Supplies Ltd")
    make("NORTHGATE SUPPLIES LIMITED")
    office = open_office(staff.boss)
    screen = show(qtbot, specs.duplicates_screen(office.desk))
    qtbot.waitUntil(lambda: screen.list.count() == 1)
    idle(office)
    screen.distinct_button.click()
    qtbot.waitUntil(lambda: screen.list.count() == 0)
    assert screen.stack.state is not None


def test_a_list_field_needs_choices_and_is_defined(
    qtbot: Any, open_office: Any, idle: Idle, staff: Firm, file_database: Database
) -> None:
    office = open_office(staff.boss)
    screen = show(qtbot, specs.custom_fields_screen(office.desk))
    idle(office)
    screen.add_button.click()
    asking = next(one for one in screen.findChildren(FieldDialog) if one.isVisible())
    qtbot.keyClicks(asking.label, "Payment habit")
    asking.kind.setCurrentIndex(asking.kind.findData("list"))
    qtbot.mouseClick(asking.go, Qt.MouseButton.LeftButton)
    idle(office)
    assert asking.choices_box.error == "A list needs at least one choice."
    asking.choices.setPlainText("Early\n\nLate")
    qtbot.mouseClick(asking.go, Qt.MouseButton.LeftButton)
    idle(office)
    with file_database.read(staff.boss) as work:
        assert [(one.label, one.choices) for one in custom.defined_fields(work)] == [
            ("Payment habit", ("Early", "Late"))
        ]
    qtbot.waitUntil(lambda: screen.list.count() == 1)
    office.desk.dialogs.will_answer(True)
    screen.retire_button.click()
    qtbot.waitUntil(lambda: screen.list.count() == 0)


def test_the_search_finds_within_the_scope_and_shows_two_lines(make: Any, staff: Firm, file_database: Database) -> None:
    make("宁波华新机电有限公司", owner=staff.anna.user_id, points=[{"kind": "mobile", "value": "138 0574 2210"}])
    for actor, hits in ((staff.anna, 1), (staff.chen, 0), (staff.admin, 0)):
        with file_database.read(actor) as work:
            found = specs.find_contacts(work, "hx")
        assert len(found) == hits
    with file_database.read(staff.anna) as work:
        hit = specs.find_contacts(work, "05742210")[0]
    assert (hit.title, hit.detail) == ("宁波华新机电有限公司", "Company · 138 0574 2210")


def test_only_those_who_may_are_offered_the_screens(staff: Firm) -> None:
    assert specs.CONTACTS.offered_to(staff.anna)
    assert specs.CONTACTS.offered_to(staff.buyer)
    assert not specs.CONTACTS.offered_to(staff.admin)
    assert specs.DUPLICATES.offered_to(staff.manager)
    assert not specs.DUPLICATES.offered_to(staff.anna)
    assert specs.CUSTOM_FIELDS.offered_to(staff.admin)
    assert not specs.CUSTOM_FIELDS.offered_to(staff.manager)


def test_every_reason_has_words() -> None:
    for reason in ("registration", "phone", "email", "name", "similar"):
        assert why(reason)
