"""Orders through their services, on both engines."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from crm_desktop.contacts import service as contacts
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.orders import deliveries, quotes, rules, service, terms
from crm_desktop.orders.composing import InvalidLine
from crm_desktop.orders.instalments import Part
from crm_desktop.orders.model import Order, OrderLine
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, new_order, order_of, product, version_of


def saved(database: Database, by: Actor, order_id: int, version: int | None = None, **changes: Any) -> int:
    with database.begin(by) as work:
        return service.save(work, order_id, version or work.get(Order, order_id).version, changes)


def entries(database: Database, entity: str, id_: int) -> list[JournalEntry]:
    with database.read(SYSTEM) as work:
        asked = select(JournalEntry).where(JournalEntry.entity == entity, JournalEntry.entity_id == id_)
        return list(work.session.scalars(asked.order_by(JournalEntry.id)))


def new_term(database: Database, firm: Firm, *parts: Part) -> int:
    with database.begin(firm.boss) as work:
        return terms.save_payment_term(work, None, 0, name="30/60/10", parts=parts)


THIRDS = (
    Part("percent", Decimal(30), label="Deposit"),
    Part("percent", Decimal(60), days=30, label="Goods"),
    Part("remainder", event="on acceptance", label="Retention"),
)


def test_confirming_numbers_the_order_and_wins_the_customer(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna, status="prospect")
    order_id = new_order(database, firm.anna, contact_id, line(quantity=3, price="33.335"), reference=" PO-77 / a ")
    with database.begin(firm.anna) as work:
        done = service.confirm(work, order_id, work.get(Order, order_id).version)
        assert contacts.get(work, contact_id)["status"] == "customer"
    assert done == service.Confirmed("S2026-0001")
    record = order_of(database, firm.anna, order_id)
    assert (record["state"], record["number"], record["confirmed_by"]) == ("confirmed", "S2026-0001", firm.anna.user_id)
    assert (record["net"], record["tax"], record["total"]) == (Decimal("100.01"), Decimal("13.00"), Decimal("113.01"))
    assert record["open_net"] == Decimal("100.01")
    assert [one["amount"] for one in record["instalments"]] == [Decimal("113.01")]
    assert entries(database, "order", order_id)[-1].action == "confirm"


def test_the_year_of_a_number_is_the_companys(database: Database, firm: Firm) -> None:
    from datetime import UTC, datetime

    contact_id = customer(database, firm.anna)
    order_id = new_order(database, firm.anna, contact_id)
    database.clock.instant = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # already 2027 in Shanghai
    with database.begin(firm.anna) as work:
        assert service.confirm(work, order_id, work.get(Order, order_id).version).number == "S2027-0001"


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ((), "lines"),
        (({"kind": "text", "name": "Only words"},), "lines"),
        ((line(quantity=0),), "lines"),
        ((line(), line("Rebate", 1, -500)), "lines"),
    ],
)
def test_nothing_worth_nothing_is_confirmed(database: Database, firm: Firm, lines: Any, field: str) -> None:
    with database.begin(firm.anna) as work:
        order_id = service.create(work, {"contact_id": contacts.create(work, {"name": "Atlas"}), "lines": lines})
    with pytest.raises(Invalid) as caught, database.begin(firm.anna) as work:
        service.confirm(work, order_id, work.get(Order, order_id).version)
    assert caught.value.field == field


def test_an_order_for_an_archived_customer_is_not_confirmed(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.manager)
    order_id = new_order(database, firm.manager, contact_id)
    with database.begin(firm.manager) as work:
        contacts.archive(work, [contact_id])
    with pytest.raises(Invalid) as caught, database.begin(firm.manager) as work:
        service.confirm(work, order_id, work.get(Order, order_id).version)
    assert caught.value.field == "contact_id"


def test_only_customers_in_reach_get_documents(database: Database, firm: Firm) -> None:
    hidden = customer(database, firm.outsider)
    with database.begin(firm.boss) as work:
        supplier = contacts.create(work, {"name": "Steel Mill", "is_customer": False, "is_supplier": True})
    for by, contact_id in ((firm.anna, hidden), (firm.boss, supplier), (firm.boss, None), (firm.boss, 987654)):
        with pytest.raises(Invalid) as caught:
            new_order(database, by, contact_id)  # type: ignore[arg-type]
        assert caught.value.field == "contact_id"
    order_id = new_order(database, firm.outsider, hidden)
    with pytest.raises(NotFound):
        order_of(database, firm.anna, order_id)
    with pytest.raises(NotAllowed):
        order_of(database, firm.buyer, order_id)


def test_two_people_change_different_things(database: Database, firm: Firm) -> None:
    order_id = new_order(database, firm.anna, customer(database, firm.anna), line(quantity=2, price=50))
    opened = order_of(database, firm.anna, order_id)
    saved(database, firm.boss, order_id, opened.version, discount_percent=Decimal(10))
    changed = [dict(opened["lines"][0], quantity=Decimal(4)), line("Freight", 1, 20, 0)]
    saved(database, firm.anna, order_id, opened.version, lines=changed, notes="call first")
    record = order_of(database, firm.anna, order_id)
    assert record["subtotal"] == Decimal(220)
    assert record["net"] == Decimal(198)
    assert record["lines"][0]["id"] == opened["lines"][0]["id"]


def test_two_people_change_the_same_thing(database: Database, firm: Firm) -> None:
    order_id = new_order(database, firm.anna, customer(database, firm.anna), line(quantity=2, price=50))
    opened = order_of(database, firm.anna, order_id)
    (first,) = opened["lines"]
    saved(
        database,
        firm.boss,
        order_id,
        opened.version,
        lines=[dict(first, quantity=Decimal("2.5"))],
        discount_amount=Decimal("7.50"),
        due_on=date(2026, 12, 1),
        salesperson=firm.chen.user_id,
    )
    with pytest.raises(Conflict) as caught:
        saved(
            database,
            firm.anna,
            order_id,
            opened.version,
            lines=[dict(first, quantity=Decimal(9))],
            discount_amount=Decimal(1),
            due_on=date(2026, 12, 2),
            salesperson=firm.anna.user_id,
        )
    conflict = caught.value
    assert conflict.theirs["lines"][0]["quantity"] == Decimal("2.5")
    assert conflict.original["lines"][0]["quantity"] == Decimal(2)
    assert conflict.theirs["discount_amount"] == Decimal("7.50")
    assert conflict.theirs["due_on"] == date(2026, 12, 1)
    assert conflict.theirs["salesperson"] == firm.chen.user_id
    assert conflict.changed_by == firm.boss.name
    # The same change made twice is no conflict.
    saved(database, firm.anna, order_id, opened.version, due_on=date(2026, 12, 1), discount_amount=Decimal("7.5"))


def test_the_journal_tells_lines_before_and_after(database: Database, firm: Firm) -> None:
    order_id = new_order(database, firm.anna, customer(database, firm.anna), line(quantity=2, price=50))
    opened = order_of(database, firm.anna, order_id)
    saved(database, firm.anna, order_id, lines=[dict(opened["lines"][0], unit_price=Decimal("49.5"))])
    made, changed = entries(database, "order", order_id)
    assert made.action == "create"
    assert made.after["lines"][0]["unit_price"] == "50"
    assert (changed.before["lines"][0]["unit_price"], changed.after["lines"][0]["unit_price"]) == ("50", "49.5")
    assert "net" not in changed.after["lines"][0]
    assert changed.version == version_of(database, Order, order_id)


def test_a_terms_plan_follows_the_total_and_keeps_what_was_typed(database: Database, firm: Firm) -> None:
    term_id = new_term(database, firm, *THIRDS)
    order_id = new_order(
        database, firm.anna, customer(database, firm.anna), line(price="100.01"), payment_term_id=term_id
    )
    plan = order_of(database, firm.anna, order_id)["instalments"]
    assert [one["amount"] for one in plan] == [Decimal("33.90"), Decimal("67.81"), Decimal("11.30")]
    assert [one["due_on"] for one in plan] == [date(2026, 11, 20), date(2026, 12, 20), None]
    typed = [dict(plan[0], label="Vorkasse"), plan[1], dict(plan[2], due_on=date(2027, 3, 1))]
    saved(database, firm.anna, order_id, instalments=typed)
    (only,) = order_of(database, firm.anna, order_id)["lines"]
    saved(database, firm.anna, order_id, lines=[dict(only, quantity=Decimal(2))], dated_on=date(2026, 11, 25))
    record = order_of(database, firm.anna, order_id)
    assert record["payment_term_id"] == term_id
    assert sum(one["amount"] for one in record["instalments"]) == record["total"] == Decimal("226.02")
    assert [one["due_on"] for one in record["instalments"]] == [
        date(2026, 11, 25), date(2026, 12, 25), date(2027, 3, 1),
    ]  # fmt: skip
    assert record["instalments"][0]["label"] == "Vorkasse"


def test_a_hand_made_plan_must_add_up_when_it_binds(database: Database, firm: Firm) -> None:
    term_id = new_term(database, firm, *THIRDS)
    order_id = new_order(database, firm.anna, customer(database, firm.anna), payment_term_id=term_id)
    halves = [
        {"label": "", "amount": Decimal(60), "event": "", "due_on": None},
        {"label": "", "amount": Decimal(50), "event": "", "due_on": None},
    ]
    saved(database, firm.anna, order_id, instalments=halves)
    assert order_of(database, firm.anna, order_id)["payment_term_id"] is None
    with pytest.raises(Invalid) as caught, database.begin(firm.anna) as work:
        service.confirm(work, order_id, work.get(Order, order_id).version)
    assert caught.value.field == "instalments"
    assert "3.00 CNY" in str(caught.value)
    saved(database, firm.anna, order_id, instalments=[halves[0], dict(halves[1], amount=Decimal(53))])
    with database.begin(firm.anna) as work:
        service.confirm(work, order_id, work.get(Order, order_id).version)


def test_the_next_order_takes_the_customers_last_term(database: Database, firm: Firm) -> None:
    term_id = new_term(database, firm, *THIRDS)
    contact_id = customer(database, firm.anna)
    new_order(database, firm.anna, contact_id, payment_term_id=term_id)
    record = order_of(database, firm.anna, new_order(database, firm.anna, contact_id))
    assert record["payment_term_id"] == term_id
    assert len(record["instalments"]) == 3


def test_a_foreign_currency_needs_a_rate_once(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    with pytest.raises(Invalid) as caught:
        new_order(database, firm.anna, contact_id, currency="usd")
    assert caught.value.field == "rate"
    new_order(database, firm.anna, contact_id, currency="usd", rate=Decimal("7.1234567891"))
    again = order_of(database, firm.anna, new_order(database, firm.anna, contact_id, currency="USD"))
    assert (again["currency"], again["rate"]) == ("USD", Decimal("7.1234567891"))
    saved(database, firm.anna, again.id, currency="CNY")
    assert order_of(database, firm.anna, again.id)["rate"] == 1


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"quantity": Decimal("-1")}, "quantity"),
        ({"quantity": Decimal("1.0000001")}, "quantity"),
        ({"unit_price": Decimal("0.0000001")}, "unit_price"),
        ({"unit_price": Decimal("NaN")}, "unit_price"),
        ({"discount_percent": Decimal(101)}, "discount_percent"),
        ({"tax_percent": Decimal("-0.1")}, "tax_percent"),
        ({"quantity": Decimal(999_999_999), "unit_price": Decimal(999_999_999_999)}, "unit_price"),
        ({"name": " ", "code": "X"}, "name"),
        ({"product_id": 99999}, "product_id"),
    ],
)
def test_a_wrong_line_is_named(file_database: Database, wrong: dict[str, Any], column: str) -> None:
    from tests.companies import found_firm

    firm = found_firm(file_database)
    with pytest.raises(InvalidLine) as caught:
        new_order(file_database, firm.anna, customer(file_database, firm.anna), line(), line(**{"name": "B"} | wrong))
    assert (caught.value.field, caught.value.position, caught.value.column) == ("lines", 2, column)


def test_what_a_confirmed_order_may_still_change(database: Database, firm: Firm) -> None:
    order_id = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10, price=5))
    (only,) = order_of(database, firm.anna, order_id)["lines"]
    saved(database, firm.anna, order_id, notes="n", reference="PO 9", due_on=date(2026, 12, 24), terms="t")
    saved(database, firm.anna, order_id, lines=[dict(only, due_on=date(2026, 12, 1))])
    saved(database, firm.anna, order_id, lines=[dict(only, quantity=Decimal(12))])
    record = order_of(database, firm.anna, order_id)
    assert (record["total"], record["open_net"]) == (Decimal("67.80"), Decimal(60))
    assert sum(one["amount"] for one in record["instalments"]) == record["total"]
    for name, value in (("currency", "EUR"), ("dated_on", date(2026, 1, 1)), ("prices_include_tax", True)):
        with pytest.raises(Invalid) as caught:
            saved(database, firm.anna, order_id, **{name: value})
        assert caught.value.field == name
    with database.begin(firm.anna) as work:
        deliveries.deliver(work, order_id, 0, {only["id"]: Decimal(1)})
    with pytest.raises(Invalid) as caught:
        saved(database, firm.anna, order_id, lines=[dict(only, quantity=Decimal(11))])
    assert caught.value.field == "lines"
    saved(database, firm.anna, order_id, lines=[dict(only, quantity=Decimal(12), due_on=date(2026, 12, 5))])


def test_a_line_that_went_out_and_came_back_stays(database: Database, firm: Firm) -> None:
    order_id = confirmed_order(database, firm.anna, customer(database, firm.anna), line(), line("Bolt"))
    first, second = order_of(database, firm.anna, order_id)["lines"]
    with database.begin(firm.anna) as work:
        sent = deliveries.deliver(work, order_id, 0, {first["id"]: Decimal(1)})
        deliveries.take_back(work, sent, {first["id"]: Decimal(1)})
    with pytest.raises(Invalid, match="Bearing"):
        saved(database, firm.anna, order_id, lines=[second])
    saved(database, firm.anna, order_id, lines=[first])
    assert [one["name"] for one in order_of(database, firm.anna, order_id)["lines"]] == ["Bearing"]


def test_ending_an_order(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    order_id = confirmed_order(database, firm.anna, contact_id, line(quantity=10))
    (only,) = order_of(database, firm.anna, order_id)["lines"]
    with pytest.raises(NotAllowed), database.begin(firm.anna) as work:
        service.cancel(work, order_id, 1, "no")
    with database.begin(firm.anna) as work:
        sent = deliveries.deliver(work, order_id, 0, {only["id"]: Decimal(4)})
    with pytest.raises(rules.WrongState, match="lose it short"), database.begin(firm.manager) as work:
        service.cancel(work, order_id, work.get(Order, order_id).version, "wrong")
    with pytest.raises(Invalid), database.begin(firm.manager) as work:
        service.close_short(work, order_id, work.get(Order, order_id).version, "  ")
    with database.begin(firm.manager) as work:
        service.close_short(work, order_id, work.get(Order, order_id).version, "customer moved")
    record = order_of(database, firm.anna, order_id)
    assert (record["state"], record["end_reason"], record["open_net"]) == ("closed", "customer moved", Decimal(0))
    assert (record["lines"][0]["open"], record["delivered_percent"]) == (Decimal(0), Decimal(40))
    with pytest.raises(rules.WrongState), database.begin(firm.anna) as work:
        deliveries.deliver(work, order_id, 0, {only["id"]: Decimal(1)})
    with pytest.raises(Invalid):
        saved(database, firm.anna, order_id, terms="x")
    saved(database, firm.anna, order_id, notes="filed")
    with database.begin(firm.anna) as work:
        assert deliveries.take_back(work, sent, {only["id"]: Decimal(4)})
    other = confirmed_order(database, firm.anna, contact_id)
    (bearing,) = order_of(database, firm.anna, other)["lines"]
    with database.begin(firm.manager) as work:
        gone = deliveries.deliver(work, other, 0, {bearing["id"]: Decimal(1)})
        deliveries.take_back(work, gone, {bearing["id"]: Decimal(1)})
        service.cancel(work, other, work.get(Order, other).version, "mistake")
    assert order_of(database, firm.anna, other)["state"] == "cancelled"


def test_a_draft_goes_without_a_trace_in_the_numbers(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    order_id = new_order(database, firm.anna, contact_id, payment_term_id=new_term(database, firm, *THIRDS))
    with database.begin(firm.anna) as work:
        service.delete(work, order_id, work.get(Order, order_id).version)
    with database.read(SYSTEM) as work:
        assert work.session.scalar(select(OrderLine.id)) is None
    confirmed = confirmed_order(database, firm.anna, contact_id)
    with pytest.raises(rules.WrongState), database.begin(firm.anna) as work:
        service.delete(work, confirmed, work.get(Order, confirmed).version)
    assert order_of(database, firm.anna, confirmed)["number"] == "S2026-0001"


def test_costs_are_kept_and_told_only_to_those_who_may_see_them(database: Database, firm: Firm) -> None:
    cheap, fair = product(database, "CH", "90"), product(database, "FA", "40.5")
    contact_id = customer(database, firm.anna)
    order_id = new_order(
        database,
        firm.anna,
        contact_id,
        line("Cheap", 1, 100, product_id=cheap, discount_percent=Decimal(11)),
        line("Fair", 2, 50, product_id=fair),
        line("Service", 1, 30),
    )
    draft = order_of(database, firm.anna, order_id)
    assert draft["below_cost"] == (1,)
    assert "margin" not in draft.values
    assert order_of(database, firm.manager, order_id)["margin"] is None
    assert order_of(database, firm.boss, order_id)["margin"] == Decimal("18.00")
    with database.begin(firm.anna) as work:
        assert service.confirm(work, order_id, draft.version).below_cost == (1,)
    with database.begin(SYSTEM) as work:
        from crm_desktop.products.model import ProductCost

        work.session.get_one(ProductCost, cheap).cost = Decimal(10)
    assert order_of(database, firm.manager, order_id)["margin"] == Decimal("18.00")
    assert order_of(database, firm.manager, order_id)["margin_percent"] == Decimal("9.52")
    (entry,) = entries(database, "below_cost", order_id)
    assert entry.after["lines"] == [{"position": 1, "name": "Cheap", "unit_price": "100", "discount_percent": "11"}]
    assert "90" not in str(entry.after)


def test_copies_carry_what_was_sold_and_nothing_else(database: Database, firm: Firm) -> None:
    term_id = new_term(database, firm, *THIRDS)
    order_id = confirmed_order(
        database, firm.anna, customer(database, firm.anna), line(quantity=3, due_on=date(2026, 12, 1)),
        reference="PO 1", payment_term_id=term_id, notes="old", due_on=date(2026, 12, 2),
    )  # fmt: skip
    with database.begin(firm.anna) as work:
        copy_id = service.copy(work, order_id)
        quote_id = quotes.copy_order(work, order_id)
    copied = order_of(database, firm.anna, copy_id)
    assert (copied["state"], copied["number"], copied["reference"], copied["due_on"]) == ("draft", None, "", None)
    assert (copied["total"], copied["payment_term_id"], len(copied["instalments"])) == (Decimal("339.00"), term_id, 3)
    assert copied["lines"][0]["due_on"] is None
    with database.read(firm.anna) as work:
        assert quotes.get(work, quote_id)["total"] == Decimal("339.00")
