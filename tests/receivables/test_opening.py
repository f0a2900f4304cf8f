"""Opening balances: what was open in the system before, under its own numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.db.work import Database
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import opening
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Invalid, NotAllowed
from tests.companies import Firm
from tests.orders.documents import customer
from tests.receivables.billing import company_works, invoice_of, posted_invoice
from tests.receivables.documents import open_of, pay


def row(contact_id: int, number: str = "2025/117", **values: Any) -> dict[str, Any]:
    return {
        "contact_id": contact_id,
        "number": number,
        "dated_on": date(2025, 8, 1),
        "due_on": date(2025, 9, 1),
        "currency": "CNY",
        "total": Decimal("1000"),
        "open": Decimal("400.50"),
    } | values


def test_open_rests_are_claimed_since_their_own_day(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    with database.begin(accountant) as work:
        first, second = opening.take_over(
            work, [row(atlas), row(atlas, "G-9", kind="credit", open=Decimal(50), total=Decimal(50))]
        )
    record = invoice_of(database, firm.anna, first)
    assert (record["number"], record["taken_over"], record["status"], record["open_amount"]) == (
        "2025/117",
        True,
        rules.OPEN,
        Decimal("400.50"),
    )
    assert record["lines"][0]["name"] == "Open rest of invoice 2025/117 over 1,000.00 CNY"
    assert record["next_due_on"] == date(2025, 9, 1)
    assert record["salesperson"] == firm.anna.user_id
    assert invoice_of(database, accountant, second)["status"] == rules.UNUSED
    owed = open_of(database, atlas)
    assert owed.balance == Decimal("350.50")
    pay(database, accountant, atlas, 100, {owed.instalments[0].id: 100})
    assert open_of(database, atlas).balance == Decimal("250.50")


def test_our_own_numbers_go_on_from_the_first(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    with database.begin(accountant) as work:
        opening.take_over(work, [row(atlas, "INV-77"), row(atlas, "INV2025-1")])
    made = posted_invoice(database, accountant, atlas)
    assert invoice_of(database, accountant, made)["number"] == "INV2026-0001"
    with pytest.raises(Invalid, match="Let them begin otherwise"), database.begin(accountant) as work:
        opening.take_over(work, [row(atlas, "inv2026-0007")])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"number": ""}, "Row 1: the number"),
        ({"dated_on": None}, "Row 1: the date"),
        ({"dated_on": date(2026, 11, 21)}, "still to come"),
        ({"dated_on": date(2025, 1, 1)}, "closed"),
        ({"open": Decimal("1000.01")}, "Row 1: more is open"),
        ({"open": Decimal(0)}, "Row 1: this is not an amount"),
        ({"open": Decimal("0.001")}, "Row 1: this is not an amount"),
        ({"total": "a lot"}, "Row 1: this is not an amount"),
        ({"currency": "EUR"}, "worth"),
        ({"kind": "order"}, "not known"),
        ({"contact_id": None}, "no longer exists"),
    ],
)
def test_what_cannot_be_taken_over_is_named(
    database: Database, firm: Firm, accountant: Actor, changed: dict[str, Any], message: str
) -> None:
    company_works(database, closed_through=date(2025, 1, 31))
    atlas = customer(database, firm.anna)
    with pytest.raises(Invalid, match=message), database.begin(accountant) as work:
        opening.take_over(work, [row(atlas) | changed])
    assert open_of(database, atlas).balance == 0


def test_a_number_is_taken_over_once(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    with pytest.raises(Invalid, match="2025/117 is there already"), database.begin(accountant) as work:
        opening.take_over(work, [row(atlas), row(atlas)])
    with database.begin(accountant) as work:
        opening.take_over(work, [row(atlas)])
    with pytest.raises(Invalid, match="2025/117 is there already"), database.begin(accountant) as work:
        opening.take_over(work, [row(atlas)])
    with pytest.raises(NotAllowed), database.begin(firm.anna) as work:
        opening.take_over(work, [row(atlas, "x")])
