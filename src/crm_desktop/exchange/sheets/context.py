"""What a sheet is read against: the fields of the target, the colleagues, the company's day and habits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm_desktop.access.company import company
from crm_desktop.access.model import User
from crm_desktop.db.work import Work
from crm_desktop.shared.clock import business_date
from crm_desktop.shared.errors import NotAllowed
from crm_desktop.shared.fields import Field
from crm_desktop.shared.importing import ImportTarget
from crm_desktop.shared.permissions import open_to_all
from crm_desktop.shared.text import fold


@dataclass(frozen=True)
class Context:
    """What `context` found out once for a whole sheet.

    `users` holds (id, name) by folded name and login; `zone` is where dates become instants.
    """

    fields: tuple[Field, ...]
    users: Mapping[str, tuple[tuple[int, str], ...]]
    today: date
    currency: str
    country: str
    dataset_id: str
    zone: tzinfo | None = None


@open_to_all("asks for the permission of what is imported")
def context(work: Work, target: ImportTarget) -> Context:
    """Return what a sheet for the target is read against. Raises NotAllowed."""
    if not work.actor.may(target.permission):
        raise NotAllowed
    profile = company(work)
    rows = work.session.execute(select(User.id, User.name, User.login_key, User.active)).all()
    # A former colleague stands back behind an active one of the same name.
    users: dict[str, dict[int, str]] = {}
    for active in (True, False):
        for row in rows:
            for name in {fold(row.name), fold(row.login_key)}:
                if row.active is active and (active or not users.get(name)):
                    users.setdefault(name, {})[row.id] = row.name
    return Context(
        fields=target.fields(work),
        users={name: tuple(found.items()) for name, found in users.items()},
        today=business_date(work.now, profile.timezone),
        currency=profile.currency,
        country=profile.country,
        dataset_id=profile.dataset_id,
        zone=ZoneInfo(profile.timezone),
    )
