"""What people can do with an opportunity: write it down, change it, move it, win or lose it, reopen it."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from crm_desktop.access.company import company, today
from crm_desktop.access.model import User
from crm_desktop.contacts.customers import customer
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import CREATE, UPDATE
from crm_desktop.db.work import Work
from crm_desktop.pipeline import noted, rules
from crm_desktop.pipeline.model import LostReason, Opportunity, Stage
from crm_desktop.shared.errors import Conflict, Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import Money, to_minor
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.record import Record

ENTITY: Final = Opportunity.journal_entity
_AS_THEY_ARE: Final = (
    *("name", "state", "stage_id", "contact_id", "person_id", "salesperson_id", "currency", "probability"),
    *("expected_on", "opened_on", "closed_on", "lost_reason_id", "lost_note", "source", "notes", "stage_since"),
    *("created_at", "created_by", "updated_at", "updated_by"),
)
_TEXTS: Final = ("source", "notes")
_STAYED: Final = timedelta(hours=1)
"""A card dropped in a wrong column and put back within this time was never in that stage."""


@requires(Permission.OPPORTUNITY_READ)
def get(work: Work, opportunity_id: int) -> Record:
    """Return one opportunity. Raises NotFound.

    `amount` is a figure in `currency`, `weighted` a Money; `contact_name` and `person_name` come along.
    """
    row = work.get(Opportunity, opportunity_id)
    asked = select(Contact.id, Contact.name).where(Contact.id.in_([row.contact_id, row.person_id or 0]))
    names: dict[int | None, str] = dict(work.session.execute(asked).all())
    values = {name: getattr(row, name) for name in _AS_THEY_ARE}
    values |= {
        "amount": noted.amount_of(row),
        "weighted": Money.of_minor(rules.weighted(row.amount, row.probability), row.currency),
        "contact_name": names.get(row.contact_id, ""),
        "person_name": names.get(row.person_id, ""),
    }
    return Record(row.id, row.version, values)


@requires(Permission.OPPORTUNITY_WRITE)
def defaults(work: Work, contact_id: int | None = None) -> dict[str, Any]:
    """Return the values of a new opportunity before anybody typed."""
    stage = noted.first_stage(work)
    return dict.fromkeys(("name", *_TEXTS), "") | {
        "contact_id": contact_id,
        "person_id": None,
        "salesperson_id": _salesperson(work, contact_id),
        "stage_id": stage.id,
        "amount": Decimal(0),
        "currency": company(work).currency,
        "probability": stage.probability,
        "expected_on": None,
    }


@requires(Permission.OPPORTUNITY_WRITE)
def create(work: Work, contact_id: int, values: Mapping[str, Any]) -> int:
    """Write down a new opportunity of a customer and return its id; what is not given is as `defaults` says.

    `opened_on` may be given too, today without it. Raises Invalid beside the field.
    """
    owner = customer(work, contact_id)
    given = defaults(work, contact_id) | {name: values[name] for name in values if name != "contact_id"}
    stage = noted.stage(work, given["stage_id"])
    if values.get("probability") is None:
        given["probability"] = stage.probability
    row = Opportunity(
        contact_id=owner.id,
        owner_key=owner.owner_key,
        contact_sort=owner.sort_key,
        state=rules.OPEN,
        stage_id=stage.id,
        stage_since=work.now,
        furthest_stage_id=stage.id,
        opened_on=rules.checked_day("opened_on", given.get("opened_on")) or today(work),
        created_at=work.now,
        created_by=work.actor.user_id,
    )
    _apply(work, row, given)
    _stamp(work, row)
    work.session.add(row)
    work.session.flush()
    work.note(ENTITY, row.id, CREATE, after=noted.told(work, row), contact_id=row.contact_id, version=row.version)
    return row.id


@requires(Permission.OPPORTUNITY_WRITE)
def save(work: Work, opportunity_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Save the changed values over `version` and return the new version.

    Another stage brings its chance along unless `probability` is given too. `closed_on` may be corrected
    once it is won or lost, `lost_reason_id` and `lost_note` once it is lost. Raises Conflict with both
    sides when somebody else changed the same value, Invalid, WrongState, NotFound.
    """
    row = _edited(work, opportunity_id, version, changes)
    before = noted.told(work, row)
    _check_state(row, changes)
    if changes.get("contact_id", row.contact_id) != row.contact_id:
        raise Invalid("contact_id", N_("An opportunity stays with its customer. Make a new one for another."))
    stage = noted.stage(work, changes.get("stage_id", row.stage_id))
    if stage.id != row.stage_id:
        _put(work, row, stage)
    # What is looked up in between must not store half of it, a version too many.
    with work.session.no_autoflush:
        _apply(work, row, changes)
    _note(work, row, before)
    return row.version


