"""A firm with something of every feature, and what each person may see of it, said in plain words."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crm_desktop.activities import kinds
from crm_desktop.activities import service as activities
from crm_desktop.activities.model import Activity
from crm_desktop.contacts.bulk import insert_contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database, Work
from crm_desktop.orders import deliveries, quotes, service
from crm_desktop.orders.model import Delivery, Instalment, Order, OrderLine, Quote
from crm_desktop.pipeline import reasons
from crm_desktop.pipeline import service as opportunities
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.products.model import Product
from crm_desktop.receivables.billing import credit_notes, invoices, invoicing, posting, tax_invoices
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice, TaxInvoice
from crm_desktop.receivables.money import receipts
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
    """Put in contacts and products, and for every eighth customer what is sold, and of some what is owed and paid."""
    fill_contacts(database, firm)
    bolt = product(database, "B-1", cost="6", category="Fasteners")
    product(database, "N-1", category="Fasteners")
    with database.begin(SYSTEM) as work:
        _talk(work, list(work.session.scalars(select(Contact).order_by(Contact.id))))
        customers = list(work.session.scalars(select(Contact.id).where(Contact.is_customer).order_by(Contact.id)))
        for place, contact_id in enumerate(customers[::8]):
            _sell(work, contact_id, bolt, place)
            _expect(work, contact_id, place)


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
        if place % 3:
            _claim(work, contact_id, order_id, place)


def _expect(work: Work, contact_id: int, place: int) -> None:
    """Hope for something, and for every third customer know already."""
    id_ = opportunities.create(work, contact_id, {"name": f"Bearings {place}", "amount": 100 + place})
    if place % 3 == 1:
        opportunities.win(work, id_, 1)
    if place % 3 == 2:
        opportunities.lose(work, id_, 1, reasons.reasons(work)[0].id)


def _claim(work: Work, contact_id: int, order_id: int, place: int) -> None:
    """Invoice an order, have half of it paid with something on top, credit a piece, leave a draft behind."""
    invoice_id = invoicing.from_order(work, order_id)
    posting.post(work, invoice_id, work.get(Invoice, invoice_id).version)
    claim = work.session.scalars(select(Instalment.id).where(Instalment.invoice_id == invoice_id)).first()
    money = {"contact_id": contact_id, "currency": "CNY", "amount": Decimal(30 + place), "reference": f"WIRE-{place}"}
    receipts.post(work, money, {claim: Decimal(20)})
    line = invoices.get(work, invoice_id)["lines"][0]["id"]
    credit_id = credit_notes.from_invoice(work, invoice_id, {line: Decimal(1)})
    if place % 2:
        posting.post(work, credit_id, work.get(Invoice, credit_id).version)
    tax_invoices.create(work, {"number": f"2533-{place}", "amount": Decimal(9), "invoice_id": invoice_id})


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


def visible_activities(database: Database, actor: Actor) -> set[int]:
    """Those of a customer's sales and of a supplier's purchasing that the actor reaches on that very side."""
    with database.read(SYSTEM) as work:
        rows = work.session.execute(
            select(Activity.id, Activity.side, Contact.owner_id, Contact.is_customer, Contact.is_supplier).join(
                Contact, Contact.id == Activity.contact_id
            )
        ).all()
    return {
        row.id
        for row in rows
        if (row.side == "sales" and row.is_customer and reached(actor, row.owner_id, Domain.SALES))
        or (row.side == "purchasing" and row.is_supplier and reached(actor, row.owner_id, Domain.PURCHASING))
    }


def _talk(work: Work, contacts: Sequence[Contact]) -> None:
    """Say something to every fifth contact, and plan something with every seventh; to those on both sides, on both."""
    kind_id = kinds.kinds(work)[0].id
    for place, contact in enumerate(contacts):
        said = {"kind_id": kind_id, "notes": f"The sample {place} came through"}
        sides = ["sales"] * contact.is_customer + ["purchasing"] * contact.is_supplier
        for side in sides:
            if place % 5 == 0:
                logged = activities.log(work, contact.id, said).id
                work.session.get_one(Activity, logged).side = side
            if place % 7 == 0:
                planned = activities.plan(work, contact.id, said | {"due_on": date(2026, 12, 1)})
                work.session.get_one(Activity, planned).side = side


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


def visible_instalments(database: Database, actor: Actor) -> set[int]:
    """What is claimed and not settled, and what is planned on a confirmed order."""
    unsettled = of_customers(database, actor, Instalment, Instalment.settled_on.is_(None))
    confirmed = of_customers(database, actor, Order, Order.state == "confirmed")
    with database.read(SYSTEM) as work:
        rows = work.session.execute(select(Instalment.id, Instalment.claimed_on, Instalment.order_id)).all()
    return {row.id for row in rows if row.id in unsettled and (row.claimed_on or row.order_id in confirmed)}


EXAMS = {
    "contacts": Exam(Permission.CONTACT_READ, "name", ("alpha", "龙", "lz", "05748000"), visible_contacts),
    "products": Exam(Permission.PRODUCT_READ, "name", ("b-1", "product", "fast"), visible_products),
    "activities": Exam(
        Permission.ACTIVITY_READ, "customer", ("alpha", "龙珠", "sample", "alpha sample"), visible_activities
    ),
    "opportunities": Exam(
        Permission.OPPORTUNITY_READ,
        "name",
        ("alpha", "龙珠", "bearings", "bearings beta"),
        lambda d, a: of_customers(d, a, Opportunity),
    ),
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
    "invoices": Exam(
        Permission.INVOICE_READ,
        "customer",
        ("alpha", "龙珠", "INV2026", "po-1", "30.28"),
        lambda d, a: of_customers(d, a, Invoice),
    ),
    "receipts": Exam(
        Permission.RECEIPT_READ,
        "customer",
        ("beta", "wire-1", "31", "RC2026"),
        lambda d, a: of_customers(d, a, Receipt, Receipt.kind != "kept"),
    ),
    "instalments": Exam(Permission.INVOICE_READ, "customer", ("alpha", "INV2026", "S2026"), visible_instalments),
    "tax_invoices": Exam(
        Permission.INVOICE_READ, "customer", ("alpha", "2533"), lambda d, a: of_customers(d, a, TaxInvoice)
    ),
}
