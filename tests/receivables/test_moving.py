"""Money of merged contacts moves along; a contact with unsettled money stays."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_desktop.contacts import merge as merging
from crm_desktop.contacts import service as contacts
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Database
from crm_desktop.receivables.ledger_model import Allocation
from crm_desktop.receivables.model import CustomerCredit, Invoice
from crm_desktop.receivables.money import allocating, promises, receipts, rescheduling, write_offs
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Invalid
from tests.companies import Firm
from tests.orders.documents import contact_version
from tests.receivables.documents import DAY, credit, customer, money, open_of, pay, posted


def merge(database: Database, by: Actor, keep: int, lose: int) -> None:
    with database.begin(by) as work:
        versions = [work.get(Contact, id_).version for id_ in (keep, lose)]
        merging.merge(work, keep, versions[0], lose, versions[1], {})


def test_everything_moves_and_goes_on_working(database: Database, firm: Firm, accountant: Actor) -> None:
    keep, lose = customer(database, firm.anna), customer(database, firm.anna, "Atlas Ltd")
    invoice = posted(database, lose, 600, 400)
    note = credit(database, lose, 50)
    advance = pay(database, accountant, lose, 700, {invoice.instalments[0]: 300})
    with database.begin(accountant) as work:
        write_offs.write_off(work, {invoice.instalments[1]: money(1)}, "rounding")
        promises.promise(work, lose, {"currency": "CNY", "amount": money(9), "due_on": DAY})
        rescheduling.reschedule(work, invoice.instalments[1], [rescheduling.Part(money(399), DAY)], "asked for it")
    before = open_of(database, lose)
    merge(database, firm.manager, keep, lose)
    assert open_of(database, lose).instalments == ()
    assert open_of(database, keep) == before
    with database.read(SYSTEM) as work:
        owners = set(work.session.execute(select(Allocation.contact_id, Allocation.owner_key)).all())
        assert owners == {(keep, firm.anna.user_id)}
        assert work.get(Invoice, invoice.id).contact_sort == work.get(Contact, keep).sort_key
        assert len(promises.promises_of(work, keep)) == len(write_offs.write_offs_of(work, contact_id=keep)) == 1
        assert receipts.get(work, advance)["contact_id"] == keep
    with database.begin(accountant) as work:
        allocating.allocate_later(
            work, keep, [(("receipt", advance), invoice.instalments[0], money(100)),
                         (("credit", note.id), invoice.instalments[0], money(50))],
        )  # fmt: skip
    assert open_of(database, keep).balance == before.balance


def test_the_limit_of_the_one_that_stays_stands_above(database: Database, firm: Firm) -> None:
    for mine, theirs, expected in ((100, 200, 100), (None, 200, 200), (100, None, 100)):
        keep, lose = customer(database, firm.anna), customer(database, firm.anna, "Atlas Ltd")
        with database.begin(SYSTEM) as work:
            for contact_id, limit in ((keep, mine), (lose, theirs)):
                if limit is not None:
                    work.session.add(CustomerCredit(contact_id=contact_id, limit_amount=limit))
        merge(database, firm.manager, keep, lose)
        with database.read(SYSTEM) as work:
            asked = select(CustomerCredit.contact_id, CustomerCredit.limit_amount)
            assert work.session.execute(asked.where(CustomerCredit.contact_id.in_((keep, lose)))).all() == [
                (keep, expected)
            ]


def test_unsettled_money_keeps_a_contact_in_the_lists(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)

    def archive() -> None:
        with database.begin(firm.boss) as work:
            contacts.archive(work, [contact_id])

    invoice = posted(database, contact_id, 100)
    with pytest.raises(Invalid, match="Atlas"):
        archive()
    advance = pay(database, accountant, contact_id, 150, {invoice.instalments[0]: 100})
    with pytest.raises(Invalid, match="Atlas"):
        archive()
    other = posted(database, contact_id, 50)
    with database.begin(accountant) as work:
        allocating.allocate_later(work, contact_id, [(("receipt", advance), other.instalments[0], money(50))])
    with pytest.raises(Invalid), database.begin(firm.boss) as work:
        contacts.save(work, contact_id, contact_version(database, contact_id), {"is_customer": False})
    archive()
    assert open_of(database, contact_id).balance == Decimal(0)
