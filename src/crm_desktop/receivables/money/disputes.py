"""What a customer disputes: it stays owed, but no letter reminds of it."""

from crm_desktop.access.company import today
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import ledger
from crm_desktop.receivables.money.noting import claims_of
from crm_desktop.receivables.money.receipt_values import clean_reason
from crm_desktop.shared.errors import Invalid, NotFound
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.text import clean_line


@requires(Permission.PROMISE_WRITE, Permission.RECEIPT_READ)
def dispute(work: Work, instalment_id: int, reason: str) -> None:
    """Mark an open instalment as disputed since today, or say the reason anew.

    Raises Invalid("reason"), Invalid("instalment") when nothing is open any more, NotFound.
    """
    said = clean_reason(reason)
    row = _held(work, instalment_id)
    if not row.open_amount:
        raise Invalid("instalment", N_("Nothing of this instalment is open any more."))
    before = row.dispute_reason
    row.disputed_on, row.dispute_reason = row.disputed_on or today(work), said
    _note(work, instalment_id, "dispute", before, said)


@requires(Permission.PROMISE_WRITE, Permission.RECEIPT_READ)
def settle(work: Work, instalment_id: int, *, outcome: str = "") -> None:
    """End a dispute. Raises Invalid("instalment") when it is not disputed, NotFound."""
    row = _held(work, instalment_id)
    if row.disputed_on is None:
        raise Invalid("instalment", N_("This instalment is not disputed."))
    before = row.dispute_reason
    row.disputed_on, row.dispute_reason = None, ""
    _note(work, instalment_id, "settle_dispute", before, clean_line(outcome))


def _held(work: Work, instalment_id: int) -> Instalment:
    row = work.get(Instalment, instalment_id)
    ledger.lock_customer(work, row.contact_id)
    work.session.refresh(row)
    if row.claimed_on is None:
        raise NotFound
    return row


def _note(work: Work, instalment_id: int, action: str, before: str, after: str) -> None:
    work.session.flush()
    claim = claims_of(work, [instalment_id])[instalment_id]
    work.note(
        claim.entity,
        claim.document_id,
        action,
        before={"dispute_reason": before},
        after={"dispute_reason": after},
        contact_id=claim.contact_id,
    )
    work.touch("instalment", instalment_id)
