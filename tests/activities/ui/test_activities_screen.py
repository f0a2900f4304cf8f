"""The list of activities: its views, and what is done with one, with several, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from crm_desktop.activities import service
from crm_desktop.activities.ui import specs
from crm_desktop.activities.ui.log_dialog import LogDialog
from crm_desktop.activities.ui.move_dialog import MoveDialog
from crm_desktop.activities.ui.plan_dialog import PlanDialog
from crm_desktop.db.work import Database
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.buttons import Button
from tests.activities.ui.conftest import CountingTypist
from tests.companies import Firm
from tests.contacts.conftest import Office

TODAY = date(2026, 11, 20)
Read = Callable[[int], Record]
Idle = Callable[[Office], None]


@pytest.fixture
def tasks(file_database: Database, staff: Firm, kangda: int, kind: Any) -> dict[str, int]:
    """Late, today's, this week's, next month's, one for the manager, one done."""
    days = {"late": -2, "now": 0, "soon": 4, "later": 30}
    made = {}
    with file_database.begin(staff.boss) as work:
        for subject, plus in days.items():
            values = {"kind_id": kind("call"), "subject": subject, "due_on": TODAY + timedelta(days=plus)}
            made[subject] = service.plan(work, kangda, values | {"user_id": staff.anna.user_id, "due_time": "09:00"})
        other = {"kind_id": kind("visit"), "subject": "hers", "due_on": TODAY, "user_id": staff.manager.user_id}
        made["hers"] = service.plan(work, kangda, other)
        made["done"] = service.log(work, kangda, {"kind_id": kind("call"), "subject": "done", "notes": "Spoke"}).id
    return made


@pytest.fixture
def screen(office: Office, tasks: dict[str, int], qtbot: Any, idle: Idle) -> Any:
    screen: Any = specs.activities_screen(office.desk)
    qtbot.addWidget(screen)
    screen.resize(1366, 700)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    idle(office)
    screen.view.setFocus()
    return screen


def shown(screen: Any) -> list[str]:
    rows = [screen.table.record(row) or {} for row in range(screen.table.rowCount())]
    return [row.get("subject", "") for row in rows]


def look_at(screen: Any, key: str) -> None:
    screen.show_view(next(view for view in screen.spec.views if view.key == key))


def choose(screen: Any, tasks: dict[str, int], *names: str) -> None:
    for name in names:
        screen.selection.toggle(tasks[name])


@pytest.mark.parametrize(
    ("view", "subjects"),
    [
        ("mine", ["late", "now", "soon", "later"]),
        ("overdue", ["late"]),
        ("today", ["now", "hers"]),
        ("week", ["now", "hers", "soon"]),
        ("planned", ["late", "now", "hers", "soon", "later"]),
    ],
)
def test_each_view_has_its_tasks_in_the_order_of_their_days(
    screen: Any, qtbot: Any, view: str, subjects: list[str]
) -> None:
    look_at(screen, view)
    qtbot.waitUntil(lambda: sorted(shown(screen)) == sorted(subjects))
    days = [screen.table.record(row)["due_on"] for row in range(screen.table.rowCount())]
    assert days == sorted(days)


def test_what_was_done_stands_in_a_view_of_its_own(screen: Any, qtbot: Any) -> None:
    look_at(screen, "done")

    def said() -> list[Any]:
        table = screen.table
        place = [field.name for field in table.columns].index("notes")
        return [table.index(row, place).data() for row in range(table.rowCount())]

    qtbot.waitUntil(lambda: "notes" in [field.name for field in screen.table.columns] and said() == ["Spoke"])


def test_enter_completes_and_the_list_follows(
    screen: Any, office: Office, idle: Idle, tasks: dict[str, int], activity: Read, typist: CountingTypist, qtbot: Any
) -> None:
    screen.view.setFocus()
    qtbot.keyClick(screen.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in screen.findChildren(LogDialog)))
    (dialog,) = screen.findChildren(LogDialog)
    qtbot.waitUntil(dialog.outcome.strip.hasFocus)
    typist.press(Qt.Key.Key_1)
    typist.save()
    qtbot.waitUntil(lambda: activity(tasks["late"])["state"] == "done")
    qtbot.waitUntil(lambda: shown(screen) == ["now", "soon", "later"])


