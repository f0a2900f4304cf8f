"""What a person can and cannot do to a company on a server with plain SQL and their own password."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from crm_desktop.access import rules
from crm_desktop.access.model import User
from crm_desktop.access.rules import ROLES
from crm_desktop.app.server_plan import access_plan
from crm_desktop.contacts.model import Contact
from crm_desktop.db.engine import postgres_url
from crm_desktop.db.row_security import check_login, unprotected_tables
from crm_desktop.db.scope import bind_scope, scoped_classes
from crm_desktop.db.server import ServerLogins, connect_as, prepare_server
from crm_desktop.db.server_roles import Names
from crm_desktop.db.work import Database
from crm_desktop.shared.errors import NotFound, Unavailable
from crm_desktop.shared.permissions import Domain
from tests.db.server_company import NOW, PEOPLE, ServerCompany, found
from tests.postgres import create_database, drop_database

pytestmark = pytest.mark.postgres

DENIED = "42501"
VERIFIER = "SCRAM-SHA-256$4096:YQ==$YQ==:YQ=="
NOT_OWNERS = [login for login in PEOPLE if login != "olga"]


@pytest.fixture(scope="module")
def company(postgres_server: str) -> Iterator[ServerCompany]:
    url = create_database(postgres_server)
    company = found(url)
    yield company
    company.close()
    drop_database(url)


def refused(connection: Connection, statement: str, **values: object) -> str:
    """Run it and return the SQL state it was refused with; fails when it went through."""
    with pytest.raises(DBAPIError) as caught, connection.begin_nested():
        connection.execute(text(statement), values)
    return str(getattr(caught.value.orig, "sqlstate", ""))


def changed(connection: Connection, statement: str, **values: object) -> int:
    """Run it and return how many rows it touched."""
    with connection.begin_nested() as savepoint:
        count = connection.execute(text(statement), values).rowcount
        savepoint.rollback()
    return count


def ids(connection: Connection, statement: str, **values: object) -> set[int]:
    return set(connection.scalars(text(statement), values))


# ---- what is seen equals what the program itself would show


@pytest.mark.parametrize("login", PEOPLE)
def test_the_server_shows_exactly_what_the_program_shows(company: ServerCompany, login: str) -> None:
    with company.admin() as admin, company.attempt(login) as own:
        for mapped in scoped_classes():
            if mapped.__tablename__ == "journal":
                continue
            key = mapped.__table__.primary_key.columns.values()
            by_program = set(admin.execute(select(*key).where(mapped.visible_to(company.actor(login)))))
            by_server = set(own.execute(select(*key)))
            assert by_server == by_program, mapped.__tablename__
    with company.attempt(login) as own, Session(own) as session:
        bind_scope(session, company.actor(login))
        assert set(session.scalars(select(Contact.id))) == ids(own, "select id from crm.contact")


def test_the_data_tells_people_apart(company: ServerCompany) -> None:
    """The property above proves nothing if everybody sees the same."""
    seen = {}
    for login in PEOPLE:
        with company.attempt(login) as own:
            seen[login] = ids(own, "select id from crm.contact")
    assert seen["adi"] == set()
    assert seen["olga"] == seen["abe"]
    assert seen["ann"] < seen["mia"] < seen["olga"]
    assert seen["ann"] != seen["bob"]
    assert seen["cy"] < seen["mia"]
    assert not seen["bob"] <= seen["mia"]
    assert seen["both"] > seen["pat"]


@pytest.mark.parametrize("seed", range(4))
def test_random_moves_keep_the_two_equal(company: ServerCompany, seed: int) -> None:
    chance = random.Random(seed)
    with company.admin() as admin:
        for contact in chance.sample(range(1, 401), 60):
            owner = chance.choice([None, *company.ids.values()])
            side = chance.choice([(True, False), (False, True), (True, True)])
            admin.execute(
                text(
                    "update crm.contact set owner_id = cast(:owner as bigint),"
                    " owner_key = coalesce(cast(:owner as bigint), 0),"
                    " is_customer = :c, is_supplier = :s where id = :id"
                ),
                {"owner": owner, "id": contact, "c": side[0], "s": side[1]},
            )
    with company.admin() as admin:
        for login in PEOPLE:
            with company.attempt(login) as own:
                expected = set(admin.scalars(select(Contact.id).where(Contact.visible_to(company.actor(login)))))
                assert ids(own, "select id from crm.contact") == expected
                found_ids = ids(own, "select contact_id from crm.contact_point")
                assert found_ids == expected


@pytest.mark.parametrize("login", PEOPLE)
def test_children_and_history_follow_their_contact(company: ServerCompany, login: str) -> None:
    with company.attempt(login) as own:
        seen = ids(own, "select id from crm.contact")
        for table in ("contact_point", "contact_address", "contact_search", "attachment"):
            assert ids(own, f"select contact_id from crm.{table}") <= seen
        contents = set(own.scalars(text("select sha256 from crm.attachment_content")))
        assert contents == {f"h{number}" for number in seen if number <= 400}
        history = ids(own, "select contact_id from crm.journal where operation_id like 'seed%'")
        # Whoever looks after the users reads the journal too, but nothing of the business.
        assert history == seen


# ---- attacks by plain SQL


def others_contact(company: ServerCompany, login: str) -> int:
    """A contact that this person does not see."""
    with company.admin() as admin, company.attempt(login) as own:
        everything = ids(admin, "select id from crm.contact")
        return min(everything - ids(own, "select id from crm.contact"))


def own_contact(company: ServerCompany, login: str) -> int:
    with company.attempt(login) as own:
        return min(
            ids(own, "select id from crm.contact where owner_id = :me", me=company.ids[login])
            or ids(own, "select id from crm.contact")
        )


@pytest.mark.parametrize("login", ["ann", "bob", "mia", "pat", "adi"])
def test_other_peoples_contacts_are_out_of_reach(company: ServerCompany, login: str) -> None:
    other = others_contact(company, login)
    with company.attempt(login) as own:
        assert ids(own, "select id from crm.contact where id = :id", id=other) == set()
        if login == "adi":
            assert changed(own, "select 1 from crm.contact") == 0
            assert refused(own, "update crm.contact set name = 'x' where id = :id", id=other) == DENIED
            assert refused(own, "delete from crm.contact where id = :id", id=other) == DENIED
        else:
            assert changed(own, "update crm.contact set name = 'x' where id = :id", id=other) == 0
            assert changed(own, "update crm.contact_point set value = 'x' where contact_id = :id", id=other) == 0
            assert changed(own, "delete from crm.contact_point where contact_id = :id", id=other) == 0


NEW_CONTACT = (
    "insert into crm.contact (kind, name, short_name, status, is_customer, is_supplier, owner_id, owner_key,"
    " registration_number, level, source, industry, language, website, notes, main_phone, main_email, main_city,"
    " custom, sort_key, name_key, registration_key, created_at, updated_at, version) values ('person', 'n', '',"
    " 'prospect', :c, :s, cast(:owner as bigint), coalesce(cast(:owner as bigint), 0),"
    " '', '', '', '', '', '', '', '', '', '', '{}', '', '', '',"
    " now(), now(), 1) returning id"
)


def test_nobody_makes_contacts_for_others_or_across_the_wall(company: ServerCompany) -> None:
    me, bob = company.ids["ann"], company.ids["bob"]
    with company.attempt("ann") as own:
        assert refused(own, NEW_CONTACT, c=True, s=False, owner=bob) == DENIED
        assert refused(own, NEW_CONTACT, c=False, s=True, owner=me) == DENIED
        assert changed(own, NEW_CONTACT, c=True, s=False, owner=me) == 1
        assert changed(own, NEW_CONTACT, c=True, s=False, owner=None) == 1
    with company.attempt("pat") as own:
        assert refused(own, NEW_CONTACT, c=True, s=False, owner=company.ids["pat"]) == DENIED
    with company.attempt("adi") as own:
        assert refused(own, NEW_CONTACT, c=True, s=False, owner=company.ids["adi"]) == DENIED


GIVE = (
    "update crm.contact set owner_id = cast(:to as bigint), owner_key = coalesce(cast(:to as bigint), 0) where id = :id"
)


def test_handing_over_needs_the_right(company: ServerCompany) -> None:
    with company.attempt("ann") as own:
        mine = own_contact(company, "ann")
        assert refused(own, GIVE, to=company.ids["bob"], id=mine) == DENIED
        assert refused(own, GIVE, to=company.ids["mia"], id=mine) == DENIED
        assert changed(own, GIVE, to=None, id=mine) == 1, "releasing into the pool"
        (pooled, *_) = ids(own, "select id from crm.contact where owner_id is null")
        assert changed(own, GIVE, to=company.ids["ann"], id=pooled) == 1, "claiming from the pool"
    with company.attempt("abe") as own:
        assert refused(own, GIVE, to=company.ids["bob"], id=mine) == DENIED, "accountants hand nothing over"
    with company.attempt("mia") as own:
        assert changed(own, GIVE, to=company.ids["cy"], id=own_contact(company, "ann")) == 1


def test_a_child_row_cannot_be_hung_on_a_contact_one_does_not_see(company: ServerCompany) -> None:
    point = (
        "insert into crm.contact_point (contact_id, kind, value, key, note, position)"
        " values (:id, 'phone', '1', '1', '', 0)"
    )
    for login in ("ann", "mia", "pat"):
        other, mine = others_contact(company, login), own_contact(company, login)
        with company.attempt(login) as own:
            absent = refused(own, point, id=10**9)
            assert refused(own, point, id=other) == absent == DENIED, "no telling whether it exists"
            assert changed(own, point, id=mine) == 1
            move = "update crm.contact_point set contact_id = :other where contact_id = :mine"
            assert refused(own, move, other=other, mine=mine) == DENIED
            link = "insert into crm.contact_link (person_id, company_id, role, position) values (:a, :b, '', 0)"
            assert refused(own, link, a=mine, b=other) == DENIED


@pytest.mark.parametrize("login", PEOPLE)
def test_the_journal_is_append_only_and_signed(company: ServerCompany, login: str) -> None:
    entry = (
        "insert into crm.journal (operation_id, at, actor_id, actor_name, entity, action, before, after, origin)"
        " values ('forged', now(), :actor, 'Somebody else', 'x', 'create', '{}', '{}', '') returning actor_name"
    )
    someone = company.ids["bob" if login != "bob" else "ann"]
    with company.attempt(login) as own:
        assert refused(own, entry, actor=someone) == DENIED
        assert refused(own, entry, actor=None) == DENIED
        assert refused(own, "update crm.journal set action = 'x'") == DENIED
        assert refused(own, "delete from crm.journal") == DENIED
        assert own.scalar(text(entry), {"actor": company.ids[login]}) == login.title(), "signed with one's own name"


@pytest.mark.parametrize("login", NOT_OWNERS)
@pytest.mark.parametrize(
    "statement",
    [
        "truncate crm.contact",
        "truncate crm.journal",
        "drop policy select_sales_own on crm.contact",
        "alter table crm.contact disable row level security",
        "alter table crm.contact no force row level security",
        "drop table crm.tag",
        "drop trigger keep_owner on crm.contact",
        "alter function crm.me() reset all",
        "create table crm.mine (id int)",
        "create table public.mine (id int)",
        "create function crm.f() returns int language sql as 'select 1'",
        "create function public.f() returns int language sql as 'select 1'",
        "create temporary table app_user (id bigint, database_role text, active boolean)",
        "create schema mine",
        "create role mine",
        "set role postgres",
        "set session authorization postgres",
        "alter role current_user createrole",
        "alter role current_user bypassrls",
        "alter role current_user superuser",
        "select pg_read_file('/etc/passwd')",
        "copy crm.tag to program 'true'",
        "copy crm.tag to '/tmp/x'",
        "select * from pg_authid",
        "select crm.groups_of(array['owner'])",
        "select crm.check_receiver(1)",
        "select crm.reached_contacts()",
        "select crm.end_sessions('x')",
        "comment on table crm.contact is 'x'",
        "insert into crm.company select * from crm.company",
    ],
)
def test_structure_and_server_are_out_of_reach(company: ServerCompany, login: str, statement: str) -> None:
    with company.attempt(login) as own:
        state = refused(own, statement)
    expected = {"set role postgres": "22023", "set session authorization postgres": "22023"}
    assert state in {DENIED, expected.get(statement, DENIED)}


@pytest.mark.parametrize("login", ["ann", "mia", "adi"])
def test_no_keeper_or_other_person_can_be_become(company: ServerCompany, login: str) -> None:
    names = Names.of(company.url.rsplit("/", 1)[1])
    targets = [*names.keepers(), company.role("olga"), names.role("owner"), "pg_execute_server_program"]
    with company.attempt(login) as own:
        for target in targets:
            assert refused(own, f'set role "{target}"') == DENIED
            assert refused(own, f'grant "{target}" to current_user') == DENIED


def test_row_security_off_raises_instead_of_showing(company: ServerCompany) -> None:
    with company.attempt("ann") as own:
        own.execute(text("set local row_security = off"))
        assert refused(own, "select count(*) from crm.contact") == DENIED


def test_a_narrower_role_does_not_stick(company: ServerCompany) -> None:
    """SET ROLE to one's own group changes no scope, since scope asks who logged in."""
    names = Names.of(company.url.rsplit("/", 1)[1])
    with company.attempt("ann") as own:
        before = ids(own, "select id from crm.contact")
        own.execute(text(f'set local role "{names.everybody}"'))
        assert ids(own, "select id from crm.contact") == set()
        own.execute(text("reset role"))
        assert ids(own, "select id from crm.contact") == before


