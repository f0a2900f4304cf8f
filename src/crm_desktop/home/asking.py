"""What every figure of Home is asked with: the currency, the day, and how days read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm_desktop.access.company import company
from crm_desktop.db.work import Work
from crm_desktop.home.figures import Figure, Opens
from crm_desktop.home.periods import Days
from crm_desktop.shared.clock import business_date
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _
from crm_desktop.shared.money import Money, round_half_away
from crm_desktop.shared.permissions import Permission, requires


@dataclass(frozen=True, slots=True)
class Asking:
    """The currency amounts are asked in, the business day, and the words for days."""

    currency: str
    today: date
    formats: Formats

    def money(self, minor: int | None) -> Money:
        """Return minor units of the currency as money."""
        return Money.of_minor(minor or 0, self.currency)

    def split(self, sums: Iterable[tuple[str, Any]]) -> tuple[Money, tuple[Money, ...]]:
        """Return the sum (minor units per currency) in the currency, and the others that are not nothing."""
        found = {currency: int(minor or 0) for currency, minor in sums}
        others = (Money.of_minor(minor, code) for code, minor in sorted(found.items()) if code != self.currency)
        return self.money(found.get(self.currency)), tuple(one for one in others if one.amount)


@requires(Permission.REPORT_READ)
def asking(work: Work, currency: str = "") -> Asking:
    """Return what the figures are asked with; without a currency it is the company's."""
    here = company(work)
    today = business_date(work.now, here.timezone)
    return Asking(currency or here.currency, today, Formats.of(today, {}, here.timezone))


def compared(now: Money, then: Money, days: Days, formats: Formats) -> str:
    """Return how an amount compares with that of other days, in words."""
    when = days.words(formats)
    if not then.amount:
        return _("nothing in {days}").format(days=when) if now.amount else ""
    if now.amount == then.amount:
        return _("as much as {days}").format(days=when)
    percent = round_half_away(100 * abs(now.amount - then.amount) / abs(then.amount), 0)
    # Less than half a percent is not nothing.
    shown = f"{percent:,f}" if percent else "<1"
    if now.amount > then.amount:
        return _("{percent} % more than {days}").format(percent=shown, days=when)
    return _("{percent} % less than {days}").format(percent=shown, days=when)


def with_comparison(
    asked: Asking, figure: tuple[str, str, str], opens: Opens, sums: tuple[Any, Any, Any], days: tuple[Days, Days, Days]
) -> Figure:
    """Return the figure (key, label, unit) of a period beside the month and the year before.

    `sums` are minor units per currency of the three periods in `days`.
    """
    key, label, unit = figure
    now, others = asked.split(sums[0])
    then, long_ago = asked.split(sums[1])[0], asked.split(sums[2])[0]
    said = [f"{unit} · {days[0].words(asked.formats)}", compared(now, then, days[1], asked.formats)]
    if long_ago.amount:
        # A company in its first year has nothing to be compared with, and need not be told so each day.
        said.append(compared(now, long_ago, days[2], asked.formats))
    told = tuple(line for line in said if line)
    return Figure(key, label, now, opens.in_currency(asked.currency), told, not_added=others)
