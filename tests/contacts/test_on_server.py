"""Contacts where a PostgreSQL server enforces the scope of every person by itself."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from crm_desktop.contacts import bulk, duplicates, files, handover, lists, service
from crm_desktop.db.work import Database
from crm_desktop.shared.errors import NotFound, Unavailable
from crm_desktop.shared.listing import Listing
from tests.db.server_company import ServerCompany

pytestmark = pytest.mark.postgres


def new(company: ServerCompany, login: str, name: str, **values: object) -> int:
    with Database(company.engine(login)).begin(company.actor(login)) as work:
        assert work.is_guarded
        return service.create(work, {"name": name, **values})


def names(company: ServerCompany, login: str, text: str) -> list[str]:
    with Database(company.engine(login)).read(company.actor(login)) as work:
        return [row[1] for row in lists.first_page(work, Listing(text=text), ["name"]).rows]


def test_search_finds_in_scope_only(company: ServerCompany) -> None:
    new(company, "ann", "宁波龙珠")
    new(company, "bob", "上海龙珠")
    assert names(company, "ann", "龙珠") == ["宁波龙珠"]
    assert names(company, "ann", "lz") == ["宁波龙珠"]
    assert names(company, "mia", "珠") == ["宁波龙珠"]
    assert sorted(names(company, "olga", "龙珠")) == ["上海龙珠", "宁波龙珠"]


def test_a_manager_hands_over_what_the_team_owns(company: ServerCompany) -> None:
    contact_id = new(company, "ann", "Atlas")
    with Database(company.engine("mia")).begin(company.actor("mia")) as work:
        assert handover.assign(work, [contact_id], company.ids["cy"]) == 1
    assert names(company, "ann", "Atlas") == []
    assert names(company, "cy", "Atlas") == ["Atlas"]


def test_a_rep_claims_and_releases_but_cannot_give_away(company: ServerCompany) -> None:
    contact_id = new(company, "ann", "Atlas")
    with Database(company.engine("ann")).begin(company.actor("ann")) as work:
        assert handover.release(work, [contact_id]) == 1
    with Database(company.engine("bob")).begin(company.actor("bob")) as work:
        assert handover.claim(work, [contact_id]) == 1
    with pytest.raises(NotFound), Database(company.engine("ann")).read(company.actor("ann")) as work:
        service.get(work, contact_id)


def test_an_administrator_moves_contacts_without_seeing_them(company: ServerCompany) -> None:
    contact_id = new(company, "ann", "Atlas")
    moves = handover.ContactHandover()
    with Database(company.engine("adi")).begin(company.actor("adi")) as work:
        owned = moves.count(work, company.ids["ann"])
        assert owned > 1
        assert moves.hand_over(work, company.ids["ann"], company.ids["bob"]) == owned
        assert moves.count(work, company.ids["ann"]) == 0
    with Database(company.engine("bob")).read(company.actor("bob")) as work:
        assert service.get(work, contact_id)["owner"] == company.ids["bob"]


def test_a_duplicate_of_a_colleague_is_told_of_but_not_shown(company: ServerCompany) -> None:
    new(company, "bob", "Northgate Ltd", points=[{"kind": "phone", "value": "+44 113 496 0021"}])
    with Database(company.engine("ann")).read(company.actor("ann")) as work:
        (match,) = duplicates.look_alikes(work, kind="company", name="Northgate Limited")
    assert (match.id, match.name, match.owner_id, match.why) == (None, None, company.ids["bob"], "name")


def test_the_server_refuses_what_the_program_would_not_offer(company: ServerCompany) -> None:
    contact_id = new(company, "bob", "Atlas")
    with (
        pytest.raises((NotFound, Unavailable, DBAPIError)),
        Database(company.engine("ann")).begin(company.actor("bob")) as work,
    ):
        service.save(work, contact_id, 1, {"name": "Stolen"})
    assert names(company, "bob", "Atlas") == ["Atlas"]


def test_two_people_put_the_same_file_on_contacts_the_other_does_not_see(company: ServerCompany) -> None:
    kept = {}
    for login in ("ann", "bob"):
        contact_id = new(company, login, f"Of {login}")
        with Database(company.engine(login)).begin(company.actor(login)) as work:
            kept[login] = files.add_file(work, contact_id, "prices.pdf", b"%PDF the price list")
    for login, file_id in kept.items():
        with Database(company.engine(login)).read(company.actor(login)) as work:
            assert files.read_file(work, file_id) == ("prices.pdf", b"%PDF the price list")


def test_a_manager_inserts_many_beside_contacts_out_of_sight(company: ServerCompany) -> None:
    hidden = new(company, "bob", "Last of all")
    mine = company.ids["mia"]
    with Database(company.engine("mia")).begin(company.actor("mia")) as work:
        rows = [
            {"kind": "company", "name": "Many Ltd", "owner": mine},
            {"kind": "person", "name": "Many Jo", "owner": mine, "employer": 0, "role": "buyer"},
        ]
        firm, person = bulk.insert_contacts(work, rows)
        assert hidden < firm < person
    with Database(company.engine("mia")).read(company.actor("mia")) as work:
        assert [(one["contact_id"], one["role"]) for one in service.get(work, firm)["people"]] == [(person, "buyer")]
    assert new(company, "ann", "Afterwards") > person
