"""Plan, then apply, one code path: what an import would do, doing it in one transaction, and what was done."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from crm_desktop.db.work import Work
from crm_desktop.exchange.locking import lock, wait_for_others
from crm_desktop.exchange.model import ImportBatch, ImportLayout
from crm_desktop.shared.errors import NotAllowed, UserError
from crm_desktop.shared.garbage import uncollected
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.importing import ImportOptions, ImportRow, ImportTarget, Planned, Verdict
from crm_desktop.shared.permissions import open_to_all
from crm_desktop.shared.progress import Progress, Quiet

WRITTEN: Final = (Verdict.NEW, Verdict.UPDATE)
_ASKED_INSIDE: Final = "asks for the permission of what is imported"
_MOST_TOLD: Final = 500


class NotWhole(UserError):
    """Rows stand in the way of an import that was to be all or nothing; nothing was written."""

    message = N_("{count} rows cannot be imported, so nothing was. Correct them, or import the others without them.")

    def __init__(self, planned: Sequence[Planned]) -> None:
        super().__init__(count=sum(len(one.rows) for one in planned if one.verdict is Verdict.INVALID))
        self.planned = tuple(planned)


@dataclass(frozen=True, slots=True)
class Job:
    """One sheet that is to come in: its typed rows, where they are from, and what was decided.

    `headers` are the folded headers of the sheet, `columns` what each was taken for, `settings` how it was
    read; both are remembered for the next file of the same layout.
    """

    target: ImportTarget
    rows: Sequence[ImportRow]
    options: ImportOptions
    file_name: str
    sha256: str
    sheet: str = ""
    headers: tuple[str, ...] = ()
    columns: Mapping[str, str] | None = None
    settings: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What an import did: its batch, records per verdict as `counted`, and what became of every row."""

    batch: str
    counts: Mapping[str, int]
    planned: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class Remembered:
    """How a layout was understood last time."""

    columns: Mapping[str, str]
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """An import that was made: `counts` as in `Done`; `undone_at` None while it stands."""

    batch: str
    target: str
    file_name: str
    sheet: str
    at: datetime
    by: str
    counts: Mapping[str, int]
    undone_at: datetime | None
    undone_by: str
    undone: Mapping[str, int]


@open_to_all(_ASKED_INSIDE)
def check(work: Work, job: Job, progress: Progress | None = None) -> list[Planned]:
    """Return what would become of each row or document, in order; writes nothing. Raises NotAllowed, Cancelled."""
    _check_allowed(work, job.target)
    with uncollected():
        return job.target.plan(work, job.rows, job.options, progress or Quiet())


@open_to_all(_ASKED_INSIDE)
def apply(
    work: Work,
    job: Job,
    checked: Sequence[Planned] | None = None,
    *,
    good_rows_only: bool = False,
    progress: Progress | None = None,
) -> Done:
    """Write a sheet down in this transaction, all of it or with `good_rows_only` what can be.

    What was `checked` is planned again under the lock; rows of which something else would become now are
    conflicts and treated like rows that cannot be imported. When nothing is left to write, `Done.batch` is ""
    and nothing is remembered. Raises NotWhole, NotAllowed, Cancelled, SomebodyImports.
    """
    _check_allowed(work, job.target)
    watched = progress or Quiet()
    wait_for_others(work)
    work.batch = str(uuid.uuid4())
    with uncollected():
        planned = job.target.plan(work, job.rows, job.options, watched)
    if checked is not None:
        _mark_conflicts(checked, planned)
    _mark_overtaken(work, job.target, planned)
    if not good_rows_only and any(one.verdict is Verdict.INVALID for one in planned):
        raise NotWhole(planned)
    good = [one for one in planned if one.verdict in WRITTEN]
    counts = counted(planned)
    if not good:
        work.batch = None
        return Done("", counts, tuple(planned))
    with uncollected():
        job.target.apply(work, good, job.options, watched)
    work.session.add(_batch(work, job, counts))
    _remember(work, job)
    work.note("import", None, "import", after={"file": job.file_name, "sheet": job.sheet, "target": job.target.name})
    work.touch(job.target.entity)
    return Done(work.batch, counts, tuple(planned))


