"""Rows that belong to one customer: their columns, who sees them, how they follow the customer.

`owner_key` and `contact_sort` repeat the customer's; the database keeps them in step (a composite
foreign key that cascades), so that scope and order of a list are one index each.
"""

from typing import Any

from sqlalchemy import ColumnElement, ForeignKeyConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from crm_desktop.contacts.model import owner_keys
from crm_desktop.db.base import BigId, Scoped, SortText
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.permissions import Domain, Scope

DERIVED = frozenset({"owner_key", "contact_sort", "created_at", "created_by", "updated_at", "updated_by"})
"""Columns that follow from others, so that the journal need not tell them."""


def in_sales_reach(row: Any, actor: Actor, *, walking: bool = False) -> ColumnElement[bool]:
    """Return the condition under which the actor reaches a row with an `owner_key` on the sales side.

    `walking` keeps the engine from looking each owner's rows up: for sums over much of a table it walks the
    covering index in less time.
    """
    scope = actor.scope(Domain.SALES)
    if scope is Scope.NONE:
        return false()
    if scope is Scope.ALL:
        return true()
    owner = row.owner_key + 0 if walking else row.owner_key
    reached: ColumnElement[bool] = owner.in_(owner_keys(actor, scope))
    return reached


def of_contact(table: str) -> ForeignKeyConstraint:
    """Return the foreign key that keeps a document's owner and sort text those of its customer."""
    return ForeignKeyConstraint(
        ["contact_id", "owner_key", "contact_sort"],
        ["contact.id", "contact.owner_key", "contact.sort_key"],
        name=f"fk_{table}_contact",
        onupdate="CASCADE",
    )


class OfCustomer(Scoped):
    """A row that belongs to one customer and is seen by whoever sees the customer's sales."""

    contact_id: Mapped[int] = mapped_column(BigId)
    owner_key: Mapped[int] = mapped_column(BigId)
    contact_sort: Mapped[str] = mapped_column(SortText)

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on the customer's owner."""
        return in_sales_reach(cls, actor)

    def journal_contact(self) -> int | None:
        """Return the customer whose story it belongs to."""
        return self.contact_id
