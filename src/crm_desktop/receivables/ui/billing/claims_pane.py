"""The instalments of one invoice: when each falls due, how late it is, what is open, and what to do about it."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.receivables.money.open_items import OpenInstalment, open_items
from crm_desktop.receivables.ui.billing.invoice_words import lateness
from crm_desktop.shared.display import number_text
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

_AMOUNT_PX = 130


class ClaimsPane(SheetArea):
    """A block per instalment, the one due first on top; `began` carries the operation of a change made here."""

    began = Signal(str)
    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._record: Record | None = None
        self.open: dict[int, OpenInstalment] = {}
        self.buttons: dict[tuple[str, int], Button] = {}
        self.told: list[str] = []

    def show_invoice(self, record: Record) -> None:
        """Show the instalments of an invoice; what can be done with those still open is read first."""
        self._record = record
        contact_id, currency = record["contact_id"], str(record["currency"])
        if not self._desk.actor.may(Permission.RECEIPT_READ):
            self._show(record, ())
            return

        def take(items: Any) -> None:
            if self._record is record:
                self._show(record, items.instalments)

        self._desk.tasks.read(self, lambda work: open_items(work, contact_id, currency), take, coalesce="claims")

    def _show(self, record: Record, found: Sequence[OpenInstalment]) -> None:
        mine = {one["id"] for one in record["instalments"]}
        self.open = {one.id: one for one in found if one.id in mine}
        self.buttons, self.told = {}, []
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(px(20), px(8), px(20), px(20))
        column.setSpacing(0)
        for one in record["instalments"]:
            column.addWidget(self._block(record, one))
            column.addWidget(hairline())
        if not record["instalments"]:
            column.addWidget(EmptyState("calendar", _("Nothing is claimed here"), _nothing(record)))
        column.addStretch(1)
        self.show_page(page)

    def _block(self, record: Record, one: Mapping[str, Any]) -> QWidget:
        block = QWidget()
        row = QHBoxLayout(block)
        row.setContentsMargins(0, px(9), 0, px(9))
        row.setSpacing(px(16))
        words = QVBoxLayout()
        words.setSpacing(px(2))
        place = self.open[one["id"]].place if one["id"] in self.open else ""
        day = shown_date(one["due_on"]) if one["due_on"] else str(one["event"] or _("No day yet"))
        head = " · ".join(part for part in (place, str(one["label"] or ""), day) if part)
        words.addWidget(text_label(head, BODY, MEDIUM))
        state, ink = self._state(one)
        words.addWidget(text_label(state, LABEL, REGULAR, ink, wrap=True))
        row.addLayout(words, 1)
        for button in self._buttons(record, one):
            row.addWidget(button)
        row.addLayout(_figure(_("Amount"), number_text(one["amount"]), "text2"))
        row.addLayout(_figure(_("Still open"), number_text(one["open"]), "text" if one["open"] else "muted"))
        self.told.append(f"{head} · {state}")
        block.setAccessibleName(self.told[-1])
        return block

    def _state(self, one: Mapping[str, Any]) -> tuple[str, str]:
        """Return how an instalment stands, and the colour token of that."""
        if one["settled_on"] is not None:
            return _("settled on {day}").format(day=shown_date(one["settled_on"])), "muted"
        said = [lateness(one["due_on"], self._desk.today)]
        if one["dunning_level"]:
            said.append(_("dunning level {level}").format(level=one["dunning_level"]))
        if one["disputed_on"] is not None:
            said.append(_("disputed: {reason}").format(reason=one["dispute_reason"]))
        late = one["due_on"] is not None and one["due_on"] < self._desk.today
        return " · ".join(part for part in said if part), "danger" if late else "text2"

    def _buttons(self, record: Record, one: Mapping[str, Any]) -> list[Button]:
        opened, may = self.open.get(one["id"]), self._desk.actor.may
        if opened is None:
            return []
        found = []
        if may(Permission.INSTALMENT_WRITE):
            found.append(self._button("reschedule", opened.id, _("Reschedule…"), "calendar"))
            found[-1].clicked.connect(lambda: self._reschedule(record, opened))
        if may(Permission.PROMISE_WRITE):
            text = _("Settle the dispute…") if opened.disputed else _("Dispute…")
            found.append(self._button("dispute", opened.id, text, "hand"))
            found[-1].clicked.connect(lambda: self._dispute(record, opened))
        return found

    def _button(self, key: str, id_: int, text: str, icon: str) -> Button:
        button = Button(text, "quiet", icon=icon)
        self.buttons[key, id_] = button
        return button

    def _reschedule(self, record: Record, one: OpenInstalment) -> None:
        from crm_desktop.receivables.ui.money.claim_dialogs import RescheduleDialog

        self._open_dialog(RescheduleDialog(self._desk, one, str(record["currency"]), self))

    def _dispute(self, record: Record, one: OpenInstalment) -> None:
        from crm_desktop.receivables.ui.money.claim_dialogs import DisputeDialog

        called = " ".join(part for part in (str(record["number"]), one.place) if part)
        self._open_dialog(DisputeDialog(self._desk, one.id, called, disputed=one.disputed, parent=self))

    def _open_dialog(self, dialog: Any) -> None:
        dialog.began.connect(self.began)
        dialog.carried_out.connect(lambda _done: self.changed.emit())
        dialog.open()


def _figure(label: str, value: str, ink: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(1))
    for text, size, tone in ((label, LABEL, "muted"), (value, BODY, ink)):
        line = text_label(text, size, REGULAR, tone)
        line.setMinimumWidth(px(_AMOUNT_PX))
        column.addWidget(line, 0, Qt.AlignmentFlag.AlignRight)
        line.setAlignment(Qt.AlignmentFlag.AlignRight)
    return column


def _nothing(record: Record) -> str:
    if not record["claims"]:
        return _("The confirmed order claimed this; its instalments stand on the order.")
    return _("An invoice of nothing claims nothing.")
