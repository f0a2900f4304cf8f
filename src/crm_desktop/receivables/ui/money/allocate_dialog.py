"""Money or a credit that is not used yet is set against open instalments, later than it came in."""

from decimal import Decimal
from typing import Any, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.receivables.money import allocating
from crm_desktop.receivables.money.open_items import OpenItems, open_items
from crm_desktop.receivables.money.proposing import propose
from crm_desktop.receivables.ui.money.allocation_rows import CLAIM, ids_of, row_key, rows_of
from crm_desktop.receivables.ui.money.allocation_table import AllocationTable
from crm_desktop.receivables.ui.money.difference import NOTHING
from crm_desktop.receivables.ui.money.money_dialog import Act, MoneyDialog
from crm_desktop.receivables.ui.money.money_dialogs import TOUCHED
from crm_desktop.receivables.ui.money.receipt_editors import UsesEditor
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, SECTION, SEMIBOLD, px
from crm_desktop.ui.labels import text_label

_HIGH_PX: Final = 300


class AllocateDialog(MoneyDialog):
    """Open instalments of the customer with a box each; `source` is ("receipt", id) or ("credit", id)."""

    entities: ClassVar[tuple[str, ...]] = TOUCHED

    def __init__(
        self,
        desk: Desk,
        contact_id: int,
        source: tuple[str, int],
        number: str,
        currency: str,
        unused: Decimal,
        parent: QWidget,
    ) -> None:
        super().__init__(desk, _("Allocate {number}").format(number=number), _("Allocate"), parent, width=960)
        self._contact_id, self._source, self._unused, self._currency = contact_id, source, unused, currency
        self._items: OpenItems | None = None
        self.table = AllocationTable()
        self.table.items.currency = currency
        self.table.setMinimumHeight(px(_HIGH_PX))
        self.uses = UsesEditor(self.table)
        self.form.add_editor("uses", self.uses)
        self.left = text_label("", SECTION, SEMIBOLD)
        self.said = text_label("", BODY, ink="danger", wrap=True)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.said)
        self.body.addLayout(self._figures())
        self.go.setEnabled(False)
        self.table.said.connect(self._say_wrong)
        self.table.items.amounts_changed.connect(self._reckon)
        self.table.rest_wanted.connect(self._take_rest)
        self.said.hide()
        desk.tasks.read(self, lambda work: open_items(work, contact_id, currency), self._show)

    def _figures(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(12))
        again = Button(_("Propose again"), "link", key="F6")
        again.clicked.connect(self.propose)
        QShortcut(QKeySequence(Qt.Key.Key_F6), self).activated.connect(self.propose)
        row.addWidget(again)
        row.addStretch(1)
        row.addWidget(text_label(_("Left to allocate"), BODY, ink="text2"))
        row.addWidget(self.left)
        return row

    def _show(self, items: OpenItems) -> None:
        self._items = items
        if not items.instalments:
            self.note.show_message("info", _("Nothing is open in this currency."))
        self.table.items.show_rows(rows_of(items.instalments, ()), items.currency)
        self.go.setEnabled(bool(items.instalments))
        self.propose()
        self.table.focus()

    def propose(self) -> None:
        """Put in what the money most likely pays."""
        if self._items is not None:
            uses = propose(self._items.instalments, self._unused).uses
            self.uses.propose({row_key(CLAIM, id_): some for id_, some in uses.items()})

    def missing(self) -> Decimal:
        """Return what is left of the money; below 0 what is too much."""
        return self._unused - sum(self.table.items.placed(claims=True).values(), NOTHING)

    def _reckon(self) -> None:
        self.left.setText(f"{self._currency} {self.table.items.figure(self.missing())}")

    def _take_rest(self, row: int) -> None:
        own = self.table.items.amounts.get(self.table.items.rows[row].key, NOTHING)
        self.table.take_most(row, self.missing() + own)

    def _say_wrong(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def act_now(self) -> None:
        """Take over the open box first."""
        self.table.commit()
        super().act_now()

    def problem(self, _values: Any) -> tuple[str, str] | None:
        if not self.table.items.placed(claims=True):
            return "", _("Choose what it pays: Space takes all of a line.")
        if self.missing() < 0:
            over = self.table.items.figure(-self.missing())
            return "", _("{amount} more than there is. Take it off one of the lines.").format(amount=over)
        return None

    def act(self, values: dict[str, Any]) -> Act:
        contact_id, source = self._contact_id, self._source
        amounts = self.table.items.placed(claims=True)
        pairs = [(source, id_, amounts[row_key(kind, id_)]) for kind, id_ in ids_of(amounts)]

        def allocate(work: Any) -> int:
            allocating.allocate_later(work, contact_id, pairs)
            return source[1]

        return allocate
