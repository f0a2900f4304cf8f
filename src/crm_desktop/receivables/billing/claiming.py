"""How the total of an invoice becomes instalments that count: those planned on its order first.

The planned row itself becomes the claim, it is never copied; only what no plan covers is made anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select, update

from crm_desktop.db.work import Work
from crm_desktop.orders import instalments
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.instalments import Part, Planned
from crm_desktop.orders.model import Instalment, OrderLine, PaymentTerm
from crm_desktop.receivables import rules
from crm_desktop.receivables.model import Invoice, InvoiceLine
from crm_desktop.receivables.settings import get_settings
from crm_desktop.shared.money import from_minor

_FOLLOWED: Final = ("contact_id", "owner_key", "contact_sort", "currency", "salesperson_id")


@dataclass(slots=True)
class PlannedRow:
    """A planned instalment of an order; `amount` (minor units) is what nobody claimed of it yet."""

    id: int
    order_id: int
    position: int
    amount: int
    due_on: date | None
    event: str
    label: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One instalment that posting claims: a planned row (`planned_id`), or a part of it (`rest` stays planned)."""

    order_id: int | None
    position: int
    amount: int
    due_on: date | None
    event: str = ""
    label: str = ""
    planned_id: int | None = None
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Sold:
    """What the claims of an invoice follow from: which order each line is of, and its amount with tax."""

    order_id: int | None
    amount: int


def shares(invoice: Any, lines: Iterable[Sold]) -> dict[int | None, int]:
    """Return how much of an invoice's total is of each order, in minor units; None is of no order.

    A line of no order belongs to the order the invoice was made from. What is deducted from one share more
    than it has is taken from the others.
    """
    found: dict[int | None, int] = {}
    for line in lines:
        of = line.order_id or invoice.order_id
        found[of] = found.get(of, 0) + line.amount
    lacking = -sum(amount for amount in found.values() if amount < 0)
    for of in sorted(found, key=lambda one: (one is not None, one or 0)):
        taken = min(max(found[of], 0), lacking)
        found[of] = max(found[of], 0) - taken
        lacking -= taken
    return {of: amount for of, amount in found.items() if amount}


@dataclass(slots=True)
class Plans:
    """What is planned on some orders, and which of them claimed by themselves; claims are taken from it."""

    rows: dict[int, list[PlannedRow]]
    claimed_by_order: set[int]
    terms: dict[int, list[Part]]
    due_days: int

    @classmethod
    def read(cls, work: Work, order_ids: Iterable[int], term_ids: Iterable[int | None]) -> "Plans":
        """Return the plans of these orders as they are stored, with these payment terms."""
        read = cls({}, set(), {}, get_settings(work).due_days)
        names = ("id", "order_id", "position", "amount", "due_on", "event", "label")
        planned = select(*(getattr(Instalment, name) for name in names)).where(
            Instalment.claimed_on.is_(None), Instalment.moved_from_id.is_(None)
        )
        by_order = select(Instalment.order_id).where(
            Instalment.claimed_on.is_not(None), Instalment.invoice_id.is_(None)
        )
        for some in portions(sorted(set(order_ids))):
            mine = Instalment.order_id.in_(some)
            for row in work.session.execute(planned.where(mine).order_by(Instalment.position, Instalment.id)):
                read.rows.setdefault(row.order_id, []).append(PlannedRow(*row))
            read.claimed_by_order |= {of for of in work.session.scalars(by_order.where(mine)) if of is not None}
        if wanted := {term_id for term_id in term_ids if term_id is not None}:
            stored = select(PaymentTerm.id, PaymentTerm.parts).where(PaymentTerm.id.in_(wanted))
            for id_, parts in work.session.execute(stored):
                read.terms[id_] = [Part.of(part) for part in parts]
        return read

    def claim(self, invoice: Any, lines: Sequence[Sold]) -> list[Claim]:
        """Return the claims of an invoice and take them off what is planned."""
        made: list[Claim] = []
        for order_id, amount in shares(invoice, lines).items():
            if order_id is None:
                made += self._anew(invoice, None, amount, len(made))
            elif order_id not in self.claimed_by_order:
                made += self._of_order(invoice, order_id, amount, rounding=len(lines))
        return made

    def _of_order(self, invoice: Any, order_id: int, amount: int, *, rounding: int) -> list[Claim]:
        rows = self.rows.get(order_id, [])
        place = max((row.position for row in rows), default=-1) + 1
        made: list[Claim] = []
        # What the draft was written for comes first.
        for row in sorted(rows, key=lambda one: one.id != invoice.instalment_id):
            taken = min(row.amount, amount)
            if taken <= 0:
                continue
            row.amount -= taken
            if not row.amount:
                rows.remove(row)
            amount -= taken
            made.append(Claim(order_id, row.position, taken, row.due_on, row.event, row.label, row.id, row.amount))
        if not amount:
            return made
        if made and amount <= rounding:
            # Cents that taxes of parts are more than the tax of the whole make no instalment of their own.
            return [*made[:-1], replace(made[-1], amount=made[-1].amount + amount)]
        return made + self._anew(invoice, order_id, amount, place, whole=not made)

    def _anew(self, invoice: Any, order_id: int | None, amount: int, place: int, *, whole: bool = True) -> list[Claim]:
        """Return what no plan covers: by the invoice's terms, else at once on its due date."""
        planned: Sequence[Planned] = ()
        parts = self.terms.get(invoice.payment_term_id or 0)
        if whole and parts and invoice.due_on is None:
            planned = instalments.plan(parts, amount, invoice.currency, invoice.dated_on)
        if not planned or any(one.amount < 0 for one in planned):  # fixed parts may be more than there is
            planned = (Planned(amount, invoice.due_on or invoice.dated_on + timedelta(days=self.due_days)),)
        return [
            Claim(order_id, place + more, one.amount, one.due_on, one.event, one.label)
            for more, one in enumerate(one for one in planned if one.amount)
        ]


