"""A document is found by any mix of its number, the customer's reference and the customer."""

from datetime import date

import pytest

from crm_desktop.db.work import Database
from crm_desktop.orders.lists import DELIVERIES, ORDERS
from crm_desktop.shared.listing import Listing
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, order_of


@pytest.fixture
def orders(database: Database, firm: Firm) -> dict[str, int]:
    atlas = customer(database, firm.anna, "Atlas Bearing Works Ltd")
    borealis = customer(database, firm.anna, "Borealis Bearing Ltd")
    return {
        "one": confirmed_order(database, firm.anna, atlas, line(), reference="PO 4711/A", dated_on=date(2026, 2, 1)),
        "two": confirmed_order(database, firm.anna, atlas, line(), reference="PO 4712", dated_on=date(2026, 3, 1)),
        "three": confirmed_order(database, firm.anna, borealis, line(), reference="4711 B", dated_on=date(2026, 4, 1)),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PO 4711/A", {"one"}),
        ("po4711", {"one"}),
        ("po 47", {"one", "two"}),
        ("4711", {"three"}),
        ("atlas", {"one", "two"}),
        ("Atlas Bearing Works Ltd", {"one", "two"}),
        ("bearing ltd", {"one", "two", "three"}),
        ("bearing po4712", {"two"}),
        ("4711 borealis", {"three"}),
        ("borealis po4711", set()),
        ("S2026-0002", {"two"}),
        ("2 atlas", {"two"}),
        ("2 borealis", set()),
        ("nobody", set()),
    ],
)
def test_words_fit_number_reference_or_customer(
    database: Database, firm: Firm, orders: dict[str, int], text: str, expected: set[str]
) -> None:
    with database.read(firm.boss) as work:
        ids, _after = ORDERS.ids(work, Listing(text=text))
    assert set(ids) == {orders[name] for name in expected}


def test_what_is_out_of_reach_is_not_found(database: Database, firm: Firm, orders: dict[str, int]) -> None:
    number = order_of(database, firm.boss, orders["one"])["number"]
    for text in (number, "PO 4711/A", "atlas"):
        with database.read(firm.outsider) as work:
            assert not len(ORDERS.ids(work, Listing(text=text))[0])
            assert ORDERS.search(work, text) == []


def test_a_delivery_has_no_reference_to_be_found_by(database: Database, firm: Firm) -> None:
    with database.read(firm.boss) as work:
        assert list(DELIVERIES.ids(work, Listing(text="PO 4711"))[0]) == []
