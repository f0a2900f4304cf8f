"""What goes out for the demo's orders and what comes back, posted many at a time."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update

from crm_desktop.app.demo.deals import Customer, workday
from crm_desktop.app.demo.quoting import moment, numbers
from crm_desktop.app.demo.trading_words import TradingWords
from crm_desktop.db.journal import CREATE, Note, plain
from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.documents import ORDERS
from crm_desktop.orders.drafting import DELIVERIES
from crm_desktop.orders.model import Delivery, DeliveryLine, Order, OrderLine

_SOONEST: Final = 9
"""Days from an order to its first delivery, at least: they are never posted in one transaction."""
_AT_ONCE: Final = 500
_CANCELLED_EVERY, _CLOSED_EVERY, _LATE_EVERY = 45, 26, 14


@dataclass(slots=True)
class Sold:
    """A confirmed order, and how far it is."""

    id: int
    customer: Customer
    salesperson: int
    ordered_on: date
    lines: list[dict[str, Any]] = field(default_factory=list)
    """Dictionaries of id, kind, quantity, net, delivered."""


@dataclass(slots=True)
class Parcel:
    """Goods of one order that go out on a day; negative quantities by line come back, of the delivery `of`."""

    sold: Sold
    day: date
    quantities: dict[int, Decimal]
    of: "Parcel | None" = None
    id: int = 0


@dataclass(slots=True)
class Ending:
    """An order that comes to an end before all is delivered."""

    sold: Sold
    day: date
    cancels: bool


class Warehouse:
    """Plans and posts deliveries."""

    def __init__(self, words: TradingWords, prefix: str, last: date, chance: random.Random) -> None:
        self.words = words
        self.prefix = prefix
        self.last = last
        self.chance = chance
        self.parcels: list[Parcel] = []
        self.endings: list[Ending] = []
        self.planned = 0

    def plan(self, work: Work, sold: Sequence[Sold]) -> None:
        """Decide when the goods of new orders go out."""
        by_id = {one.id: one for one in sold}
        ids = list(by_id)
        for start in range(0, len(ids), _AT_ONCE):
            rows = work.session.execute(
                select(OrderLine.order_id, OrderLine.id, OrderLine.kind, OrderLine.quantity, OrderLine.net)
                .where(OrderLine.order_id.in_(ids[start : start + _AT_ONCE]))
                .order_by(OrderLine.id)
            )
            for order_id, id_, kind, quantity, net in rows:
                by_id[order_id].lines.append(
                    {"id": id_, "kind": kind, "quantity": quantity, "net": net, "delivered": Decimal(0)}
                )
        for one in sold:
            self._plan(one)
        self.parcels = [one for one in self.parcels if one.day <= self.last]
        self.endings = [one for one in self.endings if one.day <= self.last]

    def post(self, work: Work, until: date) -> list[Parcel]:
        """Post what goes out or comes back until a day, and return it."""
        due = sorted((one for one in self.parcels if one.day <= until), key=lambda one: (one.day, one.sold.id))
        self.parcels = [one for one in self.parcels if one.day > until]
        if not due:
            return []
        found = numbers(work, DELIVERIES, self.prefix, [one.day for one in due])
        rows = [self._row(one, *number) for one, number in zip(due, found, strict=True)]
        made = insert(Delivery).returning(Delivery.id, sort_by_parameter_order=True)
        for parcel, id_ in zip(due, work.session.scalars(made, rows), strict=True):
            parcel.id = id_
        work.session.execute(
            insert(DeliveryLine),
            [
                {"delivery_id": one.id, "order_line_id": line_id, "quantity": quantity}
                for one in due
                for line_id, quantity in one.quantities.items()
            ],
        )
        for parcel in due:
            for line in parcel.sold.lines:
                line["delivered"] += parcel.quantities.get(line["id"], Decimal(0))
        _settle(work, due)
        for parcel, row in zip(due, rows, strict=True):
            _note(work, parcel, row)
        return due

    def endings_until(self, until: date) -> list[Ending]:
        """Return the orders to end until a day, once."""
        due = [one for one in self.endings if one.day <= until]
        self.endings = [one for one in self.endings if one.day > until]
        return sorted(due, key=lambda one: (one.day, one.sold.id))

    def _plan(self, sold: Sold) -> None:
        chance = self.chance
        items = {line["id"]: line["quantity"] for line in sold.lines if line["kind"] == rules.ITEM}
        # Counted, so that a small demo has one of each too.
        self.planned += 1
        if self.planned % _CANCELLED_EVERY == _CANCELLED_EVERY // 2:
            self.endings.append(Ending(sold, workday(sold.ordered_on + timedelta(days=9)), cancels=True))
            return
        late = self.planned % _LATE_EVERY == 0
        parts = chance.choice((1, 1, 1, 2, 2, 3)) if len(items) > 1 or max(items.values()) > 1 else 1
        day = sold.ordered_on + timedelta(days=chance.randint(60, 120) if late else chance.randint(_SOONEST, 30))
        closes = self.planned % _CLOSED_EVERY == _CLOSED_EVERY // 2
        for quantities in _shares(items, max(parts, 2) if closes else parts, chance)[: 1 if closes else None]:
            parcel = Parcel(sold, workday(day), quantities)
            self.parcels.append(parcel)
            if chance.random() < 0.04:
                self._plan_return(parcel)
            day += timedelta(days=chance.randint(6, 25))
        if closes:
            self.endings.append(Ending(sold, workday(day + timedelta(days=14)), cancels=False))

    def _plan_return(self, parcel: Parcel) -> None:
        line_id, quantity = self.chance.choice(list(parcel.quantities.items()))
        back = Decimal(self.chance.randint(1, max(1, int(quantity) // 4)))
        day = workday(parcel.day + timedelta(days=self.chance.randint(10, 20)))
        self.parcels.append(Parcel(parcel.sold, day, {line_id: -back}, parcel))

    def _row(self, parcel: Parcel, number: str, serial: int) -> dict[str, Any]:
        sold, at = parcel.sold, moment(parcel.day)
        returns = parcel.of is not None
        carrier = "" if returns else self.chance.choice(self.words.carriers)
        return {
            "order_id": sold.id,
            "contact_id": sold.customer.id,
            "owner_key": sold.customer.owner_key,
            "contact_sort": sold.customer.contact_sort,
            "returns_id": parcel.of.id if parcel.of is not None else None,
            "number": number,
            "serial": serial,
            "delivered_on": parcel.day,
            "carrier": carrier,
            "tracking": f"{self.chance.randint(10**11, 10**12 - 1)}" if carrier else "",
            "notes": self.chance.choice(self.words.return_notes) if returns else "",
            "created_at": at,
            "created_by": sold.salesperson,
            "updated_at": at,
            "updated_by": sold.salesperson,
        }


def _shares(items: Mapping[int, Decimal], parts: int, chance: random.Random) -> list[dict[int, Decimal]]:
    """Return the quantities in at most `parts` parcels, whole pieces each, empty ones left out."""
    shares: list[dict[int, Decimal]] = [{} for _ in range(parts)]
    for line_id, quantity in items.items():
        left = quantity
        for share in shares[:-1]:
            taken = min(left, Decimal(chance.randint(0, int(quantity))))
            if taken:
                share[line_id] = taken
            left -= taken
        if left:
            shares[-1][line_id] = left
    return [share for share in shares if share]


def _settle(work: Work, due: Iterable[Parcel]) -> None:
    """Store how far the orders are now, as `orders.fulfilment` would."""
    moved = {line_id for one in due for line_id in one.quantities}
    orders = {one.sold.id: one.sold for one in due}
    lines, heads = [], []
    for sold in orders.values():
        lines += [{"line": line["id"], "so_far": line["delivered"]} for line in sold.lines if line["id"] in moved]
        heads.append(
            {
                "order": sold.id,
                "percent": rules.fulfilment(sold.lines, "delivered"),
                "left": rules.open_net(sold.lines, state=rules.CONFIRMED),
            }
        )
    line_table, order_table = OrderLine.__table__, Order.__table__
    connection = work.session.connection()
    connection.execute(
        update(OrderLine)
        .where(line_table.c.id == bindparam("line"))
        .values(delivered=bindparam("so_far", type_=line_table.c.delivered.type)),
        lines,
    )
    connection.execute(
        update(Order)
        .where(order_table.c.id == bindparam("order"), order_table.c.state == rules.CONFIRMED)
        .values(
            delivered_percent=bindparam("percent", type_=order_table.c.delivered_percent.type),
            open_net=bindparam("left", type_=order_table.c.open_net.type),
            version=order_table.c.version + 1,
        ),
        heads,
    )


def _note(work: Work, parcel: Parcel, row: Mapping[str, Any]) -> None:
    """Write what the services would: what went out, and the step of the order."""
    told = [{"line": line_id, "quantity": quantity} for line_id, quantity in parcel.quantities.items()]
    after = plain({"number": row["number"], "delivered_on": row["delivered_on"], "lines": told})
    customer = parcel.sold.customer.id
    work.notes.add(DELIVERIES, parcel.id, Note(CREATE, {}, after, 1, customer))
    step = "deliver" if parcel.of is None else "take_back"
    work.notes.add(ORDERS.entity, parcel.sold.id, Note(step, {}, {"delivery": row["number"]}, None, customer))
