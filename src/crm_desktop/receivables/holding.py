"""What keeps a customer from going back to the public pool: a debt."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from crm_desktop.db.work import Work
from crm_desktop.orders.model import Instalment
from crm_desktop.shared.i18n import N_


class DebtsOfCustomers:
    """Answers for what customers owe (`activities.above.Holds`)."""

    def held(self, work: Work, contact_ids: Sequence[int]) -> Mapping[int, str]:
        """Return the customers with a claim that is not settled."""
        asked = select(Instalment.contact_id).where(
            Instalment.contact_id.in_(list(contact_ids)), Instalment.open_amount != 0
        )
        return dict.fromkeys(work.session.scalars(asked.distinct()), N_("An invoice is not paid."))

    def dealt(self, work: Work, contact_ids: Sequence[int]) -> Mapping[int, datetime]:
        """Return nothing: an order says when somebody bought."""
        return {}