@requires(Permission.OPPORTUNITY_WRITE)
def move(work: Work, opportunity_id: int, version: int, stage_id: int) -> None:
    """Move an open opportunity to another stage, the chance following it.

    What others changed meanwhile stays, a chance they set too. Raises MovedMeanwhile (a Conflict) when
    somebody else moved it elsewhere, WrongState when it is won or lost by now, Invalid, NotFound.
    """
    stage = noted.stage(work, stage_id)
    wanted = {"stage": noted.token(stage), "probability": stage.probability}
    keeps = False
    try:
        row = work.edit(Opportunity, opportunity_id, version, wanted)
    except Conflict as conflict:
        if "stage" in conflict.theirs:
            there = work.get(Stage, work.get(Opportunity, opportunity_id).stage_id)
            raise rules.MovedMeanwhile(conflict, noted.called(there)) from conflict
        row = work.get(Opportunity, opportunity_id, conflict.version)
        keeps = True
    _check_open(row)
    if row.stage_id == stage.id:
        return
    before, chance = noted.told(work, row), row.probability
    _put(work, row, stage)
    if keeps:
        row.probability = chance
    _note(work, row, before)


@requires(Permission.OPPORTUNITY_WRITE)
def win(work: Work, opportunity_id: int, version: int, closed_on: date | None = None) -> None:
    """Mark an open opportunity as won, today or on `closed_on`. Raises WrongState, Invalid, NotFound."""
    row = work.edit(Opportunity, opportunity_id, version, {})
    _check_open(row)
    _close(work, row, rules.WON, closed_on)


@requires(Permission.OPPORTUNITY_WRITE)
def lose(
    work: Work, opportunity_id: int, version: int, reason_id: int, note: str = "", closed_on: date | None = None
) -> None:
    """Mark an open opportunity as lost for a reason. Raises Invalid("lost_reason_id"), WrongState, NotFound."""
    row = work.edit(Opportunity, opportunity_id, version, {})
    _check_open(row)
    _close(work, row, rules.LOST, closed_on, noted.reason(work, reason_id), rules.cleaned("lost_note", note))


@requires(Permission.OPPORTUNITY_WRITE)
def reopen(work: Work, opportunity_id: int, version: int) -> None:
    """Make a won or lost opportunity an open one again, in the stage it was in. Raises WrongState, NotFound."""
    row = work.edit(Opportunity, opportunity_id, version, {})
    if row.state == rules.OPEN:
        raise rules.WrongState(N_("This opportunity is open already."))
    _open_again(work, row)


@requires(Permission.OPPORTUNITY_WRITE)
def won_by_order(work: Work, opportunity_id: int, on: date) -> bool:
    """Win an opportunity because an order of it became binding, a lost one too; returns whether it was not yet."""
    row = work.edit(Opportunity, opportunity_id, work.get(Opportunity, opportunity_id).version, {})
    if row.state == rules.WON:
        return False
    _close(work, row, rules.WON, on)
    return True


@requires(Permission.OPPORTUNITY_WRITE)
def reopened_without_order(work: Work, opportunity_id: int) -> bool:
    """Reopen a won opportunity because its only order was cancelled; returns whether it was won."""
    row = work.edit(Opportunity, opportunity_id, work.get(Opportunity, opportunity_id).version, {})
    if row.state != rules.WON:
        return False
    _open_again(work, row)
    return True


def _edited(work: Work, opportunity_id: int, version: int, changes: Mapping[str, Any]) -> Opportunity:
    """Return the locked row; a Conflict names and types its values as a record does."""
    currency = work.session.scalar(select(Opportunity.currency).where(Opportunity.id == opportunity_id)) or ""
    try:
        return work.edit(Opportunity, opportunity_id, version, noted.as_noted(work, changes, currency))
    except Conflict as conflict:
        theirs = noted.as_typed(work, conflict.theirs)
        original = noted.as_typed(work, conflict.original)
        raise Conflict(
            theirs=theirs, original=original, version=conflict.version, changed_by=conflict.changed_by
        ) from conflict


def _apply(work: Work, row: Opportunity, values: Mapping[str, Any]) -> None:
    """Write what people decide about an opportunity over it; absent values stay. Raises Invalid."""
    if "name" in values:
        row.name = rules.checked_name(values["name"])
    if "amount" in values or "currency" in values:
        _apply_amount(row, values)
    if values.get("probability") is not None:
        row.probability = rules.checked_probability(values["probability"])
    if "expected_on" in values:
        row.expected_on = rules.checked_day("expected_on", values["expected_on"])
        row.expected_sort = row.expected_on or rules.LAST_DAY
    for name in (*_TEXTS, *(("lost_note",) if row.state == rules.LOST else ())):
        if name in values:
            setattr(row, name, rules.cleaned(name, values[name]))
    if "person_id" in values and values["person_id"] != row.person_id:
        row.person_id = _person(work, values["person_id"])
    if "salesperson_id" in values and values["salesperson_id"] != row.salesperson_id:
        row.salesperson_id = _colleague(work, values["salesperson_id"])
    if row.state != rules.OPEN and values.get("closed_on"):
        row.closed_on = rules.checked_day("closed_on", values["closed_on"])
        _check_order_of_days(row)
    if row.state == rules.LOST and values.get("lost_reason_id"):
        row.lost_reason_id = noted.reason(work, values["lost_reason_id"]).id


