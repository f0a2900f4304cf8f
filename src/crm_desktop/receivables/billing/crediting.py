"""What a credit note may take back of its invoice, and how it is set off against what is open of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from crm_desktop.db.base import Quantity
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.ledger import Use
from crm_desktop.receivables.model import Invoice, InvoiceLine
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor


@dataclass(frozen=True, slots=True)
class Credit:
    """A posted credit note of an invoice, in minor units, read before its row is read anew."""

    id: int
    number: str
    contact_id: int
    origin_id: int
    total: int
    dated_on: date


def check(work: Work, rows: Sequence[Invoice]) -> None:
    """Raise Invalid unless each of these credit notes of invoices takes back no more than there is.

    Free credit notes pass. The customers are locked.
    """
    taken: dict[int, int] = {}
    for row in rows:
        if row.origin_id is None:
            continue
        origin = work.get(Invoice, row.origin_id)
        if origin.state != rules.POSTED or origin.kind != rules.INVOICE or origin.contact_id != row.contact_id:
            raise Invalid("origin_id", N_("A credit note corrects a posted invoice of the same customer."))
        if row.dated_on < origin.dated_on:
            raise Invalid("dated_on", N_("A credit note is dated on the day of its invoice or later."))
        taken[origin.id] = taken.get(origin.id, credited(work, origin.id)) + row.total
        if taken[origin.id] > origin.total:
            left = origin.total - taken[origin.id] + row.total
            raise Invalid(
                "lines",
                N_("Only {open} {currency} of invoice {number} can be credited, not {asked}."),
                open=f"{from_minor(left, row.currency):,}",
                currency=row.currency,
                number=origin.number,
                asked=f"{from_minor(row.total, row.currency):,}",
            )
        _check_lines(work, row)


def credited(work: Work, invoice_id: int) -> int:
    """Return what posted credit notes take back of an invoice, in minor units."""
    asked = select(func.sum(Invoice.total)).where(Invoice.origin_id == invoice_id, Invoice.state == rules.POSTED)
    return int(work.session.scalar(asked) or 0)


def to_set_off(rows: Sequence[Invoice]) -> list[Credit]:
    """Return those of the documents that are credit notes of an invoice."""
    return [
        Credit(row.id, row.number or "", row.contact_id, row.origin_id, row.total, row.dated_on)
        for row in rows
        if row.kind == rules.CREDIT and row.origin_id is not None
    ]


def set_off(work: Work, notes: Sequence[Credit]) -> None:
    """Use posted credit notes for what is open of their invoices, the earliest due first; the rest stays usable."""
    for credit in notes:
        uses, left = [], credit.total
        for instalment_id, amount in _open_of(work, credit.origin_id):
            taken = min(amount, left)
            if taken > 0:
                uses.append(Use(taken, credit_id=credit.id, instalment_id=instalment_id))
                left -= taken
        ledger.allocate(work, credit.contact_id, uses, credit.dated_on)
        origin = work.get(Invoice, credit.origin_id)
        work.note(
            Invoice.journal_entity,
            origin.id,
            "credit",
            after={"number": credit.number, "amount": from_minor(credit.total, origin.currency)},
            contact_id=origin.contact_id,
        )


def _check_lines(work: Work, row: Invoice) -> None:
    """Raise Invalid when more of a line comes back to its order than the invoice took."""
    origin, note, other = aliased(InvoiceLine), aliased(InvoiceLine), aliased(Invoice)
    back = (
        select(origin.name, origin.unit, origin.covered, func.sum(note.covered, type_=Quantity))
        .join(note, note.origin_line_id == origin.id)
        .join(other, other.id == note.invoice_id)
        .where(
            origin.invoice_id == row.origin_id,
            other.kind == rules.CREDIT,
            (other.state == rules.POSTED) | (other.id == row.id),
        )
        .group_by(origin.id, origin.name, origin.unit, origin.covered)
    )
    for name, unit, covered, asked in work.session.execute(back):
        if asked > covered:
            raise Invalid(
                "lines",
                N_("Only {open} {unit} of {name} were invoiced, so {asked} cannot be credited."),
                open=f"{covered:,f}",
                unit=unit,
                name=name,
                asked=f"{asked:,f}",
            )


def _open_of(work: Work, invoice_id: int) -> list[tuple[int, int]]:
    """Return id and open amount of what an invoice claims; where the order claimed, of what the order claims."""
    asked = (
        select(Instalment.id, Instalment.open_amount)
        .where(Instalment.open_amount > 0, Instalment.claimed_on.is_not(None))
        .order_by(func.coalesce(Instalment.due_on, date.max), Instalment.position, Instalment.id)
    )
    own = work.session.scalar(select(Instalment.id).where(Instalment.invoice_id == invoice_id).limit(1))
    order_id = work.session.scalar(select(Invoice.order_id).where(Invoice.id == invoice_id))
    of = Instalment.invoice_id == invoice_id
    if own is None and order_id is not None:
        of = (Instalment.order_id == order_id) & Instalment.invoice_id.is_(None)
    return [(row.id, row.open_amount) for row in work.session.execute(asked.where(of))]
