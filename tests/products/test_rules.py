"""What products are found by, how prices are converted, what a pasted block says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.products import rules
from crm_desktop.products.rules import Catalogue, CatalogueItem
from crm_desktop.shared.errors import Invalid


def item(number: int, code: str, name: str) -> CatalogueItem:
    return CatalogueItem(number, code, name, "", Decimal(1), Decimal(0), "", rules.haystack(code, name))


ITEMS = Catalogue(
    sorted(
        (
            item(1, "6204-ZZ", "深沟球轴承 6204"),
            item(2, "6204", "Deep groove ball bearing"),
            item(3, "62040", "Shim"),
            item(4, "M8-20", "六角螺栓 M8×20"),
            item(5, "Z1", "Bearing 6204 kit"),
            item(6, "Z2", "重庆密封圈"),
            item(7, "Z3", "Joint sealing ring"),
            item(8, "泵-1", "水泵"),
        ),
        key=lambda one: rules.code_key(one.code),
    )
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("6204", [2, 1, 3, 5]),
        ("6204-zz", [1]),
        ("6204zz", [1]),
        ("６２０４－ＺＺ", [1]),
        ("m820", [4]),
        ("轴承", [1]),
        ("軸承", [1]),
        ("sgqzc", [1]),
        ("shengouqiu", [1]),
        ("bearing 6204", [5, 2]),
        ("6204 bearing", [2, 5]),
        ("ball  bear", [2]),
        ("cqmfq", [6]),
        ("chongqing", [6]),
        ("shuibeng", [8]),
        ("泵", [8]),
        ("nothing such", []),
    ],
)
def test_a_product_is_found_by_what_people_type(typed: str, found: list[int]) -> None:
    assert [one.id for one in rules.match(ITEMS, typed)] == found


def test_nothing_typed_offers_the_first_ones() -> None:
    assert rules.match(ITEMS, "  ", 3) == list(ITEMS[:3])
    assert rules.match((), "x") == []
    assert rules.match(tuple(ITEMS), "seal") == [ITEMS[6]] == rules.match([ITEMS[6]], "seal")


@given(st.lists(st.text("ab1-螺栓 ", max_size=6), max_size=12), st.text("ab1-螺栓 ", max_size=5), st.integers(1, 4))
def test_match_finds_exactly_what_has_every_word(names: list[str], typed: str, limit: int) -> None:
    items = Catalogue(
        sorted((item(n, f"c{n}", name) for n, name in enumerate(names)), key=lambda one: rules.code_key(one.code))
    )
    words = typed.split()
    plainly = {one.id for one in items if all(word in one.haystack for word in words)}
    found = rules.match(items, typed, 100)
    assert {one.id for one in found} == plainly
    assert len(found) == len(plainly)
    assert len(rules.match(items, typed, limit)) == min(limit, len(plainly))


def test_a_price_is_converted_by_rate_and_tax() -> None:
    def moved(price: str, rate: str = "1", had: bool = False, wants: bool = False, currency: str = "EUR") -> str:
        made = rules.converted(
            Decimal(price), Decimal(13), rate=Decimal(rate), currency=currency, had_tax=had, wants_tax=wants
        )
        return str(made)

    assert moved("12.345678") == "12.345678"
    assert moved("100", wants=True) == "113.00"
    assert moved("100", had=True) == "88.4956"
    assert moved("100", rate="7.8") == "12.8205"
    assert moved("100", rate="7.8", wants=True) == "14.4872"
    assert moved("100", rate="0.05", currency="JPY") == "2000"
    assert moved("0.05", rate="7.8") == "0.0064"


@given(st.decimals(0, 1_000_000, places=2), st.sampled_from(["0", "5", "6", "9", "13"]))
def test_tax_put_on_and_taken_off_gives_the_price_again(price: Decimal, percent: str) -> None:
    tax = Decimal(percent)
    with_tax = rules.converted(price, tax, rate=Decimal(1), currency="CNY", had_tax=False, wants_tax=True)
    back = rules.converted(with_tax, tax, rate=Decimal(1), currency="CNY", had_tax=True, wants_tax=False)
    assert abs(back - price) <= Decimal("0.0001")


def test_prices_show_the_decimals_of_their_currency() -> None:
    assert str(rules.padded(Decimal("12.5"), "EUR")) == "12.50"
    assert str(rules.padded(Decimal("12.345678"), "EUR")) == "12.345678"
    assert str(rules.padded(Decimal("12"), "JPY")) == "12"
    assert str(rules.padded(Decimal("12"), "KWD")) == "12.000"


@pytest.mark.parametrize(
    ("value", "stored"), [("1.2345675", "1.234568"), (Decimal("10.00"), "10"), (0, "0"), ("1e3", "1000")]
)
def test_a_price_is_stored_exactly(value: object, stored: str) -> None:
    assert str(rules.checked_price("price", value)) == stored


@pytest.mark.parametrize("value", ["-1", "abc", "NaN", "Infinity", "1000000000000", None])
def test_what_is_no_price_is_refused(value: object) -> None:
    with pytest.raises(Invalid) as refused:
        rules.checked_price("list_price", value)
    assert refused.value.field == "list_price"


@pytest.mark.parametrize("value", ["-0.1", "100.01", "x"])
def test_a_tax_rate_is_a_percentage(value: str) -> None:
    with pytest.raises(Invalid):
        rules.checked_percent("tax_percent", value)
    assert rules.checked_percent("tax_percent", "8.875") == Decimal("8.875")


def test_a_pasted_block_is_read_line_by_line() -> None:
    read = rules.pasted_prices("编码\t价格\n6204\t1,234.50\textra\n\n  M8-20 \t１２\nZ1\t\n\t5\nZ2\tabc\nZ3\t-1\n")
    assert [(one.product, one.price) for one in read] == [
        ("6204", Decimal("1234.5")),
        ("M8-20", Decimal(12)),
        ("Z1", None),
        ("", None),
        ("Z2", None),
        ("Z3", None),
    ]
    assert [bool(one.problem) for one in read] == [False, False, True, True, True, True]
    assert "below zero" in read[-1].problem


def test_one_wrong_line_alone_is_no_header() -> None:
    assert [one.product for one in rules.pasted_prices("6204\tabc")] == ["6204"]


def test_a_product_is_named_by_code_or_by_its_only_name() -> None:
    twins = [*ITEMS, item(9, "Z9", "水泵")]
    assert rules.find_item(ITEMS, "6204-zz") == next(one for one in ITEMS if one.id == 1)
    assert rules.find_item(ITEMS, "水泵") is not None
    assert rules.find_item(twins, "水泵") is None
    assert rules.find_item(ITEMS, "nothing") is None
