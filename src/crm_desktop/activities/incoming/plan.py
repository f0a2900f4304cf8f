"""What becomes of the rows of a list of activities, and how they are written down."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from crm_desktop.access.company import company, today
from crm_desktop.activities import dates, kinds, rules
from crm_desktop.activities.incoming.fields import LABELS
from crm_desktop.activities.incoming.words import Words
from crm_desktop.activities.model import Activity
from crm_desktop.contacts.customer_rows import in_sales_reach
from crm_desktop.contacts.incoming.links import CustomerLinks, Named, named_in
from crm_desktop.contacts.model import Contact, ContactLink
from crm_desktop.db.journal import CREATE, Note, plain
from crm_desktop.db.work import Work
from crm_desktop.shared import import_reasons
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import _
from crm_desktop.shared.import_reasons import Refused
from crm_desktop.shared.importing import CLEAR, Candidate, ImportOptions, ImportRow, OnMatch, Planned, Verdict
from crm_desktop.shared.permissions import Domain, Permission, requires
from crm_desktop.shared.progress import Progress
from crm_desktop.shared.text import clean_line, fold

_PIECE: Final = 500
_LONGEST_AUTHOR: Final = 100
_TOLD: Final = ("contact_id", "kind_id", "result_id", "state", "subject", "notes", "user_id", "author", "done_at")


@dataclass(slots=True)
class Incoming:
    """An activity as a row tells it: its contact (None: made with the import), its columns, what comes next."""

    named: Named
    contact_id: int | None
    columns: dict[str, Any]
    person: str
    next_on: date | None


@requires(Permission.ACTIVITY_IMPORT)
def plan(work: Work, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
    """Return what would become of each row, in their order. Raises Cancelled."""
    reader = _Reader(work, rows, options)
    planned: list[Planned] = []
    for place, row in enumerate(rows):
        if place % _PIECE == 0:
            progress.step(place, len(rows))
        try:
            planned.append(Planned(Verdict.NEW, [row], payload=reader.read(row)))
        except Refused as refused:
            planned.append(refused.planned(row))
        except Invalid as error:
            planned.append(Planned(Verdict.INVALID, [row], why=str(error), field=error.field))
    _name_people(work, [one.payload for one in planned if one.verdict is Verdict.NEW])
    _meet(work, planned, options)
    return planned


@requires(Permission.ACTIVITY_IMPORT)
def apply(work: Work, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
    """Write down what is new with its author and its day; the contacts' last contact stays. Raises Cancelled."""
    made: list[Incoming] = [one.payload for one in planned if one.verdict is Verdict.NEW]
    missing = dict.fromkeys(one.named for one in made if one.contact_id is None)
    created = CustomerLinks(work, options).create_missing(missing) if missing else {}
    for one in made:
        if one.contact_id is None:
            one.contact_id = created[one.named]
    done = 0
    for block in _blocks(made):
        progress.step(done, len(made))
        _store(work, block)
        done += len(block)


