"""What can be brought in from files, in the order in which one needs the other."""

from typing import Final

from crm_desktop.access.target import PEOPLE
from crm_desktop.activities.target import ACTIVITIES
from crm_desktop.contacts.target import CONTACTS
from crm_desktop.exchange.undoing import undoers_of
from crm_desktop.orders.target import ORDERS, QUOTES
from crm_desktop.products.target import PRICE_LISTS, PRODUCTS
from crm_desktop.receivables.target import INVOICES, RECEIPTS
from crm_desktop.shared.importing import ImportTarget

TARGETS: Final[tuple[ImportTarget, ...]] = (
    PEOPLE,
    CONTACTS,
    PRODUCTS,
    PRICE_LISTS,
    QUOTES,
    ORDERS,
    INVOICES,
    RECEIPTS,
    ACTIVITIES,
)
UNDOERS: Final = undoers_of(TARGETS)
"""What takes an import back, by the journal's name of the records, what hangs on others first."""
