"""The letterhead: who the company is on paper, in each language a customer reads."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import undefer

from crm_desktop.access.model import Company
from crm_desktop.db.work import Work
from crm_desktop.reports.model import Letterhead
from crm_desktop.reports.paper import DEFAULT_COLOUR, Sender
from crm_desktop.reports.paper_text import in_language
from crm_desktop.reports.pictures import checked_picture
from crm_desktop.shared.errors import Conflict, Invalid
from crm_desktop.shared.i18n import LANGUAGES, N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires
from crm_desktop.shared.text import clean_line, clean_multiline

ENTITY: Final = "letterhead"
WORDED: Final = ("name", "address", "bank", "footer")
"""What may be said otherwise in a language."""
_LINES: Final = ("name", "phone", "email", "website", "tax_number")
_TEXTS: Final = ("address", "bank", "footer")
_PICTURES: Final = ("logo", "seal")
_MOST_CHARS: Final = 1000


@dataclass(frozen=True, slots=True)
class LetterheadProfile:
    """The letterhead as it is stored; version 0 before it was saved for the first time.

    `wording` has by language what differs there; `company_name` stands where no name is given.
    """

    name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    tax_number: str = ""
    bank: str = ""
    footer: str = ""
    colour: str = DEFAULT_COLOUR
    wording: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    logo: bytes = b""
    seal: bytes = b""
    company_name: str = ""
    version: int = 0

    def said(self, name: str, language: str) -> str:
        """Return one of `WORDED` as it is said in `language`."""
        text = self.wording.get(language, {}).get(name, "") or str(getattr(self, name))
        return text or (self.company_name if name == "name" else "")

    def sender(self, language: str) -> Sender:
        """Return what a document in `language` prints."""
        contact = tuple(
            in_language(label, language).format(value=value)
            for label, value in (
                (N_("Phone {value}"), self.phone),
                (N_("Email {value}"), self.email),
                ("{value}", self.website),
                (N_("Tax number {value}"), self.tax_number),
            )
            if value
        )
        return Sender(
            self.said("name", language),
            _split(self.said("address", language)),
            contact,
            _split(self.said("bank", language)),
            self.said("footer", language),
            self.colour,
            self.logo,
            self.seal,
        )


def _split(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if line)


@open_to_all("whoever prints a document prints it on the company's paper")
def get(work: Work) -> LetterheadProfile:
    """Return the letterhead; an empty one with version 0 before it is saved for the first time."""
    row = work.session.scalars(
        select(Letterhead).options(undefer(Letterhead.logo), undefer(Letterhead.seal))
    ).one_or_none()
    company = work.session.scalar(select(Company.name)) or ""
    if row is None:
        return LetterheadProfile(company_name=company)
    stored = {one.name: getattr(row, one.name) for one in fields(LetterheadProfile) if one.name != "company_name"}
    return LetterheadProfile(**stored, company_name=company)


@requires(Permission.COMPANY_WRITE)
def save(work: Work, version: int, changes: Mapping[str, Any]) -> LetterheadProfile:
    """Change the letterhead made over `version`, 0 for the first time, and return it.

    Raises Conflict, Invalid(field) for a colour that is none and for a picture that cannot be printed.
    """
    checked = _checked(changes)
    row = _row_to_edit(work, version, checked)
    for key, value in checked.items():
        setattr(row, key, value)
    work.session.flush()
    return get(work)


def _row_to_edit(work: Work, version: int, checked: Mapping[str, Any]) -> Letterhead:
    if version:
        return work.edit(Letterhead, 1, version, checked)
    stored = work.session.scalar(select(Letterhead.version))
    if stored is not None:
        # Somebody saved the first one meanwhile: there is no common original to merge with.
        raise Conflict(theirs={}, original={}, version=stored)
    row = Letterhead(id=1, colour=DEFAULT_COLOUR)
    work.session.add(row)
    return row


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    for key, value in changes.items():
        if key in _LINES:
            checked[key] = _short(key, clean_line(value or ""))
        elif key in _TEXTS:
            checked[key] = _short(key, clean_multiline(value or ""))
        elif key in _PICTURES:
            checked[key] = checked_picture(value or b"", key)
            checked[f"{key}_sha256"] = hashlib.sha256(checked[key]).hexdigest() if checked[key] else ""
        elif key == "colour":
            checked[key] = _colour(value or DEFAULT_COLOUR)
        elif key == "wording":
            checked[key] = _wording(value or {})
    return checked


def _wording(value: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    said = {
        language: {
            key: _short(key, clean_multiline(text)) for key, text in texts.items() if key in WORDED and text.strip()
        }
        for language, texts in value.items()
        if language in LANGUAGES
    }
    return {language: texts for language, texts in said.items() if texts}


def _short(key: str, text: str) -> str:
    if len(text) > _MOST_CHARS:
        raise Invalid(key, N_("This is too long for the letterhead; {most} characters are the most."), most=_MOST_CHARS)
    return text


def _colour(value: str) -> str:
    text = value.strip().upper()
    if not re.fullmatch(r"#[0-9A-F]{6}", text):
        raise Invalid("colour", N_("A colour is written like #0B6677."))
    return text
