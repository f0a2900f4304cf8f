"""Quotes through their services, on both engines."""

from datetime import date
from decimal import Decimal

import pytest

from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.orders import quotes, rules
from crm_desktop.orders.composing import InvalidLine
from crm_desktop.orders.model import Quote
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.companies import Firm
from tests.orders.documents import customer, line, new_quote, order_of, product, quote_of, sent_quote


def test_a_quote_comes_back_as_it_was_written(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna, "宁波华新")
    quote_id = new_quote(
        database,
        firm.anna,
        contact_id,
        line(" Bearing ", "2.5", "40.123456", 13, discount_percent=Decimal("12.5")),
        {"kind": "text", "name": "Packed in crates", "quantity": Decimal(3)},
        line("Freight", 1, 15, 6),
        subject=" Spring ",
        discount_amount=Decimal("1.50"),
        opening="Dear\nMr Wang",
    )
    record = quote_of(database, firm.anna, quote_id)
    assert (record["state"], record["number"], record["revision"], record["current"]) == ("draft", None, 1, True)
    assert record["contact_name"] == "宁波华新"
    assert (record["subject"], record["opening"]) == ("Spring", "Dear\nMr Wang")
    assert record["dated_on"] == date(2026, 11, 20)
    assert record["valid_until"] == date(2026, 12, 20)
    assert (record["currency"], record["rate"], record["salesperson"]) == ("CNY", Decimal(1), firm.anna.user_id)
    first, text, freight = record["lines"]
    assert (first["name"], first["quantity"], first["amount"]) == ("Bearing", Decimal("2.5"), Decimal("87.77"))
    assert (text["kind"], text["quantity"], text["amount"]) == ("text", Decimal(0), Decimal(0))
    assert freight["id"] is not None
    assert record["subtotal"] == Decimal("102.77")
    assert record["discount"] == Decimal("1.50")
    assert record["net"] + record["tax"] == record["total"]
    assert [one["percent"] for one in record["taxes"]] == [Decimal(13), Decimal(6)]
    assert sum(one["net"] for one in record["taxes"]) == record["net"]


def send(database: Database, firm: Firm, quote_id: int) -> str:
    with database.begin(firm.anna) as work:
        return quotes.send(work, quote_id, work.get(Quote, quote_id).version)


def test_a_sent_quote_changes_only_by_revision(database: Database, firm: Firm) -> None:
    quote_id = new_quote(
        database, firm.anna, customer(database, firm.anna), line("Bearing", 2, 50), line("Bolt"), notes="ask Li"
    )
    assert send(database, firm, quote_id) == "Q2026-0001"
    sent = quote_of(database, firm.anna, quote_id)
    for name, value in (("lines", ()), ("valid_until", None), ("terms", "x"), ("contact_id", 1)):
        with pytest.raises(Invalid) as caught, database.begin(firm.anna) as work:
            quotes.save(work, quote_id, sent.version, {name: value})
        assert caught.value.field == name
    with database.begin(firm.anna) as work:
        quotes.save(work, quote_id, sent.version, {"notes": "asked"})
        newer_id = quotes.revise(work, quote_id, work.get(Quote, quote_id).version)
    newer = quote_of(database, firm.anna, newer_id)
    assert (newer["number"], newer["revision"], newer["state"], newer["current"]) == ("Q2026-0001", 2, "draft", True)
    assert (newer["first_id"], newer["notes"]) == (quote_id, "asked")
    changed = [dict(newer["lines"][0], unit_price=Decimal(45)), line("Nut", 3, 1)]
    with database.begin(firm.anna) as work:
        quotes.save(work, newer_id, newer.version, {"lines": changed, "discount_percent": Decimal(5)})
    assert send(database, firm, newer_id) == "Q2026-0001/2"
    old = quote_of(database, firm.anna, quote_id)
    assert (old["state"], old["current"], old["total"]) == ("replaced", False, sent["total"])
    with database.read(firm.anna) as work:
        found = quotes.revisions(work, newer_id)
        difference = quotes.compare(work, quote_id, newer_id)
    assert [(one.shown, one.state) for one in found] == [("Q2026-0001/2", "sent"), ("Q2026-0001", "replaced")]
    assert [one.name for one in difference.values] == ["discount_percent"]
    assert [(one.status, one.names) for one in difference.lines] == [
        ("changed", ("unit_price",)),
        ("removed", ()),
        ("added", ()),
    ]
    assert {one.name for one in difference.totals} == {"subtotal", "discount", "net", "tax", "total"}
    with pytest.raises(rules.WrongState), database.begin(firm.anna) as work:
        quotes.revise(work, quote_id, old.version)


def test_a_revision_thrown_away_brings_the_former_back(database: Database, firm: Firm) -> None:
    contact_id, other = customer(database, firm.anna), customer(database, firm.anna, "Other")
    quote_id = sent_quote(database, firm.anna, contact_id)
    with database.begin(firm.anna) as work:
        newer = quotes.revise(work, quote_id, work.get(Quote, quote_id).version)
    with pytest.raises(Invalid), database.begin(firm.anna) as work:
        quotes.save(work, newer, work.get(Quote, newer).version, {"contact_id": other})
    with database.begin(firm.anna) as work:
        quotes.delete(work, newer, work.get(Quote, newer).version)
    record = quote_of(database, firm.anna, quote_id)
    assert (record["state"], record["current"]) == ("sent", True)
    with pytest.raises(rules.WrongState), database.begin(firm.anna) as work:
        quotes.delete(work, quote_id, record.version)


