"""What somebody tries with their own server login beside the program: other people's plans and pool customers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm_desktop.access.company import today
from crm_desktop.activities import above, kinds, service
from crm_desktop.activities.pool import claims, falling, running, settings
from crm_desktop.contacts import handover
from crm_desktop.contacts.model import Contact
from crm_desktop.orders.holding import OrdersOfCustomers
from crm_desktop.receivables.holding import DebtsOfCustomers
from crm_desktop.shared.errors import NotAllowed
from tests.activities.above_contacts import activities_above
from tests.activities.test_on_server import begin, new_contact, plan
from tests.db.server_company import ServerCompany

pytestmark = pytest.mark.postgres


@pytest.fixture
def company(company: ServerCompany) -> Iterator[ServerCompany]:
    sources, holds = above.sources(), above.holds()
    above.attach(sources=sources, holds=(OrdersOfCustomers(), DebtsOfCustomers()))
    with activities_above():
        yield company
    above.attach(sources=sources, holds=holds)


def test_nobody_moves_the_plans_of_customers_out_of_reach(company: ServerCompany) -> None:
    mills = new_contact(company, "ann", "Mills")
    plan(company, "mia", mills)
    asked = "select * from crm.give_plans(array[:contact]::bigint[], :mia, :ann, now()::timestamp)"
    values = {"contact": mills, "mia": company.ids["mia"], "ann": company.ids["ann"]}
    with company.attempt("bob") as connection:
        assert list(connection.execute(text(asked), values)) == []


@pytest.mark.parametrize(
    "forged",
    [
        "insert into crm.pool_release (contact_id, user_id, released_at, reason)"
        " values (:contact, :other, now(), 'hand')",
        "insert into crm.pool_lock (contact_id, user_id, locked_at) values (:contact, :other, now())",
        "insert into crm.pool_lock (contact_id, user_id, locked_at) values (:contact, :me, now())",
    ],
)
def test_nobody_forges_what_happened_to_a_pool_customer(company: ServerCompany, forged: str) -> None:
    free = new_contact(company, "ann", "Free")
    with begin(company, "ann") as work:
        handover.release(work, [free])
    with company.attempt("bob") as connection, pytest.raises(DBAPIError, match="row-level security"):
        connection.execute(text(forged), {"contact": free, "other": company.ids["cy"], "me": company.ids["bob"]})


def test_the_pool_run_and_the_lock_on_a_server(company: ServerCompany) -> None:
    made = {login: new_contact(company, login, f"Mills of {login}") for login in ("ann", "cy", "bob")}
    kept = new_contact(company, "ann", "Locked")
    with begin(company, "olga") as work:
        rules = {"active": True, "contact_days": 30, "lock_limit": 1, "warn_days": 1}
        settings.save_rules(work, settings.get_rules(work).version, rules)
        long_ago = work.now - timedelta(days=100)
    with company.admin() as connection:
        connection.execute(text("update crm.pool_rules set from_on = current_date - 1"))
        ids = [*made.values(), kept]
        connection.execute(
            text("update crm.contact set owned_since = :at where id = any(:ids)"),
            {"at": long_ago.replace(tzinfo=None), "ids": ids},
        )
    with begin(company, "ann") as work:
        claims.lock(work, kept)
    for login in ("ann", "abe", "pat"):
        with begin(company, login) as work, pytest.raises(NotAllowed):
            running.run(work)
    with begin(company, "mia") as work:
        assert {one.contact_id for one in falling.due(work)} == {made["ann"], made["cy"]}
        assert running.run(work).released == 2
        assert running.run(work).released == 0
    with begin(company, "olga") as work:
        handover.assign(work, [kept], company.ids["cy"])
        assert not claims.is_locked(work, kept)
        handover.assign(work, [kept], company.ids["ann"])
    with begin(company, "mia") as work:
        handover.assign(work, [kept], company.ids["cy"])
    with begin(company, "cy") as work:
        claims.lock(work, kept)
        assert claims.is_locked(work, kept)
        claims.unlock(work, kept)
        assert not claims.is_locked(work, kept)
    with begin(company, "olga") as work:
        assert running.run(work).released >= 1
        assert settings.get_rules(work).run_on == today(work)
        assert {work.get(Contact, id_).owner_id for id_ in made.values()} == {None}
        assert work.get(Contact, kept).owner_id == company.ids["cy"]


def test_who_calls_while_the_run_decides_keeps_the_customer(company: ServerCompany) -> None:
    mills = new_contact(company, "ann", "Mills")
    with begin(company, "olga") as work:
        settings.save_rules(work, settings.get_rules(work).version, {"active": True, "contact_days": 30})
    with company.admin() as connection:
        connection.execute(text("update crm.pool_rules set from_on = current_date - 1"))
        connection.execute(
            text("update crm.contact set owned_since = now() - interval '100 days' where id = :id"), {"id": mills}
        )
    with ThreadPoolExecutor(1) as pool:
        with begin(company, "ann") as work:
            service.log(work, mills, {"kind_id": kinds.kinds(work)[0].id, "notes": "I am on it"})
            run = pool.submit(_run, company)
            _wait_for_a_lock(company)
        assert run.result(20).released == 0
    with begin(company, "ann") as work:
        assert work.get(Contact, mills).owner_id == company.ids["ann"]


def _run(company: ServerCompany) -> running.Ran:
    with begin(company, "mia") as work:
        return running.run(work)


def _wait_for_a_lock(company: ServerCompany) -> None:
    until = monotonic() + 15
    waits = text("select count(*) from pg_locks where not granted")
    while monotonic() < until:
        with company.admin() as connection:
            if connection.scalar(waits):
                return
    raise AssertionError("the run did not wait for who is just calling")
