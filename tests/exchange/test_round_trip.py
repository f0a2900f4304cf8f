"""Lists go out to a spreadsheet, are edited there, and come in again: the same records change, nothing else."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from crm_desktop.access.model import Company
from crm_desktop.contacts import export as contact_export
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.contacts.row_list import RowList
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.exchange import imports
from crm_desktop.exchange.imports import Done, NotWhole
from crm_desktop.exchange.list_export import ListExport
from crm_desktop.exchange.reading.files import read_book
from crm_desktop.exchange.sheets import drafting
from crm_desktop.exchange.sheets.drafting import Draft
from crm_desktop.orders.export import ORDER_EXPORT, QUOTE_EXPORT
from crm_desktop.orders.lists import QUOTES
from crm_desktop.orders.model import OrderLine
from crm_desktop.orders.target import ORDERS
from crm_desktop.orders.target import QUOTES as QUOTE_TARGET
from crm_desktop.products import service as products
from crm_desktop.products.export import PRODUCT_EXPORT
from crm_desktop.products.model import Product
from crm_desktop.products.target import PRODUCTS
from crm_desktop.receivables.export import INVOICE_EXPORT, RECEIPT_EXPORT
from crm_desktop.receivables.lists import INVOICES, RECEIPTS
from crm_desktop.receivables.target import INVOICES as INVOICE_TARGET
from crm_desktop.receivables.target import RECEIPTS as RECEIPT_TARGET
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import Unavailable
from crm_desktop.shared.fields import Use
from crm_desktop.shared.importing import ImportTarget, Planned, Verdict
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.published import publishing
from crm_desktop.shared.record import Record
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, new_quote, order_of, product, quote_of, sent_quote
from tests.receivables.billing import invoice_of, posted_invoice
from tests.receivables.books import hire_accountant, invoice, open_of, receive
from tests.receivables.documents import receipt_of

CHINESE = "宁波港林贸易有限公司"
Edit = Callable[[Any, dict[str, int]], None]
CONTACT_COLUMNS = (
    *("name", "status", "kind", "owner", "phone", "email", "city", "short_name", "level", "industry", "source", "tags"),
    *("code", "registration_number", "website", "language", "is_customer", "is_supplier", "notes", "created_at"),
    "updated_at",
)
PRODUCT_COLUMNS = ("name", "code", "category", "unit", "list_price", "tax_percent", "cost", "description", "active")
ORDER_COLUMNS = (
    *("customer", "number", "state", "due_on", "delivered_percent", "open_net", "dated_on", "subject", "reference"),
    *("salesperson", "total", "net", "tax", "currency", "notes"),
)


def export_contacts(database: Database, by: Actor, path: Path, columns: Sequence[str] = CONTACT_COLUMNS) -> None:
    with publishing(path), database.read(by) as work:
        contact_export.write_file(work, path, Listing(), columns)


def export_products(database: Database, by: Actor, path: Path) -> None:
    with publishing(path), database.read(by) as work:
        PRODUCT_EXPORT.write_file(work, path, Listing(), PRODUCT_COLUMNS)


def edit(path: Path, change: Edit) -> None:
    """Open a workbook as a person's spreadsheet does, change it and save it."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    change(sheet, {str(cell.value): cell.column for cell in sheet[1]})
    book.save(path)


def row_of(sheet: Any, text: str) -> int:
    return next(row[0].row for row in sheet.iter_rows() if any(cell.value == text for cell in row))


def draft_of(database: Database, by: Actor, path: Path, target: ImportTarget) -> Draft:
    book = read_book(path)
    with database.read(by) as work:
        return Draft(book, book.sheets[0], target, drafting.context(work, target))


def planned(database: Database, by: Actor, path: Path, target: ImportTarget) -> list[Planned]:
    draft = draft_of(database, by, path, target)
    with database.read(by) as work:
        return imports.check(work, draft.job())


def bring_in(database: Database, by: Actor, path: Path, target: ImportTarget, *, good_rows_only: bool = False) -> Done:
    draft = draft_of(database, by, path, target)
    with database.begin(by) as work:
        return imports.apply(work, draft.job(), good_rows_only=good_rows_only)


def verdicts(found: Sequence[Planned]) -> list[str]:
    return sorted(str(one.verdict) for one in found)


