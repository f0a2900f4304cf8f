"""The tab of a customer's record that shows what it owes, how it paid, and how its credit stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from crm_desktop.contacts.ui.row_section import RowSection
from crm_desktop.contacts.ui.row_source import RowSource
from crm_desktop.receivables.collecting import balances, credit, credit_terms
from crm_desktop.receivables.collecting.balances import CustomerCard
from crm_desktop.receivables.collecting.credit import CreditStanding
from crm_desktop.receivables.collecting.credit_terms import CustomerTerms
from crm_desktop.receivables.lists import INSTALMENTS, INVOICES, RECEIPTS, document_of_instalment
from crm_desktop.receivables.money import promises
from crm_desktop.receivables.money.promises import Promised
from crm_desktop.receivables.ui import list_words
from crm_desktop.receivables.ui.collecting import money_figures
from crm_desktop.receivables.ui.collecting.ageing_bar import AgeingBar, aged_text
from crm_desktop.receivables.ui.collecting.credit_terms_dialog import CreditTermsDialog
from crm_desktop.receivables.ui.collecting.money_side import LEAST_PX, Allocations, Promises
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import LABEL, REGULAR, px
from crm_desktop.ui.heading import Figure, figures_row
from crm_desktop.ui.labels import hairline, text_label

_ENTITIES: Final = ("invoice", "receipt", "instalment", "promise", "write_off", "order", "receivable_settings")
_OPEN_COLUMNS: Final = ("invoice", "order", "due_on", "late", "amount", "open_amount", "dunning_level")
_INVOICE_COLUMNS: Final = ("number", "kind", "dated_on", "status", "next_due_on", "open_amount", "total")
_RECEIPT_COLUMNS: Final = ("number", "kind", "dated_on", "method", "reference", "open_amount", "amount")


@dataclass(frozen=True, slots=True)
class _Money:
    """What the top of the tab says."""

    card: CustomerCard
    standing: CreditStanding | None
    promised: Sequence[Promised]


class CustomerMoney(QWidget):
    """Figures on top; open instalments, invoices and receipts; beside them what paid what, and promises."""

    counted = Signal(int)
    """How many invoices and receipts there are."""
    figured = Signal(object)
    """The figures for the head of the record (a tuple of `ui.heading.Figure`)."""

    def __init__(self, desk: Desk, contact_id: int) -> None:
        super().__init__()
        self._desk, self._contact_id = desk, contact_id
        self._counts: dict[str, int] = {}
        self.sections: dict[str, RowSection] = {}
        self.bar = AgeingBar()
        self.ages = text_label("", LABEL, REGULAR, "muted", wrap=True)
        self.figures: tuple[Figure, ...] = ()
        self._figures_place = QVBoxLayout()
        self._figures_shown: QWidget | None = None
        self.allocations = Allocations(desk)
        self.promises = Promises()
        self.promises.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top())
        column.addWidget(hairline())
        column.addWidget(self._body(), 1)
        desk.changes.changed.connect(self._heard)
        self.reload()

    def reload(self) -> None:
        """Read everything again."""
        contact_id = self._contact_id

        def read(work: Any) -> _Money:
            may = work.actor.may
            return _Money(
                balances.card(work, contact_id),
                credit.standing(work, contact_id) if may(Permission.ORDER_READ) else None,
                promises.promises_of(work, contact_id),
            )

        self._desk.tasks.read(self, read, self._show, coalesce="money")
        for section in self.sections.values():
            section.show_contact(contact_id)
        self.allocations.reload()

    # Building ------------------------------------------------------------------------------------

    def _top(self) -> QWidget:
        top = QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(px(20), px(10), px(20), px(8))
        row.setSpacing(px(28))
        aged = QVBoxLayout()
        aged.setSpacing(px(8))
        aged.addStretch(1)
        aged.addWidget(self.bar)
        aged.addWidget(self.ages)
        aged.addStretch(1)
        row.addLayout(aged, 1)
        row.addLayout(self._figures_place)
        return top

    def _add_buttons(self) -> None:
        """Put what begins a document behind the heading of its list."""
        for section, text, icon, permission, entity in (
            ("instalment", _("Statement"), "file-text", Permission.RECEIPT_READ, "statement_for_contact"),
            ("invoice", _("New invoice"), "plus", Permission.INVOICE_WRITE, "invoice_for_contact"),
            ("receipt", _("New receipt"), "plus", Permission.RECEIPT_POST, "receipt_for_contact"),
        ):
            self._add_button(section, text, icon, permission, self._beginner(entity))
        self._add_button("instalment", _("Credit terms…"), "shield", Permission.CREDIT_LIMIT_READ, self._open_terms)

    def _add_button(
        self, section: str, text: str, icon: str, permission: Permission, act: Callable[[], object]
    ) -> None:
        if section in self.sections and self._desk.actor.may(permission):
            button = Button(text, "quiet", icon=icon, dense=True)
            button.clicked.connect(lambda _checked=False: act())
            self.sections[section].heading.addWidget(button)

    def _beginner(self, entity: str) -> Callable[[], None]:
        return lambda: self._desk.open_record(entity, self._contact_id)

    def _body(self) -> QWidget:
        lists = QSplitter(Qt.Orientation.Vertical)
        actor = self._desk.actor
        for entity, title, nothing, listing, summed, columns, looks in (
            (
                *("instalment", _("Open instalments"), _("Nothing is open."), INSTALMENTS),
                *("open_amount", _OPEN_COLUMNS, list_words.INSTALMENT_LOOKS),
            ),
            (
                *("invoice", _("Invoices"), _("No invoice yet."), INVOICES),
                *("open_amount", _INVOICE_COLUMNS, list_words.INVOICE_LOOKS),
            ),
            (
                *("receipt", _("Receipts"), _("No receipt yet."), RECEIPTS),
                *("open_amount", _RECEIPT_COLUMNS, list_words.RECEIPT_LOOKS),
            ),
        ):
            if not actor.may(listing.described.read):
                continue
            source = RowSource(actor, entity, listing, summed)
            section = RowSection(self._desk, title, nothing, source, columns, looks)
            section.opened.connect(lambda id_, entity=entity: self._open(entity, id_))
            section.counted.connect(lambda count, entity=entity: self._count(entity, count))
            section.view.current_changed.connect(lambda _id, entity=entity: self._choose(entity))
            section.view.focused.connect(lambda entity=entity: self._choose(entity))
            self.sections[entity] = section
            lists.addWidget(section)
        self._add_buttons()
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.promises)
        column.addWidget(self.allocations, 1)
        side.setMinimumWidth(px(LEAST_PX))
        across = QSplitter(Qt.Orientation.Horizontal)
        across.addWidget(lists)
        across.addWidget(side)
        across.setStretchFactor(0, 1)
        for place, share in enumerate((4, 4, 3)[: lists.count()]):
            lists.setStretchFactor(place, share)
        for splitter in (lists, across):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        return across

    # What is shown -------------------------------------------------------------------------------

    def _show(self, money: _Money) -> None:
        first = money.card.balances[0] if money.card.balances else None
        self.bar.setVisible(first is not None)
        self.ages.setText(_("Nothing is owed."))
        if first is not None:
            self.bar.show_balance(first, money.card.bounds)
            self.ages.setText(aged_text(money.card))
        self.figures = money_figures.for_tab(money.standing)
        row = figures_row(self.figures)
        if self._figures_shown is not None:
            self._figures_place.removeWidget(self._figures_shown)
            self._figures_shown.deleteLater()
        self._figures_shown = row
        self._figures_place.addWidget(row)
        self.promises.show_promises(money.promised)
        self.figured.emit(money_figures.for_head(money.card, money.standing, self._desk.currency))

    def _choose(self, entity: str) -> None:
        """Tell of the current row of the list that has the keyboard."""
        section = self.sections[entity]
        id_ = section.view.current_id
        if id_ is None or not section.view.hasFocus():
            return
        row = section.table.row_of(id_)
        record = section.table.record(row) if row is not None else None
        if record is None:
            return
        called = str(record.get("number") or record.get("invoice") or record.get("order") or "")
        if entity == "receipt":
            self.allocations.show_document("receipt_id", id_, _("What {number} paid").format(number=called))
        elif entity == "invoice" and record.get("kind") == "credit":
            self.allocations.show_document("credit_id", id_, _("What {number} was used for").format(number=called))
        else:
            key = "instalment_id" if entity == "instalment" else "invoice_id"
            self.allocations.show_document(key, id_, _("What paid {number}").format(number=called))

    def _count(self, entity: str, count: int) -> None:
        self._counts[entity] = count
        self.counted.emit(self._counts.get("invoice", 0) + self._counts.get("receipt", 0))

    # What people do ------------------------------------------------------------------------------

    def _open(self, entity: str, id_: int) -> None:
        if entity != "instalment":
            self._desk.open_record(entity, id_)
            return
        open_record = self._desk.open_record
        self._desk.tasks.read(
            self, lambda work: document_of_instalment(work, id_), lambda found: open_record(*found), coalesce="open"
        )

    def _open_terms(self) -> None:
        contact_id = self._contact_id

        def show(terms: CustomerTerms) -> None:
            CreditTermsDialog(self._desk, terms, self).open()

        self._desk.tasks.read(self, lambda work: credit_terms.get(work, contact_id), show, coalesce="terms")

    def _heard(self, changes: Changes) -> None:
        if changes.touches("contact", self._contact_id) or any(changes.touches(entity) for entity in _ENTITIES):
            self.reload()
