"""Whether a customer's credit carries a step: confirming, delivering, posting; asked inside those services.

What a customer uses is what it owes, less money and credit notes not used yet, plus what its confirmed orders
have still to claim, each worth what its own document says, in the company's currency. The check reads all of
it with the rights of the program: whoever sells may not list every claim, yet must not sell past the limit.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from crm_desktop.access.company import company, today
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.orders.above import CreditStop
from crm_desktop.orders.model import Order
from crm_desktop.orders.rules import DRAFT
from crm_desktop.receivables.collecting.credit_terms import Terms, binding_terms
from crm_desktop.receivables.collecting.exposure import Exposure, exposure_of, worth
from crm_desktop.receivables.ledger import lock_customer
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import from_minor
from crm_desktop.shared.permissions import Permission, open_to_all, requires
from crm_desktop.shared.text import clean_multiline

OVERRIDE: Final = "credit_override"
"""The journal's entity of steps taken although the credit did not carry them; the id is the document's."""
CONFIRM: Final = "confirm"
DELIVER: Final = "deliver"
POST: Final = "post"
OVERDUE: Final = "overdue"
LIMIT: Final = "limit"
CASH: Final = "cash"

_OVERDUE: Final = N_("The oldest debt of {name} is {days} days overdue, so nothing more goes on credit.")
_OVER: Final = N_(
    "{name} would use {used} {currency} of a limit of {limit} {currency}: {over} {currency} too much. Confirmed "
    "orders count."
)
_CASH: Final = N_("{name} gets nothing on credit, and {over} {currency} are not paid in advance.")
_HIDDEN: Final = N_("The credit limit of {name} does not carry this.")
_ASK: Final = N_("Ask somebody who may decide about credit.")
_SENTENCES: Final = {1: "{part0}", 2: N_("{part0} {part1}"), 3: N_("{part0} {part1} {part2}")}


@dataclass(frozen=True, slots=True)
class CreditStanding:
    """How the credit of one customer stands; amounts in the company's `currency`.

    `used` is `open` (claims) − `unapplied` (money and credit notes) + `planned` (confirmed, not claimed yet);
    `balance` is what is claimed alone. `limit`, `free` and `overdue_days` are None where there is none, and for
    those who may not read them (`shows_limit`). `oldest_late` are the days of the oldest debt, `stopping_late`
    of the oldest one that is not disputed: a dispute the company took note of keeps a claim out of the overdue
    stop, as out of dunning, but what is disputed is still owed and counts against the limit.
    """

    contact_id: int
    name: str
    currency: str
    as_of: date
    shows_limit: bool
    may_override: bool
    exposure: Exposure
    binding: Terms = field(repr=False)
    """What `stops` goes by, whoever asks; it is never shown as it is."""

    @property
    def limit(self) -> Decimal | None:
        """Return the limit, None when there is none or it is not shown."""
        return self.binding.limit if self.shows_limit else None

    @property
    def overdue_days(self) -> int | None:
        """Return how old the oldest debt may be, None when it may be any or it is not shown."""
        return self.binding.overdue_days if self.shows_limit else None

    @property
    def open(self) -> Decimal:
        """Return what is open of posted claims."""
        return self.exposure.open

    @property
    def overdue(self) -> Decimal:
        """Return what is open and late."""
        return self.exposure.overdue

    @property
    def unapplied(self) -> Decimal:
        """Return the money and credit notes not used yet."""
        return self.exposure.unapplied

    @property
    def planned(self) -> Decimal:
        """Return what confirmed orders have still to claim."""
        return self.exposure.planned

    @property
    def oldest_late(self) -> int | None:
        """Return the days since the oldest debt fell due, None when nothing is late."""
        return self._days(self.exposure.oldest_due_on)

    @property
    def stopping_late(self) -> int | None:
        """Return the same of what is not disputed."""
        return self._days(self.exposure.oldest_undisputed_on)

    def _days(self, since: date | None) -> int | None:
        return None if since is None else (self.as_of - since).days

    @property
    def balance(self) -> Decimal:
        """Return what is owed by posted claims."""
        return self.open - self.unapplied

    @property
    def used(self) -> Decimal:
        """Return how much of a limit is used."""
        return self.balance + self.planned

    @property
    def free(self) -> Decimal | None:
        """Return how much is left of the limit, below 0 when it is exceeded; None when none is shown."""
        return None if self.limit is None else self.limit - self.used

    @property
    def stop(self) -> str:
        """Return what would stop the next step as things are, "" for nothing."""
        return self.stop_after(Decimal(0))

    def stop_after(self, added: Decimal) -> str:
        """Return the first thing that stops a step adding that much: "overdue", "cash", "limit" or ""."""
        return next(iter(self.stops(added)), "")

    def stops(self, added: Decimal) -> tuple[str, ...]:
        """Return everything that stops a step adding that much, in the company's currency."""
        found = []
        limit, days = self.binding.limit, self.binding.overdue_days
        # Money that covers all that is late has come; that nobody allocated it yet is not the customer's fault.
        if days is not None and (self.stopping_late or 0) > days and self.unapplied < self.overdue:
            found.append(OVERDUE)
        if limit is not None and self.used + added > limit:
            found.append(LIMIT if limit else CASH)
        return tuple(found)

    def refusal(self, added: Decimal) -> CreditStop | None:
        """Return why a step adding that much is refused, with figures for whom they are; None: it is not."""
        figures = self._figures(added)
        said = [UserError(self._sentence(stop), **figures) for stop in self.stops(added)]
        if not said:
            return None
        if not self.may_override:
            said.append(UserError(_ASK))
        parts = {f"part{place}": one for place, one in enumerate(said)}
        return CreditStop(_SENTENCES[len(said)], may_override=self.may_override, **parts)

    def _sentence(self, stop: str) -> str:
        if stop == OVERDUE:
            return _OVERDUE
        if not self.shows_limit:
            return _HIDDEN
        return _CASH if stop == CASH else _OVER

    def _figures(self, added: Decimal) -> dict[str, object]:
        values: dict[str, object] = {"name": self.name, "currency": self.currency, "days": self.stopping_late}
        if self.limit is not None:
            used = self.used + added
            values |= {"limit": f"{self.limit:,}", "used": f"{used:,}", "over": f"{used - self.limit:,}"}
        return values


