"""Activities are found by what was said, however long ago; on both engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from crm_desktop.activities import kinds, search
from crm_desktop.activities.model import Activity
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.companies import NOW, Firm

OLD, HITS = 350, 30


@pytest.fixture
def talked(database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> int:
    """More talks than are read first, the oldest of which say 轴承 and Bearing."""
    monkeypatch.setattr(search, "READ_FIRST", OLD - 50)
    monkeypatch.setattr(search, "MOST_HITS", HITS)
    with database.begin(firm.anna) as work:
        contact_id = contacts.create(work, {"name": "Atlas"})
    with database.begin(SYSTEM) as work:
        contact = work.session.get_one(Contact, contact_id)
        shared = {
            "contact_id": contact.id,
            "owner_key": contact.owner_key,
            "contact_sort": contact.sort_key,
            "kind_id": kinds.kinds(work)[0].id,
            "state": "done",
            "due_sort": date.max,
            "side": "sales",
            "version": 1,
            "created_at": NOW,
            "updated_at": NOW,
        }
        rows = []
        for place in range(OLD):
            at = NOW - timedelta(minutes=place)
            said = "轴承 and 100% Bearings" if place >= OLD - 3 else "Common talk" if place % 5 == 0 else "Talk"
            rows.append({**shared, "notes": said, "done_at": at, "at_sort": at})
        work.session.execute(insert(Activity), rows)
    return contact_id


def found(database: Database, by: Actor, text: str) -> tuple[int, bool]:
    with database.read(by) as work:
        ids = search.find(work, text)
        assert ids is not None
        return len(ids.ids), ids.capped


def test_what_was_said_long_ago_is_found(database: Database, firm: Firm, talked: int) -> None:
    for text in ("轴承", "bearing", "BEARINGS 轴承", "100%", "atlas bearing"):
        assert found(database, firm.anna, text) == (3, False), text
    assert found(database, firm.manager, "bearing") == (3, False)
    assert found(database, firm.outsider, "bearing") == (0, False)
    assert found(database, firm.anna, "nobody") == (0, False)


def test_of_very_many_the_newest_are_kept(database: Database, firm: Firm, talked: int) -> None:
    with database.read(firm.anna) as work:
        ids = search.find(work, "common")
        assert ids is not None
        newest = work.session.get_one(Activity, max(ids.ids)), work.session.get_one(Activity, min(ids.ids))
    assert (len(ids.ids), ids.capped) == (HITS, True)
    assert NOW - timedelta(minutes=5 * HITS) < min(one.at_sort for one in newest)
