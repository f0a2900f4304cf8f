"""What one customer may owe: its own limit and overdue stop, above those of its level and of the company."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import BigInteger, cast, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from crm_desktop.access.company import company
from crm_desktop.access.rules import CREDIT_ENTITY
from crm_desktop.contacts.model import Contact
from crm_desktop.db.journal import CREATE, UPDATE
from crm_desktop.db.work import Work
from crm_desktop.orders.fulfilment import portions
from crm_desktop.receivables.model import CustomerCredit
from crm_desktop.receivables.settings import MOST_DAYS, get_settings
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Conflict, Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import exponent, from_minor, round_half_away, to_minor
from crm_desktop.shared.permissions import Permission, open_to_all, requires

ENTITY: Final = CREDIT_ENTITY
_KEPT: Final = ("limit", "overdue_days")
_HIGHEST: Final = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Terms:
    """What binds a customer: the highest exposure in the company's currency, the oldest debt in days; None: any."""

    limit: Decimal | None
    overdue_days: int | None

    @property
    def bind(self) -> bool:
        """Return whether there is anything to check."""
        return self.limit is not None or self.overdue_days is not None


@dataclass(frozen=True, slots=True)
class CustomerTerms:
    """A customer's own `limit` and `overdue_days` (None: as below) and what holds without them.

    `level_limit` is that of its `level`, `company_overdue_days` that of the company. A limit of 0 is cash only.
    Amounts are in `currency`, the company's. `version` is 0 while the customer has no terms of its own.
    """

    contact_id: int
    currency: str
    limit: Decimal | None
    overdue_days: int | None
    level: str
    level_limit: Decimal | None
    company_overdue_days: int | None
    version: int

    def values(self) -> dict[str, Any]:
        """Return what can be changed, for a form."""
        return {"limit": self.limit, "overdue_days": self.overdue_days}


@requires(Permission.CREDIT_LIMIT_READ)
def get(work: Work, contact_id: int) -> CustomerTerms:
    """Return the terms of a customer. Raises NotFound."""
    contact = work.get(Contact, contact_id)
    settings, own = get_settings(work), company(work).currency
    row = work.session.get(CustomerCredit, contact_id)
    return CustomerTerms(
        contact_id,
        own,
        None if row is None or row.limit_amount is None else from_minor(row.limit_amount, own),
        None if row is None else row.overdue_days,
        contact.level,
        settings.credit_limits.get(contact.level),
        settings.overdue_days,
        0 if row is None else row.version,
    )


@requires(Permission.CREDIT_LIMIT_READ, Permission.CREDIT_LIMIT_WRITE)
def save(work: Work, contact_id: int, version: int, changes: Mapping[str, Any]) -> CustomerTerms:
    """Change `limit` and `overdue_days` over `version` and return the new terms.

    Raises Invalid(field), Conflict, NotFound.
    """
    before = get(work, contact_id)
    checked = _checked(changes, before.currency)
    if version:
        row = work.edit(CustomerCredit, contact_id, version, {name: changes[name] for name in _KEPT if name in changes})
        for name, value in checked.items():
            setattr(row, name, value)
    else:
        if before.version:
            raise Conflict(theirs={}, original={}, version=before.version)
        row = CustomerCredit(contact_id=contact_id, **checked)
        work.session.add(row)
    work.session.flush()
    _note_limit(work, row, before)
    # Windows that show the customer's figures read them again.
    work.touch("contact", contact_id)
    return get(work, contact_id)


def _note_limit(work: Work, row: CustomerCredit, before: CustomerTerms) -> None:
    """Write a changed limit into the journal, in the currency itself."""
    now = None if row.limit_amount is None else from_minor(row.limit_amount, before.currency)
    if now != before.limit:
        action = UPDATE if before.version else CREATE
        was, told = {"limit": before.limit}, {"limit": now}
        work.note(ENTITY, row.contact_id, action, before=was, after=told, version=row.version)


@open_to_all("part of checks that tell whether, and figures to whom they are")
def binding_terms(work: Work, contact: Contact) -> Terms:
    """Return what binds a customer, whoever asks: for the check alone.

    The row scope is lifted by the caller; a server that guards the limits answers by a function of its own.
    """
    settings, own = get_settings(work), company(work).currency
    limit, days = _own_terms(work, contact.id)
    return Terms(
        settings.credit_limits.get(contact.level) if limit is None else from_minor(limit, own),
        settings.overdue_days if days is None else days,
    )


@open_to_all("part of checks that tell whether, and figures to whom they are")
def may_bind(work: Work, contacts: Collection[Contact]) -> list[int]:
    """Return the ids of those customers that `binding_terms` may stop at all, in their order; asked for all at once."""
    settings = get_settings(work)
    found = {one.id for one in contacts if settings.overdue_days is not None or one.level in settings.credit_limits}
    others = sorted(one.id for one in contacts if one.id not in found)
    for some in portions(others):
        if work.is_guarded and work.actor is not SYSTEM:
            ids = func.unnest(cast(list(some), ARRAY(BigInteger))).table_valued("id")
            terms = func.crm.credit_terms(ids.c.id).table_valued("limit_amount")
            asked: Any = select(ids.c.id).where(select(terms.c.limit_amount).exists())
        else:
            asked = select(CustomerCredit.contact_id).where(CustomerCredit.contact_id.in_(some))
        found |= set(work.session.scalars(asked))
    return sorted(found)


def _own_terms(work: Work, contact_id: int) -> tuple[int | None, int | None]:
    # The program itself connects as the owner of the schema, whom the function would take for nobody.
    if work.is_guarded and work.actor is not SYSTEM:
        names: tuple[Any, ...] = (column("limit_amount"), column("overdue_days"))
        asked = func.crm.credit_terms(contact_id).table_valued(*names)
        found = work.session.execute(select(*asked.c)).one_or_none()
    else:
        own = select(CustomerCredit.limit_amount, CustomerCredit.overdue_days)
        found = work.session.execute(own.where(CustomerCredit.contact_id == contact_id)).one_or_none()
    return (None, None) if found is None else (found[0], found[1])


def _checked(changes: Mapping[str, Any], own: str) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    if "limit" in changes:
        checked["limit_amount"] = clean_limit(changes["limit"], own)
    if "overdue_days" in changes:
        checked["overdue_days"] = _days(changes["overdue_days"])
    return checked


def clean_limit(value: Any, own: str) -> int | None:
    """Return a limit in minor units of the currency `own`, None for no limit. Raises Invalid("limit")."""
    if value is None or value == "":
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount < _HIGHEST:
        raise Invalid("limit", N_("A limit is an amount from 0."))
    if amount != round_half_away(amount, exponent(own)):
        raise Invalid("limit", N_("{currency} has {places} decimals."), currency=own, places=exponent(own))
    return to_minor(amount, own)


def _days(value: Any) -> int | None:
    if value is None or value == "":
        return None
    if not isinstance(value, int | Decimal) or value != int(value) or not 0 <= value <= MOST_DAYS:
        raise Invalid("overdue_days", N_("This is a whole number of days, at most {most}."), most=f"{MOST_DAYS:,}")
    return int(value)