@requires(Permission.ORDER_READ)
def standing(work: Work, contact_id: int) -> CreditStanding:
    """Return how the credit of a customer stands. Raises NotFound."""
    return _standing(work, work.get(Contact, contact_id))


@open_to_all("part of a step that asks for its own permission; it tells whether, and figures to whom they are")
def check_order(work: Work, order: Order, step: str, override: str = "") -> None:
    """Raise CreditStop when the customer may not have this order on credit.

    A draft adds its total; a binding order counts already, so that delivering it, or having changed its
    lines, adds nothing: its changes are flushed first.
    """
    work.session.flush()
    added = from_minor(order.total, order.currency) if order.state == DRAFT else Decimal(0)
    check(
        work,
        order.contact_id,
        step,
        added,
        order.rate,
        override,
        entity="order",
        entity_id=order.id,
        number=order.number or "",
    )


@open_to_all("part of a step that asks for its own permission; it tells whether, and figures to whom they are")
def check(
    work: Work,
    contact_id: int,
    step: str,
    added: Decimal,
    rate: Decimal,
    override: str = "",
    *,
    entity: str = "order",
    entity_id: int | None = None,
    number: str = "",
) -> None:
    """Raise CreditStop when a step that adds that much (in a currency worth `rate`) goes past the credit.

    With `override`, the reason, whoever may override goes on, which is written into the journal. Posting that
    adds nothing passes: it claims what was agreed, and keeping an invoice back protects nobody. The program
    itself is never stopped.
    """
    if work.actor.user_id is None or (step == POST and added <= 0):
        return
    if step != DELIVER:
        # Delivering adds nothing; it holds the order by now, and whoever posts holds the customer and waits for it.
        lock_customer(work, contact_id)
    with work.system_rights("whether the credit carries a step; its figures are told to whom they are alone"):
        contact = work.session.scalars(select(Contact).where(Contact.id == contact_id)).one()
        terms = binding_terms(work, contact)
    if not terms.bind:
        return
    now = _standing(work, contact, terms)
    more = worth(added, rate, now.currency)
    refused = now.refusal(more)
    if refused is None:
        return
    reason = clean_multiline(override)
    if not reason or not now.may_override:
        raise refused
    work.note(
        OVERRIDE,
        entity_id,
        step,
        after={"document": entity, "number": number, "reason": reason, "why": list(now.stops(more))},
        contact_id=contact_id,
    )


def _standing(work: Work, contact: Contact, terms: Terms | None = None) -> CreditStanding:
    own = company(work).currency
    with work.system_rights("sums of one customer, who was in reach; its limit is told to whom it is alone"):
        found = terms or binding_terms(work, contact)
        used = exposure_of(work, contact.id, own, today(work))
    return CreditStanding(
        contact_id=contact.id,
        name=contact.name,
        currency=own,
        as_of=today(work),
        shows_limit=work.actor.may(Permission.CREDIT_LIMIT_READ),
        may_override=work.actor.may(Permission.CREDIT_OVERRIDE),
        exposure=used,
        binding=found,
    )
