"""Figures, days and the program's own words as they stand on a document of a given language (no Qt, no SQL).

A document speaks its customer's language, whatever language is on the screen.
"""

import gettext
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from crm_desktop.shared.display import MINUS
from crm_desktop.shared.i18n import DOMAIN, ENGLISH, SIMPLIFIED, TRADITIONAL
from crm_desktop.shared.money import exponent, round_half_away, without_zeros
from crm_desktop.shared.resources import resource

_LOCALES: Final = {ENGLISH: "en", SIMPLIFIED: "zh_Hans", TRADITIONAL: "zh_Hant"}
_DAYS: Final = {SIMPLIFIED: "y年M月d日", TRADITIONAL: "y年M月d日"}


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language not in (SIMPLIFIED, TRADITIONAL):
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, localedir=str(resource("locale")), languages=[language])


def in_language(message: str, language: str) -> str:
    """Return a text marked by `N_` in `language`, whatever language is on the screen."""
    return _catalogue(language).gettext(message) if message else ""


def amount(value: Decimal, currency: str) -> str:
    """Return an amount with grouped thousands and the decimals of its currency, without naming it: 1,234.50."""
    return f"{round_half_away(value, exponent(currency)):,f}".replace("-", MINUS)


def money(value: Decimal, currency: str) -> str:
    """Return an amount with the code of its currency: CNY 1,234.50."""
    return f"{currency} {amount(value, currency)}"


def currency_name(currency: str, language: str) -> str:
    """Return the name of a currency: Chinese Yuan, 人民币, 人民幣; an unknown code names itself."""
    from babel import Locale

    return str(Locale.parse(_LOCALES.get(language, "en")).currencies.get(currency, currency))


def plain_number(value: Decimal, least_places: int = 0) -> str:
    """Return a quantity or a unit price with grouped thousands, without zeros that say nothing: 2.5, 1,000.

    `least_places` keeps that many decimals, for prices: 3.50.
    """
    bare = without_zeros(value)
    places = max(-int(bare.as_tuple().exponent), least_places)
    return f"{bare:,.{places}f}".replace("-", MINUS)


def percent(value: Decimal) -> str:
    """Return a rate given in percent: 13 %."""
    return f"{plain_number(value)}%"


def day(value: date, language: str) -> str:
    """Return a day with its year: 5 Mar 2026, 2026年3月5日."""
    from babel.dates import format_date

    return str(format_date(value, _DAYS.get(language, "d MMM y"), _LOCALES.get(language, "en")))
