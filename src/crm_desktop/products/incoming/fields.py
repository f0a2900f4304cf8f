"""What a column of a list of products, or of a price list, can be."""

from typing import Final

from crm_desktop.contacts.incoming.link_fields import LINKS
from crm_desktop.contacts.rules import LEVELS
from crm_desktop.products.fields import FIELDS
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission

DISCONTINUED: Final = "discontinued"
"""The opposite of `active`, as many lists have it."""

PRODUCT_FIELDS: Final = (
    *(field for field in FIELDS if Use.IMPORT in field.uses),
    Field(
        DISCONTINUED,
        None,
        N_("Discontinued"),
        12,
        Use.IMPORT,
        Kind.BOOLEAN,
        headers=("停售", "停產", "停产", "已停售", "禁用", "Inactive", "Not sold", "Blocked"),
        write=Permission.PRODUCT_WRITE,
    ),
    Field(
        "created_at",
        None,
        N_("Created"),
        12,
        Use.IMPORT,
        Kind.DATE,
        headers=("创建日期", "創建日期", "建档日期", "建檔日期", "创建时间", "建立日期", "Created on", "Date created"),
        write=Permission.PRODUCT_WRITE,
    ),
    Field(
        "created_by",
        None,
        N_("Created by"),
        14,
        Use.IMPORT,
        Kind.USER,
        headers=("创建人", "創建人", "建档人", "建檔人", "制单人", "Author", "Entered by"),
        write=Permission.PRODUCT_WRITE,
    ),
)
"""The columns of a list of products. Day and author count for new products only."""

_PRICED: Final = Permission.PRICE_WRITE
PRICE_FIELDS: Final = (
    Field(
        "product_code",
        None,
        N_("Product code"),
        14,
        Use.IMPORT,
        headers=(
            *("编码", "編碼", "产品编码", "產品編碼", "产品编号", "產品編號", "商品编码", "物料编码", "存货编码"),
            *("货号", "貨號", "料号", "料號", "Code", "Product ID", "Product no", "Item", "Item code", "Item no"),
            *("SKU", "Article", "Part number"),
        ),
        write=_PRICED,
    ),
    Field(
        "product",
        None,
        N_("Product"),
        28,
        Use.IMPORT,
        headers=(
            *("产品", "產品", "商品", "品名", "产品名称", "產品名稱", "商品名称", "名称", "名稱", "Name"),
            *("Product name", "Item name", "Description"),
        ),
        write=_PRICED,
    ),
    Field(
        "price",
        None,
        N_("Price"),
        13,
        Use.IMPORT,
        Kind.DECIMAL,
        headers=(
            *("单价", "單價", "价格", "價格", "协议价", "協議價", "客户价", "客戶價", "报价", "報價", "结算价"),
            *("Unit price", "Net price", "Agreed price", "Special price", "Customer price"),
        ),
        write=_PRICED,
    ),
    *LINKS,
    Field(
        "level",
        None,
        N_("Level"),
        8,
        Use.IMPORT,
        Kind.CHOICE,
        choices=LEVELS,
        headers=("等级", "等級", "级别", "級別", "客户等级", "客戶等級", "客户级别", "Customer level", "Tier"),
        write=_PRICED,
    ),
    Field(
        "list",
        None,
        N_("Price list"),
        24,
        Use.IMPORT,
        headers=("价格表", "價格表", "价目表", "價目表", "Price list name", "List"),
        write=_PRICED,
    ),
    Field(
        "currency",
        None,
        N_("Currency"),
        8,
        Use.IMPORT,
        headers=("币种", "幣種", "货币", "貨幣", "币别", "幣別", "Curr", "Ccy"),
        write=_PRICED,
    ),
)
"""The columns of a price list: one price of one product on each row."""
