import threading

import pytest
from sqlalchemy import select, update

from crm_desktop.access import company, login, people, rules, teams
from crm_desktop.access.model import User
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import JournalEntry
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Conflict, CrmError, Invalid, NotAllowed, NotFound
from tests.access.conftest import OWNER_PASSWORD, REP_PASSWORD


class Contacts:
    """Hands contacts over the plain way, as any feature above would."""

    entity = "contact"

    def count(self, work, user_id):
        return len(work.session.scalars(select(Contact.id).where(Contact.owner_id == user_id)).all())

    def hand_over(self, work, from_user_id, to_user_id):
        moved = work.session.scalars(select(Contact).where(Contact.owner_id == from_user_id)).all()
        for contact in moved:
            contact.owner_id, contact.owner_key = to_user_id, to_user_id or 0
        return len(moved)


class HalfHearted(Contacts):
    """Leaves one row behind."""

    def hand_over(self, work, from_user_id, to_user_id):
        first = work.session.scalars(select(Contact).where(Contact.owner_id == from_user_id)).first()
        first.owner_id, first.owner_key = to_user_id, to_user_id or 0
        return 1


def give_contacts(database, owner_id, count):
    with database.begin(SYSTEM) as work:
        work.session.add_all(
            Contact(
                kind="company", name=f"Customer {n}", sort_key=f"customer {n}", name_key=f"customer {n}",
                owner_id=owner_id, owner_key=owner_id, created_at=work.now, updated_at=work.now,
            )
            for n in range(count)
        )  # fmt: skip


def owners(database):
    with database.read(SYSTEM) as work:
        return sorted(work.session.scalars(select(Contact.owner_key)).all())


def test_a_new_company_has_its_owner_and_cannot_be_founded_twice(database, founded, owner):
    with database.read(owner) as work:
        profile = company.company(work)
        assert (profile.name, profile.currency, profile.idle_lock_minutes) == (
            "Harbour & Lin Trading",
            "CNY",
            10,
        )
        assert [person.roles for person in people.people(work)] == [("owner",)]
    with database.begin(SYSTEM) as work, pytest.raises(company.AlreadyFounded):
        company.found(
            work, name="X", currency="EUR", timezone="UTC", language="en",
            owner_login="x", owner_name="X", password=OWNER_PASSWORD,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "), ("currency", "yuan"), ("timezone", "Mars/North"), ("timezone", "../etc"),
        ("language", "fr"), ("country", "China"), ("owner_login", "chen jie"), ("password", "password"),
    ],
)  # fmt: skip
def test_a_company_is_founded_only_with_sound_settings(empty, field, value):
    settings = {
        "name": "X", "currency": "EUR", "timezone": "UTC", "language": "en", "country": "",
        "owner_login": "x", "owner_name": "X", "password": OWNER_PASSWORD,
    } | {field: value}  # fmt: skip
    with empty.begin(SYSTEM) as work, pytest.raises(Invalid) as refused:
        company.found(work, **settings)
    assert refused.value.field in (field, field.removeprefix("owner_"))


def test_the_demo_company_takes_a_simple_password(empty):
    with empty.begin(SYSTEM) as work:
        company.found(
            work, name="Demo", currency="CNY", timezone="UTC", language="en", is_demo=True,
            owner_login="owner", owner_name="Owner", password="demo",
        )  # fmt: skip
    assert login.log_in(empty, "owner", "demo").login == "owner"


def test_settings_change_over_their_version(database, owner):
    with database.read(owner) as work:
        version = company.company(work).version
    with database.begin(owner) as work:
        changed = company.update_company(work, version, {"idle_lock_minutes": 3, "is_demo": True})
        assert (changed.idle_lock_minutes, changed.is_demo) == (3, False)
    with database.begin(owner) as work, pytest.raises(Conflict) as refused:
        company.update_company(work, version, {"idle_lock_minutes": 5})
    assert refused.value.theirs == {"idle_lock_minutes": 3}
    with database.begin(owner) as work:
        company.update_company(work, version, {"name": "Harbour Lin"})
    with database.begin(owner) as work, pytest.raises(Invalid):
        company.update_company(work, version + 2, {"idle_lock_minutes": -1})


