"""Hot statements, compiled once: a list's page costs little more than the same SQL by the bare driver.

SQLAlchemy looks a statement up by walking all of it, which for a page of a list takes longer than the
database does. Here the walk is saved by a key the caller knows to be complete.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import BindParameter, CompoundSelect, Dialect, Integer, Select
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeEngine

from crm_desktop.db.base import Instant
from crm_desktop.db.work import Work

T = TypeVar("T", bound=Select[Any] | CompoundSelect[Any])

_KEPT: Final = 512


class Prepared:
    """SQL text for one dialect, the order of its parameters, and how its results become Python values."""

    def __init__(self, statement: Select[Any] | CompoundSelect[Any], dialect: Dialect) -> None:
        compiled = _with_numbers(statement).compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.sql = str(compiled)
        self.order = compiled.positiontup
        self.fixed = dict(compiled.params)
        self.binders = {
            given: process
            for bind, name in compiled.bind_names.items()
            if (process := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
            for given in (_each_of(name, self.fixed) if bind.expanding else (name,))
        }
        columns = statement.selected_columns
        self.readers = [
            (place, reader)
            for place, column in enumerate(columns)
            if (reader := _column_reader(column.type, dialect)) is not None
        ]

    def run(self, work: Work, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows as tuples; `values` fill the parameters named when the statement was made."""
        filled = {**self.fixed, **values}
        for name, process in self.binders.items():
            filled[name] = process(filled[name])
        parameters = filled if self.order is None else tuple(filled[name] for name in self.order)
        rows = work.compiled_rows(self.sql, parameters)
        if not self.readers or not rows:
            return rows
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for place, read in self.readers:
            columns[place] = read(columns[place])
        return list(zip(*columns, strict=True))


def _with_numbers(statement: T) -> T:
    """Return the statement with its whole numbers in the text, where a server's kept plan can reckon with them.

    A plan for any limit and any owners is a bad one, and fifty owners take longer to send than the rows.
    """

    def show(given: BindParameter[Any]) -> None:
        if given.value is not None and isinstance(given.type, Integer):
            given.literal_execute = True

    return visitors.cloned_traverse(statement, {}, {"bindparam": show})


def _each_of(name: str, given: Iterable[str]) -> list[str]:
    """Return the parameters that a list of values became: name_1, name_2 and so on."""
    return [one for one in given if one.startswith(f"{name}_") and one[len(name) + 1 :].isdecimal()]


def _column_reader(type_: TypeEngine[Any], dialect: Dialect) -> Callable[[Iterable[Any]], Iterable[Any]] | None:
    """Return what makes Python values of a column of the driver's, None when they are the same."""
    if isinstance(type_, Instant) and dialect.name == "sqlite":
        return type_.column_of_texts
    process = type_.dialect_impl(dialect).result_processor(dialect, None)
    return None if process is None else partial(map, process)


_prepared: "OrderedDict[Hashable, Prepared]" = OrderedDict()


def run_prepared(
    work: Work, key: Hashable, build: Callable[[], Select[Any] | CompoundSelect[Any]], values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Return the rows of the statement that `build` makes, made only once for each `key`.

    The statement must carry its own row scope, since no session hook sees it; `key` must hold everything
    the statement depends on but `values`, the actor's scope among it.
    """
    full_key = (work.dialect.name, key)
    prepared = _prepared.get(full_key)
    if prepared is None:
        prepared = _prepared[full_key] = Prepared(build(), work.dialect)
        if len(_prepared) > _KEPT:
            _prepared.popitem(last=False)
    return prepared.run(work, values)
