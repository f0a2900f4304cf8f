"""The stages an opportunity passes: read by everybody, kept by who may."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from crm_desktop.activities import naming
from crm_desktop.db.work import Work
from crm_desktop.pipeline import model, rules
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires

ENTITY: Final = "pipeline_stage"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage; `probability` in percent, `name` "" while a shipped one has the words of its `key`."""

    id: int
    key: str
    name: str
    probability: Decimal
    position: int
    active: bool
    version: int


def called(stage: Stage) -> str:
    """Return what a stage is called: a marked text, or the company's own."""
    return stage.name or rules.STAGE_WORDS.get(stage.key, stage.key)


@open_to_all("whoever reads an opportunity reads its stage")
def stages(work: Work, *, all: bool = False) -> tuple[Stage, ...]:  # noqa: A002 - the plain word
    """Return the stages in order, those put away only when `all` are asked for."""
    return tuple(_stage(row) for row in naming.rows_of(work, model.Stage) if all or row.active)


@open_to_all("whoever filters opportunities chooses among them")
def choices(work: Work) -> tuple[tuple[str, str], ...]:
    """Return (value of the list's field `stage`, marked or own text) of every stage, for filters."""
    return naming.choices(stages(work, all=True), rules.STAGE_WORDS)


@requires(Permission.FOLLOW_UP_SETTINGS_WRITE)
def save_stage(work: Work, stage_id: int | None, version: int, values: Mapping[str, Any]) -> int:
    """Store `name`, `probability`, `active` of a stage (None: a new one, the last) and return its id.

    Opportunities keep the chance they have. Raises Invalid, Conflict, NotFound.
    """
    given = {name: values[name] for name in ("name", "probability", "active") if name in values}
    row = None if stage_id is None else work.get(model.Stage, stage_id)
    if "name" in given or row is None:
        given["name"] = naming.checked_name(work, model.Stage, row, rules.STAGE_WORDS, given.get("name"))
    if "probability" in given or row is None:
        given["probability"] = rules.checked_probability(given.get("probability"))
    if row is None:
        row = model.Stage(position=naming.next_position(work, model.Stage), **given)
        work.session.add(row)
    else:
        row = work.edit(model.Stage, row.id, version, given)
        for name, value in given.items():
            setattr(row, name, value)
    work.session.flush()
    if not stages(work):
        raise Invalid("active", N_("An opportunity needs a stage to be in, so the last one stays."))
    return row.id


@requires(Permission.FOLLOW_UP_SETTINGS_WRITE)
def move_stage(work: Work, stage_id: int, to: int) -> None:
    """Put a stage at the place `to`, counted from 0 among all stages. Raises NotFound."""
    naming.move(work, model.Stage, stage_id, to)


def _stage(row: model.Stage) -> Stage:
    return Stage(row.id, row.key, row.name, row.probability, row.position, row.active, row.version)
