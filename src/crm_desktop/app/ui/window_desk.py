"""The desk a window gives its screens."""

from typing import TYPE_CHECKING

from crm_desktop.shared.i18n import current_language
from crm_desktop.ui.desk import Desk, DeskDrafts
from crm_desktop.ui.drafts import DraftStore

if TYPE_CHECKING:
    from crm_desktop.app.ui.main_window import MainWindow


def desk_of(window: "MainWindow", drafts: DraftStore | None) -> Desk:
    """Return the desk of the person logged in at `window`."""
    session = window.session
    profile = session.profile
    return Desk(
        window.tasks, window.changes, window.dialogs, window.settings, session.actor, session.clock,
        current_language(), profile.timezone, profile.currency, session.names, window.open_record, window.toast,
        window.open_import, window.open_list, DeskDrafts(drafts, profile.dataset_id) if drafts is not None else None,
    )  # fmt: skip
