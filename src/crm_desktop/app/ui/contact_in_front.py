"""Whom the screen in front is about, so that one key logs a call with them."""

from typing import TYPE_CHECKING, Any

from crm_desktop.activities.ui.specs import log_activity
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.list_screen import ListScreen

if TYPE_CHECKING:
    from crm_desktop.app.ui.main_window import MainWindow


def thing_in_front(window: "MainWindow") -> tuple[str, int] | None:
    """Return the record in front, or the row a list in front stands on, as (entity, id)."""
    tab = window.tabs.front
    if tab is None:
        return None
    screen = getattr(tab.screen, "inside", None) or tab.screen
    if isinstance(screen, ListScreen):
        id_ = screen.view.current_id
        return (screen.spec.source.entity, id_) if id_ is not None else None
    entity, rest = tab.key
    return (entity, int(rest)) if rest.isdecimal() else None


def log_in_front(window: "MainWindow", *, plan: bool = False) -> None:
    """Open the form of what was said, or of a task: for the contact in front, else for one that is asked for."""
    if not window.session.actor.may(Permission.ACTIVITY_WRITE):
        return
    thing = thing_in_front(window)

    def show(contact_id: int | None) -> None:
        opportunity = thing[1] if thing is not None and thing[0] == "opportunity" and contact_id else None
        log_activity(window.desk, window, contact_id=contact_id, opportunity_id=opportunity, plan=plan)

    if thing is None:
        show(None)
        return
    entity, id_ = thing

    def read(work: Any) -> int | None:
        # Loaded with the first key: it brings the database library with it.
        from crm_desktop.app.belonging import contact_of

        return contact_of(work, entity, id_)

    window.tasks.read(window, read, show, coalesce="contact_in_front")
