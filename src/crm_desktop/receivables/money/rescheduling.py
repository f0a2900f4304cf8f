"""The open rest of an instalment moved to other days: it ends, new instalments begin, nothing past changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import ledger
from crm_desktop.receivables.ledger import Use
from crm_desktop.receivables.ledger_model import Reschedule
from crm_desktop.receivables.money.noting import claims_of, shown
from crm_desktop.receivables.money.receipt_rows import day_of
from crm_desktop.receivables.money.receipt_values import clean_reason, minor
from crm_desktop.shared.errors import Invalid, NotFound
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.text import clean_line

_CARRIED: Final = (
    *("order_id", "invoice_id", "position", "currency", "salesperson_id", "dated_on"),
    *("disputed_on", "dispute_reason", "dunning_level", "dunned_on", "contact_id", "owner_key", "contact_sort"),
)
"""What the new instalments take over from the one they continue."""
_MOST_PARTS: Final = 120


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a rest: due on a day, or when an event happens."""

    amount: Decimal
    due_on: date | None = None
    event: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class MovedPart:
    """An instalment that a rescheduling began."""

    instalment_id: int
    amount: Decimal
    due_on: date | None
    event: str
    label: str


@dataclass(frozen=True, slots=True)
class Move:
    """One rescheduling: what was open of `from_id`, due as it was before, went to `parts`."""

    id: int
    dated_on: date
    reason: str
    by: int | None
    from_id: int
    from_due_on: date | None
    from_event: str
    amount: Decimal
    currency: str
    parts: tuple[MovedPart, ...]


@requires(Permission.INSTALMENT_WRITE, Permission.RECEIPT_ALLOCATE)
def reschedule(work: Work, instalment_id: int, parts: Sequence[Part], reason: str) -> list[int]:
    """Move all that is open of a claimed instalment to other days, from today on; return the new instalments.

    Raises Invalid: reason, parts (they add up to what is open, each has a day or an event); NotFound.
    """
    said = clean_reason(reason)
    row = _held(work, instalment_id)
    day = day_of(work, None)
    claim = claims_of(work, [instalment_id])[instalment_id]
    cleaned = _cleaned(parts, row)
    before = _told(row, row.open_amount)
    moved = Reschedule(
        instalment_id=row.id,
        dated_on=day,
        currency=row.currency,
        amount=row.open_amount,
        reason=said,
        created_at=work.now,
        created_by=work.actor.user_id,
        **{name: getattr(row, name) for name in ("contact_id", "owner_key", "contact_sort")},
    )
    work.session.add(moved)
    carried = {name: getattr(row, name) for name in _CARRIED}
    begun = [
        Instalment(**carried, **part, claimed_on=day, moved_from_id=row.id, open_amount=part["amount"])
        for part in cleaned
    ]
    work.session.add_all(begun)
    work.session.flush()
    ids = [one.id for one in begun]
    after = [_told(one, one.amount) for one in begun]
    ledger.allocate(
        work, claim.contact_id, [Use(moved.amount, reschedule_id=moved.id, instalment_id=instalment_id)], day
    )
    ledger.recompute(work, instalments=ids)
    work.note(
        claim.entity,
        claim.document_id,
        "reschedule",
        before={"instalments": [before]},
        after={"instalments": after, "reason": said},
        contact_id=claim.contact_id,
    )
    return ids


@requires(Permission.INSTALMENT_WRITE, Permission.RECEIPT_ALLOCATE)
def give_day(work: Work, instalment_id: int, due_on: date, reason: str = "") -> int:
    """Give all that is open of an instalment one day, as when its event happened; return the new instalment.

    Without a reason the event itself is the reason. Raises Invalid: reason, parts; NotFound.
    """
    row = work.get(Instalment, instalment_id)
    rest = Part(from_minor(row.open_amount, row.currency), due_on, "", row.label or row.event)
    (made,) = reschedule(work, instalment_id, [rest], reason or row.event)
    return made


