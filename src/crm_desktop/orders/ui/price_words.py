"""What the price hint says about one line."""

from decimal import Decimal

from crm_desktop.orders.ui.grid_line import GridLine, number_text, price_text
from crm_desktop.orders.ui.price_book import KnownPrice
from crm_desktop.orders.ui.price_hint import TAKE_KEY, Hint
from crm_desktop.shared.display import number_text as figure
from crm_desktop.shared.i18n import _
from crm_desktop.shared.money import round_half_away
from crm_desktop.ui.date_editor import shown_date


def hint_of(known: KnownPrice, line: GridLine, currency: str) -> Hint:
    """Return what is known: last paid with day and quantity, the level's and the list price, the margin."""
    last, found = known.last, known.found
    first, key = ("", ""), ""
    if last is not None:
        price = price_text(last.unit_price, currency)
        if last.discount_percent:
            price = _("{price} less {percent} %").format(price=price, percent=number_text(last.discount_percent))
        quantity = f"{number_text(last.quantity)} {line.values['unit']}".strip()
        said = _("{price} on {day} for {quantity} ({number})").format(
            price=price, day=shown_date(last.dated_on), quantity=quantity, number=last.number
        )
        first, key = (_("Last paid"), said), TAKE_KEY
    others: list[tuple[str, str]] = []
    if found is not None:
        if found.source == "customer":
            others.append((_("Agreed price"), price_text(found.price, currency)))
        if found.level_price is not None:
            others.append((_("Level price"), price_text(found.level_price, currency)))
        others.append((_("List price"), price_text(found.list_price, currency)))
    margin = margin_percent(known.cost, line)
    if margin is not None:
        others.append((_("Margin"), f"{figure(round_half_away(margin, 1))} %"))
    return Hint(first, tuple(others), key, _("Below cost") if margin is not None and margin < 0 else "")


def margin_percent(cost: Decimal | None, line: GridLine) -> Decimal | None:
    """Return what of the price is left over the cost, in percent; None where cost or price is not known.

    `cost` is in the currency and tax mode of the line.
    """
    price = line.values["unit_price"] * (1 - line.values["discount_percent"] / 100)
    if cost is None or price <= 0:
        return None
    return (price - cost) / price * 100
