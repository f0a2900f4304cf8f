"""By which figures an owner knows the company again, and what backups must know of the features."""

from typing import Final

from crm_desktop.backup.seams import Seams
from crm_desktop.contacts.reindexing import reindex
from crm_desktop.shared.figures import Figure, FigureKind
from crm_desktop.shared.i18n import N_

FIGURES: Final = (
    Figure(
        "contacts",
        N_("Contacts"),
        FigureKind.COUNT,
        "SELECT count(*) FROM contact WHERE merged_into_id IS NULL",
    ),
    Figure("products", N_("Products"), FigureKind.COUNT, "SELECT count(*) FROM product"),
    Figure(
        "deals",
        N_("Quotes and orders"),
        FigureKind.COUNT,
        "SELECT (SELECT count(*) FROM quote) + (SELECT count(*) FROM sales_order)",
    ),
    Figure(
        "invoices",
        N_("Invoices, posted"),
        FigureKind.COUNT,
        "SELECT count(*) FROM invoice WHERE state = 'posted'",
    ),
    Figure("receipts", N_("Receipts"), FigureKind.COUNT, "SELECT count(*) FROM receipt WHERE kind = 'receipt'"),
    Figure("files", N_("Attached files"), FigureKind.COUNT, "SELECT count(*) FROM attachment"),
    Figure(
        "owed",
        N_("Owed to us, {currency}"),
        FigureKind.MONEY,
        "SELECT currency, sum(open_amount) FROM instalment WHERE claimed_on IS NOT NULL"
        " GROUP BY currency ORDER BY currency",
    ),
    Figure(
        "received",
        N_("Received, {currency}"),
        FigureKind.MONEY,
        "SELECT currency, sum(amount) FROM receipt WHERE kind = 'receipt' GROUP BY currency ORDER BY currency",
    ),
    Figure(
        "ordered",
        N_("Ordered, {currency}"),
        FigureKind.MONEY,
        "SELECT currency, sum(total) FROM sales_order WHERE number IS NOT NULL GROUP BY currency ORDER BY currency",
    ),
    Figure(
        "last_order",
        N_("Last order number"),
        FigureKind.TEXT,
        "SELECT number FROM sales_order WHERE serial IS NOT NULL ORDER BY confirmed_at DESC, id DESC LIMIT 1",
    ),
    Figure(
        "last_invoice",
        N_("Last invoice number"),
        FigureKind.TEXT,
        "SELECT number FROM invoice WHERE kind = 'invoice' AND serial IS NOT NULL"
        " ORDER BY posted_at DESC, id DESC LIMIT 1",
    ),
)
"""In the order in which a restore shows them."""

SEAMS: Final = Seams(figures=FIGURES, rebuild=reindex)
