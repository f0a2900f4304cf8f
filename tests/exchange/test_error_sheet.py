"""The rows that could not come in go back as the same sheet; mended there, they come in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from sqlalchemy import select

from crm_desktop.db.work import Database
from crm_desktop.exchange import imports
from crm_desktop.exchange.error_sheet import write_errors
from crm_desktop.exchange.reading.files import read_book
from crm_desktop.exchange.sheets import drafting
from crm_desktop.exchange.sheets.drafting import Draft
from crm_desktop.orders.model import Order
from crm_desktop.orders.target import ORDERS
from crm_desktop.products.model import Product
from crm_desktop.products.target import PRODUCTS
from crm_desktop.shared.importing import ImportTarget, Verdict
from tests.companies import Firm
from tests.orders.documents import customer, product

GOODS: tuple[tuple[Any, ...], ...] = (
    ("Price list of the year", None, None, None),
    ("Product ID", "Product Name", "List price", "Remark"),
    ("0012", "Bolt", 12.5, "=cmd()"),
    ("0013", "Nut", "twelve", "+49 511"),
    ("0014", "Washer", 1, date(2026, 1, 2)),
    (None, None, 3, None),
)


def workbook(path: Path, rows: tuple[tuple[Any, ...], ...]) -> Path:
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = book.active.cell(number, column)
            cell.value = value
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(path)
    return path


def draft_of(database: Database, firm: Firm, path: Path, target: ImportTarget) -> Draft:
    book = read_book(path)
    with database.read(firm.boss) as work:
        return Draft(book, book.sheets[0], target, drafting.context(work, target))


def test_mended_rows_come_in(database: Database, firm: Firm, tmp_path: Path) -> None:
    draft = draft_of(database, firm, workbook(tmp_path / "goods.xlsx", GOODS), PRODUCTS)
    with database.begin(firm.boss) as work:
        done = imports.apply(work, draft.job(), good_rows_only=True)
    wrong = tmp_path / "wrong.xlsx"
    assert write_errors(wrong, draft.sheet, draft.header_rows, done.planned) == 2
    book = openpyxl.load_workbook(wrong)
    sheet = book.active
    said = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert said[:2] == [["Price list of the year", *[None] * 4], [*GOODS[1], "Problem"]]
    assert [row[:4] for row in said[2:]] == [list(GOODS[3]), list(GOODS[5])]
    problems = {one.number: one.why for one in done.planned if one.verdict is Verdict.INVALID}
    assert [row[4] for row in said[2:]] == [problems[4], problems[6]]
    assert all(problems.values())
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    sheet["C3"].value, sheet["A4"].value, sheet["B4"].value = 12, "0015", "Screw"
    book.save(wrong)
    again = draft_of(database, firm, wrong, PRODUCTS)
    assert {column.header: column.field for column in again.columns}["Problem"] == ""
    with database.begin(firm.boss) as work:
        assert imports.apply(work, again.job()).counts["new"] == 2
    with database.read(firm.boss) as work:
        prices = dict(work.session.execute(select(Product.code, Product.list_price)).all())
    assert prices == {"0012": Decimal("12.5"), "0013": Decimal(12), "0014": Decimal(1), "0015": Decimal(3)}


def test_of_a_document_all_rows_go_back(database: Database, firm: Firm, tmp_path: Path) -> None:
    product(database, "P1")
    customer(database, firm.boss, "Atlas", status="customer")
    rows: tuple[tuple[Any, ...], ...] = (
        ("Order", "Customer", "Date", "Product code", "Quantity", "Unit price"),
        ("A1", "Atlas", date(2026, 3, 4), "P1", 2, 10),
        ("A2", "Atlas", date(2026, 3, 5), "P1", 1, 10),
        ("A2", "Atlas", date(2026, 3, 5), "P1", "many", 10),
    )
    draft = draft_of(database, firm, workbook(tmp_path / "orders.xlsx", rows), ORDERS)
    with database.begin(firm.boss) as work:
        done = imports.apply(work, draft.job(), good_rows_only=True)
    wrong = tmp_path / "wrong.xlsx"
    assert write_errors(wrong, draft.sheet, draft.header_rows, done.planned) == 2
    book = openpyxl.load_workbook(wrong)
    assert [[cell.value for cell in row][:1] for row in book.active.iter_rows(min_row=2)] == [["A2"], ["A2"]]
    assert book.active["C2"].value.date() == date(2026, 3, 5)
    book.active["E3"].value = 4
    book.save(wrong)
    again = draft_of(database, firm, wrong, ORDERS)
    with database.begin(firm.boss) as work:
        assert imports.apply(work, again.job()).counts["new"] == 1
    with database.read(firm.boss) as work:
        assert sorted(work.session.execute(select(Order.number, Order.net)).all()) == [("A1", 2000), ("A2", 5000)]
