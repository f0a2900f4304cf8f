"""A person in a company is one link seen from two records: neither side undoes the other unknowingly."""

from typing import Any

import pytest
from sqlalchemy import select

from crm_desktop.access import journal_view
from crm_desktop.contacts import history, lists, service
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.shared.errors import Conflict
from tests.companies import Firm


def new(database: Database, firm: Firm, name: str, **values: Any) -> int:
    with database.begin(firm.anna) as work:
        return service.create(work, {"name": name, **values})


def test_a_link_made_from_the_person_is_not_undone_by_an_open_company(database: Database, firm: Firm) -> None:
    jo, kim, firm_id = (
        new(database, firm, "Jo", kind="person"),
        new(database, firm, "Kim", kind="person"),
        new(database, firm, "Northgate"),
    )
    with database.read(firm.anna) as work:
        opened = service.get(work, firm_id).version
        person = service.get(work, jo).version
    with database.begin(firm.boss) as work:
        service.save(work, jo, person, {"people": [{"contact_id": firm_id, "role": "buyer"}]})
    with pytest.raises(Conflict) as caught, database.begin(firm.anna) as work:
        service.save(work, firm_id, opened, {"people": [{"contact_id": kim, "role": "owner"}]})
    assert [one["contact_id"] for one in caught.value.theirs["people"]] == [jo]
    with database.begin(firm.anna) as work:
        service.save(work, firm_id, opened, {"level": "A"})


def test_both_records_tell_of_the_link(database: Database, firm: Firm) -> None:
    firm_id = new(database, firm, "Northgate")
    jo = new(database, firm, "Jo", kind="person", people=[{"contact_id": firm_id, "role": "buyer"}])
    with database.read(firm.anna) as work:
        told = history.history(work, firm_id)[0]
        version = service.get(work, jo).version
    assert [one["contact_id"] for one in told.after["people"]] == [jo]
    with database.begin(firm.anna) as work:
        service.save(work, jo, version, {"people": []})
    with database.read(firm.anna) as work:
        assert history.history(work, firm_id)[0].after["people"] == ()


def test_a_link_tells_nobody_of_contacts_out_of_sight(database: Database, firm: Firm) -> None:
    mine = new(database, firm, "Northgate")
    with database.begin(firm.outsider) as work:
        hidden = service.create(
            work, {"name": "Hidden Jo", "kind": "person", "points": [{"kind": "phone", "value": "0113 496 0021"}]}
        )
    with database.read(firm.anna) as work:
        opened = service.get(work, mine).version
    with database.begin(firm.boss) as work:
        service.save(work, mine, service.get(work, mine).version, {"people": [{"contact_id": hidden, "role": "buyer"}]})
    with database.read(firm.anna) as work:
        assert history.history(work, mine)[0].after["people"] == ()
        stored = work.session.scalars(select(JournalEntry).where(JournalEntry.contact_id == mine)).all()
        assert "Jo" not in str([(entry.before, entry.after) for entry in stored])
        assert "0021" not in str([(entry.before, entry.after) for entry in stored])
    with pytest.raises(Conflict) as caught, database.begin(firm.anna) as work:
        service.save(work, mine, opened, {"people": []})
    assert caught.value.theirs["people"] == ()
    with database.read(firm.boss) as work:
        assert history.history(work, mine)[0].after["people"][0]["name"] == "Hidden Jo"
        newest = journal_view.entries(work, journal_view.Query(contact_id=mine), naming={"contact": lists.names})[0]
    assert newest.after["people"] == [{"contact_id": "Hidden Jo", "role": "buyer"}]
