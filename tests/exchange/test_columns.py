import pytest

from crm_desktop.exchange.sheets.columns import BY_CONTENT, BY_NAME, BY_PERSON, header_key
from crm_desktop.shared.fields import Kind
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.importing import id_header
from tests.exchange.drafts import FIELDS, draft, field


def matched(*headers, cells=None):
    made = draft(headers, *(cells or [tuple("x" for _header in headers)]))
    return {column.header: column.field for column in made.columns}


@pytest.mark.parametrize(
    "header",
    [
        "客户名称",
        "客戶名稱",
        "*客户名称",
        "客户名称（必填）",
        "客户 名称",
        "客户名称：",
        "客户名称/Customer",
        "客户名称 Name",
        "Company Name",
        "COMPANY_NAME",
        "company-name",
        "CompanyName",
        "公司名稱",
        "Ｎａｍｅ",
        "Comapny name",
    ],
)
def test_a_header_is_recognised_however_it_is_written(header):
    assert matched(header, "备注")[header] == "name"


@pytest.mark.parametrize(
    ("header", "field"), [("金额(元)", "amount"), ("金额 RMB", "amount"), ("金额 [CNY]", "amount")]
)
def test_units_do_not_matter(header, field):
    assert matched("Name", header)[header] == field


@pytest.mark.parametrize("header", ["名", "Names of dogs", "客户来源", "Amount 2", "2026", "客户", "", "称"])
def test_a_header_that_means_something_else_is_left_alone(header):
    assert matched("备注", header).get(header, "") == ""


def test_a_field_is_used_once_and_the_better_column_has_it():
    found = matched("Company name (old)", "Name", "Customer ID")
    assert found == {"Company name (old)": "", "Name": "name", "Customer ID": "code"}


def test_the_first_of_several_is_the_one():
    assert matched("Name", "电话1", "电话2") == {"Name": "name", "电话1": "phone", "电话2": ""}


def test_of_two_fields_called_alike_the_first_is_meant():
    fields = (field("name"), field("zone", Kind.TEXT, "Area"), field("area_code", Kind.TEXT, "Area"))
    made = draft(("Name", "Area"), ("A", "x"), fields=fields)
    assert made.columns[1].field == "zone"


def test_labels_are_known_in_every_language_of_the_program():
    from dataclasses import replace

    fields = tuple(replace(one, label=N_("Owner"), headers=()) if one.name == "owner" else one for one in FIELDS)
    for header in ("Owner", "负责人", "負責人"):
        made = draft(("Name", header), ("A", "chen"), fields=fields)
        assert made.columns[1].field == "owner", header


def test_columns_without_a_name_are_known_by_what_stands_in_them():
    cells = [(f"苏州{n}有限公司", f"1380013800{n}", f"li{n}@firm.cn", "chen", "91310000MA1FL2XD0A") for n in range(4)]
    made = draft(*cells)
    assert [column.field for column in made.columns] == ["name", "mobile", "email", "owner", "registration_number"]
    assert {column.how for column in made.columns} == {BY_CONTENT}


def test_an_unknown_header_over_addresses_is_proposed_and_says_so():
    made = draft(("Name", "Kontakt"), *((f"Firm {n}", f"li{n}@firm.cn") for n in range(4)))
    assert (made.columns[1].field, made.columns[1].how) == ("email", BY_CONTENT)


def test_account_numbers_are_not_taken_for_phones_nor_the_second_mobile_for_anything():
    made = draft(("Name", "QQ"), *((f"Firm {n}", f"12345678{n}") for n in range(4)))
    assert made.columns[1].field == ""
    made = draft(("Name", "手机", "手机 "), *((f"Firm {n}", "13800138000", "13800138001") for n in range(4)))
    assert [column.field for column in made.columns] == ["name", "mobile", ""]


def test_the_hidden_column_of_an_own_list_is_known_and_that_of_another_company_is_not():
    made = draft((id_header("contact", "ours"), "Name"), ("12/3", "A"))
    assert (made.columns[0].field, made.columns[0].how) == ("id", BY_NAME)
    assert made.rows()[0].values["id"].version == 3
    for foreign in (id_header("contact", "theirs"), id_header("order", "ours")):
        assert draft((foreign, "Name"), ("12/3", "A")).columns[0].field == ""


def test_a_person_moves_a_field_from_one_column_to_another():
    made = draft(("Name", "Company name", "Phone"), ("A", "B", "1"))
    made.map(1, "name")
    assert [column.field for column in made.columns] == ["", "name", "phone"]
    assert made.columns[1].how == BY_PERSON
    made.map(1, "")
    assert made.rows()[0].values == {"phone": "1"}
    assert made.missing() == (("name", "code"),)
    with pytest.raises(KeyError):
        made.map(0, "colour")
    with pytest.raises(LookupError):
        made.map(9, "name")


def test_keys_of_headers():
    assert header_key("客戶名稱（必填）*") == header_key("客户名称")
    assert header_key("(元)") == "元"
    assert header_key("  ") == ""
