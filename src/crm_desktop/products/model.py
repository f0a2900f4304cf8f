"""Products, what they cost, and what customers pay for them."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, exists, false, or_, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from crm_desktop.contacts.model import contact_in_reach
from crm_desktop.db.base import Base, BigId, Journalled, Percent, Scoped, SortText, UnitPrice, Versioned
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.permissions import Domain, Permission, Scope


class Product(Versioned, Journalled, Scoped, Base):
    """Something that is sold. Deactivated, never deleted: old documents keep pointing to it.

    `sort_key`, `code_key`, `code_sort` and `haystack` are derived by the service.
    """

    __tablename__ = "product"
    journal_entity: ClassVar[str] = "product"
    journal_skips: ClassVar[frozenset[str]] = frozenset(
        {"sort_key", "code_key", "haystack", "created_at", "created_by", "updated_at", "updated_by"}
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    list_price: Mapped[Decimal] = mapped_column(UnitPrice, default=Decimal(0))
    """In the company's currency, with or without tax as `SalesSettings.prices_include_tax` says."""
    tax_percent: Mapped[Decimal] = mapped_column(Percent, default=Decimal(0))
    active: Mapped[bool] = mapped_column(default=True)
    code_key: Mapped[str] = mapped_column(SortText)
    """The code folded; unique and what lists are sorted by."""
    sort_key: Mapped[str] = mapped_column(SortText)
    haystack: Mapped[str]
    """Code, name and their pinyin, folded: what the type-ahead looks into."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: those who may read products see all of them."""
        return cls.id.is_not(None) if actor.may(Permission.PRODUCT_READ) else false()

    __table_args__ = (
        UniqueConstraint("code_key"),
        Index("ix_product_sort", "sort_key", "id"),
        Index("ix_product_category_sort", "category", "sort_key", "id"),
        Index("ix_product_updated", "updated_at", "id"),
    )


class ProductCost(Scoped, Base):
    """What a product costs, in the company's currency without tax: a row of its own, for those who may see it."""

    __tablename__ = "product_cost"

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    cost: Mapped[Decimal] = mapped_column(UnitPrice)

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: those who may read costs see all of them."""
        return cls.product_id.is_not(None) if actor.may(Permission.COST_READ) else false()


class PriceList(Versioned, Journalled, Scoped, Base):
    """Prices agreed with one customer, or given to customers of one level, in one currency."""

    __tablename__ = "price_list"
    journal_entity: ClassVar[str] = "price_list"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    level: Mapped[str] = mapped_column(default="")
    currency: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        CheckConstraint("(contact_id IS NULL) <> (level = '')", name="for_whom"),
        UniqueConstraint("contact_id", "currency"),
        Index(
            "uq_price_list_level_currency",
            "level",
            "currency",
            unique=True,
            sqlite_where=text("level <> ''"),
            postgresql_where=text("level <> ''"),
        ),
    )

    def journal_contact(self) -> int | None:
        """Return the customer whose story it belongs to, if it is one customer's."""
        return self.contact_id

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: sales sees the lists of levels, and those of the customers it reaches."""
        return _list_in_reach(cls, actor)


def _list_in_reach(price_list: Any, actor: Actor) -> ColumnElement[bool]:
    if actor.scope(Domain.SALES) is Scope.NONE:
        return false()
    return or_(price_list.contact_id.is_(None), contact_in_reach(price_list.contact_id, actor))


class Price(Scoped, Base):
    """One product's price in a price list."""

    __tablename__ = "price"

    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_list.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True, index=True)
    price: Mapped[Decimal] = mapped_column(UnitPrice)

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition: visible exactly when its list is."""
        price_list = aliased(PriceList)
        return exists().where(price_list.id == cls.price_list_id, _list_in_reach(price_list, actor))


class SalesSettings(Versioned, Journalled, Base):
    """How this company sells; one row."""

    __tablename__ = "sales_settings"
    journal_entity: ClassVar[str] = "sales_settings"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    prices_include_tax: Mapped[bool] = mapped_column(default=False)
    tax_method: Mapped[str] = mapped_column(default="document")
    """"document": tax per rate on the sum of the lines; "line": tax of each line, then the sum."""
    tax_percent: Mapped[Decimal] = mapped_column(Percent, default=Decimal(0))
    """Of a new product."""
    quote_days: Mapped[int] = mapped_column(default=30)
    """How long a quote holds."""
    quote_prefix: Mapped[str] = mapped_column(default="Q")
    order_prefix: Mapped[str] = mapped_column(default="S")
    delivery_prefix: Mapped[str] = mapped_column(default="D")

    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("tax_method IN ('document', 'line')", name="tax_method"),
    )
