"""What was open on a day, added up by the database: from the kept amounts today, from dated rows any other day.

A row is a plain tuple of minor units, since there may be tens of thousands:
(key, currency, not due, every bucket, undated, unapplied, balance), and always
not due + buckets + undated − unapplied = balance.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    outerjoin,
    select,
    union_all,
)

from crm_desktop.contacts.customer_rows import in_sales_reach
from crm_desktop.db.prepared import run_prepared
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables.ledger_model import Allocation, Receipt
from crm_desktop.receivables.model import Invoice
from crm_desktop.shared.progress import Progress, Quiet

BY_DUE: Final = "due"
BY_INVOICE: Final = "invoice"
CONTACT: Final = "contact_id"
SALESPERSON: Final = "salesperson_id"
EVERYTHING: Final = ""

Row = tuple[Any, ...]

_NOTHING: Final[Any] = literal_column("0")
# Partial indexes are used only for values that stand in the statement itself.
_IS_CREDIT: Final = Invoice.kind == literal_column("'credit'")
_SIDES: Final[Mapping[Any, tuple[Any, Any]]] = {
    Instalment: (Instalment.amount, Allocation.instalment_id),
    Receipt: (Receipt.amount, Allocation.receipt_id),
    Invoice: (Invoice.total, Allocation.credit_id),
}
"""What may be open: its amount, and by which column allocations name it. Of invoices only credit notes."""
_AT_ONCE: Final = 50_000
"""Ids read in one step of a past day: long enough to be fast, short enough to be cancelled."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is added up: grouped by `key`, aged to `as_of`; `kept` says that the day is not past.

    `bounds` are the last days of all buckets but the last, `contact_id` asks for one customer only.
    """

    as_of: date
    kept: bool
    bounds: tuple[int, ...]
    key: str = CONTACT
    by: str = BY_DUE
    contact_id: int | None = None

    def parameters(self) -> dict[str, Any]:
        """Return the days and ids that the statements are filled with."""
        edges = {f"edge_{place}": self.as_of - timedelta(days) for place, days in enumerate((0, *self.bounds))}
        return edges | ({} if self.contact_id is None else {"contact": self.contact_id})

    def shape(self) -> tuple[Any, ...]:
        """Return what the text of the statements depends on."""
        return ("as of", self.kept, len(self.bounds), self.key, self.by, self.contact_id is None)


class _Rows(NamedTuple):
    """What is added up: where key and currency are read from, what is open, and by which day it is aged."""

    of: Any
    left: Any
    day: Any


def rows(work: Work, asked: Question, progress: Progress | None = None) -> list[Row]:
    """Return a row per key and currency that has anything open or unapplied. Raises Cancelled."""
    work.session.flush()
    key = (*asked.shape(), work.has_system_rights, work.actor.scope_key)
    if asked.kept:
        return _merged(run_prepared(work, key, lambda: _kept(work, asked), asked.parameters()))
    found: list[Row] = []
    steps = [
        (entity, first)
        for entity in _SIDES
        for first in (_portions(work, entity) if asked.contact_id is None else (0,))
    ]
    watched = progress or Quiet()
    for done, (entity, first) in enumerate(steps):
        watched.step(done, len(steps))
        values = asked.parameters() | {"first": first, "last": first + _AT_ONCE}
        build = partial(_dated, work, asked, entity)
        found += run_prepared(work, (*key, entity.__tablename__), build, values)
    watched.step(len(steps), len(steps))
    return _merged(found)


def unused(work: Work, entity: Any) -> list[tuple[str, int]]:
    """Return what is not used up today of receipts or of credit notes, per currency in minor units."""
    key = ("unused", entity.__tablename__, work.has_system_rights, work.actor.scope_key)
    whole = Question(as_of=date.min, kept=True, bounds=(), key=EVERYTHING)

    def build() -> Select[Any]:
        # The currency is hidden from an index of all invoices, whose order it would be walked for.
        currency = entity.currency.concat("")
        conditions = [*counted(entity, None), *_of_question(work, whole, entity)]
        return select(currency, _sum(entity.open_amount)).where(*conditions).group_by(currency)

    return [(row[0], int(row[1])) for row in run_prepared(work, key, build, {})]


def open_of(entity: Any, as_of: date | ColumnElement[date] | None) -> Any:
    """Return what is open of a claim, or unused of a receipt or credit note: as kept, or by its allocations."""
    if as_of is None:
        return entity.open_amount
    amount, column = _SIDES[entity]
    return amount - _used(column == entity.id, as_of)


def counted(entity: Any, as_of: date | ColumnElement[date] | None) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of those rows of which something may be open then; the day None is today."""
    conditions: tuple[ColumnElement[bool], ...] = (_IS_CREDIT,) if entity is Invoice else ()
    if as_of is None:
        return *conditions, entity.open_amount != _NOTHING
    if entity is Instalment:
        return (Instalment.claimed_on <= as_of,)
    lawful = Invoice.state == "posted" if entity is Invoice else Receipt.kind == "receipt"
    return *conditions, lawful, entity.dated_on <= as_of