def _apply_amount(row: Opportunity, values: Mapping[str, Any]) -> None:
    # A currency that changes alone takes the figure along: 100.00 CNY becomes 100 JPY, not 10,000.
    amount = rules.checked_amount(values["amount"]) if "amount" in values else noted.amount_of(row)
    row.currency = rules.checked_currency(values.get("currency", row.currency))
    row.amount = to_minor(amount, row.currency)


def _check_state(row: Opportunity, changes: Mapping[str, Any]) -> None:
    if row.state != rules.OPEN and changes.get("stage_id", row.stage_id) != row.stage_id:
        raise rules.WrongState(N_("This opportunity is won or lost. Reopen it to move it to another stage."))


def _check_open(row: Opportunity) -> None:
    if row.state == rules.WON:
        raise rules.WrongState(N_("This opportunity is won already. Reopen it if that was a mistake."))
    if row.state == rules.LOST:
        raise rules.WrongState(N_("This opportunity is lost already. Reopen it if it goes on."))


def _put(work: Work, row: Opportunity, stage: Stage) -> None:
    _keep_furthest(work, row)
    row.stage_id, row.stage_since, row.probability = stage.id, work.now, stage.probability


def _keep_furthest(work: Work, row: Opportunity) -> None:
    """Remember the stage that is left, when it is the furthest it stayed in so far."""
    if work.now - row.stage_since < _STAYED:
        return
    left, furthest = work.get(Stage, row.stage_id), work.get(Stage, row.furthest_stage_id)
    if (left.position, left.id) > (furthest.position, furthest.id):
        row.furthest_stage_id = left.id


def _close(
    work: Work, row: Opportunity, state: str, on: date | None, reason: LostReason | None = None, note: str = ""
) -> None:
    before = noted.told(work, row)
    day = rules.checked_day("closed_on", on) or max(today(work), row.opened_on)
    row.state, row.closed_on = state, day
    row.lost_reason_id, row.lost_note = (reason.id if reason else None), note
    _check_order_of_days(row)
    _note(work, row, before, "win" if state == rules.WON else "lose")


def _open_again(work: Work, row: Opportunity) -> None:
    before = noted.told(work, row)
    row.state, row.closed_on, row.lost_reason_id, row.lost_note = rules.OPEN, None, None, ""
    _keep_furthest(work, row)
    row.stage_since = work.now
    _note(work, row, before, "reopen")


def _check_order_of_days(row: Opportunity) -> None:
    if row.closed_on is not None and row.closed_on < row.opened_on:
        raise Invalid("closed_on", N_("It cannot be won or lost before the day it was opened."))


def _note(work: Work, row: Opportunity, before: Mapping[str, Any], action: str = UPDATE) -> None:
    """Store the row with a new version; the journal tells what changed as people read it."""
    _stamp(work, row)
    flag_modified(row, "updated_at")
    work.session.flush()
    after = noted.told(work, row)
    changed = [name for name in after if after[name] != before[name]]
    work.note(
        ENTITY,
        row.id,
        action,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        contact_id=row.contact_id,
        version=row.version,
    )


def _stamp(work: Work, row: Opportunity) -> None:
    row.updated_at, row.updated_by = work.now, work.actor.user_id


def _salesperson(work: Work, contact_id: int | None) -> int | None:
    """Return whose chance it is unless somebody says otherwise: that of whoever looks after the customer."""
    owner = work.session.scalar(select(Contact.owner_id).where(Contact.id == contact_id)) if contact_id else None
    return owner or work.actor.user_id


def _person(work: Work, person_id: Any) -> int | None:
    if person_id is None:
        return None
    found = work.session.scalar(select(Contact.id).where(Contact.id == person_id, Contact.merged_into_id.is_(None)))
    if found is None:
        raise Invalid("person_id", N_("This person no longer exists, or you may not see them."))
    return found


def _colleague(work: Work, user_id: Any) -> int | None:
    if user_id is None:
        return None
    found = work.session.scalar(select(User.id).where(User.id == user_id))
    if found is None:
        raise Invalid("salesperson_id", N_("This colleague does not exist."))
    return found
