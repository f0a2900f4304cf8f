"""What an incoming amount is proposed to pay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from crm_desktop.receivables.money.open_items import OpenCredit, OpenInstalment
from crm_desktop.receivables.money.proposing import propose


def item(
    id_: int, amount: object, due: int | None = 1, invoice: int | None = None, dated: int = 1, number: str = ""
) -> OpenInstalment:
    return OpenInstalment(
        id=id_,
        invoice_id=invoice or id_,
        order_id=None,
        number=number or f"I{id_}",
        place="",
        label="",
        dated_on=date(2026, 1, dated),
        due_on=date(2026, 2, due) if due else None,
        event="" if due else "on acceptance",
        late=None,
        amount=Decimal(str(amount)),
        open=Decimal(str(amount)),
        disputed=False,
        dispute_reason="",
        dunning_level=0,
    )


def credit(id_: int, amount: object, kind: str = "credit") -> OpenCredit:
    return OpenCredit(kind, id_, f"C{id_}", date(2026, 1, 1), "", Decimal(str(amount)))


def proposed(items: list[OpenInstalment], amount: object, *usable: OpenCredit) -> tuple[dict[int, str], list[int]]:
    made = propose(items, Decimal(str(amount)), usable)
    return {id_: str(some) for id_, some in made.uses.items()}, [id_ for _kind, id_ in made.credits]


OLD, NEW, LAST = item(1, 300, due=1), item(2, 700, due=2), item(3, 500, due=3)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("700", {2: "700"}),  # exactly one instalment, though an older one is open
        ("1000", {1: "300", 2: "700"}),  # everything up to a day
        ("800", {1: "300", 2: "500"}),  # the oldest due first, the last in part
        ("9999", {1: "300", 2: "700", 3: "500"}),  # the rest stays as an advance
        ("0", {}),
    ],
)
def test_without_credits(amount: str, expected: dict[int, str]) -> None:
    assert proposed([LAST, NEW, OLD], amount) == (expected, [])


def test_the_whole_of_one_invoice_goes_before_older_ones() -> None:
    parts = [item(4, 60, due=5, invoice=9), item(5, 40, due=9, invoice=9)]
    assert proposed([OLD, *parts], 100) == ({4: "60", 5: "40"}, [])


def test_two_of_the_same_amount_go_by_due_date() -> None:
    same = [item(6, 500, due=9), item(7, 500, due=8)]
    assert proposed([OLD, *same], 500) == ({1: "300", 7: "200"}, [])
    assert proposed(same, 500) == ({7: "500"}, [])


def test_order_is_due_date_then_invoice_date_then_number_and_undated_last() -> None:
    items = [
        item(1, 1, due=None), item(2, 1, due=5, dated=2, number="B"), item(3, 1, due=5, dated=2, number="A"),
        item(4, 1, due=5, dated=1), item(5, 1, due=4, dated=9),
    ]  # fmt: skip
    assert list(propose(items, Decimal("4.5")).uses) == [5, 4, 3, 2, 1]


def test_an_exact_match_after_credits() -> None:
    assert proposed([OLD, NEW], 600, credit(11, 100)) == ({2: "700"}, [11])
    assert proposed([OLD, NEW], 690, credit(11, 5), credit(12, 10)) == ({2: "700"}, [12])
    assert proposed([OLD, NEW], 685, credit(11, 5), credit(12, 10)) == ({2: "700"}, [11, 12])


def test_2900_for_3000_less_a_credit_of_100() -> None:
    three = [item(number, 1000, due=number) for number in (1, 2, 3)]
    assert proposed(three, 2900, credit(9, 100)) == ({1: "1000", 2: "1000", 3: "1000"}, [9])


def test_a_credit_that_does_not_make_it_exact_stays() -> None:
    assert proposed([OLD, NEW], 650, credit(9, 100)) == ({1: "300", 2: "350"}, [])


def test_credits_alone_are_set_off() -> None:
    made = propose([OLD, NEW], Decimal(0), [credit(9, 100), credit(8, 250, "receipt")])
    assert made.uses == {1: Decimal(300), 2: Decimal(50)}
    assert made.credits == {("credit", 9): Decimal(100), ("receipt", 8): Decimal(250)}
    more = propose([OLD], Decimal(0), [credit(9, 250), credit(8, 250, "receipt")])
    assert more.uses == {1: Decimal(300)}
    assert more.credits == {("credit", 9): Decimal(250), ("receipt", 8): Decimal(50)}
    assert propose([], Decimal(5), [credit(9, 1)]).uses == {}
