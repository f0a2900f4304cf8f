"""The form beside the list: what was said on the call, what is promised, and when to call next; saved as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStyle, QVBoxLayout, QWidget

from crm_desktop.receivables.collecting import collections
from crm_desktop.receivables.collecting.collections import Case
from crm_desktop.receivables.ui.money.receipt_editors import MoneyEditor
from crm_desktop.shared.errors import Cancelled, Invalid, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.choice_editors import TickEditor
from crm_desktop.ui.date_editor import DateEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import LABEL, SEMIBOLD, px
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.record_saver import RecordSaver
from crm_desktop.ui.text_editors import NoteEditor
from crm_desktop.ui.theme import set_ground
from crm_desktop.ui.time_editor import TimeEditor

SAID, PROMISE = "said", "amount"
"""Where the keyboard begins: a call or a promise."""
ENTITIES: Final = ("activity", "promise")
_SATURDAY: Final = 5
_FIELDS: Final = {"notes": "said", "due_on": "by", "next.due_on": "next_on", "next.due_time": "next_time"}
"""What the services call a field that stands on this form."""


class SaidEditor(NoteEditor):
    """What was said; low, so that the promise below it is seen at once."""

    FEWEST_LINES, MOST_LINES = 3, 8


@dataclass(frozen=True, slots=True)
class Sent:
    """What was saved, for the screen to go on."""

    contact_id: int


class CallForm(QWidget):
    """Writes down one call at a time; what is half typed for a customer is there again when it comes back."""

    saved = Signal(object)
    """A `Sent`, after the commit."""
    left = Signal()
    """Put away with nothing saved."""
    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        set_ground(self, "sunken")
        self._desk = desk
        self.case: Case | None = None
        self._typed: dict[tuple[int, str], dict[str, Any]] = {}
        self._proposed: date | None = None
        self.form = RecordForm((), EditorContext(today=lambda: desk.today, actor=desk.actor), parent=self)
        self.form.hide()
        self.heading = text_label("", LABEL, SEMIBOLD, "text2")
        self.note = Note()
        self.note.clear()
        self.said = SaidEditor("said", _("What was said"))
        self.amount = MoneyEditor("amount", _("Promised"), desk.currency)
        self.by = DateEditor("by", _("Pays by"), lambda: desk.today)
        self.next_on = DateEditor("next_on", _("Next call"), lambda: desk.today)
        self.next_time = TimeEditor("next_time", _("at"))
        self.done = TickEditor("done", "")
        self.cancel = Button(_("Cancel"))
        self.go = Button(_("Save and next"), "primary", key="Ctrl+Return")
        self._saver = RecordSaver(self, desk.tasks, _store, _outcome)
        self._step_words = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._lay_out()
        self._connect()
        self.hide()

    # How it is put together

    def _lay_out(self) -> None:
        # The label would be an empty line above the box, and a long step may not widen the pane.
        self.done.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for editor in (self.said, self.amount, self.by, self.next_on, self.next_time, self.done):
            self.form.add_editor(editor.name, editor)
        self.form.box("done").label.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(10), px(16), px(12))
        column.setSpacing(px(8))
        for widget in (self.heading, self.note, self.form.box("done"), self.form.box("said")):
            column.addWidget(widget)
        may_log = self._desk.actor.may(Permission.ACTIVITY_WRITE)
        may_promise = self._desk.actor.may(Permission.PROMISE_WRITE)
        for names, allowed in ((("amount", "by"), may_promise), (("next_on", "next_time"), may_log)):
            row = QHBoxLayout()
            row.setSpacing(px(8))
            for name in names:
                box = self.form.box(name)
                box.setVisible(allowed)
                row.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
            row.addStretch(1)
            column.addLayout(row)
        self.form.box("said").setVisible(may_log)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.go)
        column.addLayout(foot)
        self.form.settle_tab_order("done", "said", "amount", "by", "next_on", "next_time")
        QWidget.setTabOrder(self.next_time.parts()[-1], self.go)
        QWidget.setTabOrder(self.go, self.cancel)

    def _connect(self) -> None:
        self.form.edited.connect(self._follow)
        self.form.committed.connect(self.save)
        self.go.clicked.connect(self.save)
        self.cancel.clicked.connect(self.give_up)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.save)
        self._saver.stored.connect(self._stored)
        self._saver.failed.connect(self._failed)
        self._saver.checking.connect(self._say_checking)
        self._saver.busy_changed.connect(lambda busy: self.go.setEnabled(not busy))

    # What the screen uses

    @property
    def busy(self) -> bool:
        """Return whether a call is being saved."""
        return self._saver.busy

    @property
    def half_typed(self) -> int:
        """Return how many customers there is something unsaved of."""
        self._remember()
        return len(self._typed)

    def forget(self) -> None:
        """Drop everything that is half typed."""
        self._typed.clear()
        if self.case is not None:
            self.form.load(self._blank(self.case))

    def begin(self, case: Case, step_words: str, at: str = SAID) -> None:
        """Open for a customer with what was typed before; `at` is SAID or PROMISE."""
        self.follow(case, step_words)
        self.show()
        self.changed.emit()
        if at == PROMISE and self.amount.is_empty():
            owed = case.debtor.overdue or case.debtor.balance
            self.form.apply({"amount": owed if owed > 0 else None})
        editor = self.amount if at == PROMISE or self.form.box("said").isHidden() else self.said
        editor.focus()
        if editor is self.amount:
            self.amount.line.selectAll()

    def follow(self, case: Case, step_words: str) -> None:
        """Show another customer; what is typed for the one before is kept."""
        if self.case is not None and _key(case) == _key(self.case):
            self.case = case
            return
        self._remember()
        self.case = case
        self._proposed = None
        self.note.clear()
        self.heading.setText(_("Call with {customer}").format(customer=case.debtor.name))
        self.amount.set_currency(case.debtor.currency)
        self._step_words = step_words
        self._say_step()
        offered = case.next is not None and self._desk.actor.may(Permission.ACTIVITY_WRITE)
        self.form.box("done").setVisible(offered)
        self.form.load(self._blank(case))
        kept = self._typed.get(_key(case))
        if kept is not None:
            self.form.apply(kept)

    def _say_step(self) -> None:
        """Say which step is ticked off, as much of it as there is room for; the tooltip has all of it."""
        whole = _("Done with this: {step}").format(step=self._step_words)
        box = self.done.box
        side = box.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, box) + px(12)
        room = self.width() - 2 * px(16) - side
        box.setText(box.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, max(room, 0)).replace("&", "&&"))
        box.setToolTip(whole)
        box.setAccessibleName(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the step in its line."""
        super().resizeEvent(event)
        self._say_step()

    def give_up(self) -> None:
        """Put the form away; what is typed for this customer is dropped."""
        if self._saver.busy or self.case is None:
            return
        self._typed.pop(_key(self.case), None)
        self.form.load(self._blank(self.case))
        self.close_form()
        self.left.emit()

    def close_form(self) -> None:
        """Put the form away."""
        self._remember()
        self.case = None
        self.hide()
        self.changed.emit()

    # Typing and saving

    def _blank(self, case: Case) -> dict[str, Any]:
        step = case.next
        due = step is not None and step.due_on is not None and step.due_on <= self._desk.today
        return {"said": "", "amount": None, "by": None, "next_on": None, "next_time": "", "done": due}

    def _remember(self) -> None:
        if self.case is None:
            return
        if self.form.is_dirty:
            self._typed[_key(self.case)] = self.form.values()
        else:
            self._typed.pop(_key(self.case), None)

    def _follow(self) -> None:
        """Propose to look whether the money came on the first working day after the promise."""
        by = self.by.value()
        if self.next_on.value() == self._proposed and by != self._proposed:
            proposed = _working_day_after(by) if by is not None and by >= self._desk.today else None
            if proposed != self._proposed:
                self._proposed = proposed
                self.next_on.set_value(proposed)
        self.changed.emit()

    def save(self) -> None:
        """Check what is typed and store it, once."""
        self.note.clear()
        if self.case is None or self._saver.busy or not self.form.validate():
            return
        case, values = self.case, self.form.values()
        step = case.next
        finished = values.pop("done") and step is not None and not self.form.box("done").isHidden()
        if finished and step is not None:
            values["completes"] = (step.activity_id, step.version)
        if finished and not (values["said"] or values["amount"] or values["next_on"]):
            self._show_problem("said", _("Write what was said, a promise, or the day of the next call."))
            return
        values["currency"] = case.debtor.currency
        contact_id = case.debtor.contact_id
        self._saver.save(contact_id, None, {"call": values})

    def _stored(self, record: Record, _sent: Mapping[str, Any]) -> None:
        if self.case is not None:
            contact_id = self.case.debtor.contact_id
            self._typed.pop(_key(self.case), None)
            self.form.load(self._blank(self.case))
            self.close_form()
            self.saved.emit(Sent(contact_id))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, Invalid):
            self._show_problem(_FIELDS.get(error.field, error.field), str(error))
        elif isinstance(error, UserError):
            self.note.show_message("danger", str(error))
        elif not isinstance(error, Cancelled):
            self._desk.dialogs.show_error(error)

    def _show_problem(self, field: str, text: str) -> None:
        if not self.form.field_error(field, text):
            self.note.show_message("danger", text)

    def _say_checking(self) -> None:
        self.note.show_message("warn", _("The connection broke while saving. Checking whether the change arrived…"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the form away."""
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
            event.accept()
        else:
            super().keyPressEvent(event)


def _key(case: Case) -> tuple[int, str]:
    return case.debtor.contact_id, case.debtor.currency


def _working_day_after(day: date) -> date:
    found = day + timedelta(days=1)
    while found.weekday() >= _SATURDAY:
        found += timedelta(days=1)
    return found


def _store(work: Any, contact_id: int | None, _version: int | None, values: dict[str, Any]) -> Record:
    collections.record(work, contact_id or 0, values["call"])
    return Record(contact_id or 0, 0, {})


def _outcome(work: Any, operation_id: str) -> Record | None:
    found = (work.stored_by(operation_id, entity) for entity in ENTITIES)
    id_ = next((one for one in found if one is not None), None)
    return None if id_ is None else Record(id_, 0, {})
