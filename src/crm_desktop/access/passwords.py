"""Passwords and recovery codes: hashed with Argon2id, refused when everybody else uses them too."""

import secrets
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from crm_desktop.access.rules import MIN_PASSWORD_CHARS
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.resources import resource

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MAX_PASSWORD_CHARS: Final = 1024
"""Only keeps somebody from hashing a book; people's passwords are never cut."""

RECOVERY_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which are misread on paper."""

_RECOVERY_GROUPS: Final = 5
_GROUP_CHARS: Final = 5
_MISREAD: Final = str.maketrans("ILO", "110")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash costs: memory in KiB, passes, lanes (source: docs/decisions/0004)."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


COST = Cost()
"""The cost of new hashes; a stored hash that is cheaper is replaced at the next login."""


def hash_password(password: str) -> str:
    """Return the Argon2id hash with its salt and parameters, as one line of text."""
    return _hasher(COST).hash(password)


def verify(stored: str, password: str) -> bool:
    """Return whether `password` is the one behind `stored`.

    Without a stored hash it works just as long and says no, so that nobody learns from the time
    taken which logins exist.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    if not stored or len(password) > MAX_PASSWORD_CHARS:
        hash_password("somebody who is not here")
        return False
    try:
        return _hasher(COST).verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Return whether `stored` was made with other parameters than are used now."""
    return bool(stored) and _hasher(COST).check_needs_rehash(stored)


def check_new(password: str, login: str = "") -> None:
    """Raise Invalid("password") when a new password is too short, too common or the login itself.

    There are no rules about digits and signs (source: OWASP ASVS 5.0, 6.2).
    """
    if len(password) < MIN_PASSWORD_CHARS:
        raise Invalid(
            "password",
            N_("A password needs at least {count} characters. A few words you remember are best."),
            count=MIN_PASSWORD_CHARS,
        )
    if len(password) > MAX_PASSWORD_CHARS:
        raise Invalid("password", N_("This password is too long."))
    folded = password.casefold()
    if login and folded == login.casefold():
        raise Invalid("password", N_("The password may not be the login. Choose another one."))
    if folded in common_passwords() or len(set(folded)) == 1:
        raise Invalid("password", N_("Very many people use this password, so it is guessed first. Choose another one."))


@cache
def common_passwords() -> frozenset[str]:
    """Return the passwords that are guessed first, in lower case."""
    return frozenset(resource("passwords/common.txt").read_text("utf-8").split())


def new_recovery_code() -> str:
    """Return a code to print and keep: five groups of five characters, 125 bits."""
    groups = ("".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(_GROUP_CHARS)) for _ in range(_RECOVERY_GROUPS))
    return "-".join(groups)


def plain_recovery_code(typed: str) -> str:
    """Return what a typed recovery code means: capitals, no blanks or hyphens, I L O read as 1 1 0."""
    return "".join(filter(str.isalnum, typed.upper())).translate(_MISREAD)


def _hasher(cost: Cost) -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)
