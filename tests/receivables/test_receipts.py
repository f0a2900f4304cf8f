"""Money that comes in: what it pays, what stays, differences, refunds and receipts that never arrived."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.receivables import rules, settings
from crm_desktop.receivables.ledger import NotEnough
from crm_desktop.receivables.money import accounts, paying_back, receipts, rescheduling
from crm_desktop.receivables.money.uses import uses_of
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.companies import Firm
from tests.orders.documents import confirmed_order, line, order_of
from tests.receivables import billing
from tests.receivables.documents import (
    DAY,
    credit,
    customer,
    money,
    open_of,
    opens,
    pay,
    posted,
    receipt_of,
    used_of,
    version_of,
)


def test_one_transfer_covers_three_invoices_the_last_in_part(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    first, second, third = (posted(database, contact_id, 1000) for _number in range(3))
    uses = {first.instalments[0]: 1000, second.instalments[0]: 1000, third.instalments[0]: "500.50"}
    receipt_id = pay(database, accountant, contact_id, "2500.50", uses)
    record = receipt_of(database, accountant, receipt_id)
    assert (record["number"], record["open"], record["settled_on"]) == ("RC2026-0001", Decimal("0.00"), DAY)
    assert used_of(database, receipt_id) == [
        (first.number, Decimal("1000.00")),
        (second.number, Decimal("1000.00")),
        (third.number, Decimal("500.50")),
    ]
    opened = open_of(database, contact_id)
    assert [(one.number, one.open) for one in opened.instalments] == [(third.number, Decimal("499.50"))]
    assert opened.balance == Decimal("499.50")


def test_2900_for_3000_less_a_credit_of_100(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    invoices = [posted(database, contact_id, 1000) for _number in range(3)]
    note = credit(database, contact_id, 100)
    uses = {one.instalments[0]: 1000 for one in invoices}
    receipt_id = pay(database, accountant, contact_id, 2900, uses, {("credit", note.id): 100})
    assert open_of(database, contact_id).balance == 0
    assert used_of(database, receipt_id) == [
        (invoices[0].number, Decimal("900.00")),
        (invoices[1].number, Decimal("1000.00")),
        (invoices[2].number, Decimal("1000.00")),
    ]
    with database.read(accountant) as work:
        on_invoice = uses_of(work, invoice_id=invoices[0].id)
        on_credit = uses_of(work, credit_id=note.id)
    assert [(one.source, one.source_number, one.amount) for one in on_invoice] == [
        ("credit", note.number, Decimal("100.00")),
        ("receipt", "RC2026-0001", Decimal("900.00")),
    ]
    assert [(one.target_number, one.amount) for one in on_credit] == [(invoices[0].number, Decimal("100.00"))]


def test_the_rest_stays_as_an_advance_usable_in_any_part(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    early = pay(database, accountant, contact_id, 1000)
    assert [(one.key, one.open) for one in open_of(database, contact_id).credits] == [
        (("receipt", early), Decimal("1000.00"))
    ]
    invoice = posted(database, contact_id, 300, 300, dated_on=DAY)
    later = pay(database, accountant, contact_id, 50, {invoice.instalments[0]: 300}, {("receipt", early): 250})
    assert used_of(database, early) == [(invoice.number, Decimal("250.00"))]
    assert used_of(database, later) == [(invoice.number, Decimal("50.00"))]
    assert pay(database, accountant, contact_id, 0, {invoice.instalments[1]: 300}, {("receipt", early): 300}) == 0
    assert open_of(database, contact_id).balance == Decimal("-450.00")
    assert receipt_of(database, accountant, early)["open"] == Decimal("450.00")


def test_a_bank_fee_is_settled_within_the_limit_of_the_role(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    invoice = posted(database, contact_id, 1000)
    limit = settings_limit(database, accountant, "accountant", 10)
    with pytest.raises(Invalid) as refused:
        pay(database, accountant, contact_id, 980, {invoice.instalments[0]: 1000}, difference=("bank_fee", 20))
    assert refused.value.field == "difference"
    assert "10.00 CNY" in str(refused.value)
    assert limit == Decimal("10.00")
    receipt_id = pay(
        database, accountant, contact_id, "990.01", {invoice.instalments[0]: 1000}, difference=("bank_fee", "9.99")
    )
    record = receipt_of(database, accountant, receipt_id)
    assert [(one.kind, one.amount, one.taken_back) for one in record["settled"]] == [
        ("bank_fee", Decimal("9.99"), Decimal("0.00"))
    ]
    assert open_of(database, contact_id).balance == 0
    other = posted(database, contact_id, 1000)
    pay(database, firm.boss, contact_id, 500, {other.instalments[0]: 1000}, difference=("difference", 500))
    assert open_of(database, contact_id).balance == 0


def settings_limit(database: Database, by: Actor, role: str, amount: int) -> Decimal | None:
    with database.begin(SYSTEM) as work:
        version = settings.get_settings(work).version
        settings.save_settings(work, version, {"difference_limits": {role: Decimal(amount)}})
    with database.read(by) as work:
        return receipts.difference_limit(work, "CNY")


def test_the_limit_is_in_the_company_currency(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    invoice = posted(database, contact_id, 100, currency="EUR")
    settings_limit(database, accountant, "accountant", 10)
    with pytest.raises(Invalid) as unknown:
        pay(database, accountant, contact_id, 100, currency="USD")
    assert unknown.value.field == "rate"
    with pytest.raises(Invalid, match=r"1\.25 EUR"):
        pay(
            database, accountant, contact_id, "98.74", {invoice.instalments[0]: 100},
            difference=("bank_fee", "1.26"), currency="EUR", rate=Decimal(8),
        )  # fmt: skip
    pay(
        database, accountant, contact_id, "98.75", {invoice.instalments[0]: 100},
        difference=("bank_fee", "1.25"), currency="EUR", rate=Decimal(8),
    )  # fmt: skip
    with database.read(accountant) as work:
        assert receipts.difference_limit(work, "EUR") == Decimal("1.25")
        assert receipts.defaults(work, contact_id)["rate"] == Decimal(8)


def test_a_small_surplus_is_kept(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    settings_limit(database, accountant, "accountant", 10)
    invoice = posted(database, contact_id, 1000)
    receipt_id = pay(
        database, accountant, contact_id, "1000.03", {invoice.instalments[0]: 1000}, difference=("difference", "0.03")
    )
    assert used_of(database, receipt_id) == [(invoice.number, Decimal("1000.00")), ("RF2026-0001", Decimal("0.03"))]
    assert open_of(database, contact_id).balance == 0
    advance = pay(database, accountant, contact_id, "5.00")
    with database.begin(accountant) as work:
        kept = paying_back.keep(work, ("receipt", advance), money("5.00"), reason="rounding")
        assert receipts.get(work, kept)["kind"] == "kept"
    assert open_of(database, contact_id).balance == 0


@pytest.mark.parametrize(
    ("amount", "uses", "taken", "difference", "field"),
    [
        (1100, {0: 1000}, {}, ("bank_fee", 100), "difference"),
        (1100, {0: 1000}, {}, ("difference", 101), "difference"),
        (900, {0: 1000}, {}, ("difference", 99), "difference"),
        (900, {0: 1000}, {}, ("bad_debt", 100), "difference"),
        (900, {0: 1000}, {}, None, "uses"),
        (900, {0: 10}, {"credit": 20}, None, "taken"),
        (0, {}, {}, None, "amount"),
        (0, {0: 10}, {}, None, "amount"),
        ("0.001", {}, {}, None, "amount"),
        (-5, {}, {}, None, "amount"),
    ],
)
def test_what_does_not_add_up_is_refused(
    file_database: Database,
    amount: object,
    uses: dict[int, object],
    taken: dict[str, object],
    difference: tuple[str, object] | None,
    field: str,
) -> None:
    contact_id, invoice, note = _small_world(file_database)
    with pytest.raises(Invalid) as refused:
        pay(
            file_database, SYSTEM, contact_id, amount,
            {invoice.instalments[place]: some for place, some in uses.items()},
            {(kind, note.id): some for kind, some in taken.items()},
            difference=difference,
        )  # fmt: skip
    assert refused.value.field == field
    assert open_of(file_database, contact_id).balance == Decimal("900.00")


def _small_world(database: Database) -> tuple[int, object, object]:  # type: ignore[type-arg]
    from tests.companies import found_firm

    firm = found_firm(database)
    contact_id = customer(database, firm.boss)
    return contact_id, posted(database, contact_id, 1000), credit(database, contact_id, 100)


def test_days_are_lawful(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    for day in (date(2026, 11, 21), date(2026, 10, 31)):
        with database.begin(SYSTEM) as work:
            version = settings.get_settings(work).version
            settings.save_settings(work, version, {"closed_through": date(2026, 10, 31)})
        with pytest.raises(Invalid) as refused:
            pay(database, accountant, contact_id, 10, dated_on=day)
        assert refused.value.field == "dated_on"
    pay(database, accountant, contact_id, 10, dated_on=date(2026, 11, 1))


def test_somebody_was_faster(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    invoice = posted(database, contact_id, 1000)
    pay(database, accountant, contact_id, 400, {invoice.instalments[0]: 400})
    with pytest.raises(NotEnough, match=rf"600\.00 CNY of {invoice.number}"):
        pay(database, accountant, contact_id, 1000, {invoice.instalments[0]: 1000})
    note = credit(database, contact_id, 100)
    with pytest.raises(NotEnough):
        pay(database, accountant, contact_id, 0, {invoice.instalments[0]: 101}, {("credit", note.id): 101})
    # Nothing of what was refused burnt a number.
    assert receipt_of(database, accountant, pay(database, accountant, contact_id, 1))["number"] == "RC2026-0002"


def test_money_of_another_customer_or_currency_pays_nothing(database: Database, firm: Firm, accountant: Actor) -> None:
    mine, other = customer(database, firm.boss), customer(database, firm.boss, "Borealis")
    theirs = posted(database, other, 100)
    with pytest.raises(NotFound):
        pay(database, accountant, mine, 100, {theirs.instalments[0]: 100})
    euros = posted(database, mine, 100, currency="EUR")
    with pytest.raises(Invalid, match="EUR"):
        pay(database, accountant, mine, 100, {euros.instalments[0]: 100})
    planned_or_gone = 987654
    with pytest.raises(NotFound):
        pay(database, accountant, mine, 100, {planned_or_gone: 100})


def test_an_invoice_is_no_credit_and_a_refund_no_money(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    one, two = posted(database, contact_id, 100), posted(database, contact_id, 100)
    with pytest.raises(NotFound):
        pay(database, accountant, contact_id, 0, {one.instalments[0]: 50}, {("credit", two.id): 50})
    advance = pay(database, accountant, contact_id, 80)
    with database.begin(accountant) as work:
        refund = paying_back.refund(work, ("receipt", advance), money(80), {})
    with pytest.raises(NotFound):
        pay(database, accountant, contact_id, 0, {one.instalments[0]: 50}, {("receipt", refund): 50})


def test_refunds_of_an_advance_and_of_a_credit_note(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    advance, note = pay(database, accountant, contact_id, 1000), credit(database, contact_id, 100)
    with database.begin(accountant) as work:
        refund = paying_back.refund(
            work, ("receipt", advance), money("400.00"), {"method": "transfer", "reference": "B 77", "reason": "asked"}
        )
        other = paying_back.refund(work, ("credit", note.id), money(100), {"method": "cash"})
    record = receipt_of(database, accountant, refund)
    assert (record["kind"], record["number"], record["amount"], record["reason"]) == (
        "refund", "RF2026-0001", Decimal("400.00"), "asked",
    )  # fmt: skip
    assert [(one.source, one.source_number, one.amount) for one in record["uses"]] == [
        ("receipt", "RC2026-0001", Decimal("400.00"))
    ]
    assert receipt_of(database, accountant, other)["number"] == "RF2026-0002"
    assert open_of(database, contact_id).balance == Decimal("-600.00")
    with pytest.raises(NotEnough), database.begin(accountant) as work:
        paying_back.refund(work, ("receipt", advance), money("600.01"), {})


def test_a_bounced_receipt_opens_everything_again_today(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    invoice, other = posted(database, contact_id, 1000), posted(database, contact_id, 500)
    settings_limit(database, accountant, "accountant", 10)
    receipt_id = pay(
        database, accountant, contact_id, 1490, {invoice.instalments[0]: 1000, other.instalments[0]: 500},
        difference=("bank_fee", 10), dated_on=date(2026, 11, 10), method="cheque", matures_on=date(2026, 12, 10),
    )  # fmt: skip
    assert open_of(database, contact_id).balance == 0
    with pytest.raises(Invalid), database.begin(accountant) as work:
        paying_back.reverse(work, receipt_id, version_of(database, receipt_id), " ")
    with pytest.raises(Conflict), database.begin(accountant) as work:
        paying_back.reverse(work, receipt_id, 99, "bounced")
    with database.begin(accountant) as work:
        reversal = paying_back.reverse(work, receipt_id, version_of(database, receipt_id), "bounced")
    assert opens(database, (*invoice.instalments, *other.instalments)) == [Decimal("1000.00"), Decimal("500.00")]
    assert open_of(database, contact_id).credits == ()
    record = receipt_of(database, accountant, receipt_id)
    assert (record["open"], record["reversed_by"]) == (Decimal("0.00"), reversal)
    assert record["settled"][0].taken_back == Decimal("10.00")
    assert [(one.dated_on, one.amount, one.target) for one in record["uses"]] == [
        (date(2026, 11, 10), Decimal("1000.00"), "instalment"),
        (date(2026, 11, 10), Decimal("490.00"), "instalment"),
        (DAY, Decimal("-1000.00"), "instalment"),
        (DAY, Decimal("-490.00"), "instalment"),
        (DAY, Decimal("1490.00"), "reversal"),
    ]
    with pytest.raises(Invalid, match="already"), database.begin(accountant) as work:
        paying_back.reverse(work, receipt_id, version_of(database, receipt_id), "again")
    with pytest.raises(NotEnough):
        pay(database, accountant, contact_id, 0, {invoice.instalments[0]: 10}, {("receipt", receipt_id): 10})


def test_a_receipt_that_was_paid_back_did_arrive(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    advance = pay(database, accountant, contact_id, 1000)
    with database.begin(accountant) as work:
        paying_back.refund(work, ("receipt", advance), money(10), {})
    with pytest.raises(Invalid, match="RF2026-0001"), database.begin(accountant) as work:
        paying_back.reverse(work, advance, version_of(database, advance), "bounced")


def test_the_same_money_twice_is_noticed(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    receipt_id = pay(database, accountant, contact_id, 1000, reference="TT-4711")
    values = {"contact_id": contact_id, "currency": "CNY", "amount": money(1000), "dated_on": DAY}

    def found(**more: object) -> list[tuple[int, bool]]:
        with database.read(accountant) as work:
            return [(one.id, one.by_reference) for one in receipts.duplicates(work, {**values, **more})]

    assert found() == [(receipt_id, False)]
    assert found(amount=money(7), reference="tt 4711") == [(receipt_id, True)]
    assert found(amount=money(7)) == found(dated_on=date(2026, 11, 19)) == found(currency="EUR") == []
    with database.begin(accountant) as work:
        paying_back.reverse(work, receipt_id, version_of(database, receipt_id), "bounced")
    assert found() == []


def test_how_it_came_may_be_mended_later(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    with database.begin(accountant) as work:
        bank = accounts.save_account(work, None, 0, {"name": "ICBC", "number": "6222", "currency": "CNY"})
        euro = accounts.save_account(work, None, 0, {"name": "Deutsche", "currency": "eur"})
        assert [row.name for row in accounts.accounts(work, currency="CNY")] == ["ICBC"]
    receipt_id = pay(database, accountant, contact_id, 10, account_id=bank, reference="wrong", payer="Parent Ltd")
    with database.begin(accountant) as work:
        receipts.save(work, receipt_id, 1, {"reference": "right", "amount": money(999), "method": "cash"})
    record = receipt_of(database, accountant, receipt_id)
    assert (record["reference"], record["amount"], record["method"]) == ("right", Decimal("10.00"), "cash")
    assert (record["account_name"], record["payer"]) == ("ICBC", "Parent Ltd")
    with pytest.raises(Conflict), database.begin(accountant) as work:
        receipts.save(work, receipt_id, 1, {"reference": "mine"})
    with pytest.raises(Invalid) as refused:
        pay(database, accountant, contact_id, 10, account_id=euro)
    assert refused.value.field == "account_id"
    with database.begin(accountant) as work:
        accounts.save_account(work, euro, 1, {"active": False})
        assert [row.name for row in accounts.accounts(work)] == ["ICBC"]
        assert len(accounts.accounts(work, inactive=True)) == 2
        with pytest.raises(Invalid):
            accounts.save_account(work, None, 0, {"name": "icbc"})


def test_a_lost_connection_asks_the_operation(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    invoice = posted(database, contact_id, 100)
    earlier = pay(database, accountant, contact_id, 20)
    settings_limit(database, accountant, "accountant", 10)
    with database.begin(accountant, operation_id="op-1") as work:
        made = receipts.post(
            work,
            {"contact_id": contact_id, "currency": "CNY", "amount": money(85)},
            {invoice.instalments[0]: money(100)},
            {("receipt", earlier): money(20)},
            difference=("difference", money(5)),
        )
    with database.read(accountant) as work:
        assert work.stored_by("op-1", "receipt") == made
        assert work.stored_by("op-2", "receipt") is None
    assert database.arrived("op-1")
    assert not database.arrived("op-2")


def test_the_journal_tells_it_from_both_sides(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.boss)
    invoice = posted(database, contact_id, 60, 40)
    note = credit(database, contact_id, 10)
    receipt_id = pay(
        database, accountant, contact_id, 90, dict.fromkeys(invoice.instalments, 50) | {invoice.instalments[0]: 60,
        invoice.instalments[1]: 40}, {("credit", note.id): 10},
    )  # fmt: skip
    with database.read(SYSTEM) as work:
        told = {
            (row.entity, row.entity_id, row.action): row.after
            for row in work.session.scalars(select(JournalEntry).where(JournalEntry.actor_id == accountant.user_id))
        }
    assert told["receipt", receipt_id, "create"]["uses"] == [
        {"number": invoice.number, "amount": "60.00"},
        {"number": invoice.number, "amount": "40.00"},
    ]
    assert told["invoice", invoice.id, "pay"] == {"receipt": "RC2026-0001", "amount": "100.00"}
    assert told["invoice", note.id, "allocate"]["amount"] == "10.00"


def test_who_may_do_what(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.anna)
    receipt_id = pay(database, accountant, contact_id, 10)
    assert receipt_of(database, firm.anna, receipt_id)["amount"] == Decimal("10.00")
    with pytest.raises(NotFound):
        receipt_of(database, firm.outsider, receipt_id)
    for nobody in (firm.buyer, firm.admin):
        with pytest.raises(NotAllowed):
            receipt_of(database, nobody, receipt_id)
    with pytest.raises(NotAllowed):
        pay(database, firm.anna, contact_id, 10)
    assert receipt_of(database, firm.boss, receipt_id)["salesperson_id"] == firm.anna.user_id


def test_from_the_order_to_the_last_cent(database: Database, firm: Firm, accountant: Actor) -> None:
    contact_id = customer(database, firm.anna)
    plan = [
        {"amount": money(300), "due_on": date(2026, 11, 10), "event": "", "label": "Signing"},
        {"amount": money(600), "due_on": date(2026, 12, 10), "event": "", "label": "Delivery"},
        {"amount": money(100), "due_on": None, "event": "on acceptance", "label": "Rest"},
    ]
    order_id = confirmed_order(
        database, firm.anna, contact_id, line(quantity=10, price=100, tax=0), instalments=plan,
        dated_on=date(2026, 11, 2),
    )  # fmt: skip
    assert open_of(database, contact_id).instalments == ()
    advance = pay(database, accountant, contact_id, 250)
    first = billing.from_order(database, accountant, order_id, 4)
    billing.post(database, accountant, first)
    opened = open_of(database, contact_id).instalments
    assert [(one.label, one.place, one.open) for one in opened] == [
        ("Signing", "1/2", Decimal("300.00")),
        ("Delivery", "2/2", Decimal("100.00")),
    ]
    pay(database, accountant, contact_id, 50, {opened[0].id: 300}, {("receipt", advance): 250})
    second = billing.from_order(database, accountant, order_id)
    billing.post(database, accountant, second)
    note = billing.credited(
        database,
        accountant,
        second,
        {billing.invoice_of(database, accountant, second)["lines"][0]["id"]: Decimal("0.5")},
    )
    left = open_of(database, contact_id)
    assert left.balance == Decimal("650.00")
    rest = next(one for one in left.instalments if one.event)
    with database.begin(accountant) as work:
        moved = rescheduling.give_day(work, rest.id, date(2027, 1, 31))
    due = open_of(database, contact_id).instalments
    pay(database, accountant, contact_id, 650, {one.id: one.open for one in due})
    assert moved in [one.id for one in due]
    assert open_of(database, contact_id).balance == 0
    for invoice_id in (first, second):
        record = billing.invoice_of(database, accountant, invoice_id)
        assert (record["open_amount"], record["status"]) == (Decimal("0.00"), rules.PAID)
    assert billing.invoice_of(database, accountant, note)["status"] == rules.USED


def test_a_confirmed_contract_is_paid_like_an_invoice(database: Database, firm: Firm, accountant: Actor) -> None:
    billing.company_works(database, claims_by="contract")
    contact_id = customer(database, firm.anna)
    order_id = confirmed_order(database, firm.anna, contact_id, line(quantity=1, price=1000, tax=0))
    (one,) = open_of(database, contact_id).instalments
    number = order_of(database, firm.anna, order_id)["number"]
    assert (one.invoice_id, one.order_id, one.number) == (None, order_id, number)
    receipt_id = pay(database, accountant, contact_id, 400, {one.id: 400})
    assert used_of(database, receipt_id) == [(number, Decimal("400.00"))]
    with database.begin(accountant) as work:
        rescheduling.reschedule(work, one.id, [rescheduling.Part(money(600), date(2027, 3, 1))], "short of money")
    with database.read(firm.anna) as work:
        assert [(used.source, used.amount) for used in uses_of(work, order_id=order_id)] == [
            ("receipt", Decimal("400.00")),
            ("reschedule", Decimal("600.00")),
        ]
    with database.read(SYSTEM) as work:
        told = select(JournalEntry.action, JournalEntry.after).where(
            JournalEntry.entity == "order",
            JournalEntry.entity_id == order_id,
            JournalEntry.actor_id == accountant.user_id,
        )
        assert [(action, after.get("amount")) for action, after in work.session.execute(told)] == [
            ("pay", "400.00"),
            ("reschedule", None),
        ]
