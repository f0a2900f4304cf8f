"""What the screens of orders offer on behalf of the features above them, which `app` hangs in."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class Offer:
    """An action another feature adds to the tab of an order or a delivery.

    `possible(record)` says whether its state allows the action; `act(screen)` does it, on what is stored.
    """

    spec: ActionSpec
    possible: Callable[[Record], bool]
    act: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class OrderNow:
    """An order as it is typed just now; amounts in its currency, `rate` is None while nobody said one.

    `stored` is the total as it was saved, 0 for a new order; `to_come` says whether some of it is to be delivered.
    """

    contact_id: int | None
    state: str
    total: Decimal
    stored: Decimal
    rate: Decimal | None
    to_come: bool = True


@dataclass(frozen=True, slots=True)
class Additions:
    """What the features above add to the screens of orders.

    `credit_strip(desk)` makes the strip above the lines of an order: a widget with `show_order(OrderNow)`,
    called with every key, and the signal `override_wanted`.
    """

    order_actions: tuple[Offer, ...] = ()
    delivery_actions: tuple[Offer, ...] = ()
    credit_strip: Callable[[Desk], Any] | None = None


def acting(offer: Offer, screen: Any) -> Callable[[], None]:
    """Return what an action of `screen` calls: the offer's act, with the screen and nothing else."""
    return lambda: offer.act(screen)


_now: list[Additions] = [Additions()]


def attach(additions: Additions) -> None:
    """Hang in what the features above add, in place of what was there."""
    _now[0] = additions


def attached() -> Additions:
    """Return what the features above add; nothing in a program that has orders only."""
    return _now[0]
