"""What a column of dates, numbers or percents decides, and what it says about it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.exchange.sheets import date_patterns, number_patterns
from crm_desktop.shared.text import clean_line
from tests.exchange.drafts import TODAY, column, draft


def days(*cells, country="CN", **given):
    made, rows = column("单据日期", *cells, country=country, **given)
    return made.readings.get("dated_on"), [row.values.get("dated_on") for row in rows], rows


@pytest.mark.parametrize(
    "text",
    [
        "2025年5月6日",
        "2025.05.06",
        "2025/5/6",
        "2025-05-06",
        "20250506",
        "２０２５／５／６",
        "2025 年 5 月 6 号",
        "6 May 2025",
        "May 6, 2025",
        "06-May-25",
        "二〇二五年五月六日",
        "民國114年5月6日",
        "2025年5月6日 星期二",
        "2025-05-06 13:45:00",
        "2025/5/6 下午3:20",
        "Tuesday, 6 May 2025",
        "25.5.6",
        datetime(2025, 5, 6, 13, 45),
        date(2025, 5, 6),
        20250506,
    ],
)
def test_dates_as_people_write_them(text):
    _reading, values, rows = days(text)
    assert values == [date(2025, 5, 6)]
    assert not rows[0].problems


@pytest.mark.parametrize(
    "text",
    [
        "2025年5月",
        "31.02.2026",
        "2025-13-45",
        "0001-01-01",
        "9999-12-31",
        "abc",
        "12:30",
        "2025",
        "1/2",
        3,
        1.5,
        True,
        "2025-05-06 25:00",
        "123456789",
        date(1899, 12, 31),
    ],
)
def test_what_is_no_day_is_a_problem_and_no_value(text):
    _reading, values, rows = days(text)
    assert values == [None]
    assert rows[0].problems["dated_on"]


def test_one_date_above_12_decides_the_whole_column():
    reading, values, _rows = days("03/04/2026", "13/04/2026", country="US")
    assert values == [date(2026, 4, 3), date(2026, 4, 13)]
    assert reading.sure
    assert reading.others == ()
    assert reading.sentence == "“03/04/2026” is read as 3 Apr 2026, the day first."
    reading, values, _rows = days("03/04/2026", "04/13/2026", country="DE")
    assert values == [date(2026, 3, 4), date(2026, 4, 13)]


@pytest.mark.parametrize(("country", "month"), [("DE", 4), ("HK", 4), ("US", 3), ("CN", 3)])
def test_a_column_that_does_not_decide_is_asked_about(country, month):
    reading, values, _rows = days("03/04/2026", "05/06/2026", country=country)
    assert values[0].month == month
    assert not reading.sure
    assert len(reading.others) == 1


def test_a_person_decides_what_the_column_does_not():
    made, _rows = column("单据日期", "03/04/2026", "05/06/2026", country="DE")
    made.read_as("dated_on", "mdy")
    assert made.readings["dated_on"].sure
    assert made.rows()[0].values["dated_on"] == date(2026, 3, 4)


def test_a_neighbouring_column_decides_too():
    made = draft(
        ("Name", "单据日期", "到期日"), ("A", "1/2/2026", "1/31/2026"), ("B", "3/4/2026", "4/3/2026"), country="DE"
    )
    assert [row.values["dated_on"] for row in made.rows()] == [date(2026, 1, 2), date(2026, 3, 4)]
    assert made.readings["dated_on"].sure


def test_a_column_of_both_orders_takes_nothing_it_could_misread():
    reading, values, rows = days("13/04/2026", "04/13/2026", "03/04/2026", "14/04/2026", "05/05/2026")
    assert not reading.sure
    assert values == [date(2026, 4, 13), None, None, date(2026, 4, 14), date(2026, 5, 5)]
    assert [bool(row.problems) for row in rows] == [False, True, True, False, False]


def test_cells_a_spreadsheet_may_have_turned_round_are_remarked():
    cells = [date(2026, 3, 1), date(2026, 5, 2), date(2026, 7, 3), "4/13/2026", "4/25/2026"]
    reading, _values, rows = days(*cells)
    assert [bool(row.remarks) for row in rows] == [True, True, True, False, False]
    assert "exchanged" in reading.sentence


def test_two_digits_never_turn_the_1950s_into_the_2050s():
    reading, values, _rows = days("13.01.50", "14.01.36", "15.01.37", "16.01.26", country="DE")
    assert [value.year for value in values] == [1950, 2036, 1937, 2026]
    assert "2036" in reading.sentence


def test_the_year_may_stand_first_in_two_digits():
    reading, values, _rows = days("25-05-06", "24-12-31", country="CN")
    assert values == [date(2025, 5, 6), date(2024, 12, 31)]
    assert (reading.key, reading.sure) == ("ymd", False)
    reading, values, _rows = days("25.5.6", "24.12.31", country="DE")
    assert values == [date(2025, 5, 6), date(2024, 12, 31)]
    assert reading.sure


def test_day_numbers_of_a_spreadsheet_are_read_with_a_remark():
    for cell in (45000, 45000.5, "45000"):
        _reading, values, rows = days(cell)
        assert values == [date(2023, 3, 15)]
        assert "45000" in rows[0].remarks["dated_on"]


def test_moments_are_those_of_the_company():
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Shanghai")
    made, rows = column("建档日期", "2025-05-06", "2025-05-06T22:00:00Z", datetime(2025, 5, 6, 9, 30), zone=zone)
    assert [row.values["created_at"] for row in rows] == [
        datetime(2025, 5, 5, 16, tzinfo=UTC),
        datetime(2025, 5, 6, 22, tzinfo=UTC),
        datetime(2025, 5, 6, 1, 30, tzinfo=UTC),
    ]
    assert "6 May 2025" in made.readings["created_at"].sentence
    _made, rows = column("单据日期", "2025-05-06T22:00:00Z", zone=zone)
    assert rows[0].values["dated_on"] == date(2025, 5, 7)


def amounts(*cells, country="CN", header="金额", **given):
    made, rows = column(header, *cells, country=country, **given)
    name = {"金额": "amount", "天数": "days", "折扣": "discount"}[header]
    return made.readings.get(name), [row.values.get(name) for row in rows], rows


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", "1234.50"),
        ("￥1,234.50", "1234.50"),
        ("¥ 1234.5", "1234.5"),
        ("1 234.50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("(123)", "-123"),
        ("-123", "-123"),
        ("123-", "-123"),
        ("−5", "-5"),
        ("１，２３４．５", "1234.5"),
        ("100元", "100"),
        ("RMB 100", "100"),
        ("CNY100", "100"),
        ("100.00 CNY", "100.00"),
        ("+5", "5"),
        (".5", "0.5"),
        ("1,23,456.78", "123456.78"),
        ("0.125", "0.125"),
        (12.5, "12.5"),
        (0.1 + 0.2, "0.3"),
        (7, "7"),
        ("¥-5", "-5"),
        ("(￥5.5)", "-5.5"),
    ],
)
def test_amounts_as_people_write_them(text, value):
    _reading, values, rows = amounts(text)
    assert values == [Decimal(value)]
    assert str(values[0]) == value
    assert not rows[0].problems
    assert not rows[0].remarks


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1.2.3",
        "1,2,3",
        "12:30",
        "10²",
        "½",
        "1/2",
        "--5",
        "约100",
        "100/吨",
        "15%",
        "$100",
        "EUR 5",
        "1e99",
        "1234567890123456",
        1234567890123456.0,
        1e300,
        date(2025, 1, 1),
        True,
        "#N/A",
        "#REF!",
        "########",
    ],
)
def test_what_is_no_amount_of_the_company_is_a_problem(text):
    _reading, values, rows = amounts(text)
    assert values == [None]
    assert rows[0].problems["amount"]


def test_a_foreign_sign_is_taken_where_a_column_names_the_currency():
    from tests.exchange.drafts import FIELDS, field

    fields = (*FIELDS, field("currency"))
    made = draft(("Name", "金额", "Currency"), ("A", "$100", "USD"), fields=fields)
    assert made.rows()[0].values["amount"] == 100
    assert made.rows()[0].remarks


@pytest.mark.parametrize(
    ("text", "own", "code"),
    [
        ("RMB", "EUR", "CNY"),
        ("人民幣", "CNY", "CNY"),
        (" us$ ", "CNY", "USD"),
        ("美金", "CNY", "USD"),
        ("￥", "JPY", "JPY"),
        ("¥", "EUR", "CNY"),
        ("$", "AUD", "AUD"),
        ("$", "CNY", "USD"),
        ("eur", "CNY", "EUR"),
        ("Euros", "CNY", "EUROS"),
    ],
)
def test_the_cell_of_a_currency_column_is_a_code(text, own, code):
    assert number_patterns.currency_code(text, own) == code


@pytest.mark.parametrize(("text", "value"), [("3.5万", 35000), ("2亿", 200_000_000), ("1.2E+05", 120_000)])
def test_large_units_are_multiplied_out_with_a_remark(text, value):
    _reading, values, rows = amounts(text)
    assert values == [value]
    assert rows[0].remarks["amount"]


def test_one_decimal_comma_decides_the_whole_column():
    reading, values, _rows = amounts("1.234", "1.234,50", country="US")
    assert values == [1234, Decimal("1234.50")]
    assert reading.sure
    assert reading.sentence == "“1.234” is read as 1,234."
    _reading, values, _rows = amounts("1,234", "1,234.50", country="DE")
    assert values == [1234, Decimal("1234.50")]


def test_thousands_alone_are_asked_about_unless_the_country_tells():
    reading, values, _rows = amounts("1.234", "5.678", country="DE")
    assert values == [1234, 5678]
    assert not reading.sure
    reading, values, _rows = amounts("1,234", "5,678", country="CN")
    assert values == [1234, 5678]
    assert reading.sure
    reading, _values, _rows = amounts("1.234", "5.678", country="CN")
    assert not reading.sure


def test_a_column_of_both_decimal_signs_takes_nothing_it_could_misread():
    _reading, values, rows = amounts("1,5", "1.5", "1,234", "2.5")
    assert values == [None, Decimal("1.5"), None, Decimal("2.5")]
    assert [bool(row.problems) for row in rows] == [True, False, True, False]


def test_whole_numbers_with_a_unit():
    _reading, values, rows = amounts("30", "30天", "45 days", 60, 7.5, "1.5", header="天数")
    assert values == [30, 30, 45, 60, None, None]
    assert all(type(value) is int for value in values[:4])
    assert [bool(row.remarks) for row in rows] == [False, True, True, False, False, False]
    assert [bool(row.problems) for row in rows] == [False, False, False, False, True, True]


@pytest.mark.parametrize(
    ("cells", "key", "values"),
    [
        ((0, 0.05, 0.25), "fraction", [0, 5, 25]),
        ((0, 5, 25), "percent", [0, 5, 25]),
        (("0.05", "5%", 0.1), "fraction", [5, 5, 10]),
        ((12.5, 5), "percent", [Decimal("12.5"), 5]),
    ],
)
def test_a_column_of_percents_is_decided_as_a_whole(cells, key, values):
    reading, found, _rows = amounts(*cells, header="折扣")
    assert found == values
    assert reading.key == key
    assert reading.sure


def test_percents_that_do_not_decide_are_asked_about():
    reading, values, rows = amounts(1, 0, header="折扣")
    assert not reading.sure
    assert values == [1, 0]
    reading, values, rows = amounts(0.5, 15, header="折扣")
    assert not reading.sure
    assert values == [Decimal("0.5"), 15]
    assert rows[0].remarks
    made, _rows = column("折扣", "1", "0", country="DE")
    made.read_as("discount", "fraction")
    assert [row.values["discount"] for row in made.rows()] == [100, 0]
    made, _rows = column("折扣", 0.5, 15)
    made.read_as("discount", "fraction")
    assert [row.values["discount"] for row in made.rows()] == [50, 1500]


@given(st.dates(date(1950, 1, 1), date(2036, 12, 31)))
def test_every_written_day_means_itself_in_its_own_order(day):
    for order, text in (("dmy", f"{day:%d/%m/%Y}"), ("mdy", f"{day:%m/%d/%Y}"), ("ymd", f"{day:%y.%m.%d}")):
        found = date_patterns.parse(text, TODAY)
        assert found is not None
        assert found.days[order] == day
    for text in (f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", f"{day:%d %b %Y}"):
        found = date_patterns.parse(text, TODAY)
        assert found is not None
        assert set(found.days.values()) == {day}


@given(st.decimals(-(10**12), 10**12, places=2))
def test_every_amount_comes_back_from_how_it_is_written(value):
    for style, text in (("point", f"{value:,}"), ("comma", f"{value:,}".translate(str.maketrans(",.", ".,")))):
        found = number_patterns.parse(text)
        assert found is not None
        assert found.values[style] == value


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    date_patterns.parse(text, TODAY, "TW")
    figure = number_patterns.parse(text)
    assert figure is None or figure.values


CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.text("0123456789.,/-:年月日%$ ", max_size=12), st.integers(), st.floats(),
    st.dates(), st.booleans(), st.times(), st.datetimes(),
)  # fmt: skip


@given(
    st.sampled_from(
        ["单据日期", "金额", "折扣", "天数", "启用", "状态", "业务员", "建档日期", "手机", "标签", "客户编号"]
    ),
    st.lists(CELLS, max_size=6),
)
def test_no_cell_of_any_kind_is_lost_without_a_word(header, cells):
    made = draft(("Name", "Phone", header), *(("A", "1", cell) for cell in cells))
    made.set_header(0, 0)
    assert made.readings is not None
    for row in made.rows():
        cell = made.sheet.rows[row.number - 1][2]
        seen = cell is not None and clean_line(str(cell))
        told = any(made.columns[2].field in one for one in (row.values, row.problems, row.remarks))
        assert told or not seen or (header == "标签" and not set(seen) - set(",;，；、|")), (header, cell)
