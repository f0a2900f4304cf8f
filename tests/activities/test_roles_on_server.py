"""Every role with its own server login and plain SQL, at what people say to customers, plan, sell and lose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm_desktop.access.company import today
from crm_desktop.activities import kinds, service
from crm_desktop.activities.pool import claims, settings
from crm_desktop.activities.pool.claims import PoolGate
from crm_desktop.pipeline import service as pipeline
from tests.activities.above_contacts import activities_above
from tests.activities.test_on_server import begin, new_contact
from tests.db.server_company import ServerCompany, found
from tests.postgres import create_database, drop_database

pytestmark = pytest.mark.postgres


class Rows(NamedTuple):
    """What one rep has: a customer with a talk, a plan that reminds, a chance and a lock."""

    contact: int
    said: int
    plan: int
    chance: int


class Setting(NamedTuple):
    company: ServerCompany
    ann: Rows
    bob: Rows


def furnished(company: ServerCompany, login: str) -> Rows:
    contact = new_contact(company, login, f"Mills of {login}")
    with begin(company, login) as work:
        call = kinds.kinds(work)[0].id
        step = {"kind_id": call, "subject": "Secret", "due_on": today(work) + timedelta(days=1), "remind_minutes": 0}
        logged = service.log(work, contact, {"kind_id": call, "notes": "Secret", "next": step})
        chance = pipeline.create(work, contact, {"name": "Secret", "amount": 100})
        claims.lock(work, contact)
        PoolGate().released(work, [(contact, company.ids[login])])
    assert logged.next_id is not None
    return Rows(contact, logged.id, logged.next_id, chance)


@pytest.fixture(scope="module")
def setting(postgres_server: str) -> Iterator[Setting]:
    url = create_database(postgres_server)
    company = found(url, contacts=10)
    with activities_above():
        with begin(company, "olga") as work:
            settings.save_rules(work, settings.get_rules(work).version, {"lock_limit": 5})
        yield Setting(company, furnished(company, "ann"), furnished(company, "bob"))
    company.close()
    drop_database(url)


def names(setting: Setting) -> dict[str, Any]:
    mine, theirs = setting.bob._asdict(), setting.ann._asdict()
    ids = {f"user_{login}": id_ for login, id_ in setting.company.ids.items()}
    return {**{f"my_{name}": id_ for name, id_ in mine.items()}, **theirs, **ids}


READS = {
    "activity": "select count(*) from crm.activity where contact_id = :contact",
    "activity_reminder": "select count(*) from crm.activity_reminder where activity_id = :plan",
    "opportunity": "select count(*) from crm.opportunity where contact_id = :contact",
    "pool_lock": "select count(*) from crm.pool_lock where contact_id = :contact",
    "pool_release": "select count(*) from crm.pool_release where contact_id = :contact",
    "journal of talks": "select count(*) from crm.journal where entity = 'activity' and contact_id = :contact",
    "journal of chances": "select count(*) from crm.journal where entity = 'opportunity' and contact_id = :contact",
    "what is said there": """select count(*) from crm.journal
        where contact_id = :contact and after::text like '%Secret%'""",
}


@pytest.mark.parametrize("login", ["bob", "pat", "adi"])
@pytest.mark.parametrize("what", READS)
def test_who_does_not_reach_the_customer_reads_nothing_of_it(setting: Setting, login: str, what: str) -> None:
    with setting.company.attempt(login) as connection:
        assert connection.scalar(text(READS[what]), names(setting)) == 0


@pytest.mark.parametrize("login", ["ann", "mia", "olga"])
@pytest.mark.parametrize("what", READS)
def test_who_reaches_it_reads_it(setting: Setting, login: str, what: str) -> None:
    with setting.company.attempt(login) as connection:
        assert connection.scalar(text(READS[what]), names(setting)), "or the test above proves nothing"


NEW_ACTIVITY = """insert into crm.activity (contact_id, owner_key, contact_sort, side, kind_id, state, subject, notes,
    author, priority, due_time, due_sort, at_sort, taken_over, created_at, updated_at, version)
    select {contact}, {owner}, c.contact_sort, 'sales', c.kind_id, 'planned', 'x', '', '', 1, '', c.due_sort, c.at_sort,
    false, now(), now(), 1 from crm.activity c where c.id = :my_said"""
OF_BOB = {
    "read over a shoulder": "update crm.activity set notes = 'x' where id = :said returning notes",
    "take a talk": "update crm.activity set contact_id = :my_contact, owner_key = :user_bob where id = :said",
    "delete a talk": "delete from crm.activity where id = :said",
    "delete one's own talk": "delete from crm.activity where id = :my_said",
    "plant a talk": NEW_ACTIVITY.format(contact=":contact", owner=":user_ann"),
    "plant a talk as one's own": NEW_ACTIVITY.format(contact=":contact", owner=":user_bob"),
    "move one's talk there": "update crm.activity set contact_id = :contact where id = :my_said",
    "move one's talk there, owner and all":
        "update crm.activity set contact_id = :contact, owner_key = :user_ann where id = :my_said",
    "see when they are reminded":
        "update crm.activity_reminder set minutes = 1 where activity_id = :plan returning remind_at",
    "wave a reminder away": "update crm.activity_reminder set dismissed_at = now() where activity_id = :plan",
    "delete a reminder": "delete from crm.activity_reminder where activity_id = :plan",
    "be reminded of their talk": """insert into crm.activity_reminder (activity_id, user_id, minutes, remind_at,
        shown_by) values (:said, :user_bob, 0, now(), '')""",
    "hang one's reminder on their talk":
        "update crm.activity_reminder set activity_id = :said where activity_id = :my_plan",
    "win their chance": "update crm.opportunity set state = 'won', closed_on = current_date where id = :chance",
    "move one's chance there":
        "update crm.opportunity set contact_id = :contact, owner_key = :user_ann where id = :my_chance",
    "take a chance": "update crm.opportunity set contact_id = :my_contact, owner_key = :user_bob where id = :chance",
    "delete one's chance": "delete from crm.opportunity where id = :my_chance",
    "unlock their customer": "delete from crm.pool_lock where contact_id = :contact",
    "lock for ever": "update crm.pool_lock set locked_at = now() where contact_id = :my_contact",
    "forget what one lost": "delete from crm.pool_release where contact_id = :my_contact",
    "claim it was long ago": "update crm.pool_release set released_at = now() - interval '1 year'",
    "soften the rules": "update crm.pool_rules set active = false",
    "make other stages": "update crm.pipeline_stage set probability = 100",
    "make other reasons": "delete from crm.lost_reason",
    "make other kinds": "update crm.activity_kind set is_contact = true",
    "make other results": "delete from crm.activity_result",
    "count another's plans": "select crm.count_planned_activities(:user_ann)",
    "count another's chances": "select crm.count_open_opportunities(:user_ann)",
    "take a leaver's plans": "select * from crm.hand_over_activities(:user_ann, :user_bob, now()::timestamp)",
    "take a leaver's chances": "select * from crm.hand_over_opportunities(:user_ann, :user_bob, now()::timestamp)",
    "take plans": "select * from crm.give_plans(array[:contact]::bigint[], :user_ann, :user_bob, now()::timestamp)",
}  # fmt: skip


@pytest.mark.parametrize("what", OF_BOB)
def test_a_colleague_changes_nothing_of_it(setting: Setting, what: str) -> None:
    refused_or_nothing(setting, "bob", OF_BOB[what])


@pytest.mark.parametrize("login", ["pat", "adi"])
@pytest.mark.parametrize("what", [name for name in OF_BOB if name.split()[0] not in ("count", "take")])
def test_purchasing_and_the_administrator_change_nothing_of_sales(setting: Setting, login: str, what: str) -> None:
    if login == "adi" and what.startswith(("make", "soften")):
        return
    refused_or_nothing(setting, login, OF_BOB[what])


def refused_or_nothing(setting: Setting, login: str, asked: str) -> None:
    refused = None
    with setting.company.attempt(login) as connection:
        try:
            done = connection.execute(text(asked), names(setting))
            assert (done.fetchall() if done.returns_rows else done.rowcount) in ([], 0)
        except DBAPIError as error:
            refused = getattr(error.orig, "sqlstate", "")
    # The policies, or that what hangs on a contact names its owner.
    assert refused in (None, "42501", "23503")
