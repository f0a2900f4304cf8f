"""Lists, search, sums and exports of documents, on both engines."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from crm_desktop.db.work import Database
from crm_desktop.orders import deliveries, service
from crm_desktop.orders.export import ORDER_EXPORT
from crm_desktop.orders.lists import BACKLOG, DELIVERIES, ORDERS, QUOTES, order_of_line
from crm_desktop.orders.model import Order
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.money import Money
from crm_desktop.shared.published import part_of
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, new_order, sent_quote


@pytest.fixture
def sold(database: Database, firm: Firm) -> dict[str, int]:
    """Anna's customer with three orders, one of them in dollars, and Chen's with one."""
    atlas = customer(database, firm.anna, "宁波华新轴承有限公司")
    borealis = customer(database, firm.chen, "Borealis")
    made = {"atlas": atlas, "borealis": borealis}
    made["first"] = confirmed_order(
        database, firm.anna, atlas, line(quantity=10, price="12.50"), reference="PO-77/1", due_on=date(2026, 12, 1)
    )
    made["draft"] = new_order(database, firm.anna, atlas, line(price=3))
    made["dollars"] = confirmed_order(database, firm.anna, atlas, line(price=20), currency="USD", rate=Decimal("7.1"))
    made["chen"] = confirmed_order(database, firm.chen, borealis, line(quantity=2, price=40), due_on=date(2026, 11, 1))
    made["quote"] = sent_quote(database, firm.anna, atlas, line(price=99))
    return made


def test_amounts_come_as_money_of_their_currency(database: Database, firm: Firm, sold: dict[str, int]) -> None:
    with database.read(firm.anna) as work:
        page = ORDERS.first_page(work, Listing(sorts=(Sort("total"),)), ("customer", "total", "number"))
    assert page.columns == ("id", "customer", "total", "number")
    assert [row[2] for row in page.rows] == [
        Money(Decimal("3.39"), "CNY"),
        Money(Decimal("22.60"), "USD"),
        Money(Decimal("141.25"), "CNY"),
    ]
    assert {row[1] for row in page.rows} == {"宁波华新轴承有限公司"}


def test_sums_are_per_currency_and_in_scope(database: Database, firm: Firm, sold: dict[str, int]) -> None:
    with database.read(firm.anna) as work:
        assert ORDERS.sums(work, Listing(), "total") == (
            Money(Decimal("144.64"), "CNY"),
            Money(Decimal("22.60"), "USD"),
        )
        confirmed = Listing(filters=(Filter("state", "is", ("confirmed",)), Filter("total", "from", (Decimal(100),))))
        assert ORDERS.sums(work, confirmed, "total") == (Money(Decimal("141.25"), "CNY"),)
        assert ORDERS.count(work, confirmed) == (1, False)


def test_an_order_is_found_by_number_reference_and_customer(
    database: Database, firm: Firm, sold: dict[str, int]
) -> None:
    with database.read(firm.anna) as work:
        number = work.get(Order, sold["first"]).number or ""
        for typed in (
            number,
            number.lower(),
            number[:6],
            str(int(number[-4:])),
            "po-77",
            "PO77",
            "华新",
            "nbhx",
            "华新 po77",
        ):
            assert sold["first"] in set(ORDERS.ids(work, Listing(text=typed))[0]), typed
            assert sold["first"] in {hit[0] for hit in ORDERS.search(work, typed)}, typed
        for typed in ("PO-78", "Borealis", "华新 po78"):
            assert sold["first"] not in set(ORDERS.ids(work, Listing(text=typed))[0]), typed
        assert ORDERS.search(work, "  ") == []


def test_the_backlog_has_open_lines_of_confirmed_orders_by_day(
    database: Database, firm: Firm, sold: dict[str, int]
) -> None:
    with database.begin(firm.anna) as work:
        order = service.get(work, sold["first"])
        deliveries.deliver(work, order.id, order.version, {order["lines"][0]["id"]: Decimal(4)})
    with database.read(firm.boss) as work:
        page = BACKLOG.first_page(work, Listing(), ("order", "due_on", "quantity", "delivered", "open"))
        assert [row[2:] for row in page.rows] == [
            (date(2026, 11, 1), Decimal(2), Decimal(0), Decimal(2)),
            (date(2026, 12, 1), Decimal(10), Decimal(4), Decimal(6)),
            (None, Decimal(1), Decimal(0), Decimal(1)),
        ]
        assert order_of_line(work, page.rows[1][0]) == sold["first"]
        late = Listing(filters=(Filter("due_on", "to", (date(2026, 11, 19),)),))
        assert BACKLOG.count(work, late) == (1, False)
        of_atlas = Listing(filters=(Filter("contact", "is", (sold["atlas"],)),))
        assert BACKLOG.count(work, of_atlas) == (2, False)
    with database.read(firm.chen) as work:
        assert BACKLOG.count(work, Listing()) == (1, False)


def test_what_is_delivered_leaves_the_backlog(database: Database, firm: Firm, sold: dict[str, int]) -> None:
    with database.begin(firm.chen) as work:
        order = service.get(work, sold["chen"])
        deliveries.deliver(work, order.id, order.version, {order["lines"][0]["id"]: Decimal(2)})
    with database.read(firm.chen) as work:
        assert BACKLOG.count(work, Listing()) == (0, False)
        assert [hit[2] for hit in DELIVERIES.search(work, "Borealis")] == ["Borealis"]
        page = ORDERS.first_page(work, Listing(), ("delivered_percent", "open_net"))
        assert page.rows == [(sold["chen"], Decimal(100), Money(Decimal("0.00"), "CNY"))]


@pytest.mark.parametrize("listing", [QUOTES, ORDERS, DELIVERIES, BACKLOG])
def test_purchasing_sees_no_list_of_sales(database: Database, firm: Firm, listing: object) -> None:
    for outside in (firm.buyer, firm.admin):
        with pytest.raises(NotAllowed), database.read(outside) as work:
            listing.first_page(work, Listing(), ("customer",))  # type: ignore[attr-defined]


def test_an_export_adds_up_in_excel(database: Database, firm: Firm, sold: dict[str, int], tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    ours = Listing(filters=(Filter("currency", "is", ("CNY",)),), sorts=(Sort("total"),))
    with database.read(firm.boss) as work:
        assert ORDER_EXPORT.write_file(work, path, ours, ["number", "customer", "total"]) == 3
    sheet = load_workbook(part_of(path).rename(path)).active
    assert [cell.value for cell in sheet["C"]] == ["Total", 3.39, 90.4, 141.25, "=SUM(C2:C4)"]
    assert sheet["C2"].number_format == '"CNY" #,##0.00'
