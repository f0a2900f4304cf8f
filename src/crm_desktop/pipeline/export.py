"""Takes the list of opportunities out of the program; every export is journalled."""

from typing import Final

from crm_desktop.exchange.list_export import ListExport
from crm_desktop.pipeline.lists import OPPORTUNITIES
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission

OPPORTUNITY_EXPORT: Final = ListExport(
    OPPORTUNITIES, Permission.OPPORTUNITY_EXPORT, "opportunity", N_("Opportunities"), ("amount", "weighted")
)
