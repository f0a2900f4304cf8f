"""Dunning letters: who gets which, how levels rise, what is stored, on both engines."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm_desktop.contacts import handover
from crm_desktop.db.journal import JournalEntry
from crm_desktop.db.work import Database
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables.collecting import dunning, dunning_rules
from crm_desktop.receivables.collecting.dunning_items import Proposal
from crm_desktop.receivables.ledger_model import DunningLine
from crm_desktop.receivables.money import disputes
from crm_desktop.reports.pages import page_sizes
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.errors import Conflict, Invalid, NotAllowed
from crm_desktop.shared.i18n import SIMPLIFIED
from crm_desktop.shared.money import Money
from tests.companies import NOW, Firm
from tests.receivables.documents import customer, pay, posted

DAY = NOW.date()


def late(days: int) -> date:
    return DAY - timedelta(days)


def to_send(database: Database, by: Actor) -> dict[str, Proposal]:
    with database.read(by) as work:
        return {one.name: one for one in dunning.proposals(work)}


def send(database: Database, by: Actor, *contact_ids: int) -> list[tuple[int, int]]:
    with database.begin(by) as work:
        return [(one.contact_id, one.level) for one in dunning.send(work, contact_ids)]


def go_to(database: Database, day: date) -> None:
    database.clock.instant = datetime.combine(day, NOW.timetz())  # type: ignore[attr-defined]


def test_one_letter_per_customer_lists_everything_overdue(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    posted(database, atlas, (100, late(0)), (200, late(8)), (300, late(100)), (5, None), dated_on=date(2026, 7, 1))
    posted(database, atlas, (70, late(1)), dated_on=date(2026, 7, 1), currency="USD")
    letter = to_send(database, accountant)["Atlas"]
    assert [(one.item.open, one.level) for one in letter.items] == [(300, 1), (200, 1), (70, 0)]
    assert letter.level == 1
    assert letter.sums == (Money(Decimal("500.00"), "CNY"), Money(Decimal("70.00"), "USD"))


def test_a_level_rises_by_one_and_not_before_the_gap(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    claim = posted(database, atlas, (300, late(100)), dated_on=date(2026, 7, 1))
    assert send(database, accountant, atlas) == [(atlas, 1)]
    assert to_send(database, accountant) == {}
    assert send(database, accountant, atlas) == []
    go_to(database, DAY + timedelta(6))
    assert to_send(database, accountant) == {}
    for days, level in ((7, 2), (14, 3)):
        go_to(database, DAY + timedelta(days))
        assert to_send(database, accountant)["Atlas"].level == level
        assert send(database, accountant, atlas) == [(atlas, level)]
    go_to(database, DAY + timedelta(60))
    assert to_send(database, accountant) == {}, "the last letter is the last"
    with database.read(SYSTEM) as work:
        row = work.get(Instalment, claim.instalments[0])
        assert (row.dunning_level, row.dunned_on) == (3, DAY + timedelta(14))
        assert [one.level for one in dunning.letters(work, atlas)] == [3, 2, 1]


def test_each_instalment_keeps_its_own_level(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    posted(database, atlas, (300, late(30)), dated_on=date(2026, 7, 1))
    send(database, accountant, atlas)
    go_to(database, DAY + timedelta(10))
    posted(database, atlas, (40, late(0)), dated_on=date(2026, 11, 1))
    letter = to_send(database, accountant)["Atlas"]
    assert [(one.item.open, one.level) for one in letter.items] == [(300, 2), (40, 1)]


def test_disputed_settled_covered_and_undated_stay_out(database: Database, firm: Firm, accountant: Actor) -> None:
    names = ("Disputed", "Paid", "Covered", "Undated", "Today")
    disputed, paid, covered, undated, today = (customer(database, firm.anna, name) for name in names)
    claims = {
        one: posted(database, one, (100, late(20)), dated_on=date(2026, 9, 1)) for one in (disputed, paid, covered)
    }
    posted(database, undated, (100, None), dated_on=date(2026, 9, 1))
    posted(database, today, (100, late(0)), dated_on=date(2026, 9, 1))
    with database.begin(accountant) as work:
        disputes.dispute(work, claims[disputed].instalments[0], "Broken on arrival")
    pay(database, accountant, paid, 100, {claims[paid].instalments[0]: 100})
    pay(database, accountant, covered, 100)
    found = to_send(database, accountant)
    assert {name: one.level for name, one in found.items()} == {"Today": 0}, "a reminder, since it is not overdue"


def test_a_reminder_goes_out_once_before_the_day(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    posted(database, atlas, (100, DAY + timedelta(3)), (200, DAY + timedelta(4)))
    letter = to_send(database, accountant)["Atlas"]
    assert (letter.level, [one.item.open for one in letter.items]) == (0, [100])
    assert send(database, accountant, atlas) == [(atlas, 0)]
    go_to(database, DAY + timedelta(9))
    assert to_send(database, accountant) == {}, "two and three days late: level 1 comes after seven"
    go_to(database, DAY + timedelta(11))
    assert to_send(database, accountant)["Atlas"].level == 1


def test_a_letter_is_a_snapshot_in_the_customer_s_language(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, "海天贸易有限公司", language=SIMPLIFIED)
    claim = posted(database, atlas, ("123.45", late(20)), dated_on=date(2026, 9, 1), number="INV2026-0001")
    with database.read(accountant) as work:
        assert len(page_sizes(dunning.preview(work, [atlas]))) == 1
        assert dunning.letters(work, atlas) == (), "a preview stores nothing"
    send(database, accountant, atlas)
    pay(database, accountant, atlas, "123.45", {claim.instalments[0]: "123.45"})
    with database.read(firm.anna) as work:
        (letter,) = dunning.letters(work, atlas)
        assert (letter.level, letter.sums, letter.by) == (1, (Money(Decimal("123.45"), "CNY"),), accountant.user_id)
        assert "催款函" in text_of(dunning.letter_pdf(work, letter.id))
        assert "INV2026-0001" in text_of(dunning.letter_pdf(work, letter.id))
        (line,) = work.session.scalars(select(DunningLine))
        assert (line.open_amount, line.level, line.due_on) == (12345, 1, late(20))
    with database.read(SYSTEM) as work:
        noted = work.session.scalars(select(JournalEntry).where(JournalEntry.entity == "dunning_letter")).one()
        assert (noted.contact_id, noted.after["level"]) == (atlas, 1)
        assert "content" not in noted.after


def test_whoever_paid_meanwhile_gets_no_letter(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas, borealis = (customer(database, firm.anna, name) for name in ("Atlas", "Borealis"))
    claims = [posted(database, one, (100, late(20)), dated_on=date(2026, 9, 1)) for one in (atlas, borealis)]
    chosen = [one.contact_id for one in to_send(database, accountant).values()]
    pay(database, accountant, atlas, 100, {claims[0].instalments[0]: 100})
    assert send(database, accountant, *chosen) == [(borealis, 1)]
    with pytest.raises(Invalid), database.read(accountant) as work:
        dunning.preview(work, [atlas])


def test_only_who_may_sends_and_everybody_sees_their_own(database: Database, firm: Firm) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    posted(database, atlas, (100, late(20)), dated_on=date(2026, 9, 1))
    assert to_send(database, firm.anna).keys() == {"Atlas"}
    assert to_send(database, firm.outsider) == {}
    with pytest.raises(NotAllowed):
        send(database, firm.anna, atlas)
    with pytest.raises(NotAllowed), database.begin(firm.manager) as work:
        dunning.save_level(work, 1, 0, {"days": 10})


def test_people_write_their_own_levels(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    posted(database, atlas, (100, late(20)), dated_on=date(2026, 9, 1))
    words = {"en": {"subject": "Hello {customer}", "body": "Pay, says {company} on {day}."}}
    with database.begin(accountant) as work:
        assert [one.version for one in dunning.levels(work)] == [0, 0, 0, 0]
        stored = dunning.save_level(work, 1, 0, {"days": 15, "texts": words})
        assert (stored.days, stored.words("en")["subject"], stored.version) == (15, "Hello {customer}", 1)
        assert stored.words(SIMPLIFIED)["subject"] == "催款函"
        with pytest.raises(Conflict):
            dunning.save_level(work, 1, 0, {"days": 16})
        for values in ({"days": 40}, {"days": -1}, {"texts": {"en": {"subject": "{amount}", "body": "x"}}}):
            with pytest.raises(Invalid):
                dunning.save_level(work, 1, 1, values)
    with database.read(accountant) as work:
        assert "Hello Atlas" in text_of(dunning.preview(work, [atlas]))
    with database.begin(accountant) as work:
        dunning.save_level(work, 1, 1, {"active": False})
        assert dunning.proposals(work) == (), "level 2 comes after 21 days"


def test_the_highest_level_is_at_most_one_above_the_last() -> None:
    levels = tuple(dunning_rules.shipped_levels().values())
    reached = [dunning_rules.reached(levels, 100, last) for last in range(4)]
    assert reached == [1, 2, 3, 3]
    assert [dunning_rules.reached(levels, days, 0) for days in (-4, -3, 0, 6, 7)] == [None, 0, 0, 0, 1]
    assert dunning_rules.reached(levels, None, 0) is None


def text_of(pdf: bytes) -> str:
    from pypdfium2 import PdfDocument

    document = PdfDocument(pdf)
    try:
        return "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    finally:
        document.close()


def test_letters_go_with_the_customer(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    posted(database, atlas, (100, late(20)), dated_on=date(2026, 9, 1))
    send(database, accountant, atlas)
    with database.begin(firm.boss) as work:
        handover.assign(work, [atlas], firm.chen.user_id)
    with database.read(firm.chen) as work:
        assert len(dunning.letters(work, atlas)) == 1
    with database.read(firm.anna) as work:
        assert dunning.letters(work, atlas) == ()


def test_a_currency_that_unused_money_pays_for_is_not_reminded_of(
    database: Database, firm: Firm, accountant: Actor
) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    for currency in ("CNY", "USD"):
        posted(database, atlas, (100, late(20)), dated_on=date(2026, 9, 1), currency=currency)
    pay(database, accountant, atlas, 100)
    pay(database, accountant, atlas, 40, currency="USD", rate=Decimal(7))
    letter = to_send(database, accountant)["Atlas"]
    assert letter.sums == (Money(Decimal("100.00"), "USD"),)
    assert Money(Decimal("40.00"), "USD") in letter.unapplied