def _used(of: ColumnElement[bool], as_of: date | ColumnElement[date]) -> Any:
    used = select(func.sum(Allocation.amount)).where(of, Allocation.dated_on <= as_of)
    return func.coalesce(used.scalar_subquery(), _NOTHING)


def _kept(work: Work, asked: Question) -> CompoundSelect[Any]:
    """Return the one statement of today: claims and unused money as of the same moment on a server too."""
    parts = []
    for entity in _SIDES:
        conditions = [*counted(entity, None), *_of_question(work, asked, entity)]
        if asked.key or entity is not Instalment:
            parts.append(_summed(asked, entity, _Rows(entity, entity.open_amount, _day(asked, entity)), conditions))
        else:
            parts.append(_summed(asked, entity, _by_day(asked, conditions), []))
    return union_all(*parts)


def _by_day(asked: Question, conditions: Sequence[ColumnElement[bool]]) -> _Rows:
    """Return the sums of everything day by day, which an index has in order: few are left to be compared."""
    day = _day(asked, Instalment)
    found = select(Instalment.currency, day.label("day"), _sum(Instalment.open_amount).label("left"))
    summed = found.where(*conditions).group_by(Instalment.currency, day).subquery().c
    return _Rows(summed, summed.left, summed.day)


def _dated(work: Work, asked: Question, entity: Any) -> Select[Any]:
    """Return the statement of a past day for claims, receipts or credit notes, of one portion of ids."""
    opened = _opened(work, asked, entity)
    day = None if entity is not Instalment else opened.c.day
    return _summed(asked, entity, _Rows(opened.c, opened.c.left, day), [opened.c.left != _NOTHING])


def _opened(work: Work, asked: Question, entity: Any) -> CTE:
    """Return what each row left open, worked out once before it is compared and added up in every slot."""
    as_of: ColumnElement[date] = bindparam("edge_0", None, type_=Date)
    left, source = open_of(entity, as_of), entity
    conditions = [*counted(entity, as_of), *_of_question(work, asked, entity)]
    if asked.contact_id is None:
        first, last = bindparam("first", None, type_=Integer), bindparam("last", None, type_=Integer)
        conditions += [entity.id > first, entity.id <= last]
        if work.is_postgres:
            # A server joins two sorted halves; a file looks each row's allocations up in their index.
            amount, column = _SIDES[entity]
            paid = select(column.label("id"), func.sum(Allocation.amount).label("used")).where(
                Allocation.dated_on <= as_of, column > first, column <= last
            )
            used = paid.group_by(column).subquery()
            left = amount - func.coalesce(used.c.used, _NOTHING)
            source = outerjoin(entity, used, used.c.id == entity.id)
    day = _day(asked, entity)
    named = [entity.currency, *([getattr(entity, asked.key)] if asked.key else [])]
    columns = [left.label("left"), *named, *([] if day is None else [day.label("day")])]
    made: CTE = select(*columns).select_from(source).where(*conditions).cte("opened")
    return made.prefix_with("MATERIALIZED")


