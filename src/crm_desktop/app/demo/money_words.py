"""What the demo says about money, in three languages."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class MoneyWords:
    """Material for one language."""

    accounts: tuple[str, str, str]
    """The bank account, the one for foreign money, and the cash box."""
    advance_note: str
    """Of a deposit, with `{number}` of the order."""
    refund_reason: str
    credit_reason: str
    write_off_reason: str
    reschedule_reasons: tuple[str, ...]
    part_label: str
    """Of the parts of a moved rest, with `{place}`."""
    promises: tuple[str, ...]
    promised_by: tuple[str, ...]
    disputes: tuple[str, ...]
    settled: str
    """How a dispute ended."""


EN: Final = MoneyWords(
    accounts=("Bank of the Harbour, current account", "Bank of the Harbour, foreign money", "Cash box"),
    advance_note="Deposit for {number}",
    refund_reason="The order was cancelled, deposit paid back.",
    credit_reason="Goods came back.",
    write_off_reason="The customer is in liquidation, nothing is to be had.",
    reschedule_reasons=("Their own customer pays late; agreed on the phone.", "Short of money until the summer."),
    part_label="Part {place}",
    promises=("Promised on the phone.", "Will be in Friday's payment run.", "Waits for the director's signature."),
    promised_by=("Ms Wu, accounts", "Mr Keller", "the director"),
    disputes=("Two boxes arrived damaged.", "Price differs from the quote.", "Says it was never delivered."),
    settled="Cleared up on the phone, they pay.",
)
ZH_HANS: Final = MoneyWords(
    accounts=("港口银行基本户", "港口银行外币户", "现金"),
    advance_note="{number} 预付款",
    refund_reason="订单取消，退还预付款。",
    credit_reason="货物退回。",
    write_off_reason="客户已进入破产清算，无法收回。",
    reschedule_reasons=("对方下游回款慢，电话约定延期。", "资金紧张，约定分期。"),
    part_label="第 {place} 期",
    promises=("电话里答应的。", "周五统一付款。", "等总经理签字。"),
    promised_by=("财务吴小姐", "江先生", "总经理"),
    disputes=("两箱到货破损。", "单价与报价不符。", "称未收到货。"),
    settled="电话已说清，同意付款。",
)
ZH_HANT: Final = MoneyWords(
    accounts=("港口銀行台幣戶", "港口銀行外幣戶", "現金"),
    advance_note="{number} 訂金",
    refund_reason="訂單取消，退還訂金。",
    credit_reason="貨物退回。",
    write_off_reason="客戶已進入破產清算，無法收回。",
    reschedule_reasons=("對方下游回款慢，電話約定延期。", "資金緊，約定分期。"),
    part_label="第 {place} 期",
    promises=("電話裡答應的。", "週五統一付款。", "等總經理簽名。"),
    promised_by=("會計吳小姐", "江先生", "總經理"),
    disputes=("兩箱到貨破損。", "單價與報價不符。", "說沒收到貨。"),
    settled="電話已說清，同意付款。",
)
MONEY_WORDS: Final = {"en": EN, "zh_Hans": ZH_HANS, "zh_Hant": ZH_HANT}
