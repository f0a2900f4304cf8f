"""The days a report asks for, in words."""

from sqlalchemy import select

from crm_desktop.access.model import Company
from crm_desktop.db.work import Work
from crm_desktop.shared.display import Formats
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import open_to_all
from crm_desktop.shared.report import Asked


@open_to_all("words for a period, made of nothing but the time zone")
def said_period(work: Work, asked: Asked) -> str:
    """Return the period in words."""
    zone = work.session.scalar(select(Company.timezone)) or "UTC"
    formats = Formats.of(work.now.date(), {}, zone)
    if asked.from_on and asked.to_on:
        return _("{first} to {last}").format(first=formats.full_day(asked.from_on), last=formats.full_day(asked.to_on))
    if asked.from_on:
        return _("From {first}").format(first=formats.full_day(asked.from_on))
    if asked.to_on:
        return _("Until {last}").format(last=formats.full_day(asked.to_on))
    return _("All days")
