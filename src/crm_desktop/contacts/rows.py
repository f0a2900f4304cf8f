"""Rows as several people meet at them: locked in one order, made only once."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from crm_desktop.contacts.model import Contact
from crm_desktop.db.base import Base
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import NotFound
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Domain, Scope


def locked(work: Work, ids: Collection[int]) -> list[Contact]:
    """Return those of the contacts that the actor reaches, locked until the end, by id.

    Without the lock two people who change one contact at the same moment would meet at its version;
    the order keeps them from waiting for each other.
    """
    statement = select(Contact).where(Contact.id.in_(list(ids))).order_by(Contact.id).with_for_update()
    return list(work.session.scalars(statement.execution_options(populate_existing=True)))


def check_not_merged(work: Work, contact: Contact) -> None:
    """Raise NotFound for the loser of a merge, on which nobody would see a change."""
    if contact.merged_into_id is not None:
        survivor = work.get(Contact, contact.merged_into_id)
        raise NotFound(N_("This contact was merged into {name}. Change that one."), name=survivor.name)


def add_missing(work: Work, entity: type[Base], **values: Any) -> None:
    """Insert a row unless somebody made the same one meanwhile, perhaps out of the actor's sight."""
    # No constraint is named: a server would then ask for the right to read the row that is there.
    build = postgresql.insert if work.is_postgres else sqlite.insert
    work.session.execute(build(entity).values(**values).on_conflict_do_nothing())


def first_owner(work: Work) -> int | None:
    """Return who looks after a new contact when nobody is named: nobody, or the actor who would not see it."""
    return None if work.actor.scope(Domain.SALES) is Scope.ALL else work.actor.user_id


def may_reach(work: Work, flags: Mapping[str, Any], owner_id: int | None) -> bool:
    """Return whether the actor would see a contact with these flags and this owner."""
    actor = work.actor
    for domain, side in ((Domain.SALES, "is_customer"), (Domain.PURCHASING, "is_supplier")):
        scope = actor.scope(domain)
        if not flags[side] or scope is Scope.NONE:
            continue
        if scope is Scope.ALL or owner_id in (None, actor.user_id):
            return True
        if scope is Scope.TEAM and owner_id in actor.team_ids:
            return True
    return False
