"""What one figure of an ageing is made of: the instalments, receipts and credit notes behind it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.model import User
from crm_desktop.db.work import Work
from crm_desktop.receivables import rules
from crm_desktop.receivables.collecting.ageing import CUSTOMER, TEAM
from crm_desktop.receivables.collecting.as_of import BY_DUE
from crm_desktop.receivables.collecting.balances import LOOKS, OpenCredit, OpenItem, day_of, open_credits, open_items
from crm_desktop.receivables.collecting.customers import customers_of
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.permissions import requires

NOT_DUE: Final = "not_due"
UNDATED: Final = "undated"
UNAPPLIED: Final = "unapplied"
BALANCE: Final = "balance"
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Figure:
    """Which figure: a row of `ageing.ageing` (its grouping and key) and one of its columns."""

    as_of: date | None
    by: str
    group: str
    key: int | None
    currency: str
    slot: str


@dataclass(frozen=True, slots=True)
class AgedItem:
    """One part of a figure; what came in and is not used counts below 0. `document` can be opened."""

    document: tuple[str, int]
    contact_id: int
    customer: str
    number: str
    place: str
    text: str
    dated_on: date
    due_on: date | None
    late: int | None
    currency: str
    amount: Decimal
    open: Decimal


@requires(*LOOKS)
def aged_items(work: Work, figure: Figure) -> tuple[AgedItem, ...]:
    """Return what a figure is made of, by customer and the day it is due; the open amounts add up to it.

    The unapplied column counts what came in above 0, here it is below 0 as in the balance.
    """
    day = day_of(work, figure.as_of)
    belongs = _belonging(work, figure)
    of_customer = figure.key if figure.group == CUSTOMER else None
    claims: list[OpenItem] = []
    if figure.slot != UNAPPLIED:
        found = open_items(work, of_customer, figure.as_of, figure.currency)
        claims = [one for one in found if belongs(one.salesperson_id) and _in_slot(one, figure, day.as_of, day.bounds)]
    unused = list(_credits(work, figure, of_customer, belongs)) if figure.slot in (UNAPPLIED, BALANCE) else []
    names = customers_of(work, {one.contact_id for one in claims} | {one.contact_id for one in unused})
    made = [_claim(one, names[one.contact_id].name) for one in claims if one.contact_id in names]
    made += [_credit(one, names[one.contact_id].name) for one in unused if one.contact_id in names]
    return tuple(sorted(made, key=lambda one: (one.customer, one.due_on or date.max, one.dated_on, one.number)))


def _in_slot(one: OpenItem, figure: Figure, as_of: date, bounds: Collection[int]) -> bool:
    if figure.slot == BALANCE:
        return True
    late = one.late if figure.by == BY_DUE else rules.days_late(one.dated_on, as_of)
    if late is None:
        return figure.slot == UNDATED
    return figure.slot == (NOT_DUE if late <= 0 else f"b{rules.bucket_of(late, tuple(bounds))}")


def _belonging(work: Work, figure: Figure) -> Callable[[int | None], bool]:
    """Return whether what has a salesperson belongs to the row of the figure."""
    if figure.group == CUSTOMER:
        return lambda _salesperson: True
    if figure.group != TEAM:
        return lambda salesperson: salesperson == figure.key
    teams: dict[int | None, int | None] = dict(work.session.execute(select(User.id, User.team_id)).all())
    return lambda salesperson: teams.get(salesperson) == figure.key


def _credits(
    work: Work, figure: Figure, contact_id: int | None, belongs: Callable[[int | None], bool]
) -> Iterator[OpenCredit]:
    found = open_credits(work, contact_id, figure.as_of, figure.currency)
    if figure.group == CUSTOMER:
        yield from found
        return
    sellers: dict[tuple[str, int], int | None] = {}
    for kind, entity in ((rules.RECEIPT, Receipt), (rules.CREDIT, Invoice)):
        wanted = [one.id for one in found if one.kind == kind]
        for start in range(0, len(wanted), _AT_ONCE):
            of: Any = entity
            asked = select(of.id, of.salesperson_id).where(of.id.in_(wanted[start : start + _AT_ONCE]))
            sellers.update({(kind, row[0]): row[1] for row in work.session.execute(asked)})
    yield from (one for one in found if belongs(sellers.get((one.kind, one.id))))


def _claim(one: OpenItem, customer: str) -> AgedItem:
    document = ("order", one.order_id or 0) if one.invoice_id is None else ("invoice", one.invoice_id)
    text = " · ".join(part for part in (one.label, one.event) if part)
    return AgedItem(
        *(document, one.contact_id, customer, one.number, one.place, text),
        *(one.dated_on, one.due_on, one.late, one.currency, one.amount, one.open),
    )


def _credit(one: OpenCredit, customer: str) -> AgedItem:
    document = ("receipt" if one.kind == rules.RECEIPT else "invoice", one.id)
    return AgedItem(
        *(document, one.contact_id, customer, one.number, "", ""),
        *(one.dated_on, None, None, one.currency, -one.amount, -one.open),
    )
