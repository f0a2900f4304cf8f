"""The days of the week in short."""

from datetime import date
from typing import Final

from crm_desktop.shared.i18n import N_, _

_SHORT: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def weekday_name(day: date) -> str:
    """Return the short name of a day of the week in the language on screen."""
    return _(_SHORT[day.weekday()])
