"""Rows as the reading of a file hands them over, made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_desktop.db.work import Database
from crm_desktop.exchange import imports, undoing
from crm_desktop.exchange.imports import Done, Job
from crm_desktop.exchange.undoing import Undone
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.importing import ImportOptions, ImportRow, ImportTarget, Planned


def rows(*given: dict[str, Any], first: int = 2) -> list[ImportRow]:
    """Return a row for each mapping of values, numbered as below a header in row 1; None is a blank cell."""
    return [
        ImportRow(number, {name: value for name, value in values.items() if value is not None})
        for number, values in enumerate(given, start=first)
    ]


def job(target: ImportTarget, given: Sequence[ImportRow], **decided: Any) -> Job:
    """Return one sheet that is to come in; `decided` are `ImportOptions`."""
    return Job(target, given, ImportOptions(**decided), file_name="list.xlsx", sha256="0" * 64, sheet="Sheet1")


def check(
    database: Database, actor: Actor, target: ImportTarget, given: Sequence[ImportRow], **decided: Any
) -> list[Planned]:
    """Return what would become of the rows."""
    with database.read(actor) as work:
        return imports.check(work, job(target, given, **decided))


def bring_in(
    database: Database,
    actor: Actor,
    target: ImportTarget,
    given: Sequence[ImportRow],
    *,
    good_rows_only: bool = False,
    **decided: Any,
) -> Done:
    """Check the rows and import them."""
    asked = job(target, given, **decided)
    with database.read(actor) as work:
        checked = imports.check(work, asked)
    with database.begin(actor) as work:
        return imports.apply(work, asked, checked, good_rows_only=good_rows_only)


def take_back(database: Database, actor: Actor, batch: str, *targets: ImportTarget) -> Undone:
    """Undo one import."""
    with database.begin(actor) as work:
        return undoing.undo(work, batch, undoing.undoers_of(targets))
