"""The rules of the public pool: who may change them, and from when on they hold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import update

from crm_desktop.access.company import today
from crm_desktop.activities.model import PoolRules
from crm_desktop.activities.pool.deciding import Clocks
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import Invalid
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission, open_to_all, requires

ONLY: Final = 1
"""The id of the one row."""
MOST_DAYS: Final = 3650
MOST: Final = 1_000_000
_DAYS: Final = ("contact_days", "deal_days", "warn_days", "reclaim_days")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules as they stand; see `activities.model.PoolRules`. `from_on` is the first day they release on."""

    active: bool
    contact_days: int
    deal_days: int
    warn_days: int
    hold_limit: int
    lock_limit: int
    reclaim_days: int
    claims_a_day: int
    from_on: date | None
    run_on: date | None
    version: int

    def values(self) -> dict[str, Any]:
        """Return the rules by name, for a form."""
        return {name: value for name, value in asdict(self).items() if name not in ("from_on", "run_on", "version")}

    @property
    def clocks(self) -> Clocks:
        """Return what decides the day of a release."""
        return Clocks(self.contact_days, self.deal_days, self.from_on or date.min)

    @property
    def known_on(self) -> date | None:
        """Return the last day on which these rules were carried out or saved, None when neither ever happened."""
        saved_on = self.from_on - timedelta(days=max(1, self.warn_days)) if self.from_on else None
        return max((day for day in (self.run_on, saved_on) if day is not None), default=None)


@open_to_all("everybody is told when their customers go back to the pool")
def get_rules(work: Work) -> Rules:
    """Return the rules of the pool."""
    row = work.get(PoolRules, ONLY)
    return Rules(**{name: getattr(row, name) for name in Rules.__slots__})


@requires(Permission.POOL_WRITE)
def save_rules(work: Work, version: int, changes: Mapping[str, Any]) -> Rules:
    """Change the rules, made over `version`. Raises Conflict, Invalid(field).

    Changed rules release nobody before everybody concerned had the days of the warning to see it, at least from
    the next day on.
    """
    known = Rules.__slots__
    checked = {
        name: _checked(name, value)
        for name, value in changes.items()
        if name in known and name not in ("from_on", "run_on", "version")
    }
    row = work.edit(PoolRules, ONLY, version, checked)
    for name, value in checked.items():
        setattr(row, name, value)
    if row.active and not (row.contact_days or row.deal_days):
        raise Invalid("contact_days", N_("Say after how many days without a contact, or without an order."))
    row.from_on = today(work) + timedelta(days=max(1, row.warn_days)) if row.active else None
    work.session.flush()
    return get_rules(work)


@requires(Permission.CONTACT_ASSIGN)
def note_run(work: Work) -> None:
    """Remember that the rules were carried out today, where the actor may."""
    if work.actor.may(Permission.POOL_WRITE):
        # Past the version: what somebody is just changing in the settings is not touched.
        work.session.execute(update(PoolRules).where(PoolRules.id == ONLY).values(run_on=today(work)))
        work.touch("pool_rules", ONLY)


def _checked(name: str, value: Any) -> Any:
    if name == "active":
        return bool(value)
    most = MOST_DAYS if name in _DAYS else MOST
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise Invalid(name, N_("Give a whole number from 0 to {most}."), most=most)
    return value
