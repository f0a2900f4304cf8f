"""When a contact was last spoken to, and when it is next: derived from its activities, kept on the contact.

Only activities on the contact's own side of the wall count (a customer's sales side, else the purchasing side), done
ones only of a kind that is a contact, and never what an import brought. The rows are read past the actor's scope,
because the date belongs to the contact; a server does it by a function of its own.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, case, func, literal, select, update

from crm_desktop.activities import rules
from crm_desktop.activities.model import Activity, ActivityKind
from crm_desktop.contacts.model import NEVER, Contact
from crm_desktop.contacts.service import ENTITY
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Domain, open_to_all

_AT_ONCE: Final = 500


@open_to_all("it writes what follows from rows alone")
def derive(work: Work, contact_ids: Iterable[int]) -> None:
    """Write the dates of these contacts as their activities say; no version is raised and nothing journalled."""
    work.session.flush()
    ids = sorted(set(contact_ids))
    for start in range(0, len(ids), _AT_ONCE):
        block = ids[start : start + _AT_ONCE]
        if work.is_guarded:
            work.session.execute(select(func.crm.derive_contact_dates(block)))
        else:
            with work.system_rights("the dates of a contact count what is out of the actor's sight too"):
                _derive(work, block)
    if ids:
        work.touch(ENTITY, *ids)


def _derive(work: Work, ids: list[int]) -> None:
    for id_, spoken, planned, *before in work.session.execute(_dates(), {"ids": ids}).all():
        if [spoken, planned] == before:
            continue
        values = {
            "last_contact_at": spoken,
            "last_contact_sort": spoken or NEVER,
            "next_contact_on": planned,
            "next_contact_sort": planned or rules.LAST_DAY,
        }
        work.session.execute(
            update(Contact).where(Contact.id == id_).values(**values),
            execution_options={"synchronize_session": "fetch"},
        )


@cache
def _dates() -> Any:
    """Return the statement, made once: making it takes longer than running it."""
    side = case((Contact.is_customer, literal(Domain.SALES.value)), else_=literal(Domain.PURCHASING.value))
    own = (Activity.contact_id == Contact.id, Activity.side == side)
    # Walks the timeline's index from its end and stops at the first: a contact may have thousands.
    last = (
        select(Activity.done_at)
        .join(ActivityKind, ActivityKind.id == Activity.kind_id)
        .where(*own, Activity.state == rules.DONE, ~Activity.taken_over, ActivityKind.is_contact)
        .order_by(Activity.at_sort.desc(), Activity.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    upcoming = select(func.min(Activity.due_on)).where(*own, Activity.state == rules.PLANNED).scalar_subquery()
    kept = (Contact.last_contact_at, Contact.next_contact_on)
    return select(Contact.id, last, upcoming, *kept).where(Contact.id.in_(bindparam("ids", expanding=True)))
