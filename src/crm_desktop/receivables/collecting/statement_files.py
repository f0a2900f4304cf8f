"""Statements of one customer or of all as files: one PDF, or a workbook with a sheet each."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from crm_desktop.access.company import company
from crm_desktop.db.work import Work
from crm_desktop.exchange.workbook import Table, write_sheets
from crm_desktop.receivables.collecting import as_of as adding
from crm_desktop.receivables.collecting.balances import LOOKS, day_of
from crm_desktop.receivables.collecting.customers import customers_of
from crm_desktop.receivables.collecting.statement_papers import paper
from crm_desktop.receivables.collecting.statement_traces import note_statements
from crm_desktop.receivables.collecting.statements import (
    ACTIVITY,
    FORMS,
    KINDS,
    OPEN,
    Statement,
    last_day,
    statement,
    wanted,
)
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress, Quiet
from crm_desktop.shared.published import part_of, writing
from crm_desktop.shared.record import Page
from crm_desktop.shared.report import Asked, Report, ReportTable

_SEEN: Final = Use.TABLE | Use.EXPORT | Use.SORT


@requires(Permission.REPORT_EXPORT, *LOOKS)
def write_statements(work: Work, path: Path, asked: Asked, progress: Progress | None = None) -> int:
    """Write the statements beside `path` (.pdf or .xlsx) and return how many there are.

    Without a customer everybody gets one who has anything open, and, in the form with movements, everybody
    with some in the period. Each currency has a statement of its own. Raises Invalid when there is none, and
    for another ending; Cancelled.
    """
    found = wanted(work, asked)
    if not found:
        raise Invalid("contact_id", N_("There is nothing to state in these days."))
    made = _statements(work, found, asked, progress or Quiet())
    if path.suffix.lower() == ".xlsx":
        timezone = company(work).timezone
        return write_sheets(path, (_sheet(one, timezone) for one in made))
    # The drawing library is loaded when the first paper is drawn.
    from crm_desktop.reports.paper_pdf import papers_pdf

    with writing(path):
        part_of(path).write_bytes(papers_pdf(paper(work, one) for one in made).data)
    return len(found)


@requires(Permission.REPORT_READ, *LOOKS)
def table(work: Work, asked: Asked, *, progress: Progress | None = None) -> ReportTable:
    """Return the statement of one customer line by line, or of all customers where they stood and stand.

    `asked.form` says movements or open items; a period without a last day ends today.
    """
    if asked.contact_id is None:
        return _everybody(work, asked, progress)
    made = list(_statements(work, wanted(work, asked), asked, Quiet()))
    customer = customers_of(work, (asked.contact_id,)).get(asked.contact_id)
    name = customer.name if customer is not None else ""
    return ReportTable(
        title=_("Statement of account: {customer}").format(customer=name),
        said=_said(work, asked),
        fields=_line_fields(asked.form or ACTIVITY),
        rows=tuple(row for one in made for row in _lines(one)),
        sums=("charged", "paid"),
    )


def _everybody(work: Work, asked: Asked, progress: Progress | None) -> ReportTable:
    """Return the opening and closing balance of everybody; the change between them is the sum of the movements."""
    day = last_day(work, asked.to_on)
    closing = {row[:2]: row[-1] for row in adding.rows(work, day.question(), progress)}
    opening: dict[Any, int] = {}
    if asked.from_on is not None and asked.form != OPEN:
        before = day_of(work, asked.from_on - timedelta(1))
        opening = {row[:2]: row[-1] for row in adding.rows(work, before.question(), progress)}
    keys = [key for key in {*closing, *opening} if asked.currency in ("", key[1])]
    found = customers_of(work, (key[0] for key in keys))
    keys = sorted((key for key in keys if key[0] in found), key=lambda key: (found[key[0]].sort_key, key[1]))
    money = [Field(name, None, label, 16, _SEEN, Kind.MONEY) for name, label in _BALANCES]
    rows = []
    for key in keys:
        first, last = opening.get(key, 0), closing.get(key, 0)
        amounts = [Money.of_minor(minor, key[1]) for minor in (first, last - first, last)]
        rows.append((found[key[0]].name, *amounts))
    return ReportTable(
        title=_("Statements of account"),
        said=_said(work, asked),
        fields=(Field("customer", None, N_("Customer"), 30, _SEEN), *money),
        rows=tuple(rows),
        sums=tuple(one.name for one in money),
    )


_BALANCES: Final = (
    ("opening", N_("Opening balance")),
    ("change", N_("Change")),
    ("closing", N_("Closing balance")),
)


def _statements(work: Work, wanted: Sequence[tuple[int, str]], asked: Asked, progress: Progress) -> Iterator[Statement]:
    for done, (contact_id, currency) in enumerate(wanted):
        progress.step(done, len(wanted))
        yield statement(
            work, contact_id, currency, form=asked.form or ACTIVITY, from_on=asked.from_on, to_on=asked.to_on
        )
    progress.step(len(wanted), len(wanted))


def _sheet(one: Statement, timezone: str) -> Table:
    fields = _line_fields(one.form)
    rows = [(0, *row) for row in _lines(one)]
    title = f"{one.name[:27]} {one.currency}"
    return Table(title, fields, [Page(("id", *(field.name for field in fields)), rows)], {}, timezone)


def _line_fields(form: str) -> tuple[Field, ...]:
    activity = form == ACTIVITY
    return (
        Field("dated_on", None, N_("Date"), 12, _SEEN, Kind.DATE),
        Field("kind", None, N_("Document"), 16, _SEEN, Kind.CHOICE, (*KINDS, *_ENDS)),
        Field("number", None, N_("Number"), 16, _SEEN),
        Field("reference", None, N_("Reference"), 16, _SEEN),
        Field("text", None, N_("Text"), 26, _SEEN),
        Field("due_on", None, N_("Due"), 12, _SEEN, Kind.DATE),
        Field("charged", None, N_("Charged") if activity else N_("Still open"), 16, _SEEN, Kind.MONEY),
        Field("paid", None, N_("Paid") if activity else N_("Unused"), 16, _SEEN, Kind.MONEY),
        Field("balance", None, N_("Balance"), 16, _SEEN, Kind.MONEY),
    )


_ENDS: Final = (("opening", N_("Opening balance")), ("closing", N_("Closing balance")))


def _lines(one: Statement) -> Iterator[tuple[Any, ...]]:
    """Yield the lines of a statement between its two balances."""
    if one.form == ACTIVITY:
        yield _end(one.from_on, "opening", Money(one.opening, one.currency))
    for line in one.lines:
        yield (
            line.dated_on,
            line.kind,
            line.number,
            line.reference,
            line.text,
            line.due_on,
            *(Money(amount, one.currency) if amount else None for amount in (line.charged, line.paid)),
            Money(line.balance, one.currency),
        )
    yield _end(one.to_on, "closing", Money(one.closing, one.currency))


def _end(day: date | None, kind: str, balance: Money) -> tuple[Any, ...]:
    return day, kind, "", "", "", None, None, None, balance


def _said(work: Work, asked: Asked) -> str:
    formats = Formats.of(work.now.date(), {}, company(work).timezone)
    last = formats.full_day(last_day(work, asked.to_on).as_of)
    if asked.form == OPEN:
        return _("Open items on {day}").format(day=last)
    if asked.from_on is None:
        return _("Until {last}").format(last=last)
    return _("{first} to {last}").format(first=formats.full_day(asked.from_on), last=last)


STATEMENT: Final = Report(
    "statement",
    N_("Statements"),
    N_("What happened with a customer, or what is open, with opening and closing balance."),
    table,
    forms=FORMS,
    slow=True,
    documents=write_statements,
    went_out=note_statements,
)
