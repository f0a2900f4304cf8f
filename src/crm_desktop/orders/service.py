"""What people can do with an order: write it, confirm it, change what may still change, bring it to an end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete as delete_rows
from sqlalchemy import select

from crm_desktop.access.company import today
from crm_desktop.db.work import Work
from crm_desktop.orders import above, chances, rules
from crm_desktop.orders.batch import dates_of, first_of_customers, insert_orders, not_won
from crm_desktop.orders.changing import check_changes
from crm_desktop.orders.composing import shown_instalments
from crm_desktop.orders.documents import (
    ORDERS,
    add,
    change,
    check_worth,
    described,
    editable,
    lines_of,
    note_step,
    raise_version,
    step,
)
from crm_desktop.orders.drafting import blank_order, carried, next_number, with_rate
from crm_desktop.orders.fulfilment import recompute
from crm_desktop.orders.margins import keep_costs, margin_of, positions_below_cost
from crm_desktop.orders.model import Instalment, Order, Quote
from crm_desktop.orders.planning import Basis, finish_plan, follow_order, followed, settle_plan, stored_plan
from crm_desktop.orders.winning import win
from crm_desktop.shared.errors import Invalid, NotAllowed
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.record import Record
from crm_desktop.shared.text import clean_multiline

ENTITY: Final = ORDERS.entity
BELOW_COST: Final = "below_cost"
"""The journal's entity of orders confirmed below cost; the id is the order's."""
_SHOWN: Final = ("quote_id", "confirmed_at", "confirmed_by", "end_reason", "ended_at")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What confirming an order brought: its number, and the positions (from 1) of lines below cost."""

    number: str
    below_cost: tuple[int, ...] = ()


@requires(Permission.ORDER_READ)
def get(work: Work, order_id: int) -> Record:
    """Return one order with its lines, instalments, totals and how far it is. Raises NotFound.

    `margin` and `margin_percent` are there only for those who may see margins; `below_cost` names the
    lines of a draft that are sold below cost.
    """
    order = work.get(Order, order_id)
    values = described(work, ORDERS, order)
    lines = values["lines"]
    for line in lines:
        line["open"] = rules.open_quantity(line["quantity"], line["delivered"], state=order.state)
    values |= {name: getattr(order, name) for name in _SHOWN}
    values |= {name: getattr(order, name) for name in ("delivered_percent", "invoiced_percent")}
    values |= {
        "open_net": from_minor(order.open_net, order.currency),
        "quote_number": _quote_number(work, order.quote_id),
        "instalments": shown_instalments(stored_plan(work, order.id), order.currency),
        BELOW_COST: _below_cost(work, order, lines) if order.state == rules.DRAFT else (),
    }
    return Record(order.id, order.version, values | margin_of(work, order, lines))


@requires(Permission.ORDER_WRITE)
def defaults(work: Work, contact_id: int | None = None) -> dict[str, Any]:
    """Return the values of a new order before anybody typed. Raises Invalid("rate")."""
    return blank_order(work, contact_id, {})


@requires(Permission.ORDER_WRITE)
def create(work: Work, values: Mapping[str, Any]) -> int:
    """Write down a new order and return its id; what is not given is as `defaults` says. Raises Invalid."""
    return create_from(work, values)


@requires(Permission.ORDER_WRITE)
def create_from(
    work: Work, values: Mapping[str, Any], *, quote_id: int | None = None, copied_from_id: int | None = None
) -> int:
    """Write down a new order that came from another document. Raises Invalid."""
    whole = blank_order(work, values.get("contact_id"), values)
    order: Order = add(work, ORDERS, whole, quote_id=quote_id, copied_from_id=copied_from_id)
    settle_plan(work, order, None, {name: values[name] for name in ("instalments",) if name in values})
    work.session.flush()
    return order.id


@requires(Permission.ORDER_WRITE)
def create_many(work: Work, rows: Iterable[Mapping[str, Any]], *, confirmed: bool = False) -> list[int]:
    """Write down many new orders, as an import does, and return their ids in the order given.

    Each mapping is as for `create`, with names and prices on its lines; what is not given is the company's
    default. `confirmed` makes them binding at once, numbered within the year of their own date; the credit of
    every customer must carry all of theirs, as there is no override here. Raises CreditStop, Invalid, NotAllowed.
    """
    if confirmed and not work.actor.may(Permission.ORDER_CONFIRM):
        raise NotAllowed
    if confirmed:
        rows = list(rows)
        for contact_id in not_won(work, {row["contact_id"] for row in rows if row.get("contact_id")}):
            win(work, contact_id)
    ids = insert_orders(work, rows, confirmed=confirmed)
    if confirmed:
        keep_costs(work, ids)
        for feature in above.attached():
            feature.confirmed(work, dates_of(work, ids))
        if above.attached() and work.actor.user_id is not None:
            # All of them count by now, so one order of each customer asks for all.
            for order in first_of_customers(work, ids):
                _check_credit(work, order, "confirm", "")
    return ids


