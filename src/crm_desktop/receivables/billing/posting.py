"""Posting: an invoice or credit note gets its number, counts from then on, and changes no more.

One invoice or a thousand go the same way: everything is read and written for all of them at once, orders are
held first, then customers, then the documents, and the numbers are taken last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value

from crm_desktop.access.company import company
from crm_desktop.contacts.customers import check_customer
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders import fulfilment
from crm_desktop.orders.documents import check_sold
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.model import Order, OrderLine
from crm_desktop.orders.rules import WrongState
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.billing import claiming, crediting, stored_papers
from crm_desktop.receivables.billing.claiming import Claim, Plans, Sold
from crm_desktop.receivables.collecting import credit, credit_terms, exposure
from crm_desktop.receivables.model import Invoice, InvoiceLine
from crm_desktop.receivables.numbering import next_numbers
from crm_desktop.shared.errors import Conflict, Invalid, NotFound
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, requires

ENTITY: Final = "invoice"
_ALL: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted document and the number it got."""

    id: int
    number: str


class MoreThanOpen(Invalid):
    """A line invoices more of an order line than is open; whoever means it posts with `beyond`."""

    def __init__(self, position: int, message: str, **values: object) -> None:
        super().__init__("lines", message, line=position, **values)
        self.position = position


@requires(Permission.INVOICE_POST)
def post(work: Work, invoice_id: int, version: int, *, override: str = "", beyond: bool = False) -> Posted:
    """Post a draft: it gets its number, its claims begin, its paper is stored, and it changes no more.

    `override` is the reason why it goes on although the customer's credit does not carry it; `beyond` says
    that more than was ordered is meant. A credit note of an invoice is set off against what is open of that
    at once. Raises CreditStop, MoreThanOpen, Invalid beside what is missing, WrongState when somebody was
    faster, Conflict when it reads otherwise by now.
    """
    posted = _post(work, {invoice_id: version}, override, beyond=beyond)[0]
    stored_papers.keep(work, invoice_id)
    return posted


@requires(Permission.INVOICE_POST)
def post_many(
    work: Work, drafts: Sequence[tuple[int, int]], *, override: str = "", beyond: bool = False
) -> tuple[Posted, ...]:
    """Post drafts (id and version) in the order given, all of them or none; raises as `post` does.

    Their papers are made when they are first asked for, or by `stored_papers.keep_many`, and kept from then on.
    """
    return _post(work, dict(drafts), override, beyond=beyond)


def _post(work: Work, drafts: Mapping[int, int], override: str, *, beyond: bool) -> tuple[Posted, ...]:
    work.session.flush()
    order_ids, contact_ids = _held_by(work, list(drafts))
    orders = _locked_orders(work, order_ids)
    customers = ledger.lock_customers(work, contact_ids)
    rows = _locked_drafts(work, drafts, customers)
    lines = _lines_of(work, rows)
    for row in rows:
        _check(row, customers[row.contact_id], lines.get(row.id, ()))
    for day in {row.dated_on for row in rows}:
        ledger.check_day(work, day)
    crediting.check(work, [row for row in rows if row.kind == rules.CREDIT])
    if not beyond:
        _check_open(rows, lines, orders)
    claims, plans = _claims(work, rows, lines, order_ids)
    _check_credit(work, rows, claims, customers, override)
    ids = claiming.attach(work, [(row, one) for row in rows for one in claims[row.id]])
    posted = _write(work, rows)
    notes = crediting.to_set_off(rows)
    ledger.recompute(work, instalments=ids, invoices=[one.id for one in posted])
    _settle_orders(work, list(orders.values()), plans)
    _tell_orders(work, posted, orders, lines)
    crediting.set_off(work, notes)
    work.session.flush()
    return posted


def _held_by(work: Work, invoice_ids: Sequence[int]) -> tuple[set[int], set[int]]:
    """Return the orders that these documents invoice or credit, in whole or by line, and their customers."""
    orders: set[int | None] = set()
    customers: set[int] = set()
    of = select(Invoice.contact_id, Invoice.order_id)
    by_line = select(OrderLine.order_id).join(InvoiceLine, InvoiceLine.order_line_id == OrderLine.id)
    for some in portions(sorted(invoice_ids)):
        for contact_id, order_id in work.session.execute(of.where(Invoice.id.in_(some))):
            customers.add(contact_id)
            orders.add(order_id)
        orders |= set(work.session.scalars(by_line.where(InvoiceLine.invoice_id.in_(some)).distinct()))
    return {order_id for order_id in orders if order_id is not None}, customers


