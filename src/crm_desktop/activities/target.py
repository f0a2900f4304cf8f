"""Lists of calls, visits and messages come in: a row for each, with its author and its date."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crm_desktop.activities.incoming import plan as incoming
from crm_desktop.activities.incoming.fields import ACTIVITY_FIELDS
from crm_desktop.activities.incoming.undo import ActivityUndoer
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.importing import ImportChoice, ImportOptions, ImportRow, Planned, Undoer
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress


class ActivityTarget:
    """How rows become activities (`shared.importing.ImportTarget`)."""

    name = "activities"
    label = N_("Activities")
    sheet_names = (
        *("Activities", "Calls", "Visits", "Follow-ups", "Contact history", "跟进记录", "跟進記錄", "联系记录"),
        *("聯絡記錄", "拜访记录", "拜訪記錄"),
    )
    entity = "activity"
    permission = Permission.ACTIVITY_IMPORT
    keys: tuple[str, ...] = ()
    required: tuple[tuple[str, ...], ...] = (("customer", "customer_code", "registration"), ("done_at",))
    grouped = ""
    percents: frozenset[str] = frozenset()
    choices: tuple[ImportChoice, ...] = ()
    undoers: Mapping[str, Undoer] = {"activity": ActivityUndoer()}

    def fields(self, work: Any) -> tuple[Field, ...]:
        """Return what a column can be."""
        return ACTIVITY_FIELDS

    def suggest(self, sheet: str, headers: Sequence[str]) -> Mapping[str, str]:
        """Return nothing: there is nothing to choose."""
        return {}

    def plan(self, work: Any, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
        """Return what would become of each row. Raises Cancelled."""
        return incoming.plan(work, rows, options, progress)

    def apply(self, work: Any, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
        """Write the new ones down. Raises Cancelled."""
        incoming.apply(work, planned, options, progress)


ACTIVITIES: Final = ActivityTarget()
