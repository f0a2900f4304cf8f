"""The list of price lists: whom each is for, its currency, how many prices it holds."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select

from crm_desktop.contacts.model import Contact
from crm_desktop.contacts.rules import LEVELS
from crm_desktop.db.query import ListQuery
from crm_desktop.db.work import Work
from crm_desktop.products.model import Price, PriceList
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.record import Page
from crm_desktop.shared.text import clean_line

NOT_USED: Final = "archived"
"""The filter that shows what is no longer in use, and only that."""
_SEEN: Final = Use.TABLE | Use.EXPORT | Use.DEFAULT
_WORDS: Final = "words"
# Whoever sees a price list reaches its customer, so that its name needs no scope of its own.
_CUSTOMER: Final = select(Contact.name).where(Contact.id == PriceList.contact_id).correlate(PriceList).scalar_subquery()
_COUNT: Final = select(func.count()).where(Price.price_list_id == PriceList.id).correlate(PriceList).scalar_subquery()

FIELDS: Final[tuple[Field, ...]] = (
    Field("name", PriceList.name, N_("Name"), 28, _SEEN | Use.SORT | Use.FORM, write=Permission.PRICE_WRITE),
    Field("customer", _CUSTOMER, N_("Customer"), 28, _SEEN),
    Field(
        "level",
        PriceList.level,
        N_("Level"),
        8,
        _SEEN | Use.FILTER | Use.SORT | Use.FORM,
        Kind.CHOICE,
        choices=LEVELS,
        write=Permission.PRICE_WRITE,
    ),
    Field(
        "currency",
        PriceList.currency,
        N_("Currency"),
        9,
        _SEEN | Use.FILTER | Use.SORT | Use.FORM,
        write=Permission.PRICE_WRITE,
    ),
    Field("prices", _COUNT, N_("Prices"), 9, _SEEN, Kind.INTEGER),
    Field(
        "active",
        PriceList.active,
        N_("In use"),
        9,
        Use.TABLE | Use.EXPORT | Use.FORM,
        Kind.BOOLEAN,
        write=Permission.PRICE_WRITE,
    ),
)
_DESCRIBED: Final = {field.name: field for field in FIELDS}


@requires(Permission.PRICE_READ)
def first_page(work: Work, listing: Listing, columns: Sequence[str], limit: int = 100) -> Page:
    """Return the first rows of the list; the columns as in `FIELDS`, the id first."""
    query, rest = _query(listing)
    return query.page(work, rest, columns, limit=limit)


@requires(Permission.PRICE_READ)
def ids(work: Work, listing: Listing, after: tuple[Any, ...] | None = None) -> tuple["array[int]", Any]:
    """Return the next ids of the list in its order, and where to go on (None: these were the last)."""
    query, rest = _query(listing)
    return query.chunks(work, rest, after=after)


@requires(Permission.PRICE_READ)
def rows(work: Work, columns: Sequence[str], wanted: Sequence[int]) -> Page:
    """Return the rows with these ids, in that order."""
    return _query(Listing())[0].rows(work, columns, wanted)


@requires(Permission.PRICE_READ)
def count(work: Work, listing: Listing) -> tuple[int, bool]:
    """Return how many price lists there are; never cut."""
    query, rest = _query(listing)
    return query.count(work, rest), False


def _query(listing: Listing) -> tuple[ListQuery, Listing]:
    words = tuple(dict.fromkeys(clean_line(listing.text).split()))
    extra: dict[str, ColumnElement[bool]] = {NOT_USED: PriceList.active.is_(False)}
    filters = listing.filters
    if words:
        named = [
            or_(*(text.icontains(word, autoescape=True) for text in (PriceList.name, _CUSTOMER))) for word in words
        ]
        extra |= {f"{_WORDS}{place}": condition for place, condition in enumerate(named)}
        filters = (*filters, *(Filter(f"{_WORDS}{place}", "is", (True,)) for place in range(len(words))))
    query = ListQuery(
        entity=PriceList,
        fields=_DESCRIBED,
        default_sort=Sort("name"),
        live=(PriceList.active.is_(True),),
        extra=extra,
        extra_key=words,
    )
    return query, replace(listing, text="", filters=filters)
