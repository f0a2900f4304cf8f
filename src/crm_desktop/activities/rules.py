"""Pure decisions about activities: their words, what may be done in which state, what is accepted."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.text import clean_line, clean_multiline

PLANNED: Final = "planned"
DONE: Final = "done"
DROPPED: Final = "dropped"
STATES: Final = ((PLANNED, N_("Planned")), (DONE, N_("Done")), (DROPPED, N_("Dropped")))
SHAPES: Final = ((PLANNED, "ring"), (DONE, "disc"), (DROPPED, "cross"))
LOW, NORMAL, HIGH = 0, 1, 2
PRIORITIES: Final = ((LOW, N_("Low")), (NORMAL, N_("Normal")), (HIGH, N_("High")))
KIND_WORDS: Final = {
    "call": N_("Call"),
    "visit": N_("Visit"),
    "message": N_("Message"),
    "meeting": N_("Meeting"),
    "note": N_("Note"),
    "task": N_("Task"),
}
RESULT_WORDS: Final = {
    "reached": N_("Reached"),
    "no_answer": N_("No answer"),
    "call_back": N_("Call back later"),
    "interested": N_("Interested"),
    "wants_quote": N_("Wants a quote"),
    "not_interested": N_("Not interested"),
}
LAST_DAY: Final = date.max
LONGEST_SUBJECT: Final = 200
LONGEST_NOTES: Final = 20_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
"""A day beyond is a slip of the keys, and at the ends of the calendar it has no instant in every time zone."""
_AHEAD: Final = timedelta(days=1)
"""How far a clock of another computer may be ahead before "done" is refused as lying in the future."""


class WrongState(UserError):
    """Somebody asks for a step that the activity's state no longer allows."""

    message = N_("This activity was done or dropped meanwhile. Look at it again.")


def checked_subject(value: Any) -> str:
    """Return what is to be done in one clean line. Raises Invalid("subject")."""
    return _short("subject", clean_line(str(value or "")), LONGEST_SUBJECT)


def checked_notes(value: Any) -> str:
    """Return what was said, cleaned. Raises Invalid("notes")."""
    return _short("notes", clean_multiline(str(value or "")), LONGEST_NOTES)


def checked_priority(value: Any) -> int:
    """Return a priority. Raises Invalid("priority")."""
    if isinstance(value, bool) or value not in (LOW, NORMAL, HIGH):
        raise Invalid("priority", N_("A priority is low, normal or high."))
    return int(value)


def checked_due(value: Any, *, needed: bool) -> date | None:
    """Return the day something is due on. Raises Invalid("due_on")."""
    if value is None and not needed:
        return None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Invalid("due_on", N_("Say on which day."))
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise Invalid("due_on", N_("This day is not possible."))
    return value


def checked_time(value: Any) -> str:
    """Return a time of the day as "HH:MM", "" for any time. Raises Invalid("due_time")."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    text = str(value or "").strip()
    if not text:
        return ""
    try:
        return f"{time.fromisoformat(text.rjust(5, '0')):%H:%M}"
    except ValueError:
        raise Invalid("due_time", N_("Give a time such as 14:30.")) from None


def checked_done(value: Any, now: datetime) -> datetime:
    """Return when something was done, now without a value. Raises Invalid("done_at")."""
    if value is None:
        return now
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Invalid("done_at", N_("Say when it was done."))
    if value.year < _FIRST_YEAR:
        raise Invalid("done_at", N_("This day is not possible."))
    if value > now + _AHEAD:
        raise Invalid("done_at", N_("That is still to come. Plan it instead."))
    return value


def place_in_time(
    state: str, done_at: datetime | None, due_on: date | None, created_at: datetime, timezone: str
) -> datetime:
    """Return where an activity stands in a timeline (`Activity.at_sort`)."""
    if state == DONE and done_at is not None:
        return done_at
    if due_on is not None:
        return datetime.combine(due_on, time(), ZoneInfo(timezone))
    return created_at


def _short(field: str, text: str, most: int) -> str:
    if len(text) > most:
        raise Invalid(field, N_("At most {most} characters."), most=most)
    return text
