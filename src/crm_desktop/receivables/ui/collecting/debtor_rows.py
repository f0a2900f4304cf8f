"""The rows of Collections: one customer in one currency each, in an order that stands while one works through it."""

from array import array
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from crm_desktop.activities import kinds
from crm_desktop.activities.following import NextStep, Said
from crm_desktop.receivables.collecting import collections
from crm_desktop.receivables.collecting.collections import Case, Collected
from crm_desktop.receivables.collecting.due_list import Debtor
from crm_desktop.receivables.ui.collecting.ageing_bar import ages_of
from crm_desktop.receivables.ui.collecting.case_cells import (
    Late,
    Named,
    TwoLines,
    paint_named,
    paint_two_lines,
    tip_of_named,
    tip_of_two_lines,
)
from crm_desktop.receivables.ui.collecting.debt_words import total_words
from crm_desktop.receivables.ui.collecting.money_marks import (
    ReminderMark,
    level_words,
    marks_of,
    paint_promises,
    paint_reminder,
)
from crm_desktop.shared.display import Formats, list_separator, number_text
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.record import Page
from crm_desktop.ui.list_source import Count, IdChunk
from crm_desktop.ui.looks import Look

ENTITY: Final = "debtor"
ROW_PX: Final = 52
_SEEN: Final = Use.TABLE | Use.SORT
_LAST: Final = date.max
_Order = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Due:
    """What the screen knows: everybody who owes, by currency and view, and what the kinds of activities are called."""

    collected: Collected
    kinds: Mapping[int, str]
    views: Mapping[tuple[str, str], tuple[Case, ...]]

    def currencies(self) -> list[tuple[str, int]]:
        """Return every currency and how many customers owe in it, most first."""
        counts = {
            currency: len(found) for (currency, view), found in self.views.items() if view == collections.EVERYBODY
        }
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))

    def of(self, currency: str, view: str = collections.EVERYBODY) -> tuple[Case, ...]:
        """Return who owes in a currency and stands in a view, the worst first."""
        return self.views.get((currency, view), ())


NOBODY: Final = Due(Collected((), date.min, ()), {}, {})


def read_due(work: Any, as_of: date | None, today: date, progress: Any = None) -> Due:
    """Return everybody who owes, sorted into the views; runs on the database lane. Raises Cancelled."""
    found = collections.collected(work, as_of=as_of, progress=progress)
    me = work.actor.user_id
    views: dict[tuple[str, str], list[Case]] = {}
    for one in found.rows:
        for view, _label in collections.VIEWS:
            listed = views.setdefault((one.debtor.currency, view), [])
            if collections.shown(view, one, today, me):
                listed.append(one)
    words = {one.id: kinds.called(one) for one in kinds.kinds(work, all=True)}
    return Due(found, words, {key: tuple(some) for key, some in views.items()})


FIELDS: Final = (
    Field("customer", None, N_("Customer"), 26, _SEEN),
    Field("overdue", None, N_("Overdue"), 12, _SEEN, Kind.DECIMAL),
    Field("oldest", None, N_("Oldest"), 6, _SEEN),
    Field("not_due", None, N_("Not due"), 12, _SEEN, Kind.DECIMAL),
    Field("level", None, N_("Level"), 6, _SEEN),
    Field("promises", None, N_("Promises"), 8, _SEEN),
    Field("next_promise", None, N_("Promised for"), 11, _SEEN, Kind.DATE),
    Field("said", None, N_("Last said"), 44, Use.TABLE),
    Field("next", None, N_("Next step"), 20, _SEEN),
)
WIDE: Final = tuple(field.name for field in FIELDS)
NARROW: Final = tuple(field.name for field in FIELDS if field.name not in ("not_due", "next_promise"))
"""What is left where there is little room; the pane beside has the rest."""

_KEYS: Final[Mapping[str, Callable[[Case], Any]]] = {
    "customer": lambda one: one.debtor.name.casefold(),
    "overdue": lambda one: one.debtor.overdue,
    "oldest": lambda one: one.debtor.oldest_late,
    "not_due": lambda one: one.debtor.not_due,
    "level": lambda one: one.debtor.level or None,
    "promises": lambda one: one.debtor.promises.broken if one.promised else None,
    "next_promise": lambda one: one.debtor.promises.next_due_on,
    "said": lambda _one: None,
    "next": lambda one: (one.next.due_on or _LAST, one.next.due_time or "99") if one.next is not None else None,
}


