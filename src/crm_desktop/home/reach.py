"""Who is counted, written so that a sum over much of a table is fast for who sees a large team."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, or_

from crm_desktop.contacts.customer_rows import in_sales_reach
from crm_desktop.contacts.model import owner_keys
from crm_desktop.db.work import Work
from crm_desktop.shared.permissions import Domain, Scope

MOST_KEYS: Final = 8
"""So many owners are looked up one by one in an index of their own; more are told apart row by row."""
MOST_RUNS: Final = 4


def reach_key(work: Work) -> Hashable:
    """Return what a prepared statement with `in_reach` depends on."""
    return work.has_system_rights, work.actor.scope_key


def in_reach(work: Work, entity: Any) -> tuple[ColumnElement[bool], ...]:
    """Return the row scope on the sales side as conditions, for prepared statements, which no hook adds it to.

    The people of a large team came one after the other, so their keys are a few runs of numbers. Comparing with
    their ends takes a third of the time that looking each row's owner up among fifty takes.
    """
    actor = work.actor
    if work.has_system_rights:
        return ()
    keys = owner_keys(actor, Scope.TEAM) if actor.scope(Domain.SALES) is Scope.TEAM else []
    found = tuple(runs(keys)) if len(keys) > MOST_KEYS else ()
    if not 0 < len(found) <= MOST_RUNS:
        return (in_sales_reach(entity, actor),)
    # Added to nothing, so that the owner is no way into another index.
    return (or_(*((entity.owner_key + 0).between(first, last) for first, last in found)),)


def runs(keys: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of numbers without a gap; `keys` rise."""
    first = last = None
    for key in keys:
        if first is None or last is None:
            first = key
        elif key != last + 1:
            yield first, last
            first = key
        last = key
    if first is not None and last is not None:
        yield first, last
