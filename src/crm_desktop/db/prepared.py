"""Hot statements, compiled once: a list's page costs little more than the same SQL by the bare driver.

SQLAlchemy looks a statement up by walking all of it, which for a page of a list takes longer than the
database does. Here the walk is saved by a key the caller knows to be complete.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

from sqlalchemy import Dialect, Select

from crm_desktop.db.work import Work

_KEPT: Final = 512


class Prepared:
    """SQL text for one dialect, the order of its parameters, and how its results become Python values."""

    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.sql = str(compiled)
        self.order = compiled.positiontup
        self.fixed = dict(compiled.params)
        self.binders = {
            name: process
            for bind, name in compiled.bind_names.items()
            if (process := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        columns = statement.selected_columns
        self.readers = [
            (place, process)
            for place, column in enumerate(columns)
            if (process := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]

    def run(self, work: Work, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows as tuples; `values` fill the parameters named when the statement was made."""
        filled = {**self.fixed, **values}
        for name, process in self.binders.items():
            filled[name] = process(filled[name])
        parameters = filled if self.order is None else tuple(filled[name] for name in self.order)
        rows = work.session.connection().exec_driver_sql(self.sql, parameters).cursor.fetchall()
        if not self.readers:
            return rows  # type: ignore[return-value]
        made = []
        for row in rows:
            values_ = list(row)
            for place, process in self.readers:
                values_[place] = process(values_[place])
            made.append(tuple(values_))
        return made


_prepared: "OrderedDict[Hashable, Prepared]" = OrderedDict()


def run_prepared(
    work: Work, key: Hashable, build: Callable[[], Select[Any]], values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Return the rows of the statement that `build` makes, made only once for each `key`.

    The statement must carry its own row scope, since no session hook sees it; `key` must hold everything
    the statement depends on but `values`, the actor's scope among it.
    """
    dialect = work.session.get_bind().dialect
    full_key = (dialect.name, key)
    prepared = _prepared.get(full_key)
    if prepared is None:
        prepared = _prepared[full_key] = Prepared(build(), dialect)
        if len(_prepared) > _KEPT:
            _prepared.popitem(last=False)
    return prepared.run(work, values)
