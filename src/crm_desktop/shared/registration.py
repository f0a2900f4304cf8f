"""Registration and tax numbers of companies: one key each, checked where a rule is known (pure).

China: 统一社会信用代码 (GB 32100). Taiwan: 統一編號. European Union: VAT numbers. Hong Kong: business
registration, eight digits (it has no public check digit). Any other country: anything goes.
"""

import re
import unicodedata
from typing import Final

from crm_desktop.shared.i18n import N_

_NOT_ALNUM = re.compile(r"[\W_]+")
_CHINA_OLD = re.compile(r"\d{15}|[0-9A-Z]{8}[0-9X]")
_CHINA_CHARS: Final = 18
_TAIWAN = re.compile(r"\d{8}")
_HONG_KONG = re.compile(r"\d{8}(?:\d{3}(?:\d{4}[0-9A-Z])?)?")
_UNION: Final = frozenset(
    [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
        "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    ]
)  # fmt: skip
_VAT_PREFIX: Final = {"GR": "EL"}


def registration_key(text: str) -> str:
    """Return what a number is recognised by: its letters, in capitals, and digits."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return _NOT_ALNUM.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_registration(text: str, country: str) -> str | None:
    """Return what is wrong with a number, as a message to translate.

    None if nothing is, if it is blank, or if no rule is known for `country` (ISO 3166, two letters).
    """
    number = registration_key(text)
    if not number:
        return None
    code = country.upper()
    if code == "CN":
        return _check_china(number)
    if code == "TW":
        return _check_taiwan(number)
    if code == "HK":
        return _check_hong_kong(number)
    return _check_union(number, code) if code in _UNION else None


def _check_china(number: str) -> str | None:
    from stdnum.cn import ric, uscc

    # Numbers from before 2015 (15 digits, or the 9 of the organisation code) still stand on old contracts.
    if _CHINA_OLD.fullmatch(number):
        return None
    if len(number) != _CHINA_CHARS:
        return N_("A unified social credit code has 18 characters.")
    # Sole traders are registered under the owner's identity number.
    if uscc.is_valid(number) or ric.is_valid(number):
        return None
    if any(letter in number for letter in "IOSVZ"):
        return N_("A unified social credit code never has the letters I, O, S, V or Z; perhaps a digit is meant.")
    return N_("The check character of the unified social credit code does not fit; a character is mistyped.")


def _check_taiwan(number: str) -> str | None:
    from stdnum.tw import ubn

    if not _TAIWAN.fullmatch(number):
        return N_("A Taiwan unified business number has 8 digits.")
    return None if ubn.is_valid(number) else N_("The check digit does not fit; a digit is mistyped.")


def _check_hong_kong(number: str) -> str | None:
    if _HONG_KONG.fullmatch(number.removeprefix("BR")):
        return None
    return N_("A Hong Kong business registration number has 8 digits.")


def _check_union(number: str, code: str) -> str | None:
    from stdnum.eu import vat

    prefix = _VAT_PREFIX.get(code, code)
    # National tax numbers are not VAT numbers and follow other rules: only one with its prefix is judged.
    if not number.startswith(prefix) or vat.is_valid(number):
        return None
    return N_("This is not a valid VAT number of that country; a character is mistyped or missing.")