@pytest.mark.parametrize("login", ["ann", "bob", "mia", "pat"])
def test_a_leaky_function_learns_nothing(company: ServerCompany, login: str) -> None:
    """The classic: a cheap function that raises with the value, run before the policy."""
    with company.attempt(login) as own:
        seen = {f"Contact {number}" for number in ids(own, "select id from crm.contact")}
        other = others_contact(company, login)
        # Divides by zero the moment it meets the row that is not one's own.
        ids(own, "select id from crm.contact where 1 / (id - :id) > 0", id=other)
        ids(own, "select contact_id from crm.contact_point where 1 / (contact_id - :id) > 0", id=other)
        stats = own.execute(text("select count(*) from pg_stats where schemaname = 'crm' and tablename = 'contact'"))
        assert stats.scalar() == 0, "planner statistics of a table with row security are hidden"
        assert set(own.scalars(text("select name from crm.contact"))) <= seen


@pytest.mark.parametrize("login", ["ann", "mia", "abe", "pat"])
def test_only_who_looks_after_users_changes_people(company: ServerCompany, login: str) -> None:
    me = company.ids[login]
    with company.attempt(login) as own:
        assert refused(own, "insert into crm.user_role values (:me, 'sales_manager')", me=me) == DENIED
        assert refused(own, "delete from crm.user_role where user_id <> :me", me=me) == DENIED
        assert refused(own, "update crm.app_user set team_id = 1 where id = :me", me=me) == DENIED
        assert refused(own, "update crm.app_user set database_role = 'x' where id = :me", me=me) == DENIED
        assert refused(own, "update crm.team set manager_id = :me", me=me) == DENIED
        assert changed(own, "update crm.app_user set language = 'en'") == 1, "one's own row only"
        assert set(own.execute(text("select password, recovery from crm.app_user"))) == {("", "")}
        mine, other = company.role(login), company.role("bob")
        assert refused(own, "select crm.set_roles(:r, array['owner'])", r=mine) == DENIED
        assert refused(own, "select crm.set_roles(:r, array['sales_rep'])", r=mine) == DENIED
        assert refused(own, "select crm.set_password(:r, :v)", r=other, v=VERIFIER) == DENIED
        assert refused(own, "select crm.disable_login(:r)", r=other) == DENIED
        assert refused(own, "select crm.create_login(:r, :v)", r=other, v=VERIFIER) == DENIED


