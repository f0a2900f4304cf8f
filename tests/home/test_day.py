"""My day: nothing vanishes until it is done or moved, and nobody sees more than their reach."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm_desktop.activities import kinds, service
from crm_desktop.activities.waiting import Waiting, waiting
from crm_desktop.db.work import Database
from crm_desktop.home import day
from crm_desktop.home.day import EVERYBODY, Day
from crm_desktop.receivables.money import promises
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.errors import NotAllowed
from tests.activities.reminded import customer
from tests.companies import Firm

TODAY = date(2026, 11, 20)


def plan(database: Database, actor: Actor, contact_id: int, days: int, **values: object) -> int:
    with database.begin(actor) as work:
        call = next(one.id for one in kinds.kinds(work) if one.key == "call")
        given = {"kind_id": call, "due_on": TODAY + timedelta(days), "user_id": actor.user_id} | values
        return service.plan(work, contact_id, given)


def of(database: Database, actor: Actor, whose: int | None = None) -> Day:
    with database.read(actor) as work:
        return day.my_day(work, whose)


def ids(found: Day) -> tuple[list[int], list[int], list[int]]:
    return tuple([line.id for line in lines] for lines in (found.overdue, found.today, found.week))  # type: ignore[return-value]


def test_what_was_not_done_stays_for_ever(database: Database, firm: Firm) -> None:
    mill = customer(database, firm.anna)
    old = plan(database, firm.anna, mill, -400)
    yesterday = plan(database, firm.anna, mill, -1)
    late = plan(database, firm.anna, mill, 0, due_time="16:00")
    early = plan(database, firm.anna, mill, 0, due_time="08:00")
    anytime = plan(database, firm.anna, mill, 0)
    edge = plan(database, firm.anna, mill, 7)
    plan(database, firm.anna, mill, 8)
    assert ids(of(database, firm.anna)) == ([old, yesterday], [early, late, anytime], [edge])


def test_twenty_calls_planned_and_ten_made_leave_ten(database: Database, firm: Firm) -> None:
    mill = customer(database, firm.anna)
    planned = [plan(database, firm.anna, mill, -1) for _ in range(20)]
    with database.begin(firm.anna) as work:
        for id_ in planned[:10]:
            service.complete(work, id_, service.get(work, id_).version, {})
    found = of(database, firm.anna)
    assert ids(found) == (planned[10:], [], [])
    assert found.count == 10


def test_moved_it_stands_on_its_new_day_and_dropped_it_is_gone(database: Database, firm: Firm) -> None:
    mill = customer(database, firm.anna)
    moved, dropped = plan(database, firm.anna, mill, -3), plan(database, firm.anna, mill, -2)
    with database.begin(firm.anna) as work:
        service.move(work, moved, service.get(work, moved).version, TODAY + timedelta(2))
        service.drop(work, dropped, service.get(work, dropped).version)
    assert ids(of(database, firm.anna)) == ([], [], [moved])


def test_money_promised_stands_beside_the_calls_until_it_comes(database: Database, firm: Firm) -> None:
    mill = customer(database, firm.boss)
    with database.begin(firm.boss) as work:
        values = {"currency": "CNY", "amount": Decimal(900), "made_on": TODAY, "due_on": TODAY, "notes": "by transfer"}
        promises.promise(work, mill, values)
    (line,) = of(database, firm.boss).today
    assert (line.source, line.what, str(line.money.amount if line.money else "")) == (
        "promise",
        "by transfer",
        "900.00",
    )
    assert of(database, firm.boss).count == 0, "the count is of what one can tick off"


def test_a_manager_looks_at_a_colleagues_day_and_a_rep_does_not(database: Database, firm: Firm) -> None:
    id_ = plan(database, firm.anna, customer(database, firm.anna), 0)
    other = plan(database, firm.outsider, customer(database, firm.outsider, "West Mills"), 0)
    anna = firm.anna.user_id
    assert ids(of(database, firm.manager, anna))[1] == [id_]
    assert ids(of(database, firm.boss, anna))[1] == [id_]
    for stranger in (firm.chen, firm.outsider, firm.buyer):
        assert ids(of(database, stranger, anna)) == ([], [], [])
    assert ids(of(database, firm.manager, EVERYBODY))[1] == [id_]
    assert ids(of(database, firm.boss, EVERYBODY))[1] == [id_, other]


def test_whose_days_are_offered_follows_the_reach(database: Database, firm: Firm) -> None:
    def offered(actor: Actor) -> list[str]:
        with database.read(actor) as work:
            return [name for _id, name in day.whose_days(work)]

    assert offered(firm.anna) == ["Anna Weber"]
    assert offered(firm.manager) == ["Zhou Min", "Anna Weber", "Chen Jie"]
    assert offered(firm.boss)[0] == "Lin Wei"
    assert len(offered(firm.boss)) == 7


def test_more_than_fit_are_counted(database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "MOST", 3)
    mill = customer(database, firm.anna)
    for _ in range(5):
        plan(database, firm.anna, mill, -1)
    found = of(database, firm.anna)
    assert (len(found.overdue), found.count) == (3, 5)


def test_the_rail_counts_what_is_due_and_what_is_late(database: Database, firm: Firm) -> None:
    mill = customer(database, firm.anna)
    for days in (-2, 0, 0, 1):
        plan(database, firm.anna, mill, days)
    with database.read(firm.anna) as work:
        assert waiting(work) == Waiting(3, 1)
    with database.read(firm.chen) as work:
        assert waiting(work) == Waiting(0, 0)


def test_who_may_not_see_follow_ups_has_no_day(database: Database, firm: Firm) -> None:
    with pytest.raises(NotAllowed):
        of(database, firm.admin)


def test_the_purchaser_has_a_day_of_suppliers(database: Database, firm: Firm) -> None:
    with database.begin(firm.buyer) as work:
        from crm_desktop.contacts import service as contacts

        supplier = contacts.create(work, {"name": "Dye Works", "is_supplier": True})
    id_ = plan(database, firm.buyer, supplier, 0)
    assert ids(of(database, firm.buyer))[1] == [id_]
    assert ids(of(database, firm.anna)) == ([], [], [])
