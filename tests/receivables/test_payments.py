"""Payments received, by receipt and grouped, with what went back, on both engines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import payments
from crm_desktop.receivables.money import accounts, paying_back
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.money import Money
from crm_desktop.shared.report import Asked, ReportTable
from tests.companies import Firm
from tests.receivables.documents import customer, pay, posted, version_of


def report(database: Database, actor: Actor, /, **asked: Any) -> ReportTable:
    with database.read(actor) as work:
        return payments.payments(work, Asked(**asked))


def amounts(table: ReportTable, name: str) -> list[tuple[Any, Decimal]]:
    return [(row[0], row[table.place(name)].amount) for row in table.rows]


@pytest.fixture
def paid(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas, borealis = customer(database, firm.anna, "Atlas"), customer(database, firm.chen, "Borealis")
    claim = posted(database, atlas, 1000, dated_on=date(2026, 9, 1))
    with database.begin(accountant) as work:
        bank = accounts.save_account(work, None, 0, {"name": "Bank of Ningbo"})
    pay(database, accountant, atlas, 300, {claim.instalments[0]: 300}, dated_on=date(2026, 9, 3), account_id=bank)
    over = pay(database, accountant, atlas, 500, {claim.instalments[0]: 400}, dated_on=date(2026, 10, 3), method="cash")
    bounced = pay(database, accountant, borealis, 80, dated_on=date(2026, 10, 5), method="cheque")
    pay(database, accountant, borealis, 10, dated_on=date(2026, 10, 6), currency="USD", rate=Decimal("7.2"))
    with database.begin(accountant) as work:
        values = {"dated_on": date(2026, 10, 20), "method": "cash", "reason": "Too much"}
        paying_back.refund(work, ("receipt", over), Decimal(40), values)
    version = version_of(database, bounced)
    with database.begin(accountant) as work:
        paying_back.reverse(work, bounced, version, "No funds")


@pytest.mark.usefixtures("paid")
def test_every_receipt_with_what_went_back(database: Database, firm: Firm) -> None:
    table = report(database, firm.boss)
    places = [table.place(name) for name in ("kind", "customer", "method")]
    assert [tuple(row[place] for place in places) for row in table.rows] == [
        ("receipt", "Atlas", "transfer"),
        ("receipt", "Atlas", "cash"),
        ("receipt", "Borealis", "cheque"),
        ("receipt", "Borealis", "transfer"),
        ("refund", "Atlas", "cash"),
        ("reversal", "Borealis", "cheque"),
    ]
    amount = table.place("amount")
    assert [row[amount].amount for row in table.rows] == [300, 500, 80, 10, -40, -80]
    assert [row[amount] for row in table.totals()] == [
        Money(Decimal("760.00"), "CNY"),
        Money(Decimal("10.00"), "USD"),
    ]
    assert table.rows[0][table.place("account")] == "Bank of Ningbo"
    assert table.rows[1][table.place("open")].amount == 60
    assert table.totals()[0][table.place("worth")].amount == 760 + 72


@pytest.mark.usefixtures("paid")
def test_a_period_and_the_groupings(database: Database, firm: Firm) -> None:
    october = report(database, firm.boss, by="customer", from_on=date(2026, 10, 1), to_on=date(2026, 10, 31))
    assert amounts(october, "net") == [("Atlas", 460), ("Borealis", 80), ("Borealis", 10)]
    assert [row[1] for row in october.rows] == [1, 1, 1]
    by_month = report(database, firm.boss, by="month", currency="CNY")
    assert amounts(by_month, "received") == [("2026-09", 300), ("2026-10", 580), ("2026-11", 0)]
    assert amounts(by_month, "back") == [("2026-09", 0), ("2026-10", -40), ("2026-11", -80)]
    assert dict(amounts(report(database, firm.boss, by="account", currency="CNY"), "net"))["Bank of Ningbo"] == 300
    assert {row[0] for row in report(database, firm.boss, by="method").rows} == {"Bank transfer", "Cash", "Cheque"}
    assert {row[0] for row in report(database, firm.boss, by="salesperson").rows} == {"Anna Weber", "Chen Jie"}
    for by, _label in payments.GROUPINGS[1:]:
        table = report(database, firm.boss, by=by)
        assert [row[table.place("net")].amount for row in table.totals()] == [760, 10]


@pytest.mark.usefixtures("paid")
def test_everybody_sees_the_money_of_their_customers(database: Database, firm: Firm) -> None:
    assert {row[3] for row in report(database, firm.anna).rows} == {"Atlas"}
    assert report(database, firm.outsider).rows == ()
    with pytest.raises(NotAllowed):
        report(database, firm.buyer)
