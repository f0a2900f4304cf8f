"""The one form: a call with its result and the next date, by keyboard only and in few keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.activities import following, service
from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.shared.record import Record
from crm_desktop.ui.desk import DeskDrafts
from crm_desktop.ui.dialogs import Answer
from crm_desktop.ui.draft_strip import DraftStrip
from crm_desktop.ui.drafts import DraftKeeper, DraftStore
from tests.activities.ui.conftest import CountingTypist
from tests.companies import NOW, Firm
from tests.contacts.conftest import Office

TODAY = date(2026, 11, 20)
ALT = Qt.KeyboardModifier.AltModifier

Read = Callable[[int], Record]


@pytest.fixture
def saved() -> list[int]:
    return []


def next_step(database: Database, staff: Firm, contact_id: int) -> Any:
    with database.read(staff.boss) as work:
        return following.next_of(work, [contact_id]).get(contact_id)


def test_a_call_with_result_and_next_date_takes_two_keys_besides_the_words(
    form: Any, kangda: int, typist: CountingTypist, closed: Any, saved: list[int], activity: Read, kind: Any,
    file_database: Database, staff: Firm,
) -> None:  # fmt: skip
    form(contact_id=kangda, on_saved=saved.append)
    typist.press(Qt.Key.Key_3)  # call back later: proposes three days
    typist.type("Will pay on Friday, wants a quote for seals")
    typist.save()
    closed()
    assert typist.keys == 2
    record = activity(saved[0])
    assert record["kind_id"] == kind("call")
    assert record["result_id"] == kind("call_back")
    assert record["notes"] == "Will pay on Friday, wants a quote for seals"
    assert record["state"] == "done"
    assert record["user_id"] == staff.anna.user_id
    step = next_step(file_database, staff, kangda)
    assert step.due_on == TODAY + timedelta(days=3)
    assert step.kind_id == kind("call")


def test_another_kind_and_another_day_take_two_keys_more(
    form: Any, kangda: int, typist: CountingTypist, closed: Any, saved: list[int], activity: Read, kind: Any,
    file_database: Database, staff: Firm,
) -> None:  # fmt: skip
    form(contact_id=kangda, on_saved=saved.append)
    typist.press(Qt.Key.Key_2, ALT)
    typist.press(Qt.Key.Key_1)
    typist.type("Saw the new line")
    typist.tab()
    typist.press(Qt.Key.Key_4)
    typist.save()
    closed()
    assert typist.keys == 5
    assert activity(saved[0])["kind_id"] == kind("visit")
    assert next_step(file_database, staff, kangda).due_on == date(2026, 12, 20)


def test_chinese_is_composed_in_every_field_of_text(
    form: Any, kangda: int, typist: CountingTypist, closed: Any, saved: list[int], activity: Read,
    file_database: Database, staff: Firm,
) -> None:  # fmt: skip
    dialog = form(contact_id=kangda, on_saved=saved.append)
    typist.press(Qt.Key.Key_1)
    typist.compose("客户说周五付款，想要密封件报价")
    typist.tab()
    typist.press(Qt.Key.Key_1)
    dialog.next_subject.focus()
    typist.compose("回电话")
    typist.save()
    closed()
    assert activity(saved[0])["notes"] == "客户说周五付款，想要密封件报价"
    step = next_step(file_database, staff, kangda)
    assert (step.subject, step.due_on) == ("回电话", TODAY + timedelta(days=1))


def test_without_a_contact_it_asks_which_and_goes_on_by_itself(
    form: Any, kangda: int, typist: CountingTypist, closed: Any, saved: list[int], activity: Read, qtbot: Any
) -> None:
    dialog = form(on_saved=saved.append)
    assert dialog.contact.finder.hasFocus()
    typist.type("kangda")
    typist.enter()
    qtbot.waitUntil(lambda: dialog.contact.value() is not None)
    qtbot.waitUntil(lambda: dialog.customer is not None)
    dialog.outcome.focus()
    typist.press(Qt.Key.Key_2)
    typist.save()
    closed()
    assert activity(saved[0])["contact_id"] == kangda


def test_it_says_who_to_talk_to_and_what_was_said_last(
    form: Any, kangda: int, file_database: Database, staff: Firm, kind: Any
) -> None:
    with file_database.begin(staff.anna) as work:
        service.log(work, kangda, {"kind_id": kind("call"), "notes": "Complained about the seals"})
    dialog = form(contact_id=kangda)
    assert "021-5555 0101" in dialog.facts.text()
    assert "Complained about the seals" in dialog.facts.text()
    people = [dialog.person.combo.itemText(place) for place in range(dialog.person.combo.count())]
    assert people == ["", "Wang Fang · Buyer"]


def test_what_was_planned_for_today_is_completed_by_the_call(
    form: Any, kangda: int, typist: CountingTypist, closed: Any, saved: list[int], activity: Read,
    file_database: Database, staff: Firm, kind: Any,
) -> None:  # fmt: skip
    with file_database.begin(staff.anna) as work:
        planned = service.plan(work, kangda, {"kind_id": kind("call"), "subject": "Ask for money", "due_on": TODAY})
    dialog = form(contact_id=kangda, on_saved=saved.append)
    assert dialog.planned.value() is True
    assert "Ask for money" in dialog.planned.box.text()
    typist.press(Qt.Key.Key_1)
    typist.type("Paid")
    typist.save()
    closed()
    assert saved == [planned]
    assert activity(planned)["state"] == "done"
    assert activity(planned)["notes"] == "Paid"
    assert next_step(file_database, staff, kangda) is None


def test_what_is_planned_for_later_is_offered_and_left_alone(
    form: Any, kangda: int, typist: CountingTypist, closed: Any, saved: list[int], activity: Read,
    file_database: Database, staff: Firm, kind: Any,
) -> None:  # fmt: skip
    with file_database.begin(staff.anna) as work:
        later = service.plan(
            work, kangda, {"kind_id": kind("visit"), "subject": "Yearly visit", "due_on": TODAY + timedelta(days=40)}
        )
    dialog = form(contact_id=kangda, on_saved=saved.append)
    assert dialog.planned.widget.isVisible()
    assert dialog.planned.value() is False
    typist.press(Qt.Key.Key_1)
    typist.save()
    closed()
    assert saved != [later]
    assert activity(later)["state"] == "planned"


def test_a_planned_task_is_completed_and_what_next_is_asked_in_the_same_form(
    form: Any, kangda: int, typist: CountingTypist, closed: Any, saved: list[int], activity: Read,
    file_database: Database, staff: Firm, kind: Any,
) -> None:  # fmt: skip
    with file_database.begin(staff.anna) as work:
        task = service.plan(work, kangda, {"kind_id": kind("call"), "subject": "Offer seals", "due_on": TODAY})
    dialog = form(activity_id=task, on_saved=saved.append)
    assert "Offer seals" in dialog.heading.text()
    typist.press(Qt.Key.Key_4)
    typist.type("Wants ten")
    typist.save()
    closed()
    record = activity(task)
    assert (record["state"], record["result_id"], record["notes"]) == ("done", kind("interested"), "Wants ten")
    assert next_step(file_database, staff, kangda).due_on == TODAY + timedelta(days=7)


def test_what_was_logged_can_be_put_right(
    form: Any, kangda: int, typist: CountingTypist, closed: Any, activity: Read,
    file_database: Database, staff: Firm, kind: Any,
) -> None:  # fmt: skip
    with file_database.begin(staff.anna) as work:
        done = service.log(work, kangda, {"kind_id": kind("call"), "notes": "Wrogn"}).id
    dialog = form(activity_id=done)
    assert not dialog.next_part.isVisible(), "what comes next has a form of its own"
    dialog.notes.focus()
    typist.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    typist.type("Wrong number")
    typist.save()
    closed()
    record = activity(done)
    assert record["notes"] == "Wrong number"
    assert record["done_at"] == NOW


def test_a_call_of_yesterday_is_written_down_as_one_of_yesterday(
    form: Any, kangda: int, typist: CountingTypist, closed: Any, saved: list[int], activity: Read
) -> None:
    dialog = form(contact_id=kangda, on_saved=saved.append)
    typist.press(Qt.Key.Key_1)
    dialog.more.click()
    dialog.done_on.set_value(TODAY - timedelta(days=1))
    dialog.form.apply({"done_on": TODAY - timedelta(days=1)})
    typist.save()
    closed()
    assert activity(saved[0])["done_at"].date() == TODAY - timedelta(days=1)


def test_what_is_still_to_come_is_refused_beside_its_field(form: Any, kangda: int, typist: CountingTypist) -> None:
    dialog = form(contact_id=kangda)
    dialog.form.apply({"done_on": TODAY + timedelta(days=1)})
    typist.save()
    assert "done_on" in dialog.form.errors
    assert dialog.rest.isVisible(), "the field that is wrong is on screen"
    dialog.form.apply({"done_on": TODAY, "next_on": TODAY - timedelta(days=1)})
    typist.save()
    assert "next_on" in dialog.form.errors
    assert dialog.isVisible()


def test_a_chosen_day_is_not_taken_back_by_another_result(form: Any, kangda: int, typist: CountingTypist) -> None:
    dialog = form(contact_id=kangda)
    typist.press(Qt.Key.Key_3)
    assert dialog.next_on.value() == TODAY + timedelta(days=3)
    dialog.outcome.focus()
    typist.press(Qt.Key.Key_4)
    assert dialog.next_on.value() == TODAY + timedelta(days=7), "a proposal follows the result"
    dialog.next_on.focus()
    typist.press(Qt.Key.Key_1)
    dialog.outcome.focus()
    typist.press(Qt.Key.Key_3)
    assert dialog.next_on.value() == TODAY + timedelta(days=1), "a choice stays"


def test_a_note_asks_for_no_result(form: Any, kangda: int) -> None:
    dialog = form(contact_id=kangda, kind="note", notes="From the fair")
    assert not dialog.outcome.widget.isVisible()
    assert dialog.notes.text.hasFocus()
    assert dialog.notes.value() == "From the fair"


def test_escape_asks_only_when_words_would_be_lost(
    form: Any, kangda: int, typist: CountingTypist, office: Office
) -> None:
    dialog = form(contact_id=kangda)
    typist.press(Qt.Key.Key_1)
    typist.press(Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    dialog = form(contact_id=kangda)
    typist.press(Qt.Key.Key_1)
    typist.type("x")
    office.desk.dialogs.will_answer(Answer.LEAVE, "discard")
    typist.press(Qt.Key.Key_Escape)
    assert dialog.isVisible()
    typist.press(Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_half_typed_log_survives_a_crash(
    form: Any, kangda: int, typist: CountingTypist, office: Office, tmp_path: Path, closed: Any
) -> None:
    store = DraftStore(tmp_path / "drafts", office.desk.clock)
    object.__setattr__(office.desk, "drafts", DeskDrafts(store, "firm"))
    dialog = form(contact_id=kangda)
    typist.press(Qt.Key.Key_3)
    typist.compose("客户说周五付款")
    for keeper in dialog.findChildren(DraftKeeper):
        keeper.keep()
    dialog.hide()
    dialog.setParent(None)
    again = form(contact_id=kangda)
    (strip,) = again.findChildren(DraftStrip)
    assert "Kangda" in strip.text()
    strip.action_clicked.emit()
    assert again.notes.value() == "客户说周五付款"
    assert again.next_on.value() == TODAY + timedelta(days=3)
    typist.save()
    closed()
    assert store.all("firm", str(office.actor.user_id)) == []


def test_the_keyboard_walks_through_the_form_in_the_order_it_is_read(form: Any, kangda: int) -> None:
    dialog = form(contact_id=kangda)
    seen = []
    for _step in range(8):
        widget = QApplication.focusWidget()
        seen.append(widget)
        dialog.focusNextChild()
    tops = [widget.mapTo(dialog, widget.rect().topLeft()).y() for widget in seen[:4]]
    assert tops == sorted(tops)


def test_what_a_colleague_completed_meanwhile_is_said_and_nothing_is_lost(
    form: Any, kangda: int, typist: CountingTypist, office: Office, idle: Callable[[Office], None],
    file_database: Database, staff: Firm, kind: Any,
) -> None:  # fmt: skip
    with file_database.begin(staff.anna) as work:
        task = service.plan(work, kangda, {"kind_id": kind("call"), "subject": "Call", "due_on": TODAY})
    dialog = form(activity_id=task)
    with file_database.begin(staff.boss) as work:
        service.complete(work, task, service.get(work, task).version, {"notes": "I did it"})
    typist.press(Qt.Key.Key_1)
    typist.type("So did I")
    typist.save()
    idle(office)
    assert dialog.isVisible()
    assert dialog.note.text()
    assert dialog.notes.value() == "So did I"


def test_more_than_fits_is_refused_beside_its_field(
    form: Any, kangda: int, typist: CountingTypist, office: Office, idle: Callable[[Office], None]
) -> None:
    dialog = form(contact_id=kangda)
    dialog.form.apply({"notes": "长" * 20_001})
    typist.save()
    idle(office)
    assert "notes" in dialog.form.errors
    dialog.form.apply({"notes": "", "next_on": TODAY, "next_subject": "x" * 201})
    typist.save()
    idle(office)
    assert "next_subject" in dialog.form.errors


def test_a_buyer_logs_with_a_supplier_and_finds_no_customer(
    form: Any, open_office: Callable[..., Office], typist: CountingTypist, closed: Any, saved: list[int],
    file_database: Database, staff: Firm, kangda: int, activity: Read, qtbot: Any,
) -> None:  # fmt: skip
    with file_database.begin(staff.boss) as work:
        supplier = contacts.create(
            work, {"name": "Kangda Steel", "is_customer": False, "is_supplier": True, "owner": staff.buyer.user_id}
        )
    dialog = form(open_office(staff.buyer), on_saved=saved.append)
    typist.type("kangda")
    qtbot.waitUntil(lambda: bool(dialog.contact.finder.lines))
    assert len(dialog.contact.finder.lines) == 1
    typist.enter()
    qtbot.waitUntil(lambda: dialog.customer is not None)
    dialog.outcome.focus()
    typist.press(Qt.Key.Key_1)
    typist.save()
    closed()
    assert activity(saved[0])["contact_id"] == supplier
    assert activity(saved[0])["side"] == "purchasing"


def test_another_contact_brings_its_own_people_and_forgets_the_person(
    form: Any, kangda: int, office: Office, idle: Callable[[Office], None], file_database: Database, staff: Firm,
    qtbot: Any,
) -> None:  # fmt: skip
    with file_database.begin(staff.boss) as work:
        other = contacts.create(work, {"name": "Harbour", "is_customer": True, "owner": staff.anna.user_id})
    dialog = form(contact_id=kangda)
    dialog.form.apply({"person_id": dialog.person.combo.itemData(1)})
    dialog.contact.other.click()
    assert dialog.customer is None
    assert dialog.contact.finder.hasFocus()
    dialog.form.apply({"contact": (other, "Harbour")})
    qtbot.waitUntil(lambda: dialog.customer is not None)
    assert dialog.person.value() is None
    assert not dialog.person.widget.isVisible()


def test_the_whole_form_fits_a_small_screen(form: Any, kangda: int, qtbot: Any) -> None:
    dialog = form(contact_id=kangda)
    dialog.form.apply({"next_on": TODAY})
    dialog.show_more(True)
    qtbot.waitUntil(lambda: dialog.height() == dialog.layout().totalHeightForWidth(dialog.width()))
    assert dialog.height() <= 680
