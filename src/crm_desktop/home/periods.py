"""The days Home compares: this month so far with the same days of the month and the year before (pure)."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _

MONTHS_SHOWN = 12
RECENT_DAYS = 90


@dataclass(frozen=True, slots=True)
class Days:
    """A first and a last day, both included."""

    first: date
    last: date

    def words(self, formats: Formats) -> str:
        """Return the days in words; one month is named once."""
        if self.first == self.last:
            return formats.day(self.last)
        last = formats.day(self.last)
        if (self.first.year, self.first.month) == (self.last.year, self.last.month) and last.startswith(
            str(self.last.day)
        ):
            return f"{self.first.day}–{last}"
        return _("{first} to {last}").format(first=formats.day(self.first), last=last)


def month_so_far(today: date) -> Days:
    """Return the month of today until today."""
    return Days(today.replace(day=1), today)


def month_before(days: Days) -> Days:
    """Return the same days of the month before; a shorter month ends sooner."""
    last = days.first - timedelta(1)
    return _same_days(days, last.year, last.month)


def year_before(days: Days) -> Days:
    """Return the same days a year before."""
    return _same_days(days, days.first.year - 1, days.first.month)


def last_months(today: date, count: int = MONTHS_SHOWN) -> tuple[Days, ...]:
    """Return the last `count` months, the running one last and only until today."""
    found = [month_so_far(today)]
    while len(found) < count:
        last = found[-1].first - timedelta(1)
        found.append(Days(last.replace(day=1), last))
    return tuple(reversed(found))


def recent(today: date, days: int = RECENT_DAYS) -> Days:
    """Return the last `days` days, today included."""
    return Days(today - timedelta(days - 1), today)


def _same_days(days: Days, year: int, month: int) -> Days:
    longest = calendar.monthrange(year, month)[1]
    # The whole of a month is compared with the whole of another, whatever their lengths.
    whole = days.last.day == calendar.monthrange(days.last.year, days.last.month)[1]
    return Days(date(year, month, 1), date(year, month, longest if whole else min(days.last.day, longest)))
