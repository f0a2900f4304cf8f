"""What the lists of receivables are: views, columns, actions, words."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from crm_desktop.access.ui.view_store import StoredViews
from crm_desktop.contacts.row_list import RowList
from crm_desktop.contacts.ui.row_source import RowSource
from crm_desktop.exchange.ui.export_dialog import Outlet
from crm_desktop.receivables import rules
from crm_desktop.receivables.export import INSTALMENT_EXPORT, INVOICE_EXPORT, RECEIPT_EXPORT, TAX_INVOICE_EXPORT
from crm_desktop.receivables.lists import INSTALMENTS, INVOICES, RECEIPTS, TAX_INVOICES
from crm_desktop.receivables.ui import list_words as words
from crm_desktop.receivables.ui.billing.invoice_preview import InvoicePreview
from crm_desktop.shared.actor import Actor
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.listing import Filter, Listing, Sort
from crm_desktop.shared.money import Money
from crm_desktop.shared.permissions import Domain, Permission, Scope
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.list_source import Count
from crm_desktop.ui.list_spec import Incoming, ListSpec, NeverHad, View

INVOICE, RECEIPT, INSTALMENT, TAX_INVOICE = "invoice", "receipt", "instalment", "tax_invoice"

INVOICE_OUTLET: Final = Outlet(
    N_("Export invoices"),
    N_("Invoices"),
    words.counted_invoices,
    INVOICE_EXPORT.write_file,
    INVOICE_EXPORT.note_export,
)
RECEIPT_OUTLET: Final = Outlet(
    N_("Export receipts"),
    N_("Receipts"),
    words.counted_receipts,
    RECEIPT_EXPORT.write_file,
    RECEIPT_EXPORT.note_export,
)
INSTALMENT_OUTLET: Final = Outlet(
    N_("Export due items"),
    N_("Due items"),
    words.counted_instalments,
    INSTALMENT_EXPORT.write_file,
    INSTALMENT_EXPORT.note_export,
)
TAX_INVOICE_OUTLET: Final = Outlet(
    N_("Export tax invoices"),
    N_("Tax invoices"),
    words.counted_tax_invoices,
    TAX_INVOICE_EXPORT.write_file,
    TAX_INVOICE_EXPORT.note_export,
)

_SOMETHING_OPEN: Final = Filter("open_amount", "is_not", (Decimal(0),))
_NOT_PLANNED: Final = Filter("planned", "is", (False,))
_INVOICES_ONLY: Final = Filter("kind", "is", (rules.INVOICE,))


class PairSource(RowSource):
    """A list whose foot adds up two columns, per currency and side by side."""

    def __init__(
        self,
        actor: Actor,
        entity: str,
        listing: RowList,
        columns: tuple[str, str],
        said: Callable[[Money, Money], str],
    ) -> None:
        super().__init__(actor, entity, listing)
        self._columns, self._said = columns, said

    def count(self, work: Any, listing: Listing) -> Count:
        """Return how many rows match, and both sums per currency."""
        count = super().count(work, listing)
        rest, whole = (self._listing.sums(work, listing, column) for column in self._columns)
        said = (self._said(*pair) for pair in zip(rest, whole, strict=True))
        return Count(count.rows, count.capped, self.with_net(work, listing, said))


def _export(permission: Permission) -> tuple[ActionSpec, ...]:
    return (ActionSpec("export", N_("Export…"), N_("Take this list to Excel"), "download", "Ctrl+E", permission),)


def _own_first(actor: Actor, title: str, *views: View) -> tuple[View, ...]:
    """Return the views with the own ones behind, or before all for who reaches only own customers."""
    mine = View("mine", title, Listing(filters=(Filter("salesperson", "is", (actor.user_id,)),)))
    return (mine, *views) if actor.scope(Domain.SALES) is Scope.OWN else (*views, mine)


def invoice_list(actor: Actor) -> ListSpec:
    """Return the list of invoices and credit notes."""
    late = Filter("next_due_on", "to", ("today-1",))
    drafts = Listing(filters=(Filter("state", "is", (rules.DRAFT,)),))
    opened = Listing(filters=(_INVOICES_ONLY, _SOMETHING_OPEN), sorts=(Sort("next_due_on"),))
    return ListSpec(
        name="invoices",
        title=N_("Invoices"),
        icon="receipt-text",
        source=PairSource(actor, INVOICE, INVOICES, ("open_amount", "total"), words.open_of_total),
        views=_own_first(
            actor,
            N_("My invoices"),
            View("all", N_("All invoices"), Listing()),
            View("drafts", N_("Drafts"), drafts),
            View("open", N_("Unpaid"), opened),
            View("overdue", N_("Overdue"), Listing(filters=(late,), sorts=(Sort("next_due_on"),))),
            View("settled", N_("Settled"), Listing(filters=(Filter("settled_on", "not_empty"),))),
            View("credit", N_("Credit notes"), Listing(filters=(Filter("kind", "is", (rules.CREDIT,)),))),
        ),
        never_had=NeverHad(
            N_("Invoices say what is owed"),
            N_("Open a confirmed order and press Invoice, or write one down without an order."),
            primary="new",
        ),
        counted=words.counted_invoices,
        store=StoredViews("invoices"),
        primary=ActionSpec(
            "new",
            N_("New invoice"),
            N_("Write an invoice without an order"),
            "plus",
            "Ctrl+N",
            Permission.INVOICE_WRITE,
        ),
        quiet=(
            ActionSpec(
                "new_credit",
                N_("New credit note"),
                N_("Write a credit note that corrects no invoice"),
                "undo-2",
                None,
                Permission.INVOICE_WRITE,
            ),
        ),
        bulk=(
            ActionSpec(
                "post",
                N_("Post"),
                N_("Give the drafts among these their numbers; what they claim is owed from then on"),
                "badge-check",
                None,
                Permission.INVOICE_POST,
            ),
            *_export(Permission.INVOICE_EXPORT),
        ),
        looks=words.INVOICE_LOOKS,
        preview=InvoicePreview,
        incoming=Incoming("invoices", Permission.INVOICE_IMPORT),
        may_share=actor.may(Permission.VIEW_SHARE),
    )


def receipt_list(actor: Actor) -> ListSpec:
    """Return the list of money received and given back."""
    unused = Listing(filters=(_SOMETHING_OPEN,), sorts=(Sort("open_amount", descending=True),))
    month = Listing(filters=(Filter("dated_on", "from", ("this_month",)),))
    given = Listing(filters=(Filter("kind", "is", (rules.REFUND, rules.REVERSAL)),))
    waiting = Listing(filters=(Filter("matures_on", "from", ("today",)),))
    return ListSpec(
        name="receipts",
        title=N_("Receipts"),
        icon="banknote",
        source=PairSource(actor, RECEIPT, RECEIPTS, ("open_amount", "amount"), words.unused_of_total),
        views=(
            View("all", N_("All receipts"), Listing()),
            View("month", N_("This month"), month),
            View("unused", N_("Not allocated"), unused),
            View("maturing", N_("Still to mature"), waiting),
            View("given", N_("Refunds and reversals"), given),
        ),
        never_had=NeverHad(
            N_("Money that arrived stands here"),
            N_("Enter a receipt: the customer, the amount, and which invoices it pays."),
            primary="new",
        ),
        counted=words.counted_receipts,
        store=StoredViews("receipts"),
        primary=ActionSpec(
            "new", N_("New receipt"), N_("Write down money that arrived"), "plus", "Ctrl+N", Permission.RECEIPT_POST
        ),
        bulk=_export(Permission.RECEIPT_EXPORT),
        looks=words.RECEIPT_LOOKS,
        incoming=Incoming("receipts", Permission.RECEIPT_IMPORT),
        may_share=actor.may(Permission.VIEW_SHARE),
    )


def instalment_list(actor: Actor) -> ListSpec:
    """Return the list of what is due, instalment by instalment; what is only planned is asked for."""
    late = Listing(filters=(_NOT_PLANNED, Filter("due_on", "to", ("today-1",))))
    week = Listing(filters=(Filter("due_on", "from", ("today",)), Filter("due_on", "to", ("today+7",))))
    undated = Listing(filters=(_NOT_PLANNED, Filter("due_on", "empty")))
    disputed = Listing(filters=(Filter("disputed_on", "not_empty"),))
    planned = Listing(filters=(Filter("planned", "is", (True,)),))
    return ListSpec(
        name="instalments",
        title=N_("Due items"),
        icon="calendar",
        source=RowSource(actor, INSTALMENT, INSTALMENTS, "open_amount"),
        views=_own_first(
            actor,
            N_("My sales"),
            View("open", N_("Everything owed"), Listing(filters=(_NOT_PLANNED,))),
            View("overdue", N_("Overdue"), late),
            View("week", N_("Due within a week"), week),
            View("undated", N_("Waiting for an event"), undated),
            View("disputed", N_("Disputed"), disputed),
            View("planned", N_("Planned"), planned),
        ),
        never_had=NeverHad(
            N_("Nothing is owed"),
            N_("Each part of an invoice stands here with its day until it is paid."),
        ),
        counted=words.counted_instalments,
        store=StoredViews("instalments"),
        bulk=_export(Permission.INVOICE_EXPORT),
        looks=words.INSTALMENT_LOOKS,
        may_share=actor.may(Permission.VIEW_SHARE),
    )


def tax_invoice_list(actor: Actor) -> ListSpec:
    """Return the register of tax invoices."""
    valid = Listing(filters=(Filter("cancelled_on", "empty"),))
    return ListSpec(
        name="tax_invoices",
        title=N_("Tax invoices"),
        icon="badge-check",
        source=RowSource(actor, TAX_INVOICE, TAX_INVOICES, "amount"),
        views=(
            View("valid", N_("Valid"), valid),
            View("all", N_("All tax invoices"), Listing()),
            View("void", N_("Void"), Listing(filters=(Filter("cancelled_on", "not_empty"),))),
        ),
        never_had=NeverHad(
            N_("A register of tax invoices"),
            N_("Write down the number of each tax invoice beside the invoice or order it is for."),
            primary="new",
        ),
        counted=words.counted_tax_invoices,
        store=StoredViews("tax_invoices"),
        primary=ActionSpec(
            "new",
            N_("New tax invoice"),
            N_("Write down the number of a tax invoice"),
            "plus",
            "Ctrl+N",
            Permission.INVOICE_WRITE,
        ),
        bulk=_export(Permission.INVOICE_EXPORT),
        looks=words.TAX_INVOICE_LOOKS,
        may_share=actor.may(Permission.VIEW_SHARE),
    )
