"""The list of the customers that are silent for longer than their own rhythm."""

from typing import Final

from sqlalchemy import select

from crm_desktop.access.company import today
from crm_desktop.access.model import User
from crm_desktop.db.work import Work
from crm_desktop.home import rhythm
from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.money import round_half_away
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.report import NO_DAYS, Asked, Report, ReportTable

_SEEN: Final = Use.TABLE | Use.EXPORT | Use.SORT


@requires(Permission.REPORT_READ, Permission.CONTACT_READ, Permission.ORDER_READ)
def quiet(work: Work, _asked: Asked) -> ReportTable:
    """Return every customer in reach that has fallen silent, those who ordered most often first."""
    names = dict(work.session.execute(select(User.id, User.name)).all())
    said = _("As of {day}: silent for more than 1.5 times the usual gap between the days of at least three orders.")
    return ReportTable(
        title=_("Customers gone quiet"),
        said=said.format(day=Formats.of(today(work), {}).full_day(today(work))),
        fields=(
            Field("customer", None, N_("Customer"), 26, _SEEN),
            Field("every_days", None, N_("Usually every (days)"), 14, _SEEN, Kind.DECIMAL),
            Field("silent_days", None, N_("Silent for (days)"), 12, _SEEN, Kind.INTEGER),
            Field("last_order_on", None, N_("Last order"), 12, _SEEN, Kind.DATE),
            Field("orders", None, N_("Days with orders"), 12, _SEEN, Kind.INTEGER),
            Field("owner", None, N_("Owner"), 16, _SEEN),
        ),
        rows=tuple(
            (
                one.name, round_half_away(one.every_days, 1), one.silent_days, one.last_order_on, one.orders,
                names.get(one.owner_id or 0, ""),
            )
            for one in rhythm.quiet(work)
        ),
    )  # fmt: skip


QUIET: Final = Report(
    "quiet_customers",
    N_("Customers gone quiet"),
    N_("Customers silent for longer than their own rhythm of ordering."),
    quiet,
    days=NO_DAYS,
)
