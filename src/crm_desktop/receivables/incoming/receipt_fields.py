"""What the columns of a list of receipts can be: a row for each receipt, or for each invoice it paid."""

from typing import Final

from crm_desktop.contacts.incoming.link_fields import LINKS
from crm_desktop.receivables import rules
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_


def _field(name: str, label: str, *headers: str, kind: Kind = Kind.TEXT, chars: int = 12) -> Field:
    return Field(name, None, label, chars, Use.IMPORT, kind, headers=headers)


RECEIPT_FIELDS: Final[tuple[Field, ...]] = (
    _field(
        "number",
        N_("Receipt"),
        *("Receipt number", "Receipt no", "Payment number", "Payment ID", "Voucher number", "收款单号", "收款單號"),
        *("收据号", "收據號", "收据编号", "收據編號", "单据号", "單據號", "单据编号", "單據編號", "凭证号", "憑證號"),
    ),
    *LINKS,
    _field(
        "dated_on",
        N_("Date"),
        *("Receipt date", "Payment date", "Date received", "Paid on", "日期", "收款日期", "到账日期", "到帳日期"),
        *("入账日期", "入帳日期", "付款日期", "单据日期", "單據日期", "交易日期"),
        kind=Kind.DATE,
    ),
    _field(
        "amount",
        N_("Amount"),
        *("Amount received", "Receipt amount", "Payment amount", "Paid amount", "金额", "金額", "收款金额", "收款金額"),
        *("实收金额", "實收金額", "到账金额", "到帳金額", "付款金额", "付款金額"),
        kind=Kind.MONEY,
        chars=14,
    ),
    _field(
        "invoice",
        N_("Invoice"),
        *("Invoice number", "Invoice no", "Paid invoice", "Applied to", "发票号", "發票號", "发票号码", "發票號碼"),
        *(
            "账单号",
            "帳單號",
            "应收单号",
            "應收單號",
            "核销单据",
            "核銷單據",
            "核销单号",
            "核銷單號",
            "对应单据",
            "對應單據",
        ),
    ),
    _field(
        "allocated",
        N_("Allocated"),
        *("Allocated amount", "Amount applied", "Applied amount", "核销金额", "核銷金額", "分配金额", "分配金額"),
        *("本次核销", "本次核銷", "沖銷金額", "冲销金额"),
        kind=Kind.MONEY,
        chars=14,
    ),
    _field("currency", N_("Currency"), "Currency code", "币种", "幣種", "币别", "幣別", "货币", "貨幣", chars=6),
    _field("rate", N_("Rate"), "Exchange rate", "汇率", "匯率", kind=Kind.DECIMAL, chars=8),
    Field(
        "method",
        None,
        N_("Method"),
        12,
        Use.IMPORT,
        Kind.CHOICE,
        choices=rules.METHODS,
        headers=("Payment method", "收款方式", "付款方式", "结算方式", "結算方式", "支付方式"),
    ),
    _field(
        "account",
        N_("Account"),
        *(
            "Bank account",
            "Bank",
            "账户",
            "帳戶",
            "银行账户",
            "銀行帳戶",
            "收款账户",
            "收款帳戶",
            "收款银行",
            "收款銀行",
        ),
        chars=14,
    ),
    _field(
        "reference",
        N_("Reference"),
        *("Bank reference", "Transaction ID", "Transaction number", "参考号", "參考號", "流水号", "流水號"),
        *("银行流水号", "銀行流水號", "交易流水号", "交易流水號", "票据号", "票據號"),
        chars=16,
    ),
    _field("payer", N_("Payer"), "Paid by", "付款人", "付款单位", "付款單位", "付款方", chars=18),
    _field(
        "matures_on",
        N_("Matures"),
        *("Maturity", "Maturity date", "到期日", "票据到期日", "票據到期日"),
        kind=Kind.DATE,
    ),
    _field(
        "notes", N_("Notes"), "Remarks", "Comments", "备注", "備註", "摘要", "说明", "說明", kind=Kind.NOTE, chars=30
    ),
    _field(
        "created_by",
        N_("Entered by"),
        *("Created by", "制单人", "製單人", "录入人", "錄入人", "收款人", "经手人", "經手人"),
        kind=Kind.USER,
    ),
)
LABELS: Final = {field.name: field.label for field in RECEIPT_FIELDS}