@requires(Permission.RECEIPT_READ)
def moves_of(work: Work, instalment_id: int) -> tuple[Move, ...]:
    """Return every rescheduling of the claim an instalment is part of, oldest first. Raises NotFound."""
    family = _family(work, work.get(Instalment, instalment_id))
    asked = select(Reschedule).where(Reschedule.instalment_id.in_(list(family))).order_by(Reschedule.id)
    waiting = {id_: [one for one in family.values() if one.moved_from_id == id_] for id_ in family}
    return tuple(_move(row, family[row.instalment_id], waiting) for row in work.session.scalars(asked))


def _told(row: Instalment, amount: int) -> dict[str, Any]:
    return {"due_on": row.due_on, "event": row.event, "amount": from_minor(amount, row.currency)}


def _held(work: Work, instalment_id: int) -> Instalment:
    """Return the claim as it stands now, its customer locked. Raises NotFound, Invalid("parts")."""
    row = work.get(Instalment, instalment_id)
    ledger.lock_customer(work, row.contact_id)
    work.session.refresh(row)
    if row.claimed_on is None:
        raise NotFound
    if row.open_amount <= 0:
        raise Invalid("parts", N_("Nothing of this instalment is open any more."))
    return row


def _cleaned(parts: Sequence[Part], row: Instalment) -> list[dict[str, Any]]:
    """Return the columns of the new instalments. Raises Invalid("parts")."""
    if not 0 < len(parts) <= _MOST_PARTS:
        raise Invalid("parts", N_("Name one to {most} parts."), most=_MOST_PARTS)
    cleaned: list[dict[str, Any]] = [
        {
            "amount": minor("parts", part.amount, row.currency),
            "due_on": part.due_on,
            "event": clean_line(part.event),
            "label": clean_line(part.label) or row.label,
        }
        for part in parts
    ]
    if any(one["due_on"] is None and not one["event"] for one in cleaned):
        raise Invalid("parts", N_("Each part has a day, or an event that makes it due."))
    lacking = row.open_amount - sum(one["amount"] for one in cleaned)
    if lacking:
        raise Invalid(
            "parts",
            N_("The parts leave {amount} of what is open.")
            if lacking > 0
            else N_("The parts are {amount} more than what is open."),
            amount=shown(from_minor(abs(lacking), row.currency), row.currency),
        )
    if [(one["due_on"], one["event"]) for one in cleaned] == [(row.due_on, row.event)]:
        raise Invalid("parts", N_("It is due like this already."))
    return cleaned


def _family(work: Work, row: Instalment) -> dict[int, Instalment]:
    """Return every instalment that continues the same first one, by id."""
    while row.moved_from_id is not None:
        row = work.get(Instalment, row.moved_from_id)
    family, newest = {row.id: row}, [row.id]
    while newest:
        asked = select(Instalment).where(Instalment.moved_from_id.in_(newest)).order_by(Instalment.id)
        later = list(work.session.scalars(asked))
        family |= {one.id: one for one in later}
        newest = [one.id for one in later]
    return dict(sorted(family.items()))


def _move(row: Reschedule, old: Instalment, waiting: dict[int, list[Instalment]]) -> Move:
    currency = row.currency
    return Move(
        id=row.id,
        dated_on=row.dated_on,
        reason=row.reason,
        by=row.created_by,
        from_id=old.id,
        from_due_on=old.due_on,
        from_event=old.event,
        amount=from_minor(row.amount, currency),
        currency=currency,
        parts=tuple(
            MovedPart(one.id, from_minor(one.amount, currency), one.due_on, one.event, one.label)
            for one in _begun(waiting[old.id], row.amount)
        ),
    )


def _begun(waiting: list[Instalment], amount: int) -> Iterable[Instalment]:
    """Take the instalments that one rescheduling began off the list: they add up to its amount."""
    while amount > 0 and waiting:
        one = waiting.pop(0)
        amount -= one.amount
        yield one
