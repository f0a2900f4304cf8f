"""E-mail addresses: what they are recognised by, and what is wrong with one (pure).

Only what is surely a slip is refused; whether a mailbox exists nobody can tell from its name.
"""

import re
import unicodedata
from typing import Final

from crm_desktop.shared.i18n import N_

_LONGEST: Final = 254
_LONGEST_NAME: Final = 64
_ANGLES = re.compile(r"<([^<>]*)>\s*$")
_BLANK = re.compile(r"\s")
_NAME = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]+")
_DOMAIN_PART = re.compile(r"(?!-)[^\W_](?:[^\W_]|-)*(?<!-)|[^\W_]")
_ALL_DIGITS = re.compile(r"\d+")


def email_key(text: str) -> str:
    """Return what an address is recognised by: `Li <MAILTO:Li@Firm.COM>` gives `li@firm.com`."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if match := _ANGLES.search(typed):
        typed = match.group(1).strip()
    return typed.casefold().removeprefix("mailto:").strip()


def check_email(text: str) -> str | None:
    """Return what is wrong with an address, as a message to translate; None if nothing is, or it is blank."""
    address = email_key(text)
    if not address:
        return None
    for wrong, reason in _slips(address):
        if wrong:
            return reason
    name, _, domain = address.rpartition("@")
    return _check_parts(name, domain)


def _slips(address: str) -> tuple[tuple[bool, str], ...]:
    name, _, domain = address.rpartition("@")
    several = address.count("@") > 1
    return (
        (
            several and bool(re.search("[,;、\\s]", address)),
            N_("Give one e-mail address here and add another line for the next."),
        ),
        ("@" not in address, N_("The @ is missing.")),
        (several, N_("There is more than one @.")),
        (bool(_BLANK.search(address)), N_("There is a space inside the e-mail address.")),
        ("," in address, N_("A comma stands where a dot belongs.")),
        (any(sign in address for sign in ";、。"), N_("A punctuation mark stands where a dot belongs.")),
        (not name, N_("The part before the @ is missing.")),
        (not domain, N_("The part after the @ is missing.")),
        (".." in address, N_("Two dots follow each other.")),
        (address.startswith("."), N_("The e-mail address begins with a dot.")),
        (address.endswith("."), N_("The e-mail address ends with a dot.")),
        (name.endswith(".") or domain.startswith("."), N_("A dot stands next to the @.")),
        ("." not in domain, N_("After the @ a name with a dot is needed, such as firm.com.")),
        (len(address) > _LONGEST or len(name) > _LONGEST_NAME, N_("The e-mail address is too long.")),
    )


def _check_parts(name: str, domain: str) -> str | None:
    parts = domain.split(".")
    if not _NAME.fullmatch(name) or not all(_DOMAIN_PART.fullmatch(part) for part in parts):
        return N_("The e-mail address has a character that does not belong there.")
    if (len(parts[-1]) < 2 and parts[-1].isascii()) or _ALL_DIGITS.fullmatch(parts[-1]):
        return N_("The ending after the last dot does not exist.")
    return None
