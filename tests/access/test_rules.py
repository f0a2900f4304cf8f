from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.access import rules
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.permissions import Domain, Permission, Scope

NOW = datetime(2026, 11, 22, tzinfo=UTC)
IDS = st.integers(1, 12)
PARENTS = st.dictionaries(IDS, st.none() | IDS, max_size=12)


@given(PARENTS, st.dictionaries(IDS, st.none() | st.integers(1, 4), max_size=12), st.integers(1, 4))
def test_a_leader_reaches_exactly_the_teams_whose_chain_upwards_meets_them(parents, managers, user_id):
    def chain(team):
        seen = []
        while team is not None and team not in seen:
            seen.append(team)
            team = parents.get(team)
        return seen

    teams = set(parents) | set(managers)
    expected = {team for team in teams if any(managers.get(up) == user_id for up in chain(team))}
    assert rules.teams_reached(user_id, parents, managers) == expected


@given(st.lists(st.tuples(IDS, st.none() | IDS), max_size=40))
def test_moves_that_are_not_refused_never_close_a_circle(moves):
    parents: dict[int, int | None] = {}
    for team, parent in moves:
        if not rules.makes_circle(team, parent, parents):
            parents[team] = parent
    for start in parents:
        steps, team = 0, start
        while (team := parents.get(team)) is not None:
            steps += 1
            assert steps <= len(parents) + 1


@given(st.integers(0, 2000))
def test_the_delay_grows_to_a_minute_and_never_becomes_a_lock(failures):
    retry = rules.retry_after(failures, NOW)
    if failures < rules.FREE_ATTEMPTS:
        assert retry is None
    else:
        assert timedelta(seconds=1) <= retry - NOW <= timedelta(seconds=60)


def test_delays_are_those_of_the_design():
    delays = [(rules.retry_after(count, NOW) - NOW).seconds for count in range(5, 14)]
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@given(st.sets(st.sampled_from(sorted(rules.ROLES))))
def test_several_roles_give_the_widest_of_each(roles):
    actor = rules.combine(user_id=7, login="x", name="X", roles=roles)
    assert actor.permissions == {right for role in roles for right in rules.ROLES[role].permissions}
    for domain in Domain:
        widest = max((rules.ROLES[role].scopes.get(domain, Scope.NONE) for role in roles), default=Scope.NONE)
        assert actor.scope(domain) is widest
    assert 7 in actor.team_ids


def test_shipped_roles_are_safe():
    rep, admin = rules.ROLES["sales_rep"], rules.ROLES["administrator"]
    assert Permission.CONTACT_EXPORT not in rep.permissions
    assert rep.scopes == {Domain.SALES: Scope.OWN}
    assert not admin.scopes
    assert Permission.CONTACT_READ not in admin.permissions


def test_only_owners_touch_owners():
    admin = rules.combine(user_id=1, login="a", name="A", roles=["administrator"])
    owner = rules.combine(user_id=2, login="o", name="O", roles=["owner"])
    assert not rules.may_manage(admin, ["owner", "sales_rep"])
    assert rules.may_manage(admin, ["sales_rep"])
    assert rules.may_manage(owner, ["owner"])
    assert rules.may_manage(SYSTEM, ["owner"])


def test_a_login_is_known_however_it_is_typed():
    assert rules.login_key(" Chen.Jie ") == rules.login_key("ｃｈｅｎ．ｊｉｅ")
