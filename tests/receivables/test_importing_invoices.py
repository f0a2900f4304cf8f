"""Invoices of the system before, out of a list: what comes in, what is refused, and how it is taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database
from crm_desktop.exchange.imports import NotWhole
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import proof, settings
from crm_desktop.receivables.billing import invoices
from crm_desktop.receivables.collecting import balances
from crm_desktop.receivables.ledger_model import Allocation, Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.receivables.target import INVOICES, RECEIPTS
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Invalid, NotAllowed
from crm_desktop.shared.importing import CLEAR, Identity, OnMatch, Planned, Verdict
from tests.companies import Firm
from tests.exchange.rows import bring_in, check, rows, take_back
from tests.orders.documents import customer
from tests.receivables.billing import company_works
from tests.receivables.documents import open_of, pay, posted

ROW = {
    "number": "XS-1",
    "customer": "Atlas",
    "dated_on": date(2026, 3, 1),
    "due_on": date(2026, 4, 1),
    "amount": Decimal("1000.00"),
}


@pytest.fixture
def atlas(database: Database, firm: Firm) -> int:
    return customer(database, firm.anna, name="Atlas")


def planned(database: Database, actor: Actor, *given: dict[str, Any], **decided: Any) -> list[Planned]:
    return check(database, actor, INVOICES, rows(*given), **decided)


def one(database: Database, actor: Actor, row: dict[str, Any], **decided: Any) -> Planned:
    (found,) = planned(database, actor, row, **decided)
    return found


def counts(database: Database) -> dict[str, int]:
    with database.read(SYSTEM) as work:
        return {
            entity.__tablename__: work.session.scalar(select(func.count()).select_from(entity)) or 0
            for entity in (Contact, Invoice, Instalment, Receipt, Allocation)
        }


def sound(database: Database) -> bool:
    with database.read(SYSTEM) as work:
        return list(proof.findings(work)) == []


def test_what_was_received_counts_from_its_day(database: Database, atlas: int, accountant: Actor, firm: Firm) -> None:
    done = bring_in(
        database,
        accountant,
        INVOICES,
        rows(
            ROW | {"received": Decimal(400), "received_on": date(2026, 5, 1), "salesperson": firm.chen.user_id},
            ROW | {"number": "XS-2", "open": Decimal(250), "subject": "Pumps", "due_on": None},
            ROW | {"number": "XS-3", "settled_on": date(2026, 2, 1)},
            ROW | {"number": "XS-4", "amount": None, "open": Decimal("10.50"), "created_by": firm.chen.user_id},
        ),
    )
    assert (done.counts["new"], done.counts["rows"]) == (4, 4)
    opened = {item.number: (item.open, item.due_on) for item in open_of(database, atlas).instalments}
    assert opened == {
        "XS-1": (Decimal(600), date(2026, 4, 1)),
        "XS-2": (Decimal(250), date(2026, 3, 31)),
        "XS-4": (Decimal("10.50"), date(2026, 4, 1)),
    }
    with database.read(accountant) as work:
        ages = {
            day: balances.card(work, atlas, date(2026, *day)).of("CNY").balance for day in ((2, 15), (4, 30), (5, 1))
        }
        stored = {row.number: row for row in work.session.scalars(select(Receipt))}
        made = {row.number: row for row in work.session.scalars(select(Invoice))}
    assert ages == {(2, 15): Decimal(-1000), (4, 30): Decimal("1260.50"), (5, 1): Decimal("860.50")}
    assert {number: (row.dated_on, row.serial, row.taken_over, row.method) for number, row in stored.items()} == {
        "XS-1/R": (date(2026, 5, 1), 0, True, "other"),
        "XS-2/R": (date(2026, 3, 1), 0, True, "other"),
        "XS-3/R": (date(2026, 2, 1), 0, True, "other"),
    }
    assert (made["XS-1"].salesperson_id, made["XS-2"].salesperson_id) == (firm.chen.user_id, firm.anna.user_id)
    assert [made[f"XS-{n}"].created_by for n in (1, 4)] == [None, firm.chen.user_id]
    assert sound(database)


@pytest.mark.parametrize(
    ("changed", "field", "why"),
    [
        ({"number": None}, "number", "missing"),
        ({"number": "INV2026-0007"}, "number", "numbers its own"),
        ({"customer": None}, "customer", "missing"),
        ({"customer": "Nobody"}, "customer", "no customer Nobody"),
        ({"dated_on": None}, "dated_on", "missing"),
        ({"dated_on": date(2026, 11, 21)}, "dated_on", "still to come"),
        ({"dated_on": date(2025, 1, 31)}, "dated_on", "closed through"),
        ({"received": Decimal(10), "received_on": date(2025, 1, 31)}, "received_on", "closed through"),
        ({"amount": None}, "amount", "missing"),
        ({"amount": Decimal(0)}, "amount", "above 0"),
        ({"amount": Decimal(-5)}, "amount", "credit note"),
        ({"amount": Decimal("1.234")}, "amount", "decimals"),
        ({"amount": Decimal(10) ** 15}, "amount", "too large"),
        ({"received": Decimal("1000.01")}, "received", "more than the total"),
        ({"open": Decimal("1000.01")}, "open", "more than the total"),
        ({"open": Decimal(1), "received": Decimal(1)}, "open", "do not add up"),
        ({"received": Decimal(1), "settled_on": date(2026, 5, 1)}, "settled_on", "not all"),
        ({"received": Decimal(-1)}, "received", "above 0"),
        ({"currency": "EUR"}, "rate", "worth"),
        ({"currency": "Euro!"}, "currency", "three letters"),
        ({"currency": "EUR", "rate": Decimal(0)}, "rate", "above 0"),
        ({"number": "X" * 61}, "number", "60"),
        ({"reference": "字" * 251}, "reference", "250"),
    ],
)
def test_what_cannot_come_in_is_named(
    database: Database, atlas: int, accountant: Actor, changed: dict[str, Any], field: str, why: str
) -> None:
    company_works(database, closed_through=date(2025, 1, 31))
    found = one(database, accountant, ROW | changed)
    assert (found.verdict, found.field) == (Verdict.INVALID, field)
    assert why in found.why
    before = counts(database)
    with pytest.raises(NotWhole):
        bring_in(database, accountant, INVOICES, rows(ROW | {"number": "good"}, ROW | changed))
    assert counts(database) == before


def test_a_cell_that_cannot_be_read_keeps_its_row_out(database: Database, atlas: int, accountant: Actor) -> None:
    (row,) = rows(ROW)
    row.problems["amount"] = "“a lot” is no amount."
    (found,) = check(database, accountant, INVOICES, [row])
    assert (found.verdict, found.why, found.field) == (Verdict.INVALID, "“a lot” is no amount.", "amount")


def test_the_same_row_twice_comes_in_once(database: Database, atlas: int, accountant: Actor) -> None:
    first, same, other = planned(database, accountant, ROW, dict(ROW), ROW | {"amount": Decimal(1)})
    assert [one.verdict for one in (first, same, other)] == [Verdict.NEW, Verdict.DUPLICATE, Verdict.INVALID]
    assert (same.why, "Row 2" in other.why) == ("The same as row 2.", True)


def test_missing_customers_are_made_when_asked_and_belong_to_who_sold(
    database: Database, accountant: Actor, firm: Firm
) -> None:
    given = rows(
        ROW | {"customer": "Borealis", "salesperson": firm.chen.user_id},
        ROW | {"customer": "Borealis", "number": "XS-2", "salesperson": firm.chen.user_id},
    )
    before = counts(database)
    done = bring_in(database, accountant, INVOICES, given, create_missing=True)
    with database.read(SYSTEM) as work:
        made = work.session.scalars(select(Contact).where(Contact.name == "Borealis")).one()
        assert (made.owner_id, made.is_customer) == (firm.chen.user_id, True)
    assert take_back(database, accountant, done.batch, CONTACTS, INVOICES).kept == ()
    assert counts(database) == before


def test_a_credit_note_is_what_is_left_to_use(database: Database, atlas: int, accountant: Actor) -> None:
    given = rows(
        ROW | {"number": "G-1", "kind": "credit", "amount": Decimal(-50), "due_on": None},
        ROW | {"number": "G-2", "kind": "credit", "open": Decimal(-20)},
    )
    bring_in(database, accountant, INVOICES, given)
    assert {one.number: one.open for one in open_of(database, atlas).credits} == {"G-1": 50, "G-2": 20}
    used = one(database, accountant, ROW | {"number": "G-3", "kind": "credit", "open": Decimal(0)})
    assert (used.verdict, used.why) == (Verdict.SKIP, "Nothing is left of this credit note.")
    assert sound(database)


def test_a_known_number_takes_notes_and_keeps_the_rest(database: Database, atlas: int, accountant: Actor) -> None:
    done = bring_in(database, accountant, INVOICES, rows(ROW | {"notes": "old"}))
    before = note_of(database)
    assert one(database, accountant, ROW).verdict is Verdict.SKIP
    assert one(database, accountant, ROW | {"notes": "new"}, on_match=OnMatch.SKIP).verdict is Verdict.SKIP
    assert one(database, accountant, ROW | {"notes": "new"}, on_match=OnMatch.ERROR).verdict is Verdict.INVALID
    for changed in (
        {"amount": Decimal(999)},
        {"dated_on": date(2026, 3, 2)},
        {"due_on": date(2026, 4, 2)},
        {"kind": "credit"},
        {"customer": "Nobody"},
        {"currency": "EUR"},
    ):
        found = one(database, accountant, ROW | changed)
        assert (found.verdict, found.field) == (Verdict.INVALID, *changed)
        assert "leaves that as it is" in found.why
    told = one(database, accountant, ROW | {"received": Decimal(100)})
    assert (told.verdict, "1,000.00 are open of it here, 900.00 by the file" in told.why) == (Verdict.SKIP, True)
    (change,) = one(database, accountant, ROW | {"notes": "new"}).differences
    assert (change.field, change.old, change.new) == ("notes", "old", "new")
    again = bring_in(database, accountant, INVOICES, rows(ROW | {"notes": CLEAR, "reference": "PO 7"}))
    assert again.counts["update"] == 1
    assert note_of(database) == ("", "PO 7")
    assert take_back(database, accountant, done.batch, INVOICES).kept[0].reason == "It was changed after the import."
    assert take_back(database, accountant, again.batch, INVOICES).restored == 1
    assert note_of(database) == before


def note_of(database: Database) -> tuple[str, str]:
    with database.read(SYSTEM) as work:
        row = work.session.scalars(select(Invoice)).one()
        return row.notes, row.reference


def test_a_row_of_an_exported_list_meets_its_own_invoice(database: Database, atlas: int, accountant: Actor) -> None:
    mine = posted(database, atlas, 100, number="INV2026-0001")
    with database.begin(accountant) as work:
        invoices.save(work, mine.id, work.get(Invoice, mine.id).version, {"notes": "by Li Na"})
    late = {"number": "INV2026-0001", "id": Identity(mine.id, 1), "notes": "mine"}
    found = one(database, accountant, late)
    assert (found.verdict, found.field, "Li Na changed this" in found.why) == (Verdict.INVALID, "notes", True)
    assert one(database, accountant, late | {"notes": None, "reference": "PO 8"}).verdict is Verdict.UPDATE
    other = one(database, accountant, late | {"number": "INV2026-0002"})
    assert (other.verdict, other.field) == (Verdict.INVALID, "number")
    with database.begin(accountant) as work:
        drafts = [invoices.create(work, {"contact_id": atlas, "lines": ()}) for _draft in range(2)]
    draft, another = planned(database, accountant, *({"id": Identity(id_, 1), "notes": "mine"} for id_ in drafts))
    assert (draft.verdict, another.verdict, "is a draft" in draft.why) == (Verdict.SKIP, Verdict.SKIP, True)
    gone = one(database, accountant, late | {"id": Identity(mine.id + 99, 1)})
    assert (gone.verdict, gone.field) == (Verdict.INVALID, "id")


def test_what_was_used_since_stays_with_what_it_hangs_on(database: Database, atlas: int, accountant: Actor) -> None:
    before = counts(database)
    half = ROW | {"received": Decimal(400)}
    done = bring_in(database, accountant, INVOICES, rows(half, half | {"number": "XS-2"}))
    first = next(item for item in open_of(database, atlas).instalments if item.number == "XS-1")
    pay(database, accountant, atlas, 100, {first.id: 100})
    undone = take_back(database, accountant, done.batch, INVOICES)
    assert (undone.removed, sorted((kept.entity, kept.label) for kept in undone.kept)) == (
        2,
        [("invoice", "XS-1"), ("receipt", "XS-1/R")],
    )
    assert [item.open for item in open_of(database, atlas).instalments] == [Decimal(500)]
    assert counts(database)["invoice"] == before["invoice"] + 1
    assert sound(database)
    with pytest.raises(Invalid, match="already"):
        take_back(database, accountant, done.batch, INVOICES)


def test_closed_books_keep_what_came_in(database: Database, atlas: int, accountant: Actor) -> None:
    given = rows(ROW | {"received": Decimal(400)}, ROW | {"number": "XS-2", "dated_on": date(2026, 6, 1)})
    done = bring_in(database, accountant, INVOICES, given)
    with database.begin(accountant) as work:
        version = settings.get_settings(work).version
        settings.save_settings(work, version, {"closed_through": date(2026, 3, 31)})
    undone = take_back(database, accountant, done.batch, INVOICES)
    assert (undone.removed, {kept.label for kept in undone.kept}) == (1, {"XS-1", "XS-1/R"})
    assert all("closed through" in kept.reason for kept in undone.kept)
    assert sound(database)


def test_receipts_and_then_their_invoices_are_taken_back(database: Database, atlas: int, accountant: Actor) -> None:
    before = counts(database)
    paid = {"number": "SK-1", "dated_on": date(2026, 5, 1), "amount": Decimal(300), "invoice": "XS-1"}
    first = bring_in(database, accountant, INVOICES, rows(ROW))
    second = bring_in(database, accountant, RECEIPTS, rows(paid))
    take_back(database, accountant, second.batch, RECEIPTS)
    assert open_of(database, atlas).balance == 1000
    assert take_back(database, accountant, first.batch, INVOICES).kept == ()
    assert counts(database) == before


def test_an_invoice_that_another_import_paid_stays(database: Database, atlas: int, accountant: Actor) -> None:
    paid = {"number": "SK-1", "dated_on": date(2026, 5, 1), "amount": Decimal(300), "invoice": "XS-1"}
    first = bring_in(database, accountant, INVOICES, rows(ROW))
    bring_in(database, accountant, RECEIPTS, rows(paid))
    kept = take_back(database, accountant, first.batch, INVOICES).kept
    assert [one.reason for one in kept] == ["Something was allocated to it."]
    assert open_of(database, atlas).balance == 700
    assert sound(database)


def test_only_who_keeps_the_books_brings_invoices_in(database: Database, atlas: int, firm: Firm) -> None:
    with pytest.raises(NotAllowed):
        check(database, firm.anna, INVOICES, rows(ROW))


def test_a_customer_of_two_names_is_asked_about(database: Database, atlas: int, accountant: Actor, firm: Firm) -> None:
    with database.begin(firm.anna) as work:
        other = contacts.create(work, {"name": "Atlas", "is_customer": True})
    found = one(database, accountant, ROW)
    assert (found.verdict, found.field) == (Verdict.INVALID, "customer")
    assert {candidate.id for candidate in found.candidates} == {atlas, other}
    bring_in(database, accountant, INVOICES, rows(ROW), answers={("customer", "atlas"): other})
    assert open_of(database, other).balance == 1000
