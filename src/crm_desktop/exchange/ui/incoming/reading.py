"""What the wizard has done on the database lane: the sheets of a book, what each may be, and its first draft."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm_desktop.exchange import imports
from crm_desktop.exchange.book import Book, Sheet
from crm_desktop.exchange.imports import Past
from crm_desktop.exchange.sheets import drafting
from crm_desktop.exchange.sheets.drafting import Draft
from crm_desktop.shared.importing import ImportTarget


@dataclass(eq=False)
class SheetPlan:
    """What is to happen with a sheet: whether it comes in, as what, and how it is understood."""

    sheet: Sheet
    target: ImportTarget | None
    draft: Draft | None
    ticked: bool

    @property
    def row_count(self) -> int:
        """Return how many rows would come in, or how many there are while that is not known."""
        if self.draft is not None:
            return max(0, self.draft.last_row - self.draft.first_row + 1 - self._left_out_inside())
        return len(self.sheet.rows)

    def _left_out_inside(self) -> int:
        assert self.draft is not None
        first, last = self.draft.first_row + 1, self.draft.last_row + 1
        return sum(first <= number <= last for number in self.draft.left_out)


@dataclass(frozen=True, slots=True)
class BookPlan:
    """The sheets that hold something, and the imports of the very same file that still stand."""

    sheets: tuple[SheetPlan, ...]
    earlier: tuple[Past, ...]


def plan_book(work: Any, book: Book, offered: Sequence[ImportTarget], preset: ImportTarget | None) -> BookPlan:
    """Return what the sheets seem to hold. With `preset` only one sheet is ticked, the likeliest for it."""
    fields = [(target, target.fields(work)) for target in offered]
    plans = []
    for sheet in book.sheets:
        if any(cell is not None for row in sheet.rows for cell in row):
            plans.append(SheetPlan(sheet, drafting.likely_target(sheet, fields), None, ticked=False))
    _tick(plans, preset)
    for plan in plans:
        if plan.target is not None:
            plan.draft = draft_of(work, book, plan.sheet, plan.target)
    return BookPlan(tuple(plans), tuple(imports.earlier(work, book.sha256, offered)))


def draft_of(work: Any, book: Book, sheet: Sheet, target: ImportTarget) -> Draft:
    """Return how a sheet is understood as `target`, as last time when a sheet of this layout came in before."""
    context = drafting.context(work, target)
    draft = Draft(book, sheet, target, context)
    remembered = imports.remembered(work, target, draft.folded)
    if remembered is not None:
        draft.recall(remembered)
    decide(draft)
    return draft


def freshen(work: Any, draft: Draft) -> None:
    """Have the draft know the colleagues of this moment: a sheet that came in before may have made some."""
    draft.context = replace(draft.context, users=drafting.context(work, draft.target).users)


def decide(draft: Draft) -> None:
    """Have the draft decide how its columns are read, which takes a moment in a long sheet; it keeps the answer."""
    _decided = draft.readings


def set_header(draft: Draft, first: int, last: int) -> None:
    """Take other rows (from 0) for the header, none when `last` is before `first`, and decide anew."""
    draft.set_header(first, last)
    decide(draft)


def _tick(plans: Sequence[SheetPlan], preset: ImportTarget | None) -> None:
    """Tick what most likely is to come in."""
    if preset is None:
        for plan in plans:
            plan.ticked = plan.target is not None and not plan.sheet.hidden
        return
    seen = [plan for plan in plans if not plan.sheet.hidden] or list(plans)
    fitting = [plan for plan in seen if plan.target is preset] or [plan for plan in seen if plan.target is None]
    chosen = max(fitting or seen, key=lambda plan: len(plan.sheet.rows), default=None)
    if chosen is not None:
        chosen.target, chosen.ticked = preset, True
