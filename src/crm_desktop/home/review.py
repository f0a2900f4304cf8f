"""The manager's lists: who spoke to how many customers, whom nobody spoke to for long, and who changed hands."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, exists, func, select

from crm_desktop.access.company import company, today
from crm_desktop.access.model import User
from crm_desktop.access.periods import said_period
from crm_desktop.activities import kinds
from crm_desktop.activities.model import Activity
from crm_desktop.contacts import rules as contact_rules
from crm_desktop.contacts.customer_rows import in_sales_reach
from crm_desktop.contacts.model import Contact, ContactLink
from crm_desktop.db.journal import UPDATE, JournalEntry
from crm_desktop.db.work import Work
from crm_desktop.home import talks
from crm_desktop.home.periods import Days
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.report import NO_DAYS, Asked, Chart, Report, ReportTable

MOST: Final = 20_000
"""So many customers a list names at most; it says when there are more."""
SILENCES: Final = (
    ("30", N_("For 30 days")),
    ("14", N_("For 14 days")),
    ("60", N_("For 60 days")),
    ("90", N_("For 90 days")),
    ("180", N_("For 180 days")),
)
_SEEN: Final = Use.TABLE | Use.EXPORT | Use.SORT
_COLLEAGUE: Final = Field("person", None, N_("Colleague"), 24, _SEEN)
_TOTALS: Final = (
    Field("all", None, N_("All"), 8, _SEEN, Kind.INTEGER),
    Field("customers", None, N_("Customers spoken to"), 12, _SEEN, Kind.INTEGER),
    Field("late", None, N_("Late today"), 10, _SEEN, Kind.INTEGER),
)
_UNTOUCHED: Final = (
    Field("customer", None, N_("Customer"), 28, _SEEN),
    Field("owner", None, N_("Owner"), 14, _SEEN),
    Field("status", None, N_("Status"), 12, _SEEN, Kind.CHOICE, choices=contact_rules.STATUSES),
    Field("last", None, N_("Last contact"), 12, _SEEN, Kind.DATE),
    Field("silent", None, N_("Days"), 8, _SEEN, Kind.INTEGER),
    Field("next", None, N_("Next contact"), 12, _SEEN, Kind.DATE),
)
_HANDED_OVER: Final = (
    Field("day", None, N_("Date"), 12, _SEEN, Kind.DATE),
    Field("customer", None, N_("Customer"), 28, _SEEN),
    Field("before", None, N_("From"), 16, _SEEN),
    Field("after", None, N_("To"), 16, _SEEN),
    Field("by", None, N_("Done by"), 16, _SEEN),
)
_AT_ONCE: Final = 500
_LONG_AGO: Final = date(2000, 1, 1)
_ALWAYS: Final = date(9998, 12, 31)


@requires(Permission.REPORT_READ, Permission.ACTIVITY_READ)
def calls(work: Work, asked: Asked) -> ReportTable:
    """Return by colleague how many calls, visits, messages and meetings were done, and with how many customers.

    What an import brought does not count. Planned activities whose day is over stand beside it, as of today.
    """
    said = talks.said_in(work, _days(asked))
    counts = _counts(work, said)
    customers = _pairs(
        work,
        select(Activity.user_id, func.count(Activity.contact_id.distinct())).where(*said).group_by(Activity.user_id),
    )
    late = _pairs(
        work,
        select(Activity.user_id, func.count())
        .where(Activity.state == "planned", Activity.due_sort < today(work))
        .group_by(Activity.user_id),
    )
    shown = [
        kind
        for kind in kinds.kinds(work, all=True)
        if kind.is_contact and (kind.active or any(kind.id in one for one in counts.values()))
    ]
    who = {*counts, *late}
    names = talks.people(work, list(who))
    rows: list[tuple[Any, ...]] = [
        (
            names.get(user_id) or _("Nobody"),
            *(counts[user_id][kind.id] for kind in shown),
            counts[user_id].total(),
            customers.get(user_id, 0),
            late.get(user_id, 0),
        )
        for user_id in who
    ]
    number = tuple(
        Field(f"kind_{kind.id}", None, kind.name or kinds.called(kind), 10, _SEEN, Kind.INTEGER) for kind in shown
    )
    return ReportTable(
        title=_("Calls and visits by colleague"),
        said=said_period(work, asked),
        fields=(_COLLEAGUE, *number, *_TOTALS),
        rows=tuple(sorted(rows, key=lambda row: (-row[-3], row[0]))),
        sums=(*(one.name for one in number), "all", "late"),
        chart=Chart("person", "all"),
    )


def _counts(work: Work, said: Sequence[Any]) -> defaultdict[int | None, Counter[int]]:
    """Return by colleague how many of each kind."""
    counts: defaultdict[int | None, Counter[int]] = defaultdict(Counter)
    by_kind = select(Activity.user_id, Activity.kind_id, func.count()).where(*said)
    for user_id, kind_id, count in work.session.execute(by_kind.group_by(Activity.user_id, Activity.kind_id)):
        counts[user_id][kind_id] = count
    return counts


@requires(Permission.REPORT_READ, Permission.CONTACT_READ)
def untouched(work: Work, asked: Asked) -> ReportTable:
    """Return the customers with an owner whom nobody spoke to for so many days (`form`), the longest first.

    Who was never spoken to comes first. At most `MOST` are named.
    """
    days = int(asked.form or SILENCES[0][0])
    zone = ZoneInfo(company(work).timezone)
    since = datetime.combine(today(work) - timedelta(days), time(), zone)
    conditions = (
        in_sales_reach(Contact, work.actor),
        Contact.is_customer.is_(True),
        Contact.archived_at.is_(None),
        Contact.owner_id.is_not(None),
        Contact.last_contact_sort < since,
        # Who works at a customer is spoken to as a part of it.
        ~exists().where(ContactLink.person_id == Contact.id),
    )
    whole = work.session.scalar(select(func.count()).select_from(Contact).where(*conditions)) or 0
    found = work.session.execute(
        select(Contact.name, Contact.status, User.name, Contact.last_contact_at, Contact.next_contact_on)
        .outerjoin(User, User.id == Contact.owner_id)
        .where(*conditions)
        .order_by(Contact.last_contact_sort, Contact.id)
        .limit(MOST)
    )
    rows = []
    for name, status, owner, last, next_on in found:
        spoken = None if last is None else last.astimezone(zone).date()
        silent = None if spoken is None else (today(work) - spoken).days
        rows.append((name, owner or "", status, spoken, silent, next_on))
    said = ngettext("{count} customer", "{count} customers", whole).format(count=f"{whole:,}")
    if whole > MOST:
        said = _("The first {most} of {said}").format(most=f"{MOST:,}", said=said)
    return ReportTable(
        title=_("Customers not spoken to for {days} days").format(days=days),
        said=said,
        fields=_UNTOUCHED,
        rows=tuple(rows),
    )


@requires(Permission.REPORT_READ, Permission.CONTACT_READ)
def handed_over(work: Work, asked: Asked) -> ReportTable:
    """Return which customers in reach changed hands in the period: when, from whom, to whom, and who did it."""
    zone = ZoneInfo(company(work).timezone)
    days = _days(asked)
    entries = work.session.execute(
        select(
            JournalEntry.entity_id, JournalEntry.at, JournalEntry.before, JournalEntry.after, JournalEntry.actor_name
        )
        .where(
            JournalEntry.entity == "contact",
            JournalEntry.action == UPDATE,
            JournalEntry.at >= datetime.combine(days.first, time(), zone),
            JournalEntry.at < datetime.combine(days.last + timedelta(1), time(), zone),
            cast(JournalEntry.after, String).contains('"owner_id"'),
        )
        .order_by(JournalEntry.id.desc())
        .limit(MOST)
    ).all()
    named = _customers(work, [row.entity_id for row in entries])
    people = {row.id: row.name for row in work.session.execute(select(User.id, User.name))}
    pool = _("Public pool")
    rows = []
    for row in entries:
        if row.entity_id not in named or "owner_id" not in row.after:
            continue
        before, after = row.before.get("owner_id"), row.after["owner_id"]
        day = row.at.astimezone(zone).date()
        rows.append((day, named[row.entity_id], people.get(before, pool), people.get(after, pool), row.actor_name))
    return ReportTable(
        title=_("Customers handed over"),
        said=said_period(work, asked),
        fields=_HANDED_OVER,
        rows=tuple(rows),
    )


def _days(asked: Asked) -> Days:
    return Days(asked.from_on or _LONG_AGO, asked.to_on or _ALWAYS)


def _pairs(work: Work, asked: Any) -> dict[int | None, int]:
    return {row[0]: row[1] for row in work.session.execute(asked)}


def _customers(work: Work, ids: Sequence[int | None]) -> dict[int | None, str]:
    wanted = sorted({id_ for id_ in ids if id_ is not None})
    found: dict[int | None, str] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        asked = select(Contact.id, Contact.name).where(
            Contact.id.in_(some), Contact.is_customer.is_(True), in_sales_reach(Contact, work.actor)
        )
        found |= {row.id: row.name for row in work.session.execute(asked)}
    return found


CALLS: Final = Report(
    "calls",
    N_("Calls and visits"),
    N_("How often each colleague spoke to customers, by kind, and what is late."),
    calls,
)
UNTOUCHED: Final = Report(
    "untouched",
    N_("Customers not spoken to"),
    N_("Customers with an owner whom nobody called or visited for long."),
    untouched,
    days=NO_DAYS,
    forms=SILENCES,
)
HANDED_OVER: Final = Report(
    "handed_over",
    N_("Customers handed over"),
    N_("Which customers changed hands: from whom, to whom, and who did it."),
    handed_over,
)
