"""A record in a tab: head, inner tabs, explicit save, and everything that can go wrong with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from crm_desktop.shared.changes import Changes
from crm_desktop.shared.display import Formats
from crm_desktop.shared.errors import Cancelled, Conflict, Invalid, NotFound, UserError
from crm_desktop.shared.fields import Field
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.merge import merge
from crm_desktop.shared.record import Record
from crm_desktop.ui.conflict_dialog import MINE, THEIRS, ConflictDialog
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.dialogs import Verb
from crm_desktop.ui.draft_strip import DraftStrip
from crm_desktop.ui.drafts import DraftKeeper, DraftKey, DraftStore
from crm_desktop.ui.heading import Heading
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.record_saver import RecordSaver
from crm_desktop.ui.record_sheet import RecordSheet
from crm_desktop.ui.screen import KeyHint

UNEXPECTED = N_("This could not be saved because of an unexpected error. What you typed is still here.")
UNREADABLE = N_("This record could not be read because of an unexpected error.")


class RecordScreen(RecordSheet):
    """Base of every record in a tab. `record_id` None is a record not stored yet.

    A subclass names its `entity`, implements `fetch` and `store`, and adds its pages with `add_tab`;
    then it calls `reload()`. `fetch`, `store`, `outcome`, `changed_by` and `successor` run on the
    database lane: they use their arguments only and touch nothing of the screen.
    """

    entity = ""
    loaded = Signal(object)
    saved = Signal(object)
    """Both carry the `Record`."""

    def __init__(self, desk: Desk, record_id: int | None, form: RecordForm, parent: QWidget | None = None) -> None:
        super().__init__(desk, form, parent)
        self.record_id = record_id
        self.record: Record | None = None
        self.drafts: DraftKeeper | None = None
        self._close_after_save = False
        self._waiting: Record | None = None
        self._saver = RecordSaver(self, desk.tasks, self.store, self.outcome)
        self._connect()

    # What a subclass says ------------------------------------------------------------------------

    def fetch(self, work: Any, record_id: int) -> Record:
        """Return the record. Raises NotFound."""
        raise NotImplementedError

    def store(self, work: Any, record_id: int | None, version: int | None, values: dict[str, Any]) -> Record:
        """Store `values` (all of a new record, else only the changed ones) and return the record."""
        raise NotImplementedError

    def outcome(self, work: Any, operation_id: str) -> Record | None:
        """Return what the operation stored, None if it never arrived: ask the journal."""
        return None

    def changed_by(self, work: Any, record_id: int) -> str:
        """Return the name of who changed the record last, "" if that is not known."""
        return ""

    def successor(self, work: Any, record_id: int) -> int | None:
        """Return the id of the record this one was merged into, None if it was not."""
        return None

    def describe(self, record: Record | None) -> Heading:
        """Return what the head says; `record` is None for one not stored yet."""
        return Heading(_("New record"))

    def blank(self) -> Mapping[str, Any]:
        """Return what a new record begins with."""
        return {}

    def labels(self) -> Mapping[str, str]:
        """Return the word for every field in the form."""
        return {name: self.form.editor(name).label for name in self.form.names}

    def shown(self, name: str, value: Any) -> str:
        """Return a field value in words, for the conflict dialog."""
        if isinstance(value, tuple) and value and isinstance(value[0], Mapping):
            rows = (" · ".join(part for part in row.values() if isinstance(part, str) and part) for row in value)
            return "\n".join(rows)
        field = self.form.field(name)
        return self._formats().full_text(field, value) if isinstance(field, Field) else str(value or "")

    def _formats(self) -> Formats:
        return Formats.of(self.desk.today, self.desk.names, self.desk.timezone)

    def _connect(self) -> None:
        self.form.dirty_changed.connect(self._dirty_changed)
        self._saver.stored.connect(self._stored)
        self._saver.failed.connect(self._save_failed)
        self._saver.checking.connect(self._say_checking)
        self._saver.busy_changed.connect(lambda busy: self.save_action.setEnabled(not busy))
        self.desk.changes.changed.connect(self._heard)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.close_wanted)

    def keep_drafts(self, store: DraftStore, company: str) -> None:
        """Keep what is typed safe from a crash, and offer what an earlier run left."""
        form = f"{self.entity}/{self.record_id or 'new'}"
        key = DraftKey(company, self.desk.actor.login, form)
        self.drafts = DraftKeeper(self.form, store, key, self.called)
        self.drafts.version = self.record.version if self.record else None
        if self.drafts.pending is not None:
            self.strips.insertWidget(0, DraftStrip(self.drafts, self._formats()))

    def title(self) -> str:
        """Return the name of the record."""
        return self.describe(self.record).title

    def called(self) -> str:
        """Return what a question about this record calls it; a new one may have a name typed already."""
        return self.title()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys every record has."""
        return (KeyHint("Ctrl+S", _("Save")), KeyHint("Esc", _("Close")))

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers."""
        return (self.save_action,)

    def _show_head(self) -> None:
        self.head.show_heading(self.describe(self.record))
        self.title_changed.emit()

    # Loading -------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the record again; what is typed stays."""
        if self.record_id is None:
            if self.record is None and not self.form.is_dirty:
                self.form.load(self.blank())
                self.form.focus_first()
            self._show_head()
            return
        if self._saver.in_doubt:
            # Read now, one's own change that did arrive would look like somebody else's.
            self._saver.ask()
            return
        fetch, record_id = self.fetch, self.record_id
        self.desk.tasks.read(
            self,
            lambda work: fetch(work, record_id),
            then=self._loaded,
            failed=self._load_failed,
            coalesce="record",
        )

    def _loaded(self, record: Record) -> None:
        if self.form.is_dirty and self.record is not None and record.version != self.record.version:
            # Typed since the record was asked for.
            self._offer_theirs(record, "")
            return
        if not self.form.is_dirty:
            self.form.load(record)
            self.say("", "")
        self._take(record)

    def _take(self, record: Record) -> None:
        self.record, self.record_id = record, record.id
        if self.drafts is not None:
            self.drafts.version = record.version
        self._show_head()
        self.loaded.emit(record)

    def _load_failed(self, error: BaseException) -> None:
        if isinstance(error, NotFound):
            self._say_gone()
        elif not isinstance(error, Cancelled):
            self.say(
                "danger",
                str(error) if isinstance(error, UserError) else _(UNREADABLE),
                _("Try again"),
                self.reload,
            )

    # Saving --------------------------------------------------------------------------------------

    def save(self) -> None:
        """Check the form and store what changed; a new record is stored whole."""
        if self._saver.busy or not self.form.validate():
            return
        new = self.record_id is None
        values = self.form.values() if new else self.form.changes()
        if not values:
            self._close_if_wanted()
            return
        self.say("", "")
        self._saver.save(self.record_id, self.record.version if self.record else None, values)

    def _stored(self, record: Record, sent: dict[str, Any]) -> None:
        self.form.rebase(record, sent)
        self.say("", "")
        self._waiting = None
        if self.drafts is not None and not self.form.is_dirty:
            self.drafts.discard()
        self._take(record)
        self.saved.emit(record)
        self._close_if_wanted()

    def _close_if_wanted(self) -> None:
        if self._close_after_save and not self.form.is_dirty:
            self.close_wanted.emit()
        self._close_after_save = False

    def _save_failed(self, error: BaseException) -> None:
        closing, self._close_after_save = self._close_after_save, False
        if isinstance(error, Conflict):
            self._close_after_save = closing
            self._resolve(error.theirs, error.original, error.version, error.changed_by)
        elif isinstance(error, NotFound):
            self._say_gone()
        elif isinstance(error, Invalid) and self.form.field_error(error.field, str(error)):
            return
        elif not isinstance(error, Cancelled):
            text = str(error) if isinstance(error, UserError) else _(UNEXPECTED)
            self.say("danger", text, _("Try again"), self.save)

    def _say_checking(self) -> None:
        text = _("The connection broke while saving. Checking whether the change arrived…")
        self.say("warn", text, _("Check now"), self._saver.ask)

    # Others at work ------------------------------------------------------------------------------

    def _heard(self, changes: Changes) -> None:
        record_id = self.record_id
        if record_id is None or not changes.touches(self.entity, record_id) or self._saver.busy:
            return
        if changes.origin in self._saver.operations:
            return
        if not self.form.is_dirty:
            self.reload()
            return
        fetch, changed_by = self.fetch, self.changed_by
        self.desk.tasks.read(
            self,
            lambda work: (fetch(work, record_id), changed_by(work, record_id)),
            then=lambda found: self._offer_theirs(*found),
            failed=self._load_failed,
            coalesce="theirs",
        )

    def _offer_theirs(self, record: Record, who: str) -> None:
        if self.record is not None and record.version == self.record.version:
            return
        self._waiting = record
        text = _("{who} changed this record just now.").format(who=who or _("Somebody else"))
        self.say("info", text, _("Show"), lambda: self._show_theirs(who))

    def _show_theirs(self, who: str) -> None:
        record, self._waiting = self._waiting, None
        if record is not None:
            self.say("", "")
            self._resolve(record.values, {}, record.version, who, save=False, record=record)

    def _resolve(
        self,
        theirs: Mapping[str, Any],
        original: Mapping[str, Any],
        version: int,
        who: str,
        *,
        save: bool = True,
        record: Record | None = None,
    ) -> None:
        """Bring what is stored now and what is typed together, asking only where both changed a field."""
        before = {**self.form.loaded(), **original}
        result = merge(before, self.form.changes(), {**before, **theirs})
        if not result.conflicts:
            self._accept_theirs(theirs, version, record, {}, save)
            return
        dialog = ConflictDialog(result.conflicts, self.labels(), self.shown, who, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def decided() -> None:
            if dialog.outcome == MINE:
                self._accept_theirs(theirs, version, record, dialog.choices(), save=True)
            elif dialog.outcome == THEIRS:
                chosen = {conflict.name: conflict.theirs for conflict in result.conflicts}
                self._accept_theirs(theirs, version, record, chosen, save)
            else:
                self._close_after_save = False

        dialog.finished.connect(decided)
        dialog.open()

    def _accept_theirs(
        self,
        theirs: Mapping[str, Any],
        version: int,
        record: Record | None,
        chosen: Mapping[str, Any],
        save: bool,
    ) -> None:
        values = {**(self.record.values if self.record else {}), **theirs}
        self.form.rebase(theirs)
        self.form.apply({name: value for name, value in chosen.items() if name in self.form.names})
        self._take(record or Record(self.record_id or 0, version, values))
        if save and self.form.is_dirty:
            self.save()
        elif not self.form.is_dirty:
            if self.drafts is not None:
                self.drafts.discard()
            self._close_if_wanted()

    def _say_gone(self) -> None:
        self.form.set_read_only(True)
        self.save_action.setEnabled(False)
        self.say("danger", _("This record was deleted or merged elsewhere. You can still copy what is here."))
        record_id, successor = self.record_id, self.successor
        if record_id is None:
            return

        def offer(other: int | None) -> None:
            if other is not None:
                text = _("This record was merged into another one. You can still copy what is here.")
                self.say("danger", text, _("Open that one"), lambda: self.desk.open_record(self.entity, other))

        self.desk.tasks.read(self, lambda work: successor(work, record_id), then=offer, failed=lambda _error: None)

    # The strip, the dot, closing -----------------------------------------------------------------

    @property
    def unsaved(self) -> bool:
        """Return whether something typed is not stored yet."""
        return self.form.is_dirty or self._saver.busy

    def _dirty_changed(self, _dirty: bool) -> None:
        self.state_changed.emit()

    def can_close(self) -> bool:
        """Return whether the tab may close: at once when nothing is unsaved, else after asking."""
        if not self.unsaved:
            if self.drafts is not None:
                self.drafts.discard()
            return True
        question = _("Save the changes to {title}?").format(title=self.called())
        verbs = (
            Verb("save", _("Save"), kind="primary"),
            Verb("discard", _("Discard the changes")),
            Verb("keep", _("Keep editing"), safe=True),
        )
        answer = self.desk.dialogs.ask(question, _("They are not saved yet."), verbs)
        if answer == "save":
            self._close_after_save = True
            self.save()
            return False
        if answer == "discard" and self.drafts is not None:
            self.drafts.discard()
        return answer == "discard"
