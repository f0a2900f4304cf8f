"""Reminders of planned activities: each shown once to its person, whichever computer is on, and never lost.

A window takes what is due by one conditional update, so that of two windows one gets it. What a window took and
that is neither done, snoozed nor dismissed when the window is gone, another window takes over: at once when the
window closed or its program died on the same computer, after five minutes (`watching.GONE_SECONDS`) when another
computer was switched off or lost its line, for no clock of another computer decides that: `watching` sees whether
it still renews what it holds. A window that only slept so long finds its reminders with whoever took them over.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update

from crm_desktop.access.company import company
from crm_desktop.activities.model import Activity, ActivityReminder
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Invalid, NotFound
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires

DAY_BEGINS: Final = time(9)
"""When one is reminded of what may be done at any time of its day."""
MOST_MINUTES: Final = 60 * 24 * 365
_PLANNED: Final = "planned"
AT_ONCE: Final = 50
"""So many reminders a window takes at a time; the rest follow with the next question."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What somebody is to be reminded of. `due_time` is "16:00" in the company's zone or ""."""

    activity_id: int
    version: int
    contact_id: int
    customer: str
    kind_id: int
    subject: str
    priority: int
    due_on: date
    due_time: str
    remind_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """What a window of this person holds, and when it last said so."""

    window: str
    renewed_at: datetime


@requires(Permission.ACTIVITY_WRITE)
def plan(work: Work, activity: Activity, minutes: int | None) -> None:
    """Remind whoever does `activity` so many minutes before it is due; None, or no due day: no reminder.

    An activity for any time of the day counts as due at 9:00. Raises Invalid("remind_minutes").
    """
    if minutes is not None and (isinstance(minutes, bool) or not 0 <= minutes <= MOST_MINUTES):
        raise Invalid("remind_minutes", N_("A reminder comes at the due time or up to a year before."))
    person = activity.user_id if activity.user_id is not None else work.actor.user_id
    if minutes is None or activity.due_on is None or person is None:
        work.session.execute(delete(ActivityReminder).where(ActivityReminder.activity_id == activity.id))
        return
    at = remind_at(activity.due_on, activity.due_time, minutes, company(work).timezone)
    fresh = {"user_id": person, "minutes": minutes, "remind_at": at}
    fresh |= {"shown_at": None, "shown_by": "", "dismissed_at": None}
    renewed = update(ActivityReminder).where(ActivityReminder.activity_id == activity.id).values(**fresh)
    if not _changed(work, renewed):
        work.session.add(ActivityReminder(activity_id=activity.id, **fresh))
        work.session.flush()
    work.touch("activity_reminder", activity.id)


def remind_at(due_on: date, due_time: str, minutes: int, timezone: str) -> datetime:
    """Return the instant `minutes` before something is due in a zone; without a time it is due at nine.

    Whole days before is the same time of an earlier day, also when the clocks are changed in between.
    """
    clock, zone = time.fromisoformat(due_time) if due_time else DAY_BEGINS, ZoneInfo(timezone)
    days, rest = divmod(minutes, 24 * 60)
    if rest == 0:
        due_on, minutes = due_on - timedelta(days=days), 0
    # Taken off in UTC: in a zone with two times of the year an hour by its clock may be none or two.
    return datetime.combine(due_on, clock, zone).astimezone(UTC) - timedelta(minutes=minutes)


@requires(Permission.ACTIVITY_WRITE)
def follow(work: Work, activity: Activity) -> None:
    """Let the reminder, if there is one, go along with another due day, time or person; it is shown anew then."""
    minutes = minutes_of(work, activity.id)
    if minutes is not None:
        plan(work, activity, minutes)


@requires(Permission.ACTIVITY_READ)
def minutes_of(work: Work, activity_id: int) -> int | None:
    """Return how many minutes before it is due an activity reminds, None when it does not."""
    return work.session.scalar(select(ActivityReminder.minutes).where(ActivityReminder.activity_id == activity_id))


@requires(Permission.ACTIVITY_READ)
def due(work: Work, gone: Collection[str] = ()) -> bool:
    """Return whether a reminder waits to be taken, counting what the windows in `gone` left behind."""
    return work.session.scalar(select(ActivityReminder.activity_id).where(_takable(work, gone)).limit(1)) is not None


@requires(Permission.ACTIVITY_WRITE)
def take(work: Work, window: str, gone: Collection[str] = ()) -> tuple[Reminder, ...]:
    """Take what is due, and what the windows in `gone` left, for `window`; return all it now shows.

    What another window takes in the same moment is not among it.
    """
    first = select(ActivityReminder.activity_id).where(_takable(work, gone))
    ids = work.session.scalars(first.order_by(ActivityReminder.remind_at).limit(AT_ONCE)).all()
    taken = (
        update(ActivityReminder)
        .where(ActivityReminder.activity_id.in_(ids), _takable(work, gone))
        .values(shown_at=work.now, shown_by=window)
    )
    if ids and _changed(work, taken):
        work.touch("activity_reminder", *ids)
    return shown(work, window)


