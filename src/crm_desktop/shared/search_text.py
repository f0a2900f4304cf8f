"""What is indexed so that any fragment finds a record, and how typed text asks for it (pure).

Both engines get the same tokens. Texts are folded and punctuation is one space, so `J. O'Neil` is
`j o neil` for the index and for the question. A text is cut into runs:

* Chinese, Japanese and Korean runs become overlapping pairs and the last character
  (王小明: `王小 小明 明`), so one character is a prefix query and more are a phrase of pairs;
* other runs are words, found by their beginning, and by any three or more characters inside;
* texts that are telephone numbers are indexed as their digits too, however they are written;
* Chinese is also found by pinyin (`huaxin`, `huax`) and by initials (`hx`).

Give every text of a row in one call: names, e-mails, and each telephone number twice, as typed and
as `phones.phone_key`. A row is found when every `Term` is; a term is found when any one of its
matches is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final

from crm_desktop.shared import pinyin
from crm_desktop.shared.text import fold, words_only

PAIR_TABLE_OPTIONS: Final = "content='', columnsize=0, tokenize='unicode61 remove_diacritics 0', prefix='1 2'"
"""Options of the FTS5 table that holds the first of `file_texts`."""

TRIGRAM_TABLE_OPTIONS: Final = "content='', columnsize=0, tokenize='trigram'"
"""Options of the FTS5 table that holds the second of `file_texts`."""

MOST_TERMS: Final = 12
"""More words than this in one question are ignored."""

_IDEOGRAPHS = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_CJK = f"{_IDEOGRAPHS}\u3041-\u3096\u30a1-\u30fa\u30fc\u3105-\u312f\uac00-\ud7a3"
_RUNS = re.compile(f"([{_CJK}]+)|[^\\W_{_CJK}]+")
_CJK_RUN = re.compile(f"[{_CJK}]+")
_TELEPHONE = re.compile(r"[+(\d][\d\s()./+-]*")
_DIGITS = re.compile(r"[0-9]+")
_BETWEEN_TEXTS = " \ue000 "  # private use, a token of its own: keeps a phrase from reaching into the next text
_OWNER = "\ue001"
_TELEPHONE_DIGITS = 7
_INITIALS = 24
_GRAM = 3
_BEGINNING = "^"


class TermKind(StrEnum):
    """What a piece of a question is made of."""

    CJK = "cjk"
    WORD = "word"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True)
class Term:
    """One piece of a question. `text` is folded; for digits it is the digits alone.

    `phrase` is the same with spaces where punctuation was (`138 0013` for the digits `1380013`).
    """

    kind: TermKind
    text: str
    phrase: str


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A typed question: every term must be found. Without terms it is false and filters nothing."""

    terms: tuple[Term, ...]

    def __bool__(self) -> bool:
        """Say whether there is anything to look for."""
        return bool(self.terms)


class Index(StrEnum):
    """Which FTS5 table an expression is for."""

    PAIRS = "pairs"
    TRIGRAMS = "trigrams"


@dataclass(frozen=True, slots=True)
class Match:
    """One way to find a term on SQLite: rows of `index` that MATCH `expression`."""

    index: Index
    expression: str


@dataclass(frozen=True, slots=True)
class GramMatch:
    """One way to find a term on PostgreSQL: `grams @> {grams}` and the recheck text contains `contains`.

    `contains` holds letters, digits and spaces only, so it needs no escaping in LIKE; when it is
    empty the grams alone are exact.
    """

    grams: tuple[str, ...]
    contains: str


def file_texts(texts: Iterable[str]) -> tuple[str, str]:
    """Return what the two FTS5 tables store for a row.

    For the pair table: pairs, words, digits, syllables, initials; for the trigram table its Latin text, e-mails
    and digits, "" if none.
    """
    parts: list[str] = []
    read: list[str] = []
    beginnings: list[str] = []
    latin: list[str] = []
    for text in texts:
        for words in _normal_forms(text):
            if words.isascii():
                parts.append(words)
                if len(words) >= _GRAM:
                    latin.append(words)
                continue
            parts.append(_tokens(words))
            latin += [run for cut in _CJK_RUN.split(words) if len(run := cut.strip()) >= _GRAM]
            syllables, spellings = _readings(words)
            if syllables:
                read.append(" ".join(syllables))
                beginnings += [spelling[n:] for spelling in spellings for n in range(len(spelling))]
    if beginnings:
        read.append(" ".join(beginnings))
    return _BETWEEN_TEXTS.join(parts + read), "\n".join(latin)


def recheck_text(texts: Iterable[str]) -> str:
    """Return what `GramMatch.contains` is looked for in on PostgreSQL: the texts, their pinyin, initials."""
    kept: list[str] = []
    for words in _normalised(texts):
        kept.append(words)
        if not words.isascii():
            syllables, spellings = _readings(words)
            kept.extend((" ".join(syllables), *spellings) if syllables else ())
    return "\n".join(kept)


def grams(texts: Iterable[str]) -> list[str]:
    """Return the grams of a row for a PostgreSQL `text[]`, sorted, each once.

    Chinese: characters and pairs. Words: every three characters, and the first and first two
    marked `^`. Syllables and initials are words too.
    """
    found: set[str] = set()
    for words in _normalised(texts):
        for run in _RUNS.finditer(words):
            if run.group(1):
                found.update(run.group())
                found.update(map("".join, pairwise(run.group())))
            else:
                found.update(_word_grams(run.group()))
        if not words.isascii():
            syllables, spellings = _readings(words)
            for syllable in syllables:
                found.update(_word_grams(syllable))
            for spelling in spellings:
                found.update(_infixes(spelling))
                found.update(_BEGINNING + spelling[n : n + size] for n in range(len(spelling)) for size in (1, 2))
    return sorted(found)


