"""Lists of people coming in from files, and going again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm_desktop.access import login, people, teams
from crm_desktop.access.incoming.plan import made_login
from crm_desktop.access.model import Team
from crm_desktop.access.target import PEOPLE
from crm_desktop.contacts import service as contacts
from crm_desktop.db.work import Database
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.importing import CLEAR, OnMatch, Verdict
from tests.companies import Firm
from tests.conftest import database  # the one with the people of a whole firm
from tests.exchange.rows import bring_in, check, rows, take_back

STAFF = ("Nancy Davolio", "Andrew Fuller", "Steven Buchanan")
__all__ = ["database"]

NEW_PASSWORD = "harbour lantern 88"


def logins(database: Database, firm: Firm) -> dict[str, people.Person]:
    with database.read(firm.boss) as work:
        return {one.login: one for one in people.people(work)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Nancy Davolio", "nancy.davolio"),
        ("陈小明", "chen.xiaoming"),
        ("陈", "chen"),
        ("Chen Jie 陈杰", "chen.jie"),
        ("José María Ñandú", "jose.nandu"),
        ("Cher", "cher2"),
        ("Пётр", "user"),
    ],
)
def test_a_login_is_made_from_a_name(name: str, expected: str) -> None:
    assert made_login(name, {"cher"}) == expected


def test_the_staff_comes_in_and_nobody_of_them_can_log_in(database: Database, firm: Firm) -> None:
    before = set(logins(database, firm))
    given = rows(*({"name": name} for name in STAFF), {"name": "Anna Weber"}, {"name": "nancy  davolio"})
    planned = check(database, firm.admin, PEOPLE, given)
    assert [one.verdict.value for one in planned] == ["new", "new", "new", "skip", "duplicate"]
    assert given[0].remarks == {"login": "Gets the login “nancy.davolio”."}
    done = bring_in(database, firm.admin, PEOPLE, given)
    found = logins(database, firm)
    assert set(found) - before == {"nancy.davolio", "andrew.fuller", "steven.buchanan"}
    nancy = found["nancy.davolio"]
    assert (nancy.roles, nancy.active, nancy.must_change_password) == (("sales_rep",), True, True)
    for password in ("", NEW_PASSWORD):
        with pytest.raises((login.WrongLogin, login.TooManyAttempts)):
            login.log_in(database, "nancy.davolio", password)
    with database.begin(firm.admin) as work:
        people.reset_password(work, nancy.id, NEW_PASSWORD)
    assert login.log_in(database, "nancy.davolio", NEW_PASSWORD).name == "Nancy Davolio"
    with database.begin(firm.boss) as work:
        contacts.create(work, {"name": "Acme", "owner": found["andrew.fuller"].id})
    undone = take_back(database, firm.admin, done.batch, PEOPLE)
    assert undone.removed == 1
    assert {(kept.label, kept.reason) for kept in undone.kept} == {
        ("Nancy Davolio", "It was changed after the import."),
        ("Andrew Fuller", "Records name this person."),
    }
    assert "steven.buchanan" not in logins(database, firm)


def test_roles_teams_and_leavers(database: Database, firm: Firm) -> None:
    given = rows(
        {"name": "Wang Fang", "login": "Wang.Fang", "role": "accountant", "team": "east"},
        {"name": "Li Na", "active": False, "team": "New team"},
        {"name": "Zhao Lei", "login": "two words"},
        {"name": "Qian Duo", "role": "owner"},
        {"name": "Sun Wu", "login": "BOSS"},
        {"login": "nobody"},
        {"name": CLEAR},
    )
    planned = check(database, firm.admin, PEOPLE, given)
    assert [(one.verdict.value, one.field) for one in planned] == [
        ("new", ""),
        ("invalid", "team"),
        ("invalid", "login"),
        ("invalid", "role"),
        ("update", ""),
        ("invalid", "name"),
        ("invalid", "name"),
    ]
    done = bring_in(database, firm.admin, PEOPLE, given[:2], create_missing=True, chosen={"role": "sales_manager"})
    found = logins(database, firm)
    with database.read(firm.boss) as work:
        names = {team.id: team.name for team in teams.teams(work)}
    wang, li = found["Wang.Fang"], found["li.na"]
    assert (wang.roles, names[wang.team_id or 0]) == (("accountant",), "East")
    assert (li.roles, li.active, names[li.team_id or 0]) == (("sales_manager",), False, "New team")
    undone = take_back(database, firm.admin, done.batch, PEOPLE)
    assert (undone.removed, undone.kept) == (3, ())
    assert set(logins(database, firm)) == {"boss", "manager", "anna", "chen", "outsider", "buyer", "admin"}
    with database.read(firm.boss) as work:
        assert "New team" not in work.session.scalars(select(Team.name)).all()


def test_who_is_here_already_keeps_account_and_roles(database: Database, firm: Firm) -> None:
    given = rows({"login": "anna", "name": "Anna Weber-Li", "role": "accountant", "team": "West", "active": False})
    (one,) = check(database, firm.admin, PEOPLE, given)
    assert [(change.field, change.old, change.new) for change in one.differences] == [
        ("name", "Anna Weber", "Anna Weber-Li"),
        ("team", "East", "West"),
    ]
    done = bring_in(database, firm.admin, PEOPLE, given)
    anna = logins(database, firm)["anna"]
    assert (anna.name, anna.roles, anna.active) == ("Anna Weber-Li", ("sales_rep",), True)
    take_back(database, firm.admin, done.batch, PEOPLE)
    assert logins(database, firm)["anna"].name == "Anna Weber"
    (one,) = check(database, firm.admin, PEOPLE, given, on_match=OnMatch.SKIP)
    assert one.verdict is Verdict.SKIP
    (one,) = check(database, firm.admin, PEOPLE, given, on_match=OnMatch.ERROR)
    assert one.verdict is Verdict.INVALID


def test_namesakes_are_asked_about(database: Database, firm: Firm) -> None:
    with database.begin(firm.boss) as work:
        second = people.add_person(work, login="anna2", name="Anna Weber", role="sales_rep").id
    given = rows(
        {"name": "Anna Weber", "team": "West"}, {"name": "New", "login": "n"}, {"name": "Anna Weber", "login": "n3"}
    )
    one, _new, third = check(database, firm.admin, PEOPLE, given)
    assert (one.verdict, one.field) == (Verdict.INVALID, "name")
    assert [candidate.label for candidate in one.candidates] == ["Anna Weber (anna)", "Anna Weber (anna2)"]
    assert third.similar == "Anna Weber has the same name, with the login “anna”."
    (one,) = check(database, firm.admin, PEOPLE, given[:1], answers={("name", "anna weber"): second})
    assert (one.verdict, one.id) == (Verdict.UPDATE, second)
    (one,) = check(database, firm.admin, PEOPLE, given[:1], answers={("name", "anna weber"): None})
    assert one.payload.login == "anna.weber"


def test_who_may_not_is_refused(database: Database, firm: Firm) -> None:
    with pytest.raises(NotAllowed):
        check(database, firm.manager, PEOPLE, rows({"name": "A"}))
