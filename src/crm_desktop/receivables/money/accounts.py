"""The bank accounts and cash boxes that money arrives in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from crm_desktop.db.work import Work
from crm_desktop.receivables.model import Account
from crm_desktop.receivables.money.receipt_values import clean_currency
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.text import clean_line


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account; an empty `currency` takes any."""

    id: int
    version: int
    name: str
    number: str
    currency: str
    active: bool


@requires(Permission.RECEIPT_READ)
def accounts(work: Work, *, currency: str = "", inactive: bool = False) -> tuple[AccountRow, ...]:
    """Return the accounts by name: those that take a currency, and closed ones only when asked for."""
    asked = select(Account).order_by(func.lower(Account.name), Account.id)
    if currency:
        asked = asked.where(or_(Account.currency == currency, Account.currency == ""))
    if not inactive:
        asked = asked.where(Account.active)
    return tuple(
        AccountRow(row.id, row.version, row.name, row.number, row.currency, row.active)
        for row in work.session.scalars(asked)
    )


@requires(Permission.RECEIVABLE_SETTINGS_WRITE)
def save_account(work: Work, account_id: int | None, version: int, values: Mapping[str, Any]) -> int:
    """Open an account, or change one over `version`: name, number, currency, active; return its id.

    An account is closed, never deleted. Raises Conflict, Invalid(name, currency), NotFound.
    """
    checked = {name: values[name] for name in ("name", "number", "currency", "active") if name in values}
    for name in ("name", "number"):
        if name in checked:
            checked[name] = clean_line(str(checked[name] or ""))
    if checked.get("currency"):
        checked["currency"] = clean_currency(checked["currency"])
    if account_id is None:
        row = Account(**{"number": "", "currency": "", "active": True, "name": "", **checked})
        work.session.add(row)
    else:
        row = work.edit(Account, account_id, version, checked)
        for name, value in checked.items():
            setattr(row, name, value)
    if not row.name:
        raise Invalid("name", N_("An account needs a name."))
    work.session.flush()
    taken = select(Account.id).where(func.lower(Account.name) == row.name.lower(), Account.id != row.id)
    if work.session.scalar(taken.limit(1)) is not None:
        raise Invalid("name", N_("There is another account with this name."))
    return row.id