def counted(planned: Sequence[Planned]) -> dict[str, int]:
    """Return how many records there are per verdict (and "similar"), and how many `lines` and `rows` they have."""
    found = Counter(str(one.verdict) for one in planned)
    made = {str(verdict): found[str(verdict)] for verdict in Verdict}
    made["similar"] = sum(bool(one.similar) for one in planned if one.verdict in WRITTEN)
    made["lines"] = sum(one.lines for one in planned)
    made["rows"] = sum(len(one.rows) for one in planned)
    return made


@open_to_all(_ASKED_INSIDE)
def earlier(work: Work, sha256: str, targets: Sequence[ImportTarget]) -> list[Past]:
    """Return the imports of the very same file that still stand, newest first, as far as the actor may see them."""
    asked = select(ImportBatch).where(ImportBatch.sha256 == sha256, ImportBatch.undone_at.is_(None))
    return _past(work, asked, targets)


@open_to_all(_ASKED_INSIDE)
def history(work: Work, targets: Sequence[ImportTarget]) -> list[Past]:
    """Return the imports of what the actor may bring in, newest first."""
    return _past(work, select(ImportBatch), targets)


@open_to_all(_ASKED_INSIDE)
def remembered(work: Work, target: ImportTarget, headers: Sequence[str]) -> Remembered | None:
    """Return how a sheet with these folded headers was understood last time, None for a new layout."""
    _check_allowed(work, target)
    row = work.session.scalars(
        select(ImportLayout).where(ImportLayout.target == target.name, ImportLayout.headers == "\n".join(headers))
    ).one_or_none()
    return None if row is None else Remembered(row.columns, row.settings)


def _check_allowed(work: Work, target: ImportTarget) -> None:
    if not work.actor.may(target.permission):
        raise NotAllowed


def _mark_conflicts(checked: Sequence[Planned], planned: Sequence[Planned]) -> None:
    """Refuse what would now become something else than the person was shown."""
    shown = {one.number: (one.verdict, one.id, one.version) for one in checked}
    for one in planned:
        if one.verdict in WRITTEN and shown.get(one.number) != (one.verdict, one.id, one.version):
            _refuse(one)


def _mark_overtaken(work: Work, target: ImportTarget, planned: Sequence[Planned]) -> None:
    """Hold the records that are updated, and refuse those somebody changed on the server since they were planned."""
    updated = [one for one in planned if one.verdict is Verdict.UPDATE and one.id is not None]
    versions = lock(work, target.entity, (one.id for one in updated if one.id is not None))
    for one in updated:
        if one.id in versions and one.version is not None and versions[one.id] not in (None, one.version):
            _refuse(one)


def _refuse(one: Planned) -> None:
    one.verdict = Verdict.INVALID
    one.why = _("Somebody else changed this record while you were looking. Check the sheet again.")


def _batch(work: Work, job: Job, counts: Mapping[str, int]) -> ImportBatch:
    return ImportBatch(
        batch=work.batch,
        operation_id=work.operation_id,
        target=job.target.name,
        permission=str(job.target.permission),
        file_name=job.file_name,
        sheet=job.sheet,
        sha256=job.sha256,
        counts=dict(counts),
        at=work.now,
        user_id=work.actor.user_id,
        user_name=work.actor.name,
    )


def _remember(work: Work, job: Job) -> None:
    if not job.headers or job.columns is None:
        return
    key = "\n".join(job.headers)
    row = work.session.scalars(
        select(ImportLayout).where(ImportLayout.target == job.target.name, ImportLayout.headers == key)
    ).one_or_none()
    if row is None:
        row = ImportLayout(target=job.target.name, permission=str(job.target.permission), headers=key)
        work.session.add(row)
    row.columns, row.settings, row.updated_at = dict(job.columns), dict(job.settings or {}), work.now


def _past(work: Work, asked: Any, targets: Sequence[ImportTarget]) -> list[Past]:
    names = [target.name for target in targets if work.actor.may(target.permission)]
    rows = work.session.scalars(
        asked.where(ImportBatch.target.in_(names)).order_by(ImportBatch.id.desc()).limit(_MOST_TOLD)
    )
    return [
        Past(
            row.batch,
            row.target,
            row.file_name,
            row.sheet,
            row.at,
            row.user_name,
            row.counts,
            row.undone_at,
            row.undone_by,
            row.undone,
        )
        for row in rows
    ]
