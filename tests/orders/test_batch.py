"""Many orders at once say the same as one by one; reading one asks little."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, func, select

from crm_desktop.contacts import service as contacts
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.orders import service, terms
from crm_desktop.orders.instalments import Part
from crm_desktop.orders.last_prices import last_prices
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Invalid, NotAllowed
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, new_order, order_of, product

FOLLOWS = {"created_at", "updated_at", "number", "confirmed_at"}


def rows(contact_ids: list[int], product_ids: list[int], term_id: int, count: int) -> list[dict[str, Any]]:
    chance = random.Random(11)
    return [
        {
            "contact_id": chance.choice(contact_ids),
            "dated_on": date(2025, 12, 1 + number % 28),
            "reference": f"PO {number}",
            "currency": chance.choice(("CNY", "JPY")),
            "rate": Decimal("0.05"),
            "prices_include_tax": chance.random() < 0.5,
            "discount_percent": Decimal(chance.randrange(10)),
            "payment_term_id": chance.choice((None, term_id)),
            "lines": [
                line(
                    f"Thing {place}",
                    chance.randrange(1, 9),
                    Decimal(chance.randrange(1, 99999)) / 100,
                    chance.choice((6, 13)),
                    product_id=chance.choice(product_ids),
                    due_on=chance.choice((None, date(2026, 1, 9))),
                )
                for place in range(3)
            ],
        }
        for number in range(count)
    ]


@pytest.fixture
def given(database: Database, firm: Firm) -> list[dict[str, Any]]:
    contact_ids = [customer(database, firm.anna, name) for name in ("Atlas", "Borealis")]
    with database.begin(firm.boss) as work:
        term_id = terms.save_payment_term(
            work, None, 0, name="30/70", parts=[Part("percent", Decimal(30)), Part("remainder", days=30)]
        )
    return rows(contact_ids, [product(database, "P1", "5"), product(database, "P2")], term_id, 30)


def plain(values: Any) -> dict[str, Any]:
    found = {name: value for name, value in values.items() if name not in FOLLOWS}
    found["lines"] = [{name: value for name, value in one.items() if name != "id"} for one in values["lines"]]
    return found


def test_many_are_the_same_as_one_by_one(database: Database, firm: Firm, given: list[dict[str, Any]]) -> None:
    with database.begin(firm.anna) as work:
        many = service.create_many(work, given)
    with database.begin(firm.anna) as work:
        single = [service.create(work, one | {"payment_term_id": one["payment_term_id"]}) for one in given]
    for one_id, other_id in zip(many, single, strict=True):
        one, other = order_of(database, firm.boss, one_id), order_of(database, firm.boss, other_id)
        assert plain(one.values) == plain(other.values)
    with database.read(SYSTEM) as work:
        entries = work.session.scalars(
            select(JournalEntry).where(JournalEntry.entity == "order", JournalEntry.entity_id == many[4])
        ).all()
    assert [entry.action for entry in entries] == ["create"]
    assert entries[0].after["reference"] == "PO 4"
    assert len(entries[0].after["lines"]) == 3
    assert entries[0].contact_id == given[4]["contact_id"]


def test_many_binding_at_once(database: Database, firm: Firm, given: list[dict[str, Any]]) -> None:
    given[7]["dated_on"] = date(2024, 2, 29)
    with database.begin(firm.boss) as work:
        many = service.create_many(work, given, confirmed=True)
        assert contacts.get(work, given[0]["contact_id"])["status"] == "customer"
    numbers = [order_of(database, firm.boss, id_)["number"] for id_ in many]
    assert numbers[7] == "S2024-0001"
    assert [one for one in numbers if one != "S2024-0001"] == [f"S2025-{number:04d}" for number in range(1, 30)]
    with database.read(firm.boss) as work:
        totals = dict(work.session.execute(select(Order.id, Order.total)).all())
        planned = select(Instalment.order_id, func.sum(Instalment.amount)).group_by(Instalment.order_id)
        assert dict(work.session.execute(planned).all()) == totals
    first = order_of(database, firm.boss, many[0])
    assert first["open_net"] == first["net"]
    known = next(id_ for id_, one in zip(many, given, strict=True) if any(x["product_id"] == 1 for x in one["lines"]))
    assert order_of(database, firm.boss, known)["margin"] is not None
    # The next one, confirmed alone, goes on where they ended.
    assert (
        order_of(database, firm.boss, confirmed_order(database, firm.boss, given[0]["contact_id"]))["number"]
        == "S2026-0001"
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"contact_id": 999}, "contact_id"),
        ({"lines": [line(product_id=999)]}, "lines"),
        ({"lines": [line(quantity=-1)]}, "lines"),
        ({"payment_term_id": 999}, "payment_term_id"),
        ({"lines": []}, "lines"),
        ({"currency": "EUR", "rate": None}, "rate"),
    ],
)
def test_one_wrong_order_stops_them_all(
    database: Database, firm: Firm, given: list[dict[str, Any]], wrong: dict[str, Any], field: str
) -> None:
    given[9] |= wrong
    with pytest.raises(Invalid) as caught, database.begin(firm.anna) as work:
        service.create_many(work, given, confirmed=True)
    assert caught.value.field == field
    with database.read(SYSTEM) as work:
        assert work.session.scalar(select(func.count()).select_from(Order)) == 0
    with pytest.raises(NotAllowed), database.begin(firm.buyer) as work:
        service.create_many(work, given)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    asked: list[str] = []

    def hear(*args: Any) -> None:
        asked.append(args[2])

    event.listen(database.engine, "before_cursor_execute", hear)
    yield asked
    event.remove(database.engine, "before_cursor_execute", hear)


def test_an_order_is_read_in_as_many_statements_however_long_it_is(database: Database, firm: Firm) -> None:
    contact_id, part = customer(database, firm.anna), product(database, "P1", "5")
    asked = []
    for count in (1, 200):
        order_id = new_order(database, firm.anna, contact_id, *(line(product_id=part) for _ in range(count)))
        with database.read(firm.anna) as work, counted(database) as statements:
            assert len(service.get(work, order_id)["lines"]) == count
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 8


def test_the_last_price_is_the_newest_binding_one(database: Database, firm: Firm) -> None:
    contact_id, other = customer(database, firm.anna), customer(database, firm.anna, "Other")
    one, two = product(database, "P1"), product(database, "P2")
    confirmed_order(database, firm.anna, contact_id, line(price=10, product_id=one), dated_on=date(2026, 3, 1))
    confirmed_order(
        database,
        firm.anna,
        contact_id,
        line(quantity=3, price=9, product_id=one, discount_percent=Decimal(5)),
        line(quantity=0, price=1, product_id=one),
        dated_on=date(2026, 5, 1),
    )
    confirmed_order(database, firm.anna, contact_id, line(price=8, product_id=one), dated_on=date(2026, 4, 1))
    new_order(database, firm.anna, contact_id, line(price=7, product_id=one), dated_on=date(2026, 6, 1))
    confirmed_order(database, firm.anna, other, line(price=6, product_id=one), dated_on=date(2026, 7, 1))
    with database.read(firm.anna) as work:
        found = last_prices(work, contact_id, [one, two], "CNY")
        assert last_prices(work, contact_id, [one], "EUR") == {}
    assert found.keys() == {one}
    last = found[one]
    assert (last.unit_price, last.discount_percent, last.quantity) == (Decimal(9), Decimal(5), Decimal(3))
    assert (last.dated_on, last.number) == (date(2026, 5, 1), "S2026-0002")