def test_people_are_listed_by_name_with_their_roles(database, owner, make_person):
    make_person("Zhou Min", "sales_rep", "purchaser")
    make_person("Abel Tan")
    with database.read(owner) as work:
        assert [person.name for person in people.people(work)] == ["Abel Tan", "Chen Jie 陈杰", "Zhou Min"]
        assert people.person_by_login(work, "ZHOU").roles == ("sales_rep", "purchaser")
        assert set(people.names(work).values()) == {"Abel Tan", "Chen Jie 陈杰", "Zhou Min"}
        with pytest.raises(NotFound):
            people.person_by_login(work, "nobody")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"login": "CHEN.JIE"}, "login"), ({"login": "two words"}, "login"), ({"name": ""}, "name"),
        ({"roles": ()}, "roles"), ({"roles": ("king",)}, "roles"), ({"password": "12345678"}, "password"),
        ({"team_id": 99}, "team_id"), ({"language": "fr"}, "language"),
    ],
)  # fmt: skip
def test_a_person_is_added_only_when_sound(database, owner, changes, field):
    settings = {"login": "wu", "name": "Wu Lan", "roles": ("sales_rep",), "password": REP_PASSWORD} | changes
    with database.begin(owner) as work, pytest.raises(Invalid) as refused:
        people.create_user(work, **settings)
    assert refused.value.field == field


def test_a_rep_looks_after_nobody(database, make_person, actor_of):
    rep = actor_of(make_person("Wu Lan").id)
    with database.begin(rep) as work:
        for call in (
            lambda: people.people(work),
            lambda: people.deactivate(work, 1, 1, to_pool=True),
            lambda: people.reset_password(work, 1, "quiet sea 1234"),
            lambda: company.update_company(work, 1, {"name": "Mine"}),
            lambda: teams.create_team(work, name="Mine"),
        ):
            with pytest.raises(NotAllowed):
                call()


def test_an_administrator_neither_becomes_nor_bends_an_owner(database, owner, make_person, actor_of):
    admin_person = make_person("Ada Min", "administrator")
    admin = actor_of(admin_person.id)
    with database.begin(admin) as work:
        for call in (
            lambda: people.update_user(work, owner.user_id, 1, {"name": "Nobody"}),
            lambda: people.reset_password(work, owner.user_id, "quiet sea 1234"),
            lambda: people.deactivate(work, owner.user_id, 1, to_pool=True),
            lambda: people.create_user(work, login="x", name="X", roles=["owner"], password=REP_PASSWORD),
        ):
            with pytest.raises(NotAllowed):
                call()
        with pytest.raises((people.NotYourself, NotAllowed)):
            people.update_user(work, admin_person.id, admin_person.version, {"roles": ["sales_manager"]})


def test_the_last_active_owner_stays(database, owner, make_person):
    with database.begin(owner) as work, pytest.raises(people.LastOwner):
        people.update_user(work, owner.user_id, 1, {"roles": ["sales_rep"]})
    with database.begin(owner) as work, pytest.raises(people.NotYourself):
        people.deactivate(work, owner.user_id, 1, to_pool=True)
    with database.begin(SYSTEM) as work, pytest.raises(people.LastOwner):
        people.deactivate(work, owner.user_id, 1, to_pool=True)
    second = make_person("Wu Lan", "owner")
    with database.begin(owner) as work:
        people.update_user(work, owner.user_id, 1, {"roles": ["sales_rep"]})
    with database.begin(SYSTEM) as work, pytest.raises(people.LastOwner):
        people.deactivate(work, second.id, second.version, to_pool=True)


def test_roles_are_versioned_like_any_field(database, owner, make_person):
    person = make_person("Wu Lan")
    with database.begin(owner) as work:
        changed = people.update_user(work, person.id, person.version, {"roles": ["purchaser"]})
    assert changed.version > person.version
    with database.begin(owner) as work, pytest.raises(Conflict) as refused:
        people.update_user(work, person.id, person.version, {"roles": ["accountant"]})
    assert refused.value.theirs == {"roles": ["purchaser"]}
    with database.begin(owner) as work:
        people.update_user(work, person.id, person.version, {"name": "Wu Lan 吴兰"})


def test_leaving_moves_everything_to_the_successor_in_one_transaction(database, owner, make_person):
    leaver, heir = make_person("Wu Lan"), make_person("Zhou Min")
    give_contacts(database, leaver.id, 30)
    with database.begin(owner) as work:
        team = teams.create_team(work, name="East", manager_id=leaver.id)
    with database.read(owner) as work:
        assert people.burdens(work, leaver.id, [Contacts()]) == (
            people.Burden("contact", 30),
            people.Burden("team", 1),
        )
    with database.begin(owner) as work:
        moved = people.deactivate(work, leaver.id, leaver.version, successor_id=heir.id, hands_over=[Contacts()])
    assert moved == 30
    assert owners(database) == [heir.id] * 30
    with database.read(owner) as work:
        assert not people.person(work, leaver.id).active
        assert [node.manager_id for node in teams.teams(work) if node.id == team] == [heir.id]
        operations = work.session.scalars(
            select(JournalEntry.operation_id)
            .where(JournalEntry.entity.in_(["contact", "user", "team"]))
            .order_by(JournalEntry.id)
        ).all()
        assert operations.count(operations[-1]) == 32


