"""Short ways for the tests of credit: terms, open claims and advances put straight into the books."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import settings
from crm_desktop.receivables.collecting import credit_terms
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.companies import NOW

TODAY = NOW.date()


def set_terms(database: Database, by: Actor, contact_id: int, **values: Any) -> None:
    with database.begin(by) as work:
        credit_terms.save(work, contact_id, credit_terms.get(work, contact_id).version, values)


def set_company(database: Database, **values: Any) -> None:
    with database.begin(SYSTEM) as work:
        settings.save_settings(work, settings.get_settings(work).version, values)


def of_customer(work: Any, contact_id: int) -> dict[str, Any]:
    contact = work.get(Contact, contact_id)
    return {"contact_id": contact.id, "owner_key": contact.owner_key, "contact_sort": contact.sort_key}


def claim(database: Database, contact_id: int, minor: int, late: int = -10, **values: Any) -> int:
    """Put an open claim of a posted invoice into the books, `late` days overdue; returns the instalment's id."""
    rate, currency = values.pop("rate", Decimal(1)), values.pop("currency", "CNY")
    with database.begin(SYSTEM) as work:
        whose = of_customer(work, contact_id)
        common = {"currency": currency, "dated_on": TODAY - timedelta(days=200)}
        count = len(list(work.session.scalars(select(Invoice.id))))
        invoice = Invoice(
            **whose,
            **common,
            kind=values.pop("kind", "invoice"),
            state="posted",
            number=f"I-{count}",
            serial=count,
            rate=rate,
            total=minor,
            open_amount=minor,
            prices_include_tax=False,
            tax_method="document",
            created_at=work.now,
            updated_at=work.now,
        )
        work.session.add(invoice)
        work.session.flush()
        if invoice.kind == "credit":
            return invoice.id
        part = Instalment(
            **whose,
            **common,
            invoice_id=invoice.id,
            position=0,
            amount=minor,
            open_amount=minor,
            claimed_on=common["dated_on"],
            due_on=TODAY - timedelta(days=late),
            **values,
        )
        work.session.add(part)
        work.session.flush()
        return part.id


def advance(database: Database, contact_id: int, minor: int) -> None:
    with database.begin(SYSTEM) as work:
        count = len(list(work.session.scalars(select(Receipt.id))))
        work.session.add(
            Receipt(
                **of_customer(work, contact_id),
                number=f"R-{count}",
                serial=count,
                dated_on=TODAY,
                currency="CNY",
                amount=minor,
                open_amount=minor,
                created_at=work.now,
                updated_at=work.now,
            )
        )
