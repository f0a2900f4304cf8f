"""The page of the day: every count is what its list holds, for every role and on both engines."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from crm_desktop.activities.pool import settings
from crm_desktop.app.features import FEATURES
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.home import digest
from crm_desktop.home.digest import PARTS, Section, parts_of
from crm_desktop.orders.model import Order, Quote
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.permissions import needed
from tests.companies import Firm
from tests.home.books import TODAY

LISTS = {feature.name: feature.listing for feature in FEATURES}


def read(database: Database, actor: Actor, key: str) -> Section:
    with database.read(actor) as work:
        return digest.read(work, key)


def people(firm: Firm, accountant: Actor) -> list[Actor]:
    return [firm.boss, firm.manager, firm.anna, firm.outsider, accountant]


def test_every_count_is_what_the_list_holds(books: Database, firm: Firm, accountant: Actor) -> None:
    with books.begin(SYSTEM) as work:
        until = TODAY + timedelta(days=30)
        work.session.execute(update(Order).where(Order.state == "confirmed").values(ends_on=until))
        work.session.execute(update(Quote).values(valid_until=TODAY + timedelta(days=14)))
    seen = 0
    for actor in people(firm, accountant):
        for part in parts_of(actor):
            section = read(books, actor, part.key)
            assert section.count >= len(section.rows)
            if section.opens is not None and section.opens.name in LISTS:
                with books.read(actor) as work:
                    assert LISTS[section.opens.name].count(work, section.opens.listing) == (section.count, False)
                seen += section.count
    assert seen > 50


def test_overdue_sums_are_the_lists(books: Database, firm: Firm, accountant: Actor) -> None:
    for actor in people(firm, accountant):
        if not actor.may(*needed(digest.overdue)):
            continue
        section = read(books, actor, "overdue")
        assert section.opens is not None
        with books.read(actor) as work:
            sums = LISTS["instalments"].sums(work, section.opens.listing, "open_amount")
        assert set(section.sums) == set(sums)
        assert [row.on for row in section.rows] == sorted(row.on for row in section.rows if row.on)
        assert section.sums[0].currency == "CNY" or all(one.currency != "CNY" for one in section.sums)


def test_a_broken_promise_stands_there_while_it_is_owed(books: Database, accountant: Actor, firm: Firm) -> None:
    section = read(books, accountant, "broken")
    assert section.count > 0
    assert all(row.on is not None and row.on < TODAY and row.money is not None for row in section.rows)
    whole = sum(one.amount for one in section.sums if one.currency == "CNY")
    assert whole > Decimal(0)
    anna = read(books, firm.anna, "broken")
    assert 0 < anna.count < section.count


def test_the_pool_warns_of_own_customers(books: Database, firm: Firm) -> None:
    assert read(books, firm.anna, "pool").count == 0, "the rules are off"
    with books.begin(firm.boss) as work:
        settings.save_rules(work, settings.get_rules(work).version, {"active": True, "contact_days": 30})
    with books.begin(SYSTEM) as work:
        work.session.execute(update(Contact).values(owned_since=work.now - timedelta(days=300)))
    section = read(books, firm.anna, "pool")
    assert all(row.owner_id == firm.anna.user_id for row in section.rows)


def test_who_may_not_is_refused_and_not_offered(database: Database, firm: Firm) -> None:
    assert parts_of(firm.admin) == ()
    assert {part.key for part in parts_of(firm.buyer)} <= {"pool"}
    for part in PARTS.values():
        with pytest.raises(NotAllowed):
            read(database, firm.admin, part.key)


def test_each_role_has_its_own_order(firm: Firm, accountant: Actor) -> None:
    assert [part.key for part in parts_of(firm.boss)][:2] == ["overdue", "broken"]
    assert next(iter(parts_of(firm.anna))).key == "expiring"
    assert [part.key for part in parts_of(accountant)] == ["overdue", "broken", "ending"]


def test_an_empty_company_has_nothing(database: Database, firm: Firm) -> None:
    for part in parts_of(firm.boss):
        assert read(database, firm.boss, part.key).count == 0
