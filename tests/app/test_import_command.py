"""Imports as a script calls them: what is said, what comes in, what is refused, and how it goes again."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crm_desktop.app import cli
from crm_desktop.app.features import REPORTS
from crm_desktop.app.session import log_in
from crm_desktop.db.work import Work
from crm_desktop.receivables.collecting import ageing, statement_files, statements
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import use_language
from crm_desktop.shared.money import Money, from_minor
from crm_desktop.shared.report import Asked, ReportTable

PASSWORD = "correct horse 9"
SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
Grid = Sequence[Sequence[Any]]
Crm = Callable[..., subprocess.CompletedProcess[str]]

CUSTOMERS: Grid = (
    ("Customer ID", "Company name", "City", "Phone", "Salesperson"),
    ("C1", "Atlas GmbH", "Kiel", "+49 431 1234", "Anna Berg"),
    ("C2", "宁波港林贸易有限公司", "宁波", "0574-87123456", "boss"),
)
ORDERS: Grid = (
    ("Order", "Customer ID", "Date", "Product code", "Product", "Quantity", "Unit price", "Salesperson"),
    ("A1", "C1", date(2026, 3, 4), "P1", "Bolt", 2, 9.99, "Anna Berg"),
    ("A1", "C1", date(2026, 3, 4), "P2", "Nut", 3, 1.5, "Anna Berg"),
    ("A2", "C2", date(2026, 3, 5), "P1", "Bolt", 1, 10, "boss"),
)
INVOICES: Grid = (
    ("Invoice", "Customer ID", "Date", "Due", "Amount", "Received"),
    ("R1", "C1", date(2026, 3, 4), date(2026, 4, 3), 100.5, 100.5),
    ("R2", "C2", date(2026, 3, 5), date(2026, 4, 4), 200, 50),
)


def sample(name: str) -> Path:
    """Return a file of ../shared/samples, which a checkout alone does not have."""
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"the sample {name} is not in shared/samples beside the checkout")
    return path


@pytest.fixture
def crm(company: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Crm]:
    """Run a command in this process as the boss; `company` is a new company in a file."""
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("CRM_PASSWORD", PASSWORD)

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        told = [str(word) for word in words]
        try:
            code = cli.run([*told, "--database", str(company), "--user", "boss"])
        except SystemExit as left:
            code = int(str(left.code))
        said = capsys.readouterr()
        return subprocess.CompletedProcess(told, code, said.out, said.err)

    yield run
    use_language("en")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("firm") / "firm.crm"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_NEW_PASSWORD", PASSWORD)
        patch.setenv("LANG", "C.UTF-8")
        firm = ["--company", "港林贸易", "--owner", "boss", "--country", "CN", "--currency", "CNY"]
        assert cli.run(["init", *firm, "--database", str(path)]) == 0
    yield path
    use_language("en")


@pytest.fixture
def company(founded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(founded, tmp_path / "firm.crm"))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a workbook, a sheet for each keyword."""

    def written(name: str, **sheets: Grid) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        book.save(tmp_path / name)
        return tmp_path / name

    return written


