"""The figures of a customer: what it owes per currency, how late, and how its credit stands."""

from crm_desktop.receivables.collecting.balances import Balance, CustomerCard
from crm_desktop.receivables.collecting.credit import CreditStanding
from crm_desktop.receivables.ui.collecting.credit_words import late_text, limit_text
from crm_desktop.shared.display import list_separator, number_text
from crm_desktop.shared.i18n import _
from crm_desktop.ui.heading import Figure


def for_head(card: CustomerCard, standing: CreditStanding | None, currency: str) -> tuple[Figure, ...]:
    """Return the three figures for the head of the record; none for who owes nothing and has no limit."""
    if not card.balances and (standing is None or standing.limit is None):
        return ()
    found = [_balance(card, currency), _overdue(card, currency)]
    if standing is not None and (free := standing.free) is not None:
        below = _("of {limit}").format(limit=limit_text(standing))
        found.append(Figure(_("Credit free"), number_text(free), below, "danger" if free < 0 else "text"))
    return tuple(found)


def for_tab(standing: CreditStanding | None) -> tuple[Figure, ...]:
    """Return how the credit stands, which the head of the record leaves out."""
    found: list[Figure] = []
    if standing is None:
        return ()
    if standing.shows_limit:
        days = standing.overdue_days
        below = "" if days is None else _("stops after {days}").format(days=late_text(days))
        found.append(Figure(_("Credit limit"), limit_text(standing), below))
        planned = number_text(standing.planned)
        below = _("{amount} of it ordered").format(amount=planned) if standing.planned else standing.currency
        found.append(Figure(_("Used"), number_text(standing.used), below))
    elif standing.stop:
        found.append(Figure(_("Credit"), _("stopped"), _("nothing more on credit"), "danger"))
    return tuple(found)


def _balance(card: CustomerCard, currency: str) -> Figure:
    amounts = _per_currency(card, "balance") or [(currency, number_text(card.of(currency).balance))]
    return Figure(_("Balance"), amounts[0][1], " · ".join(part for part in (amounts[0][0], _others(amounts)) if part))


def _overdue(card: CustomerCard, currency: str) -> Figure:
    late = [one for one in card.balances if one.overdue]
    if not late:
        return Figure(_("Overdue"), number_text(card.of(currency).overdue))
    days = max(one.oldest_late or 0 for one in late)
    below = [_("oldest {days}").format(days=late_text(days)), _others(_per_currency(card, "overdue"))]
    return Figure(_("Overdue"), _shown(late[0], "overdue", card), " · ".join(part for part in below if part), "danger")


def _per_currency(card: CustomerCard, name: str) -> list[tuple[str, str]]:
    """Return currency and amount of those balances in which there is any."""
    return [(one.currency, number_text(getattr(one, name))) for one in card.balances if getattr(one, name)]


def _others(amounts: list[tuple[str, str]]) -> str:
    """Return the amounts in other currencies than the first."""
    return list_separator().join(f"{currency} {amount}" for currency, amount in amounts[1:])


def _shown(balance: Balance, name: str, card: CustomerCard) -> str:
    """Return an amount, with its currency when it is not the one the balance is shown in."""
    amount = number_text(getattr(balance, name))
    return amount if balance.currency == card.balances[0].currency else f"{balance.currency} {amount}"
