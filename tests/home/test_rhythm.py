"""A customer is quiet when it is silent for longer than 1.5 times its own usual gap."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from crm_desktop.app.ui.reports_screen import REPORTS
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.home import quiet_report, rhythm
from crm_desktop.orders.model import Order
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.report import Asked
from tests.activities.reminded import customer
from tests.companies import NOW, Firm
from tests.orders.documents import confirmed_order

TODAY = date(2026, 11, 20)


def orders(database: Database, contact_id: int, *days_ago: int) -> None:
    for days in days_ago:
        confirmed_order(database, SYSTEM, contact_id, dated_on=TODAY - timedelta(days))


def quiet(database: Database, actor: Actor) -> list[tuple[str, Decimal, int]]:
    with database.read(actor) as work:
        return [(one.name, one.every_days, one.silent_days) for one in rhythm.quiet(work)]


def test_silence_is_measured_by_each_ones_own_rhythm(database: Database, firm: Firm) -> None:
    weekly, monthly = customer(database, firm.anna, "Weekly"), customer(database, firm.anna, "Monthly")
    orders(database, weekly, 34, 27, 20, 13)
    orders(database, monthly, 105, 75, 45, 15)
    assert quiet(database, firm.anna) == [("Weekly", Decimal(7), 13)]


@pytest.mark.parametrize(("last", "is_quiet"), [(15, False), (16, True)])
def test_the_edge_is_over_one_and_a_half_times(database: Database, firm: Firm, last: int, is_quiet: bool) -> None:
    mill = customer(database, firm.anna)
    orders(database, mill, last + 20, last + 10, last)
    assert bool(quiet(database, firm.anna)) is is_quiet


def test_two_orders_make_no_rhythm_and_one_day_counts_once(database: Database, firm: Firm) -> None:
    mill = customer(database, firm.anna)
    orders(database, mill, 300, 200, 200, 200)
    assert quiet(database, firm.anna) == []


def test_drafts_and_cancelled_orders_do_not_count(database: Database, firm: Firm) -> None:
    mill = customer(database, firm.anna)
    orders(database, mill, 40, 30, 20)
    assert len(quiet(database, firm.anna)) == 1
    with database.begin(SYSTEM) as work:
        row = work.session.scalars(select(Order).where(Order.dated_on == TODAY - timedelta(30))).one()
        row.state, row.end_reason = "cancelled", "wrong"
    assert quiet(database, firm.anna) == []


def test_each_sees_their_own(database: Database, firm: Firm) -> None:
    orders(database, customer(database, firm.anna, "Hers"), 40, 30, 20)
    orders(database, customer(database, firm.outsider, "His"), 40, 30, 20)
    assert [one[0] for one in quiet(database, firm.anna)] == ["Hers"]
    assert [one[0] for one in quiet(database, firm.outsider)] == ["His"]
    assert {one[0] for one in quiet(database, firm.boss)} == {"Hers", "His"}


def test_who_left_long_ago_and_who_is_put_away_is_not_quiet(database: Database, firm: Firm) -> None:
    orders(database, customer(database, firm.anna, "Long gone"), 1000, 900, 800)
    put_away = customer(database, firm.anna, "Put away")
    orders(database, put_away, 40, 30, 20)
    with database.begin(SYSTEM) as work:
        work.get(Contact, put_away).archived_at = NOW
    assert quiet(database, firm.anna) == []


def test_the_report_holds_the_same(database: Database, firm: Firm) -> None:
    orders(database, customer(database, firm.anna, "Weekly"), 34, 27, 20, 13)
    with database.read(firm.anna) as work:
        table = quiet_report.quiet(work, Asked())
    assert table.rows == (("Weekly", Decimal("7.0"), 13, TODAY - timedelta(13), 4, "Anna Weber"),)
    assert quiet_report.QUIET in REPORTS


@given(st.lists(st.dates(date(2020, 1, 1), TODAY), max_size=30))
def test_the_rule_is_the_one_that_was_written_down(days: list[date]) -> None:
    distinct = sorted(set(days))
    if len(distinct) < 3:
        assert rhythm.every(days) is None
        assert not rhythm.is_quiet(days, TODAY)
        return
    gaps = [(b - a).days for a, b in pairwise(distinct)]
    assert rhythm.is_quiet(days, TODAY) == (2 * (TODAY - distinct[-1]).days > 3 * median(gaps))
