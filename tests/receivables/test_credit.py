"""The credit limit that limits: asked in the services, with the rights of the program, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.orders import above, deliveries, quotes, service
from crm_desktop.orders.model import Order, OrderLine
from crm_desktop.receivables.billing.for_orders import InvoicesOfOrders
from crm_desktop.receivables.collecting import credit, credit_terms
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.companies import Firm
from tests.orders.documents import confirmed_order, customer, line, new_order, quote_of, sent_quote
from tests.receivables.credit_books import TODAY, advance, claim, set_company, set_terms


@pytest.fixture(autouse=True)
def _credit_above_orders() -> Iterator[None]:
    before = above.attached()
    above.attach(InvoicesOfOrders())
    yield
    above.attach(*before)


@pytest.fixture
def atlas(database: Database, firm: Firm) -> int:
    """A customer of Anna's, level A."""
    return customer(database, firm.anna, level="A")


def standing(database: Database, by: Actor, contact_id: int) -> credit.CreditStanding:
    with database.read(by) as work:
        return credit.standing(work, contact_id)


def confirm(database: Database, by: Actor, order_id: int, override: str = "") -> None:
    with database.begin(by) as work:
        service.confirm(work, order_id, work.get(Order, order_id).version, override=override)


def state_of(database: Database, order_id: int) -> str:
    with database.read(SYSTEM) as work:
        return work.get(Order, order_id).state


def noted(database: Database) -> list[JournalEntry]:
    with database.read(SYSTEM) as work:
        asked = select(JournalEntry).where(JournalEntry.entity == credit.OVERRIDE).order_by(JournalEntry.id)
        return list(work.session.scalars(asked))


# What a customer uses


def test_what_is_used_is_owed_less_unapplied_plus_confirmed_orders(database: Database, firm: Firm, atlas: int) -> None:
    claim(database, atlas, 100_00, late=74)
    claim(database, atlas, 40_00, late=0)  # due today is not late
    claim(database, atlas, 10_00, currency="USD", rate=Decimal("7.1234"))
    claim(database, atlas, 5_00, kind="credit")
    advance(database, atlas, 20_00)
    confirmed_order(database, firm.boss, atlas, line(price=200, tax=0))
    confirmed_order(database, firm.boss, atlas, line(price=10, tax=0), currency="USD", rate=Decimal(7))
    new_order(database, firm.boss, atlas, line(price=999))
    found = standing(database, firm.boss, atlas)
    assert found.open == Decimal("211.23")  # 100 + 40 + 10 USD at the invoice's rate
    assert (found.unapplied, found.planned) == (Decimal(25), Decimal(270))
    assert (found.balance, found.used) == (Decimal("186.23"), Decimal("456.23"))
    assert (found.overdue, found.oldest_late) == (Decimal(100), 74)
    assert found.limit is None
    assert found.free is None
    assert found.stop == ""


def test_goods_of_an_order_closed_short_count_until_they_are_invoiced(
    database: Database, firm: Firm, atlas: int
) -> None:
    order_id = confirmed_order(database, firm.boss, atlas, line(quantity=4, price=25, tax=10))
    with database.begin(firm.boss) as work:
        line_id = work.session.scalars(select(OrderLine.id)).one()
        deliveries.deliver(work, order_id, 0, {line_id: Decimal(3)})
        service.close_short(work, order_id, work.get(Order, order_id).version, "enough")
    assert standing(database, firm.boss, atlas).planned == Decimal("82.50")
    cancelled = confirmed_order(database, firm.boss, atlas)
    with database.begin(firm.boss) as work:
        service.cancel(work, cancelled, work.get(Order, cancelled).version, "no")
    assert standing(database, firm.boss, atlas).planned == Decimal("82.50")


# The limit


def test_ten_orders_do_not_pass_one_by_one(database: Database, firm: Firm, atlas: int) -> None:
    set_terms(database, firm.boss, atlas, limit=Decimal(250))
    first, second, third = (new_order(database, firm.anna, atlas, line(price=100, tax=0)) for _ in range(3))
    confirm(database, firm.anna, first)
    confirm(database, firm.anna, second)
    with pytest.raises(above.CreditStop) as refused:
        confirm(database, firm.anna, third)
    assert state_of(database, third) == "draft"
    # A rep is stopped all the same and reads no figure of the limit.
    assert not refused.value.may_override
    assert "Atlas" in str(refused.value)
    assert not any(figure in str(refused.value) for figure in ("250", "50", "300"))
    with pytest.raises(above.CreditStop) as told:
        confirm(database, firm.manager, third)
    assert told.value.may_override
    assert "300.00 CNY of a limit of 250.00 CNY: 50.00 CNY too much" in str(told.value)
    assert not noted(database)