def _day(asked: Question, entity: Any) -> Any:
    """Return by which day a claim is aged; money that came in has no such day."""
    if entity is not Instalment:
        return None
    return Instalment.due_on if asked.by == BY_DUE else Instalment.dated_on


def _portions(work: Work, entity: Any) -> Iterable[int]:
    """Return after which ids the portions begin that a past day is read in."""
    highest = select(func.max(entity.id)).where(*([_IS_CREDIT] if entity is Invoice else []))
    return range(0, work.session.scalar(highest) or 0, _AT_ONCE)


def _of_question(work: Work, asked: Question, entity: Any) -> list[ColumnElement[bool]]:
    """Return the row scope, which no hook adds to prepared statements, and the customer asked for."""
    conditions = [] if work.has_system_rights else [in_sales_reach(entity, work.actor, walking=not asked.key)]
    if asked.contact_id is not None:
        conditions.append(entity.contact_id == bindparam("contact", None, type_=Integer))
    return conditions


def _summed(asked: Question, entity: Any, rows_: _Rows, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Return the sums of one source of rows in the columns of an ageing."""
    key, currency, total = _key(asked, rows_.of), rows_.of.currency, _sum(rows_.left)
    if not asked.key and entity is Invoice:
        # The index of all invoices would be walked for the sake of its order; the few credit notes have their own.
        currency = currency.concat("").label("currency")
    grouped = [*([key] if asked.key else []), currency]
    if entity is not Instalment:
        empty = [_NOTHING] * (len(asked.bounds) + 3)
        unapplied = cast(-func.sum(rows_.left), BigInteger)
        return select(key, currency, *empty, total, unapplied).where(*conditions).group_by(*grouped)
    # Each slot is the difference of two sums that reach back without end: one comparison a row and slot
    # instead of two takes a third of the time off the whole report.
    edges = [bindparam(f"edge_{place}", None, type_=Date) for place in range(len(asked.bounds) + 1)]
    older = [_sum(case((rows_.day < edge, rows_.left), else_=_NOTHING)) for edge in edges]
    undated = _sum(case((rows_.day.is_(None), rows_.left), else_=_NOTHING))
    columns = [key.label("key"), currency.label("currency"), total.label("total"), undated.label("undated")]
    columns += [one.label(f"older_{place}") for place, one in enumerate(older)]
    sums = select(*columns).where(*conditions).group_by(*grouped).subquery().c
    reach = [sums[f"older_{place}"] for place in range(len(older))]
    buckets = [young - old for young, old in pairwise(reach)]
    # Due on the day itself is not late.
    not_due = sums.total - sums.undated - reach[0]
    return select(sums.key, sums.currency, not_due, *buckets, reach[-1], sums.undated, _NOTHING, sums.total)


def _key(asked: Question, of: Any) -> Any:
    return getattr(of, asked.key) if asked.key else _NOTHING


def _sum(what: Any) -> Any:
    # A server adds whole numbers up to a numeric, which would arrive as a slower kind of number.
    return cast(func.sum(what), BigInteger)


def _merged(found: Sequence[Row]) -> list[Row]:
    """Return one row per key and currency; most have nothing to be added to and stay as they came."""
    places: dict[Any, int] = {}
    merged: list[Row] = []
    for row in found:
        place = places.setdefault(row[:2], len(merged))
        if place == len(merged):
            merged.append(row)
        else:
            merged[place] = (*row[:2], *map(int.__add__, merged[place][2:], row[2:]))
    return merged


def add_up(rows_: Iterable[Row], key: Mapping[Any, Any] | None = None) -> list[Row]:
    """Return the rows added up per currency, and per what `key` makes of theirs; without it the key is None."""
    sums: dict[tuple[Any, str], list[int]] = {}
    for row in rows_:
        group = (None if key is None else key.get(row[0])), row[1]
        if group in sums:
            sums[group] = list(map(int.__add__, sums[group], row[2:]))
        else:
            sums[group] = list(row[2:])
    return [(*group, *sums[group]) for group in sorted(sums, key=lambda one: one[1])]
