"""What contacts and people ask of opportunities: they move in a merge, and to a leaver's successor.

An opportunity keeps its customer a customer, and in the lists while it is open. It does not keep the customer
out of the public pool: an open opportunity nobody works on is what the pool is there for. Only an order, a
contract or a debt does.
"""

from collections.abc import Sequence

from sqlalchemy import column, func, select, update

from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import UPDATE
from crm_desktop.db.work import Work
from crm_desktop.pipeline import rules
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_

_ENTITY = Opportunity.journal_entity


class OpportunitiesOfContacts:
    """Answers for opportunities (`contacts.above.Above`)."""

    def repoint(self, work: Work, from_id: int, to_id: int) -> list[int]:
        """Point every opportunity of one contact, and where it was the person, to another; return the former's ids."""
        work.session.flush()
        to = work.get(Contact, to_id)
        rows = work.session.execute(
            select(Opportunity.id, Opportunity.version)
            .where(Opportunity.contact_id == from_id)
            .order_by(Opportunity.id)
            .with_for_update()
        ).all()
        work.session.execute(
            update(Opportunity)
            .where(Opportunity.contact_id == from_id)
            .values(
                contact_id=to.id, owner_key=to.owner_key, contact_sort=to.sort_key, version=Opportunity.version + 1
            ),
            execution_options={"synchronize_session": False},
        )
        work.session.execute(
            update(Opportunity).where(Opportunity.person_id == from_id).values(person_id=to_id),
            execution_options={"synchronize_session": False},
        )
        for id_, version in rows:
            work.note(
                _ENTITY,
                id_,
                UPDATE,
                before={"contact_id": from_id},
                after={"contact_id": to_id},
                contact_id=to_id,
                version=version + 1,
            )
        return [row.id for row in rows]

    def check_stays_customer(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Raise Invalid("is_customer") when one of the contacts has opportunities."""
        asked = select(Opportunity.id).where(Opportunity.contact_id.in_(list(contact_ids)))
        if work.session.scalar(asked.limit(1)) is not None:
            raise Invalid("is_customer", N_("There are opportunities for this contact, so it stays a customer."))

    def check_may_archive(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Raise Invalid when one of the contacts has an open opportunity."""
        open_ = (
            select(Contact.name)
            .join(Opportunity, Opportunity.contact_id == Contact.id)
            .where(Contact.id.in_(list(contact_ids)), Opportunity.state == rules.OPEN)
        )
        name = work.session.scalar(open_.limit(1))
        if name is not None:
            raise Invalid("archived_at", N_("{name} has an open opportunity. Mark it as won or lost first."), name=name)


class OpportunityHandover:
    """Gives a leaver's open opportunities to the successor (`access.people.HandsOver`).

    They follow their customers' owner by themselves; this is whose chance they are. Those that are won or lost
    stay the leaver's, for the statistics.
    """

    entity = _ENTITY

    def count(self, work: Work, user_id: int) -> int:
        """Return how many open opportunities are the person's."""
        if work.is_guarded:
            return work.session.scalar(select(func.crm.count_open_opportunities(user_id))) or 0
        with work.system_rights("a leaver's opportunities move whatever the administrator may see"):
            mine = (Opportunity.salesperson_id == user_id, Opportunity.state == rules.OPEN)
            return work.session.scalar(select(func.count()).select_from(Opportunity).where(*mine)) or 0

    def hand_over(self, work: Work, from_user_id: int, to_user_id: int | None) -> int:
        """Make every open opportunity of one person another's, or nobody's; return how many."""
        work.session.flush()
        if work.is_guarded:
            handed = func.crm.hand_over_opportunities(from_user_id, to_user_id, work.now.replace(tzinfo=None))
            found = handed.table_valued(column("opportunity_id"), column("contact_id"), column("new_version"))
            moved = [(row[0], row[1], row[2]) for row in work.session.execute(select(found))]
        else:
            moved = self._hand_over_here(work, from_user_id, to_user_id)
        for id_, contact_id, version in moved:
            work.note(
                _ENTITY,
                id_,
                UPDATE,
                before={"salesperson": from_user_id},
                after={"salesperson": to_user_id},
                contact_id=contact_id,
                version=version,
            )
        return len(moved)

    @staticmethod
    def _hand_over_here(work: Work, from_user_id: int, to_user_id: int | None) -> list[tuple[int, int, int]]:
        mine = (Opportunity.salesperson_id == from_user_id, Opportunity.state == rules.OPEN)
        with work.system_rights("a leaver's opportunities move whatever the administrator may see"):
            rows = work.session.execute(
                select(Opportunity.id, Opportunity.contact_id, Opportunity.version).where(*mine)
            ).all()
            work.session.execute(
                update(Opportunity)
                .where(*mine)
                .values(salesperson_id=to_user_id, updated_at=work.now, version=Opportunity.version + 1),
                execution_options={"synchronize_session": False},
            )
        return [(row.id, row.contact_id, row.version + 1) for row in rows]
