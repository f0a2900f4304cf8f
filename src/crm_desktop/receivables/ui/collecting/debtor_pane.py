"""Beside Collections: one customer, how to reach it, what it owes piece by piece, and all that was said and paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.activities import timeline
from crm_desktop.activities.above import Entry
from crm_desktop.activities.timeline_words import Teller
from crm_desktop.activities.ui.timeline_rows import TimelineRows
from crm_desktop.activities.ui.timeline_view import TimelineView
from crm_desktop.contacts import service as contacts
from crm_desktop.receivables.collecting.collections import Case
from crm_desktop.receivables.collecting.due_list import DueItems, due_items
from crm_desktop.receivables.ui.collecting.ageing_bar import AgeingBar, slots_text
from crm_desktop.receivables.ui.collecting.claim_list import ROW_PX, ClaimList
from crm_desktop.receivables.ui.collecting.debt_words import balance_words
from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.errors import NotFound
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button, IconButton, button_for
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.flow_layout import FlowLayout
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.labels import caption, hairline, text_label
from crm_desktop.ui.theme import set_ground

if TYPE_CHECKING:
    from crm_desktop.receivables.ui.collecting.call_form import CallForm

LEAST_PX: Final = 300
TOLD: Final = frozenset({"talks", "money", "documents"})
ENTRIES: Final = 40
_CLAIMS_SHOWN: Final = 4
_BOTH_FROM_PX: Final = 900
"""How high the pane is to show the form and the instalments."""
_FIRST: Final = 3
"""The actions of the first line are for every day."""


@dataclass(frozen=True, slots=True)
class _Seen:
    items: DueItems
    reached: str
    planned: Sequence[Entry]
    happened: Sequence[Entry]


class DebtorPane(QWidget):
    """Shows one customer; the actions are the screen's, the form is its own."""

    item_changed = Signal()
    form_made = Signal(object)
    """The `CallForm`, once."""

    def __init__(self, desk: Desk, actions: Sequence[QAction]) -> None:
        super().__init__()
        self._desk = desk
        self.case: Case | None = None
        set_ground(self, "surface")
        self.setMinimumWidth(px(LEAST_PX))
        self.name = text_label("", SECTION, SEMIBOLD, wrap=True)
        self.reached = text_label("", LABEL, REGULAR, "text2", wrap=True)
        self.reached.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts = text_label("", LABEL, REGULAR, "text2", wrap=True)
        self.bar = AgeingBar()
        self.opening = IconButton("arrow-up-right", _("Open the customer"))
        self.opening.clicked.connect(self._open_customer)
        self.buttons: list[Button] = []
        self._call: CallForm | None = None
        self.claims = ClaimList()
        self.claims.opened.connect(self._open_item)
        self.claims.selectionModel().currentChanged.connect(lambda _now, _before: self.item_changed.emit())
        self.story = TimelineView(TimelineRows())
        self.story.setAccessibleName(_("Conversation and money"))
        self.story.opened.connect(self._open_entry)
        self.nothing = text_label("", BODY, REGULAR, "muted", wrap=True)
        self._lay_out(actions)

    # How it is put together

    def _lay_out(self, actions: Sequence[QAction]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._claims_head = _titled(_("Open instalments"))
        self._story_head = _titled(_("Conversation and money"))
        self._quiet = _padded(self.nothing)
        for part in (self._head(actions), hairline(), self._claims_head, self.claims, self._story_head):
            column.addWidget(part)
        column.addWidget(self.story, 1)
        column.addWidget(self._quiet)
        column.addStretch(0)

    def _head(self, actions: Sequence[QAction]) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(px(16), px(12), px(16), px(10))
        column.setSpacing(px(5))
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(self.opening, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        for line in (self.reached, self.facts, self.bar):
            column.addWidget(line)
        column.addSpacing(px(2))
        row = QWidget()
        flow = FlowLayout(row, px(6))
        flow.setContentsMargins(0, 0, 0, 0)
        for place, action in enumerate(actions):
            kind = "primary" if not place else "plain" if place < _FIRST else "quiet"
            button = button_for(action, kind, row)
            flow.addWidget(button)
            self.buttons.append(button)
        flow.addWidget(QWidget(row))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        row.setSizePolicy(policy)
        column.addWidget(row)
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return head

    # The form

    @property
    def call(self) -> "CallForm":
        """Return the form; it is made when it is first asked for, so that the list opens without it."""
        if self._call is None:
            from crm_desktop.receivables.ui.collecting.call_form import CallForm

            self._call = CallForm(self._desk)
            self._call.changed.connect(self.make_room)
            column = cast("QVBoxLayout", self.layout())
            column.insertWidget(column.indexOf(self._claims_head), self._call)
            self.form_made.emit(self._call)
        return self._call

    @property
    def calling(self) -> bool:
        """Return whether a call is being written down."""
        return self._call is not None and not self._call.isHidden()

    @property
    def saving(self) -> bool:
        """Return whether a call is being saved."""
        return self._call is not None and self._call.busy

    @property
    def half_typed(self) -> int:
        """Return how many customers there is something unsaved of."""
        return 0 if self._call is None else self._call.half_typed

    # What is shown

    def show_case(self, case: Case | None, bounds: Sequence[int]) -> None:
        """Show another customer, or the same one with other figures; None empties the pane."""
        before, self.case = self.case, case
        for widget in (self.opening, self.bar, *self.buttons):
            widget.setVisible(case is not None)
        if case is None:
            self.name.setText("")
            self.facts.setText("")
            self._show_contact("")
            self._show_items(DueItems((), (), ()))
            self._tell((), ())
            self.nothing.setText("")
            return
        debtor = case.debtor
        self.name.setText(debtor.name)
        self.facts.setText(self._facts(case))
        if before is None or before.debtor.contact_id != debtor.contact_id:
            self._show_contact("")
            self._show_items(DueItems((), (), ()))
            self._tell((), ())
        self.bar.show_slots((debtor.not_due, *debtor.buckets), slots_text(debtor.not_due, debtor.buckets, bounds))
        contact_id = debtor.contact_id

        def read(work: Any) -> _Seen | None:
            try:
                return _Seen(
                    due_items(work, contact_id),
                    _reached_at(contacts.get(work, contact_id).values),
                    timeline.planned(work, contact_id),
                    timeline.page(work, contact_id, groups=TOLD, limit=ENTRIES),
                )
            except NotFound:
                return None

        self._desk.tasks.read(self, read, self._show, coalesce="debtor")

    def formats(self) -> Formats:
        """Return how days and people are shown."""
        return Formats.of(self._desk.today, self._desk.names, self._desk.timezone)

    def _facts(self, case: Case) -> str:
        one = case.debtor
        parts = [balance_words(one.currency, one.balance)]
        if one.unapplied:
            parts.append(_("{amount} not allocated").format(amount=number_text(one.unapplied)))
        if one.promises.next_due_on is not None and one.promises.next_amount is not None:
            amount = f"{one.promises.next_currency} {number_text(one.promises.next_amount)}"
            parts.append(
                _("promised {amount} by {day}").format(amount=amount, day=shown_date(one.promises.next_due_on))
            )
        if one.planned:
            parts.append(_("{amount} planned on orders").format(amount=number_text(one.planned)))
        if one.owner_id is not None and one.owner_id in self._desk.names:
            parts.append(self._desk.names[one.owner_id])
        return " · ".join(parts)

    def _show(self, seen: _Seen | None) -> None:
        if self.case is None or seen is None:
            return
        self._show_contact(seen.reached)
        self._show_items(seen.items)
        self.item_changed.emit()
        self._tell(seen.planned, seen.happened)

    def _show_contact(self, text: str) -> None:
        self.reached.setText(text)
        self.reached.setVisible(bool(text))

    def _show_items(self, items: DueItems) -> None:
        currency = self.case.debtor.currency if self.case is not None else ""
        some = [one for one in items.open if one.currency == currency]
        self.claims.show_items(some, self._desk.today)
        self.make_room()
        self.claims.setFixedHeight(px(ROW_PX) * min(len(some), _CLAIMS_SHOWN) + px(1))

    def make_room(self) -> None:
        """Leave the instalments out where they would press on the form."""
        room = not self.calling or self.height() >= px(_BOTH_FROM_PX)
        for widget in (self._claims_head, self.claims):
            widget.setVisible(room and bool(self.claims.claims.items))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what there is room for."""
        super().resizeEvent(event)
        self.make_room()

    def _tell(self, planned: Sequence[Entry], happened: Sequence[Entry]) -> None:
        self.story.timeline.show(Teller(self.formats(), self._desk.currency), planned, happened)
        told = bool(planned or happened)
        for widget in (self._story_head, self.story):
            widget.setVisible(told)
        self._quiet.setVisible(not told)
        self.nothing.setText(_("Nothing was said, promised or paid yet."))

    # What people do

    def _open_customer(self) -> None:
        if self.case is not None:
            self._desk.open_record("contact", self.case.debtor.contact_id)

    def _open_item(self, item: Any) -> None:
        document = ("invoice", item.invoice_id) if item.invoice_id is not None else ("order", item.order_id)
        self._desk.open_record(*document)

    def _open_entry(self, entry: Entry) -> None:
        if entry.entity:
            self._desk.open_record(entry.entity, entry.id)


def _reached_at(contact: Any) -> str:
    """Return whom to call and at which number: the first person with a phone, else the customer's own phone."""
    people = [one for one in contact.get("people") or () if one.get("phone")]
    own = [point["value"] for point in contact.get("points") or () if point.get("kind") in ("mobile", "phone")]
    if people:
        one = people[0]
        return " · ".join(part for part in (one["name"], one.get("role") or "", one["phone"]) if part)
    return str(own[0]) if own else ""


def _titled(text: str) -> QWidget:
    return _padded(caption(text), 10, 4)


def _padded(inner: QWidget, above: int = 10, below: int = 10) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(px(16), px(above), px(16), px(below))
    column.addWidget(inner)
    return holder
