"""The lists of documents as the toolkit wants them."""

from typing import Any

from crm_desktop.orders.lists import DocumentList
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.display import number_text
from crm_desktop.shared.fields import Use, readable
from crm_desktop.shared.listing import Listing
from crm_desktop.ui.list_source import Count, ServiceSource


class DocumentSource(ServiceSource):
    """The rows of one list of documents that an actor may see; `summed` names the column its footer adds up."""

    def __init__(self, actor: Actor, entity: str, listing: DocumentList, summed: str = "") -> None:
        super().__init__(entity, readable(listing.described.fields, actor, Use.TABLE), listing)
        self._listing, self._summed = listing, summed

    def count(self, work: Any, listing: Listing) -> Count:
        """Return how many rows match, and their sum per currency."""
        count = super().count(work, listing)
        if not self._summed:
            return count
        sums = self._listing.sums(work, listing, self._summed)
        return Count(count.rows, count.capped, tuple(f"{one.currency} {number_text(one.amount)}" for one in sums))
