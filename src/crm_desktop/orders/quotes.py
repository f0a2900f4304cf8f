"""What people can do with a quote: write it, send it, revise it, win or lose it, make an order of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from crm_desktop.access.company import today
from crm_desktop.db.work import Work
from crm_desktop.orders import chances, changing, rules, service
from crm_desktop.orders.comparing import Comparison, compared
from crm_desktop.orders.documents import (
    ORDERS,
    QUOTES,
    add,
    change,
    check_worth,
    described,
    editable,
    note_step,
    raise_version,
    step,
)
from crm_desktop.orders.drafting import blank_quote, carried, next_number, with_rate
from crm_desktop.orders.model import Order, Quote
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.record import Record
from crm_desktop.shared.text import clean_multiline

ENTITY: Final = QUOTES.entity
AFTER_SENDING: Final = changing.AFTER_SENDING


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a quote; `shown` is its number as people say it."""

    id: int
    revision: int
    shown: str
    state: str
    current: bool
    dated_on: Any
    total: Any


@requires(Permission.QUOTE_READ)
def get(work: Work, quote_id: int) -> Record:
    """Return one quote with its lines, totals and the ids of the orders made from it. Raises NotFound."""
    quote = work.get(Quote, quote_id)
    values = described(work, QUOTES, quote)
    values |= {
        name: getattr(quote, name)
        for name in ("revision", "first_id", "current", "sent_at", "decided_on", "lost_reason", "lost_note")
    }
    orders = work.session.scalars(select(Order.id).where(Order.quote_id == quote.id).order_by(Order.id))
    values["expired"] = rules.is_expired(quote.state, quote.valid_until, today(work))
    values["order_ids"] = tuple(orders)
    return Record(quote.id, quote.version, values)


@requires(Permission.QUOTE_WRITE)
def defaults(work: Work, contact_id: int | None = None) -> dict[str, Any]:
    """Return the values of a new quote before anybody typed. Raises Invalid("rate")."""
    return blank_quote(work, contact_id, {})


@requires(Permission.QUOTE_WRITE)
def create(work: Work, values: Mapping[str, Any]) -> int:
    """Write down a new quote and return its id; what is not given is as `defaults` says. Raises Invalid."""
    quote: Quote = add(work, QUOTES, blank_quote(work, values.get("contact_id"), values))
    return quote.id