def told(done: subprocess.CompletedProcess[str]) -> Any:
    """Return what a command that was done says for machines."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def counts(answer: Any) -> dict[str, int]:
    return {key: answer[key] for key in ("new", "update", "skip", "duplicates", "invalid") if answer[key]}


def refused(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """Return the sentence a command refuses with."""
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    said = done.stderr.strip().splitlines()
    assert said[-1].startswith("crm-desktop: ")
    return said[-1]


def listed(crm: Crm, what: str, tmp_path: Path) -> list[dict[str, str]]:
    """Return what stands in a list, as its export has it."""
    path = tmp_path / f"listed {what}.csv"
    assert crm("export", what, "--to", path).returncode == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_customers_come_in_and_go_again(crm: Crm, write: Any, tmp_path: Path) -> None:
    path = write("customers.xlsx", Customers=CUSTOMERS)
    rehearsed = told(crm("import", "contacts", path, "--dry-run", "--json"))
    assert (counts(rehearsed), rehearsed["batch"]) == ({"new": 2}, "")
    assert listed(crm, "contacts", tmp_path) == []
    done = crm("import", "contacts", path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Customers: 2 new, 0 updated, 0 skipped, 0 duplicates, 0 not readable.")
    batch = done.stdout.split()[-1]
    found = {one["Name"]: one for one in listed(crm, "contacts", tmp_path)}
    assert found["Atlas GmbH"]["Owner"] == ""
    assert found["宁波港林贸易有限公司"]["Phone"] == "0574-87123456"
    undone = crm("undo-import", batch)
    assert undone.stdout.splitlines() == ["2 records removed.", "0 records restored."]
    assert listed(crm, "contacts", tmp_path) == []
    assert "crm-desktop: " in refused(crm("undo-import", batch))
    assert "crm-desktop: " in refused(crm("undo-import", "nothing like a batch"))


def test_a_file_that_was_imported_is_told_and_changes_nothing(crm: Crm, write: Any) -> None:
    path = write("customers.xlsx", Customers=CUSTOMERS)
    crm("import", "contacts", path)
    again = crm("import", "contacts", path, "--json")
    assert counts(told(again)) == {"skip": 2}
    assert told(again)["batch"] == ""
    assert again.stderr.startswith("This very file was imported on 20")


def test_colleagues_who_are_missing_are_made_on_request(crm: Crm, write: Any, tmp_path: Path) -> None:
    path = write("customers.xlsx", Customers=CUSTOMERS)
    assert counts(told(crm("import", "contacts", path, "--create-missing", "--json"))) == {"new": 2}
    found = {one["Name"]: one["Owner"] for one in listed(crm, "contacts", tmp_path)}
    assert found["Atlas GmbH"] == "Anna Berg"
    users = {one["name"] for one in told(crm("user", "list", "--json"))["users"]}
    assert "Anna Berg" in users


def test_orders_and_invoices_with_what_they_name(crm: Crm, write: Any, tmp_path: Path) -> None:
    told(crm("import", "contacts", write("customers.xlsx", Customers=CUSTOMERS), "--json"))
    orders = write("orders.xlsx", Orders=ORDERS)
    missing = crm("import", "orders", orders)
    assert "Orders, row 2: " in missing.stderr
    assert "2 rows" in refused(missing) or "3 rows" in refused(missing)
    done = told(crm("import", "orders", orders, "--create-missing", "--option", "state=closed", "--json"))
    assert (counts(done), done["rows"]) == ({"new": 2}, 3)
    found = {one["Order"]: one for one in listed(crm, "orders", tmp_path)}
    assert {key: (one["Customer"], Decimal(one["Net"])) for key, one in found.items()} == {
        "A1": ("Atlas GmbH", Decimal("24.48")),
        "A2": ("宁波港林贸易有限公司", Decimal(10)),
    }
    assert found["A1"]["State"] == "Closed short"
    assert {one["Code"] for one in listed(crm, "products", tmp_path)} == {"P1", "P2"}
    invoices = told(crm("import", "invoices", write("invoices.xlsx", Invoices=INVOICES), "--json"))
    assert counts(invoices) == {"new": 2}
    owed = {one["Invoice"]: Decimal(one["Still open"]) for one in listed(crm, "invoices", tmp_path)}
    assert owed == {"R1": 0, "R2": 150}
    for batch in (invoices["batch"], done["batch"]):
        assert told(crm("undo-import", batch, "--json"))["kept"] == []
    assert listed(crm, "orders", tmp_path) == listed(crm, "invoices", tmp_path) == []
    assert listed(crm, "products", tmp_path) == [], "what was made for the orders goes with them"


def test_a_wrong_option_is_told(crm: Crm, write: Any) -> None:
    path = write("orders.xlsx", Orders=ORDERS)
    said = refused(crm("import", "orders", path, "--option", "state=perhaps"), 2)
    assert "state=confirmed|closed|cancelled|draft" in said
    assert refused(crm("import", "orders", path, "--sheet", "Nowhere"), 2).endswith(
        "There is no sheet “Nowhere”, only: Orders."
    )
    assert "workbook" not in refused(crm("import", "orders", path, "--sheet", "Orders", "--key", "colour"), 2)
    assert "no column for" in refused(crm("import", "contacts", write("x.xlsx", X=(("a", "b"), (1, 2)))), 2)
    assert "No sheet of this file" in refused(crm("import", "workbook", write("y.xlsx", Y=(("a", "b"), (1, 2)))), 2)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 something", b"PK\x03\x04 broken", None], ids=str)
def test_what_cannot_be_read_is_one_sentence(crm: Crm, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "list.xlsx"
    if content is not None:
        path.write_bytes(content)
    done = crm("import", "contacts", path)
    refused(done)
    assert len(done.stderr.strip().splitlines()) == 1


def test_columns_are_named_by_a_file(crm: Crm, write: Any, tmp_path: Path) -> None:
    strange = write("strange.xlsx", Sheet1=(("Wer", "Wo", "Was"), ("Atlas", "Kiel", "x"), ("Borealis", "Oslo", "y")))
    columns = tmp_path / "columns.json"
    columns.write_text(json.dumps({"columns": {"Wer": "name", "Wo": "city", "Was": ""}}), "utf-8")
    assert counts(told(crm("import", "contacts", strange, "--map", columns, "--json"))) == {"new": 2}
    assert {(one["Name"], one["City"]) for one in listed(crm, "contacts", tmp_path)} == {
        ("Atlas", "Kiel"),
        ("Borealis", "Oslo"),
    }
    columns.write_text(json.dumps({"columns": {"Wer": "no such field"}}), "utf-8")
    refused(crm("import", "contacts", strange, "--map", columns), 1)
    columns.write_text("{ not json", "utf-8")
    refused(crm("import", "contacts", strange, "--map", columns), 2)
    refused(crm("import", "contacts", strange, "--map", tmp_path / "nowhere.json"), 2)


def test_by_which_key_and_what_happens_on_a_match(crm: Crm, write: Any, tmp_path: Path) -> None:
    told(crm("import", "contacts", write("customers.xlsx", Customers=CUSTOMERS), "--json"))
    changed = (("Customer ID", "Company name", "City"), ("C1", "Atlas GmbH", "Oslo"), ("C9", "New Ltd", "Bonn"))
    path = write("changed.xlsx", Customers=changed)
    skipped = told(crm("import", "contacts", path, "--dry-run", "--on-match", "skip", "--json"))
    assert counts(skipped) == {"new": 1, "skip": 1}
    wrong = told(crm("import", "contacts", path, "--dry-run", "--on-match", "error", "--json"))
    assert counts(wrong) == {"new": 1, "invalid": 1}
    assert wrong["problems"][0]["row"] == 2
    assert counts(told(crm("import", "contacts", path, "--key", "code", "--json"))) == {"new": 1, "update": 1}
    assert {one["Code"]: one["City"] for one in listed(crm, "contacts", tmp_path)}["C1"] == "Oslo"
    refused(crm("import", "contacts", path, "--key", "colour"), 2)


def test_good_rows_alone_and_the_others_in_a_sheet(crm: Crm, write: Any, tmp_path: Path) -> None:
    goods = (("Code", "Name", "List price"), ("P1", "Bolt", 1), ("P2", "Nut", "much"), ("P3", "Screw", 3))
    path, errors = write("goods.xlsx", Goods=goods), tmp_path / "errors.xlsx"
    whole = crm("import", "products", path, "--errors", errors)
    assert "Goods, row 3: " in whole.stderr
    assert "1 row" in refused(whole)
    assert listed(crm, "products", tmp_path) == []
    sheet = openpyxl.load_workbook(errors).active
    assert [cell.value for cell in sheet[2]][:3] == ["P2", "Nut", "much"]
    done = told(crm("import", "products", path, "--good-rows-only", "--errors", errors, "--json"))
    assert counts(done) == {"new": 2, "invalid": 1}
    again = crm("import", "products", path, "--good-rows-only", "--errors", tmp_path / "gone" / "x.xlsx", "--json")
    assert counts(told(again)) == {"skip": 2, "invalid": 1}
    assert "could not be written" in again.stderr
    book = openpyxl.load_workbook(errors)
    book.active["C2"].value = 2
    book.save(errors)
    assert counts(told(crm("import", "products", errors, "--json"))) == {"new": 1}
    assert {one["Code"] for one in listed(crm, "products", tmp_path)} == {"P1", "P2", "P3"}


def test_a_workbook_comes_in_sheet_by_sheet(crm: Crm, write: Any, tmp_path: Path) -> None:
    goods = (("Product code", "Product name", "List price"), ("P1", "Bolt", 9.99), ("P2", "Nut", 1.5))
    sheets = {"Invoices": INVOICES, "Orders": ORDERS, "Products": goods, "Customers": CUSTOMERS}
    path = write("all.xlsx", Notes=(("Read me",), ("Made by hand",)), **sheets)
    answer = told(crm("import", "workbook", path, "--create-missing", "--json"))
    assert [(one["sheet"], counts(one)) for one in answer["sheets"]] == [
        ("Customers", {"new": 2}),
        ("Products", {"new": 2}),
        ("Orders", {"new": 2}),
        ("Invoices", {"new": 2}),
    ]
    assert {one["Salesperson"] for one in listed(crm, "orders", tmp_path)} == {"Anna Berg", "boss"}
    for one in reversed(answer["sheets"]):
        assert told(crm("undo-import", one["batch"], "--json"))["kept"] == []
    assert listed(crm, "contacts", tmp_path) == []


def test_northwind_whole(crm: Crm, tmp_path: Path) -> None:
    answer = told(crm("import", "workbook", sample("northwind.xlsx"), "--create-missing", "--json"))
    found = {one["sheet"]: one["new"] for one in answer["sheets"]}
    assert [found[name] for name in ("Customers", "Suppliers", "Products", "Orders")] == [93, 29, 77, 830]
    companies = [one for one in listed(crm, "contacts", tmp_path) if one["Kind"] == "Company"]
    assert len(companies) == 93 + 29
    assert [one["Name"] for one in companies].count("IT") == 2
    path = tmp_path / "sales.xlsx"
    ran = crm("report", "sales", "--to", path, "--by", "salesperson", "--from", "1990-01-01", "--until", "2030-12-31")
    assert ran.returncode == 0, ran.stderr
    sheet = openpyxl.load_workbook(path, data_only=True).active
    headers = [cell.value for cell in sheet[1]]
    net = headers.index("Net")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows[-1][0] == "Total"
    assert round(sum(Decimal(str(row[net])) for row in rows[:-1]), 2) == Decimal("1265793.29")
    assert len(rows) == 10


def test_the_customers_of_a_chinese_firm(crm: Crm) -> None:
    answer = told(crm("import", "contacts", sample("客户资料.xlsx"), "--json"))
    assert (answer["rows"], answer["duplicates"], answer["new"]) == (262, 2, 260)


@pytest.mark.parametrize("name", ["应收账款.xlsx", "receivables-600.csv"])
def test_what_customers_owe(crm: Crm, tmp_path: Path, name: str) -> None:
    answer = told(crm("import", "invoices", sample(name), "--create-missing", "--json"))
    assert answer["invalid"] == 0, answer["problems"][:3]
    invoices = listed(crm, "invoices", tmp_path)
    assert len(invoices) == answer["new"] == {"应收账款.xlsx": 900, "receivables-600.csv": 600}[name]
    if name == "应收账款.xlsx":
        assert sum(Decimal(one["Total"]) for one in invoices) == Decimal("36297525.22")
        assert sum(Decimal(one["Still open"]) for one in invoices) == Decimal("36297525.22") - Decimal("17265033.73")
    assert counts(told(crm("import", "invoices", sample(name), "--json")))["skip"] == answer["new"]


@contextmanager
def shown_to_boss(company: Path) -> Iterator[Work]:
    """Give what reads the company as the program's own screens do."""
    here = log_in(str(company), "boss", PASSWORD)
    try:
        with here.database.read(here.actor) as work:
            yield work
    finally:
        here.database.close()


