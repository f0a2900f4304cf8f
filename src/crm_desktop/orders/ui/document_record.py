"""What the tabs of a quote and an order share: the form, the next step, saving before a step, printing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QWidget

from crm_desktop.access import people
from crm_desktop.contacts import service as contacts
from crm_desktop.orders.composing import InvalidLine
from crm_desktop.orders.rules import WrongState
from crm_desktop.orders.ui.catalogue import KnownProducts
from crm_desktop.orders.ui.document_editors import PersonEditor
from crm_desktop.orders.ui.document_form import DocumentForm
from crm_desktop.orders.ui.document_needs import DocumentNeeds, proposed
from crm_desktop.products import service as products
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import Conflict, Invalid, NotFound, UserError
from crm_desktop.shared.i18n import _
from crm_desktop.shared.merge import same
from crm_desktop.shared.permissions import Permission
from crm_desktop.shared.record import Record
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import IconButton, button_for
from crm_desktop.ui.choice_editors import ChoiceEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.icons import icon
from crm_desktop.ui.record_screen import RecordScreen
from crm_desktop.ui.screen import KeyHint

PROPOSED = ("currency", "rate", "payment_term_id")
"""What another customer proposes anew, as long as nobody typed something else."""


class DocumentRecord(RecordScreen):
    """Base of `OrderRecord` and `QuoteRecord`. A subclass names its service, its actions and what each does.

    `primary` are the actions that may be the next step, `in_front` those with a button of their own,
    `in_menu` those behind the three dots.
    """

    service: ClassVar[Any]
    write: ClassVar[Permission]
    specs: tuple[ActionSpec, ...] = ()
    primary: ClassVar[tuple[str, ...]] = ()
    in_front: tuple[str, ...] = ()
    in_menu: ClassVar[tuple[str, ...]] = ()
    tab_icon: ClassVar[str] = "clipboard"
    compact_head = True

    def __init__(
        self,
        desk: Desk,
        document_id: int | None,
        needs: DocumentNeeds,
        stored: Record | None,
        parent: QWidget,
        *,
        order: bool,
    ) -> None:
        self.document = self.make_form(desk, needs, order=order)
        super().__init__(desk, document_id, self.document, parent)
        self.document.setParent(self)
        self.document.hide()
        self.needs = needs
        self._then: Callable[[], None] | None = None
        self._people_of: int | None = None
        self._save_when_priced = False
        self.actions_here = ActionSet(self, self.specs, desk.actor.may)
        self.save_button.set_kind("plain")
        self._steps = {name: button_for(self.actions_here[name], "primary", self) for name in self.primary}
        self._front = {name: button_for(self.actions_here[name], "quiet", self) for name in self.in_front}
        self._more = IconButton("ellipsis", _("More actions"), parent=self)
        self._more.clicked.connect(self._open_more)
        self._shown_front: list[str] | None = None
        self._squeezed: tuple[str, ...] = ()
        self.head.resized.connect(self._fit_front)
        # Each page is in its place before it is filled: whatever moves to another parent is styled again.
        self.document.fill_main(self.add_tab("document", self._page_name(), QWidget(self), scrolls=False))
        self._details = self.add_tab("details", _("Details"), QWidget(self))
        self.tabs.chosen.connect(self._fill_details)
        self._settle_tab_order()
        self.document.customer_chosen.connect(self._propose)
        self.document.committed.connect(self.document.lines.focus)
        self.document.lines.settled.connect(self._prices_settled)
        self.loaded.connect(self._show_loaded)
        self.saved.connect(self._run_next)
        desk.changes.changed.connect(self._products_changed)
        if stored is not None:
            self._loaded(stored)
        else:
            self._offer_steps()
            self.reload()

    # What the base asks --------------------------------------------------------------------------

    def make_form(self, desk: Desk, needs: DocumentNeeds, *, order: bool) -> DocumentForm:
        """Return the form, not laid out yet."""
        return DocumentForm(desk, needs, order=order)

    def proposed(self, work: Any, contact_id: int) -> Mapping[str, Any]:
        """Return what a new document for this customer begins with; runs on the database lane."""
        return proposed(work, order=self.document.order, contact_id=contact_id)

    def fetch(self, work: Any, record_id: int) -> Record:
        """Return the document. Raises NotFound."""
        return self.service.get(work, record_id)

    def store(self, work: Any, record_id: int | None, version: int | None, values: dict[str, Any]) -> Record:
        """Store a new document or what was changed of it, and return it."""
        values = dict(values)
        if record_id is None:
            if not values.get("instalments"):
                values.pop("instalments", None)
            if values.get("rate") is None:
                values.pop("rate", None)
            record_id = self.service.create(work, values)
        else:
            self.store_changes(work, record_id, version or 0, values)
        return self.service.get(work, record_id)

    def store_changes(self, work: Any, record_id: int, version: int, values: dict[str, Any]) -> None:
        """Store what was changed of a document; runs on the database lane."""
        self.service.save(work, record_id, version, values)

    def outcome(self, work: Any, operation_id: str) -> Record | None:
        """Return what the operation stored."""
        document_id = work.stored_by(operation_id, self.entity)
        return self.service.get(work, document_id) if document_id is not None else None

    def changed_by(self, work: Any, record_id: int) -> str:
        """Return who changed the document last."""
        return people.names(work).get(self.service.get(work, record_id)["updated_by"] or 0, "")

    def blank(self) -> Mapping[str, Any]:
        """Return what a new document begins with."""
        return self.needs.blank

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return icon(self.tab_icon)

    def shown(self, name: str, value: Any) -> str:
        """Return a value in words, for the conflict dialog."""
        editor = self.form.editor(name)
        if isinstance(editor, ChoiceEditor):
            place = editor.combo.findData(value)
            return editor.combo.itemText(place) if place >= 0 else editor.retired(value)
        if name == "contact_id":
            return self.document.customer.names.get(value, "")
        if name == "lines":
            return "\n".join(f"{line['name']} × {line['quantity']:f}" for line in value or ())
        return super().shown(name, value)

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        return (
            KeyHint("Tab", _("Next figure")),
            KeyHint("↵", _("Next line")),
            KeyHint("Ctrl+D", _("Copy the line")),
            KeyHint("Ctrl+Del", _("Remove the line")),
            KeyHint("Ctrl+V", _("Paste rows from Excel")),
            *super().keys(),
        )

    def actions_offered(self) -> Sequence[QAction]:
        """Return what Ctrl+K offers."""
        here = [action for action in self.actions_here.offered() if action.isVisible()]
        lines = [action for action in self.document.lines.grid.actions_here.offered() if action.isEnabled()]
        return (*super().actions_offered(), *here, *lines)

    def _page_name(self) -> str:
        return _("Lines")

    def _settle_tab_order(self) -> None:
        first = ["contact_id", "reference", "dated_on", "due_on", "valid_until", "payment_term_id", "currency", "rate"]
        names = [*first, "prices_include_tax", "lines", "terms", "notes", "instalments"]
        self.form.settle_tab_order(*(name for name in names if name in self.form.names))

    # Saving --------------------------------------------------------------------------------------

    def save(self) -> None:
        """Take over the cell that is open, then save; a price that is still looked up is waited for."""
        self.document.lines.grid.commit()
        self._save_when_priced = self.document.lines.waiting
        if not self._save_when_priced:
            super().save()

    def _prices_settled(self) -> None:
        if self._save_when_priced:
            self.save()

    def _save_failed(self, error: BaseException) -> None:
        self._then = None
        if isinstance(error, InvalidLine):
            self.document.lines.mark(error.position, error.column, str(error))
        super()._save_failed(error)

    def first_save(self, then: Callable[[], None]) -> None:
        """Do `then` on what is stored: at once, or after saving what is typed."""
        self.document.lines.grid.commit()
        if self.record_id is not None and not self.form.is_dirty:
            then()
            return
        self._then = then
        self.save()
        if not self._saver.busy and not self._save_when_priced:
            self._then = None

    def _run_next(self, _record: Record) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()

    # Steps ---------------------------------------------------------------------------------------

    def step(
        self,
        act: Callable[[Any, int, int], Any],
        done: Callable[[Any], object],
        *,
        again: bool = True,
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Run `act(work, id, version)` and read the document again; `done` gets what it returned.

        Without `again` the document is gone afterwards. `failed` gets the error in place of this screen.
        """
        record = self.record
        if record is None or self.record_id is None:
            return
        document_id, version = self.record_id, record.version

        def finished(result: Any) -> None:
            self.say("", "")
            if again:
                self.read_again()
            done(result)

        task = self.desk.tasks.write(
            self, lambda work: act(work, document_id, version), finished, failed or self.step_failed, label=_("Saving")
        )
        self._saver.operations.add(task.operation_id)

    def step_failed(self, error: BaseException) -> None:
        """Say why a step was refused: beside the field, at the line, or above the form."""
        if isinstance(error, InvalidLine):
            self.document.lines.mark(error.position, error.column, str(error))
        if isinstance(error, Invalid) and self.form.field_error(error.field, str(error)):
            return
        if isinstance(error, WrongState | Conflict | NotFound):
            self.read_again()
            self.say("warn", str(error) if not isinstance(error, Conflict) else str(WrongState()))
        elif isinstance(error, UserError):
            self.say("danger", str(error))
        else:
            self.desk.dialogs.show_error(error)

    def read_again(self) -> None:
        """Read the document after something else than saving changed it; what is typed stays."""
        fetch, document_id = self.fetch, self.record_id
        if document_id is None:
            return

        def take(record: Record) -> None:
            self.form.rebase(record)
            self._take(record)

        self.desk.tasks.read(self, lambda work: fetch(work, document_id), take, self._load_failed, coalesce="record")

    def can_step(self, name: str, record: Record | None) -> bool:
        """Return whether the state of the document allows the action `name`."""
        raise NotImplementedError

    def writable_names(self, record: Record) -> frozenset[str] | None:
        """Return the fields that can still be changed, None for all."""
        raise NotImplementedError

    def _offer_steps(self) -> None:
        record = self.record
        for name in self.actions_here:
            self.actions_here.show(name, self.can_step(name, record))
        self._shown_front = None
        self._fit_front()

    def _fit_front(self) -> None:
        """Show the buttons there is room for; the others are in the menu."""
        front = [name for name in self._front if self.actions_here[name].isVisible()]
        steps = [button for name, button in self._steps.items() if self.actions_here[name].isVisible()]
        right: list[QWidget] = [self.save_button] if self.save_action.isVisible() else []
        right += steps[:1]
        if self.isVisible():
            fits = self.head.fitting([self._front[name] for name in front], (self._more, *right))
            front, self._squeezed = front[:fits], tuple(front[fits:])
        if front == self._shown_front:
            return
        self._shown_front = front
        shown: list[QWidget] = [self._front[name] for name in front]
        if self._squeezed or any(self.actions_here[name].isVisible() for name in self.in_menu):
            shown.append(self._more)
        for button in (*self._front.values(), *self._steps.values(), self._more):
            button.hide()
        self.save_button.setVisible(self.save_action.isVisible())
        self.head.set_actions(shown, right)

    def _open_more(self) -> None:
        menu = QMenu(self)
        for name in (*self._squeezed, *self.in_menu):
            if self.actions_here[name].isVisible():
                menu.addAction(self.actions_here[name])
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    # What is shown -------------------------------------------------------------------------------

    def _open_opportunity(self) -> None:
        if self.record is not None:
            self.desk.open_record("opportunity", self.record["opportunity_id"])

    def _show_loaded(self, record: Record) -> None:
        names = self.writable_names(record) if self.desk.actor.may(self.write) else frozenset()
        self.document.allow(names)
        self.save_action.setVisible(names is None or bool(names))
        self._offer_steps()
        self._offer_people(record["contact_id"])

    def _fill_details(self, key: str) -> None:
        if key == "details":
            self.document.fill_details(self._details)
            self._offer_people(self.document.customer.value())

    def _bring_field(self, name: str) -> None:
        if name in self.document.detail_names:
            self._fill_details("details")
        super()._bring_field(name)

    def _propose(self, contact_id: int) -> None:
        """Take over what another customer brings, where nobody typed something else."""
        self._offer_people(contact_id)
        if self.record_id is not None:
            return
        ask, before = self.proposed, dict(self.form.loaded())

        def take(values: Mapping[str, Any]) -> None:
            if self.document.customer.value() != contact_id:
                return
            for name in PROPOSED:
                if name not in self.form.names or not same(self.form.editor(name).value(), before.get(name)):
                    continue
                self.form.editor(name).set_value(values.get(name))
            self.document.reckon()

        self.desk.tasks.read(
            self,
            lambda work: ask(work, contact_id),
            take,
            lambda _error: None,
            coalesce="proposed",
        )

    def _offer_people(self, contact_id: int | None) -> None:
        """Read the persons of the customer, once somebody looks at the page where they can be chosen."""
        if contact_id is None or contact_id == self._people_of or "person_id" not in self.form.names:
            return
        self._people_of = contact_id
        person = self.document.editor("person_id")
        assert isinstance(person, PersonEditor)

        def read(work: Any) -> list[tuple[int, str]]:
            return [(one["contact_id"], one["name"]) for one in contacts.get(work, contact_id)["people"]]

        self.desk.tasks.read(self, read, person.offer, lambda _error: None, coalesce="people")

    def _products_changed(self, changes: Changes) -> None:
        if changes.touches("product") and self.desk.actor.may(Permission.PRODUCT_READ):
            grid = self.document.lines.grid

            def take(known: KnownProducts) -> None:
                grid.products = known

            self.desk.tasks.read(
                self, lambda work: KnownProducts(products.catalogue(work)), take, lambda _error: None, coalesce="goods"
            )
