import random
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.contacts import rules
from crm_desktop.contacts.rules import DefinedField
from crm_desktop.shared import phones
from crm_desktop.shared.errors import Invalid

EMPTY = st.sampled_from([None, ""])
TEXTS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
KEYS = ("name", "level", "source", "notes")
ROWS = st.fixed_dictionaries(dict.fromkeys(KEYS, EMPTY | TEXTS))
TAKEN = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["survivor", "loser"]))
POINTS = st.lists(
    st.fixed_dictionaries({"kind": st.sampled_from([kind for kind, _label in rules.POINT_KINDS]), "value": TEXTS})
)


def defined(kind):
    return DefinedField(1, 1, "k", "K", kind)


@given(ROWS, ROWS, TAKEN)
def test_merging_takes_what_was_chosen_and_loses_nothing_else(survivor, loser, taken):
    result = dict(survivor) | rules.merged(survivor, loser, taken)
    for key in KEYS:
        if key in taken:
            assert result[key] == (loser if taken[key] == "loser" else survivor)[key]
            continue
        if survivor[key]:
            assert str(result[key]).startswith(survivor[key])
        if loser[key] and (not survivor[key] or key == "notes"):
            assert loser[key] in result[key]


def test_merging_the_same_notes_does_not_double_them():
    assert rules.merged({"notes": "call first"}, {"notes": "call first"}, {}) == {}
    assert rules.merged({"notes": "a"}, {"notes": "b"}, {}) == {"notes": "a\n\nb"}


def test_merging_keeps_a_no_and_a_zero():
    assert rules.merged({"is_supplier": False, "days": 0}, {"is_supplier": True, "days": 30}, {}) == {}


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_of_ones_own_comes_back_unrounded(number):
    assert rules.typed_custom(defined("number"), rules.custom_value("number", (), "k", number)) == number


@given(st.dates())
def test_a_date_of_ones_own_comes_back_whether_typed_or_picked(day):
    for given_as in (day, day.isoformat()):
        assert rules.typed_custom(defined("date"), rules.custom_value("date", (), "k", given_as)) == day


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "ten"), ("number", "NaN"), ("number", "-Infinity"), ("date", "2026-02-30"), ("list", "green")],
)
def test_values_that_do_not_fit_are_refused_beside_their_field(kind, value):
    with pytest.raises(Invalid) as refused:
        rules.custom_value(kind, ("red", "blue"), "k", value)
    assert refused.value.field == "custom.k"


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("text", None, None),
        ("text", "", None),
        ("text", "  ", None),
        ("text", " a\tb ", "a b"),
        ("number", "1.50", "1.50"),
        ("number", Decimal("0"), "0"),
        ("date", date(2026, 5, 3), "2026-05-03"),
        ("list", "red", "red"),
    ],
)
def test_values_of_ones_own_as_they_are_stored(kind, value, stored):
    assert rules.custom_value(kind, ("red", "blue"), "k", value) == stored


def test_an_empty_value_of_ones_own_stays_empty():
    assert [rules.typed_custom(defined(kind), None) for kind, _label in rules.CUSTOM_KINDS] == [None] * 4


@given(POINTS)
def test_lists_show_the_first_phone_and_the_first_address(points):
    mains = rules.main_values(points, ())
    phones = [one["value"] for one in points if one["kind"] in {"mobile", "phone", "fax", "whatsapp"}]
    emails = [one["value"] for one in points if one["kind"] == "email"]
    assert mains == {"main_phone": (phones or [""])[0], "main_email": (emails or [""])[0], "main_city": ""}


def test_lists_show_the_first_city_there_is():
    cities = [{"city": ""}, {"city": "宁波"}, {"city": "Hamburg"}]
    assert rules.main_values((), cities)["main_city"] == "宁波"


def test_points_are_cleaned_and_empty_ones_left_out():
    assert rules.checked_points([{"value": " 138 0013 "}, {"kind": "email", "value": None}]) == [
        {"kind": "phone", "value": "138 0013", "note": ""}
    ]
    with pytest.raises(Invalid) as refused:
        rules.checked_points([{"kind": "email", "value": "nobody"}])
    assert refused.value.field == "points"


def test_addresses_are_cleaned_and_empty_ones_left_out():
    assert rules.checked_addresses([{"kind": "home", "city": " "}, {"city": " Ningbo "}]) == [
        {"kind": "office", "street": "", "city": "Ningbo", "region": "", "postcode": "", "country": ""}
    ]


def test_keys_under_which_duplicates_meet():
    assert rules.point_key("mobile", "138 0013 8000", "CN") == rules.point_key("whatsapp", "+86 13800138000", "US")
    assert rules.point_key("email", "Chen@Example.COM", "CN") == rules.point_key("email", "chen@example.com", "CN")
    assert rules.point_key("wechat", "ＣＨＥＮ", "CN") == rules.point_key("wechat", "chen", "CN")
    assert rules.name_key("company", "Harbour Ltd.") == rules.name_key("company", "HARBOUR LIMITED")
    assert rules.derived("person", "Wu Lan")["name_key"] == rules.name_key("person", "Wu Lan")


def test_a_contact_is_found_by_its_number_as_typed_and_as_normalised():
    points = [
        {"kind": "mobile", "value": "138 0013 8000", "key": "+8613800138000"},
        {"kind": "phone", "value": "12345", "key": "12345"},
        {"kind": "email", "value": "A@b.cn", "key": "a@b.cn"},
    ]
    assert rules.search_texts(("Wu Lan", ""), points, ("", "宁波")) == [
        "Wu Lan", "宁波", "138 0013 8000", "+8613800138000", "12345", "A@b.cn",
    ]  # fmt: skip


def test_the_short_way_to_a_chinese_number_agrees_with_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    typed = [
        chance.choice(("1##########", "0##-########", "0### #######", "(010)########", "0#########", "179########"))
        for _n in range(2_000)
    ]
    typed = ["".join(chance.choice("0123456789") if sign == "#" else sign for sign in one) for one in typed]
    quick = [phones.phone_key(one, "CN") for one in typed]
    monkeypatch.setattr(phones, "_chinese_key", lambda *_given: "")
    assert quick == [phones.phone_key(one, "CN") for one in typed]
