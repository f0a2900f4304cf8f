"""Row scope: added to every ORM statement of a session, so that no query can forget it."""

from collections.abc import Hashable, Iterator

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption

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


def _criteria_for(actor: Actor) -> list[LoaderCriteriaOption]:
    """Return one criterion per class, made once for each scope: making them costs more than most queries."""
    known = _criteria.get(actor.scope_key)
    if known is None:
        known = [
            with_loader_criteria(class_, class_.visible_to(actor), include_aliases=True) for class_ in scoped_classes()
        ]
        if len(_criteria) > _MOST_SCOPES:
            _criteria.clear()
        _criteria[actor.scope_key] = known
    return known


_MOST_SCOPES = 64
_criteria: dict[Hashable, list[LoaderCriteriaOption]] = {}