def owner_token(owner_key: int) -> str:
    """Return the token of rows with this owner, which nobody can type: both engines make it of the row themselves."""
    return f"{_OWNER}{owner_key}"


def parse_query(text: str) -> SearchQuery:
    """Cut what was typed into terms. Never fails; signs alone give an empty query."""
    folded = fold(text).strip()
    if _TELEPHONE.fullmatch(folded):
        digits = "".join(_DIGITS.findall(folded))
        if len(digits) >= _TELEPHONE_DIGITS:
            return SearchQuery((Term(TermKind.DIGITS, digits, words_only(folded)),))
    terms = (term for piece in folded.split() for term in _terms(piece))
    return SearchQuery(tuple(dict.fromkeys(terms))[:MOST_TERMS])


def fts_matches(term: Term) -> tuple[Match, ...]:
    """Return the ways to find `term` on SQLite, the cheapest first; any one is enough."""
    if term.kind is TermKind.CJK:
        spelled = _tokenisable(term.text)
        pairs = " ".join(map("".join, pairwise(spelled)))
        return (Match(Index.PAIRS, f'"{pairs}"' if pairs else f'"{spelled}" *'),)
    matches = [Match(Index.PAIRS, f'"{words}" *') for words in dict.fromkeys((term.text, term.phrase))]
    if term.kind is TermKind.WORD:
        matches.extend(Match(Index.PAIRS, f'"{" ".join(way)}" *') for way in pinyin.split_typed(term.text))
    for words in dict.fromkeys((term.text, term.phrase)):
        if len(words) >= _GRAM:
            matches.append(Match(Index.TRIGRAMS, f'"{words}"'))
    return tuple(matches)


def gram_matches(term: Term) -> tuple[GramMatch, ...]:
    """Return the ways to find `term` on PostgreSQL; any one is enough."""
    if term.kind is TermKind.CJK:
        pairs = tuple(map("".join, pairwise(term.text)))
        return (GramMatch(pairs or (term.text,), term.text if len(pairs) > 1 else ""),)
    matches = []
    for words in dict.fromkeys((term.text, term.phrase)):
        if len(words) < _GRAM:
            matches.append(GramMatch((_BEGINNING + words,), ""))
        else:
            matches.append(GramMatch(required_grams(words), words))
    if term.kind is TermKind.WORD:
        for way in map(" ".join, pinyin.split_typed(term.text)):
            matches.append(GramMatch(required_grams(way, whole_first=True), way))
    return tuple(matches)


def required_grams(words: str, *, whole_first: bool = False) -> tuple[str, ...]:
    """Return the grams that a row containing `words` (folded, three characters or more) surely has.

    Unless `whole_first`, the first word may begin inside a longer one.
    """
    found: dict[str, None] = {}
    for place, word in enumerate(words.split()):
        found.update(dict.fromkeys(_infixes(word)))
        if len(word) < _GRAM and (place or whole_first):
            found[_BEGINNING + word] = None
    return tuple(found)


def _normalised(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _normal_forms(text)


@lru_cache(maxsize=4096)
def _normal_forms(text: str) -> tuple[str, ...]:
    """Return `text` folded with punctuation made spaces; for a telephone number its digits in one, too.

    Remembered, because towns and the like come again and again.
    """
    if text.isascii() and text.isalnum():
        return (text.lower(),)
    folded = fold(text)
    words = words_only(folded)
    if " " in words and _TELEPHONE.fullmatch(folded.strip()):
        return words, words.replace(" ", "")
    return (words,) if words else ()


@lru_cache(maxsize=4096)
def _readings(words: str) -> tuple[list[str], list[str]]:
    """Return the syllables and the spellings of the initials of a normal form."""
    syllables = pinyin.syllables(words)
    return syllables, pinyin.initial_spellings(words, syllables[:_INITIALS])


def _tokens(words: str) -> str:
    parts: list[str] = []
    for run in _RUNS.finditer(words):
        if run.group(1):
            spelled = _tokenisable(run.group())
            parts.extend([spelled[n : n + 2] for n in range(len(spelled))])
        else:
            parts.append(run.group())
    return " ".join(parts)


def _tokenisable(run: str) -> str:
    """Return `run` in characters that SQLite's unicode61 keeps: it knows no ideograph newer than Unicode 6.1.

    Those and the rest of the supplementary planes are moved to private use, where every code point
    is a token; two of them may share one place, which can only find one row too many.
    """
    if max(run) <= "\u9fcb":
        return run
    return "".join(_moved(char) for char in run)


def _moved(char: str) -> str:
    if char >= "\U00020000":
        return chr(0xF0000 | ord(char) & 0xFFFF)
    return chr(ord(char) - 0x9FCC + 0xE100) if "\u9fcc" <= char <= "\u9fff" else char


def _terms(piece: str) -> Iterator[Term]:
    digits = "".join(_DIGITS.findall(piece))
    if digits and _TELEPHONE.fullmatch(piece):
        yield Term(TermKind.DIGITS, digits, words_only(piece))
        return
    for run in re.finditer(f"[{_CJK}]+|[^{_CJK}]+", piece):
        if not (words := words_only(run.group())):
            continue
        if _CJK_RUN.match(words):
            yield Term(TermKind.CJK, words, words)
        else:
            yield Term(TermKind.WORD, words, words)


@lru_cache(maxsize=16384)
def _word_grams(word: str) -> frozenset[str]:
    return frozenset((_BEGINNING + word[:1], _BEGINNING + word[:2], *_infixes(word)))


def _infixes(word: str) -> Iterator[str]:
    return (word[n : n + _GRAM] for n in range(len(word) - _GRAM + 1))
