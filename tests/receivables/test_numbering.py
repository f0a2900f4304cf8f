"""Numbers: no gap and no duplicate, whoever posts at the same time and whatever fails."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import select

from crm_desktop.db.work import Database
from crm_desktop.receivables import numbering, rules, settings
from crm_desktop.receivables.billing import posting
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Invalid
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line
from tests.receivables.billing import draft, from_order

POSTERS = 8
EACH = 4


@pytest.mark.slow
def test_eight_who_post_at_once_leave_no_gap_and_no_duplicate(
    database: Database, firm: Firm, accountant: Actor
) -> None:
    """They post invoices of the same two customers and of one order; every third step fails on purpose."""
    atlas, bora = customer(database, firm.anna), customer(database, firm.anna, "Bora")
    order = confirmed_order(database, firm.anna, bora, line(quantity=POSTERS))
    piles = [
        [
            from_order(database, accountant, order, 1),
            *(draft(database, accountant, (atlas, bora)[place % 2]) for place in range(EACH - 1)),
        ]
        for _ in range(POSTERS)
    ]
    empty = draft(database, accountant, atlas, line(quantity=0))
    together = Barrier(POSTERS)

    def work_off(pile: Sequence[int]) -> list[str]:
        together.wait(timeout=60)
        numbers = []
        for place, invoice_id in enumerate(pile):
            if place % 3 == 1:
                with pytest.raises(Invalid), database.begin(accountant) as work:
                    posting.post_many(work, [(invoice_id, 1), (empty, 1)])
            with database.begin(accountant) as work:
                numbers += [one.number for one in posting.post_many(work, [(invoice_id, 1)])]
        return numbers

    with ThreadPoolExecutor(POSTERS) as pool:
        given = [number for numbers in pool.map(work_off, piles) for number in numbers]
    assert sorted(given) == [f"INV2026-{serial:04d}" for serial in range(1, POSTERS * EACH + 1)]
    with database.read(SYSTEM) as work:
        assert sorted(work.session.scalars(select(Invoice.number).where(Invoice.number.is_not(None)))) == sorted(given)


def test_each_series_counts_by_itself(database: Database, firm: Firm) -> None:
    assert firm
    day = date(2026, 5, 5)
    with database.begin(SYSTEM) as work:
        assert numbering.next_numbers(work, rules.RECEIPT, day, 2) == [("RC2026-0001", 1), ("RC2026-0002", 2)]
        assert numbering.next_numbers(work, rules.REFUND, day) == [("RF2026-0001", 1)]
        assert numbering.next_numbers(work, rules.RECEIPT, date(2027, 1, 1)) == [("RC2027-0001", 1)]
        assert numbering.next_numbers(work, rules.CREDIT, day) == [("CN2026-0001", 1)]


def test_numbers_of_the_program_are_told_from_others(database: Database) -> None:
    with database.read(SYSTEM) as work:
        profile = settings.get_settings(work)
    assert numbering.is_own_number("INV2026-0001", profile)
    assert numbering.is_own_number("cn2031-12345", profile)
    assert not numbering.is_own_number("RC2026-0001", profile)
    assert not numbering.is_own_number("INV-0001", profile)
    assert not numbering.is_own_number("2026-0001", profile)
