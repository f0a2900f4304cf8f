"""Money where a PostgreSQL server enforces what every person reads and writes by itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm_desktop.access.company import today
from crm_desktop.contacts import merge as merging
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.engine import postgres_url
from crm_desktop.db.server import administrator_engine
from crm_desktop.db.work import Database
from crm_desktop.orders import above
from crm_desktop.orders import service as orders
from crm_desktop.orders.model import Order
from crm_desktop.receivables import settings
from crm_desktop.receivables.billing.for_orders import InvoicesOfOrders
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.money import (
    accounts,
    allocating,
    disputes,
    paying_back,
    promises,
    receipts,
    rescheduling,
    write_offs,
)
from crm_desktop.receivables.money.open_items import open_items
from crm_desktop.receivables.money.rescheduling import Part
from crm_desktop.shared.actor import SYSTEM
from crm_desktop.shared.errors import Invalid, NotAllowed, NotFound
from tests.db.server_company import ServerCompany, found
from tests.orders.documents import line
from tests.postgres import create_database, drop_database
from tests.receivables.documents import Posted, money, posted_in

pytestmark = pytest.mark.postgres

TABLES = ("invoice", "instalment", "receipt", "allocation", "write_off", "reschedule", "promise")


def begin(company: ServerCompany, login: str) -> Any:
    return Database(company.engine(login)).begin(company.actor(login))


def new_contact(company: ServerCompany, login: str, name: str, **values: Any) -> int:
    with begin(company, login) as work:
        return contacts.create(work, {"name": name, "is_customer": True, **values})


def post(company: ServerCompany, contact_id: int, *parts: object, kind: str = "invoice") -> Posted:
    engine = administrator_engine(postgres_url(company.url))
    try:
        with Database(engine).begin(SYSTEM) as work:
            day = today(work) - timedelta(days=10)
            return posted_in(work, contact_id, *parts, dated_on=day, currency="EUR", kind=kind)
    finally:
        engine.dispose()


def pay(company: ServerCompany, login: str, contact_id: int, amount: object, uses: dict[int, Any]) -> int:
    with begin(company, login) as work:
        assert work.is_guarded
        values = {"contact_id": contact_id, "currency": "EUR", "amount": money(amount)}
        made = receipts.post(work, values, {id_: money(some) for id_, some in uses.items()})
    assert made is not None
    return made


def everything(company: ServerCompany, contact_id: int) -> Posted:
    """An accountant does all there is to do; returns the invoice: 600 and 400, of which 250 are open."""
    invoice, note = post(company, contact_id, 600, 400), post(company, contact_id, 50, kind="credit")
    first, second = invoice.instalments
    with begin(company, "abe") as work:
        bank = accounts.save_account(work, None, 0, {"name": f"Bank {contact_id}"})
        values = {"contact_id": contact_id, "currency": "EUR", "amount": money(700), "account_id": bank}
        paid = receipts.post(work, values, {first: money(650 - 50)}, {("credit", note.id): money(50)})
        assert paid is not None
    with begin(company, "abe") as work:
        allocating.allocate_later(work, contact_id, [(("receipt", paid), second, money(100))])
        receipts.save(work, paid, 1, {"reference": "TT 1"})
    with begin(company, "abe") as work:
        used = receipts.get(work, paid)["uses"]
        allocating.unallocate(work, contact_id, [used[-1].id])
        paying_back.refund(work, ("receipt", paid), money(10), {"reason": "asked"})
    with begin(company, "abe") as work:
        lost = write_offs.write_off(work, {second: money(20)}, "rounding")
        write_offs.take_back(work, lost)
        write_offs.write_off(work, {second: money(10)}, "rounding")
        day = today(work)
        rescheduling.reschedule(work, second, [Part(money(390), day)], "asked for it")
    bounced = pay(company, "abe", contact_id, 5, {})
    with begin(company, "abe") as work:
        paying_back.reverse(work, bounced, 1, "bounced")
        allocating.allocate_later(
            work,
            contact_id,
            [(("receipt", paid), open_items(work, contact_id, "EUR").instalments[0].id, money(140))],
        )
    return invoice


def counts(company: ServerCompany, login: str) -> dict[str, int]:
    with company.attempt(login) as connection:
        return {name: connection.scalar(text(f"select count(*) from crm.{name}")) or 0 for name in TABLES}


def test_an_accountant_does_all_of_it_and_each_sees_what_they_reach(company: ServerCompany) -> None:
    own, theirs = new_contact(company, "ann", "Atlas"), new_contact(company, "bob", "Borealis")
    everything(company, own)
    everything(company, theirs)
    once = {
        "invoice": 2,
        "instalment": 3,
        "receipt": 4,
        "allocation": 11,
        "write_off": 2,
        "reschedule": 1,
        "promise": 0,
    }
    twice = {name: 2 * count for name, count in once.items()}
    assert counts(company, "olga") == counts(company, "abe") == twice
    assert counts(company, "mia") == counts(company, "ann") == counts(company, "bob") == once
    for login in ("cy", "pat", "adi"):
        assert counts(company, login) == dict.fromkeys(TABLES, 0)
    with begin(company, "ann") as work:
        opened = open_items(work, own, "EUR")
        assert (opened.balance, len(opened.instalments)) == (Decimal("250.00"), 1)
        assert open_items(work, theirs, "EUR").instalments == ()
        assert {one.target_number for one in receipts.get(work, 1)["uses"]} >= {"RF2026-0001"}
    for nobody in ("pat", "adi"):
        with pytest.raises(NotAllowed), begin(company, nobody) as work:
            open_items(work, own, "EUR")


def test_a_rep_promises_and_disputes_and_nothing_else(company: ServerCompany) -> None:
    own, theirs = new_contact(company, "ann", "Atlas"), new_contact(company, "bob", "Borealis")
    (mine,), (other,) = post(company, own, 100).instalments, post(company, theirs, 100).instalments
    advance = pay(company, "abe", own, 100, {})
    with begin(company, "ann") as work:
        values = {"currency": "EUR", "amount": money(5), "due_on": today(work)}
        made = promises.promise(work, own, values)
        disputes.dispute(work, mine, "two boxes wet")
    with begin(company, "ann") as work:
        disputes.settle(work, mine, outcome="new boxes")
        promises.withdraw(work, made, 1)
        assert promises.promises_of(work, own)[0].state == "withdrawn"
    with pytest.raises(Invalid), begin(company, "ann") as work:
        promises.promise(work, theirs, values)
    with pytest.raises(NotFound), begin(company, "ann") as work:
        disputes.dispute(work, other, "not mine")
    with pytest.raises(NotAllowed), begin(company, "ann") as work:
        allocating.allocate_later(work, own, [(("receipt", advance), mine, money(1))])


FOLLOWED = "c.id, c.owner_key, c.sort_key"
OF_CUSTOMER = "contact_id, owner_key, contact_sort"


MOVES = [
    "insert into crm.allocation (receipt_id, instalment_id, currency, amount, dated_on, created_at, "
    f"{OF_CUSTOMER}) select :receipt, :instalment, 'EUR', 1, current_date, now(), {FOLLOWED} from crm.contact c"
    " where c.id = :contact",
    "insert into crm.receipt (kind, number, serial, dated_on, currency, amount, rate, method, reference, "
    "reference_key, payer, reason, notes, open_amount, created_at, updated_at, version, "
    f"{OF_CUSTOMER}) select 'receipt', 'X', 1, current_date, 'EUR', 1, 1, 'cash', '', '', '', '', '', 1, now(), "
    f"now(), 1, {FOLLOWED} from crm.contact c where c.id = :contact",
    "insert into crm.write_off (kind, dated_on, currency, amount, reason, created_at, version, "
    f"{OF_CUSTOMER}) select 'bad_debt', current_date, 'EUR', 1, '', now(), 1, {FOLLOWED} from crm.contact c"
    " where c.id = :contact",
    "insert into crm.reschedule (instalment_id, dated_on, currency, amount, reason, created_at, "
    f"{OF_CUSTOMER}) select :instalment, current_date, 'EUR', 1, '', now(), {FOLLOWED} from crm.contact c"
    " where c.id = :contact",
    "update crm.receipt set amount = 1",
    "update crm.allocation set amount = 1",
    "update crm.invoice set total = 1",
    "delete from crm.allocation",
    "delete from crm.receipt",
    "delete from crm.write_off",
    "update crm.instalment set open_amount = 0, settled_on = current_date where id = :instalment",
    "update crm.instalment set open_amount = 0 where id = :instalment",
    "update crm.instalment set settled_on = current_date where id = :instalment",
    "update crm.instalment set amount = 1, open_amount = 1 where id = :instalment",
    "update crm.instalment set due_on = '2099-01-01' where id = :instalment",
    "update crm.instalment set claimed_on = claimed_on - 90 where id = :instalment",
    "delete from crm.instalment where id = :instalment",
    "insert into crm.instalment (order_id, invoice_id, position, label, currency, amount, event, claimed_on, "
    f"open_amount, dispute_reason, dunning_level, {OF_CUSTOMER}) select null, invoice_id, 5, '', 'EUR', 7, '', "
    f"current_date, 7, '', 0, {FOLLOWED} from crm.instalment i join crm.contact c on c.id = i.contact_id"
    " where i.id = :instalment",
    "select crm.take_numbers('receipt', 2026, 0)",
]


@pytest.mark.parametrize("statement", MOVES)
def test_money_is_not_moved_by_plain_sql(server_with_money: Any, statement: str) -> None:
    company, given = server_with_money
    before = kept(company)
    used = {name: value for name, value in given.items() if f":{name}" in statement}
    for login in ("ann", "mia", "bob", "pat", "adi"):
        with company.attempt(login) as connection, contextlib.suppress(DBAPIError):
            connection.execute(text(statement), used)
            connection.commit()
    assert kept(company) == before


@pytest.mark.parametrize("statement", [one for one in MOVES if one.startswith("insert") or "instalment set" in one])
def test_the_same_statements_are_no_nonsense(server_with_money: Any, statement: str) -> None:
    """What is refused to others is refused because of who they are: whoever keeps the books may."""
    company, given = server_with_money
    with company.attempt("abe") as connection:
        used = {name: value for name, value in given.items() if f":{name}" in statement}
        assert connection.execute(text(statement), used).rowcount == 1


@pytest.fixture(scope="module")
def server_with_money(postgres_server: str) -> Iterator[tuple[ServerCompany, dict[str, int]]]:
    url = create_database(postgres_server)
    company = found(url, contacts=30)
    own = new_contact(company, "ann", "Atlas")
    (instalment,) = post(company, own, 100).instalments
    advance = pay(company, "abe", own, 100, {instalment: 40})
    yield company, {"contact": own, "instalment": instalment, "receipt": advance}
    company.close()
    drop_database(url)


def kept(company: ServerCompany) -> list[list[Any]]:
    with company.admin() as connection:
        return [
            [tuple(row) for row in connection.execute(text(f"select * from crm.{name} order by 1, 2"))]
            for name in (*TABLES, "counter")
        ]


def test_a_manager_merges_money_without_being_allowed_to_touch_it(company: ServerCompany) -> None:
    keep, lose = new_contact(company, "ann", "Atlas"), new_contact(company, "ann", "Atlas Ltd")
    everything(company, lose)
    with begin(company, "abe") as work:
        before = open_items(work, lose, "EUR")
    with begin(company, "mia") as work:
        versions = [work.get(Contact, one).version for one in (keep, lose)]
        merging.merge(work, keep, versions[0], lose, versions[1], {})
    with begin(company, "ann") as work:
        assert open_items(work, keep, "EUR") == before
    with begin(company, "abe") as work:
        paid = receipts.get(work, 1)
        assert (paid["contact_id"], work.get(Receipt, 1).version) == (keep, 3)
        versioned = receipts.duplicates(
            work,
            {"contact_id": keep, "currency": "EUR", "amount": money(700), "dated_on": paid["dated_on"]},
        )
        assert [one.id for one in versioned] == [1]


def test_a_manager_moves_no_money_of_others(company: ServerCompany) -> None:
    own, theirs = new_contact(company, "ann", "Atlas"), new_contact(company, "bob", "Borealis")
    everything(company, theirs)
    for login, one, two in (("mia", theirs, own), ("mia", own, theirs), ("ann", own, own), ("pat", own, theirs)):
        with company.attempt(login) as connection, pytest.raises(DBAPIError):
            connection.execute(text("select crm.move_money(:one, :two)"), {"one": one, "two": two})
    assert counts(company, "ann")["invoice"] == 0


def test_a_rep_confirms_a_contract_that_claims(company: ServerCompany) -> None:
    before = above.attached()
    above.attach(InvoicesOfOrders())
    try:
        with begin(company, "abe") as work:
            settings.save_settings(work, settings.get_settings(work).version, {"claims_by": "contract"})
        own = new_contact(company, "ann", "Atlas")
        with begin(company, "ann") as work:
            order_id = orders.create(work, {"contact_id": own, "lines": (line(price=100, tax=0),)})
            orders.confirm(work, order_id, work.get(Order, order_id).version)
        with begin(company, "ann") as work:
            assert open_items(work, own, "EUR").balance == Decimal("100.00")
    finally:
        above.attach(*before)
