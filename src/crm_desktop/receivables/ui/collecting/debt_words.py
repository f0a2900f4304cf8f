"""How a balance is said: what is owed, or the credit of a customer who paid more than was claimed."""

from decimal import Decimal

from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _


def owed_words(balance: Decimal) -> str:
    """Return what stands below the overdue sum of a currency: how much is owed in all, or the credit."""
    if balance < 0:
        return _("credit of {amount}").format(amount=number_text(-balance))
    return _("of {amount} owed").format(amount=number_text(balance))


def balance_words(currency: str, balance: Decimal) -> str:
    """Return what one customer owes, or its credit."""
    if balance < 0:
        return _("credit of {amount}").format(amount=f"{currency} {number_text(-balance)}")
    return _("{currency} {amount} owed").format(currency=currency, amount=number_text(balance))


def total_words(currency: str, balance: Decimal) -> str:
    """Return the last total of a foot."""
    return balance_words(currency, balance) if balance < 0 else f"{currency} {number_text(balance)}"
