"""The automatic run: customers whose days have run out go back to the public pool."""

from dataclasses import dataclass

from crm_desktop.activities.model import PoolRelease
from crm_desktop.activities.pool import falling, settings, witness
from crm_desktop.activities.pool.deciding import is_many
from crm_desktop.contacts import handover, rows
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Permission, requires


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did: how many customers it released; `waiting` are so many at once that somebody must confirm."""

    released: int = 0
    waiting: int = 0


@requires(Permission.CONTACT_ASSIGN, Permission.CONTACT_WRITE)
def run(work: Work, *, confirmed: bool = False) -> Ran:
    """Release the customers in reach that are due, each journalled; twice on one day does nothing the second time.

    A run that would release much at once, or on a day nobody else bears witness of (`witness`), releases nothing
    until it is `confirmed`: the computer's clock may be wrong. What decides is read in the transaction that releases.
    """
    due = falling.due(work)
    if due and work.is_postgres:
        # Who calls, sells or posts holds the customer: having waited for them, look again.
        rows.locked(work, [one.contact_id for one in due])
        still = {one.contact_id for one in due}
        due = tuple(one for one in falling.due(work) if one.contact_id in still)
    if due and not confirmed and must_confirm(work, len(due)):
        return Ran(waiting=len(due))
    for one in due:
        work.session.add(
            PoolRelease(contact_id=one.contact_id, user_id=one.owner_id, released_at=work.now, reason=one.reason)
        )
    work.session.flush()
    released = handover.assign(work, [one.contact_id for one in due], None) if due else 0
    if due or witness.day_is_sure(work):
        settings.note_run(work)
    return Ran(released=released)


@requires(Permission.CONTACT_ASSIGN)
def must_confirm(work: Work, released: int) -> bool:
    """Return whether releasing so many customers today needs somebody who says so."""
    return not witness.day_is_sure(work) or is_many(released, falling.owned(work))
