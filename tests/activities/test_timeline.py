"""What a contact's timeline tells, to whom, in which order; on both engines."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from crm_desktop.activities import kinds, timeline
from crm_desktop.activities import service as activities
from crm_desktop.activities.above import Entry, Mark
from crm_desktop.activities.timeline_own import STEPS
from crm_desktop.activities.timeline_rows import of_day
from crm_desktop.activities.timeline_words import Teller
from crm_desktop.app import session
from crm_desktop.contacts import files
from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.receivables.money import promises
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import NotAllowed, NotFound
from tests.activities import timelines
from tests.companies import Firm

assert session, "hangs the features into the timeline, as in the program"


def customer(database: Database, by: Actor, name: str = "Atlas", **values: Any) -> int:
    with database.begin(by) as work:
        return contacts.create(work, {"name": name, **values})


def kind(work: Any, key: str) -> int:
    return next(one.id for one in kinds.kinds(work, all=True) if one.key == key)


def whole(database: Database, by: Actor, contact_id: int, **asked: Any) -> tuple[Entry, ...]:
    with database.read(by) as work:
        return timeline.page(work, contact_id, limit=100_000, **asked)


def paged(database: Database, by: Actor, contact_id: int, sizes: list[int], **asked: Any) -> list[Entry]:
    """Return the timeline read in pages of these sizes, again and again."""
    found: list[Entry] = []
    before: Mark | None = None
    with database.read(by) as work:
        while True:
            size = sizes[len(found) % len(sizes)]
            part = timeline.page(work, contact_id, before=before, limit=size, **asked)
            found += part
            if len(part) < size:
                return found
            before = part[-1].mark


def test_pages_of_any_size_make_the_whole(database: Database, firm: Firm) -> None:
    """Nothing is told twice or lost, though many entries stand at one instant and on one day."""
    contact_id = customer(database, firm.anna)
    count = timelines.tell(database, contact_id, 12)
    every = whole(database, firm.anna, contact_id)
    assert len(every) == count + 1, "and that Anna wrote the contact down"
    places = [(one.at, one.source, one.key or one.id) for one in every]
    assert places == sorted(places, reverse=True)
    assert len(set(places)) == len(places)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        sizes=st.lists(st.integers(1, 17), min_size=1, max_size=3),
        groups=st.none() | st.frozensets(st.sampled_from(sorted(timeline.GROUPS)), min_size=1),
        by=st.sampled_from((firm.anna, firm.boss)),
    )
    def check(sizes: list[int], groups: frozenset[str] | None, by: Actor) -> None:
        told = whole(database, by, contact_id, groups=groups)
        assert paged(database, by, contact_id, sizes, groups=groups) == list(told)

    check()


def test_each_chip_tells_its_own(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    timelines.tell(database, contact_id, 3)
    every = whole(database, firm.anna, contact_id)
    for group in sorted(timeline.EVERYTHING):
        of_group = whole(database, firm.anna, contact_id, groups=frozenset({group}))
        assert list(of_group) == [one for one in every if one.group == group]
        assert of_group
    steps = whole(database, firm.anna, contact_id, groups=frozenset({STEPS}))
    assert {one.group for one in steps} <= {STEPS}


def test_what_is_done_here_is_told(database: Database, firm: Firm) -> None:
    """A call, a plan, a promise, a file and a change, each in words."""
    contact_id = customer(database, firm.anna)
    with database.begin(firm.anna) as work:
        person = contacts.create(work, {"name": "Wang Xiaoming", "kind": "person"})
        activities.log(
            work, contact_id, {"kind_id": kind(work, "call"), "person_id": person, "notes": "Will pay by Friday"}
        )
        activities.plan(
            work, contact_id, {"kind_id": kind(work, "task"), "subject": "Send the draft", "due_on": date(2026, 11, 25)}
        )
        promises.promise(
            work, contact_id, {"currency": "CNY", "amount": 80_000, "due_on": date(2026, 11, 25), "person": "Wang"}
        )
        files.add_file(work, contact_id, "Contract.pdf", b"x" * 412_000)
        contacts.save(work, contact_id, contacts.get(work, contact_id).version, {"industry": "Bearings"})
    with database.read(firm.anna) as work:
        teller = Teller(Formats.of(date(2026, 11, 20), {firm.anna.user_id or 0: "Anna"}, "Asia/Shanghai"), "CNY")
        lines = [teller.line(one) for one in timeline.page(work, contact_id)]
        planned = [teller.line(one) for one in timeline.planned(work, contact_id)]
    told = {line.headline: line for line in lines}
    assert told["Call with Wang Xiaoming"].notes == "Will pay by Friday"
    assert told["Call with Wang Xiaoming"].detail == "17:30 · Anna"
    assert told["Promise: 80,000.00 by 25 Nov"].detail == "Wang · Anna"
    assert told["Contract.pdf"].detail == "17:30 · 412 KB · Anna"
    assert "Bearings" in told["Anna Weber changed this contact"].notes
    assert "Anna Weber added a file" not in told, "the file itself is told"
    assert [(line.headline, line.detail) for line in planned] == [("Send the draft", "planned · Anna")]
    assert "Send the draft" not in told, "what is planned did not happen yet"


def test_a_file_taken_away_is_still_told(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    with database.begin(firm.anna) as work:
        file_id = files.add_file(work, contact_id, "Contract.pdf", b"x")
    with database.begin(firm.anna) as work:
        files.remove_file(work, file_id)
    changes = [one.values["event"] for one in whole(database, firm.anna, contact_id) if one.group == "changes"]
    assert [set(one.after) for one in changes if one.action == "update"] == [{"files"}]


def test_the_wall(database: Database, firm: Firm) -> None:
    """Of a firm that is both, purchasing is told nothing of the sale, and sales nothing of the purchase."""
    contact_id = customer(database, firm.boss, is_customer=True, is_supplier=True, owner=firm.anna.user_id)
    timelines.tell(database, contact_id, 3)
    for by, said in ((firm.buyer, "asked for their price"), (firm.anna, "told them ours")):
        with database.begin(by) as work:
            activities.log(work, contact_id, {"kind_id": kind(work, "call"), "notes": said})
            activities.plan(
                work, contact_id, {"kind_id": kind(work, "call"), "subject": said, "due_on": date(2026, 11, 30)}
            )
    by_buyer = whole(database, firm.buyer, contact_id, groups=timeline.GROUPS)
    assert {one.group for one in by_buyer if one.group != "steps"} == {"talks", "changes"}
    assert [one.notes for one in by_buyer if one.group == "talks"] == ["asked for their price"]
    steps = [one for one in by_buyer if one.group == "steps" and one.values["event"].entity == "activity"]
    assert {one.by for one in steps} == {firm.buyer.user_id}, "what purchasing said, and nothing of the sale"
    by_anna = whole(database, firm.anna, contact_id, groups=timeline.GROUPS)
    assert {"talks", "documents", "money", "changes"} <= {one.group for one in by_anna}
    assert "asked for their price" not in [one.notes for one in by_anna]
    for by, said in ((firm.buyer, "asked for their price"), (firm.anna, "told them ours")):
        with database.read(by) as work:
            assert [one.values["subject"] for one in timeline.planned(work, contact_id)] == [said]
    every = whole(database, firm.boss, contact_id)
    assert {"asked for their price", "told them ours"} <= {one.notes for one in every}


@pytest.mark.parametrize("login", ["outsider", "buyer"])
def test_out_of_reach_there_is_no_timeline(database: Database, firm: Firm, login: str) -> None:
    contact_id = customer(database, firm.anna)
    timelines.tell(database, contact_id, 2)
    with database.read(getattr(firm, login)) as work:
        for ask in (timeline.page, timeline.planned):
            with pytest.raises(NotFound):
                ask(work, contact_id)


def test_who_sees_no_business_sees_no_timeline(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    with database.read(firm.admin) as work, pytest.raises(NotAllowed):
        timeline.page(work, contact_id)
    with database.read(firm.anna) as work, pytest.raises(NotAllowed):
        next(iter(timeline.everything(work, contact_id)))


def test_a_manager_is_told_what_the_team_did(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    count = timelines.tell(database, contact_id, 2)
    assert len(whole(database, firm.manager, contact_id)) == count + 1
    with database.read(firm.manager) as work:
        assert len(list(timeline.everything(work, contact_id))) == count + 1


def test_the_late_come_first_among_what_is_planned(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    with database.begin(firm.anna) as work:
        for subject, day, time in (("c", 21, ""), ("a", 18, "09:00"), ("d", 21, ""), ("b", 21, "08:00")):
            activities.plan(
                work,
                contact_id,
                {
                    "kind_id": kind(work, "call"),
                    "subject": subject,
                    "due_on": date(2026, 11, day),
                    "due_time": time,
                    "priority": 2 if subject == "c" else 1,
                },
            )
    with database.read(firm.anna) as work:
        found = timeline.planned(work, contact_id)
    assert [one.values["subject"] for one in found] == ["a", "b", "c", "d"]
    assert [one.tone for one in found] == ["danger", "plain", "plain", "plain"]


def test_a_page_asks_a_fixed_number_of_questions(database: Database, firm: Firm) -> None:
    """Whatever the page holds: nothing is asked per entry."""
    contact_id = customer(database, firm.anna)
    timelines.tell(database, contact_id, 2)
    whole(database, firm.anna, contact_id)
    asked: list[int] = []
    for each in (2, 40):
        timelines_of = customer(database, firm.anna, f"Borealis {each}")
        _tell_apart(database, timelines_of, each)
        seen: list[str] = []
        raw = database.engine

        def note(_c: Any, _cur: Any, sql: str, *_rest: Any, seen: list[str] = seen) -> None:
            seen.append(sql)

        event.listen(raw, "before_cursor_execute", note)
        whole(database, firm.anna, timelines_of)
        event.remove(raw, "before_cursor_execute", note)
        asked.append(len(seen))
    assert asked[0] == asked[1]


def _tell_apart(database: Database, contact_id: int, each: int) -> None:
    with database.begin(SYSTEM) as work:
        for place in range(each):
            activities.log(work, contact_id, {"kind_id": kind(work, "call"), "notes": str(place)})


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), zone=st.sampled_from(
    ("Asia/Shanghai", "America/Sao_Paulo", "Africa/Cairo", "America/Havana", "Pacific/Apia", "UTC", "Asia/Beirut")
))  # fmt: skip
def test_days_stand_in_their_order(day: date, zone: str) -> None:
    """Also where summer begins at midnight."""
    here = ZoneInfo(zone)
    start, following = of_day(day, here, 9), of_day(day + timedelta(days=1), here)
    assert start < following
    assert isinstance(start, datetime)