def sold_in(work: Work, invoice_ids: Iterable[int]) -> dict[int, list[Sold]]:
    """Return what the claims of these invoices follow from."""
    found: dict[int, list[Sold]] = {}
    asked = select(InvoiceLine.invoice_id, OrderLine.order_id, InvoiceLine.net + InvoiceLine.tax).outerjoin(
        OrderLine, OrderLine.id == InvoiceLine.order_line_id
    )
    for some in portions(sorted(invoice_ids)):
        for invoice_id, order_id, amount in work.session.execute(asked.where(InvoiceLine.invoice_id.in_(some))):
            found.setdefault(invoice_id, []).append(Sold(order_id, amount))
    return found


def attach(work: Work, claims: Sequence[tuple[Any, Claim]]) -> list[int]:
    """Store the claims, each with its invoice, and return the ids of their instalments; what is open comes after."""
    whole = [(invoice, one) for invoice, one in claims if one.planned_id is not None and not one.rest]
    fresh = [(invoice, one) for invoice, one in claims if one.planned_id is None or one.rest]
    # Several invoices may take from the same planned row: what the last one leaves is what stays.
    taken = {one.planned_id for _invoice, one in whole}
    rests = {one.planned_id: one.rest for _invoice, one in fresh if one.planned_id not in taken}
    _update(work, ("amount",), [(id_, {"amount": rest}) for id_, rest in rests.items() if id_ is not None])
    _update(
        work,
        ("amount", "invoice_id", "dated_on", "claimed_on"),
        [(one.planned_id, {"amount": one.amount} | _claimed(invoice)) for invoice, one in whole if one.planned_id],
    )
    ids = [one.planned_id for _invoice, one in whole if one.planned_id is not None]
    rows = [
        {name: getattr(invoice, name) for name in _FOLLOWED}
        | {name: getattr(one, name) for name in ("order_id", "position", "amount", "due_on", "event", "label")}
        | _claimed(invoice)
        | {"open_amount": 0, "dispute_reason": "", "dunning_level": 0}
        for invoice, one in fresh
    ]
    if rows:
        # In any order: asked for in theirs, SQLite would be given row by row.
        ids += work.session.scalars(insert(Instalment).returning(Instalment.id), rows)
    return ids


def drop_leftovers(work: Work, order_ids: Iterable[int]) -> None:
    """Remove what is still planned on orders that are invoiced completely: the invoices say what is owed."""
    for some in portions(sorted(order_ids)):
        work.session.execute(
            delete(Instalment).where(Instalment.order_id.in_(some), Instalment.claimed_on.is_(None)),
            execution_options={"synchronize_session": "fetch"},
        )


