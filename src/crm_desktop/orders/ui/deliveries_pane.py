"""The deliveries of one order: what went out when, what came back, their papers."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.orders import deliveries
from crm_desktop.orders.deliveries import DeliveryHead
from crm_desktop.orders.ui import printing
from crm_desktop.orders.ui.delivery_dialog import ReturnDialog
from crm_desktop.orders.ui.grid_line import number_text
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import EmptyState
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, px
from crm_desktop.ui.labels import hairline, text_label
from crm_desktop.ui.sheet_area import SheetArea

NAMED = 3
"""Lines of a delivery named in the list; the delivery itself has all."""


class DeliveriesPane(SheetArea):
    """A block per delivery, the newest first.

    `returned` carries the id of a return made here, `began` the operation that makes it.
    """

    counted = Signal(int)
    returned = Signal(int)
    began = Signal(str)

    def __init__(self, desk: Desk, order_id: int) -> None:
        super().__init__()
        self._desk, self._order_id = desk, order_id
        self.heads: Sequence[DeliveryHead] = ()
        self.take_back: dict[int, Button] = {}
        self.reload()

    def reload(self) -> None:
        """Read the deliveries again."""
        order_id = self._order_id

        def read(work: Any) -> list[tuple[DeliveryHead, Record]]:
            heads = deliveries.deliveries_of(work, order_id)
            return [(head, deliveries.get(work, head.id)) for head in heads]

        self._desk.tasks.read(self, read, self._show, coalesce="deliveries")

    def _show(self, found: Sequence[tuple[DeliveryHead, Record]]) -> None:
        self.heads = [head for head, _record in found]
        self.take_back = {}
        self.counted.emit(len(found))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(px(20), px(8), px(20), px(20))
        column.setSpacing(0)
        for _head, record in reversed(found):
            column.addWidget(self._block(record))
            column.addWidget(hairline())
        if not found:
            text = _("What goes out for this order is written down here, in as many parts as it takes.")
            column.addWidget(EmptyState("truck", _("Nothing delivered yet"), text))
        column.addStretch(1)
        self.show_page(page)

    def _block(self, record: Record) -> QWidget:
        block = QWidget()
        row = QHBoxLayout(block)
        row.setContentsMargins(0, px(10), 0, px(10))
        row.setSpacing(px(16))
        words = QVBoxLayout()
        words.setSpacing(px(2))
        head = QHBoxLayout()
        head.setSpacing(px(10))
        number = Button(str(record["number"]), "link")
        number.clicked.connect(lambda: self._desk.open_record("delivery", record.id))
        head.addWidget(number)
        head.addWidget(text_label(shown_date(record["delivered_on"]), BODY, MEDIUM))
        if record["returns_id"] is not None:
            said = _("return of {number}").format(number=record["returns_number"])
            head.addWidget(text_label(said, BODY, REGULAR, "warn"))
        travel = " · ".join(part for part in (record["carrier"], record["tracking"]) if part)
        head.addWidget(text_label(travel, BODY, REGULAR, "text2"))
        head.addStretch(1)
        words.addLayout(head)
        words.addWidget(text_label(carried_text(record), LABEL, REGULAR, "muted", wrap=True))
        row.addLayout(words, 1)
        for button in self._buttons(record):
            row.addWidget(button)
        return block

    def _buttons(self, record: Record) -> list[Button]:
        buttons = []
        if self._desk.actor.may(Permission.DOCUMENT_PRINT):
            note = Button(_("Delivery note"), "quiet", icon="printer")
            note.clicked.connect(
                lambda: printing.preview_delivery(self._desk, record.id, self, str(record["number"]), prices=False)
            )
            buttons.append(note)
        if record["returns_id"] is None and self._desk.actor.may(Permission.DELIVERY_WRITE):
            back = Button(_("Take back…"), "quiet", icon="undo-2")
            back.clicked.connect(lambda: self._take_back(record))
            self.take_back[record.id] = back
            buttons.append(back)
        return buttons

    def _take_back(self, record: Record) -> None:
        dialog = ReturnDialog(self._desk, record.id, str(record["number"]), self)
        dialog.began.connect(self.began)
        dialog.posted.connect(self.returned)
        dialog.open()


def carried_text(record: Record) -> str:
    """Return in one line what a delivery carried."""
    parts = [f"{number_text(abs(line['quantity']))} {line['unit']} {line['name']}" for line in record["lines"]]
    shown = " · ".join(" ".join(part.split()) for part in parts[:NAMED])
    more = len(parts) - NAMED
    return _("{lines} and {count} more").format(lines=shown, count=more) if more > 0 else shown