def test_an_administrator_cannot_become_an_owner(company: ServerCompany) -> None:
    mine, owner = company.role("adi"), company.role("olga")
    with company.attempt("adi") as own:
        assert refused(own, "select crm.set_roles(:r, array['owner'])", r=mine) == DENIED
        assert refused(own, "select crm.set_roles(:r, array['sales_rep'])", r=mine) == DENIED, "nor widen themselves"
        assert refused(own, "select crm.set_roles(:r, array['owner'])", r=company.role("ann")) == DENIED
        assert refused(own, "select crm.set_roles(:r, array[]::text[])", r=owner) == DENIED
        assert refused(own, "select crm.set_password(:r, :v)", r=owner, v=VERIFIER) == DENIED
        assert refused(own, "select crm.disable_login(:r)", r=owner) == DENIED
        assert refused(own, "select crm.rename_login(:r, :n)", r=owner, n=owner[:-4] + "0000") == DENIED
        assert refused(own, "select crm.create_login('postgres', :v)", v=VERIFIER) == DENIED
        assert refused(own, "select crm.set_roles('postgres', array['sales_rep'])") == DENIED
        assert refused(own, "select crm.set_password(:r, 'plain')", r=company.role("ann")) == DENIED
        swap = "update crm.app_user set database_role = :r where login = 'olga'"
        assert refused(own, swap, r=mine) == DENIED, "nor pass for one"
        given = "insert into crm.user_role values (:me, 'owner')"
        assert refused(own, given, me=company.ids["adi"]) == DENIED
        assert changed(own, "delete from crm.user_role where role = 'owner'") == 0


