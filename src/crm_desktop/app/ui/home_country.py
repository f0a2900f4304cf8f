"""Countries, currencies and time zones to choose from, named in the language on screen."""

from functools import cache
from typing import Final
from zoneinfo import available_timezones

from PySide6.QtCore import QLocale, QTimeZone

from crm_desktop.shared.i18n import current_language

# Qt lists the zones of a country by letters: of China it would be Chongqing, of the United States the Aleutians.
_MOST_LIVE_IN: Final = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
    "VN": "Asia/Ho_Chi_Minh",
}


@cache
def _territories() -> dict[str, QLocale]:
    """Return a locale of each country, by its two letters."""
    found = QLocale.matchingLocales(QLocale.Language.AnyLanguage, QLocale.Script.AnyScript, QLocale.Country.AnyCountry)
    codes = {QLocale.territoryToCode(locale.territory()): locale for locale in found}
    return {code: locale for code, locale in codes.items() if len(code) == 2 and code.isalpha()}


def countries() -> list[tuple[str, str]]:
    """Return (two letters, name) of the countries, by name."""
    from babel import Locale

    names = Locale.parse(current_language()).territories
    return sorted(((code, names.get(code, code)) for code in _territories()), key=lambda pair: pair[1])


def currencies() -> list[tuple[str, str]]:
    """Return (three letters, "CNY  Chinese Yuan") of the currencies in use, by their letters."""
    from babel import Locale

    names = Locale.parse(current_language()).currencies
    codes = {currency_of(code) for code in _territories()} - {""}
    return [(code, f"{code}  {names.get(code, '')}".strip()) for code in sorted(codes)]


def currency_of(country: str) -> str:
    """Return the three letters of a country's currency, "" when it is not known."""
    locale = _territories().get(country)
    return locale.currencySymbol(QLocale.CurrencySymbolFormat.CurrencyIsoCode) if locale else ""


def home_country() -> str:
    """Return the two letters of the country this computer is set to, "CN" when it does not say."""
    locale = QLocale.system()
    code = QLocale.territoryToCode(locale.territory())
    return code if locale.language() != QLocale.Language.C and code in _territories() else "CN"


def timezone_of(country: str) -> str:
    """Return the time zone of this computer when it is one of the country's, else the country's first."""
    here = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
    locale = _territories().get(country)
    there = [
        name
        for zone in (QTimeZone.availableTimeZoneIds(locale.territory()) if locale else ())
        if (name := bytes(zone.data()).decode("ascii", "replace")) in available_timezones()
    ]
    if here in there or not there:
        return here if here in available_timezones() else "UTC"
    return _MOST_LIVE_IN.get(country, there[0])


def timezones() -> list[str]:
    """Return the names of all time zones, those without a place last."""
    return sorted(available_timezones(), key=lambda name: ("/" not in name, name.startswith("Etc/"), name))