class CaseSource:
    """Customers by id as a list; what was said last is read for those that come into view.

    The order and who is listed are kept in `held` once they were worked out: `refreshed` changes what the rows say
    and where nobody stands. Who owes nothing any more stays with zeros, who is new comes last.
    """

    entity = ENTITY
    fields = FIELDS

    def __init__(self, due: Due, cases: Sequence[Case], formats: Formats, worked: Set[int]) -> None:
        self.due, self._formats, self._worked = due, formats, worked
        self.cases = {one.debtor.contact_id: one for one in cases}
        self.held: dict[_Order, list[int]] = {}

    def refreshed(self, due: Due, cases: Sequence[Case], everybody: Sequence[Case], formats: Formats) -> "CaseSource":
        """Return the same rows in the same order with what is known now."""
        known = {one.debtor.contact_id: one for one in everybody}
        kept = [known.get(id_) or _settled(one) for id_, one in self.cases.items()]
        new = [one for one in cases if one.debtor.contact_id not in self.cases]
        made = CaseSource(due, [*kept, *new], formats, self._worked)
        places = [one.debtor.contact_id for one in new]
        made.held = {order: [*ids, *places] if not order[0] else list(ids) for order, ids in list(self.held.items())}
        return made

    # What a list asks

    def first_page(self, work: Any, listing: Listing, limit: int) -> Page:
        """Return the first rows."""
        return self.rows(work, listing.columns, self._order(listing)[:limit])

    def ids(self, _work: Any, listing: Listing, _after: Any, _limit: int) -> IdChunk:
        """Return every id, in order."""
        return IdChunk(array("q", self._order(listing)))

    def rows(self, work: Any, columns: Sequence[str], ids: Sequence[int]) -> Page:
        """Return the rows of these ids with what was said last."""
        said = collections.last_said(work, [id_ for id_ in ids if id_ in self.cases])
        rows = [(id_, *self._cells(self.cases[id_], said.get(id_), columns)) for id_ in ids if id_ in self.cases]
        return Page(("id", *columns), rows)

    def count(self, _work: Any, listing: Listing) -> Count:
        """Return how many rows there are."""
        return Count(len(self._order(listing)))

    def offers(self, _work: Any, _field_name: str) -> Sequence[tuple[Any, str]]:
        """Return nothing: cells are not filtered."""
        return ()

    def close_match(self, _work: Any, _listing: Listing) -> str:
        """Return nothing."""
        return ""

    def _order(self, listing: Listing) -> list[int]:
        wanted = listing.text.strip().casefold()
        order = (wanted, tuple((sort.field, sort.descending) for sort in listing.sorts))
        if order not in self.held:
            found = [one for one in self.cases.values() if wanted in one.debtor.name.casefold()]
            for name, descending in reversed(order[1]):
                key = _KEYS[name]
                filled = [(key(one), place) for place, one in enumerate(found) if key(one) is not None]
                filled.sort(key=lambda pair: pair[0], reverse=descending)
                # What has no value stays last whichever way the others stand.
                found = [found[place] for _key, place in filled] + [one for one in found if key(one) is None]
            self.held[order] = [one.debtor.contact_id for one in found]
        return self.held[order]

    # What a row says

    def _cells(self, case: Case, said: Said | None, columns: Sequence[str]) -> list[Any]:
        made: dict[str, Callable[[], Any]] = {
            "customer": lambda: self._named(case, said),
            "overdue": lambda: case.debtor.overdue,
            "oldest": lambda: None if case.debtor.oldest_late is None else Late(case.debtor.oldest_late),
            "not_due": lambda: case.debtor.not_due,
            "level": lambda: ReminderMark(case.debtor.level) if case.debtor.level else None,
            "promises": lambda: marks_of(case.promised),
            "next_promise": lambda: case.debtor.promises.next_due_on,
            "said": lambda: self.said(said),
            "next": lambda: self.step(case),
        }
        return [made[name]() for name in columns]

    def _named(self, case: Case, said: Said | None) -> Named:
        one = case.debtor
        today = said is not None and self._formats.local(said.at).date() == self._formats.today
        ages = ages_of(one.not_due, one.buckets, self.due.collected.bounds)
        return Named(one.name, ages, one.disputed, today or one.contact_id in self._worked)

    def said(self, said: Said | None) -> TwoLines:
        """Return what was said last, by whom and when."""
        if said is None:
            return TwoLines(_("Nobody has talked to them yet"), "", "muted")
        when = self._formats.near(self._formats.local(said.at).date())
        kind = _(self.due.kinds.get(said.kind_id, ""))
        who = self._formats.names.get(said.user_id or 0) or said.author
        second = list_separator().join(part for part in (who, when, kind) if part)
        first = " ".join(said.text.split()) or kind
        return TwoLines(first, second, "muted", f"{said.text}\n{second}".strip())

    def step(self, case: Case) -> TwoLines:
        """Return what is to be done next, when, and by whom unless it is the person who looks."""
        who = self._formats.names.get(case.caller_id or 0, "")
        step = case.next
        if step is None:
            return TwoLines(_("Nothing planned"), who, "muted")
        words = step.subject or _(self.due.kinds.get(step.kind_id, ""))
        when, ink = self._when(step)
        second = list_separator().join(part for part in (when, who) if part)
        return TwoLines(words, second, ink, f"{words}\n{second}")

    def _when(self, step: NextStep) -> tuple[str, str]:
        if step.due_on is None:
            return "", "text2"
        today = self._formats.today
        day = self._formats.day(step.due_on) if step.due_on < today else self._formats.near(step.due_on)
        said = f"{day} {step.due_time}".strip()
        if step.due_on < today:
            return _("{day}, late").format(day=said), "danger"
        return said, "accent" if step.due_on == today else "text2"


