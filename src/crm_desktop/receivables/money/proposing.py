"""Which open items an incoming amount most likely pays; nothing here asks the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crm_desktop.receivables.money.open_items import LAST, OpenCredit, OpenInstalment


@dataclass(frozen=True, slots=True)
class Proposal:
    """How much of each instalment is settled, and how much of each credit is taken into it."""

    uses: Mapping[int, Decimal]
    credits: Mapping[tuple[str, int], Decimal]


def propose(items: Sequence[OpenInstalment], amount: Decimal, usable: Sequence[OpenCredit] = ()) -> Proposal:
    """Return what an amount pays, all of one currency.

    An amount that equals exactly one open instalment, or what is open of exactly one invoice, pays that;
    alone, then together with one credit, then with all of them. An amount that with a credit settles
    everything up to a due date pays that. Otherwise it goes by due date, document date and number, without
    credits. Without any amount the credits are set off in that order.
    """
    ordered = sorted(items, key=lambda one: (one.due_on or LAST, one.dated_on, one.number, one.id))
    ways = [taken for taken in _ways(usable) if amount or taken]
    for match in (_exact, _up_to_a_day):
        for taken in ways:
            chosen = match(ordered, amount + sum((one.open for one in taken), Decimal(0)))
            if chosen:
                return Proposal({one.id: one.open for one in chosen}, {one.key: one.open for one in taken})
    if amount:
        return Proposal(_poured(ordered, amount), {})
    worth = min(sum((one.open for one in usable), Decimal(0)), sum((one.open for one in ordered), Decimal(0)))
    return Proposal(_poured(ordered, worth), {key: some for key, some in _drawn(usable, worth) if some})


def _ways(usable: Sequence[OpenCredit]) -> Iterator[tuple[OpenCredit, ...]]:
    """Yield which credits may come along: none, one alone, all of them."""
    yield ()
    yield from ((one,) for one in usable)
    if len(usable) > 1:
        yield tuple(usable)


def _exact(ordered: Sequence[OpenInstalment], worth: Decimal) -> Sequence[OpenInstalment]:
    """Return the one instalment, or all of the one document, that is open with exactly this worth."""
    single = [one for one in ordered if one.open == worth]
    if len(single) == 1:
        return single
    documents: dict[tuple[int | None, int | None], list[OpenInstalment]] = {}
    for one in ordered:
        documents.setdefault((one.invoice_id, None if one.invoice_id else one.order_id), []).append(one)
    whole = [parts for parts in documents.values() if sum(one.open for one in parts) == worth]
    return whole[0] if not single and len(whole) == 1 else ()


def _up_to_a_day(ordered: Sequence[OpenInstalment], worth: Decimal) -> Sequence[OpenInstalment]:
    """Return the first instalments that are open with exactly this worth together."""
    added = Decimal(0)
    for count, one in enumerate(ordered, 1):
        added += one.open
        if added >= worth:
            return ordered[:count] if added == worth else ()
    return ()


def _poured(ordered: Iterable[OpenInstalment], worth: Decimal) -> dict[int, Decimal]:
    uses: dict[int, Decimal] = {}
    for one in ordered:
        if not worth:
            break
        uses[one.id] = min(one.open, worth)
        worth -= uses[one.id]
    return uses


def _drawn(usable: Iterable[OpenCredit], worth: Decimal) -> Iterator[tuple[tuple[str, int], Decimal]]:
    for one in usable:
        some = min(one.open, worth)
        worth -= some
        yield one.key, some
