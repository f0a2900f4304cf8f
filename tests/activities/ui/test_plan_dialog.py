"""Tasks: for oneself or a colleague, one or many, with a day, a time, a priority and a reminder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.activities import following, service
from crm_desktop.activities.ui import specs
from crm_desktop.activities.ui.log_dialog import LogDialog
from crm_desktop.activities.ui.plan_dialog import PlanDialog
from crm_desktop.activities.ui.plan_many_dialog import PlanManyDialog
from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.shared.record import Record
from tests.activities.ui.conftest import CountingTypist
from tests.companies import Firm
from tests.contacts.conftest import Office

TODAY = date(2026, 11, 20)
Read = Callable[[int], Record]


@pytest.fixture
def saved() -> list[int]:
    return []


def test_a_task_for_a_colleague_by_keyboard(
    form: Any, kangda: int, typist: CountingTypist, closed: Any, saved: list[int], activity: Read, kind: Any,
    open_office: Callable[..., Office], staff: Firm,
) -> None:  # fmt: skip
    dialog = form(open_office(staff.manager), contact_id=kangda, plan=True, on_saved=saved.append)
    assert isinstance(dialog, PlanDialog)
    typist.compose("催款，带上对账单")
    typist.enter()
    typist.press(Qt.Key.Key_3)
    typist.type("1630")
    typist.tab()
    typist.type("Anna")
    typist.tab()
    typist.press(Qt.Key.Key_Down)
    typist.tab()
    typist.press(Qt.Key.Key_3)
    typist.save()
    closed()
    record = activity(saved[0])
    assert record["kind_id"] == kind("task")
    assert record["subject"] == "催款，带上对账单"
    assert (record["due_on"], record["due_time"]) == (TODAY + timedelta(days=7), "16:30")
    assert record["user_id"] == staff.anna.user_id
    assert record["priority"] == 2
    assert record["remind_minutes"] == 0
    assert record["state"] == "planned"


def test_a_task_in_the_past_is_refused_beside_its_day(form: Any, kangda: int, typist: CountingTypist) -> None:
    dialog = form(contact_id=kangda, plan=True)
    dialog.form.apply({"due_on": TODAY - timedelta(days=1)})
    typist.save()
    assert "due_on" in dialog.form.errors
    dialog.form.apply({"due_on": None})
    typist.save()
    assert "due_on" in dialog.form.errors
    assert dialog.isVisible()


def test_one_that_is_late_can_be_changed_without_moving_it(
    form: Any, kangda: int, typist: CountingTypist, closed: Any, activity: Read,
    file_database: Database, staff: Firm, kind: Any,
) -> None:  # fmt: skip
    late = TODAY - timedelta(days=5)
    with file_database.begin(staff.anna) as work:
        task = service.plan(work, kangda, {"kind_id": kind("task"), "subject": "Old", "due_on": late})
    dialog = form(activity_id=task, plan=True)
    assert dialog.due.value() == late
    dialog.subject.focus()
    typist.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    typist.type("New")
    typist.save()
    closed()
    record = activity(task)
    assert (record["subject"], record["due_on"]) == ("New", late)


def test_the_toast_says_when_and_takes_it_back(
    form: Any, kangda: int, typist: CountingTypist, closed: Any, saved: list[int], activity: Read,
    office: Office, idle: Callable[[Office], None],
) -> None:  # fmt: skip
    form(contact_id=kangda, plan=True, on_saved=saved.append)
    typist.type("Send samples")
    typist.enter()
    typist.press(Qt.Key.Key_1)
    typist.save()
    closed()
    said, verb, undo = office.toasts[-1]
    assert (said, verb) == ("Planned with Shanghai Kangda Instruments: Tomorrow", "Undo")
    undo()
    idle(office)
    assert activity(saved[0])["state"] == "dropped"


def test_words_typed_before_become_what_is_to_be_done(form: Any, kangda: int) -> None:
    assert form(contact_id=kangda, plan=True, notes="Send samples").subject.value() == "Send samples"


def test_what_is_done_opens_as_what_was_said_whatever_was_asked_for(
    form: Any, kangda: int, file_database: Database, staff: Firm, kind: Any
) -> None:
    with file_database.begin(staff.anna) as work:
        done = service.log(work, kangda, {"kind_id": kind("call")}).id
    assert isinstance(form(activity_id=done, plan=True), LogDialog)


def test_the_same_task_with_many_contacts_goes_to_whoever_looks_after_each(
    sheet: QWidget, kangda: int, typist: CountingTypist, file_database: Database, staff: Firm, qtbot: Any,
    open_office: Callable[..., Office], idle: Callable[[Office], None],
) -> None:  # fmt: skip
    with file_database.begin(staff.boss) as work:
        mine = contacts.create(work, {"name": "Harbour", "is_customer": True, "owner": staff.manager.user_id})
        nobodys = contacts.create(work, {"name": "Pool", "is_customer": True, "owner": None})
    desk = open_office(staff.boss)
    done: list[bool] = []
    specs.plan_for_many(desk.desk, sheet, [kangda, mine, nobodys], lambda: done.append(True))
    qtbot.waitUntil(lambda: any(one.isVisible() for one in sheet.findChildren(PlanManyDialog)))
    (dialog,) = sheet.findChildren(PlanManyDialog)
    qtbot.waitUntil(dialog.subject.line.hasFocus)
    typist.save()
    assert "subject" in dialog.form.errors
    typist.type("Wish a good new year")
    typist.save()
    qtbot.waitUntil(lambda: bool(done))
    idle(desk)
    with file_database.read(staff.boss) as work:
        steps = following.next_of(work, [kangda, mine, nobodys])
    assert {step.subject for step in steps.values()} == {"Wish a good new year"}
    assert [steps[one].user_id for one in (kangda, mine, nobodys)] == [
        staff.anna.user_id,
        staff.manager.user_id,
        staff.boss.user_id,
    ]
    assert "3" in desk.toasts[-1][0]


def test_a_contact_out_of_reach_is_not_opened(
    office: Office, sheet: QWidget, idle: Callable[[Office], None], file_database: Database, staff: Firm
) -> None:
    with file_database.begin(staff.boss) as work:
        foreign = contacts.create(work, {"name": "Foreign", "is_customer": True, "owner": staff.outsider.user_id})
    office.desk.dialogs.will_answer(None)
    specs.log_activity(office.desk, sheet, contact_id=foreign)
    idle(office)
    assert not sheet.findChildren(LogDialog)
    assert office.desk.dialogs.errors
