"""The columns of the line grid: what they are called, how wide they are, which can be typed in."""

from dataclasses import dataclass
from typing import Final

from crm_desktop.shared.i18n import N_

PLACE: Final = "place"
AMOUNT: Final = "amount"


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column. `label` is marked text and may hold {currency}; `figures` is the usual width in figures;
    `ink` a colour token; `typed` says whether it is typed in, `by_tab` whether Tab stops there.
    """

    name: str
    label: str
    figures: int
    right: bool = False
    stretch: bool = False
    ink: str = "text"
    typed: bool = False
    by_tab: bool = False
    header: tuple[str, ...] = ()
    """What a spreadsheet may call it."""


_CODE_WORDS: Final = (
    *("code", "product code", "item", "item code", "item no", "sku", "part no", "part number"),
    *("编码", "编号", "料号", "产品编码", "产品编号", "货号", "品号", "编码/名称"),
    *("編碼", "編號", "料號", "產品編碼", "產品編號", "貨號", "品號"),
)
_NAME_WORDS: Final = (
    *("name", "product", "product name", "description", "goods", "article"),
    *("名称", "品名", "产品", "产品名称", "商品名称", "货物名称", "名稱", "產品", "產品名稱", "商品名稱", "貨物名稱"),
)
_QUANTITY_WORDS: Final = ("quantity", "qty", "pcs", "amount ordered", "数量", "訂購數量", "订购数量", "數量")
_PRICE_WORDS: Final = ("price", "unit price", "net price", "单价", "价格", "含税单价", "單價", "價格", "含稅單價")
_DISCOUNT_WORDS: Final = ("discount", "discount %", "disc", "disc %", "disc.", "折扣", "折扣 %", "折扣率", "折讓")
_UNIT_WORDS: Final = ("unit", "uom", "单位", "單位")
_TAX_WORDS: Final = ("tax", "tax %", "tax rate", "vat", "税率", "稅率", "税率 %", "稅率 %")
_DUE_WORDS: Final = ("due", "delivery date", "交期", "交货日期", "交貨日期", "到货日期", "到貨日期")

_PLACE: Final = GridColumn(PLACE, "#", 3, right=True, ink="muted")
_CODE: Final = GridColumn("code", N_("Code"), 14, typed=True, by_tab=True, header=_CODE_WORDS)
_NAME: Final = GridColumn("name", N_("Product"), 20, stretch=True, typed=True, header=_NAME_WORDS)
_QUANTITY: Final = GridColumn(
    "quantity", N_("Quantity"), 7, right=True, typed=True, by_tab=True, header=_QUANTITY_WORDS
)
_UNIT: Final = GridColumn("unit", N_("Unit"), 5, ink="text2", typed=True, header=_UNIT_WORDS)
_PRICE: Final = GridColumn("unit_price", N_("Price"), 10, right=True, typed=True, by_tab=True, header=_PRICE_WORDS)
_DISCOUNT: Final = GridColumn(
    "discount_percent", N_("Disc. %"), 7, right=True, typed=True, by_tab=True, header=_DISCOUNT_WORDS
)
_TAX: Final = GridColumn("tax_percent", N_("Tax %"), 5, right=True, ink="text2", typed=True, header=_TAX_WORDS)
_DUE: Final = GridColumn("due_on", N_("Due"), 10, ink="text2", typed=True, header=_DUE_WORDS)
_DELIVERED: Final = GridColumn("delivered", N_("Delivered"), 7, right=True, ink="text2")
_INVOICED: Final = GridColumn("invoiced", N_("Invoiced"), 7, right=True, ink="text2")
_OPEN: Final = GridColumn("open", N_("To deliver"), 7, right=True)
_NET: Final = GridColumn(AMOUNT, N_("Net {currency}"), 13, right=True)
_GROSS: Final = GridColumn(AMOUNT, N_("With tax {currency}"), 13, right=True)


def columns_of(
    *, dated: bool, include_tax: bool = False, progress: bool = False, invoiced: bool = False
) -> tuple[GridColumn, ...]:
    """Return the columns: `dated` lines have a day of their own, `progress` shows what has been delivered,
    `invoiced` what has been invoiced.
    """
    return (
        *(_PLACE, _CODE, _NAME, _QUANTITY, _UNIT, _PRICE, _DISCOUNT, _TAX),
        *((_DUE,) if dated else ()),
        *((_DELIVERED,) if progress else ()),
        *((_INVOICED,) if invoiced else ()),
        *((_OPEN,) if progress else ()),
        _GROSS if include_tax else _NET,
    )


def delivery_columns() -> tuple[GridColumn, ...]:
    """Return the columns of what a delivery carried."""
    return (_PLACE, _CODE, _NAME, _QUANTITY, _UNIT)
