"""The list of contacts: pages, ids, counts, filters; also the quick search that is everywhere."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
SEARCH_HITS: Final = 12


@requires(Permission.CONTACT_READ)
def fields(work: Work) -> tuple[Field, ...]:
    """Return the descriptions of every field the actor may see in lists, user-defined ones last."""
    return readable((*FIELDS, *custom_fields(defined_fields(work))), work.actor, Use.TABLE)


@requires(Permission.CONTACT_READ)
def first_page(work: Work, listing: Listing, columns: Sequence[str], limit: int = 100) -> Page:
    """Return the first rows of the list; the columns as in `fields`, the id first."""
    query, rest = _query(work, listing)
    return _with_tags(work, query.page(work, rest, _stored(columns), limit=limit), columns)


@requires(Permission.CONTACT_READ)
def ids(work: Work, listing: Listing, after: tuple[Any, ...] | None = None) -> tuple["array[int]", Any]:
    """Return the next ids of the list in its order, and where to go on (None: these were the last)."""
    query, rest = _query(work, listing)
    return query.chunks(work, rest, after=after)


@requires(Permission.CONTACT_READ)
def rows(work: Work, columns: Sequence[str], wanted: Sequence[int]) -> Page:
    """Return the rows with these ids, in that order."""
    query, _rest = _query(work, Listing())
    return _with_tags(work, query.rows(work, _stored(columns), wanted), columns)


@requires(Permission.CONTACT_READ)
def count(work: Work, listing: Listing) -> tuple[int, bool]:
    """Return how many contacts the list has, and whether a wide search was cut (there are more)."""
    if listing.text:
        found = CONTACTS.find(work, listing.text)
        if found is not None:
            query = replace(_plain_query(work), found=found.ids)
            return query.count(work, _without_tags(work, replace(listing, text=""), query)[1]), found.capped
    query, rest = _query(work, listing)
    return query.count(work, rest), False


@requires(Permission.CONTACT_READ)
def search(work: Work, text: str, limit: int = SEARCH_HITS) -> list[tuple[int, str, str, str, str]]:
    """Return the best hits for the search box: (id, name, kind, phone, city), names that begin with it first."""
    found = CONTACTS.find(work, text, Contact.archived_at.is_(None))
    if found is None:
        return []
    begins = fold(text)
    hits = work.session.execute(
        select(Contact.id, Contact.name, Contact.kind, Contact.main_phone, Contact.main_city)
        .where(Contact.id.in_(list(found.ids)))
        .order_by(Contact.sort_key, Contact.id)
    ).all()
    ranked = sorted(hits, key=lambda hit: not fold(hit[1]).startswith(begins))
    return [tuple(hit) for hit in ranked[:limit]]  # type: ignore[misc]


@requires(Permission.CONTACT_EXPORT)
def export_pages(work: Work, listing: Listing, columns: Sequence[str], chosen: Sequence[int] | None = None) -> Any:
    """Yield the pages of the list, or of the chosen ids, for a file."""
    query, rest = _query(work, listing)
    if chosen is not None:
        for start in range(0, len(chosen), 500):
            yield _with_tags(work, query.rows(work, _stored(columns), chosen[start : start + 500]), columns)
        return
    for page in query.every(work, rest, _stored(columns)):
        yield _with_tags(work, page, columns)


def _plain_query(work: Work) -> ListQuery:
    described: Mapping[str, Field] = {field.name: field for field in (*FIELDS, *custom_fields(defined_fields(work)))}
    actor = work.actor
    scope = actor.scope(Domain.SALES)
    narrow = scope in (Scope.OWN, Scope.TEAM) and actor.scope(Domain.PURCHASING) is Scope.NONE
    return ListQuery(
        entity=Contact,
        fields=described,
        default_sort=DEFAULT_SORT,
        live=(Contact.archived_at.is_(None),),
        partition=Contact.owner_key,
        partitions=owner_keys(actor, scope) if narrow else None,
        partition_sorts=_PARTITION_SORTS,
        timezone=work.session.scalar(select(Company.timezone)) or "UTC",
        extra={"archived": Contact.archived_at.is_not(None)},
    )


def _query(work: Work, listing: Listing) -> tuple[ListQuery, Listing]:
    query = _plain_query(work)
    if listing.text:
        found = CONTACTS.find(work, listing.text)
        if found is not None:
            query = replace(query, found=found.ids)
    return _without_tags(work, replace(listing, text=""), query)


def _without_tags(work: Work, listing: Listing, query: ListQuery) -> tuple[ListQuery, Listing]:
    """Turn filters on tags, which are rows of their own, into a condition on the contact."""
    of_tags = [one for one in listing.filters if one.field == "tags"]
    if not of_tags:
        return query, listing
    extra = dict(query.extra)
    rest = [one for one in listing.filters if one.field != "tags"]
    for place, one in enumerate(of_tags):
        tagged = select(ContactTag.contact_id).join(Tag, Tag.id == ContactTag.tag_id)
        if one.values:
            tagged = tagged.where(or_(*(Tag.name_key == fold(str(name)) for name in one.values)))
        name = f"tags{place}"
        extra[name] = Contact.id.in_(tagged)
        rest.append(Filter(name, "is", (one.op in ("is", "contains", "not_empty"),)))
    return replace(query, extra=extra), replace(listing, filters=tuple(rest))


def _stored(columns: Sequence[str]) -> list[str]:
    return [name for name in columns if name != "tags"]


def _with_tags(work: Work, page: Page, columns: Sequence[str]) -> Page:
    """Put the tags of each row into their place among the columns, and typed user-defined values."""
    defined = {f"custom.{one.key}": one for one in defined_fields(work) if f"custom.{one.key}" in columns}
    if "tags" not in columns and not defined:
        return page
    tags = tags_of(work, [row[0] for row in page.rows]) if "tags" in columns else {}
    made = []
    for row in page.rows:
        values = dict(zip(page.columns, row, strict=True))
        values["tags"] = tags.get(row[0], ())
        for name, one in defined.items():
            values[name] = rules.typed_custom(one, values[name])
        made.append((row[0], *(values[name] for name in columns)))
    return Page(("id", *columns), made)
