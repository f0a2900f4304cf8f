"""Who looks after a contact: assign, hand over, claim from the public pool, release into it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import column, func, select, update

from crm_desktop.access.model import User
from crm_desktop.contacts import above
from crm_desktop.contacts.model import POOL, Contact
from crm_desktop.contacts.rules import Owned
from crm_desktop.contacts.service import ENTITY, check_reach
from crm_desktop.db.journal import UPDATE
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Invalid, NotAllowed
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires

_AT_ONCE = 500


@requires(Permission.CONTACT_ASSIGN)
def assign(work: Work, ids: Sequence[int], owner_id: int | None) -> int:
    """Give contacts to a colleague, or to the public pool (None); returns how many changed hands.

    Everything on a contact follows it. Raises NotAllowed when the colleague is out of the actor's team,
    Invalid when the colleague cannot log in any more.
    """
    check_reach(work, owner_id)
    if owner_id is not None and not work.session.scalar(select(User.active).where(User.id == owner_id)):
        raise Invalid("owner", N_("This colleague is deactivated. Choose somebody who works here."))
    if work.is_guarded:
        return _assign_on_server(work, ids, owner_id)
    return _give(work, None, ids, owner_id)


@requires(Permission.CONTACT_WRITE)
def claim(work: Work, ids: Sequence[int]) -> int:
    """Take contacts out of the public pool; returns how many.

    Raises Owned when a colleague was faster, and what the rules of the pool raise.
    """
    for contact in work.session.scalars(select(Contact).where(Contact.id.in_(list(ids))).with_for_update()):
        if contact.owner_id is not None and contact.owner_id != work.actor.user_id:
            raise Owned(name=contact.name)
    gate = above.gate()
    if gate is not None:
        gate.check_may_claim(work, ids)
    return _give(work, Contact.owner_id.is_(None), ids, work.actor.user_id)


@requires(Permission.CONTACT_WRITE)
def release(work: Work, ids: Sequence[int]) -> int:
    """Put one's own contacts into the public pool; returns how many.

    Who may assign may release anybody's; others only their own. Raises NotAllowed.
    """
    if not work.actor.may(Permission.CONTACT_ASSIGN):
        strangers = work.session.scalar(
            select(func.count())
            .select_from(Contact)
            .where(Contact.id.in_(list(ids)), Contact.owner_id != work.actor.user_id)
        )
        if strangers:
            raise NotAllowed(N_("You can only release your own contacts."))
    gate = above.gate()
    if gate is not None:
        given = select(Contact.id, Contact.owner_id).where(Contact.id.in_(list(ids)), Contact.owner_id.is_not(None))
        gate.released(work, [(row.id, row.owner_id) for row in work.session.execute(given)])
    return _give(work, Contact.owner_id.is_not(None), ids, None)


class ContactHandover:
    """Moves a leaver's contacts; called by `access` inside the transaction that deactivates the person."""

    entity = ENTITY

    def count(self, work: Work, user_id: int) -> int:
        """Return how many contacts the person owns, archived ones included."""
        if work.is_guarded:
            return work.session.scalar(select(func.crm.count_owned(user_id))) or 0
        with work.system_rights("a leaver's contacts move whatever the administrator may see"):
            counted = select(func.count()).select_from(Contact).where(Contact.owner_key == user_id)
            return work.session.scalar(counted) or 0

    def hand_over(self, work: Work, from_user_id: int, to_user_id: int | None) -> int:
        """Move every contact of one person to another, or to the public pool; returns how many."""
        if work.is_guarded:
            moved = work.session.execute(
                select(
                    func.crm.hand_over_all(from_user_id, to_user_id, work.now.replace(tzinfo=None)).table_valued(
                        column("contact_id"), column("new_version")
                    )
                )
            ).all()
            for contact_id, version in moved:
                _note_owner(work, contact_id, from_user_id, to_user_id, version)
            return len(moved)
        with work.system_rights("a leaver's contacts move whatever the administrator may see"):
            owned = list(work.session.scalars(select(Contact.id).where(Contact.owner_key == from_user_id)))
            return _give(work, Contact.owner_key == from_user_id, owned, to_user_id)


def _assign_on_server(work: Work, ids: Sequence[int], owner_id: int | None) -> int:
    """Let the server's own function hand contacts over: afterwards the actor may no longer see them."""
    handed = func.crm.hand_over(list(ids), owner_id, work.now.replace(tzinfo=None))
    moved = work.session.execute(
        select(handed.table_valued(column("contact_id"), column("old_owner_id"), column("new_version")))
    ).all()
    for contact_id, before, version in moved:
        _note_owner(work, contact_id, before, owner_id, version)
    above.handed(work, [(contact_id, before) for contact_id, before, _version in moved], owner_id)
    return len(moved)


def _note_owner(work: Work, contact_id: int, before: int | None, after: int | None, version: int) -> None:
    work.note(
        ENTITY,
        contact_id,
        UPDATE,
        before={"owner_id": before},
        after={"owner_id": after},
        contact_id=contact_id,
        version=version,
    )


def _give(work: Work, condition: Any, ids: Sequence[int], owner_id: int | None) -> int:
    """Change the owner in blocks, one journal entry and one new version per contact."""
    moved = 0
    for start in range(0, len(ids), _AT_ONCE):
        block = list(ids[start : start + _AT_ONCE])
        conditions = [Contact.id.in_(block), Contact.owner_key != (owner_id or POOL)]
        if condition is not None:
            conditions.append(condition)
        found = work.session.execute(
            select(Contact.id, Contact.owner_id, Contact.version).where(*conditions).with_for_update()
        ).all()
        work.session.execute(
            update(Contact)
            .where(Contact.id.in_([row.id for row in found]))
            .values(
                owner_id=owner_id,
                owner_key=owner_id or POOL,
                owned_since=work.now if owner_id else None,
                updated_at=work.now,
                updated_by=work.actor.user_id,
                version=Contact.version + 1,
            ),
            execution_options={"synchronize_session": "fetch" if len(ids) <= _AT_ONCE else False},
        )
        for row in found:
            _note_owner(work, row.id, row.owner_id, owner_id, row.version + 1)
        above.handed(work, [(row.id, row.owner_id) for row in found], owner_id)
        moved += len(found)
    return moved
