"""What people can do with an activity: log it, plan it, complete it with what comes next, move it, drop it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import column, select, table
from sqlalchemy.orm.attributes import flag_modified

from crm_desktop.access.company import today
from crm_desktop.access.model import User
from crm_desktop.activities import dates, reminders, rules
from crm_desktop.activities.model import Activity, ActivityKind, ActivityResult
from crm_desktop.activities.timeline_rows import zone_of
from crm_desktop.contacts.model import Contact, owner_keys
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Conflict, Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain, Permission, Scope, requires
from crm_desktop.shared.record import Record

ENTITY: Final = Activity.journal_entity
_AS_THEY_ARE: Final = (
    *("contact_id", "side", "kind_id", "result_id", "person_id", "opportunity_id", "follows_id", "state"),
    *("subject", "notes", "user_id", "author", "priority", "due_on", "due_time", "done_at", "taken_over"),
    *("created_at", "created_by", "updated_at", "updated_by"),
)


@dataclass(frozen=True, slots=True)
class Logged:
    """What was stored: the activity, and the one planned as its "what next?", None without."""

    id: int
    next_id: int | None


@requires(Permission.ACTIVITY_READ)
def get(work: Work, activity_id: int) -> Record:
    """Return one activity. Raises NotFound.

    `contact_name` and `person_name` ("" out of sight) come along, and `remind_minutes`.
    """
    row = work.get(Activity, activity_id)
    asked = select(Contact.id, Contact.name).where(Contact.id.in_([row.contact_id, row.person_id or 0]))
    names = dict(work.session.execute(asked).all())
    values = {name: getattr(row, name) for name in _AS_THEY_ARE}
    values |= {
        "contact_name": names.get(row.contact_id, ""),
        "person_name": names.get(row.person_id or 0, ""),
        "remind_minutes": reminders.minutes_of(work, row.id),
    }
    return Record(row.id, row.version, values)


@requires(Permission.ACTIVITY_WRITE)
def log(work: Work, contact_id: int, values: Mapping[str, Any]) -> Logged:
    """Write down what was done with a contact, and plan what comes next, in one step.

    `values`: kind_id, result_id, subject, notes, person_id, opportunity_id, done_at (now), user_id (the actor), and
    `next` as `plan` takes it, None for nothing. Raises Invalid beside the field, of the next one as "next.FIELD".
    """
    contact, side = _contact(work, contact_id)
    row = _new(work, contact, side, values)
    row.state, row.done_at = rules.DONE, rules.checked_done(values.get("done_at"), work.now)
    _store_new(work, row)
    return _with_next(work, row, values.get("next"), (contact, side))


@requires(Permission.ACTIVITY_WRITE)
def plan(work: Work, contact_id: int, values: Mapping[str, Any]) -> int:
    """Plan an activity and return its id.

    `values`: kind_id, subject, notes, due_on (needed), due_time, user_id (the actor), priority, person_id,
    opportunity_id, remind_minutes (None: no reminder). Raises Invalid beside the field.
    """
    row = _plan(work, *_contact(work, contact_id), {**values, "follows_id": None})
    return row.id


@requires(Permission.ACTIVITY_WRITE)
def complete(work: Work, activity_id: int, version: int, values: Mapping[str, Any]) -> Logged:
    """Mark a planned activity as done, with what came of it and what comes next.

    `values`: result_id, notes, subject, kind_id, person_id, user_id, done_at (now), and `next` as `log` takes it.
    Raises WrongState, Conflict, Invalid, NotFound.
    """
    told = {name: value for name, value in values.items() if name not in ("next", "done_at")}
    row = _edited(work, activity_id, version, told)
    _check_planned(row)
    _apply(work, row, told)
    row.state, row.done_at = rules.DONE, rules.checked_done(values.get("done_at"), work.now)
    _store(work, row, derives=False)
    return _with_next(work, row, values.get("next"))


@requires(Permission.ACTIVITY_WRITE)
def move(work: Work, activity_id: int, version: int, due_on: date, due_time: str = "") -> None:
    """Move a planned activity to another day. Raises WrongState, Conflict, Invalid, NotFound."""
    changes = {"due_on": due_on, "due_time": rules.checked_time(due_time)}
    row = _edited(work, activity_id, version, changes)
    _check_planned(row)
    rules.checked_due(due_on, needed=True)
    _take_due(row, changes)
    _store(work, row)
    reminders.follow(work, row)


@requires(Permission.ACTIVITY_WRITE)
def save(work: Work, activity_id: int, version: int, changes: Mapping[str, Any]) -> int:
    """Save the changed values over `version` and return the new version.

    A correction is no contact: only when it was done counts. Raises Conflict with both sides when somebody else
    changed the same value, Invalid, NotFound.
    """
    told = {name: value for name, value in changes.items() if name not in ("remind_minutes", "next")}
    row = _edited(work, activity_id, version, told)
    if changes.get("contact_id", row.contact_id) != row.contact_id:
        raise Invalid("contact_id", N_("An activity stays with its contact. Write a new one for another."))
    before = row.user_id
    _apply(work, row, told)
    if row.state == rules.PLANNED:
        if row.user_id != before:
            _check_works_here(work, row.user_id)
        _take_due(row, told)
        rules.checked_due(row.due_on, needed=True)
    elif told.get("done_at") is not None and row.state == rules.DONE:
        row.done_at = rules.checked_done(told["done_at"], work.now)
    _store(work, row)
    if row.state == rules.PLANNED:
        if "remind_minutes" in changes:
            reminders.plan(work, row, changes["remind_minutes"])
        elif {"due_on", "due_time", "user_id"} & told.keys():
            reminders.follow(work, row)
    return row.version


@requires(Permission.ACTIVITY_WRITE)
def drop(work: Work, activity_id: int, version: int) -> None:
    """Let a planned activity go undone; it stays in the timeline. Raises WrongState, Conflict, NotFound."""
    row = _edited(work, activity_id, version, {"state": rules.DROPPED})
    _check_planned(row)
    row.state = rules.DROPPED
    _store(work, row)


@requires(Permission.ACTIVITY_WRITE)
def reopen(work: Work, activity_id: int, version: int) -> None:
    """Plan a done or dropped activity again, on its day, today when it had none. Raises WrongState, NotFound."""
    row = _edited(work, activity_id, version, {"state": rules.PLANNED})
    if row.state == rules.PLANNED:
        raise rules.WrongState(N_("This activity is planned already."))
    row.state, row.done_at, row.result_id = rules.PLANNED, None, None
    if row.due_on is None:
        row.due_on = today(work)
    row.due_sort = row.due_on
    _store(work, row)
    reminders.follow(work, row)


@requires(Permission.ACTIVITY_DELETE)
def delete(work: Work, activity_id: int, version: int) -> None:
    """Delete an activity; the journal keeps what it said. Raises Conflict, NotFound."""
    row = work.get(Activity, activity_id, version)
    contact_id = row.contact_id
    for following in work.session.scalars(select(Activity).where(Activity.follows_id == row.id)):
        following.follows_id = None
    reminders.plan(work, row, None)
    work.session.delete(row)
    dates.derive(work, (contact_id,))


def _plan(work: Work, contact: Contact, side: Domain, values: Mapping[str, Any]) -> Activity:
    row = _new(work, contact, side, values)
    _take_due(row, values)
    rules.checked_due(row.due_on, needed=True)
    if row.user_id != work.actor.user_id:
        _check_works_here(work, row.user_id)
    _store_new(work, row)
    dates.derive(work, (row.contact_id,))
    if values.get("remind_minutes") is not None:
        reminders.plan(work, row, values["remind_minutes"])
    return row


def _new(work: Work, contact: Contact, side: Domain, values: Mapping[str, Any]) -> Activity:
    """Return a row, planned and not yet stored, of a contact in reach. Raises Invalid."""
    row = Activity(
        contact_id=contact.id,
        owner_key=contact.owner_key,
        contact_sort=contact.sort_key,
        side=side.value,
        state=rules.PLANNED,
        subject="",
        notes="",
        author="",
        priority=rules.NORMAL,
        due_time="",
        due_sort=rules.LAST_DAY,
        taken_over=False,
        user_id=work.actor.user_id,
        follows_id=values.get("follows_id"),
        created_at=work.now,
        created_by=work.actor.user_id,
    )
    _apply(work, row, {"kind_id": None} | dict(values))
    return row


def _contact(work: Work, contact_id: Any) -> tuple[Contact, Domain]:
    """Return a contact something may be written down for, and on which side of the wall.

    Held until the end, so that its owner stays. Raises Invalid("contact_id").
    """
    asked = select(Contact).where(Contact.id == contact_id)
    held = asked.with_for_update(read=True, key_share=True).execution_options(populate_existing=True)
    contact = work.session.scalars(held).one_or_none()
    if contact is None or contact.merged_into_id is not None:
        raise Invalid("contact_id", N_("This contact no longer exists, or you may not see it."))
    scope = work.actor.scope(Domain.SALES)
    reached = scope is Scope.ALL or (scope is not Scope.NONE and contact.owner_key in owner_keys(work.actor, scope))
    sells = contact.is_customer and (reached or work.actor.reaches_everything)
    return contact, Domain.SALES if sells else Domain.PURCHASING


def _apply(work: Work, row: Activity, values: Mapping[str, Any]) -> None:
    """Write what people decide about an activity over it; absent values stay. Raises Invalid."""
    if "kind_id" in values:
        row.kind_id = _known(work, ActivityKind, "kind_id", values["kind_id"], needed=True) or 0
    if "result_id" in values:
        row.result_id = _known(work, ActivityResult, "result_id", values["result_id"])
    if "subject" in values:
        row.subject = rules.checked_subject(values["subject"])
    if "notes" in values:
        row.notes = rules.checked_notes(values["notes"])
    if values.get("priority") is not None:
        row.priority = rules.checked_priority(values["priority"])
    if "person_id" in values and values["person_id"] != row.person_id:
        row.person_id = _known(work, Contact, "person_id", values["person_id"])
    if "opportunity_id" in values and values["opportunity_id"] != row.opportunity_id:
        row.opportunity_id = _opportunity(work, row, values["opportunity_id"])
    if values.get("user_id") is not None and values["user_id"] != row.user_id:
        row.user_id = _known(work, User, "user_id", values["user_id"])


def _opportunity(work: Work, row: Activity, opportunity_id: Any) -> int | None:
    """Return an opportunity of the same customer. Raises Invalid("opportunity_id")."""
    if opportunity_id is None:
        return None
    # By its table: the pipeline stands above, and what belongs to a customer in reach is in reach.
    asked = select(_OPPORTUNITY.c.id).where(
        _OPPORTUNITY.c.id == opportunity_id, _OPPORTUNITY.c.contact_id == row.contact_id
    )
    found: int | None = None
    if _is_id(opportunity_id) and row.side == Domain.SALES.value:
        found = work.session.scalar(asked)
    if found is None:
        raise Invalid("opportunity_id", N_("This opportunity no longer exists, or it is another customer's."))
    return found


def _check_works_here(work: Work, user_id: int | None) -> None:
    """Raise Invalid("user_id") for somebody who cannot log in any more: nobody would see what is planned."""
    if user_id is not None and not work.session.scalar(select(User.active).where(User.id == user_id)):
        raise Invalid("user_id", N_("This colleague is deactivated. Choose somebody who works here."))


def _take_due(row: Activity, values: Mapping[str, Any]) -> None:
    if "due_on" in values:
        row.due_on = rules.checked_due(values["due_on"], needed=False)
        row.due_sort = row.due_on or rules.LAST_DAY
    if "due_time" in values:
        row.due_time = rules.checked_time(values["due_time"])


def _with_next(
    work: Work,
    row: Activity,
    wanted: Mapping[str, Any] | None,
    of: tuple[Contact, Domain] | None = None,
) -> Logged:
    """Plan what comes next; either way the dates of the contact are derived once, of both together."""
    if wanted is None:
        dates.derive(work, (row.contact_id,))
        return Logged(row.id, None)
    usual = {
        "kind_id": row.kind_id,
        "person_id": row.person_id,
        "opportunity_id": row.opportunity_id,
        "user_id": row.user_id,
    }
    given = usual | {name: value for name, value in wanted.items() if value is not None or name not in usual}
    try:
        upcoming = _plan(work, *(of or _contact(work, row.contact_id)), {**given, "follows_id": row.id})
    except Invalid as error:
        raise Invalid(f"next.{error.field}", error.message, **error.values) from error
    return Logged(row.id, upcoming.id)


def _edited(work: Work, activity_id: int, version: int, changes: Mapping[str, Any]) -> Activity:
    """Return the locked row; a Conflict types its days as a record does.

    Its contact is held first, as it is when the contact is handed over: in the other order two wait for each other.
    """
    if work.is_postgres:
        of_it = select(Activity.contact_id).where(Activity.id == activity_id).scalar_subquery()
        work.session.execute(select(Contact.id).where(Contact.id == of_it).with_for_update(read=True, key_share=True))
    try:
        return work.edit(Activity, activity_id, version, changes)
    except Conflict as conflict:
        raise Conflict(
            theirs=_typed(conflict.theirs),
            original=_typed(conflict.original),
            version=conflict.version,
            changed_by=conflict.changed_by,
        ) from conflict


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    typed = dict(values)
    if isinstance(typed.get("due_on"), str):
        typed["due_on"] = date.fromisoformat(typed["due_on"])
    if isinstance(typed.get("done_at"), str):
        typed["done_at"] = datetime.fromisoformat(typed["done_at"])
    return typed


def _check_planned(row: Activity) -> None:
    if row.state != rules.PLANNED:
        raise rules.WrongState


def _store_new(work: Work, row: Activity) -> None:
    row.updated_at, row.updated_by = work.now, work.actor.user_id
    row.at_sort = _place(work, row)
    work.session.add(row)
    work.session.flush()


def _store(work: Work, row: Activity, *, derives: bool = True) -> None:
    row.updated_at, row.updated_by = work.now, work.actor.user_id
    flag_modified(row, "updated_at")
    row.at_sort = _place(work, row)
    if derives:
        dates.derive(work, (row.contact_id,))


def _place(work: Work, row: Activity) -> datetime:
    # Of what is done the time zone says nothing, and asking for it takes time.
    zone = "UTC" if row.state == rules.DONE else zone_of(work).key
    return rules.place_in_time(row.state, row.done_at, row.due_on, row.created_at, zone)


def _is_id(value: Any) -> bool:
    # A server refuses to compare what is no 64-bit number, where a file finds nothing.
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _known(work: Work, entity: Any, field: str, id_: Any, *, needed: bool = False) -> int | None:
    if id_ is None and not needed:
        return None
    found: int | None = work.session.scalar(select(entity.id).where(entity.id == id_)) if _is_id(id_) else None
    if found is None:
        raise Invalid(field, _MISSING[field])
    return found


_OPPORTUNITY: Final = table("opportunity", column("id"), column("contact_id"))
_MISSING: Final = {
    "kind_id": N_("Choose what kind of activity it is."),
    "result_id": N_("This result no longer exists. Choose another one."),
    "person_id": N_("This person no longer exists, or you may not see them."),
    "user_id": N_("This colleague does not exist."),
}
