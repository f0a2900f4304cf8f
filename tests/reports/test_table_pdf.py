"""Reports as PDF: every row once, subtotals with their rows, wide ones lying."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.reports.page_flow import Piece, flow
from crm_desktop.reports.paper import Align, Column
from crm_desktop.reports.table_pdf import Bar, Bars, Row, RowKind, TableReport, table_pdf
from tests.reports.papers import page_texts

COLUMNS = (Column("客户", weight=3), Column("业务员"), Column("未税金额", Align.RIGHT), Column("毛利", Align.RIGHT))
CHART = Bars(
    "未税金额，千元",
    (Bar("江苏瑞丰", Decimal("512.5"), "512.5"), Bar("退货客户", Decimal(-40), "−40"), Bar("空", Decimal(0), "0")),
)


def rows(count: int, every: int = 10) -> tuple[Row, ...]:
    made: list[Row] = []
    for number in range(count):
        if number % every == 0:
            made.append(Row((f"组{number:04}", "", "", ""), RowKind.GROUP))
        made.append(Row((f"客户{number:04}", "陈洁", f"{number},234.50", "12.00")))
        if number % every == every - 1 or number == count - 1:
            made.append(Row((f"小计{number:04}", "", "1,234,567.00", "9.00"), RowKind.SUBTOTAL))
    return (*made, Row(("合计", "", "9,999,999,999.00", "9.00"), RowKind.TOTAL))


def report(count: int, **changes: object) -> TableReport:
    given_ = {"title": "按客户统计的销售", "columns": COLUMNS, "rows": rows(count), "language": "zh_Hans"}
    return TableReport(**(given_ | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [1, 9, 10, 30, 31, 32, 33, 34, 35, 60, 151])
@pytest.mark.parametrize("chart", [None, CHART])
def test_every_row_stands_on_one_page_below_the_head(count: int, chart: Bars | None) -> None:
    texts = page_texts(table_pdf(report(count, chart=chart)).data)
    found = [re.findall(r"客户(\d{4})", text) for text in texts]
    assert [int(number) for page in found for number in page] == list(range(count))
    for text in texts:
        assert "未税金额毛利" in text
        for number in re.findall(r"小计(\d{4})", text):
            assert f"客户{number}" in text
        for number in re.findall(r"组(\d{4})", text):
            assert f"客户{number}" in text
    assert "9,999,999,999.00" in texts[-1]
    assert ("退货客户" in texts[0]) == (chart is not None)


def test_what_is_above_and_below() -> None:
    printed = table_pdf(
        report(3, parameters="2026年上半年", company="晨光机电", made="陈洁，2026年7月1日", chart=CHART)
    )
    (text,) = page_texts(printed.data)
    for words in ("晨光机电", "按客户统计的销售", "2026年上半年", "未税金额,千元", "512.5", "−40", "陈洁,2026年7月1日"):
        assert words in text
    document = pypdfium2.PdfDocument(printed.data)
    assert document.get_metadata_value("Title") == "按客户统计的销售"
    document.close()


def size_of(table: TableReport) -> tuple[int, int]:
    document = pypdfium2.PdfDocument(table_pdf(table).data)
    wide, high = document.get_page_size(0)
    document.close()
    return round(wide), round(high)


def test_a_wide_report_lies_and_figures_stay_whole() -> None:
    assert size_of(report(3)) == (595, 842)
    columns = (*COLUMNS, *(Column(f"{month}月", Align.RIGHT) for month in range(1, 13)))
    figures = ("1,234,567.00",) * 12
    table = report(1, columns=columns, rows=(Row(("客户", "陈洁", "1", "2", *figures), RowKind.TOTAL),))
    assert size_of(table) == (842, 595)
    document = pypdfium2.PdfDocument(table_pdf(table).data)
    assert document[0].get_textpage().get_text_range().count("1,234,567.00") == 12
    document.close()


def test_an_empty_report_says_so_by_its_head() -> None:
    (text,) = page_texts(table_pdf(TableReport("Sales", COLUMNS, ())).data)
    assert "未税金额" in text


def test_characters_no_font_has_are_reported() -> None:
    table = report(1, rows=(Row(("𠮷野家", "", "", "")),))
    assert table_pdf(table).missing == ("𠮷",)


pieces = st.builds(
    Piece,
    height=st.floats(1, 260),
    bound=st.booleans(),
    blank=st.booleans(),
    head=st.sampled_from([None, Piece(20.0), Piece(35.0)]),
)


@settings(max_examples=300)
@given(st.lists(pieces, max_size=40), st.floats(100, 700))
def test_pages_hold_what_they_are_given(given_: list[Piece], first_top: float) -> None:
    pages = flow(given_, first_top, 740.0, 40.0)
    placed = [one for page in pages for one in page]
    heads = {id(piece.head) for piece in given_ if piece.head is not None}
    drawn = [id(one.piece) for one in placed if id(one.piece) not in heads]
    blanks = {id(piece) for piece in given_ if piece.blank}
    assert [one for one in drawn if one not in blanks] == [id(piece) for piece in given_ if not piece.blank]
    for number, page in enumerate(pages):
        tops = [one.top for one in page]
        assert tops == sorted(tops, reverse=True)
        for above, below in itertools.pairwise(page):
            assert above.top - above.piece.height == pytest.approx(below.top)
        if number and page:
            assert page[0].top == 740.0
            first = next((one.piece for one in page if id(one.piece) not in heads), None)
            if first is not None and first.head is not None:
                assert page[0].piece is first.head
        assert all(one.top - one.piece.height >= 40.0 - 1e-6 for one in page)


@given(st.lists(st.tuples(st.floats(5, 120), st.booleans()), min_size=1, max_size=40))
def test_bound_pieces_share_a_page(sizes: list[tuple[float, bool]]) -> None:
    given_ = [Piece(height, bound=bound) for height, bound in sizes]
    page_of = {id(one.piece): number for number, page in enumerate(flow(given_, 700.0, 740.0, 40.0)) for one in page}
    group: list[Piece] = []
    for piece in given_:
        group.append(piece)
        if not piece.bound or piece is given_[-1]:
            if sum(one.height for one in group) <= 700.0:
                assert len({page_of[id(one)] for one in group}) == 1
            group = []
