"""Why opportunities are lost: a list read by everybody, kept by who may."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crm_desktop.activities import naming
from crm_desktop.db.work import Work
from crm_desktop.pipeline import rules
from crm_desktop.pipeline.model import LostReason
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires

ENTITY: Final = "lost_reason"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `name` "" while a shipped one has the words of its `key`."""

    id: int
    key: str
    name: str
    position: int
    active: bool
    version: int


def called(reason: Reason) -> str:
    """Return what a reason is called: a marked text, or the company's own."""
    return reason.name or rules.REASON_WORDS.get(reason.key, reason.key)


@open_to_all("whoever reads an opportunity reads why it was lost")
def reasons(work: Work, *, all: bool = False) -> tuple[Reason, ...]:  # noqa: A002 - the plain word
    """Return the reasons in order, those put away only when `all` are asked for."""
    rows = naming.rows_of(work, LostReason)
    return tuple(
        Reason(row.id, row.key, row.name, row.position, row.active, row.version) for row in rows if all or row.active
    )


@open_to_all("whoever filters opportunities chooses among them")
def choices(work: Work) -> tuple[tuple[str, str], ...]:
    """Return (value of the list's field `lost_reason`, marked or own text) of every reason, for filters."""
    return naming.choices(reasons(work, all=True), rules.REASON_WORDS)


@requires(Permission.FOLLOW_UP_SETTINGS_WRITE)
def save_reason(work: Work, reason_id: int | None, version: int, values: Mapping[str, Any]) -> int:
    """Store `name`, `active` of a reason (None: a new one, the last) and return its id.

    Raises Invalid, Conflict, NotFound.
    """
    given = {name: values[name] for name in ("name", "active") if name in values}
    row = None if reason_id is None else work.get(LostReason, reason_id)
    if "name" in given or row is None:
        given["name"] = naming.checked_name(work, LostReason, row, rules.REASON_WORDS, given.get("name"))
    if row is None:
        row = LostReason(position=naming.next_position(work, LostReason), **given)
        work.session.add(row)
    else:
        row = work.edit(LostReason, row.id, version, given)
        for name, value in given.items():
            setattr(row, name, value)
    work.session.flush()
    if not reasons(work):
        raise Invalid("active", N_("An opportunity is lost for a reason, so the last one stays."))
    return row.id


@requires(Permission.FOLLOW_UP_SETTINGS_WRITE)
def move_reason(work: Work, reason_id: int, to: int) -> None:
    """Put a reason at the place `to`, counted from 0 among all reasons. Raises NotFound."""
    naming.move(work, LostReason, reason_id, to)
