"""Write-offs: a reason, an approver, never paid, and open again when taken back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_desktop.db.work import Database
from crm_desktop.receivables import rules
from crm_desktop.receivables.ledger import NotEnough
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import write_offs
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Invalid, NotAllowed, NotFound
from tests.companies import Firm
from tests.receivables.documents import customer, money, open_of, opens, pay, posted


def status(database: Database, invoice_id: int) -> str:
    with database.read(SYSTEM) as work:
        row = work.get(Invoice, invoice_id)
        return rules.status(
            row.state,
            row.kind,
            total=row.total,
            open_amount=row.open_amount,
            credited=row.credited,
            written_off=row.written_off,
        )


def test_the_rest_is_written_off_and_never_called_paid(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    invoice = posted(database, contact_id, 600, 400)
    pay(database, accountant, contact_id, 600, {invoice.instalments[0]: 600})
    assert status(database, invoice.id) == rules.PARTLY
    with database.begin(accountant) as work:
        lost = write_offs.write_off(
            work, {invoice.instalments[1]: money(400)}, "bankrupt", approved_by=firm.boss.user_id
        )
    assert status(database, invoice.id) == rules.WRITTEN_OFF
    assert open_of(database, contact_id).balance == 0
    with database.read(accountant) as work:
        (told,) = write_offs.write_offs_of(work, invoice_id=invoice.id)
        assert write_offs.write_offs_of(work, contact_id=contact_id) == (told,)
    assert (told.kind, told.amount, told.reason, told.approved_by, told.created_by, told.taken_back) == (
        "bad_debt", Decimal("400.00"), "bankrupt", firm.boss.user_id, accountant.user_id, Decimal("0.00"),
    )  # fmt: skip
    with database.begin(accountant) as work:
        write_offs.take_back(work, lost, reason="they paid after all")
    assert opens(database, invoice.instalments) == [Decimal("0.00"), Decimal("400.00")]
    assert status(database, invoice.id) == rules.PARTLY
    with database.read(accountant) as work:
        (told,) = write_offs.write_offs_of(work, invoice_id=invoice.id)
    assert told.taken_back == Decimal("400.00")
    with pytest.raises(Invalid), database.begin(accountant) as work:
        write_offs.take_back(work, lost)


def test_what_a_write_off_refuses(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id, other = customer(database, firm.boss), customer(database, firm.boss, "Borealis")
    mine, theirs = posted(database, contact_id, 100), posted(database, other, 100)
    (one,), (two,) = mine.instalments, theirs.instalments
    for amounts, reason, more, expected in (
        ({one: money(100)}, " ", {}, Invalid),
        ({one: money(10), two: money(10)}, "why", {}, Invalid),
        ({one: money(10)}, "why", {"approved_by": 4711}, Invalid),
        ({one: money(10)}, "why", {"kind": "gift"}, Invalid),
        ({one: money("100.01")}, "why", {}, NotEnough),
        ({}, "why", {}, NotFound),
        ({4711: money(1)}, "why", {}, NotFound),
    ):
        with pytest.raises(expected), database.begin(accountant) as work:
            write_offs.write_off(work, amounts, reason, **more)  # type: ignore[arg-type]
    for nobody in (firm.anna, firm.manager):
        with pytest.raises(NotAllowed), database.begin(nobody) as work:
            write_offs.write_off(work, {one: money(1)}, "why")
    assert open_of(database, contact_id).balance == 100
