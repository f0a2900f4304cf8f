"""Rows of one table as entries of a timeline: in order, from any place on, compiled once."""

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Date, Select, bindparam, select

from crm_desktop.access.model import Company
from crm_desktop.activities.above import Entry, Mark
from crm_desktop.db.prepared import run_prepared
from crm_desktop.db.work import Work
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.permissions import Permission

_ABOVE_EVERY_ID: Final = 2**62
_BELOW_EVERY_ID: Final = -1

Joins = Callable[[Select[Any], Actor], Select[Any]]
Where = Callable[[Actor], Sequence[ColumnElement[bool]]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a row is told with: its moment, the work that reads it, and what the source knows of all of the contact."""

    at: datetime
    work: Work
    known: Any = None


class RowSource:
    """Entries of the rows of `entity`, of one `group`, newest first by `at` (a day or an instant) and id.

    `columns` are what `tell(row, told)` reads by their names, the id and `at` among them; the statement carries the
    actor's scope itself: `where(actor)` adds conditions, `joins(statement, actor)` tables. Without every one of
    `permissions` there is nothing to see. Of several sources that know the day alone, a later `step` of the work (an
    invoice after its order) stands above an earlier one of the same day. `knows(work, contact id)` is asked once when
    there is a row to tell.
    """

    def __init__(
        self,
        name: str,
        group: str,
        permissions: Sequence[Permission],
        entity: Any,
        at: Any,
        columns: Sequence[Any],
        tell: Callable[[Any, Told], Entry | None],
        *,
        where: Where = lambda _actor: (),
        joins: Joins = lambda statement, _actor: statement,
        of_contact: Any = None,
        step: int = 0,
        knows: Callable[[Work, int], Any] | None = None,
    ) -> None:
        self.name = name
        self.groups = frozenset({group})
        self._permissions = tuple(permissions)
        self._entity, self._at, self._columns = entity, at, tuple(columns)
        self._tell, self._where, self._joins = tell, where, joins
        self._of_contact = entity.contact_id if of_contact is None else of_contact
        self._knows = knows
        self._by_day, self._step = isinstance(at.type, Date), step
        self._row: Any = namedtuple("_row", ("its_id", "its_at", *(one.key for one in self._columns)))  # type: ignore[misc]

    def entries(self, work: Work, contact_id: int, before: Mark | None, limit: int) -> Sequence[Entry]:
        """Return up to `limit` entries before the mark, newest first."""
        if not work.actor.may(*self._permissions):
            return ()
        zone = zone_of(work)
        found: list[Entry] = []
        known: Any = None
        while len(found) < limit:
            # A row may have nothing to tell; what is missing then is read on from there.
            rows = self._rows(work, contact_id, before, limit, zone)
            if rows and known is None and self._knows is not None:
                known = self._knows(work, contact_id)
            for row in rows:
                at = of_day(row.its_at, zone, self._step) if self._by_day else row.its_at
                entry = self._tell(row, Told(at, work, known))
                if entry is not None:
                    found.append(entry)
            if len(rows) < limit:
                break
            before = Mark(at, self.name, row.its_id)
        return found[:limit]

    def _rows(self, work: Work, contact_id: int, before: Mark | None, limit: int, zone: ZoneInfo) -> list[Any]:
        key = ("timeline", self.name, work.actor.scope_key, before is not None, limit)
        values: dict[str, Any] = {"contact": contact_id}
        if before is not None:
            values |= self._edge(before, zone)
        found = run_prepared(work, key, lambda: self._statement(work.actor, before is not None, limit), values)
        return [self._row(*row) for row in found]

    def _edge(self, before: Mark, zone: ZoneInfo) -> dict[str, Any]:
        """Return the last day or instant that is still told, and below which id of those that are at it."""
        ids = {True: _ABOVE_EVERY_ID, False: _BELOW_EVERY_ID}[self.name < before.source]
        if self.name == before.source:
            ids = before.id
        if not self._by_day:
            return {"edge": before.at, "below": ids}
        day = before.at.astimezone(zone).date()
        mine = of_day(day, zone, self._step)
        if mine != before.at:
            ids = _ABOVE_EVERY_ID if mine < before.at else _BELOW_EVERY_ID
        return {"edge": day, "below": ids}

    def _statement(self, actor: Actor, goes_on: bool, limit: int) -> Select[Any]:
        entity, at = self._entity, self._at
        statement = self._joins(select(entity.id, at, *self._columns).select_from(entity), actor)
        statement = statement.where(self._of_contact == bindparam("contact", None, type_=BigInteger))
        statement = statement.where(*self._where(actor))
        if hasattr(entity, "visible_to"):
            statement = statement.where(entity.visible_to(actor))
        if goes_on:
            edge = bindparam("edge", None, type_=at.type)
            below = bindparam("below", None, type_=BigInteger)
            # Written so that an index takes the reader to the place.
            statement = statement.where(at <= edge, (at < edge) | (entity.id < below))
        return statement.order_by(at.desc(), entity.id.desc()).limit(limit)


def of_day(day: date, zone: ZoneInfo, step: int = 0) -> datetime:
    """Return where an entry of a whole day stands in a timeline: above what has an hour of that day, by its step."""
    return datetime.combine(day, time(23, 59, step), zone).astimezone(UTC)


def zone_of(work: Work) -> ZoneInfo:
    """Return the company's time zone."""
    found = run_prepared(work, "timeline zone", lambda: select(Company.timezone), {})
    return ZoneInfo(found[0][0] if found else "UTC")
