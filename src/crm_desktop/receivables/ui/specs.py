"""What the main window is told of receivables; the screens are loaded when they are opened."""

from collections.abc import Callable
from typing import Any, Final

from crm_desktop.contacts.ui.specs import Found
from crm_desktop.receivables.ui.money import receipt_specs
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Domain, Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.screen import Screen, ScreenSpec

MakeRecord = Callable[[Desk, int | None, DraftStore | None, str], Screen]
SALES: Final = (Domain.SALES,)
GROUP: Final = "receivables"


def collections_screen(desk: Desk) -> Screen:
    """Return who owes, worst first, and what is done about it."""
    from crm_desktop.receivables.ui.collecting.collections_screen import collections_screen as make

    return make(desk)


def ageing_screen(desk: Desk) -> Screen:
    """Return what is owed by how long it is overdue."""
    from crm_desktop.receivables.ui.collecting.ageing_screen import ageing_screen as make

    return make(desk)


def dunning_screen(desk: Desk) -> Screen:
    """Return the letters that are due."""
    from crm_desktop.receivables.ui.collecting.dunning_screen import dunning_screen as make

    return make(desk)


def statement_record(desk: Desk, contact_id: int | None, drafts: DraftStore | None = None, company: str = "") -> Screen:
    """Return the tab of a customer's statement, None for those of all customers."""
    from crm_desktop.receivables.ui.collecting.statement_screen import statement_record as make

    return make(desk, contact_id, drafts, company)


def invoices_screen(desk: Desk) -> Screen:
    """Return the list of invoices and credit notes."""
    from crm_desktop.receivables.ui.list_screens import InvoicesScreen

    return InvoicesScreen(desk)


def receipts_screen(desk: Desk) -> Screen:
    """Return the list of receipts."""
    from crm_desktop.receivables.ui import list_screens

    return list_screens.receipts_screen(desk)


def instalments_screen(desk: Desk) -> Screen:
    """Return what is due, instalment by instalment."""
    from crm_desktop.receivables.ui.list_screens import InstalmentsScreen

    return InstalmentsScreen(desk)


def tax_invoices_screen(desk: Desk) -> Screen:
    """Return the register of tax invoices."""
    from crm_desktop.receivables.ui.list_screens import TaxInvoicesScreen

    return TaxInvoicesScreen(desk)


def invoice_record(
    desk: Desk,
    invoice_id: int | None,
    drafts: DraftStore | None = None,
    company: str = "",
    contact_id: int | None = None,
) -> Screen:
    """Return the tab of an invoice or credit note, None for a new invoice (for a customer, if one is given)."""
    from crm_desktop.receivables.ui.billing.invoice_tab import InvoiceScreen

    return InvoiceScreen(desk, invoice_id, drafts, company, contact_id)


def credit_note_record(
    desk: Desk, _id: int | None, drafts: DraftStore | None = None, company: str = "", contact_id: int | None = None
) -> Screen:
    """Return the tab of a new credit note that corrects no invoice."""
    from crm_desktop.receivables.ui.billing.invoice_tab import CreditNoteScreen

    return CreditNoteScreen(desk, None, drafts, company, contact_id)


def _invoice_for(desk: Desk, contact_id: int | None, drafts: DraftStore | None = None, company: str = "") -> Screen:
    return invoice_record(desk, None, drafts, company, contact_id)


def _credit_note_for(desk: Desk, contact_id: int | None, drafts: DraftStore | None = None, company: str = "") -> Screen:
    return credit_note_record(desk, None, drafts, company, contact_id)


def find_receivables(work: Any, text: str) -> list[Found]:
    """Return what Ctrl+K finds among invoices, receipts and tax invoices; runs on the database lane."""
    from crm_desktop.receivables import lists, rules

    found: list[Found] = []
    for entity, listing, icon, words in (
        ("invoice", lists.INVOICES, "receipt-text", dict(rules.STATUSES)),
        ("receipt", lists.RECEIPTS, "banknote", dict(rules.RECEIPT_KINDS)),
    ):
        if not work.actor.may(listing.described.read):
            continue
        for id_, number, customer, state in listing.search(work, text):
            found.append(Found(entity, id_, number or _("Draft invoice"), f"{customer} · {_(words[state])}", icon))
    if work.actor.may(Permission.INVOICE_READ):
        kinds = dict(rules.TAX_INVOICE_KINDS)
        for id_, number, customer, kind in lists.TAX_INVOICES.search(work, text):
            document = lists.document_of_tax_invoice(work, id_)
            found.append(Found(*document, number, f"{customer} · {_(kinds[kind])}", "badge-check"))
    return found


SCREENS: Final = (
    ScreenSpec(
        "collections",
        N_("Collections"),
        "hand-coins",
        collections_screen,
        Permission.RECEIPT_READ,
        SALES,
        "Ctrl+5",
        GROUP,
    ),
    ScreenSpec(
        "invoices", N_("Invoices"), "receipt-text", invoices_screen, Permission.INVOICE_READ, SALES, "Ctrl+6", GROUP
    ),
    ScreenSpec(
        "receipts", N_("Receipts"), "banknote", receipts_screen, Permission.RECEIPT_READ, SALES, "Ctrl+7", GROUP
    ),
    ScreenSpec(
        "instalments", N_("Due items"), "calendar", instalments_screen, Permission.INVOICE_READ, SALES, "", GROUP
    ),
    ScreenSpec("ageing", N_("Ageing"), "clock", ageing_screen, Permission.RECEIPT_READ, SALES, "", GROUP),
    ScreenSpec("dunning", N_("Dunning run"), "mail", dunning_screen, Permission.DUNNING_WRITE, SALES, "", GROUP),
    ScreenSpec(
        "tax_invoices",
        N_("Tax invoices"),
        "badge-check",
        tax_invoices_screen,
        Permission.INVOICE_READ,
        SALES,
        "",
        GROUP,
    ),
)
"""In the rail."""
RECORDS: Final[dict[str, MakeRecord]] = {
    "invoice": invoice_record,
    "credit_note": credit_note_record,
    "statements": statement_record,
    **receipt_specs.RECORDS,
}
"""Which tab `desk.open_record` opens for an entity; a stored credit note is an "invoice"."""
FOR_CONTACT: Final[dict[str, MakeRecord]] = {
    "invoice_for_contact": _invoice_for,
    "credit_note_for_contact": _credit_note_for,
    "statement_for_contact": statement_record,
    **receipt_specs.FOR_CONTACT,
}
"""A new document for the customer whose id is given."""
NEW: Final = {
    "invoice": (N_("New invoice"), "receipt-text", Permission.INVOICE_WRITE),
    "credit_note": (N_("New credit note"), "undo-2", Permission.INVOICE_WRITE),
    **receipt_specs.NEW,
}
"""What `desk.open_record(entity, None)` begins: its words, its icon, and the right it needs."""
