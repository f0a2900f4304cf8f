"""Takes the list of activities out of the program; every export is journalled."""

from typing import Final

from crm_desktop.activities.lists import ACTIVITIES
from crm_desktop.exchange.list_export import ListExport
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission

ACTIVITY_EXPORT: Final = ListExport(ACTIVITIES, Permission.ACTIVITY_EXPORT, "activity", N_("Activities"), ())
