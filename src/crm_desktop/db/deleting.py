"""Deletes rows nothing points to: what the undo of an import needs, and nothing else may want."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Column, Table, delete, select
from sqlalchemy.exc import IntegrityError

from crm_desktop.db.base import Base
from crm_desktop.db.work import Work
from crm_desktop.shared.progress import Progress

_AT_ONCE = 500


def delete_unused(
    work: Work, entity: Any, ids: Sequence[int], progress: Progress, *, along: Sequence[Any] = ()
) -> set[int]:
    """Delete rows of a mapped class nothing points to; return the ids of those that stay because something does.

    `along` are attributes of other mapped classes that point here: their rows go with these, and stay with
    them. Rows out of the actor's scope that point here count too: the database itself refuses, and only that
    row stays. Nothing is written to the journal; objects of the session are not told. Raises Cancelled.
    """
    gone_with = {attribute.class_.__table__.name for attribute in along}
    stay: set[int] = set()
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        used = _pointed_at(work, entity, part, gone_with)
        stay |= used | _delete(work, (*along, entity.id), [id_ for id_ in part if id_ not in used])
        progress.step(start + len(part), len(ids))
    return stay


def _pointed_at(work: Work, entity: Any, ids: Sequence[int], but: Collection[str]) -> set[int]:
    found: set[int] = set()
    with work.system_rights("whether something points to a row tells nothing of what does"):
        for column in _pointers(entity.__table__):
            if column.table.name not in but:
                found.update(work.session.scalars(select(column).where(column.in_(ids)).distinct()))
    return found


def _pointers(table: Table) -> list[Column[Any]]:
    """Return every column that points to the id of the table."""
    return [
        column
        for other in Base.metadata.tables.values()
        for column in other.columns
        if any(key.column is table.c.id for key in column.foreign_keys)
    ]


def _delete(work: Work, attributes: Sequence[Any], ids: list[int]) -> set[int]:
    """Delete the rows whose attributes are among the ids, as far as can be: by halves, as rows out of sight may
    still point to some.
    """
    if not ids:
        return set()
    try:
        with work.session.begin_nested():
            for attribute in attributes:
                work.session.execute(
                    delete(attribute.class_).where(attribute.in_(ids)).execution_options(synchronize_session=False)
                )
        return set()
    except IntegrityError:
        if len(ids) == 1:
            return set(ids)
    half = len(ids) // 2
    return _delete(work, attributes, ids[:half]) | _delete(work, attributes, ids[half:])
