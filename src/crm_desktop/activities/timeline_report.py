"""A contact's timeline as a table: for a workbook, a PDF and the printer."""

from typing import Any, Final

from sqlalchemy import select

from crm_desktop.access.company import company, today
from crm_desktop.access.model import User
from crm_desktop.activities import timeline
from crm_desktop.activities.timeline_own import CHANGES, STEPS
from crm_desktop.activities.timeline_words import GROUP_WORDS, Teller
from crm_desktop.contacts import custom
from crm_desktop.contacts.fields import FIELDS, custom_fields
from crm_desktop.contacts.journal_words import Words
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.report import NO_DAYS, Asked, Report, ReportTable

ALL: Final = "all"
GROUPINGS: Final = ((ALL, N_("All")), *((key, GROUP_WORDS[key]) for key in ("talks", "documents", "money", "changes")))
_SEEN: Final = Use.TABLE | Use.EXPORT
FIELDS_SHOWN: Final = (
    Field("day", None, N_("Day"), 12, _SEEN, Kind.DATE),
    Field("time", None, N_("Time"), 6, _SEEN),
    Field("kind", None, N_("Kind"), 12, _SEEN),
    Field("told", None, N_("What"), 34, _SEEN),
    Field("detail", None, N_("Details"), 26, _SEEN),
    Field("amount", None, N_("Amount"), 14, _SEEN, Kind.MONEY),
    Field("by", None, N_("By"), 14, _SEEN),
    Field("notes", None, N_("What was said"), 40, _SEEN),
)


def groups_of(key: str) -> frozenset[str] | None:
    """Return what a chip of the timeline shows; what was changed tells every step of every record too."""
    if key in ("", ALL):
        return None
    return frozenset({key, STEPS}) if key == CHANGES else frozenset({key})


@requires(Permission.CONTACT_READ, Permission.ACTIVITY_EXPORT)
def table(work: Work, asked: Asked) -> ReportTable:
    """Return a whole timeline; `asked.by` is the chip. Raises Invalid without a contact, NotFound out of reach."""
    if asked.contact_id is None:
        raise Invalid("contact", N_("Say of which contact."))
    contact = work.get(Contact, asked.contact_id)
    profile = company(work)
    names = {row.id: row.name for row in work.session.execute(select(User.id, User.name))}
    fields = (*FIELDS, *custom_fields(custom.defined_fields(work)))
    teller = Teller(Formats.of(today(work), names, profile.timezone), profile.currency, Words.of(fields, names))
    entries = timeline.everything(work, contact.id, groups=groups_of(asked.by))
    rows = tuple(_row(teller, one) for one in entries)
    chip = _(dict(GROUPINGS).get(asked.by or ALL, ALL))
    return ReportTable(_("Timeline"), f"{contact.name} · {chip}", FIELDS_SHOWN, rows)


def _row(teller: Teller, entry: Any) -> tuple[Any, ...]:
    line = teller.line(entry)
    kind = _("Planned") if entry.planned else _(GROUP_WORDS[entry.group])
    local = teller.formats.local(entry.at)
    time = entry.values.get("time") or teller.time(entry)
    return local.date(), time, kind, line.headline, teller.detail(entry), entry.money, teller.who(entry), line.notes


TIMELINE: Final = Report(
    "timeline",
    N_("Timeline"),
    N_("Everything that happened with one contact."),
    table,
    GROUPINGS,
    NO_DAYS,
)
"""Of one contact, so it is taken out where the contact is open and not offered among the reports."""
