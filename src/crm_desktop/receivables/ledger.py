"""What is open: the only module that writes allocations and the amounts kept from them.

Everything here runs inside the transaction of a service that was asked for it and checked the rights. The
customer is locked first, so that no two people use the same money. Kept amounts are recomputed from the
rows, never moved by deltas. Amounts are minor units.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, case, func, insert, select, text, update

from crm_desktop.access.company import today
from crm_desktop.contacts.customer_rows import in_sales_reach
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.receivables import rules
from crm_desktop.receivables.ledger_model import Allocation, Receipt, Reschedule, WriteOff
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.settings import get_settings
from crm_desktop.shared.errors import Invalid, NotFound, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor

SOURCES: Final = ("receipt_id", "credit_id", "write_off_id", "reschedule_id")
TARGETS: Final = ("instalment_id", "spent_id")
_LOCK: Final = text(
    # An array is unnested in its own order, which is the order of the ids.
    "select pg_advisory_xact_lock(hashtextextended('crm.money.' || id, 0)) from unnest(cast(:contacts as bigint[])) id"
)
_AT_ONCE: Final = 500


class NotEnough(UserError):
    """More is asked of a source, or given to a target, than is open by now; the sentence names it."""

    message = N_("Only {open} {currency} of {name} are open by now, so {asked} cannot be allocated.")


@dataclass(frozen=True, slots=True)
class Use:
    """`amount` of one source for one target; exactly one id of each is given."""

    amount: int
    receipt_id: int | None = None
    credit_id: int | None = None
    write_off_id: int | None = None
    reschedule_id: int | None = None
    instalment_id: int | None = None
    spent_id: int | None = None

    def source(self) -> tuple[str, int]:
        """Return the name of the source's column, and its id."""
        return next((name, getattr(self, name)) for name in SOURCES if getattr(self, name) is not None)

    def target(self) -> tuple[str, int]:
        """Return the name of the target's column, and its id."""
        return next((name, getattr(self, name)) for name in TARGETS if getattr(self, name) is not None)


@dataclass(frozen=True, slots=True)
class _Side:
    """A source or target as it stands: whose it is, what is open of it, and since when it counts."""

    contact_id: int
    name: str
    currency: str
    open: int
    since: date


def lock_customer(work: Work, contact_id: int) -> Contact:
    """Return the customer, alone with its money until the transaction ends. Raises NotFound."""
    return lock_customers(work, [contact_id])[contact_id]


def lock_customers(work: Work, contact_ids: Collection[int]) -> dict[int, Contact]:
    """Return the customers by id, alone with their money until the transaction ends. Raises NotFound.

    A file has one writer at a time; on a server everybody who touches money of a customer queues here, and
    the customer keeps its owner meanwhile. Several customers are locked in the order of their ids.
    """
    wanted, found = sorted(set(contact_ids)), {}
    for some in _portions(wanted):
        asked = select(Contact).where(Contact.id.in_(some), in_sales_reach(Contact, work.actor)).order_by(Contact.id)
        held = asked.with_for_update(read=True, key_share=True).execution_options(populate_existing=True)
        found.update({contact.id: contact for contact in work.session.scalars(held)})
    if len(found) < len(wanted):
        raise NotFound
    for some in _portions(wanted) if work.is_postgres else ():
        # The rows first, then the queue: a merge holds the row already when it comes here.
        work.session.execute(_LOCK, {"contacts": list(some)})
    return found


@dataclass(frozen=True, slots=True)
class OpenDays:
    """On which days something may be dated: after `closed` (None: any), and not after `today`."""

    closed: date | None
    today: date

    def check(self, day: date, field: str = "dated_on") -> date:
        """Return the day when something may be dated on it. Raises Invalid(field) for closed days and the future."""
        if self.closed is not None and day <= self.closed:
            message = N_("The books are closed through {day}. Choose a later day.")
            raise Invalid(field, message, day=self.closed.isoformat())
        if day > self.today:
            raise Invalid(field, N_("This day is still to come. Choose today or an earlier day."))
        return day