def _settled(case: Case) -> Case:
    """Return a customer who owes nothing any more; the row stays while one works through the list."""
    nothing = from_minor(0, case.debtor.currency)
    paid: dict[str, Any] = dict.fromkeys(
        ("overdue", "worth", "falling_due", "not_due", "undated", "unapplied", "balance", "disputed", "planned"),
        nothing,
    )
    buckets = (nothing,) * len(case.debtor.buckets)
    debtor = replace(case.debtor, **paid, buckets=buckets, oldest_due_on=None, oldest_late=None, level=0)
    return replace(case, debtor=debtor)


def _ink_late(value: Any, _today: date) -> str | None:
    return "danger" if value else "muted"


def _ink_zero(value: Any, _today: date) -> str | None:
    return None if value else "muted"


def _ink_promise(value: Any, today: date) -> str | None:
    return None if value is None or value > today else "accent"


LOOKS: Final = {
    "customer": Look(paint=paint_named, tip=tip_of_named),
    "overdue": Look(weight=500, ink=_ink_late),
    "oldest": Look(ink=_ink_late, chars=6),
    "not_due": Look(ink=_ink_zero),
    "level": Look(paint=paint_reminder, tip=level_words, chars=6),
    "promises": Look(paint=paint_promises, tip=str, chars=8),
    "next_promise": Look(ink=_ink_promise, chars=9),
    "said": Look(paint=paint_two_lines, tip=tip_of_two_lines),
    "next": Look(paint=paint_two_lines, tip=tip_of_two_lines),
}


def slot_sums(debtors: Sequence[Debtor], bounds: Sequence[int], currency: str) -> tuple[Decimal, ...]:
    """Return not due, each bucket, undated and unapplied, summed over debtors of one currency."""
    sums = [from_minor(0, currency)] * (len(bounds) + 4)
    for one in debtors:
        sums = [a + b for a, b in zip(sums, (one.not_due, *one.buckets, one.undated, one.unapplied), strict=True)]
    return tuple(sums)


def foot_words(sums: Sequence[Decimal], currency: str) -> tuple[str, ...]:
    """Return what the foot says of these sums; what is nothing is left out."""
    not_due, *buckets, undated, unapplied = sums
    overdue = sum(buckets, from_minor(0, currency))
    totals = [
        _("Not due {amount}").format(amount=number_text(not_due)),
        _("Overdue {amount}").format(amount=number_text(overdue)),
    ]
    if undated:
        totals.append(_("No day yet {amount}").format(amount=number_text(undated)))
    if unapplied:
        totals.append(_("Unapplied {amount}").format(amount=number_text(-unapplied)))
    return (*totals, total_words(currency, not_due + overdue + undated - unapplied))
