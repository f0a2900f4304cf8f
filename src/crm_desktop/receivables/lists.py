"""The lists of invoices and credit notes, receipts, instalments, tax invoices."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from crm_desktop.access.company import today
from crm_desktop.contacts.row_list import Described, RowList
from crm_desktop.db.work import Work
from crm_desktop.orders import rules as order_rules
from crm_desktop.orders.field_parts import name_of, number_of_order
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.receivables import rules, search
from crm_desktop.receivables.fields import INVOICE_FIELDS, LATE, status
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice, TaxInvoice
from crm_desktop.receivables.money_fields import (
    INSTALMENT_FIELDS,
    RECEIPT_FIELDS,
    TAX_INVOICE_FIELDS,
    number_of_invoice,
)
from crm_desktop.shared.fields import Field, Use
from crm_desktop.shared.listing import Listing, Sort
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.record import Page

_AT_ONCE: Final = 500


class MoneyList(RowList):
    """A list whose sums come from an index of their own, unless a filter needs the rows."""

    def _sums(self, work: Work, listing: Listing, column: str) -> tuple[Money, ...]:
        query, rest = self._query(work, listing)
        group = "currency"
        if rest.filters or query.found is not None:
            # The index by currency would be walked for the sake of its order, and every row looked up.
            group, currency = "currency_apart", self.described.entity.currency
            apart = Field(group, currency.concat(""), "", 0, Use(0))
            query = replace(query, fields={**query.fields, group: apart})
        return tuple(Money.of_minor(minor, of) for of, minor in query.sums(work, rest, column, group))


class DueList(MoneyList):
    """A list with days late: it reads the day and counts to the business day of the company."""

    def _first_page(self, work: Work, listing: Listing, columns: Sequence[str], limit: int = 100) -> Page:
        return _counted(super()._first_page(work, listing, columns, limit), today(work))

    def _rows(self, work: Work, columns: Sequence[str], wanted: Sequence[int]) -> Page:
        return _counted(super()._rows(work, columns, wanted), today(work))

    def _export_pages(
        self, work: Work, listing: Listing, columns: Sequence[str], chosen: Sequence[int] | None = None
    ) -> Iterator[Page]:
        day = today(work)
        for page in super()._export_pages(work, listing, columns, chosen):
            yield _counted(page, day)


def _counted(page: Page, day: date) -> Page:
    """Return the page with days in place of the day that was read; what is not late has none."""
    if LATE not in page.columns:
        return page
    place = page.columns.index(LATE)
    rows = []
    for row in page.rows:
        days = rules.days_late(row[place], day)
        rows.append((*row[:place], days if days is not None and days > 0 else None, *row[place + 1 :]))
    return Page(page.columns, rows)


def _is_due_or_planned() -> tuple[Any, ...]:
    """Return what hides settled instalments, and plans of orders that are not binding or will not come."""
    order = aliased(Order)
    binding = exists().where(order.id == Instalment.order_id, order.state == order_rules.CONFIRMED)
    return (Instalment.settled_on.is_(None), or_(Instalment.claimed_on.is_not(None), binding))


INVOICES: Final = DueList(
    Described(
        entity=Invoice,
        fields=INVOICE_FIELDS,
        default_sort=Sort("dated_on", descending=True),
        dated=Invoice.dated_on,
        read=Permission.INVOICE_READ,
        export=Permission.INVOICE_EXPORT,
        partition=Invoice.owner_key,
        search=search.find_invoices,
        hit=(Invoice.number, name_of(Invoice.contact_id), status()),
    )
)
RECEIPTS: Final = MoneyList(
    Described(
        entity=Receipt,
        fields=RECEIPT_FIELDS,
        default_sort=Sort("dated_on", descending=True),
        dated=Receipt.dated_on,
        read=Permission.RECEIPT_READ,
        export=Permission.RECEIPT_EXPORT,
        # A small surplus kept is no money that moved; its receipt tells of it.
        live=(Receipt.kind != rules.KEPT,),
        partition=Receipt.owner_key,
        search=search.find_receipts,
        hit=(Receipt.number, name_of(Receipt.contact_id), Receipt.kind),
    )
)
INSTALMENTS: Final = DueList(
    Described(
        entity=Instalment,
        fields=INSTALMENT_FIELDS,
        default_sort=Sort("due_on"),
        dated=Instalment.due_sort,
        read=Permission.INVOICE_READ,
        export=Permission.INVOICE_EXPORT,
        live=_is_due_or_planned(),
        partition=Instalment.owner_key,
        search=search.find_instalments,
        hit=(
            func.coalesce(number_of_invoice(Instalment.invoice_id), number_of_order(Instalment.order_id)),
            name_of(Instalment.contact_id),
            Instalment.label,
        ),
    )
)
TAX_INVOICES: Final = RowList(
    Described(
        entity=TaxInvoice,
        fields=TAX_INVOICE_FIELDS,
        default_sort=Sort("dated_on", descending=True),
        dated=TaxInvoice.dated_on,
        read=Permission.INVOICE_READ,
        export=Permission.INVOICE_EXPORT,
        partition=TaxInvoice.owner_key,
        search=search.find_tax_invoices,
        hit=(TaxInvoice.number, name_of(TaxInvoice.contact_id), TaxInvoice.kind),
    )
)


@requires(Permission.INVOICE_READ)
def document_of_instalment(work: Work, instalment_id: int) -> tuple[str, int]:
    """Return the entity and id of what claims or plans an instalment: its invoice, else its order. Raises NotFound."""
    row = work.get(Instalment, instalment_id)
    return ("invoice", row.invoice_id) if row.invoice_id is not None else ("order", row.order_id or 0)


@requires(Permission.INVOICE_READ)
def drafts_among(work: Work, invoice_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return id and version of those documents that are drafts, in the order they were written."""
    drafts: list[tuple[int, int]] = []
    for start in range(0, len(invoice_ids), _AT_ONCE):
        some = list(invoice_ids[start : start + _AT_ONCE])
        asked = select(Invoice.id, Invoice.version).where(Invoice.id.in_(some), Invoice.state == rules.DRAFT)
        drafts += [(row.id, row.version) for row in work.session.execute(asked)]
    return sorted(drafts)


@requires(Permission.INVOICE_READ)
def document_of_tax_invoice(work: Work, tax_invoice_id: int) -> tuple[str, int]:
    """Return the entity and id of what opens for a tax invoice: its invoice or order, else its customer.

    Raises NotFound.
    """
    row = work.get(TaxInvoice, tax_invoice_id)
    if row.invoice_id is not None:
        return "invoice", row.invoice_id
    return ("order", row.order_id) if row.order_id is not None else ("contact", row.contact_id)
