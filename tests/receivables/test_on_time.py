"""How punctually customers pay: only what fell due counts, money from the day it came, on both engines."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from crm_desktop.db.work import Database
from crm_desktop.receivables.collecting import on_time
from crm_desktop.receivables.collecting.on_time import OnTime
from crm_desktop.receivables.money import allocating, rescheduling, write_offs
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.report import Asked
from tests.companies import NOW, Firm
from tests.receivables.documents import credit, customer, pay, posted

DAY = NOW.date()
DUE = date(2026, 10, 10)


def rated(database: Database, by: Actor, **asked: date) -> list[OnTime]:
    with database.read(by) as work:
        return list(on_time.rates(work, **asked))


def test_in_time_late_and_never(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    claim = posted(database, atlas, (100, DUE), (100, DUE), (100, DUE), (100, DAY), dated_on=date(2026, 9, 1))
    one, two, three, today = claim.instalments
    pay(database, accountant, atlas, 100, {one: 100}, dated_on=DUE)
    pay(database, accountant, atlas, 40, {two: 40}, dated_on=DUE + timedelta(10))
    pay(database, accountant, atlas, 60, {two: 60}, dated_on=DUE + timedelta(20))
    pay(database, accountant, atlas, 5, {today: 5})
    with database.begin(accountant) as work:
        write_offs.write_off(work, {three: Decimal(100)}, "Gone")
    (found,) = rated(database, firm.anna)
    assert (found.items, found.expected, found.on_time, found.late, found.unpaid) == (3, 30000, 10000, 10000, 10000)
    assert (found.percent, found.average_late_days) == (Decimal("33.3"), Decimal("8.0"))


def test_money_counts_from_the_day_it_came(database: Database, firm: Firm, accountant: Actor) -> None:
    """An advance that is allocated long after the day was there in time; taken back, it was not."""
    atlas = customer(database, firm.anna, "Atlas")
    claim = posted(database, atlas, (100, DUE), dated_on=date(2026, 9, 1))
    advance = pay(database, accountant, atlas, 100, dated_on=date(2026, 10, 1))
    with database.begin(accountant) as work:
        uses = [(("receipt", advance), claim.instalments[0], Decimal(100))]
        made = allocating.allocate_later(work, atlas, uses)
    assert rated(database, accountant)[0].on_time == 10000
    with database.begin(accountant) as work:
        allocating.unallocate(work, atlas, made, reason="Mistake")
    assert rated(database, accountant)[0].unpaid == 10000


def test_credited_and_rescheduled_amounts_are_not_expected(database: Database, firm: Firm, accountant: Actor) -> None:
    atlas = customer(database, firm.anna, "Atlas")
    claim = posted(database, atlas, (100, DUE), (70, DUE), dated_on=date(2026, 9, 1))
    note = credit(database, atlas, 30, dated_on=date(2026, 9, 2))
    pay(database, accountant, atlas, 70, {claim.instalments[0]: 100}, {("credit", note.id): 30}, dated_on=DUE)
    with database.begin(accountant) as work:
        later = rescheduling.Part(Decimal(70), DAY + timedelta(30))
        rescheduling.reschedule(work, claim.instalments[1], [later], "Agreed")
    (found,) = rated(database, accountant)
    assert (found.items, found.expected, found.percent) == (1, 7000, 100)


def test_the_report_begins_with_the_worst_and_keeps_to_the_scope(
    database: Database, firm: Firm, accountant: Actor
) -> None:
    for by, name, day in ((firm.anna, "Good", DUE), (firm.chen, "Bad", DUE + timedelta(1))):
        contact_id = customer(database, by, name)
        claim = posted(database, contact_id, (100, DUE), dated_on=date(2026, 9, 1))
        pay(database, accountant, contact_id, 100, {claim.instalments[0]: 100}, dated_on=day)
    with database.read(firm.boss) as work:
        table = on_time.on_time(work, Asked())
        assert [(row[0], row[6], row[7]) for row in table.rows] == [("Bad", 0, 1), ("Good", 100, 0)]
        assert on_time.on_time(work, Asked(from_on=DUE + timedelta(1))).rows == ()
    with database.read(firm.anna) as work:
        assert [row[0] for row in on_time.on_time(work, Asked()).rows] == ["Good"]
