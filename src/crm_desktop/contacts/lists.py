"""The list of contacts: pages, ids, counts, filters; also the quick search that is everywhere."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import or_, select

from crm_desktop.access.model import Company
from crm_desktop.contacts import rules
from crm_desktop.contacts.custom import defined_fields
from crm_desktop.contacts.fields import FIELDS, custom_fields
from crm_desktop.contacts.index import CONTACTS
from crm_desktop.contacts.model import Contact, ContactTag, Tag, owner_keys
from crm_desktop.contacts.service import tags_of
from crm_desktop.db.query import ListQuery
from crm_desktop.db.work import Work
from crm_desktop.shared.fields import Field, Use, readable
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.permissions import Domain, Permission, Scope, requires
from crm_desktop.shared.record import Page
from crm_desktop.shared.text import fold

DEFAULT_SORT: Final = Sort("name")
_PARTITION_SORTS: Final = frozenset({"name", "updated_at", "created_at"})
_LIVE: Final = (Contact.archived_at.is_(None),)
_EXTRA: Final = {"archived": Contact.archived_at.is_not(None)}
_DESCRIBED: Final = {field.name: field for field in FIELDS}
SEARCH_HITS: Final = 12


@requires(Permission.CONTACT_READ)
def fields(work: Work) -> tuple[Field, ...]:
    """Return the descriptions of every field the actor may see in lists, user-defined ones last."""
    return readable((*FIELDS, *custom_fields(defined_fields(work))), work.actor, Use.TABLE)


@requires(Permission.CONTACT_READ)
def first_page(work: Work, listing: Listing, columns: Sequence[str], limit: int = 100) -> Page:
    """Return the first rows of the list; the columns as in `fields`, the id first."""
    query, rest = _query(work, listing, columns)
    return _with_tags(work, query.page(work, rest, _stored(columns), limit=limit), columns)


@requires(Permission.CONTACT_READ)
def ids(work: Work, listing: Listing, after: tuple[Any, ...] | None = None) -> tuple["array[int]", Any]:
    """Return the next ids of the list in its order, and where to go on (None: these were the last)."""
    query, rest = _query(work, listing)
    return query.chunks(work, rest, after=after)


@requires(Permission.CONTACT_READ)
def rows(work: Work, columns: Sequence[str], wanted: Sequence[int]) -> Page:
    """Return the rows with these ids, in that order."""
    query = _plain_query(work, Listing(), columns)
    return _with_tags(work, query.rows(work, _stored(columns), wanted), columns)


@requires(Permission.CONTACT_READ)
def count(work: Work, listing: Listing) -> tuple[int, bool]:
    """Return how many contacts the list has, and whether a wide search was cut (there are more)."""
    query, rest = _query(work, listing)
    return query.count(work, rest), query.capped


@requires(Permission.CONTACT_READ)
def search(work: Work, text: str, limit: int = SEARCH_HITS) -> list[tuple[int, str, str, str, str]]:
    """Return the best hits for the search box: (id, name, kind, phone, city), names that begin with it first."""
    found = CONTACTS.find(work, text)
    if found is None:
        return []
    begins = fold(text)
    hits = work.session.execute(
        select(Contact.id, Contact.name, Contact.kind, Contact.main_phone, Contact.main_city)
        .where(Contact.id.in_(list(found.ids)), Contact.archived_at.is_(None))
        .order_by(Contact.sort_key, Contact.id)
    ).all()
    ranked = sorted(hits, key=lambda hit: not fold(hit[1]).startswith(begins))
    return [tuple(hit) for hit in ranked[:limit]]  # type: ignore[misc]


@requires(Permission.CONTACT_READ)
def names(work: Work, ids: Sequence[int]) -> dict[int, str]:
    """Return the names of those of these contacts that the actor sees."""
    rows = work.session.execute(select(Contact.id, Contact.name).where(Contact.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


@requires(Permission.CONTACT_EXPORT)
def export_pages(work: Work, listing: Listing, columns: Sequence[str], chosen: Sequence[int] | None = None) -> Any:
    """Yield the pages of the list, or of the chosen ids, for a file."""
    query, rest = _query(work, listing, columns)
    if chosen is not None:
        for start in range(0, len(chosen), 500):
            yield _with_tags(work, query.rows(work, _stored(columns), chosen[start : start + 500]), columns)
        return
    for page in query.every(work, rest, _stored(columns)):
        yield _with_tags(work, page, columns)


def _plain_query(work: Work, listing: Listing, columns: Sequence[str] = ()) -> ListQuery:
    named = (*columns, *(one.field for one in listing.filters), *(one.field for one in listing.sorts))
    described: dict[str, Field] = _DESCRIBED
    if _has_custom(named):
        described = _DESCRIBED | {field.name: field for field in custom_fields(defined_fields(work))}
    on_dates = any(one.op in ("from", "to") for one in listing.filters)
    actor = work.actor
    scope = actor.scope(Domain.SALES)
    narrow = scope in (Scope.OWN, Scope.TEAM) and actor.scope(Domain.PURCHASING) is Scope.NONE
    return ListQuery(
        entity=Contact,
        fields=described,
        default_sort=DEFAULT_SORT,
        live=_LIVE,
        partition=Contact.owner_key,
        partitions=owner_keys(actor, scope) if narrow else None,
        within=Contact.is_customer,
        partition_sorts=_PARTITION_SORTS,
        walking_scope=CONTACTS.reach,
        timezone=(work.session.scalar(select(Company.timezone)) if on_dates else None) or "UTC",
        extra=_EXTRA,
    )


def _query(work: Work, listing: Listing, columns: Sequence[str] = ()) -> tuple[ListQuery, Listing]:
    query = _plain_query(work, listing, columns)
    if listing.text:
        found = CONTACTS.find(work, listing.text)
        if found is not None:
            query = replace(query, found=found.ids, capped=found.capped)
        listing = replace(listing, text="")
    return _without_tags(listing, query)


def _without_tags(listing: Listing, query: ListQuery) -> tuple[ListQuery, Listing]:
    """Turn filters on tags, which are rows of their own, into a condition on the contact."""
    of_tags = [one for one in listing.filters if one.field == "tags"]
    if not of_tags:
        return query, listing
    extra = dict(query.extra)
    asked = tuple(of_tags)
    rest = [one for one in listing.filters if one.field != "tags"]
    for place, one in enumerate(of_tags):
        tagged = select(ContactTag.contact_id).join(Tag, Tag.id == ContactTag.tag_id)
        if one.values:
            tagged = tagged.where(or_(*(Tag.name_key == fold(str(name)) for name in one.values)))
        name = f"tags{place}"
        extra[name] = Contact.id.in_(tagged)
        rest.append(Filter(name, "is", (one.op in ("is", "contains", "not_empty"),)))
    return replace(query, extra=extra, extra_key=asked), replace(listing, filters=tuple(rest))


@lru_cache(maxsize=256)
def _has_custom(names: tuple[str, ...]) -> bool:
    """Return whether a user-defined field is among the names; remembered, because every page asks."""
    return any(name.startswith("custom.") for name in names)


def _stored(columns: Sequence[str]) -> list[str]:
    return [name for name in columns if name != "tags"]


def _with_tags(work: Work, page: Page, columns: Sequence[str]) -> Page:
    """Put the tags of each row into their place among the columns, and typed user-defined values."""
    if "tags" not in columns and not _has_custom(tuple(columns)):
        return page
    defined = {f"custom.{one.key}": one for one in defined_fields(work) if f"custom.{one.key}" in columns}
    tags = tags_of(work, [row[0] for row in page.rows]) if "tags" in columns else {}
    made = []
    for row in page.rows:
        values = dict(zip(page.columns, row, strict=True))
        values["tags"] = tags.get(row[0], ())
        for name, one in defined.items():
            values[name] = rules.typed_custom(one, values[name])
        made.append((row[0], *(values[name] for name in columns)))
    return Page(("id", *columns), made)
