"""Which of many new names are like one that is stored."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import select

from crm_desktop.contacts import rules
from crm_desktop.contacts.model import Contact
from crm_desktop.db.work import Work
from crm_desktop.shared.company_names import SIMILAR, similarity
from crm_desktop.shared.permissions import Permission, requires

_PIECE: Final = 3
_MOST_COMPARED: Final = 60


@requires(Permission.CONTACT_READ)
def similar_names(work: Work, keys: Collection[str]) -> dict[str, str]:
    """Return for name keys of companies the name in sight that is most like each, if any is like enough.

    Names are compared only where they begin or end alike: two names one slip apart always do unless the slips
    are at both ends.
    """
    pieces: dict[str, list[tuple[str, str]]] = {piece: [] for key in keys for piece in _pieces(key)}
    if not pieces:
        return {}
    stored = select(Contact.name_key, Contact.name).where(
        Contact.kind == rules.COMPANY, Contact.archived_at.is_(None), Contact.name_key.not_in([""])
    )
    for key, name in work.session.execute(stored):
        for piece in _pieces(key):
            if (found := pieces.get(piece)) is not None and len(found) < _MOST_COMPARED:
                found.append((key, name))
    best: dict[str, str] = {}
    for key in keys:
        scored = [
            (similarity(key, other), name) for piece in _pieces(key) for other, name in pieces[piece] if other != key
        ]
        score, name = max(scored, default=(0, ""))
        if score >= SIMILAR:
            best[key] = name
    return best


def _pieces(key: str) -> set[str]:
    return {f"^{key[:_PIECE]}", f"{key[-_PIECE:]}$"} if len(key) >= _PIECE else set()
