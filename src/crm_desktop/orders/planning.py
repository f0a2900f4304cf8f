"""The instalments of an order as they are stored: made by its payment term, or by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from crm_desktop.db.work import Work
from crm_desktop.orders import instalments
from crm_desktop.orders.composing import clean_instalments, shown_instalments
from crm_desktop.orders.documents import ORDERS, note_part
from crm_desktop.orders.instalments import Part, Planned
from crm_desktop.orders.model import Instalment, Order, PaymentTerm
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor


@dataclass(frozen=True, slots=True)
class Basis:
    """What a payment term makes a plan of."""

    term_id: int | None
    total: int
    currency: str
    dated_on: date

    @classmethod
    def of(cls, order: Order) -> "Basis":
        """Return what the plan of an order rests on."""
        return cls(order.payment_term_id, order.total, order.currency, order.dated_on)


def stored_plan(work: Work, order_id: int) -> tuple[Planned, ...]:
    """Return the instalments of an order in order, those that are claimed first and as they were agreed."""
    return (*claimed_plan(work, order_id), *map(_planned, _planned_rows(work, order_id)))


def claimed_plan(work: Work, order_id: int) -> tuple[Planned, ...]:
    """Return those instalments of an order that are claimed, in the order they were."""
    asked = _agreed(order_id).where(Instalment.claimed_on.is_not(None))
    return tuple(map(_planned, work.session.scalars(asked.order_by(Instalment.claimed_on, Instalment.id))))


def term_plan(work: Work, basis: Basis) -> tuple[Planned, ...]:
    """Return what the payment term makes of a total; without a term everything at once. Raises Invalid."""
    parts: Sequence[Mapping[str, Any]] = ()
    if basis.term_id is not None:
        found = work.session.scalar(select(PaymentTerm.parts).where(PaymentTerm.id == basis.term_id))
        if found is None:
            raise Invalid("payment_term_id", N_("This payment term no longer exists."))
        parts = found
    return instalments.plan([Part.of(part) for part in parts], basis.total, basis.currency, basis.dated_on)


def settle_plan(work: Work, order: Order, before: Basis | None, changes: Mapping[str, Any]) -> None:
    """Bring the plan of an order in line with what was changed about it.

    A plan typed by hand takes the place of the term's; it keeps the term when its amounts are the term's.
    A term's plan follows total, date and term, and the days and words typed into it stay. A single
    instalment follows the total too; any other plan made by hand stays for people to mend.
    """
    stored = stored_plan(work, order.id) if before else ()
    now = Basis.of(order)
    if before and (claimed := claimed_plan(work, order.id)):
        _settle_rest(work, order, claimed, stored, changes)
    elif "instalments" in changes and (typed := clean_instalments(changes["instalments"] or (), order.currency)):
        if now.term_id is not None and _amounts(typed) != _amounts(term_plan(work, now)):
            order.payment_term_id = None
        write_plan(work, order, typed, stored)
    elif now.term_id is None:
        if "instalments" in changes:
            write_plan(work, order, (), stored)
        elif before and _amounts(stored) == [before.total]:
            write_plan(work, order, instalments.refit(stored, now.total), stored)
    elif before is None or not stored or before.term_id != now.term_id:
        write_plan(work, order, term_plan(work, now), stored)
    elif before != now:
        write_plan(work, order, _followed(stored, term_plan(work, before), term_plan(work, now)), stored)


def finish_plan(work: Work, order: Order) -> None:
    """See that the plan of an order that becomes binding adds up to its total; without any, all is due at once.

    Once all of it is claimed, the invoices say what is owed. Raises Invalid("instalments") with the difference.
    """
    stored = stored_plan(work, order.id)
    if not stored:
        write_plan(work, order, term_plan(work, Basis.of(order)), stored)
        return
    if not _planned_rows(work, order.id):
        return
    lacking = instalments.difference(stored, order.total)
    if lacking:
        raise Invalid(
            "instalments",
            N_("The instalments do not add up to the total: {difference} {currency} remain.")
            if lacking > 0
            else N_("The instalments are {difference} {currency} more than the total."),
            difference=f"{from_minor(abs(lacking), order.currency):,}",
            currency=order.currency,
        )


def write_plan(work: Work, order: Order, plan: Sequence[Planned], before: Sequence[Planned]) -> None:
    """Store the instalments; claimed ones stay as they are, and each other row keeps its place."""
    if list(plan) == list(before):
        return
    work.session.flush()
    rows = _planned_rows(work, order.id)
    claimed = len(claimed_plan(work, order.id))
    for place, one in enumerate(plan[claimed:]):
        if place == len(rows):
            rows.append(Instalment(order_id=order.id, **followed(order)))
            work.session.add(rows[-1])
        row = rows[place]
        row.position, row.amount, row.due_on = claimed + place, one.amount, one.due_on
        row.event, row.label = one.event, one.label
    for row in rows[len(plan) - claimed :]:
        work.session.delete(row)
    note_part(
        work,
        ORDERS,
        order,
        "instalments",
        shown_instalments(before, order.currency),
        shown_instalments(plan, order.currency),
    )


def followed(order: Order) -> dict[str, Any]:
    """Return the columns of an instalment that follow its order."""
    names = ("contact_id", "owner_key", "contact_sort", "currency", "salesperson_id")
    return {name: getattr(order, name) for name in names}


def follow_order(work: Work, order: Order) -> None:
    """Bring customer, currency and salesperson of the planned instalments in line with their order."""
    work.session.execute(
        update(Instalment)
        .where(Instalment.order_id == order.id, Instalment.claimed_on.is_(None))
        .values(**followed(order)),
        execution_options={"synchronize_session": "fetch"},
    )


def _settle_rest(
    work: Work, order: Order, claimed: Sequence[Planned], stored: Sequence[Planned], changes: Mapping[str, Any]
) -> None:
    """Write what may still be planned of an order of which part is claimed. Raises Invalid("instalments")."""
    if "instalments" not in changes:
        return
    typed = clean_instalments(changes["instalments"] or (), order.currency)
    if list(typed[: len(claimed)]) != list(claimed):
        raise Invalid("instalments", N_("An instalment that is claimed stays here. Reschedule it in Receivables."))
    write_plan(work, order, typed, stored)


def _agreed(order_id: int) -> Any:
    # An instalment that was moved to another day takes the place of one that is counted already.
    return select(Instalment).where(Instalment.order_id == order_id, Instalment.moved_from_id.is_(None))


def _planned_rows(work: Work, order_id: int) -> list[Instalment]:
    asked = _agreed(order_id).where(Instalment.claimed_on.is_(None))
    return list(work.session.scalars(asked.order_by(Instalment.position, Instalment.id)))


def _planned(row: Instalment) -> Planned:
    return Planned(row.amount, row.due_on, row.event, row.label)


def _amounts(plan: Sequence[Planned]) -> list[int]:
    return [one.amount for one in plan]


def _followed(stored: Sequence[Planned], before: Sequence[Planned], now: Sequence[Planned]) -> tuple[Planned, ...]:
    """Return the term's new plan with what people typed into the old one."""
    if not len(stored) == len(before) == len(now):
        return tuple(now)
    return tuple(
        Planned(
            new.amount,
            new.due_on if (typed.due_on, typed.event) == (old.due_on, old.event) else typed.due_on,
            typed.event,
            typed.label,
        )
        for typed, old, new in zip(stored, before, now, strict=True)
    )
