"""Collections as a report: for the command line, the reports page, and the list as somebody has it on screen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from crm_desktop.access import people
from crm_desktop.access.company import company, today
from crm_desktop.activities import kinds
from crm_desktop.activities.following import Said
from crm_desktop.db.work import Work
from crm_desktop.receivables.collecting import collections
from crm_desktop.receivables.collecting.balances import LOOKS, bucket_labels
from crm_desktop.receivables.collecting.collections import VIEWS, Case, Collected
from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress
from crm_desktop.shared.report import AS_OF, Asked, Report, ReportTable

_SEEN: Final = Use.TABLE | Use.EXPORT | Use.SORT


@requires(Permission.REPORT_READ, *LOOKS)
def cases(work: Work, asked: Asked, *, progress: Progress | None = None) -> ReportTable:
    """Return who owes, the worst first, with what was said and who calls next; `asked.form` is a view. Slow."""
    view = asked.form or VIEWS[0][0]
    found = collections.collected(work, as_of=asked.as_of, progress=progress)
    day, me = today(work), work.actor.user_id
    some = [
        one
        for one in found.rows
        if asked.contact_id in (None, one.debtor.contact_id)
        and asked.currency in ("", one.debtor.currency)
        and collections.shown(view, one, day, me)
    ]
    return _table(work, found, some, _(dict(VIEWS)[view]))


def as_seen(contact_ids: Sequence[int], currency: str, said: str) -> Report:
    """Return the report of exactly these customers in this order and currency; `said` is what the list shows."""

    @requires(Permission.REPORT_READ, *LOOKS)
    def run(work: Work, asked: Asked, *, progress: Progress | None = None) -> ReportTable:
        found = collections.collected(work, as_of=asked.as_of, progress=progress)
        known = {one.debtor.contact_id: one for one in found.rows if one.debtor.currency == currency}
        return _table(work, found, [known[id_] for id_ in contact_ids if id_ in known], said)

    return replace(COLLECTIONS, run=run)


def _table(work: Work, found: Collected, some: Sequence[Case], view: str) -> ReportTable:
    formats = Formats.of(today(work), people.names(work), company(work).timezone)
    said = collections.last_said(work, [one.debtor.contact_id for one in some])
    words = {one.id: kinds.called(one) for one in kinds.kinds(work, all=True)}
    buckets = [
        Field(f"b{place}", None, label, 14, _SEEN, Kind.MONEY)
        for place, label in enumerate(bucket_labels(found.bounds))
    ]
    fields = (
        Field("customer", None, N_("Customer"), 28, _SEEN),
        Field("overdue", None, N_("Overdue"), 16, _SEEN, Kind.MONEY),
        Field("oldest_late", None, N_("Oldest, days"), 9, _SEEN, Kind.INTEGER),
        Field("not_due", None, N_("Not due"), 16, _SEEN, Kind.MONEY),
        *buckets,
        Field("owed", None, N_("Owed in all"), 16, _SEEN, Kind.MONEY),
        Field("credit", None, N_("In credit"), 16, _SEEN, Kind.MONEY),
        Field("disputed", None, N_("Disputed"), 14, _SEEN, Kind.MONEY),
        Field("level", None, N_("Reminder"), 8, _SEEN, Kind.INTEGER),
        Field("kept", None, N_("Promises kept"), 8, _SEEN, Kind.INTEGER),
        Field("broken", None, N_("Promises broken"), 8, _SEEN, Kind.INTEGER),
        Field("promised_on", None, N_("Promised for"), 12, _SEEN, Kind.DATE),
        Field("said", None, N_("Last said"), 40, _SEEN),
        Field("said_on", None, N_("Said on"), 12, _SEEN, Kind.DATE),
        Field("next", None, N_("Next step"), 24, _SEEN),
        Field("next_on", None, N_("Next on"), 12, _SEEN, Kind.DATE),
        Field("caller", None, N_("Who calls next"), 14, _SEEN),
    )
    return ReportTable(
        title=_("Collections"),
        said=_("{view}, as of {day}").format(view=view, day=formats.full_day(found.as_of)),
        fields=fields,
        rows=tuple(_row(one, said.get(one.debtor.contact_id), words, formats) for one in some),
        sums=("overdue", "not_due", *(one.name for one in buckets), "owed", "credit", "disputed"),
    )


def _row(case: Case, said: Said | None, words: Mapping[int, str], formats: Formats) -> tuple[Any, ...]:
    one, step = case.debtor, case.next

    def money(amount: Any) -> Money | None:
        return Money(amount, one.currency) if amount else None

    return (
        one.name,
        Money(one.overdue, one.currency),
        one.oldest_late,
        *map(money, (one.not_due, *one.buckets, max(one.balance, 0), max(-one.balance, 0), one.disputed)),
        *(one.level or None, one.promises.kept or None, one.promises.broken or None, one.promises.next_due_on),
        " ".join(said.text.split()) if said is not None else "",
        formats.local(said.at).date() if said is not None else None,
        (step.subject or _(words.get(step.kind_id, ""))) if step is not None else "",
        step.due_on if step is not None else None,
        formats.names.get(case.caller_id or 0, ""),
    )


COLLECTIONS: Final = Report(
    "collections",
    N_("Collections"),
    N_("Who owes, what was said and promised, and who calls next."),
    cases,
    days=AS_OF,
    forms=VIEWS,
    slow=True,
)
