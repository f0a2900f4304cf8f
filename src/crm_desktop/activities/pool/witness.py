"""Whether the computer that is about to release customers knows which day it is.

On a server the server's clock says so. In a file nobody else has a clock: the witness is the last day on which the
rules were carried out or saved, so that a jump of the clock, or an old backup put back, asks before it releases.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import text

from crm_desktop.access.company import company, today
from crm_desktop.activities.pool.deciding import is_plausible
from crm_desktop.activities.pool.settings import get_rules
from crm_desktop.db.work import Work
from crm_desktop.shared.clock import business_date
from crm_desktop.shared.permissions import Permission, requires

_SLACK: Final = timedelta(minutes=10)
_NOW: Final = text("select cast(extract(epoch from clock_timestamp()) as double precision)")


@requires(Permission.CONTACT_ASSIGN)
def day_is_sure(work: Work) -> bool:
    """Return whether today is the day a run may act on without asking anybody."""
    if work.is_postgres:
        there = server_now(work)
        same_day = business_date(there, company(work).timezone) == today(work)
        return same_day or abs(there - work.now) <= _SLACK
    return is_plausible(today(work), get_rules(work).known_on)


@requires(Permission.CONTACT_ASSIGN)
def server_now(work: Work) -> datetime:
    """Return the instant by the server's clock."""
    return datetime.fromtimestamp(work.session.execute(_NOW).scalar_one(), UTC)
