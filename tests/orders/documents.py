"""Documents for the tests: a customer, products, and short ways to write quotes and orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.orders import quotes, service
from crm_desktop.orders.model import Order, Quote
from crm_desktop.products.model import Product, ProductCost
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.record import Record


def customer(database: Database, by: Actor, name: str = "Atlas", **values: Any) -> int:
    with database.begin(by) as work:
        return contacts.create(work, {"name": name, "is_customer": True, **values})


def contact_version(database: Database, contact_id: int) -> int:
    with database.read(SYSTEM) as work:
        return work.get(Contact, contact_id).version


def product(database: Database, code: str, cost: str | None = None, **values: Any) -> int:
    with database.begin(SYSTEM) as work:
        row = Product(
            **{"name": f"Product {code}", "unit": "pcs", "tax_percent": Decimal(13)} | values,
            code=code,
            code_key=code.lower(),
            sort_key=code.lower(),
            haystack=code.lower(),
            created_at=work.now,
            updated_at=work.now,
        )
        work.session.add(row)
        work.session.flush()
        if cost is not None:
            work.session.add(ProductCost(product_id=row.id, cost=Decimal(cost)))
        return row.id


def line(
    name: str = "Bearing", quantity: object = 1, price: object = 100, tax: object = 13, **values: Any
) -> dict[str, Any]:
    return {
        "id": None,
        "kind": "item",
        "name": name,
        "quantity": Decimal(str(quantity)),
        "unit_price": Decimal(str(price)),
        "tax_percent": Decimal(str(tax)),
    } | values


def new_quote(database: Database, by: Actor, contact_id: int, *lines: dict[str, Any], **values: Any) -> int:
    with database.begin(by) as work:
        return quotes.create(work, {"contact_id": contact_id, "lines": lines or (line(),), **values})


def new_order(database: Database, by: Actor, contact_id: int, *lines: dict[str, Any], **values: Any) -> int:
    with database.begin(by) as work:
        return service.create(work, {"contact_id": contact_id, "lines": lines or (line(),), **values})


def quote_of(database: Database, by: Actor, quote_id: int) -> Record:
    with database.read(by) as work:
        return quotes.get(work, quote_id)


def order_of(database: Database, by: Actor, order_id: int) -> Record:
    with database.read(by) as work:
        return service.get(work, order_id)


def version_of(database: Database, entity: type[Quote] | type[Order], id_: int) -> int:
    with database.read(SYSTEM) as work:
        return work.get(entity, id_).version


def confirmed_order(database: Database, by: Actor, contact_id: int, *lines: dict[str, Any], **values: Any) -> int:
    order_id = new_order(database, by, contact_id, *lines, **values)
    with database.begin(by) as work:
        service.confirm(work, order_id, work.get(Order, order_id).version)
    return order_id


def sent_quote(database: Database, by: Actor, contact_id: int, *lines: dict[str, Any], **values: Any) -> int:
    quote_id = new_quote(database, by, contact_id, *lines, **values)
    with database.begin(by) as work:
        quotes.send(work, quote_id, work.get(Quote, quote_id).version)
    return quote_id
