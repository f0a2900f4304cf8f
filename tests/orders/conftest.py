"""Documents hang on contacts here as they do in the program."""

from collections.abc import Iterator

import pytest

from crm_desktop.contacts import above
from crm_desktop.orders.moving import DocumentsOfContacts
from crm_desktop.orders.told import ACTIONS, ENTITIES
from crm_desktop.products.moving import PriceListsOfContacts


@pytest.fixture(autouse=True)
def _documents_above_contacts() -> Iterator[None]:
    before, words = above.attached(), above.told()
    above.attach(DocumentsOfContacts(), PriceListsOfContacts(), told=above.Told(ENTITIES, ACTIONS))
    yield
    above.attach(*before, told=words)
