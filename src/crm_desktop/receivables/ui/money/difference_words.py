"""The difference of a receipt in words: what is asked, what each answer does, how it ends (no Qt)."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from crm_desktop.receivables.rules import BANK_FEE, DIFFERENCE
from crm_desktop.receivables.ui.money.difference import ADVANCE, KEEP, LEAVE, MISSING, SURPLUS, Standing, reduced
from crm_desktop.shared.display import list_separator
from crm_desktop.shared.i18n import _

if TYPE_CHECKING:
    from crm_desktop.receivables.ui.money.allocation_model import AllocationModel

Figure = Callable[[Decimal], str]


def question_words(standing: Standing, figure: Figure) -> str:
    """Return the question, "" when everything is placed."""
    amount = figure(abs(standing.difference))
    if standing.side == MISSING:
        return _("{amount} is missing. What is it?").format(amount=amount)
    if standing.side == SURPLUS and not standing.received:
        return _("{amount} of the credits is not used.").format(amount=amount)
    if standing.side == SURPLUS:
        return _("{amount} is left over. What is it?").format(amount=amount)
    return ""


def below_words(standing: Standing, limit: Decimal | None, items: "AllocationModel", figure: Figure) -> dict[str, str]:
    """Return what stands under each answer."""
    amount = abs(standing.difference)
    words = {
        BANK_FEE: _("booked as fee"),
        DIFFERENCE: _("written off with your name"),
        LEAVE: _left_open(items, amount, figure),
        ADVANCE: _("can be used for any later invoice"),
        KEEP: _("booked as surplus with your name"),
    }
    if limit is None:
        return words
    said = _("{what}; your limit is {limit}") if amount <= limit else _("{what}; above your limit of {limit}")
    for key in (BANK_FEE, DIFFERENCE, KEEP):
        words[key] = said.format(what=words[key], limit=figure(limit))
    return words


def _left_open(items: "AllocationModel", amount: Decimal, figure: Figure) -> str:
    """Return which claims keep how much open when a lack is left open."""
    claims = items.placed(claims=True)
    rest = reduced(claims, amount)
    numbers = {row.key: row.number for row in items.claims()}
    kept = [numbers[key] for key in claims if rest.get(key) != claims[key]]
    if len(kept) == 1:
        return _("{number} keeps {amount} open").format(number=kept[0], amount=figure(amount))
    return _("{numbers} keep {amount} open").format(numbers=list_separator().join(kept[:3]), amount=figure(amount))


def end_words(standing: Standing, answer: str, figure: Figure, *, known: bool) -> tuple[str, str]:
    """Return (kind of the note, sentence) how the receipt ends, ("", "") while nothing is to be said."""
    amount = figure(abs(standing.difference))
    moved = standing.received + standing.credits + standing.allocated
    if not known or not moved:
        return "", ""
    if not standing.side:
        return "success", _("Everything is placed. Nothing is left to allocate.")
    sentences = {
        BANK_FEE: _("With the fee everything is settled. Nothing left to allocate."),
        DIFFERENCE: _("With the difference written off everything is settled."),
        LEAVE: _("{amount} stays open with the customer.").format(amount=amount),
        ADVANCE: _("{amount} stays as an advance of this customer.").format(amount=amount),
        KEEP: _("With the surplus kept nothing is left over."),
    }
    if answer == ADVANCE and not standing.received:
        return "info", _("What is not needed of the credits stays usable.")
    if answer not in sentences:
        return "", ""
    return ("info" if answer in (LEAVE, ADVANCE) else "success"), sentences[answer]
