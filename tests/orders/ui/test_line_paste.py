"""Blocks copied from a spreadsheet, read as lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from crm_desktop.orders.ui.catalogue import KnownProducts
from crm_desktop.orders.ui.grid_line import GridLine, cell_text, new_line, read_cell
from crm_desktop.orders.ui.line_paste import as_block, cells_of, header_of, is_block, read_lines
from crm_desktop.products.rules import CatalogueItem, haystack

TODAY = date(2026, 11, 19)
KNOWN = KnownProducts(
    CatalogueItem(place, code, name, "pc", Decimal(5), Decimal(13), "", haystack(code, name))
    for place, (code, name) in enumerate(
        (("A-1", "Bearing"), ("A-2", "Seal"), ("B-1", "Twin"), ("B-2", "Twin"), ("6204", "轴承")), 1
    )
)


def read(text: str) -> list[GridLine]:
    return read_lines(cells_of(text), KNOWN, dated=True, usual={"tax_percent": Decimal(6)}, today=lambda: TODAY)


def shown(line: GridLine, *names: str) -> list[str]:
    return [cell_text(line, name, "CNY") for name in names]


def test_one_cell_is_no_block() -> None:
    assert not is_block("6204\n")
    assert is_block("6204\t5")
    assert is_block("6204\n6205\n")


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("Item No\tQty\tUnit Price", ["code", "quantity", "unit_price"]),
        ("品名\t數量\t單價\t折扣", ["name", "quantity", "unit_price", "discount_percent"]),
        ("序号\t产品编码\t名称\t数量：\t交期", ["place", "code", "name", "quantity", "due_on"]),
        ("Code\tColour\tQuantity", ["code", "", "quantity"]),
    ],
)
def test_headers_are_known_in_english_and_chinese(header: str, names: list[str]) -> None:
    assert header_of(header.split("\t")) == names


@pytest.mark.parametrize("row", ["A-1\t5\t8.60", "Quantity\tPrice", "Code", "Bearing\tQty"])
def test_a_row_of_values_is_no_header(row: str) -> None:
    assert header_of(row.split("\t")) is None


def test_without_a_header_figures_are_quantity_price_and_discount() -> None:
    first, second = read("A-1\t5\t8.60\t10%\nSeal\t1,200\t¥2.15\t\n")
    assert shown(first, "code", "quantity", "unit_price", "discount_percent") == ["A-1", "5", "8.60", "10"]
    assert shown(second, "code", "quantity", "unit_price", "discount_percent") == ["A-2", "1,200", "2.15", ""]
    assert (first.values["tax_percent"], first.priced) == (Decimal(13), True)


def test_words_beside_the_code_are_its_name_and_running_numbers_are_left_out() -> None:
    (line,) = read("1\tA-1\tBearing, as drawn\t5\t8\n")
    assert shown(line, "code", "name", "quantity", "unit_price") == ["A-1", "Bearing", "5", "8.00"]


def test_codes_of_figures_only_are_codes() -> None:
    lines = read("6204\t5\t8\nA-1\t6\t9\n")
    assert [shown(line, "code", "quantity") for line in lines] == [["6204", "5"], ["A-1", "6"]]


def test_nothing_is_guessed_where_a_name_is_not_one_product() -> None:
    twin, unknown = read("Twin\t5\nNobody\t6\n")
    assert twin.wrong["code"][0] == "Twin"
    assert unknown.wrong["code"][1].startswith("No product has the code or name “Nobody”")
    assert shown(unknown, "code", "quantity") == ["Nobody", "6"]


def test_what_cannot_be_read_keeps_its_text_and_says_why() -> None:
    (line,) = read("Code\tQty\tPrice\tDisc %\tDelivery date\nA-1\t\t1,5\t120\t3/5/2026\n")
    assert set(line.wrong) == {"quantity", "unit_price", "discount_percent", "due_on"}
    assert shown(line, "quantity", "unit_price", "discount_percent") == ["", "1,5", "120"]
    assert line.wrong["quantity"][1] == "The quantity is missing."
    assert line.wrong["discount_percent"][1] == "A percentage is between 0 and 100, not 120."


def test_code_and_name_that_contradict_each_other_are_asked_about() -> None:
    (line,) = read("Code\tName\tQty\nX-9\tBearing\t1\n")
    assert "X-9" in line.wrong["code"][1]


def test_a_copied_block_is_read_again_as_it_was() -> None:
    block = as_block([["Code", "Product", "Quantity"], ["A-1", 'Bearing "special"\nsecond line', "5"]])
    assert cells_of(block)[1] == ["A-1", 'Bearing "special" second line', "5"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("quantity", "1,200.50", Decimal("1200.50")),
        ("quantity", "１２", Decimal(12)),
        ("discount_percent", "", Decimal(0)),
        ("tax_percent", "6 %", Decimal(6)),
        ("due_on", "+3", date(2026, 11, 22)),
        ("due_on", "", None),
        ("unit", " pc ", "pc"),
    ],
)
def test_cells_are_read_as_people_type(name: str, text: str, value: object) -> None:
    assert read_cell(name, text, lambda: TODAY) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [("quantity", "1.5k"), ("quantity", "-1"), ("quantity", "1e9"), ("quantity", "1000000000"),
     ("unit_price", "0.1234567"), ("discount_percent", "101"), ("due_on", "soon"), ("quantity", "")],
)  # fmt: skip
def test_what_means_nothing_is_refused(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_cell(name, text, lambda: TODAY)


def test_a_line_nothing_was_typed_in_is_blank() -> None:
    assert new_line(dated=False).is_blank
    assert not new_line(dated=False, name="Freight").is_blank