@requires(Permission.QUOTE_WRITE)
def save(work: Work, quote_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Save the changed values over `version` and return the new version.

    A quote that was sent changes by `revise` only; its notes and its salesperson may still change. Raises
    Conflict, Invalid, WrongState, NotFound.
    """
    quote = editable(work, QUOTES, quote_id, version, changes)
    changing.check_quote_changes(quote, changes)
    change(work, QUOTES, quote, with_rate(work, changes))
    work.session.flush()
    return int(quote.version)


@requires(Permission.QUOTE_WRITE)
def delete(work: Work, quote_id: int, version: int) -> None:
    """Delete a draft; the revision before it is the current one again. Raises WrongState, Conflict."""
    quote = step(work, QUOTES, quote_id, version, rules.DRAFT)
    if quote.first_id is not None:
        earlier = work.session.scalars(
            select(Quote)
            .where(Quote.number == quote.number, Quote.revision < quote.revision)
            .order_by(Quote.revision.desc())
            .limit(1)
            .with_for_update()
        ).one()
        earlier.current, earlier.state = True, rules.SENT
        raise_version(work, earlier)
    work.session.delete(quote)
    work.session.flush()


@requires(Permission.QUOTE_WRITE)
def send(work: Work, quote_id: int, version: int) -> str:
    """Mark a draft as sent and return its number as people say it; a first revision gets it now.

    Raises Invalid when there is nothing in it, WrongState, Conflict.
    """
    quote = step(work, QUOTES, quote_id, version, rules.DRAFT)
    check_worth(work, QUOTES, quote)
    quote.state, quote.sent_at = rules.SENT, work.now
    raise_version(work, quote)
    note_step(work, QUOTES, quote, "send")
    if quote.number is None:
        quote.number, quote.serial = next_number(work, ENTITY, today(work))
    work.session.flush()
    return rules.shown_number(quote.number, quote.revision)


@requires(Permission.QUOTE_WRITE)
def accept(work: Work, quote_id: int, version: int) -> None:
    """Mark a sent quote as accepted, an expired one too. Raises WrongState, Conflict."""
    quote = step(work, QUOTES, quote_id, version, rules.SENT)
    _decide(work, quote, rules.ACCEPTED)
    note_step(work, QUOTES, quote, "accept")


@requires(Permission.QUOTE_WRITE)
def lose(work: Work, quote_id: int, version: int, reason: str, note: str = "") -> None:
    """Mark a sent quote as lost; `reason` is a key of `rules.LOST_REASONS`. Raises Invalid, WrongState, Conflict."""
    if reason not in dict(rules.LOST_REASONS):
        raise Invalid("lost_reason", N_("Choose why the quote was lost."))
    quote = step(work, QUOTES, quote_id, version, rules.SENT)
    _decide(work, quote, rules.LOST, reason, clean_multiline(note))
    note_step(work, QUOTES, quote, "lose")
    chances.quote_lost(work, quote)


@requires(Permission.QUOTE_WRITE)
def reopen(work: Work, quote_id: int, version: int) -> None:
    """Make an accepted or lost quote a sent one again, unless an order was made of it. Raises WrongState, Conflict."""
    quote = step(work, QUOTES, quote_id, version, rules.ACCEPTED, rules.LOST)
    if work.session.scalar(select(func.count()).select_from(Order).where(Order.quote_id == quote.id)):
        raise rules.WrongState(N_("An order was made of this quote, so it stays accepted."))
    quote.state, quote.decided_on = rules.SENT, None
    quote.lost_reason = quote.lost_note = ""
    raise_version(work, quote)
    note_step(work, QUOTES, quote, "reopen")


@requires(Permission.QUOTE_WRITE)
def revise(work: Work, quote_id: int, version: int) -> int:
    """Make a new revision, a draft with the same number, and return its id; the old one is kept as replaced.

    Raises WrongState for a draft and for one that was replaced already, Conflict.
    """
    quote = step(work, QUOTES, quote_id, version, rules.SENT, rules.ACCEPTED, rules.LOST)
    values = blank_quote(work, quote.contact_id, carried(work, QUOTES, quote))
    quote.state, quote.current = rules.REPLACED, False
    quote.lost_reason = ""
    raise_version(work, quote)
    made: Quote = add(
        work,
        QUOTES,
        values,
        number=quote.number,
        serial=quote.serial,
        revision=quote.revision + 1,
        first_id=quote.first_id or quote.id,
    )
    note_step(work, QUOTES, made, "revise")
    return made.id


@requires(Permission.QUOTE_READ)
def revisions(work: Work, quote_id: int) -> tuple[Revision, ...]:
    """Return every revision of a quote, the newest first. Raises NotFound."""
    quote = work.get(Quote, quote_id)
    first_id = quote.first_id or quote.id
    rows = work.session.scalars(
        select(Quote).where((Quote.id == first_id) | (Quote.first_id == first_id)).order_by(Quote.revision.desc())
    )
    return tuple(
        Revision(
            row.id,
            row.revision,
            rules.shown_number(row.number, row.revision),
            row.state,
            row.current,
            row.dated_on,
            from_minor(row.total, row.currency),
        )
        for row in rows
    )


@requires(Permission.QUOTE_READ)
def compare(work: Work, one_id: int, other_id: int) -> Comparison:
    """Return what is different between two quotes, the first taken as the older. Raises NotFound."""
    said = [name for name in QUOTES.header if name != "opportunity_id"]
    return compared(said, get(work, one_id).values, get(work, other_id).values)


@requires(Permission.QUOTE_WRITE)
def copy(work: Work, quote_id: int) -> int:
    """Make a draft of what a quote says, dated today, and return its id. Raises NotFound."""
    quote = work.get(Quote, quote_id)
    made: Quote = add(work, QUOTES, blank_quote(work, quote.contact_id, carried(work, QUOTES, quote)))
    return made.id


@requires(Permission.QUOTE_WRITE, Permission.ORDER_READ)
def copy_order(work: Work, order_id: int) -> int:
    """Make a draft quote of what an order says, dated today, and return its id. Raises NotFound."""
    said = carried(work, ORDERS, work.get(Order, order_id))
    given = {name: value for name, value in said.items() if name in (*QUOTES.header, "lines")}
    made: Quote = add(work, QUOTES, blank_quote(work, given["contact_id"], given))
    return made.id


@requires(Permission.QUOTE_WRITE, Permission.ORDER_WRITE)
def make_order(work: Work, quote_id: int, version: int) -> int:
    """Make a draft order of a sent or accepted quote, without retyping, and return its id.

    The quote counts as accepted then. Raises WrongState, Conflict, NotAllowed without the right to quotes.
    """
    quote = step(work, QUOTES, quote_id, version, rules.SENT, rules.ACCEPTED)
    if quote.state == rules.SENT:
        accept(work, quote.id, quote.version)
    else:
        raise_version(work, quote)
        note_step(work, QUOTES, quote, "order")
    return service.create_from(work, carried(work, QUOTES, quote) | {"notes": quote.notes}, quote_id=quote.id)


def _decide(work: Work, quote: Quote, state: str, reason: str = "", note: str = "") -> None:
    # The day is asked for first: it flushes, and a lost quote without its reason is refused.
    day = today(work)
    quote.state, quote.decided_on = state, day
    quote.lost_reason, quote.lost_note = reason, note
    raise_version(work, quote)
