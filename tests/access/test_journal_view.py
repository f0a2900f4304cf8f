from datetime import date, timedelta

import pytest

from crm_desktop.access import company, journal_view, login, people, teams
from crm_desktop.access.journal_view import Query
from crm_desktop.access.sentences import Vocabulary, changes, describe
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import NotAllowed
from tests.access.test_people import give_contacts


def said(entries, **words):
    return [describe(entry, Vocabulary(**words)) for entry in entries]


def test_newest_first_page_by_page_without_gap_or_repeat(database, owner):
    give_contacts(database, owner.user_id, 25)
    with database.read(owner) as work:
        everything = journal_view.entries(work, Query(), limit=1000)
        pages, below = [], None
        while page := journal_view.entries(work, Query(), below=below, limit=7):
            pages += page
            below = page[-1].id
        assert pages == list(everything)
        assert [entry.id for entry in everything] == sorted((entry.id for entry in everything), reverse=True)
        assert journal_view.ids(work, Query()) == tuple(entry.id for entry in everything)
        assert journal_view.count(work, Query()) == len(everything)


def test_filters(database, owner, make_person, clock):
    give_contacts(database, owner.user_id, 3)
    clock.instant += timedelta(days=1)
    person = make_person("Wu Lan 吴兰")
    with database.read(owner) as work:

        def found(**query):
            return [(one.entity, one.action) for one in journal_view.entries(work, Query(**query))]

        assert found(entities=("contact",)) == [("contact", "create")] * 3
        assert found(people=(owner.user_id,)) == [("user", "create")]
        assert found(text="吴兰") == [("user", "create")]
        assert found(text="customer 1") == [("contact", "create")]
        assert found(text="100%_\\") == []
        assert found(from_on=date(2026, 11, 23), to_on=date(2026, 11, 23)) == [("user", "create")]
        assert found(to_on=date(2026, 11, 21)) == []
        assert found(entities=("user",), entity_id=person.id) == [("user", "create")]


def test_days_are_the_companys(database, owner, clock):
    """01:00 UTC is 09:00 in Shanghai; 17:00 UTC is already the next day there."""
    clock.instant = clock.instant.replace(hour=17)
    with database.begin(owner) as work:
        teams.create_team(work, name="Late")
    with database.read(owner) as work:
        day = Query(entities=("team",), from_on=date(2026, 11, 23), to_on=date(2026, 11, 23))
        assert len(journal_view.entries(work, day)) == 1


def test_an_administrator_sees_nothing_of_the_business(database, owner, make_person, actor_of):
    give_contacts(database, owner.user_id, 3)
    admin = actor_of(make_person("Ada Min", "administrator").id)
    with database.begin(admin) as work:
        seen = {entry.entity for entry in journal_view.entries(work, Query())}
        assert seen <= {"company", "user", "team", "login", "custom_field"}
        assert journal_view.entries(work, Query(text="Customer 1")) == ()
        assert journal_view.count(work, Query(entities=("contact",))) == 0
        assert {entry.entity for entry in journal_view.export_entries(work, Query())} == seen
    with database.read(owner) as work:
        hidden = journal_view.ids(work, Query(entities=("contact",)))
    with database.read(admin) as work:
        assert journal_view.entries_by_id(work, hidden) == ()


def test_a_rep_has_no_journal(database, make_person, actor_of):
    rep = actor_of(make_person("Wu Lan").id)
    with database.read(rep) as work, pytest.raises(NotAllowed):
        journal_view.entries(work, Query())


def test_an_export_is_itself_in_the_journal(database, owner):
    with database.begin(owner) as work:
        exported = journal_view.export_entries(work, Query())
    with database.read(owner) as work:
        newest = journal_view.entries(work, Query(), limit=1)
    assert said(newest) == [f"Chen Jie 陈杰 exported {len(exported)} rows: Journal"]


def test_sentences(database, owner, make_person):
    person = make_person("Wu Lan")
    with database.begin(owner) as work:
        east = teams.create_team(work, name="East")
        people.update_user(work, person.id, person.version, {"roles": ["purchaser"], "team_id": east})
        version = company.company(work).version
        company.update_company(work, version, {"currency": "EUR"})
    with database.begin(owner) as work:
        people.reset_password(work, person.id, "given by boss 1")
    for _ in range(5):
        with pytest.raises(login.WrongLogin):
            login.log_in(database, "wu", "guess guess")
    with pytest.raises(login.WrongLogin):
        login.log_in(database, "stranger", "guess guess")
    with database.read(owner) as work:
        text = said(journal_view.entries(work, Query()), teams={east: "East"})
    assert text[0] == "Login with an unknown name"
    assert text[1] == "Wrong password for Wu Lan, 5 times in a row; the next attempt has to wait"
    assert text[2] == "Wrong password for Wu Lan"
    joined = "\n".join(text)
    assert "Chen Jie 陈杰 gave Wu Lan a new password" in joined
    assert "Team: empty → East" in joined
    assert "Roles: Sales rep → Purchaser" in joined
    assert "Chen Jie 陈杰 changed the company. Currency: CNY → EUR" in joined
    assert "Chen Jie 陈杰 added Team “East”" in joined
    assert "login_key" not in joined


def test_changes_name_every_field(database, owner, make_person):
    person = make_person("Wu Lan")
    with database.begin(owner) as work:
        people.update_user(work, person.id, person.version, {"name": "Wu Lan 吴兰", "language": "zh_Hans"})
    with database.read(owner) as work:
        entry = journal_view.entries(work, Query(entities=("user",)), limit=1)[0]
    assert {(one.label, one.before, one.after) for one in changes(entry, Vocabulary())} == {
        ("Name", "Wu Lan", "Wu Lan 吴兰"),
        ("Language", "empty", "简体中文"),
    }


def test_the_program_itself_is_named(database):
    with database.read(SYSTEM) as work:
        founding = journal_view.entries(work, Query(entities=("company",)))
    assert said(founding) == ["CRM Desktop added the company"]


def test_an_instant_is_told_as_people_write_it():
    words = Vocabulary(timezone="Asia/Shanghai")
    assert words.value("contact", "archived_at", "2026-11-22T07:43:14.731782+00:00") == "22 Nov 2026 15:43"
