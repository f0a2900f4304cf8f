"""A year of business for the tests of Home, in three currencies, for customers of everybody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from crm_desktop.activities import kinds
from crm_desktop.activities import service as activities
from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.orders import deliveries
from crm_desktop.orders import service as orders
from crm_desktop.orders.model import OrderLine
from crm_desktop.pipeline import reasons, stages
from crm_desktop.pipeline import service as chances
from crm_desktop.receivables.money import promises
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.companies import Firm
from tests.receivables.documents import credit, pay, posted

TODAY: Final = date(2026, 11, 20)
OWNERS: Final = ("boss", "manager", "anna", "chen", "outsider")


def fill_books(database: Database, firm: Firm, accountant: Actor) -> dict[str, list[int]]:
    """Put in two customers of each seller, and one of nobody, with all that Home counts; returns them by owner."""
    found: dict[str, list[int]] = {}
    for place, owner in enumerate((*OWNERS, "")):
        found[owner] = [
            customer_of(database, f"Customer {place}{nth}", getattr(firm, owner).user_id if owner else None)
            for nth in range(2)
        ]
    for place, contact_id in enumerate(id_ for ids in found.values() for id_ in ids):
        _owe(database, accountant, contact_id, place)
        _order(database, contact_id, place)
        _expect(database, contact_id, place)
        _talk(database, firm, contact_id, place)
    return found


def customer_of(database: Database, name: str, owner_id: int | None) -> int:
    with database.begin(SYSTEM) as work:
        return contacts.create(work, {"kind": "company", "name": name, "is_customer": True, "owner": owner_id})


def _days_ago(days: int) -> date:
    return TODAY - timedelta(days)


def _owe(database: Database, accountant: Actor, contact_id: int, place: int) -> None:
    currency = ("CNY", "CNY", "USD", "EUR")[place % 4]
    for nth, late in enumerate((-20, -3, 5, 45, 75, 120, 200)):
        amount = 100 + 10 * nth + place
        posted(database, contact_id, (amount, _days_ago(late)), dated_on=_days_ago(max(late, 0) + 30),
               currency=currency, number=f"I-{place}-{nth}")  # fmt: skip
    posted(database, contact_id, (77, None), dated_on=_days_ago(2), currency=currency, number=f"U-{place}")
    posted(database, contact_id, (55, TODAY), dated_on=TODAY, currency=currency, number=f"T-{place}")
    if place % 3 == 0:
        credit(database, contact_id, "12.50", number=f"C-{place}", dated_on=_days_ago(1), currency=currency)
    for days in (1, 25, 360):
        pay(database, accountant, contact_id, str(30 + days), None, method="transfer", currency=currency,
            dated_on=_days_ago(days))  # fmt: skip
    with database.begin(accountant) as work:
        promises.promise(
            work, contact_id, {"currency": currency, "amount": Decimal(9000), "made_on": _days_ago(9),
                               "due_on": _days_ago(place % 3) if place % 2 else TODAY + timedelta(3)},
        )  # fmt: skip


def _order(database: Database, contact_id: int, place: int) -> None:
    line = {"name": "Bearing", "quantity": Decimal(4), "unit_price": Decimal(10 + place), "tax_percent": Decimal(13)}
    with database.begin(SYSTEM) as work:
        for days, due in ((1, -5), (31, 6), (364, None)):
            values = {"contact_id": contact_id, "dated_on": _days_ago(days), "lines": [line],
                      "due_on": None if due is None else _days_ago(due)}  # fmt: skip
            order_id = orders.create(work, values)
            orders.confirm(work, order_id, orders.get(work, order_id).version)
            if days == 364:
                asked = select(OrderLine.id, OrderLine.quantity).where(OrderLine.order_id == order_id)
                version = orders.get(work, order_id).version
                deliveries.deliver(work, order_id, version, dict(work.session.execute(asked).all()))
        orders.create(work, {"contact_id": contact_id, "dated_on": TODAY, "lines": [line]})


def _expect(database: Database, contact_id: int, place: int) -> None:
    with database.begin(SYSTEM) as work:
        steps = stages.stages(work)
        made = []
        for nth in range(3):
            values = {"name": f"Chance {place}{nth}", "stage_id": steps[(place + nth) % len(steps)].id,
                      "amount": Decimal(1000 + place), "currency": ("CNY", "USD")[nth % 2]}  # fmt: skip
            made.append(chances.create(work, contact_id, values))
        won = chances.get(work, made[0])
        if place % 2:
            chances.win(work, won.id, won.version)
        lost = chances.get(work, made[1])
        if place % 3 == 0:
            chances.lose(work, lost.id, lost.version, reasons.reasons(work)[0].id)


def _talk(database: Database, firm: Firm, contact_id: int, place: int) -> None:
    with database.begin(SYSTEM) as work:
        of = kinds.kinds(work)
        people = [getattr(firm, name).user_id for name in OWNERS]
        for nth, kind in enumerate(of):
            done = datetime(2026, 11, 1, 0, 30, tzinfo=UTC) + timedelta(days=nth * 3 - 2, hours=place)
            values = {"kind_id": kind.id, "notes": f"Said {place}{nth}", "done_at": done,
                      "user_id": people[place % len(people)]}  # fmt: skip
            activities.log(work, contact_id, values)
        activities.plan(work, contact_id, {"kind_id": of[0].id, "subject": "Ask again", "due_on": _days_ago(place - 3)})
