"""The lines of address cards: unfolded, decoded and taken apart (pure).

vCard 2.1 (phones, old Outlook), 3.0 and 4.0; RFC 2426, RFC 6350 and the vCard 2.1 specification of 1996.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SOFT_BREAK: Final = re.compile(rb"=[ \t]*$")
_PARAMETERS: Final = re.compile(r"""((?:[^;:"]|"[^"]*")*)([;:])""")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_MOST_CHARACTERS: Final = 32_767
_NOT_TEXT: Final = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "CERT"})


@dataclass(frozen=True, slots=True)
class Line:
    """A property: its name and the words of its parameters in capitals, and the value as it stands."""

    name: str
    words: frozenset[str]
    value: str

    def text(self) -> str:
        """Return the whole value."""
        return _plain(self.value)

    def parts(self, separator: str = ";") -> list[str]:
        """Return the value split where the separator is not escaped."""
        return [_plain(part) for part in re.split(rf"(?<!\\){separator}", self.value)]


def lines_of(data: bytes, encoding: str) -> Iterator[Line]:
    """Pass on the properties of all cards in a file whose bytes are mostly in `encoding`."""
    for raw in _unfolded(data):
        if (line := _line(raw, encoding)) is not None:
            yield line


def without_own_charset(data: bytes) -> bytes:
    """Return the lines that do not say in which encoding they are."""
    return b"\n".join(line for line in data.splitlines() if b"CHARSET=" not in line.upper())


def _unfolded(data: bytes) -> Iterator[bytes]:
    held: list[bytes] = []
    soft = False
    for line in data.splitlines():
        if soft:
            held.append(line)
            soft = bool(_SOFT_BREAK.search(line))
        elif line[:1] in {b" ", b"\t"} and held:
            held.append(line[1:])
        else:
            if held:
                yield b"".join(held)
            held = [line]
            soft = b"QUOTED-PRINTABLE" in line.upper() and bool(_SOFT_BREAK.search(line))
        if soft:
            held[-1] = _SOFT_BREAK.sub(b"", held[-1])
    if held:
        yield b"".join(held)


def _line(raw: bytes, encoding: str) -> Line | None:
    place = raw.find(b":") + 1
    # Names and parameters are ASCII; a value in another encoding may hold any byte.
    words = raw[: place - 1].decode("latin-1").split(";") if place else []
    if b'"' in raw[:place]:
        words, place = _quoted_words(raw.decode("latin-1"))
    if not place or not words:
        return None
    name = words[0].rpartition(".")[2].strip().upper()
    if name in _NOT_TEXT:
        return None
    kinds = {word.strip().strip('"').upper() for words_ in words[1:] for word in re.split("[=,]", words_)}
    value = raw[place:]
    if "QUOTED-PRINTABLE" in kinds:
        value = quopri.decodestring(value)
    elif kinds & {"BASE64", "B"}:
        try:
            value = binascii.a2b_base64(value)
        except binascii.Error:
            return None
    return Line(name, frozenset(kinds), _decoded(value, kinds, encoding)[:_MOST_CHARACTERS])


def _quoted_words(shown: str) -> tuple[list[str], int]:
    """Return the name and parameters of a line, some in quotation marks, and where its value begins, 0 for nowhere."""
    words: list[str] = []
    place = 0
    while found := _PARAMETERS.match(shown, place):
        words.append(found[1])
        place = found.end()
        if found[2] == ":":
            return words, place
    return words, 0


def _decoded(value: bytes, kinds: set[str], encoding: str) -> str:
    named = [kind for kind in kinds if kind.startswith(("UTF", "GB", "BIG5", "SHIFT", "ISO-", "WINDOWS-", "EUC"))]
    named = [("gb18030" if kind.startswith("GB") else kind) for kind in named]
    for candidate in (*named, "utf-8", encoding, "gb18030"):
        try:
            return value.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
    return value.decode("utf-8", "replace")


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
