"""Invoices and credit notes on paper: what stands on them, in the customer's language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from crm_desktop.db.work import Database
from crm_desktop.receivables.billing import stored_papers
from crm_desktop.reports import letterhead
from crm_desktop.reports.paper import Paper
from crm_desktop.shared.actor import Actor
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line
from tests.receivables.billing import credited, draft, from_order, post, posted_invoice


def paper_of(database: Database, by: Actor, invoice_id: int) -> Paper:
    with database.read(by) as work:
        return stored_papers.compose(work, invoice_id)


def text_of(content: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(BytesIO(content)) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_an_invoice_says_what_is_to_be_paid_when(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, "Atlas Ltd")
    order = confirmed_order(
        database,
        firm.anna,
        atlas,
        line(quantity=10),
        line("Advice", price=200, tax=6),
        instalments=(
            {"label": "Deposit", "amount": Decimal("342"), "event": "", "due_on": date(2026, 11, 25)},
            {"label": "Rest", "amount": Decimal("1000"), "event": "on acceptance", "due_on": None},
        ),
    )
    made = from_order(database, accountant, order)
    assert paper_of(database, accountant, made).watermark == "Draft"
    post(database, accountant, made)
    paper = paper_of(database, accountant, made)
    assert (paper.title, paper.number, paper.watermark) == ("Invoice", "INV2026-0001", "")
    assert [(one.label, one.value) for one in paper.facts][:2] == [("Date", "20 Nov 2026"), ("Order", "S2026-0001")]
    assert paper.instalments is not None
    assert paper.instalments.rows == (
        ("Deposit", "25 Nov 2026", "342.00"),
        ("Rest", "on acceptance", "1,000.00"),
    )
    assert paper.taxes is not None
    assert paper.taxes.rows == (("13", "1,000.00", "130.00"), ("6", "200.00", "12.00"))
    assert paper.totals[-1].value == "CNY 1,342.00"


def test_one_due_date_stands_at_the_top(database: Database, firm: Firm, accountant: Actor) -> None:
    made = posted_invoice(database, accountant, customer(database, firm.anna), opening="Dear Ms Li,")
    paper = paper_of(database, accountant, made)
    assert ("Payable by", "20 Dec 2026") in [(one.label, one.value) for one in paper.facts]
    assert paper.instalments is None
    assert paper.intro == "Dear Ms Li,"


def test_a_chinese_customer_reads_capital_figures(database: Database, firm: Firm, accountant: Actor) -> None:
    made = posted_invoice(
        database, accountant, customer(database, firm.anna, "上海精密机械有限公司", language="zh_Hans"), line("轴承")
    )
    paper = paper_of(database, accountant, made)
    assert paper.language == "zh_Hans"
    assert paper.amount_words == "人民币壹佰壹拾叁元整"


def test_a_credit_note_names_its_invoice_and_its_reason(database: Database, firm: Firm, accountant: Actor) -> None:
    made = posted_invoice(database, accountant, customer(database, firm.anna))
    note = credited(database, accountant, made)
    paper = paper_of(database, accountant, note)
    assert (paper.title, paper.number) == ("Credit note", "CN2026-0001")
    assert ("Invoice", "INV2026-0001") in [(one.label, one.value) for one in paper.facts]
    assert paper.instalments is None
    free = posted_invoice(
        database, accountant, customer(database, firm.anna, "Bora"), kind="credit", reason="Damaged in transit"
    )
    assert [(one.title, one.lines) for one in paper_of(database, accountant, free).texts] == [
        ("Reason", ("Damaged in transit",))
    ]


@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant"])
def test_the_stored_file_says_it_all(database: Database, firm: Firm, accountant: Actor, language: str) -> None:
    with database.begin(firm.boss) as work:
        letterhead.save(work, 0, {"name": "Harbour & Lin", "bank": "ICBC 6222 0000 1111"})
    made = draft(database, accountant, customer(database, firm.anna, "Atlas", language=language))
    post(database, accountant, made)
    with database.read(accountant) as work:
        said = text_of(stored_papers.paper(work, made))
    for part in ("INV2026-0001", "Atlas", "113.00", "6222 0000 1111", "Bearing"):
        assert part in said
