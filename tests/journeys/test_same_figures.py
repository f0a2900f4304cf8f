"""One order, looked at from every side: stored, listed, in a report, on paper, in Excel; the figures are the same."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook

from crm_desktop.db.work import Database
from crm_desktop.orders import reports, totals
from crm_desktop.orders.export import ORDER_EXPORT
from crm_desktop.orders.lists import ORDERS
from crm_desktop.orders.ui.printing import order_paper
from crm_desktop.reports.paper_pdf import paper_pdf
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.money import Money, from_minor
from crm_desktop.shared.published import part_of
from crm_desktop.shared.report import Asked
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, order_of

MODES = [
    (currency, included, method)
    for currency in ("CNY", "JPY", "KWD")
    for included in (False, True)
    for method in ("document", "line")
]


@pytest.mark.parametrize(("currency", "included", "method"), MODES)
def test_the_figures_of_an_order_are_the_same_everywhere(
    database: Database, firm: Firm, tmp_path: Path, currency: str, included: bool, method: str
) -> None:
    lines = (
        line("Bearing", "3", "33.335", 13, discount_percent=Decimal("7.5")),
        line("Belt", "0.333333", "1999.995", 9),
        line("Oil", "17", "0.005", 6),
    )
    order_id = confirmed_order(
        database,
        firm.anna,
        customer(database, firm.anna, "宁波华新"),
        *lines,
        currency=currency,
        rate=Decimal("1.25"),
        prices_include_tax=included,
        tax_method=method,
        discount_percent=Decimal("2.5"),
        language="zh_Hans",
    )
    stored = order_of(database, firm.anna, order_id)
    again = totals.total(
        totals.DocumentInput(currency, included, method, Decimal("2.5"), 0),
        [
            totals.LineInput(one["quantity"], one["unit_price"], one["discount_percent"], one["tax_percent"])
            for one in stored["lines"]
        ],
    )
    total = from_minor(again.total, currency)
    assert stored["total"] == total
    assert stored["net"] + stored["tax"] == total
    assert sum(one["amount"] for one in stored["instalments"]) == total
    path = tmp_path / "orders.xlsx"
    with database.read(firm.manager) as work:
        (row,) = ORDERS.first_page(work, Listing(), ("total", "net", "tax")).rows
        assert row[1:] == tuple(Money(stored[name], currency) for name in ("total", "net", "tax"))
        report = reports.sales(work, Asked())
        assert report.rows[0][report.place("net")] == Money(stored["net"], currency)
        ORDER_EXPORT.write_file(work, path, Listing(), ["total", "net", "tax"])
        paper = order_paper(work, order_id)
    book = load_workbook(part_of(path).rename(path)).active
    assert [Decimal(str(cell.value)) for cell in book[2][:3]] == [stored[name] for name in ("total", "net", "tax")]
    document = pypdfium2.PdfDocument(paper_pdf(paper).data)
    text = unicodedata.normalize("NFKC", "".join(page.get_textpage().get_text_range() for page in document))
    document.close()
    figures = [stored["total"], stored["net"], *(one["tax"] for one in stored["taxes"])]
    figures += [one["amount"] for one in stored["lines"]]
    assert [f"{figure:,f}" for figure in figures if f"{figure:,f}" not in text] == []
    assert sum(one["tax"] for one in stored["taxes"]) == stored["tax"]
