"""Pure decisions about contacts: words, derived values, duplicates, merging."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from crm_desktop.shared.company_names import company_key, person_key
from crm_desktop.shared.emails import check_email, email_key
from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.phones import phone_key
from crm_desktop.shared.text import clean_line, fold, sort_key

COMPANY, PERSON = "company", "person"
KINDS: Final = ((COMPANY, N_("Company")), (PERSON, N_("Person")))
STATUSES: Final = (("prospect", N_("Prospect")), ("customer", N_("Customer")), ("lapsed", N_("Lapsed")))
STATUS_SHAPES: Final = (("prospect", "ring"), ("customer", "disc"), ("lapsed", "small_disc"))
LEVELS: Final = (("A", N_("A")), ("B", N_("B")), ("C", N_("C")), ("D", N_("D")))

PHONE_KINDS: Final = (("mobile", N_("Mobile")), ("phone", N_("Phone")), ("fax", N_("Fax")))
CHAT_KINDS: Final = (
    ("wechat", "WeChat"),
    ("whatsapp", "WhatsApp"),
    ("qq", "QQ"),
    ("line", "LINE"),
    ("telegram", "Telegram"),
    ("chat", N_("Other chat")),
)
POINT_KINDS: Final = (*PHONE_KINDS, ("email", N_("E-mail")), *CHAT_KINDS, ("web", N_("Web page")))
ADDRESS_KINDS: Final = (
    ("office", N_("Office")),
    ("delivery", N_("Delivery")),
    ("billing", N_("Billing")),
    ("home", N_("Home address")),
)
CUSTOM_KINDS: Final = (
    ("text", N_("Text")),
    ("number", N_("Number")),
    ("date", N_("Date")),
    ("list", N_("Choice from a list")),
)

PHONES: Final = {kind for kind, _label in PHONE_KINDS} | {"whatsapp"}
"""Kinds of points that are dialled."""


class Owned(UserError):
    """Somebody owns the contact, so it cannot be claimed."""

    message = N_("{name} belongs to a colleague already, so it cannot be claimed. Ask your manager to hand it over.")


@dataclass(frozen=True, slots=True)
class Match:
    """A contact that looks like the one being typed.

    `id` and `name` are None when it is out of the actor's scope: then only that it exists and who owns
    it is told. `why` is one of "registration", "phone", "email", "name", "similar".
    """

    id: int | None
    name: str | None
    owner_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class DefinedField:
    """A user-defined field: `kind` is "text", "number", "date" or "list"; values are kept under `key`."""

    id: int
    version: int
    key: str
    label: str
    kind: str
    choices: tuple[str, ...] = ()


def name_key(kind: str, name: str) -> str:
    """Return the normalised name under which duplicates meet."""
    return company_key(name) if kind == COMPANY else person_key(name)


def code_key(code: str) -> str:
    """Return what a number of the firm's own lists is recognised by."""
    return fold(clean_line(code)) if code else ""


def point_key(kind: str, value: str, country: str) -> str:
    """Return the normalised form of a phone, address or id; `country` reads phones without a prefix."""
    if kind in PHONES:
        return phone_key(value, country)
    return email_key(value) if kind == "email" else fold(value)


def checked_points(points: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return cleaned points without empty ones. Raises Invalid with the reason for a bad e-mail address."""
    kept = []
    for point in points:
        value = clean_line(str(point.get("value") or ""))
        if not value:
            continue
        kind = str(point.get("kind") or "phone")
        if kind == "email" and (reason := check_email(value)):
            raise Invalid("points", reason)
        kept.append({"kind": kind, "value": value, "note": clean_line(str(point.get("note") or ""))})
    return kept


def checked_addresses(addresses: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return cleaned addresses without empty ones."""
    parts = ("street", "city", "region", "postcode", "country")
    kept = []
    for address in addresses:
        cleaned = {part: clean_line(str(address.get(part) or "")) for part in parts}
        if any(cleaned.values()):
            kept.append({"kind": str(address.get("kind") or "office")} | cleaned)
    return kept


def main_values(points: Sequence[Mapping[str, str]], addresses: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return what lists show of the details: the first phone, e-mail address and city."""
    phones = [point["value"] for point in points if point["kind"] in PHONES]
    emails = [point["value"] for point in points if point["kind"] == "email"]
    cities = [address["city"] for address in addresses if address["city"]]
    return {
        "main_phone": phones[0] if phones else "",
        "main_email": emails[0] if emails else "",
        "main_city": cities[0] if cities else "",
    }


def custom_value(kind: str, choices: Sequence[str], key: str, value: Any) -> Any:
    """Return a user-defined value as it is stored (JSON), None when empty. Raises Invalid when it does not fit.

    Numbers are kept as decimal text and dates as ISO text, so that nothing is rounded.
    """
    if value is None or value == "":
        return None
    field = f"custom.{key}"
    if kind == "number":
        try:
            number = Decimal(str(value))
        except InvalidOperation as error:
            raise Invalid(field, N_("This is not a number.")) from error
        if not number.is_finite():
            raise Invalid(field, N_("This is not a number."))
        return str(number)
    if kind == "date":
        try:
            return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
        except ValueError as error:
            raise Invalid(field, N_("This is not a date.")) from error
    if kind == "list" and str(value) not in choices:
        raise Invalid(field, N_("This value is not in the list."))
    return clean_line(str(value)) or None


def typed_custom(described: DefinedField, value: Any) -> Any:
    """Return a stored user-defined value as `Decimal`, `date` or text, None when empty."""
    if value is None:
        return None
    if described.kind == "number":
        return Decimal(value)
    return date.fromisoformat(value) if described.kind == "date" else value


def derived(kind: str, name: str) -> dict[str, str]:
    """Return the columns that follow from the name."""
    return {"sort_key": sort_key(name), "name_key": name_key(kind, name)}


def merged(survivor: Mapping[str, Any], loser: Mapping[str, Any], taken: Mapping[str, str]) -> dict[str, Any]:
    """Return the survivor's new values.

    `taken` says per field "survivor" or "loser"; a field it does not name keeps the survivor's value
    unless that is empty. Notes are joined when both have some.
    """
    values: dict[str, Any] = {}
    for key, mine in survivor.items():
        other = loser.get(key)
        if taken.get(key) == "loser":
            values[key] = other
        elif key not in taken and mine in (None, "") and other not in (None, ""):
            values[key] = other
    if survivor.get("notes") and loser.get("notes") and survivor["notes"] != loser["notes"] and "notes" not in taken:
        values["notes"] = f"{survivor['notes']}\n\n{loser['notes']}"
    return values


def search_texts(names: Sequence[str], points: Sequence[Mapping[str, str]], rest: Sequence[str]) -> list[str]:
    """Return every text a contact is found by: names, details as typed and normalised, and the rest."""
    texts = [text for text in (*names, *rest) if text]
    for point in points:
        texts.append(point["value"])
        if point["kind"] in PHONES and point.get("key") and point["key"] != point["value"]:
            texts.append(point["key"])
    return texts
