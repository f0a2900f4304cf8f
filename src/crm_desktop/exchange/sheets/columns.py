"""Which column of a sheet is which field: by name in any language, by synonym, by what stands in it (pure)."""

import gettext
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from crm_desktop.exchange.sheets.content import Likeness
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import DOMAIN, ENGLISH, LANGUAGES
from crm_desktop.shared.importing import ID_FIELD
from crm_desktop.shared.resources import resource
from crm_desktop.shared.text import fold

REMEMBERED: Final = "remembered"
BY_NAME: Final = "name"
BY_CONTENT: Final = "content"
BY_PERSON: Final = "person"

_ID_PREFIX: Final = "crm-desktop "
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|〔[^〕]*〕|<[^<>]*>")
_NOT_ALNUM: Final = re.compile(r"[\W_]+")
_PARTS: Final = re.compile(r"[/|\n,;:]+")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]+(?:[\s0-9]+[\u3400-\u9fff]+)*")
_UNITS: Final = re.compile(r"(?:元|rmb|cny|usd|eur|日期格式|必填|选填)$")
_FIRST: Final = re.compile(r"(?:1|一)$")
_LONGEST: Final = 200
_SHORTEST_ALIKE: Final = 5
_ALIKE: Final = 90.0


@dataclass(slots=True)
class ColumnMatch:
    """What a column is taken for: `field` "" is left out; `how` says why; `sample` are its first filled cells.

    `how` is "remembered", "name", "content", "person" or "" for a column nobody knows.
    """

    place: int
    header: str
    field: str = ""
    how: str = ""
    sample: tuple[str, ...] = ()


def header_key(header: str) -> str:
    """Return what headers are compared by: "客戶名稱（必填）*" and "客户名称" are the same."""
    folded = fold(header[:_LONGEST])
    bare = _NOT_ALNUM.sub("", _BRACKETS.sub("", folded))
    return bare or _NOT_ALNUM.sub("", folded)


def folded_headers(headers: Iterable[str]) -> tuple[str, ...]:
    """Return what a layout is remembered by: one line per column, no two alike."""
    seen: dict[str, int] = {}
    found: list[str] = []
    for header in headers:
        key = " ".join(fold(header[:_LONGEST]).split())
        seen[key] = seen.get(key, 0) + 1
        found.append(key if seen[key] == 1 else f"{key} #{seen[key]}")
    return tuple(found)


