"""How credit is said on screen: figures with their words, and why the next step would be refused."""

from decimal import Decimal
from typing import NamedTuple

from crm_desktop.receivables.collecting.credit import CreditStanding
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _, ngettext


class Said(NamedTuple):
    """One figure with its words; `ink` is a colour token."""

    label: str
    value: str
    ink: str = "text"


def limit_text(standing: CreditStanding) -> str:
    """Return the limit as it is said."""
    if standing.limit is None:
        return _("none")
    return number_text(standing.limit) if standing.limit else _("cash only")


def late_text(days: int) -> str:
    """Return how late something is."""
    return ngettext("{count} day", "{count} days", days).format(count=days)


def figures(standing: CreditStanding, added: Decimal | None) -> list[Said]:
    """Return what the strip above an order says, from left to right; `added` None: nothing more, or not known.

    Those who may not read limits get words instead.
    """
    if not standing.shows_limit:
        return []
    said = [Said(_("Credit limit"), limit_text(standing)), Said(_("Used"), number_text(standing.used))]
    if added is not None:
        said.append(Said(_("This order"), number_text(added), "accent"))
    if standing.free is not None:
        left = standing.free - (added or 0)
        label = _("Free") if added is None else _("Free after")
        said.append(Said(label, number_text(left), "danger" if left < 0 else "text"))
    return said


def in_words(standing: CreditStanding, added: Decimal | None) -> str:
    """Return whether the credit carries an order, for those who may not read how much it carries."""
    if standing.shows_limit:
        return ""
    if standing.stops(added or Decimal(0)):
        return _("The credit does not carry this order")
    return _("The credit carries this order")


def oldest(standing: CreditStanding) -> Said | None:
    """Return how old the oldest debt is, None when nothing is late."""
    if not standing.oldest_late:
        return None
    return Said(_("Oldest overdue"), late_text(standing.oldest_late), "danger")


def next_step(standing: CreditStanding, *, draft: bool) -> str:
    """Return what the next step needs, which the credit does not carry."""
    if standing.may_override:
        return _("Confirming needs an override.") if draft else _("Delivering needs an override.")
    return _("Confirming will be refused.") if draft else _("Delivering will be refused.")
