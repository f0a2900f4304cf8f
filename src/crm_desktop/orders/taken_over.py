"""Deliveries from before: the day an imported order was shipped elsewhere, as the delivery of all its lines.

What of a line is delivered always is the sum of its deliveries, so the day in a sheet becomes one. It is
called after the order's number and is outside our own series: its `serial` is `BEFORE`. It uses no credit: it
was claimed where it was made. It may still be invoiced here, if nobody did there.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from sqlalchemy import Table, insert

from crm_desktop.db.journal import CREATE, Note
from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.batch import Made, new_ids
from crm_desktop.orders.deliveries import ENTITY
from crm_desktop.orders.model import Delivery, DeliveryLine

BEFORE: Final = 0
"""The `serial` of a delivery that was made before its order came here."""


def mark_delivered(made: Made) -> None:
    """Let an order that is not stored yet be wholly delivered."""
    for line in made.lines:
        line["delivered"] = line["quantity"] if line["kind"] == rules.ITEM else Decimal(0)
    made.columns["delivered_percent"] = rules.fulfilment(made.lines, "delivered")
    made.columns["open_net"] = 0


def insert_deliveries(work: Work, shipped: Sequence[tuple[int, Made, date]]) -> None:
    """Insert one delivery for each of these stored orders (with ids, and lines that have theirs); journalled."""
    deliveries, lines = [], []
    for id_, (order_id, made, shipped_on) in zip(new_ids(work, Delivery, len(shipped)), shipped, strict=True):
        delivery = _delivery(order_id, made, shipped_on) | {"id": id_}
        deliveries.append(delivery)
        carried = [
            {"delivery_id": id_, "order_line_id": line["id"], "quantity": line["delivered"]}
            for line in made.lines
            if line["delivered"]
        ]
        lines += carried
        told = [{"line": line["order_line_id"], "quantity": str(line["quantity"])} for line in carried]
        after = {"number": delivery["number"], "delivered_on": shipped_on.isoformat(), "lines": told}
        work.notes.add(ENTITY, id_, Note(CREATE, {}, after, 1, delivery["contact_id"]))
    for table, found in ((Delivery, deliveries), (DeliveryLine, lines)):
        if found:
            work.session.execute(insert(cast(Table, table.__table__)), found)


def _delivery(order_id: int, made: Made, shipped_on: date) -> dict[str, Any]:
    followed = ("contact_id", "owner_key", "contact_sort", "ship_to", "created_at", "created_by", "updated_at")
    return {name: made.columns[name] for name in (*followed, "updated_by")} | {
        "version": 1,
        "order_id": order_id,
        "returns_id": None,
        "number": f"{made.columns['number']}-1",
        "serial": BEFORE,
        "delivered_on": shipped_on,
        "carrier": "",
        "tracking": "",
        "notes": "",
    }
