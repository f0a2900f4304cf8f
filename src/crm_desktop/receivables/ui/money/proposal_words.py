"""Says in words what the program proposes to do with an amount (no Qt)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from crm_desktop.shared.display import list_separator
from crm_desktop.shared.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_desktop.receivables.money.open_items import OpenItems
    from crm_desktop.receivables.money.proposing import Proposal

_NAMED = 3


def proposal_words(
    items: "OpenItems", amount: Decimal, proposal: "Proposal", figure: "Callable[[Decimal], str]"
) -> str:
    """Return one sentence: what the amount pays and why; `figure` writes an amount."""
    if not items.instalments:
        return _("Nothing is open, so the whole amount stays as an advance.") if amount else _("Nothing is open.")
    paid = [one for one in items.instalments if one.id in proposal.uses]
    used = sum(proposal.credits.values(), Decimal(0))
    exact = all(proposal.uses[one.id] == one.open for one in paid)
    if not amount and not used:
        return _("Type what was received, or choose what is set off with the credits.")
    if not amount:
        return _("Proposed: the credits are set off against what is due first. Change any amount.")
    if used and exact:
        return _("{amount} and credits of {credits} are exactly {names}.").format(
            amount=figure(amount), credits=figure(used), names=_names([one.number for one in paid])
        )
    if exact and sum((one.open for one in paid), Decimal(0)) == amount:
        names = _names(list(dict.fromkeys(one.number for one in paid)))
        return _("{amount} is exactly what is open of {names}.").format(amount=figure(amount), names=names)
    if exact and len(paid) == len(items.instalments):
        return _("Everything open is paid; the rest stays as an advance.")
    return _("Proposed oldest due date first; no open item equals {amount}. Change any amount.").format(
        amount=figure(amount)
    )


def _names(numbers: Sequence[str]) -> str:
    numbers = list(dict.fromkeys(numbers))
    if len(numbers) <= _NAMED:
        return list_separator().join(numbers)
    return ngettext("{count} document", "{count} documents", len(numbers)).format(count=len(numbers))


def counted(items: "OpenItems") -> str:
    """Return how many lines there are: "4 instalments, 2 credits"."""
    claims, unused = len(items.instalments), len(items.credits)
    parts = [ngettext("{count} instalment", "{count} instalments", claims).format(count=claims)]
    if unused:
        parts.append(ngettext("{count} credit", "{count} credits", unused).format(count=unused))
    return list_separator().join(parts)
