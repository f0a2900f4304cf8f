"""The printed key of a locked backup: 160 bits in eight groups of five, the last character of each a check.

So a typing error is told from a wrong key, and the group to look at is named.
"""

from typing import Final

from crm_desktop.access.passwords import RECOVERY_ALPHABET, plain_recovery_code

BYTES: Final = 20
GROUPS: Final = 8
_CHARS: Final = 4
_BITS: Final = 5
_REDUCED: Final = 0b100101
"""x^5 + x^2 + 1: arithmetic with 32 values, in which any one wrong or two swapped characters are seen."""


def printed(key: bytes) -> str:
    """Return the key as it is printed: eight groups of five characters joined by hyphens."""
    number = int.from_bytes(key, "big")
    values = [number >> shift & 31 for shift in range(BYTES * 8 - _BITS, -1, -_BITS)]
    groups = [values[at : at + _CHARS] for at in range(0, len(values), _CHARS)]
    return "-".join(
        "".join(RECOVERY_ALPHABET[value] for value in (*group, _check(place, group)))
        for place, group in enumerate(groups)
    )


def read(typed: str) -> bytes | int | None:
    """Return the key; or the number, from 1, of the group that is mistyped; or None when it is nothing like a key."""
    plain = plain_recovery_code(typed)
    if not _looks_like_key(typed, plain):
        return None
    number = 0
    for place in range(GROUPS):
        group = plain[place * (_CHARS + 1) : (place + 1) * (_CHARS + 1)]
        values = [RECOVERY_ALPHABET.find(char) for char in group]
        if len(values) <= _CHARS or -1 in values or values[_CHARS] != _check(place, values[:_CHARS]):
            return place + 1
        for value in values[:_CHARS]:
            number = number << _BITS | value
    if len(plain) > GROUPS * (_CHARS + 1):
        return GROUPS
    return number.to_bytes(BYTES, "big")


def _looks_like_key(typed: str, plain: str) -> bool:
    whole = GROUPS * (_CHARS + 1)
    if not plain.isascii() or not whole - 3 <= len(plain) <= whole + 3:
        return False
    return len(plain) == whole or typed.count("-") >= GROUPS - 3


def _check(place: int, values: list[int]) -> int:
    made = place
    for value in values:
        made = _doubled(made ^ value)
    return made


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ _REDUCED if value > 31 else value
