"""Invoices and credit notes as people write and read them; `posting` makes them binding."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.company import today
from crm_desktop.db.work import Work
from crm_desktop.orders import composing
from crm_desktop.orders.documents import Kind, add, change, described, editable, lines_of, step
from crm_desktop.orders.drafting import blank, carried, last_term, with_rate
from crm_desktop.orders.model import Delivery, Order, OrderLine
from crm_desktop.orders.rules import WrongState, reference_key
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import claiming, tax_invoices
from crm_desktop.receivables.model import Invoice, InvoiceLine
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, open_to_all, requires
from crm_desktop.shared.record import Record

ENTITY: Final = "invoice"
INVOICES: Final = Kind(
    ENTITY,
    Invoice,
    InvoiceLine,
    "invoice_id",
    composing.INVOICE_HEADER,
    composing.INVOICE_LINE,
    told_of_line=("covered",),
    left_behind=("dated_on", "due_on", "reason"),
)
AFTER_POSTING: Final = frozenset({"notes", "reference"})
"""What may still change once a document is posted: what colleagues note, and the customer's own number for it."""
_SHOWN: Final = (
    "kind",
    "taken_over",
    "origin_id",
    "order_id",
    "delivery_id",
    "instalment_id",
    "posted_at",
    "posted_by",
    "settled_on",
    "next_due_on",
)
_KEPT: Final = ("open_amount", "credited", "written_off")


@requires(Permission.INVOICE_READ)
def get(work: Work, invoice_id: int) -> Record:
    """Return one invoice or credit note with its lines, totals, instalments and where it came from.

    `status` is as `rules.status` says; `claims` is False when the order claimed. The `instalments` of a
    draft are those that posting would make. `credited_by` lists the credit notes, `tax_invoiced` and
    `tax_open` are what tax invoices cover of the total. Raises NotFound.
    """
    row = work.get(Invoice, invoice_id)
    values = described(work, INVOICES, row)
    values |= {name: getattr(row, name) for name in _SHOWN}
    values |= {name: from_minor(getattr(row, name), row.currency) for name in _KEPT}
    values |= _numbers(work, row)
    claims = makes_claims(row)
    values["claims"] = claims
    values["status"] = rules.status(
        row.state,
        row.kind,
        total=row.total,
        open_amount=row.open_amount,
        credited=row.credited,
        written_off=row.written_off,
        claims=claims,
    )
    values["instalments"] = claiming.shown(work, row, today(work))
    values["credited_by"] = _credit_notes(work, row)
    taxed = tax_invoices.sum_of(work, invoice_id=row.id)
    values["tax_invoiced"] = from_minor(taxed, row.currency)
    values["tax_open"] = from_minor(row.total - taxed, row.currency)
    return Record(row.id, row.version, values)


def makes_claims(row: Any) -> bool:
    """Return whether a posted document claims by itself; False when the confirmed order claimed."""
    return row.total == 0 or row.open_amount != 0 or row.settled_on is not None


@requires(Permission.INVOICE_WRITE)
def defaults(work: Work, contact_id: int | None = None, kind: str = rules.INVOICE) -> dict[str, Any]:
    """Return the values of a new invoice or credit note before anybody typed. Raises Invalid("rate")."""
    return _blank(work, contact_id, {"kind": kind})


@requires(Permission.INVOICE_WRITE)
def create(work: Work, values: Mapping[str, Any]) -> int:
    """Write down a draft and return its id; what is not given is as `defaults` says, `kind` an invoice.

    A credit note written like this is a free one. Raises Invalid.
    """
    return create_from(work, values)


@requires(Permission.INVOICE_WRITE)
def create_from(
    work: Work,
    values: Mapping[str, Any],
    *,
    order_id: int | None = None,
    delivery_id: int | None = None,
    instalment_id: int | None = None,
    origin_id: int | None = None,
) -> int:
    """Write down a draft that came from another document. Raises Invalid."""
    kind = values.get("kind") or rules.INVOICE
    if kind not in dict(rules.INVOICE_KINDS):
        raise Invalid("kind", N_("This value is not known. Choose one of the list."))
    row: Invoice = add(
        work,
        INVOICES,
        _blank(work, values.get("contact_id"), values),
        kind=kind,
        order_id=order_id,
        delivery_id=delivery_id,
        instalment_id=instalment_id,
        origin_id=origin_id,
    )
    _check_links(work, row)
    return row.id


