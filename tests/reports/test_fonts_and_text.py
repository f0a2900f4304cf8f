"""Which font draws what, where lines break, how figures read on paper."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from crm_desktop.reports.fonts import REPLACEMENT, Run, face, missing_glyphs, runs, width
from crm_desktop.reports.paper_text import amount, currency_name, day, in_language, money, percent, plain_number
from crm_desktop.reports.pen import Pen, Style, readable, tint
from crm_desktop.reports.text_layout import elided, wrap
from crm_desktop.shared.resources import resource

SIMPLIFIED = face("zh_Hans")


def characters(codec: str) -> str:
    """Every two-byte character of a Chinese code page."""
    pairs = (bytes((first, second)) for first in range(0x81, 0xFF) for second in range(0x40, 0xFF))
    return "".join(pair.decode(codec, "ignore") for pair in pairs)


@pytest.mark.parametrize("codec", ["gb2312", "gbk", "big5", "cp950"])
@pytest.mark.parametrize("language", ["en", "zh_Hans", "zh_Hant"])
def test_the_code_pages_of_china_and_taiwan_are_covered(codec: str, language: str) -> None:
    private = [char for char in characters(codec) if not "\ue000" <= char <= "\uf8ff"]
    missing = missing_glyphs("".join(private), face(language))
    # Box drawing and a few compatibility forms of code page 950; no character of a name among them.
    assert not [char for char in missing if char.isalnum()]
    assert len(missing) < 60


def test_europe_is_covered() -> None:
    for codec in ("latin-1", "iso8859-2", "iso8859-4", "iso8859-5", "iso8859-7", "iso8859-9", "cp1252"):
        text = bytes(range(0xA1, 0x100)).decode(codec, "ignore")
        assert missing_glyphs(text, face("en")) == (), codec


@pytest.mark.parametrize("name", ["NotoSansSC", "NotoSansTC", "NotoSans"])
def test_the_fonts_can_be_embedded(name: str) -> None:
    font = TTFont(resource(f"fonts/paper/{name}-Regular.ttf"))
    assert "glyf" in font
    assert "CFF " not in font
    assert font["OS/2"].fsType == 0
    digits = {font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"}
    assert len(digits) == 1, "figures stand below each other"


def test_strong_letters_are_outlined_and_the_next_ones_are_not() -> None:
    canvas = Canvas("unused.pdf")
    pen = Pen(canvas, "zh_Hans")
    pen.text(0, 0, "合计", Style(pen.strong, 10))
    pen.text(0, 0, "小计", Style(pen.plain, 10))
    modes = [int(mode) for mode in re.findall(r"(\d) Tr", " ".join(canvas._code))]
    assert modes == [2, 0]
    assert width("合计 123", pen.strong, 10) == width("合计 123", pen.plain, 10)


def test_a_run_changes_font_only_where_it_must() -> None:
    assert runs("龙 ABC", SIMPLIFIED) == [Run("龙 ABC", "NotoSansSC-Regular")]
    assert runs("龙ł", SIMPLIFIED) == [Run("龙", "NotoSansSC-Regular"), Run("ł", "NotoSans-Regular")]
    assert runs("龙", face("zh_Hant")) == [Run("龙", "NotoSansSC-Regular")]
    assert runs("𠮷", SIMPLIFIED) == [Run(REPLACEMENT, "NotoSansSC-Regular")]
    assert runs("", SIMPLIFIED) == []


def test_what_takes_no_room_is_not_missing() -> None:
    text = "a\u200bb\ufeffc\u200dd\ufe0f"
    assert missing_glyphs(text, SIMPLIFIED) == ()
    assert runs(text, SIMPLIFIED) == [Run("abcd", "NotoSansSC-Regular")]
    assert missing_glyphs("한𠮷한 \n", SIMPLIFIED) == ("한", "𠮷")


@given(st.text(st.sampled_from("ab Zż客户，。（《-/ 1234"), max_size=120), st.floats(12, 200))
def test_wrapping_keeps_every_character_and_the_width(text: str, room: float) -> None:
    lines = wrap(text, SIMPLIFIED, 9, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line.rstrip(), SIMPLIFIED, 9) <= room + 0.01 for line in lines)


def test_lines_break_where_readers_expect_it() -> None:
    def broken(text: str, chars: float) -> list[str]:
        return wrap(text, SIMPLIFIED, 10, chars * 10)

    assert broken("质保期十二个月。", 7) == ["质保期十二个", "月。"]
    assert broken("见（附件一）", 2) == ["见", "（附", "件", "一）"]
    assert broken("Bench power supply", 5.2) == ["Bench", "power", "supply"]
    assert broken("型号ABC-123电机", 4) == ["型号", "ABC-123", "电机"] or broken("型号ABC-123电机", 4)[0] == "型号"
    assert broken("one\n\ntwo", 20) == ["one", "", "two"]
    assert broken("", 5) == [""]


@given(st.text(st.sampled_from("ab 客户1"), max_size=60), st.floats(12, 200))
def test_eliding_fits_and_keeps_the_beginning(text: str, room: float) -> None:
    short = elided(text, SIMPLIFIED, 9, room)
    assert width(short, SIMPLIFIED, 9) <= room
    assert short == " ".join(text.split()) or " ".join(text.split()).startswith(short[:-1].rstrip())


def test_figures_and_days_on_paper() -> None:
    assert amount(Decimal("1234.5"), "CNY") == "1,234.50"
    assert amount(Decimal("-0.005"), "CNY") == "−0.01"
    assert amount(Decimal("1234.5"), "JPY") == "1,235"
    assert amount(Decimal("12345678901234567.89"), "CNY") == "12,345,678,901,234,567.89"
    assert money(Decimal(7), "KWD") == "KWD 7.000"
    assert plain_number(Decimal("2.500000")) == "2.5"
    assert plain_number(Decimal("1000")) == "1,000"
    assert plain_number(Decimal("1E+3")) == "1,000"
    assert plain_number(Decimal("3.5"), 2) == "3.50"
    assert plain_number(Decimal("0.123456"), 2) == "0.123456"
    assert percent(Decimal("13.0000")) == "13%"
    assert [day(date(2026, 3, 5), language) for language in ("en", "zh_Hans", "zh_Hant")] == [
        "5 Mar 2026",
        "2026年3月5日",
        "2026年3月5日",
    ]
    assert [currency_name("CNY", language) for language in ("en", "zh_Hans", "zh_Hant")] == [
        "Chinese Yuan",
        "人民币",
        "人民幣",
    ]
    assert currency_name("XYZ", "en") == "XYZ"


def test_words_come_in_the_language_of_the_paper() -> None:
    assert in_language("Save", "en") == "Save"
    assert in_language("Save", "zh_Hans") == "保存"
    assert in_language("", "zh_Hans") == ""
    assert in_language("Save", "fr") == "Save"


def test_a_pale_accent_is_darkened_until_it_can_be_read() -> None:
    assert readable("#0B6677") == "#0B6677"
    assert readable("#FFEE00") != "#FFEE00"
    assert readable("#FFFFFF") < "#8"
    assert tint("#000000", 0.1) == "#E6E6E6"
