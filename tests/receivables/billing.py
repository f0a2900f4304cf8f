"""Short ways to write and post invoices in the tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from crm_desktop.db.work import Database
from crm_desktop.orders import deliveries
from crm_desktop.orders import service as orders
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.receivables import settings
from crm_desktop.receivables.billing import credit_notes, invoices, invoicing, posting
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.record import Record
from tests.orders.documents import line

TODAY = date(2026, 11, 20)


def draft(database: Database, by: Actor, contact_id: int, *lines: dict[str, Any], **values: Any) -> int:
    with database.begin(by) as work:
        return invoices.create(work, {"contact_id": contact_id, "lines": lines or (line(),), **values})


def version_of(database: Database, invoice_id: int) -> int:
    with database.read(SYSTEM) as work:
        return work.get(Invoice, invoice_id).version


def post(database: Database, by: Actor, invoice_id: int, **how: Any) -> str:
    with database.begin(by) as work:
        return posting.post(work, invoice_id, work.get(Invoice, invoice_id).version, **how).number


def posted_invoice(database: Database, by: Actor, contact_id: int, *lines: dict[str, Any], **values: Any) -> int:
    made = draft(database, by, contact_id, *lines, **values)
    post(database, by, made)
    return made


def invoice_of(database: Database, by: Actor, invoice_id: int) -> Record:
    with database.read(by) as work:
        return invoices.get(work, invoice_id)


def from_order(database: Database, by: Actor, order_id: int, *quantities: object) -> int:
    """Make a draft of that much of the order's lines, in their order; of all that is left without."""
    with database.begin(by) as work:
        if not quantities:
            return invoicing.from_order(work, order_id)
        lines = invoicing.open_lines(work, order_id)
        asked = {one.line_id: Decimal(str(quantity)) for one, quantity in zip(lines, quantities, strict=False)}
        return invoicing.from_order(work, order_id, asked)


def credited(database: Database, by: Actor, invoice_id: int, lines: Any = None, **how: Any) -> int:
    """Make a credit note of an invoice and post it."""
    with database.begin(by) as work:
        made = credit_notes.from_invoice(work, invoice_id, lines, **how)
    post(database, by, made)
    return made


def delivered(database: Database, by: Actor, order_id: int, *quantities: object) -> int:
    """Deliver that much of the order's lines, in their order."""
    with database.begin(by) as work:
        order = work.get(Order, order_id)
        lines = orders.get(work, order_id)["lines"]
        asked = {
            one["id"]: Decimal(str(quantity)) for one, quantity in zip(lines, quantities, strict=False) if quantity
        }
        return deliveries.deliver(work, order_id, order.version, asked)


def plan_of(database: Database, order_id: int) -> list[tuple[str, Any, int | None]]:
    """Return amount, due date or event, and invoice of each instalment of an order, those planned with None."""
    with database.read(SYSTEM) as work:
        asked = select(Instalment).where(Instalment.order_id == order_id)
        rows = work.session.scalars(
            asked.order_by(Instalment.position, func.coalesce(Instalment.invoice_id, 10**9), Instalment.id)
        )
        return [(str(from_minor(row.amount, row.currency)), row.event or row.due_on, row.invoice_id) for row in rows]


def company_works(database: Database, **changes: Any) -> None:
    with database.begin(SYSTEM) as work:
        settings.save_settings(work, settings.get_settings(work).version, changes)
