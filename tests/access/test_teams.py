import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.access import login, people, teams
from crm_desktop.access.model import Team
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Invalid


def test_the_tree_is_listed_in_its_order(database, owner, make_person):
    with database.begin(owner) as work:
        sales = teams.create_team(work, name="Sales")
        south = teams.create_team(work, name="South", parent_id=sales)
        teams.create_team(work, name="East", parent_id=sales)
        teams.create_team(work, name="Accounts")
        teams.create_team(work, name="Shenzhen", parent_id=south)
    make_person("Wu Lan", team_id=south)
    with database.read(owner) as work:
        shown = [(node.name, node.depth, node.members) for node in teams.teams(work)]
        assert teams.team_by_name(work, "SOUTH ").id == south
    assert shown == [("Accounts", 0, 0), ("Sales", 0, 0), ("East", 1, 0), ("South", 1, 1), ("Shenzhen", 2, 0)]


def test_who_leads_from_above_reaches_everybody_below(database, owner, make_person, actor_of):
    head = make_person("Head Li", "sales_manager")
    with database.begin(owner) as work:
        sales = teams.create_team(work, name="Sales", manager_id=head.id)
        south = teams.create_team(work, name="South", parent_id=sales)
        other = teams.create_team(work, name="Other")
    inside, outside = make_person("Wu Lan", team_id=south), make_person("Zhou Min", team_id=other)
    assert actor_of(head.id).team_ids == {head.id, inside.id}
    assert actor_of(outside.id).team_ids == {outside.id}


def test_a_circle_is_refused(database, owner):
    with database.begin(owner) as work:
        top = teams.create_team(work, name="Top")
        below = teams.create_team(work, name="Below", parent_id=top)
    for team, parent in ((top, below), (top, top)):
        with database.begin(owner) as work, pytest.raises(Invalid) as refused:
            teams.update_team(work, team, 1, {"parent_id": parent})
        assert refused.value.field == "parent_id"


def test_only_an_empty_team_goes(database, owner, make_person):
    with database.begin(owner) as work:
        top = teams.create_team(work, name="Top")
        below = teams.create_team(work, name="Below", parent_id=top)
    person = make_person("Wu Lan", team_id=below)
    for team in (top, below):
        with database.begin(owner) as work, pytest.raises(teams.TeamInUse):
            teams.remove_team(work, team, 1)
    with database.begin(owner) as work:
        people.update_user(work, person.id, person.version, {"team_id": None})
        teams.remove_team(work, below, 1)
    with database.read(owner) as work:
        assert [node.name for node in teams.teams(work)] == ["Top"]


def test_a_leader_is_an_active_person(database, owner, make_person):
    person = make_person("Wu Lan")
    with database.begin(owner) as work:
        people.deactivate(work, person.id, person.version, to_pool=True)
    with database.begin(owner) as work, pytest.raises(Invalid):
        teams.create_team(work, name="East", manager_id=person.id)


@settings(max_examples=25)
@given(moves=st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 5)), max_size=15))
def test_no_row_of_moves_closes_a_circle_in_the_database(tree, moves):
    database, ids = tree
    for child, parent in moves:
        try:
            with database.begin(SYSTEM) as work:
                version = work.get(Team, ids[child]).version
                changes = {"parent_id": None if parent is None else ids[parent]}
                teams.update_team(work, ids[child], version, changes)
        except Invalid:
            pass
    with database.read(SYSTEM) as work:
        # A circle would drop out of the tree: its teams hang on nothing.
        assert {node.id for node in teams.teams(work)} == set(ids)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    from crm_desktop.access import company, passwords
    from crm_desktop.db import engine, schema
    from crm_desktop.db.work import Database

    path = tmp_path_factory.mktemp("tree") / "tree.crm"
    made = engine.sqlite_engine(path)
    schema.upgrade(made)
    database = Database(made, path=path)
    before = passwords.COST
    passwords.COST = passwords.Cost(memory_kib=64, passes=1)
    with database.begin(SYSTEM) as work:
        founded = company.found(
            work, name="X", currency="EUR", timezone="UTC", language="en",
            owner_login="x", owner_name="X", password="harbour lantern 88",
        )  # fmt: skip
        assert login.current_actor(work, founded.owner_id).reaches_everything
        ids = [teams.create_team(work, name=f"Team {n}") for n in range(6)]
    passwords.COST = before
    yield database, ids
    database.close()
