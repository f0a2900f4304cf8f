"""What opportunities and their settings are called in the journal; marked texts."""

from collections.abc import Mapping
from typing import Final

from crm_desktop.shared.i18n import N_

ENTITIES: Final[Mapping[str, str]] = {
    "lost_reason": N_("Lost reason"),
    "opportunity": N_("Opportunity"),
    "pipeline_stage": N_("Stage of the pipeline"),
}
ACTIONS: Final[Mapping[str, str]] = {
    "lose": N_("Lost"),
    "quotes_lost": N_("Last quote lost"),
    "reopen": N_("Reopened"),
    "win": N_("Won"),
}
LABELS: Final[Mapping[str, str]] = {
    "active": N_("In use"),
    "contact_id": N_("Customer"),
    "key": N_("Shipped as"),
    "name": N_("Name"),
    "person_id": N_("Person"),
    "position": N_("Place"),
    "probability": N_("Chance %"),
}
"""Journalled parts that are no field of a list."""
