"""The history of a contact tells what happened to the records of features above in their own words."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crm_desktop.contacts import above
from crm_desktop.contacts.history import Event
from crm_desktop.contacts.journal_words import OTHER, Words, changes, group, headline

AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _told() -> Iterator[None]:
    features, words = above.attached(), above.told()
    above.attach(told=above.Told({"order": "Order"}, {"confirm": "Confirmed"}))
    yield
    above.attach(*features, told=words)


def test_a_step_of_an_order_is_told_with_its_number() -> None:
    event = Event(1, AT, "Anna", "confirm", {}, {"number": "S2026-0001", "state": "confirmed"}, "order")
    assert headline(event, Words()) == "Anna: Order S2026-0001 · Confirmed"
    assert group(event) == OTHER
    assert changes(event, Words()) == []


def test_a_new_order_is_no_new_contact() -> None:
    assert headline(Event(1, AT, "Anna", "create", {}, {"subject": "x"}, "order"), Words()) == "Anna: Order · Added"
    assert headline(Event(1, AT, "Anna", "create", {}, {}), Words()) == "Anna added this contact"
