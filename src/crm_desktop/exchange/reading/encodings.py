"""In which encoding a text file was written, told from all of it, or asked when it cannot be told (pure)."""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from crm_desktop.exchange.reading.letter_pairs import LETTER_PAIRS
from crm_desktop.exchange.reading.reasons import Reason, Refused

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_SURE: Final = 0.5
_APART: Final = 0.2
_FEW: Final = 2
"""With fewer letters the better text must be further ahead."""

_FAR_APART: Final = 0.45
_SAMPLE_BYTES: Final = 200_000
_FOREIGN_LINE: Final = re.compile(rb"[^\n]*[\x80-\xff][^\n]*")
_ASIAN: Final = frozenset({"gb18030", "big5hkscs", "cp932", "cp949"})
_ASIAN_FOR_SURE: Final = 0.6
_MOST_OFFERED: Final = 4
_AFTER_HANGUL: Final = 0xC9
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ALIKE: Final = frozenset("，。、；：？！（）《》【】“”‘’—…·￥％＋－／　")
_SCRIPTS: Final = {
    "cp1251": "CYRILLIC",
    "koi8-r": "CYRILLIC",
    "cp1253": "GREEK",
    "cp1255": "HEBREW",
    "cp1256": "ARABIC",
    "cp874": "THAI",
}


