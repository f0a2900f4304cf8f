"""The company itself: founded once, with its owner; its settings."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from crm_desktop.access import passwords, rules
from crm_desktop.access.model import Company, User, UserRole
from crm_desktop.access.server import ServerAccounts
from crm_desktop.db.work import Work
from crm_desktop.shared.clock import business_date
from crm_desktop.shared.errors import Invalid, NotFound, UserError
from crm_desktop.shared.i18n import LANGUAGES, N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires
from crm_desktop.shared.text import clean_line

MAX_IDLE_MINUTES: Final = 480
MAX_ATTACHMENT_BYTES: Final = 1_000_000_000

_EDITABLE: Final = frozenset(
    {"name", "currency", "timezone", "language", "country", "idle_lock_minutes", "attachment_limit_bytes"}
)


class AlreadyFounded(UserError):
    """There is a company in this place already."""

    message = N_("There is a company here already. Open it, or choose another place for the new one.")


@dataclass(frozen=True, slots=True)
class FoundedCompany:
    """A new company; `recovery_code` is shown once and stored only as a hash."""

    owner_id: int
    recovery_code: str


@dataclass(frozen=True, slots=True)
class CompanyProfile:
    """The company's settings as everybody may know them. `idle_lock_minutes` 0: never locks."""

    name: str
    currency: str
    timezone: str
    language: str
    country: str
    idle_lock_minutes: int
    attachment_limit_bytes: int
    dataset_id: str
    is_demo: bool
    epoch: int
    moved_to: str
    version: int

    def values(self) -> dict[str, Any]:
        """Return the settings by name, for a form."""
        return {name: value for name, value in asdict(self).items() if name in _EDITABLE}


@requires(Permission.COMPANY_WRITE)
def found(
    work: Work,
    *,
    name: str,
    currency: str,
    timezone: str,
    language: str,
    country: str = "",
    owner_login: str,
    owner_name: str,
    password: str,
    is_demo: bool = False,
    server: ServerAccounts | None = None,
) -> FoundedCompany:
    """Make the company and its first owner. The program itself (`SYSTEM`) calls this at the first run.

    Raises AlreadyFounded, Invalid (fields: name, currency, timezone, language, country, login,
    owner_name, password). The demo company takes any password.
    """
    if work.session.scalar(select(Company.id)) is not None:
        raise AlreadyFounded
    settings = {
        "name": name,
        "currency": currency,
        "timezone": timezone,
        "language": language,
        "country": country,
    }
    company = Company(id=1, dataset_id=str(uuid.uuid4()), is_demo=is_demo, created_at=work.now, **_checked(settings))
    work.session.add(company)
    code = passwords.new_recovery_code()
    owner = User(
        login=clean_login(owner_login),
        login_key=rules.login_key(owner_login),
        name=clean_name(owner_name or owner_login, field="owner_name"),
        recovery=passwords.hash_password(passwords.plain_recovery_code(code)),
        created_at=work.now,
    )
    if not is_demo:
        passwords.check_new(password, owner.login)
    if server is not None:
        owner.database_role = server.create_login(work, owner.login, password)
    else:
        owner.password = passwords.hash_password(password)
    work.session.add(owner)
    work.session.flush()
    work.session.add(UserRole(user_id=owner.id, role=rules.OWNER))
    if server is not None:
        server.set_roles(work, owner.database_role, owner.id, (rules.OWNER,))
    work.note("user", owner.id, "create", after={"roles": [rules.OWNER]})
    return FoundedCompany(owner.id, code)


@open_to_all("every screen needs the currency, the time zone and the name")
def company(work: Work) -> CompanyProfile:
    """Return the company's settings. Raises NotFound before it is founded."""
    return _profile(_company(work))


@open_to_all("every screen needs to know which day it is")
def today(work: Work) -> date:
    """Return the business day in the company's time zone."""
    return business_date(work.now, company(work).timezone)


@requires(Permission.COMPANY_WRITE)
def update_company(work: Work, version: int, changes: Mapping[str, Any]) -> CompanyProfile:
    """Change settings, made over `version`. Raises Conflict, Invalid(field)."""
    checked = _checked({key: value for key, value in changes.items() if key in _EDITABLE})
    row = work.edit(Company, 1, version, checked)
    for key, value in checked.items():
        setattr(row, key, value)
    work.session.flush()
    return _profile(row)


def clean_name(name: str, field: str = "name") -> str:
    """Return a name fit to store. Raises Invalid when nothing is left."""
    cleaned = clean_line(name)
    if not cleaned:
        raise Invalid(field, N_("A name is needed here."))
    return cleaned


def clean_login(login: str) -> str:
    """Return a login fit to store. Raises Invalid("login") when it is empty or holds blanks."""
    cleaned = clean_line(login)
    if not cleaned or any(map(str.isspace, cleaned)):
        raise Invalid("login", N_("A login is one word without blanks, such as chen.jie."))
    return cleaned


def _company(work: Work) -> Company:
    row = work.session.scalars(select(Company)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _profile(row: Company) -> CompanyProfile:
    return CompanyProfile(**{name: getattr(row, name) for name in CompanyProfile.__slots__})


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    checked = dict(values)
    if "name" in checked:
        checked["name"] = clean_name(checked["name"])
    if "currency" in checked:
        checked["currency"] = checked["currency"].strip().upper()
        if not re.fullmatch(r"[A-Z]{3}", checked["currency"]):
            raise Invalid("currency", N_("A currency is three letters, such as CNY or EUR."))
    if "country" in checked:
        checked["country"] = checked["country"].strip().upper()
        if checked["country"] and not re.fullmatch(r"[A-Z]{2}", checked["country"]):
            raise Invalid("country", N_("A country is two letters, such as CN or DE."))
    if "language" in checked and checked["language"] not in LANGUAGES:
        raise Invalid("language", N_("This language is not known. Choose one of the list."))
    if "timezone" in checked:
        _check_timezone(checked["timezone"])
    _check_range(checked, "idle_lock_minutes", MAX_IDLE_MINUTES)
    _check_range(checked, "attachment_limit_bytes", MAX_ATTACHMENT_BYTES)
    return checked


def _check_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("timezone", N_("This time zone is not known. Choose one such as Asia/Shanghai.")) from error


def _check_range(values: Mapping[str, Any], name: str, highest: int) -> None:
    if name in values and not (isinstance(values[name], int) and 0 <= values[name] <= highest):
        raise Invalid(name, N_("A whole number from 0 to {highest} is needed here."), highest=f"{highest:,}")
