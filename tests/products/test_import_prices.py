"""Price lists coming in from files, and going again."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_desktop.contacts.model import Contact
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database
from crm_desktop.products import price_lists, service
from crm_desktop.products.model import Price, PriceList
from crm_desktop.products.target import PRICE_LISTS, PRODUCTS
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.importing import CLEAR, OnMatch, Verdict
from tests.companies import Firm
from tests.exchange.rows import bring_in, check, rows, take_back

Make = Callable[..., int]


def prices(database: Database, firm: Firm) -> dict[tuple[str, str, str], dict[str, Decimal]]:
    """The prices by product code of every list, by (customer or level, currency, name)."""
    with database.read(firm.boss) as work:
        found = {}
        for id_ in work.session.scalars(select(PriceList.id)):
            one = price_lists.get_price_list(work, id_)
            key = (one["contact_name"] or one["level"], one["currency"], one["name"])
            found[key] = {row["code"]: row["price"] for row in one["prices"]}
        return found


def test_lists_are_made_and_filled_and_taken_back(
    database: Database, firm: Firm, product: Make, customer: Make, price_list: Make
) -> None:
    bolt, nut = product("A1", "Bolt"), product("A2", "Nut")
    acme = customer("Acme Ltd")
    price_list({bolt: 5, nut: 7}, contact_id=acme, currency="EUR", name="Acme agreed")
    given = rows(
        {"product_code": "A1", "customer": "Acme Ltd", "price": Decimal("4.50")},
        {"product": "Nut", "customer": "ACME", "price": CLEAR},
        {"product_code": "A1", "level": "B", "price": Decimal(9), "currency": "usd", "list": "Wholesale"},
        {"product_code": "A2", "level": "B", "price": Decimal(8), "currency": "USD"},
        {"product_code": "A1", "level": "C", "price": Decimal(10)},
        {"product_code": "A1", "list": "acme agreed", "price": Decimal(1)},
    )
    planned = check(database, firm.boss, PRICE_LISTS, given)
    assert [(one.verdict.value, one.why) for one in planned] == [
        ("update", ""),
        ("update", ""),
        ("new", ""),
        ("new", ""),
        ("new", ""),
        ("duplicate", "The same as row 2."),
    ]
    assert [(one.old, one.new) for one in planned[0].differences + planned[1].differences] == [
        ("5.00", "4.50"),
        ("7.00", ""),
    ]
    done = bring_in(database, firm.boss, PRICE_LISTS, given)
    assert prices(database, firm) == {
        ("Acme Ltd", "EUR", "Acme agreed"): {"A1": Decimal("4.50")},
        ("B", "USD", "Wholesale"): {"A1": Decimal("9.00"), "A2": Decimal("8.00")},
        ("C", "CNY", "C"): {"A1": Decimal("10.00")},
    }
    undone = take_back(database, firm.boss, done.batch, PRODUCTS, PRICE_LISTS)
    assert (undone.removed, undone.restored, undone.kept) == (2, 1, ())
    assert prices(database, firm) == {
        ("Acme Ltd", "EUR", "Acme agreed"): {"A1": Decimal("5.00"), "A2": Decimal("7.00")}
    }
    with database.read(firm.boss) as work:
        assert len(work.session.scalars(select(Price)).all()) == 2


def test_rows_that_cannot_come_in_say_why(
    database: Database, firm: Firm, product: Make, customer: Make, price_list: Make
) -> None:
    bolt = product("A1", "Bolt")
    product("T1", "Twin")
    product("T2", "Twin")
    customer("Acme Ltd", by=firm.outsider)
    price_list({bolt: 5}, level="A", name="Same")
    price_list({bolt: 5}, level="B", name="Same")
    given = rows(
        {"product_code": "?", "level": "A", "price": Decimal(1)},
        {"product": "Twin", "level": "A", "price": Decimal(1)},
        {"product_code": "A1", "price": Decimal(1)},
        {"product_code": "A1", "list": "New one", "price": Decimal(1)},
        {"product_code": "A1", "list": "Same", "price": Decimal(1)},
        {"product_code": "A1", "level": "A"},
        {"product_code": "A1", "level": "A", "currency": "yuan", "price": Decimal(1)},
        {"product_code": "A1", "customer": "Nobody", "price": Decimal(1)},
        {"product_code": "A1", "level": "A", "price": Decimal(-1)},
        {"price": Decimal(1), "level": "A"},
        {"product_code": "A1", "customer": "Acme Ltd", "price": Decimal(1)},
    )
    planned = check(database, firm.manager, PRICE_LISTS, given)
    assert {one.verdict for one in planned} == {Verdict.INVALID}
    assert [(one.field, one.why) for one in planned][:10] == [
        ("product_code", "There is no product with the code or name “?”."),
        ("product", "“Twin” may be any of 2 records. Choose the one that is meant."),
        ("list", "“Customer” is needed here."),
        ("list", "There is no price list “New one”. To make it, say which customer or level it is for."),
        ("list", "2 price lists are called “Same”. Choose the one that is meant."),
        ("price", "“Price” is needed here."),
        ("currency", "A currency is three letters, such as CNY or EUR."),
        ("customer", "There is no customer “Nobody” that you may see."),
        ("price", "A price cannot be below zero."),
        ("product_code", "“Product” is needed here."),
    ]
    assert [one.label for one in planned[1].candidates] == ["T1 Twin", "T2 Twin"]
    assert len(planned[4].candidates) == 2
    chosen = planned[4].candidates[1].id
    answers = {("list", "same"): chosen, ("product", "twin"): planned[1].candidates[0].id}
    decided = check(database, firm.manager, PRICE_LISTS, [given[1], given[4]], answers=answers)
    assert [(one.verdict, one.id) for one in decided][1] == (Verdict.UPDATE, chosen)
    assert decided[0].verdict is Verdict.NEW


def test_customers_and_products_are_made_when_asked_for(database: Database, firm: Firm) -> None:
    given = rows(
        {"product_code": "N1", "product": "New thing", "customer": "Newcomer GmbH", "price": Decimal(3)},
        {"product_code": "N2", "customer_code": "K7", "customer": "Newcomer GmbH", "price": Decimal(4)},
        {"product": "Nameless code", "level": "A", "price": Decimal(5)},
    )
    assert {one.verdict for one in check(database, firm.boss, PRICE_LISTS, given)} == {Verdict.INVALID}
    done = bring_in(database, firm.boss, PRICE_LISTS, given, create_missing=True)
    assert prices(database, firm) == {
        ("Newcomer GmbH", "CNY", "Newcomer GmbH"): {"N1": Decimal("3.00"), "N2": Decimal("4.00")},
        ("A", "CNY", "A"): {"P0001": Decimal("5.00")},
    }
    undone = take_back(database, firm.boss, done.batch, CONTACTS, PRODUCTS, PRICE_LISTS)
    assert (undone.removed, undone.kept) == (6, ())
    assert prices(database, firm) == {}
    with database.read(firm.boss) as work:
        assert service.catalogue(work) == ()
        assert work.session.scalars(select(Contact)).all() == []


def test_prices_that_are_there_are_skipped_or_refused(
    database: Database, firm: Firm, product: Make, price_list: Make
) -> None:
    bolt = product("A1", "Bolt")
    level = price_list({bolt: 5}, level="A")
    same, other = (
        {"product_code": "A1", "level": "A", "price": Decimal(5)},
        {"product_code": "A1", "level": "A", "price": Decimal(6)},
    )
    for given, on_match, verdict in (
        (same, OnMatch.UPDATE, Verdict.SKIP),
        (other, OnMatch.SKIP, Verdict.SKIP),
        (other, OnMatch.ERROR, Verdict.INVALID),
    ):
        (one,) = check(database, firm.boss, PRICE_LISTS, rows(given), on_match=on_match)
        assert (one.verdict, one.id) in ((verdict, level), (Verdict.INVALID, None))
        assert one.verdict is verdict


def test_a_list_that_was_changed_since_stays(database: Database, firm: Firm, product: Make) -> None:
    product("A1", "Bolt")
    done = bring_in(database, firm.boss, PRICE_LISTS, rows({"product_code": "A1", "level": "A", "price": Decimal(5)}))
    with database.begin(firm.manager) as work:
        (id_,) = work.session.scalars(select(PriceList.id))
        price_lists.set_price_lists_active(work, [id_], active=False)
    undone = take_back(database, firm.boss, done.batch, PRICE_LISTS)
    assert [(one.label, one.reason) for one in undone.kept] == [("A", "It was changed after the import.")]


def test_who_may_not_is_refused(database: Database, firm: Firm) -> None:
    for actor in (firm.anna, firm.buyer):
        with pytest.raises(NotAllowed):
            check(database, actor, PRICE_LISTS, rows({"product_code": "A1", "level": "A", "price": Decimal(5)}))


def test_a_currency_is_what_lists_call_it(database: Database, firm: Firm, product: Make) -> None:
    product("A1", "Bolt")
    given = rows(
        {"product_code": "A1", "level": "B", "price": Decimal(9), "currency": "RMB"},
        {"product_code": "A1", "level": "B", "price": Decimal(2), "currency": "US$"},
        {"product_code": "A1", "level": "C", "price": Decimal(2), "currency": "Euros"},
    )
    assert [one.field for one in check(database, firm.boss, PRICE_LISTS, given)] == ["", "", "currency"]
    bring_in(database, firm.boss, PRICE_LISTS, given, good_rows_only=True)
    assert {key[:2] for key in prices(database, firm)} == {("B", "CNY"), ("B", "USD")}
