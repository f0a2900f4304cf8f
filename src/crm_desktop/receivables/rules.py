"""Pure decisions about receivables: states people see, how late something is, buckets, lawful days."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from crm_desktop.shared.i18n import N_

DRAFT: Final = "draft"
POSTED: Final = "posted"
INVOICE: Final = "invoice"
CREDIT: Final = "credit"
CONTRACT: Final = "contract"
RECEIPT: Final = "receipt"
REFUND: Final = "refund"
REVERSAL: Final = "reversal"
KEPT: Final = "kept"
BAD_DEBT: Final = "bad_debt"
DIFFERENCE: Final = "difference"
BANK_FEE: Final = "bank_fee"
ENDED: Final = "ended"

CLAIMS_BY: Final = ((INVOICE, N_("The invoice")), (CONTRACT, N_("The confirmed contract")))
INVOICE_KINDS: Final = ((INVOICE, N_("Invoice")), (CREDIT, N_("Credit note")))
RECEIPT_KINDS: Final = (
    (RECEIPT, N_("Receipt")),
    (REFUND, N_("Refund")),
    (REVERSAL, N_("Reversal")),
    (KEPT, N_("Surplus kept")),
)
WRITE_OFF_KINDS: Final = (
    (BAD_DEBT, N_("Bad debt")),
    (DIFFERENCE, N_("Small difference")),
    (BANK_FEE, N_("Bank fee")),
    (ENDED, N_("Contract ended")),
)
METHODS: Final = (
    ("transfer", N_("Bank transfer")),
    ("cash", N_("Cash")),
    ("card", N_("Card")),
    ("cheque", N_("Cheque")),
    ("acceptance", N_("Bank acceptance")),
    ("alipay", N_("Alipay")),
    ("wechat", N_("WeChat Pay")),
    ("other", N_("Other")),
)
TAX_INVOICE_KINDS: Final = (
    ("special", N_("VAT special invoice")),
    ("ordinary", N_("VAT ordinary invoice")),
    ("other", N_("Other")),
)

OPEN: Final = "open"
PARTLY: Final = "partly_paid"
PAID: Final = "paid"
CREDITED: Final = "credited"
WRITTEN_OFF: Final = "written_off"
UNUSED: Final = "unused"
PARTLY_USED: Final = "partly_used"
USED: Final = "used"
CLAIMED_BY_ORDER: Final = "by_order"

STATUSES: Final = (
    (DRAFT, N_("Draft")),
    (OPEN, N_("Unpaid")),
    (PARTLY, N_("Partly paid")),
    (PAID, N_("Paid")),
    (CREDITED, N_("Credited")),
    (WRITTEN_OFF, N_("Written off")),
    (CLAIMED_BY_ORDER, N_("Claimed by the order")),
    (UNUSED, N_("Not used yet")),
    (PARTLY_USED, N_("Partly used")),
    (USED, N_("Used")),
)
STATUS_SHAPES: Final = (
    (DRAFT, "dashed_ring"),
    (OPEN, "ring"),
    (PARTLY, "ring"),
    (PAID, "disc"),
    (CREDITED, "cross"),
    (WRITTEN_OFF, "cross"),
    (CLAIMED_BY_ORDER, "small_disc"),
    (UNUSED, "ring"),
    (PARTLY_USED, "ring"),
    (USED, "disc"),
)


def status(
    state: str,
    kind: str,
    *,
    total: int,
    open_amount: int,
    credited: int = 0,
    written_off: int = 0,
    claims: bool = True,
) -> str:
    """Return what people call a document by its kept amounts (minor units); a write-off is never "paid".

    `claims` is False for an invoice whose claim the order posted.
    """
    if state == DRAFT:
        return DRAFT
    if kind == CREDIT:
        return USED if not open_amount else UNUSED if open_amount == total else PARTLY_USED
    if not claims:
        return CLAIMED_BY_ORDER
    if open_amount:
        return OPEN if open_amount == total else PARTLY
    if written_off:
        return WRITTEN_OFF
    return CREDITED if total and credited >= total else PAID


def days_late(due_on: date | None, as_of: date) -> int | None:
    """Return the days after the due date, 0 or less when it is not late; due today is not late."""
    return None if due_on is None else (as_of - due_on).days


def is_overdue(due_on: date | None, as_of: date) -> bool:
    """Return whether something was due before that day."""
    return due_on is not None and due_on < as_of


def bucket_of(late: int, bounds: Sequence[int]) -> int:
    """Return which bucket a late amount (1 day or more) is in, from 0; `bounds` are the last days of all but the last.

    Bounds 30, 60 make 1–30, 31–60 and over 60.
    """
    return sum(late > bound for bound in bounds)


def bucket_ranges(bounds: Sequence[int]) -> tuple[tuple[int, int | None], ...]:
    """Return first and last day of every bucket, the last one open: (1, 30), (31, 60), (61, None)."""
    edges = [0, *bounds]
    return (*((low + 1, high) for low, high in pairwise(edges)), (edges[-1] + 1, None))
