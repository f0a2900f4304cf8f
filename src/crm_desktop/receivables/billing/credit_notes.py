"""Credit notes made from an invoice, of the whole or of some lines; free ones are written in `invoices`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from crm_desktop.db.base import Quantity
from crm_desktop.db.work import Work
from crm_desktop.orders import composing, totals
from crm_desktop.orders import rules as order_rules
from crm_desktop.orders.documents import header_of, lines_of
from crm_desktop.orders.rules import WrongState
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import invoices
from crm_desktop.receivables.billing.invoices import INVOICES
from crm_desktop.receivables.model import Invoice, InvoiceLine
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor, to_minor
from crm_desktop.shared.permissions import Permission, requires

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Creditable:
    """A line of an invoice and how much of it may still be credited; drafts of credit notes count."""

    line_id: int
    code: str
    name: str
    unit: str
    quantity: Decimal
    credited: Decimal
    open: Decimal


@requires(Permission.INVOICE_READ)
def creditable(work: Work, invoice_id: int) -> tuple[Creditable, ...]:
    """Return the item lines of an invoice with what may still be credited of each. Raises NotFound."""
    row = work.get(Invoice, invoice_id)
    found = []
    credited = _credited(work, row.id)
    for line in lines_of(work, INVOICES, row.id, row.currency):
        if line["kind"] == order_rules.ITEM:
            gone = credited.get(line["id"], _ZERO)
            left = max(line["quantity"] - gone, _ZERO)
            found.append(Creditable(line["id"], line["code"], line["name"], line["unit"], line["quantity"], gone, left))
    return tuple(found)


@requires(Permission.INVOICE_WRITE)
def from_invoice(
    work: Work, invoice_id: int, lines: Mapping[int, Decimal] | None = None, *, reopens: bool = True
) -> int:
    """Make a draft credit note of a posted invoice, dated today, and return its id.

    `lines` gives quantities by line of the invoice, None all that is left of it. `reopens` says that the
    order may invoice the same again; without it the price alone comes down. Raises WrongState when nothing
    is left, Invalid("lines") for more than is left, NotFound.
    """
    row = work.get(Invoice, invoice_id)
    if row.state != rules.POSTED or row.kind != rules.INVOICE:
        raise WrongState(N_("A credit note corrects a posted invoice. A draft is changed or deleted."))
    left = {line.line_id: line.open for line in creditable(work, row.id)}
    wanted = _wanted(left, lines)
    items = [line for line in lines_of(work, INVOICES, row.id, row.currency) if line["id"] in wanted]
    values = header_of(INVOICES, row) | {
        "kind": rules.CREDIT,
        "dated_on": None,
        "due_on": None,
        "payment_term_id": None,
        "opening": "",
        "lines": [_credit_line(line, wanted[line["id"]], reopens=reopens) for line in items],
    }
    values["discount_amount"] = _discount(work, row, items, wanted, whole=wanted == left)
    values = _within(work, row, values)
    return invoices.create_from(work, values, origin_id=row.id, order_id=row.order_id, delivery_id=row.delivery_id)


def _wanted(left: Mapping[int, Decimal], lines: Mapping[int, Decimal] | None) -> dict[int, Decimal]:
    """Return the quantities to credit. Raises Invalid("lines"), WrongState when there are none."""
    wanted = {line_id: quantity for line_id, quantity in (left if lines is None else lines).items() if quantity}
    for line_id, quantity in wanted.items():
        if line_id not in left:
            raise Invalid("lines", N_("A line is no longer part of this invoice. Look at it again."))
        if not 0 <= quantity <= left[line_id]:
            raise Invalid("lines", N_("Only {open} of a line can be credited, not {asked}."), open=left[line_id],
                          asked=quantity)  # fmt: skip
    if not wanted:
        raise WrongState(N_("All of this invoice is credited, or stands on a draft credit note."))
    return wanted


def _credit_line(line: Mapping[str, Any], quantity: Decimal, *, reopens: bool) -> dict[str, Any]:
    return {name: line[name] for name in composing.LINE} | {
        "quantity": quantity,
        "order_line_id": line["order_line_id"] if reopens else None,
        "origin_line_id": line["id"],
    }


def _credited(work: Work, invoice_id: int) -> dict[int, Decimal]:
    """Return how much of each line stands on credit notes, drafts among them."""
    asked = (
        select(InvoiceLine.origin_line_id, func.sum(InvoiceLine.quantity, type_=Quantity))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(Invoice.origin_id == invoice_id, InvoiceLine.origin_line_id.is_not(None))
    )
    rows = work.session.execute(asked.group_by(InvoiceLine.origin_line_id))
    return {line_id: quantity for line_id, quantity in rows if line_id is not None}


def _discount(
    work: Work, row: Invoice, items: Sequence[Mapping[str, Any]], wanted: Mapping[int, Decimal], *, whole: bool
) -> Decimal:
    """Return the part of the invoice's discount amount that these quantities had; the last ones had the rest."""
    given = select(func.sum(Invoice.discount_amount)).where(Invoice.origin_id == row.id)
    left = max(row.discount_amount - int(work.session.scalar(given) or 0), 0)
    if not left or whole:
        return from_minor(left, row.currency)
    amounts = sum(
        totals.line_amount(
            totals.LineInput(wanted[line["id"]], line["unit_price"], line["discount_percent"], line["tax_percent"]),
            row.currency,
        )
        for line in items
    )
    share = Decimal(row.discount_amount) * amounts / (row.subtotal or 1)
    return from_minor(min(int(share.quantize(Decimal(1), "ROUND_HALF_UP")), left), row.currency)


def _within(work: Work, row: Invoice, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the cents taken off by which parts, each rounded, are more than the whole."""
    total = composing.compose(values | {"dated_on": row.dated_on}, INVOICES.header, INVOICES.line_names).columns[
        "total"
    ]
    others = select(func.sum(Invoice.total)).where(Invoice.origin_id == row.id)
    over = total + int(work.session.scalar(others) or 0) - row.total
    if not 0 < over <= len(values["lines"]):
        return values
    more = to_minor(values["discount_amount"], row.currency) + over
    return values | {"discount_amount": from_minor(more, row.currency)}
