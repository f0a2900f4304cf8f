"""Row scope: added to every ORM statement of a session, so that no query can forget it."""

from collections.abc import Iterator

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
    criteria: list[LoaderCriteriaOption] = []

    def add_scope(state: ORMExecuteState) -> None:
        if session.info.get(UNSCOPED) or not (state.is_select or state.is_update or state.is_delete):
            return
        if not criteria:
            criteria.extend(
                with_loader_criteria(class_, class_.visible_to(actor), include_aliases=True)
                for class_ in scoped_classes()
            )
        state.statement = state.statement.options(*criteria)

    if not actor.reaches_everything:
        event.listen(session, "do_orm_execute", add_scope)