def test_several_move_to_another_day_and_back(
    screen: Any, office: Office, idle: Idle, tasks: dict[str, int], activity: Read, typist: CountingTypist, qtbot: Any
) -> None:
    choose(screen, tasks, "late", "now")
    qtbot.keyClick(screen.view, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in screen.findChildren(MoveDialog)))
    (dialog,) = screen.findChildren(MoveDialog)
    qtbot.waitUntil(dialog.due.quick.strip.hasFocus)
    typist.press(Qt.Key.Key_1)
    typist.save()
    qtbot.waitUntil(lambda: bool(office.toasts))
    tomorrow = TODAY + timedelta(days=1)
    assert [activity(tasks[one])["due_on"] for one in ("late", "now")] == [tomorrow, tomorrow]
    assert activity(tasks["late"])["due_time"] == "09:00", "each keeps its time"
    said, verb, undo = office.toasts[-1]
    assert (said, verb) == ("2 tasks have another day", "Undo")
    undo()
    idle(office)
    assert activity(tasks["late"])["due_on"] == TODAY - timedelta(days=2)
    assert activity(tasks["now"])["due_on"] == TODAY


def test_several_are_done_at_once_and_taken_back(
    screen: Any, office: Office, idle: Idle, tasks: dict[str, int], activity: Read
) -> None:
    choose(screen, tasks, "late", "now")
    screen.action("complete").trigger()
    idle(office)
    assert {activity(tasks[one])["state"] for one in ("late", "now")} == {"done"}
    office.toasts[-1][2]()
    idle(office)
    assert {activity(tasks[one])["state"] for one in ("late", "now")} == {"planned"}
    assert not screen.selection


def test_what_is_not_needed_any_more_leaves_the_list_and_can_come_back(
    screen: Any, office: Office, idle: Idle, tasks: dict[str, int], activity: Read, qtbot: Any
) -> None:
    qtbot.keyClick(screen.view, Qt.Key.Key_Delete)
    idle(office)
    assert activity(tasks["late"])["state"] == "dropped"
    office.toasts[-1][2]()
    idle(office)
    assert activity(tasks["late"])["state"] == "planned"


def test_the_contact_opens_and_a_task_is_planned_with_it(
    screen: Any, office: Office, idle: Idle, kangda: int, qtbot: Any
) -> None:
    menu = screen.row_menu()
    next(action for action in menu.actions() if action.text() == "Open the contact").trigger()
    idle(office)
    assert office.opened == [("contact", kangda)]
    screen.action("plan").trigger()
    qtbot.waitUntil(lambda: any(one.isVisible() for one in screen.findChildren(PlanDialog)))
    (dialog,) = screen.findChildren(PlanDialog)
    assert dialog.contact.value() == (kangda, "Shanghai Kangda Instruments")


def test_the_pane_says_what_it_is_and_offers_the_next_step(screen: Any, tasks: dict[str, int], qtbot: Any) -> None:
    screen.preview.show_record(tasks["late"])
    qtbot.waitUntil(lambda: "late" in [label.text() for label in screen.preview.findChildren(QLabel)])
    verbs = {button.text() for button in screen.preview.findChildren(Button)}
    assert {"Done…", "Change…", "Shanghai Kangda Instruments"} <= verbs


def test_filters_offer_the_kinds_and_results_by_name(office: Office, screen: Any, file_database: Database) -> None:
    with file_database.read(office.actor) as work:
        kinds = dict(screen.spec.source.offers(work, "kind"))
        results = dict(screen.spec.source.offers(work, "result"))
    assert kinds["call"] == "Call"
    assert results["no_answer"] == "No answer"


def test_one_who_may_only_read_is_offered_no_change(
    open_office: Callable[..., Office], staff: Firm, qtbot: Any, idle: Idle
) -> None:
    reader = replace(staff.anna, permissions=staff.anna.permissions - {Permission.ACTIVITY_WRITE})
    desk = open_office(reader)
    screen: Any = specs.activities_screen(desk.desk)
    qtbot.addWidget(screen)
    idle(desk)
    offered = {action.objectName() for action in screen.actions_here.offered()}
    assert offered.isdisjoint({"new", "task", "complete", "move", "drop", "reopen", "plan"})
