"""Real lists of receivables, imported as the program does: the ageing is that of an independent reckoning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from crm_desktop.contacts.model import Contact
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database
from crm_desktop.exchange import imports
from crm_desktop.exchange.imports import Job
from crm_desktop.exchange.reading.files import read_book
from crm_desktop.exchange.sheets import drafting
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import proof
from crm_desktop.receivables.ledger_model import Allocation, Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.target import INVOICES
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.text import fold
from tests.companies import found_firm
from tests.exchange.rows import take_back
from tests.receivables.samples import SAMPLES, Owed, american, chinese, reckoned
from tests.receivables.test_samples import BOUNDS, aged, check_some

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real files are not part of the program")


def read(path: Path, database: Database, actor: Actor) -> Job:
    """What the program makes of a file by itself; nobody here is called as its salespeople, so they are left out."""
    book = read_book(path)
    with database.read(actor) as work:
        draft = drafting.Draft(book, book.sheets[0], INVOICES, drafting.context(work, INVOICES))
    unknown = {(one.field, fold(one.text)): None for one in draft.unclear()}
    draft.options = replace(draft.options, create_missing=True, answers=unknown)
    assert draft.missing() == ()
    return draft.job()


def without_days(path: Path) -> list[Owed]:
    """The Chinese list as an import understands it: what was received counts from the day of its invoice."""
    return [
        Owed(
            one.number, one.customer, one.dated_on, one.due_on, one.amount, one.paid, one.dated_on if one.paid else None
        )
        for one in chinese(path)
    ]


@pytest.mark.parametrize(
    ("name", "reckon", "days"),
    [
        (
            "receivables-600.csv",
            american,
            (date(2012, 3, 31), date(2012, 12, 31), date(2013, 6, 15), date(2013, 12, 31)),
        ),
        (
            "应收账款.xlsx",
            without_days,
            (date(2025, 3, 31), date(2025, 12, 31), date(2026, 6, 30), date(2026, 11, 20)),
        ),
    ],
)
def test_an_imported_list_ages_as_the_file_does(
    file_database: Database, name: str, reckon: Callable[[Path], list[Owed]], days: Sequence[date]
) -> None:
    owed, firm = reckon(SAMPLES / name), found_firm(file_database)
    before = everything(file_database)
    job = read(SAMPLES / name, file_database, firm.boss)
    with file_database.begin(firm.boss) as work:
        done = imports.apply(work, job)
    assert done.counts["new"] == len(owed)
    if name.endswith(".xlsx"):
        assert totals(file_database) == (900, Decimal("36297525.22"), Decimal("17265033.73"))
    ids = customers(file_database)
    seen = 0
    for day in (*days, None):
        expected = reckoned(owed, day or date(2026, 11, 20), BOUNDS)
        assert aged(file_database, firm.boss, day, ids, "CNY") == expected
        seen += len(expected)
        check_some(file_database, firm.boss, day, ids, expected, "CNY")
    assert seen > 50
    with file_database.read(SYSTEM) as work:
        assert list(proof.findings(work)) == []
    undone = take_back(file_database, firm.boss, done.batch, CONTACTS, INVOICES)
    assert undone.kept == ()
    assert everything(file_database) == before


def totals(database: Database) -> tuple[int, Decimal, Decimal]:
    """How many invoices, over what, and what was received of them."""
    with database.read(SYSTEM) as work:
        count, amount = work.session.execute(select(func.count(), func.sum(Invoice.total))).one()
        paid = work.session.scalar(select(func.sum(Receipt.amount)))
    return count, Decimal(amount) / 100, Decimal(paid or 0) / 100


def customers(database: Database) -> dict[str, int]:
    with database.read(SYSTEM) as work:
        found: Any = work.session.execute(select(Contact.name, Contact.id)).all()
    return dict(found)


def everything(database: Database) -> Mapping[str, int]:
    with database.read(SYSTEM) as work:
        return {
            entity.__tablename__: work.session.scalar(select(func.count()).select_from(entity)) or 0
            for entity in (Contact, Invoice, Instalment, Receipt, Allocation)
        }
