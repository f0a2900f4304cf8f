"""Short ways for the tests of money screens: debts by how late they are, accounts, an accountant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from crm_desktop.access import rules as roles
from crm_desktop.access.model import User, UserRole
from crm_desktop.db.work import Database
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables.money import accounts
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.companies import NOW
from tests.receivables.documents import credit, pay, posted

TODAY = NOW.date()


def day(days_ago: int) -> date:
    """Return a day before the company's today."""
    return TODAY - timedelta(days=days_ago)


def hire_accountant(database: Database, name: str = "Sun Lihua") -> Actor:
    """Return an accountant, whose limit for small differences is that of the role."""
    with database.begin(SYSTEM) as work:
        user = User(login="sun", login_key="sun", name=name, created_at=work.now)
        work.session.add(user)
        work.session.flush()
        work.session.add(UserRole(user_id=user.id, role="accountant"))
        return roles.combine(user_id=user.id, login="sun", name=name, roles=["accountant"], team_ids=())


def open_account(database: Database, name: str, currency: str = "") -> int:
    """Return the id of an account for money to arrive in."""
    with database.begin(SYSTEM) as work:
        return accounts.save_account(work, None, 0, {"name": name, "currency": currency})


def invoice(
    database: Database, contact_id: int, number: str, *parts: tuple[str, int | None], currency: str = "CNY"
) -> list[int]:
    """Post an invoice of parts (amount, days late; None: undated) and return the ids of its instalments."""
    due = [(amount, None if late is None else day(late)) for amount, late in parts]
    return list(posted(database, contact_id, *due, dated_on=day(100), currency=currency, number=number).instalments)


def credit_note(database: Database, contact_id: int, number: str, amount: str) -> int:
    """Post a credit note nothing is taken of yet and return its id."""
    return credit(database, contact_id, amount, number=number, dated_on=day(18)).id


def receive(
    database: Database,
    by: Actor,
    contact_id: int,
    amount: str,
    *,
    uses: Any = None,
    **values: Any,
) -> int:
    """Post a receipt and return its id; what pays nothing is an advance."""
    return pay(database, by, contact_id, amount, uses, method="transfer", **values)


def open_of(database: Database, instalment_ids: Sequence[int]) -> list[int]:
    """Return what is open of instalments, in minor units."""
    with database.read(SYSTEM) as work:
        found = select(Instalment.id, Instalment.open_amount).where(Instalment.id.in_(instalment_ids))
        amounts = dict(list(work.session.execute(found)))
        return [amounts[id_] for id_ in instalment_ids]
