"""The list of products: pages, ids, counts, filters; also the quick search that is everywhere."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, or_, select

from crm_desktop.access.model import Company
from crm_desktop.db.query import ListQuery
from crm_desktop.db.work import Work
from crm_desktop.products import rules
from crm_desktop.products.fields import FIELDS
from crm_desktop.products.model import Product
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.fields import Field, Use, readable
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.record import Page
from crm_desktop.shared.text import clean_line, fold

DEFAULT_SORT: Final = Sort("code")
NOT_SOLD: Final = "archived"
"""The filter that shows what is no longer sold, and only that."""
SEARCH_HITS: Final = 12
_SOLD: Final = (Product.active.is_(True),)
_EXTRA: Final = {NOT_SOLD: Product.active.is_(False)}
_PRICES: Final = ("list_price", "cost")
_WORDS: Final = "words"


@requires(Permission.PRODUCT_READ)
def fields(work: Work) -> tuple[Field, ...]:
    """Return the descriptions of every field the actor may see in lists."""
    return readable(FIELDS, work.actor, Use.TABLE)


@requires(Permission.PRODUCT_READ)
def first_page(work: Work, listing: Listing, columns: Sequence[str], limit: int = 100) -> Page:
    """Return the first rows of the list; the columns as in `fields`, the id first."""
    query, rest = _query(work, listing, columns)
    return _padded(work, query.page(work, rest, columns, limit=limit))


@requires(Permission.PRODUCT_READ)
def ids(work: Work, listing: Listing, after: tuple[Any, ...] | None = None) -> tuple["array[int]", Any]:
    """Return the next ids of the list in its order, and where to go on (None: these were the last)."""
    query, rest = _query(work, listing)
    return query.chunks(work, rest, after=after)


@requires(Permission.PRODUCT_READ)
def rows(work: Work, columns: Sequence[str], wanted: Sequence[int]) -> Page:
    """Return the rows with these ids, in that order."""
    query, _rest = _query(work, Listing(), columns)
    return _padded(work, query.rows(work, columns, wanted))


@requires(Permission.PRODUCT_READ)
def count(work: Work, listing: Listing) -> tuple[int, bool]:
    """Return how many products the list has; a search in products is never cut."""
    query, rest = _query(work, listing)
    return query.count(work, rest), False


@requires(Permission.PRODUCT_READ)
def search(work: Work, text: str, limit: int = SEARCH_HITS) -> list[tuple[int, str, str, str]]:
    """Return the best hits for the search box among what is sold: (id, code, name, category)."""
    words = fold(clean_line(text)).split()
    if not words:
        return []
    asked = " ".join(words)
    ranked = case(
        (Product.code_key.startswith(asked, autoescape=True), 0),
        (Product.haystack.contains(f"\n{asked}", autoescape=True), 1),
        else_=2,
    )
    found = work.session.execute(
        select(Product.id, Product.code, Product.name, Product.category)
        .where(Product.active, *(Product.haystack.contains(word, autoescape=True) for word in words))
        .order_by(ranked, Product.code_key)
        .limit(limit)
    )
    return [tuple(row) for row in found]  # type: ignore[misc]


@requires(Permission.PRODUCT_READ)
def names(work: Work, ids: Sequence[int]) -> dict[int, str]:
    """Return the names of these products."""
    found = work.session.execute(select(Product.id, Product.name).where(Product.id.in_(list(ids))))
    return {row.id: row.name for row in found}


@requires(Permission.PRODUCT_EXPORT)
def export_pages(
    work: Work, listing: Listing, columns: Sequence[str], chosen: Sequence[int] | None = None
) -> Iterator[Page]:
    """Yield the pages of the list, or of the chosen ids, for a file."""
    query, rest = _query(work, listing, columns)
    if chosen is None:
        yield from (_padded(work, page) for page in query.every(work, rest, columns))
        return
    for start in range(0, len(chosen), 500):
        yield _padded(work, query.rows(work, columns, chosen[start : start + 500]))


def _query(work: Work, listing: Listing, columns: Sequence[str] = ()) -> tuple[ListQuery, Listing]:
    """Return the list's query, with the typed words as a condition. Raises NotAllowed for a hidden column."""
    described = {field.name: field for field in FIELDS if field.readable_by(work.actor)}
    asked = {*columns, *(one.field for one in listing.filters), *(one.field for one in listing.sorts)}
    if asked & {field.name for field in FIELDS} - described.keys():
        # A row's place among others would tell a cost as well as the figure itself.
        raise NotAllowed
    on_dates = any(one.op in ("from", "to") for one in listing.filters)
    words = tuple(dict.fromkeys(fold(clean_line(listing.text)).split()))
    extra: Mapping[str, ColumnElement[bool]] = _EXTRA
    filters = listing.filters
    if words:
        extra = {**_EXTRA, _WORDS: and_(*map(_has, words))}
        filters = (*filters, Filter(_WORDS, "is", (True,)))
    query = ListQuery(
        entity=Product,
        fields=described,
        default_sort=DEFAULT_SORT,
        live=_SOLD,
        timezone=(work.session.scalar(select(Company.timezone)) if on_dates else None) or "UTC",
        extra=extra,
        extra_key=words,
    )
    return query, replace(listing, text="", filters=filters)


def _has(word: str) -> ColumnElement[bool]:
    return or_(
        Product.haystack.contains(word, autoescape=True),
        Product.category.icontains(word, autoescape=True),
        Product.description.icontains(word, autoescape=True),
    )


def _padded(work: Work, page: Page) -> Page:
    """Return the page with prices as money is written: 12.50, not 12.5."""
    places = [page.columns.index(name) for name in _PRICES if name in page.columns]
    if not places:
        return page
    currency = work.session.scalar(select(Company.currency)) or ""
    made = []
    for row in page.rows:
        values = list(row)
        for place in places:
            if values[place] is not None:
                values[place] = rules.padded(values[place], currency)
        made.append(tuple(values))
    return Page(page.columns, made)
