"""Prices for the lines of one document: asked once per product, kept while the customer stays the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject, Signal

from crm_desktop.orders import last_prices
from crm_desktop.orders.last_prices import LastPrice
from crm_desktop.products import costs, prices
from crm_desktop.products.rules import FoundPrice
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class PricedFor:
    """What decides the price of a product."""

    contact_id: int | None = None
    currency: str = "CNY"
    rate: Decimal = Decimal(1)
    include_tax: bool = False


@dataclass(frozen=True, slots=True)
class KnownPrice:
    """What is known of one product's price for one customer."""

    found: FoundPrice | None
    last: LastPrice | None
    cost: Decimal | None = None
    """Per unit, in the currency and tax mode of the document, for those who may see margins."""


class PriceBook(QObject):
    """Answers from memory; what is missing is read on the database lane, `arrived` carries its ids.

    `refused` tells that prices cannot be had: nobody waits for them any longer.
    """

    arrived = Signal(object)
    refused = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._for = PricedFor()
        self._known: dict[int, KnownPrice] = {}
        self._asked: set[int] = set()

    def set_document(self, priced_for: PricedFor) -> bool:
        """Take another customer or currency; return whether that makes known prices worthless."""
        if priced_for == self._for:
            return False
        self._for = priced_for
        self._known.clear()
        self._asked.clear()
        return True

    def known(self, product_id: int | None) -> KnownPrice | None:
        """Return what is known, None while it is not."""
        return self._known.get(product_id) if product_id is not None else None

    def ask(self, product_ids: Iterable[int | None]) -> None:
        """Read the prices of products that are not known yet."""
        wanted = [id_ for id_ in dict.fromkeys(product_ids) if id_ is not None and id_ not in self._asked]
        if not wanted:
            return
        if not self._desk.actor.may(Permission.PRICE_READ):
            self.refused.emit()
            return
        self._asked.update(wanted)
        asked_for = self._for

        def read(work: Any) -> dict[int, KnownPrice]:
            found = prices.find_prices(
                work, asked_for.contact_id, wanted, asked_for.currency, asked_for.rate, asked_for.include_tax
            )
            paid: dict[int, LastPrice] = {}
            if asked_for.contact_id is not None and work.actor.may(Permission.ORDER_READ):
                paid = last_prices.last_prices(work, asked_for.contact_id, wanted, asked_for.currency)
            spent = _costs(work, wanted, asked_for)
            return {id_: KnownPrice(found.get(id_), paid.get(id_), spent.get(id_)) for id_ in wanted}

        def take(known: dict[int, KnownPrice]) -> None:
            if asked_for == self._for:
                self._known.update(known)
                self.arrived.emit(frozenset(known))

        def forget(_error: BaseException) -> None:
            self._asked.difference_update(wanted)
            self.refused.emit()

        self._desk.tasks.read(self, read, take, forget)


def _costs(work: Any, product_ids: list[int], asked_for: PricedFor) -> dict[int, Decimal]:
    if asked_for.include_tax or not work.actor.may(Permission.COST_READ, Permission.MARGIN_READ):
        # With tax in the prices the margin depends on the line's rate; the document's figure says it.
        return {}
    return {id_: cost / asked_for.rate for id_, cost in costs.cost_of(work, product_ids).items()}
