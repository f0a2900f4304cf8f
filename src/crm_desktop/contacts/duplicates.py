"""The same customer twice: a warning while typing, and a finder over what is there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, column, exists, func, or_, select
from sqlalchemy.orm import aliased

from crm_desktop.contacts import rules
from crm_desktop.contacts.index import CONTACTS
from crm_desktop.contacts.model import Contact, ContactPoint, DistinctPair
from crm_desktop.contacts.rules import Match
from crm_desktop.contacts.service import country
from crm_desktop.db.work import Work
from crm_desktop.shared.company_names import SIMILAR, similarity
from crm_desktop.shared.permissions import Permission, requires
from crm_desktop.shared.registration import registration_key

MOST_MATCHES: Final = 5
MOST_GROUPS: Final = 500
_CANDIDATES: Final = 60
_LEAST_KEY: Final = 2
_SURENESS: Final = ("registration", "point", "name")


@dataclass(frozen=True, slots=True)
class Group:
    """Contacts that share something: `why` as in `Match`, `key` what they share."""

    why: str
    key: str
    ids: tuple[int, ...]


@requires(Permission.CONTACT_READ)
def look_alikes(
    work: Work,
    *,
    kind: str,
    name: str = "",
    registration_number: str = "",
    points: Sequence[Mapping[str, Any]] = (),
    but: int | None = None,
) -> list[Match]:
    """Return contacts that look like the one being typed, the surest first, at most five.

    Across owners a match says only that it exists and who owns it. `but` is the contact being edited.
    """
    at_home = country(work)
    keys = [
        key
        for point in points
        if point.get("value") and (key := rules.point_key(str(point["kind"]), str(point["value"]), at_home))
    ]
    sure = {
        "registration": Contact.registration_key == registration_key(registration_number)
        if registration_key(registration_number)
        else None,
        "phone": Contact.id.in_(select(ContactPoint.contact_id).where(ContactPoint.key.in_(keys))) if keys else None,
        "name": Contact.name_key == rules.name_key(kind, name) if rules.name_key(kind, name) else None,
    }
    found: dict[int, Match] = {}
    visible = _ids_in_scope(work)
    if work.is_guarded:
        _ask_server(work, found, rules.name_key(kind, name), keys, registration_key(registration_number), but)
    with work.system_rights("a duplicate is told of whoever owns it, but not shown"):
        for why, condition in sure.items():
            if condition is not None:
                _collect(work, found, why, condition, but)
        if name and len(found) < MOST_MATCHES:
            _collect_similar(work, found, kind, name, but)
    return [visible(match) for match in list(found.values())[:MOST_MATCHES]]


@requires(Permission.CONTACT_READ)
def duplicate_groups(work: Work) -> list[Group]:
    """Return groups of contacts in scope that share a registration number, a phone or address, or a name.

    Pairs somebody declared different are left out. At most 500 groups, the surest kind first.
    """
    live = Contact.archived_at.is_(None)
    distinct = {(row.low_id, row.high_id) for row in work.session.scalars(select(DistinctPair))}
    groups: dict[tuple[int, ...], Group] = {}
    for why, statement in (
        ("registration", _shared(Contact.registration_key, Contact.id, live, Contact.registration_key != "")),
        ("phone", _shared_points()),
        ("name", _shared(Contact.name_key, Contact.id, live, Contact.name_key != "")),
    ):
        members: dict[str, list[int]] = {}
        for key, id_ in work.session.execute(statement.limit(MOST_GROUPS * 4)):
            members.setdefault(key, []).append(id_)
        for key, ids in members.items():
            together = tuple(sorted(set(ids)))
            if len(together) > 1 and not _all_distinct(together, distinct):
                groups.setdefault(together, Group(why, key, together))
    return list(groups.values())[:MOST_GROUPS]


@requires(Permission.CONTACT_WRITE)
def declare_distinct(work: Work, ids: Sequence[int]) -> None:
    """Remember that these contacts are different, so that the finder leaves them alone."""
    for contact_id in ids:
        work.get(Contact, contact_id)
    ordered = sorted(ids)
    for place, low in enumerate(ordered):
        for high in ordered[place + 1 :]:
            if work.session.get(DistinctPair, (low, high)) is None:
                work.session.add(DistinctPair(low_id=low, high_id=high))
    for contact_id in ordered:
        work.note("contact", contact_id, "distinct", after={"contacts": ordered}, contact_id=contact_id)


def _ids_in_scope(work: Work) -> Any:
    def shown(match: Match) -> Match:
        seen = work.session.scalar(select(Contact.id).where(Contact.id == match.id))
        return match if seen is not None else Match(None, None, match.owner_id, match.why)

    return shown


def _ask_server(
    work: Work, found: dict[int, Match], name_key: str, keys: Sequence[str], registration: str, but: int | None
) -> None:
    """Ask the server's own function, which tells of contacts out of scope that they exist, and no more."""
    asked = func.crm.duplicate_candidates([name_key], list(keys), [registration], but)
    candidates = asked.table_valued(column("contact_id"), column("owner_id"), column("matched"))
    rows = sorted(work.session.execute(select(candidates)), key=lambda row: _SURENESS.index(row.matched))
    for row in rows:
        why = "phone" if row.matched == "point" else row.matched
        name = work.session.scalar(select(Contact.name).where(Contact.id == row.contact_id))
        found.setdefault(row.contact_id, Match(row.contact_id, name, row.owner_id, why))


