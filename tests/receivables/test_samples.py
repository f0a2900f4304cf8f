"""Real receivables: the ageing as of several days is that of an independent reckoning, to the cent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crm_desktop.db.work import Database
from crm_desktop.receivables import proof
from crm_desktop.receivables.collecting import ageing, balances, statements
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.money import from_minor
from tests.companies import found_firm
from tests.receivables.samples import SAMPLES, Owed, american, chinese, load, reckoned

BOUNDS = (30, 60, 90, 180)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real files are not part of the program")
@pytest.mark.parametrize(
    ("name", "read", "currency", "days"),
    [
        (
            "receivables-600.csv",
            american,
            "USD",
            (date(2012, 3, 31), date(2012, 12, 31), date(2013, 6, 15), date(2013, 12, 31)),
        ),
        (
            "应收账款.xlsx",
            chinese,
            "CNY",
            (date(2025, 3, 31), date(2025, 12, 31), date(2026, 6, 30), date(2026, 11, 20)),
        ),
    ],
)
def test_the_ageing_of_a_real_file_is_that_of_the_file(
    file_database: Database,
    name: str,
    read: Callable[[Path], list[Owed]],
    currency: str,
    days: Sequence[date],
) -> None:
    owed, firm = read(SAMPLES / name), found_firm(file_database)
    if name.endswith(".xlsx"):
        assert (len(owed), sum(one.amount for one in owed)) == (900, Decimal("36297525.22"))
        assert sum(one.paid for one in owed) == Decimal("17265033.73")
    ids = load(file_database, firm.boss, owed, currency)
    seen = 0
    for day in (*days, None):
        expected = reckoned(owed, day or date(2026, 11, 20), BOUNDS)
        assert aged(file_database, firm.boss, day, ids, currency) == expected
        seen += len(expected)
        check_some(file_database, firm.boss, day, ids, expected, currency)
    assert seen > 50
    with file_database.read(SYSTEM) as work:
        assert [one for one in proof.findings(work) if "total" not in one and "series" not in one] == []


def aged(
    database: Database, by: Actor, day: date | None, ids: dict[str, int], currency: str
) -> dict[str, list[Decimal]]:
    """The ageing as the program makes it, by the names of the file."""
    called = {id_: customer for customer, id_ in ids.items()}
    with database.read(by) as work:
        made = ageing.ageing(work, day)
    found = {}
    for contact_id, of, *slots in made.rows:
        amounts = [from_minor(minor, of) for minor in slots]
        assert (of, amounts[-3:-1]) == (currency, [0, 0]), "nothing is undated or unapplied in these files"
        if any(amounts):
            found[called[contact_id]] = [*amounts[:-3], amounts[-1]]
    return found


def check_some(
    database: Database,
    by: Actor,
    day: date | None,
    ids: dict[str, int],
    expected: dict[str, list[Decimal]],
    currency: str,
) -> None:
    """Card and statement of some customers close with the same."""
    for customer in list(expected)[:5]:
        with database.read(by) as work:
            assert balances.card(work, ids[customer], day).of(currency).balance == expected[customer][-1]
            assert statements.statement(work, ids[customer], to_on=day).closing == expected[customer][-1]
