"""Goods out in parts and back again, on both engines, also by several people at once."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from crm_desktop.db.numbers import Counter
from crm_desktop.db.work import Database
from crm_desktop.orders import deliveries, rules, service
from crm_desktop.orders.model import DeliveryLine, Order
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed, UserError
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, new_order, order_of, version_of


def lines_of(database: Database, firm: Firm, order_id: int) -> list[dict[str, Any]]:
    return list(order_of(database, firm.boss, order_id)["lines"])


def test_an_order_goes_out_in_parts(database: Database, firm: Firm) -> None:
    order_id = confirmed_order(
        database,
        firm.anna,
        customer(database, firm.anna),
        line(quantity=10, price=30, unit="pcs"),
        {"kind": "text", "name": "Fragile"},
        line("Bolt", "2.5", 40),
        ship_to="Gate 3",
    )
    first, _text, bolt = lines_of(database, firm, order_id)
    version = version_of(database, Order, order_id)
    with database.begin(firm.anna) as work:
        made = deliveries.deliver(
            work, order_id, version, {first["id"]: Decimal(4), bolt["id"]: Decimal(0)}, carrier=" DHL ", tracking="1Z"
        )
    record = order_of(database, firm.anna, order_id)
    assert [one["open"] for one in record["lines"]] == [Decimal(6), Decimal(0), Decimal("2.5")]
    assert (record["delivered_percent"], record["open_net"]) == (Decimal(30), Decimal(280))
    assert record.version > version
    with database.read(firm.anna) as work:
        delivery = deliveries.get(work, made)
        assert (delivery["number"], delivery["ship_to"], delivery["carrier"]) == ("D2026-0001", "Gate 3", "DHL")
        assert [(one["name"], one["quantity"], one["ordered"]) for one in delivery["lines"]] == [
            ("Bearing", Decimal(4), Decimal(10))
        ]
        assert [one.open for one in deliveries.open_lines(work, order_id)] == [Decimal(6), Decimal("2.5")]
    with database.begin(firm.anna) as work:
        deliveries.deliver(
            work, order_id, 0, {first["id"]: Decimal(6), bolt["id"]: Decimal("2.5")}, delivered_on=date(2026, 12, 1)
        )
    record = order_of(database, firm.anna, order_id)
    assert (record["delivered_percent"], record["open_net"]) == (Decimal(100), Decimal(0))


def test_never_more_than_is_open(database: Database, firm: Firm) -> None:
    order_id = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=3, unit="pcs"))
    (only,) = lines_of(database, firm, order_id)
    with pytest.raises(deliveries.NotOpen) as caught, database.begin(firm.anna) as work:
        deliveries.deliver(work, order_id, 0, {only["id"]: Decimal("3.000001")})
    assert str(caught.value) == "Only 3 pcs of Bearing are open, so 3.000001 cannot be delivered."
    for wrong in ({}, {only["id"]: Decimal(0)}, {only["id"]: Decimal(-1)}, {99: Decimal(1)}, {only["id"]: "x"}):
        with pytest.raises(Invalid) as refused, database.begin(firm.anna) as work:
            deliveries.deliver(work, order_id, 0, wrong)  # type: ignore[arg-type]
        assert refused.value.field == "quantities"
    draft = new_order(database, firm.anna, customer(database, firm.anna, "Other"))
    with pytest.raises(rules.WrongState), database.begin(firm.anna) as work:
        deliveries.deliver(work, draft, 0, {lines_of(database, firm, draft)[0]["id"]: Decimal(1)})
    with pytest.raises(NotAllowed), database.begin(firm.buyer) as work:
        deliveries.deliver(work, order_id, 0, {only["id"]: Decimal(1)})
    with database.read(SYSTEM) as work:
        assert work.session.get(Counter, ("delivery", 2026)) is None


def test_what_came_back_is_open_again_and_points_to_its_delivery(database: Database, firm: Firm) -> None:
    order_id = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10), line("Bolt"))
    first, bolt = lines_of(database, firm, order_id)
    with database.begin(firm.anna) as work:
        one = deliveries.deliver(work, order_id, 0, {first["id"]: Decimal(4)})
        two = deliveries.deliver(work, order_id, 0, {first["id"]: Decimal(6), bolt["id"]: Decimal(1)})
        back = deliveries.take_back(work, one, {first["id"]: Decimal("1.5")})
        assert [line.open for line in deliveries.returnable(work, one)] == [Decimal("2.5")]
    record = order_of(database, firm.anna, order_id)
    assert [line["delivered"] for line in record["lines"]] == [Decimal("8.5"), Decimal(1)]
    assert record["lines"][0]["open"] == Decimal("1.5")
    with database.read(firm.anna) as work:
        returned = deliveries.get(work, back)
        assert (returned["returns_id"], returned["returns_number"]) == (one, "D2026-0001")
        assert [line["quantity"] for line in returned["lines"]] == [Decimal("-1.5")]
        assert [head.returns_id for head in deliveries.deliveries_of(work, order_id)] == [None, None, one]
    with pytest.raises(deliveries.NotOpen, match=r"Only 2\.5"), database.begin(firm.anna) as work:
        deliveries.take_back(work, one, {first["id"]: Decimal(3)})
    with pytest.raises(Invalid), database.begin(firm.anna) as work:
        deliveries.take_back(work, one, {bolt["id"]: Decimal(1)})
    with pytest.raises(rules.WrongState), database.begin(firm.anna) as work:
        deliveries.take_back(work, back, {first["id"]: Decimal(1)})
    with database.begin(firm.anna) as work:
        deliveries.take_back(work, two, {bolt["id"]: Decimal(1)})
    with pytest.raises(deliveries.NotOpen, match="Nothing of Bolt"), database.begin(firm.anna) as work:
        deliveries.take_back(work, two, {bolt["id"]: Decimal(1)})


def test_a_posted_delivery_changes_only_how_it_travels(database: Database, firm: Firm) -> None:
    order_id = confirmed_order(database, firm.anna, customer(database, firm.anna))
    (only,) = lines_of(database, firm, order_id)
    with database.begin(firm.anna) as work:
        made = deliveries.deliver(work, order_id, 0, {only["id"]: Decimal(1)})
        opened = deliveries.get(work, made)
    with database.begin(firm.boss) as work:
        deliveries.save(work, made, opened.version, {"carrier": "UPS"})
    with database.begin(firm.anna) as work:
        deliveries.save(work, made, opened.version, {"tracking": " 1Z "})
        assert (deliveries.get(work, made)["carrier"], deliveries.get(work, made)["tracking"]) == ("UPS", "1Z")
    with pytest.raises(Conflict), database.begin(firm.anna) as work:
        deliveries.save(work, made, opened.version, {"carrier": "DHL"})
    with pytest.raises(Invalid), database.begin(firm.anna) as work:
        deliveries.save(work, made, opened.version, {"delivered_on": date(2026, 1, 1)})


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act` in that many threads from one gate; returns results and the sentences of refusals."""
    gate = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(number: int) -> None:
        gate.wait()
        try:
            results[number] = act(number)
        except UserError as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_people_deliver_the_last_piece(database: Database, firm: Firm) -> None:
    order_id = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=5, unit="pcs"))
    (only,) = lines_of(database, firm, order_id)
    with database.begin(firm.anna) as work:
        deliveries.deliver(work, order_id, 0, {only["id"]: Decimal(4)})
    version = version_of(database, Order, order_id)

    def last(number: int) -> int:
        with database.begin((firm.anna, firm.boss)[number % 2]) as work:
            return deliveries.deliver(work, order_id, version, {only["id"]: Decimal(1)})

    results = at_once(4, last)
    assert sum(isinstance(one, int) for one in results) == 1
    refused = [str(one) for one in results if not isinstance(one, int)]
    assert refused == ["Nothing of Bearing is open any more."] * 3
    with database.read(SYSTEM) as work:
        assert sum(work.session.scalars(select(DeliveryLine.quantity))) == 5
        assert work.session.get_one(Counter, ("delivery", 2026)).last == 2


