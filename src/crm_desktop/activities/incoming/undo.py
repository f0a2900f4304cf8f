"""Takes imported activities back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from crm_desktop.activities import dates, rules
from crm_desktop.activities.model import Activity
from crm_desktop.db.journal import DELETE, Note, plain
from crm_desktop.db.work import Work
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress

_PIECE: Final = 500
_TOLD: Final = ("kind_id", "state", "subject", "notes", "user_id", "author", "done_at", "due_on")


class ActivityUndoer:
    """Removes what an import wrote down (`shared.importing.Undoer`); it changes nothing that was there."""

    def labels(self, work: Work, ids: Iterable[int]) -> Mapping[int, str]:
        """Return what they are about."""
        return _labels(work, sorted(set(ids)))

    def remove(self, work: Work, ids: Sequence[int], progress: Progress) -> Mapping[int, str]:
        """Delete them; return why some must stay."""
        return _remove(work, ids, progress)

    def restore(self, work: Work, before: Mapping[int, Mapping[str, Any]], progress: Progress) -> Mapping[int, str]:
        """Change nothing: no import changes an activity that was there."""
        return {}


@requires(Permission.ACTIVITY_IMPORT)
def _labels(work: Work, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(ids), _PIECE):
        asked = select(Activity.id, Activity.subject, Activity.notes).where(
            Activity.id.in_(ids[start : start + _PIECE])
        )
        for id_, subject, notes in work.session.execute(asked):
            found[id_] = (subject or notes).partition("\n")[0][: rules.LONGEST_SUBJECT]
    return found


@requires(Permission.ACTIVITY_IMPORT)
def _remove(work: Work, ids: Sequence[int], progress: Progress) -> dict[int, str]:
    stays: dict[int, str] = {}
    contacts: set[int] = set()
    for start in range(0, len(ids), _PIECE):
        progress.step(start, len(ids))
        block = ids[start : start + _PIECE]
        rows = {row.id: row for row in work.session.scalars(select(Activity).where(Activity.id.in_(block)))}
        stays |= {id_: _("You may not see it any more.") for id_ in block if id_ not in rows}
        following = aliased(Activity)
        asked = select(following.follows_id).where(following.follows_id.in_(block))
        answered = {id_ for id_ in work.session.scalars(asked) if id_ is not None}
        stays |= dict.fromkeys(answered & rows.keys(), _("Another activity was planned after it."))
        gone = [row for id_, row in rows.items() if id_ not in stays]
        for row in gone:
            before = {name: plain(getattr(row, name)) for name in _TOLD if getattr(row, name) not in (None, "")}
            work.notes.add(Activity.journal_entity, row.id, Note(DELETE, before, {}, None, row.contact_id))
            contacts.add(row.contact_id)
            work.session.expunge(row)
        away = delete(Activity).where(Activity.id.in_([row.id for row in gone]))
        work.session.execute(away, execution_options={"synchronize_session": False})
    dates.derive(work, contacts)
    return stays
