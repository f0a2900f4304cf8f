"""Activities hang on contacts in a test as they do in the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crm_desktop.activities.moving import ActivitiesOfContacts
from crm_desktop.activities.told import ACTIONS, ENTITIES, READABLE
from crm_desktop.contacts import above
from crm_desktop.contacts.above import Told


@contextmanager
def activities_above() -> Iterator[None]:
    before = above._now[0]
    above.attach(ActivitiesOfContacts(), told=Told(ENTITIES, ACTIONS, READABLE), follows=(ActivitiesOfContacts(),))
    try:
        yield
    finally:
        above._now[0] = before
