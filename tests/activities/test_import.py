"""What was said before comes in with its author and its day, counts as no contact, and is taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm_desktop.activities import kinds, service
from crm_desktop.activities.model import Activity
from crm_desktop.activities.target import ACTIVITIES
from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.importing import Planned, Verdict
from tests.activities.talked import TODAY, dates_of, firm_of, kind_ids, logged, result_ids, version_of
from tests.companies import NOW, Firm
from tests.exchange.rows import bring_in, check, rows, take_back

THEN = datetime(2024, 3, 4, 2, 15, tzinfo=UTC)
ROW: dict[str, Any] = {"customer": "Harbour Mills", "done_at": THEN, "kind": "电话", "notes": "Asked for prices"}


@pytest.fixture
def mills(database: Database, firm: Firm) -> int:
    return firm_of(database, firm.anna)


def stored(database: Database) -> list[Activity]:
    with database.read(SYSTEM) as work:
        return list(work.session.scalars(select(Activity).order_by(Activity.id)))


def verdicts(database: Database, by: Actor, *given: dict[str, Any], **options: Any) -> list[Planned]:
    return check(database, by, ACTIVITIES, rows(*given), **options)


def test_author_and_day_are_kept_and_it_is_no_contact(database: Database, firm: Firm, mills: int) -> None:
    given = (
        ROW | {"author": "Anna Berg", "result": "Interested"},
        ROW | {"author": "老王", "kind": "Visit", "result": "Said maybe", "person": "Ms Li", "subject": "Fair"},
        ROW | {"kind": None, "notes": "No author"},
    )
    with database.read(SYSTEM) as work:
        name = work.session.scalars(select(Activity)).first()
        assert name is None
    done = bring_in(database, firm.manager, ACTIVITIES, rows(*given))
    assert done.counts["new"] == 3
    first, second, third = stored(database)
    assert {one.done_at for one in (first, second, third)} == {THEN}
    assert {one.at_sort for one in (first, second, third)} == {THEN}
    assert all(one.taken_over and one.user_id != firm.manager.user_id for one in (first, second, third))
    assert (first.kind_id, first.result_id) == (kind_ids(database)["call"], result_ids(database)["interested"])
    assert (second.user_id, second.author) == (None, "老王")
    assert second.notes == "With: Ms Li\nAsked for prices\nResult: Said maybe"
    assert (third.user_id, third.author, third.kind_id) == (None, "", kind_ids(database)["note"])
    assert dates_of(database, mills) == (None, None)


def test_a_colleague_is_known_by_name_and_by_login(database: Database, firm: Firm, mills: int) -> None:
    bring_in(
        database,
        firm.manager,
        ACTIVITIES,
        rows(ROW | {"author": firm.anna.name}, ROW | {"author": firm.chen.login, "notes": "b"}),
    )
    assert [one.user_id for one in stored(database)] == [firm.anna.user_id, firm.chen.user_id]


def test_a_next_date_to_come_is_planned_for_whoever_looks_after_it(database: Database, firm: Firm, mills: int) -> None:
    soon = TODAY + timedelta(days=4)
    given = [ROW | {"notes": str(n), "next_on": soon, "author": "老王"} for n in range(3)]
    given.append(ROW | {"notes": "old", "next_on": TODAY - timedelta(days=700)})
    bring_in(database, firm.manager, ACTIVITIES, rows(*given))
    (upcoming,) = [one for one in stored(database) if one.state == "planned"]
    assert (upcoming.due_on, upcoming.user_id) == (soon, firm.anna.user_id)
    assert dates_of(database, mills) == (None, soon)


def test_the_same_file_again_brings_nothing(database: Database, firm: Firm, mills: int) -> None:
    given = (ROW | {"person": "Ms Li"}, ROW | {"person": "Ms Li"}, ROW | {"notes": "b"})
    assert [one.verdict for one in verdicts(database, firm.manager, *given)] == [
        Verdict.NEW,
        Verdict.DUPLICATE,
        Verdict.NEW,
    ]
    bring_in(database, firm.manager, ACTIVITIES, rows(*given))
    again = verdicts(database, firm.manager, *given)
    assert {one.verdict for one in again} == {Verdict.SKIP}


def test_what_cannot_be_said_is_refused_beside_its_cell(database: Database, firm: Firm, mills: int) -> None:
    given = (
        ROW | {"customer": "Nobody"},
        ROW | {"customer": None},
        ROW | {"done_at": None},
        ROW | {"done_at": NOW + timedelta(days=30)},
        ROW | {"kind": "Telepathy"},
        ROW | {"notes": "x" * 20_001},
        ROW | {"subject": "x" * 201},
        ROW | {"author": "x" * 101},
    )
    found = verdicts(database, firm.manager, *given)
    assert {one.verdict for one in found} == {Verdict.INVALID}
    assert [one.field for one in found] == [
        *("customer", "customer", "done_at", "done_at", "kind", "notes", "subject", "author")
    ]
    assert {one.id for one in found[4].candidates} == set(kind_ids(database).values())
    visit = kind_ids(database)["visit"]
    (answered,) = verdicts(database, firm.manager, given[4], answers={("kind", "telepathy"): visit})
    assert (answered.verdict, answered.payload.columns["kind_id"]) == (Verdict.NEW, visit)


def test_a_firm_that_is_missing_is_made_when_asked(database: Database, firm: Firm) -> None:
    bring_in(database, firm.manager, ACTIVITIES, rows(ROW, ROW | {"notes": "b"}), create_missing=True)
    assert len({one.contact_id for one in stored(database)}) == 1


def test_who_may_not_import_does_not(database: Database, firm: Firm, mills: int) -> None:
    with pytest.raises(NotAllowed):
        bring_in(database, firm.anna, ACTIVITIES, rows(ROW))


def test_it_is_taken_back_but_what_was_used_stays(database: Database, firm: Firm, mills: int) -> None:
    spoken = NOW - timedelta(days=1)
    logged(database, firm.anna, mills, done_at=spoken)
    given = [ROW | {"notes": str(n), "next_on": TODAY} for n in range(3)]
    done = bring_in(database, firm.manager, ACTIVITIES, rows(*given))
    assert dates_of(database, mills) == (spoken, TODAY)
    corrected = next(one for one in stored(database) if one.notes == "1")
    with database.begin(firm.anna) as work:
        service.save(work, corrected.id, version_of(database, corrected.id), {"notes": "Corrected"})
    undone = take_back(database, firm.manager, done.batch, ACTIVITIES)
    assert (undone.removed, [one.id for one in undone.kept]) == (3, [corrected.id])
    assert [one.notes for one in stored(database)] == ["", "Corrected"]
    assert dates_of(database, mills) == (spoken, None)


def test_talk_to_a_supplier_comes_in_on_its_side(database: Database, firm: Firm) -> None:
    with database.begin(firm.boss) as work:
        contacts.create(work, {"name": "Ore Works", "is_customer": False, "is_supplier": True})
        assert kinds.kinds(work)
    bring_in(database, firm.boss, ACTIVITIES, rows(ROW | {"customer": "Ore Works"}))
    assert [one.side for one in stored(database)] == ["purchasing"]