def test_a_limit_is_the_customers_else_its_levels_else_none(database: Database, firm: Firm, atlas: int) -> None:
    big = new_order(database, firm.anna, atlas, line(price=1000, tax=0))
    set_company(database, credit_limits={"A": Decimal(500)})
    with pytest.raises(above.CreditStop):
        confirm(database, firm.anna, big)
    assert standing(database, firm.boss, atlas).limit == Decimal(500)
    set_terms(database, firm.boss, atlas, limit=Decimal(1000))
    assert standing(database, firm.boss, atlas).stop_after(Decimal(1000)) == ""
    assert standing(database, firm.boss, atlas).stop_after(Decimal("1000.01")) == credit.LIMIT
    confirm(database, firm.anna, big)
    with database.read(firm.boss) as work:
        terms = credit_terms.get(work, atlas)
    assert (terms.limit, terms.level, terms.level_limit) == (Decimal(1000), "A", Decimal(500))


def test_cash_only_passes_what_is_paid_in_advance(database: Database, firm: Firm, atlas: int) -> None:
    set_terms(database, firm.boss, atlas, limit=Decimal(0))
    order_id = new_order(database, firm.anna, atlas, line(price=100, tax=0))
    with pytest.raises(above.CreditStop) as told:
        confirm(database, firm.manager, order_id)
    assert "nothing on credit" in str(told.value)
    assert "100.00 CNY" in str(told.value)
    advance(database, atlas, 100_00)
    confirm(database, firm.anna, order_id)
    with database.begin(firm.anna) as work:
        line_id = work.session.scalars(select(OrderLine.id)).one()
        deliveries.deliver(work, order_id, 0, {line_id: Decimal(1)})


# The overdue stop


@pytest.mark.parametrize(("late", "stops"), [(60, False), (61, True)])
def test_an_old_debt_stops_everything(database: Database, firm: Firm, atlas: int, late: int, stops: bool) -> None:
    set_company(database, overdue_days=60)
    order_id = confirmed_order(database, firm.boss, atlas)
    draft = new_order(database, firm.anna, atlas)
    claim(database, atlas, 1, late=late)
    with database.read(SYSTEM) as work:
        line_id = work.session.scalars(select(OrderLine.id).where(OrderLine.order_id == order_id)).one()
    if not stops:
        confirm(database, firm.anna, draft)
        return
    with pytest.raises(above.CreditStop) as told:
        confirm(database, firm.anna, draft)
    assert "61 days overdue" in str(told.value)
    with pytest.raises(above.CreditStop), database.begin(firm.anna) as work:
        deliveries.deliver(work, order_id, 0, {line_id: Decimal(1)})
    set_terms(database, firm.boss, atlas, overdue_days=90)
    confirm(database, firm.anna, draft)


def test_a_disputed_debt_is_owed_but_stops_nothing(database: Database, firm: Firm, atlas: int) -> None:
    set_company(database, overdue_days=0)
    claim(database, atlas, 100_00, late=300, disputed_on=TODAY, dispute_reason="broken")
    found = standing(database, firm.boss, atlas)
    assert (found.used, found.oldest_late, found.stopping_late, found.stop) == (Decimal(100), 300, None, "")
    confirm(database, firm.anna, new_order(database, firm.anna, atlas))
    claim(database, atlas, 1, late=1)
    assert standing(database, firm.boss, atlas).stop == credit.OVERDUE


def test_money_that_is_not_allocated_yet_stops_no_customer(database: Database, firm: Firm, atlas: int) -> None:
    set_company(database, overdue_days=30)
    claim(database, atlas, 100_00, late=31)
    advance(database, atlas, 99_99)
    assert standing(database, firm.boss, atlas).stop == credit.OVERDUE
    advance(database, atlas, 1)
    assert standing(database, firm.boss, atlas).stop == ""