@requires(Permission.ORDER_WRITE)
def save(work: Work, order_id: int, version: int, changes: Mapping[str, Any], *, override: str = "") -> int:
    """Save the changed values over `version` and return the new version.

    A confirmed order still changes what does not alter what was agreed (notes, reference, dates, terms,
    instalments); its lines and discount only while nothing is delivered or invoiced, by those who may
    confirm. When it grows the customer's credit is asked again; `override` is as for `confirm`. Raises
    CreditStop, Conflict, Invalid, NotAllowed, NotFound.
    """
    order: Order = editable(work, ORDERS, order_id, version, changes)
    lines = check_changes(work, order, changes)
    before, whose, chance = Basis.of(order), followed(order), order.opportunity_id
    change(work, ORDERS, order, with_rate(work, changes))
    settle_plan(work, order, before, changes)
    if followed(order) != whose:
        follow_order(work, order)
    if order.state == rules.CONFIRMED:
        finish_plan(work, order)
        if lines:
            check_worth(work, ORDERS, order)
            keep_costs(work, [order.id])
            _note_below_cost(work, order)
            recompute(work, order)
        if order.total > before.total:
            _check_credit(work, order, "save", override)
    if order.opportunity_id != chance and order.state in (rules.CONFIRMED, rules.CLOSED):
        chances.left(work, order.id, chance)
        chances.won_by(work, order)
    work.session.flush()
    return int(order.version)


@requires(Permission.ORDER_WRITE)
def delete(work: Work, order_id: int, version: int) -> None:
    """Delete a draft with its lines and instalments. Raises WrongState, Conflict."""
    order = step(work, ORDERS, order_id, version, rules.DRAFT)
    work.session.execute(delete_rows(Instalment).where(Instalment.order_id == order.id))
    work.session.delete(order)
    work.session.flush()


@requires(Permission.ORDER_CONFIRM)
def confirm(work: Work, order_id: int, version: int, *, override: str = "") -> Confirmed:
    """Make a draft binding: it gets its number, its plan adds up, its costs are kept, its customer is one.

    `override` is the reason why it goes on although the customer's credit does not carry it. Raises
    CreditStop, Invalid beside what is missing, WrongState when somebody was faster, Conflict when the
    order reads otherwise by now.
    """
    order: Order = step(work, ORDERS, order_id, version, rules.DRAFT)
    win(work, order.contact_id)
    check_worth(work, ORDERS, order)
    finish_plan(work, order)
    _check_credit(work, order, "confirm", override)
    day = today(work)
    order.confirmed_at, order.confirmed_by = work.now, work.actor.user_id
    raise_version(work, order)
    order.number, order.serial = next_number(work, ENTITY, day)
    order.state = rules.CONFIRMED
    note_step(work, ORDERS, order, "confirm", number=order.number)
    keep_costs(work, [order.id])
    below = _note_below_cost(work, order)
    for feature in above.attached():
        feature.confirmed(work, {order.id: day})
    chances.won_by(work, order)
    recompute(work, order)
    work.session.flush()
    return Confirmed(order.number, below)


@requires(Permission.ORDER_CLOSE)
def close_short(work: Work, order_id: int, version: int, reason: str) -> None:
    """Close a confirmed order of which the rest will not come; nothing of it is open then.

    Raises Invalid("end_reason") without a reason, WrongState, Conflict.
    """
    order: Order = step(work, ORDERS, order_id, version, rules.CONFIRMED)
    _end(work, order, rules.CLOSED, reason)
    note_step(work, ORDERS, order, "close_short")


@requires(Permission.ORDER_CLOSE)
def cancel(work: Work, order_id: int, version: int, reason: str) -> None:
    """Cancel a confirmed order of which nothing, returns taken off, is delivered or invoiced.

    Raises WrongState with a sentence that says what to do instead, Invalid("end_reason"), Conflict.
    """
    order: Order = step(work, ORDERS, order_id, version, rules.CONFIRMED)
    if rules.is_begun(lines_of(work, ORDERS, order.id, order.currency)):
        raise rules.WrongState(
            N_(
                "Part of this order is delivered or invoiced, so it cannot be cancelled. Close it short, or take "
                "the goods back first."
            )
        )
    _end(work, order, rules.CANCELLED, reason)
    note_step(work, ORDERS, order, "cancel")
    chances.left(work, order.id, order.opportunity_id)


@requires(Permission.ORDER_WRITE)
def copy(work: Work, order_id: int) -> int:
    """Make a draft of what an order says, dated today, and return its id. Raises NotFound."""
    order = work.get(Order, order_id)
    return create_from(work, carried(work, ORDERS, order), copied_from_id=None if order.number is None else order.id)


def _check_credit(work: Work, order: Order, step: str, override: str) -> None:
    for feature in above.attached():
        feature.check_credit(work, order, step, override)


def _end(work: Work, order: Order, state: str, reason: str) -> None:
    cleaned = clean_multiline(reason)
    if not cleaned:
        raise Invalid("end_reason", N_("Say why, for those who ask later."))
    order.state, order.end_reason, order.ended_at = state, cleaned, work.now
    raise_version(work, order)
    for feature in above.attached():
        feature.ended(work, order)
    recompute(work, order)


def _below_cost(work: Work, order: Order, lines: Any) -> tuple[int, ...]:
    if not work.actor.may(Permission.PRICE_READ):
        return ()
    return positions_below_cost(work, lines, order.rate)


def _note_below_cost(work: Work, order: Order) -> tuple[int, ...]:
    """Write into the journal which lines are sold below cost, for how much, never what they cost."""
    lines = lines_of(work, ORDERS, order.id, order.currency)
    below = _below_cost(work, order, lines)
    if below:
        told = [
            {
                "position": place,
                "name": lines[place - 1]["name"],
                "unit_price": lines[place - 1]["unit_price"],
                "discount_percent": lines[place - 1]["discount_percent"],
            }
            for place in below
        ]
        work.note(
            BELOW_COST,
            order.id,
            "confirm",
            after={"number": order.number, "lines": told},
            contact_id=order.contact_id,
            version=order.version,
        )
    return below


def _quote_number(work: Work, quote_id: int | None) -> str:
    if quote_id is None:
        return ""
    found = work.session.execute(select(Quote.number, Quote.revision).where(Quote.id == quote_id)).one_or_none()
    return rules.shown_number(*found) if found else ""