# ---- functions that reach past the scope


def test_duplicates_say_that_and_whose_but_nothing_else(company: ServerCompany) -> None:
    other = others_contact(company, "ann")
    ask = text("select * from crm.duplicate_candidates(:names, :points, :numbers)")
    with company.attempt("ann") as own:
        rows = own.execute(
            ask, {"names": [f"contact{other}"], "points": [f"+86138{other:08d}"], "numbers": [f"R{other}"]}
        ).all()
        assert {row.matched for row in rows} == {"name", "point", "registration"}
        assert {row.contact_id for row in rows} == {other}
        assert set(rows[0]._fields) == {"contact_id", "owner_id", "matched"}
        assert own.execute(ask, {"names": [""], "points": [""], "numbers": [""]}).all() == []
    with company.attempt("adi") as own:
        assert refused(own, "select * from crm.duplicate_candidates('{x}', '{}', '{}')") == DENIED


def test_what_changed_elsewhere_is_told_without_contents(company: ServerCompany) -> None:
    with company.attempt("ann") as own:
        rows = own.execute(text("select * from crm.journal_since(0)")).all()
        assert len(rows) >= 400
        assert set(rows[0]._fields) == {"id", "entity", "entity_id", "origin"}
        last = rows[-1].id
        assert own.scalar(text("select crm.journal_head()")) == last
        assert own.execute(text("select * from crm.journal_since(:last)"), {"last": last}).all() == []