def test_both_reasons_are_told(database: Database, firm: Firm, atlas: int) -> None:
    set_terms(database, firm.boss, atlas, limit=Decimal(10), overdue_days=5)
    claim(database, atlas, 50_00, late=6)
    order_id = new_order(database, firm.manager, atlas, line(price=100, tax=0))
    with pytest.raises(above.CreditStop) as told:
        confirm(database, firm.manager, order_id)
    assert "6 days overdue" in str(told.value)
    assert "140.00 CNY too much" in str(told.value)


# Going on all the same


def test_an_override_needs_the_right_and_a_reason(database: Database, firm: Firm, atlas: int) -> None:
    set_terms(database, firm.boss, atlas, limit=Decimal(50))
    order_id = new_order(database, firm.anna, atlas)
    for by, reason in ((firm.anna, "please"), (firm.manager, ""), (firm.manager, " \n ")):
        with pytest.raises(above.CreditStop):
            confirm(database, by, order_id, override=reason)
    assert state_of(database, order_id) == "draft"
    assert not noted(database)
    confirm(database, firm.manager, order_id, override="The bank told us")
    assert state_of(database, order_id) == "confirmed"
    (entry,) = noted(database)
    assert (entry.entity_id, entry.contact_id, entry.actor_name) == (order_id, atlas, firm.manager.name)
    assert entry.after["reason"] == "The bank told us"
    assert entry.after["why"] == ["limit"]
    assert "50" not in str(entry.after), "who may read the journal need not read limits"


def test_an_override_that_was_not_needed_is_not_written_down(database: Database, firm: Firm, atlas: int) -> None:
    confirm(database, firm.manager, new_order(database, firm.anna, atlas), override="just in case")
    assert not noted(database)


# No way round it


def test_copies_and_orders_of_quotes_are_checked(database: Database, firm: Firm, atlas: int) -> None:
    first = confirmed_order(database, firm.anna, atlas, line(price=100, tax=0))
    quote_id = sent_quote(database, firm.anna, atlas, line(price=100, tax=0))
    set_terms(database, firm.boss, atlas, limit=Decimal(150))
    with database.begin(firm.anna) as work:
        copied = service.copy(work, first)
        ordered = quotes.make_order(work, quote_id, quote_of(database, firm.anna, quote_id).version)
    for order_id in (copied, ordered):
        with pytest.raises(above.CreditStop):
            confirm(database, firm.anna, order_id)


def test_a_confirmed_order_does_not_grow_past_the_limit(database: Database, firm: Firm, atlas: int) -> None:
    set_terms(database, firm.boss, atlas, limit=Decimal(150))
    order_id = confirmed_order(database, firm.anna, atlas, line(price=100, tax=0))

    def reprice(by: Actor, price: int, override: str = "") -> None:
        with database.begin(by) as work:
            lines = [dict(one) | {"unit_price": Decimal(price)} for one in service.get(work, order_id)["lines"]]
            version = work.get(Order, order_id).version
            service.save(work, order_id, version, {"lines": lines}, override=override)

    with pytest.raises(above.CreditStop):
        reprice(firm.anna, 200)
    reprice(firm.anna, 150)
    reprice(firm.manager, 200, "agreed")
    assert [entry.action for entry in noted(database)] == ["save"]
    # Less is never refused, even where it is still too much.
    reprice(firm.anna, 190)
    assert standing(database, firm.boss, atlas).used == Decimal(190)


def test_many_at_once_are_checked_together(database: Database, firm: Firm, atlas: int) -> None:
    other = customer(database, firm.anna, "Borealis")
    set_terms(database, firm.boss, atlas, limit=Decimal(250))
    rows = [{"contact_id": one, "lines": [line(price=100, tax=0)]} for one in (atlas, other, atlas, atlas)]
    with pytest.raises(above.CreditStop), database.begin(firm.anna) as work:
        service.create_many(work, rows, confirmed=True)
    assert standing(database, firm.boss, other).used == 0
    with database.begin(firm.anna) as work:
        service.create_many(work, rows[:3], confirmed=True)
    with database.begin(SYSTEM) as work:  # the program itself, making demo data, is not stopped
        service.create_many(work, rows, confirmed=True)
    assert not noted(database)


