"""The pane beside a list of documents: who, how much, which lines, what is still open."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from crm_desktop.orders import quotes, rules, service
from crm_desktop.orders.ui.list_words import percent_text
from crm_desktop.reports.paper_text import plain_number
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.shared.money import exponent
from crm_desktop.shared.record import Record
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, px
from crm_desktop.ui.labels import caption, hairline, text_label
from crm_desktop.ui.record_preview import RecordPreview

MOST_LINES: Final = 12


class DocumentPreview(RecordPreview):
    """A document: its title and facts are particular to its kind."""

    def title(self, record: Record) -> str:
        """Return what the document is called."""
        raise NotImplementedError

    def facts(self, record: Record) -> list[tuple[str, str]]:
        """Return label and value of what matters most, already translated."""
        raise NotImplementedError

    def fill(self, column: QVBoxLayout, seen: Record) -> None:
        """Show who, how much, and the first lines."""
        self.add_title(column, self.title(seen), seen.id)
        column.addWidget(text_label(str(seen["contact_name"]), BODY, REGULAR, "text2", wrap=True))
        self.add_facts(column, self.facts(seen))
        column.addWidget(hairline())
        lines = [line for line in seen["lines"] if line["kind"] == rules.ITEM]
        for line in lines[:MOST_LINES]:
            column.addLayout(_line(line, str(seen["currency"])))
        if len(lines) > MOST_LINES:
            column.addWidget(caption(_("and {count} more lines").format(count=len(lines) - MOST_LINES)))


class OrderPreview(DocumentPreview):
    """An order beside the list of orders."""

    entity = "order"

    def fetch(self, work: Any, id_: int) -> Record:
        """Return the order."""
        return service.get(work, id_)

    def title(self, record: Record) -> str:
        """Return its number; a draft has none."""
        return str(record["number"] or _("Draft order"))

    def facts(self, record: Record) -> list[tuple[str, str]]:
        """Return state, days, total and how far it is."""
        formats = self.formats()
        return [
            (_("State"), _(dict(rules.ORDER_STATES)[record["state"]])),
            (_("Total"), f"{record['currency']} {number_text(record['total'])}"),
            (_("Delivered"), percent_text(record["delivered_percent"])),
            (_("Due"), formats.full_day(record["due_on"]) if record["due_on"] else ""),
            (_("Salesperson"), self.desk.names.get(record["salesperson"] or 0, "")),
            (_("Their reference"), str(record["reference"])),
            (_("Notes"), str(record["notes"])),
        ]


class QuotePreview(DocumentPreview):
    """A quote beside the list of quotes."""

    entity = "quote"

    def fetch(self, work: Any, id_: int) -> Record:
        """Return the quote."""
        return quotes.get(work, id_)

    def title(self, record: Record) -> str:
        """Return its number and revision; a draft has none."""
        return rules.shown_number(record["number"], record["revision"]) or _("Draft quote")

    def facts(self, record: Record) -> list[tuple[str, str]]:
        """Return state, how long it holds, total."""
        formats = self.formats()
        valid = formats.full_day(record["valid_until"]) if record["valid_until"] else ""
        if record["expired"]:
            valid = _("{day}, run out").format(day=valid)
        return [
            (_("State"), _(dict(rules.QUOTE_STATES)[record["state"]])),
            (_("Total"), f"{record['currency']} {number_text(record['total'])}"),
            (_("Valid until"), valid),
            (_("Salesperson"), self.desk.names.get(record["salesperson"] or 0, "")),
            (_("Why lost"), _(dict(rules.LOST_REASONS).get(record["lost_reason"], ""))),
            (_("Notes"), str(record["notes"])),
        ]


def _line(line: Mapping[str, Any], currency: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(px(8))
    quantity = " ".join(part for part in (number_text(line["quantity"]), str(line["unit"])) if part)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(text_label(str(line["name"]), wrap=True))
    price = plain_number(line["unit_price"], exponent(currency))
    words.addWidget(text_label(f"{quantity} × {price}", LABEL, REGULAR, "muted"))
    row.addLayout(words, 1)
    amount = text_label(number_text(line["amount"]))
    amount.setToolTip(currency)
    row.addWidget(amount, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
    return row
