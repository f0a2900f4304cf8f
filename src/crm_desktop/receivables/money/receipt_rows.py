"""Storing receipts, and what uses money up, with their gapless numbers."""

from datetime import date
from typing import Any

from crm_desktop.access.company import today
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.numbering import next_numbers
from crm_desktop.shared.errors import Invalid, NotFound
from crm_desktop.shared.i18n import N_


def add_receipt(
    work: Work, contact: Contact, kind: str, currency: str, amount: int, day: date, **columns: Any
) -> tuple[int, str]:
    """Store money received (`kind` "receipt") or what uses it up, in minor units; return its id and number."""
    ((number, serial),) = next_numbers(work, kind if kind == rules.RECEIPT else rules.REFUND, day)
    row = Receipt(
        kind=kind,
        number=number,
        serial=serial,
        dated_on=day,
        currency=currency,
        amount=amount,
        contact_id=contact.id,
        owner_key=contact.owner_key,
        contact_sort=contact.sort_key,
        salesperson_id=contact.owner_id,
        open_amount=amount if kind == rules.RECEIPT else 0,
        created_at=work.now,
        created_by=work.actor.user_id,
        updated_at=work.now,
        updated_by=work.actor.user_id,
        **columns,
    )
    work.session.add(row)
    work.session.flush()
    return row.id, number


def customer_of(work: Work, contact_id: Any) -> Contact:
    """Return the customer, alone with its money until the end. Raises Invalid("contact_id")."""
    try:
        contact = ledger.lock_customer(work, int(contact_id or 0))
    except NotFound as error:
        raise Invalid("contact_id", N_("This customer no longer exists, or you may not see it.")) from error
    if contact.merged_into_id is not None or not contact.is_customer:
        raise Invalid("contact_id", N_("{name} is no customer. Tick that on the contact first."), name=contact.name)
    return contact


def day_of(work: Work, value: Any) -> date:
    """Return the day of something on money, today when none is given. Raises Invalid("dated_on")."""
    if value is None:
        return ledger.check_day(work, today(work))
    if not isinstance(value, date):
        raise Invalid("dated_on", N_("This is no date."))
    return ledger.check_day(work, value)
