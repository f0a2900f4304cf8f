"""What keeps a customer from going back to the public pool: an open order, or a contract that runs."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from crm_desktop.access.company import today
from crm_desktop.db.work import Work
from crm_desktop.orders import rules
from crm_desktop.orders.model import Order
from crm_desktop.shared.i18n import N_

_BOUGHT = (rules.CONFIRMED, rules.CLOSED)


class OrdersOfCustomers:
    """Answers for orders and contracts (`activities.above.Holds`)."""

    def held(self, work: Work, contact_ids: Sequence[int]) -> Mapping[int, str]:
        """Return the customers with an order that is not wholly delivered and invoiced, or a contract that runs."""
        unfinished = or_(Order.delivered_percent < 100, Order.invoiced_percent < 100)
        asked = select(Order.contact_id).where(
            Order.contact_id.in_(list(contact_ids)),
            or_(
                and_(Order.state == rules.CONFIRMED, unfinished),
                and_(Order.state.in_(_BOUGHT), Order.ends_on >= today(work)),
            ),
        )
        return dict.fromkeys(work.session.scalars(asked.distinct()), N_("An order or a contract is open."))

    def dealt(self, work: Work, contact_ids: Sequence[int]) -> Mapping[int, datetime]:
        """Return when each of the customers that ever ordered last confirmed an order."""
        asked = (
            select(Order.contact_id, func.max(Order.confirmed_at))
            .where(Order.contact_id.in_(list(contact_ids)), Order.state.in_(_BOUGHT), Order.confirmed_at.is_not(None))
            .group_by(Order.contact_id)
        )
        return {row[0]: row[1] for row in work.session.execute(asked) if row[1] is not None}
