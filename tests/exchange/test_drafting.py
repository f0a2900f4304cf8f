from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from crm_desktop.access.model import User
from crm_desktop.db.work import Database
from crm_desktop.exchange.book import Book
from crm_desktop.exchange.imports import Remembered
from crm_desktop.exchange.sheets.drafting import (
    Draft,
    WrongMapping,
    apply_mapping,
    context,
    likely_target,
    mapping_file,
)
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.fields import Kind
from crm_desktop.shared.importing import OnMatch
from crm_desktop.shared.permissions import Permission
from tests.companies import Firm
from tests.db.server_company import ServerCompany
from tests.exchange.drafts import FIELDS, Target, draft, field, sheet
from tests.exchange.drafts import context as made_context

HEADER = ("Name", "单据日期", "金额", "Colour")
ROWS = (("A", "03/04/2026", "1,5", "red"), ("B", "05/06/2026", "2,5", "blue"))


def test_a_job_carries_what_the_import_needs() -> None:
    made = draft(HEADER, *ROWS, country="DE")
    job = made.job()
    assert [row.number for row in job.rows] == [2, 3]
    assert (job.file_name, job.sheet, job.sha256) == ("list.xlsx", "Sheet1", "0" * 64)
    assert job.headers == made.folded == ("name", "单据日期", "金额", "colour")
    assert job.columns == {"name": "name", "单据日期": "dated_on", "金额": "amount", "colour": ""}
    assert job.options.chosen == {"side": "customer"}
    json.dumps(job.settings)


def test_a_sheet_without_a_header_is_not_remembered() -> None:
    made = draft(("li@firm.cn", 5, 1, "苏州A有限公司"), ("na@firm.cn", 7, 2, "苏州B有限公司"))
    assert made.header_rows == ()
    assert made.job().headers == ()


def test_a_layout_is_read_again_as_it_was_left() -> None:
    first = draft(HEADER, *ROWS, country="DE")
    first.map(3, "notes")
    first.map(2, "")
    first.read_as("dated_on", "mdy")
    first.options = replace(first.options, key="code", on_match=OnMatch.SKIP, chosen={"side": "supplier"}, owner=4)
    job = first.job()
    assert job.columns is not None
    assert job.settings is not None
    settings = json.loads(json.dumps(dict(job.settings)))
    again = draft(HEADER, *ROWS, country="DE")
    again.recall(Remembered(job.columns, settings))
    assert [column.field for column in again.columns] == ["name", "dated_on", "", "notes"]
    assert {column.how for column in again.columns} == {"remembered"}
    assert again.readings["dated_on"].key == "mdy"
    assert again.rows()[0].values == first.rows()[0].values
    # Who owns what is decided anew for every file.
    assert replace(again.options, owner=4) == first.options


def test_what_was_remembered_gives_way_to_what_the_file_shows() -> None:
    remembered = Remembered({"name": "gone", "colour": "notes"}, {"read": {"dated_on": "mdy"}, "key": "gone"})
    made = draft(HEADER, ("A", "13/04/2026", "1,5", "red"), country="DE")
    made.recall(remembered)
    assert [column.field for column in made.columns] == ["name", "dated_on", "amount", "notes"]
    assert made.readings["dated_on"].key == "dmy"
    assert made.options.key == ""


def test_two_columns_of_the_same_name_are_remembered_apart() -> None:
    made = draft(("Name", "Phone", "Phone"), ("A", "1", "2"))
    assert made.folded == ("name", "phone", "phone #2")
    made.map(2, "mobile")
    columns = made.job().columns
    assert columns == {"name": "name", "phone": "phone", "phone #2": "mobile"}


def test_another_header_can_be_chosen() -> None:
    made = draft(("Name", "Phone"), ("客户名称", "金额"), ("A", 5))
    assert made.header_rows == (0,)
    made.set_header(1, 1)
    assert [column.field for column in made.columns] == ["name", "amount"]
    assert [row.number for row in made.rows()] == [3]
    assert made.left_out == {1: "title"}
    made.set_header(0, -1)
    assert made.header_rows == ()
    made.map(0, "name")
    assert [row.values["name"] for row in made.rows()] == ["Name", "客户名称", "A"]


def test_rows_that_are_shorter_or_longer_than_the_header() -> None:
    made = draft(("Name", "Phone", None), ("A",), ("B", "1", "what is this"), ())
    assert [column.place for column in made.columns] == [0, 1, 2]
    assert [row.values for row in made.rows()] == [{"name": "A"}, {"name": "B", "phone": "1"}]


def test_what_a_sheet_must_have() -> None:
    assert draft(("Phone", "Colour"), ("1", "red")).missing() == (("name", "code"),)
    assert draft(("Code", "Colour"), ("1", "red")).missing() == ()


