"""Translations from one gettext catalogue for screens, Excel headers, PDFs and the command line.

`_()` translates where a text is shown, `N_()` only marks it where it is declared, so that the
language can be switched while the program runs.
"""

import gettext
import os
from typing import Final

from crm_desktop.shared.resources import resource

DOMAIN: Final = "crm_desktop"
ENGLISH: Final = "en"
SIMPLIFIED: Final = "zh_Hans"
TRADITIONAL: Final = "zh_Hant"
LANGUAGES: Final = {ENGLISH: "English", SIMPLIFIED: "简体中文", TRADITIONAL: "繁體中文"}
"""The languages of the program, each named in itself."""

_TRADITIONAL_REGIONS = ("zh_tw", "zh_hk", "zh_mo", "zh_hant")

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = ENGLISH


def use_language(language: str) -> None:
    """Show every later `_()` in `language`, one of `LANGUAGES`; an unknown one falls back to English."""
    global _catalogue, _language
    _language = language if language in LANGUAGES else ENGLISH
    if _language == ENGLISH:
        _catalogue = gettext.NullTranslations()
        return
    _catalogue = gettext.translation(DOMAIN, localedir=str(resource("locale")), languages=[_language])


def current_language() -> str:
    """Return the language in use, one of `LANGUAGES`."""
    return _language


def system_language() -> str:
    """Return the language of the computer's user, English when it is not one of ours."""
    tag = (os.environ.get("LC_ALL") or os.environ.get("LANG") or _locale_of_system()).lower()
    tag = tag.replace("-", "_")
    if not tag.startswith(("zh", "chinese")):
        return ENGLISH
    return TRADITIONAL if tag.startswith(_TRADITIONAL_REGIONS) or "traditional" in tag else SIMPLIFIED


def _locale_of_system() -> str:
    import locale

    return locale.getlocale()[0] or ""


def _(message: str) -> str:
    """Return `message` in the language in use."""
    return _catalogue.gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form for `count` in the language in use, its placeholders still to be filled."""
    return _catalogue.ngettext(singular, plural, count)


def N_(message: str) -> str:
    """Mark `message` for translation where it is declared; it is translated when shown."""
    return message
