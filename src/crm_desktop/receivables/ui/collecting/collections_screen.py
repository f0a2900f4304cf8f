"""Collections: who owes what is overdue, the worst first, and one key each for what is done about it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QIcon, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.receivables.collecting import collections
from crm_desktop.receivables.collecting.collections import Case
from crm_desktop.receivables.ui.collecting.claim_list import called
from crm_desktop.receivables.ui.collecting.collections_actions import ABOUT_ONE, DISPUTE
from crm_desktop.receivables.ui.collecting.collections_sheet import CollectionsSheet
from crm_desktop.receivables.ui.collecting.collections_states import nobody_called, nobody_here, nobody_owes, not_read
from crm_desktop.receivables.ui.collecting.debtor_rows import NOBODY, CaseSource, Due, foot_words, read_due, slot_sums
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import Cancelled, UserError
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.listing import Listing, Sort
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.dialogs import Verb
from crm_desktop.ui.icons import icon
from crm_desktop.ui.list_source import Count
from crm_desktop.ui.screen import KeyHint, Screen

if TYPE_CHECKING:
    from crm_desktop.receivables.ui.collecting.call_form import CallForm, Sent

HEARS = ("invoice", "receipt", "instalment", "promise", "write_off", "order", "contact", "dunning_letter", "activity")
SETTLE_MS = 150


def collections_screen(desk: Desk) -> Screen:
    """Return Collections."""
    return CollectionsScreen(desk)


class CollectionsScreen(CollectionsSheet):
    """Customers who owe, in one currency and one view at a time; beside them the one that is current.

    What is done changes what the rows say and never where they stand: a new order comes with F5, another view,
    currency, day or filter.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.due: Due = NOBODY
        self.worked: set[int] = set()
        self._away: int | None = None
        self._outdated = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(lambda: self._read(keep=True))
        self._connect()
        self.reload()

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Collections")

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon("hand-coins")

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        anew = KeyHint("F5", _("Sort anew"))
        if self.current is None:
            return (anew,)
        works = {action.objectName() for action in self.actions_here.offered() if action.isEnabled()}
        return (
            *(KeyHint(str(spec.shortcut), _(spec.text)) for spec in ABOUT_ONE if spec.name in works),
            KeyHint("↑ ↓", _("Customer")),
            *([KeyHint("Ctrl+Return", _("Save and next"))] if self.pane.calling else []),
            KeyHint("Enter", _("Open the customer")),
            KeyHint("F6", _("To the instalments and back")),
            anew,
        )

    def show_rows(self, listing: Listing) -> None:
        """Show a view (a filter "view") and customers of a name."""
        self.filter.setText(listing.text)
        for one in listing.filters:
            if one.field == "view" and one.values:
                self.views.set_current(str(one.values[0]))
        self._show_view()

    def reload(self) -> None:
        """Read and sort the list anew; the current customer stays."""
        self._read(keep=False)

    @property
    def unsaved(self) -> bool:
        """Return whether a call is half typed."""
        return self.pane.saving or self.pane.half_typed > 0

    def can_close(self) -> bool:
        """Return whether the tab may close: asks when a call is half typed."""
        if self.pane.saving or not self.unsaved:
            return not self.pane.saving
        verbs = (Verb("discard", _("Give it up")), Verb("keep", _("Keep editing"), safe=True))
        answer = self.desk.dialogs.ask(_("Give up what is typed?"), _("A call is not saved yet."), verbs)
        if answer == "discard":
            self.pane.call.forget()
        return answer == "discard"

    @property
    def current(self) -> Case | None:
        """Return the customer that is current."""
        source = self.table.source
        id_ = self.view.current_id
        return source.cases.get(id_) if isinstance(source, CaseSource) and id_ is not None else None

    # Reading

    def _connect(self) -> None:
        for name, act in (
            ("call", lambda: self._begin("said")),
            ("promise", lambda: self._begin("amount")),
            ("dispute", self._dispute),
            ("receipt", self._receipt),
            ("statement", lambda: self._open("statement_for_contact")),
            ("letters", self._letters),
            ("statements", lambda: self.desk.open_record("statements", None)),
            ("dunning", lambda: self.desk.open_record("dunning_run", None)),
            ("export", self.export_list),
        ):
            self.actions_here.on(name, act)
        self.view.opened.connect(lambda contact_id: self.desk.open_record("contact", contact_id))
        self.view.current_changed.connect(lambda _id: self._show_current())
        self.view.sort_wanted.connect(self._sort)
        self.view.typed.connect(self._type_on)
        self.pane.item_changed.connect(self._offer)
        self.pane.form_made.connect(self._hear_form)
        self.table.completed.connect(self._complete)
        self.currencies.chosen.connect(lambda _currency: self._show_view())
        self.views.chosen.connect(self.remember_view)
        self.views.chosen.connect(lambda _view: self._show_view())
        for chooser in (self.whose, self.who):
            chooser.currentIndexChanged.connect(lambda _place: self._show_view())
        self.as_of.edited.connect(self.reload)
        self.filter.textChanged.connect(lambda _text: self._sort(self.table.listing.sorts))
        self.desk.changes.changed.connect(self._heard)

    def _hear_form(self, form: "CallForm") -> None:
        form.saved.connect(self._called)
        form.left.connect(self._to_list)
        form.changed.connect(self.state_changed)

    def _read(self, *, keep: bool) -> None:
        if self.as_of.problem() is not None:
            return
        self._outdated = False
        as_of, today = self.as_of.value(), self.desk.today
        day = None if as_of == today else as_of
        self.running.run(
            self.title(),
            lambda work, progress: read_due(work, day, today, progress),
            lambda due: self._show(due, keep=keep),
            self._failed,
            only_shows=True,
        )

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, Cancelled):
            self.stack.show_state(not_read(error, self.reload))

    def _heard(self, changes: Changes) -> None:
        if self._away is not None and changes.touches("receipt"):
            self._look_for_receipt(changes)
        if not any(changes.touches(entity) for entity in HEARS):
            return
        if self.isVisible():
            self._settle.start()
        else:
            self._outdated = True

    # What is shown

    def _show(self, due: Due, *, keep: bool) -> None:
        self.due = due
        before, found = self.currencies.current(), due.currencies()
        if self.currencies.keys() != [currency for currency, _count in found]:
            self.currencies.clear()
            for currency, count in found:
                self.currencies.add_view(currency, currency, f"{count:,}")
            self.currencies.set_current(self.desk.currency)
            self.currencies.set_current(before)
        for currency, count in found:
            self.currencies.set_count(currency, f"{count:,}")
        self.currencies.setVisible(len(found) > 1)
        self.ask(found=bool(found))
        if self.show_people(due) or self.currencies.current() != before:
            keep = False
        if not found:
            self._show_current()
            self.stack.show_state(nobody_owes(self.desk.actor, today=self.as_of.value() in (None, self.desk.today)))
            return
        self._show_view(keep=keep)

    def _show_view(self, *, keep: bool = False) -> None:
        currency, view = self.currencies.current(), self.views.current()
        for key, _label in collections.VIEWS:
            self.views.set_count(key, f"{len(self.due.of(currency, key)):,}")
        cases = [one for one in self.due.of(currency, view) if self.stands_here(one)]
        source = self.table.source
        if keep and isinstance(source, CaseSource) and source.cases:
            made = source.refreshed(self.due, cases, self.due.of(currency), self.formats())
        else:
            made = CaseSource(self.due, cases, self.formats(), self.worked)
        self.table.source = made
        bounds = self.due.collected.bounds
        everybody = [one.debtor for one in self.due.of(currency)]
        self.head.show_sums(currency, slot_sums(everybody, bounds, currency), bounds)
        if not made.cases:
            if self.currencies.current():
                self.stack.show_state(nobody_here(self._show_all))
            self._show_current()
            return
        self.stack.show_content()
        if self.table.columns:
            self.table.reload()
            self._show_current()
        else:
            self.table.show(Listing(self.filter.text(), columns=self.columns_here()))

    def _show_current(self) -> None:
        case = self.current
        self.pane.show_case(case, self.due.collected.bounds)
        if self.pane.calling:
            if case is None:
                self.pane.call.close_form()
            else:
                self.pane.call.follow(case, self._step_words(case))
        self._offer()

    def _step_words(self, case: Case) -> str:
        source = self.table.source
        return str(source.step(case)) if isinstance(source, CaseSource) and case.next is not None else ""

    def _offer(self) -> None:
        """Switch on what can be done with what is chosen."""
        one, item = self.current, self.pane.claims.current
        for spec in ABOUT_ONE:
            self.actions_here.enable(spec.name, one is not None and (spec is not DISPUTE or item is not None))
        settled = item is not None and item.disputed_on is not None
        self.actions_here["dispute"].setText(_("Settle dispute") if settled else _("Dispute"))
        self.state_changed.emit()

    def _foot(self) -> None:
        currency, source = self.currencies.current(), self.table.source
        if not isinstance(source, CaseSource):
            return
        some = [source.cases[id_].debtor for id_ in self.table.ids() if id_ in source.cases]
        words = ngettext("{count} customer", "{count} customers", len(some)).format(count=f"{len(some):,}")
        if done := sum(one.contact_id in self.worked for one in some):
            words += " · " + ngettext("{count} done", "{count} done", done).format(count=f"{done:,}")
        totals = foot_words(slot_sums(some, self.due.collected.bounds, currency), currency)
        self.footer.show_count(words, Count(len(some), totals=totals))

    def _show_all(self) -> None:
        self.filter.clear()
        for chooser in (self.whose, self.who):
            chooser.setCurrentIndex(0)
        self.views.set_current(collections.EVERYBODY)
        self._show_view()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _complete(self) -> None:
        """Say the sums of what is listed, or that nobody has the name in the filter."""
        source = self.table.source
        listed = self.table.rowCount() > 0
        if listed:
            self.stack.show_content()
        elif self.filter.text().strip() and isinstance(source, CaseSource) and source.cases:
            self.stack.show_state(nobody_called(self.filter.text().strip(), self.filter.clear))
        self.actions_here.enable("export", listed)
        self._show_current()
        self._foot()

    def _sort(self, sorts: tuple[Sort, ...]) -> None:
        self.table.show(Listing(self.filter.text(), columns=self.table.listing.columns, sorts=sorts))

    def _type_on(self, text: str) -> None:
        self.filter.setFocus(Qt.FocusReason.OtherFocusReason)
        self.filter.insert(text)

    # What people do

    def _begin(self, at: str) -> None:
        if (case := self.current) is not None:
            self.pane.setVisible(True)
            self.pane.call.begin(case, self._step_words(case), at)
            self.state_changed.emit()

    def _called(self, sent: "Sent") -> None:
        """Go to the next customer; the one that is done keeps its place."""
        self._tick(sent.contact_id)
        row = self.table.row_of(sent.contact_id, self.view.currentIndex().row())
        if row is not None and row + 1 < self.table.rowCount():
            self.view.setCurrentIndex(self.table.index(row + 1, 0))
        else:
            self.desk.toast(_("That was the last customer of this list."), kind="success")
        self._to_list()

    def _tick(self, contact_id: int) -> None:
        self.worked.add(contact_id)
        self.table.refresh_rows({contact_id})
        self._foot()

    def _to_list(self) -> None:
        self._fold()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dispute(self) -> None:
        item, case = self.pane.claims.current, self.current
        if item is not None and case is not None:
            from crm_desktop.receivables.ui.money.claim_dialogs import DisputeDialog

            disputed, contact_id = item.disputed_on is not None, case.debtor.contact_id
            dialog = DisputeDialog(self.desk, item.id, called(item), disputed=disputed, parent=self)
            dialog.carried_out.connect(lambda _result: self._tick(contact_id))
            dialog.open()

    def _receipt(self) -> None:
        if self.current is not None:
            self._away = self.current.debtor.contact_id
            self._open("receipt_for_contact")

    def _look_for_receipt(self, changes: Changes) -> None:
        """Come back when the receipt this screen opened is posted; others post receipts too."""
        from crm_desktop.receivables.money import receipts

        wanted, ids = self._away, sorted(changes.ids.get("receipt", ()))
        me = self.desk.actor.user_id

        def read(work: Any) -> bool:
            for id_ in ids:
                try:
                    found = receipts.get(work, id_)
                except UserError:
                    continue
                if found["contact_id"] == wanted and found.values.get("created_by", me) == me:
                    return True
            return False

        def come_back(posted: bool) -> None:
            if posted and wanted is not None and self._away == wanted:
                self._away = None
                self._tick(wanted)
                if self.desk.open_list is not None and not self.isVisible():
                    self.desk.open_list("collections")
                    self.view.setFocus(Qt.FocusReason.OtherFocusReason)

        self.desk.tasks.read(self, read, come_back)

    def _open(self, entity: str) -> None:
        if self.current is not None:
            self.desk.open_record(entity, self.current.debtor.contact_id)

    def _letters(self) -> None:
        if (case := self.current) is not None:
            from crm_desktop.receivables.ui.collecting.letters_dialog import LettersDialog

            LettersDialog(self.desk, case.debtor.contact_id, case.debtor.name, self).open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go between the customers and the instalments of the current one; Esc leaves the filter."""
        if event.key() == Qt.Key.Key_F6:
            aim = self.view if self.pane.claims.hasFocus() or self.pane.claims.isHidden() else self.pane.claims
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
        self._fold()
        if self.table.columns:
            self.table.set_columns(self.columns_here())

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while it was out of sight."""
        super().showEvent(event)
        if self._outdated:
            self._read(keep=True)
