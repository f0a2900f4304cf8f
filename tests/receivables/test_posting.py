"""Posting: the number, what begins to count, what is frozen, and the narrow way back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.orders.above import CreditStop
from crm_desktop.orders.model import Order
from crm_desktop.orders.rules import WrongState
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import invoices, posting, stored_papers, unposting
from crm_desktop.receivables.collecting import credit_terms
from crm_desktop.receivables.model import Invoice, InvoicePaper
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, order_of
from tests.receivables.billing import (
    TODAY,
    company_works,
    credited,
    draft,
    from_order,
    invoice_of,
    plan_of,
    post,
    posted_invoice,
    version_of,
)
from tests.receivables.documents import pay


def test_posting_gives_the_number_and_begins_the_claim(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    made = draft(database, accountant, atlas, line(quantity=3, price=100), dated_on=date(2026, 11, 10))
    before = invoice_of(database, accountant, made)
    assert (before["number"], before["status"], before["open_amount"]) == (None, rules.DRAFT, 0)
    assert [one["amount"] for one in before["instalments"]] == [Decimal("339.00")]

    assert post(database, accountant, made) == "INV2026-0001"
    after = invoice_of(database, accountant, made)
    assert (after["status"], after["open_amount"], after["posted_by"]) == (
        rules.OPEN,
        Decimal("339.00"),
        accountant.user_id,
    )
    assert after["next_due_on"] == date(2026, 12, 10)
    assert [(one["amount"], one["open"], one["due_on"]) for one in after["instalments"]] == [
        (Decimal("339.00"), Decimal("339.00"), date(2026, 12, 10))
    ]


def test_a_posted_document_keeps_all_but_its_notes_and_its_reference(
    database: Database, firm: Firm, accountant: Actor
) -> None:
    made = posted_invoice(database, accountant, customer(database, firm.anna))
    with database.begin(accountant) as work:
        invoices.save(work, made, version_of(database, made), {"notes": "Called", "reference": "PO 7"})
    record = invoice_of(database, accountant, made)
    assert (record["notes"], record["reference"], record["total"]) == ("Called", "PO 7", Decimal("113.00"))
    for name, value in (("dated_on", TODAY), ("lines", ()), ("subject", "x"), ("terms", "x"), ("rate", Decimal(2))):
        with pytest.raises(Invalid, match="posted"), database.begin(accountant) as work:
            invoices.save(work, made, record.version, {name: value})
    with pytest.raises(WrongState), database.begin(accountant) as work:
        invoices.delete(work, made, record.version)
    with pytest.raises(WrongState), database.begin(accountant) as work:
        posting.post(work, made, record.version)


def test_whoever_sells_reads_invoices_and_posts_none(database: Database, firm: Firm, accountant: Actor) -> None:
    made = draft(database, accountant, customer(database, firm.anna))
    assert invoice_of(database, firm.anna, made)["total"] == Decimal("113.00")
    with pytest.raises(NotAllowed), database.begin(firm.anna) as work:
        posting.post(work, made, 1)
    with pytest.raises(NotAllowed), database.begin(accountant) as work:
        unposting.unpost(work, made, 1, "typo")


def test_a_stale_draft_is_not_posted(database: Database, firm: Firm, accountant: Actor) -> None:
    made = draft(database, accountant, customer(database, firm.anna))
    with database.begin(accountant) as work:
        invoices.save(work, made, 1, {"subject": "Changed meanwhile"})
    with pytest.raises(Conflict), database.begin(accountant) as work:
        posting.post(work, made, 1)


def test_an_empty_draft_is_not_posted_and_burns_no_number(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    empty = draft(database, accountant, atlas, line(quantity=0))
    with pytest.raises(Invalid, match="no line with a quantity"):
        post(database, accountant, empty)
    less = draft(database, accountant, atlas, line(price=-5))
    with pytest.raises(Invalid, match="deductions"):
        post(database, accountant, less)
    assert post(database, accountant, draft(database, accountant, atlas)) == "INV2026-0001"


def test_closed_days_and_days_to_come_are_refused(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    company_works(database, closed_through=date(2026, 10, 31))
    with pytest.raises(Invalid, match="closed through 2026-10-31"):
        posted_invoice(database, accountant, atlas, dated_on=date(2026, 10, 31))
    with pytest.raises(Invalid, match="still to come"):
        posted_invoice(database, accountant, atlas, dated_on=date(2026, 11, 21))
    posted_invoice(database, accountant, atlas, dated_on=date(2026, 11, 1))


def test_a_number_is_of_the_year_of_its_document(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    first = posted_invoice(database, accountant, atlas, dated_on=date(2025, 12, 31))
    second = posted_invoice(database, accountant, atlas, dated_on=date(2026, 1, 1))
    third = posted_invoice(database, accountant, atlas, dated_on=date(2025, 12, 30))
    numbers = [invoice_of(database, accountant, id_)["number"] for id_ in (first, second, third)]
    assert numbers == ["INV2025-0001", "INV2026-0001", "INV2025-0002"]


def test_credit_notes_have_a_series_of_their_own(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    posted_invoice(database, accountant, atlas)
    free = posted_invoice(database, accountant, atlas, kind=rules.CREDIT)
    record = invoice_of(database, accountant, free)
    assert (record["number"], record["status"], record["open_amount"]) == (
        "CN2026-0001",
        rules.UNUSED,
        Decimal("113.00"),
    )


def test_many_are_posted_at_once_or_none(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas, bora = customer(database, firm.anna), customer(database, firm.anna, "Bora")
    order = confirmed_order(database, firm.anna, bora, line(quantity=4))
    drafts = [
        draft(database, accountant, atlas, dated_on=date(2025, 5, 5)),
        draft(database, accountant, bora, kind=rules.CREDIT),
        from_order(database, accountant, order, 1),
        from_order(database, accountant, order),
        draft(database, accountant, atlas),
    ]
    with database.begin(accountant) as work:
        made = posting.post_many(work, [(id_, version_of(database, id_)) for id_ in drafts])
    assert [one.number for one in made] == [
        "INV2025-0001",
        "CN2026-0001",
        "INV2026-0001",
        "INV2026-0002",
        "INV2026-0003",
    ]
    assert order_of(database, firm.anna, order)["invoiced_percent"] == 100
    assert plan_of(database, order) == [("113.00", TODAY, drafts[2]), ("339.00", TODAY, drafts[3])]
    one, other = draft(database, accountant, atlas), draft(database, accountant, atlas, line(quantity=0))
    with pytest.raises(Invalid), database.begin(accountant) as work:
        posting.post_many(work, [(one, 1), (other, 1)])
    assert invoice_of(database, accountant, one)["number"] is None
    assert post(database, accountant, one) == "INV2026-0004"


def test_the_stored_paper_never_changes(database: Database, firm: Firm, accountant: Actor) -> None:
    made = posted_invoice(database, accountant, customer(database, firm.anna))
    with database.read(accountant) as work:
        stored = stored_papers.paper(work, made)
    assert stored.startswith(b"%PDF")
    with database.begin(accountant) as work:
        invoices.save(work, made, version_of(database, made), {"reference": "another"})
        assert stored_papers.keep_many(work, [made]) == 0
    with database.read(firm.anna) as work:
        assert stored_papers.paper(work, made) == stored
        row = work.session.query(InvoicePaper).one()
        assert len(row.sha256) == 64


def test_papers_of_a_batch_are_stored_afterwards(database: Database, firm: Firm, accountant: Actor) -> None:
    made = draft(database, accountant, customer(database, firm.anna))
    with database.begin(accountant) as work:
        posting.post_many(work, [(made, 1)])
        assert work.session.query(InvoicePaper).count() == 0
    with database.begin(accountant) as work:
        assert stored_papers.keep_many(work, [made]) == 1
        assert work.session.query(InvoicePaper).count() == 1


def test_unposting_keeps_the_number_and_gives_the_plan_back(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    order = confirmed_order(database, firm.anna, atlas, line(quantity=4))
    plan = plan_of(database, order)
    part = from_order(database, accountant, order, 1)
    post(database, accountant, part)
    assert order_of(database, firm.anna, order)["invoiced_percent"] == 25
    with pytest.raises(Invalid, match="Say why"), database.begin(firm.boss) as work:
        unposting.unpost(work, part, version_of(database, part), " ")
    with database.begin(firm.boss) as work:
        unposting.unpost(work, part, version_of(database, part), "wrong price")
    record = invoice_of(database, accountant, part)
    assert (record["state"], record["number"], record["open_amount"]) == (rules.DRAFT, "INV2026-0001", 0)
    assert order_of(database, firm.anna, order)["invoiced_percent"] == 0
    assert plan_of(database, order) == plan
    with pytest.raises(WrongState, match="keeps its number"), database.begin(accountant) as work:
        invoices.delete(work, part, record.version)
    with pytest.raises(Invalid, match="stays in 2026"), database.begin(accountant) as work:
        invoices.save(work, part, record.version, {"dated_on": date(2025, 1, 1)})
    other = posted_invoice(database, accountant, atlas)
    assert invoice_of(database, accountant, other)["number"] == "INV2026-0002"
    assert post(database, accountant, part) == "INV2026-0001"
    assert plan_of(database, order) == [("113.00", TODAY, part), ("339.00", TODAY, None)]


def test_what_was_used_is_not_unposted(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    paid, back = posted_invoice(database, accountant, atlas), posted_invoice(database, accountant, atlas)
    pay(database, accountant, atlas, 10, {invoice_of(database, accountant, paid)["instalments"][0]["id"]: 10})
    credited(database, accountant, back)
    for id_ in (paid, back):
        with pytest.raises(WrongState, match="stays posted"), database.begin(firm.boss) as work:
            unposting.unpost(work, id_, version_of(database, id_), "typo")


def test_only_the_last_number_or_todays_is_unposted(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    first, last = posted_invoice(database, accountant, atlas), posted_invoice(database, accountant, atlas)
    with database.begin(accountant) as work:
        for id_ in (first, last):
            work.get(Invoice, id_).posted_at = work.now.replace(day=18)
    with pytest.raises(WrongState, match="last number"), database.begin(firm.boss) as work:
        unposting.unpost(work, first, version_of(database, first), "typo")
    company_works(database, closed_through=TODAY)
    with pytest.raises(Invalid, match="closed"), database.begin(firm.boss) as work:
        unposting.unpost(work, last, version_of(database, last), "typo")
    company_works(database, closed_through=None)
    with database.begin(firm.boss) as work:
        unposting.unpost(work, last, version_of(database, last), "typo")
    assert invoice_of(database, accountant, last)["state"] == rules.DRAFT


def test_the_credit_of_the_customer_is_asked(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    with database.begin(firm.boss) as work:
        credit_terms.save(work, atlas, 0, {"limit": Decimal(200)})
    posted_invoice(database, accountant, atlas)
    made = draft(database, accountant, atlas)
    with pytest.raises(CreditStop):
        post(database, accountant, made)
    with pytest.raises(CreditStop), database.begin(accountant) as work:
        posting.post_many(work, [(made, 1)])
    assert post(database, firm.boss, made, override="pays in advance next week") == "INV2026-0002"


def test_what_an_order_had_planned_is_no_new_credit(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    order = confirmed_order(database, firm.anna, atlas, line(quantity=4))
    with database.begin(firm.boss) as work:
        credit_terms.save(work, atlas, 0, {"limit": Decimal(100)})
    post(database, accountant, from_order(database, accountant, order))
    with pytest.raises(CreditStop):
        post(database, accountant, draft(database, accountant, atlas))


def test_posting_is_told_on_the_order_and_on_the_invoice(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=4))
    drafts = [from_order(database, accountant, order, 1), from_order(database, accountant, order, 1)]
    with database.begin(accountant) as work:
        posting.post_many(work, [(id_, 1) for id_ in drafts])
    with database.read(firm.boss) as work:
        asked = select(JournalEntry.action, JournalEntry.after, JournalEntry.version).where(
            JournalEntry.entity == "order", JournalEntry.entity_id == order
        )
        told = work.session.execute(asked.order_by(JournalEntry.id.desc())).first()
        assert told is not None
        version = work.get(Order, order).version
    assert (told.action, told.after, told.version) == ("invoice", {"invoice": "INV2026-0001, INV2026-0002"}, version)
    with database.begin(firm.boss) as work:
        unposting.unpost(work, drafts[1], version_of(database, drafts[1]), "wrong price")
    with database.read(firm.boss) as work:
        asked = select(JournalEntry.action, JournalEntry.after).where(
            JournalEntry.entity == "invoice", JournalEntry.entity_id == drafts[1]
        )
        last = work.session.execute(asked.order_by(JournalEntry.id.desc())).first()
    assert last is not None
    assert last.action == "unpost"
    assert (last.after["number"], last.after["reason"]) == ("INV2026-0002", "wrong price")
