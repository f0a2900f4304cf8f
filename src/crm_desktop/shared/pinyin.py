"""How Chinese characters are read, from pypinyin's table, character by character (pure).

One reading per character, the one that names use: whole-word analysis is a hundred times slower
and knows neither surnames nor company names. Texts given here are folded (simplified Chinese).
"""

import os
import re
import unicodedata
from functools import lru_cache
from typing import Final

# The first reading in the table is that of running text; in names these are meant.
_IN_NAMES: Final = {
    "曾": "zēng", "长": "cháng", "翟": "zhái", "覃": "qín", "缪": "miào", "宁": "níng", "都": "dū",
}  # fmt: skip
_AS_SURNAME: Final = {
    "单": "shàn", "解": "xiè", "仇": "qiú", "查": "zhā", "区": "ōu", "朴": "piáo", "尉": "wèi",
    "盖": "gě",
}  # fmt: skip
_IN_WORDS: Final = {
    "重庆": {"重": "chóng"}, "厦门": {"厦": "xià"}, "银行": {"行": "háng"}, "商行": {"行": "háng"},
    "洋行": {"行": "háng"}, "车行": {"行": "háng"}, "会计": {"会": "kuài"}, "音乐": {"乐": "yuè"},
    "朝阳": {"朝": "cháo"}, "番禺": {"番": "pān"}, "尉迟": {"尉": "yù"}, "单县": {"单": "shàn"},
}  # fmt: skip
_SECOND_LETTERS: Final = {
    "长": "z", "行": "hx", "重": "cz", "曾": "c", "单": "ds", "厦": "sx", "乐": "ly", "解": "jx", "仇": "cq",
    "区": "oq", "朝": "cz", "会": "k", "盛": "c", "贾": "g", "藏": "c", "调": "td", "传": "cz", "校": "xj",
    "参": "cs", "奇": "qj", "都": "d", "查": "cz", "卡": "qk", "石": "d", "车": "j", "沈": "c",
}  # fmt: skip
"""Initials under which a character is looked for too; a wrong one more costs little, a missing one a hit."""

_LONGEST_PERSON = 4
_MOST_SPELLINGS = 4
_LONGEST_SYLLABLE = 6
_SHORTEST_SPLIT = 4
_TONES = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0300": 4}
_NEUTRAL = 5
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_SPECIAL = re.compile("|".join(_IN_WORDS))
_AMBIGUOUS = re.compile(f"[{''.join(_SECOND_LETTERS)}]")


class _Readings(dict[int, tuple[str, int] | None]):
    """Code point -> (syllable, tone), worked out on first use; None where there is no reading."""

    def __missing__(self, code: int) -> tuple[str, int] | None:
        first = _table().get(code, "").split(",")[0]
        self[code] = reading = _syllable_and_tone(_IN_NAMES.get(chr(code), first)) if first else None
        return reading


class _SortSpellings(dict[int, str]):
    """Code point -> what stands for it in a sort key (王: `wang2王`), for `str.translate`."""

    def __missing__(self, code: int) -> str:
        reading = _readings[code]
        self[code] = spelled = f"{reading[0]}{reading[1]}{chr(code)}" if reading else chr(code)
        return spelled


_readings = _Readings()
_sort_spellings = _SortSpellings()


def spelled_for_sorting(folded: str) -> str:
    """Return `folded` with every Chinese character spelled as syllable, tone and itself."""
    exceptions = _exceptions(folded)
    if not exceptions:
        return folded.translate(_sort_spellings)
    return "".join(
        "{}{}{}".format(*_syllable_and_tone(exceptions[place]), char)
        if place in exceptions
        else _sort_spellings[ord(char)]
        for place, char in enumerate(folded)
    )


