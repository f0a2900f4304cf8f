"""How figures read on Home: amounts without their code, which stands in the line below."""

from collections.abc import Sequence

from crm_desktop.home.figures import Figure
from crm_desktop.shared.display import list_separator, number_text
from crm_desktop.shared.i18n import ENGLISH, N_, _, current_language
from crm_desktop.shared.money import Money

_UNITS = {
    True: ((1_000_000, N_("million {currency}")), (1_000, N_("thousand {currency}"))),
    # Chinese counts in ten thousands.
    False: ((100_000_000, N_("hundred million {currency}")), (10_000, N_("ten thousand {currency}"))),
}


def value_text(value: Money | int) -> str:
    """Return the figure itself: grouped, with the decimals of its currency."""
    return number_text(value.amount if isinstance(value, Money) else value)


def money_text(value: Money) -> str:
    """Return an amount with its code."""
    return f"{value.currency} {number_text(value.amount)}"


def not_added_text(amounts: Sequence[Money | str]) -> str:
    """Return which other currencies there are, "" for none: they are never added."""
    if not amounts:
        return ""
    told = (money_text(one) if isinstance(one, Money) else one for one in amounts)
    return _("Not added: {amounts}").format(amounts=list_separator().join(told))


def figure_sentence(figure: Figure) -> str:
    """Return a figure as a screen reader says it."""
    amount = money_text(figure.value) if isinstance(figure.value, Money) else value_text(figure.value)
    parts = (f"{figure.label}: {amount}", *figure.said, not_added_text(figure.not_added))
    return ". ".join(part for part in parts if part)


def axis_unit(longest: float, currency: str) -> tuple[int, str]:
    """Return by what the figures of an axis are divided, and the words for it."""
    for divisor, words in _UNITS[current_language() == ENGLISH]:
        if longest >= 10 * divisor:
            return divisor, _(words).format(currency=currency)
    return 1, currency
