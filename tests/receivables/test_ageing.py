"""The ageing report: groupings, currencies and rates, buckets of the settings, progress, on both engines."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm_desktop.access.model import User
from crm_desktop.db.work import Database
from crm_desktop.receivables import settings
from crm_desktop.receivables.collecting import ageing
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Cancelled, NotAllowed
from crm_desktop.shared.money import Money
from crm_desktop.shared.report import Asked, ReportTable
from tests.companies import NOW, Firm
from tests.receivables.documents import customer, pay, posted

DAY = NOW.date()


def cny(amount: object) -> Money:
    return Money(Decimal(str(amount)).quantize(Decimal("0.01")), "CNY")


def report(database: Database, by: Actor, /, **asked: object) -> ReportTable:
    with database.read(by) as work:
        return ageing.table(work, Asked(**asked))  # type: ignore[arg-type]


def cells(table: ReportTable, *names: str) -> list[tuple[object, ...]]:
    return [tuple(row[table.place(name)] for name in names) for row in table.rows]


@pytest.fixture
def owing(database: Database, firm: Firm, accountant: Actor) -> tuple[int, int]:
    atlas, borealis = customer(database, firm.anna, "Atlas"), customer(database, firm.chen, "Borealis")
    days = [(100, DAY), (20, DAY - timedelta(1)), (3, DAY - timedelta(30)), (400, DAY - timedelta(31))]
    posted(database, atlas, *days, (5, None), dated_on=date(2026, 9, 1))
    pay(database, accountant, atlas, 50)
    posted(database, borealis, (1000, DAY - timedelta(400)), dated_on=date(2025, 9, 1), currency="USD")
    posted(database, borealis, (70, DAY - timedelta(100)), dated_on=date(2026, 6, 1))
    return atlas, borealis


@pytest.mark.usefixtures("owing")
def test_a_row_per_customer_and_currency_adds_up(database: Database, firm: Firm) -> None:
    table = report(database, firm.boss)
    names = [field.label for field in table.fields[1:]]
    assert names[:8] == ["Not due yet", "1–30", "31–60", "61–90", "91–180", "181+", "Undated", "Unapplied"]
    assert cells(table, "customer", "balance") == [
        ("Atlas", cny(478)),
        ("Borealis", cny(70)),
        ("Borealis", Money(Decimal("1000.00"), "USD")),
    ]
    assert table.rows[0][1:9] == tuple(map(cny, (100, 23, 400, 0, 0, 0, 5, -50)))
    for row in table.rows:
        assert sum(money.amount for money in row[1:9]) == row[9].amount
    assert [row[table.place("balance")] for row in table.totals()] == [cny(548), Money(Decimal("1000.00"), "USD")]


def test_another_currency_has_its_worth_at_a_rate_that_is_said(
    database: Database, firm: Firm, accountant: Actor, owing: tuple[int, int]
) -> None:
    pay(database, accountant, owing[1], 10, currency="USD", rate=Decimal("7.1"), dated_on=date(2026, 11, 2))
    table = report(database, firm.boss)
    assert cells(table, "worth") == [(cny(478),), (cny(70),), (cny(7029),)]
    assert table.totals()[0][table.place("worth")] == cny(478 + 70 + 7029)
    assert "1 USD = 7.1 CNY" in table.said
    assert "2 Nov 2026" in table.said
    early = report(database, firm.boss, as_of=date(2026, 11, 1))
    assert "1 USD = 1 CNY" in early.said, "a rate of later days is not known yet"


@pytest.mark.usefixtures("owing")
def test_by_salesperson_and_by_team(database: Database, firm: Firm) -> None:
    assert cells(report(database, firm.boss, by="salesperson"), "salesperson", "balance") == [
        ("Anna Weber", cny(478)),
        ("Chen Jie", cny(70)),
        ("Chen Jie", Money(Decimal("1000.00"), "USD")),
    ]
    assert cells(report(database, firm.boss, by="team"), "team", "balance") == [
        ("East", cny(548)),
        ("East", Money(Decimal("1000.00"), "USD")),
    ]
    with database.begin(firm.boss) as work:
        work.get(User, firm.chen.user_id or 0).team_id = None
    assert [row[0] for row in report(database, firm.boss, by="team").rows] == ["East", "No team", "No team"]


@pytest.mark.usefixtures("owing")
def test_by_invoice_date_all_of_it_has_an_age(database: Database, firm: Firm) -> None:
    table = report(database, firm.boss, form="invoice", as_of=DAY)
    assert table.rows[0][1:9] == tuple(map(cny, (0, 0, 0, 528, 0, 0, 0, -50)))
    assert table.fields[1].label == "Today"


@pytest.mark.usefixtures("owing")
def test_the_buckets_are_those_of_the_settings(database: Database, firm: Firm, accountant: Actor) -> None:
    with database.begin(accountant) as work:
        version = settings.get_settings(work).version
        settings.save_settings(work, version, {"buckets": (15, 365)})
    table = report(database, firm.boss)
    assert [field.label for field in table.fields[2:5]] == ["1–15", "16–365", "366+"]
    assert cells(table, "b0", "b1", "b2")[0] == (cny(20), cny(403), cny(0))


def test_a_customer_and_a_currency_narrow_it_down(database: Database, firm: Firm, owing: tuple[int, int]) -> None:
    assert len(report(database, firm.boss, contact_id=owing[1]).rows) == 2
    assert len(report(database, firm.boss, contact_id=owing[1], currency="USD").rows) == 1


@pytest.mark.usefixtures("owing")
def test_a_rep_sees_own_customers_and_a_purchaser_nothing(database: Database, firm: Firm) -> None:
    assert {row[0] for row in report(database, firm.anna).rows} == {"Atlas"}
    assert {row[0] for row in report(database, firm.anna, as_of=date(2026, 11, 1)).rows} == {"Atlas"}
    assert {row[0] for row in report(database, firm.manager).rows} == {"Atlas", "Borealis"}
    with pytest.raises(NotAllowed):
        report(database, firm.buyer)


@pytest.mark.usefixtures("owing")
def test_a_past_day_tells_its_progress_and_can_be_cancelled(database: Database, firm: Firm) -> None:
    told: list[tuple[int, int | None]] = []

    class Watch:
        def step(self, done: int, total: int | None = None) -> None:
            told.append((done, total))
            if len(told) > 2:
                raise Cancelled

    with database.read(firm.boss) as work, pytest.raises(Cancelled):
        ageing.ageing(work, date(2026, 10, 1), progress=Watch())
    assert told[0][0] == 0
    assert told[0][1] == told[1][1] is not None


@pytest.mark.usefixtures("owing")
def test_a_day_to_come_ages_what_is_open_now(database: Database, firm: Firm) -> None:
    table = report(database, firm.boss, as_of=DAY + timedelta(1), contact_id=1)
    with database.read(firm.boss) as work:
        made = ageing.ageing(work, DAY + timedelta(1))
    assert sum(row[2] for row in made.rows) == 0
    assert "21 Nov 2026" in table.said
