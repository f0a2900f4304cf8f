"""Receipts of the system before, out of a list: what they pay, what stays an advance, and how they go again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database
from crm_desktop.receivables import proof
from crm_desktop.receivables.ledger_model import Allocation, Receipt
from crm_desktop.receivables.money import accounts, paying_back, receipts
from crm_desktop.receivables.target import INVOICES, RECEIPTS
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.importing import CLEAR, Identity, Planned, Verdict
from tests.companies import Firm
from tests.exchange.rows import bring_in, check, rows, take_back
from tests.orders.documents import customer
from tests.receivables.billing import company_works
from tests.receivables.documents import open_of, pay, posted, used_of, version_of
from tests.receivables.test_importing_invoices import counts

MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)
ROW = {"number": "SK-1", "customer": "Atlas", "dated_on": MAY, "amount": Decimal("500.00")}


@pytest.fixture
def atlas(database: Database, firm: Firm) -> int:
    return customer(database, firm.anna, name="Atlas")


@pytest.fixture
def owed(database: Database, atlas: int) -> list[int]:
    """What Atlas owes since March: A-1 over 400, A-2 over 300 in two parts, due in this order."""
    first = posted(database, atlas, (400, date(2026, 4, 1)), dated_on=MARCH, number="A-1")
    parts = posted(database, atlas, (100, date(2026, 5, 1)), (200, date(2026, 6, 1)), dated_on=MARCH, number="A-2")
    return [*first.instalments, *parts.instalments]


def planned(database: Database, actor: Actor, *given: dict[str, Any], **decided: Any) -> list[Planned]:
    return check(database, actor, RECEIPTS, rows(*given), **decided)


def one(database: Database, actor: Actor, row: dict[str, Any], **decided: Any) -> Planned:
    (found,) = planned(database, actor, row, **decided)
    return found


def stored(database: Database, number: str) -> Receipt:
    with database.read(SYSTEM) as work:
        return work.session.scalars(select(Receipt).where(Receipt.number == number)).one()


def uses(database: Database, number: str) -> list[tuple[str, Decimal]]:
    return used_of(database, stored(database, number).id)


def sound(database: Database) -> bool:
    """Whether everything adds up, but for the invoices of these tests, which have no lines."""
    with database.read(SYSTEM) as work:
        return [one for one in proof.findings(work) if "to their total" not in one and "to its total" not in one] == []


def test_rows_of_one_number_are_one_receipt(database: Database, owed: list[int], accountant: Actor, firm: Firm) -> None:
    line = ROW | {"invoice": "A-1", "allocated": Decimal(350)}
    more = {"number": "SK-1", "invoice": "A-2", "allocated": Decimal(120), "notes": "both", "method": "cheque"}
    done = bring_in(database, accountant, RECEIPTS, rows(line, more | {"created_by": firm.chen.user_id}))
    assert (done.counts["new"], done.counts["rows"]) == (1, 2)
    made = stored(database, "SK-1")
    assert (made.amount, made.open_amount, made.method, made.notes) == (50000, 3000, "cheque", "both")
    assert (made.taken_over, made.serial, made.created_by) == (True, 0, firm.chen.user_id)
    assert uses(database, "SK-1") == [("A-1", 350), ("A-2", 100), ("A-2", 20)]
    with database.read(SYSTEM) as work:
        assert set(work.session.scalars(select(Allocation.dated_on))) == {MAY}
    assert sound(database)


def test_each_row_may_say_its_own_part(database: Database, atlas: int, owed: list[int], accountant: Actor) -> None:
    given = [ROW | {"invoice": "A-1", "amount": Decimal(100)}, ROW | {"invoice": "A-2", "amount": Decimal(250)}]
    bring_in(database, accountant, RECEIPTS, rows(*given))
    assert (stored(database, "SK-1").amount, uses(database, "SK-1")[0]) == (35000, ("A-1", 100))
    assert open_of(database, atlas).balance == 350


def test_the_customer_may_be_that_of_the_invoice(database: Database, owed: list[int], accountant: Actor) -> None:
    given = {"reference": "TT 77", "dated_on": MAY, "amount": Decimal(100), "invoice": "A-1"}
    bring_in(database, accountant, RECEIPTS, rows(given))
    assert (stored(database, "TT 77").reference, uses(database, "TT 77")) == ("TT 77", [("A-1", 100)])


def test_what_is_not_open_any_more_stays_an_advance_and_is_told(
    database: Database, atlas: int, owed: list[int], accountant: Actor
) -> None:
    found = one(database, accountant, ROW | {"invoice": "A-1"})
    assert found.verdict is Verdict.NEW
    assert "400.00 CNY of A-1 are open, so the rest stays an advance" in found.rows[0].remarks["invoice"]
    bring_in(database, accountant, RECEIPTS, rows(ROW | {"invoice": "A-1"}))
    assert (stored(database, "SK-1").open_amount, open_of(database, atlas).balance) == (10000, 200)


def test_rows_share_what_is_open_among_them(database: Database, owed: list[int], accountant: Actor) -> None:
    first, second = planned(
        database,
        accountant,
        ROW | {"invoice": "A-1", "allocated": Decimal(300)},
        ROW | {"number": "SK-2", "invoice": "A-1", "allocated": Decimal(200)},
    )
    assert (first.verdict, second.verdict, second.field) == (Verdict.NEW, Verdict.INVALID, "allocated")
    assert second.why == "Only 100.00 CNY of A-1 are open."


@pytest.mark.parametrize(("chosen", "paid"), [("advance", []), ("oldest", [("A-1", 400), ("A-2", 100)])])
def test_money_without_an_invoice(
    database: Database, owed: list[int], accountant: Actor, chosen: str, paid: list[tuple[str, int]]
) -> None:
    bring_in(database, accountant, RECEIPTS, rows(ROW), chosen={"unallocated": chosen})
    assert uses(database, "SK-1") == paid
    assert sound(database)


def test_the_oldest_are_paid_by_the_earlier_money_first(database: Database, owed: list[int], accountant: Actor) -> None:
    late = ROW | {"number": "SK-2", "amount": Decimal(100)}
    early = ROW | {"number": "SK-3", "amount": Decimal(700), "dated_on": date(2026, 4, 1)}
    named = ROW | {"number": "SK-4", "amount": Decimal(50), "invoice": "A-1"}
    bring_in(database, accountant, RECEIPTS, rows(late, early, named), chosen={"unallocated": "oldest"})
    assert uses(database, "SK-4") == [("A-1", 50)]
    assert uses(database, "SK-3") == [("A-1", 350), ("A-2", 100), ("A-2", 200)]
    assert uses(database, "SK-2") == []
    assert sound(database)


@pytest.mark.parametrize(
    ("changed", "field", "why"),
    [
        ({"number": None}, "number", "missing"),
        ({"number": "REC2026-0007"}, "number", "numbers its own"),
        ({"customer": None}, "customer", "missing"),
        ({"customer": "Nobody"}, "customer", "no customer Nobody"),
        ({"dated_on": None}, "dated_on", "missing"),
        ({"dated_on": date(2026, 11, 21)}, "dated_on", "still to come"),
        ({"dated_on": date(2025, 1, 31)}, "dated_on", "closed through"),
        ({"amount": None}, "amount", "missing"),
        ({"amount": Decimal(0)}, "amount", "above 0"),
        ({"amount": Decimal(-5)}, "amount", "paid back"),
        ({"amount": Decimal("0.001")}, "amount", "decimals"),
        ({"invoice": "A-9"}, "invoice", "no invoice A-9"),
        ({"invoice": "B-1"}, "invoice", "is that of Borealis"),
        ({"invoice": "G-1"}, "invoice", "credit note"),
        ({"invoice": "E-1", "currency": "CNY"}, "currency", "in EUR"),
        ({"invoice": "A-1", "allocated": Decimal(501)}, "allocated", "only 500.00"),
        ({"invoice": "A-1", "allocated": Decimal(401)}, "allocated", "Only 400.00"),
        ({"allocated": Decimal(5)}, "invoice", "which invoice"),
        ({"payer": "x" * 251}, "payer", "250"),
        ({"account": "Bank of Nowhere"}, "account", "no account Bank of Nowhere"),
    ],
)
def test_what_cannot_come_in_is_named(
    database: Database,
    firm: Firm,
    atlas: int,
    owed: list[int],
    accountant: Actor,
    changed: dict[str, Any],
    field: str,
    why: str,
) -> None:
    company_works(database, closed_through=date(2025, 1, 31), receipt_prefix="REC")
    borealis = customer(database, firm.anna, name="Borealis")
    posted(database, borealis, 10, dated_on=MARCH, number="B-1")
    posted(database, atlas, 10, dated_on=MARCH, number="G-1", kind="credit")
    posted(database, atlas, 10, dated_on=MARCH, number="E-1", currency="EUR")
    found = one(database, accountant, ROW | changed)
    assert (found.verdict, found.field) == (Verdict.INVALID, field)
    assert why in found.why


def test_rows_of_one_receipt_agree(database: Database, owed: list[int], accountant: Actor) -> None:
    (found,) = planned(database, accountant, ROW, ROW | {"dated_on": MARCH})
    assert (found.verdict, found.field, len(found.rows), "Row 3" in found.why) == (Verdict.INVALID, "dated_on", 2, True)
    (found,) = planned(database, accountant, ROW, ROW | {"amount": Decimal(1)})
    assert (found.verdict, found.field) == (Verdict.INVALID, "amount")
    first, same = planned(database, accountant, ROW, dict(ROW))
    assert (first.verdict, same.verdict, same.why) == (Verdict.NEW, Verdict.DUPLICATE, "The same as row 2.")


def test_answers_say_which_invoice_and_account_are_meant(
    database: Database, atlas: int, owed: list[int], accountant: Actor
) -> None:
    with database.begin(accountant) as work:
        bank = accounts.save_account(work, None, 0, {"name": "ICBC", "number": "6222"})
    asked = one(database, accountant, ROW | {"invoice": "A1"})
    meant = next(candidate for candidate in asked.candidates if candidate.label.startswith("A-1"))
    answers = {("invoice", "a1"): meant.id, ("invoice", "a9"): None, ("account", "our bank"): bank}
    given = rows(
        ROW | {"invoice": "A1", "allocated": Decimal(10), "account": "Our bank"},
        ROW | {"number": "SK-2", "invoice": "A9", "account": "6222"},
    )
    bring_in(database, accountant, RECEIPTS, given, answers=answers)
    assert (uses(database, "SK-1"), uses(database, "SK-2")) == ([("A-1", 10)], [])
    assert {stored(database, f"SK-{n}").account_id for n in (1, 2)} == {bank}


def test_a_known_receipt_takes_how_the_money_came(database: Database, owed: list[int], accountant: Actor) -> None:
    done = bring_in(database, accountant, RECEIPTS, rows(ROW | {"reference": "old"}))
    assert one(database, accountant, ROW).verdict is Verdict.SKIP
    for changed in ({"amount": Decimal(1)}, {"dated_on": MARCH}, {"customer": "Nobody"}, {"currency": "EUR"}):
        found = one(database, accountant, ROW | changed)
        assert (found.verdict, found.field) == (Verdict.INVALID, *changed)
    new = ROW | {"reference": "TT 9", "method": "cheque", "matures_on": date(2026, 9, 1), "payer": CLEAR}
    again = bring_in(database, accountant, RECEIPTS, rows(new))
    made = stored(database, "SK-1")
    assert (made.reference, made.method, made.matures_on) == ("TT 9", "cheque", date(2026, 9, 1))
    assert take_back(database, accountant, again.batch, RECEIPTS).restored == 1
    made = stored(database, "SK-1")
    assert (made.reference, made.method, made.matures_on) == ("old", "other", None)
    assert take_back(database, accountant, done.batch, RECEIPTS).removed == 1


def test_an_exported_list_with_refunds_comes_back_unchanged(database: Database, atlas: int, accountant: Actor) -> None:
    paid = pay(database, accountant, atlas, 100)
    with database.begin(accountant) as work:
        back = paying_back.refund(work, ("receipt", paid), Decimal(40), {"reason": "asked"})
    with database.read(accountant) as work:
        both = [receipts.get(work, id_) for id_ in (paid, back)]
    given = [
        {
            "id": Identity(record.id, record.version),
            "number": record["number"],
            "customer": "Atlas",
            "dated_on": record["dated_on"],
            "amount": record["amount"] * (1 if record["kind"] == "receipt" else -1),
            "currency": "CNY",
            "notes": "seen",
        }
        for record in both
    ]
    found = planned(database, accountant, *given)
    assert [(one.verdict, one.id) for one in found] == [(Verdict.UPDATE, paid), (Verdict.UPDATE, back)]


def test_everything_is_as_before_when_taken_back(
    database: Database, atlas: int, owed: list[int], accountant: Actor, firm: Firm
) -> None:
    before, balance = counts(database), open_of(database, atlas)
    given = rows(
        ROW | {"invoice": "A-1", "allocated": Decimal(400)},
        ROW | {"number": "SK-2", "amount": Decimal(50)},
        ROW | {"number": "SK-3", "customer": "Cumulus"},
    )
    done = bring_in(database, accountant, RECEIPTS, given, create_missing=True, chosen={"unallocated": "oldest"})
    assert open_of(database, atlas).balance == balance.balance - 550
    with database.read(SYSTEM) as work:
        assert work.session.scalars(select(Contact).where(Contact.name == "Cumulus")).one().is_customer
    undone = take_back(database, accountant, done.batch, CONTACTS, INVOICES, RECEIPTS)
    assert undone.kept == ()
    assert (counts(database), open_of(database, atlas)) == (before, balance)
    assert sound(database)


def test_a_receipt_that_was_used_since_stays(
    database: Database, atlas: int, owed: list[int], accountant: Actor
) -> None:
    done = bring_in(database, accountant, RECEIPTS, rows(ROW, ROW | {"number": "SK-2"}, ROW | {"number": "SK-3"}))
    first, second = (stored(database, f"SK-{n}").id for n in (1, 2))
    with database.begin(accountant) as work:
        paying_back.refund(work, ("receipt", first), Decimal(40), {"reason": "asked"})
    pay(database, accountant, atlas, 1, {owed[0]: 101}, {("receipt", second): 100})
    undone = take_back(database, accountant, done.batch, RECEIPTS)
    assert (undone.removed, sorted(kept.label for kept in undone.kept)) == (1, ["SK-1", "SK-2"])
    assert sound(database)


def test_closed_books_keep_receipts(database: Database, atlas: int, owed: list[int], accountant: Actor) -> None:
    done = bring_in(database, accountant, RECEIPTS, rows(ROW, ROW | {"number": "SK-2", "dated_on": date(2026, 6, 1)}))
    company_works(database, closed_through=date(2026, 5, 31))
    undone = take_back(database, accountant, done.batch, RECEIPTS)
    assert (undone.removed, [kept.label for kept in undone.kept]) == (1, ["SK-1"])


def test_the_program_goes_on_numbering_from_the_first(database: Database, atlas: int, accountant: Actor) -> None:
    bring_in(database, accountant, RECEIPTS, rows(ROW))
    own = pay(database, accountant, atlas, 10)
    with database.read(SYSTEM) as work:
        assert receipts.get(work, own)["number"].endswith("2026-0001")
    assert (version_of(database, own), sound(database)) == (1, True)


def test_two_of_one_name_are_asked_about(database: Database, atlas: int, accountant: Actor, firm: Firm) -> None:
    with database.begin(firm.anna) as work:
        contacts.create(work, {"name": "Atlas", "is_customer": True})
    found = one(database, accountant, ROW)
    assert (found.verdict, found.field, len(found.candidates)) == (Verdict.INVALID, "customer", 2)
