"""The due list: who owes what is overdue or falls due, the worst first, and what is done about it.

One key each begins a promise, a dispute, a receipt, a statement or shows the letters.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QSplitter, QVBoxLayout, QWidget

from crm_desktop.receivables.collecting.due_list import Debtor
from crm_desktop.receivables.money import disputes, promises
from crm_desktop.receivables.ui.collecting import debtor_rows
from crm_desktop.receivables.ui.collecting.ageing_head import AgeingHead
from crm_desktop.receivables.ui.collecting.claim_list import called
from crm_desktop.receivables.ui.collecting.debtor_pane import DebtorPane
from crm_desktop.receivables.ui.collecting.debtor_rows import Due, read_due, slot_sums, source_of
from crm_desktop.receivables.ui.collecting.due_actions import ABOUT_ONE, AHEAD, DISPUTE, DUNNING, STATEMENTS
from crm_desktop.receivables.ui.collecting.rows_source import RowsSource
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats, number_text
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.listing import Listing, Sort
from crm_desktop.shared.permissions import needed
from crm_desktop.ui.actions import ActionSet
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.empty import EmptyState, Offer, StateStack, failed
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, title_label
from crm_desktop.ui.list_source import Count
from crm_desktop.ui.record_table import RecordTable
from crm_desktop.ui.record_view import RecordView
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row, questions_row
from crm_desktop.ui.selection_bar import ListFooter
from crm_desktop.ui.theme import set_ground
from crm_desktop.ui.views_bar import ViewsBar

HEARS: Final = ("invoice", "receipt", "instalment", "promise", "write_off", "order", "contact", "dunning_letter")
SETTLE_MS: Final = 150
_PANE_PX: Final = 350
_FOLDED_BELOW_PX: Final = 1_000
_WIDE_FROM_PX: Final = 1_360


def due_screen(desk: Desk) -> Screen:
    """Return the due list."""
    return DueScreen(desk)


class DueScreen(Screen):
    """Customers who owe, in one currency at a time; beside them the one that is current."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self.due = Due((), (), {})
        self.actions_here = ActionSet(self, (*ABOUT_ONE, STATEMENTS, DUNNING), desk.actor.may)
        self.currencies = ViewsBar()
        self.currencies.setAccessibleName(_("Currency"))
        self.filter = QLineEdit()
        self.ahead = QComboBox()
        self.head = AgeingHead()
        source = RowsSource("debtor", debtor_rows.FIELDS, {})
        self.table = RecordTable(desk.tasks, source, self._formats, debtor_rows.LOOKS)
        self.view = RecordView(self.table)
        self.table.setParent(self.view)
        self.footer = ListFooter()
        self.pane = DebtorPane(desk, [self.actions_here[spec.name] for spec in ABOUT_ONE])
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.reload)
        self._outdated = False
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.view)
        self.reload()

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Due list")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("hand-coins")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers here."""
        return self.actions_here.offered()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        offered = {action.objectName() for action in self.actions_here.offered()}
        keys = [KeyHint(str(spec.shortcut), _(spec.text)) for spec in ABOUT_ONE if spec.name in offered]
        return (*keys, KeyHint("Enter", _("Open the customer")), KeyHint("F6", _("To the instalments and back")))

    def search_here(self) -> None:
        """Go to the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def reload(self) -> None:
        """Read the list again; the current customer stays."""
        ahead = self.ahead.currentData()
        self._outdated = False
        self.desk.tasks.read(self, lambda work: read_due(work, ahead), self._show, self._failed, coalesce="due")

    @property
    def current(self) -> Debtor | None:
        """Return the customer that is current."""
        id_ = self.view.current_id
        found = (one for one in self.due.of(self.currencies.current()) if one.contact_id == id_)
        return next(found, None)

    # How it is put together

    def _lay_out(self) -> None:
        self.view.verticalHeader().setDefaultSectionSize(px(debtor_rows.ROW_PX))
        self.view.verticalScrollBar().setSingleStep(self.view.row_height)
        self.view.setAccessibleName(_("Customers who owe"))
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        for part in (self.head, hairline()):
            inner.addWidget(part)
        inner.addWidget(self.view, 1)
        inner.addWidget(hairline())
        inner.addWidget(self.footer)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(body)
        self.split.addWidget(self.pane)
        self.split.setStretchFactor(0, 1)
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        self.stack = StateStack(self.split)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self._questions())
        column.addWidget(hairline())
        column.addWidget(self.stack, 1)

    def _header(self) -> QWidget:
        header, row = head_row()
        row.addWidget(title_label(self.title()))
        row.addSpacing(px(10))
        row.addWidget(self.currencies)
        row.addStretch(1)
        offered = {action.objectName() for action in self.actions_here.offered()}
        row.addWidget(button_for(self.actions_here["statements"], "quiet", header))
        if "dunning" in offered:
            row.addWidget(button_for(self.actions_here["dunning"], "primary", header))
        return header

    def _questions(self) -> QWidget:
        bar, row = questions_row()
        self.filter.setPlaceholderText(_("Filter by customer"))
        self.filter.setAccessibleName(_("Filter by customer"))
        self.filter.setProperty("dense", True)
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(px(210))
        self.ahead.setProperty("dense", True)
        self.ahead.setAccessibleName(_("Who is listed"))
        for days, text in AHEAD:
            self.ahead.addItem(_(text), days)
        row.addWidget(self.filter)
        row.addWidget(self.ahead)
        row.addStretch(1)
        return bar

    def _connect(self) -> None:
        for name, act in (
            ("promise", self._promise),
            ("dispute", self._dispute),
            ("receipt", self._receipt),
            ("statement", self._statement),
            ("letters", self._letters),
            ("statements", self._statements),
            ("dunning", self._dunning),
        ):
            self.actions_here.on(name, act)
        self.view.opened.connect(lambda contact_id: self.desk.open_record("contact", contact_id))
        self.view.current_changed.connect(lambda _id: self._show_current())
        self.view.sort_wanted.connect(self._sort)
        self.pane.item_changed.connect(self._offer)
        self.table.completed.connect(self._foot)
        self.currencies.chosen.connect(lambda _currency: self._show_currency())
        self.filter.textChanged.connect(lambda _text: self._narrow())
        self.ahead.currentIndexChanged.connect(lambda _place: self.reload())
        self.desk.changes.changed.connect(self._heard)

    # What is shown

    def _formats(self) -> Formats:
        return Formats.of(self.desk.today, self.desk.names, self.desk.timezone)

    def _show(self, due: Due) -> None:
        before = self.currencies.current()
        self.due = due
        self.currencies.clear()
        found = due.currencies()
        for currency, count in found:
            self.currencies.add_view(currency, currency, f"{count:,}")
        self.currencies.set_current(self.desk.currency)
        self.currencies.set_current(before)
        self.currencies.setVisible(len(found) > 1)
        if not found:
            self._show_current()
            self.stack.show_state(self._nobody())
            return
        self.stack.show_content()
        self._show_currency()

    def _show_currency(self) -> None:
        currency = self.currencies.current()
        self.table.source = source_of(self.due, currency)
        self.head.show_sums(currency, slot_sums(self.due.of(currency), self.due.bounds, currency), self.due.bounds)
        if self.table.columns:
            self.table.reload()
            self._show_current()
        else:
            self.table.show(Listing(columns=self._columns()))

    def _columns(self) -> tuple[str, ...]:
        return debtor_rows.WIDE if self.width() >= px(_WIDE_FROM_PX) else debtor_rows.NARROW

    def _show_current(self) -> None:
        self.pane.show_debtor(self.current, self.due.bounds)
        self._offer()

    def _offer(self) -> None:
        """Switch on what can be done with what is chosen."""
        one, item = self.current, self.pane.claims.current
        for spec in ABOUT_ONE:
            self.actions_here.enable(spec.name, one is not None and (spec is not DISPUTE or item is not None))
        settled = item is not None and item.disputed_on is not None
        self.actions_here["dispute"].setText(_("Settle dispute") if settled else _("Dispute"))

    def _foot(self) -> None:
        shown = set(self.table.ids())
        currency = self.currencies.current()
        some = [one for one in self.due.of(currency) if one.contact_id in shown]
        not_due, *buckets, undated, unapplied = slot_sums(some, self.due.bounds, currency)
        owed = not_due + sum(buckets) + undated - unapplied
        words = ngettext("{count} customer", "{count} customers", len(some)).format(count=f"{len(some):,}")
        totals = [
            _("Not due {amount}").format(amount=number_text(not_due)),
            _("Overdue {amount}").format(amount=number_text(sum(buckets))),
        ]
        if undated:
            totals.append(_("No day yet {amount}").format(amount=number_text(undated)))
        if unapplied:
            totals.append(_("Unapplied {amount}").format(amount=number_text(-unapplied)))
        totals.append(f"{currency} {number_text(owed)}")
        self.footer.show_count(words, Count(len(some), totals=tuple(totals)))

    def _nobody(self) -> QWidget:
        if self.ahead.currentData() is None:
            return EmptyState(
                "hand-coins",
                _("Nobody owes you anything"),
                _("Customers with posted invoices that are not paid stand here, the worst first."),
            )
        everybody = Offer(_("Show everybody who owes"), lambda: self.ahead.setCurrentIndex(len(AHEAD) - 1))
        return EmptyState(
            "circle-check",
            _("Nothing is overdue"),
            _("No customer has anything overdue, and nothing falls due in these days."),
            primary=everybody,
            kind="plain",
        )

    def _failed(self, error: BaseException) -> None:
        self.stack.show_state(failed(_("The due list could not be read"), str(error), self.reload))

    def _sort(self, sorts: tuple[Sort, ...]) -> None:
        self.table.show(Listing(self.filter.text(), columns=self.table.listing.columns, sorts=sorts))

    def _narrow(self) -> None:
        self._sort(self.table.listing.sorts)

    def _heard(self, changes: Changes) -> None:
        if not any(changes.touches(entity) for entity in HEARS):
            return
        if self.isVisible():
            self._settle.start()
        else:
            self._outdated = True

    # What people do

    def _promise(self) -> None:
        one = self.current
        if one is not None and self.desk.actor.may(*needed(promises.promise)):
            from crm_desktop.receivables.ui.money.claim_dialogs import PromiseDialog

            amount = one.overdue or one.balance
            PromiseDialog(
                self.desk, one.contact_id, one.name, one.currency, amount if amount > 0 else None, self
            ).open()

    def _dispute(self) -> None:
        item = self.pane.claims.current
        if item is not None and self.desk.actor.may(*needed(disputes.dispute)):
            from crm_desktop.receivables.ui.money.claim_dialogs import DisputeDialog

            disputed = item.disputed_on is not None
            DisputeDialog(self.desk, item.id, called(item), disputed=disputed, parent=self).open()

    def _receipt(self) -> None:
        self._open("receipt_for_contact")

    def _statement(self) -> None:
        self._open("statement_for_contact")

    def _open(self, entity: str) -> None:
        if self.current is not None:
            self.desk.open_record(entity, self.current.contact_id)

    def _letters(self) -> None:
        if self.current is not None:
            from crm_desktop.receivables.ui.collecting.letters_dialog import LettersDialog

            LettersDialog(self.desk, self.current.contact_id, self.current.name, self).open()

    def _statements(self) -> None:
        self.desk.open_record("statements", None)

    def _dunning(self) -> None:
        self.desk.open_record("dunning_run", None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go between the customers and the instalments of the current one; Esc leaves the filter."""
        if event.key() == Qt.Key.Key_F6:
            aim = self.view if self.pane.claims.hasFocus() or self.pane.isHidden() else self.pane.claims
            aim.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif event.key() == Qt.Key.Key_Escape and not self.view.hasFocus():
            self.filter.clear()
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif event.key() == Qt.Key.Key_Down and self.filter.hasFocus():
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the pane away where there is no room."""
        super().resizeEvent(event)
        self.pane.setVisible(self.width() >= px(_FOLDED_BELOW_PX))
        self.split.setSizes([self.width() - px(_PANE_PX), px(_PANE_PX)])
        if self.table.columns:
            self.table.set_columns(self._columns())

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while it was out of sight."""
        super().showEvent(event)
        if self._outdated:
            self.reload()
