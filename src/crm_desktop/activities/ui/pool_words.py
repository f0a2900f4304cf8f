"""The public pool in words."""

from datetime import date
from typing import Final

from crm_desktop.activities.pool.deciding import REASONS
from crm_desktop.activities.pool.settings import Rules
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _, ngettext

_WORDS: Final = dict(REASONS)


def reason_text(reason: str) -> str:
    """Return why a customer goes back."""
    return _(_WORDS[reason])


def rules_text(rules: Rules, formats: Formats, today: date) -> str:
    """Return what the rules say, in one or two sentences."""
    if not rules.active:
        return _("Customers stay with their owner until somebody releases them.")
    said = []
    if rules.contact_days:
        text = ngettext(
            "A customer goes back after {days} day without a contact.",
            "A customer goes back after {days} days without a contact.",
            rules.contact_days,
        )
        said.append(text.format(days=rules.contact_days))
    if rules.deal_days:
        text = ngettext(
            "A customer that was never sold to goes back after {days} day.",
            "A customer that was never sold to goes back after {days} days.",
            rules.deal_days,
        )
        said.append(text.format(days=rules.deal_days))
    said.append(_("Never one with an open order, a running contract or a debt."))
    if rules.from_on is not None and rules.from_on > today:
        said.append(_("Nobody goes before {day}.").format(day=formats.full_day(rules.from_on)))
    return " ".join(said)
