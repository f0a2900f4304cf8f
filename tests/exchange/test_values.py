from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.shared.importing import CLEAR
from crm_desktop.shared.text import clean_line, fold
from tests.exchange.drafts import column, draft


def one(header, cell, **given):
    _made, rows = column(header, cell, **given)
    row = rows[0]
    name = {
        "客户编号": "code",
        "手机": "mobile",
        "电话": "phone",
        "电子邮箱": "email",
        "业务员": "owner",
        "状态": "status",
        "启用": "active",
        "标签": "tags",
        "备注": "notes",
    }[header]
    return row.values.get(name), row.problems.get(name, ""), row.remarks.get(name, "")


@pytest.mark.parametrize("cell", [13800138000, "13800138000", 13800138000.0])
def test_phones_never_pass_through_a_float(cell):
    assert one("手机", cell) == ("13800138000", "", "")


@pytest.mark.parametrize("cell", ["0571-88107", "007", "  007 ", "+49 89 1", "=SUM(A1)", "-5", "@home", "1e5", "00000"])
def test_texts_stay_as_they_are(cell):
    assert one("客户编号", cell) == (cell.strip(), "", "")


@pytest.mark.parametrize(
    "cell",
    [6222021001116245702, 6.222021001116246e18, "6.22202E+18", "1,38E+10", 12345678901234567],
)
@pytest.mark.parametrize("header", ["客户编号", "手机", "备注"])
def test_what_a_spreadsheet_has_rounded_is_a_problem(header, cell):
    value, problem, _remark = one(header, cell)
    assert value is None
    assert problem


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#CALC!", "####"])
@pytest.mark.parametrize("header", ["客户编号", "手机", "备注"])
def test_where_words_stand_an_error_of_the_spreadsheet_is_no_value_and_said(header, cell):
    value, problem, remark = one(header, cell)
    assert (value, problem) == (None, "")
    assert cell in remark


@pytest.mark.parametrize("cell", ["无", "/", "N/A", "none", "--", "暂无", "—", "n/a", "NULL", "没有", "无。"])
@pytest.mark.parametrize("header", ["手机", "电子邮箱"])
def test_words_for_nothing_are_no_phone_and_no_address(header, cell):
    value, problem, remark = one(header, cell)
    assert (value, problem) == (None, "")
    assert cell in remark


def test_the_same_words_may_be_a_note():
    assert one("备注", "无") == ("无", "", "")
    assert one("备注", "line 1 \r\nline 2\t") == ("line 1\nline 2", "", "")


@pytest.mark.parametrize("header", ["客户编号", "手机", "电子邮箱", "业务员", "状态", "启用", "标签", "备注"])
def test_a_single_dash_clears_and_a_blank_cell_says_nothing(header):
    for sign in ("-", " - ", "－"):
        assert one(header, sign) == (CLEAR, "", "")
    for blank in (None, "", "  ", "\u3000", "\u200b"):
        assert one(header, blank) == (None, "", "")


def test_numbers_and_days_in_a_column_of_texts():
    assert one("客户编号", 1.5) == ("1.5", "", "")
    assert one("客户编号", 0.1 + 0.2)[0] == "0.3"
    value, problem, remark = one("客户编号", date(2026, 3, 5))
    assert (value, problem) == ("2026-03-05", "")
    assert remark
    assert one("客户编号", datetime(2026, 3, 5, 10, 30))[0] == "2026-03-05 10:30"
    assert one("客户编号", time(10, 30))[0] == "10:30:00"


@pytest.mark.parametrize("cell", ["Zhang Wei", "zhang wei ", "ZHANG WEI"])
def test_colleagues_are_known_by_name(cell):
    assert one("业务员", cell) == (1, "", "")


