"""What orders ask of receivables: how far they are invoiced, and claims posted by the confirmed contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_desktop.db.work import Database
from crm_desktop.orders import service as orders
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.receivables import rules
from crm_desktop.receivables.ledger_model import WriteOff
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Invalid, NotAllowed
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, order_of
from tests.receivables.billing import (
    TODAY,
    company_works,
    credited,
    delivered,
    from_order,
    invoice_of,
    plan_of,
    post,
)
from tests.receivables.documents import open_of

PLAN = (
    {"label": "Deposit", "amount": Decimal("339"), "event": "", "due_on": date(2026, 11, 25)},
    {"label": "Rest", "amount": Decimal("791"), "event": "on acceptance", "due_on": None},
)


def test_a_contract_claims_all_its_instalments_when_it_is_confirmed(
    database: Database, firm: Firm, accountant: Actor
) -> None:
    company_works(database, claims_by=rules.CONTRACT)
    atlas = customer(database, firm.anna)
    order = confirmed_order(database, firm.anna, atlas, line(quantity=10), instalments=PLAN)
    owed = open_of(database, atlas)
    assert [(one.open, one.due_on, one.order_id) for one in owed.instalments] == [
        (Decimal("339.00"), date(2026, 11, 25), order),
        (Decimal("791.00"), None, order),
    ]
    with database.read(SYSTEM) as work:
        rows = work.session.scalars(select(Instalment)).all()
        assert {(row.claimed_on, row.dated_on, row.invoice_id) for row in rows} == {(TODAY, TODAY, None)}


def test_an_invoice_of_such_a_contract_claims_nothing(database: Database, firm: Firm, accountant: Actor) -> None:
    company_works(database, claims_by=rules.CONTRACT)
    atlas = customer(database, firm.anna)
    order = confirmed_order(database, firm.anna, atlas, line(quantity=10), instalments=PLAN)
    made = from_order(database, accountant, order)
    # What was agreed stays as it is, whatever the company decides later.
    company_works(database, claims_by=rules.INVOICE)
    post(database, accountant, made)
    shown = invoice_of(database, accountant, made)
    assert (shown["status"], shown["claims"], shown["open_amount"]) == (rules.CLAIMED_BY_ORDER, False, 0)
    assert open_of(database, atlas).balance == Decimal("1130.00")
    assert order_of(database, firm.anna, order)["invoiced_percent"] == 100
    credited(database, accountant, made)
    assert open_of(database, atlas).balance == 0
    assert order_of(database, firm.anna, order)["invoiced_percent"] == 0


def test_lines_of_a_claimed_contract_stay(database: Database, firm: Firm, accountant: Actor) -> None:
    assert accountant
    company_works(database, claims_by=rules.CONTRACT)
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10))
    with pytest.raises(Invalid), database.begin(firm.anna) as work:
        orders.save(work, order, work.get(Order, order).version, {"lines": [line(quantity=11)]})


def test_the_end_of_a_contract_writes_off_what_will_not_come(database: Database, firm: Firm, accountant: Actor) -> None:
    company_works(database, claims_by=rules.CONTRACT)
    atlas = customer(database, firm.anna)
    order = confirmed_order(database, firm.anna, atlas, line(quantity=10), instalments=PLAN)
    delivered(database, firm.anna, order, 4)
    with pytest.raises(NotAllowed), database.begin(firm.manager) as work:
        orders.close_short(work, order, work.get(Order, order).version, "broke")
    with database.begin(accountant) as work:
        orders.close_short(work, order, work.get(Order, order).version, "broke")
    owed = open_of(database, atlas)
    # 4 of 10 went out, 452 of 1,130 stay owed: the deposit first.
    assert [(one.open, one.due_on) for one in owed.instalments] == [
        (Decimal("339.00"), date(2026, 11, 25)),
        (Decimal("113.00"), None),
    ]
    with database.read(accountant) as work:
        (row,) = work.session.scalars(select(WriteOff)).all()
        assert (row.kind, row.reason, row.amount) == (rules.ENDED, "broke", 67800)


def test_a_cancelled_contract_owes_nothing(database: Database, firm: Firm, accountant: Actor) -> None:
    company_works(database, claims_by=rules.CONTRACT)
    atlas = customer(database, firm.anna)
    order = confirmed_order(database, firm.anna, atlas, line(quantity=10))
    with database.begin(accountant) as work:
        orders.cancel(work, order, work.get(Order, order).version, "changed their mind")
    assert open_of(database, atlas).balance == 0


def test_orders_made_in_bulk_claim_since_their_own_day(database: Database, firm: Firm, accountant: Actor) -> None:
    company_works(database, claims_by=rules.CONTRACT)
    atlas = customer(database, firm.anna)
    with database.begin(firm.anna) as work:
        ids = orders.create_many(
            work,
            [{"contact_id": atlas, "dated_on": date(2026, 3, day), "lines": [line()]} for day in (1, 2)],
            confirmed=True,
        )
    with database.read(accountant) as work:
        asked = select(Instalment.order_id, Instalment.claimed_on).order_by(Instalment.id)
        assert work.session.execute(asked).all() == [(ids[0], date(2026, 3, 1)), (ids[1], date(2026, 3, 2))]
    assert open_of(database, atlas).balance == Decimal("226.00")


def test_delivering_keeps_what_is_invoiced(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10))
    post(database, accountant, from_order(database, accountant, order, 6))
    delivered(database, firm.anna, order, 2)
    shown = order_of(database, firm.anna, order)
    assert (shown["invoiced_percent"], shown["delivered_percent"]) == (60, 20)
    assert plan_of(database, order)[0][0] == "678.00"
