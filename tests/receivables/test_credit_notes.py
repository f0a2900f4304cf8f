"""Credit notes: whole, by line, free; set off at once, never more than there is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_desktop.db.work import Database
from crm_desktop.orders.rules import WrongState
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import credit_notes, invoices, stored_papers
from crm_desktop.receivables.money.uses import uses_of
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Invalid
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, order_of
from tests.receivables.billing import (
    credited,
    draft,
    from_order,
    invoice_of,
    post,
    posted_invoice,
    version_of,
)
from tests.receivables.documents import open_of, pay


def test_a_whole_invoice_is_credited_and_settled_at_once(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    order = confirmed_order(database, firm.anna, atlas, line(quantity=5), line("Seal", quantity=3, price=7))
    made = from_order(database, accountant, order)
    post(database, accountant, made)
    note = credited(database, accountant, made)
    record, shown = invoice_of(database, accountant, note), invoice_of(database, accountant, made)
    assert (record["kind"], record["number"], record["status"]) == (rules.CREDIT, "CN2026-0001", rules.USED)
    assert (record["total"], record["origin_number"], record["order_number"]) == (
        shown["total"],
        "INV2026-0001",
        "S2026-0001",
    )
    assert (shown["status"], shown["open_amount"], shown["credited"]) == (rules.CREDITED, 0, shown["total"])
    assert [(one["id"], one["total"]) for one in shown["credited_by"]] == [(note, shown["total"])]
    assert order_of(database, firm.anna, order)["invoiced_percent"] == 0
    with pytest.raises(WrongState, match="All of this invoice"), database.begin(accountant) as work:
        credit_notes.from_invoice(work, made)


def test_credit_and_copy_corrects_a_typo(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=5))
    wrong = from_order(database, accountant, order)
    post(database, accountant, wrong)
    credited(database, accountant, wrong)
    with database.begin(accountant) as work:
        right = invoices.copy(work, wrong)
        record = invoices.get(work, right)
        invoices.save(work, right, record.version, {"lines": [{**record["lines"][0], "unit_price": Decimal(90)}]})
    post(database, accountant, right)
    assert invoice_of(database, accountant, right)["open_amount"] == Decimal("508.50")
    assert order_of(database, firm.anna, order)["invoiced_percent"] == 100


def test_lines_are_credited_in_parts_that_add_up(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    made = posted_invoice(
        database,
        accountant,
        atlas,
        *(line(f"Part {place}", quantity=1, price="0.35") for place in range(3)),
        discount_amount=Decimal("0.04"),
    )
    shown = invoice_of(database, accountant, made)
    parts = [credited(database, accountant, made, {one["id"]: Decimal(1)}) for one in shown["lines"]]
    totals = [invoice_of(database, accountant, one)["total"] for one in parts]
    assert 0 <= shown["total"] - sum(totals) <= Decimal("0.02")
    assert invoice_of(database, accountant, made)["open_amount"] == shown["total"] - sum(totals)


def test_no_more_is_credited_than_was_invoiced(database: Database, firm: Firm, accountant: Actor) -> None:
    made = posted_invoice(database, accountant, customer(database, firm.anna), line(quantity=5))
    line_id = invoice_of(database, accountant, made)["lines"][0]["id"]
    credited(database, accountant, made, {line_id: Decimal(3)})
    with pytest.raises(Invalid, match="Only 2 of a line can be credited, not 3"), database.begin(accountant) as work:
        credit_notes.from_invoice(work, made, {line_id: Decimal(3)})
    with database.begin(accountant) as work:
        rest = credit_notes.from_invoice(work, made)
        record = invoices.get(work, rest)
        assert [one["quantity"] for one in record["lines"]] == [2]
        invoices.save(work, rest, record.version, {"lines": [{**record["lines"][0], "unit_price": Decimal(101)}]})
    with pytest.raises(Invalid, match=r"Only 226.00 CNY of invoice INV2026-0001 can be credited, not 228.26"):
        post(database, accountant, rest)


def test_the_order_takes_back_no_more_than_the_invoice_took(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=5))
    made = from_order(database, accountant, order)
    post(database, accountant, made)
    with database.begin(accountant) as work:
        note = credit_notes.from_invoice(work, made)
        record = invoices.get(work, note)
        invoices.save(
            work,
            note,
            record.version,
            {"lines": [{**record["lines"][0], "quantity": Decimal(6), "unit_price": Decimal(1)}]},
        )
    with pytest.raises(Invalid, match="were invoiced, so 6 cannot be credited"):
        post(database, accountant, note)


def test_a_price_that_comes_down_leaves_the_order_invoiced(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=5))
    made = from_order(database, accountant, order)
    post(database, accountant, made)
    with database.begin(accountant) as work:
        note = credit_notes.from_invoice(work, made, reopens=False)
        record = invoices.get(work, note)
        cheaper = [{**record["lines"][0], "unit_price": Decimal(10)}]
        invoices.save(work, note, record.version, {"lines": cheaper, "reason": "late"})
    post(database, accountant, note)
    assert order_of(database, firm.anna, order)["invoiced_percent"] == 100
    shown = invoice_of(database, accountant, made)
    assert (shown["open_amount"], shown["status"]) == (Decimal("508.50"), rules.PARTLY)


def test_what_is_paid_already_remains_as_a_credit(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    made = posted_invoice(database, accountant, atlas, line(price=1000, tax=0))
    (part,) = invoice_of(database, accountant, made)["instalments"]
    pay(database, accountant, atlas, 900, {part["id"]: 900})
    note = credited(database, accountant, made)
    record = invoice_of(database, accountant, note)
    assert (record["open_amount"], record["status"]) == (Decimal("900.00"), rules.PARTLY_USED)
    assert [(one.kind, one.open) for one in open_of(database, atlas).credits] == [("credit", Decimal("900.00"))]
    with database.read(accountant) as work:
        used = uses_of(work, credit_id=note)
    assert [(one.amount, one.invoice_id) for one in used] == [(Decimal("100.00"), made)]


def test_a_free_credit_note_waits_for_an_invoice(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    posted_invoice(database, accountant, atlas)
    free = posted_invoice(database, accountant, atlas, line("Goodwill", price=20), kind="credit", reason="Sorry")
    record = invoice_of(database, accountant, free)
    assert (record["open_amount"], record["origin_id"], record["status"]) == (Decimal("22.60"), None, rules.UNUSED)


def test_a_credit_note_is_not_older_than_its_invoice(database: Database, firm: Firm, accountant: Actor) -> None:
    made = posted_invoice(database, accountant, customer(database, firm.anna), dated_on=date(2026, 11, 10))
    with database.begin(accountant) as work:
        note = credit_notes.from_invoice(work, made)
        invoices.save(work, note, 1, {"dated_on": date(2026, 11, 9)})
        with pytest.raises(Invalid, match="stays with the customer"):
            invoices.save(work, note, 2, {"currency": "EUR"})
    with pytest.raises(Invalid, match="on the day of its invoice or later"):
        post(database, accountant, note)


def test_drafts_are_not_credited(database: Database, firm: Firm, accountant: Actor) -> None:
    made = draft(database, accountant, customer(database, firm.anna))
    with pytest.raises(WrongState, match="posted invoice"), database.begin(accountant) as work:
        credit_notes.from_invoice(work, made)
    assert version_of(database, made) == 1


def test_crediting_is_told_on_the_invoice(database: Database, firm: Firm, accountant: Actor) -> None:
    from crm_desktop.db.journal import JournalEntry

    made = posted_invoice(database, accountant, customer(database, firm.anna))
    credited(database, accountant, made)
    with database.read(accountant) as work:
        asked = select(JournalEntry.action, JournalEntry.after).where(
            JournalEntry.entity == "invoice", JournalEntry.entity_id == made
        )
        told = [(row.action, row.after) for row in work.session.execute(asked.order_by(JournalEntry.id))]
    assert [action for action, _after in told] == ["create", "post", "credit"]
    assert told[1][1] == {"number": "INV2026-0001"}
    assert told[2][1] == {"number": "CN2026-0001", "amount": "113.00"}
    with database.read(accountant) as work:
        assert stored_papers.paper(work, made)