class _Reader:
    """Reads rows; what all of them ask is asked once."""

    def __init__(self, work: Work, rows: Sequence[ImportRow], options: ImportOptions) -> None:
        self.work, self.options = work, options
        self.words = Words(work)
        self.customers = CustomerLinks(work, options, any_side=True).find({named_in(row) for row in rows})

    def read(self, row: ImportRow) -> Incoming:
        """Return what a row tells. Raises Refused, Invalid."""
        for field, why in row.problems.items():
            raise Refused(field, why)
        contact_id = self._contact(row)
        at = row.values.get("done_at")
        if at is None or at is CLEAR:
            raise Refused("done_at", import_reasons.missing(_(LABELS["done_at"])))
        columns = {
            "kind_id": self._kind(row),
            "done_at": rules.checked_done(at, self.work.now),
            "subject": rules.checked_subject(row.text("subject")),
            **self._author(row),
            **self._said(row),
        }
        next_on = row.values.get("next_on")
        return Incoming(
            named_in(row), contact_id, columns, row.text("person"), next_on if isinstance(next_on, date) else None
        )

    def _contact(self, row: ImportRow) -> int | None:
        named = named_in(row)
        link = self.customers[named]
        if link.why:
            raise Refused(link.field or "customer", link.why, link.candidates)
        if link.id is not None:
            return link.id
        if not link.missing:
            raise Refused("customer", _("The customer is missing."))
        if not self.options.create_missing:
            called = named.name or named.code or named.registration
            raise Refused(link.field or "customer", _("There is no customer {name}.").format(name=called))
        return None

    def _kind(self, row: ImportRow) -> int:
        text = row.text("kind")
        if not text:
            return self.words.usual_kind
        answer = ("kind", fold(text))
        if answer in self.options.answers:
            return self.options.answers[answer] or self.words.usual_kind
        found = self.words.kind(text)
        if found is None:
            offered = tuple(Candidate(one.id, _(kinds.called(one))) for one in self.words.kinds)
            raise Refused("kind", _("There is no kind of activity called {name}.").format(name=text), offered)
        return found

    def _author(self, row: ImportRow) -> dict[str, Any]:
        """Return who did it: a colleague, or the name as it is written; never whoever imports."""
        text = clean_line(row.text("author"))
        if len(text) > _LONGEST_AUTHOR:
            raise Refused("author", _("A name has at most {most} characters.").format(most=_LONGEST_AUTHOR))
        user_id = self.words.user(text) if text else None
        return {"user_id": user_id, "author": "" if user_id is not None else text}

    def _said(self, row: ImportRow) -> dict[str, Any]:
        """Return what was said and what came of it; a result nobody knows here is kept as text."""
        value = row.values.get("notes")
        notes = "" if value is None or value is CLEAR else str(value)
        result = row.text("result")
        result_id = self.words.result(result) if result else None
        if result and result_id is None:
            notes = "\n".join(part for part in (notes, _("Result: {text}").format(text=result)) if part)
        return {"notes": rules.checked_notes(notes), "result_id": result_id}


def _name_people(work: Work, made: Sequence[Incoming]) -> None:
    """Say with whom it was: a person of the company, else the name as a line of what was said."""
    people: dict[tuple[int | None, str], int] = {}
    for some in _blocks(sorted({one.contact_id for one in made if one.person and one.contact_id is not None})):
        people |= _people(work, some)
    for one in made:
        one.columns["person_id"] = people.get((one.contact_id, fold(one.person))) if one.person else None
        if one.person and one.columns["person_id"] is None:
            with_whom = _("With: {person}").format(person=one.person)
            notes = "\n".join(part for part in (with_whom, one.columns["notes"]) if part)
            one.columns["notes"] = notes[: rules.LONGEST_NOTES]


def _meet(work: Work, planned: Sequence[Planned], options: ImportOptions) -> None:
    """Mark what is there already, and what an earlier row says as well."""
    fresh = [one for one in planned if one.verdict is Verdict.NEW]
    known: dict[Any, int] = {}
    ids = sorted({one.payload.contact_id for one in fresh if one.payload.contact_id is not None})
    for some in _blocks(ids):
        asked = select(
            *(Activity.id, Activity.contact_id, Activity.done_at, Activity.kind_id, Activity.subject, Activity.notes)
        ).where(Activity.contact_id.in_(some), Activity.state == rules.DONE)
        known |= {tuple(row[1:]): row[0] for row in work.session.execute(asked)}
    first: dict[Any, int] = {}
    for one in fresh:
        made: Incoming = one.payload
        what = tuple(made.columns[name] for name in ("done_at", "kind_id", "subject", "notes"))
        key = (made.contact_id, *what)
        in_file = (made.contact_id or made.named, *what)
        if made.contact_id is not None and key in known:
            refused = options.on_match is OnMatch.ERROR
            one.verdict, one.id = (Verdict.INVALID if refused else Verdict.SKIP), known[key]
            one.why = import_reasons.refused() if refused else import_reasons.skipped()
        elif in_file in first:
            one.verdict, one.why = Verdict.DUPLICATE, import_reasons.same_as(first[in_file])
        first.setdefault(in_file, one.number)