def encoding_of(data: bytes) -> str:
    """Return the encoding of a text. Raises Refused when it is no text or the encoding cannot be told."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            if _decoded(data, name) is None:
                raise Refused(Reason.DAMAGED)
            return name
    if (wide := _wide(data)) is not None:
        return wide
    if _CONTROL.search(data[:65536].decode("latin-1")):
        raise Refused(Reason.BINARY)
    if b"\x1b$" in data and _decoded(data, "iso2022_jp") is not None:
        return "iso2022_jp"
    return "utf-8" if _decoded(data, "utf-8") is not None else _told(data)


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeError:
        return None


def _wide(data: bytes) -> str | None:
    """Return which UTF-16 a text without a mark is: every line ends in one, and nothing in it is unassigned."""
    if len(data) % 2 or b"\x00" not in data:
        return None
    for name, line_end in (("utf-16-le", b"\n\x00"), ("utf-16-be", b"\x00\n")):
        text = _decoded(data, name)
        if text is not None and line_end in data and not _CONTROL.search(text) and _assigned(text) > 0.99:
            return name
    return None


def _assigned(text: str) -> float:
    start = text[:20_000]
    return sum(unicodedata.category(char) not in {"Cn", "Co", "Cs"} for char in start) / len(start)


def _told(data: bytes) -> str:
    """Weigh the texts the bytes would be against each other. Raises Refused."""
    sample = _foreign_lines(data)
    texts: dict[str, str] = {}
    known: set[int] = set()
    for name in _WEIGHERS:
        whole = _decoded(data, name)
        if whole is not None and hash(whole) not in known and (text := _decoded(sample, name)) is not None:
            known.add(hash(whole))
            texts[name] = text
    if not texts:
        raise Refused(Reason.BINARY)
    weights = {name: _WEIGHERS[name](_pairs(text, text)) for name, text in texts.items()}
    asian = max((weights[name] for name in _ASIAN if name in weights), default=0.0)
    if asian >= _ASIAN_FOR_SURE:
        # That pairs of bytes all happen to be common characters is no accident.
        weights = {name: weight * (1 if name in _ASIAN else 1 - asian) for name, weight in weights.items()}
    ranked = sorted(texts, key=lambda name: -weights[name])
    best = ranked[0]
    if weights[best] >= _SURE and all(_beats(best, other, texts, weights) for other in ranked[1:]):
        return best
    likely = [name for name in ranked if weights[name] >= max(weights[best] - 0.4, 0.1)] or ranked
    raise Refused(Reason.ENCODING, encodings=likely[:_MOST_OFFERED])


def _foreign_lines(data: bytes) -> bytes:
    """Return lines from all over the file that hold more than ASCII; no encoding here has a line end in a letter."""
    lines = [found[0] for found in _FOREIGN_LINE.finditer(data)]
    step = max(1, sum(map(len, lines)) // _SAMPLE_BYTES)
    return b"\n".join(line[:_SAMPLE_BYTES] if len(lines) > 1 else line for line in lines[::step])


def _beats(best: str, other: str, texts: Mapping[str, str], weights: Mapping[str, float]) -> bool:
    """Return whether one text is clearly the better one, judged where the two differ."""
    first, second = texts[best], texts[other]
    if len(first) != len(second):
        letters = sum(char > "\x7f" for char in first)
        return weights[best] - weights[other] >= min(_APART + _FEW / letters, _FAR_APART)
    differing = sum(one != two for one, two in zip(first, second, strict=True))
    if not differing:
        return False
    ahead = _WEIGHERS[best](_pairs(first, second)) - _WEIGHERS[other](_pairs(second, first))
    return ahead >= min(_APART + _FEW / differing, _FAR_APART) and weights[best] > weights[other]


def _pairs(text: str, other: str) -> "Pairs":
    """Count the neighbours in a text, those only that differ in another one unless it is the same."""
    pairs = zip(" " + text, text + " ", strict=True)
    if text is other:
        return Counter(pairs)
    return Counter(
        pair for pair, beside in zip(pairs, zip(" " + other, other + " ", strict=True), strict=True) if pair != beside
    )


Pairs = Counter[tuple[str, str]]
"""How often each pair of neighbouring characters occurs."""


def _common_share(codec: str, first: int, last: int, pairs: Pairs) -> float:
    """Return how many more foreign characters are among those everybody uses (a range of `codec`) than are not."""
    good = total = 0
    for (_before, char), count in pairs.items():
        if char <= "\x7f" or char in _ALIKE:
            continue
        total += count
        coded = char.encode(codec, "ignore")
        if len(coded) == 2 and first <= int.from_bytes(coded, "big") <= last:
            good += count
    return max(2 * good / total - 1, 0.0) if total else 0.0


def _japanese_share(pairs: Pairs) -> float:
    kana = sum(count for (_before, char), count in pairs.items() if _is_kana(char))
    total = sum(count for (_before, char), count in pairs.items() if char > "\x7f" and char not in _ALIKE)
    if not kana:
        # Hardly a Japanese text is without; half-width ones are what other encodings look like.
        return _common_share("euc_jp", 0xB0A1, 0xCFD3, pairs) / 2
    kanji = Counter({pair: count for pair, count in pairs.items() if not _is_kana(pair[1])})
    return (kana + _common_share("euc_jp", 0xB0A1, 0xCFD3, kanji) * (total - kana)) / total


def _chinese_share(pairs: Pairs) -> float:
    """Return how likely GB18030 is: half of the characters are in the later part of the first plane, Korean in none."""
    later = total = 0
    for (_before, char), count in pairs.items():
        if char > "\x7f" and char not in _ALIKE:
            total += count
            later += count * (char.encode("gb18030")[0] >= _AFTER_HANGUL)
    return _common_share("gb2312", 0xB0A1, 0xD7F9, pairs) * min(1.0, (later + 3) / (total / 2 + 3))


def _is_kana(char: str) -> bool:
    return "ぁ" <= char <= "ヺ" or char == "ー"


def _known_share(known: frozenset[str], pairs: Pairs) -> float:
    """Return how many neighbours are ones a language of the encoding knows; a letter alone counts half."""
    letters = {char for pair in known for char in pair}
    good, total = 0.0, 0
    for (before, char), count in pairs.items():
        if before <= "\x7f" and char <= "\x7f":
            continue
        total += count
        if before.islower() and char.isupper():
            continue
        if _edged(before) + _edged(char) in known or not (before.isalpha() or char.isalpha()):
            good += count
        elif all(one <= "\x7f" or one.lower() in letters for one in (before, char)):
            good += count / 2
    return good / total if total else 0.0


def _edged(char: str) -> str:
    return char.lower() if char.isalpha() else "_"


def _script_share(script: str, pairs: Pairs) -> float:
    """Return how many neighbours are of one script and cased as words are; what no word has counts against it."""
    good = total = 0
    for (before, char), count in pairs.items():
        if before <= "\x7f" and char <= "\x7f":
            continue
        total += count
        beside = [one for one in (before, char) if one.isalpha() or unicodedata.category(one) in {"Mn", "Lm"}]
        if not beside:
            continue
        fits = all(_of_script(one, script) for one in beside) and not (before.islower() and char.isupper())
        good += -count if not fits else 0 if before.isupper() and char.isupper() else count
    return max(good / total, 0.0) if total else 0.0


def _of_script(char: str, script: str) -> bool:
    return unicodedata.name(char, "").startswith(script)


_WEIGHERS: Final[dict[str, Callable[[Pairs], float]]] = {
    "gb18030": _chinese_share,
    "big5hkscs": partial(_common_share, "big5", 0xA440, 0xC67E),
    "cp932": _japanese_share,
    "cp949": partial(_common_share, "euc_kr", 0xB0A1, 0xC8FE),
    **{name: partial(_known_share, known) for name, known in LETTER_PAIRS.items()},
    **{name: partial(_script_share, script) for name, script in _SCRIPTS.items()},
}
