"""Finds documents by number, the customer's reference, and the customer."""

from array import array
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import Any, Final

from sqlalchemy import and_, select

from crm_desktop.contacts.index import CONTACTS
from crm_desktop.db.work import Work
from crm_desktop.orders.rules import reference_key
from crm_desktop.shared.listing import Ids
from crm_desktop.shared.money import exponent, to_minor

MOST_HITS: Final = 2_000
_PLACES: Final = {"JPY": 0, "CNY": 2, "KWD": 3}
"""A currency of each number of decimals there is."""
_MOST_AMOUNT: Final = Decimal(10) ** 12
_MOST_NUMBERS: Final = 3
"""So many words of one search are taken as numbers, at most: each doubles the ways a text can be meant."""
_LAST_CHARACTER: Final = "\uffff"


def find(work: Work, entity: Any, text: str, order_by: Any, amounts: Sequence[Any] = ()) -> Ids | None:
    """Return the ids of the documents that every word of `text` fits, None when it has no word.

    A word fits the beginning of the number or of the reference, the running part of the number, one of
    `amounts` (indexed columns of minor units), or the customer; of several words only one with a digit is
    taken for a number. The whole text may be a reference with blanks in it. `entity` is any document with
    a number. Of the many documents of many customers the last by `order_by` are kept.
    """
    words = text.split()
    if not words:
        return None
    search = _Search(work, entity, order_by, amounts)
    found = search.referenced(text) if len(words) > 1 else set()
    numbers = [word for word in words if len(words) == 1 or any(map(str.isdigit, word))]
    numbered = {word: hits for word in numbers if (hits := search.numbered(word))}
    for chosen in _ways(list(numbered)):
        among = set.intersection(*(numbered[word] for word in chosen)) if chosen else None
        rest = [word for word in words if word not in chosen]
        found |= search.of_customers(" ".join(rest), among) if rest else among or set()
    return Ids(array("q", sorted(found)), search.capped)


def _ways(numbers: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield each choice of words that are meant as numbers; the others are meant as the customer."""
    for count in range(min(len(numbers), _MOST_NUMBERS) + 1):
        yield from combinations(numbers[:_MOST_NUMBERS], count)


class _Search:
    """Looks into one kind of documents and remembers whether something was cut off."""

    def __init__(self, work: Work, entity: Any, order_by: Any, amounts: Sequence[Any] = ()) -> None:
        self.work = work
        self.entity = entity
        self.order_by = order_by
        self.amounts = amounts
        self.capped = False

    def numbered(self, word: str) -> set[int]:
        """Return the documents whose number or reference a word fits."""
        number = self.entity.number
        hits: set[int] = set()
        # Each is asked by itself and in the order of its own index: together, or by day, they would be a scan.
        # Our own numbers are in capitals; those of documents that came from elsewhere are as they were there.
        for beginning in {word.upper(), word}:
            hits |= self._ids(and_(number >= beginning, number < beginning + _LAST_CHARACTER), number)
        # Documents of the system before have no place in a series: theirs is 0.
        if word.isdecimal() and int(word[:9]) and hasattr(self.entity, "serial"):
            hits |= self._ids(self.entity.serial == int(word[:9]), self.entity.id)
        return hits | self.referenced(word) | self.worth(word)

    def worth(self, word: str) -> set[int]:
        """Return the documents of which an amount is exactly this one, in whichever currency they are."""
        amount = _amount(word) if self.amounts else None
        if amount is None:
            return set()
        by_places = {places: to_minor(amount, currency) for currency, places in _PLACES.items()}
        hits: set[int] = set()
        for column in self.amounts:
            asked = select(self.entity.id, self.entity.currency, column).where(column.in_(by_places.values()))
            rows = self.work.session.execute(asked.order_by(column, self.entity.id.desc()).limit(MOST_HITS))
            hits |= {id_ for id_, currency, minor in rows if minor == by_places[exponent(currency)]}
        return hits

    def referenced(self, text: str) -> set[int]:
        """Return the documents whose reference begins with a text."""
        key, column = reference_key(text), getattr(self.entity, "reference_key", None)
        if not key or column is None:
            return set()
        return self._ids(and_(column >= key, column < key + _LAST_CHARACTER), column)

    def of_customers(self, text: str, among: set[int] | None) -> set[int]:
        """Return the documents of the customers that a text finds, all or those `among` some."""
        if among is not None and not among:
            return set()
        customers = CONTACTS.find(self.work, text)
        if customers is None or not customers.ids:
            return set()
        self.capped = self.capped or customers.capped
        condition = self.entity.contact_id.in_(list(customers.ids))
        if among is not None:
            condition = and_(condition, self.entity.id.in_(list(among)))
        return self._ids(condition, self.order_by)

    def _ids(self, condition: Any, order_by: Any) -> set[int]:
        newest = select(self.entity.id).where(condition).order_by(order_by.desc()).limit(MOST_HITS + 1)
        ids = list(self.work.session.scalars(newest))
        self.capped = self.capped or len(ids) > MOST_HITS
        return set(ids[:MOST_HITS])


def _amount(word: str) -> Decimal | None:
    """Return the amount a word is: 2900, 2,900.00, 2900.5; None when it is none."""
    digits = word.replace(",", "").replace("，", "")
    try:
        amount = Decimal(digits) if digits[:1].isdecimal() else Decimal(0)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount < _MOST_AMOUNT else None
