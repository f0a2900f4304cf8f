"""Opportunities hang on contacts here as they do in the program."""

from collections.abc import Iterator

import pytest

from crm_desktop.contacts import above
from crm_desktop.orders.moving import DocumentsOfContacts
from crm_desktop.pipeline.moving import OpportunitiesOfContacts
from crm_desktop.pipeline.told import ACTIONS, ENTITIES


@pytest.fixture(autouse=True)
def _opportunities_above_contacts() -> Iterator[None]:
    before, words = above.attached(), above.told()
    above.attach(DocumentsOfContacts(), OpportunitiesOfContacts(), told=above.Told(ENTITIES, ACTIONS))
    yield
    above.attach(*before, told=words)