def open_days(work: Work) -> OpenDays:
    """Return the days that may be used, for those who check many."""
    return OpenDays(get_settings(work).closed_through, today(work))


def check_day(work: Work, day: date, field: str = "dated_on") -> date:
    """Return the day when something may be dated on it. Raises Invalid(field) for closed days and the future."""
    return open_days(work).check(day, field)


def allocate(work: Work, contact_id: int, uses: Sequence[Use], dated_on: date) -> list[int]:
    """Use sources for targets of one customer and return the ids of the allocations, rising.

    Each is dated `dated_on`, or the day its source or its target began or was last taken back, whichever is
    latest, so that no past day shows more used than there was. Raises NotEnough, Invalid("dated_on"), NotFound.
    """
    return allocate_many(work, [(contact_id, use, dated_on) for use in uses])


def allocate_many(work: Work, asked: Sequence[tuple[int, Use, date]]) -> list[int]:
    """Allocate for several customers at once: customer, use and day of each; as `allocate` otherwise."""
    contacts = lock_customers(work, {contact_id for contact_id, _use, _day in asked})
    work.session.flush()
    uses = [use for _contact_id, use, _day in asked]
    sides = _sides(work, contacts, uses)
    if any(sides[side].contact_id != id_ for id_, use, _day in asked for side in (use.source(), use.target())):
        raise NotFound
    _check_open(sides, uses)
    days = [max(day, sides[use.source()].since, sides[use.target()].since) for _id, use, day in asked]
    for day in {min(days), max(days)} if days else ():
        check_day(work, day)
    rows = [
        {
            **{name: getattr(use, name) for name in (*SOURCES, *TARGETS)},
            **_of(contacts[contact_id]),
            "currency": sides[use.source()].currency,
            "amount": use.amount,
            "dated_on": day,
            "reverses_id": None,
        }
        for (contact_id, use, _day), day in zip(asked, days, strict=True)
    ]
    return _store(work, rows)


def reverse(work: Work, contact_id: int, allocation_ids: Collection[int]) -> list[int]:
    """Take allocations of one customer back by rows dated today and return their ids.

    What was reversed already is left out. Raises NotFound for an allocation out of sight, Invalid("dated_on")
    when today is before one of them: the clock was wrong, or the company's time zone moved west.
    """
    contact = lock_customer(work, contact_id)
    work.session.flush()
    undone = select(Allocation.reverses_id).where(Allocation.reverses_id.in_(list(allocation_ids)))
    gone = set(work.session.scalars(undone))
    asked = select(Allocation).where(Allocation.id.in_(list(allocation_ids)), Allocation.contact_id == contact_id)
    found = [row for row in work.session.scalars(asked) if row.amount > 0]
    if len(found) < len(set(allocation_ids)):
        raise NotFound
    day = check_day(work, max([today(work), *(row.dated_on for row in found)]))
    rows = [
        {
            **{name: getattr(row, name) for name in (*SOURCES, *TARGETS, "currency")},
            **_of(contact),
            "amount": -row.amount,
            "dated_on": day,
            "reverses_id": row.id,
        }
        for row in found
        if row.id not in gone
    ]
    return _store(work, rows)


def recompute(
    work: Work,
    *,
    instalments: Iterable[int] = (),
    receipts: Iterable[int] = (),
    invoices: Iterable[int] = (),
) -> None:
    """Set what is kept of these rows anew from the allocations; invoices include credit notes.

    The invoices of the instalments are set as well.
    """
    work.session.flush()
    wanted, moved, documents = sorted(set(instalments)), sorted(set(receipts)), set(invoices)
    for some in _portions(wanted):
        _run(work, _open_of_instalments(), some)
        owned = select(Instalment.invoice_id).where(Instalment.id.in_(some), Instalment.invoice_id.is_not(None))
        documents |= set(work.session.scalars(owned))
    for some in _portions(moved):
        _run(work, _open_of_receipts(), some)
    for some in _portions(sorted(documents)):
        for statement in (_open_of_invoices(), _open_of_credits()):
            _run(work, statement, some)
    for row in list(work.session.identity_map.values()):
        if isinstance(row, Instalment | Receipt | Invoice):
            work.session.expire(row)
    for entity, ids in (("instalment", wanted), (rules.INVOICE, documents), (rules.RECEIPT, moved)):
        if ids:
            work.touch(entity, *ids)