def test_the_sheet_says_which_side_it_is() -> None:
    made = sheet(("Name", "Phone"), ("A", "1"), name="Suppliers 2026")
    options = Draft(Book(Path("a.xlsx"), "xlsx", "", (made,)), made, Target(), made_context()).options
    assert options.chosen == {"side": "supplier"}


ORDERS = (field("number", Kind.TEXT, "订单号", "Order No"), field("customer"), field("quantity", Kind.DECIMAL))


@pytest.mark.parametrize(
    ("name", "header", "likely"),
    [
        ("Sheet1", ("Name", "Phone", "电子邮箱"), "contacts"),
        ("Sheet1", ("订单号", "Customer", "Quantity"), "orders"),
        ("订单", ("订单号", "Customer", "Quantity"), "orders"),
        ("Colours", ("Red", "Green"), None),
        ("Sheet1", ("Name", "Colour"), None),
        ("客户 2026", ("Name", "Colour"), "contacts"),
        ("How to fill in", ("Name", "Phone", "Code"), None),
        ("empty", (), None),
    ],
)
def test_what_a_sheet_holds(name: str, header: tuple[str, ...], likely: str | None) -> None:
    targets = [(Target(), FIELDS), (Target("orders", "Orders", "order", required=(("number",),)), ORDERS)]
    found = likely_target(sheet(header, tuple("x" for _one in header), name=name), targets)
    assert (found.name if found else None) == likely


def test_the_name_of_the_sheet_decides_between_targets_of_the_same_columns() -> None:
    quotes = Target("quotes", "Quotes", "quote", required=(("number",),), sheet_names=("报价",))
    orders = Target("orders", "Orders", "order", required=(("number",),), sheet_names=("订单",))
    for name, likely in (("报价单", quotes), ("Orders 2026", orders), ("Quote", quotes), ("Sheet1", quotes)):
        assert (
            likely_target(sheet(("订单号", "Customer"), ("1", "A"), name=name), [(quotes, ORDERS), (orders, ORDERS)])
            is likely
        )


def test_a_mapping_file_says_it_all_again() -> None:
    first = draft(("List",), HEADER, *ROWS, country="DE")
    first.map(3, "notes")
    first.read_as("dated_on", "mdy")
    mapping = json.loads(json.dumps(mapping_file(first)))
    assert mapping["header_rows"] == [2, 2]
    again = draft(("List",), HEADER, *ROWS, country="DE")
    apply_mapping(again, mapping)
    assert [row.values for row in again.rows()] == [row.values for row in first.rows()]


def test_a_mapping_may_name_columns_by_number_and_is_refused_where_it_does_not_fit() -> None:
    made = draft(HEADER, *ROWS)
    apply_mapping(made, {"columns": {"4": "notes", "金额": ""}})
    assert [column.field for column in made.columns] == ["name", "dated_on", "", "notes"]
    wrong = (
        {"columns": {"Size": "notes"}},
        {"columns": {"Colour": "size"}},
        {"read": {"name": "dmy"}},
        {"read": {"dated_on": "x"}},
        {"columns": ["a"]},
        {"header_rows": "first"},
        {"read": 5},
        {"columns": {"Colour": 7}},
    )
    for mapping in wrong:
        with pytest.raises(WrongMapping):
            apply_mapping(draft(HEADER, *ROWS), mapping)


def test_the_company_and_its_people_are_what_a_sheet_is_read_against(database: Database, firm: Firm) -> None:
    with database.begin(SYSTEM) as work:
        for login, name, active in (
            ("old", "Anna Weber", False),
            ("zhou2", "Zhou Min", True),
            ("gone", "Gone Ago", False),
        ):
            work.session.add(User(login=login, login_key=login, name=name, active=active, created_at=work.now))
    with database.read(firm.boss) as work:
        made = context(work, Target())
        gone = work.session.query(User.id).filter_by(login="gone").scalar()
    assert (made.currency, made.country, str(made.zone)) == ("CNY", "CN", "Asia/Shanghai")
    assert made.fields == FIELDS
    assert made.users["anna weber"] == made.users["anna"] == ((firm.anna.user_id, "Anna Weber"),)
    assert len(made.users["zhou min"]) == 2
    assert made.users["gone ago"] == ((gone, "Gone Ago"),)


def test_who_may_not_import_learns_nothing(database: Database, firm: Firm) -> None:
    with database.read(firm.anna) as work, pytest.raises(NotAllowed):
        context(work, Target(permission=Permission.USER_WRITE))


@pytest.mark.postgres
def test_the_people_are_known_on_a_server_that_guards_them(company: ServerCompany) -> None:
    with Database(company.engine("ann")).read(company.actor("ann")) as work:
        assert work.is_guarded
        made = context(work, Target(permission=Permission.CONTACT_READ))
    assert made.users["bob"][0][0] == company.ids["bob"]
