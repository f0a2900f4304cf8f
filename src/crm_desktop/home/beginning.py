"""Whether there is anybody to trade with yet: until then Home and My day say how to begin."""

from sqlalchemy import select

from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Domain, Permission, Scope, requires


@requires(Permission.CONTACT_READ)
def has_contacts(work: Work) -> bool:
    """Return whether the actor reaches any contact; who sees own ones only needs one of their own.

    The public pool is in everybody's reach, and a person who has taken nobody from it has nobody to look after.
    """
    asked = select(Contact.id).limit(1)
    if max(work.actor.scope(domain) for domain in Domain) is Scope.OWN:
        asked = asked.where(Contact.owner_id == work.actor.user_id)
    return work.session.scalar(asked) is not None
