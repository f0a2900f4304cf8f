"""Reminding customers in writing: levels, who gets which letter, sending and what was sent.

One letter per customer lists everything overdue. Each instalment keeps its own level: the highest whose days
have passed, but at most one above the last that was sent. What is disputed stays out; whoever got a letter
within the gap of the settings, or whose unused money covers what is overdue, gets none.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from crm_desktop.access.company import company, today
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import ledger
from crm_desktop.receivables.collecting import dunning_rules, dunning_texts
from crm_desktop.receivables.collecting.balances import LOOKS, OpenItem, open_credits, open_items
from crm_desktop.receivables.collecting.customers import customers_of
from crm_desktop.receivables.collecting.dunning_items import DunningItem, Proposal
from crm_desktop.receivables.collecting.dunning_papers import letter_paper
from crm_desktop.receivables.collecting.dunning_rules import Level
from crm_desktop.receivables.collecting.worth import rates_on
from crm_desktop.receivables.ledger_model import DunningLetter, DunningLevel, DunningLine
from crm_desktop.receivables.settings import get_settings
from crm_desktop.shared.errors import Conflict, Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import Money, by_currency, to_minor
from crm_desktop.shared.permissions import Permission, open_to_all, requires
from crm_desktop.shared.progress import Progress, Quiet

ENTITY: Final = "dunning_letter"


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter that went out just now."""

    id: int
    contact_id: int
    level: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that went out: what was open of it then; `by` is the id of who sent it."""

    id: int
    contact_id: int
    level: int
    dated_on: date
    by: int | None
    sums: tuple[Money, ...]
    lines: int


@open_to_all("what a letter of each level says is no secret")
def levels(work: Work) -> tuple[Level, ...]:
    """Return the levels in order, those people wrote in place of those that were shipped."""
    found = dunning_rules.shipped_levels()
    for row in work.session.scalars(select(DunningLevel)):
        texts = {**dunning_texts.shipped(row.level), **row.texts}
        found[row.level] = Level(row.level, row.days, row.active, texts, row.version)
    return tuple(found[level] for level in sorted(found))


@requires(Permission.RECEIVABLE_SETTINGS_WRITE)
def save_level(work: Work, level: int, version: int, values: Mapping[str, Any]) -> Level:
    """Store a level (`days`, `active`, `texts`) made over `version`, 0 for one nobody stored before.

    Raises Conflict, Invalid(level, days, texts).
    """
    if not 0 <= level <= dunning_rules.MOST_LEVELS:
        raise Invalid("level", N_("There are levels from 0 to {most}."), most=dunning_rules.MOST_LEVELS)
    before = levels(work)
    row = work.session.scalars(select(DunningLevel).where(DunningLevel.level == level).with_for_update()).one_or_none()
    if (row.version if row is not None else 0) != version:
        raise Conflict(theirs={}, original={}, version=row.version if row is not None else 0)
    if row is None:
        row = DunningLevel(level=level, days=dunning_texts.SHIPPED_DAYS.get(level, 0), texts={}, active=True)
    if "days" in values:
        row.days = dunning_rules.checked_days(before, level, values["days"])
    if "texts" in values:
        row.texts = dunning_rules.checked_texts(values["texts"] or {})
    if "active" in values:
        row.active = bool(values["active"])
    work.session.add(row)
    work.session.flush()
    return next(one for one in levels(work) if one.level == level)


@requires(*LOOKS)
def proposals(work: Work, contact_ids: Collection[int] | None = None) -> tuple[Proposal, ...]:
    """Return the letters that are to go out today, the highest level first, then the longest overdue."""
    day, steps = today(work), levels(work)
    ahead = -min((one.days for one in steps if one.active), default=0)
    waiting = _waiting(work, day)
    groups: dict[int, list[OpenItem]] = defaultdict(list)
    for item in _items(work, contact_ids):
        if (
            item.late is not None
            and item.late >= -ahead
            and item.disputed_on is None
            and item.contact_id not in waiting
        ):
            groups[item.contact_id].append(item)
    unused = _unused(work, groups)
    chosen = {
        contact_id: made
        for contact_id, items in groups.items()
        if (made := _raised(steps, _uncovered(items, unused.get(contact_id, ()))))
    }
    contacts = customers_of(work, chosen)
    own = company(work)
    rates = rates_on(work, {one.item.currency for items in chosen.values() for one in items}, day)
    found = [
        Proposal(
            contact_id,
            contacts[contact_id].name,
            contacts[contact_id].language or own.language,
            max(one.level for one in items),
            tuple(items),
            _sums(items),
            unused.get(contact_id, ()),
        )
        for contact_id, items in chosen.items()
        if contact_id in contacts
    ]

    def worth(one: Proposal) -> Decimal:
        total = rates.sum((money.minor, money.currency) for money in one.sums)
        return Decimal(0) if total is None else total.amount

    return tuple(sorted(found, key=lambda one: (-one.level, -one.oldest_late, -worth(one), one.name)))


@requires(*LOOKS)
def preview(work: Work, contact_ids: Collection[int]) -> bytes:
    """Return the letters of these customers as they would go out now, in one PDF. Raises Invalid for nobody."""
    # The drawing library is loaded when the first paper is drawn.
    from crm_desktop.reports.paper_pdf import papers_pdf

    chosen = _of(work, contact_ids)
    steps = levels(work)
    return papers_pdf(letter_paper(work, one, steps, is_draft=True) for one in chosen).data


@requires(Permission.DUNNING_WRITE, *LOOKS)
def send(work: Work, contact_ids: Collection[int], progress: Progress | None = None) -> tuple[SentLetter, ...]:
    """Store the letters of these customers as they stand now, and that their instalments reached these levels.

    Each customer is looked at once more while nobody else can touch its money: whoever paid meanwhile gets
    no letter. All are stored together, so a big batch goes in portions of a few dozen. Raises Cancelled.
    """
    watched = progress or Quiet()
    wanted = sorted(set(contact_ids))
    sent: list[SentLetter] = []
    for done, contact_id in enumerate(wanted):
        watched.step(done, len(wanted))
        contact = ledger.lock_customer(work, contact_id)
        for one in proposals(work, (contact_id,)):
            sent.append(_store(work, contact, one))
    watched.step(len(wanted), len(wanted))
    return tuple(sent)


@requires(*LOOKS)
def letters(work: Work, contact_id: int) -> tuple[Letter, ...]:
    """Return the letters a customer got, the latest first."""
    asked = select(
        DunningLetter.id,
        DunningLetter.contact_id,
        DunningLetter.level,
        DunningLetter.dated_on,
        DunningLetter.created_by,
    ).where(DunningLetter.contact_id == contact_id)
    rows = work.session.execute(asked.order_by(DunningLetter.dated_on.desc(), DunningLetter.id.desc())).all()
    sums: dict[int, list[Money]] = defaultdict(list)
    lines = select(DunningLine.letter_id, DunningLine.currency, DunningLine.open_amount)
    for letter_id, currency, open_amount in work.session.execute(
        lines.where(DunningLine.letter_id.in_([row.id for row in rows]))
    ):
        sums[letter_id].append(Money.of_minor(open_amount, currency))
    return tuple(
        Letter(
            row.id,
            row.contact_id,
            row.level,
            row.dated_on,
            row.created_by,
            by_currency(sums[row.id]),
            len(sums[row.id]),
        )
        for row in rows
    )


@requires(*LOOKS)
def letter_pdf(work: Work, letter_id: int) -> bytes:
    """Return a letter byte for byte as it went out. Raises NotFound."""
    return work.get(DunningLetter, letter_id).content


def _of(work: Work, contact_ids: Collection[int]) -> tuple[Proposal, ...]:
    chosen = proposals(work, contact_ids)
    if not chosen:
        raise Invalid("contact_ids", N_("None of these customers is to be reminded today."))
    return chosen


def _items(work: Work, contact_ids: Collection[int] | None) -> Iterable[OpenItem]:
    if contact_ids is None:
        return open_items(work)
    return (item for contact_id in sorted(set(contact_ids)) for item in open_items(work, contact_id))


def _waiting(work: Work, day: date) -> set[int]:
    """Return the customers whose last letter went out within the gap."""
    gap = get_settings(work).dunning_gap_days
    asked = select(DunningLetter.contact_id, func.max(DunningLetter.dated_on)).group_by(DunningLetter.contact_id)
    return {row[0] for row in work.session.execute(asked) if not dunning_rules.is_gap_over(row[1], day, gap)}


def _raised(steps: Sequence[Level], items: Sequence[OpenItem]) -> list[DunningItem]:
    """Return what a letter lists, nothing when it would raise nothing; reminders only when nothing is overdue."""
    made = []
    for item in items:
        level = dunning_rules.reached(steps, item.late, item.dunning_level)
        is_new = level is not None and (level > item.dunning_level or item.dunned_on is None)
        made.append(DunningItem(item, max(level or 0, item.dunning_level), is_new))
    if any(one.is_new and one.level > 0 for one in made):
        return [one for one in made if (one.item.late or 0) > 0]
    return [one for one in made if one.is_new and (one.item.late or 0) <= 0]


def _unused(work: Work, ids: Collection[int]) -> dict[int, tuple[Money, ...]]:
    """Return what is unused with these customers, per currency."""
    everything = open_credits(work) if len(ids) > 1 else (one for id_ in ids for one in open_credits(work, id_))
    found: dict[int, list[Money]] = defaultdict(list)
    for one in everything:
        found[one.contact_id].append(Money(one.open, one.currency))
    return {contact_id: by_currency(money) for contact_id, money in found.items()}


def _sums(items: Iterable[DunningItem]) -> tuple[Money, ...]:
    return by_currency(Money(one.item.open, one.item.currency) for one in items)


def _uncovered(items: Sequence[OpenItem], unused: Iterable[Money]) -> list[OpenItem]:
    """Return the items of those currencies in which unused money does not pay for all of them.

    What it pays for is for us to set off, not for the customer to be reminded of.
    """
    there = {one.currency: one.amount for one in unused}
    asked = by_currency(Money(one.open, one.currency) for one in items)
    short = {one.currency for one in asked if there.get(one.currency, Decimal(0)) < one.amount}
    return [one for one in items if one.currency in short]


def _store(work: Work, contact: Contact, one: Proposal) -> SentLetter:
    from crm_desktop.reports.paper_pdf import paper_pdf

    day = today(work)
    letter = DunningLetter(
        contact_id=contact.id,
        owner_key=contact.owner_key,
        contact_sort=contact.sort_key,
        level=one.level,
        dated_on=day,
        content=paper_pdf(letter_paper(work, one, levels(work))).data,
        created_at=work.now,
        created_by=work.actor.user_id,
    )
    work.session.add(letter)
    work.session.flush()
    work.session.execute(insert(DunningLine), [_line(letter.id, item) for item in one.items])
    for item in (item for item in one.items if item.is_new):
        work.session.execute(
            update(Instalment).where(Instalment.id == item.item.id).values(dunning_level=item.level, dunned_on=day),
            execution_options={"synchronize_session": "fetch"},
        )
    work.touch("instalment", *(item.item.id for item in one.items))
    return SentLetter(letter.id, contact.id, one.level)


def _line(letter_id: int, one: DunningItem) -> dict[str, Any]:
    return {
        "letter_id": letter_id,
        "instalment_id": one.item.id,
        "level": one.level,
        "currency": one.item.currency,
        "open_amount": to_minor(one.item.open, one.item.currency),
        "due_on": one.item.due_on,
    }