def answered(company: Path, name: str, **asked: Any) -> ReportTable:
    """Return what the program itself shows as a report."""
    report = next(one for one in REPORTS if one.name == name)
    with shown_to_boss(company) as work:
        return report.answer(work, Asked(**asked))


def in_cell(described: Field, value: Any) -> Any:
    """Return what a cell must hold for a value, as openpyxl reads it."""
    if isinstance(value, Money):
        return value.amount
    if described.kind is Kind.CHOICE:
        return dict(described.choices)[value]
    return None if value == "" else value


def read_cell(value: Any) -> Any:
    """Return a cell as the program writes it: figures exactly, days without an hour."""
    if isinstance(value, datetime):
        return value.date()
    return Decimal(str(value)) if isinstance(value, int | float) else value


def check_sheet(sheet: Any, table: ReportTable, *, summed: bool = True) -> None:
    """Compare a sheet with a report cell by cell, and the sums below it."""
    head, *rows = [[read_cell(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert head == [one.label for one in table.fields]
    below = rows.pop() if summed else None
    expected = [[in_cell(one, value) for one, value in zip(table.fields, row, strict=True)] for row in table.rows]
    assert len(rows) == len(expected) > 1
    for row, wanted in zip(rows, expected, strict=True):
        assert row == wanted
    if below is not None:
        (total,) = table.totals()
        assert below[0] == "Total"
        assert below[1:] == [in_cell(one, value) for one, value in zip(table.fields[1:], total[1:], strict=True)]


FIRST, LAST = date(2012, 1, 1), date(2013, 12, 31)
"""The days of receivables-600.csv, of which everything is settled by now."""


def test_ageing_goes_out_as_it_is_shown(crm: Crm, company: Path, tmp_path: Path) -> None:
    for name in ("应收账款.xlsx", "receivables-600.csv"):
        told(crm("import", "invoices", sample(name), "--create-missing", "--json"))
    path = tmp_path / "ageing.xlsx"
    for by, form, as_of in (
        ("customer", "due", None),
        ("customer", "invoice", None),
        ("customer", "due", "2013-02-28"),
    ):
        day = ("--as-of", as_of) if as_of else ()
        done = told(crm("report", "ageing", "--to", path, "--by", by, "--form", form, *day, "--json"))
        shown = answered(company, "ageing", by=by, form=form, as_of=date.fromisoformat(as_of) if as_of else None)
        assert done["rows"] == len(shown.rows) > 5
        check_sheet(openpyxl.load_workbook(path, data_only=True).active, shown)
        with shown_to_boss(company) as work:
            made = ageing.ageing(work, date.fromisoformat(as_of) if as_of else None, by=form, group=by)
            names = ageing.names(work, by, {row[0] for row in made.rows})
        owed = {names[key]: from_minor(row[-1], row[0]) for key, *row in made.rows}
        assert {row[0]: row[-1].amount for row in shown.rows} == owed


@pytest.mark.slow
@pytest.mark.parametrize("name", ["应收账款.xlsx", "receivables-600.csv"])
def test_statements_go_out_as_they_are_shown(crm: Crm, company: Path, tmp_path: Path, name: str) -> None:
    told(crm("import", "invoices", sample(name), "--create-missing", "--json"))
    path = tmp_path / "statements.xlsx"
    ended = name == "receivables-600.csv"
    days = {"from_on": FIRST, "to_on": LAST} if ended else {}
    done = told(
        crm("report", "statement", "--to", path, *(("--from", FIRST, "--until", LAST) if ended else ()), "--json")
    )
    with shown_to_boss(company) as work:
        wanted = statements.customers(work, days.get("to_on"), moved_from=days.get("from_on"))
        shown = [statement_files.table(work, Asked(contact_id=id_, currency=code, **days)) for id_, code in wanted]
    book = openpyxl.load_workbook(path, data_only=True)
    assert len(book.worksheets) == done["rows"] == len(shown) > 10
    for sheet, one in zip(book.worksheets, shown, strict=True):
        check_sheet(sheet, one, summed=False)
    assert sum(len(one.rows) for one in shown) > 600


def test_the_sales_of_northwind_go_out_as_they_are_shown(crm: Crm, company: Path, tmp_path: Path) -> None:
    answer = told(crm("import", "workbook", sample("northwind.xlsx"), "--create-missing", "--json"))
    found = {one["sheet"]: one for one in answer["sheets"]}
    assert (found["Staff"]["new"], found["Orders"]["document_lines"]) == (9, 2155)
    assert len(told(crm("user", "list", "--json"))["users"]) == 9 + 1
    path = tmp_path / "sales.xlsx"
    period = ("--from", "1990-01-01", "--until", "2030-12-31")
    for by in ("customer", "salesperson", "product", "month"):
        shown = answered(company, "sales", by=by, from_on=date(1990, 1, 1), to_on=date(2030, 12, 31))
        assert told(crm("report", "sales", "--to", path, "--by", by, *period, "--json"))["rows"] == len(shown.rows)
        check_sheet(openpyxl.load_workbook(path, data_only=True).active, shown)


def test_days_that_are_month_first_stay_so(crm: Crm, tmp_path: Path) -> None:
    answer = told(crm("import", "invoices", sample("receivables-600.csv"), "--create-missing", "--json"))
    assert {(one["field"], one["sure"]) for one in answer["readings"]} >= {("dated_on", True), ("due_on", True)}
    invoices = {one["Invoice"]: one for one in listed(crm, "invoices", tmp_path)}
    days = {number: invoices[number]["Date"] for number in ("611365", "7900770", "9231909")}
    assert days == {"611365": "2013-01-02", "7900770": "2013-01-26", "9231909": "2013-07-03"}