def syllables(folded: str) -> list[str]:
    """Return the syllables of the Chinese characters in `folded`, without tones; ü is written v."""
    exceptions = _exceptions(folded)
    if exceptions:
        return [_syllable_and_tone(exceptions[m.start()])[0] if m.start() in exceptions else reading[0]
                for m in _HAN.finditer(folded) if (reading := _readings[ord(m.group())])]  # fmt: skip
    return [reading[0] for char in _HAN.findall(folded) if (reading := _readings[ord(char)])]


def initial_spellings(folded: str, syllables_read: list[str]) -> list[str]:
    """Return the initials under which `folded` may be looked for, the likeliest first.

    `syllables_read` is `syllables(folded)` or its beginning. Characters read in two ways (长: c, z)
    give up to `_MOST_SPELLINGS` spellings in all.
    """
    first = "".join([syllable[0] for syllable in syllables_read])
    spellings = [first] if first else []
    if not _AMBIGUOUS.search(folded):
        return spellings
    read = [char for char in _HAN.findall(folded) if _readings[ord(char)]]
    for place, char in enumerate(read[: len(first)]):
        for letter in _SECOND_LETTERS.get(char, ""):
            others = [spelling[:place] + letter + spelling[place + 1 :] for spelling in spellings]
            spellings = list(dict.fromkeys(spellings + others))[:_MOST_SPELLINGS]
    return spellings


@lru_cache(maxsize=1024)
def split_typed(typed: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways to read typed letters as two or more syllables (`xian`: xi an), at most four.

    The last piece may be the beginning of a syllable (`huax`: hua x). No way: an empty tuple.
    """
    if len(typed) < _SHORTEST_SPLIT or not typed.isascii():
        return ()
    known, beginnings = _all_syllables()
    # Shortest ways to read each beginning of `typed`; place by place, so that no input explodes.
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in typed)]
    whole: list[tuple[str, ...]] = []
    for start in range(len(typed)):
        fewest = _fewest_pieces(ways[start])
        if fewest and typed[start:] in beginnings:
            whole.extend((*way, typed[start:]) for way in fewest)
        for end in range(start + 1, min(start + _LONGEST_SYLLABLE, len(typed) - 1) + 1):
            if typed[start:end] in known:
                ways[end].extend((*way, typed[start:end]) for way in fewest)
    return tuple(_fewest_pieces([way for way in whole if len(way) > 1]))


def _fewest_pieces(ways: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    fewest = min(map(len, ways), default=0)
    return [way for way in ways if len(way) == fewest][:_MOST_SPELLINGS]


@lru_cache(maxsize=1)
def _all_syllables() -> tuple[frozenset[str], frozenset[str]]:
    """Return every syllable of the common characters, and every beginning of one."""
    common = {reading[0] for code in range(0x4E00, 0x9FA6) if (reading := _readings[code])}
    known = frozenset(s for s in common if len(s) > 1 or s in "aeo")
    return known, frozenset(s[:n] for s in known for n in range(1, len(s) + 1))


def _exceptions(folded: str) -> dict[int, str]:
    """Return place -> reading for the characters that are not read as usual here."""
    found: dict[int, str] = {}
    if folded[:1] in _AS_SURNAME and len(folded) <= _LONGEST_PERSON:
        found[0] = _AS_SURNAME[folded[0]]
    for match in _SPECIAL.finditer(folded):
        for char, reading in _IN_WORDS[match.group()].items():
            found[match.start() + match.group().index(char)] = reading
    return found


@lru_cache(maxsize=512)
def _syllable_and_tone(marked: str) -> tuple[str, int]:
    """Split a reading as the table writes it (`nǚ`) into ascii letters and the tone (`nv`, 3)."""
    letters: list[str] = []
    tone = _NEUTRAL
    for char in unicodedata.normalize("NFD", marked):
        if char == "\u0308":
            letters[-1] = "v"
        elif char in _TONES:
            tone = _TONES[char]
        else:
            letters.append(char)
    return "".join(letters), tone


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    # The phrases cost 20 MB and most of the import time, and nothing here reads them.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.constants import PINYIN_DICT

    return PINYIN_DICT  # type: ignore[no-any-return, unused-ignore]
