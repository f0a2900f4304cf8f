"""What the rows of a sheet say about one contact (pure)."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from crm_desktop.contacts import rules
from crm_desktop.contacts.incoming.fields import (
    ADDRESS,
    BOTH,
    CUSTOMERS,
    EMPLOYER,
    PERSON,
    PERSON_POINTS,
    POINTS,
    SUPPLIERS,
)
from crm_desktop.shared.emails import check_email
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import CLEAR, ID_FIELD, ImportRow
from crm_desktop.shared.registration import registration_key
from crm_desktop.shared.text import clean_line, clean_multiline, fold

COLUMNS: Final = frozenset(
    {"status", "code", "short_name", "registration_number", "source", "industry", "language", "website", "notes"}
)
"""Fields that are columns of a contact as they are; name, kind, level and the sides are read with care."""

LONGEST_NAME: Final = 200
_SEVERAL: Final = re.compile(r"[;；、\n]|/(?=\s*[+(\d])|,(?=\s*[+(\d][\d\s()-]{5})")
_EMAILS: Final = re.compile(r"[;；、,，\s]+")
_PLAIN_EMAIL: Final = re.compile(r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}")
_DIGIT: Final = re.compile(r"\d")
_LEVEL: Final = re.compile(r"(?:level|grade|class)?\s*([abcd])\s*(?:级|类|等|级客户|类客户|等级|level|grade|class)?")
_STATUS_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("潜在", "潜在客户", "意向", "意向客户", "prospect", "potential", "lead"), "prospect"),
    **dict.fromkeys(("成交", "成交客户", "已成交", "正式", "正式客户", "customer", "active"), "customer"),
    **dict.fromkeys(("流失", "流失客户", "已流失", "lapsed", "lost", "inactive"), "lapsed"),
}


@dataclass(slots=True)
class Person:
    """Somebody who works for the company of a row."""

    name: str
    key: str
    role: str = ""
    points: list[dict[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Wanted:
    """What is said of one contact. "" in `columns`, `points` and `address` empties; what is absent stays.

    `points` are by kind and which of that kind, `more` further ones that only come in with a new contact,
    `keyed` all of them with the key each is recognised by; `owner` and `created_by` are absent as -1.
    """

    kind: str
    name: str
    name_key: str
    columns: dict[str, Any]
    points: dict[tuple[str, int], str]
    more: list[dict[str, str]]
    address: dict[str, str]
    persons: list[Person]
    custom: dict[str, Any]
    others: dict[str, Any]
    code_key: str = ""
    registration_key: str = ""
    tags: tuple[str, ...] | None = None
    owner: int | None = -1
    created_at: datetime | None = None
    created_by: int | None = -1
    employer: str = ""
    role: str = ""
    keyed: list[dict[str, str]] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


class Reader:
    """Turns typed rows into what they say. `others` are the fields that features above added."""

    def __init__(
        self,
        side: str,
        *,
        timezone: str,
        country: str,
        custom: Mapping[str, rules.DefinedField],
        others: Collection[str],
    ) -> None:
        self._flags = {"is_customer": side != SUPPLIERS, "is_supplier": side != CUSTOMERS}
        assert side in (CUSTOMERS, SUPPLIERS, BOTH)
        self._zone, self._country = ZoneInfo(timezone), country
        self._custom = custom
        self._others = frozenset(others)

    def read(self, row: ImportRow) -> Wanted:
        """Return what a row says; what cannot be is told in its `problems`."""
        values = row.values
        kind, name = self._who(row)
        wanted = Wanted(kind, name, rules.name_key(kind, name) if name else "", {}, {}, [], {}, [], {}, {})
        wanted.problems.update(row.problems)
        for key, value in values.items():
            if key in COLUMNS:
                wanted.columns[key] = _cleaned(key, value)
            elif key in POINTS:
                _read_point(wanted, key, value)
            elif key in ADDRESS:
                wanted.address[key] = "" if value is CLEAR else clean_line(str(value))
            elif reads := _OTHERWISE.get(key):
                reads(self, wanted, row, value)
            elif key in self._others:
                wanted.others[key] = value
            elif key.startswith("custom."):
                self._read_custom(wanted, key.removeprefix("custom."), value)
        self._settle(wanted, row)
        return wanted

    def _who(self, row: ImportRow) -> tuple[str, str]:
        """Return kind and name."""
        values = row.values
        kind, name = values.get("kind"), _text(values.get("name"))
        employer, person = _text(values.get(EMPLOYER)), _text(values.get("person"))
        if not name and employer and kind != rules.PERSON:
            return rules.COMPANY, employer
        if not name and person and not values.keys() & {"code", "registration_number", ID_FIELD}:
            return rules.PERSON, person
        usual = rules.PERSON if employer else rules.COMPANY
        return usual if kind is None or kind is CLEAR else str(kind), name

    def _settle(self, wanted: Wanted, row: ImportRow) -> None:
        if len(wanted.name) > LONGEST_NAME:
            wanted.problems.setdefault(
                "name", _("The name is longer than {count} characters.").format(count=LONGEST_NAME)
            )
        columns = wanted.columns
        if code := columns.get("code"):
            wanted.code_key = rules.code_key(code)
        if number := columns.get("registration_number"):
            wanted.registration_key = registration_key(number)
        flags = {name: columns.get(name, default) for name, default in self._flags.items()}
        if not any(flags.values()):
            wanted.problems.setdefault("is_customer", _("A contact is a customer, a supplier, or both."))
        if wanted.kind == rules.COMPANY:
            _read_person(wanted, row)
        else:
            wanted.role = _text(row.values.get("person_role"))
            employer = _text(row.values.get(EMPLOYER))
            wanted.employer = employer if employer != wanted.name else ""
            _read_own_points(wanted, row)
        points = [_point(kind, value) for (kind, _place), value in wanted.points.items() if value]
        wanted.keyed = self._with_keys(points + wanted.more)
        for person in wanted.persons:
            person.points = self._with_keys(person.points)

    def _with_keys(self, points: list[dict[str, str]]) -> list[dict[str, str]]:
        for point in points:
            point["key"] = rules.point_key(point["kind"], point["value"], self._country)
        return points

    def _read_custom(self, wanted: Wanted, key: str, value: Any) -> None:
        if (one := self._custom.get(key)) is None:
            return
        if value is CLEAR:
            wanted.custom[key] = None
            return
        try:
            wanted.custom[key] = rules.custom_value(one.kind, one.choices, key, value)
        except Invalid as refused:
            wanted.problems.setdefault(f"custom.{key}", str(refused))

    def _read_level(self, wanted: Wanted, row: ImportRow, value: Any) -> None:
        if value is CLEAR:
            wanted.columns["level"] = ""
            return
        folded = fold(str(value)).strip()
        if found := _LEVEL.fullmatch(folded):
            wanted.columns["level"] = found.group(1).upper()
        elif status := _STATUS_WORDS.get(folded):
            wanted.columns.setdefault("status", status)
            row.remarks.setdefault(
                "level",
                _("“{word}” is a status, not a level: the status becomes “{status}”.").format(
                    word=value, status=_(dict(rules.STATUSES)[status])
                ),
            )
        else:
            wanted.problems.setdefault("level", _("“{word}” is no level. There are A, B, C and D.").format(word=value))

    def _read_created(self, wanted: Wanted, _row: ImportRow, value: Any) -> None:
        if isinstance(value, datetime):
            wanted.created_at = value if value.tzinfo else value.replace(tzinfo=self._zone).astimezone(UTC)
        elif isinstance(value, date):
            wanted.created_at = datetime.combine(value, time(), self._zone).astimezone(UTC)

    def _read_author(self, wanted: Wanted, _row: ImportRow, value: Any) -> None:
        wanted.created_by = None if value is CLEAR else int(value)

    def _read_owner(self, wanted: Wanted, _row: ImportRow, value: Any) -> None:
        wanted.owner = None if value is CLEAR else int(value)

    def _read_tags(self, wanted: Wanted, _row: ImportRow, value: Any) -> None:
        names = () if value is CLEAR else re.split(r"[,，;；、\n]", value) if isinstance(value, str) else value
        wanted.tags = tuple({fold(name): name for name in map(clean_line, names) if name}.values())

    def _read_customer(self, wanted: Wanted, _row: ImportRow, value: Any) -> None:
        wanted.columns["is_customer"] = value is True

    def _read_supplier(self, wanted: Wanted, _row: ImportRow, value: Any) -> None:
        wanted.columns["is_supplier"] = value is True


_OTHERWISE: Final[Mapping[str, Callable[[Reader, Wanted, ImportRow, Any], None]]] = {
    "level": Reader._read_level,
    "created_at": Reader._read_created,
    "created_by": Reader._read_author,
    "owner": Reader._read_owner,
    "tags": Reader._read_tags,
    "is_customer": Reader._read_customer,
    "is_supplier": Reader._read_supplier,
}


def _point(kind: str, value: str) -> dict[str, str]:
    return {"kind": kind, "value": value, "note": ""}


def _text(value: Any) -> str:
    return "" if value is None or value is CLEAR else clean_line(str(value))


def _cleaned(key: str, value: Any) -> Any:
    if value is CLEAR:
        return "prospect" if key == "status" else ""
    return clean_multiline(value) if key == "notes" else clean_line(str(value))


def _read_point(wanted: Wanted, key: str, value: Any) -> None:
    kind, place = POINTS[key]
    if value is CLEAR:
        wanted.points[kind, place] = ""
        return
    first, *others = _points_of(wanted, key, kind, clean_multiline(str(value)))
    wanted.points[kind, place] = first
    wanted.more += [_point(kind, other) for other in others]


def _points_of(wanted: Wanted, key: str, kind: str, text: str) -> list[str]:
    """Return the phones or addresses that share a cell, at least one."""
    if kind == "email":
        if _PLAIN_EMAIL.fullmatch(text):
            return [text]
        found = [one for one in _EMAILS.split(text) if one] if text.count("@") > 1 else [text]
        for one in found:
            if problem := check_email(one):
                wanted.problems.setdefault(key, _(problem))
        return [clean_line(one) for one in found] or [""]
    if kind in ("mobile", "phone", "fax", "whatsapp"):
        if not _DIGIT.search(text):
            wanted.problems.setdefault(key, _("There is no digit in this phone number."))
        found = [clean_line(one) for one in _SEVERAL.split(text)] if _SEVERAL.search(text) else [clean_line(text)]
        return [one for one in found if _DIGIT.search(one)] or [clean_line(text)]
    return [clean_line(text)]


def _read_person(wanted: Wanted, row: ImportRow) -> None:
    """Take what a row of a company says of a person who works there."""
    values = row.values
    name = _text(values.get("person"))
    if not name or name == wanted.name:
        if any(values.get(key) not in (None, CLEAR) for key in PERSON[2:]):
            wanted.problems.setdefault("person", _("There is a phone or an e-mail of a contact person, but no name."))
        return
    person = Person(name, rules.name_key(rules.PERSON, name), _text(values.get("person_role")))
    person.points = _own_points(wanted, row)
    wanted.persons.append(person)


def _read_own_points(wanted: Wanted, row: ImportRow) -> None:
    """Columns about a contact person are about the person of the row when no company is."""
    wanted.more += _own_points(wanted, row)
    if wanted.name != (person := _text(row.values.get("person"))) and person:
        wanted.problems.setdefault("person", _("A person has no contact persons. Say in which company they work."))


def _own_points(wanted: Wanted, row: ImportRow) -> list[dict[str, str]]:
    return [
        _point(kind, value)
        for key, kind in PERSON_POINTS.items()
        if (cell := row.values.get(key)) is not None and cell is not CLEAR
        for value in _points_of(wanted, key, kind, clean_multiline(str(cell)))
        if value
    ]
