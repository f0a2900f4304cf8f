"""The demo's year of money looks like a real firm's, follows the rules, and is the same for the same seed."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from crm_desktop.app import checks
from crm_desktop.app.demo import money
from crm_desktop.app.demo.make import make_demo
from crm_desktop.app.demo.money_words import MONEY_WORDS
from crm_desktop.app.demo.words import HAN_BRAND_FIRST, TRADITIONAL, WORDS
from crm_desktop.contacts.model import Contact, ContactAddress
from crm_desktop.db.numbers import Counter as Series
from crm_desktop.db.work import Database
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.receivables.collecting import ageing, credit
from crm_desktop.receivables.ledger_model import (
    Allocation,
    DunningLetter,
    Promise,
    Receipt,
    Reschedule,
    WriteOff,
)
from crm_desktop.receivables.model import Account, CustomerCredit, Invoice
from crm_desktop.receivables.money import promises
from crm_desktop.shared.actor import SYSTEM
from tests.companies import NOW, sqlite_company

TODAY = NOW.date()
DATED = (
    (Invoice, "dated_on"),
    (Receipt, "dated_on"),
    (Allocation, "dated_on"),
    (WriteOff, "dated_on"),
    (Reschedule, "dated_on"),
    (DunningLetter, "dated_on"),
    (Promise, "made_on"),
    (Instalment, "claimed_on"),
)

Twins = tuple[str, Database, Database]


def every(database: Database, entity: Any) -> list[Any]:
    with database.read(SYSTEM) as work:
        return list(work.session.scalars(select(entity).order_by(entity.__table__.primary_key.columns[0])))


def test_everything_that_happens_with_money_happens(demo: Database) -> None:
    invoices, received = every(demo, Invoice), every(demo, Receipt)
    kinds = Counter((one.kind, one.state) for one in invoices)
    assert kinds["invoice", "posted"] > 150
    assert kinds["invoice", "draft"] >= 1
    assert kinds["credit", "posted"] >= 2
    assert {one.currency for one in invoices} == {"CNY", "EUR", "USD"}
    assert {one.method for one in received} >= {"transfer", "cash", "acceptance"}
    assert len(every(demo, Account)) == 3
    assert {one.kind for one in every(demo, WriteOff)} == {"bad_debt", "bank_fee", "difference"}
    assert every(demo, Reschedule)
    assert {one.level for one in every(demo, DunningLetter)} >= {0, 1, 2}
    used = every(demo, Allocation)
    assert max(Counter(one.receipt_id for one in used if one.receipt_id).values()) >= 3, "one transfer over several"
    assert any(one.credit_id for one in used)
    part_paid = [one for one in every(demo, Instalment) if one.claimed_on and 0 < one.open_amount < one.amount]
    assert part_paid
    assert any(one.kind == "receipt" and one.open_amount for one in received), "advances"
    assert any(one.disputed_on for one in every(demo, Instalment) if one.open_amount)


def test_promises_are_kept_broken_and_open(demo: Database) -> None:
    with demo.read(SYSTEM) as work:
        who = set(work.session.scalars(select(Promise.contact_id)))
        states = Counter(one.state for contact_id in who for one in promises.promises_of(work, contact_id))
    assert states[promises.KEPT] >= 2
    assert states[promises.BROKEN] >= 2


def test_the_ageing_is_that_of_a_healthy_firm(demo: Database) -> None:
    with demo.read(SYSTEM) as work:
        found = ageing.ageing(work)
    own = next(row for row in found.totals() if row[1] == "CNY")
    named = dict(zip(found.names, own, strict=True))
    buckets = [named[name] for name in found.names if name.startswith("b") and name != "balance"]
    assert len(buckets) == 5
    assert all(buckets), "every column has something in it"
    owed = named["not_due"] + sum(buckets) + named["undated"]
    assert Decimal("0.10") < Decimal(sum(buckets)) / owed < Decimal("0.40")
    assert named["not_due"] > sum(buckets[2:]), "most of it is not long overdue"


def test_nothing_is_dated_in_the_future_and_numbers_have_no_gaps(demo: Database) -> None:
    for entity, name in DATED:
        days = [getattr(row, name) for row in every(demo, entity) if getattr(row, name) is not None]
        assert days
        assert max(days) <= TODAY, entity.__name__
    with demo.read(SYSTEM) as work:
        last = {(one.series, one.year): one.last for one in work.session.scalars(select(Series))}
    series = (("invoice", [one for one in every(demo, Invoice) if one.number and one.kind == "invoice"]),
              ("credit", [one for one in every(demo, Invoice) if one.number and one.kind == "credit"]),
              ("receipt", [one for one in every(demo, Receipt) if one.kind == "receipt"]))  # fmt: skip
    for name, rows in series:
        years: dict[int, list[int]] = {}
        for row in rows:
            years.setdefault(row.dated_on.year, []).append(row.serial)
        for year, serials in years.items():
            assert sorted(serials) == list(range(1, last[name, year] + 1)), (name, year)


def test_one_customer_owes_more_than_its_limit(demo: Database) -> None:
    with demo.read(SYSTEM) as work:
        limited = list(work.session.scalars(select(CustomerCredit.contact_id)))
        standings = [credit.standing(work, contact_id) for contact_id in limited]
    assert len(limited) >= 8
    assert 1 <= sum(one.free is not None and one.free < 0 for one in standings) <= len(limited) // 2
    assert any(one.overdue_days for one in standings)


def test_people_did_it(demo: Database) -> None:
    for entity in (Invoice, Receipt, Allocation, Promise, DunningLetter):
        assert all(one.created_by for one in every(demo, entity)), entity.__name__
    assert all(one.posted_by for one in every(demo, Invoice) if one.state == "posted")


def test_the_check_finds_nothing(demo: Database) -> None:
    assert not checks.check_database(demo)


def test_the_same_seed_makes_the_same_money(twins: Twins) -> None:
    _language, *databases = twins
    one, other = (
        [
            [{c.key: getattr(row, c.key) for c in row.__table__.columns} for row in every(database, entity)]
            for entity in (Invoice, Instalment, Receipt, Allocation, WriteOff, Promise)
        ]
        for database in databases
    )
    assert one == other
    assert one[3], "something is paid"


def test_in_taiwan_names_are_written_in_traditional_signs(template_file: Path, tmp_path: Path) -> None:
    database = sqlite_company(template_file, tmp_path / "taiwan.crm")
    make_demo(database, contacts=100, language="zh_Hant")
    names = [one.name for one in every(database, Contact)]
    places = [f"{one.city}{one.region}{one.street}" for one in every(database, ContactAddress)]
    countries = {one.country for one in every(database, ContactAddress)}
    database.close()
    assert any(sign in name for name in names for sign in HAN_BRAND_FIRST.translate(TRADITIONAL))
    assert all(text.translate(TRADITIONAL) == text for text in (*names, *places))
    assert "TW" in countries
    assert "CN" not in countries


def test_a_large_demo_bills_a_part_of_its_customers(
    template_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(money, "MOST_CUSTOMERS", 20)
    database = sqlite_company(template_file, tmp_path / "large.crm")
    make_demo(database, contacts=400)
    with database.read(SYSTEM) as work:
        billed = work.session.scalar(select(func.count()).select_from(Invoice)) or 0
        ordered = work.session.scalar(select(func.count()).select_from(Order)) or 0
    database.close()
    assert 5 < billed < ordered / 2


def test_every_language_has_its_words() -> None:
    assert MONEY_WORDS.keys() == WORDS.keys()