def _collect(work: Work, found: dict[int, Match], why: str, condition: Any, but: int | None) -> None:
    statement = (
        select(Contact.id, Contact.name, Contact.owner_id)
        .where(condition, Contact.merged_into_id.is_(None))
        .order_by(Contact.id)
        .limit(MOST_MATCHES)
    )
    for id_, name, owner_id in work.session.execute(statement):
        if id_ != but:
            found.setdefault(id_, Match(id_, name, owner_id, why))


def _collect_similar(work: Work, found: dict[int, Match], kind: str, name: str, but: int | None) -> None:
    """Compare names that share the core of this one: equal keys were found already."""
    key = rules.name_key(kind, name)
    if len(key) < _LEAST_KEY:
        return
    hits = CONTACTS.find(work, key, limit=_CANDIDATES)
    if hits is None or not hits.ids:
        return
    rows = work.session.execute(
        select(Contact.id, Contact.name, Contact.owner_id, Contact.name_key).where(
            Contact.id.in_(list(hits.ids)), Contact.kind == kind, Contact.merged_into_id.is_(None)
        )
    )
    scored: Iterable[tuple[int, Match]] = (
        (similarity(key, other_key), Match(id_, other, owner_id, "similar"))
        for id_, other, owner_id, other_key in rows
        if id_ != but and id_ not in found
    )
    for score, match in sorted(scored, key=lambda pair: -pair[0]):
        if score >= SIMILAR and match.id is not None:
            found[match.id] = match


def _shared(key: Any, id_: Any, *conditions: Any) -> Any:
    shared = select(key).where(*conditions).group_by(key).having(func.count() > 1).limit(MOST_GROUPS)
    return select(key, id_).where(key.in_(shared), *conditions).order_by(key, id_)


def _shared_points() -> Any:
    other = aliased(ContactPoint)
    twice = exists().where(and_(other.key == ContactPoint.key, other.contact_id != ContactPoint.contact_id))
    return (
        select(ContactPoint.key, ContactPoint.contact_id)
        .join(Contact, Contact.id == ContactPoint.contact_id)
        .where(
            or_(ContactPoint.kind == "email", ContactPoint.kind.in_(("mobile", "phone"))),
            ContactPoint.key != "",
        )
        .where(twice, Contact.archived_at.is_(None))
        .order_by(ContactPoint.key, ContactPoint.contact_id)
    )


def _all_distinct(ids: tuple[int, ...], distinct: set[tuple[int, int]]) -> bool:
    return all((low, high) in distinct for place, low in enumerate(ids) for high in ids[place + 1 :])
