"""Opportunity → quote → order: the links stay, an order wins the opportunity, nothing is typed twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database, Work
from crm_desktop.orders import opportunities, quotes
from crm_desktop.orders import service as orders
from crm_desktop.orders.lists import ORDERS, QUOTES
from crm_desktop.orders.model import Order, Quote
from crm_desktop.pipeline import service
from crm_desktop.shared.errors import Invalid, NotAllowed, NotFound
from crm_desktop.shared.listing import Filter, Listing
from tests.companies import Firm
from tests.orders.documents import customer, line, order_of, quote_of
from tests.orders.documents import version_of as document_version
from tests.pipeline.chances import chance, chance_of, history, reason_ids, version_of


def quote_from(work: Work, id_: int, **values: Any) -> int:
    return quotes.create(work, opportunities.quote_for(work, id_) | {"lines": (line(),)} | values)


def sent(database: Database, firm: Firm, id_: int) -> int:
    with database.begin(firm.anna) as work:
        quote_id = quote_from(work, id_)
        quotes.send(work, quote_id, work.get(Quote, quote_id).version)
        return quote_id


def confirmed(database: Database, firm: Firm, id_: int | None, contact_id: int | None = None) -> int:
    with database.begin(firm.anna) as work:
        values = opportunities.order_for(work, id_) if id_ else {"contact_id": contact_id}
        order_id = orders.create(work, values | {"lines": (line(),)})
        orders.confirm(work, order_id, work.get(Order, order_id).version)
        return order_id


def state_of(database: Database, firm: Firm, id_: int) -> str:
    return str(chance_of(database, firm.boss, id_)["state"])


def test_a_quote_begins_with_what_the_opportunity_says(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    with database.begin(firm.anna) as work:
        person = contacts.create(work, {"kind": "person", "name": "Mei"})
    id_ = chance(database, firm.anna, contact_id, person_id=person, salesperson_id=firm.chen.user_id)
    with database.begin(firm.anna) as work:
        quote_id = quote_from(work, id_)
    record = quote_of(database, firm.anna, quote_id)
    said = {
        "contact_id": contact_id,
        "opportunity_id": id_,
        "opportunity_name": "Ball bearings",
        "person_id": person,
        "salesperson": firm.chen.user_id,
        "subject": "Ball bearings",
    }
    assert {name: record[name] for name in said} == said


def test_a_currency_nobody_used_yet_is_asked_for_on_the_quote(file_database: Database, firm: Firm) -> None:
    id_ = chance(file_database, firm.anna, customer(file_database, firm.anna), currency="USD")
    with file_database.begin(firm.anna) as work:
        for begun in (opportunities.quote_for(work, id_), opportunities.order_for(work, id_)):
            assert (begun["currency"], begun["rate"], begun["opportunity_id"]) == ("CNY", 1, id_)
        quote_from(work, id_, currency="USD", rate=Decimal(7))
    with file_database.read(firm.anna) as work:
        assert opportunities.quote_for(work, id_)["currency"] == "USD"


def test_the_link_goes_from_quote_to_order_and_wins(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna))
    quote_id = sent(database, firm, id_)
    with database.begin(firm.anna) as work:
        revised = quotes.revise(work, quote_id, document_version(database, Quote, quote_id))
        quotes.send(work, revised, work.get(Quote, revised).version)
        copied = quotes.copy(work, revised)
    for each in (quote_id, revised, copied):
        assert quote_of(database, firm.anna, each)["opportunity_id"] == id_
    with database.begin(firm.anna) as work:
        order_id = quotes.make_order(work, revised, work.get(Quote, revised).version)
    assert order_of(database, firm.anna, order_id)["opportunity_id"] == id_
    assert state_of(database, firm, id_) == "open", "a draft promises nothing"
    with database.begin(firm.anna) as work:
        orders.confirm(work, order_id, work.get(Order, order_id).version)
    record = chance_of(database, firm.anna, id_)
    assert (record["state"], record["closed_on"]) == ("won", date(2026, 11, 20))
    assert history(database, id_)[-1][0] == "win"
    with database.read(firm.anna) as work:
        found = opportunities.documents_of(work, id_)
        assert {(one.entity, one.id, one.state) for one in found} == {
            ("quote", revised, "accepted"),
            ("quote", copied, "draft"),
            ("order", order_id, "confirmed"),
        }
        asked = Listing(filters=(Filter("opportunity", "is", (id_,)),))
        assert (QUOTES.count(work, asked)[0], ORDERS.count(work, asked)[0]) == (2, 1)
        again = orders.copy
    with database.begin(firm.anna) as work:
        second = again(work, order_id)
    assert order_of(database, firm.anna, second)["opportunity_id"] is None, "ordering again is another sale"


def test_a_lost_one_is_won_by_an_order_all_the_same(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna))
    with database.begin(firm.anna) as work:
        service.lose(work, id_, 1, reason_ids(database)["price"], "too dear")
    confirmed(database, firm, id_)
    record = chance_of(database, firm.anna, id_)
    assert (record["state"], record["lost_reason_id"], record["lost_note"]) == ("won", None, "")


def test_cancelling_the_only_order_reopens_it(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna))
    first, second = confirmed(database, firm, id_), confirmed(database, firm, id_)
    assert [one[0] for one in history(database, id_)] == ["create", "win"], "it is won once"
    with database.begin(firm.manager) as work:
        orders.cancel(work, first, document_version(database, Order, first), "twice")
    assert state_of(database, firm, id_) == "won", "the other one still counts"
    with database.begin(firm.manager) as work:
        orders.cancel(work, second, document_version(database, Order, second), "fell through")
    record = chance_of(database, firm.anna, id_)
    assert (record["state"], record["closed_on"]) == ("open", None)
    assert history(database, id_)[-1][0] == "reopen"


def test_an_order_closed_short_stays_a_sale(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna))
    order_id = confirmed(database, firm, id_)
    with database.begin(firm.manager) as work:
        orders.close_short(work, order_id, document_version(database, Order, order_id), "enough")
    assert state_of(database, firm, id_) == "won"


def test_a_binding_order_is_linked_later_and_unlinked(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    id_, other = (chance(database, firm.anna, contact_id, name) for name in ("One", "Two"))
    order_id = confirmed(database, firm, None, contact_id)
    for to, states in ((id_, ("won", "open")), (other, ("open", "won")), (None, ("open", "open"))):
        with database.begin(firm.anna) as work:
            orders.save(work, order_id, document_version(database, Order, order_id), {"opportunity_id": to})
        assert (state_of(database, firm, id_), state_of(database, firm, other)) == states
    with database.read(firm.anna) as work:
        assert opportunities.open_for(work, contact_id) == ((other, "Two"), (id_, "One"))


def test_a_sent_quote_is_linked_later(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    id_ = chance(database, firm.anna, contact_id)
    quote_id = sent(database, firm, id_)
    for to in (None, id_):
        with database.begin(firm.anna) as work:
            quotes.save(work, quote_id, document_version(database, Quote, quote_id), {"opportunity_id": to})
        assert quote_of(database, firm.anna, quote_id)["opportunity_id"] == to


def test_only_an_opportunity_of_the_same_customer(database: Database, firm: Firm) -> None:
    mine, other = customer(database, firm.anna), customer(database, firm.anna, "Other")
    hidden = chance(database, firm.outsider, customer(database, firm.outsider, "Far"))
    id_ = chance(database, firm.anna, mine)
    for contact_id, wrong in ((other, id_), (mine, hidden), (mine, 999)):
        with pytest.raises(Invalid) as refused, database.begin(firm.anna) as work:
            quotes.create(work, {"contact_id": contact_id, "opportunity_id": wrong, "lines": (line(),)})
        assert refused.value.field == "opportunity_id"
    with database.begin(firm.anna) as work:
        quote_id = quote_from(work, id_)
    with database.begin(firm.anna) as work:
        quotes.save(work, quote_id, 1, {"contact_id": other})
    assert quote_of(database, firm.anna, quote_id)["opportunity_id"] is None, "another customer's quote is not of it"


def test_the_last_quote_lost_is_told(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna))
    first, second = sent(database, firm, id_), sent(database, firm, id_)
    for quote_id, told in ((first, ["create"]), (second, ["create", "quotes_lost"])):
        with database.begin(firm.anna) as work:
            quotes.lose(work, quote_id, work.get(Quote, quote_id).version, "price")
        assert [one[0] for one in history(database, id_)] == told
    assert history(database, id_)[-1][2] == {"number": "Q2026-0002"}
    assert state_of(database, firm, id_) == "open", "whether it goes on is for people to say"
    with database.begin(firm.anna) as work:
        service.save(work, id_, 1, {"amount": 5})
    assert version_of(database, id_) == 2


def test_the_wall_holds_for_documents_too(database: Database, firm: Firm) -> None:
    id_ = chance(database, firm.anna, customer(database, firm.anna))
    for by in (firm.chen, firm.outsider):
        for ask in (opportunities.quote_for, opportunities.order_for, opportunities.documents_of):
            with pytest.raises(NotFound), database.read(by) as work:
                ask(work, id_)
    for by in (firm.buyer, firm.admin):
        with pytest.raises(NotAllowed), database.read(by) as work:
            opportunities.documents_of(work, id_)
