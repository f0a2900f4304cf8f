"""Registration numbers are checked where a rule is known and left in peace elsewhere."""

import pytest

from crm_desktop.shared.registration import check_registration, registration_key


def test_a_number_has_one_key() -> None:
    assert registration_key(" de 136.695-976 ") == registration_key("ＤＥ136695976") == "DE136695976"


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("", "CN"),
        ("91110000600037341L", "CN"),
        ("9111 0000 6000 3734 1l", "cn"),
        ("310101000000001", "CN"),
        ("11010519491231002X", "CN"),
        ("600037341", "CN"),
        ("04595257", "TW"),
        ("12345678", "HK"),
        ("BR 12345678-000-01-26-A", "HK"),
        ("DE 136695976", "DE"),
        ("136/695/976", "DE"),
        ("EL094259216", "GR"),
        ("anything", "US"),
        ("anything", ""),
    ],
)
def test_a_good_or_unknown_number_passes(number: str, country: str) -> None:
    assert check_registration(number, country) is None


@pytest.mark.parametrize(
    ("number", "country", "word"),
    [
        ("123", "CN", "18"),
        ("911100006000373411", "CN", "check character"),
        ("91110000600O37341L", "CN", "letters"),
        ("1234", "TW", "8 digits"),
        ("04595253", "TW", "check digit"),
        ("1", "HK", "8 digits"),
        ("DE136695970", "DE", "VAT"),
    ],
)
def test_a_slip_is_named(number: str, country: str, word: str) -> None:
    reason = check_registration(number, country)
    assert reason is not None
    assert word in reason
