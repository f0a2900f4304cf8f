"""Lists made from field descriptions: pages by key, ids in order, counts; never OFFSET.

The statements select mapped columns, so the row scope of the session covers every one of them.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_, union_all

from crm_desktop.db.work import Work
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.record import Page

CHUNK = 20_000
"""Ids fetched in one step of a long list."""
MERGE_AT_MOST = 16
"""Owners whose lists are merged one by one; above, a walk of the sort index is cheaper."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """One entity's list. `live` hides rows unless a filter asks for them.

    `partition` is the column of the row scope and `partitions` the keys the actor reaches (None: all
    of them): a narrow scope is read as a merge of one short walk per key, which stays fast however
    few rows the keys have among all.
    """

    entity: Any
    fields: Mapping[str, Field]
    default_sort: Sort
    live: tuple[ColumnElement[bool], ...] = ()
    partition: Any = None
    partitions: Sequence[int] | None = None
    partition_sorts: frozenset[str] = frozenset()
    """Sort fields with an index `(partition, sort, id)`."""
    timezone: str = "UTC"
    found: Sequence[int] | None = None
    """Ids a text search found; None without a search."""
    extra: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)

    def page(
        self,
        work: Work,
        listing: Listing,
        columns: Sequence[str],
        *,
        after: tuple[Any, ...] | None = None,
        limit: int,
    ) -> Page:
        """Return up to `limit` rows after the key `after` (a row's `key_of`), in the list's order."""
        sorts = self._sorts(listing)
        keys = [self._sort_column(sort) for sort in sorts]
        chosen = [self.entity.id, *(self._reads(name) for name in columns), *keys]
        rows = work.session.execute(self._ordered(chosen, listing, after, limit)).all()
        width = 1 + len(columns)
        return Page(("id", *columns), [tuple(row[:width]) for row in rows])

    def chunks(
        self, work: Work, listing: Listing, *, after: tuple[Any, ...] | None = None
    ) -> tuple["array[int]", tuple[Any, ...] | None]:
        """Return the next ids in order and the key to go on from, None when these were the last."""
        keys = [self._sort_column(sort) for sort in self._sorts(listing)]
        rows = work.session.execute(self._ordered([self.entity.id, *keys], listing, after, CHUNK)).all()
        ids = array("q", [row[0] for row in rows])
        if len(rows) < CHUNK:
            return ids, None
        return ids, (*rows[-1][1:], rows[-1][0])

    def rows(self, work: Work, columns: Sequence[str], ids: Sequence[int]) -> Page:
        """Return the rows with `ids` in that order; ids that are gone or out of scope are left out."""
        chosen = [self.entity.id, *(self._reads(name) for name in columns)]
        by_id = {
            row[0]: tuple(row) for row in work.session.execute(select(*chosen).where(self.entity.id.in_(list(ids))))
        }
        return Page(("id", *columns), [by_id[id_] for id_ in ids if id_ in by_id])

    def count(self, work: Work, listing: Listing) -> int:
        """Return how many rows the list has."""
        counted = work.session.scalar(select(func.count()).select_from(self.entity).where(*self._conditions(listing)))
        return counted or 0

    def every(self, work: Work, listing: Listing, columns: Sequence[str]) -> Iterator[Page]:
        """Yield the whole list in its order, page by page."""
        after: tuple[Any, ...] | None = None
        while True:
            ids, after = self.chunks(work, listing, after=after)
            for start in range(0, len(ids), 500):
                yield self.rows(work, columns, ids[start : start + 500])
            if after is None:
                return

    def _ordered(
        self, chosen: Sequence[Any], listing: Listing, after: tuple[Any, ...] | None, limit: int
    ) -> Select[Any]:
        sorts = self._sorts(listing)
        conditions = self._conditions(listing)
        if after is not None:
            conditions = [*conditions, self._beyond(sorts, after)]
        base = select(*chosen).where(*conditions)
        merged = self._merged(base, sorts, limit)
        if merged is not None:
            return merged
        return base.order_by(*self._order(sorts)).limit(limit)

    def _merged(self, base: Select[Any], sorts: Sequence[Sort], limit: int) -> Select[Any] | None:
        keys = self.partitions
        if keys is None or not 0 < len(keys) <= MERGE_AT_MOST or self.found is not None:
            return None
        if len(sorts) > 1 or sorts[0].field not in self.partition_sorts:
            return None
        order = self._order(sorts)
        parts = [select(base.where(self.partition == key).order_by(*order).limit(limit).subquery()) for key in keys]
        if len(parts) == 1:
            return base.where(self.partition == keys[0]).order_by(*order).limit(limit)
        united = union_all(*parts).subquery()
        columns = list(united.c)
        sort_column = columns[-len(sorts)]
        descending = sorts[0].descending
        return (
            select(*columns)
            .order_by(
                sort_column.desc() if descending else sort_column,
                columns[0].desc() if descending else columns[0],
            )
            .limit(limit)
        )

    def _sorts(self, listing: Listing) -> tuple[Sort, ...]:
        known = tuple(sort for sort in listing.sorts if sort.field in self.fields)
        return known or (self.default_sort,)

    def _sort_column(self, sort: Sort) -> Any:
        described = self.fields[sort.field]
        return described.sorts if described.sorts is not None else described.reads

    def _order(self, sorts: Sequence[Sort]) -> list[Any]:
        order = [self._sort_column(sort).desc() if sort.descending else self._sort_column(sort).asc() for sort in sorts]
        order.append(self.entity.id.desc() if sorts[-1].descending else self.entity.id.asc())
        return order

    def _beyond(self, sorts: Sequence[Sort], after: tuple[Any, ...]) -> ColumnElement[bool]:
        columns = [*(self._sort_column(sort) for sort in sorts), self.entity.id]
        downward = [*(sort.descending for sort in sorts), sorts[-1].descending]
        if len(set(downward)) == 1:
            here, there = tuple_(*columns), tuple_(*after)
            return here < there if downward[0] else here > there
        steps = []
        for place, (column, value, down) in enumerate(zip(columns, after, downward, strict=True)):
            equal = [columns[n] == after[n] for n in range(place)]
            steps.append(and_(*equal, column < value if down else column > value))
        return or_(*steps)

    def _reads(self, name: str) -> Any:
        return self.fields[name].reads

    def _conditions(self, listing: Listing) -> list[ColumnElement[bool]]:
        asked = {condition.field for condition in listing.filters}
        conditions = [] if "archived" in asked else list(self.live)
        if self.found is not None:
            conditions.append(self.entity.id.in_(list(self.found)))
        conditions.extend(self._condition(one) for one in listing.filters)
        return conditions

    def _condition(self, one: Filter) -> ColumnElement[bool]:
        if one.field in self.extra:
            wanted = self.extra[one.field]
            return wanted if one.op == "is" and all(one.values) else ~wanted
        described = self.fields[one.field]
        column = described.reads
        if one.op in ("empty", "not_empty"):
            empty = column.is_(None) if described.kind not in _TEXTS else or_(column.is_(None), column == "")
            return empty if one.op == "empty" else ~empty
        if one.op == "contains":
            return or_(*(column.icontains(str(value), autoescape=True) for value in one.values))
        if one.op in ("from", "to"):
            return self._bound(described, column, one)
        inside: ColumnElement[bool] = column.in_(list(one.values))
        return inside if one.op == "is" else or_(~inside, column.is_(None))

    def _bound(self, described: Field, column: Any, one: Filter) -> ColumnElement[bool]:
        value = one.values[0]
        if described.kind is Kind.INSTANT and isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time(), ZoneInfo(self.timezone))
            if one.op == "to":
                return column < value + timedelta(days=1)  # type: ignore[no-any-return]
        return column >= value if one.op == "from" else column <= value  # type: ignore[no-any-return]


_TEXTS = {Kind.TEXT, Kind.NOTE, Kind.CHOICE, Kind.STATUS, Kind.PHONE, Kind.EMAIL}
