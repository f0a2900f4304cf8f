"""Moving an open rest to other days, giving events a day, and the history of both; disputes go along."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import disputes, rescheduling
from crm_desktop.receivables.money.rescheduling import Part
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Invalid, NotAllowed
from tests.companies import Firm
from tests.receivables.documents import DAY, customer, money, open_of, opens, pay, posted

DECEMBER, JANUARY, FEBRUARY = date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)


def test_the_open_rest_moves_in_parts_with_its_history(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    invoice = posted(database, contact_id, (1000, date(2026, 11, 15)))
    (old,) = invoice.instalments
    pay(database, accountant, contact_id, 300, {old: 300})
    with database.begin(accountant) as work:
        disputes.dispute(work, old, "two boxes wet")
    with database.begin(accountant) as work:
        first, second = rescheduling.reschedule(
            work, old, [Part(money(500), DECEMBER), Part(money(200), JANUARY, label="Rest")], "short of money"
        )
    assert opens(database, [old, first, second]) == [Decimal("0.00"), Decimal("500.00"), Decimal("200.00")]
    opened = open_of(database, contact_id)
    assert [(one.due_on, one.open, one.place, one.disputed, one.label) for one in opened.instalments] == [
        (DECEMBER, Decimal("500.00"), "1/2", True, ""),
        (JANUARY, Decimal("200.00"), "2/2", True, "Rest"),
    ]
    with database.read(SYSTEM) as work:
        row = work.get(Invoice, invoice.id)
        assert (row.open_amount, row.next_due_on) == (70000, DECEMBER)
        part = work.get(Instalment, first)
        assert (part.claimed_on, part.dated_on, part.invoice_id) == (DAY, date(2026, 11, 1), invoice.id)
    with database.begin(accountant) as work:
        (third,) = rescheduling.reschedule(work, first, [Part(money(500), FEBRUARY)], "again")
    for instalment_id in (old, first, second, third):
        with database.read(accountant) as work:
            moves = rescheduling.moves_of(work, instalment_id)
        assert [
            (move.reason, move.from_due_on, move.amount, [(part.due_on, part.amount) for part in move.parts])
            for move in moves
        ] == [
            (
                "short of money", date(2026, 11, 15), Decimal("700.00"),
                [(DECEMBER, Decimal("500.00")), (JANUARY, Decimal("200.00"))],
            ),
            ("again", DECEMBER, Decimal("500.00"), [(FEBRUARY, Decimal("500.00"))]),
        ]  # fmt: skip


def test_an_event_gets_its_day(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    invoice = posted(database, contact_id, 900, (100, None))
    with database.begin(accountant) as work:
        made = rescheduling.give_day(work, invoice.instalments[1], JANUARY)
    opened = open_of(database, contact_id)
    assert [(one.id, one.due_on, one.event, one.label, one.place) for one in opened.instalments] == [
        (invoice.instalments[0], date(2026, 12, 1), "", "", "1/2"),
        (made, JANUARY, "", "on acceptance", "2/2"),
    ]
    with database.read(accountant) as work:
        (move,) = rescheduling.moves_of(work, made)
    assert (move.from_due_on, move.from_event, move.reason) == (None, "on acceptance", "on acceptance")


@pytest.mark.parametrize(
    ("parts", "reason", "field"),
    [
        ([], "why", "parts"),
        ([Part(money(999), DECEMBER)], "why", "parts"),
        ([Part(money(1001), DECEMBER)], "why", "parts"),
        ([Part(money(1000))], "why", "parts"),
        ([Part(money(1000), date(2026, 12, 1))], "why", "parts"),
        ([Part(money(1000), DECEMBER), Part(money(0), JANUARY)], "why", "parts"),
        ([Part(money(1000), DECEMBER)], " ", "reason"),
    ],
)
def test_what_a_rescheduling_refuses(file_database: Database, parts: list[Part], reason: str, field: str) -> None:
    from tests.companies import found_firm

    contact_id = customer(file_database, found_firm(file_database).boss)
    (old,) = posted(file_database, contact_id, 1000).instalments
    with pytest.raises(Invalid) as refused, file_database.begin(SYSTEM) as work:
        rescheduling.reschedule(work, old, parts, reason)
    assert refused.value.field == field
    assert opens(file_database, [old]) == [Decimal("1000.00")]


def test_a_settled_instalment_cannot_move(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.anna)
    (old,) = posted(database, contact_id, 1000).instalments
    pay(database, accountant, contact_id, 1000, {old: 1000})
    with pytest.raises(Invalid), database.begin(accountant) as work:
        rescheduling.reschedule(work, old, [Part(money(1000), DECEMBER)], "why")
    with pytest.raises(NotAllowed), database.begin(firm.anna) as work:
        rescheduling.reschedule(work, old, [], "why")


def test_disputes_begin_and_end_with_a_reason(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.anna)
    invoice = posted(database, contact_id, 1000)
    (old,) = invoice.instalments
    with pytest.raises(Invalid), database.begin(firm.anna) as work:
        disputes.dispute(work, old, "")
    with pytest.raises(Invalid), database.begin(firm.anna) as work:
        disputes.settle(work, old)
    with database.begin(firm.anna) as work:
        disputes.dispute(work, old, "two boxes wet")
    (one,) = open_of(database, contact_id).instalments
    assert (one.disputed, one.dispute_reason) == (True, "two boxes wet")
    with database.begin(accountant) as work:
        disputes.settle(work, old, outcome="new boxes sent")
    (one,) = open_of(database, contact_id).instalments
    assert (one.disputed, one.dispute_reason) == (False, "")
    with database.read(SYSTEM) as work:
        told = work.session.execute(
            select(JournalEntry.action, JournalEntry.after).where(
                JournalEntry.entity == "invoice", JournalEntry.entity_id == invoice.id,
                JournalEntry.action.in_(("dispute", "settle_dispute")),
            ).order_by(JournalEntry.id)
        ).all()  # fmt: skip
    assert [tuple(row) for row in told] == [
        ("dispute", {"dispute_reason": "two boxes wet"}),
        ("settle_dispute", {"dispute_reason": "new boxes sent"}),
    ]
    pay(database, accountant, contact_id, 1000, {old: 1000})
    with pytest.raises(Invalid), database.begin(accountant) as work:
        disputes.dispute(work, old, "too late")
