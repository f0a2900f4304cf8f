"""Quotes and orders from a sheet: what comes in, as what, what is refused, and how it is taken back."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from crm_desktop.app.checks import check_database
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database
from crm_desktop.exchange.reading.files import read_book
from crm_desktop.exchange.sheets.context import context
from crm_desktop.exchange.sheets.drafting import Draft
from crm_desktop.orders import deliveries, proof, quotes, service
from crm_desktop.orders.export import ORDER_EXPORT
from crm_desktop.orders.lists import BACKLOG
from crm_desktop.orders.lists import ORDERS as ORDER_LIST
from crm_desktop.orders.model import Delivery, Instalment, Order, Quote
from crm_desktop.orders.target import ORDERS, QUOTES
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.fields import Kind, Use
from crm_desktop.shared.i18n import use_language
from crm_desktop.shared.importing import CLEAR, Identity, ImportRow, OnMatch, Planned, Verdict
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.published import part_of
from tests.companies import Firm
from tests.exchange.rows import bring_in, check, rows, take_back
from tests.orders.documents import (
    confirmed_order,
    customer,
    line,
    new_order,
    order_of,
    product,
    quote_of,
    sent_quote,
    version_of,
)

DAY = date(2025, 3, 4)
HEAD: dict[str, Any] = {"number": "A-1", "customer": "Atlas", "dated_on": DAY}
BOLT: dict[str, Any] = {"product": "Product P1", "quantity": Decimal(2), "unit_price": Decimal("9.99")}


@pytest.fixture
def atlas(database: Database, firm: Firm) -> int:
    product(database, "P1", "5")
    return customer(database, firm.anna, status="customer")


def only(database: Database, firm: Firm, *given: dict[str, Any], target: Any = ORDERS, **options: Any) -> Planned:
    (planned,) = check(database, firm.boss, target, rows(*given), **options)
    return planned


def proven(database: Database) -> bool:
    with database.read(SYSTEM) as work:
        return list(proof.findings(work)) == []


def count(database: Database, entity: Any) -> int:
    with database.read(SYSTEM) as work:
        return work.session.scalar(select(func.count()).select_from(entity)) or 0


def stored(database: Database, entity: Any, number: str) -> int:
    with database.read(SYSTEM) as work:
        return work.session.scalars(select(entity.id).where(entity.number == number)).one()


def test_a_header_that_is_repeated_makes_one_order(database: Database, firm: Firm, atlas: int) -> None:
    given = rows(
        HEAD | BOLT | {"due_on": date(2025, 4, 1), "reference": "PO 7", "salesperson": firm.chen.user_id, "notes": "n"},
        HEAD | {"product_code": "P1", "product": "Long bolt", "quantity": Decimal(1), "unit_price": Decimal(10),
                "discount_percent": Decimal(15), "tax_percent": Decimal(6), "line_due_on": date(2025, 5, 1)},
        {"number": "A-1", "description": "Packed by hand\nand labelled"},
        HEAD | {"number": "A-2", "created_by": firm.anna.user_id, "created_at": DAY} | BOLT,
    )  # fmt: skip
    done = bring_in(database, firm.boss, ORDERS, given)
    assert (done.counts["new"], done.counts["rows"]) == (2, 4)
    order = order_of(database, firm.boss, stored(database, Order, "A-1"))
    first, second, third = order["lines"]
    assert (first["code"], first["name"], first["tax_percent"]) == ("P1", "Product P1", Decimal(13))
    assert (second["name"], second["net"], second["due_on"]) == ("Long bolt", Decimal("8.50"), date(2025, 5, 1))
    assert (third["kind"], third["name"], third["description"]) == ("text", "Packed by hand", "and labelled")
    assert (order["net"], order["state"], order["number"]) == (Decimal("28.48"), "confirmed", "A-1")
    assert (order["dated_on"], order["due_on"], order["reference"]) == (DAY, date(2025, 4, 1), "PO 7")
    assert order["salesperson"] == firm.chen.user_id
    assert order["created_by"] is None
    assert sum(one["amount"] for one in order["instalments"]) == order["total"]
    other = order_of(database, firm.boss, stored(database, Order, "A-2"))
    assert (other["salesperson"], other["created_by"]) == (None, firm.anna.user_id)
    assert other["created_at"] == datetime(2025, 3, 4, 12, tzinfo=UTC)
    assert proven(database)
    with database.begin(firm.boss) as work:
        assert service.confirm(work, service.copy(work, order.id), 1).number == "S2026-0001"
    assert proven(database)


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"number": None}, "number", "number is missing"),
        ({"number": "x" * 61}, "number", "too long"),
        ({"number": "S2026-0007"}, "number", "gives numbers like S2026-0007 itself"),
        ({"customer": "Nobody"}, "customer", "Nobody"),
        ({"customer": None}, "customer", "customer is missing"),
        ({"customer": "Supplies"}, "customer", "supplier"),
        ({"customer": "Gone"}, "customer", "archived"),
        ({"dated_on": None}, "dated_on", "date is missing"),
        ({"product": "Nut"}, "product", "Nut"),
        ({"quantity": None}, "quantity", "quantity is missing"),
        ({"quantity": Decimal(-1)}, "quantity", "quantity"),
        ({"unit_price": None}, "unit_price", "price is missing"),
        ({"unit_price": Decimal("0.1234567")}, "unit_price", "price"),
        ({"discount_percent": Decimal(101)}, "discount_percent", "discount"),
        ({"line_amount": Decimal("19.00")}, "line_amount", "comes to 19.98, but the sheet says 19.00"),
        ({"tax_amount": Decimal("1.20")}, "tax_amount", "comes to 2.60, but the sheet says 1.20"),
        ({"total": Decimal(23)}, "total", "comes to 22.58, but the sheet says 23"),
        ({"order_discount_amount": Decimal("0.001")}, "order_discount_amount", "at most 2 decimals"),
        ({"order_discount_amount": Decimal(50)}, "quantity", "nothing in it that is sold"),
        ({"currency": "EUR"}, "rate", "how much CNY one EUR"),
        ({"currency": "Euro money"}, "currency", "three letters"),
        ({"salesperson": 4711}, "salesperson", "does not exist"),
        ({"product": None, "quantity": None, "unit_price": None}, "", "no line for A-1"),
        ({"state": "cancelled", "shipped_on": DAY}, "shipped_on", "neither a draft nor cancelled"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("atlas")
def test_what_cannot_come_in_is_told(
    database: Database, firm: Firm, change: dict[str, Any], field: str, said: str
) -> None:
    customer(database, firm.boss, "Supplies", is_customer=False, is_supplier=True)
    gone = customer(database, firm.boss, "Gone")
    with database.begin(firm.boss) as work:
        contacts.archive(work, [gone])
    planned = only(database, firm, HEAD | BOLT | change)
    assert (planned.verdict, planned.field) == (Verdict.INVALID, field)
    assert said in planned.why
    assert count(database, Order) == 0


def test_rows_of_one_number_may_not_contradict_each_other(database: Database, firm: Firm, atlas: int) -> None:
    other = HEAD | BOLT | {"dated_on": date(2025, 3, 5)}
    planned = only(database, firm, HEAD | BOLT, other)
    assert (planned.verdict, planned.field) == (Verdict.INVALID, "dated_on")
    assert planned.why == "Row 3: “Date” says something else than in row 2, but both rows belong to A-1."
    assert [row.number for row in planned.rows] == [2, 3]
    fine = only(database, firm, HEAD | BOLT, {"number": "A-1 ", "customer": "ATLAS", "dated_on": None} | BOLT)
    assert (fine.verdict, fine.lines) == (Verdict.NEW, 2)


def test_a_cell_that_cannot_be_read_stops_its_order_alone(database: Database, firm: Firm, atlas: int) -> None:
    bad = ImportRow(3, HEAD | BOLT, {"quantity": "“ten” is no number."})
    good = [*rows(HEAD | BOLT, first=2), bad, *rows(HEAD | {"number": "A-2"} | BOLT, first=4)]
    first, second = check(database, firm.boss, ORDERS, good)
    assert (first.verdict, first.field, first.why) == (Verdict.INVALID, "quantity", "Row 3: “ten” is no number.")
    assert second.verdict is Verdict.NEW
    done = bring_in(database, firm.boss, ORDERS, good, good_rows_only=True)
    assert (done.counts["new"], done.counts["invalid"]) == (1, 1)


def test_old_orders_come_in_as_what_they_are(database: Database, firm: Firm, atlas: int) -> None:
    shipped = {"shipped_on": date(2025, 3, 20)}
    given = rows(
        HEAD | BOLT | {"number": "open"},
        HEAD | BOLT | {"number": "shipped"} | shipped,
        HEAD | BOLT | {"number": "done", "state": "finished"},
        HEAD | BOLT | {"number": "off", "state": "cancelled", "end_reason": "Too dear"},
        HEAD | BOLT | {"number": "maybe", "state": "draft"},
    )
    bring_in(database, firm.boss, ORDERS, given)
    found = {}
    with database.read(firm.boss) as work:
        for id_ in work.session.scalars(select(Order.id)):
            order = service.get(work, id_)
            found[order["number"] or order["reference"]] = order
        assert BACKLOG.count(work, Listing())[0] == 1
    told = {
        name: (one["state"], one["delivered_percent"], one["open_net"], len(one["instalments"]), one["end_reason"])
        for name, one in found.items()
    }
    assert told == {
        "open": ("confirmed", 0, Decimal("19.98"), 1, ""),
        "shipped": ("closed", 100, 0, 0, "Delivered before it came here."),
        "done": ("closed", 0, 0, 0, "Finished before it came here."),
        "off": ("cancelled", 0, 0, 0, "Too dear"),
        "maybe": ("draft", 0, 0, 0, ""),
    }
    assert found["open"]["margin"] is not None
    assert found["done"]["margin"] is None
    with database.read(firm.boss) as work:
        (head,) = deliveries.deliveries_of(work, found["shipped"].id)
        assert (head.number, head.delivered_on) == ("shipped-1", date(2025, 3, 20))
        assert deliveries.get(work, head.id)["lines"][0]["quantity"] == 2
    assert proven(database)
    again = check(database, firm.boss, ORDERS, given)
    assert [one.verdict for one in again] == [Verdict.SKIP] * 5
    with database.begin(firm.boss) as work:
        service.confirm(work, found["maybe"].id, 1)
    assert proven(database)


def test_the_choices_for_the_whole_sheet(database: Database, firm: Firm, atlas: int) -> None:
    given = rows(HEAD | BOLT | {"freight": Decimal(5)})
    chosen = {"state": "closed", "prices": "include", "tax": "none", "freight": "line"}
    bring_in(database, firm.boss, ORDERS, given, chosen=chosen, owner=firm.anna.user_id)
    order = order_of(database, firm.boss, stored(database, Order, "A-1"))
    assert (order["state"], order["prices_include_tax"], order["tax"]) == ("closed", True, 0)
    assert [one["name"] for one in order["lines"]] == ["Product P1", "Freight"]
    assert (order["total"], order["salesperson"]) == (Decimal("24.98"), firm.anna.user_id)
    assert order["created_by"] == firm.anna.user_id


def test_a_price_can_come_from_the_amount_of_its_line(database: Database, firm: Firm, atlas: int) -> None:
    amount = HEAD | {"product": "Product P1", "quantity": Decimal(3), "line_amount": Decimal(10)}
    bring_in(database, firm.boss, ORDERS, rows(amount))
    only_line = order_of(database, firm.boss, stored(database, Order, "A-1"))["lines"][0]
    assert (only_line["unit_price"], only_line["net"]) == (Decimal("3.333333"), Decimal(10))


def test_missing_customers_and_products_are_made_on_request(database: Database, firm: Firm, atlas: int) -> None:
    given = rows(
        HEAD | {"customer": "New Firm", "salesperson": firm.chen.user_id} | BOLT | {"product": "Nut"},
        HEAD | {"number": "A-2", "customer": "New Firm"} | BOLT | {"product_code": "N-9", "product": "Washer"},
    )
    done = bring_in(database, firm.boss, ORDERS, given, create_missing=True)
    first, second = (order_of(database, firm.boss, stored(database, Order, number)) for number in ("A-1", "A-2"))
    assert first["contact_id"] == second["contact_id"] != atlas
    with database.read(firm.boss) as work:
        assert contacts.get(work, first["contact_id"])["owner"] == firm.chen.user_id
    assert first["lines"][0]["product_id"]
    assert first["lines"][0]["code"]
    assert second["lines"][0]["code"] == "N-9"
    assert proven(database)
    undone = take_back(database, firm.boss, done.batch, CONTACTS, ORDERS)
    assert undone.kept == ()
    assert undone.removed == 3
    assert count(database, Order) == 0


def test_a_manager_makes_customers_for_the_team_alone(database: Database, firm: Firm, atlas: int) -> None:
    given = rows(
        HEAD | BOLT | {"customer": "New Firm", "salesperson": firm.outsider.user_id},
        HEAD | BOLT | {"number": "A-2", "customer": "Other Firm", "salesperson": firm.chen.user_id},
    )
    refused, fine = check(database, firm.manager, ORDERS, given, create_missing=True)
    assert (refused.verdict, refused.field, fine.verdict) == (Verdict.INVALID, "salesperson", Verdict.NEW)
    bring_in(database, firm.manager, ORDERS, given, create_missing=True, good_rows_only=True)
    assert order_of(database, firm.chen, stored(database, Order, "A-2"))["contact_name"] == "Other Firm"


def test_a_person_says_what_a_text_means(database: Database, firm: Firm, atlas: int) -> None:
    for owner in (firm.anna, firm.chen):
        customer(database, owner, "Twin Ltd")
    product(database, "P7", name="Screw")
    second = product(database, "P8", name="Screw")
    row = HEAD | {"customer": "Twin Ltd"} | BOLT | {"product": "Screw"}
    planned = only(database, firm, row)
    assert (planned.verdict, planned.field, len(planned.candidates)) == (Verdict.INVALID, "customer", 2)
    answers = {("customer", "twin ltd"): planned.candidates[1].id}
    planned = only(database, firm, row, answers=answers)
    assert (planned.verdict, planned.field, len(planned.candidates)) == (Verdict.INVALID, "product", 2)
    bring_in(database, firm.boss, ORDERS, rows(row), answers=answers | {("product", "screw"): second})
    order = order_of(database, firm.boss, stored(database, Order, "A-1"))
    assert (order["contact_id"], order["lines"][0]["product_id"]) == (answers["customer", "twin ltd"], second)
    free = HEAD | {"number": "A-2"} | BOLT | {"product": "Labour"}
    bring_in(database, firm.boss, ORDERS, rows(free), answers={("product", "labour"): None})
    line_ = order_of(database, firm.boss, stored(database, Order, "A-2"))["lines"][0]
    assert (line_["product_id"], line_["name"]) == (None, "Labour")


def test_a_prospect_who_bought_becomes_a_customer(database: Database, firm: Firm, atlas: int) -> None:
    prospect = customer(database, firm.anna, "Borealis", status="prospect")
    lapsed = customer(database, firm.anna, "Corona", status="lapsed")
    given = rows(
        HEAD | BOLT | {"customer": "Borealis", "shipped_on": DAY},
        HEAD | BOLT | {"number": "A-2", "customer": "Corona", "shipped_on": DAY},
    )
    done = bring_in(database, firm.boss, ORDERS, given)

    def status(id_: int) -> str:
        with database.read(firm.boss) as work:
            return str(contacts.get(work, id_)["status"])

    assert (status(prospect), status(lapsed)) == ("customer", "lapsed")
    take_back(database, firm.boss, done.batch, CONTACTS, ORDERS)
    assert status(prospect) == "prospect"


def test_an_exported_list_comes_back_changed(database: Database, firm: Firm, atlas: int) -> None:
    bring_in(database, firm.boss, ORDERS, rows(HEAD | BOLT | {"notes": "old", "reference": "PO 1"}))
    id_ = stored(database, Order, "A-1")
    row = {"id": Identity(id_, 1), "number": "A-1", "customer": "Atlas", "state": "confirmed", "dated_on": DAY}
    assert only(database, firm, row).verdict is Verdict.SKIP
    edited = row | {"notes": "new", "reference": CLEAR, "due_on": date(2025, 9, 1), "salesperson": firm.chen.user_id}
    planned = only(database, firm, edited)
    assert (planned.verdict, planned.id, planned.version) == (Verdict.UPDATE, id_, 1)
    shown = {one.field: (one.old, one.new) for one in planned.differences}
    assert shown == {
        "salesperson": ("", "Chen Jie"),
        "reference": ("PO 1", ""),
        "due_on": ("", "1 Sep 2025"),
        "notes": ("old", "new"),
    }
    done = bring_in(database, firm.boss, ORDERS, rows(edited))
    order = order_of(database, firm.boss, id_)
    assert (order["notes"], order["reference"], order["due_on"]) == ("new", "", date(2025, 9, 1))
    assert order["salesperson"] == firm.chen.user_id
    assert len(order["lines"]) == 1
    undone = take_back(database, firm.boss, done.batch, ORDERS)
    assert (undone.restored, undone.kept) == (1, ())
    order = order_of(database, firm.boss, id_)
    assert (order["notes"], order["reference"], order["due_on"]) == ("old", "PO 1", None)
    assert order["salesperson"] is None
    assert proven(database)


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"dated_on": date(2025, 1, 1)}, "dated_on", "confirmed, so this stays"),
        ({"customer": "Borealis"}, "customer", "confirmed, so this stays"),
        ({"currency": "EUR", "rate": Decimal(8)}, "currency", "confirmed, so this stays"),
        ({"currency": CLEAR}, "currency", "cannot be empty"),
        ({"state": "closed"}, "state", "stays as it is"),
        ({"number": "A-9"}, "number", "stays as it is"),
        ({"total": Decimal(20)}, "total", "follows from the lines"),
        ({"customer": "Nobody"}, "customer", "Nobody"),
    ],
)
def test_what_is_agreed_stays(
    database: Database, firm: Firm, atlas: int, change: dict[str, Any], field: str, said: str
) -> None:
    customer(database, firm.anna, "Borealis")
    bring_in(database, firm.boss, ORDERS, rows(HEAD | BOLT))
    id_ = stored(database, Order, "A-1")
    planned = only(database, firm, {"id": Identity(id_, 1), "number": "A-1", "customer": "Atlas"} | change)
    assert (planned.verdict, planned.field) == (Verdict.INVALID, field)
    assert said in planned.why


def test_what_somebody_changed_since_the_export_is_not_overwritten(database: Database, firm: Firm, atlas: int) -> None:
    bring_in(database, firm.boss, ORDERS, rows(HEAD | BOLT))
    id_ = stored(database, Order, "A-1")
    with database.begin(firm.anna) as work:
        service.save(work, id_, 1, {"notes": "hers"})
    row = {"id": Identity(id_, 1), "number": "A-1"}
    planned = only(database, firm, row | {"notes": "mine"})
    assert (planned.verdict, planned.field) == (Verdict.INVALID, "notes")
    assert planned.why == "Anna Weber changed this after the list was exported: Notes. Export it again."
    planned = only(database, firm, row | {"subject": "mine"})
    assert (planned.verdict, planned.version) == (Verdict.UPDATE, 2)
    bring_in(database, firm.boss, ORDERS, rows(row | {"subject": "mine"}))
    assert order_of(database, firm.boss, id_)["notes"] == "hers"
    gone = only(database, firm, {"id": Identity(4711, 1), "number": "A-1"})
    assert (gone.verdict, gone.why) == (
        Verdict.INVALID,
        "The record this row was exported from no longer exists, or you may not see it.",
    )


def test_how_rows_meet_what_is_there(database: Database, firm: Firm, atlas: int) -> None:
    bring_in(database, firm.boss, ORDERS, rows(HEAD | BOLT))
    id_ = stored(database, Order, "A-1")
    changed = HEAD | BOLT | {"notes": "n", "quantity": Decimal(9)}
    assert only(database, firm, changed).why == "Its lines stay as they are."
    assert only(database, firm, changed, on_match=OnMatch.SKIP).verdict is Verdict.SKIP
    refused = only(database, firm, changed, on_match=OnMatch.ERROR)
    assert (refused.verdict, refused.why) == (Verdict.INVALID, "A-1 is there already.")
    twice = rows({"id": Identity(id_, 1), "notes": "n"}, changed)
    assert [one.verdict for one in check(database, firm.boss, ORDERS, twice)] == [Verdict.UPDATE, Verdict.DUPLICATE]
    bring_in(database, firm.boss, ORDERS, rows(changed))
    assert order_of(database, firm.boss, id_)["lines"][0]["quantity"] == 2


def test_an_order_from_elsewhere_is_found_by_its_number(database: Database, firm: Firm, atlas: int) -> None:
    bring_in(database, firm.boss, ORDERS, rows(HEAD | BOLT | {"number": "10248"}, HEAD | BOLT | {"number": "so-7b"}))
    with database.read(firm.boss) as work:
        for typed, number in (("10248", "10248"), ("so-7", "so-7b"), ("1024", "10248")):
            assert [hit[1] for hit in ORDER_LIST.search(work, typed)] == [number]


def test_a_confirmed_order_of_our_own_can_be_changed_by_its_number(database: Database, firm: Firm, atlas: int) -> None:
    id_ = confirmed_order(database, firm.anna, atlas)
    number = order_of(database, firm.boss, id_)["number"]
    assert only(database, firm, {"number": number, "notes": "n"}).verdict is Verdict.UPDATE


def test_undo_keeps_what_was_worked_with(database: Database, firm: Firm, atlas: int) -> None:
    names = ("delivered", "copied", "noted", "carried", "left", "shipped")
    given = [
        HEAD | BOLT | {"number": name} | ({"shipped_on": DAY} if name in ("carried", "shipped") else {})
        for name in names
    ]
    done = bring_in(database, firm.boss, ORDERS, rows(*given))
    ids = {name: stored(database, Order, name) for name in names}
    with database.begin(firm.boss) as work:
        (open_line,) = deliveries.open_lines(work, ids["delivered"])
        deliveries.deliver(work, ids["delivered"], 1, {open_line.line_id: Decimal(1)})
        service.copy(work, ids["copied"])
        service.save(work, ids["noted"], 1, {"notes": "n"})
        (head,) = deliveries.deliveries_of(work, ids["carried"])
        deliveries.save(work, head.id, 1, {"notes": "n"})
    undone = take_back(database, firm.boss, done.batch, ORDERS)
    assert {one.label: one.reason for one in undone.kept} == {
        "delivered": "It was changed after the import.",
        "copied": "Another document was made from it.",
        "noted": "It was changed after the import.",
        "carried": "Its deliveries were changed after the import.",
    }
    assert undone.removed == 2
    with database.read(SYSTEM) as work:
        assert set(work.session.scalars(select(Order.number))) == {*names, None} - {"left", "shipped"}
        assert set(work.session.scalars(select(Delivery.number))) == {"D2026-0001", "carried-1"}
    assert proven(database)
    assert count(database, Instalment) == 3


QUOTE: dict[str, Any] = {"number": "Q-1", "customer": "Atlas", "dated_on": DAY} | BOLT


def test_quotes_come_in_and_go_again(database: Database, firm: Firm, atlas: int) -> None:
    given = rows(
        QUOTE | {"valid_until": date(2025, 4, 4)},
        QUOTE | {"number": "Q-2", "state": "accepted", "decided_on": date(2025, 3, 9)},
        QUOTE | {"number": "Q-3", "state": "lost", "lost_reason": "price"},
        QUOTE | {"number": "Q-4", "state": "draft"},
        QUOTE | {"number": "Q-5", "state": "lost"},
    )
    done = bring_in(database, firm.boss, QUOTES, given)
    found = [quote_of(database, firm.boss, stored(database, Quote, f"Q-{place}")) for place in range(1, 6)]
    assert [one["state"] for one in found] == ["sent", "accepted", "lost", "draft", "lost"]
    assert [one["lost_reason"] for one in found] == ["", "", "price", "", "other"]
    assert found[1]["decided_on"] == date(2025, 3, 9)
    assert (found[0]["valid_until"], found[0]["net"]) == (date(2025, 4, 4), Decimal("19.98"))
    assert proven(database)
    assert {one.verdict for one in check(database, firm.boss, QUOTES, given)} == {Verdict.SKIP}
    with database.begin(firm.boss) as work:
        assert quotes.send(work, found[3].id, 1) == "Q-4"
        quotes.make_order(work, found[1].id, 1)
        quotes.revise(work, found[4].id, 1)
    fixed = only(database, firm, QUOTE | {"valid_until": date(2025, 5, 5)}, target=QUOTES)
    assert (fixed.verdict, fixed.field) == (Verdict.INVALID, "valid_until")
    assert only(database, firm, QUOTE | {"notes": "n"}, target=QUOTES).verdict is Verdict.UPDATE
    undone = take_back(database, firm.boss, done.batch, QUOTES)
    assert undone.removed == 2
    assert {one.label for one in undone.kept} == {"Q-2", "Q-4", "Q-5"}


def test_a_quote_is_met_by_its_newest_revision(database: Database, firm: Firm, atlas: int) -> None:
    id_ = sent_quote(database, firm.anna, atlas, line())
    with database.begin(firm.anna) as work:
        newest = quotes.revise(work, id_, version_of(database, Quote, id_))
    number = quote_of(database, firm.boss, newest)["number"]
    planned = only(database, firm, {"number": number, "subject": "Again"}, target=QUOTES)
    assert (planned.verdict, planned.id) == (Verdict.UPDATE, newest)


def test_a_colleagues_order_stays_out_of_sight(database: Database, firm: Firm, atlas: int) -> None:
    far = customer(database, firm.outsider, "Far Away")
    bring_in(database, firm.boss, ORDERS, rows(HEAD | BOLT | {"customer": "Far Away"}))
    (planned,) = check(database, firm.manager, ORDERS, rows(HEAD | BOLT))
    assert (planned.verdict, planned.id, planned.field) == (Verdict.INVALID, None, "number")
    assert "colleague" in planned.why
    (planned,) = check(database, firm.manager, ORDERS, rows(HEAD | BOLT | {"number": "A-2", "customer": "Far Away"}))
    assert (planned.verdict, planned.field, planned.candidates) == (Verdict.INVALID, "customer", ())
    assert far


@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant"])
def test_the_workbook_of_a_list_comes_back_edited(
    file_database: Database, firm: Firm, tmp_path: Path, language: str
) -> None:
    atlas = customer(file_database, firm.anna)
    confirmed_order(file_database, firm.anna, atlas, line(), notes="old", due_on=DAY, reference="PO 7")
    draft = new_order(file_database, firm.anna, atlas, line(), notes="draft", subject="Bolts")
    path = tmp_path / "orders.xlsx"
    use_language(language)
    try:
        with file_database.begin(firm.boss) as work:
            columns = [one.name for one in ORDER_LIST.fields(work) if Use.EXPORT in one.uses]
            ORDER_EXPORT.write_file(work, path, Listing(), columns)
        part_of(path).rename(path)
        edit(path, {"old": "new", "draft": "-", "Bolts": "Nuts"})
        book = read_book(path)
        with file_database.read(firm.boss) as work:
            drafted = Draft(book, book.sheets[0], ORDERS, context(work, ORDERS))
        given = drafted.rows()
    finally:
        use_language("en")
    assert {one.field for one in drafted.columns} >= {"id", "number", "customer", "dated_on", "notes", "due_on"}
    assert [row.problems for row in given] == [{}, {}], [row.values for row in given]
    done = bring_in(file_database, firm.boss, ORDERS, given)
    assert done.counts["update"] == 2
    assert order_of(file_database, firm.boss, 1)["notes"] == "new"
    changed = order_of(file_database, firm.boss, draft)
    assert (changed["notes"], changed["subject"]) == ("", "Nuts")
    assert take_back(file_database, firm.boss, done.batch, ORDERS).restored == 2
    assert order_of(file_database, firm.boss, draft)["notes"] == "draft"


def edit(path: Path, texts: dict[str, str]) -> None:
    """Type over cells, as somebody does in a spreadsheet."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    for column in sheet.iter_cols():
        for cell in column:
            if cell.value in texts:
                cell.value = texts[str(cell.value)]
            if str(cell.value).startswith("="):
                # What a spreadsheet works out and keeps beside the formula.
                cell.value = sum(one.value for one in column if isinstance(one.value, int | float))
    workbook.save(path)