def test_two_people_take_the_same_piece_back(database: Database, firm: Firm) -> None:
    order_id = confirmed_order(database, firm.anna, customer(database, firm.anna))
    (only,) = lines_of(database, firm, order_id)
    with database.begin(firm.anna) as work:
        sent = deliveries.deliver(work, order_id, 0, {only["id"]: Decimal(1)})

    def back(_number: int) -> int:
        with database.begin(firm.anna) as work:
            return deliveries.take_back(work, sent, {only["id"]: Decimal(1)})

    assert sum(isinstance(one, int) for one in at_once(3, back)) == 1
    assert order_of(database, firm.anna, order_id)["lines"][0]["delivered"] == 0


def test_two_people_confirm_one_order(database: Database, firm: Firm) -> None:
    order_id = new_order(database, firm.anna, customer(database, firm.anna))

    def confirm(_number: int) -> service.Confirmed:
        with database.begin(firm.anna) as work:
            return service.confirm(work, order_id, 1)

    results = at_once(4, confirm)
    assert sum(isinstance(one, service.Confirmed) for one in results) == 1
    assert sum(isinstance(one, rules.WrongState) for one in results) == 3


def test_ten_people_confirm_without_a_gap(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    orders = [new_order(database, firm.anna, contact_id) for _number in range(10)]

    def confirm(number: int) -> str:
        with database.begin(firm.anna) as work:
            done = service.confirm(work, orders[number], 1)
            if number % 3 == 0:
                raise Invalid("number", "the power went")
            return done.number

    numbers = sorted(one for one in at_once(10, confirm) if isinstance(one, str))
    assert numbers == [f"S2026-{number:04d}" for number in range(1, 7)]
