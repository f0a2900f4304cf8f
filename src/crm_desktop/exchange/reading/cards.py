"""Address cards (.vcf): one row per card under English headers; runs in the child only."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from crm_desktop.exchange.reading.card_lines import Line, lines_of, without_own_charset
from crm_desktop.exchange.reading.cells import seen
from crm_desktop.exchange.reading.encodings import encoding_of
from crm_desktop.exchange.reading.limits import Limits
from crm_desktop.exchange.reading.outgoing import Outgoing
from crm_desktop.exchange.reading.reasons import Reason, Refused

SHEET: Final = "vCard"
HEADERS: Final = (
    "Kind",
    "Name",
    "Company",
    "Job title",
    "Mobile",
    "Phone",
    "Fax",
    "E-mail",
    "WeChat",
    "Street",
    "City",
    "Region",
    "Postal code",
    "Country",
    "Website",
    "Notes",
    "Tags",
)
_ADDRESS: Final = ("Street", "City", "Region", "Postal code", "Country")
_ONE_LINE: Final = {"TITLE": "Job title", "URL": "Website", "NOTE": "Notes", "X-WECHAT": "WeChat"}
_CHINESE: Final = re.compile("[㐀-鿿]")

Card = dict[str, list[str]]


def read_cards(data: bytes, outgoing: Outgoing, limits: Limits, encoding: str) -> str:
    """Send the cards as one sheet and return the encoding they were in. Raises Refused."""
    encoding = encoding or encoding_of(without_own_charset(data))
    if encoding.startswith(("utf-16", "utf-32")):
        try:
            data = data.decode(encoding).encode()
        except UnicodeError:
            raise Refused(Reason.DAMAGED) from None
    cards = list(islice(_cards(lines_of(data.removeprefix(b"\xef\xbb\xbf"), encoding)), limits.rows + 1))
    if not cards:
        raise Refused(Reason.DAMAGED)
    most = {header: max(len(card.get(header, ())) for card in cards) for header in HEADERS}
    columns = [(header, place) for header in HEADERS for place in range(most[header])]
    if len(columns) > limits.columns:
        raise Refused(Reason.COLUMNS, most=limits.columns, sheet=SHEET)
    head = tuple(f"{header} {place + 1}" if place else header for header, place in columns)
    rows = (tuple(_cell(card.get(header, []), place) for header, place in columns) for card in cards)
    outgoing.sheet(SHEET, (row for part in ([head], rows) for row in part))
    return encoding


def _cell(values: list[str], place: int) -> str | None:
    return seen(values[place]) or None if place < len(values) else None


def _cards(lines: Iterator[Line]) -> Iterator[Card]:
    """Put lines together; a card within a card (an agent) is passed over."""
    held: list[Line] = []
    depth = 0
    for line in lines:
        if line.name == "BEGIN" and line.value.strip().upper() == SHEET.upper():
            depth += 1
            if depth == 1:
                held = []
        elif line.name == "END" and depth:
            depth -= 1
            if not depth and held:
                yield _card(held)
        elif depth == 1:
            held.append(line)


def _card(lines: list[Line]) -> Card:
    card: Card = {}
    full = structured = ""
    organised = False
    for line in lines:
        if line.name == "FN":
            full = full or line.text()
        elif line.name == "N":
            structured = structured or _name(line.parts())
        elif line.name == "ORG":
            _add(card, "Company", " ".join(part for part in line.parts() if part), only=True)
        elif line.name == "TEL":
            _add(card, _phone_kind(line.words), re.sub(r"^tel:", "", line.text(), flags=re.IGNORECASE))
        elif line.name == "EMAIL":
            _add(card, "E-mail", re.sub(r"^mailto:", "", line.text(), flags=re.IGNORECASE))
        elif line.name == "ADR":
            _address(card, line.parts())
        elif line.name == "CATEGORIES":
            _add(card, "Tags", ", ".join(filter(None, line.parts(","))), only=True)
        elif line.name in _ONE_LINE:
            _add(card, _ONE_LINE[line.name], line.text())
        elif line.name in {"KIND", "X-ABSHOWAS", "X-ADDRESSBOOKSERVER-KIND"}:
            organised = organised or line.text().lower() in {"org", "company", "organization"}
    company = card.get("Company", [""])[0]
    name = full or structured or company or card.get("E-mail", [""])[0]
    is_company = organised or (bool(company) and name == company)
    if is_company:
        card.pop("Company", None)
    card["Kind"] = ["Company" if is_company else "Person"]
    _add(card, "Name", name)
    return card


def _add(card: Card, header: str, value: str, *, only: bool = False) -> None:
    values = card.setdefault(header, [])
    if value and value not in values and not (only and values):
        values.append(value)


def _name(parts: list[str]) -> str:
    family, given, middle, before, after = (*parts, "", "", "", "", "")[:5]
    if _CHINESE.search(family + given):
        return family + middle + given
    return " ".join(part for part in (before, given, middle, family, after) if part)


def _phone_kind(words: frozenset[str]) -> str:
    if any("FAX" in word for word in words):
        return "Fax"
    return "Mobile" if words & {"CELL", "MOBILE", "IPHONE"} else "Phone"


def _address(card: Card, parts: list[str]) -> None:
    box, more, street, *rest = (*parts, "", "", "", "", "", "", "")[:7]
    whole = (", ".join(part for part in (street, more, box) if part), *rest)
    if not any(whole):
        return
    place = max(len(card.get(header, ())) for header in _ADDRESS)
    for header, value in zip(_ADDRESS, whole, strict=True):
        values = card.setdefault(header, [])
        values += [""] * (place - len(values)) + [value]
