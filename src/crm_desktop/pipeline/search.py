"""Finds opportunities by what they are about and by their customer."""

from array import array
from itertools import combinations
from typing import Any, Final

from sqlalchemy import and_, select

from crm_desktop.contacts.index import CONTACTS
from crm_desktop.db.work import Work
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.shared.listing import Ids

MOST_HITS: Final = 2_000
_MOST_WORDS: Final = 4
"""So many words of one search are told apart, at most: each doubles the ways a text can be meant."""


def find(work: Work, text: str) -> Ids | None:
    """Return the ids of the opportunities that every word of `text` fits, None when it has no word.

    A word fits the name of the opportunity or the customer. Of very many the newest are kept.
    """
    words = text.split()
    if not words:
        return None
    found: set[int] = set()
    capped = False
    apart, rest = words[:_MOST_WORDS], words[_MOST_WORDS:]
    for count in range(len(apart) + 1):
        for named in combinations(apart, count):
            of_customer = [word for word in apart if word not in named] + rest
            ids, cut = _named(work, named, " ".join(of_customer))
            found |= ids
            capped = capped or cut
    return Ids(array("q", sorted(found)), capped)


def _named(work: Work, named: tuple[str, ...], customer: str) -> tuple[set[int], bool]:
    conditions: list[Any] = [Opportunity.name.icontains(word, autoescape=True) for word in named]
    cut = False
    if customer:
        customers = CONTACTS.find(work, customer)
        if customers is None or not customers.ids:
            return set(), False
        conditions.append(Opportunity.contact_id.in_(list(customers.ids)))
        cut = customers.capped
    newest = select(Opportunity.id).where(and_(*conditions)).order_by(Opportunity.id.desc()).limit(MOST_HITS + 1)
    ids = list(work.session.scalars(newest))
    return set(ids[:MOST_HITS]), cut or len(ids) > MOST_HITS
