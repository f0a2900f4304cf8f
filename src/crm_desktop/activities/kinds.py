"""The kinds and results of activities: read by everybody, kept by who may."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crm_desktop.activities import model, naming, rules
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires

KIND: Final = model.ActivityKind.journal_entity
RESULT: Final = model.ActivityResult.journal_entity
ICONS: Final = (
    *("phone", "map-pin", "message-square", "users", "sticky-note", "square-check"),
    *("mail", "send", "handshake", "calendar", "package", "file-text", "activity"),
)
"""What a kind can be drawn with."""
MOST_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind; `is_contact` says whether a done one counts as a contact with the customer."""

    id: int
    key: str
    name: str
    icon: str
    is_contact: bool
    position: int
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class Result:
    """One result; `next_days` is after how many days the form proposes the next contact, None for never."""

    id: int
    key: str
    name: str
    next_days: int | None
    position: int
    active: bool
    version: int


def called(one: Kind | Result) -> str:
    """Return what a kind or a result is called: a marked text, or the company's own."""
    words = rules.KIND_WORDS if isinstance(one, Kind) else rules.RESULT_WORDS
    return one.name or words.get(one.key, one.key)


@open_to_all("whoever reads an activity reads its kind")
def kinds(work: Work, *, all: bool = False) -> tuple[Kind, ...]:  # noqa: A002 - the plain word
    """Return the kinds in order, those put away only when `all` are asked for."""
    return tuple(
        Kind(row.id, row.key, row.name, row.icon, row.is_contact, row.position, row.active, row.version)
        for row in naming.rows_of(work, model.ActivityKind)
        if all or row.active
    )


@open_to_all("whoever reads an activity reads its result")
def results(work: Work, *, all: bool = False) -> tuple[Result, ...]:  # noqa: A002 - the plain word
    """Return the results in order, those put away only when `all` are asked for."""
    return tuple(
        Result(row.id, row.key, row.name, row.next_days, row.position, row.active, row.version)
        for row in naming.rows_of(work, model.ActivityResult)
        if all or row.active
    )


@open_to_all("whoever filters activities chooses among them")
def kind_choices(work: Work) -> tuple[tuple[str, str], ...]:
    """Return (value of the list's field `kind`, marked or own text) of every kind, for filters."""
    return naming.choices(kinds(work, all=True), rules.KIND_WORDS)


@open_to_all("whoever filters activities chooses among them")
def result_choices(work: Work) -> tuple[tuple[str, str], ...]:
    """Return (value of the list's field `result`, marked or own text) of every result, for filters."""
    return naming.choices(results(work, all=True), rules.RESULT_WORDS)


@requires(Permission.FOLLOW_UP_SETTINGS_WRITE)
def save_kind(work: Work, kind_id: int | None, version: int, values: Mapping[str, Any]) -> int:
    """Store `name`, `icon`, `is_contact`, `active` of a kind (None: a new one, the last) and return its id.

    The dates of contacts follow from now on; what was done before keeps what it counted as until the contact is
    next spoken to. Raises Invalid, Conflict, NotFound.
    """
    given = {name: values[name] for name in ("name", "icon", "is_contact", "active") if name in values}
    if given.get("icon", ICONS[0]) not in ICONS:
        raise Invalid("icon", N_("Choose one of the pictures."))
    if kind_id is None:
        given.setdefault("icon", ICONS[-1])
    saved = _save(work, model.ActivityKind, rules.KIND_WORDS, kind_id, version, given)
    if not kinds(work):
        raise Invalid("active", N_("An activity is of some kind, so the last one stays."))
    return saved


@requires(Permission.FOLLOW_UP_SETTINGS_WRITE)
def save_result(work: Work, result_id: int | None, version: int, values: Mapping[str, Any]) -> int:
    """Store `name`, `next_days`, `active` of a result (None: a new one, the last) and return its id.

    Raises Invalid, Conflict, NotFound.
    """
    given = {name: values[name] for name in ("name", "next_days", "active") if name in values}
    days = given.get("next_days")
    if days is not None and (isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= MOST_DAYS):
        raise Invalid("next_days", N_("Give a whole number from 0 to {most}."), most=MOST_DAYS)
    return _save(work, model.ActivityResult, rules.RESULT_WORDS, result_id, version, given)


@requires(Permission.FOLLOW_UP_SETTINGS_WRITE)
def move_kind(work: Work, kind_id: int, to: int) -> None:
    """Put a kind at the place `to`, counted from 0 among all of them. Raises NotFound."""
    naming.move(work, model.ActivityKind, kind_id, to)


@requires(Permission.FOLLOW_UP_SETTINGS_WRITE)
def move_result(work: Work, result_id: int, to: int) -> None:
    """Put a result at the place `to`, counted from 0 among all of them. Raises NotFound."""
    naming.move(work, model.ActivityResult, result_id, to)


def _save(
    work: Work, entity: Any, words: Mapping[str, str], row_id: int | None, version: int, given: dict[str, Any]
) -> int:
    row = None if row_id is None else work.get(entity, row_id)
    if "name" in given or row is None:
        given["name"] = naming.checked_name(work, entity, row, words, given.get("name"))
    if row is None:
        row = entity(position=naming.next_position(work, entity), **given)
        work.session.add(row)
    else:
        row = work.edit(entity, row.id, version, given)
        for name, value in given.items():
            setattr(row, name, value)
    work.session.flush()
    made: int = row.id
    return made
