"""Advances and credits used later, and taken back: nothing is deleted, no past day changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.receivables.ledger import NotEnough
from crm_desktop.receivables.ledger_model import Allocation
from crm_desktop.receivables.money import allocating, paying_back, write_offs
from crm_desktop.receivables.money.uses import Used, uses_of
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Invalid, NotAllowed, NotFound
from tests.companies import Firm
from tests.receivables.documents import DAY, credit, customer, money, open_of, opens, pay, posted


def of_receipt(database: Database, receipt_id: int) -> tuple[Used, ...]:
    with database.read(SYSTEM) as work:
        return uses_of(work, receipt_id=receipt_id)


def test_an_advance_and_a_credit_are_used_later_in_parts(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    advance, note = pay(database, accountant, contact_id, 500), credit(database, contact_id, 80)
    invoice = posted(database, contact_id, 300, 300)
    with database.begin(accountant) as work:
        made = allocating.allocate_later(
            work,
            contact_id,
            [
                (("receipt", advance), invoice.instalments[0], money(200)),
                (("credit", note.id), invoice.instalments[0], money(80)),
                (("receipt", advance), invoice.instalments[1], money(100)),
            ],
        )
    assert len(made) == 3
    assert opens(database, invoice.instalments) == [Decimal("20.00"), Decimal("200.00")]
    assert open_of(database, contact_id).balance == Decimal("20.00")
    with pytest.raises(NotEnough), database.begin(accountant) as work:
        allocating.allocate_later(work, contact_id, [(("receipt", advance), invoice.instalments[1], money("200.01"))])
    for nobody in (firm.anna, firm.manager):
        with pytest.raises(NotAllowed), database.begin(nobody) as work:
            allocating.allocate_later(work, contact_id, [])


def test_taken_back_by_a_row_of_today(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    invoice, other = posted(database, contact_id, 1000), posted(database, contact_id, 1000)
    receipt_id = pay(
        database, accountant, contact_id, 1000, {invoice.instalments[0]: 1000}, dated_on=date(2026, 11, 10)
    )
    (used,) = of_receipt(database, receipt_id)
    assert used.may_unallocate
    with database.begin(accountant) as work:
        allocating.unallocate(work, contact_id, [used.id], reason="the other invoice")
    rows = of_receipt(database, receipt_id)
    assert [(row.dated_on, row.amount, row.reverses_id, row.reversed_on) for row in rows] == [
        (date(2026, 11, 10), Decimal("1000.00"), None, DAY),
        (DAY, Decimal("-1000.00"), used.id, None),
    ]
    assert not any(row.may_unallocate for row in rows)
    assert opens(database, invoice.instalments) == [Decimal("1000.00")]
    with database.begin(accountant) as work:
        assert allocating.unallocate(work, contact_id, [used.id]) == []
        # Dated back: but then the money was elsewhere, so it counts from the day it was free again.
        allocating.allocate_later(
            work,
            contact_id,
            [(("receipt", receipt_id), other.instalments[0], money(1000))],
            dated_on=date(2026, 11, 12),
        )
    assert of_receipt(database, receipt_id)[-1].dated_on == DAY
    with database.read(SYSTEM) as work:
        told = list(
            work.session.execute(
                select(JournalEntry.entity, JournalEntry.entity_id, JournalEntry.after).where(
                    JournalEntry.action == "unallocate"
                )
            )
        )
    assert sorted(map(tuple, told), key=str) == [
        ("invoice", invoice.id, {"receipt": "RC2026-0001", "amount": "1000.00", "reason": "the other invoice"}),
        (
            "receipt",
            receipt_id,
            {"uses": [{"number": invoice.number, "amount": "1000.00"}], "reason": "the other invoice"},
        ),
    ]


def test_only_what_money_paid_is_taken_back_here(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id, elsewhere = customer(database, firm.boss), customer(database, firm.boss, "Borealis")
    invoice = posted(database, contact_id, 1000)
    advance = pay(database, accountant, contact_id, 100)
    with database.begin(accountant) as work:
        paying_back.refund(work, ("receipt", advance), money(50), {})
        lost = write_offs.write_off(work, {invoice.instalments[0]: money(10)}, "bankrupt")
    with database.read(SYSTEM) as work:
        ids = {row.write_off_id: row.id for row in work.session.scalars(select(Allocation))}
    for allocation_id in (ids[lost], ids[None]):
        with pytest.raises(Invalid), database.begin(accountant) as work:
            allocating.unallocate(work, contact_id, [allocation_id])
    with pytest.raises(NotFound), database.begin(accountant) as work:
        allocating.unallocate(work, elsewhere, [ids[lost]])
    with pytest.raises(NotFound), database.begin(accountant) as work:
        allocating.unallocate(work, contact_id, [999999])
