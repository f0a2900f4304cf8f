"""How much waits for a person: what the rail and the tray count."""

from dataclasses import dataclass
from datetime import timedelta

from crm_desktop.access.company import today
from crm_desktop.activities import following
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Permission, requires


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many activities wait for a person: all until today, and those of them that are overdue."""

    due: int = 0
    overdue: int = 0


@requires(Permission.ACTIVITY_READ)
def waiting(work: Work) -> Waiting:
    """Return how much waits for the actor."""
    if work.actor.user_id is None:
        return Waiting()
    mine, day = frozenset({work.actor.user_id}), today(work)
    due = following.count_due(work, user_ids=mine, until=day)
    return Waiting(due, following.count_due(work, user_ids=mine, until=day - timedelta(days=1)) if due else 0)
