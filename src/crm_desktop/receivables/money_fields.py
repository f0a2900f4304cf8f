"""The one description of the fields of receipts, instalments and tax invoices."""

from typing import Any, Final

from sqlalchemy import case, exists, false, func, select, true
from sqlalchemy.orm import aliased

from crm_desktop.orders.field_parts import (
    ASKED,
    FIRST,
    SEEN,
    SORTED,
    contact,
    customer,
    number_of_order,
    owner,
)
from crm_desktop.orders.model import Instalment
from crm_desktop.receivables import rules
from crm_desktop.receivables.fields import late
from crm_desktop.receivables.ledger_model import Receipt
from crm_desktop.receivables.model import Account, Invoice, TaxInvoice
from crm_desktop.shared.fields import Field, Kind
from crm_desktop.shared.i18n import N_


def _looked_up(column: Any, key: Any, wanted: Any) -> Any:
    return select(column).where(key == wanted).scalar_subquery()


def number_of_invoice(invoice_id: Any) -> Any:
    """Return the number of an invoice, looked up by its id."""
    return _looked_up(Invoice.number, Invoice.id, invoice_id)


def _is_reversed() -> Any:
    reversal = aliased(Receipt)
    return exists().where(reversal.origin_id == Receipt.id)


RECEIPT_FIELDS: Final[tuple[Field, ...]] = (
    customer(Receipt, Receipt.contact_id),
    contact(Receipt.contact_id),
    Field(
        "number",
        Receipt.number,
        N_("Receipt"),
        13,
        SEEN | FIRST,
        headers=("收款单号", "收款單號", "收据号", "收據號", "Receipt number"),
    ),
    Field(
        "kind",
        Receipt.kind,
        N_("Kind"),
        9,
        ASKED | FIRST,
        Kind.CHOICE,
        choices=rules.RECEIPT_KINDS,
        headers=("类型", "類型", "Type"),
    ),
    Field("dated_on", Receipt.dated_on, N_("Date"), 10, SORTED | FIRST, Kind.DATE, headers=("日期", "收款日期")),
    Field(
        "amount",
        case((Receipt.kind == rules.RECEIPT, Receipt.amount), else_=-Receipt.amount),
        N_("Amount"),
        14,
        SORTED | FIRST,
        Kind.MONEY,
        sorts=Receipt.amount,
        headers=("金额", "金額", "收款金额", "收款金額"),
    ),
    Field(
        "open_amount",
        Receipt.open_amount,
        N_("Not allocated"),
        14,
        SORTED | FIRST,
        Kind.MONEY,
        headers=("未分配", "未核销", "未沖銷", "Unallocated"),
    ),
    Field(
        "method",
        Receipt.method,
        N_("Method"),
        12,
        ASKED | FIRST,
        Kind.CHOICE,
        choices=rules.METHODS,
        headers=("收款方式", "付款方式"),
    ),
    Field(
        "account",
        _looked_up(Account.name, Account.id, Receipt.account_id),
        N_("Account"),
        14,
        ASKED | FIRST,
        headers=("账户", "帳戶", "银行账户", "銀行帳戶"),
    ),
    Field(
        "reference",
        Receipt.reference,
        N_("Reference"),
        16,
        ASKED | FIRST,
        headers=("参考号", "參考號", "流水号", "流水號"),
    ),
    Field(
        "matures_on",
        Receipt.matures_on,
        N_("Matures"),
        10,
        ASKED,
        Kind.DATE,
        headers=("到期日", "票据到期日", "Maturity"),
    ),
    Field("payer", Receipt.payer, N_("Payer"), 18, ASKED, headers=("付款人", "付款單位")),
    Field(
        "reversed",
        _is_reversed(),
        N_("Reversed"),
        8,
        SEEN,
        Kind.BOOLEAN,
        headers=("已冲回", "已沖回"),
    ),
    Field("currency", Receipt.currency, N_("Currency"), 6, ASKED, headers=("币种", "幣別")),
    Field("salesperson", Receipt.salesperson_id, N_("Salesperson"), 11, ASKED, Kind.USER, headers=("业务员", "業務員")),
    owner(Receipt),
    Field("settled_on", Receipt.settled_on, N_("Used up"), 10, ASKED, Kind.DATE, headers=("用完日期",)),
    Field("reason", Receipt.reason, N_("Why"), 20, ASKED, headers=("原因",)),
    Field(
        "taken_over",
        Receipt.taken_over,
        N_("Taken over"),
        9,
        ASKED,
        Kind.BOOLEAN,
        headers=("期初", "期初余额", "期初餘額"),
    ),
    Field("notes", Receipt.notes, N_("Notes"), 30, SEEN, Kind.NOTE, headers=("备注", "備註", "Remarks")),
    Field("created_at", Receipt.created_at, N_("Created"), 12, ASKED, Kind.INSTANT),
    Field("created_by", Receipt.created_by, N_("Entered by"), 11, ASKED, Kind.USER, headers=("录入人", "錄入人")),
)
RECEIPT_HIDDEN: Final = frozenset(
    {
        "id",
        "version",
        "contact_sort",
        "serial",
        "reference_key",
        "amount",
        "account_id",
        "origin_id",
        "rate",
        "updated_at",
        "updated_by",
    }
)


