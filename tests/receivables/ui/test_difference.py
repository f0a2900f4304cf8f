"""What a difference may be and what is posted then, without any screen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.receivables.rules import BANK_FEE, DIFFERENCE
from crm_desktop.receivables.ui.money.difference import (
    ADVANCE,
    KEEP,
    LEAVE,
    Standing,
    answers,
    placed,
    reduced,
    usual,
)

D = Decimal
AMOUNTS = st.decimals(min_value=0, max_value=9999, places=2)


def offered(standing: Standing, limit: Decimal | None) -> dict[str, bool]:
    return {answer.key: answer.allowed for answer in answers(standing, limit)}


@pytest.mark.parametrize(
    ("limit", "allowed"), [(D(0), False), (D("14.99"), False), (D(15), True), (D(50), True), (None, True)]
)
def test_what_is_missing_is_a_fee_only_within_the_limit(limit: Decimal | None, allowed: bool) -> None:
    standing = Standing(D(985), D(0), D(1000))
    assert standing.difference == D(-15)
    assert offered(standing, limit) == {BANK_FEE: allowed, DIFFERENCE: allowed, LEAVE: True}
    assert usual(standing) == ""


def test_a_surplus_is_an_advance_unless_somebody_keeps_it() -> None:
    standing = Standing(D(1010), D(0), D(1000))
    assert offered(standing, D(50)) == {ADVANCE: True, KEEP: True}
    assert offered(standing, D(5)) == {ADVANCE: True, KEEP: False}
    assert usual(standing) == ADVANCE
    assert placed(standing, KEEP, {"a": D(1000)}, {}).settles == (DIFFERENCE, D(10))
    assert placed(standing, ADVANCE, {"a": D(1000)}, {}).settles is None


def test_nothing_is_asked_when_all_is_placed_or_only_credits_are_left() -> None:
    assert answers(Standing(D(900), D(100), D(1000)), None) == ()
    assert answers(Standing(D(0), D(100), D(80)), None) == ()


def test_more_surplus_than_money_leaves_credits_unused() -> None:
    standing = Standing(D(50), D(300), D(200))
    claims, unused = {"a": D(200)}, {"c": D(100), "d": D(200)}
    assert placed(standing, ADVANCE, claims, unused).credits == {"c": D(100), "d": D(100)}


def test_what_is_left_open_comes_off_the_last_claims() -> None:
    claims = {"a": D(500), "b": D(10), "c": D(20)}
    assert reduced(claims, D(25)) == {"a": D(500), "b": D(5)}
    assert placed(Standing(D(505), D(0), D(530)), LEAVE, claims, {}).claims == {"a": D(500), "b": D(5)}


@given(AMOUNTS, st.lists(AMOUNTS.filter(bool), max_size=4), st.lists(AMOUNTS.filter(bool), max_size=4), st.data())
def test_whatever_the_answer_both_sides_are_equal(
    received: Decimal, claimed: list[Decimal], credited: list[Decimal], data: st.DataObject
) -> None:
    claims = {f"i{place}": amount for place, amount in enumerate(claimed)}
    unused = {f"c{place}": amount for place, amount in enumerate(credited)}
    standing = Standing(received, sum(credited, D(0)), sum(claimed, D(0)))
    keys = [answer.key for answer in answers(standing, None) if answer.allowed] or [usual(standing)]
    made = placed(standing, data.draw(st.sampled_from(keys)), claims, unused)
    money = received + sum(made.credits.values(), D(0))
    settled = made.settles[1] if made.settles else D(0)
    left = money - sum(made.claims.values(), D(0))
    assert all(0 < amount <= claims[key] for key, amount in made.claims.items())
    assert all(0 < amount <= unused[key] for key, amount in made.credits.items())
    if standing.difference < 0:
        assert left + settled == 0
    else:
        # What is over is money that stays or is kept, never a credit that was used for nothing.
        assert 0 <= left - settled <= received
