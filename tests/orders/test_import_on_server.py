"""Orders from a sheet where a PostgreSQL server enforces the scope of every person by itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from crm_desktop.db.work import Database
from crm_desktop.orders.target import ORDERS, QUOTES
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.importing import Verdict
from tests.db.server_company import ServerCompany
from tests.exchange.rows import bring_in, check, rows, take_back
from tests.orders.test_on_server import counts, new_contact, new_product

pytestmark = pytest.mark.postgres

HEAD: dict[str, Any] = {"number": "A-1", "customer": "Atlas", "dated_on": date(2025, 3, 4)}
LINE: dict[str, Any] = {"product_code": "P", "quantity": Decimal(2), "unit_price": Decimal(9)}


@pytest.fixture
def company(company: ServerCompany) -> ServerCompany:
    new_product(company, "P", 5)
    return company


@pytest.mark.parametrize("login", ["mia", "abe", "olga"])
def test_orders_come_in_and_go_again(company: ServerCompany, login: str) -> None:
    new_contact(company, "ann", "Atlas", status="prospect")
    database, actor = Database(company.engine(login)), company.actor(login)
    before = counts(company, "olga")
    given = rows(
        HEAD | LINE | {"salesperson": company.ids["ann"]},
        HEAD | LINE | {"number": "A-2", "shipped_on": date(2025, 3, 9)},
        HEAD | LINE | {"number": "A-3", "state": "draft"},
    )
    done = bring_in(database, actor, ORDERS, given)
    offered = bring_in(database, actor, QUOTES, rows(HEAD | LINE | {"number": "Q-1"}))
    came_in = {"quote": 1, "quote_line": 1, "sales_order": 3, "order_line": 3, "delivery": 1, "delivery_line": 1}
    assert counts(company, "ann") == before | came_in | {"instalment": 1}
    assert counts(company, "olga")["order_line_cost"] == 1
    changed = bring_in(database, actor, ORDERS, rows({"number": "A-1", "notes": "n"}))
    assert changed.counts["update"] == 1
    assert take_back(database, actor, changed.batch, ORDERS).restored == 1
    assert take_back(database, actor, offered.batch, QUOTES).removed == 1
    undone = take_back(database, actor, done.batch, ORDERS)
    assert (undone.removed, undone.kept) == (3, ())
    assert counts(company, "olga") == before


def test_what_is_out_of_reach_is_not_told(company: ServerCompany) -> None:
    new_contact(company, "bob", "Atlas")
    new_contact(company, "ann", "Borealis")
    bring_in(Database(company.engine("abe")), company.actor("abe"), ORDERS, rows(HEAD | LINE))
    manager, mia = Database(company.engine("mia")), company.actor("mia")
    (taken,) = check(manager, mia, ORDERS, rows(HEAD | LINE | {"customer": "Borealis"}))
    assert (taken.verdict, taken.field, taken.id) == (Verdict.INVALID, "number", None)
    (hidden,) = check(manager, mia, ORDERS, rows(HEAD | LINE | {"number": "A-9"}))
    assert (hidden.verdict, hidden.field, hidden.candidates) == (Verdict.INVALID, "customer", ())
    with company.attempt("ann") as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute(text("select crm.order_numbers_in_use(array['A-1'])"))


@pytest.mark.parametrize("login", ["ann", "pat", "adi"])
def test_who_may_not_bring_orders_in_does_not(company: ServerCompany, login: str) -> None:
    new_contact(company, "ann", "Atlas")
    with pytest.raises(NotAllowed):
        check(Database(company.engine(login)), company.actor(login), ORDERS, rows(HEAD | LINE))
