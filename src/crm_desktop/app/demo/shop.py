"""The demo's shop: products, price lists, terms of payment, standing texts, letterhead and sales settings."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from crm_desktop.app.demo.goods import CATEGORIES, GOODS, LANGUAGES, TAXES, UNITS, Good
from crm_desktop.app.demo.trading_words import TRADING_WORDS, TradingWords
from crm_desktop.db.work import Work
from crm_desktop.orders import terms
from crm_desktop.orders.instalments import PERCENT, REMAINDER, Part
from crm_desktop.products import price_lists, service, settings
from crm_desktop.reports import letterhead
from crm_desktop.shared.money import round_half_away

TAIWAN: Final = "zh_Hant"
LEVEL_FACTORS: Final = {"A": Decimal("0.88"), "B": Decimal("0.94")}
_AGREED_FACTOR: Final = Decimal("0.84")
_YUAN: Final = Decimal("4.4")
"""New Taiwan dollars for a yuan, where the demo is in Taiwan."""


@dataclass(frozen=True, slots=True)
class Product:
    """A product on sale: `price` as listed, in the company's currency and tax mode."""

    id: int
    price: Decimal
    tax_percent: Decimal
    is_service: bool


@dataclass(frozen=True, slots=True)
class Shop:
    """What documents of the demo are made of; `agreed` has the customers with a price list of their own."""

    words: TradingWords
    currency: str
    includes_tax: bool
    products: tuple[Product, ...]
    terms: tuple[int, int, int]
    """Ids of the payment terms: deposit, net 30, three instalments."""
    agreed: Mapping[int, Mapping[int, Decimal]]

    def price(self, product: Product, contact_id: int, level: str) -> Decimal:
        """Return what a customer pays, as the price lists say."""
        own = self.agreed.get(contact_id, {}).get(product.id)
        if own is not None:
            return own
        factor = LEVEL_FACTORS.get(level)
        return product.price if factor is None else _rounded(product.price * factor, self.currency)


def set_up(work: Work, language: str, customers: Sequence[int], chance: random.Random) -> Shop:
    """Put the shop into a company; a few of `customers` get a price list of their own."""
    words = TRADING_WORDS[language]
    taiwan = language == TAIWAN
    currency = "TWD" if taiwan else "CNY"
    stored = settings.get_settings(work)
    standard = TAXES["goods"][taiwan]
    settings.save_settings(work, stored.version, {"prices_include_tax": not taiwan, "tax_percent": standard})
    address, phone, tax_number, bank, footer = words.letterhead
    head = {"address": address, "phone": phone, "tax_number": tax_number, "bank": bank, "footer": footer}
    letterhead.save(work, 0, head | {"email": "sales@harbour-lin.example", "website": "harbour-lin.example"})
    products = tuple(_product(work, good, LANGUAGES.index(language), currency) for good in GOODS)
    _level_lists(work, words, currency, products)
    chosen = chance.sample(list(customers), min(3, len(customers)))
    agreed = {contact_id: _agreed(work, contact_id, currency, chance.sample(products, 12)) for contact_id in chosen}
    _texts(work, words)
    return Shop(words, currency, not taiwan, products, _payment_terms(work, words), agreed)


def _product(work: Work, good: Good, place: int, currency: str) -> Product:
    taiwan = currency == "TWD"
    tax = TAXES[good.tax][taiwan]
    price = _rounded(Decimal(good.price) * (_YUAN if taiwan else 1), currency)
    without_tax = price if taiwan else price / (1 + tax / 100)
    id_ = service.create(
        work,
        {
            "code": good.code,
            "name": good.names[place],
            "unit": UNITS[good.unit][place],
            "category": CATEGORIES[good.category][place],
            "list_price": price,
            "tax_percent": tax,
            "cost": round_half_away(without_tax * good.share / 100, 2),
        },
    )
    return Product(id_, price, tax, good.category == "services")


def _rounded(price: Decimal, currency: str) -> Decimal:
    """Return a price as it is listed: to the cent, in Taiwan to whole dollars."""
    return max(round_half_away(price, 0), Decimal(1)) if currency == "TWD" else round_half_away(price, 2)


def _level_lists(work: Work, words: TradingWords, currency: str, products: Sequence[Product]) -> None:
    for name, (level, factor) in zip(words.level_lists, LEVEL_FACTORS.items(), strict=True):
        prices = [{"product_id": one.id, "price": _rounded(one.price * factor, currency)} for one in products]
        price_lists.create_price_list(work, {"name": name, "level": level, "currency": currency, "prices": prices})


def _agreed(work: Work, contact_id: int, currency: str, products: Sequence[Product]) -> dict[int, Decimal]:
    prices = {one.id: _rounded(one.price * _AGREED_FACTOR, currency) for one in products}
    rows = [{"product_id": id_, "price": price} for id_, price in prices.items()]
    price_lists.create_price_list(work, {"contact_id": contact_id, "currency": currency, "prices": rows})
    return prices


def _payment_terms(work: Work, words: TradingWords) -> tuple[int, int, int]:
    deposit, balance, delivery, last = words.labels
    made = [
        terms.save_payment_term(work, None, 0, name=name, parts=parts)
        for name, parts in (
            (
                words.deposit_term,
                [Part(PERCENT, Decimal(30), 0, "", deposit), Part(REMAINDER, Decimal(0), 21, "", balance)],
            ),
            (words.net_term, [Part(REMAINDER, Decimal(0), 60)]),
            (
                words.three_term,
                [
                    Part(PERCENT, Decimal(30), 0, "", deposit),
                    Part(PERCENT, Decimal(40), 45, "", delivery),
                    Part(REMAINDER, event=words.acceptance, label=last),
                ],
            ),
        )
    ]
    return made[0], made[1], made[2]


def _texts(work: Work, words: TradingWords) -> None:
    for kind, texts in (
        ("opening", words.openings),
        ("terms", words.terms),
        ("delivery_terms", words.delivery_terms),
    ):
        for name, body in texts:
            terms.save_standing_text(work, None, 0, {"kind": kind, "name": name, "body": body})