def test_won_lost_and_thought_better_of(database: Database, firm: Firm) -> None:
    quote_id = sent_quote(database, firm.anna, customer(database, firm.anna))

    def version() -> int:
        return quote_of(database, firm.anna, quote_id).version

    with pytest.raises(Invalid), database.begin(firm.anna) as work:
        quotes.lose(work, quote_id, work.get(Quote, quote_id).version, "moon")
    with database.begin(firm.anna) as work:
        quotes.lose(work, quote_id, work.get(Quote, quote_id).version, "price", " too dear ")
    lost = quote_of(database, firm.anna, quote_id)
    assert (lost["state"], lost["lost_reason"], lost["lost_note"]) == ("lost", "price", "too dear")
    assert lost["decided_on"] == date(2026, 11, 20)
    with pytest.raises(rules.WrongState), database.begin(firm.anna) as work:
        quotes.accept(work, quote_id, lost.version)
    with database.begin(firm.anna) as work:
        quotes.reopen(work, quote_id, lost.version)
        quotes.accept(work, quote_id, work.get(Quote, quote_id).version)
    assert quote_of(database, firm.anna, quote_id)["state"] == "accepted"
    with pytest.raises(Conflict), database.begin(firm.anna) as work:
        quotes.reopen(work, quote_id, version() - 1)
    with database.begin(firm.anna) as work:
        quotes.make_order(work, quote_id, work.get(Quote, quote_id).version)
    with pytest.raises(rules.WrongState, match="order was made"), database.begin(firm.anna) as work:
        quotes.reopen(work, quote_id, work.get(Quote, quote_id).version)


def test_an_order_is_made_without_retyping(database: Database, firm: Firm) -> None:
    part = product(database, "P1")
    quote_id = sent_quote(
        database,
        firm.anna,
        customer(database, firm.anna),
        line("Bearing", 2, "49.99", product_id=part, discount_percent=Decimal(5)),
        {"kind": "text", "name": "Fragile"},
        prices_include_tax=True,
        tax_method="line",
        discount_amount=Decimal(1),
        reference="RFQ 7",
        terms="FOB",
    )
    with database.begin(firm.anna) as work:
        order_id = quotes.make_order(work, quote_id, work.get(Quote, quote_id).version)
    quote, order = quote_of(database, firm.anna, quote_id), order_of(database, firm.anna, order_id)
    for name in ("total", "net", "tax", "reference", "terms", "prices_include_tax", "tax_method", "discount_amount"):
        assert order[name] == quote[name], name
    assert [one["name"] for one in order["lines"]] == ["Bearing", "Fragile"]
    assert (order["state"], order["quote_id"], order["quote_number"]) == ("draft", quote_id, "Q2026-0001")
    assert (quote["state"], quote["order_ids"]) == ("accepted", (order_id,))
    draft = new_quote(database, firm.anna, customer(database, firm.anna, "Other"))
    with pytest.raises(rules.WrongState), database.begin(firm.anna) as work:
        quotes.make_order(work, draft, 1)


def test_an_expired_quote_says_so_and_can_still_be_won(database: Database, firm: Firm) -> None:
    quote_id = sent_quote(database, firm.anna, customer(database, firm.anna), valid_until=date(2026, 11, 19))
    assert quote_of(database, firm.anna, quote_id)["expired"]
    with database.begin(firm.anna) as work:
        quotes.accept(work, quote_id, work.get(Quote, quote_id).version)
    assert not quote_of(database, firm.anna, quote_id)["expired"]


def test_nothing_is_sent_that_says_nothing(database: Database, firm: Firm) -> None:
    with database.begin(firm.anna) as work:
        quote_id = quotes.create(work, {"contact_id": contacts.create(work, {"name": "Atlas"})})
    with pytest.raises(Invalid) as caught:
        send(database, firm, quote_id)
    assert caught.value.field == "lines"


def test_a_product_fills_what_was_not_typed(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    part = product(database, "P1", name="Deep groove bearing")
    gone = product(database, "OLD", active=False)
    quote_id = new_quote(
        database, firm.anna, contact_id, {"product_id": part, "quantity": Decimal(2), "unit_price": Decimal(3)}
    )
    (only,) = quote_of(database, firm.anna, quote_id)["lines"]
    assert (only["code"], only["name"], only["unit"], only["tax_percent"]) == (
        "P1", "Deep groove bearing", "pcs", Decimal(13),
    )  # fmt: skip
    with pytest.raises(InvalidLine, match="no longer sold"):
        new_quote(database, firm.anna, contact_id, line(product_id=gone))


def test_who_may_not_sell_meets_no_quote(database: Database, firm: Firm) -> None:
    quote_id = new_quote(database, firm.anna, customer(database, firm.anna))
    for by in (firm.buyer, firm.admin):
        with pytest.raises(NotAllowed):
            quote_of(database, by, quote_id)
    with pytest.raises(NotFound):
        quote_of(database, firm.outsider, quote_id)
    assert quote_of(database, firm.manager, quote_id)["total"] == Decimal(113)


def test_a_copy_is_a_draft_of_today(database: Database, firm: Firm) -> None:
    quote_id = sent_quote(database, firm.anna, customer(database, firm.anna), dated_on=date(2026, 1, 5))
    with database.begin(firm.anna) as work:
        copied = quotes.get(work, quotes.copy(work, quote_id))
    assert (copied["number"], copied["state"], copied["revision"], copied["dated_on"]) == (
        None, "draft", 1, date(2026, 11, 20),
    )  # fmt: skip
    assert (copied["valid_until"], copied["total"]) == (date(2026, 12, 20), Decimal(113))
