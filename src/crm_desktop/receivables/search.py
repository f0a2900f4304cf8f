"""Finds what is owed and what was paid: by number, the customer's reference, amount, and the customer."""

from array import array
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment, Order
from crm_desktop.orders.search import MOST_HITS, find
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Invoice, TaxInvoice
from crm_desktop.shared.listing import Ids

_LARGEST: Final = 500
"""So many documents are named in one statement."""


def find_invoices(work: Work, text: str) -> Ids | None:
    """Return the invoices and credit notes that every word fits, None when there is no word."""
    return find(work, Invoice, text, Invoice.dated_on, (Invoice.total, Invoice.open_amount))


def find_receipts(work: Work, text: str) -> Ids | None:
    """Return the receipts that every word fits, None when there is no word."""
    return find(work, Receipt, text, Receipt.dated_on, (Receipt.amount,))


def find_tax_invoices(work: Work, text: str) -> Ids | None:
    """Return the tax invoices that every word fits, None when there is no word."""
    return find(work, TaxInvoice, text, TaxInvoice.dated_on)


def find_instalments(work: Work, text: str) -> Ids | None:
    """Return the instalments of the invoices and orders that every word fits, None without a word."""
    found: set[int] = set()
    capped = False
    for entity, key in ((Invoice, Instalment.invoice_id), (Order, Instalment.order_id)):
        documents = find(work, entity, text, entity.dated_on, (entity.total,))
        if documents is None:
            return None
        capped = capped or documents.capped
        found |= _parts_of(work, key, list(documents.ids))
    return Ids(array("q", sorted(found)), capped)


def _parts_of(work: Work, key: Any, documents: list[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, min(len(documents), MOST_HITS), _LARGEST):
        some = documents[start : start + _LARGEST]
        found |= set(work.session.scalars(select(Instalment.id).where(key.in_(some))))
    return found
