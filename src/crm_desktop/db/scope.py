"""Row scope: added to every ORM statement of a session, so that no query can forget it."""

from collections.abc import Hashable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.util import _deep_annotate
from sqlalchemy.sql.visitors import ExtendedInternalTraversal

from crm_desktop.db.base import Base, Scoped
from crm_desktop.shared.actor import Actor

UNSCOPED = "unscoped"
"""Key in `session.info`, set only inside `Work.system_rights`."""


def scoped_classes() -> Iterator[type[Scoped]]:
    """Yield every mapped class with a row scope."""
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Scoped):
            yield mapper.class_


def bind_scope(session: Session, actor: Actor) -> None:
    """Let `session` see only what `actor` may see, for its whole life.

    It covers selects, `get`, counts, joins and bulk changes of mapped classes; `text()` and bare
    tables are not covered, which is why services may not use them.
    """

    def add_scope(state: ORMExecuteState) -> None:
        if session.info.get(UNSCOPED) or not (state.is_select or state.is_update or state.is_delete):
            return
        state.statement = state.statement.options(*_criteria_for(actor))

    if not actor.reaches_everything:
        event.listen(session, "do_orm_execute", add_scope)


class _Criterion(LoaderCriteriaOption):
    """What `actor` may see of one class, as `with_loader_criteria` says it.

    SQLAlchemy finds a compiled statement again by walking it with all its options. The criteria of every
    class took longer to walk than most statements to run; class and scope say the same.
    An alias gets the condition on itself: in an outer join SQLAlchemy leaves it on the table.
    """

    __slots__ = ("actor", "scope")
    _traverse_internals = [
        ("entity", ExtendedInternalTraversal.dp_has_cache_key),
        ("scope", ExtendedInternalTraversal.dp_plain_obj),
    ]

    def __init__(self, class_: type[Scoped], actor: Actor) -> None:
        super().__init__(class_, class_.visible_to(actor), include_aliases=True)
        self.actor = actor
        self.scope = actor.scope_key

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        """Return the condition on the class or alias that the statement names."""
        seen: ColumnElement[bool] = ext_info.entity.visible_to(self.actor)
        return _deep_annotate(
            seen, {"for_loader_criteria": self}, detect_subquery_cols=True, ind_cols_on_fromclause=True
        )


def _criteria_for(actor: Actor) -> list[_Criterion]:
    """Return one criterion per class, made once for each scope: making them costs more than most queries."""
    known = _criteria.get(actor.scope_key)
    if known is None:
        known = [_Criterion(class_, actor) for class_ in scoped_classes()]
        if len(_criteria) > _MOST_SCOPES:
            _criteria.clear()
        _criteria[actor.scope_key] = known
    return known


_MOST_SCOPES = 64
_criteria: dict[Hashable, list[_Criterion]] = {}
