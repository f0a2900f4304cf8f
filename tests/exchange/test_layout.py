import pytest

from crm_desktop.exchange.sheets.layout import BLANK, NOTE, REPEATED, TITLE, TOTAL, find_header, lay_out
from tests.exchange.drafts import draft, sheet

KNOWN = {"Name", "Phone", "客户名称", "电话", "金额", "Amount", "日期"}.__contains__


def left_out(*rows, merged=()):
    made = sheet(*rows, merged=merged)
    return dict(lay_out(made, find_header(made, KNOWN)).left_out)


def header(*rows, merged=()):
    return find_header(sheet(*rows, merged=merged), KNOWN)


def test_the_header_is_found_below_titles_and_blank_rows():
    assert header(("客户资料表", None, None), (None, None, None), ("客户名称", "电话", "金额"), ("A", "1", 2)) == (2,)
    assert header(("2026 list",), ("printed 1 May",), ("Name", "Phone", "Amount"), ("A", "1", 2)) == (2,)


def test_a_merged_title_is_no_header_even_when_it_is_a_known_word():
    merged = [(0, 0, 0, 2)]
    assert header(("客户名称", None, None), ("客户名称", "电话", "金额"), ("A", "1", 2), merged=merged) == (1,)


def test_a_header_nobody_knows_is_still_the_row_of_words_above_the_figures():
    assert header(("Имя", "Телефон", "Сумма"), ("Иван", "5550101", 3), ("Пётр", "5550102", 4)) == (0,)


@pytest.mark.parametrize("first", [("Li", "li@firm.cn", 5), ("苏州公司", "13800138000", 7), ("A", 1, 2)])
def test_a_sheet_that_begins_with_data_has_no_header(first):
    assert header(first, ("B", "x@firm.cn", 9)) == ()


def test_group_headers_over_merged_cells_are_one_header_with_the_row_below():
    made = draft(
        ("客户名称", "联系方式", None, "金额"),
        (None, "手机", "电话", None),
        ("A", "13800138000", "021-5555555", 3),
        merged=[(0, 1, 0, 2), (0, 0, 1, 0), (0, 3, 1, 3)],
    )
    assert made.header_rows == (0, 1)
    assert made.headers == ("客户名称", "联系方式 手机", "联系方式 电话", "金额")
    assert [column.field for column in made.columns] == ["name", "mobile", "phone", "amount"]
    assert [row.number for row in made.rows()] == [3]


def test_two_header_rows_that_fill_each_others_gaps_belong_together():
    made = draft(("客户名称", None, None), (None, "手机", "电话"), ("A", "13800138000", "021-5555555"))
    assert made.header_rows == (0, 1)


@pytest.mark.parametrize(
    "word",
    [
        "合计",
        "合 计",
        "总计：",
        "小计",
        "合計",
        "總計",
        "本页小计",
        "Total",
        "TOTAL:",
        "Grand total",
        "Sum",
        "合计（元）",
        "累计",
        "合计：900笔",
    ],
)
def test_totals_are_left_out_wherever_they_stand(word):
    rows = [("Name", "Phone", "Amount"), ("A", "1", 2.0), (word, None, 2.0), ("B", "2", 3.0), (None, word, 5.0)]
    assert left_out(*rows) == {3: TOTAL, 5: TOTAL}


def test_a_firm_that_is_called_like_a_sum_stays():
    rows = [("Name", "Phone", "Amount"), ("Total Energies", "1", 2), ("合计科技有限公司", "2", 3), ("Sum", "Li", "x")]
    assert left_out(*rows) == {}


def test_a_last_row_of_nothing_but_sums_is_a_total():
    rows = [("Name", "Phone", "Amount"), ("A", "1", 2.5), ("B", "2", 3.5), ("C", "2", 4.0), (None, None, 10.0)]
    assert left_out(*rows) == {5: TOTAL}
    assert left_out(*rows[:-1], (None, None, 11.0)) == {}


def test_blank_rows_repeated_headers_and_notes_are_left_out():
    rows = [
        ("List of 2026", None, None),
        ("Name", "Phone", "Amount"),
        ("A", "1", 2),
        (None, " ", ""),
        ("Name", "Phone", "Amount"),
        ("B", "2", 3),
        ("合计", None, 5),
        ("制表人：张三", None, "审核：李四"),
        (None, None, None),
        ("Prices include tax", None, None),
        (None, None, None),
    ]
    assert left_out(*rows) == {1: TITLE, 4: BLANK, 5: REPEATED, 7: TOTAL, 8: NOTE, 9: BLANK, 10: NOTE}


def test_a_last_row_with_only_a_name_is_data_when_nothing_sets_it_apart():
    assert left_out(("Name", "Phone", "Amount"), ("A", "1", 2), ("B", "2", 3), ("C", None, None)) == {}


def test_cells_merged_downwards_count_for_every_row():
    made = draft(
        ("客户名称", "单据日期", "金额"),
        ("A", "2026-01-01", 1),
        (None, None, 2),
        (None, None, 3),
        ("B", "2026-01-02", 4),
        merged=[(1, 0, 3, 0), (1, 1, 3, 1)],
    )
    assert [row.values["name"] for row in made.rows()] == ["A", "A", "A", "B"]
    assert made.rows()[2].values["dated_on"].day == 1


def test_nothing_at_all_is_a_layout_too():
    for rows in ((), ((),), ((None,),), (("Name", "Phone", "Amount"),)):
        made = draft(*rows)
        assert made.rows() == []
        assert made.first_row > made.last_row