def _store(work: Work, made: Sequence[Incoming]) -> None:
    heads = _heads(work, {one.contact_id for one in made if one.contact_id is not None})
    rows = []
    for one in made:
        assert one.contact_id is not None
        columns = _columns(work, heads[one.contact_id]) | one.columns
        columns |= {"state": rules.DONE, "at_sort": one.columns["done_at"], "due_sort": rules.LAST_DAY}
        rows.append(columns)
    _insert(work, rows)
    upcoming = [_planned(work, heads[one.contact_id], one) for one in _latest(made, today(work)) if one.contact_id]
    _insert(work, upcoming)
    dates.derive(work, {row["contact_id"] for row in upcoming})


def _latest(made: Sequence[Incoming], day: date) -> Iterator[Incoming]:
    """Yield, of each contact and day to come, the one row that says it; a next date that is over is history."""
    seen: dict[tuple[int | None, date], Incoming] = {}
    for one in made:
        if one.next_on is None or one.next_on < day:
            continue
        known = seen.get((one.contact_id, one.next_on))
        if known is None or known.columns["done_at"] < one.columns["done_at"]:
            seen[one.contact_id, one.next_on] = one
    yield from seen.values()


def _planned(work: Work, head: Any, one: Incoming) -> dict[str, Any]:
    assert one.next_on is not None
    starts = datetime.combine(one.next_on, time(), ZoneInfo(company(work).timezone)).astimezone(UTC)
    of_row = {name: one.columns[name] for name in ("kind_id", "subject", "person_id")}
    of_row["user_id"] = one.columns["user_id"] or head.owner_key or None
    when = {"due_on": one.next_on, "due_sort": one.next_on, "at_sort": starts, "state": rules.PLANNED}
    return _columns(work, head) | of_row | when


def _columns(work: Work, head: Any) -> dict[str, Any]:
    return {
        "contact_id": head.id,
        "owner_key": head.owner_key,
        "contact_sort": head.sort_key,
        "side": (Domain.SALES if head.sold_to else Domain.PURCHASING).value,
        "taken_over": True,
        "priority": rules.NORMAL,
        "due_on": None,
        "due_time": "",
        "done_at": None,
        "result_id": None,
        "person_id": None,
        "subject": "",
        "notes": "",
        "author": "",
        "version": 1,
        "created_at": work.now,
        "created_by": work.actor.user_id,
        "updated_at": work.now,
        "updated_by": work.actor.user_id,
    }


def _heads(work: Work, ids: Iterable[int]) -> dict[int, Any]:
    sold_to = (Contact.is_customer & in_sales_reach(Contact, work.actor)).label("sold_to")
    asked = select(Contact.id, Contact.owner_key, Contact.sort_key, sold_to).where(Contact.id.in_(sorted(set(ids))))
    return {row.id: row for row in work.session.execute(asked)}


def _people(work: Work, ids: Iterable[int]) -> dict[tuple[int | None, str], int]:
    """Return the people of these companies by company and folded name."""
    asked = (
        select(ContactLink.company_id, Contact.name, Contact.id)
        .join(Contact, Contact.id == ContactLink.person_id)
        .where(ContactLink.company_id.in_(sorted(ids)))
    )
    return {(company_id, fold(name)): id_ for company_id, name, id_ in work.session.execute(asked)}


def _insert(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    asked = insert(Activity).returning(Activity.id, sort_by_parameter_order=True)
    for id_, row in zip(work.session.scalars(asked, rows), rows, strict=True):
        after = {name: plain(row[name]) for name in (*_TOLD, "due_on") if row[name] not in (None, "")}
        work.notes.add(Activity.journal_entity, id_, Note(CREATE, {}, after, 1, row["contact_id"]))


def _blocks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _PIECE):
        yield items[start : start + _PIECE]
