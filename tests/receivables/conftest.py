"""Money hangs on contacts here as it does in the program, and somebody keeps the books."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.access import rules
from crm_desktop.access.model import User, UserRole
from crm_desktop.contacts import above
from crm_desktop.db.work import Database
from crm_desktop.orders import above as orders_above
from crm_desktop.orders.moving import DocumentsOfContacts
from crm_desktop.orders.told import ACTIONS, ENTITIES
from crm_desktop.products.moving import PriceListsOfContacts
from crm_desktop.receivables.billing.for_orders import InvoicesOfOrders
from crm_desktop.receivables.incoming.credit_limits import CreditLimits
from crm_desktop.receivables.moving import MoneyOfContacts
from crm_desktop.shared.actor import SYSTEM, Actor
from tests.companies import Firm


@pytest.fixture(autouse=True)
def _money_above_contacts() -> Iterator[None]:
    before, words, more = above.attached(), above.told(), above.additions()
    features = (DocumentsOfContacts(), PriceListsOfContacts(), MoneyOfContacts())
    above.attach(*features, told=above.Told(ENTITIES, ACTIONS), additions=(CreditLimits(),))
    yield
    above.attach(*before, told=words, additions=more)


@pytest.fixture(autouse=True)
def _invoices_above_orders() -> Iterator[None]:
    before = orders_above.attached()
    orders_above.attach(InvoicesOfOrders())
    yield
    orders_above.attach(*before)


@pytest.fixture
def accountant(database: Database, firm: Firm) -> Actor:
    """Li Na, who keeps the books of the firm."""
    assert firm
    with database.begin(SYSTEM) as work:
        user = User(login="lina", login_key="lina", name="Li Na", created_at=work.now)
        work.session.add(user)
        work.session.flush()
        work.session.add(UserRole(user_id=user.id, role="accountant"))
        user_id = user.id
    return rules.combine(user_id=user_id, login="lina", name="Li Na", roles=["accountant"])
