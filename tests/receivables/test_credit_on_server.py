"""The credit limit where a PostgreSQL server guards it from whoever it stops."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm_desktop.orders import above, deliveries, service
from crm_desktop.orders.model import Order, OrderLine
from crm_desktop.receivables.billing.for_orders import InvoicesOfOrders
from crm_desktop.receivables.collecting import credit, credit_terms
from crm_desktop.shared.errors import NotAllowed
from tests.db.server_company import ServerCompany
from tests.orders.documents import line
from tests.orders.test_on_server import begin, new_contact

pytestmark = pytest.mark.postgres


@pytest.fixture
def company(company: ServerCompany) -> Iterator[ServerCompany]:
    before = above.attached()
    above.attach(InvoicesOfOrders())
    yield company
    above.attach(*before)


def new_order(company: ServerCompany, login: str, contact_id: int, price: int) -> int:
    with begin(company, login) as work:
        return service.create(work, {"contact_id": contact_id, "lines": [line(price=price, tax=0)]})


def confirm(company: ServerCompany, login: str, order_id: int, override: str = "") -> None:
    with begin(company, login) as work:
        service.confirm(work, order_id, work.get(Order, order_id).version, override=override)


def test_a_rep_is_stopped_by_a_limit_the_server_hides(company: ServerCompany) -> None:
    atlas = new_contact(company, "ann", "Atlas")
    with begin(company, "abe") as work:
        assert credit_terms.save(work, atlas, 0, {"limit": Decimal(150)}).limit == Decimal(150)
    with company.attempt("ann") as connection:
        assert connection.scalar(text("select count(*) from crm.customer_credit")) == 0
    first, second = (new_order(company, "ann", atlas, 100) for _ in range(2))
    confirm(company, "ann", first)
    with pytest.raises(above.CreditStop) as told:
        confirm(company, "ann", second)
    assert not told.value.may_override
    assert "150" not in str(told.value)
    with begin(company, "ann") as work:
        seen = credit.standing(work, atlas)
        assert (seen.limit, seen.free, seen.used) == (None, None, Decimal(100))
        assert seen.stop_after(Decimal(51)) == credit.LIMIT
    with pytest.raises(NotAllowed), begin(company, "ann") as work:
        credit_terms.get(work, atlas)
    # Her manager reads the limit and goes on with a reason, which the accountant finds in the journal.
    with begin(company, "mia") as work:
        assert credit.standing(work, atlas).free == Decimal(50)
    confirm(company, "mia", second, "A promise by telephone")
    with company.attempt("abe") as connection:
        asked = text("select after->>'reason' from crm.journal where entity = 'credit_override' and contact_id = :id")
        assert connection.scalars(asked, {"id": atlas}).all() == ["A promise by telephone"]
    with company.attempt("bob") as connection:
        assert connection.scalars(asked, {"id": atlas}).all() == []


def test_nobody_asks_for_the_limit_of_a_customer_out_of_reach(company: ServerCompany) -> None:
    theirs = new_contact(company, "ann", "Atlas")
    others = new_contact(company, "bob", "Bern")
    with begin(company, "abe") as work:
        for contact_id in (theirs, others):
            credit_terms.save(work, contact_id, 0, {"limit": Decimal(150)})
    asked = text("select count(*) from crm.credit_terms(:id)")
    with company.attempt("ann") as connection:
        assert [connection.scalar(asked, {"id": id_}) for id_ in (theirs, others)] == [1, 0]


def test_delivering_is_stopped_too(company: ServerCompany) -> None:
    atlas = new_contact(company, "ann", "Atlas")
    order_id = new_order(company, "ann", atlas, 100)
    confirm(company, "ann", order_id)
    with begin(company, "abe") as work:
        credit_terms.save(work, atlas, 0, {"limit": Decimal(0)})
    with begin(company, "ann") as work:
        line_id = work.session.query(OrderLine.id).filter(OrderLine.order_id == order_id).scalar()
    with pytest.raises(above.CreditStop), begin(company, "ann") as work:
        deliveries.deliver(work, order_id, 0, {line_id: Decimal(1)})


def test_two_people_do_not_both_take_the_last_of_a_limit(company: ServerCompany) -> None:
    atlas = new_contact(company, "ann", "Atlas")
    orders = [new_order(company, "ann", atlas, 100) for _ in range(2)]
    with begin(company, "abe") as work:
        credit_terms.save(work, atlas, 0, {"limit": Decimal(150)})
    with ThreadPoolExecutor(1) as other:
        with begin(company, "ann") as work:
            service.confirm(work, orders[0], work.get(Order, orders[0]).version)
            second = other.submit(confirm, company, "mia", orders[1])
            wait_until_somebody_waits(company)
        assert isinstance(second.exception(timeout=20), above.CreditStop)


def wait_until_somebody_waits(company: ServerCompany) -> None:
    """Return once a connection waits for another one."""
    asked = text("select count(*) from pg_locks where not granted")
    deadline = time.monotonic() + 20
    with company.admin() as connection:
        while not connection.scalar(asked):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_the_limit_is_kept_by_those_who_may(company: ServerCompany) -> None:
    atlas = new_contact(company, "ann", "Atlas")
    for login in ("ann", "mia", "bob", "pat"):
        with company.attempt(login) as connection, pytest.raises(DBAPIError):
            connection.execute(
                text("insert into crm.customer_credit (contact_id, version) values (:id, 1)"), {"id": atlas}
            )
    for login in ("olga", "abe"):
        with begin(company, login) as work:
            version = credit_terms.get(work, atlas).version
            credit_terms.save(work, atlas, version, {"limit": Decimal(7), "overdue_days": 3})
    with company.attempt("pat") as connection, pytest.raises(DBAPIError):
        connection.execute(text("select * from crm.credit_terms(:id)"), {"id": atlas})
