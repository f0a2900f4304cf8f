"""Money for the tests: posted invoices and credit notes, receipts, and what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database, Work
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import ledger
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money import receipts
from crm_desktop.receivables.money.open_items import OpenItems, open_items
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.money import from_minor, to_minor
from tests.orders.documents import customer

__all__ = ["Posted", "credit", "customer", "money", "open_of", "pay", "posted", "receipt_of", "used_of"]

DAY = date(2026, 11, 20)
"""Today in the firm of the tests."""


@dataclass(frozen=True)
class Posted:
    """A posted invoice or credit note and its instalments."""

    id: int
    number: str
    instalments: tuple[int, ...]


def posted(
    database: Database,
    contact_id: int,
    *parts: tuple[object, date | None] | object,
    dated_on: date = date(2026, 11, 1),
    currency: str = "CNY",
    number: str = "",
    kind: str = "invoice",
) -> Posted:
    """Post an invoice whose instalments are `parts`: an amount due in a month, or (amount, day or None)."""
    with database.begin(SYSTEM) as work:
        return posted_in(work, contact_id, *parts, dated_on=dated_on, currency=currency, number=number, kind=kind)


def posted_in(
    work: Work,
    contact_id: int,
    *parts: tuple[object, date | None] | object,
    dated_on: date,
    currency: str = "CNY",
    number: str = "",
    kind: str = "invoice",
) -> Posted:
    """Write the rows that posting leaves behind, without paper and lines."""
    due = [part if isinstance(part, tuple) else (part, date(2026, 12, 1)) for part in parts]
    amounts = [to_minor(Decimal(str(amount)), currency) for amount, _day in due]
    contact = work.get(Contact, contact_id)
    followed = {"contact_id": contact.id, "owner_key": contact.owner_key, "contact_sort": contact.sort_key}
    row = Invoice(
        **followed,
        kind=kind,
        state="posted",
        currency=currency,
        dated_on=dated_on,
        prices_include_tax=False,
        tax_method="document",
        net=sum(amounts),
        total=sum(amounts),
        salesperson_id=contact.owner_id,
        posted_at=work.now,
        created_at=work.now,
        updated_at=work.now,
    )
    row.number = number or f"X{_count(work) + 1:06d}"
    work.session.add(row)
    work.session.flush()
    if kind == "credit":
        ledger.recompute(work, invoices=[row.id])
        return Posted(row.id, number or f"X{_count(work):06d}", ())
    parts_of = [
        Instalment(
            **followed,
            invoice_id=row.id,
            position=place,
            currency=currency,
            amount=amount,
            due_on=day,
            event="" if day else "on acceptance",
            dated_on=dated_on,
            claimed_on=dated_on,
            salesperson_id=contact.owner_id,
        )
        for place, (amount, (_amount, day)) in enumerate(zip(amounts, due, strict=True))
    ]
    work.session.add_all(parts_of)
    work.session.flush()
    ids, called, id_ = tuple(part.id for part in parts_of), row.number, row.id
    ledger.recompute(work, instalments=ids)
    return Posted(id_, called, ids)


def credit(database: Database, contact_id: int, amount: object, **values: Any) -> Posted:
    """Post a credit note that is not used yet."""
    return posted(database, contact_id, amount, kind="credit", **values)


def pay(
    database: Database,
    by: Actor,
    contact_id: int,
    amount: object,
    uses: Mapping[int, object] | None = None,
    taken: Mapping[tuple[str, int], object] | None = None,
    *,
    difference: tuple[str, object] | None = None,
    **values: Any,
) -> int:
    """Enter a receipt and return its id; without uses all of it is an advance."""
    with database.begin(by) as work:
        made = receipts.post(
            work,
            {"contact_id": contact_id, "currency": "CNY", "amount": money(amount), "dated_on": DAY, **values},
            {id_: money(some) for id_, some in (uses or {}).items()},
            {source: money(some) for source, some in (taken or {}).items()},
            difference=(difference[0], money(difference[1])) if difference else None,
        )
    return made or 0


def money(amount: object) -> Decimal:
    return Decimal(str(amount))


def open_of(database: Database, contact_id: int, currency: str = "CNY") -> OpenItems:
    with database.read(SYSTEM) as work:
        return open_items(work, contact_id, currency)


def opens(database: Database, instalment_ids: Sequence[int]) -> list[Decimal]:
    """What is open of these instalments, in their order."""
    with database.read(SYSTEM) as work:
        rows = {
            row.id: from_minor(row.open_amount, row.currency)
            for row in work.session.scalars(select(Instalment).where(Instalment.id.in_(list(instalment_ids))))
        }
    return [rows[id_] for id_ in instalment_ids]


def receipt_of(database: Database, by: Actor, receipt_id: int) -> Any:
    with database.read(by) as work:
        return receipts.get(work, receipt_id)


def used_of(database: Database, receipt_id: int) -> list[tuple[str, Decimal]]:
    """What a receipt was used for: number and amount, oldest first."""
    with database.read(SYSTEM) as work:
        return [(one.target_number, one.amount) for one in receipts.get(work, receipt_id)["uses"]]


def version_of(database: Database, receipt_id: int) -> int:
    with database.read(SYSTEM) as work:
        return work.get(Receipt, receipt_id).version


def _count(work: Work) -> int:
    return len(list(work.session.scalars(select(Invoice.id))))
