"""The index text and the questions fit each other: tried on a real FTS5 table and on the grams."""

import sqlite3
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.shared import search_text
from crm_desktop.shared.search_text import Index, Term, TermKind, fts_matches, gram_matches, parse_query
from crm_desktop.shared.text import fold, words_only

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=("Cs",)), max_size=30)
NAMES = st.text("王小明海波上ab c1-𠮷鿕ガ", max_size=12)
ROWS = (
    ("宁波华新国际贸易有限公司", "王小明", "138-0013 8000", "+8613800138000"),
    ("John O'Neil", "john.oneil@firm.com", "(021) 6234-5678"),
    ("華新（上海）Trading", "Road 12-34"),
    ("长城 Müller-Lüdenscheidt",),
    ("西安", "王明", "海波"),
    ("𠮷野家 鿕", "abc王def"),
)


class Tables:
    """Both FTS5 tables over some rows, and the same rows as PostgreSQL would hold them."""

    def __init__(self, rows: Iterable[Iterable[str]]) -> None:
        self.rows = [tuple(row) for row in rows]
        self.connection = sqlite3.connect(":memory:")
        for index, options in (
            (Index.PAIRS, search_text.PAIR_TABLE_OPTIONS),
            (Index.TRIGRAMS, search_text.TRIGRAM_TABLE_OPTIONS),
        ):
            self.connection.execute(f"CREATE VIRTUAL TABLE {index} USING fts5(text, {options})")
        for number, row in enumerate(self.rows):
            values = dict(zip((Index.PAIRS, Index.TRIGRAMS), search_text.file_texts(row), strict=True))
            for index, value in values.items():
                self.connection.execute(f"INSERT INTO {index}(rowid, text) VALUES (?, ?)", (number, value))
        self.grams = [set(search_text.grams(row)) for row in self.rows]
        self.recheck = [search_text.recheck_text(row) for row in self.rows]

    def __enter__(self) -> "Tables":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def found(self, question: str) -> set[int]:
        """Return the rows that SQLite finds."""
        rows = set(range(len(self.rows)))
        for term in parse_query(question).terms:
            rows &= self.found_by_fts(term)
        return rows

    def found_by_fts(self, term: Term) -> set[int]:
        return {
            number
            for match in fts_matches(term)
            for (number,) in self.connection.execute(
                f"SELECT rowid FROM {match.index} WHERE {match.index} MATCH ?", (match.expression,)
            )
        }

    def found_by_grams(self, term: Term) -> set[int]:
        return {
            number
            for match in gram_matches(term)
            for number in range(len(self.rows))
            if self.grams[number].issuperset(match.grams) and match.contains in self.recheck[number]
        }


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("华", {0, 2}),
        ("华新", {0, 2}),
        ("華新", {0, 2}),
        ("王明", {4}),
        ("王小明", {0}),
        ("国际贸易有限", {0}),
        ("欧阳", set()),
        ("hx", {0, 2}),
        ("bhx", {0}),
        ("HXGJ", {0}),
        ("huaxin", {0, 2}),
        ("huax", {0, 2}),
        ("ning", {0}),
        ("xian", {0, 4}),
        ("xi'an", {4}),
        ("zc", {3}),
        ("cc", {3}),
        ("john", {1}),
        ("ohn", {1}),
        ("oneil", {1}),
        ("o'neil", {1}),
        ("neil firm", {1}),
        ("john@", {1}),
        ("firm.com", {1}),
        ("MULLER", {3}),
        ("denscheid", {3}),
        ("13800138000", {0}),
        ("138 0013 8000", {0}),
        ("0013-80", {0}),
        ("+86 138 0013 8000", {0}),
        ("62345678", {1}),
        ("021-6234", {1}),
        ("12-34", {2}),
        ("12 34", {2}),
        ("13", {0}),
        ("华新trading", {2}),
        ("𠮷野", {5}),
        ("鿕", {5}),
        ("abcdef", set()),
        ("abc def", {5}),
        ("  !!! ", {0, 1, 2, 3, 4, 5}),
    ],
)
def test_any_fragment_finds_its_rows_on_both_engines(question: str, rows: set[int]) -> None:
    with Tables(ROWS) as tables:
        assert tables.found(question) == rows
        for term in parse_query(question).terms:
            assert tables.found_by_grams(term) == tables.found_by_fts(term)


