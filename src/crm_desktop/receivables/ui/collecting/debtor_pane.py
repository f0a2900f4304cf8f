"""Beside the due list: what one customer owes, piece by piece, what it promised, and how it was reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.receivables.collecting import dunning
from crm_desktop.receivables.collecting.due_list import Debtor, DueItems, due_items
from crm_desktop.receivables.collecting.dunning import Letter
from crm_desktop.receivables.money import promises
from crm_desktop.receivables.money.promises import BROKEN, KEPT, Promised
from crm_desktop.receivables.ui.collecting.ageing_bar import AgeingBar, slots_text
from crm_desktop.receivables.ui.collecting.claim_list import ClaimList
from crm_desktop.receivables.ui.collecting.letters_dialog import letter_words
from crm_desktop.shared.display import number_text
from crm_desktop.shared.errors import NotFound
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import IconButton, button_for
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, LABEL, MEDIUM, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.labels import caption, hairline, text_label
from crm_desktop.ui.sheet_area import SheetArea
from crm_desktop.ui.theme import set_ground

LEAST_PX: Final = 300
_SHOWN_LETTERS: Final = 4
_FIRST: Final = 2
"""The actions of the first line are for every day."""
_STATES: Final = dict(promises.STATES)
_INKS: Final = {KEPT: "success", BROKEN: "danger"}


@dataclass(frozen=True, slots=True)
class _Seen:
    items: DueItems
    promised: Sequence[Promised]
    letters: Sequence[Letter]


class DebtorPane(QWidget):
    """Shows one customer; the actions are the screen's."""

    item_changed = Signal()

    def __init__(self, desk: Desk, actions: Sequence[QAction]) -> None:
        super().__init__()
        self._desk = desk
        self.debtor: Debtor | None = None
        self.told: list[str] = []
        set_ground(self, "surface")
        self.setMinimumWidth(px(LEAST_PX))
        self.name = text_label("", SECTION, SEMIBOLD, wrap=True)
        self.facts = text_label("", LABEL, REGULAR, "text2", wrap=True)
        self.bar = AgeingBar()
        self.claims = ClaimList()
        self.claims.opened.connect(self._open_item)
        self.claims.selectionModel().currentChanged.connect(lambda _now, _before: self.item_changed.emit())
        self.story = SheetArea()
        self.story.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head(actions))
        column.addWidget(hairline())
        column.addWidget(self.claims, 3)
        column.addWidget(hairline())
        column.addWidget(self.story, 2)

    def _head(self, actions: Sequence[QAction]) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(6))
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        opening = IconButton("arrow-up-right", _("Open the customer"))
        opening.clicked.connect(self._open_customer)
        top.addWidget(opening, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(self.facts)
        column.addWidget(self.bar)
        column.addSpacing(px(2))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(6))
        grid.setVerticalSpacing(px(2))
        grid.setColumnStretch(2, 1)
        for place, action in enumerate(actions):
            button = button_for(action, "plain" if place < _FIRST else "quiet", head)
            grid.addWidget(button, place // 2, place % 2, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(grid)
        return head

    def show_debtor(self, debtor: Debtor | None, bounds: Sequence[int]) -> None:
        """Show another customer, or the same one with other figures; None empties the pane."""
        before, self.debtor = self.debtor, debtor
        self.name.setText(debtor.name if debtor else "")
        self.facts.setText(self._facts(debtor) if debtor else "")
        self.bar.setVisible(debtor is not None)
        if debtor is None or before is None or before.contact_id != debtor.contact_id:
            self.claims.show_items((), self._desk.today)
        if debtor is None:
            self._tell(_Seen(DueItems((), (), ()), (), ()))
            return
        self.bar.show_slots((debtor.not_due, *debtor.buckets), slots_text(debtor.not_due, debtor.buckets, bounds))
        contact_id = debtor.contact_id

        def read(work: Any) -> _Seen | None:
            try:
                return _Seen(
                    due_items(work, contact_id),
                    promises.promises_of(work, contact_id),
                    dunning.letters(work, contact_id),
                )
            except NotFound:
                return None

        self._desk.tasks.read(self, read, self._show, coalesce="debtor")

    def _facts(self, one: Debtor) -> str:
        parts = [_("{currency} {amount} owed").format(currency=one.currency, amount=number_text(one.balance))]
        if one.unapplied:
            parts.append(_("{amount} not allocated").format(amount=number_text(one.unapplied)))
        if one.owner_id is not None and one.owner_id in self._desk.names:
            parts.append(self._desk.names[one.owner_id])
        return " · ".join(parts)

    def _show(self, seen: _Seen | None) -> None:
        if self.debtor is None or seen is None:
            return
        currency = self.debtor.currency
        self.claims.show_items([one for one in seen.items.open if one.currency == currency], self._desk.today)
        self.item_changed.emit()
        self._tell(seen)

    def _tell(self, seen: _Seen) -> None:
        self.told = []
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(px(16), px(10), px(16), px(16))
        column.setSpacing(px(4))
        self._section(column, _("Promises"), [_promise_lines(one) for one in seen.promised])
        self._section(column, _("Letters"), [(*letter_words(one), "text2") for one in seen.letters[:_SHOWN_LETTERS]])
        unused = [
            (f"{one.number} · {one.currency} {number_text(one.open)}", shown_date(one.dated_on), "text2")
            for one in seen.items.credits
        ]
        self._section(column, _("Not allocated yet"), unused)
        planned = [
            (
                f"{one.number} · {one.currency} {number_text(one.amount)}",
                shown_date(one.due_on) if one.due_on else one.event or _("no day yet"),
                "text2",
            )
            for one in seen.items.planned
        ]
        self._section(column, _("Planned on orders"), planned)
        if self.debtor is not None and not self.told:
            nothing = _("Nothing was promised and no letter was sent.")
            column.addWidget(text_label(nothing, BODY, REGULAR, "text2", wrap=True))
        column.addStretch(1)
        self.story.show_page(page)

    def _section(self, column: QVBoxLayout, title: str, lines: Sequence[tuple[str, str, str]]) -> None:
        if not lines:
            return
        column.addWidget(caption(title))
        for first, second, ink in lines:
            column.addWidget(text_label(first, BODY, MEDIUM, wrap=True))
            column.addWidget(text_label(second, LABEL, REGULAR, ink, wrap=True))
            column.addSpacing(px(4))
            self.told.append(f"{first} · {second}")
        column.addSpacing(px(6))

    def _open_customer(self) -> None:
        if self.debtor is not None:
            self._desk.open_record("contact", self.debtor.contact_id)

    def _open_item(self, item: Any) -> None:
        document = ("invoice", item.invoice_id) if item.invoice_id is not None else ("order", item.order_id)
        self._desk.open_record(*document)


def _promise_lines(one: Promised) -> tuple[str, str, str]:
    first = _("{currency} {amount} by {day}").format(
        currency=one.currency, amount=number_text(one.amount), day=shown_date(one.due_on)
    )
    said = " · ".join(part for part in (_(_STATES[one.state]), one.person, one.notes) if part)
    return first, said, _INKS.get(one.state, "text2")
