"""What the columns of a sheet of quotes or orders can be.

Fields of the document are repeated on each of its lines (`HEADER`); the rest is each line's own. Names that
a record has too mean the same; the document's own discount is called after the document.
"""

from typing import Final

from crm_desktop.contacts.incoming.link_fields import LINKS
from crm_desktop.orders import rules
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_

PRODUCT: Final = ("product_code", "product")

QUOTE_KEYS: Final = (
    (rules.SENT, N_("Sent")),
    (rules.DRAFT, N_("Draft")),
    (rules.ACCEPTED, N_("Accepted")),
    (rules.LOST, N_("Lost")),
)
"""What a sheet can say of a quote; what was replaced by a newer revision is nothing to bring in."""
FINISHED: Final = "finished"
OPEN: Final = "open"
DELIVERED: Final = "delivered"
ORDER_KEYS: Final = (
    *rules.ORDER_STATES,
    (OPEN, N_("Open")),
    (FINISHED, N_("Finished")),
    (DELIVERED, N_("Delivered")),
)
"""What a sheet can say of an order: our own words, and those of other programs."""
STATES: Final = {
    **{key: key for key, _label in (*rules.ORDER_STATES, *rules.QUOTE_STATES)},
    OPEN: rules.CONFIRMED,
    FINISHED: rules.CLOSED,
    DELIVERED: rules.CLOSED,
}
"""The state each of these keys is stored as."""


def _field(
    name: str, label: str, chars: int, kind: Kind, *headers: str, choices: tuple[tuple[str, str], ...] = ()
) -> Field:
    return Field(name, None, label, chars, Use.IMPORT, kind, choices=choices, headers=headers)


