"""How values read: on screen, in a copied block and in a file, in the three languages of the program.

Pure Python on purpose: figures come from `Decimal` (a locale library would go through a double), and
the same text serves screens, PDFs and the command line. English and Chinese group figures alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import ENGLISH, SIMPLIFIED, _, current_language, ngettext

MINUS: Final = "−"
WORDS_WITHIN_DAYS: Final = 13
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def choice_label(described: Field, key: object) -> str:
    """Return the label of a stored choice in the language on screen; an unknown key shows itself."""
    for stored, label in described.choices:
        if stored == key:
            return _(label)
    return "" if key is None else str(key)


def number_text(value: int | Decimal | float) -> str:
    """Return a figure with grouped thousands, its own decimals and a real minus."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.replace("-", MINUS)


def list_separator() -> str:
    """Return what stands between the items of a short list."""
    return ", " if current_language() == ENGLISH else "、"


@dataclass(frozen=True)
class Formats:
    """Turns values into text for one day, one time zone and one set of names.

    `today` is the company's business day, `zone` the zone instants are shown in (None: the
    computer's). It is immutable and knows no Qt, so that lanes may use it.
    """

    today: date
    names: Mapping[int, str] = field(default_factory=dict)
    zone: tzinfo | None = None

    @classmethod
    def of(cls, today: date, names: Mapping[int, str], timezone: str = "") -> "Formats":
        """Return formats showing instants in the IANA zone `timezone`, "" for the computer's."""
        return cls(today, names, ZoneInfo(timezone) if timezone else None)

    def day(self, day: date) -> str:
        """Return a day: without the year when it is this one."""
        if current_language() == ENGLISH:
            text = f"{day.day} {_MONTHS[day.month - 1]}"
            return text if day.year == self.today.year else f"{text} {day.year}"
        separator = "-" if current_language() == SIMPLIFIED else "/"
        text = f"{day.month:02}{separator}{day.day:02}"
        return text if day.year == self.today.year else f"{day.year}{separator}{text}"

    def full_day(self, day: date) -> str:
        """Return a day with its year, for tooltips and sentences."""
        if current_language() == ENGLISH:
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return f"{day.year} 年 {day.month} 月 {day.day} 日"

    def near(self, day: date, *, always_ago: bool = False) -> str:
        """Return a day near today in words, else the day; `always_ago` counts any number of days back."""
        days = (self.today - day).days
        if days == 0:
            return _("Today")
        if days == -1:
            return _("Tomorrow")
        if 0 < days <= WORDS_WITHIN_DAYS or (always_ago and days > 0):
            return ngettext("{count} d ago", "{count} d ago", days).format(count=days)
        return self.day(day)

    def local(self, instant: datetime) -> datetime:
        """Return an instant in the zone it is shown in."""
        return instant.astimezone(self.zone)

    def instant(self, instant: datetime) -> str:
        """Return day and time of an instant."""
        local = self.local(instant)
        return f"{self.full_day(local.date())} {local:%H:%M}"

    def text(self, described: Field, value: Any, *, always_ago: bool = False) -> str:
        """Return what a cell shows; "" for a value that is not there."""
        if value is None or value == "":
            return ""
        if described.kind is Kind.DATE:
            return self.near(value, always_ago=always_ago)
        if described.kind is Kind.INSTANT:
            return self.near(self.local(value).date(), always_ago=always_ago)
        return self._plain_text(described, value)

    def full_text(self, described: Field, value: Any) -> str:
        """Return the value at its longest, for tooltips and read-only fields."""
        if value is None or value == "":
            return ""
        if described.kind is Kind.DATE:
            return self.full_day(value)
        if described.kind is Kind.INSTANT:
            return self.instant(value)
        return self._plain_text(described, value)

    def copied(self, described: Field, value: Any) -> str:
        """Return the value as a spreadsheet reads it: ISO dates, figures without grouping."""
        if value is None:
            return ""
        if described.kind is Kind.DATE:
            return str(value.isoformat())
        if described.kind is Kind.INSTANT:
            return f"{self.local(value):%Y-%m-%d %H:%M}"
        if described.kind in (Kind.INTEGER, Kind.DECIMAL):
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        if described.kind is Kind.MONEY:
            return f"{getattr(value, 'amount', value):f}"
        return self._plain_text(described, value)

    def _plain_text(self, described: Field, value: Any) -> str:
        match described.kind:
            case Kind.INTEGER | Kind.DECIMAL:
                return number_text(value)
            case Kind.MONEY:
                amount = number_text(getattr(value, "amount", value))
                currency = getattr(value, "currency", "")
                return f"{currency} {amount}" if currency else amount
            case Kind.BOOLEAN:
                return _("Yes") if value else _("No")
            case Kind.CHOICE | Kind.STATUS:
                return choice_label(described, value)
            case Kind.USER:
                return self.names.get(value, "")
            case Kind.TAGS:
                return list_separator().join(value)
            case _:
                return " ".join(str(value).split())
