"""A large team's reach, written as runs of keys, is what the list of its keys says; others keep their scope."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from crm_desktop.contacts.customer_rows import in_sales_reach
from crm_desktop.contacts.model import owner_keys
from crm_desktop.db.work import Database
from crm_desktop.home.reach import MOST_KEYS, MOST_RUNS, in_reach, runs
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.permissions import Scope
from tests.companies import Firm


@pytest.mark.parametrize(
    ("keys", "found"),
    [([], []), ([0], [(0, 0)]), ([0, 2, 3, 4, 7], [(0, 0), (2, 4), (7, 7)]), ([5, 6, 7], [(5, 7)])],
)
def test_runs_of_keys(keys: list[int], found: list[tuple[int, int]]) -> None:
    assert list(runs(keys)) == found


def team_of(firm: Firm, ids: list[int]) -> Actor:
    return replace(firm.manager, team_ids=frozenset(ids))


def counted(database: Database, boss: Actor, actor: Actor) -> tuple[int, int, str]:
    """Return the invoices within reach as Home says it and as the list says it, and the condition of Home."""
    with database.read(actor) as work:
        here = in_reach(work, Invoice)
    with database.read(boss) as work:
        both = [
            work.session.scalar(select(func.count()).select_from(Invoice).where(*conditions)) or 0
            for conditions in (here, (in_sales_reach(Invoice, actor),))
        ]
    return both[0], both[1], " ".join(str(one) for one in here)


def test_a_large_team_reaches_what_its_keys_say(books: Database, firm: Firm) -> None:
    anna, chen = firm.anna.user_id or 0, firm.chen.user_id or 0
    near = [one for one in range(1, 40) if one != chen]
    in_one, in_list, said = counted(books, firm.boss, team_of(firm, near))
    assert "BETWEEN" in said
    assert in_one == in_list > 0
    everybody, _same, _said = counted(books, firm.boss, team_of(firm, [*near, chen]))
    assert everybody > in_one
    few, listed, said = counted(books, firm.boss, team_of(firm, [anna]))
    assert few == listed
    assert "BETWEEN" not in said


def test_scattered_people_are_looked_up(books: Database, firm: Firm) -> None:
    scattered = list(range(1, 3 * MOST_KEYS, 2))
    assert len(list(runs(owner_keys(team_of(firm, scattered), Scope.TEAM)))) > MOST_RUNS
    in_one, in_list, said = counted(books, firm.boss, team_of(firm, scattered))
    assert "BETWEEN" not in said
    assert in_one == in_list


def test_a_rep_and_the_owner_keep_their_reach(books: Database, firm: Firm) -> None:
    for actor in (firm.anna, firm.boss):
        in_one, in_list, _said = counted(books, firm.boss, actor)
        assert in_one == in_list > 0
