"""Finds activities by what was said and by their contact."""

from array import array
from itertools import combinations
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select

from crm_desktop.activities.model import Activity
from crm_desktop.contacts.index import CONTACTS
from crm_desktop.db.work import Work
from crm_desktop.shared.listing import Ids

MOST_HITS: Final = 2_000
READ_FIRST: Final = 20_000
"""So many of the newest activities are read for a word before all of them are."""
_MOST_WORDS: Final = 3
"""So many words of one search are told apart, at most: each doubles the ways a text can be meant."""


def find(work: Work, text: str) -> Ids | None:
    """Return the ids of the activities that every word of `text` fits, None when it has no word.

    A word fits what was said, what is to be done, or the contact. Of very many the newest are kept.
    """
    words = text.split()
    if not words:
        return None
    apart, rest = words[:_MOST_WORDS], words[_MOST_WORDS:]
    found: set[int] = set()
    capped = False
    for count in range(len(apart) + 1):
        for said in combinations(apart, count):
            of_contact = [word for word in apart if word not in said] + rest
            ids, cut = _said(work, said, " ".join(of_contact))
            found |= ids
            capped = capped or cut
    return Ids(array("q", sorted(found)), capped)


def _said(work: Work, said: tuple[str, ...], contact: str) -> tuple[set[int], bool]:
    read: Any = select(Activity.id, Activity.at_sort, Activity.subject, Activity.notes)
    cut = False
    if contact:
        contacts = CONTACTS.find(work, contact)
        if contacts is None or not contacts.ids:
            return set(), False
        read = read.where(Activity.contact_id.in_(list(contacts.ids)))
        cut = contacts.capped
    newest = read.order_by(Activity.at_sort.desc(), Activity.id.desc())
    # Of a common word the newest have enough. Else all are read, as they lie: by age that takes three times as long,
    # and is only needed to know the newest of very many.
    ids = _fitting(work, newest.limit(READ_FIRST), said, by_age=True)
    if len(ids) <= MOST_HITS:
        ids = _fitting(work, read, said)
        if len(ids) > MOST_HITS:
            ids = _fitting(work, newest, said, by_age=True)
    return set(ids[:MOST_HITS]), cut or len(ids) > MOST_HITS


def _fitting(work: Work, read: Any, said: tuple[str, ...], *, by_age: bool = False) -> list[int]:
    """Return the first activities of these that all of the words fit, one more than are kept."""
    if work.is_postgres:
        # Apart: a server cannot tell how many a word fits, takes it for a few, and then looks at all of them anew for
        # every contact in reach.
        read = read.offset(0)
    rows = read.subquery().c
    fitting = select(rows.id).where(*(_says(work, rows, word) for word in said))
    if by_age:
        fitting = fitting.order_by(rows.at_sort.desc(), rows.id.desc())
    return list(work.session.scalars(fitting.limit(MOST_HITS + 1)))


def _says(work: Work, rows: Any, word: str) -> ColumnElement[bool]:
    """Return the condition that a word was said, or is to be done, whatever its case."""
    texts = (rows.subject, rows.notes)
    if work.is_postgres and word.lower() != word.upper():
        return or_(*(one.icontains(word, autoescape=True) for one in texts))
    # In a file LIKE knows no case; to lower every note first takes as long again.
    return or_(*(one.contains(word, autoescape=True) for one in texts))
