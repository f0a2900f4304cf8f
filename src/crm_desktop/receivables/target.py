"""What imports of receivables are called, what they ask, and where their rows go."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crm_desktop.receivables.incoming import invoice_plan, receipt_plan, storing
from crm_desktop.receivables.incoming.invoice_fields import INVOICE_FIELDS
from crm_desktop.receivables.incoming.receipt_fields import RECEIPT_FIELDS
from crm_desktop.receivables.incoming.undoing import InvoiceUndoer, ReceiptUndoer
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.importing import ImportChoice, ImportOptions, ImportRow, Planned, Undoer
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress

_CUSTOMER: Final = ("customer", "customer_code", "registration")


class _Target:
    """What both targets have in common."""

    percents: Final[frozenset[str]] = frozenset()
    keys: tuple[str, ...] = ("number",)
    _fields: tuple[Field, ...] = ()

    def fields(self, work: Any) -> tuple[Field, ...]:
        """Return what a column can be, only what the actor may write."""
        return tuple(field for field in self._fields if field.writable_by(work.actor))

    def suggest(self, sheet: str, headers: Sequence[str]) -> Mapping[str, str]:
        """Return nothing: neither names nor headers of sheets tell about the choices."""
        return {}


class InvoiceTarget(_Target):
    """Invoices and credit notes of the system before, with what was received of them."""

    name = "invoices"
    label = N_("Invoices")
    sheet_names = ("Receivables", "Open items", "发票", "發票", "应收", "應收", "对账", "對帳")
    entity = "invoice"
    permission = Permission.INVOICE_IMPORT
    required: tuple[tuple[str, ...], ...] = (("number",), _CUSTOMER, ("dated_on",), ("amount", "open"))
    grouped = ""
    choices: tuple[ImportChoice, ...] = (
        ImportChoice(
            invoice_plan.DUE,
            N_("Invoices without a due date"),
            (
                (invoice_plan.BY_SETTINGS, N_("Are due as the settings say")),
                ("none", N_("Are due on no day")),
            ),
        ),
    )
    undoers: Mapping[str, Undoer] = {"receipt": ReceiptUndoer(), "invoice": InvoiceUndoer()}
    _fields = INVOICE_FIELDS

    def plan(self, work: Any, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
        """Return what would become of each row. Raises Cancelled."""
        return invoice_plan.plan(work, rows, options, progress)

    def apply(self, work: Any, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
        """Write the planned invoices down. Raises Cancelled."""
        storing.store_invoices(work, planned, options, progress)


class ReceiptTarget(_Target):
    """Receipts of the system before, with what they paid."""

    name = "receipts"
    label = N_("Receipts")
    sheet_names = ("Payments", "收款", "回款", "到账", "到帳")
    entity = "receipt"
    permission = Permission.RECEIPT_IMPORT
    required: tuple[tuple[str, ...], ...] = (
        ("number", "reference"),
        (*_CUSTOMER, "invoice"),
        ("dated_on",),
        ("amount", "allocated"),
    )
    grouped = "number"
    choices: tuple[ImportChoice, ...] = (
        ImportChoice(
            receipt_plan.UNALLOCATED,
            N_("Money for which no invoice is named"),
            (
                (receipt_plan.ADVANCE, N_("Stays an advance")),
                (receipt_plan.OLDEST, N_("Pays what is due first")),
            ),
        ),
    )
    undoers: Mapping[str, Undoer] = {"receipt": ReceiptUndoer()}
    _fields = RECEIPT_FIELDS

    def plan(self, work: Any, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
        """Return what would become of each receipt. Raises Cancelled."""
        return receipt_plan.plan(work, rows, options, progress)

    def apply(self, work: Any, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
        """Write the planned receipts down. Raises Cancelled."""
        storing.store_receipts(work, planned, options, progress)


INVOICES: Final = InvoiceTarget()
RECEIPTS: Final = ReceiptTarget()
