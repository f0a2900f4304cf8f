"""Writes down the invoices and receipts of a file, as the system before left them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.contacts.incoming.links import CustomerLinks, Named
from crm_desktop.db.work import Work
from crm_desktop.orders.fulfilment import portions
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import ledger, rules
from crm_desktop.receivables.billing import invoices, opening
from crm_desktop.receivables.incoming.invoice_plan import Incoming
from crm_desktop.receivables.incoming.receipt_plan import Incoming as IncomingReceipt
from crm_desktop.receivables.money import receipts, taking_over
from crm_desktop.receivables.money.taking_over import Taken
from crm_desktop.shared.importing import ImportOptions, Planned, Verdict
from crm_desktop.shared.progress import Progress

_PIECE: Final = 500
_LONGEST: Final = 60
_OF_RECEIPT: Final = "{number}/R"
"""What the receipt of an invoice is called whose list knows amounts received, but no receipts."""


def store_invoices(work: Work, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
    """Write down invoices that `invoice_plan` found new, and what changes on the others. Raises Cancelled."""
    made: list[Incoming] = [one.payload for one in planned if one.verdict is Verdict.NEW]
    created = _created(work, options, made)
    contacts = [created.get(one.named) if one.contact_id is None else one.contact_id for one in made]
    ledger.lock_customers(work, {id_ for id_ in contacts if id_ is not None})
    numbers = _receipt_numbers(work, made)
    for start in range(0, len(made), _PIECE):
        progress.step(start, len(planned))
        some, whose = made[start : start + _PIECE], contacts[start : start + _PIECE]
        pairs = list(zip(some, whose, strict=True))
        ids = opening.take_over(work, [{**one.values, "contact_id": contact_id} for one, contact_id in pairs])
        claims = _claims(work, ids)
        received = [
            _received(one, contact_id, claims[id_], numbers[one.values["number"]])
            for id_, (one, contact_id) in zip(ids, pairs, strict=True)
            if one.received and contact_id is not None
        ]
        taking_over.take_over(work, received)
    _save_changed(work, planned, invoices.save, progress)


def _save_changed(work: Work, planned: Sequence[Planned], save: Callable[..., Any], progress: Progress) -> None:
    """Save what changes on documents that were here before."""
    changed = [one for one in planned if one.verdict is Verdict.UPDATE]
    for place, one in enumerate(changed, len(planned) - len(changed)):
        if place % _PIECE == 0:
            progress.step(place, len(planned))
        assert one.id is not None
        assert one.version is not None
        save(work, one.id, one.version, one.payload)


def _created(work: Work, options: ImportOptions, made: Iterable[Incoming]) -> Mapping[Named, int]:
    """Create the customers that are missing, each looked after by who sold first, and return their ids."""
    missing = [one for one in made if one.contact_id is None]
    sold: dict[Named, int | None] = {}
    for one in missing:
        if one.salesperson is not None:
            sold.setdefault(one.named, one.salesperson)
    named = dict.fromkeys(one.named for one in missing)
    return CustomerLinks(work, options).create_missing(named, sold) if missing else {}


def _claims(work: Work, invoice_ids: Sequence[int]) -> dict[int, int]:
    """Return the instalment of each invoice that was taken over."""
    found: dict[int, int] = {}
    for some in portions(invoice_ids):
        asked: Any = select(Instalment.invoice_id, Instalment.id).where(Instalment.invoice_id.in_(some))
        found |= dict(work.session.execute(asked).all())
    return found


def _received(one: Incoming, contact_id: int, instalment_id: int, number: str) -> Taken:
    return Taken(
        contact_id=contact_id,
        number=number,
        dated_on=one.received_on,
        currency=one.currency,
        amount=one.received,
        rate=one.rate,
        uses=((instalment_id, one.values["number"], one.received),),
        salesperson_id=one.salesperson,
        created_by=one.created_by,
    )


def _receipt_numbers(work: Work, made: Sequence[Incoming]) -> dict[str, str]:
    """Return a number that is free for the receipt of each invoice something was received of, by its number."""
    wanted = {
        one.values["number"]: _OF_RECEIPT.format(number=one.values["number"])
        for one in made
        if one.received and one.values["kind"] == rules.INVOICE
    }
    taken = taking_over.numbers_used(work, wanted.values())
    round_ = 1
    while taken:
        round_ += 1
        again = {
            number: f"{_OF_RECEIPT.format(number=number)}{round_}" for number, one in wanted.items() if one in taken
        }
        wanted |= again
        taken = taking_over.numbers_used(work, again.values())
    return wanted


def store_receipts(work: Work, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
    """Write down receipts that `receipt_plan` found new, and what changes on the others. Raises Cancelled."""
    made: list[IncomingReceipt] = [one.payload for one in planned if one.verdict is Verdict.NEW]
    missing = {one.named for one in made if one.contact_id is None}
    created = CustomerLinks(work, options).create_missing(missing) if missing else {}
    contacts = [created[one.named] if one.contact_id is None else one.contact_id for one in made]
    ledger.lock_customers(work, contacts)
    for start in range(0, len(made), _PIECE):
        progress.step(start, len(planned))
        pairs = zip(made[start : start + _PIECE], contacts[start : start + _PIECE], strict=True)
        taking_over.take_over(work, [_taken(one, contact_id) for one, contact_id in pairs])
    _save_changed(work, planned, receipts.save, progress)
    # Told of all invoices together: of each by itself, taking the invoices back later would take them for changed.
    work.note(rules.INVOICE, None, "pay", after={"receipts": len(made)})


def _taken(one: IncomingReceipt, contact_id: int) -> Taken:
    return Taken(
        contact_id=contact_id,
        number=one.number,
        dated_on=one.dated_on,
        currency=one.currency,
        amount=one.amount,
        rate=one.rate,
        uses=tuple(one.uses),
        created_by=one.created_by,
        **one.means,
    )
