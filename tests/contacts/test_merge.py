"""Two records of one contact become one, and the journal tells all of it."""

from typing import Any

import pytest
from sqlalchemy import select

from crm_desktop.contacts import custom, duplicates, files, history, merge, service
from crm_desktop.contacts.model import Contact, MergeSnapshot
from crm_desktop.db.work import Database
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Conflict, Invalid, NotFound
from tests.companies import Firm

CODE, OTHER_CODE = "91310000710930141F", "91330200MA2AJ4XY7K"


def new(database: Database, actor: Actor, name: str, **values: Any) -> int:
    with database.begin(actor) as work:
        return service.create(work, {"name": name, **values})


def unite(database: Database, actor: Actor, keep: int, lose: int, **taken: str) -> None:
    with database.begin(actor) as work:
        versions = [work.get(Contact, one).version for one in (keep, lose)]
        merge.merge(work, keep, versions[0], lose, versions[1], taken)


def told(database: Database, actor: Actor, contact_id: int) -> dict[str, Any]:
    """What the newest entry of a contact's history says is there now."""
    with database.read(actor) as work:
        return dict(history.history(work, contact_id)[0].after)


def test_the_survivor_is_known_by_the_number_it_took(database: Database, firm: Firm) -> None:
    keep = new(database, firm.boss, "Northgate", registration_number=OTHER_CODE)
    lose = new(database, firm.boss, "Northgate Trading", registration_number=CODE)
    unite(database, firm.boss, keep, lose, registration_number="loser")
    with database.read(firm.boss) as work:
        by_new = duplicates.look_alikes(work, kind="company", registration_number=CODE)
        by_old = duplicates.look_alikes(work, kind="company", registration_number=OTHER_CODE)
    assert [match.id for match in by_new] == [keep]
    assert by_old == []


def test_a_redirect_is_not_merged_again(database: Database, firm: Firm) -> None:
    keep, lose, third = (new(database, firm.boss, name) for name in ("One", "Two", "Three"))
    unite(database, firm.boss, keep, lose)
    for first, second in ((lose, keep), (lose, third), (third, lose)):
        with pytest.raises(Invalid):
            unite(database, firm.boss, first, second)
    unite(database, firm.boss, third, keep)
    with database.read(firm.boss) as work:
        assert service.get(work, lose).id == third


def test_the_journal_of_the_survivor_lists_all_it_received(database: Database, firm: Firm) -> None:
    with database.begin(firm.boss) as work:
        key = custom.define_field(work, "Terms", "text").key
    keep = new(database, firm.boss, "Northgate", points=[{"kind": "phone", "value": "0113 496 0021"}])
    lose = new(database, firm.boss, "Northgate Ltd", tags=["b"], **{f"custom.{key}": "30 days"})
    jo = new(database, firm.boss, "Jo", kind="person", people=[{"contact_id": lose, "role": "buyer"}])
    with database.begin(firm.boss) as work:
        files.add_file(work, keep, "old.pdf", b"1")
        files.add_file(work, lose, "contract.pdf", b"2")
    unite(database, firm.boss, keep, lose)
    after = told(database, firm.boss, keep)
    assert after["files"] == ["old.pdf", "contract.pdf"]
    assert [one["contact_id"] for one in after["people"]] == [jo]
    assert after["tags"] == ["b"]
    assert after[f"custom.{key}"] == "30 days"
    assert told(database, firm.boss, lose)["files"] == []
    assert [one["contact_id"] for one in told(database, firm.boss, jo)["people"]] == [keep]


def test_half_typed_forms_meet_a_merge(database: Database, firm: Firm) -> None:
    with database.begin(firm.boss) as work:
        key = custom.define_field(work, "Terms", "text").key
    keep = new(database, firm.boss, "Northgate", tags=["a"])
    lose = new(database, firm.boss, "Northgate Ltd", tags=["b"], industry="Tools", **{f"custom.{key}": "30 days"})
    with database.read(firm.boss) as work:
        opened = service.get(work, keep).version
        opened_loser = service.get(work, lose).version
    unite(database, firm.boss, keep, lose)
    with database.begin(firm.boss) as work:
        service.save(work, keep, opened, {"level": "A"})
    typed = {"industry": "Steel", "tags": ("c",), f"custom.{key}": "60 days"}
    for name, value in typed.items():
        with pytest.raises(Conflict) as caught, database.begin(firm.boss) as work:
            service.save(work, keep, opened, {name: value})
        assert set(caught.value.theirs) == {name}
    third = new(database, firm.boss, "Northgate & Sons")
    with pytest.raises(Conflict), database.begin(firm.boss) as work:
        merge.merge(work, keep, opened, third, 1, {})
    with pytest.raises(NotFound), database.begin(firm.boss) as work:
        service.save(work, lose, opened_loser, {"level": "B"})


def test_a_person_who_served_both_serves_the_one_that_stays(database: Database, firm: Firm) -> None:
    keep, lose = new(database, firm.boss, "Northgate"), new(database, firm.boss, "Northgate Ltd")
    both = [{"contact_id": keep, "role": ""}, {"contact_id": lose, "role": "buyer"}]
    jo = new(database, firm.boss, "Jo", kind="person", people=both)
    unite(database, firm.boss, keep, lose)
    with database.read(firm.boss) as work:
        served = [(one["contact_id"], one["role"]) for one in service.get(work, jo)["people"]]
        staff = [(one["contact_id"], one["role"]) for one in service.get(work, keep)["people"]]
    assert (served, staff) == ([(keep, "buyer")], [(jo, "buyer")])


def test_neither_side_is_lost_whatever_was_chosen(database: Database, firm: Firm) -> None:
    keep = new(database, firm.boss, "Both", is_customer=True, is_supplier=False)
    lose = new(database, firm.boss, "Both Ltd", is_customer=False, is_supplier=True)
    unite(database, firm.boss, keep, lose, is_customer="loser", is_supplier="survivor")
    with database.read(firm.boss) as work:
        record = service.get(work, keep)
    assert record["is_customer"]
    assert record["is_supplier"]


def test_the_snapshot_holds_both_as_they_were(database: Database, firm: Firm) -> None:
    keep = new(database, firm.boss, "Northgate", level="A", points=[{"kind": "phone", "value": "0113 496 0021"}])
    lose = new(database, firm.boss, "Northgate Ltd", level="B", notes="old", tags=["b"])
    jo = new(database, firm.boss, "Jo", kind="person", people=[{"contact_id": lose, "role": "buyer"}])
    with database.begin(firm.boss) as work:
        file_id = files.add_file(work, lose, "contract.pdf", b"2")
    unite(database, firm.boss, keep, lose, level="loser")
    with database.read(firm.boss) as work:
        kept = work.session.scalars(select(MergeSnapshot)).one().snapshot
    assert (kept["survivor"]["level"], kept["survivor"]["points"][0]["value"]) == ("A", "0113 496 0021")
    assert (kept["loser"]["level"], kept["loser"]["notes"], kept["loser"]["tags"]) == ("B", "old", ["b"])
    assert kept["loser"]["people"] == [{"contact_id": jo, "role": "buyer"}], "no name: a reader may not see the person"
    assert kept["moved"]["attachment"] == [file_id]
    assert len(kept["moved"]["contact_link"]) == 1