class Vocabulary:
    """The names of a set of fields: their own, their labels in every language, and what else sheets call them."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._scores: dict[str, dict[str, float]] = {}
        for described in fields:
            self._add(described.name, described.name, 100)
            for label in labels(described.label):
                self._add(label, described.name, 100)
            for place, synonym in enumerate(described.headers):
                # Whoever wrote the synonyms wrote the likeliest first.
                self._add(synonym, described.name, 95 - min(place, 40) / 100)

    def knows(self, header: str) -> bool:
        """Return whether a text is surely the header of some field."""
        return any(key in self._scores for key in _keys(header))

    def scores(self, header: str, last: str = "") -> dict[str, float]:
        """Return how well the header fits each field, 0 to 100; `last` is its own line below a group header."""
        found: dict[str, float] = {}
        for text, less in ((header, 0.0), (last, 4.0)) if last and last != header else ((header, 0.0),):
            for step, key in enumerate(_keys(text)):
                for name, score in self._scores.get(key, {}).items():
                    found[name] = max(found.get(name, 0.0), score - less - min(step, 5))
        return found or self._alike(header_key(last or header))

    def _add(self, text: str, name: str, score: float) -> None:
        key = header_key(text)
        if key:
            self._scores.setdefault(key, {})[name] = max(score, self._scores.get(key, {}).get(name, 0.0))

    def _alike(self, key: str) -> dict[str, float]:
        """Return fields whose name is only misspelt; Chinese names differ by what they mean, not by a slip."""
        if len(key) < _SHORTEST_ALIKE or not key.isascii():
            return {}
        from rapidfuzz import fuzz, process

        near = process.extractOne(key, list(self._scores), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if near is None or len(near[0]) < _SHORTEST_ALIKE or _digits(near[0]) != _digits(key):
            return {}
        return {name: score * near[1] / 100 - 30 for name, score in self._scores[near[0]].items()}


def match_columns(
    headers: Sequence[tuple[str, ...]],
    vocabulary: Vocabulary,
    fields: Sequence[Field],
    likeness: Sequence[Likeness],
    identity: str,
) -> list[tuple[str, str]]:
    """Return (field, how) per column; a field is used once, by the column that fits best.

    `headers` are the parts of each header, groups first; `likeness` is what stands in each column, `identity`
    the header of the hidden column of this company's lists.
    """
    found: dict[int, tuple[str, str]] = {}
    taken: set[str] = set()
    offers: list[tuple[float, int, int, str]] = []
    order = {described.name: rank for rank, described in enumerate(fields)}
    for place, parts in enumerate(headers):
        header = " ".join(parts)
        if header == identity:
            found[place] = (ID_FIELD, BY_NAME)
            taken.add(ID_FIELD)
        elif not header.startswith(_ID_PREFIX):
            scores = vocabulary.scores(header, parts[-1] if len(parts) > 1 else "")
            # Of two fields called alike the one that is offered first is meant.
            offers += [(-score, place, order[name], name) for name, score in scores.items()]
    for _score, place, _rank, name in sorted(offers):
        if place not in found and name not in taken:
            found[place] = (name, BY_NAME)
            taken.add(name)
    named = {offer[1] for offer in offers}
    for place, parts in enumerate(headers):
        # A column whose header is understood, but whose field is taken, is not guessed at.
        if place in found or place in named or " ".join(parts).startswith(_ID_PREFIX):
            continue
        name = _by_content(likeness[place], fields, taken, headless=not parts)
        if name:
            found[place] = (name, BY_CONTENT)
            taken.add(name)
    return [found.get(place, ("", "")) for place in range(len(headers))]


def labels(label: str) -> tuple[str, ...]:
    """Return a marked text in every language of the program."""
    return tuple(dict.fromkeys([label, *(one.gettext(label) for one in _catalogues() if label)]))


@cache
def _catalogues() -> tuple[gettext.NullTranslations, ...]:
    folder = str(resource("locale"))
    return tuple(
        gettext.translation(DOMAIN, localedir=folder, languages=[language], fallback=True)
        for language in LANGUAGES
        if language != ENGLISH
    )


def _keys(header: str) -> list[str]:
    """Return the keys a header may be known by, the surest first: whole, without unit, its Chinese or Latin part."""
    whole = header_key(header)
    folded = _BRACKETS.sub(" ", fold(header[:_LONGEST]))
    chinese = "".join(_CHINESE.findall(folded))
    latin = _CHINESE.sub(" ", folded)
    candidates = [whole, _UNITS.sub("", whole), _FIRST.sub("", whole), *map(header_key, _PARTS.split(folded))]
    if chinese and latin.strip():
        candidates += [header_key(chinese), header_key(latin)]
    return [key for key in dict.fromkeys(candidates) if key and not key.isdigit()]


def _digits(key: str) -> str:
    return "".join(character for character in key if character.isdigit())


_CONTENT_NAMES: Final[Mapping[Likeness, tuple[str, ...]]] = {
    Likeness.REGISTRATION: ("registration_number",),
    Likeness.MOBILE: ("mobile", "person_mobile", "phone"),
    Likeness.COMPANY: ("name", "customer"),
}
_CONTENT_KINDS: Final[Mapping[Likeness, Kind]] = {
    Likeness.EMAIL: Kind.EMAIL,
    Likeness.PHONE: Kind.PHONE,
    Likeness.MOBILE: Kind.PHONE,
    Likeness.USER: Kind.USER,
}
_ONLY_HEADLESS: Final = frozenset({Likeness.COMPANY, Likeness.DATE})


def _by_content(likeness: Likeness, fields: Sequence[Field], taken: set[str], *, headless: bool) -> str:
    if likeness is Likeness.NOTHING or (likeness in _ONLY_HEADLESS and not headless):
        return ""
    free = [described for described in fields if described.name not in taken]
    if likeness is Likeness.DATE:
        days = [described.name for described in free if described.kind is Kind.DATE]
        return days[0] if len(days) == 1 else ""
    for name in _CONTENT_NAMES.get(likeness, ()):
        if any(described.name == name for described in free):
            return name
    kind = _CONTENT_KINDS.get(likeness)
    return next((described.name for described in free if described.kind is kind), "") if kind else ""
