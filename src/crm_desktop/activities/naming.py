"""Lists a company keeps in its own order and words: kinds, results, stages, lost reasons are read and kept alike.

A shipped row has a `key`, and the words of the language on screen while nobody gave it a `name`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.text import clean_line, fold

_LONGEST: int = 60


def token(row: Any) -> str:
    """Return what the row is told by in lists, files and the journal: its own name, else its key."""
    return str(row.name or row.key)


def rows_of(work: Work, entity: Any) -> list[Any]:
    """Return every row in the order people gave them."""
    return list(work.session.scalars(select(entity).order_by(entity.position, entity.id)))


def checked_name(work: Work, entity: Any, row: Any, words: Mapping[str, str], name: Any) -> str:
    """Return a name that no other row has, "" for a shipped row's own words. Raises Invalid("name")."""
    cleaned = clean_line(str(name or ""))
    key = row.key if row is not None else ""
    if not cleaned and not key:
        raise Invalid("name", N_("A name is needed here."))
    if len(cleaned) > _LONGEST:
        raise Invalid("name", N_("A name has at most {most} characters."), most=_LONGEST)
    if cleaned and fold(cleaned) in (fold(words.get(key, "")), fold(_(words.get(key, ""))) if key else ""):
        # The word it has anyway: it goes on following the language of whoever reads it.
        return ""
    for other in rows_of(work, entity):
        if row is not None and other.id == row.id:
            continue
        taken = {fold(other.name)} if other.name else {fold(text) for text in _texts(other.key, words)}
        if cleaned and fold(cleaned) in taken:
            raise Invalid("name", N_("There is one called {name} already."), name=cleaned)
    return cleaned


def _texts(key: str, words: Mapping[str, str]) -> tuple[str, ...]:
    return (key, words.get(key, key), _(words.get(key, key)))


def next_position(work: Work, entity: Any) -> int:
    """Return the place after the last row."""
    return max((row.position for row in rows_of(work, entity)), default=-1) + 1


def move(work: Work, entity: Any, row_id: int, to: int) -> None:
    """Put a row at the place `to`, counted from 0 among all of them; beyond the ends is the end. Raises NotFound."""
    moved = work.get(entity, row_id)
    rows = [row for row in rows_of(work, entity) if row.id != moved.id]
    rows.insert(max(0, min(to, len(rows))), moved)
    for place, row in enumerate(rows):
        if row.position != place:
            row.position = place
    work.session.flush()


def choices(rows: Sequence[Any], words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return (what it is told by, marked or own text) of each row."""
    return tuple((token(row), row.name or words.get(row.key, row.key)) for row in rows)
