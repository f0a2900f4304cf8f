"""One truth about what is owed: ageing, card, statement and home page, today and on any past day, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, product
from typing import Any

import pytest

from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import ageing, balances, statements
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.money import to_minor
from tests.companies import Firm
from tests.receivables.documents import customer, pay, posted
from tests.receivables.random_books import DAY, RandomBooks, plain_ageing

BOUNDS = (30, 60, 90, 180)
STATEMENTS = tuple(product(("activity", "open"), (None, timedelta(40))))
"""Every form of a statement, from the beginning and of the last forty days."""


def rows_of(database: Database, by: Actor, as_of: date | None, aged_by: str = "due") -> dict[Any, list[int]]:
    """The ageing as it is made, by customer and currency."""
    with database.read(by) as work:
        made = ageing.ageing(work, as_of, by=aged_by)
    assert len({row[:2] for row in made.rows}) == len(made.rows)
    return {row[:2]: list(row[2:]) for row in made.rows if any(row[2:])}


@pytest.mark.parametrize("seed", range(2))
def test_every_view_says_the_same_on_any_day(database: Database, firm: Firm, accountant: Actor, seed: int) -> None:
    books = RandomBooks(database, accountant, (firm.anna, firm.chen), seed)
    closed: dict[date, dict[Any, list[int]]] = {}
    for _month in range(4):
        books.live(16)
        today = rows_of(database, accountant, None)
        assert today == plain_ageing(database, books.today, BOUNDS)
        closed[books.close()] = today
    forms = cycle(STATEMENTS)
    # What was reported of a closed day stays so for ever, whatever came later; today from both sources.
    for day in (*closed, *(books.today - timedelta(days) for days in (1, 20, 77)), books.today):
        aged = rows_of(database, accountant, day)
        assert aged == plain_ageing(database, day, BOUNDS)
        assert aged == closed.get(day, aged)
        assert rows_of(database, accountant, day, "invoice") == plain_ageing(database, day, BOUNDS, "invoice")
        for slots in aged.values():
            assert sum(slots[:-2]) - slots[-2] == slots[-1]
        check_customers(database, accountant, books, day, aged, forms)
        check_groups(database, accountant, day)


def check_customers(
    database: Database,
    by: Actor,
    books: RandomBooks,
    day: date,
    aged: dict[Any, list[int]],
    forms: Iterator[tuple[str, timedelta | None]],
) -> None:
    """Card, open items and statements of every customer close with what the ageing says.

    Today every form of a statement is tried, on a past day the next one in turn.
    """
    for contact_id in books.customers:
        with database.read(by) as work:
            card = balances.card(work, contact_id, day)
            items, unused = balances.open_items(work, contact_id, day), balances.open_credits(work, contact_id, day)
            for currency in ("CNY", "JPY", "USD"):
                slots = aged.get((contact_id, currency), [0] * 9)
                here = card.of(currency)
                shown = [here.not_due, *here.buckets, here.undated, here.unapplied, here.balance]
                assert [to_minor(one, currency) for one in shown] == slots
                late = [one for one in items if one.currency == currency and one.late is not None and one.late > 0]
                assert here.overdue == sum(one.open for one in late)
                assert here.oldest_due_on == min((one.due_on for one in late), default=None)
                assert here.unapplied == sum(one.open for one in unused if one.currency == currency)
                for form, length in STATEMENTS if day == books.today else (next(forms),):
                    since = day - length if length else None
                    made = statements.statement(work, contact_id, currency, form=form, from_on=since, to_on=day)
                    assert to_minor(made.closing, currency) == slots[-1]
                    assert made.opening + made.charged - made.paid == made.closing
                    assert (made.lines[-1].balance if made.lines else made.opening) == made.closing


def check_groups(database: Database, by: Actor, day: date) -> None:
    """Every grouping, and the totals of the home page, add up to the same."""
    with database.read(by) as work:
        grouped = {group: ageing.ageing(work, day, group=group).totals() for group, _label in ageing.GROUPINGS}
        totals = balances.totals(work, day)
    assert grouped["salesperson"] == grouped["customer"] == grouped["team"]
    assert {(one.currency, to_minor(one.balance, one.currency)) for one in totals} == {
        (row[1], row[-1]) for row in grouped["customer"]
    }


def test_kept_amounts_and_dated_rows_agree_today(database: Database, firm: Firm, accountant: Actor) -> None:
    books = RandomBooks(database, accountant, (firm.anna,), 99)
    books.live(60)
    with database.read(accountant) as work:
        day = balances.day_of(work, None)
        kept = balances.adding.rows(work, day.question())
        dated = balances.adding.rows(work, balances.Day(day.as_of, past=True, bounds=day.bounds).question())
    assert {row for row in kept if any(row[2:])} == {row for row in dated if any(row[2:])}


def test_due_today_is_not_overdue(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    posted(database, atlas, (100, DAY), (10, DAY - timedelta(1)), (1, DAY - timedelta(31)), dated_on=date(2026, 9, 1))
    with database.read(accountant) as work:
        (here,) = balances.card(work, atlas).balances
        later = balances.card(work, atlas, DAY + timedelta(1)).of("CNY")
    assert (here.not_due, here.buckets[:2], here.oldest_late) == (100, (10, 1), 31)
    assert (later.not_due, later.overdue) == (0, 111)


def test_later_money_changes_no_past_day(database: Database, firm: Firm, accountant: Actor) -> None:
    """Pay next month, run last month's ageing: unchanged to the cent."""
    atlas = customer(database, firm.anna)
    claim = posted(database, atlas, ("3000", date(2026, 9, 30)), dated_on=date(2026, 9, 1))
    before = rows_of(database, accountant, date(2026, 10, 31))
    pay(database, accountant, atlas, 3000, {claim.instalments[0]: 3000})
    assert (
        rows_of(database, accountant, date(2026, 10, 31))
        == before
        == {(atlas, "CNY"): [0, 0, 300000, 0, 0, 0, 0, 0, 300000]}
    )
    assert rows_of(database, accountant, None) == {}


def test_everybody_sees_the_balances_of_their_customers_only(database: Database, firm: Firm) -> None:
    mine, theirs = customer(database, firm.anna, "Mine"), customer(database, firm.outsider, "Theirs")
    for one in (mine, theirs):
        posted(database, one, (100, date(2026, 11, 10)))
    for day in (None, date(2026, 11, 15)):
        assert {key for key, _currency in rows_of(database, firm.anna, day)} == {mine}
        assert {key for key, _currency in rows_of(database, firm.boss, day)} == {mine, theirs}
        with database.read(firm.anna) as work:
            assert balances.card(work, theirs, day).balances == ()
            assert [one.balance for one in balances.totals(work, day)] == [100]
            assert {one.contact_id for one in balances.open_items(work, None, day)} == {mine}
    with pytest.raises(NotAllowed), database.read(firm.buyer) as work:
        balances.totals(work)
    with database.read(SYSTEM) as work:
        assert len(balances.open_items(work)) == 2
