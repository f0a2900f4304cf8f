"""Products and prices where a PostgreSQL server enforces what every person may see by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from crm_desktop.access import journal_view
from crm_desktop.contacts import service as contacts
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.exchange import imports, undoing
from crm_desktop.products import costs, history, lists, price_lists, prices, service, settings
from crm_desktop.products.target import PRICE_LISTS, PRODUCTS
from crm_desktop.shared.errors import Conflict, Invalid, NotFound
from crm_desktop.shared.listing import Listing
from tests.db.server_company import ServerCompany
from tests.exchange.rows import job, rows

pytestmark = pytest.mark.postgres


def database(company: ServerCompany, login: str) -> Database:
    return Database(company.engine(login))


def product(company: ServerCompany, code: str, by: str = "olga", **values: object) -> int:
    with database(company, by).begin(company.actor(by)) as work:
        assert work.is_guarded
        return service.create(work, {"code": code, "name": code, **values})


def test_a_rep_reads_products_but_no_cost(company: ServerCompany) -> None:
    item = product(company, "A1", list_price=10, cost="6.66")
    with database(company, "abe").begin(company.actor("abe")) as work:
        version = service.get(work, item).version
        service.save(work, item, version, {"cost": Decimal("7.77")})
    with database(company, "ann").read(company.actor("ann")) as work:
        assert "cost" not in service.get(work, item).values
        assert [row.code for row in service.catalogue(work)] == ["A1"]
        assert lists.first_page(work, Listing(), ["code"]).rows == [(item, "A1")]
        assert costs.below_cost(work, [(item, Decimal("7.76")), (item, Decimal("7.77")), (None, Decimal(0))]) == [
            True,
            False,
            False,
        ]
        assert history.product_history(work, item)[-1].action == "create"
    for login in ("ann", "mia", "adi"):
        with company.attempt(login) as connection:
            assert connection.scalar(text("select count(*) from crm.product_cost")) == 0
            told = connection.scalars(text("select after::text from crm.journal")).all()
            assert not [one for one in told if "7.77" in one or "6.66" in one]
    with database(company, "pat").read(company.actor("pat")) as work:
        assert service.get(work, item)["cost"] == Decimal("7.77")
        assert "7.77" in str(history.product_history(work, item))
        assert work.session.scalars(select(JournalEntry).where(JournalEntry.entity == "product_cost")).all()
    with database(company, "olga").read(company.actor("olga")) as work:
        assert len(journal_view.entries(work, journal_view.Query(entities=("product_cost",)))) == 2


def test_who_may_not_write_is_refused_by_the_server_too(company: ServerCompany) -> None:
    item = product(company, "A1", cost=5)
    for login, statement in (
        ("ann", "update crm.product set list_price = 1"),
        ("mia", f"insert into crm.product_cost (product_id, cost) values ({item}, 1)"),
        ("pat", "insert into crm.price_list (name, level, currency, active, version) values ('x','A','EUR',true,1)"),
        ("olga", "delete from crm.product"),
    ):
        with company.attempt(login) as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))


def test_two_people_who_change_one_product_are_told_of_each_other(company: ServerCompany) -> None:
    item = product(company, "A1", list_price=10, cost=5)
    with database(company, "mia").begin(company.actor("mia")) as work:
        version = service.get(work, item).version
        service.save(work, item, version, {"list_price": Decimal(11)})
    with (
        pytest.raises(Conflict) as caught,
        database(company, "pat").begin(company.actor("pat")) as work,
    ):
        service.save(work, item, version, {"list_price": Decimal(12)})
    assert caught.value.theirs == {"list_price": Decimal(11)}
    with database(company, "abe").begin(company.actor("abe")) as work:
        service.save(work, item, version, {"cost": Decimal(6)})
    with pytest.raises(Conflict), database(company, "pat").begin(company.actor("pat")) as work:
        service.save(work, item, version, {"cost": Decimal(7)})
    with pytest.raises(Invalid):
        product(company, "a1", by="pat")


def test_price_lists_are_reached_with_their_customer(company: ServerCompany) -> None:
    item = product(company, "A1", list_price=10, tax_percent=13)
    ids = {}
    for login in ("ann", "bob"):
        with database(company, login).begin(company.actor(login)) as work:
            ids[login] = contacts.create(work, {"name": f"Of {login}", "level": "A"})
    made = {}
    with database(company, "olga").begin(company.actor("olga")) as work:
        for login, contact_id in ids.items():
            values = {"contact_id": contact_id, "currency": "EUR", "prices": [{"product_id": item, "price": 8}]}
            made[login] = price_lists.create_price_list(work, values)
        level = {"level": "A", "currency": "EUR", "prices": [{"product_id": item, "price": 9}]}
        made["level"] = price_lists.create_price_list(work, level)
    with database(company, "ann").read(company.actor("ann")) as work:
        assert prices.find_prices(work, ids["ann"], [item], "EUR")[item].source == "customer"
        assert prices.find_prices(work, ids["bob"], [item], "EUR")[item].source == "list"
        with pytest.raises(NotFound):
            price_lists.get_price_list(work, made["bob"])
        assert history.price_list_history(work, made["level"])
    with company.attempt("ann") as connection:
        assert set(connection.scalars(text("select id from crm.price_list"))) == {made["ann"], made["level"]}
        assert set(connection.scalars(text("select price_list_id from crm.price"))) == {made["ann"], made["level"]}
    with company.attempt("pat") as connection:
        assert connection.scalar(text("select count(*) from crm.price_list")) == 0
    with database(company, "mia").begin(company.actor("mia")) as work:
        rows = [{"product_id": item, "price": 7}]
        assert price_lists.save_price_list(work, made["level"], 1, {"prices": rows}) == 2
    with pytest.raises(Conflict), database(company, "abe").begin(company.actor("abe")) as work:
        price_lists.save_price_list(work, made["level"], 1, {"prices": [{"product_id": item, "price": 6}]})
    with pytest.raises(Invalid), database(company, "mia").begin(company.actor("mia")) as work:
        price_lists.create_price_list(work, {"level": "A", "currency": "EUR"})


def test_settings_are_kept_by_those_who_may(company: ServerCompany) -> None:
    with database(company, "abe").begin(company.actor("abe")) as work:
        version = settings.get_settings(work).version
        settings.save_settings(work, version, {"quote_days": 14})
    with pytest.raises(Conflict), database(company, "olga").begin(company.actor("olga")) as work:
        settings.save_settings(work, version, {"quote_days": 7})
    with database(company, "ann").read(company.actor("ann")) as work:
        assert settings.get_settings(work).quote_days == 14
    with company.attempt("ann") as connection, pytest.raises(DBAPIError):
        connection.execute(text("update crm.sales_settings set quote_days = 1"))


def test_who_imports_products_takes_them_back_and_nothing_else(company: ServerCompany) -> None:
    given = rows(
        {"code": "B1", "name": "New", "cost": Decimal(2)}, {"code": "A1", "name": "Changed", "cost": Decimal(6)}
    )
    product(company, "A1", cost=5)
    with database(company, "pat").begin(company.actor("pat")) as work:
        done = imports.apply(work, job(PRODUCTS, given))
    with database(company, "pat").read(company.actor("pat")) as work:
        assert [(item.code, item.name) for item in service.catalogue(work)] == [("A1", "Changed"), ("B1", "New")]
    for login, statement in (
        ("pat", "delete from crm.product where code = 'A1'"),
        ("mia", "delete from crm.product where code = 'A1'"),
    ):
        with company.attempt(login) as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))
    with company.attempt("ann") as connection, pytest.raises(DBAPIError):
        connection.execute(text("delete from crm.product"))
    # Mia may not see the cost, so that what it hangs on must stay with her.
    with database(company, "mia").begin(company.actor("mia")) as work:
        undone = undoing.undo(work, done.batch, PRODUCTS.undoers)
        assert [kept.label for kept in undone.kept] == ["B1 New"]
    with database(company, "olga").read(company.actor("olga")) as work:
        assert [(item.code, item.name) for item in service.catalogue(work)] == [("A1", "A1"), ("B1", "New")]


def test_an_import_is_taken_back_whole_on_a_server(company: ServerCompany) -> None:
    product(company, "A1", cost=5)
    given = rows(
        {"code": "B1", "name": "New", "cost": Decimal(2)}, {"code": "A1", "name": "Changed", "cost": Decimal(6)}
    )
    with database(company, "pat").begin(company.actor("pat")) as work:
        assert work.is_guarded
        done = imports.apply(work, job(PRODUCTS, given))
    with database(company, "pat").begin(company.actor("pat")) as work:
        undone = undoing.undo(work, done.batch, PRODUCTS.undoers)
    assert (undone.removed, undone.restored, undone.kept) == (1, 1, ())
    with database(company, "olga").read(company.actor("olga")) as work:
        (item,) = service.catalogue(work)
        assert (item.name, costs.cost_of(work, [item.id])) == ("A1", {item.id: Decimal(5)})


def test_prices_come_in_for_the_customers_one_reaches(company: ServerCompany) -> None:
    product(company, "A1", list_price=10)
    with database(company, "ann").begin(company.actor("ann")) as work:
        contacts.create(work, {"name": "Of Ann", "is_customer": True})
    with database(company, "bob").begin(company.actor("bob")) as work:
        contacts.create(work, {"name": "Of Bob", "is_customer": True})
    given = rows(
        {"product_code": "A1", "customer": "Of Ann", "price": Decimal(8)},
        {"product_code": "A1", "level": "A", "price": Decimal(9)},
        {"product_code": "A1", "customer": "Of Bob", "price": Decimal(7)},
    )
    with database(company, "mia").begin(company.actor("mia")) as work:
        assert work.is_guarded
        done = imports.apply(work, job(PRICE_LISTS, given), good_rows_only=True)
        assert (done.counts["new"], done.counts["invalid"]) == (2, 1)
    with company.attempt("ann") as connection:
        assert connection.scalar(text("select count(*) from crm.price")) == 2
    with database(company, "mia").begin(company.actor("mia")) as work:
        undone = undoing.undo(work, done.batch, PRICE_LISTS.undoers)
    assert (undone.removed, undone.kept) == (2, ())
    with company.attempt("olga") as connection:
        assert connection.scalar(text("select count(*) from crm.price_list")) == 0
