"""Saved views: lists as somebody arranged them, for themselves or for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select

from crm_desktop.access.company import clean_name
from crm_desktop.access.model import SavedView
from crm_desktop.db.work import Work
from crm_desktop.shared.errors import NotAllowed, NotFound
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.permissions import Permission, open_to_all, requires


@dataclass(frozen=True, slots=True)
class SavedListing:
    """One saved view; without an owner it is `shared` with everybody."""

    id: int
    version: int
    screen: str
    name: str
    listing: Listing
    shared: bool


@open_to_all("everybody arranges their own lists")
def views(work: Work, screen: str) -> tuple[SavedListing, ...]:
    """Return the shared views of a list and the actor's own, in their order."""
    rows = work.session.scalars(
        select(SavedView)
        .where(
            SavedView.screen == screen,
            or_(SavedView.user_id.is_(None), SavedView.user_id == work.actor.user_id),
        )
        .order_by(SavedView.user_id.is_not(None), SavedView.position, SavedView.id)
    )
    return tuple(map(_saved, rows))


@open_to_all("everybody arranges their own lists; a shared one asks for the permission itself")
def save_view(work: Work, screen: str, name: str, listing: Listing, view_id: int | None = None) -> SavedListing:
    """Store a view: a new one of the actor's own, or over `view_id`. Raises NotFound, NotAllowed, Invalid."""
    cleaned = clean_name(name)
    if view_id is None:
        last = work.session.scalar(select(func.max(SavedView.position)).where(SavedView.screen == screen))
        row = SavedView(user_id=work.actor.user_id, screen=screen, position=(last or 0) + 1)
    else:
        row = _mine_or_shared(work, view_id)
    row.name = cleaned
    row.listing = to_plain(listing)
    work.session.add(row)
    work.session.flush()
    work.touch("saved_view", row.id)
    return _saved(row)


@open_to_all("everybody arranges their own lists; a shared one asks for the permission itself")
def delete_view(work: Work, view_id: int) -> None:
    """Remove a view. Raises NotFound, NotAllowed."""
    work.session.delete(_mine_or_shared(work, view_id))
    work.touch("saved_view", view_id)


@requires(Permission.VIEW_SHARE)
def share_view(work: Work, view_id: int, shared: bool) -> SavedListing:
    """Give a view to everybody, or take a shared one back as one's own. Raises NotFound."""
    row = _mine_or_shared(work, view_id)
    row.user_id = None if shared else work.actor.user_id
    work.session.flush()
    work.touch("saved_view", row.id)
    return _saved(row)


def to_plain(listing: Listing) -> dict[str, Any]:
    """Return a listing as JSON holds it; days and decimals say what they are."""
    return {
        "text": listing.text,
        "filters": [
            {"field": one.field, "op": one.op, "values": [_plain(value) for value in one.values]}
            for one in listing.filters
        ],
        "sorts": [{"field": sort.field, "descending": sort.descending} for sort in listing.sorts],
        "columns": list(listing.columns),
    }


def from_plain(stored: Mapping[str, Any]) -> Listing:
    """Return the listing that `to_plain` made; what a newer program added is left out."""
    return Listing(
        text=str(stored.get("text", "")),
        filters=tuple(
            Filter(one["field"], one.get("op", "is"), tuple(_value(value) for value in one.get("values", ())))
            for one in stored.get("filters", ())
        ),
        sorts=tuple(Sort(one["field"], bool(one.get("descending"))) for one in stored.get("sorts", ())),
        columns=tuple(stored.get("columns", ())),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return value


def _value(stored: Any) -> Any:
    match stored:
        case {"instant": str(text)}:
            return datetime.fromisoformat(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case {"decimal": str(text)}:
            return Decimal(text)
    return stored


def _mine_or_shared(work: Work, view_id: int) -> SavedView:
    row = work.session.get(SavedView, view_id)
    if row is None or row.user_id not in (None, work.actor.user_id):
        raise NotFound
    if row.user_id is None and not work.actor.may(Permission.VIEW_SHARE):
        raise NotAllowed
    return row


def _saved(row: SavedView) -> SavedListing:
    listing = from_plain(row.listing)
    return SavedListing(row.id, row.version, row.screen, row.name, listing, shared=row.user_id is None)
