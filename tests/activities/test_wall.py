"""A firm that is customer and supplier: sales and purchasing do not read each other's talk, wherever they look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_desktop.activities import following, service, timeline
from crm_desktop.activities.export import ACTIVITY_EXPORT
from crm_desktop.activities.lists import ACTIVITIES
from crm_desktop.activities.model import Activity
from crm_desktop.contacts import history
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import NotFound
from crm_desktop.shared.listing import Listing
from tests.activities.above_contacts import activities_above
from tests.activities.talked import TODAY, dates_of, firm_of, logged, planned
from tests.companies import NOW, Firm

SOLD, BOUGHT = "They pay 90 for the ring", "We pay 60 for the ring"


@pytest.fixture(autouse=True)
def _above() -> Iterator[None]:
    with activities_above():
        yield


@pytest.fixture
def both(database: Database, firm: Firm) -> int:
    """A firm on both sides, talked to from both, and something planned on both."""
    mills = firm_of(database, firm.anna, is_supplier=True)
    for actor, said in ((firm.anna, SOLD), (firm.buyer, BOUGHT)):
        call = logged(database, actor, mills, notes="draft")
        with database.begin(actor) as work:
            service.save(work, call.id, 1, {"notes": said})
        planned(database, actor, mills, subject=said, remind_minutes=0)
    return mills


def read_by(database: Database, actor: Actor, contact_id: int) -> str:
    """Everything the program tells this person of the firm."""
    found: list[object] = []
    with database.read(actor) as work:
        columns = [one.name for one in ACTIVITIES.fields(work)]
        found += ACTIVITIES.first_page(work, Listing(), columns, 100).rows
        for word in ("ring", "mills", "mills ring"):
            found += ACTIVITIES.first_page(work, Listing(text=word), columns, 100).rows
            found += ACTIVITIES.search(work, word)
        found += ACTIVITIES.names(work, range(1, 50)).items()
        found.append(following.next_of(work, [contact_id]))
        found.append(following.last_said(work, [contact_id]))
        found += following.agenda(work, until=TODAY + timedelta(days=9))
        found += history.history(work, contact_id)
        found += timeline.page(work, contact_id, limit=100)
        found += timeline.page(work, contact_id, groups=frozenset({"steps"}), limit=100)
        found += timeline.planned(work, contact_id)
    return repr(found)


@pytest.mark.parametrize(("person", "own", "other"), [("anna", SOLD, BOUGHT), ("buyer", BOUGHT, SOLD)])
def test_neither_reads_the_others_talk(
    database: Database, firm: Firm, both: int, person: str, own: str, other: str
) -> None:
    told = read_by(database, getattr(firm, person), both)
    assert own in told
    assert other not in told
    assert "draft" in told, "the journal tells one's own side"


def test_who_stands_on_both_sides_reads_both(database: Database, firm: Firm, both: int) -> None:
    told = read_by(database, firm.boss, both)
    assert SOLD in told
    assert BOUGHT in told


@pytest.mark.parametrize(("person", "side"), [("anna", "purchasing"), ("buyer", "sales")])
def test_the_others_activity_is_not_changed_by_its_number(
    database: Database, firm: Firm, both: int, person: str, side: str
) -> None:
    with database.read(SYSTEM) as work:
        ids = list(work.session.scalars(select(Activity.id).where(Activity.side == side)))
    actor = getattr(firm, person)
    for id_ in ids:
        with pytest.raises(NotFound), database.read(actor) as work:
            service.get(work, id_)
        with pytest.raises(NotFound), database.begin(actor) as work:
            service.save(work, id_, 2, {"notes": "x"})


def test_the_dates_are_those_of_the_contacts_own_side(database: Database, firm: Firm, both: int) -> None:
    before = NOW - timedelta(days=3)
    only = firm_of(database, firm.anna, "Only sold to")
    logged(database, firm.anna, only, done_at=before)
    assert dates_of(database, both) == (NOW, TODAY)
    assert dates_of(database, only) == (before, None)
    with database.begin(firm.boss) as work:
        row = work.get(Contact, both)
        contacts.save(work, both, row.version, {"is_customer": False})
        for one in work.session.scalars(
            select(Activity).where(Activity.side == "purchasing", Activity.state == "done")
        ):
            service.save(work, one.id, one.version, {"done_at": before})
    assert dates_of(database, both) == (before, TODAY)


def test_an_export_holds_ones_own_side(database: Database, firm: Firm, both: int, tmp_path: Path) -> None:
    with database.read(firm.manager) as work:
        assert ACTIVITY_EXPORT.write_file(work, tmp_path / "a.csv", Listing(), ["notes", "subject"]) == 2