ODD: dict[str, tuple[Any, ...]] = {
    "text": ("", " ", "x" * 5000, "a\x00b\u202ec", "=1+1", "\u8ba2\u5355\U0001f600", "\ud800", CLEAR, None),
    "number": (
        *(
            Decimal(text)
            for text in ("0", "-1", "1E+30", "-1E+30", "0.00000000001", "NaN", "Infinity", "99999999999999")
        ),
        *(CLEAR, None),
    ),
    "day": (date.min, date.max, date(1900, 1, 1), CLEAR, None),
}
KINDS = {Kind.DATE: "day", Kind.DECIMAL: "number", Kind.MONEY: "number"}


@pytest.mark.parametrize("target", [ORDERS, QUOTES], ids=["orders", "quotes"])
@pytest.mark.parametrize("seed", range(3))
def test_odd_values_are_refused_or_kept_never_a_crash(
    file_database: Database, firm: Firm, target: Any, seed: int
) -> None:
    product(file_database, "P1", "5")
    customer(file_database, firm.anna, status="customer")
    chance = random.Random(seed)

    def odd(name: str, kind: Kind) -> Any:
        if kind is Kind.USER:
            return chance.choice((firm.anna.user_id, 4711, CLEAR, None))
        if kind in (Kind.STATUS, Kind.CHOICE):
            return chance.choice(("draft", "cancelled", "closed", "sent", "lost", "price", CLEAR, None))
        return chance.choice(ODD[KINDS.get(kind, "text")])

    given = []
    for number in range(300):
        row = HEAD | BOLT | {"number": f"A-{chance.randrange(200)}-{number % 7}"}
        for described in chance.sample(target.described, chance.randrange(4)):
            row[described.name] = odd(described.name, described.kind)
        given.append(row)
    chosen = {"freight": "line", "prices": chance.choice(("company", "include"))}
    found = check(file_database, firm.boss, target, rows(*given), chosen=chosen, create_missing=True)
    assert {one.verdict for one in found} >= {Verdict.NEW, Verdict.INVALID}
    assert all(one.why for one in found if one.verdict is Verdict.INVALID)
    options = {"chosen": chosen, "create_missing": True, "good_rows_only": True}
    done = bring_in(file_database, firm.boss, target, rows(*given), **options)
    assert check_database(file_database) == []
    take_back(file_database, firm.boss, done.batch, target)
    assert count(file_database, target.kind.document) == 0