def test_leaving_without_an_heir_fills_the_pool(database, owner, make_person, actor_of):
    leaver, admin = make_person("Wu Lan"), make_person("Ada Min", "administrator")
    give_contacts(database, leaver.id, 3)
    with database.begin(actor_of(admin.id)) as work:
        people.deactivate(work, leaver.id, leaver.version, to_pool=True, hands_over=[Contacts()])
    assert owners(database) == [0, 0, 0]


def test_an_heir_must_be_named_and_fit(database, owner, make_person):
    leaver, gone = make_person("Wu Lan"), make_person("Zhou Min")
    with database.begin(owner) as work:
        people.deactivate(work, gone.id, gone.version, to_pool=True)
    for choice in (
        {}, {"successor_id": leaver.id}, {"successor_id": gone.id}, {"successor_id": 99},
        {"successor_id": owner.user_id, "to_pool": True},
    ):  # fmt: skip
        with database.begin(owner) as work, pytest.raises(Invalid):
            people.deactivate(work, leaver.id, leaver.version, **choice)


def test_half_a_hand_over_is_none(database, owner, make_person):
    leaver, heir = make_person("Wu Lan"), make_person("Zhou Min")
    give_contacts(database, leaver.id, 2)
    with pytest.raises(CrmError), database.begin(owner) as work:
        people.deactivate(work, leaver.id, leaver.version, successor_id=heir.id, hands_over=[HalfHearted()])
    assert owners(database) == [leaver.id] * 2
    with database.read(owner) as work:
        assert people.person(work, leaver.id).active


def test_two_owners_cannot_remove_each_other_at_once(database, owner, make_person):
    second = make_person("Wu Lan", "owner")
    outcomes = []

    def remove(user_id):
        with database.read(SYSTEM) as work:
            version = work.session.scalar(select(User.version).where(User.id == user_id))
        try:
            with database.begin(SYSTEM) as work:
                people.deactivate(work, user_id, version, to_pool=True)
            outcomes.append("done")
        except people.LastOwner:
            outcomes.append("kept")

    threads = [threading.Thread(target=remove, args=(id_,)) for id_ in (owner.user_id, second.id)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "kept"]


def test_coming_back(database, owner, make_person):
    person = make_person("Wu Lan")
    with database.begin(owner) as work:
        people.deactivate(work, person.id, person.version, to_pool=True)
    with database.begin(owner) as work:
        assert people.activate(work, person.id, person.version + 1).active
    assert login.log_in(database, "wu", REP_PASSWORD).user_id == person.id


def test_a_reset_ends_the_waiting(database, owner, make_person):
    person = make_person("Wu Lan")
    with database.begin(SYSTEM) as work:
        work.session.execute(update(User).values(failed_attempts=20, retry_at=work.now.replace(year=2027)))
    with database.begin(owner) as work:
        people.reset_password(work, person.id, "given by boss 1")
    assert login.log_in(database, "wu", "given by boss 1")


class Server:
    """A server's accounts, kept in memory: which calls the services make is the contract."""

    def __init__(self):
        self.calls = []

    def create_login(self, work, login, password):
        self.calls.append(("create", login))
        return f"crm_{login}"

    def set_roles(self, work, database_role, user_id, roles):
        self.calls.append(("roles", database_role, tuple(roles)))

    def set_password(self, work, database_role, password):
        self.calls.append(("password", database_role))

    def disable(self, work, database_role):
        self.calls.append(("disable", database_role))

    def enable(self, work, database_role):
        self.calls.append(("enable", database_role))


def test_a_server_keeps_the_passwords_and_the_roles(database, owner):
    server = Server()
    with database.begin(owner) as work:
        person = people.create_user(
            work, login="wu", name="Wu", roles=["sales_rep"], password=REP_PASSWORD, server=server
        )
    with database.begin(owner) as work:
        person = people.update_user(work, person.id, person.version, {"roles": ["purchaser"]}, server=server)
        people.reset_password(work, person.id, "given by boss 1", server=server)
    with database.begin(owner) as work:
        version = people.person(work, person.id).version
        with pytest.raises(Invalid):
            people.update_user(work, person.id, version, {"login": "other"}, server=server)
        people.deactivate(work, person.id, version, to_pool=True, server=server)
    assert server.calls == [
        ("create", "wu"), ("roles", "crm_wu", ("sales_rep",)), ("roles", "crm_wu", ("purchaser",)),
        ("password", "crm_wu"), ("disable", "crm_wu"),
    ]  # fmt: skip
    with database.read(SYSTEM) as work:
        assert work.get(User, person.id).password == ""
    with pytest.raises(login.WrongLogin):
        login.log_in(database, "wu", REP_PASSWORD)


def test_every_shipped_role_can_be_given(database, owner):
    with database.begin(owner) as work:
        person = people.create_user(work, login="all", name="All", roles=rules.ROLES, password=REP_PASSWORD)
    assert person.roles == tuple(rules.ROLES)
