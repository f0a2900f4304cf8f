"""How this company claims, numbers and collects."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from crm_desktop.access.rules import ROLES
from crm_desktop.db.work import Work
from crm_desktop.receivables import rules
from crm_desktop.receivables.model import ReceivableSettings
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires
from crm_desktop.shared.text import clean_line

ENTITY: Final = "receivable_settings"
ONLY: Final = 1
"""The id of the one row."""
PREFIXES: Final = ("invoice_prefix", "credit_prefix", "receipt_prefix", "refund_prefix")
LONGEST_PREFIX: Final = 12
MOST_DAYS: Final = 3650
MOST_BUCKETS: Final = 8


@dataclass(frozen=True, slots=True)
class ReceivableProfile:
    """The settings of receivables.

    `difference_limits` gives each role (`access.rules.ROLES`) the largest difference it settles on the
    spot, `credit_limits` each customer level its limit; both in the company's currency.
    """

    claims_by: str
    invoice_prefix: str
    credit_prefix: str
    receipt_prefix: str
    refund_prefix: str
    due_days: int
    buckets: tuple[int, ...]
    closed_through: date | None
    difference_limits: Mapping[str, Decimal]
    credit_limits: Mapping[str, Decimal]
    overdue_days: int | None
    dunning_gap_days: int
    version: int

    def values(self) -> dict[str, Any]:
        """Return the settings by name, for a form."""
        return {name: value for name, value in asdict(self).items() if name != "version"}

    def difference_limit(self, roles: tuple[str, ...]) -> Decimal | None:
        """Return the largest difference somebody with these roles settles on the spot; None: any (the owner)."""
        if "owner" in roles:
            return None
        return max((self.difference_limits.get(role, Decimal(0)) for role in roles), default=Decimal(0))


@open_to_all("every document, list and report follows them")
def get_settings(work: Work) -> ReceivableProfile:
    """Return the settings of receivables, read once per transaction: one step asks for them again and again."""
    kept: ReceivableProfile | None = work.session.info.get(ENTITY)
    if kept is None:
        kept = work.session.info[ENTITY] = _profile(work.get(ReceivableSettings, ONLY))
    return kept


@requires(Permission.RECEIVABLE_SETTINGS_WRITE)
def save_settings(work: Work, version: int, changes: Mapping[str, Any]) -> ReceivableProfile:
    """Change settings, made over `version`. Raises Conflict, Invalid(field).

    Orders confirmed before keep the way their claims are posted.
    """
    checked = _checked({name: value for name, value in changes.items() if name in ReceivableProfile.__slots__})
    row = work.edit(ReceivableSettings, ONLY, version, checked)
    if row.closed_through and "closed_through" in checked:
        _check_closing(work, row.closed_through, checked["closed_through"])
    for name, value in checked.items():
        setattr(row, name, value)
    prefixes = [getattr(row, name).casefold() for name in PREFIXES]
    if len(set(prefixes)) < len(prefixes):
        raise Invalid("invoice_prefix", N_("Invoices, credit notes, receipts and refunds begin differently."))
    work.session.flush()
    work.session.info.pop(ENTITY, None)
    return _profile(row)


def _profile(row: ReceivableSettings) -> ReceivableProfile:
    given = {name: getattr(row, name) for name in ReceivableProfile.__slots__}
    for name in ("difference_limits", "credit_limits"):
        given[name] = {key: Decimal(value) for key, value in given[name].items()}
    return ReceivableProfile(**given | {"buckets": tuple(given["buckets"])})


def _check_closing(work: Work, before: date, after: date | None) -> None:
    """Raise Invalid when closed days would be opened again by anybody but an owner."""
    if (after is None or after < before) and work.actor.user_id is not None and "owner" not in work.actor.roles:
        raise Invalid("closed_through", N_("Only an owner opens closed days again."))


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    checked = {name: value for name, value in values.items() if name != "version"}
    if "claims_by" in checked and checked["claims_by"] not in dict(rules.CLAIMS_BY):
        raise Invalid("claims_by", N_("This value is not known. Choose one of the list."))
    for name in PREFIXES:
        if name in checked:
            checked[name] = _prefix(name, str(checked[name] or ""))
    for name in ("due_days", "overdue_days", "dunning_gap_days"):
        if name in checked and not (name == "overdue_days" and checked[name] is None):
            checked[name] = _days(name, checked[name])
    if "buckets" in checked:
        checked["buckets"] = _buckets(checked["buckets"])
    for name in ("difference_limits", "credit_limits"):
        if name in checked:
            checked[name] = _limits(name, checked[name])
    if "difference_limits" in checked and checked["difference_limits"].keys() - ROLES.keys():
        raise Invalid("difference_limits", N_("This role does not exist."))
    return checked


def _prefix(name: str, value: str) -> str:
    prefix = clean_line(value)
    if not prefix or len(prefix) > LONGEST_PREFIX or any(map(str.isspace, prefix)):
        raise Invalid(name, N_("A number begins with one to {most} characters without blanks."), most=LONGEST_PREFIX)
    return prefix


def _days(name: str, value: Any) -> int:
    if not isinstance(value, int | Decimal) or value != int(value) or not 0 <= value <= MOST_DAYS:
        raise Invalid(name, N_("This is a whole number of days, at most {most}."), most=f"{MOST_DAYS:,}")
    return int(value)


def _buckets(value: Any) -> list[int]:
    bounds = [_days("buckets", one) for one in value]
    if not bounds or bounds[0] < 1 or len(bounds) >= MOST_BUCKETS or sorted(set(bounds)) != bounds:
        raise Invalid(
            "buckets",
            N_("Name the last day of each bucket, rising: 30, 60, 90. At most {most}."),
            most=MOST_BUCKETS - 1,
        )
    return bounds


def _limits(name: str, value: Mapping[str, Any]) -> dict[str, str]:
    limits = {}
    for key, amount in value.items():
        if amount is None:
            continue
        try:
            number = Decimal(str(amount))
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or not 0 <= number < Decimal(10) ** 12:
            raise Invalid(name, N_("A limit is an amount from 0."))
        limits[str(key)] = f"{number:f}"
    return limits
