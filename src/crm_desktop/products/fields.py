"""The one description of a product's fields."""

from typing import Final

from sqlalchemy import select

from crm_desktop.products.model import Product, ProductCost
from crm_desktop.shared.fields import EVERYWHERE, Field, Kind, Use
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission

_WRITE: Final = Permission.PRODUCT_WRITE
_SEEN: Final = Use.TABLE | Use.EXPORT
_COST: Final = select(ProductCost.cost).where(ProductCost.product_id == Product.id).correlate(Product).scalar_subquery()

FIELDS: Final[tuple[Field, ...]] = (
    Field(
        "name",
        Product.name,
        N_("Name"),
        28,
        EVERYWHERE | Use.DEFAULT | Use.SORT | Use.SEARCH,
        sorts=Product.sort_key,
        headers=("名称", "名稱", "产品名称", "產品名稱", "商品名称", "品名", "Product", "Product name", "Item name"),
        write=_WRITE,
    ),
    Field(
        "code",
        Product.code,
        N_("Code"),
        14,
        EVERYWHERE | Use.DEFAULT | Use.SORT | Use.SEARCH,
        sorts=Product.code_key,
        headers=(
            *("编码", "編碼", "产品编码", "產品編碼", "产品编号", "產品編號", "商品编码", "存货编码", "物料编码"),
            *("货号", "貨號", "料号", "料號", "Product ID", "Product code", "Product no", "Item", "Item code"),
            *("Item no", "SKU", "Article", "Part number"),
        ),
        write=_WRITE,
    ),
    Field(
        "category",
        Product.category,
        N_("Category"),
        16,
        EVERYWHERE | Use.DEFAULT | Use.SORT,
        headers=("类别", "類別", "分类", "分類", "产品类别", "产品分类", "產品類別", "品类", "Category name", "Group"),
        write=_WRITE,
    ),
    Field(
        "unit",
        Product.unit,
        N_("Unit"),
        8,
        EVERYWHERE | Use.DEFAULT,
        headers=("单位", "單位", "计量单位", "計量單位", "UoM", "Unit of measure", "Quantity per unit"),
        write=_WRITE,
    ),
    Field(
        "list_price",
        Product.list_price,
        N_("List price"),
        13,
        EVERYWHERE | Use.DEFAULT,
        Kind.DECIMAL,
        headers=(
            "单价",
            "單價",
            "含税单价",
            "含稅單價",
            "未税单价",
            "未稅單價",
            "不含税单价",
            "售价",
            "售價",
            "标准售价",
            "价格",
            "價格",
            "標準售價",
            "Price",
            "Unit price",
        ),
        write=_WRITE,
    ),
    Field(
        "tax_percent",
        Product.tax_percent,
        N_("Tax %"),
        7,
        EVERYWHERE | Use.DEFAULT,
        Kind.DECIMAL,
        headers=("税率", "稅率", "Tax", "Tax rate", "VAT", "VAT rate"),
        write=_WRITE,
    ),
    Field(
        "cost",
        _COST,
        N_("Cost"),
        13,
        EVERYWHERE | Use.DEFAULT,
        Kind.DECIMAL,
        headers=("成本", "成本价", "成本價", "进价", "進價", "Purchase price"),
        read=Permission.COST_READ,
        write=Permission.COST_WRITE,
    ),
    Field(
        "description",
        Product.description,
        N_("Description"),
        32,
        EVERYWHERE | Use.SEARCH,
        Kind.NOTE,
        headers=("描述", "规格", "規格", "规格型号", "規格型號", "说明", "說明", "备注", "Details"),
        write=_WRITE,
    ),
    Field(
        "active",
        Product.active,
        N_("Is sold"),
        9,
        # Not a filter: the list itself shows what is sold, and a view of its own what is not.
        _SEEN | Use.FORM | Use.IMPORT,
        Kind.BOOLEAN,
        headers=("在售", "启用", "啟用", "有效", "Active", "For sale"),
        write=_WRITE,
    ),
    Field("created_at", Product.created_at, N_("Created"), 12, _SEEN | Use.FILTER, Kind.INSTANT),
    Field(
        "updated_at",
        Product.updated_at,
        N_("Changed"),
        12,
        _SEEN | Use.DEFAULT | Use.FILTER | Use.SORT,
        Kind.INSTANT,
    ),
)

HIDDEN: Final = frozenset({"id", "version", "code_key", "sort_key", "haystack", "created_by", "updated_by"})
"""Columns of `Product` that no person sees as a field."""
