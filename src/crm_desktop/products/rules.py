"""Pure decisions about products: what they are found by, how a price is converted, what may be stored."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import accumulate, islice, takewhile
from typing import Any, Final, NamedTuple

from crm_desktop.shared import pinyin
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import exponent, round_half_away, without_zeros
from crm_desktop.shared.text import clean_line, clean_multiline, fold, sort_key, words_only
from crm_desktop.shared.typed_number import read_decimal

CUSTOMER, LEVEL, LIST = "customer", "level", "list"
"""Where a price was found."""
TAX_METHODS: Final = (
    ("document", N_("On the sum of each tax rate")),
    ("line", N_("Line by line")),
)
PRICE_PLACES: Final = 6
HIGHEST_PRICE: Final = Decimal(1_000_000_000_000)
"""Nine quintillion is what a column holds; a price above this is a slip of the finger."""
LONGEST_CODE: Final = 60
MOST_MATCHES: Final = 50
COLUMNS: Final = ("code", "name", "unit", "category", "description", "list_price", "tax_percent", "active")
"""Columns of a product a form writes as they are."""
_LINES: Final = ("code", "name", "unit", "category")
_CONVERTED_PLACES: Final = 2
_START: Final = "\n"


class CatalogueItem(NamedTuple):
    """One active product as the type-ahead of a line needs it; `list_price` is in the company's currency.

    A tuple, because twenty thousand are made at once.
    """

    id: int
    code: str
    name: str
    unit: str
    list_price: Decimal
    tax_percent: Decimal
    description: str
    haystack: str


@dataclass(frozen=True, slots=True)
class FoundPrice:
    """What a customer pays for one unit, in the currency and tax mode asked for.

    `source` is "customer", "level" or "list"; `level_price` is None when no list of the customer's
    level has the product.
    """

    price: Decimal
    source: str
    list_price: Decimal
    level_price: Decimal | None = None


def haystack(code: str, name: str) -> str:
    """Return the folded texts a product is found by, each after a line break: code, name, their pinyin.

    A code with signs is there without them too (6204-ZZ: `6204zz`); Chinese is there by its syllables
    and by their initials.
    """
    folded_code, folded_name = fold(clean_line(code)), fold(clean_line(name))
    parts = [folded_code, folded_name, words_only(folded_code).replace(" ", "")]
    for text in (folded_name, folded_code):
        if not text.isascii():
            read = pinyin.syllables(text)
            parts += [*pinyin.initial_spellings(text, read), "".join(read)]
    return "".join(f"{_START}{part}" for part in dict.fromkeys(parts) if part) + _START


class Catalogue(tuple[CatalogueItem, ...]):
    """Products by code as the type-ahead looks into them; what it needs for that is made when first asked."""

    @cached_property
    def haystacks(self) -> list[str]:
        """Return what each product is found by; they begin with the code, so they are in order."""
        return [item.haystack for item in self]

    @cached_property
    def text(self) -> str:
        """Return the haystacks in a row: one search through it is many times faster than one per product."""
        return "".join(self.haystacks)

    @cached_property
    def starts(self) -> list[int]:
        """Return where the haystack of each product begins in `text`."""
        return list(accumulate(map(len, self.haystacks[:-1]), initial=0))

    @cached_property
    def by_code(self) -> dict[str, CatalogueItem]:
        """Return each product by its folded code."""
        return {code_key(item.code): item for item in self}

    @cached_property
    def by_name(self) -> dict[str, CatalogueItem]:
        """Return the products whose folded name only one has."""
        counted = Counter(fold(item.name) for item in self)
        return {name: item for item in self if counted[name := fold(item.name)] == 1}

    def of_code(self, beginning: str) -> Iterator[int]:
        """Yield the places of products whose code begins so."""
        first = bisect_left(self.haystacks, _START + beginning)
        return takewhile(
            lambda place: self.haystacks[place].startswith(_START + beginning), range(first, len(self.haystacks))
        )

    def having(self, part: str) -> Iterator[int]:
        """Yield the places of products in which `part` is found."""
        at = self.text.find(part)
        while at >= 0:
            place = bisect_right(self.starts, at) - 1
            yield place
            at = self.text.find(part, self.starts[place + 1]) if place + 1 < len(self) else -1

    def having_all(self, words: Sequence[str]) -> Iterator[int]:
        """Yield the places of products in which each of two or more words is found."""
        first, second, *others = sorted(words, key=len, reverse=True)
        for place, text in enumerate(self.haystacks):
            if first in text and second in text and all(word in text for word in others):
                yield place


def match(items: Sequence[CatalogueItem], typed: str, limit: int = MOST_MATCHES) -> list[CatalogueItem]:
    """Return the items in which every typed word is found, at most `limit`, the likeliest first.

    First come codes that begin with the typed text, then names and pinyin that do, then the rest, each
    in the order of `items`, which are by code. Nothing typed: the first `limit` items. Within 5 ms for
    20,000 items when `items` is a `Catalogue`.
    """
    words = fold(clean_line(typed)).split()
    if not words or not items:
        return list(items[:limit])
    among = items if isinstance(items, Catalogue) else Catalogue(items)
    asked = " ".join(words)
    ranked = dict.fromkeys(islice(among.of_code(asked), limit))
    if len(ranked) < limit:
        ranked |= dict.fromkeys(islice(among.having(_START + asked), limit))
    if len(ranked) < limit:
        anywhere = among.having(asked) if len(words) == 1 else among.having_all(words)
        ranked |= dict.fromkeys(islice(anywhere, limit))
    return [among[place] for place in islice(ranked, limit)]


def converted(
    price: Decimal, tax_percent: Decimal, *, rate: Decimal, currency: str, had_tax: bool, wants_tax: bool
) -> Decimal:
    """Return a price in another currency and tax mode, with two decimals more than its amounts have.

    `rate` is the company's currency for one unit of `currency`. A price that needs no conversion stays
    as it is.
    """
    if rate == 1 and had_tax == wants_tax:
        return price
    factor = 1 + tax_percent / 100
    moved = price / rate
    if had_tax != wants_tax:
        moved = moved * factor if wants_tax else moved / factor
    return padded(without_zeros(round_half_away(moved, exponent(currency) + _CONVERTED_PLACES)), currency)


def padded(price: Decimal, currency: str) -> Decimal:
    """Return a price with at least the decimals its currency has: 12.5 is 12.50 in euros."""
    places = exponent(currency)
    shown = price.as_tuple().exponent
    return round_half_away(price, places) if isinstance(shown, int) and -shown < places else price


def code_key(code: str) -> str:
    """Return what two codes are compared by: `ab-1` and `AB-1` are one."""
    return fold(clean_line(code))


def derived(code: str, name: str) -> dict[str, str]:
    """Return the columns that follow from code and name."""
    return {"code_key": code_key(code), "sort_key": sort_key(name), "haystack": haystack(code, name)}


def checked_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a product among `values`, cleaned. Raises Invalid beside the field."""
    checked = {name: values[name] for name in COLUMNS if name in values}
    for name in _LINES:
        if name in checked:
            checked[name] = clean_line(str(checked[name] or ""))
    if "description" in checked:
        checked["description"] = clean_multiline(str(checked["description"] or ""))
    if "list_price" in checked:
        checked["list_price"] = checked_price("list_price", checked["list_price"] or Decimal(0))
    if "tax_percent" in checked:
        checked["tax_percent"] = checked_percent("tax_percent", checked["tax_percent"] or Decimal(0))
    if "active" in checked:
        checked["active"] = bool(checked["active"])
    return checked