def _whether(condition: Any) -> Any:
    """Return a condition as a value, which can be shown and asked for."""
    return case((condition, true()), else_=false())


INSTALMENT_FIELDS: Final[tuple[Field, ...]] = (
    customer(Instalment, Instalment.contact_id),
    contact(Instalment.contact_id),
    Field(
        "invoice",
        number_of_invoice(Instalment.invoice_id),
        N_("Invoice"),
        13,
        SEEN | FIRST,
        headers=("发票号", "發票號", "账单号", "帳單號", "Invoice number"),
    ),
    Field(
        "order",
        number_of_order(Instalment.order_id),
        N_("Order"),
        12,
        SEEN | FIRST,
        headers=("订单号", "訂單號", "合同号", "合同編號", "Order number"),
    ),
    Field("label", Instalment.label, N_("Instalment"), 14, ASKED | FIRST, headers=("期次", "款项", "款項")),
    Field(
        "due_on",
        Instalment.due_on,
        N_("Due"),
        10,
        SORTED | FIRST,
        Kind.DATE,
        sorts=Instalment.due_sort,
        headers=("到期日", "付款日期", "Due date"),
    ),
    Field("event", Instalment.event, N_("Event"), 16, ASKED, headers=("付款条件", "付款條件")),
    late(Instalment.due_on),
    Field("amount", Instalment.amount, N_("Amount"), 14, SEEN | FIRST, Kind.MONEY, headers=("金额", "金額")),
    Field(
        "open_amount",
        Instalment.open_amount,
        N_("Still open"),
        14,
        SORTED | FIRST,
        Kind.MONEY,
        headers=("未付金额", "未付金額", "未收金额", "未收金額", "Open amount"),
    ),
    Field(
        "planned",
        _whether(Instalment.claimed_on.is_(None)),
        N_("Planned"),
        8,
        ASKED,
        Kind.BOOLEAN,
        headers=("计划", "計劃"),
    ),
    Field(
        "disputed_on",
        Instalment.disputed_on,
        N_("Disputed since"),
        10,
        ASKED,
        Kind.DATE,
        headers=("争议日期", "爭議日期"),
    ),
    Field("dispute_reason", Instalment.dispute_reason, N_("Dispute"), 18, ASKED | FIRST, headers=("争议", "爭議")),
    Field(
        "dunning_level",
        func.nullif(Instalment.dunning_level, 0),
        N_("Level"),
        6,
        ASKED | FIRST,
        Kind.INTEGER,
        headers=("催款级别", "催款級別"),
    ),
    Field("dunned_on", Instalment.dunned_on, N_("Last letter"), 10, ASKED, Kind.DATE, headers=("催款日期",)),
    Field("dated_on", Instalment.dated_on, N_("Invoiced on"), 10, ASKED, Kind.DATE, headers=("开票日期", "開票日期")),
    Field(
        "claimed_on", Instalment.claimed_on, N_("Owed since"), 10, ASKED, Kind.DATE, headers=("入账日期", "入帳日期")
    ),
    Field(
        "salesperson", Instalment.salesperson_id, N_("Salesperson"), 11, ASKED, Kind.USER, headers=("业务员", "業務員")
    ),
    owner(Instalment),
    Field("currency", Instalment.currency, N_("Currency"), 6, ASKED, headers=("币种", "幣別")),
    Field(
        "archived",
        _whether(Instalment.settled_on.is_not(None)),
        N_("Settled"),
        8,
        ASKED,
        Kind.BOOLEAN,
        headers=("已结清", "已結清"),
    ),
    Field(
        "settled_on", Instalment.settled_on, N_("Settled on"), 10, ASKED, Kind.DATE, headers=("结清日期", "結清日期")
    ),
)
INSTALMENT_HIDDEN: Final = frozenset(
    {
        "id",
        "order_id",
        "invoice_id",
        "position",
        "contact_sort",
        "due_sort",
        "moved_from_id",
        "dunning_level",
    }
)