def test_no_entry_is_missed_by_remembering_the_last_number(company: ServerCompany) -> None:
    """Numbers are drawn before commit; a second writer waits, or 2 could be seen before 1."""
    entry = text(
        "insert into crm.journal (operation_id, at, actor_id, actor_name, entity, action, before, after, origin)"
        " values ('order', now(), :me, '', :entity, 'create', '{}', '{}', '') returning id"
    )
    with company.engine("olga").connect() as slow, company.engine("abe").connect() as fast:
        first = slow.scalar(entry, {"me": company.ids["olga"], "entity": "first"})
        fast.execute(text("set local lock_timeout = '100ms'"))
        with pytest.raises(DBAPIError, match="lock timeout"), fast.begin_nested():
            fast.execute(entry, {"me": company.ids["abe"], "entity": "second"})
        slow.commit()
        assert fast.scalar(entry, {"me": company.ids["abe"], "entity": "second"}) == first + 1, "drawn afterwards"
        fast.commit()
    with company.attempt("ann") as reader:
        since = text("select entity from crm.journal_since(:last)")
        assert reader.scalars(since, {"last": first - 1}).all() == ["first", "second"]


def search(connection: Connection, *grams: str, contains: str = "", most: int = 2000) -> set[int]:
    terms = json.dumps([[{"grams": [gram], "contains": contains}] for gram in grams])
    return ids(connection, "select crm.search_contacts(cast(:t as jsonb), :most)", t=terms, most=most)


