"""Collections: who owes what, what was said about it, and who calls next; a call is written down in one step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from crm_desktop.access.company import today
from crm_desktop.activities import following, kinds, service
from crm_desktop.activities.following import NextStep, Said
from crm_desktop.db.work import Work
from crm_desktop.receivables.collecting.balances import LOOKS, day_of
from crm_desktop.receivables.collecting.due_list import Debtor, due_customers
from crm_desktop.receivables.money import promises
from crm_desktop.receivables.money.promises import Promised
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.progress import Progress
from crm_desktop.shared.text import clean_multiline

CALL: Final = "call"
TO_CALL, BROKEN, DISPUTED, OVERDUE, MINE, EVERYBODY = "to_call", "broken", "disputed", "overdue", "mine", "all"
VIEWS: Final = (
    (OVERDUE, N_("All overdue")),
    (TO_CALL, N_("To call today")),
    (BROKEN, N_("Promises broken")),
    (DISPUTED, N_("Disputed")),
    (MINE, N_("My customers")),
    (EVERYBODY, N_("Everybody who owes")),
)
"""Which customers are listed: (key, marked label)."""


@dataclass(frozen=True, slots=True)
class Case:
    """A customer in one currency: the debt, the promises (latest due first), and what is planned next."""

    debtor: Debtor
    promised: tuple[Promised, ...] = ()
    next: NextStep | None = None

    @property
    def caller_id(self) -> int | None:
        """Return who calls next: whose step is next, else the owner of the customer."""
        if self.next is not None and self.next.user_id is not None:
            return self.next.user_id
        return self.debtor.owner_id


@dataclass(frozen=True, slots=True)
class Collected:
    """Everybody who owes on a day, the worst first; `bounds` are the last days of all buckets but the last."""

    rows: tuple[Case, ...]
    as_of: date
    bounds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a call left behind; None for what there was nothing of."""

    activity_id: int | None
    promise_id: int | None
    next_id: int | None


@requires(*LOOKS)
def collected(work: Work, *, as_of: date | None = None, progress: Progress | None = None) -> Collected:
    """Return everybody who owes on a day (None: today), the worst first.

    Promises are judged as of a past day too; steps, levels and disputes are those of today. Raises Cancelled.
    """
    debtors = due_customers(work, ahead=None, as_of=as_of, progress=progress)
    day = day_of(work, as_of)
    promising = {one.contact_id for one in debtors if one.promises.kept + one.promises.broken + one.promises.open}
    promised = promises.of_customers(work, promising, as_of=as_of)
    steps = next_steps(work, {one.contact_id for one in debtors})
    return Collected(
        tuple(Case(one, promised.get(one.contact_id, ()), steps.get(one.contact_id)) for one in debtors),
        day.as_of,
        tuple(day.bounds),
    )


@requires(*LOOKS)
def next_steps(work: Work, contact_ids: set[int]) -> Mapping[int, NextStep]:
    """Return the next planned step with each customer; none for somebody who may not see activities."""
    if not contact_ids or not work.actor.may(Permission.ACTIVITY_READ):
        return {}
    return following.next_of(work, sorted(contact_ids))


@requires(*LOOKS)
def last_said(work: Work, contact_ids: Sequence[int]) -> Mapping[int, Said]:
    """Return what was said last with each customer; nothing for somebody who may not see activities."""
    if not contact_ids or not work.actor.may(Permission.ACTIVITY_READ):
        return {}
    return following.last_said(work, contact_ids)


def shown(view: str, case: Case, day: date, user_id: int | None) -> bool:
    """Return whether a view lists a customer on a day. Raises KeyError for an unknown view."""
    return _SHOWN[view](case, day, user_id)


def _to_call(case: Case, day: date, _user_id: int | None) -> bool:
    """Return whether the next step is due, or nobody has planned one although something is late."""
    if case.next is not None:
        return case.next.due_on is not None and case.next.due_on <= day
    return bool(case.debtor.overdue) and not case.debtor.promises.open


_SHOWN: Final[Mapping[str, Callable[[Case, date, int | None], bool]]] = {
    TO_CALL: _to_call,
    BROKEN: lambda case, _day, _user_id: bool(case.debtor.promises.broken),
    DISPUTED: lambda case, _day, _user_id: bool(case.debtor.disputed),
    OVERDUE: lambda case, _day, _user_id: bool(case.debtor.overdue),
    MINE: lambda case, _day, user_id: user_id is not None and user_id in (case.caller_id, case.debtor.owner_id),
    EVERYBODY: lambda _case, _day, _user_id: True,
}


@requires(*LOOKS)
def record(work: Work, contact_id: int, values: Mapping[str, Any]) -> Recorded:
    """Write down a call about a debt: what was said, what was promised, and when to call next; all of it or nothing.

    `values`: said; currency, amount and by (a promise); next_on and next_time; completes (activity id, version), the
    planned step this call was. Raises Invalid: said, amount, by, next_on; NotFound; Conflict when somebody else
    completed that step; what `promises.promise` and `activities.service` raise.
    """
    said = clean_multiline(str(values.get("said") or ""))
    amount, by, next_on = values.get("amount"), values.get("by"), values.get("next_on")
    completes = values.get("completes")
    _check(work, said, amount, by, next_on, completes=completes is not None)
    promise_id = None
    if amount:
        given = {"currency": values.get("currency"), "amount": amount, "due_on": by}
        promise_id = promises.promise(work, contact_id, given)
    call = _call(work)
    step = None
    if next_on is not None:
        step = {
            "due_on": next_on,
            "due_time": values.get("next_time") or "",
            "kind_id": call,
            "subject": "",
            "user_id": work.actor.user_id,
            "priority": 1,
            "remind_minutes": None,
        }
    if completes is not None:
        planned_id, version = completes
        logged = service.complete(work, planned_id, version, {"notes": said, "next": step})
        return Recorded(logged.id, promise_id, logged.next_id)
    if said:
        logged = service.log(work, contact_id, {"kind_id": call, "notes": said, "next": step})
        return Recorded(logged.id, promise_id, logged.next_id)
    if step is not None:
        return Recorded(None, promise_id, service.plan(work, contact_id, step))
    return Recorded(None, promise_id, None)


def _check(
    work: Work, said: str, amount: Decimal | None, by: date | None, next_on: date | None, *, completes: bool
) -> None:
    day = today(work)
    if by is not None and not amount:
        raise Invalid("amount", N_("Say how much is promised, or leave the day empty."))
    if amount and by is None:
        raise Invalid("by", N_("Say until when it is promised."))
    if by is not None and by < day:
        raise Invalid("by", N_("A promise is for today or a later day."))
    if next_on is not None and next_on < day:
        raise Invalid("next_on", N_("The next call is today or on a later day."))
    if not (said or amount or next_on or completes):
        raise Invalid("said", N_("Write what was said, a promise, or the day of the next call."))


def _call(work: Work) -> int:
    """Return the kind of activity a call is: the one that is shipped, else the first that is in use."""
    known = kinds.kinds(work, all=True)
    found = next((one.id for one in known if one.key == CALL and one.active), None)
    if found is None:
        found = next((one.id for one in known if one.active and one.is_contact), None)
    if found is None:
        raise Invalid("said", N_("No kind of activity is in use that counts as a contact. Switch one on in Settings."))
    return found
