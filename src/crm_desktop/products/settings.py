"""How this company sells: tax in prices, how tax is worked out, how long quotes hold, how numbers begin."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final

from crm_desktop.db.work import Work
from crm_desktop.products import rules
from crm_desktop.products.model import SalesSettings
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires
from crm_desktop.shared.text import clean_line

ENTITY: Final = "sales_settings"
ONLY: Final = 1
"""The id of the one row."""
MOST_QUOTE_DAYS: Final = 3650
LONGEST_PREFIX: Final = 12
PREFIXES: Final = ("quote_prefix", "order_prefix", "delivery_prefix")


@dataclass(frozen=True, slots=True)
class SalesProfile:
    """The settings of selling. `tax_method` is "document" or "line"; `tax_percent` is a new product's."""

    prices_include_tax: bool
    tax_method: str
    tax_percent: Decimal
    quote_days: int
    quote_prefix: str
    order_prefix: str
    delivery_prefix: str
    version: int

    def values(self) -> dict[str, Any]:
        """Return the settings by name, for a form."""
        return {name: value for name, value in asdict(self).items() if name != "version"}


@open_to_all("every document and price is read by them")
def get_settings(work: Work) -> SalesProfile:
    """Return the settings of selling."""
    return _profile(work.get(SalesSettings, ONLY))


@requires(Permission.SALES_SETTINGS_WRITE)
def save_settings(work: Work, version: int, changes: Mapping[str, Any]) -> SalesProfile:
    """Change settings, made over `version`. Raises Conflict, Invalid(field).

    Documents keep what they were made with: only new ones follow.
    """
    checked = _checked({name: value for name, value in changes.items() if name in SalesProfile.__slots__})
    row = work.edit(SalesSettings, ONLY, version, checked)
    for name, value in checked.items():
        setattr(row, name, value)
    prefixes = [getattr(row, name) for name in PREFIXES]
    if len({prefix.casefold() for prefix in prefixes}) < len(prefixes):
        raise Invalid("order_prefix", N_("Quotes, orders and deliveries need numbers that begin differently."))
    work.session.flush()
    return _profile(row)


def _profile(row: SalesSettings) -> SalesProfile:
    return SalesProfile(**{name: getattr(row, name) for name in SalesProfile.__slots__})


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    checked = {name: value for name, value in values.items() if name != "version"}
    if "prices_include_tax" in checked:
        checked["prices_include_tax"] = bool(checked["prices_include_tax"])
    if "tax_method" in checked and checked["tax_method"] not in dict(rules.TAX_METHODS):
        raise Invalid("tax_method", N_("Tax is worked out on the sum of each tax rate, or line by line."))
    if "tax_percent" in checked:
        checked["tax_percent"] = rules.checked_percent("tax_percent", checked["tax_percent"])
    if "quote_days" in checked:
        checked["quote_days"] = _days(checked["quote_days"])
    for name in PREFIXES:
        if name in checked:
            checked[name] = _prefix(name, str(checked[name] or ""))
    return checked


def _days(value: Any) -> int:
    days = rules.checked_decimal("quote_days", value)
    if days != days.to_integral_value() or not 0 <= days <= MOST_QUOTE_DAYS:
        raise Invalid("quote_days", N_("A quote holds for a whole number of days, at most {most}."),
                      most=f"{MOST_QUOTE_DAYS:,}")  # fmt: skip
    return int(days)


def _prefix(name: str, value: str) -> str:
    prefix = clean_line(value)
    if len(prefix) > LONGEST_PREFIX or any(map(str.isspace, prefix)):
        raise Invalid(name, N_("A number begins with at most {most} characters without blanks."), most=LONGEST_PREFIX)
    return prefix
