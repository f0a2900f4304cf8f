"""Customers nobody cares for go back to the public pool, on the day they were warned of; nobody else does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from crm_desktop.activities import above
from crm_desktop.activities.model import PoolRelease
from crm_desktop.activities.pool import claims, falling, running, settings, witness
from crm_desktop.activities.pool.claims import NotNow, PoolGate
from crm_desktop.activities.pool.deciding import CONTACT, DEAL, HAND, Clocks, Kept, release_day
from crm_desktop.contacts import above as above_contacts
from crm_desktop.contacts import handover, service
from crm_desktop.contacts.model import NEVER, Contact
from crm_desktop.db.work import Database
from crm_desktop.home import pool_report
from crm_desktop.orders.holding import OrdersOfCustomers
from crm_desktop.orders.model import Order
from crm_desktop.receivables.holding import DebtsOfCustomers
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Invalid, NotAllowed, NotFound
from crm_desktop.shared.report import Asked
from tests.companies import NOW, Firm
from tests.orders.documents import confirmed_order
from tests.receivables.documents import posted

TODAY = date(2026, 11, 20)
OPEN_RULES = {"active": True, "contact_days": 30, "deal_days": 0, "warn_days": 7}


@pytest.fixture(autouse=True)
def _rooms_above(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # The company's clock stands still; so does its server's.
    monkeypatch.setattr(witness, "server_now", lambda _work: NOW)
    features, words, more = above_contacts.attached(), above_contacts.told(), above_contacts.additions()
    gate, sources, holds = above_contacts.gate(), above.sources(), above.holds()
    above_contacts.attach(*features, told=words, additions=more, gate=PoolGate())
    above.attach(sources=sources, holds=(OrdersOfCustomers(), DebtsOfCustomers()))
    yield
    above_contacts.attach(*features, told=words, additions=more, gate=gate)
    above.attach(sources=sources, holds=holds)


def rules(database: Database, firm: Firm, **changes: Any) -> None:
    """Make rules that hold since yesterday."""
    with database.begin(firm.boss) as work:
        settings.save_rules(work, settings.get_rules(work).version, OPEN_RULES | changes)
    with database.begin(SYSTEM) as work:
        row = work.get(settings.PoolRules, settings.ONLY)
        row.from_on = row.run_on = TODAY - timedelta(days=1)


def contact(
    database: Database, owner: Actor, name: str, *, owned_days: int = 100, silent_days: int | None = None
) -> int:
    """Make a customer somebody has had for so long and last talked to so long ago."""
    with database.begin(owner) as work:
        made = service.create(work, {"name": name, "owner": owner.user_id})
    last = None if silent_days is None else NOW - timedelta(days=silent_days)
    with database.begin(SYSTEM) as work:
        work.session.execute(
            update(Contact)
            .where(Contact.id == made)
            .values(
                created_at=NOW - timedelta(days=owned_days),
                owned_since=NOW - timedelta(days=owned_days),
                last_contact_at=last,
                last_contact_sort=last or NEVER,
            )
        )
    return made


def run(database: Database, actor: Actor = SYSTEM, **how: Any) -> running.Ran:
    with database.begin(actor) as work:
        return running.run(work, **how)


def owner_of(database: Database, contact_id: int) -> int | None:
    with database.read(SYSTEM) as work:
        return work.get(Contact, contact_id).owner_id


def test_silent_customers_go_and_the_cared_for_stay(database: Database, firm: Firm) -> None:
    rules(database, firm)
    silent = contact(database, firm.anna, "Silent", silent_days=31)
    never = contact(database, firm.anna, "Never spoken to")
    spoken = contact(database, firm.anna, "Spoken to", silent_days=30)
    claimed = contact(database, firm.anna, "Claimed last week", owned_days=7, silent_days=400)
    assert run(database) == running.Ran(released=2)
    assert [owner_of(database, one) for one in (silent, never)] == [None, None]
    assert [owner_of(database, one) for one in (spoken, claimed)] == [firm.anna.user_id] * 2
    assert run(database) == running.Ran(), "the second run of a day finds nothing"
    with database.read(firm.boss) as work:
        told = {row.contact_id: (row.user_id, row.reason) for row in work.session.scalars(select(PoolRelease))}
    assert told == dict.fromkeys((silent, never), (firm.anna.user_id, CONTACT))


def test_an_open_order_a_contract_and_a_debt_hold(database: Database, firm: Firm) -> None:
    rules(database, firm)
    ordered, running_contract, owing, paid = (
        contact(database, firm.anna, name) for name in ("Ordered", "Under contract", "Owing", "Paid")
    )
    confirmed_order(database, firm.anna, ordered)
    order = confirmed_order(database, firm.anna, running_contract)
    with database.begin(SYSTEM) as work:
        row = work.get(Order, order)
        row.delivered_percent = row.invoiced_percent = Decimal(100)
        row.ends_on = TODAY
    posted(database, owing, 100)
    assert run(database) == running.Ran(released=1)
    assert owner_of(database, paid) is None
    assert [owner_of(database, one) for one in (ordered, running_contract, owing)] == [firm.anna.user_id] * 3
    with database.begin(SYSTEM) as work:
        work.get(Order, order).ends_on = TODAY - timedelta(days=1)
    assert run(database) == running.Ran(released=1), "the contract has ended"


def test_who_never_bought_goes_by_the_rule_of_orders(database: Database, firm: Firm) -> None:
    rules(database, firm, contact_days=0, deal_days=60)
    fresh = contact(database, firm.anna, "Owned for sixty days", owned_days=60, silent_days=1)
    never = contact(database, firm.anna, "Never bought", owned_days=61, silent_days=1)
    bought = contact(database, firm.anna, "Bought", owned_days=61)
    order = confirmed_order(database, firm.anna, bought)
    with database.begin(SYSTEM) as work:
        row = work.get(Order, order)
        row.delivered_percent = row.invoiced_percent = Decimal(100)
    assert run(database).released == 1
    assert owner_of(database, never) is None
    assert [owner_of(database, one) for one in (fresh, bought)] == [firm.anna.user_id] * 2
    with database.read(firm.boss) as work:
        assert [row.reason for row in work.session.scalars(select(PoolRelease))] == [DEAL]


def test_the_warning_comes_first(database: Database, firm: Firm) -> None:
    soon = contact(database, firm.anna, "Soon", silent_days=26)
    later = contact(database, firm.anna, "Later", silent_days=20)
    gone = contact(database, firm.chen, "Long silent", silent_days=90)
    with database.begin(firm.boss) as work:
        changed = settings.save_rules(work, 1, OPEN_RULES)
    assert changed.from_on == TODAY + timedelta(days=7), "new rules release nobody before the warning was seen"
    assert run(database) == running.Ran()
    with database.read(firm.manager) as work:
        warned = falling.about_to_fall(work)
        listed = pool_report.POOL_WARNING.run(work, Asked())
    assert [row[0] for row in listed.rows] == ["Long silent", "Soon"]
    assert [(one.contact_id, one.release_on) for one in warned.rows] == [
        (gone, TODAY + timedelta(days=7)),
        (soon, TODAY + timedelta(days=7)),
    ]
    assert later not in {one.contact_id for one in warned.rows}
    with database.read(firm.anna) as work:
        assert [one.name for one in falling.about_to_fall(work, mine=True).rows] == ["Soon"]
    with database.read(firm.buyer) as work:
        assert falling.about_to_fall(work).rows == (), "purchasing has no pool"
    assert not pool_report.POOL_WARNING.offered_to(firm.buyer)


def test_a_locked_customer_stays_as_many_as_the_rules_allow(database: Database, firm: Firm) -> None:
    rules(database, firm, lock_limit=1)
    first, second = (contact(database, firm.anna, name) for name in ("First", "Second"))
    with database.begin(firm.anna) as work:
        claims.lock(work, first)
        claims.lock(work, first)
        with pytest.raises(NotNow, match="At most 1"):
            claims.lock(work, second)
    with database.begin(firm.chen) as work, pytest.raises(NotFound):
        claims.lock(work, second)
    assert run(database).released == 1
    with database.begin(firm.anna) as work:
        assert claims.is_locked(work, first)
        claims.unlock(work, first)
    assert run(database).released == 1


def test_claims_follow_the_rules(database: Database, firm: Firm) -> None:
    rules(database, firm, hold_limit=3, claims_a_day=2, reclaim_days=7)
    mine = contact(database, firm.anna, "Lost")
    free = [contact(database, firm.boss, f"Free {number}", silent_days=1) for number in range(4)]
    with database.begin(firm.boss) as work:
        handover.release(work, free)
    assert run(database).released == 1

    def claim(actor: Actor, *ids: int) -> int:
        with database.begin(actor) as work:
            return handover.claim(work, ids)

    with pytest.raises(NotNow, match="Lost was yours"):
        claim(firm.anna, mine)
    assert claim(firm.chen, mine) == 1, "a colleague may at once"
    assert claim(firm.anna, free[0]) == 1
    with pytest.raises(NotNow, match="2 customers a day"):
        claim(firm.anna, *free[1:3])
    assert claim(firm.anna, free[1]) == 1
    with database.begin(SYSTEM) as work:
        work.session.execute(update(Contact).values(owned_since=NOW - timedelta(days=3)))
    assert claim(firm.anna, free[2]) == 1
    with pytest.raises(NotNow, match="at most 3"):
        claim(firm.anna, free[3])
    with database.read(firm.boss) as work:
        by_hand = select(PoolRelease.user_id).where(PoolRelease.reason == HAND)
        assert set(work.session.scalars(by_hand)) == {firm.boss.user_id}


def test_much_at_once_must_be_confirmed(database: Database, firm: Firm) -> None:
    rules(database, firm)
    for number in range(21):
        contact(database, firm.anna, f"Silent {number}")
    assert run(database) == running.Ran(waiting=21), "perhaps a clock is wrong"
    assert run(database, confirmed=True) == running.Ran(released=21)


def test_only_who_may_changes_the_rules_and_runs(database: Database, firm: Firm) -> None:
    with database.begin(firm.anna) as work:
        with pytest.raises(NotAllowed):
            settings.save_rules(work, 1, OPEN_RULES)
        with pytest.raises(NotAllowed):
            running.run(work)
    with database.begin(firm.boss) as work:
        for field, value in (("contact_days", -1), ("claims_a_day", "many"), ("warn_days", 10**9)):
            with pytest.raises(Invalid) as refused:
                settings.save_rules(work, 1, {field: value})
            assert refused.value.field == field
        with pytest.raises(Invalid):
            settings.save_rules(work, 1, OPEN_RULES | {"contact_days": 0})


def test_a_manager_releases_the_team_s_alone(database: Database, firm: Firm) -> None:
    rules(database, firm)
    team, other = contact(database, firm.anna, "Ours"), contact(database, firm.outsider, "Theirs")
    assert run(database, firm.manager).released == 1
    assert (owner_of(database, team), owner_of(database, other)) == (None, firm.outsider.user_id)


DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(
    since=DAYS,
    contacted=st.none() | DAYS,
    dealt=st.none() | DAYS,
    contact_days=st.integers(0, 400),
    deal_days=st.integers(0, 400),
)
def test_nobody_goes_before_the_days_are_over(
    since: date, contacted: date | None, dealt: date | None, contact_days: int, deal_days: int
) -> None:
    from_on = date(2025, 1, 1)
    falls = release_day(Kept(since, contacted, dealt), Clocks(contact_days, deal_days, from_on))
    if falls is None:
        assert not contact_days
        assert not deal_days or (dealt is not None and dealt >= since)
        return
    day, reason = falls
    assert day >= from_on
    days = contact_days if reason == CONTACT else deal_days
    assert days > 0
    assert (day - since).days > days, "never sooner than that after it was claimed"
    if reason == CONTACT and contacted is not None:
        assert (day - contacted).days > days
    if reason == DEAL:
        assert dealt is None or dealt < since


def test_the_day_follows_the_company_s_clock(database: Database, firm: Firm) -> None:
    rules(database, firm)
    late = contact(database, firm.anna, "Late in the evening")
    spoken = datetime(2026, 10, 20, 17, 0, tzinfo=UTC)
    with database.begin(SYSTEM) as work:
        row = work.get(Contact, late)
        row.last_contact_at = row.last_contact_sort = spoken
    assert run(database).released == 0, "in Shanghai that was the 21st, thirty days ago"
    with database.begin(SYSTEM) as work:
        row = work.get(Contact, late)
        row.last_contact_at = row.last_contact_sort = spoken - timedelta(hours=2)
    assert run(database).released == 1
