"""Words several screens of products share."""

from decimal import Decimal
from typing import Any, Final

from crm_desktop.contacts.rules import LEVELS
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.record import Record

LEVEL_LABELS: Final = dict(LEVELS)


def counted(count: int) -> str:
    """Return the whole phrase for a number of products."""
    return ngettext("{count} product", "{count} products", count).format(count=f"{count:,}")


def counted_lists(count: int) -> str:
    """Return the whole phrase for a number of price lists."""
    return ngettext("{count} price list", "{count} price lists", count).format(count=f"{count:,}")


def counted_prices(count: int) -> str:
    """Return the whole phrase for a number of prices."""
    return ngettext("{count} price", "{count} prices", count).format(count=f"{count:,}")


def money(amount: Decimal | None, currency: str) -> str:
    """Return a price with its currency, "" for none."""
    return "" if amount is None else f"{currency} {number_text(amount)}"


def level(key: str) -> str:
    """Return "Level A"."""
    return _("Level {level}").format(level=_(LEVEL_LABELS.get(key, key)))


def for_whom(record: Record | dict[str, Any]) -> str:
    """Return the customer of a price list, or its level."""
    return str(record["contact_name"] or "") or (level(record["level"]) if record["level"] else "")


def percent(figure: Decimal) -> str:
    """Return a signed percentage with one decimal at most."""
    rounded = round(figure, 1).normalize()
    return f"{'+' if rounded > 0 else ''}{number_text(Decimal(f'{rounded:f}'))} %"
