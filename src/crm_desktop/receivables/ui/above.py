"""What receivables add to the screens of orders; `app` hangs it in."""

from typing import Any, Final

from crm_desktop.orders import rules as order_rules
from crm_desktop.orders.ui.above import Additions, Offer
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSpec
from crm_desktop.ui.desk import Desk


def _left_to_invoice(record: Record) -> bool:
    """Return whether a binding order has a line that is not invoiced whole."""
    binding = record["state"] in (order_rules.CONFIRMED, order_rules.CLOSED)
    return binding and any(
        line["kind"] == order_rules.ITEM and line["invoiced"] < line["quantity"] for line in record["lines"]
    )


def _invoice_order(screen: Any) -> None:
    from crm_desktop.receivables.ui.billing.invoicing_dialog import begin_invoice

    screen.first_save(lambda: begin_invoice(screen.desk, screen.record_id, screen))


def _invoice_delivery(screen: Any) -> None:
    from crm_desktop.receivables.ui.billing.invoicing_dialog import begin_invoice_of_delivery

    begin_invoice_of_delivery(screen.desk, screen.record_id, screen)


def _credit_strip(desk: Desk) -> Any:
    from crm_desktop.receivables.ui.collecting.credit_strip import credit_strip

    return credit_strip(desk)


ADDITIONS: Final = Additions(
    credit_strip=_credit_strip,
    order_actions=(
        Offer(
            ActionSpec(
                "invoice",
                N_("Invoice…"),
                N_("Write an invoice for what is left, for a delivery or for an instalment"),
                "receipt-text",
                "Ctrl+I",
                Permission.INVOICE_WRITE,
            ),
            _left_to_invoice,
            _invoice_order,
        ),
    ),
    delivery_actions=(
        Offer(
            ActionSpec(
                "invoice",
                N_("Invoice"),
                N_("Write an invoice for what this delivery carried"),
                "receipt-text",
                "Ctrl+I",
                Permission.INVOICE_WRITE,
            ),
            lambda record: record["returns_id"] is None,
            _invoice_delivery,
        ),
    ),
)
