"""E-mail addresses: one key each, and a helpful word about a slip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.shared.emails import check_email, email_key


@pytest.mark.parametrize("typed", ["Li@Firm.COM", " li@firm.com ", "Li Ming <MAILTO:Li@Firm.COM>", "ｌｉ@firm.com"])
def test_an_address_has_one_key(typed: str) -> None:
    assert email_key(typed) == "li@firm.com"


@pytest.mark.parametrize(
    "typed", ["", "  ", "li@firm.com", "o'neil+crm@a-b.co.uk", "李@中文.中国", "x@1.de", "李@公司.中"]
)
def test_a_good_address_is_left_in_peace(typed: str) -> None:
    assert check_email(typed) is None


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("a@b,com", "comma"),
        ("a@b。com", "punctuation"),
        ("a@b.com, c@d.com", "another line"),
        ("a@@b.com", "more than one"),
        ("ab.com", "missing"),
        ("@b.com", "before"),
        ("a@", "after"),
        ("a b@c.com", "space"),
        ("a@b..com", "Two dots"),
        (".a@b.com", "begins"),
        ("a@b.com.", "ends"),
        ("a.@b.com", "next to"),
        ("a@.b.com", "next to"),
        ("a@firm", "such as"),
        ("a@b.c", "ending"),
        ("a@b.123", "ending"),
        ("a(@b.com", "character"),
        ("a@-b.com", "character"),
        ("a@b-.com", "character"),
        ("x" * 65 + "@b.com", "too long"),
    ],
)
def test_a_slip_is_named(typed: str, word: str) -> None:
    reason = check_email(typed)
    assert reason is not None
    assert word in reason


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(typed: str) -> None:
    assert check_email(typed) is None or "@" in email_key(typed) or "missing" in str(check_email(typed))
