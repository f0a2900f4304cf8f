"""What contacts and people ask of activities: they move in a merge, and to a leaver's successor."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import column, func, select, update

from crm_desktop.activities import dates, reminders, rules
from crm_desktop.activities.model import Activity
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import UPDATE
from crm_desktop.db.work import Work

_ENTITY = Activity.journal_entity
_PLAIN = {"synchronize_session": False}


class ActivitiesOfContacts:
    """Answers for activities (`contacts.above.Above` and `Follows`)."""

    def repoint(self, work: Work, from_id: int, to_id: int) -> list[int]:
        """Point every activity of one contact, and where it was the person, to another; return the former's ids."""
        work.session.flush()
        to = work.get(Contact, to_id)
        asked = select(Activity.id, Activity.version).where(Activity.contact_id == from_id)
        rows = work.session.execute(asked.order_by(Activity.id).with_for_update()).all()
        work.session.execute(
            update(Activity)
            .where(Activity.contact_id == from_id)
            .values(contact_id=to.id, owner_key=to.owner_key, contact_sort=to.sort_key, version=Activity.version + 1),
            execution_options=_PLAIN,
        )
        work.session.execute(
            update(Activity).where(Activity.person_id == from_id).values(person_id=to_id), execution_options=_PLAIN
        )
        for id_, version in rows:
            before, after = {"contact_id": from_id}, {"contact_id": to_id}
            work.note(_ENTITY, id_, UPDATE, before=before, after=after, contact_id=to_id, version=version + 1)
        return [row.id for row in rows]

    def check_stays_customer(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Let it cease to be a customer: what was said to it as one is then read by those who reach everything."""

    def check_may_archive(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Let it leave the lists; what is planned stays in everybody's day until it is done or dropped."""

    def derive(self, work: Work, contact_ids: Sequence[int]) -> None:
        """Write the dates of the contacts anew: they are those of the contact's own side."""
        dates.derive(work, contact_ids)

    def handed(self, work: Work, contact_ids: Sequence[int], from_id: int | None, to_id: int | None) -> None:
        """Give what the former owner planned for these contacts to the new one; in the pool it is nobody's."""
        work.session.flush()
        if work.is_guarded:
            at = work.now.replace(tzinfo=None)
            given = func.crm.give_plans(list(contact_ids), from_id, to_id, at).table_valued(*_moved_columns())
            moved = [tuple(row) for row in work.session.execute(select(given))]
        else:
            of_them = Activity.contact_id.in_(list(contact_ids))
            moved = _give(work, (of_them, Activity.user_id.is_not_distinct_from(from_id)), to_id)
        _note_moved(work, moved, from_id, to_id)


class ActivityHandover:
    """Gives what a leaver planned to the successor, or to nobody (`access.people.HandsOver`); what is done stays."""

    entity = _ENTITY

    def count(self, work: Work, user_id: int) -> int:
        """Return how many planned activities are the person's."""
        if work.is_guarded:
            return work.session.scalar(select(func.crm.count_planned_activities(user_id))) or 0
        with work.system_rights("a leaver's plans move whatever the administrator may see"):
            mine = (Activity.user_id == user_id, Activity.state == rules.PLANNED)
            return work.session.scalar(select(func.count()).select_from(Activity).where(*mine)) or 0

    def hand_over(self, work: Work, from_user_id: int, to_user_id: int | None) -> int:
        """Make every planned activity of one person another's, or nobody's; return how many."""
        work.session.flush()
        if work.is_guarded:
            handed = func.crm.hand_over_activities(from_user_id, to_user_id, work.now.replace(tzinfo=None))
            moved = [tuple(row) for row in work.session.execute(select(handed.table_valued(*_moved_columns())))]
        else:
            moved = _give(work, (Activity.user_id == from_user_id,), to_user_id)
        _note_moved(work, moved, from_user_id, to_user_id)
        return len(moved)


def _moved_columns() -> tuple[Any, ...]:
    return column("activity_id"), column("contact_id"), column("new_version")


def _note_moved(work: Work, moved: Iterable[tuple[int, int, int]], from_id: int | None, to_id: int | None) -> None:
    before, after = {"user_id": from_id}, {"user_id": to_id}
    for id_, contact_id, version in moved:
        work.note(_ENTITY, id_, UPDATE, before=before, after=after, contact_id=contact_id, version=version)


def _give(work: Work, whose: Iterable[Any], to_user_id: int | None) -> list[tuple[int, int, int]]:
    mine = (*whose, Activity.state == rules.PLANNED)
    with work.system_rights("plans move with their contact or their person, whoever may see them"):
        rows = work.session.execute(select(Activity.id, Activity.contact_id, Activity.version).where(*mine)).all()
        work.session.execute(
            update(Activity)
            .where(*mine)
            .values(
                user_id=to_user_id,
                updated_at=work.now,
                updated_by=work.actor.user_id,
                version=Activity.version + 1,
            ),
            execution_options=_PLAIN,
        )
        if rows:
            reminders.hand_on(work, [row.id for row in rows], to_user_id)
    return [(row.id, row.contact_id, row.version + 1) for row in rows]