def _locked_orders(work: Work, order_ids: set[int]) -> dict[int, Order]:
    found: dict[int, Order] = {}
    for some in portions(sorted(order_ids)):
        asked = select(Order).where(Order.id.in_(some)).order_by(Order.id).with_for_update()
        rows = work.session.scalars(asked.execution_options(populate_existing=True))
        found |= {row.id: row for row in rows}
    for order in found.values():
        if order.number is None or order.state == "cancelled":
            raise WrongState(N_("The order of an invoice is confirmed first, and not cancelled."))
    return found


def _locked_drafts(work: Work, drafts: Mapping[int, int], customers: Mapping[int, Contact]) -> list[Invoice]:
    """Return the drafts in the order given, held. Raises NotFound, WrongState, Conflict."""
    found: dict[int, Invoice] = {}
    for some in portions(sorted(drafts)):
        asked = select(Invoice).where(Invoice.id.in_(some)).order_by(Invoice.id).with_for_update()
        rows = work.session.scalars(asked.execution_options(populate_existing=True))
        found |= {row.id: row for row in rows}
    for id_, version in drafts.items():
        if id_ not in found:
            raise NotFound
        if found[id_].state != rules.DRAFT:
            raise WrongState
        if found[id_].version != version or found[id_].contact_id not in customers:
            raise Conflict(theirs={}, original={}, version=found[id_].version)
    return [found[id_] for id_ in drafts]


def _lines_of(work: Work, rows: Sequence[Invoice]) -> dict[int, list[Any]]:
    """Return the lines of the documents, each with what its order line says of itself."""
    found: dict[int, list[Any]] = {}
    asked = select(
        *(InvoiceLine.invoice_id, InvoiceLine.kind, InvoiceLine.name, InvoiceLine.unit, InvoiceLine.quantity),
        *(InvoiceLine.covered, InvoiceLine.order_line_id, OrderLine.order_id),
        (InvoiceLine.net + InvoiceLine.tax).label("amount"),
        *(OrderLine.quantity.label("ordered"), OrderLine.delivered, OrderLine.invoiced),
    ).outerjoin(OrderLine, OrderLine.id == InvoiceLine.order_line_id)
    for some in portions([row.id for row in rows]):
        mine = asked.where(InvoiceLine.invoice_id.in_(some))
        for line in work.session.execute(mine.order_by(InvoiceLine.invoice_id, InvoiceLine.position, InvoiceLine.id)):
            found.setdefault(line.invoice_id, []).append(line)
    return found


def _check(row: Invoice, contact: Contact, lines: Sequence[Any]) -> None:
    if row.origin_id is None:
        # What was sold is corrected whatever became of the customer.
        check_customer(contact)
    check_sold(lines, row.total)


def _check_open(rows: Sequence[Invoice], lines: Mapping[int, Sequence[Any]], orders: Mapping[int, Order]) -> None:
    """Raise MoreThanOpen when lines together invoice more of an order line than is open."""
    covered: dict[int, Decimal] = {}
    for row in rows:
        if row.kind != rules.INVOICE:
            continue
        for place, line in enumerate(lines.get(row.id, ()), 1):
            if not line.order_line_id:
                continue
            most = line.ordered if orders[line.order_id].state == "confirmed" else line.delivered
            left = max(most - line.invoiced - covered.get(line.order_line_id, Decimal(0)), Decimal(0))
            covered[line.order_line_id] = covered.get(line.order_line_id, Decimal(0)) + line.covered
            if line.covered > left:
                raise MoreThanOpen(
                    place,
                    N_("Line {line}: only {open} {unit} of {name} are open to be invoiced, not {asked}."),
                    open=f"{left:,f}",
                    unit=line.unit,
                    name=line.name,
                    asked=f"{line.covered:,f}",
                )


