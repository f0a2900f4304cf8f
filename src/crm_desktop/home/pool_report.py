"""The list of the customers that are about to go back to the public pool."""

from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm_desktop.access.company import company
from crm_desktop.access.model import User
from crm_desktop.activities.pool import falling
from crm_desktop.activities.pool.deciding import REASONS
from crm_desktop.db.work import Work
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _, ngettext
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.report import NO_DAYS, Asked, Report, ReportTable

_SEEN: Final = Use.TABLE | Use.EXPORT | Use.SORT
_WHY: Final = dict(REASONS)


@requires(Permission.REPORT_READ, Permission.CONTACT_READ)
def pool_warning(work: Work, _asked: Asked) -> ReportTable:
    """Return every customer in reach that goes back within the days of the warning, the nearest first."""
    names = dict(work.session.execute(select(User.id, User.name)).all())
    zone = ZoneInfo(company(work).timezone)
    warned = falling.about_to_fall(work)
    count = len(warned.rows)
    said = [ngettext("{count} customer", "{count} customers", count).format(count=f"{count:,}")]
    if not warned.whole:
        said.append(_("There are more; these are the first that were looked at."))
    return ReportTable(
        title=_("Going back to the pool"),
        said=" · ".join(said),
        fields=(
            Field("customer", None, N_("Customer"), 26, _SEEN),
            Field("owner", None, N_("Owner"), 16, _SEEN),
            Field("last_contact", None, N_("Last contact"), 14, _SEEN, Kind.DATE),
            Field("release_on", None, N_("Goes back on"), 14, _SEEN, Kind.DATE),
            Field("reason", None, N_("Why"), 26, _SEEN),
        ),
        rows=tuple(
            (
                one.name, names.get(one.owner_id, ""),
                None if one.last_contact_at is None else one.last_contact_at.astimezone(zone).date(),
                one.release_on, _(_WHY[one.reason]),
            )
            for one in warned.rows
        ),
    )  # fmt: skip


POOL_WARNING: Final = Report(
    "pool_warning",
    N_("Going back to the pool"),
    N_("Customers stand here some days before they lose their owner because nobody spoke to them."),
    pool_warning,
    days=NO_DAYS,
)
