"""Papers of documents in the preview, where they are printed, saved or sent by mail."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.orders import deliveries, papers, quotes, rules, service
from crm_desktop.orders.parties import parties
from crm_desktop.reports.mail_draft import Mail
from crm_desktop.reports.paper import Paper
from crm_desktop.reports.ui.preview import PdfPreview
from crm_desktop.shared.i18n import _
from crm_desktop.shared.record import Record
from crm_desktop.ui.desk import Desk

Compose = Callable[[Any], Paper]


def quote_paper(work: Any, quote_id: int) -> Paper:
    """Return a quote as paper; runs on the database lane."""
    quote = quotes.get(work, quote_id)
    return papers.quote_paper(quote.values, parties(work, quote.values))


def order_paper(work: Any, order_id: int) -> Paper:
    """Return an order as paper; runs on the database lane."""
    order = service.get(work, order_id)
    return papers.order_paper(order.values, parties(work, order.values))


def delivery_paper(work: Any, delivery_id: int, *, prices: bool) -> Paper:
    """Return a delivery note as paper, with the prices of its order or without; runs on the database lane."""
    delivery = deliveries.get(work, delivery_id)
    order = service.get(work, delivery["order_id"])
    # A note without prices must not be able to show one.
    return papers.delivery_paper(delivery.values, parties(work, order.values), order.values if prices else None)


def preview_quote(desk: Desk, quote: Record, parent: QWidget) -> PdfPreview:
    """Open the preview of a quote."""
    number = rules.shown_number(quote["number"], quote["revision"]) or _("draft")
    quote_id = quote.id
    title = _("Quote {number}").format(number=number)
    return _open(desk, title, lambda work: quote_paper(work, quote_id), parent)


def preview_order(desk: Desk, order_id: int, parent: QWidget, number: str = "") -> PdfPreview:
    """Open the preview of an order."""
    title = _("Order {number}").format(number=number or _("draft"))
    return _open(desk, title, lambda work: order_paper(work, order_id), parent)


def preview_delivery(desk: Desk, delivery_id: int, parent: QWidget, number: str = "", *, prices: bool) -> PdfPreview:
    """Open the preview of a delivery note."""
    title = _("Delivery note {number}").format(number=number).strip()
    return _open(desk, title, lambda work: delivery_paper(work, delivery_id, prices=prices), parent)


def _open(desk: Desk, title: str, compose: Compose, parent: QWidget) -> PdfPreview:
    # The drawing library is loaded when the first paper is drawn.
    from crm_desktop.reports.paper_pdf import paper_pdf

    name = "".join("-" if char in '\\/:*?"<>|' else char for char in title)
    preview = PdfPreview(
        desk, title, compose, paper_pdf, f"{name}.pdf", mail=Mail(subject=title), parent=parent.window()
    )
    preview.show()
    return preview
