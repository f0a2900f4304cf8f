"""Numbers the way people type and paste them: `1,234.50`, `１２３４`, `−5`."""

import re
from decimal import Decimal
from typing import Final

from crm_desktop.shared.i18n import N_

UNREADABLE: Final = N_("“{text}” is not a number. Type it like 1234.50.")
"""What to tell a person whose text was refused; fill `{text}`."""

_WIDE: Final = str.maketrans("０１２３４５６７８９．，－＋−", "0123456789.,-+-")
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?")


def read_decimal(text: str) -> Decimal:
    """Return the number `text` means, exact.

    A comma may only group thousands and a dot is the decimal sign, full-width digits and spaces
    between groups are taken. Raises ValueError for anything else, so that `1,5` is asked about and
    never read as fifteen.
    """
    plain = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3})", "", text.strip().translate(_WIDE))
    if not _NUMBER.fullmatch(plain) or not any(character.isdigit() for character in plain):
        raise ValueError(f"no number: {text!r}")
    return Decimal(plain.replace(",", ""))
