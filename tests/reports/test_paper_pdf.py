"""Business documents as PDF: read again by another library and compared with what went in."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.reports.paper import Block, Column, Fact, Line, LineKind, Paper, Sender, Signature, Total
from crm_desktop.reports.paper_pdf import paper_pdf
from tests.reports.papers import CHINESE_COLUMNS, contract, fonts_of, item, page_texts, picture

HEAD = "序号品名与规格数量单位单价金额"
TOTALS = "CNY1,234,567.89"


def test_what_goes_in_can_be_read_again() -> None:
    printed = paper_pdf(contract(3, detail="B3 安装，IP55"))
    assert printed.pages == 1
    assert printed.missing == ()
    (text,) = page_texts(printed.data)
    for words in (
        "上海晨光机电设备有限公司", "江苏瑞丰精密制造股份有限公司", "销售合同", "SO2026-0042", "2026年3月5日",
        "双方经友好协商", "产品0003号", "1,234.50", "B3安装,IP55", TOTALS, "13%", "人民币壹佰贰拾叁万肆仟",
        "付款计划", "二、质保期十二个月。", "开户行:中国工商银行上海张江支行", "第1页,共1页",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize(
    ("language", "regular"),
    [("en", b"NotoSansSC-Regular"), ("zh_Hans", b"NotoSansSC-Regular"), ("zh_Hant", b"NotoSansTC-Regular")],
)
def test_the_letters_are_those_of_the_language_and_embedded(language: str, regular: bytes) -> None:
    data = paper_pdf(replace(contract(2, language), title="客户名称")).data
    assert any(name.endswith(regular) for name in fonts_of(data))
    assert all(b"+NotoSans" in name for name in fonts_of(data))
    assert data.count(b"/FontFile2") >= len(fonts_of(data))
    assert "客户名称" in page_texts(data)[0]


def test_the_file_says_what_it_is() -> None:
    document = pypdfium2.PdfDocument(paper_pdf(contract()).data)
    assert document.get_metadata_value("Title") == "销售合同 SO2026-0042"
    assert document.get_metadata_value("Author") == "上海晨光机电设备有限公司"
    document.close()


def lines_per_page(texts: list[str], count: int) -> list[list[int]]:
    found = [[int(number) for number in re.findall(r"产品(\d{4})号", text)] for text in texts]
    assert [number for page in found for number in page] == list(range(1, count + 1))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("detail", ["", "一个说明" * 30])
def test_lines_are_never_split_and_totals_never_alone(detail: str) -> None:
    for count in range(1, 121, 1 if not detail else 7):
        texts = page_texts(paper_pdf(contract(count, detail=detail)).data)
        found = lines_per_page(texts, count)
        for text, numbers in zip(texts, found, strict=True):
            assert (HEAD in text) == bool(numbers)
            for number in numbers:
                assert f"{number},703.50" in text
                assert text.count("说明") >= len(numbers) * 30 * bool(detail)
        (with_totals,) = [page for page, text in enumerate(texts) if TOTALS in text]
        assert found[with_totals], f"{count} lines: the totals stand alone"
        assert "人民币壹佰贰拾叁万" in texts[with_totals]
        counted = [f"第{number}页,共{len(texts)}页" in text for number, text in enumerate(texts, 1)]
        assert counted == [True] * len(texts)
        signed = next(page for page, text in enumerate(texts) if "供方" in text)
        assert "质保期十二个月" in texts[signed]


texts = st.text(st.sampled_from("abc XYZ 客户名称,。-/0123456789Żółć"), max_size=300)


@settings(max_examples=40)
@given(
    lines=st.lists(st.tuples(texts, texts, st.sampled_from(LineKind)), max_size=25),
    totals=st.integers(0, 8),
    intro=texts,
    terms=st.lists(texts, max_size=3),
)
def test_any_document_can_be_printed(
    lines: list[tuple[str, str, LineKind]], totals: int, intro: str, terms: list[str]
) -> None:
    paper = Paper(
        "Quote",
        intro=intro,
        columns=(Column("No."), Column("Text", weight=5)),
        lines=tuple(
            Line((f"[{number}]", text) if kind is LineKind.ITEM else (f"[{number}]{text}",), detail, kind)
            for number, (text, detail, kind) in enumerate(lines)
        ),
        totals=tuple(Total(f"total {number}", f"{number}.00", number == totals - 1) for number in range(totals)),
        texts=tuple(Block("Terms", (text,)) for text in terms),
        signatures=(Signature("Seller", "Somebody", ("Date",)),),
    )
    whole = page_texts(paper_pdf(paper).data)
    for number in range(len(lines)):
        assert sum(text.count(f"[{number}]") for text in whole) == 1


def test_a_line_longer_than_a_page_is_printed_whole() -> None:
    words = [f"wort{number:04}" for number in range(1500)]
    paper = replace(contract(2), lines=(item(1), Line(("2", " ".join(words), "1", "台", "1.00", "1.00")), item(3)))
    printed = paper_pdf(paper)
    whole = "".join(page_texts(printed.data))
    assert printed.pages >= 3
    assert all(whole.count(word) == 1 for word in words)
    assert "产品0003号" in whole


def test_a_heading_stays_with_what_it_heads() -> None:
    for before in range(15, 30):
        lines = (
            *(item(number) for number in range(1, before)),
            Line(("第二部分",), kind=LineKind.HEADING),
            item(before),
        )
        for text in page_texts(paper_pdf(replace(contract(), lines=lines)).data):
            assert ("第二部分" in text) == (f"产品{before:04}号" in text)


def test_a_character_no_font_has_is_reported_and_not_an_empty_box() -> None:
    printed = paper_pdf(replace(contract(), recipient=Block("", ("𠮷野家 한국 有限公司",))))
    assert printed.missing == ("𠮷", "한", "국")
    assert "〓野家〓〓有限公司" in page_texts(printed.data)[0]


def test_simplified_and_traditional_and_latin_beyond_them_mix_in_a_name() -> None:
    name = "臺灣龍騰 龙腾 㐀 Łódź Ünal 株式会社サクラ Ωμέγα Ещё 𬭎"
    for language in ("en", "zh_Hans", "zh_Hant"):
        printed = paper_pdf(replace(contract(language=language), recipient=Block("", (name,))))
        assert printed.missing == ()
        assert name.replace(" ", "") in page_texts(printed.data)[0]


def test_the_smallest_paper_and_the_fullest() -> None:
    assert paper_pdf(Paper("Empty")).pages == 1
    assert paper_pdf(Paper("", columns=CHINESE_COLUMNS)).pages == 1
    sender = Sender(
        "A very long name of a company " * 6, ("street " * 30,), ("contact " * 20,), ("bank " * 40,), "f " * 200
    )
    full = replace(contract(40, watermark="草稿"), sender=replace(sender, logo=picture(4000, 40, "JPEG")))
    texts = page_texts(paper_pdf(full).data)
    lines_per_page(texts, 40)
    assert all("草稿" in text for text in texts)
    assert all(text.count("bank") == 40 for text in texts)


def test_figures_are_never_broken() -> None:
    amount = "CNY 123,456,789,012.34"
    line = Line(("1", "长" * 400, "999,999,999.999", "平方米", amount, amount))
    text = paper_pdf(replace(contract(), lines=(line,), facts=(Fact("x", "y"),)))
    document = pypdfium2.PdfDocument(text.data)
    assert document[0].get_textpage().get_text_range().count(amount) == 2
    document.close()


def test_cells_and_columns_must_agree() -> None:
    with pytest.raises(ValueError, match="2 cells for 6 columns"):
        replace(contract(), lines=(Line(("1", "two")),))


def test_the_file_name_suits_every_system() -> None:
    assert Paper("Quote", 'A/B:2026*?"').file_name == "Quote A-B-2026---.pdf"


@pytest.mark.slow
def test_a_page_is_drawn_in_no_time() -> None:
    paper_pdf(contract())
    took = []
    for _try in range(7):
        began = time.perf_counter()
        paper_pdf(contract(8))
        took.append(time.perf_counter() - began)
    assert min(took) < 0.15