_TERMS: Final = (
    _field(
        "salesperson",
        N_("Salesperson"),
        12,
        Kind.USER,
        *("Sales rep", "Sales person", "Employee", "Seller", "业务员", "業務員", "销售员", "銷售員", "销售代表"),
    ),
    _field(
        "reference",
        N_("Their reference"),
        14,
        Kind.TEXT,
        *("PO number", "PO No", "Customer reference", "Customer PO", "客户单号", "客戶單號", "客户订单号"),
    ),
    _field("subject", N_("Subject"), 20, Kind.TEXT, "Title", "主题", "主題", "项目", "項目"),
    _field("currency", N_("Currency"), 6, Kind.TEXT, "币种", "幣別", "货币", "貨幣"),
    _field("rate", N_("Rate"), 8, Kind.DECIMAL, "Exchange rate", "汇率", "匯率"),
    _field(
        "order_discount_percent",
        N_("Discount on the whole, %"),
        10,
        Kind.DECIMAL,
        *("Order discount %", "Total discount %", "整单折扣", "整單折扣"),
    ),
    _field(
        "order_discount_amount",
        N_("Discount on the whole"),
        12,
        Kind.MONEY,
        *("Order discount", "Discount amount", "优惠金额", "優惠金額", "整单优惠"),
    ),
    _field(
        "ship_to", N_("Ship to"), 24, Kind.NOTE, "Delivery address", "Ship address", "收货地址", "收貨地址", "送货地址"
    ),
    _field("terms", N_("Terms on the document"), 24, Kind.NOTE, "Terms", "Payment terms", "条款", "條款", "付款条件"),
    _field("notes", N_("Notes"), 30, Kind.NOTE, "Remarks", "Comments", "备注", "備註", "说明", "說明"),
    _field("total", N_("Total"), 12, Kind.MONEY, "Order total", "Grand total", "总额", "總額", "总金额", "价税合计"),
    _field("created_by", N_("Written by"), 12, Kind.USER, "Created by", "Entered by", "制单人", "製單人", "录入人"),
    _field("created_at", N_("Written on"), 10, Kind.DATE, "Created", "Created on", "制单日期", "製單日期", "录入日期"),
)
_LINES: Final = (
    _field(
        "product_code",
        N_("Product code"),
        12,
        Kind.TEXT,
        *("Product ID", "Item code", "Item No", "SKU", "Part number", "产品编码", "產品編碼", "货号", "貨號", "料号"),
    ),
    _field(
        "product",
        N_("Product"),
        24,
        Kind.TEXT,
        *("Product name", "Item", "Item name", "Article", "产品", "產品", "产品名称", "產品名稱", "品名", "货品名称"),
    ),
    _field("description", N_("Description"), 24, Kind.NOTE, "Specification", "规格", "規格", "规格型号", "描述"),
    _field("unit", N_("Unit"), 6, Kind.TEXT, "UoM", "单位", "單位", "计量单位"),
    _field("quantity", N_("Quantity"), 8, Kind.DECIMAL, "Qty", "Pieces", "数量", "數量", "订货数量"),
    _field("unit_price", N_("Unit price"), 10, Kind.MONEY, "Price", "单价", "單價", "销售单价"),
    _field("discount_percent", N_("Discount %"), 8, Kind.DECIMAL, "Discount", "Disc.", "折扣", "折扣率", "折扣%"),
    _field("tax_percent", N_("Tax rate"), 8, Kind.DECIMAL, "VAT rate", "税率", "稅率"),
    # Amounts that follow from the rest are asked for, to see that they do.
    _field("tax_amount", N_("Tax"), 10, Kind.MONEY, "Tax amount", "VAT", "VAT amount", "税额", "稅額"),
    _field(
        "line_amount", N_("Line amount"), 12, Kind.MONEY, "Amount", "Extended price", "金额", "金額", "小计", "小計"
    ),
)
_LINE_DAY: Final = _field(
    "line_due_on", N_("Line due"), 10, Kind.DATE, "Line delivery date", "行交期", "明细交期", "行交货日期"
)
QUOTE_FIELDS: Final = (
    _field("number", N_("Quote"), 13, Kind.TEXT, "Quote No", "Quote number", "Quotation", "报价单号", "報價單號"),
    *LINKS,
    _field("dated_on", N_("Date"), 10, Kind.DATE, "Quote date", "报价日期", "報價日期", "日期", "单据日期"),
    _field("valid_until", N_("Valid until"), 10, Kind.DATE, "Expires", "有效期至", "有效期限"),
    _field("state", N_("State"), 10, Kind.STATUS, "Status", "状态", "狀態", choices=QUOTE_KEYS),
    _field(
        "lost_reason",
        N_("Why lost"),
        16,
        Kind.CHOICE,
        "Loss reason",
        "丢单原因",
        "失單原因",
        choices=rules.LOST_REASONS,
    ),
    _field("decided_on", N_("Decided"), 10, Kind.DATE, "Decision date", "成交日期"),
    *_TERMS,
    *_LINES,
)
ORDER_FIELDS: Final = (
    _field(
        "number",
        N_("Order"),
        13,
        Kind.TEXT,
        *("Order No", "Order number", "Order ID", "Contract No", "订单号", "訂單號", "订单编号", "合同号", "合同編號"),
    ),
    *LINKS,
    _field("dated_on", N_("Date"), 10, Kind.DATE, "Order date", "订单日期", "訂單日期", "下单日期", "日期", "单据日期"),
    _field(
        "due_on",
        N_("Due"),
        10,
        Kind.DATE,
        *("Required date", "Delivery date", "Promised", "交货日期", "交貨日期", "交期", "要求日期"),
    ),
    _field("shipped_on", N_("Shipped"), 10, Kind.DATE, "Shipped date", "Ship date", "发货日期", "發貨日期", "出货日期"),
    _field("state", N_("State"), 11, Kind.STATUS, "Status", "状态", "狀態", "订单状态", choices=ORDER_KEYS),
    _field("end_reason", N_("Why ended"), 20, Kind.TEXT, "Reason", "结束原因", "結束原因"),
    _field("signed_on", N_("Signed"), 10, Kind.DATE, "Signed on", "签订日期", "簽訂日期"),
    *_TERMS,
    _field("delivery_terms", N_("Delivery terms"), 20, Kind.NOTE, "Incoterms", "交货条款", "交貨條款"),
    _field("freight", N_("Freight"), 10, Kind.MONEY, "Shipping cost", "Shipping", "运费", "運費"),
    *_LINES,
    _LINE_DAY,
)
LINE: Final = frozenset(one.name for one in (*_LINES, _LINE_DAY))
"""What is each line's own; every other field is the document's."""
MAKES_LINE: Final = frozenset({"product_code", "product", "description", "quantity", "unit_price", "line_amount"})
"""What makes a line of a row; a unit or a discount alone says nothing."""
STORED: Final = {"order_discount_percent": "discount_percent", "order_discount_amount": "discount_amount"}
"""What a record calls the fields of the document that are called otherwise here."""
FIELDS_OF: Final = {stored: name for name, stored in STORED.items()} | {"contact_id": "customer"}
"""What values of a record are called here that are called otherwise."""
WRITTEN: Final = (
    *("salesperson", "reference", "subject", "dated_on", "due_on", "valid_until", "signed_on", "currency", "rate"),
    *("order_discount_percent", "order_discount_amount", "ship_to", "terms", "delivery_terms", "notes"),
)
"""The document's fields that are written as they stand; of those there are already, only these change."""
