"""What paid an invoice, or what a credit note was used for: every allocation, and the way to take one back."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.receivables.money.allocating import unallocate
from crm_desktop.receivables.money.uses import Used, uses_of
from crm_desktop.receivables.ui.billing.invoice_words import is_credit
from crm_desktop.receivables.ui.money import both_sides
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

_AMOUNT_PX: Final = 130


class UsesPane(SheetArea):
    """A block per allocation, the newest on top; `began` carries the operation of what is taken back here."""

    counted = Signal(int)
    began = Signal(str)
    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._record: Record | None = None
        self.uses: Sequence[Used] = ()
        self.take_back: dict[int, Button] = {}
        self.told: list[str] = []

    def show_invoice(self, record: Record) -> None:
        """Read and show what went to an invoice, or what a credit note went to."""
        self._record = record
        key = "credit_id" if is_credit(record.values) else "invoice_id"
        asked = {key: record.id}
        self._desk.tasks.read(self, lambda work: uses_of(work, **asked), self._show, coalesce="uses")

    def _show(self, uses: Sequence[Used]) -> None:
        self.uses, self.take_back, self.told = uses, {}, []
        self.counted.emit(sum(one.reverses_id is None and one.reversed_on is None for one in uses))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(px(20), px(8), px(20), px(20))
        column.setSpacing(0)
        for one in reversed(uses):
            column.addWidget(self._block(one))
            column.addWidget(hairline())
        if not uses:
            text = _("Receipts, credit notes and write-offs stand here as soon as they are allocated.")
            column.addWidget(EmptyState("hand-coins", _("Nothing is allocated yet"), text))
        column.addStretch(1)
        self.show_page(page)

    def _block(self, one: Used) -> QWidget:
        block = QWidget()
        row = QHBoxLayout(block)
        row.setContentsMargins(0, px(9), 0, px(9))
        row.setSpacing(px(12))
        row.addWidget(text_label(shown_date(one.dated_on), BODY, MEDIUM))
        entity, id_, text = self._other_side(one)
        if entity:
            link = Button(text, "link")
            link.clicked.connect(lambda: self._desk.open_record(entity, id_))
            row.addWidget(link)
        else:
            row.addWidget(text_label(text, BODY, REGULAR))
        row.addWidget(text_label(self._remark(one), LABEL, REGULAR, "muted"), 1)
        if one.may_unallocate and self._desk.actor.may(Permission.RECEIPT_ALLOCATE):
            button = Button(_("Un-allocate…"), "quiet", icon="undo-2")
            button.clicked.connect(lambda: self._take_back(one))
            self.take_back[one.id] = button
            row.addWidget(button)
        amount = text_label(number_text(one.amount), BODY, REGULAR, "muted" if both_sides.is_undone(one) else "text")
        amount.setMinimumWidth(px(_AMOUNT_PX))
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(amount)
        self.told.append(" · ".join(part for part in (text, number_text(one.amount), self._remark(one)) if part))
        block.setAccessibleName(self.told[-1])
        return block

    def _other_side(self, one: Used) -> tuple[str, int, str]:
        """Return what stands on the other side of an allocation: the entity that opens ("" for none), id, words."""
        gave = self._record is not None and is_credit(self._record.values)
        return both_sides.target_of(one) if gave else both_sides.source_of(one)

    def _remark(self, one: Used) -> str:
        return both_sides.remark(one, self._desk.names.get(one.by or 0, ""))

    def _take_back(self, one: Used) -> None:
        record = self._record
        if record is None:
            return
        amount = f"{one.currency} {number_text(one.amount)}"
        reason = self._desk.dialogs.input_text(
            _("Take back the allocation of {amount}?").format(amount=amount),
            _("Why? The money is free again, and the instalment is open again, from today on."),
            verb=_("Un-allocate"),
        )
        if reason is None:
            return
        contact_id, allocation_id = record["contact_id"], one.id

        def done(_ids: Any) -> None:
            self._desk.toast(_("{amount} is free again").format(amount=amount))
            self.changed.emit()

        task = self._desk.tasks.write(
            self,
            lambda work: unallocate(work, contact_id, [allocation_id], reason=reason),
            done,
            self._refused,
            label=_("Saving"),
        )
        self.began.emit(task.operation_id)

    def _refused(self, error: BaseException) -> None:
        self._desk.dialogs.show_error(error)
        self.changed.emit()
