"""The check of stored figures: silent over what the services wrote, loud about every figure that is off."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from crm_desktop.db.work import Database
from crm_desktop.orders import deliveries, proof
from crm_desktop.orders.model import Order
from crm_desktop.shared.actor import SYSTEM
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, new_order, sent_quote


@pytest.fixture
def sold(database: Database, firm: Firm) -> int:
    atlas = customer(database, firm.anna)
    order_id = confirmed_order(database, firm.anna, atlas, line(quantity=3, price="9.99"), discount_percent=Decimal(7))
    new_order(database, firm.anna, atlas)
    sent_quote(database, firm.anna, atlas, line(price="0.33", quantity=7))
    with database.begin(firm.anna) as work:
        (only,) = deliveries.open_lines(work, order_id)
        deliveries.deliver(work, order_id, work.get(Order, order_id).version, {only.line_id: Decimal("1.5")})
    return order_id


def told(database: Database) -> list[str]:
    with database.read(SYSTEM) as work:
        return list(proof.findings(work))


@pytest.mark.usefixtures("sold")
def test_what_the_services_wrote_adds_up(database: Database) -> None:
    assert told(database) == []


@pytest.mark.usefixtures("sold")
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE order_line SET net = net + 1 WHERE net > 2000", "add up to"),
        ("UPDATE quote SET total = total + 1", "add up to its total"),
        ("UPDATE instalment SET amount = amount - 1", "instalments of 1 order"),
        ("UPDATE delivery_line SET quantity = 1000000", "another delivered quantity"),
        ("UPDATE counter SET last = last + 1 WHERE series = 'order'", "gap"),
    ],
)
def test_a_figure_that_is_off_is_told(database: Database, damage: str, said: str) -> None:
    with database.begin(SYSTEM) as work:
        assert work.session.execute(text(damage)).rowcount  # type: ignore[attr-defined]
    assert any(said in sentence for sentence in told(database)), told(database)
