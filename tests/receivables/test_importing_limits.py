"""The credit limit as a column of a list of contacts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import credit_terms
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.importing import CLEAR, Verdict
from tests.companies import Firm
from tests.exchange.rows import bring_in, check, rows, take_back
from tests.orders.documents import customer


def limit_of(database: Database, by: Actor, contact_id: int) -> tuple[Decimal | None, int | None]:
    with database.read(by) as work:
        terms = credit_terms.get(work, contact_id)
    return terms.limit, terms.overdue_days


def test_limits_come_with_their_customers_and_go_with_them(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas, borealis = (customer(database, firm.anna, name=name) for name in ("Atlas", "Borealis"))
    with database.begin(accountant) as work:
        credit_terms.save(work, atlas, 0, {"limit": Decimal(100), "overdue_days": 30})
        credit_terms.save(work, borealis, 0, {"limit": Decimal(200)})
    given = rows(
        {"name": "Atlas", "credit_limit": Decimal("5000.50")},
        {"name": "Borealis", "credit_limit": CLEAR},
        {"name": "Cumulus", "credit_limit": Decimal(0)},
    )
    found = check(database, accountant, CONTACTS, given)
    assert [one.verdict for one in found] == [Verdict.UPDATE, Verdict.UPDATE, Verdict.NEW]
    (change,) = found[0].differences
    assert (change.field, change.old, change.new) == ("credit_limit", "100.00", "5,000.50")
    done = bring_in(database, accountant, CONTACTS, given)
    assert limit_of(database, accountant, atlas) == (Decimal("5000.50"), 30)
    assert limit_of(database, accountant, borealis) == (None, None)
    assert [one.verdict for one in check(database, accountant, CONTACTS, given)] == [Verdict.SKIP] * 3
    assert take_back(database, accountant, done.batch, CONTACTS).kept == ()
    assert limit_of(database, accountant, atlas) == (Decimal(100), 30)
    assert limit_of(database, accountant, borealis) == (Decimal(200), None)


@pytest.mark.parametrize("limit", [Decimal(-1), Decimal("0.001"), Decimal(10) ** 12])
def test_a_limit_that_is_none_is_refused(database: Database, accountant: Actor, limit: Decimal) -> None:
    (found,) = check(database, accountant, CONTACTS, rows({"name": "Cumulus", "credit_limit": limit}))
    assert found.verdict is Verdict.INVALID


def test_a_limit_given_since_stays(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, name="Atlas")
    done = bring_in(database, accountant, CONTACTS, rows({"name": "Atlas", "credit_limit": Decimal(5)}))
    with database.begin(accountant) as work:
        credit_terms.save(work, atlas, 1, {"limit": Decimal(7)})
    (kept,) = take_back(database, accountant, done.batch, CONTACTS).kept
    assert (kept.entity, kept.label) == ("customer_credit", "Atlas")
    assert limit_of(database, accountant, atlas)[0] == Decimal(7)


def test_who_may_not_write_limits_is_not_offered_the_column(database: Database, firm: Firm, accountant: Actor) -> None:
    for actor, offered in ((firm.manager, False), (accountant, True), (firm.boss, True)):
        with database.read(actor) as work:
            assert ("credit_limit" in {field.name for field in CONTACTS.fields(work)}) is offered
