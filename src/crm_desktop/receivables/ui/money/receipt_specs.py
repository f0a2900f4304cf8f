"""Which tab opens for a receipt; the screens are loaded when they are opened."""

from collections.abc import Callable
from typing import Final

from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.screen import Screen

MakeRecord = Callable[[Desk, int | None, DraftStore | None, str], Screen]


def receipt_record(
    desk: Desk,
    receipt_id: int | None,
    drafts: DraftStore | None = None,
    company: str = "",
    contact_id: int | None = None,
) -> Screen:
    """Return the tab of a posted receipt, None for a new one (of a customer, if one is given)."""
    if receipt_id is not None:
        from crm_desktop.receivables.ui.money.receipt_record import ReceiptRecord

        record = ReceiptRecord(desk, receipt_id)
        if drafts is not None:
            record.keep_drafts(drafts, company)
        return record
    from crm_desktop.receivables.ui.money.receipt_tab import ReceiptTab

    return ReceiptTab(desk, None, drafts, company, contact_id)


def _receipt_for(desk: Desk, contact_id: int | None, drafts: DraftStore | None = None, company: str = "") -> Screen:
    return receipt_record(desk, None, drafts, company, contact_id)


RECORDS: Final[dict[str, MakeRecord]] = {"receipt": receipt_record}
"""Which tab `desk.open_record` opens for an entity; None begins a new receipt."""
FOR_CONTACT: Final[dict[str, MakeRecord]] = {"receipt_for_contact": _receipt_for}
"""A new receipt of the customer whose id is given."""
NEW: Final = {"receipt": (N_("New receipt"), "banknote", Permission.RECEIPT_POST)}
"""What `desk.open_record("receipt", None)` begins: its words, its icon, and the right it needs."""