@pytest.mark.parametrize("login", PEOPLE)
def test_search_finds_within_the_scope_only(company: ServerCompany, login: str) -> None:
    with company.attempt(login) as own:
        if login == "adi":
            assert refused(own, "select crm.search_contacts('[]', 10)") == DENIED
            return
        seen = ids(own, "select id from crm.contact")
        assert search(own, "华新") == {number for number in seen if number % 3 == 0}
        assert search(own, "华新", "012") == {number for number in seen if number % 3 == 0 and "012" in f"{number:06d}"}
        assert search(own, "^co", contains="contact 12") == {
            number for number in seen if f"contact {number}".startswith("contact 12")
        }
        assert len(search(own, "^co", most=5)) == 5
        hostile = "x') or true --"
        assert search(own, hostile) == set()
        assert search(own, "^co", contains=hostile) == set()


def test_search_uses_the_index(postgres_url: str) -> None:
    company = found(postgres_url, 4_000, {"olga": ("owner",), "ann": ("sales_rep",)})
    with company.admin() as admin:
        # What autovacuum does after a big import; until then new grams wait in an unsorted list.
        admin.execute(text("select gin_clean_pending_list('crm.ix_contact_search_grams')"))
        admin.execute(text("analyze crm.contact"))
        admin.execute(text("analyze crm.contact_search"))
        admin.execute(text("select pg_stat_reset()"))
    with company.attempt("ann") as own:
        assert search(own, "019", "199")
    company.close()
    with company.admin() as admin:
        admin.execute(text("select pg_stat_clear_snapshot()"))
        scans = admin.scalar(
            text("select idx_scan from pg_stat_user_indexes where indexrelname = 'ix_contact_search_grams'")
        )
        whole = admin.scalar(text("select seq_scan from pg_stat_user_tables where relname = 'contact_search'"))
    assert (scans, whole) == (1, 0)


# ---- handing over past the scope


def test_hand_over_moves_out_of_sight_only_with_the_right(company: ServerCompany) -> None:
    mine, other = own_contact(company, "ann"), others_contact(company, "mia")
    move = text("select * from crm.hand_over(:ids, :to, cast(:at as timestamp))")
    values = {"to": company.ids["bob"], "at": NOW.replace(tzinfo=None)}
    with company.attempt("mia") as own:
        moved = own.execute(move, values | {"ids": [mine, other]}).all()
        assert [row.contact_id for row in moved] == [mine], "only what the giver reaches"
        assert moved[0].old_owner_id == company.ids["ann"]
        assert ids(own, "select id from crm.contact where id = :id", id=mine) == set()
    with company.attempt("ann") as own:
        assert refused(own, "select crm.hand_over('{1}', 1, now()::timestamp)") == DENIED
        assert refused(own, "select crm.hand_over_all(1, 2, now()::timestamp)") == DENIED