def _claims(
    work: Work, rows: Sequence[Invoice], lines: Mapping[int, Sequence[Any]], order_ids: set[int]
) -> tuple[dict[int, list[Claim]], Plans]:
    """Return what each document claims, and the plans of the orders with what stays of them."""
    invoices = [row for row in rows if row.kind == rules.INVOICE]
    plans = Plans.read(work, order_ids, {row.payment_term_id for row in invoices})
    claims: dict[int, list[Claim]] = {row.id: [] for row in rows}
    for row in invoices:
        claims[row.id] = plans.claim(row, [Sold(line.order_id, line.amount) for line in lines.get(row.id, ())])
    return claims, plans


def _check_credit(
    work: Work,
    rows: Sequence[Invoice],
    claims: Mapping[int, Sequence[Claim]],
    customers: Mapping[int, Contact],
    override: str,
) -> None:
    """Raise CreditStop for what is claimed beyond the plans of orders, which count as confirmed already."""
    own = company(work).currency
    added: dict[int, Decimal] = {}
    first: dict[int, Invoice] = {}
    for row in rows:
        more = sum(one.amount for one in claims[row.id] if one.planned_id is None)
        if more > 0:
            worth = exposure.worth(from_minor(more, row.currency), row.rate, own)
            added[row.contact_id] = added.get(row.contact_id, Decimal(0)) + worth
            first.setdefault(row.contact_id, row)
    with work.system_rights("whether any limit binds; nothing of it is shown"):
        asked = credit_terms.may_bind(work, [customers[id_] for id_ in added])
    for id_ in asked:
        credit.check(work, id_, credit.POST, added[id_], Decimal(1), override, entity=ENTITY, entity_id=first[id_].id)


def _write(work: Work, rows: Sequence[Invoice]) -> tuple[Posted, ...]:
    """Give the documents their numbers and write down that they are posted."""
    _number(work, rows)
    table: Any = Invoice.__table__
    posted = {"state": rules.POSTED, "posted_at": work.now, "posted_by": work.actor.user_id}
    posted |= {"updated_at": work.now, "updated_by": work.actor.user_id}
    statement = (
        update(table)
        .where(table.c.id == bindparam("of_id"))
        .values(number=bindparam("its_number"), serial=bindparam("its_serial"), version=table.c.version + 1, **posted)
    )
    work.session.connection().execute(
        statement, [{"of_id": row.id, "its_number": row.number, "its_serial": row.serial} for row in rows]
    )
    for row in rows:
        work.note(
            ENTITY,
            row.id,
            "post",
            after={"number": row.number},
            contact_id=row.contact_id,
            version=row.version + 1,
        )
    return tuple(Posted(row.id, row.number or "") for row in rows)


def _number(work: Work, rows: Sequence[Invoice]) -> None:
    """Set the numbers of those that have none yet: a series per kind and year, each without gaps."""
    series: dict[tuple[str, int], list[Invoice]] = {}
    for row in rows:
        if row.number is None:
            series.setdefault((row.kind, row.dated_on.year), []).append(row)
    with work.session.no_autoflush:
        for kind, year in sorted(series):
            found = series[kind, year]
            taken = next_numbers(work, kind, found[0].dated_on, len(found))
            for row, (number, serial) in zip(found, taken, strict=True):
                set_committed_value(row, "number", number)
                set_committed_value(row, "serial", serial)


def _settle_orders(work: Work, orders: Sequence[Order], plans: Plans) -> None:
    """Bring the orders in line with what is invoiced of them now."""
    fulfilment.recompute(work, *orders)
    done = [order.id for order in orders if order.invoiced_percent == _ALL and plans.rows.get(order.id)]
    claiming.drop_leftovers(work, done)
    work.touch("order", *(order.id for order in orders))


def _tell_orders(
    work: Work, posted: Sequence[Posted], orders: Mapping[int, Order], lines: Mapping[int, Sequence[Any]]
) -> None:
    """Write into the history of each order which documents invoice or credit it."""
    numbers: dict[int, list[str]] = {}
    for one in posted:
        for order_id in {line.order_id for line in lines.get(one.id, ()) if line.order_id}:
            numbers.setdefault(order_id, []).append(one.number)
    if numbers:
        work.session.flush()
    for order_id, found in numbers.items():
        order = orders[order_id]
        work.note(
            Order.journal_entity,
            order_id,
            "invoice",
            after={"invoice": ", ".join(found)},
            contact_id=order.contact_id,
            version=order.version,
        )
