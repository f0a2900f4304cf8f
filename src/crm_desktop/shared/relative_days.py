"""Days a saved view means relative to the day it is opened ("not touched for 30 days")."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from crm_desktop.shared.listing import Filter, Listing

_RELATIVE = re.compile(r"today(?:([+-])(\d{1,5}))?")


def day_of(value: object, today: date) -> Any:
    """Return the day a relative day stands for; any other value comes back as it is."""
    if not isinstance(value, str):
        return value
    if value == "this_month":
        return today.replace(day=1)
    if value == "this_year":
        return today.replace(month=1, day=1)
    found = _RELATIVE.fullmatch(value)
    if found is None:
        return value
    days = int(found[2] or 0)
    return today - timedelta(days) if found[1] == "-" else today + timedelta(days)


def resolved(listing: Listing, today: date) -> Listing:
    """Return `listing` with its relative days put into the calendar."""
    filters = tuple(
        Filter(one.field, one.op, tuple(day_of(value, today) for value in one.values)) for one in listing.filters
    )
    return replace(listing, filters=filters)