def written(database: Database, by: Actor, batch: str) -> set[tuple[str, str]]:
    """What an import wrote down, as the journal has it."""
    with database.read(by) as work:
        asked = select(JournalEntry.entity, JournalEntry.action).where(JournalEntry.batch == batch)
        return {(entity, action) for entity, action in work.session.execute(asked) if entity != "import"}


@pytest.fixture
def people(database: Database, firm: Firm) -> dict[str, int]:
    """Three companies that hold what a spreadsheet likes to spoil."""
    given: tuple[dict[str, Any], ...] = (
        {
            "name": "=SUM(1;2) Traders",
            "points": [{"kind": "phone", "value": "+49 511 123456"}],
            "addresses": [{"kind": "office", "city": "-5"}],
            "industry": "@home",
            "notes": "+1 more",
        },
        {
            "name": CHINESE,
            "points": [{"kind": "phone", "value": "0574-87123456"}],
            "addresses": [{"kind": "office", "street": "中山路 1 号", "city": "宁波", "country": "CN"}],
            "tags": ["钢材", "Fair 2026"],
        },
        {
            "name": "0815 GmbH",
            "points": [{"kind": "email", "value": "info@0815.example"}],
            "addresses": [{"kind": "office", "city": "007"}],
            "notes": "two\nlines",
        },
    )
    with database.begin(firm.boss) as work:
        return {values["name"]: contacts.create(work, {"kind": "company", **values}) for values in given}


def everything(database: Database, by: Actor, ids: dict[str, int]) -> dict[str, Record]:
    with database.read(by) as work:
        return {name: contacts.get(work, id_) for name, id_ in ids.items()}


def test_an_untouched_workbook_changes_nothing(
    database: Database, firm: Firm, people: dict[str, int], tmp_path: Path
) -> None:
    path = tmp_path / "contacts.xlsx"
    before = everything(database, firm.boss, people)
    export_contacts(database, firm.boss, path)
    found = planned(database, firm.boss, path, CONTACTS)
    assert [(str(one.verdict), one.why, one.differences) for one in found] == [
        ("skip", "Nothing differs from what is stored.", ())
    ] * 3
    edit(path, lambda _sheet, _at: None)
    assert verdicts(planned(database, firm.boss, path, CONTACTS)) == ["skip"] * 3
    assert bring_in(database, firm.boss, path, CONTACTS).batch == ""
    assert everything(database, firm.boss, people) == before


def test_what_was_edited_changes_and_nothing_else(
    database: Database, firm: Firm, people: dict[str, int], tmp_path: Path
) -> None:
    path = tmp_path / "contacts.xlsx"
    before = everything(database, firm.boss, people)
    export_contacts(database, firm.boss, path)

    def change(sheet: Any, at: dict[str, int]) -> None:
        chinese, formula = row_of(sheet, CHINESE), row_of(sheet, "=SUM(1;2) Traders")
        sheet.cell(chinese, at["Name"]).value = "宁波港林国际贸易有限公司"
        sheet.cell(chinese, at["City"]).value = "上海"
        sheet.cell(formula, at["Notes"]).value = "-"
        sheet.cell(row_of(sheet, "0815 GmbH"), at["City"]).value = None

    edit(path, change)
    found = {one.id: one for one in planned(database, firm.boss, path, CONTACTS)}
    assert {one.field for one in found[people[CHINESE]].differences} == {"name", "addresses"}
    done = bring_in(database, firm.boss, path, CONTACTS)
    assert (done.counts["update"], done.counts["skip"], done.counts["new"]) == (2, 1, 0)
    after = everything(database, firm.boss, people)
    chinese = after[CHINESE]
    assert (chinese["name"], chinese["city"]) == ("宁波港林国际贸易有限公司", "上海")
    assert (chinese["points"], chinese["tags"]) == (before[CHINESE]["points"], before[CHINESE]["tags"])
    assert chinese["addresses"][0]["street"] == "中山路 1 号"
    formula = after["=SUM(1;2) Traders"]
    assert not formula["notes"]
    assert formula["points"] == before["=SUM(1;2) Traders"]["points"]
    assert formula["city"] == "-5"
    assert (formula["name"], formula["industry"]) == ("=SUM(1;2) Traders", "@home")
    assert after["0815 GmbH"] == before["0815 GmbH"], "a blank cell leaves what is stored"
    assert written(database, firm.boss, done.batch) == {("contact", "update")}