@requires(Permission.INVOICE_WRITE)
def save(work: Work, invoice_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Save the changed values over `version` and return the new version.

    A posted document keeps everything but `AFTER_POSTING`. Raises Conflict, Invalid, NotFound.
    """
    row: Invoice = editable(work, INVOICES, invoice_id, version, changes)
    if row.state == rules.POSTED:
        _note_on_posted(work, row, changes)
        return int(row.version)
    _check_stays(row, changes)
    change(work, INVOICES, row, with_rate(work, changes, Invoice))
    _check_links(work, row)
    work.session.flush()
    return int(row.version)


@requires(Permission.INVOICE_WRITE)
def delete(work: Work, invoice_id: int, version: int) -> None:
    """Delete a draft that never had a number. Raises WrongState, Conflict."""
    row = step(work, INVOICES, invoice_id, version, rules.DRAFT)
    if row.number is not None:
        raise WrongState(N_("This draft keeps its number, so that none is missing. Correct it and post it again."))
    work.session.delete(row)
    work.session.flush()


@requires(Permission.INVOICE_WRITE)
def copy(work: Work, invoice_id: int) -> int:
    """Make a draft of what an invoice says, dated today, and return its id. Raises NotFound.

    After a credit note it invoices the same lines of the order once more.
    """
    row = work.get(Invoice, invoice_id)
    values = carried(work, INVOICES, row) | {"kind": row.kind, "lines": lines_to_copy(work, row)}
    return create_from(
        work, values, order_id=row.order_id, delivery_id=row.delivery_id, instalment_id=row.instalment_id
    )


@open_to_all("part of copying and crediting, which ask for their own permission")
def lines_to_copy(work: Work, row: Invoice) -> list[dict[str, Any]]:
    """Return the lines of a document as lines of another one that points to the same order lines."""
    names = composing.INVOICE_LINE
    return [{name: line[name] for name in names} | {"id": None} for line in lines_of(work, INVOICES, row.id, "")]


def _blank(work: Work, contact_id: int | None, given: Mapping[str, Any]) -> dict[str, Any]:
    proposed = {"payment_term_id": last_term(work, contact_id), "due_on": None, "reason": ""}
    return blank(work, contact_id, proposed | dict(given), Invoice)


def _note_on_posted(work: Work, row: Invoice, changes: Mapping[str, Any]) -> None:
    if fixed := changes.keys() - AFTER_POSTING:
        raise Invalid(
            sorted(fixed)[0], N_("This document is posted, so this stays. Credit it and write a new one to correct it.")
        )
    header = composing.clean_header(
        {name: changes.get(name, getattr(row, composing.column_of(name))) for name in INVOICES.header}
        | {"discount_amount": from_minor(row.discount_amount, row.currency)},
        INVOICES.header,
    )
    for name in changes:
        setattr(row, name, header[name])
    row.reference_key = reference_key(row.reference)
    row.updated_at, row.updated_by = work.now, work.actor.user_id
    work.session.flush()


def _check_stays(row: Invoice, changes: Mapping[str, Any]) -> None:
    """Raise Invalid for what a draft cannot become: another year under its number, another customer's correction."""
    dated_on = changes.get("dated_on")
    if row.number is not None and dated_on is not None and dated_on.year != row.dated_on.year:
        raise Invalid(
            "dated_on",
            N_("This draft keeps its number {number}, so its date stays in {year}."),
            number=row.number,
            year=row.dated_on.year,
        )
    if row.origin_id is not None:
        for name in ("contact_id", "currency"):
            if name in changes and changes[name] != getattr(row, name):
                raise Invalid(name, N_("A credit note stays with the customer and the currency of its invoice."))


def _check_links(work: Work, row: Invoice) -> None:
    """Raise Invalid unless the lines point to lines of orders and invoices of this customer and currency."""
    work.session.flush()
    mine = InvoiceLine.invoice_id == row.id
    of_order = (
        select(OrderLine.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.contact_id == row.contact_id, Order.currency == row.currency, Order.number.is_not(None))
    )
    of_invoice = (
        select(InvoiceLine.id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(Invoice.contact_id == row.contact_id, Invoice.currency == row.currency)
    )
    for column, lawful in ((InvoiceLine.order_line_id, of_order), (InvoiceLine.origin_line_id, of_invoice)):
        linked = set(work.session.scalars(select(column).where(mine, column.is_not(None))))
        if linked and linked != set(work.session.scalars(lawful.where(lawful.selected_columns[0].in_(linked)))):
            raise Invalid("lines", N_("A line belongs to another customer, or to another currency."))


def _numbers(work: Work, row: Invoice) -> dict[str, str]:
    asked: Sequence[tuple[str, Any, int | None]] = (
        ("origin_number", Invoice, row.origin_id),
        ("order_number", Order, row.order_id),
        ("delivery_number", Delivery, row.delivery_id),
    )
    return {
        name: (work.session.scalar(select(entity.number).where(entity.id == id_)) or "") if id_ else ""
        for name, entity, id_ in asked
    }


def _credit_notes(work: Work, row: Invoice) -> tuple[dict[str, Any], ...]:
    asked = select(Invoice.id, Invoice.number, Invoice.state, Invoice.dated_on, Invoice.total)
    found = work.session.execute(asked.where(Invoice.origin_id == row.id).order_by(Invoice.id))
    return tuple(
        {
            "id": one.id,
            "number": one.number or "",
            "state": one.state,
            "dated_on": one.dated_on,
            "total": from_minor(one.total, row.currency),
        }
        for one in found
    )
