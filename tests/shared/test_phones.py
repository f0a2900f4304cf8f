"""Telephone numbers are recognised however written and never lose a digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.shared.phones import format_phone, phone_digits, phone_key


@pytest.mark.parametrize(
    ("typed", "region", "key"),
    [
        ("138 0013-8000", "CN", "+8613800138000"),
        ("+86 13800138000", "", "+8613800138000"),
        ("0086 13800138000", "", "+8613800138000"),
        ("１３８００１３８０００", "cn", "+8613800138000"),
        ("021-62345678转801", "CN", "+862162345678x801"),
        ("021-62345678 分机：801", "CN", "+862162345678x801"),
        ("(021) 6234 5678 ext. 801", "CN", "+862162345678x801"),
        ("2522 1234", "HK", "+85225221234"),
        ("(02) 2311-1111 #12", "TW", "+886223111111x12"),
        ("138 0013-8000", "", "13800138000"),
        ("13800138000 / 13900139000", "CN", "1380013800013900139000"),
        ("call Li", "CN", ""),
        ("12", "XX", "12"),
    ],
)
def test_a_number_has_one_key(typed: str, region: str, key: str) -> None:
    assert phone_key(typed, region) == key


@pytest.mark.parametrize(
    ("typed", "region", "shown"),
    [
        ("13800138000", "CN", "138 0013 8000"),
        ("8613800138000", "CN", "138 0013 8000"),
        ("+85225221234", "CN", "+852 2522 1234"),
        ("02162345678转12", "CN", "021 6234 5678 ext. 12"),
        (" 12345 ", "CN", "12345"),
        ("13800138000 (Li)", "CN", "13800138000 (Li)"),
        ("13800138000/13900139000", "CN", "13800138000/13900139000"),
        ("+1 800 FLOWERS", "US", "+1 800 FLOWERS"),
        ("011 15-2345-6789", "AR", "011 15-2345-6789"),
        ("13800138000", "", "13800138000"),
    ],
)
def test_a_number_is_shown_nicely_or_as_typed(typed: str, region: str, shown: str) -> None:
    assert format_phone(typed, region) == shown


@given(
    st.text(st.sampled_from("0123456789+-() /.x#转ab"), max_size=20),
    st.sampled_from(["CN", "TW", "HK", "US", "DE", ""]),
)
def test_no_number_is_cut_or_refused(typed: str, region: str) -> None:
    shown = format_phone(typed, region)
    assert phone_key(shown, region) == phone_key(typed, region)
    assert phone_key(typed, region).isascii()


def test_digits_are_what_people_dial() -> None:
    assert phone_digits("+86 (138) 0013-８０００") == "8613800138000"
