"""A firm with something of every feature, and what each person may see of it, said in plain words."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crm_desktop.contacts.bulk import insert_contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database, Work
from crm_desktop.orders import deliveries, quotes, service
from crm_desktop.orders.model import Delivery, Order, OrderLine, Quote
from crm_desktop.products.model import Product
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.permissions import Domain, Permission, Scope
from tests.companies import Firm
from tests.orders.documents import product


@dataclass(frozen=True)
class Exam:
    """How the conformance tests look at one feature: its permission, a column, words to search, who sees what."""

    read: Permission
    column: str
    words: tuple[str, ...]
    visible: Callable[[Database, Actor], set[int]]


def fill_contacts(database: Database, firm: Firm, count: int = 120) -> None:
    chance = random.Random(5)
    owners = [None, *(getattr(firm, name).user_id for name in ("boss", "manager", "anna", "chen", "outsider", "buyer"))]
    with database.begin(SYSTEM) as work:
        insert_contacts(
            work,
            (
                chance.choice(({"is_supplier": True}, {}, {}, {"is_customer": False, "is_supplier": True}))
                | {
                    "kind": chance.choice(("company", "person")),
                    "name": f"{chance.choice(('Alpha', 'Beta', '龙珠'))} {number}",
                    "owner": chance.choice(owners),
                    "points": [{"kind": "phone", "value": f"0574-{8000000 + number}"}],
                }
                for number in range(count)
            ),
        )


def fill(database: Database, firm: Firm) -> None:
    """Put in contacts, products, and for every eighth customer a quote and an order, partly delivered."""
    fill_contacts(database, firm)
    bolt = product(database, "B-1", cost="6", category="Fasteners")
    product(database, "N-1", category="Fasteners")
    with database.begin(SYSTEM) as work:
        customers = list(work.session.scalars(select(Contact.id).where(Contact.is_customer).order_by(Contact.id)))
        for place, contact_id in enumerate(customers[::8]):
            _sell(work, contact_id, bolt, place)


def _sell(work: Work, contact_id: int, product_id: int, place: int) -> None:
    line = {
        "id": None,
        "kind": "item",
        "product_id": product_id,
        "name": "Bolt",
        "quantity": Decimal(10 + place),
        "unit_price": Decimal(7),
        "tax_percent": Decimal(13),
    }
    values = {"contact_id": contact_id, "lines": (line,), "currency": "CNY", "reference": f"PO-{place}"}
    quote_id = quotes.create(work, values)
    if place % 3:
        quotes.send(work, quote_id, work.get(Quote, quote_id).version)
    if place % 3 == 2:
        quotes.lose(work, quote_id, work.get(Quote, quote_id).version, "price")
    order_id = service.create(work, values)
    if place % 2:
        service.confirm(work, order_id, work.get(Order, order_id).version)
        first = work.session.scalars(select(OrderLine.id).where(OrderLine.order_id == order_id)).one()
        deliveries.deliver(work, order_id, work.get(Order, order_id).version, {first: Decimal(4)})


def reached(actor: Actor, owner: int | None, domain: Domain) -> bool:
    """The definition of the scope in words."""
    scope = actor.scope(domain)
    if scope in (Scope.NONE, Scope.ALL):
        return scope is Scope.ALL
    return owner is None or owner == actor.user_id or (scope is Scope.TEAM and owner in actor.team_ids)


def visible_contacts(database: Database, actor: Actor) -> set[int]:
    with database.read(SYSTEM) as work:
        rows = work.session.execute(
            select(Contact.id, Contact.owner_id, Contact.is_customer, Contact.is_supplier)
        ).all()
    return {
        row.id
        for row in rows
        if (row.is_customer and reached(actor, row.owner_id, Domain.SALES))
        or (row.is_supplier and reached(actor, row.owner_id, Domain.PURCHASING))
    }


def visible_products(database: Database, _actor: Actor) -> set[int]:
    with database.read(SYSTEM) as work:
        return set(work.session.scalars(select(Product.id)))


def of_customers(database: Database, actor: Actor, entity: Any, *conditions: Any) -> set[int]:
    """The documents of the customers whose sales the actor reaches, by the contact's own owner."""
    with database.read(SYSTEM) as work:
        rows = work.session.execute(
            select(entity.id, Contact.owner_id).join(Contact, Contact.id == entity.contact_id).where(*conditions)
        ).all()
    return {row.id for row in rows if reached(actor, row.owner_id, Domain.SALES)}


def visible_lines(database: Database, actor: Actor) -> set[int]:
    orders = of_customers(database, actor, Order, Order.state == "confirmed")
    with database.read(SYSTEM) as work:
        open_ = select(OrderLine.id, OrderLine.order_id).where(OrderLine.delivered < OrderLine.quantity)
        return {row.id for row in work.session.execute(open_) if row.order_id in orders}


EXAMS = {
    "contacts": Exam(Permission.CONTACT_READ, "name", ("alpha", "龙", "lz", "05748000"), visible_contacts),
    "products": Exam(Permission.PRODUCT_READ, "name", ("b-1", "product", "fast"), visible_products),
    "quotes": Exam(
        Permission.QUOTE_READ, "customer", ("alpha", "龙珠", "Q2026", "po-1"), lambda d, a: of_customers(d, a, Quote)
    ),
    "orders": Exam(
        Permission.ORDER_READ, "customer", ("alpha", "龙珠", "S2026", "3"), lambda d, a: of_customers(d, a, Order)
    ),
    "deliveries": Exam(
        Permission.DELIVERY_READ, "customer", ("beta", "D2026", "2"), lambda d, a: of_customers(d, a, Delivery)
    ),
    "backlog": Exam(Permission.ORDER_READ, "product", ("alpha", "S2026"), visible_lines),
}
