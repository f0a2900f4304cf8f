"""A report's table as the rows of a list: kept in memory, sorted there, copied and shown like any list."""

from array import array
from collections.abc import Sequence
from typing import Any

from crm_desktop.shared.display import Formats
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Listing
from crm_desktop.shared.money import Money
from crm_desktop.shared.record import Page
from crm_desktop.shared.report import ReportTable
from crm_desktop.ui.list_source import Count, IdChunk


class ReportSource:
    """The rows of one report; their ids are their places."""

    entity = "report"

    def __init__(self, table: ReportTable, formats: Formats) -> None:
        self._table, self._formats = table, formats
        self.fields: tuple[Field, ...] = table.fields
        self._places = {field.name: place for place, field in enumerate(table.fields)}

    def first_page(self, work: Any, listing: Listing, limit: int) -> Page:
        """Return the first rows."""
        return self.rows(work, listing.columns, self._order(listing)[:limit])

    def ids(self, _work: Any, listing: Listing, _after: Any, _limit: int) -> IdChunk:
        """Return every place, in order."""
        return IdChunk(array("q", self._order(listing)))

    def rows(self, _work: Any, columns: Sequence[str], ids: Sequence[int]) -> Page:
        """Return the rows at these places."""
        places = [self._places[name] for name in columns]
        rows = [(id_, *(self._table.rows[id_ - 1][place] for place in places)) for id_ in ids]
        return Page(("id", *columns), rows)

    def count(self, _work: Any, _listing: Listing) -> Count:
        """Return the number of rows, and the sums in words."""
        return Count(len(self._table.rows), totals=tuple(self._totals()))

    def offers(self, _work: Any, _field_name: str) -> Sequence[tuple[Any, str]]:
        """Return nothing: a report is not filtered by its cells."""
        return ()

    def close_match(self, _work: Any, _listing: Listing) -> str:
        """Return nothing: a report is not searched."""
        return ""

    def _totals(self) -> list[str]:
        return [
            f"{_(field.label)} {self._formats.full_text(field, value)}"
            for row in self._table.totals()
            for field, value in zip(self._table.fields, row, strict=True)
            if value is not None
        ]

    def _order(self, listing: Listing) -> list[int]:
        order = list(range(1, len(self._table.rows) + 1))
        for sort in reversed(listing.sorts):
            place = self._places[sort.field]
            order.sort(
                key=lambda id_, place=place: _sortable(self._table.rows[id_ - 1][place]), reverse=sort.descending
            )
        return order


def _sortable(value: Any) -> tuple[bool, Any]:
    """Return a key that puts cells without a value last."""
    if isinstance(value, Money):
        return False, (value.currency, value.amount)
    return value is None, value if value is not None else 0
