"""The pane beside a list of documents: who, how much, which lines, what is still open."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.orders import quotes, rules, service
from crm_desktop.orders.ui.list_words import percent_text
from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.errors import NotFound
from crm_desktop.shared.i18n import _
from crm_desktop.shared.record import Record
from crm_desktop.ui.buttons import IconButton
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.labels import caption, hairline, text_label
from crm_desktop.ui.list_spec import Preview
from crm_desktop.ui.sheet_area import SheetArea

MOST_LINES: Final = 12


class DocumentPreview(Preview):
    """Reads one document at a time; the newest wish wins."""

    entity = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._id: int | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = SheetArea()
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(self._area)
        desk.changes.changed.connect(self._heard)

    def fetch(self, work: Any, id_: int) -> Record:
        """Return the document; runs on the database lane."""
        raise NotImplementedError

    def title(self, record: Record) -> str:
        """Return what the document is called."""
        raise NotImplementedError

    def facts(self, record: Record) -> list[tuple[str, str]]:
        """Return label and value of what matters most, already translated."""
        raise NotImplementedError

    def show_record(self, id_: int | None) -> None:
        """Show a document; None empties the pane."""
        self._id = id_
        if id_ is None:
            self._area.show_page(QWidget())
            return
        fetch = self.fetch

        def read(work: Any) -> Record | None:
            try:
                return fetch(work, id_)
            except NotFound:
                return None

        self._desk.tasks.read(self, read, self._show, coalesce="preview")

    def formats(self) -> Formats:
        """Return how days and figures read here."""
        return Formats.of(self._desk.today, self._desk.names, self._desk.timezone)

    def _heard(self, changes: Any) -> None:
        if self._id is not None and changes.touches(self.entity, self._id) and self.isVisible():
            self.show_record(self._id)

    def _show(self, record: Record | None) -> None:
        page = QWidget()
        if record is not None:
            column = QVBoxLayout(page)
            column.setContentsMargins(px(16), px(14), px(16), px(16))
            column.setSpacing(px(6))
            self._fill(column, record)
            column.addStretch(1)
        self._area.show_page(page)

    def _fill(self, column: QVBoxLayout, record: Record) -> None:
        row = QHBoxLayout()
        row.addWidget(text_label(self.title(record), SECTION, SEMIBOLD, wrap=True), 1)
        opening = IconButton("arrow-up-right", _("Open in a tab"))
        opening.clicked.connect(lambda: self._desk.open_record(self.entity, record.id))
        row.addWidget(opening, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addWidget(text_label(str(record["contact_name"]), BODY, REGULAR, "text2", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(4))
        grid.setColumnStretch(1, 1)
        for place, (label, value) in enumerate(fact for fact in self.facts(record) if fact[1]):
            grid.addWidget(caption(label), place, 0)
            grid.addWidget(text_label(value, wrap=True), place, 1)
        column.addLayout(grid)
        column.addWidget(hairline())
        lines = [line for line in record["lines"] if line["kind"] == rules.ITEM]
        for line in lines[:MOST_LINES]:
            column.addLayout(_line(line, str(record["currency"])))
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
            (_("Salesperson"), self._desk.names.get(record["salesperson"] or 0, "")),
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
            (_("Salesperson"), self._desk.names.get(record["salesperson"] or 0, "")),
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
    words.addWidget(text_label(f"{quantity} × {number_text(line['unit_price'])}", LABEL, REGULAR, "muted"))
    row.addLayout(words, 1)
    amount = text_label(number_text(line["amount"]))
    amount.setToolTip(currency)
    row.addWidget(amount, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
    return row
