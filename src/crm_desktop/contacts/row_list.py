"""Lists of rows that belong to customers: pages, ids, counts, sums, search."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.model import Company
from crm_desktop.contacts.model import owner_keys
from crm_desktop.db.query import ListQuery
from crm_desktop.db.work import Work
from crm_desktop.shared.fields import Field, Kind, Use, readable
from crm_desktop.shared.listing import Filter, Ids, Listing, Sort
from crm_desktop.shared.money import Money, to_minor
from crm_desktop.shared.permissions import Domain, Permission, Scope, requires
from crm_desktop.shared.record import Page

SEARCH_HITS: Final = 8
_AT_ONCE: Final = 500

Hit = tuple[int, str, str, str]
"""A hit of the search box: id, number, customer, state."""


@dataclass(frozen=True, slots=True)
class Described:
    """What is particular to one of these lists.

    `live` hides rows unless a filter asks for what `extra` names; `dated` is what the newest is known by.
    """

    entity: Any
    fields: tuple[Field, ...]
    default_sort: Sort
    dated: Any
    read: Permission
    export: Permission
    live: tuple[Any, ...] = ()
    partition: Any = None
    both_sides: bool = False
    """Whether purchasing has rows in it too: its scope is not the owners of sales."""
    search: Callable[[Work, str], Ids | None] | None = None
    hit: tuple[Any, ...] = ()
    """What a row is called, its customer, and its state or the order it is of."""


class RowList:
    """One list, its functions guarded by its permission and made as those of `contacts.lists` are."""

    def __init__(self, described: Described) -> None:
        self.described = described
        self._by_name = {field.name: field for field in described.fields}
        self._sortable = frozenset(field.name for field in described.fields if Use.SORT in field.uses)
        guard = requires(described.read)
        self.fields: Callable[..., tuple[Field, ...]] = guard(self._fields)
        self.first_page: Callable[..., Page] = guard(self._first_page)
        self.ids: Callable[..., tuple[array[int], Any]] = guard(self._ids)
        self.rows: Callable[..., Page] = guard(self._rows)
        self.count: Callable[..., tuple[int, bool]] = guard(self._count)
        self.sums: Callable[..., tuple[Money, ...]] = guard(self._sums)
        self.search: Callable[..., list[Hit]] = guard(self._search)
        self.names: Callable[..., dict[int, str]] = guard(self._names)
        self.export_pages: Callable[..., Iterator[Page]] = requires(described.export)(self._export_pages)

    def _fields(self, work: Work) -> tuple[Field, ...]:
        """Return the descriptions of every field the actor may see."""
        return readable(self.described.fields, work.actor, Use.TABLE)

    def _first_page(self, work: Work, listing: Listing, columns: Sequence[str], limit: int = 100) -> Page:
        """Return the first rows, the id first."""
        query, rest = self._query(work, listing)
        return self._shown(query.page(work, rest, self._stored(columns), limit=limit), columns)

    def _ids(self, work: Work, listing: Listing, after: tuple[Any, ...] | None = None) -> Any:
        """Return the next ids in order, and where to go on (None: these were the last)."""
        query, rest = self._query(work, listing)
        return query.chunks(work, rest, after=after)

    def _rows(self, work: Work, columns: Sequence[str], wanted: Sequence[int]) -> Page:
        """Return the rows with these ids, in that order."""
        return self._shown(self._plain(work, Listing()).rows(work, self._stored(columns), wanted), columns)

    def _count(self, work: Work, listing: Listing) -> tuple[int, bool]:
        """Return how many rows the list has, and whether a wide search was cut."""
        query, rest = self._query(work, listing)
        return query.count(work, rest), query.capped

    def _sums(self, work: Work, listing: Listing, column: str) -> tuple[Money, ...]:
        """Return the sum of a column of money per currency."""
        query, rest = self._query(work, listing)
        return tuple(Money.of_minor(minor, currency) for currency, minor in query.sums(work, rest, column, "currency"))

    def _search(self, work: Work, text: str, limit: int = SEARCH_HITS) -> list[Hit]:
        """Return the newest documents that `text` fits."""
        assert self.described.search is not None
        found = self.described.search(work, text)
        if found is None or not found.ids:
            return []
        entity = self.described.entity
        hits = select(entity.id, *self.described.hit).where(entity.id.in_(list(found.ids)), *self.described.live)
        newest = hits.order_by(self.described.dated.desc(), entity.id.desc()).limit(limit)
        return [(row[0], row[1] or "", row[2] or "", row[3]) for row in work.session.execute(newest)]

    def _names(self, work: Work, ids: Sequence[int]) -> dict[int, str]:
        """Return what those of these rows that the actor sees are called."""
        entity = self.described.entity
        found = work.session.execute(select(entity.id, self.described.hit[0]).where(entity.id.in_(list(ids))))
        return {row[0]: row[1] or "" for row in found}

    def _export_pages(
        self, work: Work, listing: Listing, columns: Sequence[str], chosen: Sequence[int] | None = None
    ) -> Iterator[Page]:
        """Yield the pages of the list, or of the chosen ids, for a file."""
        query, rest = self._query(work, listing)
        stored = self._stored(columns)
        if chosen is None:
            for page in query.every(work, rest, stored):
                yield self._shown(page, columns)
            return
        for start in range(0, len(chosen), _AT_ONCE):
            yield self._shown(query.rows(work, stored, chosen[start : start + _AT_ONCE]), columns)

    def _query(self, work: Work, listing: Listing) -> tuple[ListQuery, Listing]:
        query = self._plain(work, listing)
        if listing.text and self.described.search is not None:
            found = self.described.search(work, listing.text)
            if found is not None:
                query = replace(query, found=found.ids, capped=found.capped)
        return query, replace(listing, text="", filters=tuple(self._in_units(work, one) for one in listing.filters))

    def _plain(self, work: Work, listing: Listing) -> ListQuery:
        scope = work.actor.scope(Domain.SALES)
        narrow = self.described.partition is not None and scope in (Scope.OWN, Scope.TEAM)
        if self.described.both_sides and work.actor.scope(Domain.PURCHASING) is not Scope.NONE:
            narrow = False
        on_dates = any(one.op in ("from", "to") for one in listing.filters)
        return ListQuery(
            entity=self.described.entity,
            fields=self._by_name,
            default_sort=self.described.default_sort,
            live=self.described.live,
            partition=self.described.partition,
            partitions=owner_keys(work.actor, scope) if narrow else None,
            partition_sorts=self._sortable,
            timezone=(work.session.scalar(select(Company.timezone)) if on_dates else None) or "UTC",
        )

    def _in_units(self, work: Work, one: Filter) -> Filter:
        """Return a condition on an amount in minor units, as the column holds them."""
        field = self._by_name.get(one.field)
        if field is None or field.kind is not Kind.MONEY:
            return one
        currency = work.session.scalar(select(Company.currency)) or ""
        return replace(one, values=tuple(to_minor(value, currency) for value in one.values))

    def _stored(self, columns: Sequence[str]) -> list[str]:
        """Return the columns to read: the currency goes along with an amount."""
        money = any(self._by_name[name].kind is Kind.MONEY for name in columns)
        return [*columns, "currency"] if money and "currency" not in columns else list(columns)

    def _shown(self, page: Page, columns: Sequence[str]) -> Page:
        """Return the page with its amounts as money, and only the columns asked for."""
        places = [place for place, name in enumerate(columns, 1) if self._by_name[name].kind is Kind.MONEY]
        if not places or not page.rows:
            return Page(("id", *columns), page.rows)
        # By column: a page is made in half the time it takes by row.
        values: list[Iterable[Any]] = list(zip(*page.rows, strict=True))
        currencies = values[page.columns.index("currency")]
        for place in places:
            values[place] = map(_money, values[place], currencies)
        return Page(("id", *columns), list(zip(*values[: 1 + len(columns)], strict=True)))


_money: Final = lru_cache(8192)(Money.of_minor)
"""A list is read again after each change, and most of its amounts are the same."""
