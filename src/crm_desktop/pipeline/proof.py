"""Proves that what an opportunity repeats is what it follows from; each finding is a sentence."""

from collections.abc import Iterator

from sqlalchemy import func, or_, select

from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.pipeline import rules
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.shared.i18n import ngettext


def findings(work: Work) -> Iterator[str]:
    """Yield a sentence for everything that is out of step, over all opportunities there are."""
    expected = func.coalesce(Opportunity.expected_on, rules.LAST_DAY)
    sorted_wrong = select(func.count()).select_from(Opportunity).where(Opportunity.expected_sort != expected)
    if wrong := work.session.scalar(sorted_wrong) or 0:
        yield ngettext(
            "{count} opportunity is sorted by another day than it is expected on.",
            "{count} opportunities are sorted by another day than they are expected on.",
            wrong,
        ).format(count=wrong)
    elsewhere = (
        select(func.count())
        .select_from(Opportunity)
        .join(Contact, Contact.id == Opportunity.contact_id)
        .where(or_(Contact.owner_key != Opportunity.owner_key, Contact.sort_key != Opportunity.contact_sort))
    )
    if wrong := work.session.scalar(elsewhere) or 0:
        yield ngettext(
            "{count} opportunity does not follow its customer.",
            "{count} opportunities do not follow their customers.",
            wrong,
        ).format(count=wrong)
