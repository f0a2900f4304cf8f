"""What the main window and other features are told of activities; the screens are loaded when they are opened."""

from typing import Any, Final

from crm_desktop.activities.ui.opening import log_activity, open_activity, plan_for_many, plan_with_contacts
from crm_desktop.contacts.ui.above import ContactsAction
from crm_desktop.contacts.ui.specs import Found
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Domain, Permission
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.screen import Screen, ScreenSpec

__all__ = ["log_activity", "plan_for_many"]

ENTITY: Final = "activity"
LOG_KEYS: Final = "Ctrl+L"
BOTH_SIDES: Final = (Domain.SALES, Domain.PURCHASING)


def activities_screen(desk: Desk) -> Screen:
    """Return the list of activities."""
    from crm_desktop.activities.ui.activities_screen import ActivitiesScreen

    return ActivitiesScreen(desk)


def settings_screen(desk: Desk) -> Screen:
    """Return the settings page of kinds and results."""
    from crm_desktop.activities.ui.kinds_screen import KindsScreen

    return KindsScreen(desk)


def find_activities(work: Any, text: str) -> list[Found]:
    """Return what Ctrl+K finds among activities; runs on the database lane, [] without the permission."""
    from crm_desktop.activities.lists import ACTIVITIES

    if not work.actor.may(Permission.ACTIVITY_READ):
        return []
    return [
        Found(ENTITY, id_, subject or customer, " · ".join(dict.fromkeys((_("Activity"), customer))), "activity")
        for id_, subject, customer, _state in ACTIVITIES.search(work, text)
    ]


def form_title(*, plan: bool) -> str:
    """Return what the menu says of the form."""
    return _("Plan a task…") if plan else _("Log a call or visit…")


CONTACTS_ACTION: Final = ContactsAction(
    ActionSpec(
        "plan_task",
        N_("Plan…"),
        N_("Plan a task with each of these contacts"),
        "square-check",
        None,
        Permission.ACTIVITY_WRITE,
    ),
    plan_with_contacts,
)
"""What is added to the list of contacts."""
ACTIVITIES: Final = ScreenSpec(
    "activities", N_("Activities"), "activity", activities_screen, Permission.ACTIVITY_READ, BOTH_SIDES, "", "sales"
)
SCREENS: Final = (ACTIVITIES,)
"""In the rail."""
SETTINGS: Final = (
    ScreenSpec(
        "activity_settings",
        N_("Activities"),
        "activity",
        settings_screen,
        Permission.FOLLOW_UP_SETTINGS_WRITE,
        (),
        "",
        "settings",
    ),
)
"""Sections of the settings."""
DIALOGS: Final = {ENTITY: open_activity}
"""What `desk.open_record` shows in a dialog instead of a tab."""
