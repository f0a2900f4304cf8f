"""Receipts of the demo, many at a time, as `receivables.money.receipts.post` makes them one by one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import insert, select

from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import CREATE, Note
from crm_desktop.db.work import Work
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.ledger import Use
from crm_desktop.receivables.ledger_model import Receipt, WriteOff
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.money.pouring import pour
from crm_desktop.receivables.numbering import next_numbers
from crm_desktop.shared.money import from_minor


@dataclass(slots=True)
class Transfer:
    """Money of one customer in minor units, and what it pays; `means` are columns of the receipt."""

    contact_id: int
    currency: str
    day: date
    amount: int
    rate: Decimal
    means: Mapping[str, Any]
    uses: Mapping[int, int] = field(default_factory=dict)
    taken: Sequence[tuple[str, int, int]] = ()
    missing: int = 0
    missing_kind: str = rules.DIFFERENCE


class OpenPart(NamedTuple):
    """An open instalment, in minor units."""

    id: int
    open: int
    dated_on: date | None
    due_on: date | None
    disputed: bool


class OpenMoney(NamedTuple):
    """A credit note or receipt that is not used up: the column that names it in an allocation."""

    column: str
    id: int
    open: int
    dated_on: date


Key = tuple[int, str]
"""A customer and a currency."""


def open_parts(work: Work, contact_ids: Iterable[int]) -> dict[Key, list[OpenPart]]:
    """Return what these customers owe, by due date."""
    found: dict[Key, list[OpenPart]] = defaultdict(list)
    asked = select(
        *(Instalment.contact_id, Instalment.currency, Instalment.id, Instalment.open_amount),
        *(Instalment.claimed_on, Instalment.due_on, Instalment.disputed_on),
    ).where(Instalment.open_amount != 0)
    for some in portions(sorted(set(contact_ids))):
        rows = work.session.execute(asked.where(Instalment.contact_id.in_(some)).order_by(Instalment.id))
        for contact_id, currency, id_, left, claimed_on, due_on, disputed_on in rows:
            found[contact_id, currency].append(OpenPart(id_, left, claimed_on, due_on, disputed_on is not None))
    for parts in found.values():
        parts.sort(key=lambda one: (one.due_on or date.max, one.id))
    return found


def open_money(work: Work, contact_ids: Iterable[int]) -> dict[Key, list[OpenMoney]]:
    """Return what these customers have left with us."""
    found: dict[Key, list[OpenMoney]] = defaultdict(list)
    sources: tuple[tuple[str, Any], ...] = (("credit_id", Invoice), ("receipt_id", Receipt))
    for some in portions(sorted(set(contact_ids))):
        for column, entity in sources:
            asked = select(entity.contact_id, entity.currency, entity.id, entity.open_amount, entity.dated_on)
            asked = asked.where(entity.contact_id.in_(some), entity.open_amount != 0)
            if entity is Invoice:
                asked = asked.where(Invoice.kind == rules.CREDIT)
            for contact_id, currency, *rest in work.session.execute(asked.order_by(entity.id)):
                found[contact_id, currency].append(OpenMoney(column, *rest))
    return found


def post(work: Work, transfers: Sequence[Transfer]) -> list[int]:
    """Post transfers in the order of their days and return the ids of their receipts, in the order given."""
    if not transfers:
        return []
    ids = _receipts(work, transfers)
    fees = _fees(work, transfers, ids)
    moved: list[tuple[int, Use, date]] = []
    for place, (one, id_) in enumerate(zip(transfers, ids, strict=True)):
        sources = [*one.taken, ("receipt_id", id_, one.amount)]
        if one.missing:
            sources.append(("write_off_id", fees[place], one.missing))
        moved += [(one.contact_id, use, one.day) for use in pour(sources, list(one.uses.items()))]
    ledger.allocate_many(work, moved)
    for one, id_ in zip(transfers, ids, strict=True):
        told = [{"amount": str(from_minor(amount, one.currency))} for amount in one.uses.values()]
        work.notes.add("receipt", id_, Note(CREATE, {}, {"uses": told}, 1, one.contact_id))
    return ids


def _receipts(work: Work, transfers: Sequence[Transfer]) -> list[int]:
    customers = ledger.lock_customers(work, {one.contact_id for one in transfers})
    numbers: dict[int, tuple[str, int]] = {}
    by_year: dict[int, list[int]] = defaultdict(list)
    for place in sorted(range(len(transfers)), key=lambda place: transfers[place].day):
        by_year[transfers[place].day.year].append(place)
    for places in by_year.values():
        taken = next_numbers(work, rules.RECEIPT, transfers[places[0]].day, len(places))
        numbers |= dict(zip(places, taken, strict=True))
    rows: list[dict[str, Any]] = []
    for place, one in enumerate(transfers):
        contact, (number, serial) = customers[one.contact_id], numbers[place]
        row = {"reference": "", "reference_key": "", "matures_on": None, "notes": "", **one.means}
        row |= {"kind": rules.RECEIPT, "number": number, "serial": serial, "dated_on": one.day, "version": 1}
        row |= {"currency": one.currency, "amount": one.amount, "open_amount": one.amount, "rate": one.rate}
        row |= {"salesperson_id": contact.owner_id, "created_at": work.now, "updated_at": work.now}
        rows.append(row | _whose(contact))
    made = insert(Receipt).returning(Receipt.id, sort_by_parameter_order=True)
    return list(work.session.scalars(made, rows))


def _fees(work: Work, transfers: Sequence[Transfer], ids: Sequence[int]) -> dict[int, int]:
    """Store the differences settled on the spot and return their ids by the place of the transfer."""
    short = [place for place, one in enumerate(transfers) if one.missing]
    customers = ledger.lock_customers(work, {transfers[place].contact_id for place in short})
    rows: list[dict[str, Any]] = []
    for place in short:
        one = transfers[place]
        row = {"kind": one.missing_kind, "dated_on": one.day, "currency": one.currency, "amount": one.missing}
        row |= {"receipt_id": ids[place], "created_at": work.now, "reason": "", "version": 1}
        rows.append(row | _whose(customers[one.contact_id]))
    if not rows:
        return {}
    made = insert(WriteOff).returning(WriteOff.id, sort_by_parameter_order=True)
    return dict(zip(short, work.session.scalars(made, rows), strict=True))


def _whose(contact: Contact) -> dict[str, Any]:
    return {"contact_id": contact.id, "owner_key": contact.owner_key, "contact_sort": contact.sort_key}
