"""What invoices, receipts and what stands beside them are called in the journal; marked texts."""

from collections.abc import Mapping
from typing import Final

from crm_desktop.shared.i18n import N_

ENTITIES: Final[Mapping[str, str]] = {
    "account": N_("Account"),
    "credit_override": N_("Sale beyond the credit limit"),
    "customer_credit": N_("Credit limit"),
    "dunning_letter": N_("Dunning letter"),
    "dunning_level": N_("Dunning level"),
    "instalment": N_("Instalment"),
    "invoice": N_("Invoice"),
    "promise": N_("Promise to pay"),
    "receipt": N_("Receipt"),
    "receivable_settings": N_("Receivables"),
    "reschedule": N_("Rescheduling"),
    "statement": N_("Statement"),
    "tax_invoice": N_("Tax invoice"),
    "write_off": N_("Write-off"),
}
ACTIONS: Final[Mapping[str, str]] = {
    "allocate": N_("Allocated"),
    "credit": N_("Credited"),
    "dispute": N_("Disputed"),
    "invoice": N_("Invoiced"),
    "keep": N_("Surplus kept"),
    "pay": N_("Paid"),
    "post": N_("Posted"),
    "refund": N_("Paid back"),
    "reschedule": N_("Rescheduled"),
    "reverse": N_("Reversed"),
    "save": N_("Changed"),
    "settle_dispute": N_("Dispute settled"),
    "take_back": N_("Taken back"),
    "take_back_write_off": N_("Write-off taken back"),
    "unallocate": N_("Allocation taken back"),
    "unpost": N_("Unposted"),
    "withdraw": N_("Withdrawn"),
    "write_off": N_("Written off"),
}
LABELS: Final[Mapping[str, str]] = {
    "account_id": N_("Account"),
    "approved_by": N_("Approved by"),
    "cancelled_on": N_("Cancelled on"),
    "delivery_id": N_("Delivery"),
    "dispute_reason": N_("Dispute"),
    "document": N_("Document"),
    "due_on": N_("Due"),
    "invoice_id": N_("Invoice"),
    "limit": N_("Credit limit"),
    "kind": N_("Kind"),
    "made_on": N_("Promised on"),
    "matures_on": N_("Matures on"),
    "method": N_("Method"),
    "order_id": N_("Order"),
    "origin_id": N_("Corrects"),
    "payer": N_("Paid by"),
    "number": N_("Number"),
    "overdue_days": N_("Oldest debt (days)"),
    "person": N_("Who promised"),
    "posted_at": N_("Posted"),
    "posted_by": N_("Posted by"),
    "reason": N_("Reason"),
    "receipt": N_("Receipt"),
    "taken_over": N_("Opening balance"),
    "uses": N_("Used for"),
    "why": N_("Stopped by"),
    "withdrawn_on": N_("Withdrawn on"),
}
"""Journalled parts that are no field of a list."""
