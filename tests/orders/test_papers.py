"""Papers: what stands on them, in which language, and what must not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.orders.papers import Parties, address_lines, delivery_paper, order_paper, quote_paper
from crm_desktop.reports.paper import LineKind, Sender
from crm_desktop.reports.paper_pdf import paper_pdf
from crm_desktop.shared.i18n import ENGLISH, SIMPLIFIED

OURS = Parties(ENGLISH, Sender("Harbour & Lin"), "Atlas Ltd", ("1 Quay", "20095 Hamburg"), "Li Fang", "Anna Weber")


def line(name: str, quantity: str, price: str, **more: Any) -> dict[str, Any]:
    amount = Decimal(quantity) * Decimal(price)
    return {
        "id": 7,
        "kind": "item",
        "code": "A-1",
        "name": name,
        "description": "",
        "unit": "pc",
        "quantity": Decimal(quantity),
        "unit_price": Decimal(price),
        "discount_percent": Decimal(0),
        "tax_percent": Decimal(13),
        "amount": amount,
    } | more


def order(**more: Any) -> dict[str, Any]:
    return {
        "number": "S2026-0001",
        "state": "confirmed",
        "dated_on": date(2026, 3, 5),
        "due_on": date(2026, 4, 1),
        "signed_on": None,
        "starts_on": None,
        "ends_on": None,
        "quote_number": "Q2026-0007/2",
        "reference": "PO-1",
        "subject": "Bearings",
        "opening": "Dear Ms Li,",
        "terms": "Ex works.",
        "delivery_terms": "",
        "ship_to": "",
        "signatory": "Lin Wei",
        "customer_signatory": "",
        "currency": "CNY",
        "prices_include_tax": False,
        "lines": (
            line("Bearing", "10", "8.6"),
            line("Spare parts", "0", "0", kind="text", id=8),
            line("Seal", "2", "2.155", id=9),
        ),
        "taxes": ({"percent": Decimal(13), "net": Decimal("90.31"), "tax": Decimal("11.74")},),
        "subtotal": Decimal("90.31"),
        "discount": Decimal(0),
        "net": Decimal("90.31"),
        "tax": Decimal("11.74"),
        "total": Decimal("102.05"),
        "instalments": (
            {"label": "Deposit", "amount": Decimal("30.62"), "event": "on signing", "due_on": None},
            {"label": "", "amount": Decimal("71.43"), "event": "", "due_on": date(2026, 4, 4)},
        ),
    } | more


def delivery(**more: Any) -> dict[str, Any]:
    return {
        "number": "D2026-0001",
        "delivered_on": date(2026, 3, 6),
        "returns_id": None,
        "returns_number": "",
        "order_number": "S2026-0001",
        "order_reference": "PO-1",
        "carrier": "SF",
        "tracking": "",
        "ship_to": "Gate 3\nHamburg",
        "notes": "",
        "currency": "CNY",
        "lines": ({**line("Bearing", "4", "8.6"), "order_line_id": 7},),
    } | more


def test_an_order_names_both_sides_its_figures_and_what_is_to_be_paid() -> None:
    paper = order_paper(order(), OURS)
    assert (paper.title, paper.number, paper.watermark) == ("Sales order", "S2026-0001", "")
    assert paper.recipient.lines == ("Atlas Ltd", "Li Fang", "1 Quay", "20095 Hamburg")
    assert {fact.label: fact.value for fact in paper.facts}["Our quotation"] == "Q2026-0007/2"
    assert paper.lines[0].cells == ("1", "A-1", "Bearing", "10", "pc", "8.60", "13", "86.00")
    assert (paper.lines[1].kind, paper.lines[1].cells) == (LineKind.TEXT, ("Spare parts",))
    assert paper.lines[2].cells[0] == "2"
    assert paper.totals[-1].value == "CNY 102.05"
    assert paper.instalments is not None
    assert [row[1] for row in paper.instalments.rows] == ["on signing", "4 Apr 2026"]
    assert [one.name for one in paper.signatures] == ["Harbour & Lin", "Atlas Ltd"]
    assert paper.signatures[0].lines[0] == "Representative: Lin Wei"
    assert paper_pdf(paper).pages == 1


def test_a_chinese_order_says_the_amount_in_capitals() -> None:
    paper = order_paper(order(), Parties(SIMPLIFIED, Sender("港林贸易"), "宁波华新"))
    assert paper.amount_words == "人民币壹佰零贰元零伍分"


def test_a_discount_has_its_column_only_where_there_is_one() -> None:
    discounted = order(lines=(line("Bearing", "10", "8.6", discount_percent=Decimal(5)),), discount=Decimal(4))
    paper = order_paper(discounted, OURS)
    assert len(paper.columns) == len(paper.lines[0].cells) == 9
    assert [total.value for total in paper.totals[:2]] == ["90.31", "−4.00"]


def test_several_tax_rates_have_a_table() -> None:
    taxes = ({"percent": Decimal(13), "net": Decimal(80), "tax": Decimal("10.4")},
             {"percent": Decimal(6), "net": Decimal(10), "tax": Decimal("0.6")})  # fmt: skip
    paper = order_paper(order(taxes=taxes), OURS)
    assert paper.taxes is not None
    assert paper.taxes.rows[1] == ("6", "10.00", "0.60")


@pytest.mark.parametrize(("state", "mark"), [("draft", "Draft"), ("replaced", "Replaced"), ("sent", "")])
def test_a_quote_says_how_long_it_holds_and_what_it_is(state: str, mark: str) -> None:
    quote = order(number="Q2026-0007", revision=2, state=state, valid_until=date(2026, 4, 4))
    paper = quote_paper(quote, OURS)
    assert (paper.number, paper.watermark) == ("Q2026-0007/2", mark)
    assert {fact.label: fact.value for fact in paper.facts}["Valid until"] == "4 Apr 2026"
    assert paper.signatures == ()


def test_a_delivery_note_shows_prices_only_when_asked() -> None:
    plain = delivery_paper(delivery(), OURS)
    assert plain.lines[0].cells == ("1", "A-1", "Bearing", "4", "pc")
    assert "8.6" not in repr(plain)
    assert plain.recipient.lines == ("Atlas Ltd", "Gate 3", "Hamburg")
    priced = delivery_paper(delivery(), OURS, order())
    assert priced.lines[0].cells[-2:] == ("8.60", "34.40")


def test_a_return_is_called_one_and_counts_what_came_back() -> None:
    back = delivery(returns_id=3, returns_number="D2026-0001")
    back["lines"] = ({**line("Bearing", "-2", "8.6"), "order_line_id": 7},)
    paper = delivery_paper(back, OURS)
    assert (paper.title, paper.lines[0].cells[3]) == ("Return note", "2")


def test_an_address_reads_as_its_language_writes_it() -> None:
    contact = {
        "addresses": (
            {"kind": "other", "street": "Elsewhere"},
            {"kind": "office", "street": "科技路 1 号", "postcode": "315000", "city": "宁波市", "region": "浙江省",
             "country": ""},
        )
    }  # fmt: skip
    assert address_lines(contact, SIMPLIFIED) == ("315000", "浙江省宁波市科技路 1 号")
    assert address_lines(contact, ENGLISH) == ("科技路 1 号", "315000 宁波市", "浙江省")
    assert address_lines({"addresses": ()}, ENGLISH) == ()
