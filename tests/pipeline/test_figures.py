"""The board, the list and the forecast of the same opportunities say the same; the other reports count by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from crm_desktop.db.work import Database
from crm_desktop.pipeline import board, reports, rules, service, stages
from crm_desktop.pipeline.lists import OPPORTUNITIES
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.shared.actor import SYSTEM, Actor
from crm_desktop.shared.clock import FixedClock
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.listing import Filter, Listing
from crm_desktop.shared.money import Money, by_currency, round_half_away, to_minor
from crm_desktop.shared.report import Asked, ReportTable
from tests.companies import Firm
from tests.orders.documents import customer
from tests.pipeline.chances import chance, reason_ids, stage_ids, version_of

TODAY = date(2026, 11, 20)
OPEN = Listing(filters=(Filter("state", "is", ("open",)),))
PEOPLE = ("boss", "manager", "anna", "chen", "outsider")


def money_of(table: ReportTable, name: str) -> tuple[Money, ...]:
    place = table.place(name)
    return by_currency(row[place] for row in table.rows)


def without_nothing(amounts: Iterable[Money]) -> dict[str, Decimal]:
    return {one.currency: one.amount for one in amounts if one.amount}


def agree(database: Database, by: Actor) -> tuple[int, dict[str, Decimal], dict[str, Decimal]]:
    """Check that board, list and every forecast say the same to one person; return what they say."""
    with database.read(by) as work:
        seen = board.board(work)
        count = OPPORTUNITIES.count(work, OPEN)[0]
        total = without_nothing(OPPORTUNITIES.sums(work, OPEN, "amount"))
        weighted = without_nothing(OPPORTUNITIES.sums(work, OPEN, "weighted"))
        assert (seen.sums.count, without_nothing(seen.sums.total), without_nothing(seen.sums.weighted)) == (
            count,
            total,
            weighted,
        )
        for column in seen.columns:
            here = Listing(filters=(*OPEN.filters, Filter("stage_number", "is", (column.stage.id,))))
            assert column.sums.count == OPPORTUNITIES.count(work, here)[0] == len(column.cards)
            assert without_nothing(column.sums.total) == without_nothing(OPPORTUNITIES.sums(work, here, "amount"))
            assert without_nothing(column.sums.total) == without_nothing(
                by_currency(one.amount for one in column.cards)
            )
        for grouping in ("month", "stage", "salesperson", "customer"):
            table = reports.forecast(work, Asked(by=grouping))
            assert sum(row[1] for row in table.rows) == count
            assert without_nothing(money_of(table, "amount")) == total
            assert without_nothing(money_of(table, "weighted")) == weighted
    return count, total, weighted


drawn = st.lists(
    st.tuples(
        st.sampled_from(("anna", "chen", "outsider", None)),
        st.sampled_from(("CNY", "USD", "JPY", "KWD")),
        st.decimals(0, 10**12 - 1, places=3),
        st.decimals(0, 100, places=2),
        st.integers(0, 3),
        st.one_of(st.none(), st.integers(-60, 400)),
        st.sampled_from(("open", "open", "won", "lost")),
    ),
    max_size=12,
)


@pytest.fixture
def owners(database: Database, firm: Firm) -> dict[str | None, int]:
    """A customer of each of some people, and one of nobody."""
    return {
        name: customer(database, SYSTEM, f"Of {name}", owner=getattr(firm, name).user_id if name else None)
        for name in ("anna", "chen", "outsider", None)
    }


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chances=drawn)
def test_board_list_and_forecast_agree_whatever_there_is(
    database: Database, firm: Firm, owners: dict[str | None, int], chances: list[Any]
) -> None:
    places = list(stage_ids(database).values())
    reason = reason_ids(database)["price"]
    with database.begin(SYSTEM) as work:
        work.session.execute(delete(Opportunity))
        expected: Counter[str] = Counter()
        sums: Counter[str] = Counter()
        for owner, currency, amount, percent, stage, days, state in chances:
            id_ = service.create(
                work,
                owners[owner],
                {
                    "name": "Some",
                    "currency": currency,
                    "amount": amount,
                    "probability": percent,
                    "stage_id": places[stage],
                    "expected_on": None if days is None else TODAY + timedelta(days=days),
                },
            )
            if state == "won":
                service.win(work, id_, 1)
            elif state == "lost":
                service.lose(work, id_, 1, reason)
            else:
                minor = to_minor(amount, currency)
                sums[currency] += minor
                expected[currency] += int(round_half_away(Decimal(minor) * percent / 100, 0))
    count, total, weighted = agree(database, firm.boss)
    assert count == sum(one[-1] == "open" for one in chances)
    assert total == without_nothing(Money.of_minor(minor, currency) for currency, minor in sums.items())
    assert weighted == without_nothing(Money.of_minor(minor, currency) for currency, minor in expected.items())
    for person in PEOPLE:
        agree(database, getattr(firm, person))


def test_the_wide_sums_are_exact(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    for _times in range(3):
        chance(database, firm.anna, contact_id, amount=Decimal("999999999999.99"), probability=Decimal("99.99"))
    _count, total, weighted = agree(database, firm.boss)
    assert total == {"CNY": Decimal("2999999999999.97")}
    assert weighted == {"CNY": 3 * Decimal("999899999999.99")}


def test_the_board_narrows_to_people_and_a_currency(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    mine = chance(database, firm.anna, contact_id, amount=100)
    chance(database, firm.anna, contact_id, amount=7, currency="USD", salesperson_id=firm.chen.user_id)
    with database.read(firm.manager) as work:
        seen = board.board(work, salesperson_ids={firm.anna.user_id or 0})
        (card,) = (card for column in seen.columns for card in column.cards)
        assert (card.id, card.customer, card.amount, card.days, card.is_late) == (
            mine,
            "Atlas",
            Money(Decimal("100.00"), "CNY"),
            0,
            False,
        )
        assert board.board(work, salesperson_ids=()).sums == board.Sums()
        assert board.board(work, currency="USD").sums.total == (Money(Decimal("7.00"), "USD"),)
        assert [one.currency for one in board.board(work).sums.total] == ["CNY", "USD"]


def test_what_ended_this_month_stands_beside_the_board(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    early = {"opened_on": date(2026, 9, 1)}
    for on, amount in ((date(2026, 11, 1), 10), (date(2026, 10, 31), 20)):
        id_ = chance(database, firm.anna, contact_id, amount=amount, **early)
        with database.begin(firm.anna) as work:
            service.win(work, id_, 1, on)
    lost = chance(database, firm.anna, contact_id, amount=40)
    with database.begin(firm.anna) as work:
        service.lose(work, lost, 1, reason_ids(database)["price"])
    with database.read(firm.anna) as work:
        seen = board.board(work)
    assert (seen.won.count, seen.won.total) == (1, (Money(Decimal("10.00"), "CNY"),))
    assert (seen.lost.count, seen.lost.total) == (1, (Money(Decimal("40.00"), "CNY"),))
    assert seen.sums.count == 0


def test_a_stage_put_away_is_shown_while_something_is_in_it(database: Database, firm: Firm) -> None:
    ids = stage_ids(database)
    id_ = chance(database, firm.anna, customer(database, firm.anna), stage_id=ids["quoted"])
    with database.begin(firm.boss) as work:
        stages.save_stage(work, ids["quoted"], 1, {"active": False})

    def shown() -> list[int]:
        with database.read(firm.anna) as work:
            return [column.stage.id for column in board.board(work).columns]

    assert ids["quoted"] in shown()
    with database.begin(firm.anna) as work:
        service.move(work, id_, version_of(database, id_), ids["negotiating"])
    assert ids["quoted"] not in shown()


def test_a_long_column_counts_all_of_it(file_database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "MOST_CARDS", 3)
    contact_id = customer(file_database, firm.anna)
    days = [5, None, -3, 40, 1]
    for place, day in enumerate(days):
        expected = None if day is None else TODAY + timedelta(days=day)
        chance(file_database, firm.anna, contact_id, f"No {place}", amount=1, expected_on=expected)
    with file_database.read(firm.anna) as work:
        first = board.board(work).columns[0]
    assert [card.name for card in first.cards] == ["No 2", "No 4", "No 0"]
    assert [card.is_late for card in first.cards] == [True, False, False]
    assert (first.sums.count, first.sums.total) == (5, (Money(Decimal("5.00"), "CNY"),))


def run(database: Database, actor: Actor, report: Callable[..., ReportTable], **asked: Any) -> ReportTable:
    with database.read(actor) as work:
        return report(work, Asked(**asked))


def rows_of(
    database: Database, actor: Actor, report: Callable[..., ReportTable], **asked: Any
) -> list[tuple[Any, ...]]:
    return [
        tuple(f"{cell.currency} {cell.amount}" if isinstance(cell, Money) else cell for cell in row)
        for row in run(database, actor, report, **asked).rows
    ]


def test_the_forecast_goes_by_month(database: Database, firm: Firm) -> None:
    contact_id = customer(database, firm.anna)
    for amount, currency, day in (
        (100, "CNY", date(2026, 12, 1)),
        (50, "CNY", date(2026, 12, 31)),
        (30, "USD", date(2026, 12, 5)),
        (9, "CNY", date(2027, 1, 1)),
        (7, "CNY", None),
    ):
        values = {"amount": amount, "currency": currency, "expected_on": day, "probability": 50}
        chance(database, firm.anna, contact_id, **values)
    assert rows_of(database, firm.anna, reports.forecast) == [
        ("2026-12", 2, "CNY 150.00", "CNY 75.00"),
        ("2026-12", 1, "USD 30.00", "USD 15.00"),
        ("2027-01", 1, "CNY 9.00", "CNY 4.50"),
        ("No day named", 1, "CNY 7.00", "CNY 3.50"),
    ]
    period = {"from_on": date(2026, 12, 1), "to_on": date(2026, 12, 31)}
    table = run(database, firm.anna, reports.forecast, **period)
    assert len(table.rows) == 2
    assert table.said.startswith("1 Dec 2026 to 31 Dec 2026 · Counts open opportunities by the day they are expected.")
    assert "per currency" in table.said
    assert [row[0] for row in rows_of(database, firm.manager, reports.forecast, by="salesperson")] == ["Anna Weber"] * 2
    assert rows_of(database, firm.outsider, reports.forecast) == []


@pytest.fixture
def decided(database: Database, firm: Firm) -> None:
    """Two won and one lost of Anna's, one lost of Chen's; one still open. All opened on the first of November."""
    ids, why = stage_ids(database), reason_ids(database)
    for owner, amount, stage, state, day in (
        (firm.anna, 100, "negotiating", "won", 11),
        (firm.anna, 200, "enquiry", "won", 16),
        (firm.anna, 300, "quoted", "lost", 3),
        (firm.chen, 400, "qualified", "lost", 2),
        (firm.chen, 500, "qualified", "open", 0),
    ):
        id_ = chance(
            database,
            owner,
            customer(database, owner, f"C{amount}"),
            amount=amount,
            stage_id=ids[stage],
            opened_on=date(2026, 11, 1),
            source="fair" if amount < 300 else "",
        )
        with database.begin(owner) as work:
            if state == "won":
                service.win(work, id_, 1, date(2026, 11, day))
            elif state == "lost":
                service.lose(work, id_, 1, why["price" if amount == 300 else "silence"], closed_on=date(2026, 11, day))


@pytest.mark.usefixtures("decided")
def test_win_rate_and_cycle(database: Database, firm: Firm) -> None:
    assert rows_of(database, firm.manager, reports.win_rate) == [
        ("Anna Weber", 2, 1, Decimal("66.7"), "CNY 300.00", "CNY 300.00"),
        ("Chen Jie", 0, 1, Decimal("0.0"), "CNY 0.00", "CNY 400.00"),
    ]
    assert rows_of(database, firm.chen, reports.win_rate, by="month") == [
        ("2026-11", 0, 1, Decimal("0.0"), "CNY 0.00", "CNY 400.00")
    ]
    assert [row[:3] for row in rows_of(database, firm.boss, reports.win_rate, by="source")] == [
        ("fair", 2, 0),
        ("No source", 0, 2),
    ]
    assert rows_of(database, firm.boss, reports.win_rate, from_on=date(2026, 11, 12)) == [
        ("Anna Weber", 1, 0, Decimal("100.0"), "CNY 200.00", "CNY 0.00")
    ]
    assert rows_of(database, firm.boss, reports.cycle) == [
        ("Anna Weber", 2, Decimal("12.5"), Decimal("12.5"), 15),
    ]


@pytest.mark.usefixtures("decided")
def test_the_funnel_counts_how_far_they_came(database: Database, firm: Firm) -> None:
    assert rows_of(database, firm.boss, reports.funnel) == [
        ("Enquiry", 5, 0, Decimal("100.0"), None, "CNY 1500.00"),
        ("Qualified", 5, 1, Decimal("100.0"), Decimal("100.0"), "CNY 1500.00"),
        ("Quoted", 3, 0, Decimal("60.0"), Decimal("60.0"), "CNY 600.00"),
        ("Negotiating", 2, 0, Decimal("40.0"), Decimal("66.7"), "CNY 300.00"),
        ("Won", 2, 2, Decimal("40.0"), Decimal("100.0"), "CNY 300.00"),
    ]
    assert rows_of(database, firm.boss, reports.funnel, from_on=date(2026, 11, 2)) == []


def test_one_put_back_came_as_far_as_it_stayed(database: Database, firm: Firm) -> None:
    ids, clock = stage_ids(database), database.clock
    assert isinstance(clock, FixedClock)
    begin = clock.instant
    lost, slipped = (
        chance(database, firm.anna, customer(database, firm.anna, name), name) for name in ("Negotiated", "Slipped")
    )
    steps = (
        (lost, "negotiating", timedelta(days=3)),
        (lost, "qualified", timedelta(days=1)),
        (slipped, "negotiating", timedelta(minutes=1)),  # let go over the wrong column
        (slipped, "qualified", timedelta(days=1)),
    )
    for id_, stage, stayed in steps:
        with database.begin(firm.anna) as work:
            service.move(work, id_, work.get(Opportunity, id_).version, ids[stage])
        clock.instant += stayed
    with database.begin(firm.anna) as work:
        service.lose(work, lost, work.get(Opportunity, lost).version, reason_ids(database)["price"])
    clock.instant = begin
    reached = [(row[0], row[1], row[2]) for row in rows_of(database, firm.boss, reports.funnel)]
    assert reached == [("Enquiry", 2, 0), ("Qualified", 2, 1), ("Quoted", 1, 0), ("Negotiating", 1, 0), ("Won", 0, 0)]


@pytest.mark.usefixtures("decided")
def test_why_they_were_lost(database: Database, firm: Firm) -> None:
    assert rows_of(database, firm.boss, reports.lost_reasons) == [
        ("Price too high", 1, Decimal("50.0"), "CNY 300.00"),
        ("No answer", 1, Decimal("50.0"), "CNY 400.00"),
    ]
    assert rows_of(database, firm.anna, reports.lost_reasons, to_on=date(2026, 11, 3)) == [
        ("Price too high", 1, Decimal("100.0"), "CNY 300.00")
    ]


def test_reports_ask_for_their_rights(file_database: Database, firm: Firm) -> None:
    for by in (firm.buyer, firm.admin):
        for report in (reports.forecast, reports.funnel, reports.win_rate, reports.cycle, reports.lost_reasons):
            with pytest.raises(NotAllowed):
                run(file_database, by, report)
        with pytest.raises(NotAllowed), file_database.read(by) as work:
            board.board(work)


def test_a_half_goes_away_from_zero_in_both() -> None:
    assert [rules.weighted(1, Decimal(50)), rules.weighted(3, Decimal(50)), rules.weighted(5, Decimal("10.00"))] == [
        1,
        2,
        1,
    ]
