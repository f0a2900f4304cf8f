"""What the columns of a list of invoices can be, whoever made it."""

from typing import Final

from crm_desktop.contacts.incoming.link_fields import LINKS
from crm_desktop.receivables import rules
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission

_OF_MONEY: Final = Permission.RECEIPT_IMPORT


def _field(
    name: str, label: str, *headers: str, kind: Kind = Kind.TEXT, write: Permission | None = None, chars: int = 12
) -> Field:
    return Field(name, None, label, chars, Use.IMPORT, kind, headers=headers, write=write)


INVOICE_FIELDS: Final[tuple[Field, ...]] = (
    _field(
        "number",
        N_("Invoice"),
        *("Invoice number", "Invoice no", "Invoice ID", "Document number", "Bill number", "Voucher number"),
        *("单据号", "單據號", "单据编号", "單據編號", "发票号", "發票號", "发票号码", "發票號碼", "账单号", "帳單號"),
        *("应收单号", "應收單號", "销售单号", "銷售單號", "编号", "編號", "单号", "單號"),
    ),
    *LINKS,
    Field(
        "kind",
        None,
        N_("Kind"),
        10,
        Use.IMPORT,
        Kind.CHOICE,
        choices=rules.INVOICE_KINDS,
        headers=("类型", "類型", "单据类型", "單據類型", "Type", "Document type"),
    ),
    _field(
        "dated_on",
        N_("Date"),
        *("Invoice date", "Document date", "Bill date", "Issue date", "日期", "单据日期", "單據日期"),
        *("开票日期", "開票日期", "发票日期", "發票日期", "账单日期", "帳單日期", "发生日期", "發生日期"),
        kind=Kind.DATE,
    ),
    _field(
        "due_on",
        N_("Due"),
        *("Next due", "Due date", "Payment due", "到期日", "到期日期", "付款到期日", "应收日期", "應收日期"),
        *("应付日期", "應付日期", "约定付款日", "約定付款日"),
        kind=Kind.DATE,
    ),
    _field(
        "amount",
        N_("Total"),
        *("Amount", "Invoice amount", "Total amount", "Invoice total", "应收金额", "應收金額", "应收账款", "應收帳款"),
        *("总额", "總額", "金额", "金額", "开票金额", "開票金額", "发票金额", "發票金額", "价税合计", "價稅合計"),
        kind=Kind.MONEY,
        chars=14,
    ),
    _field(
        "received",
        N_("Received"),
        *("Amount received", "Amount paid", "Paid", "Paid amount", "已收金额", "已收金額", "已收", "已收款"),
        *("实收金额", "實收金額", "已付金额", "已付金額", "已回款", "回款金额", "回款金額", "收款金额", "收款金額"),
        kind=Kind.MONEY,
        write=_OF_MONEY,
        chars=14,
    ),
    _field(
        "open",
        N_("Still open"),
        *("Open amount", "Balance due", "Outstanding", "Balance", "未收金额", "未收金額", "未付金额"),
        *("未付金額", "未收", "未收款", "欠款", "欠款金额", "欠款金額", "余额", "餘額", "应收余额", "應收餘額"),
        kind=Kind.MONEY,
        write=_OF_MONEY,
        chars=14,
    ),
    _field(
        "received_on",
        N_("Received on"),
        *("Payment date", "Paid on", "Date received", "Date paid", "Receipt date", "收款日期", "回款日期", "付款日期"),
        *("到账日期", "到帳日期", "入账日期", "入帳日期"),
        kind=Kind.DATE,
        write=_OF_MONEY,
    ),
    _field(
        "settled_on",
        N_("Settled"),
        *("Settled on", "Settled date", "Date settled", "Paid in full on", "结清日期", "結清日期", "结清日", "結清日"),
        *("核销日期", "核銷日期"),
        kind=Kind.DATE,
        write=_OF_MONEY,
    ),
    _field(
        "currency",
        N_("Currency"),
        *("Currency code", "币种", "幣種", "币别", "幣別", "货币", "貨幣"),
        chars=6,
    ),
    _field(
        "rate",
        N_("Rate"),
        *("Exchange rate", "汇率", "匯率"),
        kind=Kind.DECIMAL,
        chars=8,
    ),
    _field(
        "salesperson",
        N_("Salesperson"),
        *("Sales rep", "Sales representative", "Account manager", "业务员", "業務員", "销售员", "銷售員", "销售人员"),
        *("銷售人員", "跟单员", "跟單員", "负责人", "負責人"),
        kind=Kind.USER,
    ),
    _field(
        "reference",
        N_("Their reference"),
        *("Customer reference", "PO number", "Your reference", "客户单号", "客戶單號", "客户订单号", "客戶訂單號"),
    ),
    _field(
        "subject",
        N_("Subject"),
        *("Title", "Description", "摘要", "主题", "主題", "事由", "款项性质", "款項性質"),
        chars=20,
    ),
    _field("notes", N_("Notes"), "Remarks", "Comments", "备注", "備註", "说明", "說明", kind=Kind.NOTE, chars=30),
    _field(
        "created_by",
        N_("Entered by"),
        *("Created by", "制单人", "製單人", "录入人", "錄入人", "开票人", "開票人"),
        kind=Kind.USER,
    ),
)
LABELS: Final = {field.name: field.label for field in INVOICE_FIELDS}
