"""Papers of documents in the preview, where they are printed, saved or sent by mail."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.access import people
from crm_desktop.access.company import company
from crm_desktop.contacts import service as contacts
from crm_desktop.orders import deliveries, papers, quotes, rules, service
from crm_desktop.orders.papers import Parties
from crm_desktop.reports import letterhead
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


def parties(work: Any, document: Mapping[str, Any]) -> Parties:
    """Return who writes to whom, in the language of the document, else the customer's, else the company's."""
    contact = contacts.get(work, document["contact_id"])
    language = str(document["language"] or contact["language"] or company(work).language)
    return Parties(
        language,
        letterhead.get(work).sender(language),
        str(contact["name"]),
        papers.address_lines(contact.values, language),
        str(document["person_name"] or ""),
        people.names(work).get(document["salesperson"] or 0, ""),
    )


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