def test_a_leavers_contacts_move_though_the_administrator_sees_none(company: ServerCompany) -> None:
    cy = company.ids["cy"]
    with company.admin() as admin:
        theirs = ids(admin, "select id from crm.contact where owner_id = :cy", cy=cy)
    with company.attempt("adi") as own:
        moved = ids(own, "select contact_id from crm.hand_over_all(:cy, null, now()::timestamp)", cy=cy)
        assert moved == theirs
        assert refused(own, "select crm.hand_over_all(:cy, 10000, now()::timestamp)", cy=cy) == DENIED


# ---- people come, change and go


def test_managing_people_without_any_strong_login(postgres_url: str) -> None:
    company = found(postgres_url, 50)
    logins = ServerLogins(rules.login_key)
    database = Database(company.engine("adi"))
    with database.begin(company.actor("adi")) as work:
        role = logins.create_login(work, "Zoë", "first password")
        work.session.add(
            User(login="Zoë", login_key=rules.login_key("Zoë"), name="Z", created_at=NOW, database_role=role)
        )
        work.session.flush()
        logins.set_roles(work, role, 0, ["accountant"])
    zoe = connect_as(postgres_url_of(company), rules.login_key("Zoë"), "first password")
    with zoe.connect() as connection:
        check_login(connection)
        for _ in range(8):  # psycopg prepares a statement it has seen often
            everything = ids(connection, "select id from crm.contact")
            connection.rollback()
        assert len(everything) == 50
        with database.begin(company.actor("adi")) as work:
            logins.set_roles(work, role, 0, ["sales_rep"])
        with pytest.raises(DBAPIError):
            ids(connection, "select id from crm.contact")
    with zoe.connect() as connection:
        assert 0 < len(ids(connection, "select id from crm.contact")) < 50
        with database.begin(company.actor("adi")) as work:
            logins.disable(work, role)
        with pytest.raises(DBAPIError):
            connection.execute(text("select 1"))
    with pytest.raises(OperationalError):
        zoe.connect()
    with database.begin(company.actor("adi")) as work:
        logins.enable(work, role)
        logins.set_password(work, role, "second password")
    zoe.dispose()
    zoe = connect_as(postgres_url_of(company), rules.login_key("Zoë"), "second password")
    with zoe.begin() as connection:
        connection.execute(text("update crm.app_user set language = 'en' where login = 'Zoë'"))
    zoe.dispose()
    company.close()


def postgres_url_of(company: ServerCompany):  # type: ignore[no-untyped-def]
    return postgres_url(company.url)


def test_a_person_made_inactive_sees_nothing_from_then_on(company: ServerCompany) -> None:
    with company.engine("abe").connect() as own:
        for _ in range(8):
            assert own.scalar(text("select count(*) from crm.contact"))
            own.commit()
        with company.admin() as admin:
            admin.execute(text("update crm.app_user set active = false where login = 'abe'"))
        assert own.scalar(text("select count(*) from crm.contact")) == 0
        assert own.scalar(text("select count(*) from crm.contact_point")) == 0
        own.rollback()
        with company.admin() as admin:
            admin.execute(text("update crm.app_user set active = true where login = 'abe'"))


def test_a_new_login_name_takes_the_login_role_along(company: ServerCompany) -> None:
    with company.attempt("adi") as own:
        key = rules.login_key("ann.smith")
        rename = (
            "update crm.app_user set login = 'ann.smith', login_key = :k where login = 'ann' returning database_role"
        )
        names = Names.of(company.url.rsplit("/", 1)[1])
        assert own.scalar(text(rename), {"k": key}) == names.person(key)


def test_saving_through_the_program(company: ServerCompany) -> None:
    mine, other = own_contact(company, "ann"), others_contact(company, "ann")
    database = Database(company.engine("ann"))
    with database.begin(company.actor("ann"), operation_id="saved-by-ann") as work:
        work.get(Contact, mine, None).notes = "called"
    assert database.arrived("saved-by-ann")
    with pytest.raises(NotFound), database.begin(company.actor("ann")) as work:
        work.get(Contact, other)


