"""Templates in every language: a sheet filled in under their headers comes in as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from crm_desktop.app.targets import TARGETS
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.db.work import Database
from crm_desktop.exchange import imports
from crm_desktop.exchange.book import Book
from crm_desktop.exchange.reading.files import read_book
from crm_desktop.exchange.sheets import drafting
from crm_desktop.exchange.sheets.drafting import Draft
from crm_desktop.exchange.templates import write_template
from crm_desktop.orders.target import ORDERS
from crm_desktop.products.target import PRODUCTS
from crm_desktop.receivables.target import INVOICES
from crm_desktop.shared.errors import NotAllowed, Unavailable
from crm_desktop.shared.i18n import _, use_language
from crm_desktop.shared.importing import ID_FIELD, ImportTarget, Verdict
from tests.companies import Firm
from tests.orders.documents import customer, product


@pytest.fixture
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    use_language(request.param)
    yield request.param
    use_language("en")


in_each_language = pytest.mark.parametrize("language", ["en", "zh_CN", "zh_TW"], indirect=True)


def template(database: Database, firm: Firm, target: ImportTarget, tmp_path: Path) -> Path:
    path = tmp_path / f"{target.name}.xlsx"
    with database.read(firm.boss) as work:
        write_template(work, path, target)
    return path


def draft_of(database: Database, firm: Firm, book: Book, target: ImportTarget) -> Draft:
    with database.read(firm.boss) as work:
        return Draft(book, book.sheets[0], target, drafting.context(work, target))


def fill_in(path: Path, *given: dict[str, Any]) -> None:
    """Type rows below the headers; keys are labels in the language on screen."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[1]}
    for number, values in enumerate(given, 2):
        for label, value in values.items():
            sheet.cell(number, at[label]).value = value
    book.save(path)


@in_each_language
@pytest.mark.parametrize("target", TARGETS, ids=[one.name for one in TARGETS])
def test_every_header_is_its_field(
    file_database: Database, firm: Firm, tmp_path: Path, language: str, target: ImportTarget
) -> None:
    path = template(file_database, firm, target, tmp_path)
    book = read_book(path)
    draft = draft_of(file_database, firm, book, target)
    with file_database.read(firm.boss) as work:
        fields = [one.name for one in target.fields(work) if one.name != ID_FIELD]
    assert [column.field for column in draft.columns] == fields
    assert draft.header_rows == (0,)
    assert draft.missing() == ()
    assert draft.rows() == [], "the template itself holds nothing"
    with file_database.read(firm.boss) as work:
        offered = [(one, one.fields(work)) for one in TARGETS]
    assert drafting.likely_target(book.sheets[0], offered) is target
    for explaining in book.sheets[1:]:
        assert drafting.likely_target(explaining, offered) is None, "what explains the columns is no data"


@in_each_language
def test_filled_in_they_come_in(database: Database, firm: Firm, tmp_path: Path, language: str) -> None:
    product(database, "P1")
    customer(database, firm.boss, "Atlas", status="customer")
    rows: dict[ImportTarget, tuple[dict[str, Any], ...]] = {
        CONTACTS: (
            {"name": "北方轴承厂", "phone": "+86 574 8712 3456", "status": _("Lapsed"), "owner": firm.anna.name},
            {"name": "Borealis", "is_customer": _("Yes"), "city": "Kiel"},
        ),
        PRODUCTS: ({"code": "007", "name": "Bolt", "list_price": 12.5, "tax_percent": 13},),
        ORDERS: (
            {"number": "X1", "customer": "Atlas", "dated_on": date(2026, 3, 4), "product_code": "P1", "quantity": 2}
            | {"unit_price": 9.99},
            {"number": "X1", "product_code": "P1", "quantity": 1, "unit_price": 5},
        ),
        INVOICES: ({"number": "R1", "customer": "Atlas", "dated_on": date(2026, 3, 4), "amount": 100.5},),
    }
    for target, given in rows.items():
        path = template(database, firm, target, tmp_path)
        with database.read(firm.boss) as work:
            labels = {one.name: _(one.label) for one in target.fields(work)}
        fill_in(path, *({labels[name]: value for name, value in values.items()} for values in given))
        draft = draft_of(database, firm, read_book(path), target)
        with database.begin(firm.boss) as work:
            done = imports.apply(work, draft.job(), good_rows_only=True)
        assert {one.verdict for one in done.planned} == {Verdict.NEW}, [one.why for one in done.planned]
    with database.read(firm.boss) as work:
        first = contacts.get(work, next(one.id for one in done_contacts(work) if one.name == "北方轴承厂"))
    assert (first["status"], first["owner"], first["phone"]) == ("lapsed", firm.anna.user_id, "+86 574 8712 3456")


def done_contacts(work: Any) -> list[Any]:
    from sqlalchemy import select

    from crm_desktop.contacts.model import Contact

    return list(work.session.execute(select(Contact.id, Contact.name)))


@in_each_language
def test_cells_offer_what_may_stand_in_them(file_database: Database, firm: Firm, tmp_path: Path, language: str) -> None:
    path = template(file_database, firm, CONTACTS, tmp_path)
    book = openpyxl.load_workbook(path)
    sheet, _explained, values = book.worksheets
    at = {cell.value: cell.column for cell in sheet[1]}
    lists = {str(one.sqref).split(":")[0]: one.formula1 for one in sheet.data_validations.dataValidation}
    with file_database.read(firm.boss) as work:
        labels = {one.name: _(one.label) for one in CONTACTS.fields(work)}
    allowed = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in values.iter_cols()}
    for name, held in (("status", _("Customer")), ("owner", firm.anna.name), ("is_supplier", _("No"))):
        cell = f"{get_column_letter(at[labels[name]])}2"
        assert lists[cell].startswith(f"'{values.title}'!$")
        assert held in allowed[labels[name]]


def test_no_business_data_leaves_with_a_template(file_database: Database, firm: Firm, tmp_path: Path) -> None:
    customer(file_database, firm.boss, "Secret Customer Ltd")
    for target in TARGETS:
        book = openpyxl.load_workbook(template(file_database, firm, target, tmp_path))
        words = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
        assert not any("Secret" in word for word in words)
    with file_database.read(firm.outsider) as work:
        refused = next(target for target in TARGETS if not firm.outsider.may(target.permission))
        with pytest.raises(NotAllowed):
            write_template(work, tmp_path / "refused.xlsx", refused)
    assert not list(tmp_path.glob("refused*"))


def test_a_folder_that_is_gone_is_told(file_database: Database, firm: Firm, tmp_path: Path) -> None:
    with file_database.read(firm.boss) as work, pytest.raises(Unavailable):
        write_template(work, tmp_path / "gone" / "template.xlsx", CONTACTS)