@given(ANY_TEXT)
@settings(max_examples=300)
def test_no_typed_text_breaks_the_expression(question: str) -> None:
    with Tables(ROWS) as tables:
        tables.found(question)
        for term in parse_query(question).terms:
            assert gram_matches(term)
            assert all(match.grams for match in gram_matches(term))


@pytest.mark.parametrize(
    "question", ['"', "'", '" OR "', "NEAR(", "a* AND", "col:x", "%", "_", "^a", "-a", "(", "\\", "\x00"]
)
def test_the_language_of_fts_is_plain_text_here(question: str) -> None:
    with Tables(ROWS) as tables:
        tables.found(question)


@given(
    st.lists(st.lists(NAMES, min_size=1, max_size=3), min_size=1, max_size=5),
    st.text("王小明海波上𠮷ガ", min_size=1, max_size=4),
)
@settings(max_examples=300)
def test_chinese_finds_exactly_what_reading_every_row_finds(rows: list[list[str]], question: str) -> None:
    naive = {n for n, row in enumerate(rows) if any(fold(question) in words_only(fold(text)) for text in row)}
    (term,) = parse_query(question).terms
    assert term.kind is TermKind.CJK
    with Tables(rows) as tables:
        assert tables.found_by_fts(term) == tables.found_by_grams(term) == naive


@given(
    st.lists(st.lists(st.text("johnsi .@王", max_size=10), max_size=3), max_size=5),
    st.text("johnsi.", min_size=3, max_size=6),
)
@settings(max_examples=300)
def test_three_latin_letters_find_whatever_holds_them(rows: list[list[str]], question: str) -> None:
    with Tables(rows) as tables:
        for term in parse_query(question).terms:
            if len(term.text) < 3:
                continue
            naive = {n for n, row in enumerate(rows) if any(term.text in words_only(fold(text)) for text in row)}
            # Pinyin and initials may find more, never less.
            assert naive <= tables.found_by_fts(term)
            assert naive <= tables.found_by_grams(term)


@given(st.from_regex(r"\+?[0-9]{3}[0-9 ()./-]{4,10}[0-9]", fullmatch=True), st.data())
def test_digits_are_found_inside_a_telephone_number_however_written(phone: str, data: st.DataObject) -> None:
    digits = "".join(filter(str.isdigit, phone))
    start = data.draw(st.integers(0, len(digits) - 3))
    with Tables([(phone,)]) as tables:
        assert tables.found(digits[start:]) == {0}
        assert all(tables.found_by_grams(term) == {0} for term in parse_query(digits[start:]).terms)


def test_a_question_without_letters_filters_nothing() -> None:
    assert not parse_query(" -- ")
    assert not parse_query("")
    assert parse_query("a")
    assert len(parse_query(" ".join(f"w{n}" for n in range(50))).terms) == search_text.MOST_TERMS


def test_the_texts_of_the_two_tables_are_as_described() -> None:
    assert (
        search_text.file_texts(["王小明", "X 1"])[0] == "王小 小明 明 \ue000 x 1 \ue000 wang xiao ming \ue000 wxm xm m"
    )
    assert search_text.file_texts(["", "!", "ガ"])[0] == "ガ"
    assert search_text.file_texts(["王小明", "ab", "A.B."])[1] == "a b"
    assert search_text.recheck_text(["王", "ガ"]) == "王\nwang\nw\nガ"
    assert search_text.grams(["王ab"]) == ["^a", "^ab", "^w", "^wa", "ang", "wan", "王"]
