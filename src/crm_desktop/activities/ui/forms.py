"""Which form fits: what was said, or a task."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from crm_desktop.activities.ui import words
from crm_desktop.activities.ui.activity_dialog import ActivityDialog
from crm_desktop.activities.ui.asking import Asked
from crm_desktop.activities.ui.log_dialog import LogDialog
from crm_desktop.activities.ui.plan_dialog import PlanDialog
from crm_desktop.ui.desk import Desk


def open_form(
    desk: Desk,
    parent: QWidget,
    asked: Asked,
    *,
    plan: bool,
    kind: str,
    opportunity_id: int | None,
    person_id: int | None,
    notes: str = "",
    on_saved: Callable[[int], None] | None,
) -> ActivityDialog:
    """Open the form over `parent` and return it."""
    planned = asked.activity is not None and asked.activity["state"] == "planned"
    if plan and (asked.activity is None or planned):
        kind = words.TASK if kind == words.CALL and asked.activity is None else kind
        made: type[PlanDialog | LogDialog] = PlanDialog
    else:
        made = LogDialog
    dialog = made(
        desk,
        asked,
        parent,
        kind=kind,
        opportunity_id=opportunity_id,
        person_id=person_id,
        notes=notes,
        on_saved=on_saved,
    )
    dialog.open()
    return dialog
