"""Quotes, orders and delivery notes as papers in the customer's language (pure): records in, ready strings out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crm_desktop.orders import rules
from crm_desktop.reports.paper import (
    Align,
    Block,
    Column,
    Fact,
    Line,
    LineKind,
    Paper,
    Sender,
    Signature,
    SmallTable,
    Total,
)
from crm_desktop.reports.paper_text import amount, day, in_language, money, percent, plain_number
from crm_desktop.shared.amount_words import amount_in_words
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.money import exponent

QUOTE: Final = N_("Quotation")
ORDER: Final = N_("Sales order")
NOTE: Final = N_("Delivery note")
RETURN: Final = N_("Return note")
_WATERMARKS: Final = {rules.DRAFT: N_("Draft"), rules.CANCELLED: N_("Cancelled"), rules.REPLACED: N_("Replaced")}
_OFFICE_FIRST: Final = {"office": 0, "billing": 1}


@dataclass(frozen=True, slots=True)
class Parties:
    """Who writes to whom: our letterhead in the paper's language, the customer, and people by name."""

    language: str
    sender: Sender
    customer: str
    address: tuple[str, ...] = ()
    person: str = ""
    salesperson: str = ""


def address_lines(contact: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Return the customer's postal address as it stands on a letter, the office first; () without one."""
    addresses = sorted(contact.get("addresses") or (), key=lambda one: _OFFICE_FIRST.get(one.get("kind"), 2))
    if not addresses:
        return ()
    one = {name: str(value or "") for name, value in addresses[0].items()}
    region, city, street = one.get("region", ""), one.get("city", ""), one.get("street", "")
    if language.startswith("zh"):
        lines = [one.get("postcode", ""), region + (city if city != region else "") + street]
    else:
        lines = [street, " ".join(part for part in (one.get("postcode", ""), city) if part), region]
    return tuple(line for line in (*lines, one.get("country", "")) if line)


def quote_paper(quote: Mapping[str, Any], parties: Parties) -> Paper:
    """Return a quote as it is handed to the customer."""
    said = Words(parties.language)
    facts = [fact(said, N_("Date"), day(quote["dated_on"], parties.language))]
    if quote.get("valid_until"):
        facts.append(fact(said, N_("Valid until"), day(quote["valid_until"], parties.language)))
    return priced(
        QUOTE,
        rules.shown_number(quote["number"], quote["revision"]),
        quote,
        parties,
        facts=facts,
        texts=texts_of(said, (N_("Ship to"), quote["ship_to"]), (N_("Terms"), quote["terms"])),
    )


def order_paper(order: Mapping[str, Any], parties: Parties) -> Paper:
    """Return an order, which is the contract too, with places to sign."""
    said, language = Words(parties.language), parties.language
    facts = [fact(said, N_("Date"), day(order["dated_on"], language))]
    for label, name in ((N_("Signed on"), "signed_on"), (N_("Deliver by"), "due_on")):
        if order.get(name):
            facts.append(fact(said, label, day(order[name], language)))
    if order.get("starts_on") or order.get("ends_on"):
        days = [day(order[name], language) if order.get(name) else "" for name in ("starts_on", "ends_on")]
        facts.append(fact(said, N_("Runs"), " – ".join(days)))
    if order.get("quote_number"):
        facts.append(fact(said, N_("Our quotation"), str(order["quote_number"])))
    texts = texts_of(
        said,
        (N_("Ship to"), order["ship_to"]),
        (N_("Terms of delivery"), order["delivery_terms"]),
        (N_("Terms"), order["terms"]),
    )
    blanks = (said(N_("Representative")), said(N_("Date")))
    seller = Signature(
        said(N_("Seller")),
        parties.sender.name,
        (_signed(blanks[0], order["signatory"]), blanks[1]),
        parties.sender.seal,
    )
    buyer = Signature(said(N_("Buyer")), parties.customer, (_signed(blanks[0], order["customer_signatory"]), blanks[1]))
    return priced(
        ORDER,
        str(order["number"] or ""),
        order,
        parties,
        facts=facts,
        texts=texts,
        instalments=instalments_of(said, order, language),
        signatures=(seller, buyer),
    )


def delivery_paper(delivery: Mapping[str, Any], parties: Parties, order: Mapping[str, Any] | None = None) -> Paper:
    """Return a delivery note; with its `order` the prices stand on it, without it none does."""
    said, language = Words(parties.language), parties.language
    is_return = delivery["returns_id"] is not None
    facts = [
        fact(said, N_("Date"), day(delivery["delivered_on"], language)),
        fact(said, N_("Order"), str(delivery["order_number"] or "")),
    ]
    for label, name in (
        (N_("Your reference"), "order_reference"),
        (N_("Return of"), "returns_number"),
        (N_("Carrier"), "carrier"),
        (N_("Tracking number"), "tracking"),
    ):
        if delivery.get(name):
            facts.append(fact(said, label, str(delivery[name])))
    priced = {line["id"]: line for line in order["lines"]} if order is not None else {}
    currency = str(delivery["currency"])
    lines = [_carried(place, one, priced, currency) for place, one in enumerate(delivery["lines"], 1)]
    return Paper(
        title=said(RETURN if is_return else NOTE),
        number=str(delivery["number"]),
        language=language,
        sender=parties.sender,
        recipient=_recipient(said, parties, str(delivery["ship_to"] or "")),
        facts=tuple(facts),
        columns=_note_columns(said, currency if order is not None else ""),
        lines=tuple(lines),
        detail_column=2,
        texts=texts_of(said, (N_("Notes"), delivery["notes"])),
        signatures=(
            Signature(said(N_("Handed over by")), "", (said(N_("Name")), said(N_("Date")))),
            Signature(said(N_("Received by")), "", (said(N_("Name")), said(N_("Date")))),
        ),
    )


class Words:
    """Says marked texts in the language of the paper."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __call__(self, message: str) -> str:
        """Return the text in that language."""
        return in_language(message, self._language)


def priced(
    title: str,
    number: str,
    document: Mapping[str, Any],
    parties: Parties,
    *,
    facts: Sequence[Fact],
    texts: tuple[Block, ...],
    instalments: SmallTable | None = None,
    signatures: tuple[Signature, ...] = (),
) -> Paper:
    """Return a document with prices: its lines, totals, taxes and amount in words."""
    said, language = Words(parties.language), parties.language
    currency = str(document["currency"])
    more = [fact(said, N_("Your reference"), document["reference"])] if document["reference"] else []
    if parties.salesperson:
        more.append(fact(said, N_("Contact"), parties.salesperson))
    discounted = any(line["discount_percent"] for line in document["lines"])
    subject, opening = str(document["subject"] or ""), str(document["opening"] or "")
    return Paper(
        title=said(title),
        number=number,
        language=language,
        sender=parties.sender,
        recipient=_recipient(said, parties),
        facts=(*facts, *more),
        intro="\n".join(part for part in (subject, opening) if part),
        columns=_columns(said, document, discounted=discounted),
        lines=tuple(_line(place, one, currency, discounted) for place, one in _numbered(document["lines"])),
        detail_column=2,
        totals=_totals(said, document),
        taxes=_taxes(said, document),
        words_label=said(N_("Amount in words")),
        amount_words=amount_in_words(document["total"], currency, language),
        instalments=instalments,
        texts=texts,
        signatures=signatures,
        watermark=said(_WATERMARKS.get(str(document["state"]), "")),
    )


def _columns(said: Words, document: Mapping[str, Any], *, discounted: bool) -> tuple[Column, ...]:
    last = N_("Amount with tax") if document["prices_include_tax"] else N_("Net amount")
    return (
        Column("#", Align.RIGHT, 0.4),
        Column(said(N_("Code")), Align.LEFT, 1.5),
        Column(said(N_("Product")), Align.LEFT, 3.4),
        Column(said(N_("Quantity")), Align.RIGHT, 1.1),
        Column(said(N_("Unit")), Align.LEFT, 0.7),
        Column(said(N_("Price")), Align.RIGHT, 1.2),
        *((Column(said(N_("Disc. %")), Align.RIGHT, 0.8),) if discounted else ()),
        Column(said(N_("Tax %")), Align.RIGHT, 0.8),
        Column(f"{said(last)} {document['currency']}", Align.RIGHT, 1.6),
    )


def _note_columns(said: Words, currency: str) -> tuple[Column, ...]:
    """Return the columns of a delivery note; without a currency it has no prices."""
    prices = (
        Column(said(N_("Price")), Align.RIGHT, 1.2),
        Column(" ".join((said(N_("Amount")), currency)), Align.RIGHT, 1.5),
    )
    return (
        Column("#", Align.RIGHT, 0.4),
        Column(said(N_("Code")), Align.LEFT, 1.5),
        Column(said(N_("Product")), Align.LEFT, 4),
        Column(said(N_("Quantity")), Align.RIGHT, 1.1),
        Column(said(N_("Unit")), Align.LEFT, 0.8),
        *(prices if currency else ()),
    )


def _numbered(lines: Sequence[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the lines with the number of each article; remarks are not counted."""
    numbered, place = [], 0
    for line in lines:
        place += line["kind"] == rules.ITEM
        numbered.append((place, line))
    return numbered


def _line(place: int, line: Mapping[str, Any], currency: str, discounted: bool) -> Line:
    if line["kind"] != rules.ITEM:
        return Line((str(line["name"]),), str(line["description"] or ""), LineKind.TEXT)
    less = plain_number(line["discount_percent"]) if line["discount_percent"] else ""
    return Line(
        (
            str(place),
            str(line["code"]),
            str(line["name"]),
            plain_number(line["quantity"]),
            str(line["unit"]),
            plain_number(line["unit_price"], exponent(currency)),
            *((less,) if discounted else ()),
            plain_number(line["tax_percent"]),
            amount(line["amount"], currency),
        ),
        str(line["description"] or ""),
    )


def _carried(place: int, line: Mapping[str, Any], priced: Mapping[int, Mapping[str, Any]], currency: str) -> Line:
    quantity = abs(line["quantity"])
    cells = [str(place), str(line["code"]), str(line["name"]), plain_number(quantity), str(line["unit"])]
    if priced:
        sold = priced[line["order_line_id"]]
        price = sold["unit_price"] * (1 - sold["discount_percent"] / 100)
        cells += [plain_number(price, exponent(currency)), amount(price * quantity, currency)]
    return Line(tuple(cells), str(line["description"] or ""))


def _totals(said: Words, document: Mapping[str, Any]) -> tuple[Total, ...]:
    currency = str(document["currency"])
    totals = []
    if document["discount"]:
        totals.append(Total(said(N_("Sum")), amount(document["subtotal"], currency)))
        totals.append(Total(said(N_("Discount")), amount(-document["discount"], currency)))
    totals.append(Total(said(N_("Net")), amount(document["net"], currency)))
    for tax in document["taxes"]:
        label = " ".join((said(N_("Tax")), percent(tax["percent"])))
        totals.append(Total(label, amount(tax["tax"], currency)))
    totals.append(Total(said(N_("Total")), money(document["total"], currency), strong=True))
    return tuple(totals)


def _taxes(said: Words, document: Mapping[str, Any]) -> SmallTable | None:
    if len(document["taxes"]) < 2:
        return None
    currency = str(document["currency"])
    columns = (
        Column(said(N_("Tax %")), Align.RIGHT, 1),
        Column(said(N_("Net")), Align.RIGHT, 2),
        Column(said(N_("Tax")), Align.RIGHT, 2),
    )
    rows = tuple(
        (plain_number(tax["percent"]), amount(tax["net"], currency), amount(tax["tax"], currency))
        for tax in document["taxes"]
    )
    return SmallTable(said(N_("Tax by rate")), columns, rows)


def instalments_of(said: Words, order: Mapping[str, Any], language: str) -> SmallTable | None:
    """Return what is to be paid when; None without instalments."""
    if not order["instalments"]:
        return None
    currency = str(order["currency"])
    columns = (
        Column(said(N_("Instalment")), Align.LEFT, 2),
        Column(said(N_("Due")), Align.LEFT, 2),
        Column(" ".join((said(N_("Amount")), currency)), Align.RIGHT, 1.5),
    )
    rows = tuple(
        (
            one["label"] or str(place),
            one["event"] or (day(one["due_on"], language) if one["due_on"] else ""),
            amount(one["amount"], currency),
        )
        for place, one in enumerate(order["instalments"], 1)
    )
    return SmallTable(said(N_("To be paid")), columns, rows)


def _recipient(said: Words, parties: Parties, ship_to: str = "") -> Block:
    if ship_to:
        return Block(said(N_("Ship to")), (parties.customer, *ship_to.splitlines()))
    return Block(said(N_("To")), (parties.customer, *((parties.person,) if parties.person else ()), *parties.address))


def texts_of(said: Words, *texts: tuple[str, Any]) -> tuple[Block, ...]:
    """Return the texts below the lines, each with its title, without those that are empty."""
    return tuple(Block(said(title), (str(text),)) for title, text in texts if text)


def fact(said: Words, label: str, value: str) -> Fact:
    """Return something the document states about itself."""
    return Fact(said(label), value)


def _signed(label: str, name: Any) -> str:
    return f"{label}: {name}" if name else label
