"""What activities and contacts tell in a timeline: what was said, files, changes of the contact, every step."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from crm_desktop.access.rules import COST_ENTITY, CREDIT_ENTITY, SALES_ENTITIES, TALK_ENTITY
from crm_desktop.activities import rules
from crm_desktop.activities.above import Entry, Word
from crm_desktop.activities.model import Activity, ActivityKind, ActivityResult
from crm_desktop.activities.timeline_rows import RowSource, Told
from crm_desktop.activities.told import reaches
from crm_desktop.contacts.customer_rows import in_sales_reach
from crm_desktop.contacts.details import with_names
from crm_desktop.contacts.history import Event
from crm_desktop.contacts.model import Attachment, Contact, in_reach
from crm_desktop.db.journal import JournalEntry
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission

TALKS, DOCUMENTS, MONEY, CHANGES, STEPS = "talks", "documents", "money", "changes", "steps"
CONTACT: Final = "contact"
_PERSON: Final = aliased(Contact)
_HEADLINES: Final = {
    (False, False): N_("{kind}"),
    (False, True): N_("{kind}: {subject}"),
    (True, False): N_("{kind} with {person}"),
    (True, True): N_("{kind} with {person}: {subject}"),
}

_OPENED: Final = frozenset({"activity", "delivery", "invoice", "opportunity", "order", "quote", "receipt"})
"""The records that open from a step."""
ACTIVITY_COLUMNS: Final = (
    Activity.state,
    Activity.subject,
    Activity.notes,
    Activity.user_id,
    Activity.author,
    Activity.taken_over,
    Activity.due_on,
    Activity.due_time,
    Activity.priority,
    ActivityKind.key.label("kind_key"),
    ActivityKind.name.label("kind_name"),
    ActivityKind.icon.label("kind_icon"),
    ActivityResult.key.label("result_key"),
    ActivityResult.name.label("result_name"),
    _PERSON.name.label("person"),
)
"""What an entry of an activity is told from."""


def with_words(statement: Select[Any], actor: Actor) -> Select[Any]:
    """Return a statement on activities that knows kind, result and with whom; a person out of reach has no name."""
    person = _PERSON.id == Activity.person_id
    return (
        statement.join(ActivityKind, ActivityKind.id == Activity.kind_id)
        .outerjoin(ActivityResult, ActivityResult.id == Activity.result_id)
        .outerjoin(_PERSON, and_(person, in_reach(_PERSON, actor)))
    )


def kind_word(row: Any) -> str:
    """Return what the kind of an activity is called: its own name, else the word of the program."""
    return row.kind_name or Word(rules.KIND_WORDS.get(row.kind_key, row.kind_key))


def _activity(row: Any, told: Told) -> Entry:
    values: dict[str, Any] = {"kind": kind_word(row), "person": row.person or "", "subject": row.subject}
    detail = ""
    if row.state == rules.DROPPED:
        detail = N_("dropped")
    elif row.result_key or row.result_name:
        detail = "{result}"
        values["result"] = row.result_name or Word(rules.RESULT_WORDS.get(row.result_key, row.result_key))
    return Entry(
        at=told.at,
        source="activity",
        group=TALKS,
        entity="activity",
        id=row.its_id,
        icon=row.kind_icon,
        told=_HEADLINES[bool(row.person), bool(row.subject)],
        values=values,
        detail=detail,
        notes=row.notes,
        by=row.user_id,
        by_name=row.author,
        whole_day=row.state == rules.DROPPED,
    )


def _file(row: Any, told: Told) -> Entry:
    return Entry(
        at=told.at,
        source="file",
        group=DOCUMENTS,
        entity="file",
        id=row.its_id,
        icon="paperclip",
        told="{name}",
        values={"name": row.name, "bytes": row.size},
        by=row.added_by,
    )


def _event(row: Any, told: Told) -> Event:
    before, after = dict(row.before), dict(row.after)
    if "people" in after:
        before["people"], after["people"] = with_names(told.work, before.get("people") or (), after["people"])
    return Event(row.its_id, told.at, row.actor_name, row.action, before, after, row.entity)


def _change(row: Any, told: Told) -> Entry | None:
    if row.action == "update" and set(row.after) == {"files"}:
        if len(row.after["files"] or ()) > len(row.before.get("files") or ()):
            return None  # The file itself stands in the timeline.
    return _journalled(row, told, CHANGES, "change", "square-pen")


def _step(row: Any, told: Told) -> Entry:
    opens = row.entity if row.entity in _OPENED and row.entity_id and row.action != "delete" else ""
    return _journalled(row, told, STEPS, "step", "history", opens)


def _journalled(row: Any, told: Told, group: str, source: str, icon: str, opens: str = "") -> Entry:
    return Entry(
        at=told.at,
        source=source,
        group=group,
        entity=opens,
        id=row.entity_id if opens else 0,
        key=row.its_id,
        icon=icon,
        told="",
        values={"event": _event(row, told)},
        by=row.actor_id,
        by_name=row.actor_name,
    )


def _happened(_actor: Actor) -> Sequence[ColumnElement[bool]]:
    """Return the conditions on activities that are not planned any more.

    The contact is asked for once more, as a range: a server takes that for few rows. Reckoning with thousands it
    reads every contact there is to know which the row policy lets through, though a page needs fifty.
    """
    contact = bindparam("contact", None, type_=BigInteger)
    return Activity.state != rules.PLANNED, Activity.contact_id.between(contact, contact)


def _of_the_contact(_actor: Actor) -> Sequence[ColumnElement[bool]]:
    return (JournalEntry.entity == CONTACT,)


def _of_records(actor: Actor) -> Sequence[ColumnElement[bool]]:
    """Return the conditions on steps of records: what was sold is told to those who reach the customer as one."""
    found: list[ColumnElement[bool]] = [JournalEntry.entity != CONTACT]
    hidden = [
        entity
        for entity, permission in (
            (COST_ENTITY, Permission.COST_READ),
            (CREDIT_ENTITY, Permission.CREDIT_LIMIT_READ),
        )
        if not actor.may(permission)
    ]
    if hidden:
        found.append(JournalEntry.entity.not_in(hidden))
    if not actor.reaches_everything:
        contact = aliased(Contact)
        sold_to = exists(
            select(contact.id).where(
                contact.id == JournalEntry.contact_id, contact.is_customer, in_sales_reach(contact, actor)
            )
        )
        found.append(or_(JournalEntry.entity.not_in(SALES_ENTITIES), sold_to))
        found.append(or_(JournalEntry.entity != TALK_ENTITY, reaches(JournalEntry.entity_id, actor)))
    return found


_NOTED: Final = (
    JournalEntry.entity_id,
    JournalEntry.actor_id,
    JournalEntry.actor_name,
    JournalEntry.entity,
    JournalEntry.action,
    JournalEntry.before,
    JournalEntry.after,
)

SOURCES: Final = (
    RowSource(
        "activity",
        TALKS,
        (Permission.ACTIVITY_READ,),
        Activity,
        Activity.at_sort,
        ACTIVITY_COLUMNS,
        _activity,
        where=_happened,
        joins=with_words,
    ),
    RowSource(
        "file",
        DOCUMENTS,
        (Permission.CONTACT_READ,),
        Attachment,
        Attachment.added_at,
        (Attachment.name, Attachment.size, Attachment.added_by),
        _file,
    ),
    RowSource(
        "change",
        CHANGES,
        (Permission.CONTACT_READ,),
        JournalEntry,
        JournalEntry.at,
        _NOTED,
        _change,
        where=_of_the_contact,
        of_contact=JournalEntry.entity_id,
    ),
    RowSource(
        "step", STEPS, (Permission.CONTACT_READ,), JournalEntry, JournalEntry.at, _NOTED, _step, where=_of_records
    ),
)
"""What every timeline is made of; features above add theirs (`above.attach`)."""