TAX_INVOICE_FIELDS: Final[tuple[Field, ...]] = (
    customer(TaxInvoice, TaxInvoice.contact_id),
    contact(TaxInvoice.contact_id),
    Field(
        "number",
        TaxInvoice.number,
        N_("Tax invoice"),
        20,
        SEEN | FIRST,
        headers=("发票号码", "發票號碼", "税票号", "稅票號"),
    ),
    Field(
        "kind",
        TaxInvoice.kind,
        N_("Kind"),
        16,
        ASKED | FIRST,
        Kind.CHOICE,
        choices=rules.TAX_INVOICE_KINDS,
        headers=("类型", "類型", "Type"),
    ),
    Field(
        "dated_on",
        TaxInvoice.dated_on,
        N_("Date"),
        10,
        SORTED | FIRST,
        Kind.DATE,
        headers=("日期", "开票日期", "開票日期"),
    ),
    Field(
        "amount",
        TaxInvoice.amount,
        N_("Amount"),
        14,
        SEEN | FIRST,
        Kind.MONEY,
        headers=("金额", "金額", "价税合计", "價稅合計"),
    ),
    Field(
        "invoice",
        number_of_invoice(TaxInvoice.invoice_id),
        N_("Invoice"),
        13,
        SEEN | FIRST,
        headers=("账单号", "帳單號", "Invoice number"),
    ),
    Field(
        "order",
        number_of_order(TaxInvoice.order_id),
        N_("Order"),
        12,
        SEEN | FIRST,
        headers=("订单号", "訂單號", "合同号", "合同編號", "Order number"),
    ),
    Field(
        "cancelled_on",
        TaxInvoice.cancelled_on,
        N_("Void since"),
        10,
        ASKED | FIRST,
        Kind.DATE,
        headers=("作废日期", "作廢日期"),
    ),
    Field("currency", TaxInvoice.currency, N_("Currency"), 6, ASKED, headers=("币种", "幣別")),
    owner(TaxInvoice),
    Field("notes", TaxInvoice.notes, N_("Notes"), 30, SEEN, Kind.NOTE, headers=("备注", "備註", "Remarks")),
    Field("created_at", TaxInvoice.created_at, N_("Created"), 12, ASKED, Kind.INSTANT),
    Field("created_by", TaxInvoice.created_by, N_("Entered by"), 11, ASKED, Kind.USER, headers=("录入人", "錄入人")),
)
TAX_INVOICE_HIDDEN: Final = frozenset(
    {"id", "version", "contact_sort", "order_id", "invoice_id", "updated_at", "updated_by"}
)
"""Columns that no person sees as a field of the list."""