def test_rows_may_be_sorted_added_and_deleted(
    database: Database, firm: Firm, people: dict[str, int], tmp_path: Path
) -> None:
    path = tmp_path / "contacts.xlsx"
    export_contacts(database, firm.boss, path)

    def change(sheet: Any, at: dict[str, int]) -> None:
        sheet.delete_rows(row_of(sheet, "0815 GmbH"))
        kept = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for number, values in enumerate(reversed(kept), 2):
            for column, value in enumerate(values, 1):
                sheet.cell(number, column).value = value
        sheet.cell(len(kept) + 2, at["Name"]).value = "Brand New Ltd"
        sheet.cell(row_of(sheet, CHINESE), at["Industry"]).value = "Steel"

    edit(path, change)
    done = bring_in(database, firm.boss, path, CONTACTS)
    assert {key: done.counts[key] for key in ("new", "update", "skip")} == {"new": 1, "update": 1, "skip": 1}
    with database.read(firm.boss) as work:
        stored = dict(work.session.execute(select(Contact.name, Contact.industry)).all())
    assert stored[CHINESE] == "Steel"
    assert set(stored) == {*people, "Brand New Ltd"}, "a row that is gone from the sheet is no record deleted"


def test_what_a_colleague_changed_meanwhile_is_a_conflict(
    database: Database, firm: Firm, people: dict[str, int], tmp_path: Path
) -> None:
    path = tmp_path / "contacts.xlsx"
    export_contacts(database, firm.boss, path)
    same, other = people["0815 GmbH"], people[CHINESE]
    moved = {"addresses": [{"kind": "office", "city": "Hannover"}]}
    for id_, values in ((same, moved), (other, {"website": "ganglin.example"})):
        with database.begin(firm.manager) as work:
            contacts.save(work, id_, contacts.get(work, id_).version, values)

    def change(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(row_of(sheet, "0815 GmbH"), at["City"]).value = "Berlin"
        sheet.cell(row_of(sheet, CHINESE), at["City"]).value = "上海"

    edit(path, change)
    found = {one.id: one for one in planned(database, firm.boss, path, CONTACTS)}
    assert found[same].verdict is Verdict.INVALID
    assert firm.manager.name in found[same].why
    assert found[other].verdict is Verdict.UPDATE, "another field was changed"
    with pytest.raises(NotWhole):
        bring_in(database, firm.boss, path, CONTACTS)
    bring_in(database, firm.boss, path, CONTACTS, good_rows_only=True)
    after = everything(database, firm.boss, people)
    assert after["0815 GmbH"]["city"] == "Hannover"
    assert (after[CHINESE]["city"], after[CHINESE]["website"]) == ("上海", "ganglin.example")


def test_ids_of_another_company_name_nobody_here(
    database: Database, firm: Firm, people: dict[str, int], tmp_path: Path
) -> None:
    path = tmp_path / "contacts.xlsx"
    export_contacts(database, firm.boss, path)
    with database.begin(firm.boss) as work:
        work.session.scalars(select(Company)).one().dataset_id = "another company"

    def change(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(row_of(sheet, "0815 GmbH"), at["Name"]).value = "Somebody Else"

    edit(path, change)
    draft = draft_of(database, firm.boss, path, CONTACTS)
    assert "id" not in {column.field for column in draft.columns}
    found = planned(database, firm.boss, path, CONTACTS)
    assert verdicts(found) == ["new", "skip", "skip"]


def test_a_text_file_brings_back_what_it_took_out(
    database: Database, firm: Firm, people: dict[str, int], tmp_path: Path
) -> None:
    path = tmp_path / "contacts.csv"
    before = everything(database, firm.boss, people)
    export_contacts(database, firm.boss, path)
    said = path.read_text("utf-8-sig")
    assert "'+49 511 123456" in said
    assert "'=SUM(1;2) Traders" in said
    assert verdicts(planned(database, firm.boss, path, CONTACTS)) == ["skip"] * 3
    lines = list(csv.reader(said.splitlines(keepends=True)))
    place = lines[0].index("Industry")
    for cells in lines[1:]:
        cells[place] = "Trade" if cells[0] == "0815 GmbH" else cells[place]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(lines)
    done = bring_in(database, firm.boss, path, CONTACTS)
    assert (done.counts["update"], done.counts["skip"]) == (1, 2)
    after = everything(database, firm.boss, people)
    assert after["0815 GmbH"]["industry"] == "Trade"
    assert after["=SUM(1;2) Traders"] == before["=SUM(1;2) Traders"]


def test_products_and_their_figures(database: Database, firm: Firm, tmp_path: Path) -> None:
    given: tuple[dict[str, Any], ...] = (
        {"code": "0010", "name": "=Bolt", "unit": "pcs", "list_price": "12.50", "cost": "-0", "tax_percent": "13"},
        {"code": "1E5", "name": "+Nut", "list_price": "0.05", "cost": "0.0312", "tax_percent": "9"},
        {"code": "A-1", "name": "Washer", "category": "Small parts", "list_price": "1234567.89"},
    )
    with database.begin(firm.boss) as work:
        ids = {one["code"]: products.create(work, _decimals(one)) for one in given}
    path = tmp_path / "products.xlsx"
    export_products(database, firm.boss, path)
    assert verdicts(planned(database, firm.boss, path, PRODUCTS)) == ["skip"] * 3

    def change(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(row_of(sheet, "0010"), at["Code"]).value = "0010-B"
        sheet.cell(row_of(sheet, "1E5"), at["List price"]).value = 0.07
        sheet.cell(row_of(sheet, "A-1"), at["Is sold"]).value = "No"

    edit(path, change)
    done = bring_in(database, firm.boss, path, PRODUCTS)
    assert (done.counts["update"], done.counts["new"]) == (3, 0)
    with database.read(firm.boss) as work:
        found = {one.id: one for one in work.session.scalars(select(Product))}
        assert found[ids["0010"]].code == "0010-B"
        assert found[ids["1E5"]].list_price == Decimal("0.07")
        assert products.get(work, ids["1E5"])["cost"] == Decimal("0.0312")
        assert (found[ids["A-1"]].active, found[ids["A-1"]].list_price) == (False, Decimal("1234567.89"))


def _decimals(values: dict[str, Any]) -> dict[str, Any]:
    figures = ("list_price", "cost", "tax_percent")
    return {name: Decimal(value) if name in figures else value for name, value in values.items()}


def test_orders_keep_their_lines_and_sums_are_no_order(database: Database, firm: Firm, tmp_path: Path) -> None:
    product(database, "P1", "5")
    atlas = customer(database, firm.anna, status="customer")
    ids = [confirmed_order(database, firm.boss, atlas, line(price=price), line("Nut", 3)) for price in (9, 120, 7)]
    before = [order_of(database, firm.boss, id_) for id_ in ids]
    path = tmp_path / "orders.xlsx"
    with publishing(path), database.read(firm.boss) as work:
        ORDER_EXPORT.write_file(work, path, Listing(), ORDER_COLUMNS)
    assert verdicts(planned(database, firm.boss, path, ORDERS)) == ["skip"] * 3, "the row of sums is none of them"

    def change(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(row_of(sheet, before[1]["number"]), at["Their reference"]).value = "PO =77"

    edit(path, change)
    done = bring_in(database, firm.boss, path, ORDERS)
    assert (done.counts["update"], done.counts["skip"], done.counts["new"]) == (1, 2, 0)
    after = [order_of(database, firm.boss, id_) for id_ in ids]
    assert after[1]["reference"] == "PO =77"
    assert (after[0], after[2]) == (before[0], before[2])
    assert (after[1]["lines"], after[1]["total"]) == (before[1]["lines"], before[1]["total"])
    with database.read(firm.boss) as work:
        assert work.session.scalar(select(func.count()).select_from(OrderLine)) == 6


def export_all(database: Database, by: Actor, path: Path, listed: RowList, export: ListExport) -> None:
    """Take a list out with every column it has."""
    with publishing(path), database.read(by) as work:
        columns = [one.name for one in listed.fields(work) if one.uses & Use.EXPORT]
        assert len(columns) > 8
        export.write_file(work, path, Listing(), columns)


def document_trip(
    database: Database, by: Actor, path: Path, kind: tuple[RowList, ListExport, ImportTarget], change: Edit
) -> Done:
    """Take a list out, see that it comes back without a change, edit it, and bring it in."""
    listed, export, target = kind
    export_all(database, by, path, listed, export)
    untouched = planned(database, by, path, target)
    assert [str(one.verdict) for one in untouched if one.verdict is not Verdict.SKIP] == [], [
        (str(one.verdict), one.why, one.differences) for one in untouched
    ]
    edit(path, change)
    return bring_in(database, by, path, target)


def test_the_notes_of_invoices_come_back(database: Database, firm: Firm, tmp_path: Path) -> None:
    atlas = customer(database, firm.anna, status="customer")
    ids = [posted_invoice(database, firm.boss, atlas, line(price=price), line("Nut", 3)) for price in (9, 120)]
    before = [invoice_of(database, firm.boss, id_) for id_ in ids]

    def change(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(row_of(sheet, before[1]["number"]), at["Notes"]).value = "paid in cash, 下周"

    done = document_trip(
        database, firm.boss, tmp_path / "invoices.xlsx", (INVOICES, INVOICE_EXPORT, INVOICE_TARGET), change
    )
    assert (done.counts["update"], done.counts["skip"], done.counts["new"]) == (1, 1, 0)
    after = [invoice_of(database, firm.boss, id_) for id_ in ids]
    assert after[0] == before[0]
    assert after[1]["notes"] == "paid in cash, 下周"
    assert [after[1][name] for name in ("number", "total", "lines")] == [
        before[1][name] for name in ("number", "total", "lines")
    ]
    assert written(database, firm.boss, done.batch) == {("invoice", "update")}


def test_the_reference_of_receipts_comes_back(database: Database, firm: Firm, tmp_path: Path) -> None:
    atlas = customer(database, firm.anna, status="customer")
    owed = invoice(database, atlas, "R-1", ("100", 5))
    keeper = hire_accountant(database)
    ids = [receive(database, keeper, atlas, amount) for amount in ("60", "25.50")]
    before = [receipt_of(database, firm.boss, id_) for id_ in ids]

    def change(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(row_of(sheet, before[0]["number"]), at["Reference"]).value = "00123-流水"

    done = document_trip(
        database, firm.boss, tmp_path / "receipts.xlsx", (RECEIPTS, RECEIPT_EXPORT, RECEIPT_TARGET), change
    )
    assert (done.counts["update"], done.counts["skip"], done.counts["new"]) == (1, 1, 0)
    after = [receipt_of(database, firm.boss, id_) for id_ in ids]
    assert after[1] == before[1]
    assert after[0]["reference"] == "00123-流水"
    assert [after[0][name] for name in ("number", "amount")] == [before[0][name] for name in ("number", "amount")]
    assert open_of(database, owed) == [10000], "an advance stays one"


def test_the_subject_of_quotes_comes_back(database: Database, firm: Firm, tmp_path: Path) -> None:
    atlas = customer(database, firm.anna)
    draft = new_quote(database, firm.boss, atlas, line(price=9), line("Nut", 3), subject="Nuts")
    sent = sent_quote(database, firm.boss, atlas, line(price=120), subject="Bolts")
    before = [quote_of(database, firm.boss, id_) for id_ in (draft, sent)]

    def change(sheet: Any, at: dict[str, int]) -> None:
        sheet.cell(row_of(sheet, "Nuts"), at["Subject"]).value = "Nuts for 宁波"

    path = tmp_path / "quotes.xlsx"
    done = document_trip(database, firm.boss, path, (QUOTES, QUOTE_EXPORT, QUOTE_TARGET), change)
    assert (done.counts["update"], done.counts["skip"], done.counts["new"]) == (1, 1, 0)
    after = [quote_of(database, firm.boss, id_) for id_ in (draft, sent)]
    assert after[1] == before[1]
    assert after[0]["subject"] == "Nuts for 宁波"
    assert [after[0][name] for name in ("lines", "total", "state")] == [
        before[0][name] for name in ("lines", "total", "state")
    ]
    edit(path, lambda sheet, at: sheet.cell(row_of(sheet, "Bolts"), at["Subject"], "Better bolts"))
    refused = [one for one in planned(database, firm.boss, path, QUOTE_TARGET) if one.verdict is Verdict.INVALID]
    assert [one.why for one in refused] == ["This quote was sent. Make a new revision of it to change what it says."]


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_folder_that_is_gone_is_told(
    database: Database, firm: Firm, people: dict[str, int], tmp_path: Path, ending: str
) -> None:
    with pytest.raises(Unavailable):
        export_contacts(database, firm.boss, tmp_path / "gone" / f"contacts{ending}")
