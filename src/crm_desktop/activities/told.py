"""What activities and their settings are called in the journal, and who reads what it says of them; marked texts."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased

from crm_desktop.activities.model import Activity, activity_in_reach
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_

ENTITIES: Final[Mapping[str, str]] = {
    "activity": N_("Activity"),
    "activity_kind": N_("Kind of activity"),
    "activity_result": N_("Result of activities"),
    "pool_rules": N_("Rules of the public pool"),
}
ACTIONS: Final[Mapping[str, str]] = {
    "complete": N_("Done"),
    "drop": N_("Dropped"),
    "log": N_("Logged"),
    "plan": N_("Planned"),
    "reopen": N_("Planned again"),
}
LABELS: Final[Mapping[str, str]] = {
    "active": N_("In use"),
    "author": N_("Author before"),
    "claims_a_day": N_("Claims a day"),
    "contact_days": N_("Days without contact"),
    "contact_id": N_("Contact"),
    "deal_days": N_("Days without an order"),
    "follows_id": N_("Follows"),
    "from_on": N_("First day"),
    "hold_limit": N_("Customers at most"),
    "icon": N_("Picture"),
    "is_contact": N_("Counts as contact"),
    "key": N_("Shipped as"),
    "kind_id": N_("Kind"),
    "lock_limit": N_("Locks at most"),
    "name": N_("Name"),
    "next_days": N_("Days until the next contact"),
    "opportunity_id": N_("Opportunity"),
    "person_id": N_("With whom"),
    "position": N_("Place"),
    "reclaim_days": N_("Days before claiming again"),
    "result_id": N_("Result"),
    "user_id": N_("Who"),
    "warn_days": N_("Days of warning"),
}
"""Journalled parts that are no field of a list."""


def reaches(activity_id: Any, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor reaches the activity with this id: of a deleted one nobody is told."""
    activity = aliased(Activity)
    return exists().where(activity.id == activity_id, activity_in_reach(activity, actor))


READABLE: Final[Mapping[str, Callable[[Any, Actor], Any]]] = {Activity.journal_entity: reaches}
"""Of which entities the journal of a contact tells only those who reach the row itself."""
