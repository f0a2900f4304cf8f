"""Logging, planning, completing, moving, dropping: what is stored, and what the contact's dates say of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm_desktop.activities import following, kinds, reminders, service
from crm_desktop.activities.model import Activity
from crm_desktop.activities.rules import WrongState
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.activities.talked import (
    TODAY,
    dates_of,
    firm_of,
    kind_ids,
    logged,
    planned,
    result_ids,
    version_of,
)
from tests.companies import NOW, Firm


def test_a_call_is_logged_with_what_comes_next(database: Database, firm: Firm) -> None:
    mills = firm_of(database, firm.anna)
    call = logged(
        database,
        firm.anna,
        mills,
        notes="  They want a sample \r\n of the ring ",
        result_id=result_ids(database)["interested"],
        next={"due_on": TODAY + timedelta(days=3), "due_time": "9:30", "subject": "Ask\tabout it"},
    )
    with database.read(firm.anna) as work:
        done, upcoming = service.get(work, call.id), service.get(work, call.next_id or 0)
    assert (done["state"], done["done_at"], done["user_id"]) == ("done", NOW, firm.anna.user_id)
    assert (upcoming["state"], upcoming["due_time"], upcoming["subject"]) == ("planned", "09:30", "Ask about it")
    assert (upcoming["follows_id"], upcoming["kind_id"], upcoming["contact_name"]) == (
        call.id,
        done["kind_id"],
        "Harbour Mills",
    )
    assert dates_of(database, mills) == (NOW, TODAY + timedelta(days=3))


def test_a_planned_call_becomes_done_as_what_it_was(database: Database, firm: Firm) -> None:
    mills = firm_of(database, firm.anna)
    call = planned(database, firm.anna, mills, remind_minutes=10)
    values = {"kind_id": kind_ids(database)["visit"], "notes": "They came here instead", "next": None}
    with database.begin(firm.anna) as work:
        service.complete(work, call, 1, values)
    with database.read(firm.anna) as work:
        assert service.get(work, call)["kind_id"] == kind_ids(database)["visit"]
        assert not reminders.due(work)
    assert dates_of(database, mills) == (NOW, None)
    with pytest.raises(WrongState), database.begin(firm.anna) as work:
        service.complete(work, call, version_of(database, call), values)


def test_notes_tasks_edits_and_saves_of_the_contact_are_no_contact(database: Database, firm: Firm) -> None:
    mills = firm_of(database, firm.anna)
    note = logged(database, firm.anna, mills, "note", notes="They moved").id
    logged(database, firm.anna, mills, "task", notes="Sent the price list")
    with database.begin(firm.anna) as work:
        service.save(work, note, 1, {"notes": "They moved to Ningbo"})
        contacts.save(work, mills, work.get(Contact, mills).version, {"notes": "Moved"})
    assert dates_of(database, mills) == (None, None)


def test_correcting_what_was_said_does_not_make_the_contact_newer(database: Database, firm: Firm) -> None:
    mills = firm_of(database, firm.anna)
    before = NOW - timedelta(days=40)
    call = logged(database, firm.anna, mills, done_at=before, notes="Hello").id
    with database.begin(firm.anna) as work:
        service.save(work, call, 1, {"notes": "Hello again"})
    assert dates_of(database, mills) == (before, None)


def test_moving_dropping_and_reopening_move_the_next_contact(database: Database, firm: Firm) -> None:
    mills = firm_of(database, firm.anna)
    call = planned(database, firm.anna, mills)
    later = TODAY + timedelta(days=9)
    with database.begin(firm.anna) as work:
        service.move(work, call, 1, later, "16:00")
    assert dates_of(database, mills)[1] == later
    with database.begin(firm.anna) as work:
        service.drop(work, call, version_of(database, call))
    assert dates_of(database, mills)[1] is None
    with database.begin(firm.anna) as work:
        service.reopen(work, call, version_of(database, call))
    assert dates_of(database, mills)[1] == later


def test_who_may_delete_deletes_and_the_dates_go_back(database: Database, firm: Firm) -> None:
    mills = firm_of(database, firm.anna)
    first = NOW - timedelta(days=3)
    logged(database, firm.anna, mills, done_at=first)
    call = logged(database, firm.anna, mills, next={"due_on": TODAY})
    with pytest.raises(NotAllowed), database.begin(firm.anna) as work:
        service.delete(work, call.id, 1)
    with database.begin(firm.manager) as work:
        service.delete(work, call.id, 1)
    assert dates_of(database, mills) == (first, TODAY)
    with database.read(SYSTEM) as work:
        assert work.get(Activity, call.next_id or 0).follows_id is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind_id": None}, "kind_id"),
        ({"kind_id": 999}, "kind_id"),
        ({"result_id": 999}, "result_id"),
        ({"person_id": 999}, "person_id"),
        ({"user_id": 999}, "user_id"),
        ({"opportunity_id": 999}, "opportunity_id"),
        ({"subject": "x" * 201}, "subject"),
        ({"notes": "x" * 20_001}, "notes"),
        ({"done_at": NOW + timedelta(days=2)}, "done_at"),
        ({"done_at": NOW.replace(tzinfo=None)}, "done_at"),
        ({"next": {"due_on": None}}, "next.due_on"),
        ({"next": {"due_on": NOW}}, "next.due_on"),
        ({"next": {"due_on": TODAY, "due_time": "25:00"}}, "next.due_time"),
        ({"next": {"due_on": TODAY, "priority": 7}}, "next.priority"),
        ({"next": {"due_on": TODAY, "remind_minutes": -1}}, "next.remind_minutes"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    database: Database, firm: Firm, values: dict[str, object], field: str
) -> None:
    mills = firm_of(database, firm.anna)
    given = {"kind_id": kind_ids(database)["call"], **values}
    with pytest.raises(Invalid) as refused, database.begin(firm.anna) as work:
        service.log(work, mills, given)
    assert refused.value.field == field
    with database.read(firm.anna) as work:
        assert following.last_said(work, [mills]) == {}


def test_out_of_reach_nothing_is_logged_or_read(database: Database, firm: Firm) -> None:
    mills = firm_of(database, firm.anna)
    call = logged(database, firm.anna, mills).id
    with pytest.raises(Invalid), database.begin(firm.outsider) as work:
        service.log(work, mills, {"kind_id": kind_ids(database)["call"]})
    with pytest.raises(NotFound), database.read(firm.outsider) as work:
        service.get(work, call)


def test_two_who_change_the_same_words_are_told_of_each_other(database: Database, firm: Firm) -> None:
    mills = firm_of(database, firm.anna)
    call = logged(database, firm.anna, mills, notes="Old").id
    with database.begin(firm.anna) as work:
        service.save(work, call, 1, {"notes": "Anna's"})
    with database.begin(firm.manager) as work:
        service.save(work, call, 1, {"subject": "Sample"})
    with pytest.raises(Conflict) as conflict, database.begin(firm.manager) as work:
        service.save(work, call, 1, {"notes": "The manager's"})
    assert (conflict.value.theirs, conflict.value.original) == ({"notes": "Anna's"}, {"notes": "Old"})


def test_what_is_due_is_asked_in_order(database: Database, firm: Firm) -> None:
    mills, other = firm_of(database, firm.anna), firm_of(database, firm.chen, "Other")
    late = planned(database, firm.anna, mills, TODAY - timedelta(days=30))
    urgent = planned(database, firm.anna, mills, priority=2)
    at_ten = planned(database, firm.anna, mills, due_time="10:00")
    at_nine = planned(database, firm.anna, mills, due_time="09:00", priority=0)
    theirs = planned(database, firm.chen, other)
    planned(database, firm.anna, mills, TODAY + timedelta(days=1))
    with database.read(firm.anna) as work:
        mine = following.agenda(work, user_ids=frozenset({firm.anna.user_id or 0}), until=TODAY)
        assert following.next_of(work, [mills])[mills].activity_id == late
    assert [one.activity_id for one in mine] == [late, at_nine, at_ten, urgent]
    with database.read(firm.manager) as work:
        assert theirs in {one.activity_id for one in following.agenda(work, until=TODAY)}


def test_kinds_are_named_ordered_and_counted_as_contact(database: Database, firm: Firm) -> None:
    with database.begin(firm.manager) as work:
        fair = kinds.save_kind(work, None, 0, {"name": "Trade fair", "icon": "users", "is_contact": True})
        kinds.move_kind(work, fair, 0)
    with database.read(firm.anna) as work:
        assert kinds.kinds(work)[0].name == "Trade fair"
    with pytest.raises(NotAllowed), database.begin(firm.anna) as work:
        kinds.move_kind(work, fair, 3)
    mills = firm_of(database, firm.anna)
    logged(database, firm.anna, mills, "Trade fair")
    assert dates_of(database, mills) == (NOW, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("due_on", date.min),
        ("due_on", date.max),
        ("kind_id", 10**30),
        ("kind_id", "1; drop"),
        ("kind_id", True),
        ("person_id", 10**30),
        ("opportunity_id", 10**30),
        ("priority", True),
        ("due_time", "24:00"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(database: Database, firm: Firm, field: str, value: object) -> None:
    mills = firm_of(database, firm.anna)
    with pytest.raises(Invalid) as refused:
        planned(database, firm.anna, mills, **{field: value})
    assert refused.value.field == field
