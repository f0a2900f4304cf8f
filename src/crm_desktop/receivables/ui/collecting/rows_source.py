"""Rows that were read as a whole, as a list: sorted and found in memory, copied and shown like any list."""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from crm_desktop.shared.fields import Field
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.money import Money
from crm_desktop.shared.record import Page
from crm_desktop.ui.list_source import Count, IdChunk


class RowsSource:
    """Rows by id, each a tuple of values of `fields`; their own order holds until somebody sorts.

    A text asked for narrows them to those whose first value has it in it.
    """

    def __init__(self, entity: str, fields: Sequence[Field], rows: Mapping[int, tuple[Any, ...]]) -> None:
        self.entity = entity
        self.fields: tuple[Field, ...] = tuple(fields)
        self.rows_by_id = dict(rows)
        self._places = {field.name: place for place, field in enumerate(self.fields)}

    def first_page(self, _work: Any, listing: Listing, limit: int) -> Page:
        """Return the first rows."""
        return self.rows(None, listing.columns, self._order(listing)[:limit])

    def ids(self, _work: Any, listing: Listing, _after: Any, _limit: int) -> IdChunk:
        """Return every id, in order."""
        return IdChunk(array("q", self._order(listing)))

    def rows(self, _work: Any, columns: Sequence[str], ids: Sequence[int]) -> Page:
        """Return the rows of these ids; those that are gone are left out."""
        places = [self._places[name] for name in columns]
        known = self.rows_by_id
        rows = [(id_, *(known[id_][place] for place in places)) for id_ in ids if id_ in known]
        return Page(("id", *columns), rows)

    def count(self, _work: Any, listing: Listing) -> Count:
        """Return how many rows there are."""
        return Count(len(self._order(listing)))

    def offers(self, _work: Any, _field_name: str) -> Sequence[tuple[Any, str]]:
        """Return nothing: cells are not filtered."""
        return ()

    def close_match(self, _work: Any, _listing: Listing) -> str:
        """Return nothing."""
        return ""

    def _order(self, listing: Listing) -> list[int]:
        wanted = listing.text.strip().casefold()
        order = [id_ for id_, row in self.rows_by_id.items() if not wanted or wanted in str(row[0]).casefold()]
        for sort in reversed(listing.sorts):
            place = self._places[sort.field]
            filled = [id_ for id_ in order if self.rows_by_id[id_][place] is not None]
            # What has no value stays last whichever way the others stand.
            empty = [id_ for id_ in order if self.rows_by_id[id_][place] is None]
            filled.sort(key=lambda id_, place=place: _sortable(self.rows_by_id[id_][place]), reverse=sort.descending)
            order = filled + empty
        return order


def _sortable(value: Any) -> Any:
    if isinstance(value, Money):
        return value.currency, value.amount
    return value.casefold() if isinstance(value, str) else value
