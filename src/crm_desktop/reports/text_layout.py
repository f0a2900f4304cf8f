"""Text broken into lines of a given width: Latin between words, Chinese between characters (no Qt)."""

import unicodedata
from typing import Final

from crm_desktop.reports.fonts import Face, width, widths

# Never at the start of a line, never at its end (source: GB/T 15834, CLREQ "line start and end rules").
_NOT_FIRST: Final = frozenset("，。、；：？！）】》」』〉〕］｝”’％…—～·,.;:?!)]}%°¢ー々")
_NOT_LAST: Final = frozenset("（【《「『〈〔［｛“‘([{$￥¥€£#@")


def wrap(text: str, letters: Face, size: float, room: float) -> list[str]:
    """Break `text` into lines of at most `room` points; its own line breaks stay.

    A word wider than the room is cut. No character is lost except blanks where a line breaks. An
    empty text is one empty line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrapped(paragraph.expandtabs(4).rstrip(), letters, size, room)
    return lines


def _wrapped(text: str, letters: Face, size: float, room: float) -> list[str]:
    if width(text, letters, size) <= room:
        return [text]
    wide = widths(text, letters, size)
    lines: list[str] = []
    start, used, breakable = 0, 0.0, 0
    at = 0
    while at < len(text):
        if at > start and _may_break(text, at):
            breakable = at
        used += wide[at]
        if used <= room or at == start or text[at] == " ":
            at += 1
            continue
        end = breakable if breakable > start else at
        lines.append(text[start:end].rstrip())
        start = end
        while start < len(text) and text[start] == " ":
            start += 1
        at, used, breakable = start, 0.0, start
    if start < len(text):
        lines.append(text[start:].rstrip())
    return lines


def _may_break(text: str, at: int) -> bool:
    """Return whether a line may end before `text[at]`."""
    before, after = text[at - 1], text[at]
    if after == " " or after in _NOT_FIRST or before in _NOT_LAST:
        return False
    return before in " -/" or _is_wide(before) or _is_wide(after)


def _is_wide(char: str) -> bool:
    return char > "\u2e7f" and unicodedata.east_asian_width(char) in "WF"


def elided(text: str, letters: Face, size: float, room: float) -> str:
    """Return `text` as one line of at most `room` points, cut with an ellipsis."""
    line = " ".join(text.split())
    if width(line, letters, size) <= room:
        return line
    room -= width("…", letters, size)
    used = 0.0
    for at, wide in enumerate(widths(line, letters, size)):
        used += wide
        if used > room:
            return f"{line[:at].rstrip()}…"
    return line
