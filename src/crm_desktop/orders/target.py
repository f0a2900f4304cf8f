"""Sheets of quotes and of orders come in: the header is repeated on each line, the number holds them together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crm_desktop.db.work import Work
from crm_desktop.orders import documents as kinds
from crm_desktop.orders import rules
from crm_desktop.orders.documents import Kind
from crm_desktop.orders.incoming import composing as incoming_composing
from crm_desktop.orders.incoming import lines as incoming_lines
from crm_desktop.orders.incoming.fields import ORDER_FIELDS, QUOTE_FIELDS
from crm_desktop.orders.incoming.plan import Planning
from crm_desktop.orders.incoming.undo import DocumentUndoer
from crm_desktop.orders.incoming.writing import write
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.importing import ID_FIELD, ImportChoice, ImportOptions, ImportRow, Planned, Undoer
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.progress import Progress

_PRICES: Final = ImportChoice(
    incoming_composing.PRICES,
    N_("Prices in the file"),
    (
        ("company", N_("With or without tax as the company sells")),
        (incoming_composing.EXCLUDES, N_("Without tax")),
        (incoming_composing.INCLUDES, N_("Including tax")),
    ),
)
_TAX: Final = ImportChoice(
    incoming_lines.TAX,
    N_("Lines without a tax rate"),
    (("product", N_("Have that of their product")), (incoming_lines.NO_TAX, N_("Have no tax"))),
)
_FREIGHT: Final = ImportChoice(
    incoming_composing.FREIGHT,
    N_("Freight"),
    (("leave", N_("Is left out")), (incoming_composing.AS_LINE, N_("Becomes a line of its own"))),
)
_ORDER_STATE: Final = ImportChoice(
    incoming_composing.STATE,
    N_("Orders that say neither their state nor when they were shipped"),
    (
        (rules.CONFIRMED, N_("Are still to be delivered")),
        (rules.CLOSED, N_("Are finished")),
        (rules.CANCELLED, N_("Are cancelled")),
        (rules.DRAFT, N_("Are drafts")),
    ),
)
_QUOTE_STATE: Final = ImportChoice(
    incoming_composing.STATE,
    N_("Quotes that do not say their state"),
    (
        (rules.SENT, N_("Are undecided")),
        (rules.ACCEPTED, N_("Are accepted")),
        (rules.LOST, N_("Are lost")),
        (rules.DRAFT, N_("Are drafts")),
    ),
)


@dataclass(frozen=True)
class DocumentTarget:
    """How rows become quotes or orders (`shared.importing.ImportTarget`)."""

    name: str
    label: str
    entity: str
    permission: Permission
    kind: Kind
    described: tuple[Field, ...]
    choices: tuple[ImportChoice, ...]
    sheet_names: tuple[str, ...]
    """What sheets of them are called, in any language."""
    undoers: Mapping[str, Undoer] = field(hash=False)
    keys: tuple[str, ...] = ("number",)
    required: tuple[tuple[str, ...], ...] = (
        ("number", ID_FIELD),
        ("customer_code", "customer", "registration", ID_FIELD),
        ("dated_on", ID_FIELD),
    )
    grouped: str = "number"
    percents: frozenset[str] = frozenset({"discount_percent", "order_discount_percent", "tax_percent"})

    def fields(self, work: Work) -> tuple[Field, ...]:
        """Return what a column can be, the document's first."""
        return tuple(one for one in self.described if one.writable_by(work.actor))

    def suggest(self, sheet: str, headers: Sequence[str]) -> Mapping[str, str]:
        """Return nothing: neither name nor headers tell whether orders are finished or prices have tax in them."""
        return {}

    def plan(self, work: Work, rows: Sequence[ImportRow], options: ImportOptions, progress: Progress) -> list[Planned]:
        """Return what would become of each document, in the order of their first rows. Raises Cancelled."""
        return Planning(work, self.kind, self.described, rows, options).planned(progress)

    def apply(self, work: Work, planned: Sequence[Planned], options: ImportOptions, progress: Progress) -> None:
        """Store and save what was planned; orders that are binding already are not asked for credit."""
        write(work, self.kind, planned, options, progress)


QUOTES: Final = DocumentTarget(
    name="quotes",
    label=N_("Quotes"),
    entity=kinds.QUOTES.entity,
    permission=Permission.QUOTE_IMPORT,
    kind=kinds.QUOTES,
    described=QUOTE_FIELDS,
    choices=(_QUOTE_STATE, _PRICES, _TAX),
    sheet_names=("Quotes", "Quotations", "报价", "報價", "报价单", "報價單"),
    undoers={kinds.QUOTES.entity: DocumentUndoer(kinds.QUOTES)},
)
ORDERS: Final = DocumentTarget(
    name="orders",
    label=N_("Orders"),
    entity=kinds.ORDERS.entity,
    permission=Permission.ORDER_IMPORT,
    kind=kinds.ORDERS,
    described=ORDER_FIELDS,
    choices=(_ORDER_STATE, _PRICES, _TAX, _FREIGHT),
    sheet_names=("Orders", "Sales orders", "Contracts", "订单", "訂單", "销售订单", "銷售訂單", "合同", "合約"),
    undoers={kinds.ORDERS.entity: DocumentUndoer(kinds.ORDERS)},
)
