"""Which instalments an invoice claims: pure figures, any split, and nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.receivables.billing.claiming import PlannedRow, Plans, Sold, shares

DAY = date(2026, 11, 20)


@dataclass
class Head:
    order_id: int | None = None
    instalment_id: int | None = None
    payment_term_id: int | None = None
    due_on: date | None = None
    dated_on: date = DAY
    currency: str = "CNY"


def plans(*rows: PlannedRow, by_order: Sequence[int] = ()) -> Plans:
    made = Plans({}, set(by_order), {}, due_days=30)
    for row in rows:
        made.rows.setdefault(row.order_id, []).append(row)
    return made


def row(id_: int, amount: int, order_id: int = 1, **values: Any) -> PlannedRow:
    return PlannedRow(id_, order_id, id_, amount, values.pop("due_on", DAY), "", f"Part {id_}")


def test_planned_rows_are_taken_in_order_and_the_last_is_split() -> None:
    made = plans(row(1, 300), row(2, 700)).claim(Head(), [Sold(1, 400)])
    assert [(one.planned_id, one.amount, one.rest) for one in made] == [(1, 300, 0), (2, 100, 600)]


def test_the_instalment_the_draft_was_written_for_comes_first() -> None:
    made = plans(row(1, 300), row(2, 700)).claim(Head(instalment_id=2, order_id=1), [Sold(None, 800)])
    assert [(one.planned_id, one.amount) for one in made] == [(2, 700), (1, 100)]


def test_what_no_plan_covers_is_one_more_instalment() -> None:
    made = plans(row(1, 300)).claim(Head(), [Sold(1, 500)])
    assert [(one.planned_id, one.amount, one.due_on) for one in made] == [
        (1, 300, DAY),
        (None, 200, DAY + timedelta(days=30)),
    ]
    made = plans(row(1, 300)).claim(Head(due_on=date(2027, 1, 1)), [Sold(1, 500)])
    assert made[-1].due_on == date(2027, 1, 1)


def test_cents_of_rounding_go_to_the_last_instalment() -> None:
    made = plans(row(1, 300), row(2, 200)).claim(Head(), [Sold(1, 251), Sold(1, 251)])
    assert [(one.planned_id, one.amount) for one in made] == [(1, 300), (2, 202)]


def test_an_order_that_claimed_by_itself_is_not_claimed_again() -> None:
    made = plans(by_order=[1]).claim(Head(), [Sold(1, 500), Sold(None, 70)])
    assert [(one.order_id, one.amount) for one in made] == [(None, 70)]


def test_a_deduction_of_no_order_is_taken_from_the_others() -> None:
    assert shares(Head(), [Sold(None, -30), Sold(1, 20), Sold(2, 100)]) == {2: 90}
    assert shares(Head(order_id=1), [Sold(None, -30), Sold(1, 100)]) == {1: 70}


@given(
    planned=st.lists(st.integers(0, 500), max_size=6),
    sold=st.lists(st.tuples(st.sampled_from([None, 1, 2]), st.integers(-200, 900)), min_size=1, max_size=6),
)
def test_claims_always_add_up_to_the_total(planned: list[int], sold: list[tuple[int | None, int]]) -> None:
    total = sum(amount for _of, amount in sold)
    if total < 0:
        return
    have = plans(*(row(place, amount, 1 + place % 2) for place, amount in enumerate(planned, 1)))
    before = sum(planned)
    made = have.claim(Head(), [Sold(of, amount) for of, amount in sold])
    assert sum(one.amount for one in made) == total
    assert all(one.amount > 0 for one in made)
    left = sum(one.amount for rows in have.rows.values() for one in rows)
    assert 0 <= left <= before
