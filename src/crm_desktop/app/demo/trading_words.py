"""What the demo's documents say, in three languages."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class TradingWords:
    """Material for one language."""

    deposit_term: str
    net_term: str
    three_term: str
    labels: tuple[str, str, str, str]
    """Deposit, balance, at delivery, and the last instalment."""
    acceptance: str
    """The event that makes the last instalment due."""
    openings: tuple[tuple[str, str], ...]
    terms: tuple[tuple[str, str], ...]
    delivery_terms: tuple[tuple[str, str], ...]
    """Standing texts: name and body."""
    level_lists: tuple[str, str]
    subjects: tuple[str, ...]
    remarks: tuple[str, ...]
    """Lines of text among the articles."""
    notes: tuple[str, ...]
    carriers: tuple[str, ...]
    lost_notes: tuple[str, ...]
    closed_reasons: tuple[str, ...]
    cancelled_reasons: tuple[str, ...]
    return_notes: tuple[str, ...]
    signatory: str
    letterhead: tuple[str, str, str, str, str]
    """Address, phone, tax number, bank, footer."""


EN: Final = TradingWords(
    deposit_term="30% deposit, 70% before shipment",
    net_term="Net 60 days",
    three_term="Three instalments",
    labels=("Deposit", "Balance", "On delivery", "Final payment"),
    acceptance="on acceptance",
    openings=(
        ("Thanks", "Thank you for your inquiry. We are pleased to offer:"),
        ("Repeat order", "As agreed on the phone, on the terms of your last order:"),
    ),
    terms=(
        ("Usual terms", "Goods remain ours until paid for. Please report defects within 8 days."),
        ("Export", "Prices without tax. Bank charges outside our country are borne by the buyer."),
    ),
    delivery_terms=(("Ex warehouse", "Ex warehouse Ningbo, packing included"), ("FOB", "FOB Ningbo (Incoterms 2020)")),
    level_lists=("Level A customers", "Level B customers"),
    subjects=("Spare parts for line 2", "Yearly overhaul", "Stock order", "Replacement bearings", "New packing line"),
    remarks=("Please deliver before 11 a.m.", "Packed in export cartons.", "As last time."),
    notes=("Customer asked for Friday delivery.", "Price agreed with Zhou Min.", "Wants the invoice by e-mail."),
    carriers=("SF Express", "Deppon", "DHL", "Own van"),
    lost_notes=("They found the same bearing 8% cheaper.", "Could not wait six weeks.", "Budget moved to next year."),
    closed_reasons=(
        "The rest is no longer made; the customer agreed.",
        "Customer took what was there, the rest is off.",
    ),
    cancelled_reasons=("Ordered twice by mistake.", "The customer's project was dropped."),
    return_notes=("Wrong size, taken back.", "Damaged in transport."),
    signatory="Lin Wei",
    letterhead=(
        "88 Harbour Road\n315000 Ningbo, China",
        "+86 574 8800 0088",
        "91330200DEMO00001X",
        "Bank of the Harbour, Ningbo branch\nAccount 6222 0000 0000 0000",
        "Demo data: this company does not exist.",
    ),
)
ZH_HANS: Final = TradingWords(
    deposit_term="预付 30%，发货前付 70%",
    net_term="月结 60 天",
    three_term="分三期付款",
    labels=("预付款", "余款", "到货款", "尾款"),
    acceptance="验收合格后",
    openings=(
        ("感谢询价", "感谢贵司询价，现报价如下："),
        ("续订", "按电话约定，条件同上次订单："),
    ),
    terms=(
        ("常用条款", "货款付清前货物所有权归我方。如有质量问题，请于 8 日内提出。"),
        ("出口", "价格不含税。境外银行费用由买方承担。"),
    ),
    delivery_terms=(("出厂", "宁波仓库交货，含包装"), ("FOB", "FOB 宁波（Incoterms 2020）")),
    level_lists=("A 级客户价", "B 级客户价"),
    subjects=("二号线备件", "年度大修", "库存补货", "轴承更换", "新包装线"),
    remarks=("请于上午 11 点前送达。", "出口纸箱包装。", "同上次。"),
    notes=("客户要求周五送货。", "价格已与周敏确认。", "发票发邮箱。"),
    carriers=("顺丰速运", "德邦快递", "跨越速运", "自送"),
    lost_notes=("同款轴承别家便宜 8%。", "等不了六周。", "预算推到明年。"),
    closed_reasons=("余下型号已停产，客户同意不再交货。", "客户只要现货，其余不再交。"),
    cancelled_reasons=("客户重复下单。", "客户项目取消。"),
    return_notes=("规格不符，退回。", "运输损坏。"),
    signatory="林伟",
    letterhead=(
        "宁波市港口路 88 号\n邮编 315000",
        "0574-8800 0088",
        "91330200DEMO00001X",
        "港口银行宁波分行\n账号 6222 0000 0000 0000",
        "演示数据：本公司并不存在。",
    ),
)
ZH_HANT: Final = TradingWords(
    deposit_term="訂金 30%，出貨前付 70%",
    net_term="月結 60 天",
    three_term="分三期付款",
    labels=("訂金", "餘款", "到貨款", "尾款"),
    acceptance="驗收合格後",
    openings=(
        ("感謝詢價", "感謝貴公司詢價，茲報價如下："),
        ("續訂", "依電話約定，條件同上次訂單："),
    ),
    terms=(
        ("常用條款", "貨款付清前貨物所有權歸我方。如有品質問題，請於 8 日內提出。"),
        ("出口", "價格未稅。境外銀行費用由買方負擔。"),
    ),
    delivery_terms=(("出廠", "基隆倉庫交貨，含包裝"), ("FOB", "FOB 基隆（Incoterms 2020）")),
    level_lists=("A 級客戶價", "B 級客戶價"),
    subjects=("二號線備件", "年度大修", "庫存補貨", "軸承更換", "新包裝線"),
    remarks=("請於上午 11 點前送達。", "出口紙箱包裝。", "同上次。"),
    notes=("客戶要求週五送貨。", "價格已與周敏確認。", "發票寄電子信箱。"),
    carriers=("新竹物流", "黑貓宅急便", "DHL", "自送"),
    lost_notes=("同款軸承別家便宜 8%。", "等不了六週。", "預算延到明年。"),
    closed_reasons=("其餘型號已停產，客戶同意不再交貨。", "客戶只要現貨，其餘不再交。"),
    cancelled_reasons=("客戶重複下單。", "客戶專案取消。"),
    return_notes=("規格不符，退回。", "運輸損壞。"),
    signatory="林偉",
    letterhead=(
        "20241 基隆市港口路 88 號",
        "02-2400 0088",
        "00000000",
        "港口銀行基隆分行\n帳號 000-00-000000",
        "示範資料：本公司並不存在。",
    ),
)
TRADING_WORDS: Final = {"en": EN, "zh_Hans": ZH_HANS, "zh_Hant": ZH_HANT}