def detach(work: Work, invoice: Invoice, totals: Mapping[int, int]) -> None:
    """Take the claims of an invoice back: what was planned on an order is planned again, the rest goes.

    `totals` gives the totals of the orders, so that planned and claimed parts add up to no more.
    """
    work.session.flush()
    asked = select(Instalment).where(Instalment.invoice_id == invoice.id)
    rows = list(work.session.scalars(asked.order_by(Instalment.position, Instalment.id)))
    for order_id in sorted({row.order_id for row in rows if row.order_id is not None}):
        _plan_again(work, [row for row in rows if row.order_id == order_id], totals[order_id])
    for row in rows:
        if row.invoice_id is not None:
            work.session.delete(row)
    work.session.flush()


def shown(work: Work, invoice: Invoice, day: date) -> tuple[dict[str, Any], ...]:
    """Return the instalments of an invoice as records have them; of a draft those that posting would make."""
    if invoice.kind == rules.CREDIT:
        return ()
    if invoice.state == rules.DRAFT:
        lines = sold_in(work, [invoice.id]).get(invoice.id, [])
        orders = {one.order_id or invoice.order_id for one in lines} - {None}
        plans = Plans.read(work, [of for of in orders if of is not None], [invoice.payment_term_id])
        found: Sequence[Any] = [_Preview(one) for one in plans.claim(invoice, lines)]
    else:
        asked = select(Instalment).where(Instalment.invoice_id == invoice.id)
        found = list(work.session.scalars(asked.order_by(Instalment.position, Instalment.id)))
    return tuple(_shown(one, place, invoice, day) for place, one in enumerate(found, 1))


class _Preview:
    """A claim that posting would make, read as an instalment."""

    def __init__(self, claim: Claim) -> None:
        self.id = self.settled_on = self.disputed_on = self.moved_from_id = None
        self.label, self.due_on, self.event, self.amount = claim.label, claim.due_on, claim.event, claim.amount
        self.open_amount, self.dispute_reason, self.dunning_level = claim.amount, "", 0


def _shown(one: Any, place: int, invoice: Invoice, day: date) -> dict[str, Any]:
    names = ("id", "label", "due_on", "event", "settled_on", "disputed_on", "dispute_reason", "dunning_level")
    return {name: getattr(one, name) for name in names} | {
        "place": place,
        "dated_on": invoice.dated_on,
        "late": rules.days_late(one.due_on, day) if one.open_amount else None,
        "amount": from_minor(one.amount, invoice.currency),
        "open": from_minor(one.open_amount, invoice.currency),
        "moved_from_id": one.moved_from_id,
    }


def _plan_again(work: Work, rows: Sequence[Instalment], total: int) -> None:
    """Make claims of an order planned ones again, joined with what stayed planned of the same instalment."""
    order_id = rows[0].order_id
    others = list(
        work.session.scalars(
            select(Instalment).where(
                Instalment.order_id == order_id,
                Instalment.moved_from_id.is_(None),
                Instalment.id.not_in([row.id for row in rows]),
            )
        )
    )
    planned = {(one.position, one.due_on, one.event, one.label): one for one in others if one.claimed_on is None}
    room = max(total - sum(one.amount for one in others), 0)
    last: Instalment | None = None
    for row in rows:
        kept = min(row.amount, room)
        if not kept:
            continue
        room -= kept
        last = planned.get((row.position, row.due_on, row.event, row.label))
        if last is not None:
            last.amount += kept
            continue
        last, row.amount, row.open_amount = row, kept, 0
        row.invoice_id = row.claimed_on = row.dated_on = row.settled_on = row.disputed_on = None
        row.dispute_reason, row.dunning_level, row.dunned_on = "", 0, None
    if last is not None:
        last.amount += room


def _claimed(invoice: Any) -> dict[str, Any]:
    return {"invoice_id": invoice.id, "dated_on": invoice.dated_on, "claimed_on": invoice.dated_on}


def _update(work: Work, names: Sequence[str], rows: Sequence[tuple[int, dict[str, Any]]]) -> None:
    if not rows:
        return
    table: Any = Instalment.__table__
    statement = update(table).where(table.c.id == bindparam("of_id"))
    work.session.connection().execute(
        statement.values({name: bindparam(f"new_{name}") for name in names}),
        [{"of_id": id_} | {f"new_{name}": value for name, value in values.items()} for id_, values in rows],
    )
