"""Collections: a call is written down as a whole or not at all, who is in which view, past days, who sees whom."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.activities import following, service
from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import collections, collections_report
from crm_desktop.receivables.money import promises
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Invalid, NotAllowed, UserError
from crm_desktop.shared.report import Asked
from tests.companies import NOW, Firm
from tests.receivables.documents import customer, pay, posted

DAY = NOW.date()
EARLY = date(2026, 1, 1)


def late(days: int) -> date:
    return DAY - timedelta(days)


@pytest.fixture
def atlas(database: Database, firm: Firm) -> int:
    contact_id = customer(database, firm.anna, "Atlas")
    posted(database, contact_id, (100, late(40)), (200, late(-20)), dated_on=EARLY)
    return contact_id


def record(database: Database, who: Actor, contact_id: int, **values: Any) -> collections.Recorded:
    with database.begin(who) as work:
        return collections.record(work, contact_id, {"currency": "CNY", **values})


def views_of(database: Database, by: Actor) -> set[str]:
    with database.read(by) as work:
        (case,) = collections.collected(work).rows
        return {view for view, _label in collections.VIEWS if collections.shown(view, case, DAY, by.user_id)}


def test_a_call_leaves_what_was_said_a_promise_and_the_next_call(
    database: Database, firm: Firm, accountant: Actor, atlas: int
) -> None:
    made = record(
        database, accountant, atlas, said="The draft comes on Friday", amount=Decimal(80), by=late(-3), next_on=late(-4)
    )
    assert None not in (made.activity_id, made.promise_id, made.next_id)
    with database.read(firm.anna) as work:
        (promised,) = promises.promises_of(work, atlas)
        said, step = following.last_said(work, [atlas])[atlas], following.next_of(work, [atlas])[atlas]
    assert (promised.amount, promised.due_on) == (80, late(-3))
    assert (said.text, said.user_id) == ("The draft comes on Friday", accountant.user_id)
    assert (step.activity_id, step.due_on, step.user_id) == (made.next_id, late(-4), accountant.user_id)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "said"),
        ({"said": "  \n "}, "said"),
        ({"said": "x", "amount": Decimal(5)}, "by"),
        ({"said": "x", "by": late(-3)}, "amount"),
        ({"said": "x", "amount": Decimal(5), "by": late(1)}, "by"),
        ({"said": "x", "next_on": late(1)}, "next_on"),
        ({"said": "x", "amount": Decimal(-5), "by": late(-1)}, "amount"),
        ({"said": "x", "next_on": late(-1), "next_time": "25:99"}, "next.due_time"),
    ],
)
def test_a_wrong_call_leaves_nothing(
    database: Database, accountant: Actor, atlas: int, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        record(database, accountant, atlas, **values)
    assert refused.value.field == field
    with database.read(accountant) as work:
        assert not promises.promises_of(work, atlas)
        assert not following.last_said(work, [atlas])


def test_the_planned_call_is_completed_once(database: Database, accountant: Actor, atlas: int) -> None:
    record(database, accountant, atlas, said="Call again today", next_on=DAY)
    with database.read(accountant) as work:
        step = following.next_of(work, [atlas])[atlas]
    completes = (step.activity_id, step.version)
    record(database, accountant, atlas, said="Nobody there", completes=completes)
    with database.read(accountant) as work:
        assert not following.next_of(work, [atlas])
        assert service.get(work, step.activity_id)["state"] == "done"
    with pytest.raises(UserError):
        record(database, accountant, atlas, said="Twice", amount=Decimal(5), by=DAY, completes=completes)
    with database.read(accountant) as work:
        assert not promises.promises_of(work, atlas)


def test_views_follow_what_is_planned_promised_and_disputed(
    database: Database, firm: Firm, accountant: Actor, atlas: int
) -> None:
    assert views_of(database, accountant) == {"to_call", "overdue", "all"}
    assert "mine" in views_of(database, firm.anna)
    record(database, accountant, atlas, said="Later", next_on=late(-5))
    assert views_of(database, accountant) == {"overdue", "mine", "all"}


def test_a_past_day_has_the_debts_and_promises_of_that_day(
    database: Database, firm: Firm, accountant: Actor, atlas: int
) -> None:
    record(database, accountant, atlas, amount=Decimal(100), by=late(-2))
    pay(database, accountant, atlas, 60, dated_on=late(2))
    with database.read(accountant) as work:
        (then,) = collections.collected(work, as_of=late(30)).rows
        (now,) = collections.collected(work).rows
        (later,) = collections.collected(work, as_of=late(-25)).rows
    assert (then.debtor.overdue, then.debtor.oldest_late, then.promised, then.debtor.unapplied) == (100, 10, (), 0)
    assert (now.debtor.overdue, now.debtor.oldest_late, len(now.promised)) == (100, 40, 1)
    assert (later.debtor.overdue, later.debtor.oldest_late) == (300, 65)


def test_everybody_sees_and_calls_their_own(database: Database, firm: Firm, accountant: Actor, atlas: int) -> None:
    theirs = customer(database, firm.outsider, "Theirs")
    posted(database, theirs, (100, late(3)), dated_on=EARLY)

    def names(by: Actor) -> set[str]:
        with database.read(by) as work:
            return {one.debtor.name for one in collections.collected(work).rows}

    assert names(firm.anna) == {"Atlas"}
    assert names(firm.boss) == names(accountant) == {"Atlas", "Theirs"}
    with pytest.raises(NotAllowed):
        names(firm.buyer)
    with pytest.raises(UserError):
        record(database, firm.anna, theirs, said="Not mine")


def test_the_report_has_the_views_and_the_list_as_seen(
    database: Database, firm: Firm, accountant: Actor, atlas: int
) -> None:
    other = customer(database, firm.anna, "Other")
    posted(database, other, (50, late(-3)), dated_on=EARLY)
    record(database, accountant, atlas, said="Two\nlines", next_on=late(-1))
    with database.read(firm.boss) as work:
        table = collections_report.cases(work, Asked())
        whole = collections_report.cases(work, Asked(form="all"))
        seen = collections_report.as_seen((other, atlas), "CNY", "As seen").answer(work, Asked())
    (row,) = table.rows
    shown = dict(zip([field.name for field in table.fields], row, strict=True))
    assert (shown["customer"], shown["overdue"].amount, shown["oldest_late"]) == ("Atlas", 100, 40)
    assert (shown["said"], shown["said_on"], shown["next_on"]) == ("Two lines", DAY, late(-1))
    assert {row[0] for row in whole.rows} == {"Atlas", "Other"}
    assert [row[0] for row in seen.rows] == ["Other", "Atlas"]
