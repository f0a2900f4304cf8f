"""Cleaning, folding and sorting of what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.shared import pinyin
from crm_desktop.shared.text import (
    SORT_KEY_CHARS,
    clean,
    clean_line,
    clean_multiline,
    fold,
    initials,
    sort_key,
    words_only,
)

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Anna ", "Anna"),
        ("a\x00b\x07c", "abc"),
        ("a\ud800b", "ab"),
        ("safe\u202etxt.exe", "safetxt.exe"),
        ("\ufeffAnna\u200b", "Anna"),
        ("one\r\ntwo\tthree\u2028four", "one two three four"),
        ("e\u0301", "é"),
        ("\u3000王小明\u00a0", "王小明"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_a_line_is_cleaned(typed: str, stored: str) -> None:
    assert clean_line(typed) == stored


def test_lines_are_kept_where_there_may_be_several() -> None:
    assert clean_multiline("\n one  \r\n\ttwo\x00\rthree\n\n") == "one\n\ttwo\nthree"
    assert clean("a\r\nb") == "a\nb"


@given(ANY_TEXT)
def test_cleaned_text_is_clean_and_both_engines_can_store_it(typed: str) -> None:
    for cleaner in (clean_line, clean_multiline):
        cleaned = cleaner(typed)
        assert cleaner(cleaned) == cleaned
        assert "\x00" not in cleaned
        cleaned.encode("utf-8")
    assert "\n" not in clean_line(typed)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ACME", "acme"),
        ("Ｈｕａ", "hua"),
        ("Müller Straße", "muller strasse"),
        ("寧波華新", "宁波华新"),
        ("薴", "苎"),
        ("ガス", "ガス"),
        ("한국", "한국"),
        ("㈱", "(株)"),
        ("\u03d4\u0345", "υι"),
    ],
)
def test_texts_are_compared_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_words_are_what_is_left_without_punctuation() -> None:
    assert words_only("j. o'neil_(ltd)") == "j o neil ltd"


def test_names_sort_by_pinyin_tone_and_character_among_latin() -> None:
    names = ["先达", "Zeta", "王安", "西安", "汪洋", "王波", "Alpha", "Émile", "汪安", "華新", "(华信)"]
    expected = ["Alpha", "Émile", "華新", "(华信)", "汪安", "汪洋", "王安", "王波", "西安", "先达", "Zeta"]
    assert sorted(names, key=sort_key) == expected


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("单小龙", "shan4"),
        ("单位采购中心", "dan1"),
        ("曾先生", "zeng1"),
        ("长江", "chang2"),
        ("重庆", "chong2"),
        ("银行", "yin2银hang2"),
        ("吕", "lv3"),
        ("女", "nv3"),
        ("ガス", "ガス"),
        ("吧", "ba"),
    ],
)
def test_characters_are_read_as_names_use_them(name: str, beginning: str) -> None:
    assert sort_key(name).startswith(beginning)


def test_a_name_of_signs_alone_still_sorts_and_a_long_one_is_cut() -> None:
    assert sort_key("!!!\x00") == "!!!"
    assert sort_key("") == ""
    assert len(sort_key("王" * 500)) == len(sort_key("a" * 500)) == SORT_KEY_CHARS


@given(ANY_TEXT)
def test_a_sort_key_fits_its_column(name: str) -> None:
    key = sort_key(name)
    assert len(key) <= SORT_KEY_CHARS
    key.encode("utf-8")


def test_initials_come_from_the_chinese_characters() -> None:
    assert initials("宁波华新 Ltd") == "nbhx"
    assert initials("華新（上海）") == "hxsh"
    assert initials("Anna") == initials("") == initials("ガス") == ""
    assert initials("重庆银行") == "cqyh"


def test_characters_read_two_ways_are_found_both_ways() -> None:
    assert pinyin.initial_spellings("长城", pinyin.syllables("长城")) == ["cc", "zc"]
    assert pinyin.initial_spellings("王", pinyin.syllables("王")) == ["w"]
    assert pinyin.initial_spellings("", []) == []
    assert len(pinyin.initial_spellings("长" * 24, pinyin.syllables("长" * 24))) == 4


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ("huaxin", {("hua", "xin")}),
        ("huax", {("hua", "x")}),
        ("huaq", {("hua", "q")}),
        ("anzzz", set()),
        ("xian", {("xi", "an"), ("xia", "n")}),
        ("john", set()),
        ("or", set()),
        ("wüste", set()),
    ],
)
def test_typed_letters_are_read_as_syllables(typed: str, ways: set[tuple[str, ...]]) -> None:
    assert set(pinyin.split_typed(typed)) == ways


def test_reading_syllables_takes_no_longer_for_text_made_to_explode() -> None:
    assert pinyin.split_typed("xian" * 200 + "q!") == ()
    assert len(pinyin.split_typed("xian" * 200)) <= 4
