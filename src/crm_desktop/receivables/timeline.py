"""What invoices, receipts, promises, dunning letters and what stands beside them tell in a customer's timeline."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased

from crm_desktop.activities.above import Entry, Word
from crm_desktop.activities.timeline_rows import RowSource, Told
from crm_desktop.contacts.customer_rows import in_sales_reach
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import JournalEntry
from crm_desktop.receivables import rules
from crm_desktop.receivables.collecting.balances import LOOKS
from crm_desktop.receivables.collecting.statement_traces import SENT, WAYS, closing_of, days_of
from crm_desktop.receivables.collecting.statements import ENTITY as STATEMENT
from crm_desktop.receivables.collecting.statements import OPEN
from crm_desktop.receivables.ledger_model import DunningLetter, Promise, Receipt, Reschedule, WriteOff
from crm_desktop.receivables.model import Invoice, TaxInvoice
from crm_desktop.receivables.money import promises
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission

_MONEY: Final = "money"
_METHODS: Final = dict(rules.METHODS)
_TAX_KINDS: Final = dict(rules.TAX_INVOICE_KINDS)
_WRITE_OFF_KINDS: Final = dict(rules.WRITE_OFF_KINDS)
_PROMISES: Final = dict(promises.STATES)
_PROMISE_TONES: Final = {promises.KEPT: "success", promises.BROKEN: "danger"}
_RECEIPTS: Final = {
    rules.RECEIPT: (N_("Receipt {number}"), "banknote", "success"),
    rules.REFUND: (N_("Refund {number}"), "undo-2", "plain"),
    rules.REVERSAL: (N_("Reversal {number}"), "rotate-ccw", "warn"),
    rules.KEPT: (N_("Surplus kept {number}"), "hand-coins", "plain"),
}


def _entry(row: Any, told: Told, source: str, icon: str, headline: str, **more: Any) -> Entry:
    """Return the entry of a row of a day."""
    made: dict[str, Any] = {"entity": source, "by": row.created_by}
    return Entry(
        at=told.at,
        source=source,
        group=_MONEY,
        id=row.its_id,
        icon=icon,
        told=headline,
        whole_day=True,
        **{**made, **more},
    )


def _invoice(row: Any, told: Told) -> Entry:
    credit = row.kind == rules.CREDIT
    values: dict[str, Any] = {"number": row.number or "", "due": row.next_due_on, "subject": row.subject}
    details = []
    if row.state == rules.DRAFT:
        headline = N_("Draft of a credit note") if credit else N_("Draft of an invoice")
    else:
        headline = N_("Credit note {number}") if credit else N_("Invoice {number}")
        if row.taken_over:
            details.append(N_("opening balance"))
        if row.settled_on is not None and not credit:
            details.append(N_("settled"))
        elif row.next_due_on is not None:
            details.append(N_("due {due}"))
    return _entry(
        row,
        told,
        "invoice",
        "undo-2" if credit else "receipt-text",
        headline,
        values=values,
        detail=" · ".join(details),
        money=Money.of_minor(row.total, row.currency),
    )


def _receipt(row: Any, told: Told) -> Entry:
    headline, icon, tone = _RECEIPTS[row.kind]
    method = Word(_METHODS.get(row.method, row.method))
    return _entry(
        row,
        told,
        "receipt",
        icon,
        headline,
        values={"number": row.number, "method": method, "reference": row.reference},
        detail="{method} · {reference}" if row.reference else "{method}",
        notes=row.notes,
        money=Money.of_minor(row.amount, row.currency),
        tone=tone,
    )


def _promise(row: Any, told: Told) -> Entry:
    state = told.known.get(row.its_id, promises.OPEN)
    judged = state != promises.OPEN
    return _entry(
        row,
        told,
        "promise",
        "handshake",
        N_("Promise: {amount} by {due}"),
        entity="",
        values={
            "amount": Money.of_minor(row.amount, row.currency),
            "due": row.due_on,
            "person": row.person,
            "state": Word(_PROMISES[state]),
        },
        detail=" · ".join(part for part, given in (("{state}", judged), ("{person}", row.person)) if given),
        notes=row.notes,
        tone=_PROMISE_TONES.get(state, "plain"),
    )


def _letter(row: Any, told: Told) -> Entry:
    return _entry(
        row,
        told,
        "dunning_letter",
        "circle-alert",
        N_("Dunning letter, level {level}, sent") if row.level else N_("Reminder sent"),
        entity="",
        values={"level": row.level},
        tone="danger" if row.level else "warn",
    )


def _statement(row: Any, told: Told) -> Entry:
    (first, last), closing = days_of(row.after), closing_of(row.after)
    period = N_("Until {last}") if first is None else N_("{first} to {last}")
    if row.after["form"] == OPEN:
        period = N_("Open items on {day}")
    several = [f"{{{money.currency}}}" for money in closing] if len(closing) > 1 else []
    return Entry(
        at=told.at,
        source="statement",
        group=_MONEY,
        # Opens the statements of its customer.
        entity="statement",
        id=row.entity_id,
        key=row.its_id,
        icon="file-text",
        told=N_("Statement of account"),
        values={
            "way": Word(_WAYS.get(row.after["way"], row.after["way"])),
            "first": first,
            "last": last,
            "day": last,
            **{money.currency: money for money in closing},
        },
        detail=" · ".join(("{way}", period, *several)),
        money=closing[0] if len(closing) == 1 else None,
        by=row.actor_id,
        by_name=row.actor_name,
    )


def _of_statements(actor: Actor) -> Sequence[ColumnElement[bool]]:
    """Return the conditions on the journal: statements, of whom the actor reaches as a customer."""
    contact = aliased(Contact)
    sold_to = exists().where(contact.id == JournalEntry.entity_id, in_sales_reach(contact, actor))
    return JournalEntry.entity == STATEMENT, JournalEntry.action == SENT, sold_to


def _write_off(row: Any, told: Told) -> Entry:
    return _entry(
        row,
        told,
        "write_off",
        "circle-x",
        N_("Written off: {kind}"),
        entity="",
        values={"kind": Word(_WRITE_OFF_KINDS.get(row.kind, row.kind))},
        notes=row.reason,
        money=Money.of_minor(row.amount, row.currency),
        tone="warn",
    )


def _reschedule(row: Any, told: Told) -> Entry:
    return _entry(
        row,
        told,
        "reschedule",
        "calendar",
        N_("Instalment moved to other days"),
        entity="",
        notes=row.reason,
        money=Money.of_minor(row.amount, row.currency),
    )


def _tax_invoice(row: Any, told: Told) -> Entry:
    return _entry(
        row,
        told,
        "tax_invoice",
        "file-text",
        N_("Tax invoice {number}"),
        entity="",
        values={"number": row.number, "kind": Word(_TAX_KINDS.get(row.kind, row.kind))},
        detail=" · ".join(("{kind}", N_("void"))) if row.cancelled_on is not None else "{kind}",
        notes=row.notes,
        money=Money.of_minor(row.amount, row.currency),
    )


_WAYS: Final = dict(WAYS)
_INVOICES: Final = (Permission.INVOICE_READ,)
_RECEIPTS_READ: Final = (Permission.RECEIPT_READ,)


def _source(
    name: str,
    permissions: tuple[Permission, ...],
    entity: Any,
    at: Any,
    names: str,
    tell: Any,
    step: int,
    knows: Any = None,
) -> RowSource:
    columns = tuple(getattr(entity, one) for one in (*names.split(), "created_by"))
    return RowSource(name, _MONEY, permissions, entity, at, columns, tell, step=step, knows=knows)


SOURCES: Final = (
    _source(
        *("invoice", _INVOICES, Invoice, Invoice.dated_on),
        "number kind state subject currency total settled_on next_due_on taken_over",
        _invoice,
        6,
    ),
    _source(
        *("receipt", _RECEIPTS_READ, Receipt, Receipt.dated_on),
        "number kind method reference notes currency amount",
        _receipt,
        9,
    ),
    _source(
        *("promise", _RECEIPTS_READ, Promise, Promise.made_on),
        "currency amount due_on person notes",
        _promise,
        8,
        promises.states_of,
    ),
    _source("dunning_letter", _INVOICES, DunningLetter, DunningLetter.dated_on, "level", _letter, 8),
    RowSource(
        "statement",
        _MONEY,
        LOOKS,
        JournalEntry,
        JournalEntry.at,
        (JournalEntry.entity_id, JournalEntry.actor_id, JournalEntry.actor_name, JournalEntry.after),
        _statement,
        where=_of_statements,
        of_contact=JournalEntry.entity_id,
    ),
    _source("write_off", _RECEIPTS_READ, WriteOff, WriteOff.dated_on, "kind reason currency amount", _write_off, 9),
    _source("reschedule", _INVOICES, Reschedule, Reschedule.dated_on, "reason currency amount", _reschedule, 8),
    _source(
        *("tax_invoice", _INVOICES, TaxInvoice, TaxInvoice.dated_on),
        "number kind notes currency amount cancelled_on",
        _tax_invoice,
        7,
    ),
)
"""What `app` hangs into timelines."""