def check_named(code: str, name: str) -> None:
    """Raise Invalid beside the field unless a product may be called so."""
    if not code:
        raise Invalid("code", N_("A product needs a code."))
    if len(code) > LONGEST_CODE:
        raise Invalid("code", N_("A code has at most {most} characters."), most=LONGEST_CODE)
    if not name:
        raise Invalid("name", N_("A product needs a name."))


def checked_price(field: str, value: Any) -> Decimal:
    """Return a price fit to store. Raises Invalid beside `field` for what is none, below 0 or absurd."""
    price = checked_decimal(field, value)
    if price < 0:
        raise Invalid(field, N_("A price cannot be below zero."))
    if price >= HIGHEST_PRICE:
        raise Invalid(field, N_("This price is too high to be right."))
    return without_zeros(round_half_away(price, PRICE_PLACES))


def checked_percent(field: str, value: Any) -> Decimal:
    """Return a tax rate fit to store. Raises Invalid beside `field` unless it is from 0 to 100."""
    percent = checked_decimal(field, value)
    if not 0 <= percent <= 100:
        raise Invalid(field, N_("A tax rate is a percentage from 0 to 100."))
    return without_zeros(round_half_away(percent, 4))


def checked_decimal(field: str, value: Any) -> Decimal:
    """Return the finite number `value` is. Raises Invalid beside `field`."""
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation as error:
        raise Invalid(field, N_("This is not a number.")) from error
    if not number.is_finite():
        raise Invalid(field, N_("This is not a number."))
    return number


@dataclass(frozen=True, slots=True)
class PastedPrice:
    """One line of a pasted block: what stands for the product, the price, and why it cannot be taken."""

    product: str
    price: Decimal | None = None
    problem: str = ""


def pasted_prices(text: str) -> list[PastedPrice]:
    """Return the lines of a two-column block copied from a spreadsheet: product, price; empty lines left out.

    Columns after the second are ignored. A first line whose price is no number is a header and is
    skipped when others follow. `problem` is a marked sentence.
    """
    lines = [[clean_line(cell) for cell in line.split("\t")] for line in text.splitlines()]
    rows = [[*cells, ""][:2] for cells in lines if any(cells)]
    read = [_pasted(product, price) for product, price in rows]
    return read[1:] if len(read) > 1 and read[0].price is None and rows[0][1] else read


def _pasted(product: str, price: str) -> PastedPrice:
    if not product:
        return PastedPrice(product, None, N_("The first column has no product."))
    if not price:
        return PastedPrice(product, None, N_("The second column has no price."))
    try:
        return PastedPrice(product, checked_price("price", read_decimal(price)))
    except ValueError:
        return PastedPrice(product, None, N_("The price is not a number."))
    except Invalid as refused:
        return PastedPrice(product, None, refused.template)


def find_item(items: Sequence[CatalogueItem], named: str) -> CatalogueItem | None:
    """Return the product with this code, else the only one with this name, else None."""
    among = items if isinstance(items, Catalogue) else Catalogue(items)
    key = fold(clean_line(named))
    return among.by_code.get(key) or among.by_name.get(key)