def _of(contact: Contact) -> dict[str, Any]:
    return {"contact_id": contact.id, "owner_key": contact.owner_key, "contact_sort": contact.sort_key}


def _store(work: Work, rows: Sequence[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    same = {"created_at": work.now, "created_by": work.actor.user_id}
    # Returned in any order: asked for in theirs, SQLite would be given row by row.
    made = sorted(work.session.scalars(insert(Allocation).returning(Allocation.id), [row | same for row in rows]))
    recompute(
        work,
        instalments=_ids(rows, "instalment_id"),
        receipts=_ids(rows, "receipt_id"),
        invoices=_ids(rows, "credit_id"),
    )
    return made


def _ids(rows: Sequence[dict[str, Any]], name: str) -> set[int]:
    return {row[name] for row in rows if row[name] is not None}


def _check_open(sides: dict[tuple[str, int], _Side], uses: Sequence[Use]) -> None:
    asked: dict[tuple[str, int], int] = defaultdict(int)
    for use in uses:
        source, target = sides[use.source()], sides[use.target()]
        if use.amount <= 0:
            raise Invalid("amount", N_("An amount to allocate is above 0."))
        if source.currency != target.currency:
            raise Invalid(
                "amount",
                N_("{source} is in {one} and {target} in {other}, so they cannot be set off."),
                source=source.name,
                one=source.currency,
                target=target.name,
                other=target.currency,
            )
        asked[use.source()] += use.amount
        asked[use.target()] += use.amount
    for key, amount in asked.items():
        side = sides[key]
        if amount > side.open:
            raise NotEnough(
                name=side.name,
                currency=side.currency,
                open=f"{from_minor(side.open, side.currency):,}",
                asked=f"{from_minor(amount, side.currency):,}",
            )


def _sides(work: Work, contact_ids: Collection[int], uses: Sequence[Use]) -> dict[tuple[str, int], _Side]:
    """Return every source and target by column and id, read now that its customer is locked. Raises NotFound."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for use in uses:
        for name, id_ in (use.source(), use.target()):
            wanted[name].add(id_)
    found: dict[tuple[str, int], _Side] = {}
    for name, ids in wanted.items():
        statement, entity = _side(name)
        for some in _portions(sorted(ids)):
            rows = work.session.execute(statement.where(entity.id.in_(some)).add_columns(entity.contact_id))
            for id_, called, currency, left, began, reopened, contact_id in rows:
                if contact_id in contact_ids:
                    found[name, id_] = _Side(contact_id, called, currency, left, max(began, reopened or began))
    if len(found) < sum(map(len, wanted.values())):
        raise NotFound
    return found


@cache
def _side(name: str) -> tuple[Any, Any]:
    """Return the statement for id, name, currency, what is open, first day and last reversal of one kind of side."""
    column = getattr(Allocation, name)
    if name == "instalment_id":
        number = func.coalesce(Invoice.number, Order.number, Instalment.label)
        asked = select(Instalment.id, number, Instalment.currency, Instalment.open_amount, Instalment.claimed_on)
        asked = asked.outerjoin(Invoice, Invoice.id == Instalment.invoice_id).outerjoin(
            Order, Order.id == Instalment.order_id
        )
        return asked.where(Instalment.claimed_on.is_not(None)).add_columns(_reopened(column, Instalment.id)), Instalment
    if name == "credit_id":
        asked = select(Invoice.id, Invoice.number, Invoice.currency, Invoice.open_amount, Invoice.dated_on)
        usable = asked.where(Invoice.kind == rules.CREDIT, Invoice.state == rules.POSTED)
        return usable.add_columns(_reopened(column, Invoice.id)), Invoice
    entity: Any = {"write_off_id": WriteOff, "reschedule_id": Reschedule}.get(name, Receipt)
    called = Receipt.number if entity is Receipt else entity.reason
    asked = select(entity.id, called, entity.currency, entity.amount - _used(column, entity.id), entity.dated_on)
    if entity is Receipt:
        asked = asked.where(Receipt.kind == rules.RECEIPT if name == "receipt_id" else Receipt.kind != rules.RECEIPT)
    return asked.add_columns(_reopened(column, entity.id)), entity


def _reopened(column: Any, of: Any) -> Any:
    return select(func.max(Allocation.dated_on)).where(column == of, Allocation.amount < 0).scalar_subquery()


def _portions(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _run(work: Work, statement: Any, ids: Sequence[int]) -> None:
    work.session.execute(statement, {"ids": list(ids)}, execution_options={"synchronize_session": False})


def _those(column: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.in_(bindparam("ids", expanding=True))
    return found


def _used(column: Any, of: Any) -> Any:
    return func.coalesce(select(func.sum(Allocation.amount)).where(column == of).scalar_subquery(), 0)


def _last_day(column: Any, of: Any) -> Any:
    return select(func.max(Allocation.dated_on)).where(column == of).scalar_subquery()


# Put together once: making these statements anew took as long as all the rest of posting an invoice.
@cache
def _open_of_instalments() -> Any:
    left = Instalment.amount - _used(Allocation.instalment_id, Instalment.id)
    last = func.coalesce(_last_day(Allocation.instalment_id, Instalment.id), Instalment.claimed_on)
    claimed = update(Instalment).where(Instalment.claimed_on.is_not(None), _those(Instalment.id))
    return claimed.values(open_amount=left, settled_on=case((left == 0, last)))


@cache
def _open_of_receipts() -> Any:
    left = Receipt.amount - _used(Allocation.receipt_id, Receipt.id)
    last = func.coalesce(_last_day(Allocation.receipt_id, Receipt.id), Receipt.dated_on)
    received = update(Receipt).where(Receipt.kind == rules.RECEIPT, _those(Receipt.id))
    return received.values(open_amount=left, settled_on=case((left == 0, last)))


@cache
def _open_of_credits() -> Any:
    left = Invoice.total - _used(Allocation.credit_id, Invoice.id)
    last = func.coalesce(_last_day(Allocation.credit_id, Invoice.id), Invoice.dated_on)
    unused = update(Invoice).where(Invoice.kind == rules.CREDIT, _is_posted(), _those(Invoice.id))
    return unused.values(open_amount=left, settled_on=case((left == 0, last)))


@cache
def _open_of_invoices() -> Any:
    mine = Instalment.invoice_id == Invoice.id
    left = func.coalesce(_of_parts(func.sum(Instalment.open_amount), mine), 0)
    posted = update(Invoice).where(Invoice.kind == rules.INVOICE, _is_posted(), _those(Invoice.id))
    return posted.values(
        open_amount=left,
        settled_on=case((left == 0, _of_parts(func.max(Instalment.settled_on), mine))),
        next_due_on=_of_parts(func.min(Instalment.due_on), and_(mine, Instalment.open_amount != 0)),
        credited=_through(Allocation.credit_id.is_not(None)),
        written_off=_through(
            Allocation.write_off_id.in_(select(WriteOff.id).where(WriteOff.kind.in_((rules.BAD_DEBT, rules.ENDED))))
        ),
    )


def _is_posted() -> Any:
    # Not the bare column: SQLite would read every posted document by its index instead of the few by their ids.
    return func.coalesce(Invoice.state, "") == rules.POSTED


def _of_parts(what: Any, of: ColumnElement[bool]) -> Any:
    return select(what).where(of).scalar_subquery()


def _through(source: ColumnElement[bool]) -> Any:
    """Return how much of an invoice's instalments went through such a source."""
    used = (
        select(func.sum(Allocation.amount))
        .join(Instalment, Instalment.id == Allocation.instalment_id)
        .where(Instalment.invoice_id == Invoice.id, source)
    )
    return func.coalesce(used.scalar_subquery(), 0)
