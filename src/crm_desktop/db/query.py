"""Lists made from field descriptions: pages by key, ids in order, counts; never OFFSET.

The statements select mapped columns and carry the row scope of the actor themselves, because they are
compiled once and run without the session's hook (`db/prepared.py`).
"""

from array import array
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)

from crm_desktop.db.prepared import run_prepared
from crm_desktop.db.work import Work
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.record import Page

CHUNK = 20_000
"""Ids fetched in one step of a long list."""
NOBODY = 0
"""Key of the partition of what nobody owns."""
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
    within: Any = None
    """What is left of the row scope inside one of `partitions`; None: all of it is asked again."""
    partition_sorts: frozenset[str] = frozenset()
    """Sort fields with an index `(partition, sort, id)`."""
    partition_field: str = "owner"
    """The field whose filters ask for partitions by their keys; no value means the partition `NOBODY`."""
    walking_scope: Callable[[Actor], ColumnElement[bool]] | None = None
    """Makes the row scope written so that the engine walks the sort index: for more partitions than are merged."""
    timezone: str = "UTC"
    found: Sequence[int] | None = None
    """Ids a text search found; None without a search."""
    capped: bool = False
    """Whether the search was wide and `found` only its first hits."""
    extra: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)
    """Conditions that filters name besides the fields."""
    extra_key: tuple[Hashable, ...] = ()
    """What the conditions in `extra` depend on."""

    def page(
        self, work: Work, listing: Listing, columns: Sequence[str], *, after: tuple[Any, ...] | None = None, limit: int
    ) -> Page:
        """Return up to `limit` rows after the key `after` (a row's sort values and id), in the list's order."""
        rows = self._ordered(work, listing, tuple(columns), after, limit)
        width = 1 + len(columns)
        if rows and len(rows[0]) > width:
            rows = [row[:width] for row in rows]
        return Page(("id", *columns), rows)

    def chunks(
        self, work: Work, listing: Listing, *, after: tuple[Any, ...] | None = None
    ) -> tuple["array[int]", tuple[Any, ...] | None]:
        """Return the next ids in order and the key to go on from, None when these were the last."""
        rows = self._ordered(work, listing, (), after, CHUNK)
        ids = array("q", [row[0] for row in rows])
        return ids, None if len(rows) < CHUNK else (*rows[-1][1:], rows[-1][0])

    def rows(self, work: Work, columns: Sequence[str], ids: Sequence[int]) -> Page:
        """Return the rows with `ids` in that order; ids that are gone or out of scope are left out."""

        def build() -> Select[Any]:
            chosen = [self.entity.id, *(self._reads(name) for name in columns)]
            return select(*chosen).where(self._among(work), *self._reach(work, self.walking_scope))

        found = run_prepared(work, ("rows", *self._key(work, tuple(columns))), build, self._given(work, ids))
        by_id = {row[0]: row for row in found}
        return Page(("id", *columns), [by_id[id_] for id_ in ids if id_ in by_id])

    def count(self, work: Work, listing: Listing) -> int:
        """Return how many rows the list has."""

        def build() -> Select[Any]:
            return select(func.count()).select_from(self.entity).where(*self._conditions(work, listing))

        counted: int = run_prepared(work, ("count", *self._key(work, listing)), build, self._given(work))[0][0]
        return counted

    def sums(self, work: Work, listing: Listing, column: str, group: str) -> list[tuple[Any, int]]:
        """Return the sum of a column of whole numbers per value of `group`, in the order of the groups."""

        def build() -> Select[Any]:
            grouped = self._reads(group)
            total = func.sum(type_coerce(self._reads(column), BigInteger))
            conditions = self._conditions(work, listing)
            return select(grouped, total).select_from(self.entity).where(*conditions).group_by(grouped)

        found = run_prepared(work, ("sums", column, group, *self._key(work, listing)), build, self._given(work))
        return sorted((row[0], int(row[1])) for row in found)

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
        self, work: Work, listing: Listing, columns: tuple[str, ...], after: tuple[Any, ...] | None, limit: int
    ) -> list[tuple[Any, ...]]:
        """Return rows of id and columns; the sort values may follow, and do when no columns are asked for."""
        values = self._given(work)
        if after is not None:
            values |= {f"after_{place}": value for place, value in enumerate(after)}

        def build() -> Any:
            sorts = self._sorts(listing)
            partitions = self._partitions_of(listing)
            merges = self._merges(sorts, partitions)
            conditions = self._conditions(work, listing, merged=merges)
            if after is not None:
                conditions.append(self._beyond(sorts))
            keys = [self._sort_column(sort) for sort in sorts] if merges or not columns else []
            shown = [self.entity.id, *(self._reads(name) for name in columns)]
            if self.found is not None and columns:
                return self._first_of(shown, conditions, self._order(sorts), limit)
            base = select(*shown, *keys).where(*conditions)
            if merges:
                return self._merged(work, base, sorts, limit, partitions or ()).limit(limit)
            return base.order_by(*self._order(sorts)).limit(limit)

        key = ("ordered", *self._key(work, listing, columns, after is not None, limit))
        return run_prepared(work, key, build, values)

    def _key(self, work: Work, *parts: Hashable) -> tuple[Hashable, ...]:
        """Return everything a statement depends on besides its values: the scope of the actor above all."""
        partitions = None if self.partitions is None else tuple(self.partitions)
        return (
            self.entity.__tablename__,
            work.actor.scope_key,
            partitions,
            self.timezone,
            self.found is not None,
            *parts,
            *self.extra_key,
        )

    def _given(self, work: Work, ids: Sequence[int] | None = None) -> dict[str, Any]:
        given = self.found if ids is None else ids
        if given is None:
            return {}
        listed = ",".join(map(str, given))
        return {"given": f"{{{listed}}}" if work.is_postgres else f"[{listed}]"}

    def _among(self, work: Work) -> ColumnElement[bool]:
        """Return the condition that the id is among the given ones, however many they are.

        They travel as one text: a driver takes longer to pack an array than the server to read its text.
        A server sees them only when it runs, because planning for each id takes longer than finding its row.
        """
        given = bindparam("given", None, type_=String)
        if work.is_postgres:
            each = select(func.unnest(cast(given, ARRAY(BigInteger)))).scalar_subquery()
            among: ColumnElement[bool] = self.entity.id == func.any(func.array(each))
            return among
        listed = func.json_each(given).table_valued("value")
        found: ColumnElement[bool] = self.entity.id.in_(select(listed.c.value))
        return found

    def _partitions_of(self, listing: Listing) -> Sequence[int] | None:
        """Return the partitions of the scope that the filters of the listing leave, None when that is all of them.

        "My contacts" at a million rows is a walk of one partition, not a look at every row of the scope.
        """
        if self.partition is None:
            return None
        left = self.partitions
        for one in listing.filters:
            if self._names_partitions(one):
                asked = {key for key in one.values if key is not None} if one.op == "is" else {NOBODY}
                left = sorted(asked if left is None else asked.intersection(left))
        return left

    def _names_partitions(self, one: Filter) -> bool:
        return one.field == self.partition_field and one.op in ("is", "empty")

    def _merges(self, sorts: Sequence[Sort], keys: Sequence[int] | None) -> bool:
        """Return whether one walk per partition, merged, is cheaper than a walk of all rows."""
        if keys is None or not 0 < len(keys) <= MERGE_AT_MOST or self.found is not None:
            return False
        return len(sorts) == 1 and sorts[0].field in self.partition_sorts

    def _first_of(
        self, shown: Sequence[Any], conditions: Sequence[ColumnElement[bool]], order: Sequence[Any], limit: int
    ) -> Select[Any]:
        """Return the first of many hits: sorted without the columns, which are read for those that are shown."""
        first = select(self.entity.id).where(*conditions).order_by(*order).limit(limit).subquery()
        return select(*shown).join(first, first.c.id == self.entity.id).order_by(*order)

    def _merged(
        self, work: Work, base: Select[Any], sorts: Sequence[Sort], limit: int, partitions: Sequence[int]
    ) -> Any:
        """Return one walk per partition, merged; `base` ends with the sort value.

        SQLite merges ordered walks as it goes. A server would rather sort all of them, so there each stops by itself.
        """
        order = self._order(sorts)
        parts = [base.where(self.partition == key) for key in partitions]
        if len(parts) == 1:
            return parts[0].order_by(*order)
        if work.is_postgres:
            parts = [select(part.order_by(*order).limit(limit).subquery()) for part in parts]
        places: list[ColumnElement[int]] = [literal_column(str(len(base.selected_columns))), literal_column("1")]
        return union_all(*parts).order_by(*(place.desc() if sorts[0].descending else place for place in places))

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

    def _beyond(self, sorts: Sequence[Sort]) -> ColumnElement[bool]:
        columns = [*(self._sort_column(sort) for sort in sorts), self.entity.id]
        after = [bindparam(f"after_{place}", None, type_=column.type) for place, column in enumerate(columns)]
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

    def _conditions(self, work: Work, listing: Listing, *, merged: bool = False) -> list[ColumnElement[bool]]:
        """Return the conditions of a list but for the partitions, when those are `merged` one by one."""
        asked = {condition.field for condition in listing.filters}
        partitions = self._partitions_of(listing)
        conditions = [] if "archived" in asked else [*self.live]
        if self.found is not None:
            conditions.append(self._among(work))
        elif partitions is not None and len(partitions) <= 1:
            # So that the engine looks at the rows of this one, whatever else the scope reaches.
            conditions.append(self.partition == partitions[0] if partitions else false())
            merged = True
        # A partition says who owns the rows. Told twice, a server takes it for two things, expects a row or two
        # and sorts all there are.
        if merged and self.partitions is not None and self.within is not None:
            conditions.append(self.within)
        else:
            # Of the hits of a search each is looked up by its id anyhow, where an owner is no help.
            walks = len(partitions or ()) > MERGE_AT_MOST or self.found is not None
            conditions.extend(self._reach(work, self.walking_scope if walks else None))
        told = [one for one in listing.filters if merged and self._names_partitions(one)]
        conditions.extend(self._condition(one) for one in listing.filters if one not in told)
        return conditions

    def _reach(
        self, work: Work, written: Callable[[Actor], ColumnElement[bool]] | None = None
    ) -> list[ColumnElement[bool]]:
        """Return the row scope of the actor, nothing when no row is hidden from them."""
        return [] if work.actor.reaches_everything else [(written or self.entity.visible_to)(work.actor)]

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
