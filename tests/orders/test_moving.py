"""Documents go where their customer goes: to another owner, another name, into another contact."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_desktop.contacts import handover, history, merge
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.orders import deliveries, quotes, service
from crm_desktop.orders.model import Delivery, Order, Quote
from crm_desktop.products.model import Price, PriceList
from crm_desktop.products.prices import find_prices
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Invalid, NotFound
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, order_of, product, sent_quote


def story(database: Database, by: Actor, contact_id: int) -> tuple[int, int, int]:
    """A quote, a confirmed order and a delivery."""
    quote_id = sent_quote(database, by, contact_id)
    order_id = confirmed_order(database, by, contact_id, line(quantity=2))
    with database.begin(by) as work:
        (only,) = deliveries.open_lines(work, order_id)
        return quote_id, order_id, deliveries.deliver(work, order_id, 0, {only.line_id: only.open / 2})


def keys(database: Database) -> set[tuple[int, int, str]]:
    with database.read(SYSTEM) as work:
        return {
            tuple(row)  # type: ignore[misc]
            for entity in (Quote, Order, Delivery)
            for row in work.session.execute(select(entity.contact_id, entity.owner_key, entity.contact_sort))
        }


def test_a_handed_over_customer_takes_its_documents_along(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna, "Atlas")
    _quote, order_id, _delivery = story(database, firm.anna, contact_id)
    assert keys(database) == {(contact_id, firm.anna.user_id, "atlas")}
    with database.begin(firm.manager) as work:
        handover.assign(work, [contact_id], firm.chen.user_id)
    assert keys(database) == {(contact_id, firm.chen.user_id, "atlas")}
    with pytest.raises(NotFound):
        order_of(database, firm.anna, order_id)
    assert order_of(database, firm.chen, order_id)["salesperson"] == firm.anna.user_id
    with database.begin(firm.admin) as work:
        handover.ContactHandover().hand_over(work, firm.chen.user_id or 0, None)
    assert keys(database) == {(contact_id, 0, "atlas")}
    assert order_of(database, firm.outsider, order_id)["number"] == "S2026-0001"


def test_a_renamed_customer_sorts_its_documents_anew(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna, "Atlas")
    story(database, firm.anna, contact_id)
    with database.begin(firm.anna) as work:
        contacts.save(work, contact_id, work.get(Contact, contact_id).version, {"name": "Zebra Ltd"})
        sort_key = work.get(Contact, contact_id).sort_key
    assert keys(database) == {(contact_id, firm.anna.user_id, sort_key)}
    assert sort_key.startswith("zebra")


def test_documents_move_to_the_survivor(database: Database, firm: Firm) -> None:
    keep, lose = customer(database, firm.anna, "Atlas"), customer(database, firm.chen, "Atlas Ltd")
    person = customer(database, firm.chen, "Li", kind="person")
    quote_id, order_id, delivery_id = story(database, firm.chen, lose)
    with database.begin(firm.chen) as work:
        copied = quotes.copy(work, quote_id)
        quotes.save(work, copied, work.get(Quote, copied).version, {"person_id": person})
    before = order_of(database, firm.manager, order_id)
    with database.begin(firm.manager) as work:
        versions = [work.get(Contact, one).version for one in (keep, lose)]
        merge.merge(work, keep, versions[0], lose, versions[1], {"name": "loser"})
    assert {key[:2] for key in keys(database)} == {(keep, firm.anna.user_id)}
    after = order_of(database, firm.anna, order_id)
    assert (after["contact_id"], after["contact_name"]) == (keep, "Atlas Ltd")
    assert [one["id"] for one in after["lines"]] == [one["id"] for one in before["lines"]]
    assert after.version > before.version
    with database.read(firm.anna) as work:
        assert deliveries.get(work, delivery_id)["contact_id"] == keep
        assert quotes.get(work, quote_id)["contact_id"] == keep
        # The story of the survivor tells where the documents came from.
        assert {"contact_id": lose} in [dict(one.before) for one in history.history(work, keep)]


def test_a_merged_person_is_replaced_on_documents(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    one, other = (customer(database, firm.anna, name, kind="person") for name in ("Li", "Li Na"))
    quote_id = sent_quote(database, firm.anna, contact_id, person_id=other)
    with database.begin(firm.manager) as work:
        versions = [work.get(Contact, id_).version for id_ in (one, other)]
        merge.merge(work, one, versions[0], other, versions[1], {})
    with database.read(firm.anna) as work:
        assert quotes.get(work, quote_id)["person_name"] == "Li"


def test_a_contact_with_documents_stays_a_customer(database: Database, firm: Firm) -> None:
    contact_id, empty = (customer(database, firm.anna, name, is_supplier=True) for name in ("Atlas", "Empty"))
    story(database, firm.anna, contact_id)
    with database.begin(firm.boss) as work:
        contacts.save(work, empty, work.get(Contact, empty).version, {"is_customer": False})
    with pytest.raises(Invalid, match="stays a customer"), database.begin(firm.boss) as work:
        contacts.save(work, contact_id, work.get(Contact, contact_id).version, {"is_customer": False})


def test_a_contact_that_waits_for_a_delivery_stays_in_the_lists(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna, "Atlas")
    _quote, order_id, _delivery = story(database, firm.anna, contact_id)
    with pytest.raises(Invalid, match="Atlas still waits"), database.begin(firm.boss) as work:
        contacts.archive(work, [contact_id])
    with database.begin(firm.boss) as work:
        service.close_short(work, order_id, work.get(Order, order_id).version, "moved away")
        assert contacts.archive(work, [contact_id]) == [contact_id]


def test_price_lists_of_a_merged_contact_join(database: Database, firm: Firm) -> None:
    keep, lose = customer(database, firm.anna, "Atlas"), customer(database, firm.anna, "Atlas Ltd")
    bolt, nut = product(database, "B-1"), product(database, "N-1")
    with database.begin(firm.boss) as work:
        for contact_id, currency, prices in (
            (keep, "CNY", {bolt: 10}),
            (lose, "CNY", {bolt: 99, nut: 5}),
            (lose, "USD", {nut: 1}),
        ):
            agreed = PriceList(name="Agreed", contact_id=contact_id, currency=currency)
            work.session.add(agreed)
            work.session.flush()
            work.session.add_all(
                Price(price_list_id=agreed.id, product_id=one, price=Decimal(price)) for one, price in prices.items()
            )
    with database.begin(firm.boss) as work:
        versions = [work.get(Contact, one).version for one in (keep, lose)]
        merge.merge(work, keep, versions[0], lose, versions[1], {})
    with database.read(firm.anna) as work:
        found = find_prices(work, keep, [bolt, nut], "CNY")
        assert {one: price.price for one, price in found.items()} == {bolt: Decimal(10), nut: Decimal(5)}
        assert find_prices(work, keep, [nut], "USD")[nut].price == Decimal(1)


def test_purchasing_reads_nothing_of_what_was_sold(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna, "Both Sides", is_supplier=True)
    story(database, firm.anna, contact_id)
    with database.read(firm.buyer) as work:
        told = history.history(work, contact_id)
        assert len(told) == 2  # written down, and no prospect any more
        assert not any({"lines", "number"} & event.after.keys() for event in told)
    with database.read(firm.anna) as work:
        assert any("lines" in event.after for event in history.history(work, contact_id))
