"""What quotes, orders, deliveries and what stands beside them are called in the journal; marked texts."""

from collections.abc import Mapping
from typing import Final

from crm_desktop.shared.i18n import N_

ENTITIES: Final[Mapping[str, str]] = {
    "below_cost": N_("Sale below cost"),
    "delivery": N_("Delivery"),
    "letterhead": N_("Letterhead"),
    "order": N_("Order"),
    "payment_term": N_("Payment terms"),
    "price_list": N_("Price list"),
    "product": N_("Product"),
    "product_cost": N_("Cost"),
    "quote": N_("Quote"),
    "report": N_("Report"),
    "sales_settings": N_("Selling"),
    "standing_text": N_("Standing text"),
}
ACTIONS: Final[Mapping[str, str]] = {
    "accept": N_("Accepted"),
    "cancel": N_("Cancelled"),
    "close_short": N_("Closed short"),
    "confirm": N_("Confirmed"),
    "deliver": N_("Delivered"),
    "lose": N_("Lost"),
    "order": N_("Made into an order"),
    "reopen": N_("Reopened"),
    "revise": N_("New revision"),
    "send": N_("Sent"),
    "take_back": N_("Taken back"),
}
LABELS: Final[Mapping[str, str]] = {
    "amount": N_("Amount"),
    "contact_id": N_("Customer"),
    "currency": N_("Currency"),
    "customer_signatory": N_("Signs for the customer"),
    "dated_on": N_("Date"),
    "delivery_terms": N_("Delivery terms"),
    "discount_amount": N_("Discount"),
    "discount_percent": N_("Discount %"),
    "end_reason": N_("Why ended"),
    "ends_on": N_("Ends"),
    "instalments": N_("Instalments"),
    "language": N_("Language"),
    "lines": N_("Lines"),
    "lost_note": N_("Note"),
    "opening": N_("Text above the lines"),
    "opportunity_id": N_("Opportunity"),
    "parts": N_("Parts"),
    "payment_term_id": N_("Payment terms"),
    "prices": N_("Prices"),
    "prices_include_tax": N_("Prices include tax"),
    "rate": N_("Rate"),
    "salesperson_id": N_("Salesperson"),
    "ship_to": N_("Ship to"),
    "signatory": N_("Signs for us"),
    "starts_on": N_("Begins"),
    "tax_method": N_("Rounding of tax"),
    "terms": N_("Terms on the document"),
}
"""Journalled parts of documents that are no field of a list."""
