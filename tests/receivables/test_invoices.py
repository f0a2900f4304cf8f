"""Drafts of invoices: what they propose, how they are changed, who may."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from crm_desktop.db.work import Database
from crm_desktop.orders import terms
from crm_desktop.orders.instalments import PERCENT, REMAINDER, Part
from crm_desktop.receivables import rules
from crm_desktop.receivables.billing import invoices
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, product
from tests.receivables.billing import TODAY, draft, from_order, invoice_of, post, posted_invoice, version_of


def test_a_new_invoice_proposes_what_is_usual(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    with database.begin(firm.boss) as work:
        term = terms.save_payment_term(
            work, None, 0, name="30/70", parts=[Part(PERCENT, Decimal(30), 10), Part(REMAINDER, days=40)]
        )
    confirmed_order(database, firm.anna, atlas, payment_term_id=term)
    with database.read(accountant) as work:
        values = invoices.defaults(work, atlas)
    assert (values["dated_on"], values["currency"], values["rate"], values["payment_term_id"], values["kind"]) == (
        TODAY,
        "CNY",
        1,
        term,
        rules.INVOICE,
    )
    made = draft(database, accountant, atlas)
    shown = invoice_of(database, accountant, made)["instalments"]
    assert [(one["amount"], one["due_on"]) for one in shown] == [
        (Decimal("33.90"), date(2026, 11, 30)),
        (Decimal("79.10"), date(2026, 12, 30)),
    ]
    post(database, accountant, made)
    assert len(invoice_of(database, accountant, made)["instalments"]) == 2


def test_lines_take_up_what_their_product_says(database: Database, firm: Firm, accountant: Actor) -> None:
    seal = product(database, "S-1", name="Shaft seal")
    made = draft(
        database,
        accountant,
        customer(database, firm.anna),
        {"id": None, "product_id": seal, "quantity": Decimal(2), "unit_price": Decimal("7.5")},
    )
    record = invoice_of(database, accountant, made)
    (one,) = record["lines"]
    assert (one["name"], one["code"], one["unit"], one["tax_percent"], one["covered"]) == (
        "Shaft seal",
        "S-1",
        "pcs",
        13,
        0,
    )
    assert (record["net"], record["tax"], record["total"]) == (Decimal("15.00"), Decimal("1.95"), Decimal("16.95"))


def test_the_rate_last_used_is_proposed(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna)
    with pytest.raises(Invalid, match="worth"):
        draft(database, accountant, atlas, currency="EUR")
    posted_invoice(database, accountant, atlas, currency="EUR", rate=Decimal("7.8"))
    made = draft(database, accountant, atlas, currency="EUR")
    assert invoice_of(database, accountant, made)["rate"] == Decimal("7.8")


def test_a_draft_is_changed_over_its_version(database: Database, firm: Firm, accountant: Actor) -> None:
    made = draft(database, accountant, customer(database, firm.anna))
    with database.begin(accountant) as work:
        assert invoices.save(work, made, 1, {"subject": "Pumps", "due_on": date(2026, 12, 24)}) == 2
    with pytest.raises(Conflict) as clash, database.begin(accountant) as work:
        invoices.save(work, made, 1, {"due_on": date(2026, 12, 31)})
    assert (clash.value.theirs, clash.value.original) == ({"due_on": date(2026, 12, 24)}, {"due_on": None})
    with database.begin(accountant) as work:
        invoices.save(work, made, 1, {"lines": [line(quantity=3)]})
    record = invoice_of(database, accountant, made)
    assert (record["subject"], record["total"]) == ("Pumps", Decimal("339.00"))


def test_what_a_line_covers_follows_its_quantity(database: Database, firm: Firm, accountant: Actor) -> None:
    order = confirmed_order(database, firm.anna, customer(database, firm.anna), line(quantity=10))
    made = from_order(database, accountant, order)
    record = invoice_of(database, accountant, made)
    changed = [{**record["lines"][0], "quantity": Decimal(4)}, line("Freight", price=30)]
    with database.begin(accountant) as work:
        invoices.save(work, made, record.version, {"lines": changed})
    shown = invoice_of(database, accountant, made)["lines"]
    assert [(one["quantity"], one["covered"]) for one in shown] == [(4, 4), (1, 0)]


def test_a_draft_that_never_had_a_number_is_deleted(database: Database, firm: Firm, accountant: Actor) -> None:
    made = draft(database, accountant, customer(database, firm.anna))
    with database.begin(accountant) as work:
        invoices.delete(work, made, version_of(database, made))
    with pytest.raises(NotFound):
        invoice_of(database, accountant, made)


def test_a_copy_is_a_new_draft_of_today(database: Database, firm: Firm, accountant: Actor) -> None:
    made = posted_invoice(
        database, accountant, customer(database, firm.anna), dated_on=date(2026, 10, 1), reference="PO", subject="Pumps"
    )
    with database.begin(accountant) as work:
        copied = invoices.copy(work, made)
    record = invoice_of(database, accountant, copied)
    assert (record["number"], record["state"], record["dated_on"], record["subject"], record["total"]) == (
        None,
        rules.DRAFT,
        TODAY,
        "Pumps",
        Decimal("113.00"),
    )


def test_each_sees_the_invoices_of_own_customers(database: Database, firm: Firm, accountant: Actor) -> None:
    made = posted_invoice(database, accountant, customer(database, firm.anna))
    assert invoice_of(database, firm.manager, made)["number"] == "INV2026-0001"
    for stranger in (firm.outsider, firm.chen):
        with pytest.raises(NotFound):
            invoice_of(database, stranger, made)
    with pytest.raises(NotAllowed):
        invoice_of(database, firm.buyer, made)
    with pytest.raises(NotAllowed):
        draft(database, firm.anna, 1)


def test_invoices_are_for_customers_alone(database: Database, firm: Firm, accountant: Actor) -> None:
    with pytest.raises(Invalid, match="no longer exists"):
        draft(database, accountant, 999)
    with pytest.raises(Invalid, match="not known"):
        draft(database, accountant, customer(database, firm.anna), kind="quote")
