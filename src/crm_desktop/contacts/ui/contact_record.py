"""One contact in a tab."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.contacts import rules, service
from crm_desktop.contacts.history import history
from crm_desktop.contacts.ui import words
from crm_desktop.contacts.ui.contact_actions import ContactActions
from crm_desktop.contacts.ui.contact_form import ContactForm, FormNeeds
from crm_desktop.contacts.ui.files_pane import FilesPane
from crm_desktop.contacts.ui.look_alikes import LookAlikes
from crm_desktop.contacts.ui.people_editor import PeopleEditor, write_new_people
from crm_desktop.contacts.ui.related import Above, ContactOffer
from crm_desktop.shared.errors import NotFound
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.dialogs import Verb
from crm_desktop.ui.fonts import px
from crm_desktop.ui.heading import Figure, Heading
from crm_desktop.ui.icons import icon
from crm_desktop.ui.notes import Note
from crm_desktop.ui.record_screen import RecordScreen
from crm_desktop.ui.screen import KeyHint

_EDIT: Final = ActionSpec(
    "edit", N_("Edit"), N_("Change the details of this contact"), "square-pen", "E", Permission.CONTACT_WRITE
)
_FORM_TABS: Final = frozenset({"details", "people", "addresses"})


class ContactRecord(RecordScreen):
    """The record itself, once it is known what its form needs."""

    entity = service.ENTITY

    def __init__(
        self,
        desk: Desk,
        contact_id: int | None,
        needs: FormNeeds,
        above: Above | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self.contact_form = ContactForm(desk, needs, new=contact_id is None)
        self.people = PeopleEditor(desk)
        super().__init__(desk, contact_id, self.contact_form, parent)
        self.contact_form.setParent(self)
        self.contact_form.hide()
        self.files: FilesPane | None = None
        self._above = above or Above()
        self._offered = [one for one in self._above.related if desk.actor.may(one.permission)]
        self.related: dict[str, Any] = {}
        self._figures: Sequence[Figure] = ()
        self.overview: Any = None
        self._is_new = contact_id is None
        self.alike_note = Note()
        self.alike_note.clear()
        self.strips.addWidget(self.alike_note)
        self.look_alikes = LookAlikes(desk, self.form, self.alike_note)
        self.actions_here = ContactActions(desk, self.contact_form.all_fields, self)
        self.actions_here.began.connect(self._own_operation)
        self.actions_here.changed.connect(self._read_again)
        self.actions_here.merged.connect(self._merged)
        if desk.actor.may(Permission.CONTACT_WRITE):
            following = QShortcut(QKeySequence.StandardKey.New, self)
            following.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            following.activated.connect(lambda: desk.open_record(self.entity, None))
        self.offers = self._make_offers()
        self._offer_buttons: list[QWidget] = []
        self.tabs.chosen.connect(lambda _key: self._show_actions())
        self._add_pages()
        self.contact_form.editor("kind").edited.connect(self._kind_chosen)
        self.loaded.connect(self._show_loaded)
        self.form.load(self.blank())
        self.reload()

    # What the base asks --------------------------------------------------------------------------

    def fetch(self, work: Any, record_id: int) -> Record:
        """Return the contact. Raises NotFound, also for one that was merged away."""
        record = service.get(work, record_id)
        if record.id != record_id:
            raise NotFound
        return record

    def store(self, work: Any, record_id: int | None, version: int | None, values: dict[str, Any]) -> Record:
        """Store a new contact, or what was changed of it, with the persons written down along the way."""
        values = dict(values)
        if record_id is None:
            people = values.pop("people", ())
            kind = values.get("kind") or rules.COMPANY
            record_id = service.create(work, values)
            if people:
                linked = write_new_people(work, kind, people)
                service.save(work, record_id, service.get(work, record_id).version, {"people": linked})
            return service.get(work, record_id)
        before = self.fetch(work, record_id)
        if "people" in values:
            values["people"] = write_new_people(work, str(before["kind"]), values["people"])
        service.save(work, record_id, version or before.version, values)
        return service.get(work, record_id)

    def outcome(self, work: Any, operation_id: str) -> Record | None:
        """Return what the operation stored."""
        contact_id = work.stored_by(operation_id, self.entity)
        return service.get(work, contact_id) if contact_id is not None else None

    def changed_by(self, work: Any, record_id: int) -> str:
        """Return who changed the contact last."""
        latest = history(work, record_id, limit=1)
        return latest[0].actor_name if latest else ""

    def successor(self, work: Any, record_id: int) -> int | None:
        """Return the contact this one was merged into."""
        record = service.get(work, record_id)
        return record.id if record.id != record_id else None

    def blank(self) -> Mapping[str, Any]:
        """Return what a new contact begins with."""
        return self.contact_form.blank()

    def describe(self, record: Record | None) -> Heading:
        """Return name, pills and facts."""
        if record is None:
            return Heading(_("New contact") if self.record_id is None else _("Contact"))
        pills = [(words.status(record["status"]), words.STATUS_TONES.get(record["status"], "neutral"))]
        if record["level"]:
            pills.append((_("Level {level}").format(level=record["level"]), "neutral"))
        if record["is_supplier"]:
            pills.append((_("Supplier"), "neutral"))
        if record["archived_at"] is not None:
            pills.append((_("Archived"), "warn"))
        formats = self._formats()
        saved = _("Saved {time} by {person}").format(
            time=formats.instant(record["updated_at"]),
            person=self.desk.names.get(record["updated_by"] or 0) or _("the program"),
        )
        facts = words.facts(record, self.desk.names)
        return Heading(str(record["name"]), pills, facts, self._figures, saved)

    def called(self) -> str:
        """Return the name, for a new contact the one typed so far."""
        return str(self.form.values().get("name") or "").strip() or self.title()

    def icon(self) -> QIcon:
        """Return the icon of the tab: company or person."""
        kind = self.record["kind"] if self.record is not None else rules.COMPANY
        return icon(words.KIND_ICONS.get(kind, "building-2"))

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        if not self._on_form():
            keyed = [action for action in self._offered_actions() if not action.shortcut().isEmpty()]
            hints = [KeyHint(one.shortcut().toString(), one.text()) for one in keyed]
            return (*hints, KeyHint("Esc", _("Close")))
        return (*super().keys(), KeyHint("Ctrl+Del", _("Remove the row")), KeyHint("Alt+↑↓", _("Move the row")))

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers."""
        return (*self._offered_actions(), *super().actions_offered(), *self.actions_here.offered())

    def _offered_actions(self) -> list[QAction]:
        return [action for action in self.offers.offered() if action.isVisible()]

    # Building ------------------------------------------------------------------------------------

    def _add_pages(self) -> None:
        self.add_tab("details", _("Details"), self.contact_form.overview())
        self.form.add_editor("people", self.people)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(px(20), px(16), px(20), px(20))
        column.addWidget(self.people.widget)
        column.addStretch(1)
        self.add_tab("people", _("People"), page)
        self.add_tab("addresses", _("Addresses"), self.contact_form.addresses_page())
        self.form.settle_tab_order(*self._reading_order())

    def _reading_order(self) -> list[str]:
        first = ["name", "short_name", "kind", "status", "level", "owner", "industry", "source"]
        first += ["code", "registration_number", "website", "language", "is_customer", "is_supplier"]
        own = [name for name in self.form.names if name.startswith("custom.")]
        order = [*first, *own, "points", "tags", "notes", "people", "addresses"]
        return [name for name in order if name in self.form.names]

    def _add_stored_pages(self, contact_id: int) -> None:
        """What happened, what others add, and files exist only for what is stored."""
        if self._above.overview is not None:
            self.overview = self._above.overview(self.desk, contact_id)
            self.overview.note_changed.connect(self.state_changed)
            self.overview.began.connect(self._own_operation)
            self.overview.tab_wanted.connect(self.show_tab)
            self.add_tab("overview", _("Overview"), self.overview, scrolls=False, first=True)
            if not self._is_new:
                # Who has just written a contact down stays in its form.
                self.show_tab("overview")
                if self.hasFocus():
                    self.overview.setFocus()
        for one in self._offered:
            pane = one.make(self.desk, contact_id)
            pane.counted.connect(self._counter(one.key))
            if hasattr(pane, "figured"):
                pane.figured.connect(self._show_figures)
            self.related[one.key] = pane
            self.add_tab(one.key, _(one.title), pane, scrolls=False)
        self.files = FilesPane(self.desk, contact_id)
        self.files.counted.connect(lambda count: self.set_count("files", count))
        self.files.changed.connect(self._own_operation)
        self.add_tab("files", _("Files"), self.files, scrolls=False)

    def _counter(self, key: str) -> Callable[[int], None]:
        return lambda count: self.set_count(key, count)

    # What is shown -------------------------------------------------------------------------------

    def _show_loaded(self, record: Record) -> None:
        if self.files is None:
            self._add_stored_pages(record.id)
        else:
            self.files.reload()
        if self.overview is not None:
            self.overview.reload()
        self.look_alikes.stored_as(record.id)
        self.contact_form.lock_kind()
        if self.contact_form.chooses_owner:
            # From now on the owner is changed by handing over, with everything that hangs on it.
            self.contact_form.editor("owner").locked = True
            self.contact_form.box("owner").hide()
        self._kind_is(str(record["kind"]))
        self.set_count("people", len(record["people"]))
        self.set_count("addresses", len(record["addresses"]))
        self.contact_form.check_registration()
        if not self.desk.actor.may(Permission.CONTACT_WRITE):
            self.form.set_read_only(True)
            self.save_action.setVisible(False)
        self.actions_here.show_for(record)
        for one in self._above.offers:
            self.offers.show(one.spec.name, one.possible(record))
        self._show_actions()

    def _make_offers(self) -> ActionSet:
        """Return what features above offer here, and the way into the form."""
        specs = [one.spec for one in self._above.offers]
        offers = ActionSet(self, [*specs, _EDIT], self.desk.actor.may)
        for one in self._above.offers:
            offers.on(one.spec.name, self._acting(one))
        offers.on("edit", self.edit)
        for name in offers:
            offers.show(name, False)
        offers.show("edit", self._above.overview is not None)
        return offers

    def _acting(self, offer: ContactOffer) -> Callable[[], None]:
        def act() -> None:
            if self.record is not None:
                offer.act(self)

        return act

    def _on_form(self) -> bool:
        return self.overview is None or self.tabs.key_at(self.tabs.currentIndex()) in _FORM_TABS

    def _show_actions(self) -> None:
        """Put into the head what belongs to the tab in front: the form is saved, everywhere else something is begun."""
        if self.record is None:
            return
        for button in self._offer_buttons:
            button.hide()
            button.deleteLater()
        self._offer_buttons = []
        if self._on_form():
            self.set_actions(self.actions_here.buttons())
        else:
            names = [one.spec.name for one in self._above.offers if self.offers[one.spec.name].isVisible()]
            self._offer_buttons = [
                button_for(self.offers[name], "plain" if place else "primary", self) for place, name in enumerate(names)
            ]
            saving = (self.save_button,) if self.form.is_dirty else ()
            self.head.set_actions([*self._offer_buttons, self.actions_here.all_in_menu()], saving)
        self.state_changed.emit()

    def edit(self) -> None:
        """Bring the form to the front and begin with its first field."""
        self.show_tab("details")
        self.form.focus_first()

    def _show_figures(self, figures: Sequence[Figure]) -> None:
        """Show what another feature says of the customer in the head."""
        if figures != self._figures:
            self._figures = figures
            self._show_head()

    def _kind_chosen(self) -> None:
        self._kind_is(str(self.contact_form.editor("kind").value()))

    def _kind_is(self, kind: str) -> None:
        self.people.set_kind(kind)
        self.tabs.rename("people", _("People") if kind == rules.COMPANY else _("Companies"))

    def _say_gone(self) -> None:
        """A contact that was merged away leads to the survivor at once when nothing is typed here."""
        record_id = self.record_id
        if record_id is None or self.form.is_dirty:
            super()._say_gone()
            return
        successor = self.successor

        def follow(other: int | None) -> None:
            if other is None:
                super(ContactRecord, self)._say_gone()
                return
            self.record_id = other
            if self.files is not None:
                self.desk.open_record(self.entity, other)
                self.close_wanted.emit()
                return
            self.reload()
            self.loaded.connect(self._say_merged)

        self.desk.tasks.read(
            self, lambda work: successor(work, record_id), follow, lambda _error: super(ContactRecord, self)._say_gone()
        )

    def _say_merged(self, _record: Record) -> None:
        self.loaded.disconnect(self._say_merged)
        self.say("info", _("The contact you opened was merged into this one."))

    # What people do ------------------------------------------------------------------------------

    @property
    def unsaved(self) -> bool:
        """Return whether the form or a note is not stored yet."""
        return super().unsaved or (self.overview is not None and bool(self.overview.half_typed))

    def can_close(self) -> bool:
        """Return whether the tab may close: asks about a note that was typed and not written down."""
        if self.overview is not None and self.overview.half_typed:
            question = _("Write the note on {title} down?").format(title=self.called())
            verbs = (
                Verb("write", _("Write it down"), kind="primary"),
                Verb("discard", _("Discard the note")),
                Verb("keep", _("Keep editing"), safe=True),
            )
            answer = self.desk.dialogs.ask(question, _("It was typed and not stored yet."), verbs)
            if answer == "write":
                self.overview.write_note()
            elif answer == "discard":
                self.overview.forget_note()
            else:
                return False
        return super().can_close()

    def _own_operation(self, operation_id: str) -> None:
        self._saver.operations.add(operation_id)

    def _read_again(self) -> None:
        fetch, record_id = self.fetch, self.record_id
        if record_id is None:
            return

        def take(record: Record) -> None:
            self.form.rebase(record)
            self._take(record)

        # A contact handed to somebody else may be out of sight from now on.
        self.desk.tasks.read(self, lambda work: fetch(work, record_id), take, self._load_failed, coalesce="record")

    def _merged(self, survivor_id: int) -> None:
        if survivor_id == self.record_id:
            self._read_again()
            return
        self.desk.open_record(self.entity, survivor_id)
        if not self.form.is_dirty:
            self.close_wanted.emit()
