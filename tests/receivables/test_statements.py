"""Statements: movements and open items, their paper in the customer's language, batches as PDF and workbook."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import statement_files, statement_papers, statements
from crm_desktop.receivables.collecting.statements import Statement
from crm_desktop.receivables.money import paying_back, rescheduling, write_offs
from crm_desktop.reports.paper_pdf import paper_pdf
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Cancelled, Invalid, NotAllowed, NotFound
from crm_desktop.shared.i18n import SIMPLIFIED
from crm_desktop.shared.published import publish
from crm_desktop.shared.report import Asked
from tests.companies import NOW, Firm
from tests.receivables.documents import credit, customer, pay, posted
from tests.receivables.test_dunning import text_of

DAY = NOW.date()


def stated(database: Database, by: Actor, contact_id: int, *given: Any, **asked: Any) -> Statement:
    with database.read(by) as work:
        return statements.statement(work, contact_id, *given, **asked)


def told(one: Statement) -> list[tuple[Any, ...]]:
    return [(line.kind, line.charged, line.paid, line.balance) for line in one.lines]


@pytest.fixture
def atlas(database: Database, firm: Firm, accountant: Actor) -> int:
    """3,000 invoiced, 100 credited, 2,500 paid in October, 400 written off and taken back, moved, refunded."""
    contact_id = customer(database, firm.anna, "Atlas")
    claim = posted(database, contact_id, (3000, date(2026, 10, 15)), dated_on=date(2026, 9, 15), number="INV-1")
    note = credit(database, contact_id, 100, dated_on=date(2026, 9, 20), number="CN-1")
    values = {"dated_on": date(2026, 10, 10), "reference": "WIRE-7"}
    pay(database, accountant, contact_id, 2500, {claim.instalments[0]: 2600}, {("credit", note.id): 100}, **values)
    with database.begin(accountant) as work:
        lost = write_offs.write_off(work, {claim.instalments[0]: Decimal(400)}, "Bankrupt")
    with database.begin(accountant) as work:
        write_offs.take_back(work, lost)
        part = rescheduling.Part(Decimal(400), date(2026, 12, 31))
        rescheduling.reschedule(work, claim.instalments[0], [part], "Asked for time")
    advance = pay(database, accountant, contact_id, 60)
    with database.begin(accountant) as work:
        given = {"dated_on": DAY, "method": "cash", "reason": "Paid twice"}
        paying_back.refund(work, ("receipt", advance), Decimal(10), given)
    return contact_id


def test_the_movements_lead_from_opening_to_closing(database: Database, accountant: Actor, atlas: int) -> None:
    whole = stated(database, accountant, atlas)
    assert told(whole) == [
        ("invoice", 3000, 0, 3000),
        ("credit", 0, 100, 2900),
        ("receipt", 0, 2500, 400),
        ("receipt", 0, 60, 340),
        ("bad_debt", 0, 400, -60),
        ("bad_debt", 400, 0, 340),
        ("refund", 10, 0, 350),
    ]
    assert [(line.number, line.reference) for line in whole.lines[:3]] == [
        ("INV-1", ""),
        ("CN-1", ""),
        (whole.lines[2].number, "WIRE-7"),
    ]
    assert whole.lines[0].due_on == date(2026, 10, 15)
    assert (whole.opening, whole.closing) == (0, 350)


def test_a_period_begins_with_what_was_owed_before(database: Database, accountant: Actor, atlas: int) -> None:
    october = stated(database, accountant, atlas, from_on=date(2026, 10, 1), to_on=date(2026, 10, 31))
    assert (october.opening, told(october), october.closing) == (2900, [("receipt", 0, 2500, 400)], 400)
    assert october.balance.overdue == 400, "as it was at the end of October"
    september = stated(database, accountant, atlas, from_on=date(2026, 9, 1), to_on=date(2026, 9, 30))
    assert (september.opening, september.closing) == (0, october.opening)


def test_open_items_are_those_of_that_day(database: Database, accountant: Actor, atlas: int) -> None:
    assert told(stated(database, accountant, atlas, form="open")) == [("invoice", 400, 0, 400), ("receipt", 0, 50, 350)]
    then = stated(database, accountant, atlas, form="open", to_on=date(2026, 9, 30))
    assert told(then) == [("invoice", 3000, 0, 3000), ("credit", 0, 100, 2900)]


def test_a_statement_ends_today_at_the_latest(database: Database, accountant: Actor, atlas: int) -> None:
    assert stated(database, accountant, atlas, to_on=date(2026, 12, 31)).to_on == DAY


def test_each_currency_has_its_own(database: Database, firm: Firm, accountant: Actor, atlas: int) -> None:
    posted(database, atlas, 70, currency="USD")
    with database.read(accountant) as work:
        assert statements.currencies(work, atlas) == ("CNY", "USD")
    assert stated(database, accountant, atlas).currency == "CNY"
    assert stated(database, accountant, atlas, "USD").closing == 70
    assert stated(database, accountant, customer(database, firm.anna, "New")).closing == 0


def test_out_of_reach_is_not_found(database: Database, firm: Firm, atlas: int) -> None:
    assert stated(database, firm.anna, atlas).closing == 350
    with pytest.raises(NotFound):
        stated(database, firm.outsider, atlas)
    with pytest.raises(NotAllowed):
        stated(database, firm.buyer, atlas)


def test_the_paper_speaks_the_customer_s_language(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, "海天贸易有限公司", language=SIMPLIFIED)
    posted(database, atlas, ("1234.50", date(2026, 11, 1)), dated_on=date(2026, 10, 1), number="INV-8")
    with database.read(accountant) as work:
        printed = paper_pdf(statement_papers.paper(work, statements.statement(work, atlas, from_on=date(2026, 10, 1))))
    text = text_of(printed.data)
    for words in ("海天贸易有限公司", "INV-8", "1,234.50", "2026年11月20日", "壹仟贰佰叁拾肆元伍角"):
        assert words in text, words
    assert printed.missing == ()


@pytest.fixture
def three(database: Database, firm: Firm) -> list[int]:
    """Two customers who owe, one of them in two currencies, and one who paid long ago."""
    borealis, atlas, done = (customer(database, firm.anna, name) for name in ("Borealis/2", "atlas", "Done"))
    posted(database, atlas, 100, dated_on=date(2026, 10, 2))
    posted(database, borealis, 200, dated_on=date(2026, 10, 3))
    posted(database, borealis, 300, dated_on=date(2026, 10, 4), currency="USD")
    claim = posted(database, done, 50, dated_on=date(2026, 3, 1))
    pay(database, firm.boss, done, 50, {claim.instalments[0]: 50}, dated_on=date(2026, 3, 5))
    return [atlas, borealis, done]


def test_a_batch_has_everybody_who_owes_or_moved(database: Database, firm: Firm, three: list[int]) -> None:
    atlas, borealis, done = three
    owing = ((atlas, "CNY"), (borealis, "CNY"), (borealis, "USD"))
    with database.read(firm.boss) as work:
        assert statements.customers(work) == owing
        assert statements.customers(work, moved_from=date(2026, 3, 1)) == (*owing, (done, "CNY"))
        assert statements.customers(work, date(2026, 3, 4)) == ((done, "CNY"),)
        assert statements.customers(work, date(2026, 1, 1)) == ()
    with database.read(firm.outsider) as work:
        assert statements.customers(work) == ()


@pytest.mark.usefixtures("three")
def test_a_batch_is_one_pdf_or_a_workbook_with_a_sheet_each(database: Database, firm: Firm, tmp_path: Path) -> None:
    steps: list[int] = []

    class Watch:
        def step(self, done: int, total: int | None = None) -> None:
            assert total == 3
            steps.append(done)

    for name in ("all.pdf", "all.xlsx"):
        with database.read(firm.boss) as work:
            assert statement_files.write_statements(work, tmp_path / name, Asked(), Watch()) == 3
        publish(tmp_path / name)
    assert steps == [0, 1, 2, 3] * 2
    text = text_of((tmp_path / "all.pdf").read_bytes())
    assert text.index("atlas") < text.index("Borealis/2")
    book = load_workbook(tmp_path / "all.xlsx")
    assert book.sheetnames == ["atlas CNY", "Borealis 2 CNY", "Borealis 2 USD"]
    closing = [cell.value for cell in list(book["Borealis 2 USD"].rows)[-1]]
    assert (closing[1], closing[-1]) == ("Closing balance", 300)


@pytest.mark.usefixtures("three")
def test_a_batch_can_be_cancelled_and_leaves_nothing(database: Database, firm: Firm, tmp_path: Path) -> None:
    class Stop:
        def step(self, done: int, _total: int | None = None) -> None:
            if done == 2:
                raise Cancelled

    folder = tmp_path / "statements"
    folder.mkdir()
    for name in ("all.pdf", "all.xlsx"):
        with pytest.raises(Cancelled), database.read(firm.boss) as work:
            statement_files.write_statements(work, folder / name, Asked(), Stop())
    assert list(folder.iterdir()) == []
    with pytest.raises(Invalid), database.read(firm.boss) as work:
        statement_files.write_statements(work, tmp_path / "none.pdf", Asked(to_on=date(2020, 1, 1)))
    with pytest.raises(NotAllowed), database.read(firm.anna) as work:
        statement_files.write_statements(work, tmp_path / "none.pdf", Asked())


def test_the_report_shows_all_customers_or_the_lines_of_one(database: Database, firm: Firm, three: list[int]) -> None:
    with database.read(firm.boss) as work:
        everybody = statement_files.table(work, Asked(from_on=date(2026, 10, 3), to_on=date(2026, 12, 31)))
        lines = statement_files.table(work, Asked(contact_id=three[1]))
    assert [(row[0], *(money.amount for money in row[1:])) for row in everybody.rows] == [
        ("atlas", 100, 0, 100),
        ("Borealis/2", 0, 200, 200),
        ("Borealis/2", 0, 300, 300),
    ]
    assert [row[1] for row in lines.rows] == ["opening", "invoice", "closing"] * 2
    assert "Borealis/2" in lines.title
