"""The way to the form of activities for every screen; the form itself is loaded when it is opened."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_desktop.ui.desk import Desk

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def log_activity(
    desk: Desk,
    parent: "QWidget",
    *,
    contact_id: int | None = None,
    activity_id: int | None = None,
    opportunity_id: int | None = None,
    person_id: int | None = None,
    kind: str = "call",
    plan: bool = False,
    notes: str = "",
    on_saved: Callable[[int], None] | None = None,
) -> None:
    """Open the one form over `parent`: what was said and what comes next, or with `plan` a task.

    Without a contact it asks which. `activity_id` of a planned one completes it (with `plan` changes it), of a done
    one changes it. `kind` is the key of a shipped kind, `notes` what was typed already; `on_saved` hears the id after
    the commit.
    """

    def ask(work: Any) -> Any:
        from crm_desktop.activities.ui import asking

        return asking.ask(work, contact_id, activity_id)

    def show(asked: Any) -> None:
        from crm_desktop.activities.ui.forms import open_form

        open_form(
            desk, parent, asked, plan=plan, kind=kind, opportunity_id=opportunity_id, person_id=person_id,
            notes=notes, on_saved=on_saved,
        )  # fmt: skip

    desk.tasks.read(parent, ask, show, coalesce="log_activity")


def open_activity(desk: Desk, parent: "QWidget", activity_id: int | None) -> None:
    """Show an activity in its form; None is a new one."""
    log_activity(desk, parent, activity_id=activity_id)


def plan_for_many(
    desk: Desk, parent: "QWidget", contact_ids: Sequence[int], on_done: Callable[[], None] | None = None
) -> None:
    """Open the form that plans the same task with each of these contacts."""

    def ask(work: Any) -> Any:
        from crm_desktop.activities.ui import asking

        return asking.ask(work, None, None)

    def show(asked: Any) -> None:
        from crm_desktop.activities.ui.plan_many_dialog import PlanManyDialog

        PlanManyDialog(desk, asked, contact_ids, parent, on_done).open()

    desk.tasks.read(parent, ask, show, coalesce="log_activity")


def plan_with_contacts(desk: Desk, parent: "QWidget", contact_ids: Sequence[int], done: Callable[[], None]) -> None:
    """Plan a task with one contact, or the same task with many."""
    if len(contact_ids) == 1:
        log_activity(desk, parent, contact_id=contact_ids[0], plan=True, on_saved=lambda _id: done())
    elif contact_ids:
        plan_for_many(desk, parent, contact_ids, done)