def test_posting_what_was_agreed_passes_and_what_is_new_does_not(database: Database, firm: Firm, atlas: int) -> None:
    set_terms(database, firm.boss, atlas, limit=Decimal(150))
    claim(database, atlas, 200_00)
    with database.begin(firm.anna) as work:
        credit.check(work, atlas, credit.POST, Decimal(0), Decimal(1), entity="invoice", entity_id=1)
    with pytest.raises(above.CreditStop), database.begin(firm.anna) as work:
        credit.check(work, atlas, credit.POST, Decimal("0.01"), Decimal(1), entity="invoice", entity_id=1)


def test_a_contract_that_claims_counts_once(database: Database, firm: Firm, atlas: int) -> None:
    set_company(database, claims_by="contract")
    set_terms(database, firm.boss, atlas, limit=Decimal(150))
    first, second = (new_order(database, firm.anna, atlas, line(price=100, tax=0)) for _ in range(2))
    confirm(database, firm.anna, first)
    found = standing(database, firm.boss, atlas)
    assert (found.open, found.planned, found.free) == (Decimal(100), Decimal(0), Decimal(50))
    with pytest.raises(above.CreditStop):
        confirm(database, firm.anna, second)


# Who sees and keeps limits


def test_figures_of_the_limit_are_for_those_who_may_read_them(database: Database, firm: Firm, atlas: int) -> None:
    set_terms(database, firm.boss, atlas, limit=Decimal(150), overdue_days=30)
    claim(database, atlas, 200_00, late=31)
    for by in (firm.boss, firm.manager):
        found = standing(database, by, atlas)
        assert (found.limit, found.free, found.overdue_days) == (Decimal(150), Decimal(-50), 30)
    found = standing(database, firm.anna, atlas)
    assert (found.limit, found.free, found.overdue_days) == (None, None, None)
    assert (found.used, found.oldest_late) == (Decimal(200), 31)
    assert found.stops(Decimal(0)) == (credit.OVERDUE, credit.LIMIT)
    assert "150" not in repr(found)
    with pytest.raises(NotFound):
        standing(database, firm.outsider, atlas)
    with pytest.raises(NotAllowed):
        standing(database, firm.buyer, atlas)
    with pytest.raises(NotAllowed), database.read(firm.anna) as work:
        credit_terms.get(work, atlas)
    with pytest.raises(NotAllowed):
        set_terms(database, firm.manager, atlas, limit=Decimal(1))


def test_terms_are_kept_with_a_version_and_journalled_out_of_the_customers_story(
    database: Database, firm: Firm, atlas: int
) -> None:
    set_terms(database, firm.boss, atlas, limit=Decimal(150))
    with pytest.raises(Conflict), database.begin(firm.boss) as work:
        credit_terms.save(work, atlas, 0, {"limit": Decimal(1)})
    set_terms(database, firm.boss, atlas, limit=None, overdue_days=7)
    with pytest.raises(Conflict) as clash, database.begin(firm.boss) as work:
        credit_terms.save(work, atlas, 1, {"limit": Decimal(200)})
    assert clash.value.original == {"limit": "150.00"}
    with database.read(firm.boss) as work:
        terms = credit_terms.get(work, atlas)
        asked = select(JournalEntry).where(JournalEntry.entity == credit_terms.ENTITY).order_by(JournalEntry.id)
        entries = list(work.session.scalars(asked))
    assert (terms.limit, terms.overdue_days, terms.version) == (None, 7, 2)
    assert [entry.entity_id for entry in entries] == [atlas, atlas]
    assert [entry.contact_id for entry in entries] == [None, None]
    assert [(entry.action, entry.before.get("limit"), entry.after.get("limit")) for entry in entries] == [
        ("create", None, "150.00"),
        ("update", "150.00", None),
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"limit": Decimal(-1)},
        {"limit": Decimal("0.001")},
        {"limit": Decimal("NaN")},
        {"limit": "much"},
        {"overdue_days": -1},
        {"overdue_days": Decimal("1.5")},
    ],
)
def test_terms_that_cannot_be_are_refused(database: Database, firm: Firm, atlas: int, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        set_terms(database, firm.boss, atlas, **values)
    assert refused.value.field == next(iter(values))