def test_several_are_a_problem_and_nobody_leaves_it_empty_until_somebody_answers():
    made, rows = column("业务员", "Li Na", "Wang", "chen", "Li Na", "无")
    assert [row.values.get("owner") for row in rows] == [None, None, 4, None, None]
    assert [bool(row.problems) for row in rows] == [True, False, False, True, False]
    assert "Wang" in rows[1].remarks["owner"]
    unclear = made.unclear()
    assert [(one.text, one.count, len(one.candidates)) for one in unclear] == [("Li Na", 2, 2), ("Wang", 1, 0)]
    from dataclasses import replace

    answers = {("owner", unclear[0].folded): 3, ("owner", fold("Wang")): None}
    made.options = replace(made.options, answers=answers)
    assert [row.values.get("owner") for row in made.rows()] == [3, None, 4, 3, None]
    assert made.unclear() == []


@pytest.mark.parametrize("cell", ["customer", "Customer", " CUSTOMER "])
def test_choices_are_known_by_key_and_label(cell):
    assert one("状态", cell) == ("customer", "", "")


def test_choices_are_known_in_every_language():
    from tests.exchange.drafts import FIELDS, field

    yes = field("status", choices=(("y", "Yes"), ("n", "No")))
    from dataclasses import replace

    from crm_desktop.shared.fields import Kind

    fields = tuple(replace(yes, kind=Kind.CHOICE) if one.name == "status" else one for one in FIELDS)
    _made, rows = column("Status", "是", "no", "perhaps", fields=fields)
    assert [row.values.get("status") for row in rows] == ["y", "n", None]
    assert "Yes" in rows[2].problems["status"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("是", True),
        ("否", False),
        ("Yes", True),
        ("NO", False),
        ("✓", True),
        ("×", False),
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        ("true", True),
        ("perhaps", None),
        (2, None),
        ("x", None),
    ],
)
def test_yes_and_no(cell, value):
    found, problem, _remark = one("启用", cell)
    assert found is value
    assert bool(problem) == (value is None)


def test_tags():
    assert one("标签", "VIP, 展会；VIP、new\nold") == (("VIP", "展会", "new", "old"), "", "")
    assert one("标签", 2026) == (("2026",), "", "")


def test_one_odd_cell_does_not_change_the_others():
    cells = ["A-1", "  B ", "e\u0301", "#N/A", "-", None, 7, "multi\nline", "NULL", "\u202eevil"]
    _made, rows = column("客户编号", *cells)
    assert [row.values.get("code") for row in rows] == [
        "A-1",
        "B",
        "é",
        None,
        CLEAR,
        None,
        "7",
        "multi line",
        None,
        "evil",
    ]


@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(-(10**14), 10**14)), min_size=1))
def test_a_column_read_at_once_is_what_each_cell_is_alone(cells):
    made = draft(("Name", "客户编号"), *(("A", cell) for cell in cells))
    made.set_header(0, 0)
    by_number = {row.number: row for row in made.rows()}
    for number, cell in enumerate(cells, start=2):
        row = by_number.get(number)
        if row is None or "code" in row.problems or "code" in row.remarks or row.values.get("code") is CLEAR:
            continue
        assert row.values.get("code", "") == clean_line(str(cell) if cell is not None else "")


def test_truth_in_a_column_of_texts_is_remarked():
    value, problem, remark = one("客户编号", True)
    assert (value, problem) == ("TRUE", "")
    assert remark


def test_a_row_keeps_only_what_it_says():
    made = draft(("Name", "Phone", "金额"), ("A", None, 5), ("B", "1", None))
    assert [(row.number, row.values) for row in made.rows()] == [
        (2, {"name": "A", "amount": Decimal(5)}),
        (3, {"name": "B", "phone": "1"}),
    ]


@pytest.mark.parametrize(("header", "most"), [("客户编号", 500), ("手机", 500), ("电子邮箱", 500), ("备注", 20_000)])
def test_a_text_no_server_can_index_is_a_problem(header, most):
    assert one(header, "9" * most)[:2] == ("9" * most, "")
    assert one(header, "文" * (most + 1))[:2] == (None, f"This text has more than {most:,} characters.")