@requires(Permission.ACTIVITY_READ)
def shown(work: Work, window: str) -> tuple[Reminder, ...]:
    """Return what `window` still has to show, the earliest first: what was done or answered elsewhere is gone."""
    columns: tuple[Any, ...] = (
        Activity.id,
        Activity.version,
        Activity.contact_id,
        Contact.name,
        Activity.kind_id,
        Activity.subject,
        Activity.priority,
        Activity.due_on,
        Activity.due_time,
        ActivityReminder.remind_at,
    )
    asked = (
        select(*columns)
        .select_from(ActivityReminder)
        .join(Activity, Activity.id == ActivityReminder.activity_id)
        .join(Contact, Contact.id == Activity.contact_id)
        .where(_mine(work), ActivityReminder.shown_by == window, Activity.state == _PLANNED)
        .order_by(ActivityReminder.remind_at, ActivityReminder.activity_id)
    )
    return tuple(Reminder(*row) for row in work.session.execute(asked))


@requires(Permission.ACTIVITY_READ)
def held(work: Work, window: str) -> tuple[Held, ...]:
    """Return what the other windows of this person hold, for `watching.Watch`."""
    asked = select(ActivityReminder.shown_by, ActivityReminder.shown_at).where(
        _mine(work), ActivityReminder.shown_by != "", ActivityReminder.shown_by != window
    )
    return tuple(Held(window_, at) for window_, at in work.session.execute(asked) if at is not None)


@requires(Permission.ACTIVITY_WRITE)
def renew(work: Work, window: str) -> None:
    """Say that `window` still shows what it took."""
    _changed(work, update(ActivityReminder).where(_held_by(work, window)).values(shown_at=work.now))


@requires(Permission.ACTIVITY_WRITE)
def release(work: Work, window: str) -> None:
    """Give back what `window` shows and nobody answered: it closes."""
    _changed(work, update(ActivityReminder).where(_held_by(work, window)).values(shown_at=None, shown_by=""))


@requires(Permission.ACTIVITY_WRITE)
def snooze(work: Work, activity_ids: Iterable[int], until: datetime) -> None:
    """Show these reminders of the actor again at `until`. Raises NotFound when none of them is there."""
    _answer(work, activity_ids, remind_at=until, shown_at=None, shown_by="", dismissed_at=None)


@requires(Permission.ACTIVITY_WRITE)
def dismiss(work: Work, activity_ids: Iterable[int]) -> None:
    """Show these reminders of the actor no more; what they remind of stays in My day. Raises NotFound as `snooze`."""
    _answer(work, activity_ids, shown_by="", dismissed_at=work.now)


@open_to_all("reminders go along with what was handed on already, whoever did that")
def hand_on(work: Work, activity_ids: Sequence[int], to_id: int | None) -> None:
    """Remind `to_id` in place of whoever had these activities; with nobody to remind, nobody is."""
    of_these = ActivityReminder.activity_id.in_(activity_ids)
    if to_id is None:
        work.session.execute(delete(ActivityReminder).where(of_these))
        return
    answered = {"shown_at": None, "shown_by": "", "dismissed_at": None}
    _changed(work, update(ActivityReminder).where(of_these).values(user_id=to_id, **answered))


def _answer(work: Work, activity_ids: Iterable[int], **values: Any) -> None:
    ids = tuple(activity_ids)
    changed = _changed(work, update(ActivityReminder).where(_mine(work, answered=True), _any_of(ids)).values(**values))
    if not changed:
        raise NotFound
    work.touch("activity_reminder", *ids)


def _any_of(ids: Sequence[int]) -> ColumnElement[bool]:
    return ActivityReminder.activity_id.in_(ids)


def _mine(work: Work, *, answered: bool = False) -> ColumnElement[bool]:
    mine = ActivityReminder.user_id == work.actor.user_id
    return mine if answered else and_(mine, ActivityReminder.dismissed_at.is_(None))


def _held_by(work: Work, window: str) -> ColumnElement[bool]:
    return and_(_mine(work), ActivityReminder.shown_by == window)


def _takable(work: Work, gone: Collection[str]) -> ColumnElement[bool]:
    """Return the condition: mine, due, of something still planned that I reach, and on nobody's screen."""
    left = ActivityReminder.shown_at.is_(None)
    free = or_(left, ActivityReminder.shown_by.in_(tuple(gone))) if gone else left
    planned = exists().where(Activity.id == ActivityReminder.activity_id, Activity.state == _PLANNED)
    return and_(_mine(work), ActivityReminder.remind_at <= work.now, free, planned)


def _changed(work: Work, statement: Any) -> int:
    done = work.session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]
