"""What a customer pays, price lists and the settings of selling, on both engines."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from sqlalchemy import event

from crm_desktop.db.work import Database
from crm_desktop.products import history, price_lists, prices, service, settings
from crm_desktop.products.rules import FoundPrice
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.companies import Firm
from tests.products.conftest import Make


def found(
    database: Database, actor: Actor, contact_id: int | None, product_id: int, currency: str = "CNY", **more: object
) -> FoundPrice:
    with database.read(actor) as work:
        return prices.find_prices(work, contact_id, [product_id], currency, **more)[product_id]  # type: ignore[arg-type]


def stored(database: Database, actor: Actor, list_id: int) -> dict[int, Decimal]:
    with database.read(actor) as work:
        return {row["product_id"]: row["price"] for row in price_lists.get_price_list(work, list_id)["prices"]}


def test_the_customers_price_comes_first_then_the_levels_then_the_list(
    database: Database, firm: Firm, product: Make, customer: Make, price_list: Make
) -> None:
    item, other = product("A1", list_price=10), product("A2", list_price=20)
    atlas, borealis, nobody = customer("Atlas", level="A"), customer("Borealis", level="A"), customer("Nobody")
    price_list({item: "9"}, level="A")
    own = price_list({item: "8"}, contact_id=atlas)
    price_list({item: "1"}, contact_id=nobody, currency="EUR")
    assert found(database, firm.anna, atlas, item) == FoundPrice(Decimal(8), "customer", Decimal(10), Decimal(9))
    assert found(database, firm.anna, borealis, item) == FoundPrice(Decimal(9), "level", Decimal(10), Decimal(9))
    assert found(database, firm.anna, nobody, item) == FoundPrice(Decimal(10), "list", Decimal(10))
    assert found(database, firm.anna, None, item) == FoundPrice(Decimal(10), "list", Decimal(10))
    assert found(database, firm.anna, atlas, other).source == "list"
    assert found(database, firm.anna, nobody, item, "EUR", rate=Decimal(8)) == FoundPrice(
        Decimal(1), "customer", Decimal("1.25")
    )
    assert found(database, firm.anna, atlas, item, "EUR", rate=Decimal(8)).source == "list"
    with database.begin(firm.boss) as work:
        assert price_lists.set_price_lists_active(work, [own], False) == [own]
        assert price_lists.set_price_lists_active(work, [own], False) == []
    assert found(database, firm.anna, atlas, item).source == "level"
    with database.read(firm.anna) as work:
        assert prices.find_prices(work, atlas, [], "CNY") == {}
        assert prices.find_prices(work, atlas, [999], "CNY") == {}


def test_prices_come_in_the_tax_mode_of_the_document(
    database: Database, firm: Firm, product: Make, customer: Make, price_list: Make
) -> None:
    item = product("A1", list_price=100, tax_percent=13)
    atlas = customer("Atlas", level="B")
    price_list({item: "50"}, level="B")
    with_tax = found(database, firm.anna, atlas, item, include_tax=True)
    assert (with_tax.price, with_tax.list_price) == (Decimal("56.50"), Decimal(113))
    with database.begin(firm.boss) as work:
        settings.save_settings(work, 1, {"prices_include_tax": True})
    assert found(database, firm.anna, atlas, item).price == Decimal(50)
    assert found(database, firm.anna, atlas, item, include_tax=False).price == Decimal("44.2478")
    euros = found(database, firm.anna, None, item, "EUR", rate=Decimal("7.8"), include_tax=False)
    assert euros.price == Decimal("11.3456")


def test_two_hundred_prices_take_a_few_statements(
    database: Database, firm: Firm, product: Make, customer: Make, price_list: Make
) -> None:
    with database.begin(firm.boss) as work:
        ids = [service.create(work, {"code": f"P{n}", "name": f"P{n}", "list_price": n}) for n in range(200)]
    atlas = customer("Atlas", level="A", by=firm.anna)
    price_list(dict.fromkeys(ids[::2], 5), level="A")
    asked: list[str] = []
    with database.read(firm.anna) as work:
        work.session.connection()
        event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
        every = prices.find_prices(work, atlas, ids, "CNY")
    assert len(asked) <= 3
    assert len(every) == 200
    assert {one.source for one in every.values()} == {"level", "list"}


def test_a_price_list_comes_back_by_code(
    database: Database, firm: Firm, product: Make, customer: Make, price_list: Make
) -> None:
    second, first = product("B", unit="pc", list_price="3"), product("A")
    list_id = price_list({second: "2.5", first: "1"}, contact_id=customer("Atlas"), currency="eur")
    with database.read(firm.boss) as work:
        record = price_lists.get_price_list(work, list_id)
        assert price_lists.prices_of_product(work, second) == [(list_id, "Atlas", "Atlas", "", "EUR", Decimal("2.50"))]
    assert (record["name"], record["contact_name"], record["level"], record["currency"]) == (
        "Atlas",
        "Atlas",
        "",
        "EUR",
    )
    assert [row["code"] for row in record["prices"]] == ["A", "B"]
    assert record["prices"][1] == {
        "product_id": second, "code": "B", "name": "Product B", "unit": "pc",
        "list_price": Decimal(3), "price": Decimal("2.50"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"level": "A", "contact_id": 1}, "contact_id"),
        ({}, "contact_id"),
        ({"level": "Z"}, "level"),
        ({"level": "A", "currency": "Euro"}, "currency"),
        ({"level": "A", "currency": ""}, "currency"),
        ({"contact_id": 999}, "contact_id"),
        ({"level": "A", "prices": [{"product_id": 999, "price": 1}]}, "prices"),
        ({"level": "A", "prices": [{"product_id": 1, "price": -1}]}, "prices.0.price"),
    ],
)
def test_what_no_price_list_can_be_is_refused(
    database: Database, firm: Firm, product: Make, customer: Make, values: dict[str, object], field: str
) -> None:
    product("A")
    customer("Atlas")
    with pytest.raises(Invalid) as refused, database.begin(firm.boss) as work:
        price_lists.create_price_list(work, {"currency": "CNY", **values})
    assert refused.value.field == field


def test_there_is_one_list_for_each_in_a_currency(
    database: Database, firm: Firm, customer: Make, price_list: Make
) -> None:
    atlas = customer("Atlas")
    supplier = customer("Supply", is_customer=False, is_supplier=True)
    price_list({}, contact_id=atlas)
    price_list({}, level="A")
    euros = price_list({}, level="A", currency="EUR")
    for again in ({"contact_id": atlas}, {"level": "A"}):
        with pytest.raises(Invalid) as refused:
            price_list({}, **again)
        assert refused.value.field == "currency"
    with pytest.raises(Invalid), database.begin(firm.boss) as work:
        price_lists.save_price_list(work, euros, 1, {"currency": "CNY"})
    with pytest.raises(Invalid):
        price_list({}, contact_id=supplier)


def test_who_reaches_the_customer_reaches_the_list(
    database: Database, firm: Firm, product: Make, customer: Make, price_list: Make
) -> None:
    item = product("A", list_price=10)
    hers, his = customer("Hers", by=firm.anna), customer("His", by=firm.outsider)
    mine, theirs = price_list({item: 1}, contact_id=hers), price_list({item: 2}, contact_id=his)
    everybodys = price_list({item: 3}, level="A")
    with database.read(firm.anna) as work:
        assert [row[0] for row in price_lists.prices_of_product(work, item)] == [everybodys, mine]
        with pytest.raises(NotFound):
            price_lists.get_price_list(work, theirs)
        assert prices.find_prices(work, his, [item], "CNY")[item].source == "list"
        assert price_lists.prices_of(work, theirs) == {}
    for actor in (firm.anna, firm.buyer):
        with pytest.raises(NotAllowed), database.begin(actor) as work:
            price_lists.save_price_list(work, mine, 1, {"name": "Mine"})
    with pytest.raises(NotAllowed), database.read(firm.buyer) as work:
        prices.find_prices(work, hers, [item], "CNY")


def test_two_people_change_different_prices_and_meet_at_the_same_one(
    database: Database, firm: Firm, product: Make, price_list: Make
) -> None:
    a, b, c, d = (product(code) for code in "ABCD")
    list_id = price_list({a: 1, b: 2, c: 3}, level="A")

    def rows(**changed: object) -> list[dict[str, object]]:
        wanted = {a: 1, b: 2, c: 3} | {{"a": a, "b": b, "c": c, "d": d}[name]: price for name, price in changed.items()}
        return [{"product_id": id_, "price": price} for id_, price in wanted.items() if price is not None]

    with database.begin(firm.boss) as work:
        assert price_lists.save_price_list(work, list_id, 1, {"prices": rows(a=10, c=None)}) == 2
    with database.begin(firm.manager) as work:
        assert price_lists.save_price_list(work, list_id, 1, {"prices": rows(b=20, d=4), "name": "New"}) == 3
    assert stored(database, firm.boss, list_id) == {a: 10, b: 20, d: 4}
    with pytest.raises(Conflict) as caught, database.begin(firm.manager) as work:
        price_lists.save_price_list(work, list_id, 1, {"prices": rows(a=11)})
    assert {row["product_id"]: row["price"] for row in caught.value.theirs["prices"]} == {a: 10, b: 20, d: 4}
    assert {row["product_id"]: row["price"] for row in caught.value.original["prices"]} == {a: 1, b: 2, c: 3}
    assert caught.value.changed_by == "Lin Wei"
    with database.begin(firm.manager) as work:
        assert price_lists.save_price_list(work, list_id, 1, {"prices": rows(a=10, c=None)}) == 3
    with database.read(firm.boss) as work:
        told = [(one.before, one.after) for one in history.price_list_history(work, list_id)]
    assert told[1] == (
        {f"price.{a}": "1", f"price.{c}": "3"},
        {f"price.{a}": "10", f"price.{c}": None},
    )


def wait_for_a_lock(database: Database) -> None:
    waiting = "select count(*) from pg_locks where not granted and locktype = 'transactionid'"
    with database.engine.connect() as watcher:
        for _attempt in range(500):
            if watcher.exec_driver_sql(waiting).scalar():
                return
    pytest.fail("nobody waits for the code")


def test_two_people_cannot_take_one_code_at_once(database: Database, firm: Firm) -> None:
    inside, done = threading.Event(), threading.Event()
    refused: list[str] = []

    def slower() -> None:
        inside.wait(10)
        try:
            with database.begin(firm.manager) as work:
                work.session.connection()
                done.set()
                service.create(work, {"code": "a1", "name": "Slower"})
        except Invalid as error:
            refused.append(error.field)

    other = threading.Thread(target=slower)
    other.start()
    with database.begin(firm.boss) as work:
        service.create(work, {"code": "A1", "name": "Faster"})
        inside.set()
        if database.path is None:
            # Not committed before the other stands at the unique index; in a file the other waits to begin.
            done.wait(10)
            wait_for_a_lock(database)
    other.join(20)
    assert refused == ["code"]


def test_the_settings_of_selling_are_kept_by_those_who_may(database: Database, firm: Firm) -> None:
    with database.read(firm.anna) as work:
        before = settings.get_settings(work)
    assert (before.tax_method, before.quote_days, before.order_prefix) == ("document", 30, "S")
    with database.begin(firm.boss) as work:
        after = settings.save_settings(
            work,
            before.version,
            {"tax_percent": "13", "quote_days": 14, "quote_prefix": " 报 ", "tax_method": "line", "other": 1},
        )
        made = service.create(work, {"code": "A", "name": "A"})
        assert service.get(work, made)["tax_percent"] == 13
        free = service.create(work, {"code": "B", "name": "B", "tax_percent": 0})
        assert service.get(work, free)["tax_percent"] == 0
    assert (after.tax_percent, after.quote_days, after.quote_prefix) == (Decimal(13), 14, "报")
    with pytest.raises(Conflict), database.begin(firm.boss) as work:
        settings.save_settings(work, before.version, {"quote_days": 7})
    with pytest.raises(NotAllowed), database.begin(firm.manager) as work:
        settings.save_settings(work, after.version, {"quote_days": 7})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tax_method": "guess"}, "tax_method"),
        ({"tax_percent": "-1"}, "tax_percent"),
        ({"quote_days": "1.5"}, "quote_days"),
        ({"quote_days": 4000}, "quote_days"),
        ({"quote_prefix": "with blank"}, "quote_prefix"),
        ({"order_prefix": "x" * 13}, "order_prefix"),
        ({"order_prefix": "q"}, "order_prefix"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    database: Database, firm: Firm, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused, database.begin(firm.boss) as work:
        settings.save_settings(work, 1, changes)
    assert refused.value.field == field
