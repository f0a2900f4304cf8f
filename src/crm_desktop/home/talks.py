"""Who spoke to customers how often: what is done counts, of kinds that are a contact, and nothing taken over."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from crm_desktop.access.company import company
from crm_desktop.access.model import User
from crm_desktop.activities.model import Activity, ActivityKind
from crm_desktop.db.work import Work
from crm_desktop.home.periods import Days
from crm_desktop.shared.permissions import Permission, requires

DONE: Final = "done"


@requires(Permission.ACTIVITY_READ)
def by_person(work: Work, days: Days) -> list[tuple[int | None, int]]:
    """Return (user id, how often) of everybody who spoke to customers in a period, the busiest first.

    The id is None for those who have no account here.
    """
    count = func.count()
    asked = select(Activity.user_id, count).where(*said_in(work, days)).group_by(Activity.user_id)
    found = [(row[0], row[1]) for row in work.session.execute(asked)]
    return sorted(found, key=lambda one: (-one[1], one[0] or 0))


@requires(Permission.ACTIVITY_READ)
def said_in(work: Work, days: Days) -> tuple[Any, ...]:
    """Return the conditions of activities that were contacts in a period of business days."""
    zone = ZoneInfo(company(work).timezone)
    first = datetime.combine(days.first, time(), zone)
    after = datetime.combine(days.last + timedelta(1), time(), zone)
    contacts = select(ActivityKind.id).where(ActivityKind.is_contact.is_(True))
    return (
        Activity.state == DONE,
        Activity.taken_over.is_(False),
        Activity.kind_id.in_(contacts),
        # The same instant as `done_at` of what is done, with indexes of its own.
        Activity.at_sort >= first,
        Activity.at_sort < after,
    )


@requires(Permission.REPORT_READ)
def people(work: Work, ids: Sequence[int | None]) -> dict[int | None, str]:
    """Return the names of colleagues."""
    known = [id_ for id_ in ids if id_ is not None]
    return {row.id: row.name for row in work.session.execute(select(User.id, User.name).where(User.id.in_(known)))}
