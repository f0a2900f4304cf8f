"""A desk on a real company, workbooks made by the test, and the import wizard on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from crm_desktop.exchange.ui.incoming import seam as incoming_seam
from crm_desktop.exchange.ui.incoming.wizard import ImportWizard
from crm_desktop.products.target import PRICE_LISTS, PRODUCTS
from tests.contacts.conftest import Office, app, idle, make, open_office, staff

__all__ = ["app", "idle", "make", "open_office", "staff"]

Grid = Sequence[Sequence[Any]]


@pytest.fixture
def targets() -> Iterator[None]:
    """Have products and price lists brought in; what the program itself attaches comes back afterwards."""
    before = list(incoming_seam._targets)
    incoming_seam.attach(lambda: (PRODUCTS, PRICE_LISTS))
    yield
    incoming_seam._targets[:] = before


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Write a workbook, a sheet for each keyword."""

    def write(name: str = "goods.xlsx", **sheets: Grid) -> Path:
        from openpyxl import Workbook

        book = Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture
def open_wizard(qtbot: Any, targets: None, idle: Callable[[Office], None]) -> Callable[..., ImportWizard]:
    """Show the wizard, as a list opens it, and wait until the file is read."""

    def show(office: Office, preset: str = "", *paths: Path) -> ImportWizard:
        wizard = ImportWizard(office.desk, preset, paths)
        qtbot.addWidget(wizard)
        wizard.resize(1177, 700)
        wizard.show()
        qtbot.waitExposed(wizard)
        idle(office)
        QApplication.processEvents()
        return wizard

    return show
