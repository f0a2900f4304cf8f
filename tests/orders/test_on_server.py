"""Documents where a PostgreSQL server enforces the scope of every person by itself."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm_desktop.contacts import handover, history
from crm_desktop.contacts import merge as merging
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.orders import deliveries, quotes, service
from crm_desktop.orders.model import Order, Quote
from crm_desktop.shared.errors import NotAllowed, NotFound
from tests.db.server_company import ServerCompany
from tests.orders.documents import line

pytestmark = pytest.mark.postgres

TABLES = (
    "quote",
    "quote_line",
    "sales_order",
    "order_line",
    "instalment",
    "delivery",
    "delivery_line",
    "order_line_cost",
)


def begin(company: ServerCompany, login: str) -> Any:
    return Database(company.engine(login)).begin(company.actor(login))


def new_contact(company: ServerCompany, login: str, name: str, **values: Any) -> int:
    with begin(company, login) as work:
        assert work.is_guarded
        return contacts.create(work, {"name": name, "is_customer": True, **values})


def new_product(company: ServerCompany, code: str, cost: int) -> int:
    with company.admin() as connection:
        product_id = connection.scalar(
            text(
                "insert into crm.product (code, name, unit, category, description, list_price, tax_percent, active,"
                " code_key, sort_key, haystack, created_at, updated_at, version)"
                " values (:code, :code, '', '', '', 0, 130000, true, :code, :code, :code, now(), now(), 1) returning id"
            ),
            {"code": code},
        )
        connection.execute(
            text("insert into crm.product_cost (product_id, cost) values (:id, :cost)"),
            {"id": product_id, "cost": cost * 10**6},
        )
    return int(product_id)


def sell(company: ServerCompany, login: str, contact_id: int, *lines: dict[str, Any]) -> tuple[int, int]:
    """Quote, order, confirm and deliver half, all as that person; returns the ids of order and delivery."""
    with begin(company, login) as work:
        quote_id = quotes.create(work, {"contact_id": contact_id, "lines": lines or (line(quantity=2),)})
        quotes.send(work, quote_id, work.get(Quote, quote_id).version)
        order_id = quotes.make_order(work, quote_id, work.get(Quote, quote_id).version)
        service.save(work, order_id, work.get(Order, order_id).version, {"notes": "n"})
        service.confirm(work, order_id, work.get(Order, order_id).version)
        first = service.get(work, order_id)["lines"][0]
        delivery_id = deliveries.deliver(work, order_id, 0, {first["id"]: Decimal(1)})
        return order_id, delivery_id


def counts(company: ServerCompany, login: str) -> dict[str, int]:
    with company.attempt(login) as connection:
        return {name: connection.scalar(text(f"select count(*) from crm.{name}")) or 0 for name in TABLES}


def test_documents_are_seen_by_whoever_reaches_the_customer(company: ServerCompany) -> None:
    product_id = new_product(company, "P", 500)
    own = new_contact(company, "ann", "Atlas")
    order_id, delivery_id = sell(company, "ann", own, line(quantity=2, product_id=product_id))
    sell(company, "bob", new_contact(company, "bob", "Borealis"))
    everything = dict.fromkeys(TABLES, 2) | {"order_line_cost": 1}
    assert counts(company, "olga") == counts(company, "abe") == everything
    assert counts(company, "mia") == dict.fromkeys(TABLES, 1)
    assert counts(company, "ann") == counts(company, "bob") == dict.fromkeys(TABLES, 1) | {"order_line_cost": 0}
    for login in ("cy", "pat", "adi"):
        assert counts(company, login) == dict.fromkeys(TABLES, 0)
    with pytest.raises(NotFound), begin(company, "bob") as work:
        service.get(work, order_id)
    with pytest.raises(NotFound), begin(company, "bob") as work:
        deliveries.get(work, delivery_id)
    with pytest.raises(NotAllowed), begin(company, "pat") as work:
        service.get(work, order_id)
    with begin(company, "mia") as work:
        assert service.get(work, order_id)["margin"] == Decimal("-800.00")


def test_a_rep_confirms_below_cost_without_seeing_it(company: ServerCompany) -> None:
    product_id = new_product(company, "P", 500)
    with begin(company, "ann") as work:
        contact_id = contacts.create(work, {"name": "Atlas", "status": "prospect"})
        order_id = service.create(
            work, {"contact_id": contact_id, "lines": [line(product_id=product_id), line("Free", price=1)]}
        )
        assert service.get(work, order_id)["below_cost"] == (1,)
        done = service.confirm(work, order_id, work.get(Order, order_id).version)
    assert done.below_cost == (1,)
    with company.attempt("ann") as connection:
        assert connection.scalar(text("select count(*) from crm.order_line_cost")) == 0
        assert connection.scalar(text("select count(*) from crm.product_cost")) == 0


def test_a_rep_imports_orders(company: ServerCompany) -> None:
    own, product_id = new_contact(company, "ann", "Atlas"), new_product(company, "P", 5)
    rows = [{"contact_id": own, "lines": [line(product_id=product_id), line("Free")]} for _number in range(3)]
    with begin(company, "ann") as work:
        many = service.create_many(work, rows, confirmed=True)
        assert [service.get(work, id_)["number"] for id_ in many] == [f"S2026-000{number}" for number in (1, 2, 3)]
    assert counts(company, "olga")["order_line_cost"] == 3
    with begin(company, "ann") as work:
        assert service.create(work, {"contact_id": own, "lines": [line()]}) not in many


@pytest.mark.parametrize(
    "statement",
    [
        "update crm.sales_order set owner_key = 0, notes = 'x' where id = :order",
        "update crm.order_line set unit_price = 0 where order_id = :order",
        "delete from crm.order_line where order_id = :order",
        "insert into crm.instalment (order_id, position, label, amount, event) values (:order, 9, '', 1, '')",
        "insert into crm.order_line_cost (line_id, cost) select id, 1 from crm.order_line",
        "update crm.counter set last = 0",
        "insert into crm.counter (series, year, last) values ('order', 2030, 7)",
    ],
)
def test_a_colleague_changes_nothing_by_plain_sql(company: ServerCompany, statement: str) -> None:
    order_id, _delivery = sell(company, "ann", new_contact(company, "ann", "Atlas"))
    before = kept(company)
    with company.attempt("bob") as connection:
        given = {"order": order_id} if ":order" in statement else {}
        with contextlib.suppress(DBAPIError):
            assert connection.execute(text(statement), given).rowcount == 0
        connection.commit()
    assert kept(company) == before


def kept(company: ServerCompany) -> list[list[Any]]:
    """Everything a colleague might try to change."""
    with company.admin() as connection:
        return [
            [tuple(row) for row in connection.execute(text(f"select * from crm.{name} order by 1, 2"))]
            for name in (*TABLES, "counter")
        ]


def test_what_was_sold_stays_behind_the_wall_in_the_journal_too(company: ServerCompany) -> None:
    contact_id = new_contact(company, "ann", "Both Sides", is_supplier=True)
    order_id, _delivery = sell(company, "ann", contact_id)

    def told(login: str) -> set[str]:
        with company.attempt(login) as connection:
            rows = connection.execute(
                text("select entity from crm.journal where contact_id = :id"), {"id": contact_id}
            ).scalars()
            return set(rows)

    def in_history(login: str) -> bool:
        with begin(company, login) as work:
            return any("lines" in event.after for event in history.history(work, contact_id))

    for login in ("ann", "mia", "abe", "olga"):
        assert told(login) >= {"contact", "quote", "order", "delivery"}
        assert in_history(login)
    # One who sells, but not to this customer, and buys from everybody.
    for login in ("pat", "both"):
        assert told(login) == {"contact"}
        assert not in_history(login)
    assert told("bob") == told("adi") == set()


def test_documents_follow_a_handed_over_and_renamed_contact(company: ServerCompany) -> None:
    contact_id = new_contact(company, "ann", "Atlas")
    order_id, delivery_id = sell(company, "ann", contact_id)
    with begin(company, "ann") as work:
        contacts.save(work, contact_id, work.get(Contact, contact_id).version, {"name": "Zebra"})
    with begin(company, "mia") as work:
        handover.assign(work, [contact_id], company.ids["cy"])
    assert counts(company, "ann")["sales_order"] == 0
    with begin(company, "cy") as work:
        assert service.get(work, order_id)["contact_name"] == "Zebra"
        assert deliveries.get(work, delivery_id)["contact_name"] == "Zebra"
    with begin(company, "adi") as work:
        handover.ContactHandover().hand_over(work, company.ids["cy"], company.ids["bob"])
    with company.admin() as connection:
        for name in ("quote", "sales_order", "delivery"):
            keys = connection.execute(text(f"select owner_key, contact_sort from crm.{name}")).one()
            assert tuple(keys) == (company.ids["bob"], "zebra")


def test_documents_of_a_merged_contact_move(company: ServerCompany) -> None:
    keep, lose = new_contact(company, "ann", "Atlas"), new_contact(company, "ann", "Atlas Ltd")
    order_id, _delivery = sell(company, "ann", lose)
    with begin(company, "mia") as work:
        versions = [work.get(Contact, one).version for one in (keep, lose)]
        merging.merge(work, keep, versions[0], lose, versions[1], {})
    with begin(company, "ann") as work:
        assert service.get(work, order_id)["contact_id"] == keep
