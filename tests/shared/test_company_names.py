"""The same company or person is recognised however the name is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.shared.company_names import SAME, SIMILAR, company_key, person_key, similarity


@pytest.mark.parametrize(
    "names",
    [
        (
            "上海华新有限公司",
            "华新（上海）有限公司",
            "華新(上海)股份有限公司",
            "上海市华新有限责任公司",
            "上海华新(集团)有限公司",
        ),
        ("华新", "华新集团股份有限公司", " 华 新 "),
        ("Huaxin (Shanghai) Co., Ltd.", "SHANGHAI HUAXIN COMPANY LIMITED", "Ｓｈａｎｇｈａｉ Huaxin"),
        ("Müller GmbH & Co. KG", "Muller", "MÜLLER AG"),
        (
            "Foo Sp. z o.o.",
            "foo",
            "Foo S.A.",
            "Foo S.r.l.",
            "Foo B.V.",
            "Foo Pte. Ltd.",
            "Foo K.K.",
            "PT Foo Tbk",
            "The Foo Inc",
        ),
        ("株式会社トヨタ", "トヨタ株式會社", "トヨタ"),
        ("Bar (Hong Kong) Ltd", "Hong Kong Bar Limited"),
    ],
)
def test_one_company_has_one_key(names: tuple[str, ...]) -> None:
    assert len({company_key(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("有限公司", "有限公司"),
        ("Ltd", "ltd"),
        ("北京", "北京"),
        ("(上海)", "上海"),
        ("上海(上海)有限公司", "上海"),
        ("工商银行上海分公司", "工商银行上海分公司"),
        ("华新（某某）有限公司", "华新某某"),
        ("!!", ""),
        ("上海市场调查有限公司", "上海市场调查"),
    ],
)
def test_a_name_of_forms_and_towns_keeps_something(name: str, key: str) -> None:
    assert company_key(name) == key


@given(st.text(max_size=40))
def test_a_key_is_only_letters_and_digits(name: str) -> None:
    assert company_key(name).isalnum() or not company_key(name)
    assert person_key(name).isalnum() or not person_key(name)


def test_one_person_has_one_key() -> None:
    assert person_key("Smith, John") == person_key("Mr John SMITH") == "johnsmith"
    assert person_key("王 小明先生") == person_key("王小明") == "王小明"
    assert person_key("王总经理") == "王"
    assert person_key("先生") == "先生"
    assert person_key("Mr") == "mr"
    assert person_key("") == ""


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("上海华新有限公司", "华新", True),
        ("上海华新", "上海", False),
        ("上海华东国际贸易", "上海华通国际贸易", False),
        ("Shanghai", "Huaxin Shanghai", False),
        ("Johnson Controls", "Jonson Controls", True),
        ("Ann", "Annabel Trading", False),
        ("王", "王小明", False),
        ("AB", "XY Ltd", False),
        ("", "华新", False),
    ],
)
def test_names_that_look_alike_are_pointed_out(a: str, b: str, alike: bool) -> None:
    score = similarity(company_key(a), company_key(b))
    assert (score >= SIMILAR) is alike
    assert score == similarity(company_key(b), company_key(a))


@given(st.text(max_size=12), st.text(max_size=12))
def test_only_equal_keys_are_the_same(a: str, b: str) -> None:
    score = similarity(a, b)
    assert 0 <= score <= SAME
    assert (score == SAME) == (a == b and a != "")