# ---- start-up check and preparation


def test_every_table_is_protected_and_a_gap_closes_the_program(postgres_url: str) -> None:
    company = found(postgres_url, 10, {"olga": ("owner",)})
    with company.admin() as admin:
        assert unprotected_tables(admin) == []
        admin.execute(text("create table crm.forgotten (id int)"))
        admin.execute(text("create table crm.empty (id int)"))
        admin.execute(text("alter table crm.empty enable row level security"))
        admin.execute(text("create view crm.peep as select * from crm.contact"))
        assert unprotected_tables(admin) == ["empty", "forgotten", "peep"]
    with company.attempt("olga") as own, pytest.raises(Unavailable, match="forgotten"):
        check_login(own)
    company.close()


def test_strong_logins_are_not_let_in(company: ServerCompany) -> None:
    for login in PEOPLE:
        with company.attempt(login) as own:
            check_login(own)
    with company.admin() as admin, pytest.raises(Unavailable):
        check_login(admin)


def test_preparing_again_changes_nothing(company: ServerCompany) -> None:
    prefix = Names.of(company.url.rsplit("/", 1)[1]).prefix
    queries = (
        "select * from pg_policies where schemaname = 'crm' order by tablename, policyname",
        "select relname, relacl::text from pg_class where relnamespace = 'crm'::regnamespace order by 1",
        "select oid::regprocedure::text, proacl::text, prosrc from pg_proc"
        " where pronamespace = 'crm'::regnamespace order by 1",
        "select g.rolname::text, g.rolinherit, m.rolname::text from pg_auth_members a"
        " join pg_roles g on g.oid = a.roleid join pg_roles m on m.oid = a.member"
        f" where starts_with(g.rolname, '{prefix}') order by 1, 3",
    )

    def state() -> object:
        with company.admin() as admin:
            return [admin.execute(text(query)).all() for query in queries]

    before = state()
    with company.admin() as admin:
        prepare_server(admin, access_plan())
    assert state() == before


def test_a_database_owner_who_may_create_roles_is_enough(postgres_server: str) -> None:
    """A hosted server gives no superuser."""
    name = "hosted_crm"
    url = create_database(postgres_server, name)
    admin = create_engine(postgres_url(url))
    with admin.begin() as connection:
        connection.execute(text("create role landlord login createrole password 'rent'"))
        connection.execute(text(f"alter database {name} owner to landlord"))
    admin.dispose()
    weaker = postgres_url(url).set(username="landlord", password="rent").render_as_string(hide_password=False)
    company = found(weaker.replace("postgresql+psycopg", "postgresql"), 20, {"olga": ("owner",), "ann": ("sales_rep",)})
    with company.attempt("ann") as own:
        assert 0 < len(ids(own, "select id from crm.contact")) < 20
    company.close()
    drop_database(url)


def test_the_program_and_the_server_give_a_role_the_same_groups(company: ServerCompany) -> None:
    """Two places work out what several roles give together; they must not drift."""
    names = Names.of(company.url.rsplit("/", 1)[1])
    plan = access_plan()
    everything = [[role] for role in ROLES] + [["sales_rep", "purchaser"], ["sales_rep", "sales_manager"], list(ROLES)]
    with company.admin() as admin:
        for roles in everything:
            by_server = set(admin.scalar(select(func.crm.groups_of(roles))))
            actor = rules.combine(user_id=1, login="", name="", roles=roles)
            expected = {names.everybody} | {names.role(role) for role in roles}
            expected |= {names.holders(permission) for permission in actor.permissions}
            expected |= {
                names.reach(permission, domain, actor.scope(domain))
                for permission in actor.permissions & plan.scoped
                for domain in Domain
                if actor.scope(domain)
            }
            assert by_server == expected
