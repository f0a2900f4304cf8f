"""Takes back the people and teams an import made: only those who were never used."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access import people
from crm_desktop.access.model import Team, User, UserRole
from crm_desktop.db.deleting import delete_unused
from crm_desktop.db.journal import DELETE, Note
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import _
from crm_desktop.shared.progress import Progress

_TOLD: Final = ("login", "name", "active", "team_id", "language", "must_change_password")


class PeopleUndo:
    """Deletes people nobody ever was, and gives the others their name and team back."""

    def labels(self, work: Work, ids: Iterable[int]) -> Mapping[int, str]:
        """Return the names of the people."""
        found = work.session.execute(select(User.id, User.name).where(User.id.in_(list(ids))))
        return {row.id: row.name for row in found}

    def remove(self, work: Work, ids: Sequence[int], progress: Progress) -> Mapping[int, str]:
        """Delete people; who can log in, owns something or did something stays."""
        users = {user.id: user for user in work.session.scalars(select(User).where(User.id.in_(list(ids))))}
        opened = {id_ for id_, user in users.items() if user.password or user.database_role or user.last_login_at}
        reasons = dict.fromkeys(opened, _("This account has a password already."))
        notes = {
            id_: Note(DELETE, {name: getattr(user, name) for name in _TOLD}, {}, user.version)
            for id_, user in users.items()
        }
        for user in users.values():
            work.session.expunge(user)
        free = [id_ for id_ in ids if id_ not in opened]
        stay = delete_unused(work, User, free, progress, along=(UserRole.user_id,))
        for id_ in free:
            if id_ not in stay and id_ in notes:
                work.notes.add("user", id_, notes[id_])
        return reasons | dict.fromkeys(stay, _("Records name this person."))

    def restore(self, work: Work, before: Mapping[int, Mapping[str, Any]], progress: Progress) -> Mapping[int, str]:
        """Give people the name and team from before the import."""
        reasons: dict[int, str] = {}
        for done, (id_, values) in enumerate(before.items()):
            progress.step(done, len(before))
            try:
                people.update_user(work, id_, work.get(User, id_).version, values)
            except UserError as refused:
                reasons[id_] = str(refused)
        return reasons


class TeamUndo:
    """Deletes teams an import made and nobody is in."""

    def labels(self, work: Work, ids: Iterable[int]) -> Mapping[int, str]:
        """Return the names of the teams."""
        found = work.session.execute(select(Team.id, Team.name).where(Team.id.in_(list(ids))))
        return {row.id: row.name for row in found}

    def remove(self, work: Work, ids: Sequence[int], progress: Progress) -> Mapping[int, str]:
        """Delete teams; one with people stays."""
        labels = self.labels(work, ids)
        stay = delete_unused(work, Team, ids, progress)
        for id_, name in labels.items():
            if id_ not in stay:
                work.notes.add("team", id_, Note(DELETE, {"name": name}))
        return dict.fromkeys(stay, _("There are people in this team."))

    def restore(self, work: Work, before: Mapping[int, Mapping[str, Any]], progress: Progress) -> Mapping[int, str]:
        """Return nothing: imports change no team."""
        return {}
