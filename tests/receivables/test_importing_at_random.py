"""Random lists of invoices and receipts: what is open on any day is what the lists say, and all of it goes again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import balances
from crm_desktop.receivables.target import INVOICES, RECEIPTS
from crm_desktop.shared.importing import Verdict
from tests.companies import found_firm
from tests.exchange.rows import bring_in, check, rows, take_back
from tests.orders.documents import customer
from tests.receivables.test_importing_invoices import counts, sound

FIRST = date(2025, 1, 1)
NAMES = ("Atlas", "Borealis", "Cumulus", "Dorado")
HOSTILE: dict[str, tuple[Any, ...]] = {
    "number": (None, "INV2026-0001", "x" * 99),
    "customer": (None, "Nobody at all"),
    "dated_on": (None, date(2099, 1, 1), date(9999, 12, 31)),
    "amount": (None, Decimal(0), Decimal(-1), Decimal("1.001"), Decimal("NaN"), Decimal("Infinity"), Decimal("1E+30")),
    "received": (Decimal("1E+10"), Decimal("-0.01"), Decimal("NaN"), Decimal("0.001")),
    "received_on": (date(2099, 1, 1),),
    "currency": ("€€", "EUR", "CNYX"),
    "rate": (Decimal(-1), Decimal(0)),
    "settled_on": (date(2099, 1, 1),),
}


def day(random: Random) -> date:
    return FIRST + timedelta(days=random.randrange(500))


def cents(random: Random, most: int) -> Decimal:
    return Decimal(random.randrange(1, most * 100)) / 100


def invoice(random: Random, number: int) -> dict[str, Any]:
    amount = cents(random, 5000)
    row: dict[str, Any] = {"number": f"XS-{number}", "customer": random.choice(NAMES), "dated_on": day(random)}
    row |= {"due_on": row["dated_on"] + timedelta(days=30), "amount": amount}
    if random.random() < 0.5:
        row |= {"received": min(amount, cents(random, 5000)), "received_on": day(random)}
    return row


def payments(random: Random, owed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Receipts that pay one to three invoices of one customer, never more than is open, and some advances."""
    left = {row["number"]: row["amount"] - row.get("received", 0) for row in owed}
    made: list[dict[str, Any]] = []
    for number in range(30):
        name = random.choice(NAMES)
        head = {"number": f"SK-{number}", "customer": name, "dated_on": day(random)}
        mine = [row["number"] for row in owed if row["customer"] == name and left[row["number"]] > 0]
        chosen = random.sample(mine, min(len(mine), random.randrange(4)))
        parts = {one: min(left[one], cents(random, 3000)) for one in chosen}
        for one, part in parts.items():
            left[one] -= part
        advance = cents(random, 100) if not parts or random.random() < 0.3 else Decimal(0)
        total = sum(parts.values(), advance)
        made += [head | {"amount": total, "invoice": one, "allocated": part} for one, part in parts.items()]
        made += [] if parts else [head | {"amount": total}]
    random.shuffle(made)
    return made


@pytest.mark.parametrize("seed", range(3))
def test_balances_are_what_the_lists_say(file_database: Database, seed: int) -> None:
    random, firm = Random(seed), found_firm(file_database)
    ids = {name: customer(file_database, firm.anna, name=name) for name in NAMES}
    before = counts(file_database)
    owed = [invoice(random, number) for number in range(60)]
    paid = payments(random, owed)
    first = bring_in(file_database, firm.boss, INVOICES, rows(*owed))
    second = bring_in(file_database, firm.boss, RECEIPTS, rows(*paid))
    assert sound(file_database)
    money = {one["number"]: one for one in paid}
    for as_of in (day(random) for _ in range(5)):
        for name, contact_id in ids.items():
            billed = sum(row["amount"] for row in owed if row["customer"] == name and row["dated_on"] <= as_of)
            known = [row for row in owed if row["customer"] == name and row.get("received_on", as_of) <= as_of]
            came = sum(row.get("received", 0) for row in known)
            came += sum(row["amount"] for row in money.values() if row["customer"] == name and row["dated_on"] <= as_of)
            with file_database.read(firm.boss) as work:
                assert balances.card(work, contact_id, as_of).of("CNY").balance == billed - came
    assert take_back(file_database, firm.boss, second.batch, RECEIPTS).kept == ()
    assert sound(file_database)
    assert take_back(file_database, firm.boss, first.batch, CONTACTS, INVOICES).kept == ()
    assert counts(file_database) == before


@pytest.mark.parametrize("seed", range(3))
def test_a_hostile_value_is_refused_and_the_good_rows_come_in(file_database: Database, seed: int) -> None:
    random, firm = Random(seed), found_firm(file_database)
    for name in NAMES:
        customer(file_database, firm.anna, name=name)
    spoilt: set[int] = set()
    given = []
    for number in range(60):
        row = invoice(random, number)
        if random.random() < 0.5:
            field = random.choice(list(HOSTILE))
            row[field] = random.choice(HOSTILE[field])
            if field == "rate":
                row["currency"] = "EUR"
            spoilt.add(number + 2)
        given.append(row)
    found = check(file_database, firm.boss, INVOICES, rows(*given))
    refused = {one.number for one in found if one.verdict is Verdict.INVALID}
    assert refused == spoilt, "and every one of them says why"
    assert all(one.why and one.field for one in found if one.verdict is Verdict.INVALID)
    done = bring_in(file_database, firm.boss, INVOICES, rows(*given), good_rows_only=True)
    assert counts(file_database)["invoice"] == done.counts["new"] == 60 - len(spoilt)
    assert sound(file_database)
