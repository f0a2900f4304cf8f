"""A dunning letter before it is sent: whom it goes to, what it lists and at which level."""

from dataclasses import dataclass

from crm_desktop.receivables.collecting.balances import OpenItem
from crm_desktop.shared.money import Money


@dataclass(frozen=True, slots=True)
class DunningItem:
    """One instalment in a letter, with the level it has then; `is_new` when the letter raises it to that."""

    item: OpenItem
    level: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A letter that is to go out: what is overdue, its sums per currency and what is unused beside it."""

    contact_id: int
    name: str
    language: str
    level: int
    items: tuple[DunningItem, ...]
    sums: tuple[Money, ...]
    unapplied: tuple[Money, ...]

    @property
    def oldest_late(self) -> int:
        """Return since how many days the oldest of it is late."""
        return max(one.item.late or 0 for one in self.items)
