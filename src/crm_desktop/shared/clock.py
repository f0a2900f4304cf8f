"""The clock is injected, so that tests and imports decide what time it is."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the instant in UTC, with tzinfo."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the computer's time in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is set."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """Return the set instant."""
        return self.instant


def business_date(instant: datetime, timezone: str) -> date:
    """Return the calendar day of `instant` in the company's time zone (IANA name)."""
    return instant.astimezone(ZoneInfo(timezone)).date()
