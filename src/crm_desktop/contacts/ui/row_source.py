"""The lists of rows that belong to customers as the toolkit wants them."""

from collections.abc import Iterable
from typing import Any, Final

from crm_desktop.contacts.row_list import RowList
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.display import number_text
from crm_desktop.shared.fields import Use, readable
from crm_desktop.shared.i18n import _
from crm_desktop.shared.listing import Listing
from crm_desktop.ui.list_source import Count, ServiceSource

_NET: Final = "net"


class RowSource(ServiceSource):
    """The rows of one list that an actor may see; `summed` names the column its footer adds up."""

    def __init__(self, actor: Actor, entity: str, listing: RowList, summed: str = "") -> None:
        super().__init__(entity, readable(listing.described.fields, actor, Use.TABLE), listing)
        self._listing, self._summed = listing, summed

    def count(self, work: Any, listing: Listing) -> Count:
        """Return how many rows match, and their sum per currency."""
        count = super().count(work, listing)
        if not self._summed:
            return count
        sums = self._listing.sums(work, listing, self._summed)
        said = (f"{one.currency} {number_text(one.amount)}" for one in sums)
        return Count(count.rows, count.capped, self.with_net(work, listing, said))

    def with_net(self, work: Any, listing: Listing, sums: Iterable[str]) -> tuple[str, ...]:
        """Return the sums per currency, each with what it is without tax while that column is shown."""
        if _NET not in listing.columns:
            return tuple(sums)
        net = self._listing.sums(work, listing, _NET)
        said = _("{total} · {net} without tax")
        pairs = zip(sums, net, strict=True)
        return tuple(said.format(total=total, net=number_text(one.amount)) for total, one in pairs)
