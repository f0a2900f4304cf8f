"""Lists of invoices, receipts and limits where a PostgreSQL server enforces what every person may do by itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database
from crm_desktop.exchange.imports import Done
from crm_desktop.exchange.undoing import Undone
from crm_desktop.receivables.collecting import credit_terms
from crm_desktop.receivables.money.open_items import open_items
from crm_desktop.receivables.target import INVOICES, RECEIPTS
from crm_desktop.shared.importing import ImportTarget
from tests.db.server_company import ServerCompany
from tests.exchange.rows import bring_in, rows, take_back
from tests.receivables.test_on_server import begin, new_contact, pay, post

pytestmark = pytest.mark.postgres

TABLES = ("contact", "invoice", "invoice_line", "instalment", "receipt", "allocation", "customer_credit")
ROW = {
    "customer": "Atlas",
    "dated_on": date(2026, 3, 1),
    "due_on": date(2026, 4, 1),
    "amount": Decimal(1000),
    "currency": "EUR",
}


def come(company: ServerCompany, target: ImportTarget, *given: dict[str, Any], **decided: Any) -> Done:
    engine = company.engine("abe")
    return bring_in(Database(engine), company.actor("abe"), target, rows(*given), **decided)


def go(company: ServerCompany, done: Done) -> Undone:
    return take_back(Database(company.engine("abe")), company.actor("abe"), done.batch, CONTACTS, INVOICES, RECEIPTS)


def counts(company: ServerCompany) -> dict[str, int]:
    with company.admin() as connection:
        return {name: connection.scalar(text(f"select count(*) from crm.{name}")) or 0 for name in TABLES}


def test_the_accountant_brings_lists_in_and_takes_them_back(company: ServerCompany) -> None:
    atlas = new_contact(company, "ann", "Atlas")
    before = counts(company)
    first = come(
        company,
        INVOICES,
        ROW | {"number": "XS-1", "received": Decimal(400)},
        ROW | {"number": "XS-2", "customer": "Borealis"},
        ROW | {"number": "G-1", "kind": "credit", "amount": Decimal(-50)},
        create_missing=True,
    )
    second = come(
        company,
        RECEIPTS,
        {"number": "SK-1", "dated_on": date(2026, 5, 1), "amount": Decimal(700), "invoice": "XS-1"},
    )
    assert counts(company) == before | {
        "contact": before["contact"] + 1,
        "invoice": 3,
        "invoice_line": 3,
        "instalment": 2,
        "receipt": 2,
        "allocation": 2,
    }
    with begin(company, "ann") as work:
        assert open_items(work, atlas, "EUR").balance == Decimal(-150)
    changed = come(company, INVOICES, ROW | {"number": "XS-2", "customer": "Borealis", "notes": "checked"})
    assert (changed.counts["update"], go(company, changed).restored) == (1, 1)
    assert go(company, second).kept == ()
    assert go(company, first).kept == ()
    assert counts(company) == before
    done = come(company, INVOICES, ROW | {"number": "XS-1", "received": Decimal(400)})
    assert go(company, done).kept == ()
    assert counts(company) == before


def test_limits_come_with_the_contacts(company: ServerCompany) -> None:
    atlas = new_contact(company, "ann", "Atlas")
    before = counts(company)
    done = come(
        company,
        CONTACTS,
        {"name": "Atlas", "credit_limit": Decimal("5000.50")},
        {"name": "Cumulus", "credit_limit": Decimal(0)},
    )
    with begin(company, "abe") as work:
        assert credit_terms.get(work, atlas).limit == Decimal("5000.50")
    assert counts(company) == before | {"contact": before["contact"] + 1, "customer_credit": 2}
    assert go(company, done).kept == ()
    assert counts(company) == before


def test_nobody_deletes_money_that_no_import_brought(company: ServerCompany) -> None:
    atlas = new_contact(company, "ann", "Atlas")
    (instalment,) = post(company, atlas, 100).instalments
    pay(company, "abe", atlas, 100, {instalment: 40})
    before = counts(company)
    for table in ("receipt", "allocation"):
        for login in ("ann", "mia", "pat"):
            with company.attempt(login) as connection, pytest.raises(DBAPIError, match="permission denied"):
                connection.execute(text(f"delete from crm.{table}"))
        for login in ("abe", "olga"):
            with company.attempt(login) as connection, pytest.raises(DBAPIError, match="only what an import made"):
                connection.execute(text(f"delete from crm.{table}"))
    assert counts(company) == before
