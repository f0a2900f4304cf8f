"""Text as people type it: cleaned for storing, folded for comparing, keyed for sorting (pure).

Compare and sort only on the keys made here; what a person typed is stored as `clean_line` or
`clean_multiline` leaves it. Keys are compared code point by code point (SQLite `BINARY`,
PostgreSQL collation `"C"`).
"""

import re
import unicodedata
from typing import Final

from crm_desktop.shared import pinyin

SORT_KEY_CHARS: Final = 100
"""The longest sort key, in characters."""

# Bidirectional controls can make a name read as something else, U+200B and U+FEFF are invisible
# and make equal names differ. The joiners U+200C and U+200D stay: scripts and emoji need them.
_INVISIBLE = "\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_UNWANTED = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_INVISIBLE}]")
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_MARKS = re.compile("[\u0300-\u036f]")
_NOT_ALNUM = re.compile(r"[\W_]+")

_simplified: dict[int, str] = {}


def clean_line(text: str) -> str:
    """Return `text` as one trimmed line in NFC that both database engines can store.

    Control characters, lone surrogates, bidirectional controls and zero-width spaces are removed;
    line breaks and tabs become one space each.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return unicodedata.normalize("NFC", _without_controls(text).replace("\n", " ").replace("\t", " ")).strip()


def clean_multiline(text: str) -> str:
    """Return `text` like `clean_line`, but keep tabs and line breaks (as `\\n`); blanks at line ends go."""
    if text.isascii() and text.isprintable():
        return text.strip()
    lines = unicodedata.normalize("NFC", _without_controls(text)).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def clean(text: str) -> str:
    """Return `text` fit for either engine, its lines kept; see `clean_multiline`."""
    return clean_multiline(text)


def fold(text: str) -> str:
    """Return what `text` is compared by: NFKC, case-folded, without accents, simplified Chinese.

    Folding twice changes nothing. Punctuation and spaces stay.
    """
    if text.isascii():
        return text.lower()
    # Accents come off only where NFKD shows them; kana keep their voicing marks (U+3099, U+309A).
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = unicodedata.normalize("NFKC", _MARKS.sub("", decomposed))
    return bare.translate(_simplified or _load_simplified())


def words_only(folded: str) -> str:
    """Return a folded text with every run of punctuation and blanks made one space, trimmed."""
    return _NOT_ALNUM.sub(" ", folded).strip()


def sort_key(name: str) -> str:
    """Return what lists are sorted by, at most `SORT_KEY_CHARS` characters.

    Chinese goes character by character by syllable, tone and character, among the Latin letters;
    so all 汪 stand before all 王, and 西安 before 先. Other text is folded. A name without a letter
    or digit keeps its signs.
    """
    words = words_only(fold(name))
    if not words:
        return fold(clean_line(name))[:SORT_KEY_CHARS]
    return words[:SORT_KEY_CHARS] if words.isascii() else pinyin.spelled_for_sorting(words)[:SORT_KEY_CHARS]


def initials(name: str) -> str:
    """Return the pinyin initials of the Chinese characters in `name` (宁波华新 Ltd: `nbhx`), else ''."""
    return "" if name.isascii() else "".join(syllable[0] for syllable in pinyin.syllables(fold(name)))


def _without_controls(text: str) -> str:
    return _BREAKS.sub("\n", _UNWANTED.sub("", text))


def _load_simplified() -> dict[int, str]:
    """Fill the table of traditional characters once: a call of the converter per name is 20 times slower."""
    from opencc import OpenCC

    converter = OpenCC("t2s")
    characters = [chr(code) for block in ((0x3400, 0xA000), (0x20000, 0x2FA20)) for code in range(*block)]
    simple = converter.convert("\n".join(characters)).split("\n")
    pairs = {a: b for a, b in zip(characters, simple, strict=True) if a != b}
    # 薴 becomes 苧, which becomes 苎: follow to the end, so that folding twice changes nothing.
    _simplified.update({ord(a): pairs.get(b, b) for a, b in pairs.items()})
    return _simplified
