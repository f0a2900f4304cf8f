"""Documents that came in from a sheet, opened in a tab and put on paper like any other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from crm_desktop.db.work import Database
from crm_desktop.orders.model import Delivery, Order, Quote
from crm_desktop.orders.target import ORDERS, QUOTES
from crm_desktop.orders.ui import printing
from tests.companies import Firm
from tests.exchange.rows import bring_in, rows

HEAD: dict[str, Any] = {"customer": "Ningbo Huaxin Electromechanical", "dated_on": date(2025, 3, 4)}


PAPERS: dict[str, Any] = {
    "order": printing.order_paper,
    "quote": printing.quote_paper,
    "delivery": partial(printing.delivery_paper, prices=True),
}


def words(screen: QWidget) -> set[str]:
    """What the labels and buttons of a screen say."""
    return {str(text()) for one in screen.findChildren(QWidget) if callable(text := getattr(one, "text", None))}


def test_they_open_and_print(
    open_office: Any, show: Any, file_database: Database, goods: dict[str, int], huaxin: int, staff: Firm
) -> None:
    sold = {"product_code": next(iter(goods)), "quantity": Decimal(2), "unit_price": Decimal(10)}
    given = rows(HEAD | sold | {"number": "10248"}, HEAD | sold | {"number": "so-7", "shipped_on": date(2025, 3, 9)})
    bring_in(file_database, staff.boss, ORDERS, given)
    bring_in(file_database, staff.boss, QUOTES, rows(HEAD | sold | {"number": "old quote 3"}))
    office = open_office(staff.anna)
    with file_database.read(staff.anna) as work:
        found = {
            entity: dict(work.session.execute(select(model.number, model.id)).all())
            for entity, model in (("order", Order), ("quote", Quote), ("delivery", Delivery))
        }
    assert found["delivery"].keys() == {"so-7-1"}
    for entity, numbers in found.items():
        for number, id_ in numbers.items():
            screen = show(office, entity, id_)
            assert any(number in said for said in words(screen.window())), (entity, words(screen.window()))
            with file_database.read(staff.anna) as work:
                paper = PAPERS[entity](work, id_)
            assert number in str(paper)
